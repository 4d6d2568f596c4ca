/*
 * report_bulletin.h - what an evening bulletin tells (private to
 * report_bulletin*.c).
 */
#ifndef AGGREGATOR_REPORT_BULLETIN_H
#define AGGREGATOR_REPORT_BULLETIN_H

#include "report_composition.h"
#include "report_league.h"

/* A figure of both fairs; growth in total and per fair-day, because either can
 * rise while the other falls where the numbers of days differ. */
struct told {
    struct figure total; /* up to the day, whole */
    struct figure part;  /* of it what is compared */
    struct figure that;
    struct figure growth, growth_per_day;
};

enum { BEST = 5 }; /* booths and products named */

struct best {
    struct str name;
    int64_t net_vnd;
};

struct bulletin {
    struct report *r;
    struct versus versus;
    int64_t fair_days; /* of the calendar */
    struct tally shown;
    struct told visits, net, in_province;
    bool compared, published;    /* with anything; with published figures */
    int64_t that_days;           /* of what is compared with */
    struct coverage all, inside; /* booth-days; inside: in-province */
    struct composition composition;
    struct league products;
    struct best booths[BEST];
    int n_booths;
};

/* The table behind it, in the format asked for. */
void bulletin_table(const struct bulletin *b, struct buf *out);
/* The finished text, always in Vietnamese. */
void bulletin_text(const struct bulletin *b, struct buf *out);

#endif
