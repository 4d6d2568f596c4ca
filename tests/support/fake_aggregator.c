/*
 * fake_aggregator.c - PROTOCOL.md 6.4 in a hundred lines.
 */
#include "tests/support/fake_aggregator.h"

#include <string.h>

#include "fair/chain.h"

#define NOON INT64_C(1578978000000) /* 2020-01-14 12:00 UTC+7 */

static struct fake *fake; /* whom the environment calls */

/* ---- what it holds ------------------------------------------------------- */

void fake_forget(struct fake *f, int64_t count)
{
    ASSERT(count <= f->count);
    f->count = count;
    f->branch_first = f->branch_last = 0;
}

void fake_impostor(struct fake *f, int n)
{
    for (int i = 0; i < n; i++) {
        chain_next(f->hashes[f->count], STR("not yours"),
                   f->hashes[f->count + 1]);
        f->count++;
    }
}

void fake_lists(struct fake *f, int64_t version, int n, int seed)
{
    ASSERT(n <= FAKE_PAGES);
    f->list = version;
    f->n_pages = n;
    for (int i = 0; i < n; i++) {
        buf_clear(&f->pages[i]);
        buf_printf(&f->pages[i], "{\"page\":%d,\"seed\":%d}\n", i, seed);
    }
}

static bool set_aside(const struct fake *f, int64_t seq, const uint8_t *hash)
{
    return f->branch_first > 0 && seq >= f->branch_first &&
           seq <= f->branch_last &&
           memcmp(f->branch[seq], hash, HASH_BYTES) == 0;
}

/* ---- answers ------------------------------------------------------------- */

static void put_ack(const struct fake *f, const struct push *p,
                    const char *state, struct buf *out)
{
    char id[DEVICE_LEN + 1], who[DEVICE_LEN + 1];
    const struct keypair *key =
        f->fault == FAKE_SIGNATURE ? &f->stranger : &f->key;
    BUF(head, 2 * HASH_BYTES);
    aggregator_id(key->public_key, id);
    device_id(f->stranger.public_key, who);
    buf_hex(&head, f->hashes[f->count], HASH_BYTES);
    int64_t next = set_aside(f, p->header.to, p->head) ? p->header.to + 1 : 0;
    struct ack ack = { .ack = STR("1"),
                       .aggregator = str_of(id),
                       .at_ms = NOON,
                       .count = f->count,
                       .device = p->header.device,
                       .head = buf_slice(&head),
                       .list = f->list,
                       .nonce = p->header.nonce,
                       .state = str_of(state),
                       .wanted =
                           strcmp(state, "fork") == 0 ? next : f->count + 1 };
    if (f->fault == FAKE_NONCE)
        ack.nonce = STR("ffffffffffffffffffffffffffffffff");
    if (f->fault == FAKE_STRANGER)
        ack.device = str_of(who);
    ack_encode(&ack, key, out);
}

void fake_ack(const struct fake *f, const char *device, struct buf *out)
{
    const struct push p = { .header = { .device = str_of(device),
                                        .nonce = STR(NONCE_NONE) } };
    put_ack(f, &p, "active", out);
}

static void page_name(const struct fake *f, int i, char hex[])
{
    uint8_t hash[HASH_BYTES];
    BUF(text, 2 * HASH_BYTES);
    hash_tagged("", buf_slice(&f->pages[i]), hash);
    buf_hex(&text, hash, HASH_BYTES);
    memcpy(hex, buf_text(&text), 2 * HASH_BYTES + 1);
}

void fake_manifest(const struct fake *f, const char *booth, struct buf *out)
{
    struct page_name names[FAKE_PAGES];
    char hex[FAKE_PAGES][2 * HASH_BYTES + 1];
    for (int i = 0; i < f->n_pages; i++) {
        page_name(f, i, hex[i]);
        names[i].hash = str_of(hex[i]);
    }
    const struct manifest m = { NOON,       str_of(booth), STR("XUAN-2020"),
                                f->n_pages, names,         f->list };
    manifest_encode(&m, &f->key, out);
}

enum err fake_held(const struct fake *f, struct inbox *in, int64_t *version,
                   struct buf *out)
{
    BUF(hex, 2 * KEY_BYTES);
    struct inbox_list list;
    buf_hex(&hex, f->key.public_key, KEY_BYTES);
    const struct admission ours = { .aggregator = buf_slice(&hex),
                                    .booth = STR("A1"),
                                    .fair = STR("XUAN-2020") };
    enum err e = inbox_list(in, &ours, &list, out);
    if (!e)
        *version = list.version;
    return e;
}

static void put_wanted(struct fake *f, struct str want, struct buf *out)
{
    char hex[2 * HASH_BYTES + 1];
    size_t before = out->len;
    if (str_is(want, "manifest") && f->list > 0)
        fake_manifest(f, f->booth, out);
    f->asked_pages += want.len == 2 * HASH_BYTES;
    for (int i = 0; i < f->n_pages; i++) {
        page_name(f, i, hex);
        if (str_is(want, hex))
            buf_str(out, buf_slice(&f->pages[i]));
    }
    if (f->fault == FAKE_PAGE && out->len > before)
        out->data[before + 2] ^= 1;
}

/* ---- a push -------------------------------------------------------------- */

static bool same(const struct fake *f, int64_t seq, const uint8_t *hash)
{
    return memcmp(f->hashes[seq], hash, HASH_BYTES) == 0;
}

/* The hash of the push at `seq`. */
static void hash_at(const struct push *p, int64_t seq, uint8_t *hash)
{
    struct str lines = p->events, line;
    memcpy(hash, p->previous, HASH_BYTES);
    for (int64_t at = p->header.from; at <= seq; at++) {
        ASSERT(lines_next(&lines, &line));
        chain_next(hash, line, hash);
    }
}

static const char *answer_question(struct fake *f, const struct push *p)
{
    f->forked = (p->header.to <= f->count && !same(f, p->header.to, p->head)) ||
                set_aside(f, p->header.to, p->head);
    if (f->forked)
        return "fork";
    return f->revoked ? "revoked" : "active";
}

/* The events of the push that are not those counted. */
static void keep_aside(struct fake *f, const struct push *p)
{
    uint8_t hash[HASH_BYTES];
    f->aside += p->n;
    for (int64_t seq = p->header.from; seq <= p->header.to; seq++) {
        hash_at(p, seq, hash);
        if (seq <= f->count && same(f, seq, hash))
            continue;
        memcpy(f->branch[seq], hash, HASH_BYTES);
        if (f->branch_first == 0)
            f->branch_first = seq;
        if (f->branch_last < seq)
            f->branch_last = seq;
    }
}

static const char *take_events(struct fake *f, const struct push *p)
{
    uint8_t hash[HASH_BYTES];
    int64_t common = p->header.to < f->count ? p->header.to : f->count;
    if (set_aside(f, p->header.from - 1, p->previous))
        f->forked = true;
    if (p->header.from > f->count + 1 && !f->forked)
        return "gap";
    if (!f->forked || p->header.from <= f->count) {
        hash_at(p, common, hash);
        f->forked = !same(f, common, hash);
    }
    if (f->forked) {
        keep_aside(f, p);
        return "fork";
    }
    f->replayed += common - p->header.from + 1;
    for (int64_t seq = f->count + 1; seq <= p->header.to; seq++) {
        ASSERT(seq <= FAKE_EVENTS);
        hash_at(p, seq, f->hashes[seq]);
        f->count = seq;
        f->appended++;
    }
    return f->revoked ? "revoked" : "active";
}

static const char *take(struct fake *f, const struct push *p)
{
    if (!f->known && p->header.from == 1 && p->n > 0) {
        f->known = true;
        f->count = 0;
    }
    memcpy(f->device, p->key, KEY_BYTES);
    chain_start(p->key, f->hashes[0]);
    if (!f->known)
        return "unknown";
    return p->n == 0 ? answer_question(f, p) : take_events(f, p);
}

static int answer_push(struct fake *f, struct str body, struct buf *out)
{
    struct push p;
    enum err e = push_decode(body, NULL, &p, NULL);
    if (e != ERR_OK || p.bytes != body.len)
        err_die(__FILE__, __LINE__, err_code(e));
    f->last = p.header;
    if (f->limit > 0 && p.n > f->limit)
        return 413;
    f->largest = p.n > f->largest ? p.n : f->largest;
    f->longest = body.len > f->longest ? body.len : f->longest;
    const char *found = take(f, &p);
    const char *state = f->state ? f->state : found;
    put_ack(f, &p, state, out);
    if (strcmp(state, "active") == 0)
        put_wanted(f, p.header.want, out);
    return strcmp(state, "active") == 0 || f->revoked ? 200 : 409;
}

/* ---- enrolment ----------------------------------------------------------- */

static int answer_enrol(const struct fake *f, struct str body, struct buf *out)
{
    struct enrol_request r;
    ASSERT(enrol_request_decode(body, NULL, &r) == ERR_OK);
    if (f->refusal) {
        buf_printf(out, "{\"error\":\"%s\",\"message\":\"no\"}", f->refusal);
        return 403;
    }
    buf_str(out, buf_slice(&f->reply));
    return 200;
}

/* ---- the network --------------------------------------------------------- */

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

static int refuse(enum fake_fault fault, const struct net_request *req,
                  struct buf *reply)
{
    buf_clear(reply);
    if (fault == FAKE_BUSY) {
        *req->retry_after_s = fake->after_s;
        return 503;
    }
    if (fault == FAKE_TOO_LONG)
        return 413;
    buf_puts(reply, "{\"error\":\"form\",\"message\":\"not\\u001b[31m so\"}");
    return 400;
}

static int carry_out(struct fake *f, const struct net_request *req,
                     struct buf *reply)
{
    if (f->fault == FAKE_BUSY || f->fault == FAKE_TOO_LONG ||
        f->fault == FAKE_REFUSED)
        return refuse(f->fault, req, reply);
    if (ends_with(req->url, WIRE_ENROL_PATH))
        return answer_enrol(f, req->body, reply);
    ASSERT(ends_with(req->url, WIRE_PUSH_PATH));
    return answer_push(f, req->body, reply);
}

static enum err post(void *ctx, const struct net_request *req, int *status,
                     struct buf *reply)
{
    struct fake *f = fake;
    BUF(out, MAX_REPLY);
    (void)ctx;
    f->requests++;
    if (f->look)
        f->look(f);
    enum fake_fault meant = f->fault;
    if (f->fault_at > 0 && f->fault_at != f->requests)
        f->fault = FAKE_FINE;
    enum fake_fault now = f->fault;
    int code = now == FAKE_LOST_REQUEST || now == FAKE_WRONG_PIN
                   ? 0
                   : carry_out(f, req, &out);
    f->fault = meant;
    if (now == FAKE_WRONG_PIN)
        return ERR_PIN;
    if (now == FAKE_LOST_REQUEST || now == FAKE_LOST_ANSWER)
        return ERR_UNREACHABLE;
    if (now == FAKE_CUT)
        out.len = 40;
    ASSERT(buf_ok(&out) && out.len <= req->reply_max);
    *status = code;
    buf_str(reply, buf_slice(&out));
    return ERR_OK;
}

/* ---- from beginning to end ----------------------------------------------- */

static void key_of(uint8_t byte, struct keypair *key)
{
    uint8_t seed[KEY_BYTES];
    memset(seed, byte, sizeof(seed));
    key_from_seed(seed, key);
}

void fake_init(struct fake *f, uint8_t aggregator)
{
    sign_init();
    *f = (struct fake){
        .before = *env_get(), .known = true, .booth = "A1", .after_s = 7
    };
    key_of(aggregator, &f->key);
    key_of((uint8_t)(aggregator + 100), &f->stranger);
    for (int i = 0; i < FAKE_PAGES; i++)
        buf_init(&f->pages[i], MAX_PAGE);
    buf_init(&f->reply, MAX_REPLY);
    struct env env = f->before;
    env.post = post;
    env_use(&env);
    fake = f;
}

void fake_done(struct fake *f)
{
    for (int i = 0; i < FAKE_PAGES; i++)
        buf_done(&f->pages[i]);
    buf_done(&f->reply);
    env_use(&f->before);
    fake = NULL;
}
