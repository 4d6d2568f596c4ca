/*
 * search_index.h - every word of a list in the order of its folded form, and
 * where it occurs.
 *
 * Words that differ only in accents (or in capitals, which nobody asks for)
 * stand side by side, each with its own occurrences; those of neighbours lie
 * side by side too, so that all occurrences of a prefix are one run.
 */
#ifndef POS_SEARCH_INDEX_H
#define POS_SEARCH_INDEX_H

#include "fair/lists.h"
#include "pos/model/search_words.h"

/* An occurrence is the product's number and the place of the word in it. */
enum {
    PLACE_BITS = 8,
    PLACE_LATER = 64,     /* from here on in the name */
    PLACE_ELSEWHERE = 255 /* in the producer's name or the code, or initials */
};

/* The exact form of initials begins with a sign that no text has, so that they
 * are never taken for a word. */
enum { INITIALS_SIGN = 1 };

struct word {
    uint32_t folded, exact; /* where they are in `text` */
    uint16_t folded_len, exact_len;
    uint32_t first; /* occurrence; the next word's is one behind its last */
};

struct search_index {
    struct buf text;
    struct word *words; /* n_words, and one behind for its `first` */
    int n_words;
    uint32_t *occurrences; /* of each word in list order */
};

void search_index_build(const struct lists *lists, struct letters *letters,
                        struct search_index *out);
void search_index_done(struct search_index *index);

/* The words whose folded form begins with `prefix`: from this one on, as many
 * as do. */
const struct word *search_index_run(const struct search_index *index,
                                    struct str prefix, const struct word **end);
struct str word_folded(const struct search_index *index, const struct word *w);
struct str word_exact(const struct search_index *index, const struct word *w);
bool word_is_initials(const struct search_index *index, const struct word *w);
bool str_begins(struct str s, struct str prefix);

/* The numbers of n words in the order of their folded forms, shorter first, to
 * be freed (search_order.c). */
uint32_t *search_order(const struct search_index *index,
                       const struct word *words, size_t n);

#endif
