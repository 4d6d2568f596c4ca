/*
 * sign_in.h - what pages that ask for a password share (private to them).
 */
#ifndef AGGREGATOR_SIGN_IN_H
#define AGGREGATOR_SIGN_IN_H

#include "sync/aggregator/account/deeds.h"

#include "visit.h"

/* What people are told about a password that did not pass, appended: the same
 * whether there is such a name or not, but when to try again where many were
 * wrong; the answer is 429 then, and says it too. */
void wrong_put(struct visit *v, const struct signed_in *found,
               struct buf *message);

#endif
