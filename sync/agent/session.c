/*
 * session.c - the course of a visit.
 *
 * An answer that agrees with our ledger moves the cursor and is kept. One
 * that contradicts it, or knows of events that we do not have, means that two
 * machines write under one identity or that this one was restored from a
 * copy. Then every visit hands over what the aggregator does not hold of us,
 * to be set aside: it is asked how far that is, so that nothing need be
 * remembered here, and a database that was lost or restored gets all of it
 * again.
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
    v->sent = batch.last;
    return ERR_OK;
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

/* ---- a branch of ours ---------------------------------------------------- */

/* Does it hold our event `seq`, counted or set aside, and all before it? */
static enum err is_held(struct visit *v, int64_t seq, bool *held)
{
    struct answer a;
    struct batch question = { .before.seq = seq, .lines = STR("") };
    enum err e = visit_hash(v, seq, question.before.hash);
    question.last = question.before;
    if (!e)
        e = visit_ask(v, &question, STR(""), &a);
    if (!e)
        *held = str_is(a.ack.state, "fork") ? a.ack.wanted == seq + 1
                                            : a.ack.count >= seq;
    return e;
}

/* Our last event that it holds: looked for from our end, in steps that double,
 * since few are new as a rule; then by halving. */
static enum err last_held(struct visit *v, struct point *out)
{
    int64_t held = 0, missing = v->end.seq + 1, step = 1;
    while (held + 1 < missing) {
        bool found = false;
        int64_t at = held == 0 && step < missing ? missing - step
                                                 : held + (missing - held) / 2;
        enum err e = is_held(v, at, &found);
        if (e)
            return e;
        if (found)
            held = at;
        else
            missing = at;
        step *= 2;
    }
    out->seq = held;
    return visit_hash(v, held, out->hash);
}

static enum err hand_over(struct visit *v)
{
    struct answer a;
    struct point before;
    enum err e = last_held(v, &before);
    for (; !e && before.seq < v->end.seq; before = v->sent)
        e = push(v, &before, &a);
    return e;
}

static enum err course(struct visit *v)
{
    bool revoked = false;
    enum err e = ask_and_push(v, &revoked);
    if (!e)
        return revoked ? ERR_REVOKED : visit_lists(v);
    if (e == ERR_FORK)
        e = hand_over(v);
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
