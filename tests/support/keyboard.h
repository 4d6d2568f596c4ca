/*
 * desk.h - what comes in, and when, against the keys that go out. Time is a
 * number here; what came out is written down as names: "3 * 12" are four keys,
 * a code is "Scan(…)".
 */
#ifndef TESTS_DESK_H
#define TESTS_DESK_H

#include "pos/term/keys.h"

enum { DESK_GAP_MS = 35, DESK_SCAN_MIN = 6 };

struct desk {
    struct keys *keys;
    int64_t now_ms;
    struct buf got; /* names, a blank between */
};

struct desk desk_open(void);
void desk_close(struct desk *d);
#define DESK(d) __attribute__((cleanup(desk_close))) struct desk d = desk_open()

/* All at one moment, as in one read. */
void desk_come(struct desk *d, const char *bytes);
void desk_come_bytes(struct desk *d, struct str bytes);
/* Every byte, and `ms` of silence after it. */
void desk_type(struct desk *d, const char *bytes, int ms);
void desk_pass(struct desk *d, int ms);
/* Waits just as long as the keys ask for, until nothing is held back. */
void desk_rest(struct desk *d);

/* Fails the test unless these came since the last time it was asked. */
void desk_gave(struct desk *d, const char *names);
/* What one read gives in the end, at a desk of its own. */
void desk_gives(const char *bytes, const char *names);

/* Writes a press down behind others. */
void press_note(const struct press *press, struct buf *out);

#endif
