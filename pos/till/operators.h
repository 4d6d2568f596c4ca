/*
 * operators.h - who may use the screen, by number, name, role and PIN.
 *
 * Kept in the file `operators` of the till's directory (0600), beside the
 * chain: names and PIN hashes (argon2id) never leave the machine. Wrong PINs
 * are counted there too, so that a restart forgives nothing: after five, 30
 * seconds, doubling up to an hour, by the monotonic clock within a boot and
 * by the wall clock over one, whichever way it jumped. Adding, changing and
 * every wrong PIN are events (operator, access). While there is no operator,
 * number 0 works without a PIN as supervisor.
 *
 * A PIN says who did something; against somebody who holds the file it
 * protects for hours only.
 */
#ifndef POS_OPERATORS_H
#define POS_OPERATORS_H

#include "pos/till/till.h"

enum role { ROLE_CASHIER, ROLE_SUPERVISOR };
extern const char *const role_words[]; /* "cashier", "supervisor" */

enum {
    OPERATORS_MAX = 50,
    PIN_MIN = 6,
    PIN_MAX = 12, /* digits */
    OPERATOR_MAX = 999
};

struct operator_entry {
    int64_t number; /* 1…OPERATOR_MAX; 0 only while there is nobody else */
    char name[4 * MAX_NAME_COLUMNS + 1];
    enum role role;
    char language[3]; /* "vi", "en" or "" for the till's */
};

struct operators;

/* ERR_CORRUPT when the file is damaged: nobody gets in then but by
 * `fair-pos operator reset` (an event). ERR_IO. */
enum err operators_open(const char *dir, struct operators **out) MUST_USE;
/* An empty set in the place of a damaged file, which the next operators_put
 * overwrites. */
struct operators *operators_anew(const char *dir);
void operators_close(struct operators *ops);
int operators_count(const struct operators *ops);
/* 0…count-1, by number; and the one with a number, or NULL. */
const struct operator_entry *operators_at(const struct operators *ops, int i);
const struct operator_entry *operators_find(const struct operators *ops,
                                            int64_t number);
/* How long this one is locked out still; 0 when not. */
int64_t operators_wait_ms(const struct operators *ops, int64_t number);

/* PIN_MIN…PIN_MAX digits. */
bool pin_valid(const char *pin);

/* Adds, or changes the one with this number; pin NULL keeps it, a new one ends
 * a lock-out. Appends the `operator` event first ("added", "changed", "new
 * pin"). `by` is who does it. The first one added must be a supervisor
 * (ERR_INVALID); the last supervisor stays one. ERR_INVALID for name or PIN,
 * ERR_LIMIT, ERR_BUSY (no memory to hash with). */
enum err operators_put(struct operators *ops, struct till *till,
                       const struct operator_entry *entry, const char *pin,
                       int64_t by) MUST_USE;
/* ERR_NOT_FOUND; ERR_INVALID for the last supervisor of several operators. */
enum err operators_remove(struct operators *ops, struct till *till,
                          int64_t number, int64_t by) MUST_USE;

/* Checks a PIN. ERR_PIN_WRONG (an `access` event was appended and the try
 * counted; *wait_ms is how long this one is locked out now, 0 for not yet),
 * ERR_BUSY (locked out, *wait_ms says how long still, the PIN was not looked
 * at; or with 0: no memory to hash with), ERR_NOT_FOUND. wait_ms may be
 * NULL. */
enum err operators_check(struct operators *ops, struct till *till,
                         int64_t number, const char *pin,
                         int64_t *wait_ms) MUST_USE;

#endif
