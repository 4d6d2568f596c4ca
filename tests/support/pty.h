/*
 * pty.h - a program in a terminal of its own, and the screen it draws.
 *
 * The terminal is libvterm; what the program shows is read as text. A program
 * that draws with pos/term/term.h says after every frame how many keys it had
 * seen (FAIR_FRAME_FD), so that a test waits for what it did to be drawn and
 * never for time. Whatever does not come within 20 seconds fails the test and
 * prints the screen.
 */
#ifndef TESTS_PTY_H
#define TESTS_PTY_H

#include <sys/types.h>

#include "fair/buf.h"

struct pty;

/* Starts argv[0] (a path), or child(ctx) in a fork, whose result is the exit
 * code. `env` are names and values in turn, ended by NULL; the rest is
 * inherited, but TERM is xterm-256color, LC_ALL C.UTF-8 and NO_COLOR unset
 * where `env` says nothing else. A value "" unsets (without
 * FAIR_FRAME_FD only pty_wait_text and the like can wait). */
struct pty *pty_start(const char *const *argv, int rows, int cols,
                      const char *const *env);
struct pty *pty_fork(int (*child)(void *ctx), void *ctx, const int size[2],
                     const char *const *env);
/* Hangs up, waits for the end, and frees. NULL is fine. */
void pty_stop(struct pty *p);

/* Presses one key, as press_parse() names it, and waits until it is drawn or
 * the program has ended. */
void pty_key(struct pty *p, const char *name);
/* Types every letter, one key each; scans a code (one key); pastes (one);
 * clicks. */
void pty_type(struct pty *p, const char *text);
void pty_scan(struct pty *p, const char *code);
void pty_paste(struct pty *p, const char *text);
void pty_click(struct pty *p, int row, int col);
/* Any bytes, that are so many keys; -1: nobody knows, and nothing is waited
 * for. */
void pty_send(struct pty *p, struct str bytes, int presses);
/* Keys pressed so far; and starts to count anew. */
int pty_keys(struct pty *p);
/* Keys the program had seen when it drew its last frame that has come. */
long long pty_seen(struct pty *p);

/* Waits until the text stands in some row; until it does not. */
void pty_wait_text(struct pty *p, const char *text);
void pty_wait_no_text(struct pty *p, const char *text);
bool pty_has(struct pty *p, const char *text);
/* Waits for a frame after the last one that was waited for. */
void pty_wait_frame(struct pty *p);
/* Waits for the end: exit code, or 128 + signal. */
int pty_wait_exit(struct pty *p);

/* The screen as grid_picture() writes it. */
void pty_screen(struct pty *p, struct buf *out);
/* Bytes the program has sent, and how often it rang the bell. From now on they
 * are kept in `out`, too, as they came; NULL: no more. */
size_t pty_bytes(struct pty *p);
void pty_tap(struct pty *p, struct buf *out);
int pty_bells(struct pty *p);

struct pty_look {
    int fg, bg; /* 0…255, -1: the terminal's own */
    bool bold, reverse, underline;
};
struct pty_look pty_look(struct pty *p, int row, int col);
struct pty_state {
    int row, col; /* of the cursor */
    bool cursor, other_screen, mouse;
    bool cooked; /* the line's modes, as a shell has them */
};
struct pty_state pty_state(struct pty *p);

/* Another size; the program gets K_RESIZE, which no wait counts. */
void pty_resize(struct pty *p, int rows, int cols);
void pty_signal(struct pty *p, int number);
/* Until the program has stopped: whoever tells it to go on before does so in
 * vain. */
void pty_wait_stopped(struct pty *p);
pid_t pty_pid(struct pty *p);
/* The line is cut: SIGHUP, and no more input or output. */
void pty_hangup(struct pty *p);

#endif
