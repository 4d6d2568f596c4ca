/*
 * week.h - six days of one booth: a till sells as one does, pushes, and what
 * it sold lies at an aggregator, first as it came and then packed.
 */
#ifndef FAIR_TEST_WEEK_H
#define FAIR_TEST_WEEK_H

#include "fair/buf.h"

enum { WEEK_SALES = 1500 /* of three lines each */ };

/* Bytes of all sales. Exact: everything depends on the code alone. */
struct week {
    int64_t till;       /* on its disk */
    int64_t wire;       /* in pushes of at most 100 events */
    int64_t aggregator; /* on its disk, as they came */
    int64_t packed;     /* packed, the file made smaller */
    int64_t summed;     /* ... and added up in the tables of reports */
};
void week_weigh(struct week *out);

#endif
