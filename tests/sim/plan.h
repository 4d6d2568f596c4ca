/*
 * plan.h - who sells what when at a simulated fair, made before it begins.
 *
 * Pure: from a seed, a stock and a wish to a list of acts in order of time;
 * no file, no clock. The same seed gives the same plan on every machine.
 * Where a target is wished for, the amounts of all sales less refunds and
 * voids add up to it exactly; so do the visits at the gates.
 */
#ifndef SIM_PLAN_H
#define SIM_PLAN_H

#include "tests/sim/chance.h"
#include "tests/sim/stock.h"

enum {
    BASKET_LINES = 6,
    DAYS_MAX = 31,
    GATES_MAX = 9,
    OPENS_HOUR = 8, /* to visitors; tills open a little earlier */
    CLOSES_HOUR = 22
};
#define BASKET_VND_MAX INT64_C(20000000)

struct wish {
    uint64_t seed;
    int first_day, days; /* one after the other, 1…DAYS_MAX */
    int64_t until_ms;    /* nothing is done after it; 0: to the end */
    int64_t sales;       /* about; at least one a booth */
    int64_t target_vnd;  /* net revenue; 0: as it comes */
    int64_t refunds, voids;
    int gates; /* 0…GATES_MAX; 0: no gates are listed */
    int64_t visits;
    int syncs;      /* a day and device, besides the one at closing */
    int faults_pct; /* of these: an answer lost; as many doubled */
    bool offline;   /* a third of the booths for hours, one a day */
    bool binaries;  /* one booth goes through the programs */
};

/* A planned sale. */
enum back { BACK_NONE, BACK_ALL, BACK_LINE, BACK_VOID };
enum pay { PAY_EXACT, PAY_NOTES, PAY_TRANSFER, PAY_WAYS };
struct basket {
    int booth, n_lines;
    struct {
        int ware;
        int64_t milli, amount_vnd;
    } lines[BASKET_LINES];
    int64_t discount_vnd, total_vnd; /* after it */
    enum back back;                  /* what becomes of it; line 0 */
    enum pay pay;
};

/* In this order when at the same time. */
enum deed {
    DEED_OPEN, /* the shift */
    DEED_SALE,
    DEED_VOID,
    DEED_REFUND,
    DEED_VISITS,
    DEED_CLOSE,
    DEED_SYNC,
    DEEDS
};
enum network {
    NET_UP,
    NET_DOWN,
    NET_LOSE, /* a push arrives, its answer does not */
    NET_TWICE /* a push arrives twice */
};
enum { NO_GATE = -1 };
struct act {
    int64_t ms;
    int booth, day; /* both from 0 */
    enum deed deed;
    int what;  /* a basket; of VISITS the gate or NO_GATE; SYNC: network */
    int64_t n; /* VISITS: people */
};

struct plan {
    struct wish wish;
    const struct stock *stock; /* the caller's */
    int by_binaries;           /* a booth, or -1 */
    int n_baskets, n_acts;
    struct basket *baskets;
    struct act *acts;           /* by time */
    int day_acts[DAYS_MAX + 1]; /* acts before each day; the last: all */
    int64_t net_vnd, refunds, voids, discounts, offline_booths;
};

/* ERR_LIMIT: the target cannot be met with this stock and so many sales. */
enum err plan_make(const struct wish *wish, const struct stock *stock,
                   struct plan *out) MUST_USE;
void plan_done(struct plan *plan);
int plan_day(const struct plan *plan, int day); /* YYYYMMDD */

/* The two halves of plan_make (plan_sales.c, plan_days.c). */
enum err plan_sales(struct plan *plan) MUST_USE;
void plan_days(struct plan *plan);

#endif
