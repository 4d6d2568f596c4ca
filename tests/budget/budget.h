/*
 * budget.h - what the till may cost, counted in instructions: exact on any
 * machine, however busy (tests/budget/run asks callgrind).
 *
 * Only what happens inside budget_work() is counted; everything around it
 * prepares.
 */
#ifndef FAIR_BUDGET_H
#define FAIR_BUDGET_H

#include "fair/buf.h"

struct budget {
    const char *id;   /* "P3" */
    const char *name; /* one word, unique */
    const char *what;
    int64_t limit; /* instructions of one run */
    int runs;      /* at most so many are counted */
    bool worst;    /* the greatest count is held to the limit, not their mean */
    void (*open)(void);    /* once, before all runs */
    bool (*prepare)(void); /* before every run; false: that was all */
    void (*work)(void);
    void (*close)(void);
    const char *times; /* the limit is in thousandths of what this one took;
                          or NULL */
};

/* Each file has rows of its own; a row without a name ends them. */
extern const struct budget sale_budgets[], wire_budgets[], ingest_budgets[],
    opening_budgets[], key_budgets[], report_budgets[];

#endif
