/*
 * report_league.h - goods of a fair grouped and ranked (private to
 * report_league*.c and the bulletin).
 *
 * Invariant: the nets of all rows add up to the net revenue of the report
 * `days` under the same scope, because the amounts of a receipt's lines add up
 * to the receipt; goods of which the grouping is not known make one row of
 * their own. Lines do not tell how many receipts there were, see `sales`.
 */
#ifndef AGGREGATOR_REPORT_LEAGUE_H
#define AGGREGATOR_REPORT_LEAGUE_H

#include "report_versus.h"

enum league_by {
    BY_BOOTH,  /* of the booth that sold */
    BY_ORIGIN, /* likewise */
    BY_PLACE,  /* of the product in the newest catalogue, like those below */
    BY_PRODUCER,
    BY_GROUP,
    BY_STARS,
    BY_PRODUCT,
    LEAGUE_BYS
};

struct league_row {
    struct str key, name; /* slices of league.rows; empty: unknown */
    struct figure rank;   /* 1…; equal nets share one; of the unknown none */
    int64_t areas;        /* booths with such a sale that was not voided */
    int64_t products;     /* likewise */
    int64_t net_vnd;
    /* Receipts: of a booth or origin exactly, of a product those it is on;
     * else unknown, for one receipt may have goods of several rows. */
    struct figure sales;
    /* Of the part that is compared. */
    int64_t part_vnd;
    struct figure that_vnd, growth, that_rank, rank_change;
    /* Numbers of texts; match: what it goes by at the other fair. */
    uint32_t key_at, name_at, match;
};

struct league {
    enum league_by by;
    struct versus versus;
    struct rows rows;        /* its texts, and sums by key while it is loaded */
    struct league_row *list; /* by net; the unknown last */
    int n;
    struct league_row all; /* the fair: no key, no rank */
    struct hold hold;
};

/* Of r->ground up to the end of fair-day `day` (0: all there is). The caller
 * closes it, whatever is returned. */
enum err league_load(struct report *r, enum league_by by, int day,
                     struct league *l) MUST_USE;
void league_done(struct league *l);

#endif
