/*
 * search.c - the products that fit what is typed, best first.
 *
 * Sets of products are bits in list order. Each word of the query gives the
 * products it fits, one run of the index; the sets are intersected, and the
 * answer is read off rank by rank. So what a key costs depends on how often
 * words begin so, never on what is compared with what; and the sets of single
 * letters, the largest of all and the first to be asked for, are made
 * beforehand.
 */
#include "pos/model/search.h"

#include <stdlib.h>
#include <string.h>

#include "fair/text.h"
#include "pos/model/search_index.h"

enum {
    ASKED_MAX = 32, /* words of a query; more narrow nothing down */
    BITS = 64,
    LETTERS = 26,
    SIGNS = LETTERS + 10 /* and digits */
};

/* Of products, a bit each. */
struct sets {
    uint64_t *any;      /* the words fit */
    uint64_t *exact;    /* with the very accents where any were typed */
    uint64_t *begin;    /* the name begins so */
    uint64_t *initials; /* the initials of the name begin so */
};

struct search {
    const struct lists *lists;
    size_t len; /* of a set, in integers */
    struct search_index index;
    struct letters letters;
    uint64_t *memory;         /* of all sets */
    struct sets all, one;     /* of the whole query; of one word */
    struct sets signs[SIGNS]; /* of words of one letter or digit; no exact */
};

/* A word of the query. */
struct asked {
    struct str folded, exact;
    uint32_t place;
    bool accents, last;
    const struct word *from, *end; /* those of the list that begin so */
};

struct query {
    struct asked words[ASKED_MAX];
    int n;
    struct buf text; /* of the words */
};

/* What is worth asking of a word. */
struct wish {
    bool begin;    /* some name still may */
    bool initials; /* it is the only word, and has no accents */
};

/* ---- sets ---- */

static void put(uint64_t *set, uint32_t product)
{
    set[product / BITS] |= (uint64_t)1 << product % BITS;
}

/* The products where this word occurs. */
static void mark(const struct search *s, const struct word *w, uint64_t *set)
{
    const uint32_t *end = s->index.occurrences + w[1].first;
    for (const uint32_t *o = s->index.occurrences + w->first; o < end; o++)
        put(set, *o >> PLACE_BITS);
}

/* Those where it is at this place of the name. */
static void mark_place(const struct search *s, const struct word *w,
                       uint32_t place, uint64_t *set)
{
    const uint32_t *end = s->index.occurrences + w[1].first;
    for (const uint32_t *o = s->index.occurrences + w->first; o < end; o++) {
        if ((*o & ((1U << PLACE_BITS) - 1)) == place)
            put(set, *o >> PLACE_BITS);
    }
}

/* The sets of a word that is one letter or digit; NULL for others. */
static const struct sets *sign_sets(const struct search *s, struct str folded)
{
    size_t sign = SIGNS;
    if (folded.len == 1 && folded.data[0] >= 'a' && folded.data[0] <= 'z')
        sign = (size_t)(folded.data[0] - 'a');
    if (folded.len == 1 && folded.data[0] >= '0' && folded.data[0] <= '9')
        sign = (size_t)(LETTERS + folded.data[0] - '0');
    return sign < SIGNS ? &s->signs[sign] : NULL;
}

/* ---- opening ---- */

static void mark_words(struct search *s, struct str sign,
                       const struct sets *sets)
{
    const struct word *end, *w = search_index_run(&s->index, sign, &end);
    for (; w < end; w++) {
        if (word_is_initials(&s->index, w)) {
            mark(s, w, sets->initials);
            continue;
        }
        mark(s, w, sets->any);
        mark_place(s, w, 0, sets->begin);
    }
}

static void mark_signs(struct search *s)
{
    static const char signs[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    for (size_t i = 0; i < SIGNS; i++)
        mark_words(s, (struct str){ &signs[i], 1 }, &s->signs[i]);
}

static struct sets sets_at(uint64_t *memory, size_t len)
{
    return (struct sets){ memory, memory + len, memory + 2 * len,
                          memory + 3 * len };
}

struct search *search_open(const struct lists *lists)
{
    struct search *s = x_alloc(sizeof(*s));
    size_t len = (size_t)lists_count(lists) / BITS + 1;
    uint64_t *m = x_alloc((4 + 4 + 3 * SIGNS) * len * sizeof(*m));
    s->lists = lists;
    s->len = len;
    s->memory = m;
    s->all = sets_at(m, len);
    s->one = sets_at(m + 4 * len, len);
    m += 8 * len;
    for (size_t i = 0; i < SIGNS; i++, m += 3 * len)
        s->signs[i] = (struct sets){ m, NULL, m + len, m + 2 * len };
    search_index_build(lists, &s->letters, &s->index);
    mark_signs(s);
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

/* False when there is a word that none of the list begins with, or no word:
 * nothing is called so. */
static bool query_look_up(const struct search *s, struct query *query)
{
    for (int i = 0; i < query->n; i++) {
        struct asked *a = &query->words[i];
        a->from = search_index_run(&s->index, a->folded, &a->end);
        if (a->from == a->end)
            return false;
    }
    return query->n > 0;
}

/* What the words that begin so give; `known`: one.any holds it already. */
static void mark_asked(struct search *s, const struct asked *a,
                       const struct wish *wish, bool known)
{
    for (const struct word *w = a->from; w < a->end; w++) {
        if (word_is_initials(&s->index, w)) {
            if (wish->initials)
                mark(s, w, s->one.initials);
            continue;
        }
        if (a->accents && str_begins(word_exact(&s->index, w), a->exact))
            mark(s, w, s->one.exact);
        else if (!known)
            mark(s, w, s->one.any);
        if (wish->begin && (a->last || w->folded_len == a->folded.len))
            mark_place(s, w, a->place, s->one.begin);
    }
}

/* All there is to know about a first and only letter. */
static void take_sign(struct search *s, const struct sets *sign)
{
    size_t size = s->len * sizeof(uint64_t);
    memcpy(s->one.begin, sign->begin, size);
    memcpy(s->one.initials, sign->initials, size);
}

static void find_word(struct search *s, const struct asked *a,
                      const struct wish *wish)
{
    size_t size = s->len * sizeof(uint64_t);
    const struct sets *sign = sign_sets(s, a->folded);
    memset(s->one.any, 0, 4 * size);
    if (sign)
        memcpy(s->one.any, sign->any, size);
    if (sign && wish->initials)
        take_sign(s, sign);
    else if (!sign || a->accents || wish->begin)
        mark_asked(s, a, wish, sign != NULL);
    if (!a->accents)
        memcpy(s->one.exact, s->one.any, size);
    for (size_t i = 0; i < s->len; i++)
        s->one.any[i] |= s->one.exact[i];
}

/* True while there is something left. */
static bool narrow(uint64_t *all, const uint64_t *one, size_t len)
{
    uint64_t left = 0;
    for (size_t i = 0; i < len; i++)
        left |= all[i] &= one[i];
    return left != 0;
}

static void find_all(struct search *s, const struct query *query)
{
    size_t size = s->len * sizeof(uint64_t);
    const struct asked *first = &query->words[0];
    struct wish wish = { .begin = true,
                         .initials = query->n == 1 && !first->accents };
    memset(s->all.any, 0xFF, 3 * size);
    for (int i = 0; i < query->n; i++) {
        find_word(s, &query->words[i], &wish);
        wish.begin = narrow(s->all.begin, s->one.begin, s->len);
        narrow(s->all.exact, s->one.exact, s->len);
        if (!narrow(s->all.any, s->one.any, s->len))
            break;
    }
    memcpy(s->all.initials, s->one.initials, size);
}

/* ---- the answer ---- */

struct answer {
    const struct product **out;
    int n, max;
    uint64_t *left; /* not given yet */
    bool any_left;
};

/* Those in both sets that are left, in list order. */
static void give(const struct search *s, const uint64_t *a, const uint64_t *b,
                 struct answer *answer)
{
    uint64_t rest = 0;
    if (!answer->any_left)
        return;
    for (size_t j = 0; j < s->len && answer->n < answer->max; j++) {
        uint64_t bits = answer->left[j] & a[j] & b[j];
        rest |= answer->left[j] &= ~bits;
        for (; bits != 0 && answer->n < answer->max; bits &= bits - 1) {
            int at = (int)(j * BITS) + __builtin_ctzll(bits);
            answer->out[answer->n++] = lists_at(s->lists, at);
        }
    }
    answer->any_left = rest != 0;
}

static int give_best(struct search *s, const struct product **out, int max)
{
    struct sets *all = &s->all;
    struct answer answer = { out, 0, max, s->one.any, false };
    for (size_t j = 0; j < s->len; j++) {
        answer.left[j] = all->any[j] | all->initials[j];
        answer.any_left = answer.any_left || answer.left[j] != 0;
    }
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
    if (query_look_up(s, &query)) {
        find_all(s, &query);
        n = give_best(s, out, max);
    }
    buf_done(&query.text);
    return n;
}
