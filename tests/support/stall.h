/*
 * stall.h - a device that trades at random, and what its sums must be.
 *
 * The same acts are written as events into a book and kept as plain records;
 * stall_expect adds the records up in the most direct way (a sale that was
 * voided is simply left out), so that folding is held against something that
 * works differently.
 */
#ifndef STALL_H
#define STALL_H

#include "tests/support/book.h"
#include "tests/support/roll_set.h"

enum act_kind {
    ACT_OTHER,
    ACT_SALE,
    ACT_VOID,
    ACT_REFUND,
    ACT_VISITS,
    ACT_LINE_REMOVED, /* the first of its lines */
    ACT_CART_CANCELLED,
    ACT_DRAWER,
    ACT_REPRINT,
    ACT_OVERRIDE,
    ACT_PIN_FAILED,
    ACT_UNLOCKED, /* counts nowhere */
};

struct act_line {
    int sku, seller; /* seller 0: none */
    int64_t milli, amount_vnd, discount_vnd;
    bool stamped, unlisted;
};

struct act { /* the event with number 1 + its place */
    enum act_kind kind;
    int day, minute; /* after local midnight of that day, up to 28 hours */
    bool late;
    int list, op;
    int n_lines;
    struct act_line lines[4];
    int64_t total_vnd, transfer_vnd, change_vnd; /* the rest is cash */
    int of; /* a void's or refund's sale, by number */
    int gate;
    int64_t visits;
    bool estimated;
};

struct stall {
    struct book book;
    char device[DEVICE_LEN + 1];
    struct act *acts; /* book.n of them */
    uint64_t dice;
};

/* `name` is the seed of its key, 1…200; all are admitted by aggregator 201. */
enum { STALL_AGGREGATOR = 201 };
void stall_open(struct stall *s, uint8_t name, uint32_t seed);
void stall_close(struct stall *s);

/* Trades until the book has n events. */
void stall_trade(struct stall *s, int n);

/* A number below `below`, from the stall's dice. */
int stall_roll(struct stall *s, int below);

/* The rows of events 1…last under the rules. */
void stall_expect(const struct stall *s, int last,
                  const struct fold_rule *rules, int n_rules,
                  struct roll_set *out);

/* The lines of events first…last, each with its newline. */
void stall_lines(const struct stall *s, int first, int last, struct buf *out);

#endif
