/*
 * admin_device.c - `enrol` and `export lists`.
 */
#include "address.h"
#include "admin.h"
#include "fair/i18n.h"
#include "fair/json.h"
#include "fair/out_file.h"
#include "fair/text.h"
#include "sync/aggregator/ingest/enrolling.h"
#include "sync/aggregator/ingest/ingest.h"
#include "sync/aggregator/ingest/paging.h"
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
    enum err e = out_file_put(cli->args[0], buf_slice(&x->out));

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
