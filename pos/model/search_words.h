/*
 * search_words.h - words of a text, as searching sees them.
 *
 * A word is a run of letters, digits and their marks, in two forms: folded
 * (no accents, lower case, đ -> d) and exact (lower case only).
 */
#ifndef POS_SEARCH_WORDS_H
#define POS_SEARCH_WORDS_H

#include "fair/buf.h"

enum {
    LETTERS_LOW = 0x240,   /* Latin … */
    LETTERS_HIGH = 0x1E00, /* … and Latin with two marks: ệ, ử */
    LETTERS_MANY = 0x100,
    LETTER_BYTES = 4, /* of either form; longer ones count by their beginning */
    WORD_BYTES = 96   /* of the exact form; likewise */
};

struct letter {
    char folded[LETTER_BYTES], exact[LETTER_BYTES];
    unsigned char folded_len, exact_len;
    unsigned char kind;
};

/* What letters become, found out once each; zeroed at first. */
struct letters {
    struct letter known[LETTERS_LOW + LETTERS_MANY];
    struct letter other; /* the last one of all others */
};

struct words {
    struct letters *letters;
    struct str text; /* in NFC */
    size_t pos;
    /* No letter is twice as long folded. */
    char folded[2 * WORD_BYTES], exact[WORD_BYTES];
    size_t folded_len, exact_len;
};

/* The next word, or false at the end. */
bool words_next(struct words *words);

#endif
