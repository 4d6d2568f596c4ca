/*
 * check.h - is the ledger of this till whole? By itself and against what the
 * aggregator acknowledged.
 */
#ifndef POS_CHECK_H
#define POS_CHECK_H

#include "fair/ledger.h"

/* Walks the ledger of directory `dir` from the first event to the last.
 * Findings are in `v` (the caller calls verifier_done), never an error;
 * errors are ledger_verify's. `who` as for ledger_open. */
enum err check_ledger(struct ledger *ledger, const char *dir, const char *who,
                      struct verifier *v) MUST_USE;

#endif
