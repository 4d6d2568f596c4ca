/*
 * admin_check.c - `verify` and `rebuild`.
 */
#include <stdlib.h>

#include "admin.h"
#include "fair/hashing.h"
#include "fair/i18n.h"
#include "fair/json.h"
#include "sync/aggregator/ingest/keys.h"
#include "sync/aggregator/store/check.h"
#include "sync/aggregator/store/office.h"

/* ---- verify -------------------------------------------------------------- */

struct verifying {
    struct cli *cli;
    struct json json;
};

static enum err say_device_json(void *ctx, const struct device_check *d)
{
    struct verifying *v = ctx;
    struct json *j = &v->json;

    json_object(j, NULL);
    json_text(j, "device", d->device->device);
    json_text(j, "booth", d->device->booth);
    json_int(j, "events", d->device->count);
    json_bool(j, "ok", d->ok);
    if (d->ok)
        json_null(j, "first_bad");
    else
        json_int(j, "first_bad", d->first_bad);
    json_text(j, "error", d->ok ? NULL : err_code(d->error));
    json_bool(j, "as_sent", d->as_sent);
    json_end_object(j);
    return ERR_OK;
}

/* People only want to know of what is wrong. */
static enum err say_device_text(void *ctx, const struct device_check *d)
{
    struct verifying *v = ctx;

    if (!d->ok)
        buf_printf(&v->cli->out,
                   d->as_sent && d->device->state == DEVICE_REVOKED
                       ? _("%s (booth %s): event %lld: %s; it is revoked\n")
                       : _("%s (booth %s): event %lld: %s\n"),
                   d->device->device, d->device->booth, (long long)d->first_bad,
                   _(err_text(d->error)));
    return ERR_OK;
}

static enum err verify_json(struct cli *cli, struct store *s,
                            const struct keys *keys, struct check *c)
{
    struct verifying v = { .cli = cli };

    json_begin(&v.json, &cli->out);
    json_object(&v.json, NULL);
    json_array(&v.json, "devices");
    enum err e =
        check_verify(s, keys->signing.public_key, say_device_json, &v, c);
    json_end_array(&v.json);
    json_int(&v.json, "events", c->events);
    json_bool(&v.json, "rollups_ok", c->rollups_ok);
    json_bool(&v.json, "file_ok", c->file_ok);
    json_bool(&v.json, "ok", c->ok);
    json_end_object(&v.json);
    json_finish(&v.json);
    return e;
}

static enum err verify_text(struct cli *cli, struct store *s,
                            const struct keys *keys, struct check *c)
{
    struct verifying v = { .cli = cli };
    enum err e =
        check_verify(s, keys->signing.public_key, say_device_text, &v, c);

    buf_printf(&cli->out, _("%lld devices, %lld events: %s\n"),
               (long long)c->devices, (long long)c->events,
               c->devices_ok && c->put_up_with > 0
                   ? _("every chain is sound, but of revoked devices")
               : c->devices_ok ? _("every chain is sound")
               : c->as_sent ? _("kept as they were sent; NOT ALL ARE IN ORDER")
                            : _("DAMAGED"));
    buf_printf(&cli->out, _("sums: %s\n"),
               c->rollups_ok ? _("equal to the events") : _("WRONG"));
    if (!c->file_ok)
        buf_puts(&cli->out, _("the database file is DAMAGED\n"));
    return e;
}

/* What a till has signed is no damage here, and nothing here could mend it. */
static enum err verdict(struct cli *cli, const struct check *c)
{
    if (c->ok)
        return ERR_OK;
    if (c->as_sent && c->rollups_ok && c->file_ok) {
        cli->text = N_("a till has signed what no till of ours writes");
        cli->remedy = N_("nothing here is damaged, a backup says the same: "
                         "have the till looked at that is named, and revoke it "
                         "(`revoke`) if it is not one of yours");
    }
    return ERR_CORRUPT;
}

enum err admin_verify(struct cli *cli)
{
    struct check c = { 0 };
    struct store *store = NULL;
    struct keys keys;
    enum err e = keys_load(cli->data, &keys);

    if (e != ERR_OK)
        return cli_fail(cli, e, "%s", cli->data);
    (void)hashing_begin(); /* without it we are slower */
    e = office_read(cli, &store);
    if (e == ERR_OK) {
        e = cli->format == FORMAT_JSON ? verify_json(cli, store, &keys, &c)
                                       : verify_text(cli, store, &keys, &c);
        store_close(store);
    }
    keys_done(&keys);
    if (e != ERR_OK) {
        buf_clear(&cli->out);
        return cli->detail.len > 0 ? e : cli_fail(cli, e, "%s", cli->data);
    }
    cli->out_on_failure = true;
    return verdict(cli, &c);
}

/* ---- rebuild ------------------------------------------------------------- */

enum err admin_damaged(struct cli *cli, const char *names)
{
    cli->remedy = N_("import the file that `fair-sync export` makes of it "
                     "(`import ledger`), or restore a backup");
    return cli_fail(cli, ERR_CORRUPT, "%s", names);
}

struct rebuilding {
    struct cli *cli;
    struct device *damaged;
    size_t n;
};

static enum err keep_damaged(void *ctx, const struct device *d)
{
    struct rebuilding *r = ctx;

    r->damaged = x_realloc(r->damaged, (r->n + 1) * sizeof(*r->damaged));
    r->damaged[r->n++] = *d;
    return ERR_OK;
}

static void say_rebuilt_json(const struct rebuilding *r, int64_t events)
{
    struct json j;

    json_begin(&j, &r->cli->out);
    json_object(&j, NULL);
    json_int(&j, "events", events);
    json_array(&j, "damaged");
    for (size_t i = 0; i < r->n; i++)
        json_text(&j, NULL, r->damaged[i].device);
    json_end_array(&j);
    json_end_object(&j);
    json_finish(&j);
}

static void say_rebuilt(const struct rebuilding *r, int64_t events)
{
    struct buf *out = &r->cli->out;

    if (r->cli->format == FORMAT_JSON) {
        say_rebuilt_json(r, events);
        return;
    }
    buf_printf(out, "%s: %lld\n", _("events added up anew"), (long long)events);
    for (size_t i = 0; i < r->n; i++)
        buf_printf(out,
                   _("%s (booth %s): its events are damaged; its sums stay as "
                     "they were\n"),
                   r->damaged[i].device, r->damaged[i].booth);
}

static enum err refuse_damaged(const struct rebuilding *r)
{
    BUF(names, MAX_TEXT);

    for (size_t i = 0; i < r->n; i++)
        buf_printf(&names, "%s%s", i > 0 ? ", " : "", r->damaged[i].device);
    return admin_damaged(r->cli, buf_text(&names));
}

enum err admin_rebuild(struct cli *cli)
{
    struct rebuilding r = { .cli = cli };
    struct rebuilt rebuilt;
    OFFICE(office);
    enum err e = office_open(cli, &office);

    if (e != ERR_OK)
        return e;
    if (!office.host)
        (void)hashing_begin(); /* without it we are slower */
    e = check_rebuild(office.store, keep_damaged, &r, &rebuilt);
    if (e == ERR_OK) {
        say_rebuilt(&r, rebuilt.events);
        cli->out_on_failure = true;
    } else if (r.n == 0) {
        cli_fail(cli, e, "%s", store_errmsg(office.store));
    }
    if (r.n > 0)
        e = refuse_damaged(&r);
    free(r.damaged);
    return e;
}
