/*
 * search_index.c - making the index.
 *
 * The same few words make up a list, so each is folded and split off once: a
 * hash table knows words as they are written. It may tell apart what is the
 * same (Trà, trà): that is one entry more, and nothing else.
 */
#include "pos/model/search_index.h"

#include <stdlib.h>
#include <string.h>

/* Nothing here comes near MAX_INDEX: a list is at most MAX_LIST. */
enum { MAX_INDEX = MAX_OUTPUT, SLOTS_FIRST = 4096 };

/* What was read is numbers of words, and between them these: the name is over,
 * the product is. */
#define SEEN_ELSEWHERE (UINT32_MAX - 1)
#define SEEN_END       UINT32_MAX

/* Bytes as they are written: the last eight of them, big-endian, say it all
 * where there are no more. */
struct run {
    struct str text;
    uint64_t tail;
};

struct slot {
    uint64_t tail;
    uint32_t len;
    uint32_t word; /* + 1, or 0: free */
};

/* What only the making needs. */
struct builder {
    struct search_index *index;
    struct letters *letters;
    struct buf words;   /* struct word */
    struct buf written; /* struct str of each, as written in the list; of
                           initials, which nobody writes, empty */
    uint32_t *seen;     /* in list order */
    size_t n_seen, room;
    struct slot *slots; /* a power of two of them */
    uint32_t n_slots, n_taken;
    bool inside[256]; /* may the byte be inside a word? */
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

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* ---- words as they are written ---- */

static uint64_t tail_on(uint64_t tail, char c)
{
    return tail << 8 | (unsigned char)c;
}

static struct run run_of(struct str text)
{
    struct run run = { text, 0 };
    for (size_t i = 0; i < text.len; i++)
        run.tail = tail_on(run.tail, text.data[i]);
    return run;
}

static struct word *word_at(const struct builder *b, uint32_t i)
{
    return (struct word *)(void *)b->words.data + i;
}

static uint32_t slot_first(const struct builder *b, uint64_t tail)
{
    uint64_t hash = tail * 0x9E3779B97F4A7C15U;
    return (uint32_t)(hash >> 32) & (b->n_slots - 1);
}

static struct str written(const struct builder *b, uint32_t word)
{
    const struct str *all = (const void *)b->written.data;
    return all[word].len > 0 ? all[word]
                             : word_exact(b->index, word_at(b, word));
}

static bool is_written(const struct builder *b, const struct slot *slot,
                       const struct run *run)
{
    return slot->tail == run->tail && slot->len == run->text.len &&
           (slot->len <= sizeof(run->tail) ||
            str_eq(written(b, slot->word - 1), run->text));
}

/* The slot of a word written so, or the free one where it belongs. */
static struct slot *slot_of(const struct builder *b, const struct run *run)
{
    uint32_t at = slot_first(b, run->tail);
    while (b->slots[at].word != 0 && !is_written(b, &b->slots[at], run))
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
        uint32_t at = slot_first(b, old[i].tail);
        while (old[i].word != 0 && b->slots[at].word != 0)
            at = (at + 1) & (b->n_slots - 1);
        if (old[i].word != 0)
            b->slots[at] = old[i];
    }
    free(old);
}

/* The same with room for a new one. */
static struct slot *slot_for(struct builder *b, const struct run *run)
{
    if (b->n_taken >= b->n_slots / 2)
        more_slots(b);
    return slot_of(b, run);
}

static void take_slot(struct builder *b, struct slot *slot,
                      const struct run *run, uint32_t word)
{
    *slot = (struct slot){ run->tail, (uint32_t)run->text.len, word + 1 };
    b->n_taken++;
}

static uint32_t put_text(struct builder *b, struct str s)
{
    uint32_t at = (uint32_t)b->index->text.len;
    buf_str(&b->index->text, s);
    return at;
}

/* Its number. */
static uint32_t put_word(struct builder *b, const struct words *w,
                         struct str written)
{
    struct str folded = { w->folded, w->folded_len };
    struct str exact = { w->exact, w->exact_len };
    struct word new = { .folded = put_text(b, folded),
                        .folded_len = (uint16_t)folded.len,
                        .exact_len = (uint16_t)exact.len };
    new.exact = str_eq(folded, exact) ? new.folded : put_text(b, exact);
    buf_put(&b->words, &new, sizeof(new));
    buf_put(&b->written, &written, sizeof(written));
    return (uint32_t)b->index->n_words++;
}

static uint32_t put_initials(struct builder *b, struct str sign_and_letters)
{
    uint32_t at = put_text(b, sign_and_letters);
    uint16_t len = (uint16_t)sign_and_letters.len;
    struct word new = { .folded = at + 1,
                        .folded_len = (uint16_t)(len - 1),
                        .exact = at,
                        .exact_len = len };
    struct str never = { NULL, 0 };
    buf_put(&b->words, &new, sizeof(new));
    buf_put(&b->written, &never, sizeof(never));
    return (uint32_t)b->index->n_words++;
}

/* ---- reading the list ---- */

/* Room for all words of a text, and what a product has besides. */
static void make_room(struct builder *b, size_t text_len)
{
    enum { BESIDES = 3 };
    size_t needed = b->n_seen + text_len + BESIDES;
    if (needed <= b->room)
        return;
    b->room = 2 * needed + SLOTS_FIRST;
    b->seen = x_realloc(b->seen, b->room * sizeof(*b->seen));
}

static void put_seen(struct builder *b, uint32_t word)
{
    b->seen[b->n_seen++] = word;
}

/* A run of bytes that is no known word: a new one, or, with signs that are not
 * ASCII in it, none or several. Each counts as written up to where the next
 * begins. */
static void read_new(struct builder *b, struct str text)
{
    struct words words = { .letters = b->letters, .text = text };
    for (size_t from = 0; words_next(&words); from = words.pos) {
        struct run run =
            run_of((struct str){ text.data + from, words.pos - from });
        struct slot *slot = slot_for(b, &run);
        if (slot->word == 0)
            take_slot(b, slot, &run, put_word(b, &words, run.text));
        put_seen(b, slot->word - 1);
    }
}

static void read_text(struct builder *b, struct str text)
{
    if (text.len == 0)
        return; /* of nothing there is no end to point at */
    const char *from = text.data, *end = text.data + text.len;
    make_room(b, text.len);
    while (from < end) {
        const char *to = from;
        uint64_t tail = 0;
        for (; to < end && b->inside[(unsigned char)*to]; to++)
            tail = tail_on(tail, *to);
        struct run run = { { from, (size_t)(to - from) }, tail };
        from = to + 1;
        if (run.text.len == 0)
            continue;
        const struct slot *slot = slot_of(b, &run);
        if (slot->word == 0)
            read_new(b, run.text);
        else
            put_seen(b, slot->word - 1);
    }
}

/* The first letters of the words seen from `first` on. */
static void read_initials(struct builder *b, size_t first)
{
    char initials[1 + PLACE_LATER] = { INITIALS_SIGN };
    size_t n = smaller(b->n_seen - first, PLACE_LATER);
    for (size_t i = 0; i < n; i++) {
        const struct word *w = word_at(b, b->seen[first + i]);
        initials[1 + i] = b->index->text.data[w->folded];
    }
    put_seen(b, SEEN_ELSEWHERE);
    if (n < 2) /* one letter says no more than the name */
        return;
    struct run run = run_of((struct str){ initials, 1 + n });
    struct slot *slot = slot_for(b, &run);
    if (slot->word == 0)
        take_slot(b, slot, &run, put_initials(b, run.text));
    put_seen(b, slot->word - 1);
}

static void read_product(struct builder *b, const struct product *p)
{
    size_t first = b->n_seen;
    read_text(b, p->name);
    read_initials(b, first);
    read_text(b, p->seller);
    read_text(b, p->code);
    put_seen(b, SEEN_END);
}

static void read_list(struct builder *b, const struct lists *lists)
{
    for (int i = 0; i < (int)sizeof(b->inside); i++)
        b->inside[i] = i >= 0x80 || (i >= '0' && i <= '9') ||
                       (i >= 'a' && i <= 'z') || (i >= 'A' && i <= 'Z');
    more_slots(b);
    for (int i = 0; i < lists_count(lists); i++)
        read_product(b, lists_at(lists, i));
}

/* ---- laying it out ---- */

static uint32_t next_place(uint32_t place)
{
    return place < PLACE_LATER ? place + 1 : place;
}

/* Each word's occurrences, in list order, from its `first` on, which moves
 * behind them. rank[word]: where it came. */
static void fill(const struct builder *b, const uint32_t *rank)
{
    struct search_index *index = b->index;
    uint32_t product = 0, place = 0;
    for (const uint32_t *s = b->seen; s < b->seen + b->n_seen; s++) {
        if (*s == SEEN_ELSEWHERE) {
            place = PLACE_ELSEWHERE;
        } else if (*s == SEEN_END) {
            place = 0;
            product++;
        } else {
            uint32_t *first = &index->words[rank[*s]].first;
            index->occurrences[(*first)++] = product << PLACE_BITS | place;
            place = next_place(place);
        }
    }
}

/* Counts every word's occurrences into `first` of the one behind it, and sums
 * them up. */
static void lay_out(const struct builder *b, const uint32_t *rank)
{
    struct search_index *index = b->index;
    struct word *words = index->words;
    for (const uint32_t *s = b->seen; s < b->seen + b->n_seen; s++) {
        if (*s < SEEN_ELSEWHERE)
            words[rank[*s] + 1].first++;
    }
    for (int i = 0; i < index->n_words; i++)
        words[i + 1].first += words[i].first;
    index->occurrences =
        x_alloc(((size_t)words[index->n_words].first + 1) * sizeof(uint32_t));
    fill(b, rank);
    for (int i = index->n_words; i > 0; i--)
        words[i].first = words[i - 1].first;
    words[0].first = 0;
}

static void finish(struct builder *b)
{
    struct search_index *index = b->index;
    size_t n = (size_t)index->n_words;
    uint32_t *order = search_order(index, word_at(b, 0), n);
    uint32_t *rank = x_alloc((n + 1) * sizeof(*rank));
    index->words = x_alloc((n + 1) * sizeof(*index->words));
    for (uint32_t i = 0; i < n; i++) {
        index->words[i] = *word_at(b, order[i]);
        rank[order[i]] = i;
    }
    free(order);
    lay_out(b, rank);
    free(rank);
}

void search_index_build(const struct lists *lists, struct letters *letters,
                        struct search_index *out)
{
    struct builder b = { .index = out, .letters = letters };
    *out = (struct search_index){ .n_words = 0 };
    buf_init(&out->text, MAX_INDEX);
    buf_init(&b.words, MAX_INDEX);
    buf_init(&b.written, MAX_INDEX);
    read_list(&b, lists);
    ASSERT(buf_ok(&out->text) && buf_ok(&b.words) && buf_ok(&b.written));
    buf_done(&b.written);
    free(b.slots);
    finish(&b);
    buf_done(&b.words);
    free(b.seen);
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
