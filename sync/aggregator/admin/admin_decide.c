/*
 * admin_decide.c - `revoke` and `decide`.
 *
 * What people decide about events is recorded as decisions of its own; no
 * event is ever touched, so that `rebuild` stays a function of both. `decide`
 * takes only events that are stored: what a revoked till sends later is looked
 * at when it is there, and nobody releases it unseen.
 */
#include <stdlib.h>
#include <string.h>

#include "admin.h"
#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/json.h"
#include "fair/money.h"
#include "fair/text.h"
#include "sync/aggregator/store/branching.h"
#include "sync/aggregator/store/office.h"
#include "sync/aggregator/store/reference.h"

/* ---- decisions ----------------------------------------------------------- */

/* What a decision changes: `events` of them, and by how much net revenue. */
struct effect {
    int64_t events, amount_vnd;
    bool counts; /* now; or is left out */
};

struct deciding {
    struct cli *cli;
    struct decision *decision;
    struct effect changed;
    bool unknown; /* the device has not come yet */
};

static bool is_revocation(const struct decision *d)
{
    return strcmp(d->what, "revoke") == 0;
}

static void say_effect(struct buf *out, const struct decision *d,
                       const struct effect *changed)
{
    BUF(vnd, MAX_TEXT);
    BUF(day, MAX_TEXT);
    long long events = (long long)changed->events;

    money_render(&vnd, changed->amount_vnd);
    if (events == 0)
        buf_puts(out, _("no total changes by it\n"));
    else if (d->day != 0) {
        day_render_people(&day, d->day);
        buf_printf(out, _("events that count for %s now: %lld (%s đ)\n"),
                   buf_text(&day), events, buf_text(&vnd));
    } else
        buf_printf(out,
                   changed->counts
                       ? _("events that count now: %lld (%s đ)\n")
                       : _("events that are left out now: %lld (%s đ)\n"),
                   events, buf_text(&vnd));
}

/* A revocation concerns what has not come yet: it changes no total. */
static void say_decided(struct cli *cli, const struct deciding *about)
{
    const struct decision *d = about->decision;
    bool changes = !is_revocation(d);
    struct json j;

    if (cli->format != FORMAT_JSON) {
        buf_printf(&cli->out, _("device %s: recorded: %s\n"), cli->args[0],
                   d->what);
        if (changes)
            say_effect(&cli->out, d, &about->changed);
        if (about->unknown)
            buf_puts(&cli->out, _("this device is not known yet: nothing "
                                  "counts that it sends when it comes\n"));
        return;
    }
    json_begin(&j, &cli->out);
    json_object(&j, NULL);
    json_text(&j, "device", cli->args[0]);
    json_text(&j, "decision", d->what);
    json_int(&j, "first", d->first);
    json_int(&j, "last", d->last);
    json_bool(&j, "known", !about->unknown);
    if (changes) {
        json_int(&j, "events", about->changed.events);
        json_int(&j, "amount_vnd", about->changed.amount_vnd);
    }
    json_end_object(&j);
    json_finish(&j);
}

/* ---- what a decision changes --------------------------------------------- */

struct counted { /* of a device's events as they count */
    int day;     /* looked at */
    int64_t held, held_vnd, day_vnd;
};

static enum err add_hold(void *ctx, const struct roll_hold *r)
{
    struct counted *sums = ctx;

    sums->held += r->events;
    sums->held_vnd += r->amount_vnd;
    return ERR_OK;
}

static enum err add_day(void *ctx, const struct roll_day *r)
{
    struct counted *sums = ctx;

    if (r->day == sums->day)
        sums->day_vnd += r->revenue_vnd - r->refunds_vnd;
    return ERR_OK;
}

static enum err add_up(const struct fold *f, struct counted *sums)
{
    struct roll_taker taker = { .ctx = sums, .day = add_day, .hold = add_hold };

    return fold_each_any(f, &taker);
}

/* From the first one on: voids follow their sales, which are before them. */
static enum err sums_of(struct store *s, const struct device *device,
                        const struct decision *d, struct counted *out)
{
    struct counted sums = { .day = d->day };
    struct fold *f = fold_open();
    enum err e =
        store_fold_range(s, str_of(device->device), d->first, device->count, f);

    if (e == ERR_OK)
        e = add_up(f, &sums);
    fold_close(f);
    if (e == ERR_OK)
        *out = sums;
    return e;
}

struct looking { /* at the branches of a run */
    const struct branch_run *run;
    size_t seen; /* of them; they come in its order */
    struct str device;
    struct fold *fold;
};

static enum err look_at_branch(void *ctx, const struct branch *b)
{
    static const struct fold_rule aside = { 1, INT64_MAX, true, 0 };
    struct looking *l = ctx;
    struct str bytes = b->seg.bytes, line;

    if (l->seen == l->run->n || b->id != l->run->ids[l->seen])
        return ERR_OK;
    l->seen++;
    while (lines_next(&bytes, &line))
        fold_event(l->fold, l->device, line, &aside, 1);
    return ERR_OK;
}

static enum err run_sums(struct store *s, struct str device,
                         const struct branch_run *run, struct counted *out)
{
    struct counted sums = { 0 };
    struct looking l = { .run = run, .device = device, .fold = fold_open() };
    enum err e = store_branch_each(s, device, look_at_branch, &l);

    if (e == ERR_OK)
        e = add_up(l.fold, &sums);
    fold_close(l.fold);
    if (e == ERR_OK)
        *out = sums;
    return e;
}

/* ---- recording it -------------------------------------------------------- */

static bool is_about_branch(const struct decision *d)
{
    return strcmp(d->what, "count-branch") == 0 ||
           strcmp(d->what, "drop-branch") == 0;
}

/* The branch, and what goes on behind it: to a person they are one machine's
 * sales, whether nobody has decided yet or this takes back what was decided. */
static enum err decide_run(struct deciding *about, struct store *s,
                           struct str device)
{
    struct decision d = *about->decision;
    bool counts = strcmp(d.what, "count-branch") == 0;
    struct counted sums = { 0 };
    struct branch_run run;
    enum err e = branch_run(s, device, d.first, &run);

    if (e != ERR_OK)
        return e;
    if (run.verdict != (counts ? BRANCH_COUNTED : BRANCH_DROPPED))
        e = run_sums(s, device, &run, &sums);
    for (size_t i = 0; e == ERR_OK && i < run.n; i++) {
        d.first = d.last = run.ids[i];
        e = store_decide(s, device, &d);
    }
    free(run.ids);
    about->changed = (struct effect){ sums.held, sums.held_vnd, counts };
    return e;
}

/* A fork is one until somebody has decided about every branch. */
static enum err decide_branch(struct deciding *about, struct store *s,
                              const struct device *device)
{
    const char *const *args = about->cli->args;
    struct str id = str_of(device->device);
    bool decided = false;
    enum err e = decide_run(about, s, id);

    if (e == ERR_NOT_FOUND)
        return cli_fail(about->cli, e, _("%s has no branch %s"), args[0],
                        args[2]);
    if (e == ERR_OK)
        e = branch_all_decided(s, id, &decided);
    if (e == ERR_OK && decided && device->state == DEVICE_FORK)
        e = store_set_state(s, id, DEVICE_ACTIVE);
    return e;
}

/* Events that have not come cannot be decided about, nor can they go to a day
 * that the fair has not. */
static enum err check_there(struct cli *cli, struct store *s,
                            const struct device *device,
                            const struct decision *d)
{
    struct fair f;

    if (d->last > device->count)
        return cli_fail(cli, ERR_NOT_FOUND,
                        _("%s has sent %lld events: there is no event %lld"),
                        cli->args[0], (long long)device->count,
                        (long long)d->last);
    if (d->day == 0)
        return ERR_OK;
    enum err e = fair_get(s, str_of(device->fair), &f);
    if (e == ERR_NOT_FOUND)
        return cli_fail(cli, e, _("there is no fair %s"), device->fair);
    if (e == ERR_OK && fair_day_number(&f, d->day) == 0)
        return cli_fail(cli, ERR_INVALID,
                        _("--day %s: this is no day of fair %s"),
                        cli_option(cli, "day"), device->fair);
    return e;
}

static struct effect difference(const struct decision *d,
                                const struct counted *before,
                                const struct counted *after)
{
    bool counts = after->held <= before->held;
    int sign = counts ? 1 : -1;

    if (d->day != 0)
        return (struct effect){ d->last - d->first + 1,
                                after->day_vnd - before->day_vnd, true };
    return (struct effect){ sign * (before->held - after->held),
                            sign * (before->held_vnd - after->held_vnd),
                            counts };
}

static enum err decide_events(struct deciding *about, struct store *s,
                              const struct device *device)
{
    const struct decision *d = about->decision;
    struct counted before, after;
    enum err e = check_there(about->cli, s, device, d);

    if (e == ERR_OK)
        e = sums_of(s, device, d, &before);
    if (e == ERR_OK)
        e = store_decide(s, str_of(device->device), d);
    if (e == ERR_OK)
        e = sums_of(s, device, d, &after);
    if (e == ERR_OK)
        about->changed = difference(d, &before, &after);
    return e;
}

static enum err revoke(struct deciding *about, struct store *s,
                       const struct device *device)
{
    struct decision *d = about->decision;
    struct str id = str_of(device->device);
    enum err e = store_set_state(s, id, DEVICE_REVOKED);

    d->first = device->count + 1;
    return e == ERR_OK ? store_decide(s, id, d) : e;
}

/* Names are made from keys: whoever comes with this one is the one meant. */
static enum err revoke_unknown(struct deciding *about, struct store *s)
{
    struct decision *d = about->decision;

    d->first = 1;
    about->unknown = true;
    return store_decide_ahead(s, str_of(about->cli->args[0]), d);
}

static bool is_ahead(const struct deciding *about)
{
    return is_revocation(about->decision) && cli_has(about->cli, "unknown");
}

static enum err no_device(struct deciding *about, struct store *s)
{
    struct cli *cli = about->cli;

    if (is_ahead(about))
        return revoke_unknown(about, s);
    return cli_fail(cli, ERR_NOT_FOUND, _("there is no device %s"),
                    cli->args[0]);
}

static enum err decide_now(struct store *s, void *ctx)
{
    struct deciding *about = ctx;
    const struct decision *d = about->decision;
    struct str id = str_of(about->cli->args[0]);
    struct device device;
    enum err e = is_ahead(about) ? store_admission_lock(s) : ERR_OK;

    if (e == ERR_OK)
        e = store_device_locked(s, id, &device);
    about->unknown = false;
    if (e == ERR_NOT_FOUND)
        return no_device(about, s);
    if (e != ERR_OK)
        return e;
    return is_revocation(d)     ? revoke(about, s, &device)
           : is_about_branch(d) ? decide_branch(about, s, &device)
                                : decide_events(about, s, &device);
}

static enum err record(struct cli *cli, struct decision *d)
{
    struct deciding about = { .cli = cli, .decision = d };
    OFFICE(office);
    enum err e = office_open(cli, &office);

    if (e != ERR_OK)
        return e;
    e = store_do(office.store, decide_now, &about);
    if (e == ERR_OK)
        say_decided(cli, &about);
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

/* A device not known yet must at least have a name that one can have. */
static enum err check_unknown(struct cli *cli)
{
    uint8_t id[DEVICE_LEN * 5 / 8];
    struct str name = str_of(cli->args[0]);

    if (!cli_has(cli, "unknown") ||
        (name.len == DEVICE_LEN && base32_bytes(name, id, sizeof(id))))
        return ERR_OK;
    return cli_fail(cli, ERR_INVALID, _("%s is no device's name"),
                    cli->args[0]);
}

enum err admin_revoke(struct cli *cli)
{
    struct decision d = { .at_ms = env_wall_ms(),
                          .what = "revoke",
                          .last = INT64_MAX };
    BUF(reason, MAX_TEXT);
    enum err e = check_unknown(cli);

    if (e == ERR_OK)
        e = take_reason(cli, &reason);
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
