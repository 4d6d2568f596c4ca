/*
 * till_fixture.h - a till without a network: enrolled, with lists, and a clock
 * that only moves when told to.
 *
 * It is the till of tests/support/till.h (booth A1, label 1, fair of six days
 * from 2020-01-14). Its environment is the one of the process until
 * till_fixture_done(); one fixture at a time. Everything that happens depends
 * on the calls alone.
 */
#ifndef FAIR_TEST_TILL_FIXTURE_H
#define FAIR_TEST_TILL_FIXTURE_H

#include "fair/env.h"
#include "pos/till/sale.h"
#include "tests/support/scratch.h"

struct till_fixture {
    char dir[SCRATCH_ROOM];
    struct env env, before;
    int64_t wall_ms, mono_ms; /* begin at 2020-01-14 08:00 local */
    char boot[7];
    uint64_t chance;
    int64_t list; /* version adopted last */
    struct till till;
    bool open;
};

/* A new directory, enrolled, with till_fixture_products as its lists. */
void till_fixture_init(struct till_fixture *f);
void till_fixture_done(struct till_fixture *f);

/* Opens the till to write; closes it first when it is open. Dies when that
 * fails. */
void till_fixture_open(struct till_fixture *f);
void till_fixture_close(struct till_fixture *f);

/* Time goes by on both clocks. */
void till_fixture_pass(struct till_fixture *f, int64_t ms);
/* A restart of the machine: another boot, the monotonic clock from 0. */
void till_fixture_reboot(struct till_fixture *f);

/* What the lists say of the fair: change it and adopt a new version. */
struct list_fair till_fixture_fair(void);
void till_fixture_adopt(struct till_fixture *f, const struct list_fair *fair,
                        const struct product *products, int n);
/* The same for any bytes as the document. */
void till_fixture_adopt_bytes(struct till_fixture *f,
                              const struct list_fair *fair, struct str rest);

/* Codes 1…6: 1 CM-KG by the kilogram at 450,000; 2 TH-01 at 120,000 by HTX Ba
 * Chẽ, barcode 8936012340017; 3 NM-05 at 65,000, whose certificate ended on
 * 2020-01-10; 4 MO-02 at 35,000, certified until 2020-01-16; 5 QUA, a gift
 * for nothing; 6 LE-01 at 1,001. */
extern const struct product till_fixture_products[];
extern const int till_fixture_n_products;

/* Opens shift 1 of 2020-01-14 with this float. */
void till_fixture_shift(struct till_fixture *f, int64_t float_vnd);
/* Sells `milli` of the product with this code, paid exactly in cash. */
enum err till_fixture_sell(struct till_fixture *f, const char *code,
                           int64_t milli, struct sold *out) MUST_USE;

/* Tells the till where the aggregator's clock is. */
void till_fixture_offset(struct till_fixture *f, int64_t offset_ms);

/* Dies when they are not. */
void till_fixture_same_shift(const struct shift *a, const struct shift *b);

/* The whole ledger is sound; else dies. */
void till_fixture_verify(const struct till_fixture *f);

#endif
