/*
 * many.h - booths that may sell very much.
 */
#ifndef FAIR_TEST_MANY_H
#define FAIR_TEST_MANY_H

#include "tests/support/app_fixture.h"

enum { MANY = 16000, VERY_MANY = 65000 };

/* n products, codes 1…n; *texts is theirs: both are to be freed. */
struct product *many_products(int n, void **texts);
/* They become the lists of a till that is closed. */
void many_adopt(struct app_fixture *fixture, int n);

#endif
