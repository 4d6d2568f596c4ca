/*
 * keyboard.h - what comes in, and when, against the keys that go out. Time is a
 * number here; what came out is written down as names: "3 * 12" are four keys,
 * a code is "Scan(…)".
 */
#ifndef TESTS_KEYBOARD_H
#define TESTS_KEYBOARD_H

#include "pos/term/keys.h"

enum { KEYBOARD_GAP_MS = 35, KEYBOARD_SCAN_MIN = 6 };

struct keyboard {
    struct keys *keys;
    int64_t now_ms;
    struct buf got; /* names, a blank between */
};

struct keyboard keyboard_open(void);
void keyboard_close(struct keyboard *d);
#define KEYBOARD(d) \
    __attribute__((cleanup(keyboard_close))) struct keyboard d = keyboard_open()

/* All at one moment, as in one read. */
void keyboard_come(struct keyboard *d, const char *bytes);
void keyboard_come_bytes(struct keyboard *d, struct str bytes);
/* Every byte, and `ms` of silence after it. */
void keyboard_type(struct keyboard *d, const char *bytes, int ms);
void keyboard_pass(struct keyboard *d, int ms);
/* Waits just as long as the keys ask for, until nothing is held back. */
void keyboard_rest(struct keyboard *d);

/* Fails the test unless these came since the last time it was asked. */
void keyboard_gave(struct keyboard *d, const char *names);
/* What one read gives in the end, at a keyboard of its own. */
void keyboard_gives(const char *bytes, const char *names);

/* Writes a press down behind others. */
void press_note(const struct press *press, struct buf *out);

#endif
