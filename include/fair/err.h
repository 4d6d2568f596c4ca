/*
 * err.h - every way our programs can fail, in one table.
 *
 * One row gives all faces of an error: the enum, the code word that scripts
 * read in {"error":CODE}, the HTTP status of the aggregator's answer, the exit
 * code of a command, the sentence a person reads and what to do about it.
 * Both texts are English message ids; the programs show them translated.
 *
 * Rules that hold for every header in include/fair:
 * - A fallible function returns enum err; ERR_OK is 0. Out-parameters come
 *   last and are untouched on failure.
 * - A returned `const char *` is borrowed until the next call on that handle;
 *   a returned `char *` is the caller's to free; every pointer from x_open
 *   goes back to x_close, which accepts NULL.
 * - A `struct str` never owns its bytes.
 * - Detail of a failure belongs to the handle (x_errmsg); there is no global
 *   last error.
 */
#ifndef FAIR_ERR_H
#define FAIR_ERR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define NORETURN __attribute__((noreturn))

// clang-format off
/* X(name, code word, http, exit, message, remedy) */
#define ERRORS(X) \
    X(OK,          "ok",            200, 0, "done", "") \
    X(USAGE,       "usage",         400, 2, "wrong usage", "see --help") \
    X(INVALID,     "invalid",       400, 1, "the input is not valid", "correct it and try again") \
    X(CONFIG,      "config",        500, 1, "the configuration file is not valid", "correct the line named above") \
    X(NOT_FOUND,   "not_found",     404, 1, "there is no such thing", "check the name or number") \
    X(EXISTS,      "exists",        409, 1, "it exists already", "use another name, file or directory") \
    X(NOT_SET_UP,  "not_set_up",    500, 1, "this directory is not set up yet", "run `enrol` (till) or `init` (aggregator) first") \
    X(LIMIT,       "limit",         413, 1, "a limit is exceeded", "use smaller input") \
    X(BUSY,        "busy",          503, 1, "too busy now", "try again in a moment") \
    X(LOCKED,      "locked",        503, 1, "another program is using these files", "wait for it or end it, then try again") \
    X(IO,          "io",            500, 1, "the disk or device failed", "check the disk and free space, then try again") \
    X(FULL,        "disk_full",     507, 1, "the disk is full", "free some space, then try again; nothing saved is lost") \
    X(READ_ONLY,   "read_only",     500, 1, "the disk or directory is read-only", "make the directory writable, then try again") \
    X(CORRUPT,     "corrupt",       500, 1, "the stored data is damaged", "leave the files as they are; `fair-pos verify` tells where; a till goes on in a new directory (`fair-sync enrol` with a new string of the organiser), an aggregator from its backup (`restore`)") \
    X(INBOX,       "inbox_damaged", 500, 1, "sync.db is damaged", "end fair-sync, remove sync.db (also sync.db-wal and sync.db-shm) and run `fair-sync enrol` with an enrolment string of this booth, also a used one; what was sold is in ledger.db") \
    X(NEWER,       "newer",         500, 1, "the file was written by a newer program", "update this program") \
    X(UNSURE,      "unsure",        503, 3, "it is not known whether this was recorded", "run it again with the same --basket; without one look first whether it is there") \
    X(CANONICAL,   "canonical",     400, 1, "an event is not in canonical form", "leave the files as they are and show this to the organiser") \
    X(FORM,        "form",          400, 1, "an event lacks a member or has a wrong one", "leave the files as they are and show this to the organiser") \
    X(SEQUENCE,    "sequence",      409, 1, "an event's number does not follow", "leave the files as they are and show this to the organiser") \
    X(CHAIN,       "chain",         409, 1, "an event's hash does not follow", "leave the files as they are and show this to the organiser") \
    X(ADMISSION,   "admission",     403, 1, "the first event is not this device's admission", "leave the files as they are and show this to the organiser") \
    X(SUMS,        "sums",          409, 1, "an event's running totals are wrong", "leave the files as they are and show this to the organiser") \
    X(SEAL,        "seal",          403, 1, "a seal was not made with the device's key", "leave the files as they are and show this to the organiser") \
    X(TRUNCATED,   "truncated",     409, 1, "events that were acknowledged are missing", "leave the files as they are and show this to the organiser") \
    X(REWRITTEN,   "rewritten",     409, 1, "an acknowledged event was changed", "leave the files as they are and show this to the organiser") \
    X(SIGNATURE,   "signature",     403, 1, "a signature does not hold", "leave the files as they are and show this to the organiser") \
    X(GAP,         "gap",           409, 1, "events in between are missing", "send from the number the aggregator wants") \
    X(FORK,        "fork",          409, 1, "two machines have written under one identity", "stop selling here and enrol a new directory; the organiser decides about the branch") \
    X(REVOKED,     "revoked",       403, 1, "this device was revoked by the organiser", "ask the organiser for a new enrolment string, for a new directory") \
    X(PIN,         "pin",           403, 1, "the server is not the one of the enrolment", "check the address; if it is right, somebody is in between: tell the organiser") \
    X(UNREACHABLE, "unreachable",   503, 1, "the aggregator cannot be reached", "selling goes on; check the network, or use `fair-sync export`") \
    X(REFUSED,     "refused",       400, 1, "the aggregator refused the request", "tell the organiser what is shown above") \
    X(LISTS,       "lists",         503, 1, "the lists could not be fetched completely", "the till goes on with the old ones; try again") \
    X(CODE,        "code",          403, 1, "the enrolment code is not valid", "ask the organiser for a new enrolment string") \
    X(CODE_USED,   "code_used",     403, 1, "the enrolment code was used already", "ask the organiser for a new enrolment string") \
    X(CODE_EXPIRED,"code_expired",  403, 1, "the enrolment code has expired", "ask the organiser for a new enrolment string") \
    X(NO_SHIFT,    "no_shift",      409, 1, "no shift is open", "open one: fair-pos shift open --float AMOUNT") \
    X(SHIFT_OPEN,  "shift_open",    409, 1, "a shift is open already", "close it first: fair-pos shift close --counted AMOUNT") \
    X(ITEM,        "item",          404, 1, "no such item here", "check the code, or wait for new lists") \
    X(NOT_ALLOWED, "not_allowed",   403, 1, "this booth may not sell this item", "ask the organiser") \
    X(TENDER,      "tender",        409, 1, "the payment does not cover the total", "take at least the total") \
    X(RECEIPT,     "receipt",       404, 1, "no such receipt on this till", "check the number; another till's receipt needs that till") \
    X(VOIDED,      "voided",        409, 1, "this receipt was voided already", "nothing more is to be done: it counts nowhere") \
    X(REFUNDED,    "refunded",      409, 1, "more than what remains cannot be given back", "see what remains: fair-pos receipt RECEIPT") \
    X(OTHER_SHIFT, "other_shift",   409, 1, "this receipt belongs to an earlier shift", "use `refund` instead of `void`") \
    X(PIN_WRONG,   "pin_wrong",     403, 1, "the PIN is not right", "try again; a supervisor can set a new one") \
    X(NOT_MAY,     "not_may",       403, 1, "this operator may not do this alone", "let a supervisor allow it with their PIN") \
    X(EXPIRED,     "expired",       403, 1, "the certificate has expired, and the organiser lets nothing expired be sold", "ask the organiser") \
    X(PRACTICE,    "practice",      403, 1, "this is a practice ledger: it is never sent", "use the till's own directory") \
    X(FUTURE,      "future",        400, 1, "this time lies in the future", "use a time up to now") \
    X(AGAIN,       "again",         503, 1, "another program was changing the same rows", "try again") \
    X(LIBRARY,     "library",       500, 1, "a library that this needs is not installed", "install it: libcurl to reach the aggregator; libxlsxwriter for workbooks, or ask for another format") \
    X(DATABASE,    "database",      503, 1, "the database cannot be reached now", "see that PostgreSQL runs and that the address is right; nothing was lost, try again") \
    X(OWN_FILES,   "own_files",     409, 1, "programs keep their own files in this directory", "nothing was written; name a file in another directory")
// clang-format on

enum err {
#define X(name, code, http, exit, text, remedy) ERR_##name,
    ERRORS(X)
#undef X
        ERR_COUNT
};

/* The stable code word, e.g. "disk_full". */
const char *err_code(enum err e);

/* The sentence and the remedy (may be ""), English message ids. */
const char *err_text(enum err e);
const char *err_remedy(enum err e);

/* HTTP status of the aggregator's answer; exit code of a command. */
int err_http(enum err e);
int err_exit(enum err e);

/* The error with this code word; ERR_REFUSED when the word is unknown. */
enum err err_from_code(const char *code);

/* Ends the program with one line on stderr: for the impossible (failed
 * invariant, out of memory) only. First calls the hook, if one is set, so
 * that a program with a screen can restore the terminal. */
NORETURN void err_die(const char *file, int line, const char *what);
void err_on_die(void (*hook)(void));

/* An assertion that is never compiled out (STYLE D5): for programmer errors
 * only, never for input. */
#define ASSERT(cond) ((cond) ? (void)0 : err_die(__FILE__, __LINE__, #cond))

#endif
