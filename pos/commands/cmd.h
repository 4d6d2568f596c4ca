/*
 * cmd.h - what the commands of fair-pos have in common: the till, and words of
 * the command line as values. A word of the wrong form is wrong usage; every
 * failure has its detail in place.
 */
#ifndef POS_CMD_H
#define POS_CMD_H

#include "fair/cli.h"
#include "pos/paper/slip.h"
#include "pos/till/operators.h"
#include "pos/till/refund.h"

/* On failure nothing is left to close. */
enum err pos_open(struct cli *cli, enum ledger_mode mode,
                  struct till *out) MUST_USE;
/* Why a till has no lists: none were fetched, or what they are kept in cannot
 * be opened. Fails. */
enum err pos_no_lists(struct cli *cli, const struct till *till) MUST_USE;
/* The operators; says what to do about their file when it is damaged. */
enum err pos_operators(struct cli *cli, struct operators **out) MUST_USE;

/* Options; `vnd`, `ms` and `op` stay as they are when one is not given. */
enum err pos_amount(struct cli *cli, const char *option, int64_t *vnd) MUST_USE;
enum err pos_day(struct cli *cli, const char *option, int *day) MUST_USE;
enum err pos_time(struct cli *cli, const char *option, int64_t *ms) MUST_USE;
enum err pos_operator(struct cli *cli, int64_t *op) MUST_USE;
enum err pos_columns(struct cli *cli, int *columns) MUST_USE;
enum err pos_transfer(struct cli *cli, struct str *reference) MUST_USE;
enum err pos_basket(struct cli *cli, struct str *basket) MUST_USE;
/* --reason as it may be recorded; `out` stays as it is without one. */
enum err pos_reason(struct cli *cli, struct buf *out) MUST_USE;

/* ITEM…: arguments from `first` on, at most MAX_LINES of them. CODE or
 * QTY*CODE. */
enum err pos_items(struct cli *cli, int first, struct refund_item *items,
                   int *n) MUST_USE;

/* RECEIPT: the first argument. */
enum err pos_receipt_seq(struct cli *cli, struct till *till,
                         int64_t *seq) MUST_USE;

/* The result as people read it: the slip of event `seq`. */
enum err pos_slip(struct cli *cli, struct till *till, int64_t seq,
                  bool copy) MUST_USE;
/* The same of what was just recorded: when it cannot be read, the record
 * stands all the same, so only its number is shown and a note says why. */
void pos_slip_of(struct cli *cli, struct till *till, int64_t seq, bool copy);

#define OPTION_COLUMNS                                     \
    {                                                      \
        "columns", "32|48", N_("width of the slip"), false \
    }
#define OPTION_OPERATOR                                      \
    {                                                        \
        "operator", "N", N_("number of the operator"), false \
    }
#define OPTION_BASKET                                                  \
    {                                                                  \
        "basket", "ID", N_("the same id again records nothing"), false \
    }
#define OPTION_REASON                                   \
    {                                                   \
        "reason", "TEXT", N_("why, in one line"), false \
    }
#define OPTION_AT                                                          \
    {                                                                      \
        "at", "TIME", N_("when it happened, if entered afterwards"), false \
    }
#define OPTION_END              \
    {                           \
        NULL, NULL, NULL, false \
    }

#endif
