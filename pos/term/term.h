/*
 * term.h - the terminal: cells go out by ncurses, keys come in.
 *
 * Works without a fitting locale or terminfo entry: C.UTF-8 is tried, and
 * where TERM is unknown xterm-256color, linux and vt100 in turn. The terminal
 * is restored at every exit, also by a fatal signal or a failed assertion.
 * Input is read here, decoded by keys.c, and not looked at by ncurses. What
 * came while nobody waited in term_wait (the till wrote, or drew) bears the
 * time when that began: it was done before anything new could be seen. What
 * comes behind a frame bears a later time than all before it.
 */
#ifndef POS_TERM_H
#define POS_TERM_H

#include "pos/term/glyphs.h"
#include "pos/term/keys.h"
#include "pos/term/theme.h"

struct term_options {
    enum theme theme;
    enum glyphs glyphs;
    bool mouse;
    struct keys_options keys;
};

struct term;

/* ERR_IO when standard input or output is no terminal, or none of the types
 * fits; `why` says which. On success `why` is empty, or a note that another
 * type was taken. One per process. */
enum err term_open(const struct term_options *options, struct buf *why,
                   struct term **out) MUST_USE;
void term_close(struct term *term); /* the screen as it was before */

void term_size(const struct term *term, int *rows, int *cols);
/* Shows the grid as far as it fits, with the glyphs there are; sends only what
 * changed. The cursor stands on the grid's.
 * When the environment names a pipe in FAIR_FRAME_FD, "FRAME KEYS\n" (its
 * number, and how many keys term_wait has given but K_RESIZE) is written there
 * and as OSC 7777 to the terminal: tests wait for it. */
void term_draw(struct term *term, const struct grid *grid);
void term_bell(struct term *term);
/* Changes how it looks while it runs. */
void term_restyle(struct term *term, enum theme theme, enum glyphs glyphs);

enum term_event {
    TERM_KEY,     /* a key, in *out */
    TERM_TIMEOUT, /* nothing happened for timeout_ms */
    TERM_GONE     /* the terminal was lost (hang-up) or SIGTERM came */
};
/* Waits for the next key, at most timeout_ms (>= 0). SIGINT is a key (Ctrl-C),
 * SIGTSTP is ignored, SIGWINCH gives K_RESIZE. */
enum term_event term_wait(struct term *term, int timeout_ms, struct press *out);

#endif
