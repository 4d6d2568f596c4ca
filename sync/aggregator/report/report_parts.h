/*
 * report_parts.h - what the reports share (private to report*.c): sums by key,
 * cells, and printing.
 */
#ifndef AGGREGATOR_REPORT_PARTS_H
#define AGGREGATOR_REPORT_PARTS_H

#include "report.h"
#include "report_ground.h"
#include "sync/aggregator/store/fold_rows.h"
#include "table.h"

struct report {
    struct store *store;
    const struct report_query *query;
    const struct report_kind *kind;
    struct scope only;
    struct fairground ground; /* not of a comparison */
    int64_t now_ms;
    struct hold hold;
    struct rows rows;  /* sums by key, for the reports that need them */
    const void *own;   /* the report's own, for page.json and page.text */
    enum err *printed; /* what became of report_print */
    struct buf *why;
};

typedef enum err report_maker(struct report *r, struct buf *out);

/* A report that is one table with something around it. */
struct page {
    const char *array; /* the table's JSON member */
    const struct table *table;
    void (*json)(const struct report *r, struct json *j); /* or NULL */
    /* Notes below the table in text, paragraphs in HTML; or NULL. */
    void (*text)(const struct report *r, struct buf *out);
    const struct chart *chart; /* or NULL */
    const int *order;          /* of the columns in pages (table.h); or NULL */
    struct str members; /* what all but the moment is in JSON, when known */
};
/* A table of as many rows as devices made it have: a page shows the first. */
enum { PAGE_ROWS = 2000 };
struct table *report_table(const struct report *r, const struct column *columns,
                           int n);
/* Prints what was asked for; a workbook may fail, and then report_make does. */
void report_print(const struct report *r, const struct page *page,
                  struct buf *out);
/* In JSON: what follows the fair and the moment. */
void page_members(const struct report *r, const struct page *page,
                  struct json *j);
/* Lines of people's text as <p class="note">; empty ones are left out. */
void notes_html(struct str notes, struct buf *out);

/* Loads r->ground in r->only, makes a report on it and lets it go. */
enum err report_on_ground(struct report *r, report_maker *make,
                          struct buf *out) MUST_USE;
/* "no fair of this code": returns e. */
enum err report_no_fair(struct report *r, enum err e);

/* For roll_taker.hold with the report as ctx. */
enum err report_hold(void *ctx, const struct roll_hold *h);
void hold_json(const struct hold *h, struct json *j, const char *name);
/* "22/11/2026 00:31" */
void moment_render(struct buf *out, int64_t ms);
/* A text of report.rows by number; "" when there is none. */
struct str report_text(const struct report *r, uint32_t number);
/* A row of report.rows with the texts of its key (where a and b are numbers of
 * texts). */
struct summed {
    struct row_key key;
    const int64_t *v;
    struct str a, b;
};
/* All of them in the order of `compare` (as for qsort); the caller frees. */
struct summed *report_summed(const struct report *r,
                             int (*compare)(const void *, const void *));

/* Hour of a slot, 0…47: those before the cut-off follow the evening. */
int hour_of_slot(const struct fairground *g, int slot);

/* Has a table of so many rows as many as were asked for? */
bool report_full(const struct report *r, int shown);

/* Cells of a table. */
struct cell cell_int(int64_t n);
struct cell cell_str(struct str s);
struct cell cell_word(const char *s); /* NULL: null */
struct cell cell_named(const struct word_name *name);
struct cell cell_figure(struct figure f);
extern const struct cell cell_null;
/* Columns of numbers from `first` to before `end` as members. */
void cells_json(struct json *j, const struct column *columns,
                const struct cell *cells, int first, int end);

/* part/whole in hundredths of a per cent, half away from zero; unknown when
 * the whole is not above 0. */
struct figure share_of(int64_t part, int64_t whole);

report_maker report_days, report_compare, report_hours, report_booths,
    report_products, report_visitors, report_supervision, report_devices,
    report_glance, report_latest, report_pace, report_course,
    report_completeness, report_spend, report_league, report_composition,
    report_exhibitors, report_exceptions, report_stamps, report_explain,
    report_bulletin;

#endif
