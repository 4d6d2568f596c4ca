/*
 * search.c - the products that fit what is typed, best first.
 *
 * Sets of products are bits in list order. Each word of the query gives the
 * products it fits, one run of the index; the sets are intersected, and the
 * answer is read off rank by rank. So what a key costs depends on how often
 * words begin with it, never on what is compared with what.
 */
#include "pos/model/search.h"

#include <stdlib.h>
#include <string.h>

#include "fair/text.h"
#include "pos/model/search_index.h"

enum { ASKED_MAX = 32, BITS = 64 };

/* Of products, a bit each. */
struct sets {
    uint64_t *any;      /* the words fit */
    uint64_t *exact;    /* with the very accents where any were typed */
    uint64_t *begin;    /* the name begins so */
    uint64_t *initials; /* the initials of the name begin so */
};

struct search {
    const struct lists *lists;
    size_t n_sets; /* length of a set in integers */
    struct search_index index;
    struct letters letters;
    struct sets all, one; /* of the whole query; of one word */
    uint64_t *memory;     /* of all these sets */
};

/* A word of the query. */
struct asked {
    struct str folded, exact;
    uint32_t place;
    bool accents, last;
};

struct query {
    struct asked words[ASKED_MAX]; /* more narrow nothing down */
    int n;
    struct buf text; /* of the words */
};

/* ---- opening ---- */

static void sets_take(struct sets *sets, uint64_t *memory, size_t n)
{
    *sets = (struct sets){ memory, memory + n, memory + 2 * n, memory + 3 * n };
}

struct search *search_open(const struct lists *lists)
{
    enum { SETS = 4 };
    struct search *s = x_alloc(sizeof(*s));
    s->lists = lists;
    s->n_sets = (size_t)lists_count(lists) / BITS + 1;
    s->memory = x_alloc(2 * SETS * s->n_sets * sizeof(*s->memory));
    sets_take(&s->all, s->memory, s->n_sets);
    sets_take(&s->one, s->memory + SETS * s->n_sets, s->n_sets);
    search_index_build(lists, &s->letters, &s->index);
    return s;
}

void search_close(struct search *s)
{
    if (!s)
        return;
    search_index_done(&s->index);
    free(s->memory);
    free(s);
}

/* ---- the query ---- */

static struct str keep(struct buf *text, const char *bytes, size_t len)
{
    const char *at = text->data + text->len;
    buf_put(text, bytes, len);
    return (struct str){ at, len };
}

/* Words of `text` in NFC; they live in query->text. */
static void query_read(struct search *s, struct str text, struct query *query)
{
    struct words words = { .letters = &s->letters, .text = text };
    query->n = 0;
    /* Room for all of them now: what was kept does not move. */
    ASSERT(buf_room(&query->text, 3 * ASKED_MAX * WORD_BYTES));
    while (query->n < ASKED_MAX && words_next(&words)) {
        struct asked *a = &query->words[query->n];
        a->folded = keep(&query->text, words.folded, words.folded_len);
        a->exact = keep(&query->text, words.exact, words.exact_len);
        a->accents = !str_eq(a->folded, a->exact);
        a->place = (uint32_t)query->n++;
        a->last = false;
    }
    if (query->n > 0)
        query->words[query->n - 1].last = true;
}

/* ---- sets ---- */

static void put(uint64_t *set, uint32_t product)
{
    set[product / BITS] |= (uint64_t)1 << product % BITS;
}

/* The products where this word occurs, which begins with what was asked. */
static void mark(struct search *s, const struct word *w, const struct asked *a)
{
    bool exact = a->accents && str_begins(word_exact(&s->index, w), a->exact);
    bool whole = a->last || w->folded_len == a->folded.len;
    const uint32_t *end = s->index.occurrences + w[1].first;
    for (const uint32_t *o = s->index.occurrences + w->first; o < end; o++) {
        uint32_t product = *o >> PLACE_BITS;
        uint32_t place = *o & ((1U << PLACE_BITS) - 1);
        if (place == PLACE_INITIALS) {
            put(s->one.initials, product);
            continue;
        }
        put(s->one.any, product);
        if (exact)
            put(s->one.exact, product);
        if (whole && place == a->place)
            put(s->one.begin, product);
    }
}

static void find_word(struct search *s, const struct asked *a)
{
    memset(s->one.any, 0, 4 * s->n_sets * sizeof(*s->one.any));
    int i = search_index_from(&s->index, a->folded);
    for (; i < s->index.n_words; i++) {
        const struct word *w = &s->index.words[i];
        if (!str_begins(word_folded(&s->index, w), a->folded))
            break;
        mark(s, w, a);
    }
    if (!a->accents)
        memcpy(s->one.exact, s->one.any, s->n_sets * sizeof(*s->one.any));
}

static void find_all(struct search *s, const struct query *query)
{
    const struct asked *first = &query->words[0];
    for (int i = 0; i < query->n; i++) {
        find_word(s, &query->words[i]);
        for (size_t j = 0; j < s->n_sets; j++) {
            uint64_t keep_all = i == 0 ? ~(uint64_t)0 : 0;
            s->all.any[j] = (s->all.any[j] | keep_all) & s->one.any[j];
            s->all.exact[j] = (s->all.exact[j] | keep_all) & s->one.exact[j];
            s->all.begin[j] = (s->all.begin[j] | keep_all) & s->one.begin[j];
        }
    }
    bool initials = query->n == 1 && !first->accents;
    for (size_t j = 0; j < s->n_sets; j++)
        s->all.initials[j] = initials ? s->one.initials[j] : 0;
}

/* ---- the answer ---- */

struct answer {
    const struct product **out;
    int n, max;
    uint64_t *left; /* not given yet */
};

/* Those in both sets that are left, in list order. */
static void give(const struct search *s, const uint64_t *a, const uint64_t *b,
                 struct answer *answer)
{
    for (size_t j = 0; j < s->n_sets && answer->n < answer->max; j++) {
        uint64_t bits = answer->left[j] & a[j] & b[j];
        answer->left[j] &= ~bits;
        for (; bits != 0 && answer->n < answer->max; bits &= bits - 1) {
            int at = (int)(j * BITS) + __builtin_ctzll(bits);
            answer->out[answer->n++] = lists_at(s->lists, at);
        }
    }
}

static int give_best(struct search *s, const struct product **out, int max)
{
    struct sets *all = &s->all;
    struct answer answer = { out, 0, max, s->one.any };
    for (size_t j = 0; j < s->n_sets; j++)
        answer.left[j] = all->any[j] | all->initials[j];
    give(s, all->exact, all->begin, &answer);
    give(s, all->exact, all->exact, &answer);
    give(s, all->begin, all->begin, &answer);
    give(s, all->any, all->any, &answer);
    give(s, all->initials, all->initials, &answer);
    return answer.n;
}

int search_find(struct search *s, struct str text, const struct product **out,
                int max)
{
    BUF(nfc, MAX_TEXT);
    struct query query;
    bool normal = text_nfc(&nfc, text) == ERR_OK;
    buf_init(&query.text, 3 * ASKED_MAX * WORD_BYTES);
    query_read(s, normal ? buf_slice(&nfc) : text, &query);
    int n = 0;
    if (query.n > 0) {
        find_all(s, &query);
        n = give_best(s, out, max);
    }
    buf_done(&query.text);
    return n;
}
