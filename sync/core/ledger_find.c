#define _GNU_SOURCE /* memmem */
/*
 * ledger_find.c - a sale or refund by its basket or payment reference.
 *
 * The index is built by looking for the two members' text in every event,
 * without decoding: inside a string a quote always has a backslash before it,
 * so `"basket":"` can only be the member itself. A hit is a candidate; the
 * event is decoded and compared before it counts. Who knows that it can only
 * be among the newest events does without.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/i18n.h"
#include "ledger_parts.h"

enum { FIRST_ROOM = 256 };

static uint64_t word_hash(struct str word) /* FNV-1a */
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < word.len; i++)
        h = (h ^ (uint8_t)word.data[i]) * UINT64_C(1099511628211);
    return h;
}

static void slot_put(struct basket_index *index, uint64_t hash, int64_t seq)
{
    size_t at = hash & (index->room - 1);
    while (index->slots[at].seq != 0)
        at = (at + 1) & (index->room - 1);
    index->slots[at] = (struct basket_slot){ hash, seq };
}

static void grow(struct basket_index *index)
{
    struct basket_index old = *index;
    index->room = old.room ? 2 * old.room : FIRST_ROOM;
    index->slots = x_alloc(index->room * sizeof(*index->slots));
    for (size_t i = 0; i < old.room; i++) {
        if (old.slots[i].seq != 0)
            slot_put(index, old.slots[i].hash, old.slots[i].seq);
    }
    free(old.slots);
}

static void note(struct basket_index *index, int64_t seq, struct str word)
{
    if (2 * (index->n + 1) > index->room)
        grow(index);
    slot_put(index, word_hash(word), seq);
    index->n++;
}

static void note_member(struct basket_index *index, int64_t seq,
                        struct str bytes, struct str member)
{
    const char *at = memmem(bytes.data, bytes.len, member.data, member.len);
    if (!at)
        return;
    struct str word = { at + member.len, 0 };
    size_t left = bytes.len - (size_t)(word.data - bytes.data);
    const char *end = memchr(word.data, '"', left);
    if (!end)
        return;
    word.len = (size_t)(end - word.data);
    note(index, seq, word);
}

void basket_index_add(struct basket_index *index, int64_t seq,
                      enum event_kind kind, const union body *body)
{
    if (!index->built)
        return;
    if (kind == EV_SALE)
        note(index, seq, body->sale.reference);
    if (kind == EV_SALE && body->sale.basket.len > 0)
        note(index, seq, body->sale.basket);
    if (kind == EV_REFUND && body->refund.basket.len > 0)
        note(index, seq, body->refund.basket);
}

void basket_index_done(struct basket_index *index)
{
    free(index->slots);
    *index = (struct basket_index){ 0 };
}

static enum err note_event(void *ctx, const struct stored *s)
{
    note_member(ctx, s->seq, s->bytes, STR("\"basket\":\""));
    note_member(ctx, s->seq, s->bytes, STR("\"ref\":\""));
    return ERR_OK;
}

static enum err index_build(struct ledger *l)
{
    if (l->baskets.built)
        return ERR_OK;
    l->baskets.built = true;
    enum err e = ledger_each(l, 1, l->state.count, note_event, &l->baskets);
    if (e != ERR_OK)
        basket_index_done(&l->baskets);
    return e;
}

typedef bool match_fn(const struct event *e, const union body *b,
                      struct str word);

static bool is_basket(const struct event *e, const union body *b,
                      struct str word)
{
    if (e->kind == EV_REFUND)
        return word.len > 0 && str_eq(b->refund.basket, word);
    if (e->kind != EV_SALE)
        return false;
    bool named = b->sale.basket.len > 0;
    return str_eq(named ? b->sale.basket : b->sale.reference, word);
}

static bool is_reference(const struct event *e, const union body *b,
                         struct str word)
{
    return e->kind == EV_SALE && str_eq(b->sale.reference, word);
}

static enum err compare(struct ledger *l, int64_t seq, struct str word,
                        match_fn *match, bool *same)
{
    struct stored s;
    struct event e;
    union body *body = l->guard.scratch;
    enum err err = ledger_get(l, seq, &s);
    if (err != ERR_OK)
        return err;
    buf_clear(&l->guard.arena);
    if (event_decode(s.bytes, &e) || body_decode(&e, &l->guard.arena, body))
        return ledger_fail(l, ERR_CORRUPT, N_("an event cannot be read"));
    *same = match(&e, body, word);
    return ERR_OK;
}

static enum err find(struct ledger *l, struct str word, match_fn *match,
                     int64_t *seq)
{
    enum err e = index_build(l);
    const struct basket_index *index = &l->baskets;
    uint64_t hash = word_hash(word);
    int64_t found = 0;
    for (size_t at = hash; e == ERR_OK && index->room > 0; at++) {
        const struct basket_slot *slot = &index->slots[at & (index->room - 1)];
        if (slot->seq == 0)
            break;
        bool same = false;
        if (slot->hash == hash && (found == 0 || slot->seq < found))
            e = compare(l, slot->seq, word, match, &same);
        if (same)
            found = slot->seq;
    }
    if (e != ERR_OK)
        return e;
    if (found == 0)
        return ERR_NOT_FOUND;
    *seq = found;
    return ERR_OK;
}

enum err ledger_find_basket(struct ledger *l, struct str basket, int64_t *seq)
{
    return find(l, basket, is_basket, seq);
}

enum err ledger_find_reference(struct ledger *l, struct str reference,
                               int64_t *seq)
{
    return find(l, reference, is_reference, seq);
}

/* ---- without the index ---- */

struct search {
    struct ledger *ledger;
    struct str word;
    int64_t found;
};

static enum err look(void *ctx, const struct stored *s)
{
    struct search *search = ctx;
    struct str word = search->word;
    bool same = false;
    if (!memmem(s->bytes.data, s->bytes.len, word.data, word.len))
        return ERR_OK;
    enum err e = compare(search->ledger, s->seq, word, is_basket, &same);
    if (e != ERR_OK || !same)
        return e;
    search->found = s->seq;
    return ERR_NOT_FOUND;
}

enum err ledger_find_basket_since(struct ledger *l, struct str basket,
                                  int64_t since, int64_t *seq)
{
    struct search search = { l, basket, 0 };
    if (l->baskets.built)
        return ledger_find_basket(l, basket, seq);
    enum err e = ledger_each(l, since + 1, l->state.count, look, &search);
    if (search.found == 0)
        return e == ERR_OK ? ERR_NOT_FOUND : e;
    *seq = search.found;
    return ERR_OK;
}
