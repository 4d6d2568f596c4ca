/*
 * pq.h - functions of libpq that the engine does without, for tests that ask
 * the server more than the store does. Fails the test without libpq.
 */
#ifndef FAIR_TESTS_PQ_H
#define FAIR_TESTS_PQ_H

#include "sync/aggregator/engine/postgres_parts.h"

struct pq_more {
    __typeof__(PQdescribePrepared) *describe;
    __typeof__(PQexec) *exec;
    __typeof__(PQprepare) *prepare;
    __typeof__(PQputCopyData) *copy;
    __typeof__(PQputCopyEnd) *copied;
};

/* Found once, kept loaded. */
const struct pq_more *pq_more(void);

#endif
