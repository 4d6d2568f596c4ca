/*
 * session.c - the course of a visit.
 *
 * An answer that agrees with our ledger moves the cursor and is kept. One
 * that contradicts it, or knows of events that we do not have, means that two
 * machines write under one identity or that this one was restored from a
 * copy: what the aggregator has not seen yet is handed over to be set aside,
 * then we stop, for good unless the aggregator's word changes.
 */
#include "sync/agent/session.h"

#include <stdio.h>
#include <string.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "sync/agent/visit.h"

enum { STUCK_MAX = 3 }; /* answers to a push that did not move the cursor */

void session_init(struct session *s, const char *dir, const char *who,
                  int64_t timeout_ms)
{
    *s = (struct session){ .dir = dir,
                           .who = who,
                           .timeout_ms = timeout_ms,
                           .batch = MAX_BATCH_EVENTS };
    buf_init(&s->why, MAX_TEXT);
}

void session_done(struct session *s)
{
    buf_done(&s->why);
}

/* ---- pushing ------------------------------------------------------------- */

/* Sends one batch behind `before`, a smaller one while it is too long. */
static enum err push(struct visit *v, const struct point *before,
                     struct answer *a)
{
    struct session *s = v->session;
    struct batch batch;
    int64_t sent = 0;
    enum err e = ERR_LIMIT;
    while (e == ERR_LIMIT && sent != 1) {
        e = visit_batch(v, before, s->batch, &batch);
        if (e)
            return e;
        sent = batch.last.seq - before->seq;
        e = visit_ask(v, &batch, STR(""), a);
        if (e == ERR_LIMIT || e == ERR_UNREACHABLE)
            s->batch = sent > 1 ? (int)(sent / 2) : 1;
    }
    if (e)
        return e;
    s->batch *= 2;
    if (s->batch > MAX_BATCH_EVENTS)
        s->batch = MAX_BATCH_EVENTS;
    v->handed = batch.last;
    return ERR_OK;
}

/* What we have not handed over yet goes to the aggregator to be set aside. */
static enum err push_aside(struct visit *v)
{
    struct answer a;
    enum err e = ERR_OK;
    while (!e && v->handed.seq < v->end.seq) {
        const struct point before = v->handed;
        e = push(v, &before, &a);
    }
    return e;
}

/* Everything behind the cursor; *revoked is the aggregator's last word. */
static enum err push_all(struct visit *v, bool *revoked)
{
    int stuck = 0;
    while (v->acked.seq < v->end.seq && stuck < STUCK_MAX) {
        struct answer a;
        const struct point before = v->acked;
        enum err e = push(v, &before, &a);
        if (!e)
            e = visit_judge(v, &a);
        if (e)
            return e;
        *revoked = str_is(a.ack.state, "revoked");
        stuck += v->acked.seq <= before.seq;
    }
    return stuck < STUCK_MAX
               ? ERR_OK
               : visit_fail(v, ERR_REFUSED,
                            _("the aggregator does not take our records"));
}

/* ---- the course ---------------------------------------------------------- */

static enum err ask_and_push(struct visit *v, bool *revoked)
{
    struct answer a;
    enum err e = visit_ask(v, NULL, STR(""), &a);
    if (!e)
        e = visit_judge(v, &a);
    if (e)
        return e;
    *revoked = str_is(a.ack.state, "revoked");
    return push_all(v, revoked);
}

/* Where a branch would begin: behind what was acknowledged, as far as that is
 * in our ledger. An acknowledgement of events that we do not have, or have
 * otherwise, says nothing about where we parted: then all is handed over. */
static enum err begin_at(struct visit *v, struct point *out)
{
    out->seq = v->acked.seq;
    enum err e = visit_hash(v, out->seq, out->hash);
    if (!e && memcmp(out->hash, v->acked.hash, HASH_BYTES) == 0)
        return ERR_OK;
    if (e && e != ERR_NOT_FOUND)
        return e;
    out->seq = 0;
    return visit_hash(v, 0, out->hash);
}

static enum err course(struct visit *v)
{
    bool revoked = false;
    enum err e = begin_at(v, &v->handed);
    if (e)
        return e;
    e = ask_and_push(v, &revoked);
    if (e == ERR_FORK && strcmp(v->session->state, "fork") != 0)
        e = push_aside(v);
    else if (!e)
        return revoked ? ERR_REVOKED : visit_lists(v);
    return e ? e : ERR_FORK;
}

enum err session_run(struct session *s)
{
    struct visit v;
    enum err e = visit_open(&v, s, INBOX_WRITE);
    if (!e && v.server.len == 0)
        e = visit_fail(&v, ERR_NOT_SET_UP, s->dir);
    if (!e) {
        e = course(&v);
        /* A server that finds a question too long is none of ours. */
        e = visit_conclude(&v, e == ERR_LIMIT ? ERR_REFUSED : e);
        visit_report(&v);
    }
    visit_close(&v);
    return e;
}
