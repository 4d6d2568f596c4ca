/*
 * visit.c - one request of a session, and whether its answer may be believed.
 *
 * What counts is the signed line, not the HTTP status: the status only helps
 * to read what is no answer.
 */
#include "sync/agent/visit.h"

#include <stdio.h>
#include <string.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "sync/agent/http.h"
#include "sync/agent/refusal.h"

enum {
    MAX_URL = 512,
    SERVER_ROOM = 1024,
    LOOK_AGAIN_MS = 300000 /* a disk may damage them any time */
};

enum err visit_fail(struct visit *v, enum err e, const char *text)
{
    buf_clear(&v->session->why);
    buf_puts(&v->session->why, text);
    return e;
}

enum err visit_inbox(struct visit *v, enum err e)
{
    return e ? visit_fail(v, e, inbox_errmsg(v->inbox)) : ERR_OK;
}

/* ---- opening ------------------------------------------------------------- */

/* Found whole by a visit before, not long ago. */
static bool looked_at(const struct session *s, int64_t list, int64_t now_ms)
{
    return list > 0 && list == s->list && s->list_looked_ms > 0 &&
           now_ms - s->list_looked_ms < LOOK_AGAIN_MS;
}

/* Lists that the till would not take are none: they are fetched anew. */
static enum err read_lists(struct visit *v, int64_t list)
{
    struct session *s = v->session;
    struct inbox_list held = { 0 };
    int64_t now_ms = env_mono_ms();
    if (looked_at(s, list, now_ms)) {
        v->list = list;
        return ERR_OK;
    }
    enum err e = inbox_list(v->inbox, &v->state->admission, &held, NULL);
    v->list = held.version;
    s->list_looked_ms = now_ms;
    return e == ERR_NOT_FOUND || e == ERR_LISTS ? ERR_OK : visit_inbox(v, e);
}

static enum err read_inbox(struct visit *v)
{
    struct inbox_state in;
    enum err e = visit_inbox(v, inbox_state(v->inbox, &in));
    if (e)
        return e;
    buf_str(&v->server, in.server);
    buf_str(&v->pin, in.pin);
    v->acked.seq = in.acked;
    memcpy(v->acked.hash, in.acked_head, HASH_BYTES);
    v->list_wanted = in.list_wanted;
    snprintf(v->session->state, sizeof(v->session->state), "%.*s",
             (int)in.state.len, in.state.data);
    return read_lists(v, in.list);
}

static enum err read_identity(struct visit *v)
{
    v->state = ledger_state(v->ledger);
    v->end.seq = v->state->count;
    memcpy(v->end.hash, v->state->head, HASH_BYTES);
    if (!hex_bytes(v->state->admission.aggregator, v->aggregator, KEY_BYTES))
        return ERR_ADMISSION;
    return key_load(v->session->dir, "device.key", &v->key);
}

static bool practises(const char *dir)
{
    struct admission a;
    struct str bytes, signature;
    BUF(text, MAX_EVENT);
    BUF(arena, MAX_EVENT);
    buf_room(&arena, MAX_EVENT - 1); /* so that it never moves */
    return admission_load(dir, &text, &bytes, &signature) == ERR_OK &&
           admission_check(bytes, signature, NULL, &arena, &a) == ERR_OK &&
           str_is(a.fair, PRACTICE_FAIR);
}

enum err visit_open(struct visit *v, struct session *s, enum inbox_mode mode)
{
    sign_init();
    *v = (struct visit){ .session = s };
    buf_init(&v->server, SERVER_ROOM);
    buf_init(&v->pin, SERVER_ROOM);
    buf_init(&v->request, MAX_BATCH);
    buf_init(&v->reply, MAX_REPLY);
    buf_init(&v->lines, MAX_PUSH_LINES);
    buf_clear(&s->why);
    s->answers = 0;
    s->retry_after_ms = 0;
    if (practises(s->dir))
        return visit_fail(v, ERR_PRACTICE, s->dir);
    enum err e = inbox_open(s->dir, mode, s->who, &s->why, &v->inbox);
    if (!e)
        e = ledger_open(s->dir, LEDGER_READ, s->who, &s->why, &v->ledger);
    if (!e)
        e = read_identity(v);
    return e ? e : read_inbox(v);
}

/* As far as every event follows from the one before. */
static enum err end_where_sound(struct visit *v)
{
    struct verifier sound;
    enum err e = ledger_verify(v->ledger, -1, NULL, &sound);
    if (e == ERR_OK || sound.error != ERR_OK)
        e = sound.events > 0 ? ERR_OK : ERR_CORRUPT;
    v->end.seq = sound.events;
    memcpy(v->end.hash, sound.head, HASH_BYTES);
    verifier_done(&sound);
    return e;
}

enum err visit_open_sound(struct visit *v)
{
    struct session *s = v->session;
    ASSERT(v->inbox && !v->ledger);
    buf_clear(&s->why);
    enum err e = ledger_open(s->dir, LEDGER_CHECK, s->who, &s->why, &v->ledger);
    if (!e)
        e = read_identity(v);
    if (!e)
        e = end_where_sound(v);
    return e ? e : read_inbox(v);
}

void visit_close(struct visit *v)
{
    ledger_close(v->ledger);
    inbox_close(v->inbox);
    key_done(&v->key);
    buf_done(&v->server);
    buf_done(&v->pin);
    buf_done(&v->request);
    buf_done(&v->reply);
    buf_done(&v->lines);
}

void visit_report(const struct visit *v)
{
    struct session *s = v->session;
    s->events = v->end.seq;
    s->acknowledged = v->acked.seq;
    s->list = v->list;
}

/* ---- our ledger ---------------------------------------------------------- */

enum err visit_hash(struct visit *v, int64_t seq, uint8_t hash[HASH_BYTES])
{
    struct stored s;
    if (seq == 0) {
        chain_start(v->state->key.public_key, hash);
        return ERR_OK;
    }
    enum err e = ledger_get(v->ledger, seq, &s);
    if (e && e != ERR_NOT_FOUND)
        return visit_fail(v, e, ledger_errmsg(v->ledger));
    if (!e)
        memcpy(hash, s.hash, HASH_BYTES);
    return e;
}

static enum err take_line(void *ctx, const struct stored *s)
{
    struct visit *v = ctx;
    struct buf *lines = &v->lines;
    if (s->seq != v->taken.seq + 1)
        return ERR_CORRUPT;
    if (lines->len + s->bytes.len + 1 > lines->max)
        return ERR_NOT_FOUND; /* full: the rest goes with the next push */
    buf_str(lines, s->bytes);
    buf_putc(lines, '\n');
    v->taken.seq = s->seq;
    memcpy(v->taken.hash, s->hash, HASH_BYTES);
    return ERR_OK;
}

enum err visit_batch(struct visit *v, const struct point *before, int limit,
                     struct batch *out)
{
    ASSERT(before->seq < v->end.seq && limit > 0);
    buf_clear(&v->lines);
    v->taken = *before;
    enum err e = ledger_each(v->ledger, before->seq + 1, before->seq + limit,
                             take_line, v);
    if (e == ERR_NOT_FOUND)
        e = ERR_OK;
    if (!e && v->taken.seq == before->seq)
        e = ERR_CORRUPT;
    if (e)
        return visit_fail(v, e, _("the ledger cannot be read"));
    *out = (struct batch){ *before, v->taken, buf_slice(&v->lines) };
    return ERR_OK;
}

/* ---- asking -------------------------------------------------------------- */

struct hexes { /* what a header points to */
    char key[2 * KEY_BYTES + 1];
    char previous[2 * HASH_BYTES + 1], head[2 * HASH_BYTES + 1];
    char aggregator[DEVICE_LEN + 1];
};

static struct str hex_into(char *room, const uint8_t *bytes, size_t len)
{
    BUF(hex, 2 * HASH_BYTES);
    buf_hex(&hex, bytes, len);
    memcpy(room, buf_text(&hex), hex.len + 1);
    return str_of(room);
}

static int64_t disk_mb(const char *dir)
{
    const struct env *env = env_get();
    int64_t bytes = env->disk_free(env->ctx, dir);
    return bytes < 0 ? -1 : bytes / 1000000;
}

void visit_request(struct visit *v, const struct batch *batch, struct str want,
                   struct str nonce)
{
    struct hexes h;
    const struct batch question = { v->end, v->end, STR("") };
    const struct batch *b = batch ? batch : &question;
    int64_t now = env_wall_ms();
    aggregator_id(v->aggregator, h.aggregator);
    struct push_header header = {
        .aggregator = str_of(h.aggregator),
        .clock_ms = now > 0 ? now : 0,
        .device = str_of(v->state->device),
        .disk_mb = disk_mb(v->session->dir),
        .from = b->before.seq + 1,
        .head = hex_into(h.head, b->last.hash, HASH_BYTES),
        .key = hex_into(h.key, v->key.public_key, KEY_BYTES),
        .list = v->list,
        .nonce = nonce,
        .previous = hex_into(h.previous, b->before.hash, HASH_BYTES),
        .program = STR(AGENT_PROGRAM),
        .push = STR("1"),
        .to = b->last.seq,
        .unsent = v->end.seq - b->last.seq,
        .want = want,
    };
    buf_clear(&v->request);
    push_encode(&header, &v->key, b->lines, &v->request);
    ASSERT(buf_ok(&v->request));
}

static enum err time_left(struct visit *v, int *ms)
{
    const struct session *s = v->session;
    int64_t left = s->timeout_ms;
    if (s->deadline_ms > 0 && s->deadline_ms - env_mono_ms() < left)
        left = s->deadline_ms - env_mono_ms();
    if (left <= 0)
        return visit_fail(v, ERR_UNREACHABLE, _("the time is up"));
    *ms = (int)left;
    return ERR_OK;
}

/* Sends v->request; status and v->reply are set. */
static enum err exchange(struct visit *v, int *status)
{
    const struct env *env = env_get();
    int after_s = 0;
    BUF(url, MAX_URL);
    buf_printf(&url, "%s" WIRE_PUSH_PATH, buf_text(&v->server));
    struct net_request req = { .url = buf_text(&url),
                               .pin = buf_text(&v->pin),
                               .body = buf_slice(&v->request),
                               .reply_max = MAX_REPLY,
                               .retry_after_s = &after_s };
    enum err e = time_left(v, &req.timeout_ms);
    if (e)
        return e;
    buf_clear(&v->reply);
    e = env->post(env->ctx, &req, status, &v->reply);
    v->session->retry_after_ms = (int64_t)after_s * 1000;
    return e ? visit_fail(v, e, https_detail(e, buf_text(&v->server))) : ERR_OK;
}

/* Not an answer: a refusal, or what something on the way has cut. */
static enum err no_answer(struct visit *v, int status, enum err e)
{
    if (e == ERR_SIGNATURE)
        return visit_fail(v, ERR_REFUSED,
                          _("the answer is not signed by our aggregator"));
    if (status < 400)
        return visit_fail(v, ERR_UNREACHABLE, _("the answer is damaged"));
    return refusal_read(status, buf_slice(&v->reply), &v->session->why);
}

/* When the first answer of a visit comes, we have contact; the clocks are
 * compared half way between asking and hearing. */
static enum err note_contact(struct visit *v, const struct ack *ack,
                             int64_t asked_ms)
{
    int64_t now = env_wall_ms();
    if (v->session->answers++ > 0)
        return ERR_OK;
    return inbox_set_contact(v->inbox, now,
                             ack->at_ms - (asked_ms + (now - asked_ms) / 2));
}

enum err visit_ask(struct visit *v, const struct batch *batch, struct str want,
                   struct answer *out)
{
    uint8_t chance[NONCE_LEN / 2];
    char nonce[NONCE_LEN + 1];
    struct answer a;
    int status = 0;
    env_random(chance, sizeof(chance));
    visit_request(v, batch, want, hex_into(nonce, chance, sizeof(chance)));
    int64_t asked_ms = env_wall_ms();
    enum err e = exchange(v, &status);
    if (e)
        return e;
    struct str reply = buf_slice(&v->reply);
    e = ack_decode(reply, v->aggregator, str_of(nonce), &a.ack, &a.rest);
    if (!e && !str_is(a.ack.device, v->state->device))
        e = ERR_SIGNATURE;
    if (e)
        return no_answer(v, status, e);
    bool hex = hex_bytes(a.ack.head, a.head, HASH_BYTES);
    ASSERT(hex); /* ack_decode saw to it */
    a.lines = (struct str){ reply.data, reply.len - a.rest.len };
    e = visit_inbox(v, note_contact(v, &a.ack, asked_ms));
    if (e)
        return e;
    *out = a;
    return ERR_OK;
}
