/*
 * golden_base.h - twelve events of a first morning, in three parts, so that a
 * case can alter a part before the next one is chained and sealed.
 */
#ifndef FAIR_TEST_GOLDEN_BASE_H
#define FAIR_TEST_GOLDEN_BASE_H

#include "tests/support/book.h"

/* Seed bytes of the keys. */
enum { DEVICE = 1, AGGREGATOR = 2, STRANGER = 3 };

/* 1 enrolled, 2 list, 3 shift_opened, 4 a large sale. */
void begin_base(struct book *b);
/* The same, then 5 a cash sale, 6 visits, 7 a refund of 4, 8 the void of 5,
 * 9 a note, 10 shift_closed. */
void open_base(struct book *b);
/* 11 a seal and 12 another note. */
void close_base(struct book *b);

#endif
