/*
 * text_rules.h - what kinds of code points there are for us; shared by the
 * text_*.c files only.
 */
#ifndef FAIR_TEXT_RULES_H
#define FAIR_TEXT_RULES_H

#include "fair/text.h"

enum {
    CODE_REPLACEMENT = 0xFFFD, /* stands for a byte that is not UTF-8 */
    MARKS_MAX = 2              /* on one base; Vietnamese NFD needs both */
};

enum text_class {
    TEXT_HARMFUL, /* control, format, surrogate, private, separator, none */
    TEXT_BLANK,   /* a space of any width */
    TEXT_MARK,    /* combines with what stands before it */
    TEXT_BASE
};

enum text_class text_class(int32_t code);

/* utf8_next() that also tells a byte which is not UTF-8 from a U+FFFD in the
 * text. */
int32_t text_next(struct str s, size_t *pos, bool *broken);

#endif
