/*
 * stand.h - a till that sells the same three products again and again.
 */
#ifndef FAIR_BENCH_STAND_H
#define FAIR_BENCH_STAND_H

#include "pos/till/sale.h"
#include "tests/support/till_fixture.h"

struct stand {
    struct till_fixture fixture;
    struct cart *cart;
};

/* Enrolled, with lists; then opened, with an open shift. In two steps for
 * those who change the environment in between. */
void stand_set_up(struct stand *s);
void stand_begin(struct stand *s);
void stand_open(struct stand *s); /* both */
void stand_close(struct stand *s);

/* The cart is filled and in the draft table, a second has gone by. */
void stand_prepare(struct stand *s);
/* It is sold for cash. */
void stand_sell(struct stand *s);

#endif
