/*
 * verify.c - the one walk over a ledger.
 *
 * An event is looked at in a fixed order and the first thing that is wrong
 * names it; PROTOCOL.md 5 gives that order. The walk keeps the head, the
 * totals and nothing of earlier events. It reads no file: callers feed it.
 */
#include "fair/verify.h"

#include <stdlib.h>
#include <string.h>

#include "fair/chain.h"

void verifier_init(struct verifier *v, const uint8_t device_key[KEY_BYTES],
                   const uint8_t *aggregator)
{
    memset(v, 0, sizeof(*v));
    memcpy(v->key, device_key, KEY_BYTES);
    v->any_aggregator = !aggregator;
    if (aggregator)
        memcpy(v->aggregator, aggregator, KEY_BYTES);
    chain_start(v->key, v->head);
    buf_init(&v->arena, MAX_EVENT);
    v->scratch = x_alloc(sizeof(*v->scratch));
}

void verifier_done(struct verifier *v)
{
    buf_done(&v->arena);
    free(v->scratch);
    v->scratch = NULL;
}

static enum err check_admission(struct verifier *v)
{
    const struct body_enrolled *b = &v->scratch->enrolled;
    struct admission a;
    uint8_t aggregator[KEY_BYTES];
    if (admission_check(b->admission, b->signature, v->key, &v->arena, &a) ||
        !hex_bytes(a.aggregator, aggregator, sizeof(aggregator)))
        return ERR_ADMISSION;
    if (v->any_aggregator)
        memcpy(v->aggregator, aggregator, KEY_BYTES);
    return memcmp(v->aggregator, aggregator, KEY_BYTES) == 0 ? ERR_OK
                                                             : ERR_ADMISSION;
}

static enum err check_body(struct verifier *v, const struct event *e)
{
    bool first = e->seq == 1;
    if (first != (e->kind == EV_ENROLLED))
        return ERR_ADMISSION;
    buf_clear(&v->arena);
    enum err bad = body_decode(e, &v->arena, v->scratch);
    if (!first)
        return bad;
    return bad ? ERR_ADMISSION : check_admission(v);
}

static enum err check_seal(const struct verifier *v)
{
    uint8_t signature[SIGNATURE_BYTES];
    struct str head = { (const char *)v->head, HASH_BYTES };
    return hex_bytes(v->scratch->seal.signature, signature,
                     sizeof(signature)) &&
                   sign_check(v->key, DOMAIN_SEAL, head, signature)
               ? ERR_OK
               : ERR_SEAL;
}

static enum err check_event(struct verifier *v, struct str bytes,
                            const uint8_t *stored_hash)
{
    struct event *e = &v->event;
    uint8_t head[HASH_BYTES];
    enum err bad = event_decode(bytes, e);
    if (bad)
        return bad;
    if (e->seq != v->events + 1)
        return ERR_SEQUENCE;
    chain_next(v->head, bytes, head);
    if (stored_hash && memcmp(stored_hash, head, HASH_BYTES) != 0)
        return ERR_CHAIN;
    bad = check_body(v, e);
    if (bad)
        return bad;
    struct sums sums = v->sums;
    if (sums_apply(&sums, e->kind, v->scratch) || !sums_equal(&sums, &e->sums))
        return ERR_SUMS;
    if (e->kind == EV_SEAL && check_seal(v))
        return ERR_SEAL;
    v->sums = sums;
    memcpy(v->head, head, HASH_BYTES);
    return ERR_OK;
}

static enum err fault(struct verifier *v, enum err bad, int64_t seq)
{
    v->error = bad;
    v->first_bad = seq;
    return bad;
}

enum err verifier_feed(struct verifier *v, struct str bytes,
                       const uint8_t *stored_hash)
{
    if (v->error)
        return v->error;
    enum err bad = check_event(v, bytes, stored_hash);
    if (bad)
        return fault(v, bad, v->events + 1);
    v->events++;
    return ERR_OK;
}

enum err verifier_witness(struct verifier *v, int64_t count,
                          const uint8_t head[HASH_BYTES])
{
    ASSERT(v->events <= count || v->error);
    if (v->error)
        return v->error;
    if (v->events < count)
        return fault(v, ERR_TRUNCATED, v->events + 1);
    if (memcmp(v->head, head, HASH_BYTES) != 0)
        return fault(v, ERR_REWRITTEN, count);
    return ERR_OK;
}
