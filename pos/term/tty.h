/*
 * tty.h - the terminal's own state and the signals about it: taken by
 * term_open, given back at every end. One per process.
 */
#ifndef POS_TTY_H
#define POS_TTY_H

#include "fair/buf.h"

/* Remembers the modes of standard input, and catches signals: fatal ones and
 * exit() put the terminal back first, SIGINT and SIGTSTP do nothing, the rest
 * is told by tty_signals. False with errno when there is no terminal. */
bool tty_open(void) MUST_USE;
/* What puts the screen back where the program ends without tty_close. */
void tty_leave_with(const char *bytes);
void tty_close(void);

/* Readable when there is something to tell. */
int tty_fd(void);
enum { TTY_RESIZED = 1, TTY_ENDED = 2, TTY_CONTINUED = 4 };
int tty_signals(void); /* or-ed; forgotten then */

void tty_write(const char *bytes); /* to standard output, as it is */

#endif
