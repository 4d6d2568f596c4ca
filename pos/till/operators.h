/*
 * operators.h - who may use the screen, by number, name, role and PIN.
 *
 * Kept in the file `operators` of the till's directory (0600), beside the
 * chain: names and PIN hashes (argon2id) never leave the machine. Wrong PINs
 * are counted there too, so that a restart forgives nothing: after five, 30
 * seconds, doubling up to an hour. Adding, changing and every wrong PIN are
 * events (operator, access). While there is no operator, number 0 works
 * without a PIN as supervisor.
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
 * `fair-pos operator reset` (an event). */
enum err operators_open(const char *dir, struct operators **out) MUST_USE;
void operators_close(struct operators *ops);
int operators_count(const struct operators *ops);
const struct operator_entry *operators_at(const struct operators *ops, int i);
const struct operator_entry *operators_find(const struct operators *ops,
                                            int64_t number);

/* Adds, or changes the one with this number; pin NULL keeps it. Appends the
 * `operator` event first. `by` is who does it. The first one added must be a
 * supervisor (ERR_INVALID); the last supervisor stays one. ERR_INVALID for
 * name or PIN, ERR_LIMIT. */
enum err operators_put(struct operators *ops, struct till *till,
                       const struct operator_entry *entry, const char *pin,
                       int64_t by) MUST_USE;
enum err operators_remove(struct operators *ops, struct till *till,
                          int64_t number, int64_t by) MUST_USE;

/* Checks a PIN. ERR_PIN_WRONG (an `access` event "wrong pin" was appended and
 * the try counted), ERR_BUSY (locked out; *wait_ms says how long still; the
 * PIN was not looked at), ERR_NOT_FOUND. wait_ms may be NULL. */
enum err operators_check(struct operators *ops, struct till *till,
                         int64_t number, const char *pin,
                         int64_t *wait_ms) MUST_USE;

#endif
