/*
 * report_devices.c - every device of a fair and when it was heard last.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/i18n.h"

#include "report_parts.h"

enum { COLUMNS = 8 };

static const char *const state_texts[] = {
    [DEVICE_ACTIVE] = N_("active"),
    [DEVICE_FORK] = N_("forked"),
    [DEVICE_REVOKED] = N_("revoked"),
};

static const struct column columns[COLUMNS] = {
    { "device", N_("Device"), COL_TEXT },
    { "booth", N_("Booth"), COL_TEXT },
    { "events", N_("Events"), COL_INT },
    { "last_seen", N_("Last seen"), COL_TIME },
    { "unsent", N_("Unsent"), COL_INT },
    { "clock_offset_ms", N_("Clock, ms"), COL_INT },
    { "state", N_("State"), COL_TEXT },
    { "resent", N_("Repeats"), COL_INT },
};

static int by_booth(const void *left, const void *right)
{
    const struct post *a = left, *b = right;
    int booths = strcmp(a->d.booth, b->d.booth);

    if (booths != 0)
        return booths;
    return (a->d.number > b->d.number) - (a->d.number < b->d.number);
}

static void put_row(struct table *table, const struct device *d)
{
    const struct word_name state = { device_state_word(d->state),
                                     state_texts[d->state] };
    const struct cell cells[COLUMNS] = {
        cell_word(d->device), cell_word(d->booth),
        cell_int(d->count),   d->seen_ms > 0 ? cell_int(d->seen_ms) : cell_null,
        cell_int(d->unsent),  cell_int(d->offset_ms),
        cell_named(&state),   cell_int(d->resent),
    };

    table_row(table, cells);
}

/* By booth; the ground has them by device. */
static void put_rows(const struct fairground *g, struct table *table)
{
    size_t n = (size_t)g->n_devices;
    struct post *sorted = x_alloc((n + 1) * sizeof(*sorted));

    for (size_t i = 0; i < n; i++)
        sorted[i] = g->devices[i];
    qsort(sorted, n, sizeof(*sorted), by_booth);
    for (size_t i = 0; i < n; i++) {
        if (ground_wants(g, &g->booths[sorted[i].booth]))
            put_row(table, &sorted[i].d);
    }
    free(sorted);
}

enum err report_devices(struct report *r, struct buf *out)
{
    struct roll_taker taker = { .ctx = r, .hold = report_hold };
    enum err e = store_rolls(r->store, str_of(r->ground.fair.code), &taker);

    if (e != ERR_OK)
        return e;
    struct table *table = table_open(columns, COLUMNS);
    struct page page = { .array = "devices", .table = table };

    put_rows(&r->ground, table);
    report_print(r, &page, out);
    table_close(table);
    return ERR_OK;
}
