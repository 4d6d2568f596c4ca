/*
 * plan.c - a plan as a whole.
 */
#include "tests/sim/plan.h"

#include <stdlib.h>

#include "fair/date.h"

int plan_day(const struct plan *plan, int day)
{
    return day_add(plan->wish.first_day, day);
}

static int by_time(const void *left, const void *right)
{
    const struct act *a = left, *b = right;
    if (a->ms != b->ms)
        return a->ms < b->ms ? -1 : 1;
    if (a->booth != b->booth)
        return a->booth < b->booth ? -1 : 1;
    if (a->deed != b->deed)
        return a->deed < b->deed ? -1 : 1;
    return (a->what > b->what) - (a->what < b->what);
}

static void in_order(struct plan *plan)
{
    qsort(plan->acts, (size_t)plan->n_acts, sizeof(*plan->acts), by_time);
    for (int i = 0; i < plan->n_acts; i++)
        plan->day_acts[plan->acts[i].day + 1] = i + 1;
    for (int day = 1; day <= plan->wish.days; day++)
        ASSERT(plan->day_acts[day] > plan->day_acts[day - 1]);
}

enum err plan_make(const struct wish *wish, const struct stock *stock,
                   struct plan *out)
{
    struct plan plan = { .wish = *wish, .stock = stock, .by_binaries = -1 };
    ASSERT(wish->days >= 1 && wish->days <= DAYS_MAX && stock->n > 0);
    ASSERT(wish->gates >= 0 && wish->gates <= GATES_MAX);
    enum err e = plan_sales(&plan);
    if (e) {
        plan_done(&plan);
        return e;
    }
    plan_days(&plan);
    in_order(&plan);
    *out = plan;
    return ERR_OK;
}

void plan_done(struct plan *plan)
{
    free(plan->baskets);
    free(plan->acts);
    plan->baskets = NULL;
    plan->acts = NULL;
}
