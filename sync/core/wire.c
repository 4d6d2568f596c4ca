/*
 * wire.c - the two documents of a session: push and acknowledgement
 * (sync/PROTOCOL.md 6).
 *
 * A push is accepted here when it is well-formed: its header signed by the
 * key it names, its lines canonical events numbered from…to, and their hashes
 * leading from `previous` to `head`. Whether the device is known, and whether
 * `previous` is what the other side holds, is not decided here.
 */
#include "fair/wire.h"

#include <string.h>

#include "fair/text.h"
#include "sync/core/wire_rules.h"

// clang-format off
#define HEADER(name, type, member) \
    { name, type, false, offsetof(struct push_header, member), NULL, 0, 0 }
static const struct field header_fields[] = {
    HEADER("aggregator", F_STR, aggregator), HEADER("clock", F_INT, clock_ms),
    HEADER("device", F_STR, device),         HEADER("disk", F_INT, disk_mb),
    HEADER("from", F_INT, from),             HEADER("head", F_STR, head),
    HEADER("key", F_STR, key),               HEADER("list", F_INT, list),
    HEADER("nonce", F_STR, nonce),           HEADER("previous", F_STR, previous),
    HEADER("program", F_STR, program),       HEADER("push", F_STR, push),
    HEADER("to", F_INT, to),                 HEADER("unsent", F_INT, unsent),
    { "want", F_STR, true, offsetof(struct push_header, want), NULL, 0, 0 },
};

#define ACK(name, type, member) \
    { name, type, false, offsetof(struct ack, member), NULL, 0, 0 }
static const struct field ack_fields[] = {
    ACK("ack", F_STR, ack),       ACK("aggregator", F_STR, aggregator),
    ACK("at", F_INT, at_ms),      ACK("count", F_INT, count),
    ACK("device", F_STR, device), ACK("head", F_STR, head),
    ACK("list", F_INT, list),     ACK("nonce", F_STR, nonce),
    ACK("state", F_STR, state),   ACK("wanted", F_INT, wanted),
};
// clang-format on

const struct shape push_header_shape = { "push header", SHAPE_SORTED,
                                         header_fields,
                                         ARRAY_LEN(header_fields),
                                         sizeof(struct push_header) };
const struct shape ack_shape = { "acknowledgement", SHAPE_SORTED, ack_fields,
                                 ARRAY_LEN(ack_fields), sizeof(struct ack) };

static const char *const ack_states[] = { "active",  "gap",     "fork",
                                          "revoked", "unknown", "held" };

/* ---- lines --------------------------------------------------------------- */

bool line_take(struct str *bytes, size_t max, struct str *line)
{
    size_t look = bytes->len <= max ? bytes->len : max + 1;
    const char *end = look > 0 ? memchr(bytes->data, '\n', look) : NULL;
    if (!end)
        return false;
    size_t len = (size_t)(end - bytes->data);
    *line = (struct str){ bytes->data, len };
    *bytes = (struct str){ end + 1, bytes->len - len - 1 };
    return true;
}

bool lines_next(struct str *events, struct str *line)
{
    return line_take(events, events->len, line);
}

void signed_line_end(const struct keypair *key, const char *domain,
                     size_t start, struct buf *out)
{
    if (!buf_ok(out))
        return;
    uint8_t signature[SIGNATURE_BYTES];
    struct str line = { out->data + start, out->len - start };
    sign_make(key, domain, line, signature);
    buf_putc(out, '\n');
    buf_hex(out, signature, sizeof(signature));
    buf_putc(out, '\n');
}

enum err signed_line_take(struct str *bytes, size_t max,
                          struct signed_line *out)
{
    struct str rest = *bytes, hex;
    struct signed_line found;
    if (!line_take(&rest, max, &found.line) ||
        !line_take(&rest, (size_t)2 * SIGNATURE_BYTES, &hex) ||
        !hex_bytes(hex, found.signature, SIGNATURE_BYTES))
        return ERR_FORM;
    *bytes = rest;
    *out = found;
    return ERR_OK;
}

enum err signed_line_check(const struct signed_line *s, const char *domain,
                           const uint8_t public_key[KEY_BYTES])
{
    return sign_check(public_key, domain, s->line, s->signature)
               ? ERR_OK
               : ERR_SIGNATURE;
}

bool is_hex(struct str s, size_t bytes)
{
    uint8_t room[HASH_BYTES];
    ASSERT(bytes <= sizeof(room));
    return hex_bytes(s, room, bytes);
}

bool is_key_id(struct str s)
{
    uint8_t room[DEVICE_LEN * 5 / 8];
    return base32_bytes(s, room, sizeof(room));
}

bool is_device_of(struct str id, const uint8_t public_key[KEY_BYTES])
{
    char name[DEVICE_LEN + 1];
    device_id(public_key, name);
    return str_is(id, name);
}

/* ---- push ---------------------------------------------------------------- */

void push_encode(const struct push_header *header, const struct keypair *key,
                 struct str lines, struct buf *out)
{
    ASSERT(header->from >= 1 && header->to >= header->from - 1);
    ASSERT((lines.len == 0) == (header->to == header->from - 1));
    ASSERT(lines.len == 0 || lines.data[lines.len - 1] == '\n');
    size_t start = out->len;
    shape_encode(&push_header_shape, header, out);
    signed_line_end(key, DOMAIN_PUSH, start, out);
    buf_str(out, lines);
}

static bool program_ok(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] < ' ' || s.data[i] > '~')
            return false;
    }
    return s.len >= 1 && s.len <= MAX_PROGRAM;
}

static bool want_ok(struct str s)
{
    return s.len == 0 || str_is(s, "manifest") || is_hex(s, HASH_BYTES);
}

static bool header_ok(const struct push_header *h)
{
    return str_is(h->push, "1") && is_key_id(h->aggregator) &&
           h->clock_ms >= 0 && h->disk_mb >= -1 && h->from >= 1 &&
           h->to >= h->from - 1 && h->to < INT64_MAX && h->list >= 0 &&
           h->unsent >= 0 && is_hex(h->nonce, NONCE_LEN / 2) &&
           program_ok(h->program) && want_ok(h->want);
}

/* The two lines before the events. */
static enum err push_open(struct str *rest, struct buf *arena, struct push *out)
{
    struct signed_line s;
    struct push_header *h = &out->header;
    enum err e = signed_line_take(rest, MAX_HEADER, &s);
    if (!e)
        e = shape_decode(&push_header_shape, s.line, arena, h, NULL);
    if (e)
        return e;
    if (!header_ok(h) || !hex_bytes(h->key, out->key, KEY_BYTES) ||
        !hex_bytes(h->previous, out->previous, HASH_BYTES) ||
        !hex_bytes(h->head, out->head, HASH_BYTES) ||
        !is_device_of(h->device, out->key))
        return ERR_FORM;
    out->n = h->to - h->from + 1;
    if (out->n > MAX_BATCH_EVENTS)
        return ERR_LIMIT;
    return signed_line_check(&s, DOMAIN_PUSH, out->key);
}

/* The hash before event `from` is where the chain starts or any other. */
static enum err push_start(const struct push *p, uint8_t hash[HASH_BYTES])
{
    memcpy(hash, p->previous, HASH_BYTES);
    if (p->header.from > 1)
        return ERR_OK;
    uint8_t start[HASH_BYTES];
    chain_start(p->key, start);
    return memcmp(start, hash, HASH_BYTES) == 0 ? ERR_OK : ERR_CHAIN;
}

/* The lines from…to; *at is the number of the one being read. */
static enum err push_lines(struct str *rest, struct push *out, int64_t *at)
{
    uint8_t hash[HASH_BYTES];
    enum err e = push_start(out, hash);
    if (e)
        return e;
    out->events = *rest;
    for (int64_t seq = out->header.from; seq <= out->header.to; seq++) {
        struct str line;
        struct event event;
        *at = seq;
        if (!line_take(rest, rest->len, &line))
            return ERR_FORM;
        e = event_decode(line, &event);
        if (e)
            return e;
        if (event.seq != seq)
            return ERR_SEQUENCE;
        chain_next(hash, line, hash);
    }
    *at = 0;
    out->events.len -= rest->len;
    return memcmp(hash, out->head, HASH_BYTES) == 0 ? ERR_OK : ERR_CHAIN;
}

enum err push_decode(struct str bytes, struct buf *arena, struct push *out,
                     int64_t *bad)
{
    struct push p;
    struct str rest = bytes;
    int64_t at = 0;
    enum err e = push_open(&rest, arena, &p);
    if (!e)
        e = push_lines(&rest, &p, &at);
    p.bytes = bytes.len - rest.len;
    if (!e && p.bytes > MAX_BATCH)
        e = ERR_LIMIT;
    if (e && bad)
        *bad = at;
    if (!e)
        *out = p;
    return e;
}

/* ---- acknowledgement ----------------------------------------------------- */

static bool ack_state_ok(struct str state)
{
    for (size_t i = 0; i < ARRAY_LEN(ack_states); i++) {
        if (str_is(state, ack_states[i]))
            return true;
    }
    return false;
}

static bool ack_ok(const struct ack *a)
{
    return str_is(a->ack, "1") && is_key_id(a->aggregator) && a->at_ms >= 0 &&
           a->count >= 0 && is_key_id(a->device) &&
           is_hex(a->head, HASH_BYTES) && a->list >= 0 &&
           is_hex(a->nonce, NONCE_LEN / 2) && ack_state_ok(a->state) &&
           a->wanted >= 0;
}

void ack_encode(const struct ack *ack, const struct keypair *aggregator,
                struct buf *out)
{
    ASSERT(ack_ok(ack));
    size_t start = out->len;
    shape_encode(&ack_shape, ack, out);
    signed_line_end(aggregator, DOMAIN_ACK, start, out);
}

enum err ack_decode(struct str bytes, const uint8_t aggregator[KEY_BYTES],
                    struct str nonce, struct ack *out, struct str *rest)
{
    struct signed_line s;
    struct ack a;
    char id[DEVICE_LEN + 1];
    enum err e = signed_line_take(&bytes, MAX_HEADER, &s);
    if (!e)
        e = signed_line_check(&s, DOMAIN_ACK, aggregator);
    if (!e)
        e = shape_decode(&ack_shape, s.line, NULL, &a, NULL);
    if (e)
        return e;
    if (!ack_ok(&a))
        return ERR_FORM;
    aggregator_id(aggregator, id);
    if (!str_is(a.aggregator, id) || (nonce.len > 0 && !str_eq(a.nonce, nonce)))
        return ERR_SIGNATURE;
    *out = a;
    *rest = bytes;
    return ERR_OK;
}
