/*
 * many.h - booths that may sell very much.
 */
#ifndef FAIR_BUDGET_MANY_H
#define FAIR_BUDGET_MANY_H

#include "tests/support/app_fixture.h"

enum { MANY = 16000, VERY_MANY = 65000 };

/* The lists of a till that is closed become n products: codes 1…n. */
void many_adopt(struct app_fixture *fixture, int n);

#endif
