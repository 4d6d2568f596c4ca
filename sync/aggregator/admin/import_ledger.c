/*
 * import_ledger.c - `import ledger`: the same pushes, carried by hand.
 *
 * Each document of the file is one group, decided by ingest_push exactly as
 * if it had come over the network; importing again changes nothing. But where
 * what is stored of the device is damaged, the file's events take its place if
 * they are those that were acknowledged.
 */
#include <stdlib.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/json.h"
#include "import.h"
#include "sync/aggregator/ingest/ingest.h"
#include "sync/aggregator/store/check.h"
#include "sync/aggregator/store/office.h"

/* What is set aside of a device: how many events, and the last branch. */
struct aside {
    int64_t events, branch;
};

struct carried {
    char device[DEVICE_LEN + 1];
    int64_t documents, events, news;
    bool mended, forked;
    struct aside before, after; /* when it forked: this file */
};

static enum err count_of(struct store *s, struct str device, int64_t *count)
{
    struct device d;
    enum err e = store_device(s, device, &d);

    *count = e == ERR_OK ? d.count : 0;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err add_branch(void *ctx, const struct branch *b)
{
    struct aside *aside = ctx;

    aside->events += b->seg.last - b->seg.first + 1;
    if (aside->branch < b->id)
        aside->branch = b->id;
    return ERR_OK;
}

static enum err aside_of(struct store *s, struct str device, struct aside *out)
{
    *out = (struct aside){ 0, 0 };
    return store_branch_each(s, device, add_branch, out);
}

/* A fork's events are set aside, a revoked device's are held: both are
 * outcomes that stay. */
struct taking {
    const struct keys *keys;
    const struct push *push;
    int64_t before, after;
    struct aside aside_before, aside_after;
    enum err outcome;
};

static enum err push_now(struct store *s, void *ctx)
{
    struct taking *t = ctx;
    struct str device = t->push->header.device;
    enum err e = count_of(s, device, &t->before);

    if (e == ERR_OK)
        e = aside_of(s, device, &t->aside_before);
    if (e != ERR_OK)
        return e;
    t->outcome = ingest_push(s, t->keys, t->push, env_wall_ms(), NULL);
    bool stays = t->outcome == ERR_OK || t->outcome == ERR_FORK ||
                 t->outcome == ERR_REVOKED;
    if (!stays)
        return t->outcome;
    e = count_of(s, device, &t->after);
    return e == ERR_OK ? aside_of(s, device, &t->aside_after) : e;
}

static enum err take_push(struct store *s, const struct keys *keys,
                          const struct push *push, struct carried *c)
{
    struct taking t = { .keys = keys, .push = push };
    enum err e = store_do(s, push_now, &t);

    if (e != ERR_OK)
        return e;
    c->documents++;
    c->events += push->n;
    c->news += t.after - t.before;
    if (t.outcome != ERR_FORK)
        return t.outcome;
    if (!c->forked)
        c->before = t.aside_before;
    c->forked = true;
    c->after = t.aside_after;
    return ERR_OK; /* all is kept */
}

/* The device's events from the first on, as far as the file has them in a row;
 * what is no document any more ends it. */
static void gather(struct str file, struct str device, struct buf *lines)
{
    int64_t next = 1;
    struct push push;

    while (file.len > 0 && push_decode(file, NULL, &push, NULL) == ERR_OK &&
           str_eq(push.header.device, device) && push.header.from <= next) {
        if (push.n > 0 && push.header.from == next) {
            buf_str(lines, push.events);
            next = push.header.to + 1;
        }
        file.data += push.bytes;
        file.len -= push.bytes;
    }
}

/* A file that cannot mend is taken as any other. */
static enum err mend(struct store *s, struct str file, struct carried *c)
{
    struct push push;
    struct device d;
    BUF(lines, MAX_OUTPUT);

    if (push_decode(file, NULL, &push, NULL) != ERR_OK)
        return ERR_OK;
    enum err e = store_device(s, push.header.device, &d);
    if (e == ERR_OK)
        e = check_chain(s, &d);
    if (e != ERR_CORRUPT)
        return e == ERR_NOT_FOUND ? ERR_OK : e;
    gather(file, str_of(d.device), &lines);
    e = store_mend(s, str_of(d.device), buf_slice(&lines));
    c->mended = e == ERR_OK;
    return e == ERR_CHAIN ? ERR_OK : e;
}

static enum err take_file(struct cli *cli, struct store *s,
                          const struct keys *keys, struct str file,
                          struct carried *c)
{
    enum err worst = ERR_OK;

    while (file.len > 0) {
        struct push push;
        int64_t bad = 0;
        enum err e = push_decode(file, NULL, &push, &bad);

        if (e == ERR_FORM && c->documents == 0 && bad == 0)
            return cli_fail(cli, ERR_INVALID,
                            _("%s is cut short or no file of "
                              "`fair-sync export`: copy it again"),
                            cli->args[0]);
        /* What came before stays: a file that was cut short is good so far. */
        if (e != ERR_OK)
            return cli_fail(cli, e,
                            _("%lld events were taken; then document %lld, "
                              "event %lld"),
                            (long long)c->events, (long long)c->documents + 1,
                            (long long)bad);
        for (int i = 0; i <= DEVICE_LEN; i++)
            c->device[i] = i < DEVICE_LEN ? push.header.device.data[i] : '\0';
        e = take_push(s, keys, &push, c);
        if (e == ERR_REVOKED)
            worst = e;
        else if (e != ERR_OK)
            return cli_fail(cli, e, _("device %s, event %lld"), c->device,
                            (long long)push.header.from);
        file.data += push.bytes;
        file.len -= push.bytes;
    }
    return worst == ERR_OK ? worst : cli_fail(cli, worst, "%s", c->device);
}

struct saying {
    const struct carried *carried;
    struct buf *out;
};

static enum err say_branch(void *ctx, const struct branch *b)
{
    const struct saying *s = ctx;
    const char *device = s->carried->device;
    long long id = (long long)b->id;

    if (b->id <= s->carried->before.branch)
        return ERR_OK;
    buf_printf(s->out,
               _("Branch %lld, from number %lld on, waits for a decision:"), id,
               (long long)b->seg.first);
    buf_printf(s->out,
               "\n  fair-aggregator decide %s count-branch %lld"
               "\n  fair-aggregator decide %s drop-branch %lld\n",
               device, id, device, id);
    return ERR_OK;
}

static enum err say_aside(struct store *s, const struct carried *c,
                          struct buf *out)
{
    struct saying saying = { c, out };
    long long aside = (long long)(c->after.events - c->before.events);

    buf_printf(out,
               aside > 0 ? _("device %s: another machine has written under its "
                             "identity; %lld events are set aside\n")
                         : _("device %s: another machine has written under its "
                             "identity; all of it was set aside before\n"),
               c->device, aside);
    return store_branch_each(s, str_of(c->device), say_branch, &saying);
}

static enum err say_people(struct store *s, const struct carried *c,
                           struct buf *out)
{
    buf_printf(out, _("device %s: %lld events read, %lld new\n"), c->device,
               (long long)c->events, (long long)c->news);
    if (c->mended)
        buf_printf(out,
                   _("device %s: what was stored damaged is sound again\n"),
                   c->device);
    return c->forked ? say_aside(s, c, out) : ERR_OK;
}

static enum err say(struct cli *cli, struct store *s, const struct carried *c)
{
    struct json j;

    if (cli->format != FORMAT_JSON)
        return say_people(s, c, &cli->out);
    json_begin(&j, &cli->out);
    json_object(&j, NULL);
    json_text(&j, "device", c->device);
    json_int(&j, "events", c->events);
    json_int(&j, "new", c->news);
    json_bool(&j, "mended", c->mended);
    json_int(&j, "aside", c->after.events - c->before.events);
    json_end_object(&j);
    json_finish(&j);
    return ERR_OK;
}

enum err import_ledger(struct cli *cli)
{
    struct carried c = { 0 };
    struct keys keys;
    OFFICE(office);
    BUF(file, MAX_OUTPUT);

    enum err e = office_read_file(cli, &file);
    if (e != ERR_OK)
        return e;
    if (file.len == 0)
        return cli_fail(cli, ERR_INVALID, _("%s is empty"), cli->args[0]);
    e = office_open(cli, &office);
    if (e != ERR_OK)
        return e;
    e = keys_load(cli->data, &keys);
    if (e != ERR_OK)
        return cli_fail(cli, e, "%s", cli->data);
    e = mend(office.store, buf_slice(&file), &c);
    if (e == ERR_OK)
        e = take_file(cli, office.store, &keys, buf_slice(&file), &c);
    else
        cli_fail(cli, e, "%s", store_errmsg(office.store));
    keys_done(&keys);
    return e == ERR_OK ? say(cli, office.store, &c) : e;
}
