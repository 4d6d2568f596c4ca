/*
 * enrol.c - a key of our own, the aggregator's admission for it, and where to
 * send to.
 *
 * The admission is what makes a till; it is written last of the files.
 */
#include "sync/agent/enrol.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/inbox.h"
#include "fair/wire.h"
#include "sync/agent/http.h"
#include "sync/agent/refusal.h"

enum { ROOM = 1024, PATH_ROOM = 4096 };

#define PHONE_KEY "phone.key"

struct enrolling {
    struct session *session;
    const struct enrol_wish *wish;
    struct enrolment word;
    struct keypair key;
    struct inbox *inbox; /* holds lock.sync */
    struct buf url, pin; /* of the server */
    struct buf reply;
    bool complete; /* there was nothing left to do */
};

static enum err fail(struct enrolling *g, enum err e, const char *text)
{
    buf_clear(&g->session->why);
    buf_puts(&g->session->why, text);
    return e;
}

/* ---- the string ---------------------------------------------------------- */

static enum err read_word(struct enrolling *g)
{
    BUF(part, ROOM);
    enum err e = enrolment_parse(g->wish->word, &g->word, &part);
    if (e) {
        bool damaged = strcmp(buf_text(&part), "check") == 0;
        buf_clear(&g->session->why);
        buf_printf(&g->session->why, "%s (%s)",
                   damaged ? _("the enrolment string was copied wrongly")
                           : _("this is no enrolment string"),
                   buf_text(&part));
        return e;
    }
    enrolment_url(&g->word, &g->url);
    pin_render(g->word.pin, &g->pin);
    return ERR_OK;
}

/* ---- the key ------------------------------------------------------------- */

static enum err have_key(struct enrolling *g)
{
    const char *dir = g->session->dir;
    enum err e = key_load(dir, "device.key", &g->key);
    if (e == ERR_NOT_FOUND) {
        key_make(&g->key);
        e = key_store(dir, "device.key", &g->key);
    }
    return e ? fail(g, e, "device.key") : ERR_OK;
}

/* ---- the admission ------------------------------------------------------- */

/* An admission of ours, for the booth of the string? */
static enum err check_admission(struct enrolling *g, struct str bytes,
                                struct str signature)
{
    struct admission a;
    BUF(arena, MAX_EVENT);
    buf_room(&arena, bytes.len + 1);
    if (admission_check(bytes, signature, g->key.public_key, &arena, &a))
        return fail(g, ERR_ADMISSION, _("the admission does not hold"));
    if (str_is(a.fair, g->word.fair) && str_is(a.booth, g->word.booth))
        return ERR_OK;
    buf_clear(&g->session->why);
    buf_printf(&g->session->why,
               _("this directory belongs to booth %.*s of fair %.*s"),
               (int)a.booth.len, a.booth.data, (int)a.fair.len, a.fair.data);
    return ERR_EXISTS;
}

static void put_request(struct enrolling *g, struct buf *out)
{
    BUF(key, 2 * KEY_BYTES);
    BUF(pin, 2 * HASH_BYTES);
    buf_hex(&key, g->key.public_key, KEY_BYTES);
    buf_hex(&pin, g->word.pin, HASH_BYTES);
    struct enrol_request r = { .booth = str_of(g->word.booth),
                               .code = str_of(g->word.code),
                               .enrol = STR("1"),
                               .fair = str_of(g->word.fair),
                               .key = buf_slice(&key),
                               .pin = buf_slice(&pin),
                               .successor_of = g->wish->successor_of };
    enrol_request_encode(&r, &g->key, out);
}

static enum err exchange(struct enrolling *g)
{
    const struct env *env = env_get();
    struct session *s = g->session;
    int status = 0, after_s = 0;
    BUF(url, ROOM);
    BUF(body, 2 * MAX_HEADER);
    buf_printf(&url, "%s" WIRE_ENROL_PATH, buf_text(&g->url));
    put_request(g, &body);
    struct net_request req = { .url = buf_text(&url),
                               .pin = buf_text(&g->pin),
                               .body = buf_slice(&body),
                               .timeout_ms = (int)s->timeout_ms,
                               .reply_max = MAX_REPLY,
                               .retry_after_s = &after_s };
    enum err e = env->post(env->ctx, &req, &status, &g->reply);
    s->retry_after_ms = (int64_t)after_s * 1000;
    if (e)
        return fail(g, e, https_detail(e, buf_text(&g->url)));
    if (status != 200)
        return refusal_read(status, buf_slice(&g->reply), &s->why);
    return ERR_OK;
}

/* Left by an enrolment that was killed before the admission stood. */
static enum err replace_file(const char *dir, const char *name,
                             struct str bytes)
{
    BUF(path, PATH_ROOM);
    buf_printf(&path, "%s/%s", dir, name);
    unlink(buf_text(&path));
    return env_file_create(dir, name, bytes);
}

static enum err store_files(struct enrolling *g, const struct enrol_reply *r)
{
    const char *dir = g->session->dir;
    BUF(phone, ROOM);
    BUF(admission, MAX_EVENT);
    buf_str(&phone, r->phone_key);
    buf_putc(&phone, '\n');
    buf_str(&admission, r->admission);
    buf_putc(&admission, '\n');
    buf_str(&admission, r->signature);
    buf_putc(&admission, '\n');
    if (!buf_ok(&admission))
        return fail(g, ERR_ADMISSION, _("the admission does not hold"));
    enum err e = replace_file(dir, PHONE_KEY, buf_slice(&phone));
    if (!e)
        e = env_file_create(dir, "admission", buf_slice(&admission));
    return e ? fail(g, e, dir) : ERR_OK;
}

static enum err ask_admission(struct enrolling *g)
{
    struct enrol_reply r;
    enum err e = exchange(g);
    if (e)
        return e;
    if (enrol_reply_decode(buf_slice(&g->reply), &r))
        return fail(g, ERR_UNREACHABLE, _("the answer is damaged"));
    e = check_admission(g, r.admission, r.signature);
    if (e == ERR_EXISTS) /* it answered for another booth */
        e = fail(g, ERR_ADMISSION, _("the admission does not hold"));
    return e ? e : store_files(g, &r);
}

static enum err have_admission(struct enrolling *g)
{
    struct str bytes, signature;
    BUF(text, MAX_EVENT);
    enum err e = admission_load(g->session->dir, &text, &bytes, &signature);
    if (e == ERR_NOT_FOUND)
        return ask_admission(g);
    return e ? fail(g, e, "admission") : check_admission(g, bytes, signature);
}

/* ---- where to send to ---------------------------------------------------- */

static enum err have_server(struct enrolling *g)
{
    struct inbox_state in;
    enum err e = inbox_state(g->inbox, &in);
    if (!e && !(str_eq(in.server, buf_slice(&g->url)) &&
                str_eq(in.pin, buf_slice(&g->pin))))
        e = inbox_set_server(g->inbox, buf_slice(&g->url), buf_slice(&g->pin));
    else if (!e)
        g->complete = in.list > 0;
    return e ? fail(g, e, inbox_errmsg(g->inbox)) : ERR_OK;
}

static enum err enrol_files(struct enrolling *g)
{
    struct session *s = g->session;
    enum err e = inbox_open(s->dir, INBOX_WRITE, s->who, &s->why, &g->inbox);
    if (!e)
        e = have_key(g);
    if (!e)
        e = have_admission(g);
    if (!e)
        e = have_server(g);
    inbox_close(g->inbox);
    return e;
}

bool agent_is_enrolled(const char *dir)
{
    struct str bytes, signature;
    BUF(text, MAX_EVENT);
    return admission_load(dir, &text, &bytes, &signature) == ERR_OK;
}

enum err agent_enrol(struct session *s, const struct enrol_wish *wish)
{
    struct enrolling g = { .session = s, .wish = wish };
    sign_init();
    buf_init(&g.url, ROOM);
    buf_init(&g.pin, ROOM);
    buf_init(&g.reply, MAX_REPLY);
    buf_clear(&s->why);
    enum err e = read_word(&g);
    if (!e)
        e = enrol_files(&g);
    key_done(&g.key);
    buf_done(&g.url);
    buf_done(&g.pin);
    buf_done(&g.reply);
    return e || g.complete ? e : session_run(s);
}
