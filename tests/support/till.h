/*
 * till.h - a till's directory for tests, enrolled and ready to sell.
 */
#ifndef FAIR_TEST_TILL_H
#define FAIR_TEST_TILL_H

#include "fair/ledger.h"

/* Writes device.key and admission into `dir`; keys come from the two bytes, as
 * in book.h. */
void till_enrol(const char *dir, uint8_t device, uint8_t aggregator);
/* The same for a fair that begins on another day. */
void till_enrol_day(const char *dir, uint8_t device, uint8_t aggregator,
                    int first_day);

/* Opens it or dies. */
struct ledger *till_ledger_open(const char *dir, enum ledger_mode mode);

/* Appends a cash sale of one line with this basket and a reference made from
 * it; removes the draft of that id, if any. */
enum err till_sell(struct ledger *l, const char *basket, int64_t total_vnd,
                   const char *draft, int64_t *seq) MUST_USE;
/* The same for a body of the caller's. */
enum err till_ledger_append(struct ledger *l, enum event_kind kind,
                            const union body *body, int64_t *seq) MUST_USE;
/* A sale of n lines as a booth makes them, about 140 bytes a line; strings
 * are literals. */
void till_sale(union body *body, const char *basket, int n);

/* Walks the whole ledger and dies unless it is sound. */
void till_verify(const char *dir);

#endif
