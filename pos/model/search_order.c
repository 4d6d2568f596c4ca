/*
 * search_order.c - sorting the words of the index, byte by byte from the
 * eighth to the first; comparing is left for words that are alike in all
 * eight. It takes half the instructions of merging from the start.
 */
#include <stdlib.h>
#include <string.h>

#include "pos/model/search_index.h"

/* A word by its first eight bytes, big-endian: most differ in them. */
struct sorted {
    uint64_t prefix;
    uint32_t word;
};

/* What is sorted. */
struct order {
    const struct search_index *index;
    const struct word *words;
};

static struct str folded_of(const struct order *o, uint32_t word)
{
    return word_folded(o->index, &o->words[word]);
}

static uint64_t prefix_of(struct str s)
{
    uint64_t prefix = 0;
    for (size_t i = 0; i < sizeof(prefix); i++)
        prefix = prefix << 8 | (i < s.len ? (unsigned char)s.data[i] : 0U);
    return prefix;
}

/* By these eight bits of the prefix; equal ones stay in order. */
static void sort_byte(const struct sorted *from, size_t n, int shift,
                      struct sorted *to)
{
    size_t ends[257] = { 0 };
    for (size_t i = 0; i < n; i++)
        ends[(from[i].prefix >> shift & 0xFF) + 1]++;
    for (size_t i = 1; i <= 256; i++)
        ends[i] += ends[i - 1];
    for (size_t i = 0; i < n; i++)
        to[ends[from[i].prefix >> shift & 0xFF]++] = from[i];
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool comes_before(const struct order *o, const struct sorted *x,
                         const struct sorted *y)
{
    return str_cmp(folded_of(o, x->word), folded_of(o, y->word)) < 0;
}

/* Two sorted halves, the second behind the first, into one. */
static void merge(const struct order *o, const struct sorted *x, size_t n_x,
                  size_t n_y, struct sorted *out)
{
    const struct sorted *y = x + n_x;
    while (n_x > 0 && n_y > 0) {
        bool second = comes_before(o, y, x);
        *out++ = second ? *y++ : *x++;
        n_x -= !second;
        n_y -= second;
    }
    memcpy(out, x, n_x * sizeof(*x));
    memcpy(out + n_x, y, n_y * sizeof(*y));
}

/* Words of one prefix, by all they are. */
static void sort_alike(const struct order *o, struct sorted *words, size_t n,
                       struct sorted *spare)
{
    struct sorted *from = words, *to = spare;
    for (size_t half = 1; half < n; half *= 2) {
        for (size_t at = 0; at < n; at += 2 * half) {
            size_t n_x = smaller(half, n - at);
            merge(o, from + at, n_x, smaller(half, n - at - n_x), to + at);
        }
        struct sorted *merged = to;
        to = from;
        from = merged;
    }
    if (from != words)
        memcpy(words, from, n * sizeof(*words));
}

uint32_t *search_order(const struct search_index *index,
                       const struct word *words, size_t n)
{
    struct order o = { index, words };
    struct sorted *all = x_alloc((n + 1) * sizeof(*all));
    struct sorted *spare = x_alloc((n + 1) * sizeof(*spare));
    uint32_t *order = x_alloc((n + 1) * sizeof(*order));
    for (uint32_t i = 0; i < n; i++)
        all[i] = (struct sorted){ prefix_of(folded_of(&o, i)), i };
    for (int shift = 0; shift < 64; shift += 16) {
        sort_byte(all, n, shift, spare);
        sort_byte(spare, n, shift + 8, all);
    }
    for (size_t i = 0, alike; i < n; i += alike) {
        for (alike = 1; i + alike < n; alike++) {
            if (all[i + alike].prefix != all[i].prefix)
                break;
        }
        /* Without a last byte they end there, and are equal. */
        if ((all[i].prefix & 0xFF) != 0)
            sort_alike(&o, all + i, alike, spare);
    }
    for (size_t i = 0; i < n; i++)
        order[i] = all[i].word;
    free(spare);
    free(all);
    return order;
}
