/*
 * report_parts.h - what the reports share (private to report*.c): one fair
 * with its booths and devices, its days added up, and printing.
 */
#ifndef AGGREGATOR_REPORT_PARTS_H
#define AGGREGATOR_REPORT_PARTS_H

#include "fold_rows.h"
#include "reference.h"
#include "report.h"
#include "table.h"

enum origin {
    ORIGIN_IN_PROVINCE,
    ORIGIN_OTHER_PROVINCE,
    ORIGIN_FOREIGN,
    ORIGIN_SERVICE,
    ORIGIN_UNKNOWN, /* the booth is in no booth list */
    ORIGINS
};

/* "in-province"…; NULL for ORIGIN_UNKNOWN. */
const char *origin_word(enum origin origin);
/* ORIGIN_UNKNOWN for any other word. */
enum origin origin_of(struct str word);

/* ---- a fair and who is in it --------------------------------------------- */

struct ground_booth { /* a booth as reports see it */
    char code[7];
    char *name; /* NULL when the booth is in no booth list */
    enum origin origin;
    int64_t stands;
};

struct post { /* a device and where it stands */
    struct device d;
    int booth; /* index into booths */
};

struct fairground {
    struct fair fair;
    char gates[MAX_GATES][7];
    int n_gates;
    enum origin only; /* devices of other origins are left out; ORIGINS: none */
    struct ground_booth *booths; /* by code */
    int n_booths;
    struct post *devices; /* by device id */
    int n_devices;
};

/* ERR_NOT_FOUND when the fair has no calendar. */
enum err ground_load(struct store *s, struct str fair, enum origin only,
                     struct fairground *out) MUST_USE;
void ground_done(struct fairground *g);
/* The device, or NULL when it is left out. */
const struct post *ground_post(const struct fairground *g, struct str device);
/* Is the booth one of those that are asked for? */
bool ground_wants(const struct fairground *g, const struct ground_booth *booth);
/* Does a visit that names this gate count as the fair's? Before the fair lists
 * gates all do. */
bool ground_gate(const struct fairground *g, struct str gate);

/* ---- a fair's days added up ---------------------------------------------- */

struct hold {
    int64_t events, amount_vnd;
};

struct tally_sums {
    int64_t revenue_vnd, refunds_vnd, voids_vnd, sales, visits;
    int64_t reporting, expected; /* booths; in totals booth-days */
};

struct tally_day {
    int day;
    int number; /* of the fair-day, 0 outside the calendar */
    struct tally_sums sums;
    bool *heard; /* by booth: has it recorded anything? */
};

struct until { /* the last slot that counts; day 0: no end */
    int day, slot;
};

struct tally {
    const struct fairground *ground;
    struct until until;
    struct tally_day *days; /* by date; every open day up to the end is there */
    int n_days;
    int at; /* the day found last */
    struct tally_sums total;
    int64_t net_vnd[ORIGINS];
    struct hold hold;
};

/* ground and until are set by the caller, the rest is 0. */
enum err tally_load(struct tally *t, struct store *s) MUST_USE;
void tally_done(struct tally *t);

/* Booth-days of open days begun by then: none can report on a day to come. */
struct coverage {
    int64_t reporting, expected;
};
struct coverage tally_coverage(const struct tally *t, int64_t now_ms);

/* ---- reports ------------------------------------------------------------- */

struct report {
    struct store *store;
    const struct report_query *query;
    struct fairground ground; /* not of a comparison */
    int64_t now_ms;
    struct hold hold;
    struct rows rows; /* sums by key, for the reports that need them */
    const void *own;  /* the report's own, for page.json and page.text */
    struct buf *why;
};

/* A report that is one table with something around it. */
struct page {
    const char *title; /* English message id */
    const char *array; /* the table's JSON member */
    const struct table *table;
    void (*json)(const struct report *r, struct json *j);  /* or NULL */
    void (*text)(const struct report *r, struct buf *out); /* or NULL */
};
void report_print(const struct report *r, const struct page *page,
                  struct buf *out);

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

/* Cells of a table. */
struct cell cell_int(int64_t n);
struct cell cell_str(struct str s);
struct cell cell_word(const char *s); /* NULL: null */
extern const struct cell cell_null;

typedef enum err report_maker(struct report *r, struct buf *out);
report_maker report_days, report_compare, report_hours, report_booths,
    report_products, report_visitors, report_supervision, report_devices;

#endif
