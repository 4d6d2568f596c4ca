/*
 * admin_compact.c - `compact`: the events of fairs that are over in less space.
 *
 * Over is a fair whose last day has passed its cut-off. That something is on
 * hold does not matter: a person may still decide about packed events, and what
 * a till sends late lies beside them until the next time. Device after device
 * is packed step by step, each durable by itself, so that a serving process
 * takes pushes in between and an interrupted command has lost nothing. What
 * was packed before is looked at again: damage is named, wherever it is.
 *
 * A file is made smaller afterwards, which only who is alone with it can do;
 * while `serve` runs the space is used again for what comes.
 */
#include <stdlib.h>
#include <string.h>

#include "admin.h"
#include "fair/date.h"
#include "fair/env.h"
#include "fair/hashing.h"
#include "fair/i18n.h"
#include "fair/json.h"
#include "sync/aggregator/store/check.h"
#include "sync/aggregator/store/office.h"
#include "sync/aggregator/store/reference.h"

struct due_fair {
    char code[17];
    struct packing sum;
};

struct due_device {
    char device[DEVICE_LEN + 1];
    size_t fair; /* index of its fair */
    struct packing step;
    bool damaged;
};

struct compaction {
    struct cli *cli;
    int64_t now_ms;
    struct due_fair *fairs;
    struct due_device *devices;
    size_t n_fairs, n_devices;
    char seen[17]; /* fair of the device before: was it due? */
    bool due;
    bool named;            /* what to pack: --fair, --all */
    int64_t damaged;       /* devices */
    int64_t before, after; /* bytes of the file; -1: not looked at */
};

/* ---- what is due --------------------------------------------------------- */

static bool is_over(const struct fair *f, int64_t now_ms)
{
    int last = day_add(f->first_day, f->days - 1);

    return fair_day_of_ms(now_ms, f->cut_off_min) > last;
}

/* A fair without calendar is never over. */
static enum err is_due(const struct compaction *c, struct store *s,
                       const char *code, bool *due)
{
    struct fair f;

    *due = cli_has(c->cli, "all");
    if (*due)
        return ERR_OK;
    enum err e = fair_get(s, str_of(code), &f);
    if (e == ERR_OK)
        *due = is_over(&f, c->now_ms);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static void add_fair(struct compaction *c, const char *code)
{
    size_t size = (c->n_fairs + 1) * sizeof(*c->fairs);
    struct due_fair fair = { .code = "" };

    memcpy(fair.code, code, strlen(code));
    c->fairs = x_realloc(c->fairs, size);
    c->fairs[c->n_fairs++] = fair;
}

static void add_device(struct compaction *c, const struct device *d)
{
    size_t size = (c->n_devices + 1) * sizeof(*c->devices);
    struct due_device due = { .fair = c->n_fairs - 1 };

    memcpy(due.device, d->device, sizeof(due.device));
    c->devices = x_realloc(c->devices, size);
    c->devices[c->n_devices++] = due;
}

struct listing {
    struct compaction *c;
    struct store *store;
};

/* Devices come by fair. */
static enum err take_device(void *ctx, const struct device *d)
{
    struct listing *l = ctx;
    struct compaction *c = l->c;
    enum err e = ERR_OK;

    if (strcmp(c->seen, d->fair) != 0) {
        e = is_due(c, l->store, d->fair, &c->due);
        memcpy(c->seen, d->fair, sizeof(c->seen));
        if (e == ERR_OK && c->due)
            add_fair(c, d->fair);
    }
    if (e == ERR_OK && c->due)
        add_device(c, d);
    return e;
}

/* The fair that was named must be there, and over. */
static enum err look_at_fair(struct compaction *c, struct store *s,
                             const char *code)
{
    struct cli *cli = c->cli;
    struct fair f;
    bool due = false;
    enum err e = fair_get(s, str_of(code), &f);

    if (e == ERR_OK)
        e = is_due(c, s, code, &due);
    if (e != ERR_OK)
        return cli_fail(cli, e, "%s", code);
    if (due)
        return ERR_OK;
    cli->text = N_("this fair is not over");
    cli->remedy = N_("wait for its end, or give --all");
    return cli_fail(cli, ERR_INVALID, "%s", code);
}

static enum err list(struct store *s, void *ctx)
{
    struct listing l = { ctx, s };
    const char *fair = cli_option(l.c->cli, "fair");
    enum err e = fair ? look_at_fair(l.c, s, fair) : ERR_OK;

    return e == ERR_OK ? store_device_each(s, str_of(fair), take_device, &l)
                       : e;
}

/* ---- packing ------------------------------------------------------------- */

/* Damage is this device's alone: the others go on. */
static enum err pack_some(struct store *s, void *ctx)
{
    struct due_device *d = ctx;

    d->step = (struct packing){ 0 };
    enum err e = store_pack(s, str_of(d->device), &d->step);
    d->damaged = e == ERR_CORRUPT;
    return d->damaged ? ERR_OK : e;
}

/* What was packed before, too. */
static enum err prove(struct store *s, void *ctx)
{
    struct due_device *d = ctx;
    struct device now;
    enum err e = store_read_begin(s);

    if (e != ERR_OK)
        return e;
    e = store_device(s, str_of(d->device), &now);
    if (e == ERR_OK)
        e = check_chain(s, &now);
    store_read_end(s);
    d->damaged = e == ERR_CORRUPT;
    return d->damaged ? ERR_OK : e;
}

static enum err pack_device(struct compaction *c, struct office *o,
                            struct due_device *d)
{
    struct packing *sum = &c->fairs[d->fair].sum;
    enum err e;

    do {
        e = office_do(o, pack_some, d);
        if (e != ERR_OK)
            return e;
        sum->events += d->step.events;
        sum->bytes_before += d->step.bytes_before;
        sum->bytes_after += d->step.bytes_after;
    } while (d->step.events > 0);
    e = d->damaged ? ERR_OK : office_do(o, prove, d);
    c->damaged += d->damaged;
    return e;
}

static enum err pack_all(struct compaction *c, struct office *o)
{
    enum err e = office_do(o, list, c);

    for (size_t i = 0; e == ERR_OK && i < c->n_devices; i++)
        e = pack_device(c, o, &c->devices[i]);
    if (e != ERR_OK && c->cli->detail.len == 0)
        return cli_fail(c->cli, e, "%s",
                        o->store ? store_errmsg(o->store) : c->cli->data);
    return e;
}

/* Nobody else is here: no thread of ours, and no other program writes. */
static enum err shrink(struct compaction *c, struct office *o)
{
    struct cli *cli = c->cli;
    BUF(why, MAX_TEXT);

    if (o->host || store_shared(o->store))
        return ERR_OK;
    enum err e = store_shrink(o->store, &why, &c->before, &c->after);
    if (e == ERR_FULL) {
        cli->text = N_("packed, but there is no room to make the file smaller");
        cli->remedy = N_("free some space, then run `compact` again; nothing "
                         "is lost");
    }
    if (e != ERR_OK)
        cli_fail(cli, e, "%s",
                 why.len ? buf_text(&why) : store_errmsg(o->store));
    return e;
}

/* ---- saying it ----------------------------------------------------------- */

static void say_json(const struct compaction *c)
{
    struct json j;

    json_begin(&j, &c->cli->out);
    json_object(&j, NULL);
    json_array(&j, "fairs");
    for (size_t i = 0; i < c->n_fairs; i++) {
        const struct due_fair *f = &c->fairs[i];

        json_object(&j, NULL);
        json_text(&j, "fair", f->code);
        json_int(&j, "events", f->sum.events);
        json_int(&j, "bytes_before", f->sum.bytes_before);
        json_int(&j, "bytes_after", f->sum.bytes_after);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_array(&j, "damaged");
    for (size_t i = 0; i < c->n_devices; i++) {
        if (c->devices[i].damaged)
            json_text(&j, NULL, c->devices[i].device);
    }
    json_end_array(&j);
    if (c->before < 0) {
        json_null(&j, "file_bytes_before");
        json_null(&j, "file_bytes_after");
    } else {
        json_int(&j, "file_bytes_before", c->before);
        json_int(&j, "file_bytes_after", c->after);
    }
    json_end_object(&j);
    json_finish(&j);
}

static void say_text(const struct compaction *c, const struct office *o)
{
    struct buf *out = &c->cli->out;

    for (size_t i = 0; i < c->n_fairs; i++) {
        const struct due_fair *f = &c->fairs[i];

        buf_printf(out,
                   _("%s: %lld events packed, %lld bytes before, %lld "
                     "after\n"),
                   f->code, (long long)f->sum.events,
                   (long long)f->sum.bytes_before,
                   (long long)f->sum.bytes_after);
    }
    if (c->n_fairs == 0)
        buf_puts(out, c->named ? _("there are no events: nothing to pack\n")
                               : _("no fair is over: nothing to pack\n"));
    if (c->before >= 0)
        buf_printf(out, _("file: %lld bytes before, %lld after\n"),
                   (long long)c->before, (long long)c->after);
    else if (o->host && !engine_is_address(o->host->where))
        buf_puts(out, _("while `serve` runs the space is used again for what "
                        "comes;\nto make the file smaller stop it, and run "
                        "`compact` again\n"));
}

/* Names every damaged device. */
static enum err say_damage(struct compaction *c)
{
    BUF(names, MAX_TEXT);

    for (size_t i = 0; i < c->n_devices; i++) {
        if (c->devices[i].damaged)
            buf_printf(&names, "%s%s", names.len ? ", " : "",
                       c->devices[i].device);
    }
    return admin_damaged(c->cli, buf_text(&names));
}

enum err admin_compact(struct cli *cli)
{
    struct compaction c = { .cli = cli,
                            .now_ms = env_wall_ms(),
                            .named =
                                cli_has(cli, "fair") || cli_has(cli, "all"),
                            .before = -1,
                            .after = -1 };
    OFFICE(office);
    enum err e = office_open(cli, &office);

    if (e == ERR_OK && !office.host)
        (void)hashing_begin(); /* without it we are slower */
    if (e == ERR_OK)
        e = pack_all(&c, &office);
    if (e == ERR_OK) {
        e = shrink(&c, &office);
        if (cli->format == FORMAT_JSON)
            say_json(&c);
        else
            say_text(&c, &office);
        cli->out_on_failure = true;
        if (e == ERR_OK && c.damaged > 0)
            e = say_damage(&c);
    }
    free(c.fairs);
    free(c.devices);
    return e;
}
