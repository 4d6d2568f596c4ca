/*
 * gs1.h - element strings of GS1: application identifiers and their values, as
 * scanners send them (FNC1 between as GS) or as they are printed for people,
 * "(01)08931234567897(10)L1".
 *
 * Only form is judged: known identifiers, fixed lengths, GS1's characters. In
 * a printed string a value ends where the next parentheses with two to four
 * digits begin.
 */
#ifndef POS_GS1_H
#define POS_GS1_H

#include "fair/buf.h"

enum { GS1_FNC1 = 0x1D };

struct gs1_element {
    struct str ai;    /* 2–4 digits */
    struct str value; /* 1–90 characters, visible ASCII; digits where GS1 gives
                         a length */
};

struct gs1_reader {
    struct str rest; /* empty once everything was read */
    bool printed;
};

struct gs1_reader gs1_begin(struct str text);

/* Takes the next element off; false where none follows. */
bool gs1_next(struct gs1_reader *reader, struct gs1_element *out) MUST_USE;

#endif
