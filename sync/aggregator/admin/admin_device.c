/*
 * admin_device.c - `enrol`, `revoke`, `decide`, `export lists`.
 *
 * What people decide about events is recorded as decisions of its own; no
 * event is ever touched, so that `rebuild` stays a function of both.
 */
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "admin.h"
#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/json.h"
#include "fair/money.h"
#include "fair/text.h"
#include "sync/aggregator/ingest/enrolling.h"
#include "sync/aggregator/ingest/ingest.h"
#include "sync/aggregator/ingest/paging.h"
#include "sync/aggregator/store/branching.h"
#include "sync/aggregator/store/office.h"

/* ---- enrol --------------------------------------------------------------- */

static void say_string(struct cli *cli, const struct enrol_offer *offer,
                       const struct buf *word)
{
    struct json j;

    if (cli->format != FORMAT_JSON) {
        buf_str(&cli->out, buf_slice(word));
        buf_putc(&cli->out, '\n');
        return;
    }
    json_begin(&j, &cli->out);
    json_object(&j, NULL);
    json_str(&j, "fair", offer->fair);
    json_str(&j, "booth", offer->booth);
    json_str(&j, "enrolment", buf_slice(word));
    json_end_object(&j);
    json_finish(&j);
}

struct offering {
    const struct enrol_offer *offer;
    struct keys keys;
    struct buf *word;
};

static enum err offer_now(struct store *s, void *ctx)
{
    struct offering *o = ctx;

    buf_clear(o->word);
    return enrol_offer(s, &o->keys, o->offer, env_wall_ms(), o->word);
}

static enum err make_offer(struct cli *cli, const struct enrol_offer *offer,
                           struct buf *word)
{
    struct offering o = { .offer = offer, .word = word };
    OFFICE(office);
    enum err e = office_open(cli, &office);

    if (e != ERR_OK)
        return e;
    e = keys_load(cli->data, &o.keys);
    if (e != ERR_OK)
        return cli_fail(cli, e, "%s", cli->data);
    e = store_do(office.store, offer_now, &o);
    keys_done(&o.keys);
    if (e == ERR_NOT_FOUND)
        return cli_fail(cli, e, _("fair %s has no booth %s"),
                        cli_option(cli, "fair"), cli_option(cli, "booth"));
    return e == ERR_OK ? e : cli_fail(cli, e, "%s", store_errmsg(office.store));
}

enum err admin_enrol(struct cli *cli)
{
    const char *name = cli_option(cli, "device-name");
    struct enrol_offer offer = { .fair = str_of(cli_option(cli, "fair")),
                                 .booth = str_of(cli_option(cli, "booth")) };
    BUF(device_name, MAX_TEXT);
    BUF(word, MAX_TEXT);
    struct address address;
    enum err e = address_of(cli, &address);

    if (e == ERR_OK && name != NULL &&
        text_clean(&device_name, str_of(name), MAX_NAME_COLUMNS) != ERR_OK)
        e = cli_fail(cli, ERR_INVALID, "--device-name");
    if (e != ERR_OK)
        return e;
    offer.host = address.host;
    offer.port = address.port;
    offer.device_name = buf_slice(&device_name);
    e = make_offer(cli, &offer, &word);
    if (e != ERR_OK)
        return e;
    say_string(cli, &offer, &word);
    if (address_is_own(&address))
        buf_printf(&cli->note,
                   _("only this machine reaches %.*s: for tills on others make "
                     "the string with --url https://ADDRESS:PORT"),
                   (int)address.host.len, address.host.data);
    return ERR_OK;
}

/* ---- decisions ----------------------------------------------------------- */

static void say_decided(struct cli *cli, const struct decision *d)
{
    struct json j;

    if (cli->format != FORMAT_JSON) {
        buf_printf(&cli->out, _("device %s: recorded: %s\n"), cli->args[0],
                   d->what);
        return;
    }
    json_begin(&j, &cli->out);
    json_object(&j, NULL);
    json_text(&j, "device", cli->args[0]);
    json_text(&j, "decision", d->what);
    json_int(&j, "first", d->first);
    json_int(&j, "last", d->last);
    json_end_object(&j);
    json_finish(&j);
}

static bool is_about_branch(const struct decision *d)
{
    return strcmp(d->what, "count-branch") == 0 ||
           strcmp(d->what, "drop-branch") == 0;
}

/* A fork is one until somebody has decided about every branch. */
static enum err decide_branch(struct cli *cli, struct store *s,
                              const struct device *device,
                              const struct decision *d)
{
    struct str id = str_of(device->device);
    bool there = false, decided = false;
    enum err e = branch_there(s, id, d->first, &there);

    if (e == ERR_OK && !there)
        return cli_fail(cli, ERR_NOT_FOUND, _("%s has no branch %s"),
                        cli->args[0], cli->args[2]);
    if (e == ERR_OK)
        e = store_decide(s, id, d);
    if (e == ERR_OK)
        e = branch_all_decided(s, id, &decided);
    if (e == ERR_OK && decided && device->state == DEVICE_FORK)
        e = store_set_state(s, id, DEVICE_ACTIVE);
    return e;
}

/* Records a decision. */
static enum err decide(struct cli *cli, struct store *s, struct decision *d)
{
    struct str id = str_of(cli->args[0]);
    struct device device;
    enum err e = store_device_locked(s, id, &device);

    if (e == ERR_NOT_FOUND)
        return cli_fail(cli, e, _("there is no device %s"), cli->args[0]);
    if (e == ERR_OK && is_about_branch(d))
        return decide_branch(cli, s, &device, d);
    if (e == ERR_OK && strcmp(d->what, "revoke") == 0) {
        d->first = device.count + 1;
        e = store_set_state(s, id, DEVICE_REVOKED);
    }
    return e == ERR_OK ? store_decide(s, id, d) : e;
}

struct deciding {
    struct cli *cli;
    struct decision *decision;
};

static enum err decide_now(struct store *s, void *ctx)
{
    const struct deciding *d = ctx;

    return decide(d->cli, s, d->decision);
}

static enum err record(struct cli *cli, struct decision *d)
{
    struct deciding deciding = { cli, d };
    OFFICE(office);
    enum err e = office_open(cli, &office);

    if (e != ERR_OK)
        return e;
    e = store_do(office.store, decide_now, &deciding);
    if (e == ERR_OK)
        say_decided(cli, d);
    else if (cli->detail.len == 0)
        e = cli_fail(cli, e, "%s", store_errmsg(office.store));
    return e;
}

static enum err take_reason(struct cli *cli, struct buf *out)
{
    const char *reason = cli_option(cli, "reason");

    if (reason == NULL ||
        text_clean(out, str_of(reason), MAX_NOTE_COLUMNS) == ERR_OK)
        return ERR_OK;
    return cli_fail(cli, ERR_INVALID, "--reason");
}

enum err admin_revoke(struct cli *cli)
{
    struct decision d = { .at_ms = env_wall_ms(),
                          .what = "revoke",
                          .last = INT64_MAX };
    BUF(reason, MAX_TEXT);
    enum err e = take_reason(cli, &reason);

    if (e != ERR_OK)
        return e;
    d.reason = buf_slice(&reason);
    return record(cli, &d);
}

/* FIRST [LAST]: without LAST that one; of a branch its number. */
static enum err take_range(struct cli *cli, struct decision *d)
{
    if (money_parse(str_of(cli->args[2]), &d->first) != ERR_OK || d->first < 1)
        return cli_fail(cli, ERR_INVALID, "%s", cli->args[2]);
    d->last = d->first;
    if (cli->n_args > 3 &&
        (money_parse(str_of(cli->args[3]), &d->last) != ERR_OK ||
         d->last < d->first))
        return cli_fail(cli, ERR_INVALID, "%s", cli->args[3]);
    return ERR_OK;
}

static enum err take_what(struct cli *cli, struct decision *d)
{
    static const char *const words[] = { "hold", "release", "count-branch",
                                         "drop-branch", "day" };
    const char *day = cli_option(cli, "day");

    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (strcmp(cli->args[1], words[i]) == 0)
            d->what = words[i];
    }
    if (d->what == NULL)
        return cli_fail(cli, ERR_INVALID, _("%s is no decision"), cli->args[1]);
    if ((day != NULL) != (strcmp(d->what, "day") == 0) ||
        (day != NULL && day_parse(str_of(day), &d->day) != ERR_OK))
        return cli_fail(cli, ERR_INVALID, _("`day` needs --day DATE"));
    return ERR_OK;
}

enum err admin_decide(struct cli *cli)
{
    struct decision d = { .at_ms = env_wall_ms() };
    BUF(reason, MAX_TEXT);
    enum err e = take_what(cli, &d);

    if (e == ERR_OK)
        e = take_range(cli, &d);
    if (e == ERR_OK)
        e = take_reason(cli, &reason);
    if (e != ERR_OK)
        return e;
    d.reason = buf_slice(&reason);
    return record(cli, &d);
}

/* ---- files for devices --------------------------------------------------- */

struct exporting {
    struct store *store;
    struct keys keys;
    struct str fair;
    struct strmap *seen;
    struct buf out;
    int64_t booths, devices;
};

static enum err export_booth(void *ctx, const struct booth *b)
{
    struct exporting *x = ctx;

    struct paging_file f = { x->store, &x->keys, x->seen, &x->out };

    x->booths++;
    return paging_file_put(&f, x->fair, b->code);
}

static enum err export_ack(void *ctx, const struct device *d)
{
    struct exporting *x = ctx;
    BUF(ack, MAX_REPLY);
    enum err e = ingest_file_ack(x->store, &x->keys, str_of(d->device),
                                 env_wall_ms(), &ack);

    if (e == ERR_OK)
        file_record_put("ack", buf_slice(&ack), &x->out);
    x->devices++;
    return e;
}

static enum err export_all(struct exporting *x)
{
    struct fair f;
    enum err e = store_read_begin(x->store);

    if (e != ERR_OK)
        return e;
    e = fair_get(x->store, x->fair, &f);
    if (e == ERR_OK)
        e = booth_each(x->store, x->fair, export_booth, x);
    if (e == ERR_OK)
        e = store_device_each(x->store, x->fair, export_ack, x);
    store_read_end(x->store);
    return e == ERR_OK && !buf_ok(&x->out) ? ERR_LIMIT : e;
}

static enum err write_export(struct cli *cli, struct exporting *x)
{
    struct json j;
    enum err e = env_file_replace(cli->args[0], buf_slice(&x->out));

    if (e != ERR_OK)
        return cli_fail(cli, e, "%s", cli->args[0]);
    if (cli->format != FORMAT_JSON) {
        buf_printf(&cli->out, _("lists of %lld booths for %lld devices\n"),
                   (long long)x->booths, (long long)x->devices);
        return e;
    }
    json_begin(&j, &cli->out);
    json_object(&j, NULL);
    json_int(&j, "booths", x->booths);
    json_int(&j, "devices", x->devices);
    json_end_object(&j);
    json_finish(&j);
    return e;
}

enum err admin_export_lists(struct cli *cli)
{
    struct exporting x = { .fair = str_of(cli_option(cli, "fair")) };
    enum err e = keys_load(cli->data, &x.keys);

    if (e != ERR_OK)
        return cli_fail(cli, e, "%s", cli->data);
    x.seen = strmap_open();
    buf_init(&x.out, MAX_OUTPUT);
    e = office_read(cli, &x.store);
    if (e == ERR_OK) {
        e = export_all(&x);
        if (e == ERR_NOT_FOUND)
            e = cli_fail(cli, e, _("there is no fair %s"),
                         cli_option(cli, "fair"));
        store_close(x.store);
    }
    if (e == ERR_OK)
        e = write_export(cli, &x);
    else if (cli->detail.len == 0)
        e = cli_fail(cli, e, "%s", cli->data);
    keys_done(&x.keys);
    strmap_close(x.seen);
    buf_done(&x.out);
    return e;
}
