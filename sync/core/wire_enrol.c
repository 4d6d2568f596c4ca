/*
 * wire_enrol.c - enrolment: the string on the slip, the request that redeems
 * it and the reply (sync/PROTOCOL.md 7).
 *
 * Checks form, the string's check word and the proof that the sender has the
 * key it names. Codes are compared and used up elsewhere.
 */
#include "fair/wire.h"

#include <sodium.h>
#include <string.h>

#include "fair/text.h"
#include "sync/core/wire_rules.h"

#define STRING_PREFIX "phiencho1"
#define CODE_LETTERS  "BCDFGHJKLMNPQRSTVWXZ"
#define HOST_CHARACTERS \
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:-"

enum {
    STRING_PARTS = 7, /* prefix, address, fair, booth, code, pin, check */
    CHECK_LEN = 6,    /* 30 bits: a slip of the pen passes once in 10^9 */
    MAX_WORD = 512,
    MAX_PORT = 65535
};

/* ---- request and reply --------------------------------------------------- */

// clang-format off
#define ENROL(name, optional, member) \
    { name, F_STR, optional, offsetof(struct enrol_request, member), NULL, 0, 0 }
static const struct field enrol_fields[] = {
    ENROL("booth", false, booth),
    ENROL("code", false, code),
    ENROL("device_name", true, device_name),
    ENROL("enrol", false, enrol),
    ENROL("fair", false, fair),
    ENROL("key", false, key),
    ENROL("pin", false, pin),
    ENROL("successor_of", true, successor_of),
};
// clang-format on

const struct shape enrol_request_shape = { "enrolment request", SHAPE_SORTED,
                                           enrol_fields,
                                           ARRAY_LEN(enrol_fields),
                                           sizeof(struct enrol_request) };

void enrol_request_encode(const struct enrol_request *r,
                          const struct keypair *key, struct buf *out)
{
    size_t start = out->len;
    shape_encode(&enrol_request_shape, r, out);
    signed_line_end(key, DOMAIN_ENROL, start, out);
}

static bool code_ok(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (!memchr(CODE_LETTERS, s.data[i], sizeof(CODE_LETTERS) - 1))
            return false;
    }
    return s.len == ENROL_CODE_LEN;
}

static bool request_ok(const struct enrol_request *r)
{
    return str_is(r->enrol, "1") && id_booth(r->booth) && code_ok(r->code) &&
           (r->device_name.len == 0 ||
            !text_check(r->device_name, MAX_NAME_COLUMNS)) &&
           id_fair(r->fair) && is_hex(r->pin, HASH_BYTES) &&
           (r->successor_of.len == 0 || is_key_id(r->successor_of));
}

enum err enrol_request_decode(struct str bytes, struct buf *arena,
                              struct enrol_request *out)
{
    struct signed_line s;
    struct enrol_request r;
    uint8_t key[KEY_BYTES];
    enum err e = signed_line_take(&bytes, MAX_HEADER, &s);
    if (!e)
        e = shape_decode(&enrol_request_shape, s.line, arena, &r, NULL);
    if (e)
        return e;
    if (bytes.len > 0 || !request_ok(&r) || !hex_bytes(r.key, key, sizeof(key)))
        return ERR_FORM;
    e = signed_line_check(&s, DOMAIN_ENROL, key);
    if (!e)
        *out = r;
    return e;
}

static bool reply_ok(const struct enrol_reply *r)
{
    uint8_t room[SIGNATURE_BYTES];
    return r->admission.len > 0 &&
           hex_bytes(r->signature, room, SIGNATURE_BYTES) &&
           is_hex(r->phone_key, KEY_BYTES);
}

void enrol_reply_encode(const struct enrol_reply *r, struct buf *out)
{
    ASSERT(reply_ok(r));
    const struct str lines[] = { r->admission, r->signature, r->phone_key };
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        buf_str(out, lines[i]);
        buf_putc(out, '\n');
    }
}

enum err enrol_reply_decode(struct str bytes, struct enrol_reply *out)
{
    struct enrol_reply r;
    if (!lines_next(&bytes, &r.admission) ||
        !lines_next(&bytes, &r.signature) ||
        !lines_next(&bytes, &r.phone_key) || bytes.len > 0 || !reply_ok(&r))
        return ERR_FORM;
    *out = r;
    return ERR_OK;
}

/* ---- the string ---------------------------------------------------------- */

/* The first characters of SHA-256(word) in base32. */
static void put_check(struct str word, struct buf *out)
{
    uint8_t hash[HASH_BYTES];
    BUF(text, MAX_WORD);
    hash_tagged("", word, hash);
    base32_put(&text, hash, sizeof(hash));
    buf_put(out, text.data, CHECK_LEN);
}

void enrolment_render(const struct enrolment *e, struct buf *out)
{
    BUF(word, MAX_WORD);
    buf_printf(&word, STRING_PREFIX "/%s:%d/%s/%s/%s/", e->host, e->port,
               e->fair, e->booth, e->code);
    base32_put(&word, e->pin, sizeof(e->pin));
    ASSERT(buf_ok(&word));
    buf_str(out, buf_slice(&word));
    buf_putc(out, '/');
    put_check(buf_slice(&word), out);
}

/* Cuts at every '/'; false when there are not exactly STRING_PARTS. */
static bool cut_parts(struct str word, struct str parts[STRING_PARTS])
{
    int n = 0;
    for (size_t from = 0, i = 0; i <= word.len; i++) {
        if (i < word.len && word.data[i] != '/')
            continue;
        if (n == STRING_PARTS)
            return false;
        parts[n++] = (struct str){ word.data + from, i - from };
        from = i + 1;
    }
    return n == STRING_PARTS;
}

static bool check_ok(struct str word, struct str check)
{
    BUF(right, MAX_WORD);
    put_check((struct str){ word.data, word.len - check.len - 1 }, &right);
    return str_eq(check, buf_slice(&right));
}

static bool take_text(struct str s, bool good, char *to, size_t room)
{
    if (!good || s.len >= room)
        return false;
    memcpy(to, s.data, s.len);
    to[s.len] = '\0';
    return true;
}

static bool take_host(struct str s, struct enrolment *out)
{
    bool good = s.len > 0 && s.data[0] != '-';
    for (size_t i = 0; i < s.len; i++)
        good = good &&
               memchr(HOST_CHARACTERS, s.data[i], sizeof(HOST_CHARACTERS) - 1);
    return take_text(s, good, out->host, sizeof(out->host));
}

/* 1…65535 without leading zeros. */
static bool take_port(struct str s, struct enrolment *out)
{
    int port = 0;
    if (s.len == 0 || s.data[0] == '0')
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] < '0' || s.data[i] > '9')
            return false;
        port = port * 10 + (s.data[i] - '0');
        if (port > MAX_PORT)
            return false;
    }
    out->port = port;
    return true;
}

/* HOST:PORT apart at the last ':'; an address without any has no port. */
static void cut_address(struct str address, struct str *host, struct str *port)
{
    size_t at = address.len;
    while (at > 0 && address.data[at - 1] != ':')
        at--;
    *host = (struct str){ address.data, at > 0 ? at - 1 : address.len };
    *port =
        at > 0 ? (struct str){ address.data + at, address.len - at } : STR("");
}

/* The first thing wrong with the word, or NULL. */
static const char *parse_parts(struct str word, struct enrolment *out)
{
    struct str part[STRING_PARTS], host, port;
    if (word.len > MAX_WORD || !cut_parts(word, part) ||
        !str_is(part[0], STRING_PREFIX))
        return "form";
    if (!check_ok(word, part[6]))
        return "check";
    cut_address(part[1], &host, &port);
    if (!take_host(host, out))
        return "host";
    if (!take_port(port, out))
        return "port";
    if (!take_text(part[2], id_fair(part[2]), out->fair, sizeof(out->fair)))
        return "fair";
    if (!take_text(part[3], id_booth(part[3]), out->booth, sizeof(out->booth)))
        return "booth";
    if (!take_text(part[4], code_ok(part[4]), out->code, sizeof(out->code)))
        return "code";
    return base32_bytes(part[5], out->pin, sizeof(out->pin)) ? NULL : "pin";
}

enum err enrolment_parse(struct str word, struct enrolment *out,
                         struct buf *why)
{
    struct enrolment e;
    const char *wrong = parse_parts(word, &e);
    if (wrong) {
        buf_puts(why, wrong);
        return ERR_INVALID;
    }
    *out = e;
    return ERR_OK;
}

void enrolment_url(const struct enrolment *e, struct buf *out)
{
    bool v6 = strchr(e->host, ':') != NULL;
    buf_printf(out, "https://%s%s%s:%d", v6 ? "[" : "", e->host, v6 ? "]" : "",
               e->port);
}

void pin_render(const uint8_t pin[HASH_BYTES], struct buf *out)
{
    enum { STANDARD = sodium_base64_VARIANT_ORIGINAL };
    char text[sodium_base64_ENCODED_LEN(HASH_BYTES, STANDARD)];
    sodium_bin2base64(text, sizeof(text), pin, HASH_BYTES, STANDARD);
    buf_puts(out, "sha256//");
    buf_puts(out, text);
}
