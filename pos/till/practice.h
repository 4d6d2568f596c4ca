/*
 * practice.h - a till to practise on: a ledger of its own in DIR/practice that
 * can never be sent.
 *
 * Its admission is signed by a key made for it and thrown away, so that every
 * aggregator refuses it; fair-sync has no enrolment there and `export` refuses
 * it; fair code is TAP-SU, every slip says practice. It sells from the real
 * lists when DIR has some, else from a built-in sample.
 */
#ifndef POS_PRACTICE_H
#define POS_PRACTICE_H

#include "pos/till/till.h"

/* Makes DIR/practice when missing (a shift is opened by the user, as always)
 * and opens it to write. till.practice is true. */
enum err practice_open(const char *dir, const char *who, struct buf *why,
                       struct till *out) MUST_USE;

#endif
