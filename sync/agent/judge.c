/*
 * judge.c - what an answer means for us, and what is kept of it.
 *
 * An answer that agrees with our ledger is kept durably before anything relies
 * on it. So is one that knows of more than we have: it is the witness that
 * the end of our ledger is missing.
 */
#include <stdio.h>
#include <string.h>

#include "sync/agent/visit.h"

static enum err keep(struct visit *v, const struct answer *a)
{
    const struct ack *ack = &a->ack;
    if (ack->count == v->acked.seq && ack->list == v->list_wanted &&
        memcmp(a->head, v->acked.hash, HASH_BYTES) == 0)
        return ERR_OK; /* nothing new: spare the disk */
    v->list_wanted = ack->list;
    enum err e =
        inbox_set_ack(v->inbox, ack->count, a->head, a->lines, ack->list);
    if (!e) {
        v->acked.seq = ack->count;
        memcpy(v->acked.hash, a->head, HASH_BYTES);
    }
    return visit_inbox(v, e);
}

static enum err note_restored(struct visit *v, int64_t count)
{
    BUF(text, MAX_TEXT);
    buf_printf(&text, "%lld -> %lld", (long long)v->acked.seq,
               (long long)count);
    return visit_inbox(v, inbox_notice(v->inbox, "restored", buf_slice(&text)));
}

enum err visit_judge(struct visit *v, const struct answer *a)
{
    uint8_t ours[HASH_BYTES];
    const struct ack *ack = &a->ack;
    enum err e = visit_hash(v, ack->count, ours);
    if (e == ERR_NOT_FOUND) {
        /* A witness that the end of our ledger is missing. */
        e = keep(v, a);
        return e ? e : ERR_FORK;
    }
    if (e)
        return e;
    if (memcmp(ours, a->head, HASH_BYTES) != 0)
        return ERR_FORK;
    if (ack->count < v->acked.seq)
        e = note_restored(v, ack->count);
    if (!e)
        e = keep(v, a);
    if (!e && str_is(ack->state, "fork"))
        e = ERR_FORK;
    return e;
}

enum err visit_conclude(struct visit *v, enum err outcome)
{
    static const struct {
        const char *state;
        enum err outcome;
        bool notice; /* the till must know */
    } states[] = {
        { "active", ERR_OK, false },       { "active", ERR_LISTS, false },
        { "fork", ERR_FORK, true },        { "revoked", ERR_REVOKED, true },
        { "refused", ERR_REFUSED, false }, { "pin", ERR_PIN, false },
    };
    struct session *s = v->session;
    for (size_t i = 0; i < ARRAY_LEN(states); i++) {
        const char *state = states[i].state;
        if (states[i].outcome != outcome || strcmp(s->state, state) == 0)
            continue;
        enum err e = ERR_OK;
        if (states[i].notice)
            e = inbox_notice(v->inbox, state, STR(""));
        if (!e)
            e = inbox_set_state(v->inbox, state);
        if (e)
            return visit_inbox(v, e);
        snprintf(s->state, sizeof(s->state), "%s", state);
    }
    return outcome;
}
