/*
 * answer.c - the signed acknowledgement: where a device stands.
 *
 * Made from what the store holds when it is asked, never from what a push
 * said: an acknowledgement is a promise that is kept already.
 */
#include <stdlib.h>

#include "fair/chain.h"

#include "ingest.h"
#include "sync/aggregator/store/branching.h"

/* ---- on hold ------------------------------------------------------------- */

struct ranges { /* of decisions to hold and to release, in their order */
    struct range {
        int64_t first, last;
        bool hold;
    } * at;
    size_t n;
};

static enum err take_decision(void *ctx, const struct decision *d)
{
    struct ranges *r = ctx;
    bool hold = str_is(str_of(d->what), "hold");

    if (!hold && !str_is(str_of(d->what), "release"))
        return ERR_OK;
    r->at = x_realloc(r->at, (r->n + 1) * sizeof(*r->at));
    r->at[r->n++] = (struct range){ d->first, d->last, hold };
    return ERR_OK;
}

/* The last decision about an event holds. */
static bool event_held(const struct ranges *r, int64_t seq)
{
    bool held = false;

    for (size_t i = 0; i < r->n; i++) {
        if (r->at[i].first <= seq && seq <= r->at[i].last)
            held = r->at[i].hold;
    }
    return held;
}

/* A stretch of held events begins where a decision to hold does or behind one
 * to release. */
static bool any_held(const struct ranges *r, int64_t count)
{
    for (size_t i = 0; i < r->n; i++) {
        int64_t seq = r->at[i].hold ? r->at[i].first : r->at[i].last;

        if (!r->at[i].hold && seq < count)
            seq++;
        if (seq <= count && event_held(r, seq))
            return true;
    }
    return false;
}

static enum err device_held(struct store *s, struct str device,
                            const struct standing *at, bool *held)
{
    struct ranges r = { NULL, 0 };
    enum err e = ERR_OK;

    if (at->decided_on)
        e = store_decision_each(s, device, take_decision, &r);
    if (e == ERR_OK)
        *held = any_held(&r, at->count);
    free(r.at);
    return e;
}

/* ---- the answer ---------------------------------------------------------- */

/* The word for a device that may go on. */
static enum err standing_word(struct store *s, struct str device,
                              const struct standing *at, struct str *word)
{
    bool held = false;
    enum err e = device_held(s, device, at, &held);

    if (e == ERR_OK)
        *word = at->state == DEVICE_REVOKED ? STR("revoked")
                : held                      ? STR("held")
                                            : STR("active");
    return e;
}

static struct str word_of(enum err outcome)
{
    return outcome == ERR_GAP    ? STR("gap")
           : outcome == ERR_FORK ? STR("fork")
                                 : STR("unknown");
}

/* Behind the push's last event when a branch has all up to it: where the device
 * goes on handing over. */
static enum err next_wanted(struct store *s, const struct ingested *ingested,
                            int64_t count, int64_t *wanted)
{
    const struct push *push = ingested->push;
    bool whole = false;

    if (ingested->outcome != ERR_FORK) {
        *wanted = count + 1;
        return ERR_OK;
    }
    enum err e = branch_whole(s, push, count, &whole);
    if (e == ERR_OK)
        *wanted = whole ? push->header.to + 1 : 0;
    return e;
}

/* Count and head as the store holds them, signed. */
static void put_ack(const struct keys *keys, const struct standing *at,
                    struct ack *ack, struct buf *out)
{
    BUF(hex, 2 * HASH_BYTES);

    buf_hex(&hex, at->head, HASH_BYTES);
    ack->ack = STR("1");
    ack->aggregator = str_of(keys->id);
    ack->count = at->count;
    ack->head = buf_slice(&hex);
    ack->list = at->list;
    ack_encode(ack, &keys->signing, out);
}

enum err ingest_ack(struct store *s, const struct keys *keys,
                    const struct ingested *ingested, struct buf *out)
{
    const struct push *push = ingested->push;
    enum err outcome = ingested->outcome;
    struct str device = push->header.device;
    struct standing at = { .count = 0 };
    struct ack ack = { .at_ms = ingested->now_ms,
                       .device = device,
                       .nonce = push->header.nonce,
                       .state = word_of(outcome) };
    enum err e = store_standing(s, device, &at);

    ASSERT(ingest_answers(outcome));
    if (e == ERR_NOT_FOUND) {
        chain_start(push->key, at.head);
        e = ERR_OK;
    } else if (e == ERR_OK && (outcome == ERR_OK || outcome == ERR_REVOKED)) {
        e = standing_word(s, device, &at, &ack.state);
    }
    if (e != ERR_OK)
        return e;
    e = next_wanted(s, ingested, at.count, &ack.wanted);
    if (e == ERR_OK)
        put_ack(keys, &at, &ack, out);
    return e;
}

enum err ingest_file_ack(struct store *s, const struct keys *keys,
                         struct str device, int64_t now_ms, struct buf *out)
{
    struct standing at;
    struct ack ack = { .at_ms = now_ms,
                       .device = device,
                       .nonce = STR(NONCE_NONE) };
    enum err e = store_standing(s, device, &at);

    if (e == ERR_OK)
        e = standing_word(s, device, &at, &ack.state);
    if (e != ERR_OK)
        return e;
    ack.wanted = at.count + 1;
    put_ack(keys, &at, &ack, out);
    return ERR_OK;
}
