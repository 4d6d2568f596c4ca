/*
 * till_pty.h - the real fair-pos in a terminal of its own (pty.h), at a booth
 * of a fair that began yesterday by the machine's clock.
 *
 * Programs are those of $FAIR_BUILD. The screen speaks English; what runs
 * beside it (fair-sync, the printing) is started by the screen itself. An
 * aggregator is there only where a test makes one (till_pty_fair).
 */
#ifndef FAIR_TEST_TILL_PTY_H
#define FAIR_TEST_TILL_PTY_H

#include "pos/till/carts.h"
#include "tests/sim/child.h"
#include "tests/support/pty.h"
#include "tests/support/scratch.h"

struct till_pty {
    char dir[SCRATCH_ROOM]; /* the till's */
    struct pty *pty;        /* NULL: the screen is not running */
    char hub[SCRATCH_ROOM]; /* the aggregator's; "": none */
    struct child server;
};

/* Codes 1 Chả mực, 450,000 the kilogram; 7 Miến dong, 60,000, hot key 2; 12
 * Mật ong, 35,000, hot key 1, barcode 8936012340017. */

/* A till with these lists; no shift yet. */
void till_pty_init(struct till_pty *t);
/* Instead: an aggregator that serves, and a till enrolled there with the
 * sample catalogue; codes are numbers in its order. */
void till_pty_init_fair(struct till_pty *t);
/* Ends what runs; what the till recorded must be sound. */
void till_pty_done(struct till_pty *t);

/* Instead of these one product, code 9 and hot key 3, whose name is any bytes:
 * it stands in lists that the till believes it has checked already. */
void till_pty_forge(struct till_pty *t, struct str name);

/* Another line of fair-pos.conf; before the screen starts. */
void till_pty_conf(struct till_pty *t, const char *line);
/* Opens a shift with 500,000, or signs up 1 Lan, supervisor (111111), and 2
 * Minh, cashier (222222); while the screen is not running. */
void till_pty_shift(struct till_pty *t);
void till_pty_staff(struct till_pty *t);

/* Starts the screen, 24 rows of 80, and waits for its first frame; with words
 * for its command line, another size, and names and values of its environment
 * in turn (either may be NULL). */
void till_pty_start(struct till_pty *t);
void till_pty_run(struct till_pty *t, const char *const *words,
                  const int size[2], const char *const *env);
/* Hangs up and waits for its end; with an aggregator also for fair-sync's,
 * which sends what is left. */
void till_pty_stop(struct till_pty *t);
/* The program of this name that the screen has started; 0: none. */
pid_t till_pty_companion(const struct till_pty *t, const char *name);

/* Keys by words, as people call them; any other word is typed, and "scan:CODE"
 * scans. Each word is drawn before the next. */
void till_pty_keys(struct till_pty *t, const char *words);
/* Runs an action that has no key, through the menu by its name. */
void till_pty_menu(struct till_pty *t, const char *name);
void till_pty_sees(struct till_pty *t, const char *text);
void till_pty_misses(struct till_pty *t, const char *text);

/* The ledger as it is on disk now: the newest event of a kind (the caller's),
 * how many there are (EV_UNKNOWN: of all kinds). */
struct record *till_pty_event(const struct till_pty *t, enum event_kind kind);
int till_pty_count(const struct till_pty *t, enum event_kind kind);
/* The open cart as it is on disk; while the screen is not running. */
void till_pty_cart(const struct till_pty *t, struct cart *out, int *parked);

/* Path of a program of $FAIR_BUILD. Runs it on a data directory to its end:
 * its output, and its exit code. */
const char *till_pty_program(const char *name);
int till_pty_command(const char *name, const char *data,
                     const char *const *words, struct buf *out);

#endif
