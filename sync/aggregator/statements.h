/*
 * statements.h - every SQL text the aggregator can run, one enum over all
 * lists; the array of texts stands in store.c.
 */
#ifndef AGGREGATOR_STATEMENTS_H
#define AGGREGATOR_STATEMENTS_H

enum {
#define X(index, text) index,
#include "reference_sql.def"
#include "store_sql.def"
#undef X
    STATEMENTS_COUNT
};

#endif
