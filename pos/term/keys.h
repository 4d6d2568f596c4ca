/*
 * keys.h - from what the terminal sends to what the operator did.
 *
 * Fed with the bytes a terminal sends and the time each came; gives keys in
 * the same order, none lost, none invented. UTF-8 is decoded here: invalid
 * bytes become U+FFFD one by one and never stick. ESC followed within 150 ms
 * by '[' or 'O' is a split sequence and never text or a lone Esc. Text is given
 * as it came (NFC is made where it is inserted). The number pad gives digits,
 * NumLock or not, where the terminal tells its keys apart.
 *
 * A scanner types fast: at least `scan_min` printable characters, no two more
 * than `scan_gap_ms` apart, then CR, LF or TAB within the same gap, are one
 * K_SCAN; its Enter is part of it, and CR LF is one Enter everywhere.
 * Characters are therefore held back until one gap after the last of a burst.
 * Faster typing that is not such a burst, and a key held down, come out as
 * keys, unchanged. GS (0x1D), which scanners send between the fields of GS1
 * codes, is kept in a K_SCAN and nothing elsewhere. Bracketed paste is one
 * K_PASTE, cut at 16 KiB.
 */
#ifndef POS_KEYS_H
#define POS_KEYS_H

#include "fair/buf.h"

enum key_kind {
    K_NONE,
    K_TEXT,  /* code: one code point, printable */
    K_ENTER, /* also that of the number pad */
    K_ESC,
    K_TAB,
    K_BACKTAB,
    K_BACKSPACE, /* 0x7f and 0x08 */
    K_DELETE,
    K_INSERT,
    K_UP,
    K_DOWN,
    K_LEFT,
    K_RIGHT,
    K_HOME,
    K_END,
    K_PAGE_UP,
    K_PAGE_DOWN,
    K_F,     /* code 1…12 */
    K_CTRL,  /* code 'A'…'Z' */
    K_ALT,   /* code: the character after ESC */
    K_MOUSE, /* pressed at row, col */
    K_SCAN,  /* text: a whole burst without its end */
    K_PASTE, /* text: controls made blanks */
    K_RESIZE
};

struct press {
    enum key_kind kind;
    int32_t code;
    int row, col;
    struct str text; /* K_SCAN, K_PASTE; lives until the next keys_ call */
    int64_t at_ms;   /* monotonic: when its last byte came */
};

struct keys_options {
    int scan_min;    /* characters, 3…32 */
    int scan_gap_ms; /* 5…200 */
};

struct keys;
struct keys *keys_open(const struct keys_options *options);
void keys_close(struct keys *keys);
/* The number pad is that of the Linux console. */
void keys_console_pad(struct keys *keys);

void keys_feed(struct keys *keys, unsigned char byte, int64_t now_ms);
/* The next key that is certain at `now_ms`; false when there is none. */
bool keys_next(struct keys *keys, int64_t now_ms, struct press *out);
/* How long until something held back becomes certain; -1: nothing is held. */
int keys_wait_ms(const struct keys *keys, int64_t now_ms);
/* For so long, until now, nobody could read what came: a burst goes on after
 * it as if no time had passed. Times that presses bear do not change. */
void keys_pause(struct keys *keys, int64_t ms);
/* Forgets everything not given out yet. */
void keys_flush(struct keys *keys);

/* "F9", "Ctrl-P", "Alt-0", "Shift-Tab", "PageUp", "Space", "*": what people
 * call a key; and back, for tables and tests. Never translated. */
void press_name(const struct press *press, struct buf *out);
bool press_parse(const char *name, struct press *out);

#endif
