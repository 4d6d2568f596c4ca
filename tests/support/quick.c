/*
 * quick.c - see quick.h. The names are the linker's: __wrap_f() is what calls
 * of f() reach, __real_f() is f().
 */
#include "tests/support/quick.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fair/chain.h"
#include "fair/date.h"

enum { MACHINES = 64, AGGREGATOR_KEY = 200 };

static bool quick;
static struct machine *machines[MACHINES];

void quick_begin(void)
{
    sign_init();
    quick = true;
}

void quick_end(void)
{
    quick = false;
}

#define WRAP(type, f, ...)        \
    type __real_##f(__VA_ARGS__); \
    type __wrap_##f(__VA_ARGS__); \
    type __wrap_##f(__VA_ARGS__)

/* ---- signatures ---------------------------------------------------------- */

static void stand_in(const uint8_t key[KEY_BYTES], const char *domain,
                     struct str bytes, uint8_t out[SIGNATURE_BYTES])
{
    uint8_t both[KEY_BYTES + HASH_BYTES];
    memcpy(both, key, KEY_BYTES);
    hash_tagged(domain, bytes, both + KEY_BYTES);
    hash_tagged("", (struct str){ (const char *)both, sizeof(both) }, out);
    memcpy(out + HASH_BYTES, out, HASH_BYTES);
}

WRAP(void, sign_make, const struct keypair *key, const char *domain,
     struct str bytes, uint8_t out[SIGNATURE_BYTES])
{
    if (quick)
        stand_in(key->public_key, domain, bytes, out);
    else
        __real_sign_make(key, domain, bytes, out);
}

WRAP(bool, sign_check, const uint8_t public_key[KEY_BYTES], const char *domain,
     struct str bytes, const uint8_t signature[SIGNATURE_BYTES])
{
    uint8_t right[SIGNATURE_BYTES];
    if (!quick)
        return __real_sign_check(public_key, domain, bytes, signature);
    stand_in(public_key, domain, bytes, right);
    return memcmp(right, signature, sizeof(right)) == 0;
}

WRAP(void, key_from_seed, const uint8_t seed[KEY_BYTES], struct keypair *out)
{
    if (!quick) {
        __real_key_from_seed(seed, out);
        return;
    }
    *out = (struct keypair){ 0 };
    hash_tagged("quick", (struct str){ (const char *)seed, KEY_BYTES },
                out->public_key);
}

/* ---- machines ------------------------------------------------------------ */

static struct machine **place_of(const char *dir)
{
    for (int i = 0; i < MACHINES; i++) {
        if (dir ? machines[i] && strcmp(machines[i]->dir, dir) == 0
                : !machines[i])
            return &machines[i];
    }
    return NULL;
}

/* The machine of a folder that is in memory, or NULL. */
static struct machine *machine_of(const char *dir)
{
    struct machine **at = quick ? place_of(dir) : NULL;
    return at ? *at : NULL;
}

static void mount(struct machine *m)
{
    static unsigned count;
    struct machine **at = place_of(NULL);
    ASSERT(at);
    *at = m;
    snprintf(m->dir, sizeof(m->dir), "memory/%u", ++count);
}

/* A key that no other `key` has, and event 1. */
static void enrol(struct machine *m, uint64_t key)
{
    struct book *b = &m->book;
    uint8_t seed[KEY_BYTES] = { 0 }, signature[SIGNATURE_BYTES];
    BUF(hex, 2 * KEY_BYTES);
    memcpy(seed, &key, sizeof(key));
    key_from_seed(seed, &b->device);
    buf_hex(&hex, b->device.public_key, KEY_BYTES);
    free((char *)(uintptr_t)b->admission.key.data);
    b->admission.key = (struct str){ NULL, hex.len };
    b->admission.key.data = buf_take(&hex);
    shape_encode(&admission_shape, &b->admission, &m->admission);
    m->admission_len = m->admission.len;
    sign_make(&b->aggregator, DOMAIN_ADMISSION, buf_slice(&m->admission),
              signature);
    buf_putc(&m->admission, '\n');
    buf_hex(&m->admission, signature, sizeof(signature));
    book_enrol(b);
}

void machine_open(struct machine *m, const struct machine_wish *wish)
{
    *m = (struct machine){ .state = "new" };
    buf_init(&m->admission, MAX_EVENT);
    buf_init(&m->ack, MAX_REPLY);
    mount(m);
    book_init(&m->book, 1, AGGREGATOR_KEY);
    m->book.admission.fair = wish->fair;
    m->book.admission.booth = wish->booth;
    m->book.admission.number = wish->number;
    if (wish->successor_of)
        m->book.admission.successor_of = str_of(wish->successor_of);
    enrol(m, wish->key);
}

void machine_close(struct machine *m)
{
    *place_of(m->dir) = NULL;
    book_done(&m->book);
    buf_done(&m->admission);
    buf_done(&m->ack);
}

static struct str again(struct str s)
{
    struct str copy = { x_alloc(s.len + 1), s.len };
    memcpy((char *)(uintptr_t)copy.data, s.data, s.len);
    return copy;
}

void machine_copy(struct machine *to, const struct machine *from)
{
    const struct book *old = &from->book;
    *to = *from;
    mount(to);
    buf_init(&to->admission, MAX_EVENT);
    buf_str(&to->admission, buf_slice(&from->admission));
    buf_init(&to->ack, MAX_REPLY);
    buf_str(&to->ack, buf_slice(&from->ack));
    struct book *b = &to->book;
    b->admission.key = again(old->admission.key);
    b->admission.aggregator = again(old->admission.aggregator);
    b->events = NULL;
    b->n = b->room = 0;
    for (int seq = 1; seq <= old->n; seq++)
        book_bytes(b, book_line(old, seq));
}

void machine_anew(struct machine *m)
{
    struct book *b = &m->book;
    while (b->n > 0)
        book_drop(b, b->n);
    b->sums = (struct sums){ 0 };
    b->next.at_ms += DAY_MS / 24;
    b->next.day = b->next.shift = 0;
    m->acked = m->last_contact_ms = m->offset_ms = m->list_wanted = 0;
    buf_clear(&m->ack);
    snprintf(m->state, sizeof(m->state), "new");
    book_enrol(b);
}

void machine_cut(struct machine *m, int n)
{
    struct event e;
    while (m->book.n > n)
        book_drop(&m->book, m->book.n);
    enum err err = event_decode(book_line(&m->book, n), &e);
    ASSERT(err == ERR_OK);
    m->book.sums = e.sums;
    m->book.next.at_ms = e.at_ms + 60000;
    m->book.next.up_ms = e.up_ms + 60000;
    m->book.next.shift = e.shift;
    m->book.next.day = e.day;
}

/* ---- its files ----------------------------------------------------------- */

WRAP(enum err, key_load, const char *dir, const char *name, struct keypair *out)
{
    const struct machine *m = machine_of(dir);
    if (!m)
        return __real_key_load(dir, name, out);
    *out = m->book.device;
    return ERR_OK;
}

WRAP(enum err, admission_load, const char *dir, struct buf *text,
     struct str *bytes, struct str *signature_hex)
{
    const struct machine *m = machine_of(dir);
    if (!m)
        return __real_admission_load(dir, text, bytes, signature_hex);
    buf_str(text, buf_slice(&m->admission));
    *bytes = (struct str){ text->data, m->admission_len };
    *signature_hex =
        (struct str){ text->data + m->admission_len + 1, 2 * SIGNATURE_BYTES };
    return ERR_OK;
}

/* ---- the ledger ---------------------------------------------------------- */

/* A handle of ours is the machine itself. */
static struct machine *ours(const void *handle)
{
    for (int i = 0; quick && i < MACHINES; i++) {
        if (machines[i] == handle)
            return machines[i];
    }
    return NULL;
}

WRAP(enum err, ledger_open, const char *dir, enum ledger_mode mode,
     const char *who, struct buf *why, struct ledger **out)
{
    struct machine *m = machine_of(dir);
    if (!m)
        return __real_ledger_open(dir, mode, who, why, out);
    ASSERT(mode == LEDGER_READ);
    m->view = (struct ledger_state){ .admission = m->book.admission,
                                     .count = m->book.n,
                                     .sums = m->book.sums };
    memcpy(m->view.key.public_key, m->book.device.public_key, KEY_BYTES);
    device_id(m->book.device.public_key, m->view.device);
    book_head(&m->book, m->book.n, m->view.head);
    *out = (struct ledger *)(void *)m;
    return ERR_OK;
}

WRAP(void, ledger_close, struct ledger *l)
{
    if (l && !ours(l))
        __real_ledger_close(l);
}

WRAP(const struct ledger_state *, ledger_state, const struct ledger *l)
{
    const struct machine *m = ours(l);
    return m ? &m->view : __real_ledger_state(l);
}

WRAP(const char *, ledger_errmsg, const struct ledger *l)
{
    return ours(l) ? "" : __real_ledger_errmsg(l);
}

static struct stored stored_at(const struct machine *m, int64_t seq)
{
    struct stored s = { .seq = seq, .bytes = book_line(&m->book, (int)seq) };
    book_head(&m->book, (int)seq, s.hash);
    return s;
}

WRAP(enum err, ledger_get, struct ledger *l, int64_t seq, struct stored *out)
{
    const struct machine *m = ours(l);
    if (!m)
        return __real_ledger_get(l, seq, out);
    if (seq < 1 || seq > m->view.count)
        return ERR_NOT_FOUND;
    *out = stored_at(m, seq);
    return ERR_OK;
}

WRAP(enum err, ledger_each, struct ledger *l, int64_t from, int64_t to,
     enum err (*take)(void *ctx, const struct stored *s), void *ctx)
{
    const struct machine *m = ours(l);
    enum err e = ERR_OK;
    if (!m)
        return __real_ledger_each(l, from, to, take, ctx);
    for (; from <= to && from <= m->view.count && e == ERR_OK; from++) {
        struct stored s = stored_at(m, from);
        e = take(ctx, &s);
    }
    return e;
}

/* ---- sync.db ------------------------------------------------------------- */

WRAP(enum err, inbox_open, const char *dir, enum inbox_mode mode,
     const char *who, struct buf *why, struct inbox **out)
{
    struct machine *m = machine_of(dir);
    if (!m)
        return __real_inbox_open(dir, mode, who, why, out);
    *out = (struct inbox *)(void *)m;
    return ERR_OK;
}

WRAP(void, inbox_close, struct inbox *in)
{
    if (in && !ours(in))
        __real_inbox_close(in);
}

WRAP(const char *, inbox_errmsg, const struct inbox *in)
{
    return ours(in) ? "" : __real_inbox_errmsg(in);
}

WRAP(enum err, inbox_state, struct inbox *in, struct inbox_state *out)
{
    const struct machine *m = ours(in);
    if (!m)
        return __real_inbox_state(in, out);
    *out = (struct inbox_state){ .server = STR("https://fair.test:1"),
                                 .pin = STR("sha256//x"),
                                 .state = str_of(m->state),
                                 .acked = m->acked,
                                 .ack = buf_slice(&m->ack),
                                 .last_contact_ms = m->last_contact_ms,
                                 .offset_ms = m->offset_ms,
                                 .offset_known = m->last_contact_ms != 0,
                                 .list_wanted = m->list_wanted };
    memcpy(out->acked_head, m->acked_head, HASH_BYTES);
    return ERR_OK;
}

WRAP(enum err, inbox_list, struct inbox *in, const struct admission *admission,
     struct inbox_list *out, struct buf *document)
{
    return ours(in) ? ERR_NOT_FOUND
                    : __real_inbox_list(in, admission, out, document);
}

WRAP(enum err, inbox_set_ack, struct inbox *in, int64_t count,
     const uint8_t head[HASH_BYTES], struct str ack, int64_t list_wanted)
{
    struct machine *m = ours(in);
    if (!m)
        return __real_inbox_set_ack(in, count, head, ack, list_wanted);
    m->acked = count;
    memcpy(m->acked_head, head, HASH_BYTES);
    buf_clear(&m->ack);
    buf_str(&m->ack, ack);
    m->list_wanted = list_wanted;
    return ERR_OK;
}

WRAP(enum err, inbox_set_contact, struct inbox *in, int64_t at_ms,
     int64_t offset_ms)
{
    struct machine *m = ours(in);
    if (!m)
        return __real_inbox_set_contact(in, at_ms, offset_ms);
    m->last_contact_ms = at_ms;
    m->offset_ms = offset_ms;
    return ERR_OK;
}

WRAP(enum err, inbox_set_state, struct inbox *in, const char *state)
{
    struct machine *m = ours(in);
    if (!m)
        return __real_inbox_set_state(in, state);
    snprintf(m->state, sizeof(m->state), "%s", state);
    return ERR_OK;
}

WRAP(enum err, inbox_notice, struct inbox *in, const char *what,
     struct str text)
{
    struct machine *m = ours(in);
    if (!m)
        return __real_inbox_notice(in, what, text);
    m->restored += strcmp(what, "restored") == 0;
    m->forks += strcmp(what, "fork") == 0;
    m->revoked += strcmp(what, "revoked") == 0;
    if (strcmp(what, "restored") == 0)
        sscanf(text.data, "%*d -> %" SCNd64, &m->restored_to);
    return ERR_OK;
}
