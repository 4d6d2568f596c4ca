/*
 * fold.h - the one function that turns events into sums.
 *
 * fold_event is pure: it looks at nothing but the event (and the decisions
 * that name it). Ingest's watermark, reports beyond the watermark, `rebuild`
 * and `verify` all use it, so they cannot disagree.
 *
 * Rules (FIELD.md 9.2, CONTRACT.md "Reports"): a sale counts on its day and
 * slot; a void takes the sale back where it stood and adds to that slot's
 * voids; a refund counts where it was made; a held event counts in the hold
 * only. A late event counts at the time it happened.
 */
#ifndef AGGREGATOR_FOLD_H
#define AGGREGATOR_FOLD_H

#include "fair/body.h"
#include "fair/money.h"

/* What counts is bounded, so that no sum of rows leaves int64 and the same
 * total is the same integer wherever it stands. A till records no amount above
 * MONEY_MAX and no quantity above MILLI_MAX, and a hundred sales at that limit
 * are more than a booth will ever take: an event beyond a bound is a slip or a
 * lie. It is in no sum and on no hold, is noted as `beyond_counting`, and stays
 * what it is in the ledger. int64 holds the net of 9,000 devices at the bound
 * of their totals, and an event's other amounts (discounts, removed lines) of
 * 900,000 events of all devices together. */
#define FOLD_VND_MAX    MONEY_MAX                 /* an amount of an event */
#define FOLD_MILLI_MAX  MILLI_MAX                 /* a quantity of a line */
#define FOLD_LEDGER_MAX INT64_C(1000000000000000) /* a total of a ledger */

/* Sums below: within the bounds above, so that the difference or sum of two of
 * them is an int64, whichever devices they are of. */

/* The next two by day: what most reports need. */
struct roll_day {
    struct str device;
    int day;
    struct str gate; /* of the visits; "": none named, and the sales */
    int64_t sales, revenue_vnd, refunds_vnd, voids_vnd, visits;
};
struct roll_sale {
    struct str device;
    int day, slot;
    int64_t sales, revenue_vnd, refunds, refunds_vnd, voids, voids_vnd;
};
struct roll_line {
    struct str device;
    int day, hour;
    struct str sku, seller;
    int64_t milli, amount_vnd, sales;
};
struct roll_item {
    struct str device, sku, name, unit;
};
struct roll_tender {
    struct str device;
    int day;
    struct str method;
    int64_t amount_vnd;
};
struct roll_visit {
    struct str device;
    int day, slot;
    struct str gate;
    int64_t visits, estimated;
};
/* What was sold by which version of the lists, and how much of it with a
 * traceability stamp. A refund or void takes back from its own version: it does
 * not say from which its goods were sold. So a row can fall below 0 where new
 * lists came in between; all versions of a day together are exact. */
struct roll_sold {
    struct str device;
    int day;
    struct str sku;
    int64_t list; /* version of the lists the till sold from */
    int64_t milli, amount_vnd, lines, stamped; /* lines: of sales, not voided;
                                                  stamped: those with a stamp */
};
/* What operators did, for the list of exceptions. `what`: sale, void, refund,
 * discount (a sale with one, line's or order's), unlisted (a sale with a line
 * off the list), line_removed, cart_cancelled, drawer, reprint, pin_failed,
 * override. The amount is the sale's, the discount's, the removed line's…; 0
 * where there is none. A voided sale still counts as `sale` here; the void
 * counts on its day, for the operator who took it back. */
struct roll_act {
    struct str device;
    int day;
    struct str what;
    int64_t operator_number; /* 0…; the envelope's */
    int64_t events, amount_vnd;
};
struct roll_hold {
    struct str device;
    int64_t events, amount_vnd;
};
struct roll_note {
    struct str device, what;
    int64_t events, first, last;
};

/* Whoever wants rows: any member may be NULL. Rows may come several times for
 * one key; they add up (roll_item: the first one holds). */
struct roll_taker {
    void *ctx;
    enum err (*day)(void *ctx, const struct roll_day *r);
    enum err (*sale)(void *ctx, const struct roll_sale *r);
    enum err (*line)(void *ctx, const struct roll_line *r);
    enum err (*item)(void *ctx, const struct roll_item *r);
    enum err (*tender)(void *ctx, const struct roll_tender *r);
    enum err (*visit)(void *ctx, const struct roll_visit *r);
    enum err (*sold)(void *ctx, const struct roll_sold *r);
    enum err (*act)(void *ctx, const struct roll_act *r);
    enum err (*hold)(void *ctx, const struct roll_hold *r);
    enum err (*note)(void *ctx, const struct roll_note *r);
};

/* Sums of events of any number of devices, merged by key, in memory. */
struct fold;
struct fold *fold_open(void);
void fold_close(struct fold *f);
/* From now on the fold gives its rows away and begins anew, after an event that
 * made them more than some megabytes: `give` takes them (fold_each), its
 * failure is fold_spill's. Adding up all that it was given and what is left in
 * the end makes the fold of all events. */
struct fold_bound {
    enum err (*give)(void *ctx, const struct fold *f);
    void *ctx;
};
void fold_bound(struct fold *f, struct fold_bound bound);
/* Between two events: does so where it is time to. */
enum err fold_spill(struct fold *f) MUST_USE;
/* Has it given rows away? */
bool fold_spilled(const struct fold *f);
/* Bytes that its rows take, about. */
size_t fold_bytes(const struct fold *f);
/* It will not be used for a while: gives back what only decoding needs. */
void fold_rest(struct fold *f);

/* One person's decision, as far as folding is concerned. */
struct fold_rule {
    int64_t first, last;
    bool hold; /* or released */
    int day;   /* not 0: count on this day instead; `hold` says nothing then */
};

/* Adds one stored line of `device`. Rules apply in order, later ones win. A
 * void follows its sale: it is held and moved to another day with it. A line
 * that does not decode (damaged) is held, with no amount, and noted; one of an
 * unknown kind changes no sum and is noted; one that does not count
 * (fold_counts) is noted only, whatever was decided. */
void fold_event(struct fold *f, struct str device, struct str line,
                const struct fold_rule *rules, int n_rules);
/* The same for one that was decoded, whole, by who has its own reason to. */
struct decoded {
    const struct event *event;
    const union body *body;
};
void fold_decoded(struct fold *f, struct str device, struct decoded d,
                  const struct fold_rule *rules, int n_rules);
/* Is it within the bounds? */
bool fold_counts(struct decoded d);

/* Gives every merged row once, in key order. */
enum err fold_each(const struct fold *f,
                   const struct roll_taker *taker) MUST_USE;
/* The same in any order. */
enum err fold_each_any(const struct fold *f,
                       const struct roll_taker *taker) MUST_USE;

#endif
