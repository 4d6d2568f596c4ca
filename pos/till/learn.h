/*
 * learn.h - what fair-sync left for the till since last time: the lists it
 * sells from, and notices for its ledger.
 */
#ifndef POS_LEARN_H
#define POS_LEARN_H

#include "pos/till/till.h"

/* Reads the current lists into till->lists. When the till was opened to write
 * it also appends `list` for a version the ledger has not adopted yet and a
 * `note` for each notice not written yet. Lists that cannot be read, are not
 * this booth's or cannot be recorded for want of room count as none, and
 * notices wait: a shift can be closed then. Else till_append's errors. */
enum err till_learn(struct till *till) MUST_USE;

#endif
