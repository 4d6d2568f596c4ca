/*
 * search_index.c - making the index: words are told apart by a hash table
 * while the list is read, then sorted once.
 */
#include "pos/model/search_index.h"

#include <stdlib.h>
#include <string.h>

/* Nothing here comes near MAX_INDEX: a list is at most MAX_LIST. */
enum { MAX_INDEX = MAX_OUTPUT, SLOTS_FIRST = 4096, HEARD = 1024 };

/* What only the making needs. */
struct occurrence {
    uint32_t word, at;
};

struct slot {
    uint32_t hash, word; /* word + 1, or 0: free */
};

/* A producer's words are the same for all of their products: where those of
 * one stand. */
struct heard {
    struct str seller;
    uint32_t first, n;
};

struct builder {
    struct search_index *index;
    struct buf words;        /* struct word */
    struct occurrence *seen; /* in list order */
    uint32_t n_seen, room;
    struct slot *slots; /* a power of two of them */
    uint32_t n_slots;
    struct heard *heard; /* by a hash; the latest of equals */
};

struct str word_folded(const struct search_index *index, const struct word *w)
{
    return (struct str){ index->text.data + w->folded, w->folded_len };
}

struct str word_exact(const struct search_index *index, const struct word *w)
{
    return (struct str){ index->text.data + w->exact, w->exact_len };
}

bool word_is_initials(const struct search_index *index, const struct word *w)
{
    return index->text.data[w->exact] == INITIALS_SIGN;
}

bool str_begins(struct str s, struct str prefix)
{
    return s.len >= prefix.len && memcmp(s.data, prefix.data, prefix.len) == 0;
}

/* ---- telling words apart ---- */

static struct word *word_at(const struct builder *b, uint32_t i)
{
    return (struct word *)(void *)b->words.data + i;
}

static bool is_word(const struct builder *b, struct slot slot, uint32_t hash,
                    struct str exact)
{
    if (slot.hash != hash)
        return false;
    const struct word *w = word_at(b, slot.word - 1);
    return w->exact_len == exact.len &&
           memcmp(b->index->text.data + w->exact, exact.data, exact.len) == 0;
}

/* The slot of this exact form, or the free one where it belongs. */
static struct slot *slot_of(const struct builder *b, uint32_t hash,
                            struct str exact)
{
    uint32_t at = (hash ^ hash >> 15) & (b->n_slots - 1);
    while (b->slots[at].word != 0 && !is_word(b, b->slots[at], hash, exact))
        at = (at + 1) & (b->n_slots - 1);
    return &b->slots[at];
}

static void more_slots(struct builder *b)
{
    struct slot *old = b->slots;
    uint32_t n_old = b->n_slots;
    b->n_slots = n_old > 0 ? n_old * 2 : SLOTS_FIRST;
    b->slots = x_alloc(b->n_slots * sizeof(*b->slots));
    for (uint32_t i = 0; i < n_old; i++) {
        uint32_t at = (old[i].hash ^ old[i].hash >> 15) & (b->n_slots - 1);
        while (old[i].word != 0 && b->slots[at].word != 0)
            at = (at + 1) & (b->n_slots - 1);
        if (old[i].word != 0)
            b->slots[at] = old[i];
    }
    free(old);
}

static uint32_t put_text(struct builder *b, struct str s)
{
    uint32_t at = (uint32_t)b->index->text.len;
    buf_str(&b->index->text, s);
    return at;
}

static void put_word(struct builder *b, struct str folded, struct str exact)
{
    struct word w = { .folded_len = (uint16_t)folded.len,
                      .exact_len = (uint16_t)exact.len };
    w.folded = put_text(b, folded);
    w.exact = str_eq(folded, exact) ? w.folded : put_text(b, exact);
    buf_put(&b->words, &w, sizeof(w));
}

static void put_seen(struct builder *b, uint32_t word, uint32_t at)
{
    if (b->n_seen == b->room) {
        b->room = b->room > 0 ? 2 * b->room : SLOTS_FIRST;
        b->seen = x_realloc(b->seen, b->room * sizeof(*b->seen));
    }
    b->seen[b->n_seen++] = (struct occurrence){ word, at };
}

static void put_occurrence(struct builder *b, const struct words *w,
                           uint32_t at)
{
    struct str exact = { w->exact, w->exact_len };
    if (b->index->n_words >= (int)(b->n_slots / 2))
        more_slots(b);
    struct slot *slot = slot_of(b, w->hash, exact);
    if (slot->word == 0) {
        put_word(b, (struct str){ w->folded, w->folded_len }, exact);
        *slot = (struct slot){ w->hash, (uint32_t)++b->index->n_words };
    }
    put_seen(b, slot->word - 1, at);
}

/* ---- reading the list ---- */

static void read_words(struct builder *b, struct words *words, struct str text,
                       uint32_t at)
{
    words->text = text;
    words->pos = 0;
    while (words_next(words))
        put_occurrence(b, words, at | PLACE_ELSEWHERE);
}

static struct heard *heard_of(struct builder *b, struct str seller)
{
    uint32_t hash = 0;
    for (size_t i = 0; i < seller.len; i++)
        hash = hash * 31 + (unsigned char)seller.data[i];
    return &b->heard[hash % HEARD];
}

static void read_seller(struct builder *b, struct words *words,
                        struct str seller, uint32_t at)
{
    struct heard *h = heard_of(b, seller);
    if (str_eq(h->seller, seller)) {
        for (uint32_t i = h->first; i < h->first + h->n; i++)
            put_seen(b, b->seen[i].word, at | PLACE_ELSEWHERE);
        return;
    }
    uint32_t first = b->n_seen;
    read_words(b, words, seller, at);
    *h = (struct heard){ seller, first, b->n_seen - first };
}

static void read_name(struct builder *b, struct words *words, struct str name,
                      uint32_t at)
{
    char initials[PLACE_LATER];
    uint32_t place = 0;
    words->text = name;
    words->pos = 0;
    while (words_next(words)) {
        put_occurrence(b, words, at | place);
        if (place < PLACE_LATER)
            initials[place++] = words->folded[0];
    }
    if (place > 1) { /* one letter says no more than the name */
        words_initials(words, (struct str){ initials, place });
        put_occurrence(b, words, at | PLACE_ELSEWHERE);
    }
}

static void read_list(struct builder *b, const struct lists *lists,
                      struct letters *letters)
{
    struct words words = { .letters = letters };
    for (int i = 0; i < lists_count(lists); i++) {
        const struct product *p = lists_at(lists, i);
        uint32_t at = (uint32_t)i << PLACE_BITS;
        read_name(b, &words, p->name, at);
        read_seller(b, &words, p->seller, at);
        read_words(b, &words, p->code, at);
    }
}

/* ---- sorting ---- */

/* Most comparisons end at the first eight bytes, big-endian. */
struct sorted {
    uint64_t prefix;
    uint32_t word;
};

static uint64_t prefix_of(struct str s)
{
    uint64_t prefix = 0;
    for (size_t i = 0; i < sizeof(prefix); i++)
        prefix = prefix << 8 | (i < s.len ? (unsigned char)s.data[i] : 0U);
    return prefix;
}

static bool comes_before(const struct builder *b, const struct sorted *x,
                         const struct sorted *y)
{
    if (x->prefix != y->prefix)
        return x->prefix < y->prefix;
    return str_cmp(word_folded(b->index, word_at(b, x->word)),
                   word_folded(b->index, word_at(b, y->word))) < 0;
}

/* Two sorted runs, the second behind the first, into one. */
static void merge(const struct builder *b, const struct sorted *x, size_t n_x,
                  size_t n_y, struct sorted *out)
{
    const struct sorted *y = x + n_x;
    while (n_x > 0 && n_y > 0) {
        bool second = comes_before(b, y, x);
        *out++ = second ? *y++ : *x++;
        n_x -= !second;
        n_y -= second;
    }
    memcpy(out, x, n_x * sizeof(*x));
    memcpy(out + n_x, y, n_y * sizeof(*y));
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* To be freed. */
static struct sorted *sorted_words(const struct builder *b, size_t n)
{
    struct sorted *from = x_alloc((n + 1) * sizeof(*from));
    struct sorted *to = x_alloc((n + 1) * sizeof(*to));
    for (uint32_t i = 0; i < n; i++)
        from[i] =
            (struct sorted){ prefix_of(word_folded(b->index, word_at(b, i))),
                             i };
    for (size_t run = 1; run < n; run *= 2) {
        for (size_t at = 0; at < n; at += 2 * run) {
            size_t n_x = smaller(run, n - at);
            merge(b, from + at, n_x, smaller(run, n - at - n_x), to + at);
        }
        struct sorted *merged = to;
        to = from;
        from = merged;
    }
    free(to);
    return from;
}

/* ---- laying it out ---- */

/* Counts every word's occurrences into `first` of the one behind it, and sums
 * them up. rank[word]: where it came. */
static void lay_out(const struct builder *b, const uint32_t *rank)
{
    struct search_index *index = b->index;
    const struct occurrence *o = b->seen;
    uint32_t n = b->n_seen;
    struct word *words = index->words;
    for (uint32_t i = 0; i < n; i++)
        words[rank[o[i].word] + 1].first++;
    for (int i = 0; i < index->n_words; i++)
        words[i + 1].first += words[i].first;
    /* Filled from behind: then `first` ends where it belongs, and each word's
     * occurrences in list order. */
    for (uint32_t i = n; i-- > 0;)
        index->occurrences[--words[rank[o[i].word] + 1].first] = o[i].at;
    for (int i = 0; i < index->n_words; i++)
        words[i].first = words[i + 1].first;
    words[index->n_words].first = n;
}

static void finish(struct builder *b)
{
    struct search_index *index = b->index;
    size_t n = (size_t)index->n_words;
    struct sorted *order = sorted_words(b, n);
    uint32_t *rank = x_alloc((n + 1) * sizeof(*rank));
    index->words = x_alloc((n + 1) * sizeof(*index->words));
    for (uint32_t i = 0; i < n; i++) {
        index->words[i] = *word_at(b, order[i].word);
        rank[order[i].word] = i;
    }
    free(order);
    index->occurrences = x_alloc((b->n_seen + 1) * sizeof(uint32_t));
    lay_out(b, rank);
    free(rank);
}

void search_index_build(const struct lists *lists, struct letters *letters,
                        struct search_index *out)
{
    struct builder b = { .index = out };
    *out = (struct search_index){ .n_words = 0 };
    buf_init(&out->text, MAX_INDEX);
    buf_init(&b.words, MAX_INDEX);
    b.heard = x_alloc(HEARD * sizeof(*b.heard));
    read_list(&b, lists, letters);
    ASSERT(buf_ok(&out->text) && buf_ok(&b.words));
    finish(&b);
    buf_done(&b.words);
    free(b.seen);
    free(b.slots);
    free(b.heard);
}

void search_index_done(struct search_index *index)
{
    buf_done(&index->text);
    free(index->words);
    free(index->occurrences);
}

/* The first word from `low` on that is not before `prefix`, or that is `after`
 * all which begin so. */
static int border(const struct search_index *index, int low, struct str prefix,
                  bool after)
{
    int high = index->n_words;
    while (low < high) {
        int middle = low + (high - low) / 2;
        struct str word = word_folded(index, &index->words[middle]);
        if (str_cmp(word, prefix) < 0 || (after && str_begins(word, prefix)))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct word *search_index_run(const struct search_index *index,
                                    struct str prefix, const struct word **end)
{
    int first = border(index, 0, prefix, false);
    *end = index->words + border(index, first, prefix, true);
    return index->words + first;
}
