/*
 * report_devices.c - every device of a fair: when it was heard last, what it
 * holds, and whether somebody should go and look.
 *
 * Those that need it stand first: forked ones, silent ones, ones that sell
 * from old lists; then the others, those that were revoked last. A device is
 * silent when it was not heard for half an hour of the fair's opening hours;
 * what it says about itself (unsent, clock, disk, program, lists) is from when
 * it was heard last. Should it be lost, nothing up to its last event is: its
 * number, its time by the device's clock, and the device's own running total
 * are told as they stand in that event.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/i18n.h"
#include "fair/wire.h"

#include "report_other.h"
#include "report_parts.h"
#include "sync/aggregator/store/listing.h"

enum { COLUMNS = 18, COLUMNS_TEXT = 8 };

static const char *const state_texts[] = {
    [DEVICE_ACTIVE] = N_("active"),
    [DEVICE_FORK] = N_("forked"),
    [DEVICE_REVOKED] = N_("revoked"),
};

enum {
    DEVICE,
    BOOTH,
    EVENTS,
    LAST_SEEN,
    UNSENT,
    CLOCK,
    STATE,
    REPEATS,
    SILENT,
    MINUTES,
    NUMBER,
    NAME,
    PROGRAM,
    LISTS,
    NEWEST_LISTS,
    FREE_MB,
    LAST_EVENT,
    KNOWN_TOTAL
};

static const struct column columns[COLUMNS] = {
    [DEVICE] = { "device", N_("Device"), COL_TEXT },
    [BOOTH] = { "booth", N_("Booth"), COL_TEXT },
    [EVENTS] = { "events", N_("Events"), COL_INT },
    [LAST_SEEN] = { "last_seen", N_("Last seen"), COL_TIME },
    [UNSENT] = { "unsent", N_("Unsent"), COL_INT },
    [CLOCK] = { "clock_offset_ms", N_("Clock, ms"), COL_INT },
    [STATE] = { "state", N_("State"), COL_TEXT },
    [REPEATS] = { "resent", N_("Repeats"), COL_INT },
    [SILENT] = { "silent", N_("Silent"), COL_BOOL },
    [MINUTES] = { "minutes_silent", N_("Minutes since"), COL_INT },
    [NUMBER] = { "number", N_("Number"), COL_CODE },
    [NAME] = { "name", N_("Name"), COL_NAME },
    [PROGRAM] = { "program", N_("Program"), COL_TEXT },
    [LISTS] = { "list", N_("Lists"), COL_CODE },
    [NEWEST_LISTS] = { "list_current", N_("Newest lists"), COL_BOOL },
    [FREE_MB] = { "disk_mb", N_("Free MB"), COL_INT },
    [LAST_EVENT] = { "last_event", N_("Last event"), COL_TIME },
    [KNOWN_TOTAL] = { "known_vnd", N_("Known total"), COL_MONEY },
};

/* In pages: first what says whether somebody has to go, and where. */
static const int order[COLUMNS] = {
    BOOTH,        STATE,      UNSENT,      LAST_SEEN, MINUTES, SILENT,
    DEVICE,       NAME,       NUMBER,      EVENTS,    REPEATS, CLOCK,
    NEWEST_LISTS, LAST_EVENT, KNOWN_TOTAL, LISTS,     PROGRAM, FREE_MB
};

/* What needs somebody, the most urgent first. */
enum need { NEED_FORK, NEED_SILENT, NEED_LISTS, NEED_NOTHING, NEED_REVOKED };

struct watched {
    const struct device *d;
    bool known; /* its last event can be read */
    int64_t last_ms, known_vnd;
    bool silent, list_current;
    enum need need;
};

struct watch {
    struct watched *all;
    int n;
    int64_t in_use; /* those that were not revoked; of them: */
    int64_t silent, old_lists, waiting; /* devices, devices, events */
};

/* ---- looking ------------------------------------------------------------- */

static enum need need_of(const struct watched *w)
{
    if (w->d->state == DEVICE_REVOKED)
        return NEED_REVOKED;
    if (w->d->state == DEVICE_FORK)
        return NEED_FORK;
    if (w->silent)
        return NEED_SILENT;
    return w->list_current ? NEED_NOTHING : NEED_LISTS;
}

static enum err take_last(void *ctx, const struct segment *seg)
{
    struct watched *w = ctx;
    struct str bytes = seg->bytes, line, last = STR("");
    struct event e;

    while (lines_next(&bytes, &line))
        last = line;
    w->known = event_decode(last, &e) == ERR_OK && e.seq == w->d->count;
    if (w->known) {
        w->last_ms = e.at_ms;
        w->known_vnd = e.sums.gross_vnd - e.sums.voids_vnd;
        sum_add(&w->known_vnd, -e.sums.refunds_vnd);
    }
    return ERR_OK;
}

/* Up to where it is known. What is damaged is for `verify` to tell. */
static enum err look_up(const struct report *r, struct watched *w)
{
    enum err e = ERR_OK;

    if (w->d->count > 0)
        e = store_segments(r->store, str_of(w->d->device), w->d->count,
                           take_last, w);
    return e == ERR_CORRUPT ? ERR_OK : e;
}

static enum err look_at(const struct report *r, const struct device *d,
                        int64_t silent_since, struct watch *out)
{
    struct watched *w = &out->all[out->n];
    int64_t newest = 0;
    enum err e =
        listing_version(r->store, str_of(d->fair), str_of(d->booth), &newest);

    if (e != ERR_OK)
        return e;
    w->d = d;
    w->list_current = d->list == newest;
    w->silent = d->state != DEVICE_REVOKED && d->seen_ms < silent_since;
    w->need = need_of(w);
    e = look_up(r, w);
    if (e != ERR_OK)
        return e;
    out->n++;
    if (d->state == DEVICE_REVOKED)
        return ERR_OK;
    out->in_use++;
    out->silent += w->silent;
    out->old_lists += !w->list_current;
    sum_add(&out->waiting, d->unsent);
    return ERR_OK;
}

static int by_need(const void *left, const void *right)
{
    const struct watched *a = left, *b = right;
    int booths = strcmp(a->d->booth, b->d->booth);

    if (a->need != b->need)
        return (a->need > b->need) - (a->need < b->need);
    if (booths != 0)
        return booths;
    return (a->d->number > b->d->number) - (a->d->number < b->d->number);
}

/* Everybody who is asked for; the ground has them by device. */
static enum err look(const struct report *r, struct watch *w)
{
    const struct fairground *g = &r->ground;
    struct stage stage;
    enum err e = ERR_OK;

    stage_of(&g->fair, r->now_ms, &stage);
    int64_t since =
        stage_silent_since(&g->fair, &stage, r->now_ms, SILENT_MIN_USUAL);
    w->all = x_alloc(((size_t)g->n_devices + 1) * sizeof(*w->all));
    for (int i = 0; i < g->n_devices && e == ERR_OK; i++) {
        const struct post *p = &g->devices[i];

        if (ground_wants(g, &g->booths[p->booth]))
            e = look_at(r, &p->d, since, w);
    }
    if (w->n > 0)
        qsort(w->all, (size_t)w->n, sizeof(*w->all), by_need);
    return e;
}

/* ---- the table ----------------------------------------------------------- */

static void put_row(const struct report *r, struct table *table,
                    const struct watched *w)
{
    const struct device *d = w->d;
    const struct word_name state = { device_state_word(d->state),
                                     w->silent ? N_("silent")
                                               : state_texts[d->state] };
    int64_t since = (r->now_ms - d->seen_ms) / 60000;
    bool heard = d->seen_ms > 0;
    struct cell cells[COLUMNS] = {
        cell_word(d->device),
        cell_word(d->booth),
        cell_int(d->count),
        cell_int(d->seen_ms),
        cell_int(d->unsent),
        cell_int(d->offset_ms),
        cell_named(&state),
        cell_int(d->resent),
        cell_int(w->silent),
        heard ? cell_int(since > 0 ? since : 0) : cell_null,
        cell_int(d->number),
        d->name[0] ? cell_word(d->name) : cell_null,
        d->program[0] ? cell_word(d->program) : cell_null,
        cell_int(d->list),
        cell_int(w->list_current),
        heard ? cell_int(d->disk_mb) : cell_null,
        w->known ? cell_int(w->last_ms) : cell_null,
        w->known ? cell_int(w->known_vnd) : cell_null,
    };

    cells[STATE].alert = w->silent || d->state != DEVICE_ACTIVE;
    table_row(table, cells);
}

/* An aggregator that had lost its devices gives a label again that one of them
 * has, if it lets a new one in before that one comes back. One that is revoked
 * prints no more. */
static bool are_twins(const struct device *a, const struct device *b)
{
    return a->state != DEVICE_REVOKED && b->state != DEVICE_REVOKED &&
           strcmp(a->booth, b->booth) == 0 && strcmp(a->label, b->label) == 0;
}

static void note_twins(const struct watch *w, struct buf *out)
{
    for (int i = 0; i < w->n; i++) {
        const struct device *a = w->all[i].d;
        for (int j = i + 1; j < w->n; j++) {
            const struct device *b = w->all[j].d;
            if (!are_twins(a, b))
                continue;
            buf_printf(out,
                       _("Two devices print the same slip numbers %s-%s-…: %s "
                         "and %s. Enrol one of them anew, as its own "
                         "successor, and revoke it"),
                       a->booth, a->label, a->device, b->device);
            buf_putc(out, '\n');
        }
    }
}

static void notes(const struct report *r, struct buf *out)
{
    const struct watch *w = r->own;

    note_twins(w, out);
    buf_printf(out,
               _("Silent: %lld of %lld devices (not heard for %d minutes of "
                 "the opening hours)"),
               (long long)w->silent, (long long)w->in_use, SILENT_MIN_USUAL);
    buf_putc(out, '\n');
    buf_printf(out, _("Waiting on devices, as they said last: %lld events"),
               (long long)w->waiting);
    buf_putc(out, '\n');
    if (w->old_lists == 0)
        return;
    buf_printf(out, _("Selling from old lists: %lld devices"),
               (long long)w->old_lists);
    buf_putc(out, '\n');
}

static void totals(const struct report *r, struct json *j)
{
    const struct watch *w = r->own;

    json_object(j, "totals");
    json_int(j, "devices", w->n);
    json_int(j, "in_use", w->in_use);
    json_int(j, "silent", w->silent);
    json_int(j, "old_lists", w->old_lists);
    json_int(j, "unsent", w->waiting);
    json_end_object(j);
}

static void print(struct report *r, const struct watch *w, struct buf *out)
{
    struct table *table = report_table(r, columns, COLUMNS);
    const struct page page = {
        .array = "devices",
        .table = table,
        .json = totals,
        .text = notes,
        .order = order,
    };

    table_narrow(table, COLUMNS_TEXT);
    for (int i = 0; i < w->n; i++)
        put_row(r, table, &w->all[i]);
    r->own = w;
    report_print(r, &page, out);
    table_close(table);
}

enum err report_devices(struct report *r, struct buf *out)
{
    struct roll_taker taker = { .ctx = r, .hold = report_hold };
    struct watch w = { 0 };
    enum err e = store_rolls(r->store, str_of(r->ground.fair.code), &taker);

    if (e == ERR_OK)
        e = look(r, &w);
    if (e == ERR_OK)
        print(r, &w, out);
    free(w.all);
    return e;
}
