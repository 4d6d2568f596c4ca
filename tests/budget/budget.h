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
    int64_t limit;         /* instructions of one run */
    int runs;              /* the mean of so many counts */
    void (*open)(void);    /* once, before all runs */
    void (*prepare)(void); /* before every run; or NULL */
    void (*work)(void);
    void (*close)(void);
    const char *times; /* the limit is in thousandths of what this one took;
                          or NULL */
};

/* Each file has rows of its own; a row without a name ends them. */
extern const struct budget sale_budgets[], opening_budgets[];

#endif
