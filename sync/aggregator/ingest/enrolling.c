/*
 * enrolling.c - codes out, admissions back.
 *
 * A device's number is unique in the fair, its label in the booth; both go on
 * from the highest ever given, so that a slip names one device for good.
 */
#include "enrolling.h"

#include <stdlib.h>
#include <string.h>

#include "fair/admission.h"
#include "fair/chain.h"
#include "fair/env.h"

enum { DEVICES_MAX = 1023, LABELS_MAX = 999, CODE_HOURS = 48 };

bool enrol_refusal(enum err e)
{
    return e == ERR_CODE || e == ERR_CODE_USED || e == ERR_CODE_EXPIRED;
}

/* ---- numbers ------------------------------------------------------------- */

struct numbers {
    struct str booth;
    int64_t number, label;
};

static enum err highest(void *ctx, const struct device *d)
{
    struct numbers *n = ctx;

    if (d->number > n->number)
        n->number = d->number;
    if (str_is(n->booth, d->booth) && strtol(d->label, NULL, 10) > n->label)
        n->label = strtol(d->label, NULL, 10);
    return ERR_OK;
}

static enum err next_numbers(struct store *s, struct str fair, struct str booth,
                             struct numbers *out)
{
    struct numbers n = { booth, 0, 0 };
    enum err e = store_device_each(s, fair, highest, &n);

    if (e != ERR_OK)
        return e;
    if (n.number >= DEVICES_MAX || n.label >= LABELS_MAX)
        return ERR_LIMIT;
    *out = (struct numbers){ booth, n.number + 1, n.label + 1 };
    return ERR_OK;
}

/* ---- the admission ------------------------------------------------------- */

struct draft { /* what an admission is made of */
    struct fair fair;
    struct booth booth;
    struct numbers numbers;
    struct buf strings;
    struct buf device_name;
    int64_t now_ms;
};

static void admission_text(const struct keys *keys,
                           const struct enrol_request *r, const struct draft *d,
                           struct buf *out)
{
    struct admission *a = x_alloc(sizeof(*a));
    BUF(key, 2 * KEY_BYTES);
    BUF(digits, 32);

    buf_hex(&key, keys->signing.public_key, KEY_BYTES);
    buf_int(&digits, d->numbers.label);
    *a = (struct admission){ .aggregator = buf_slice(&key),
                             .at_ms = d->now_ms,
                             .booth = d->booth.code,
                             .booth_name = d->booth.name,
                             .n_closed = d->fair.n_closed,
                             .cut_off_min = d->fair.cut_off_min,
                             .days = d->fair.days,
                             .fair = str_of(d->fair.code),
                             .first_day = d->fair.first_day,
                             .key = r->key,
                             .label = buf_slice(&digits),
                             .name = str_of(d->fair.name),
                             .number = d->numbers.number,
                             .successor_of = r->successor_of };
    for (int i = 0; i < d->fair.n_closed; i++)
        a->closed[i] = d->fair.closed[i];
    shape_encode(&admission_shape, a, out);
    free(a);
}

static void device_of(const struct enrol_request *r, const struct draft *d,
                      struct device *out)
{
    *out =
        (struct device){ .number = d->numbers.number, .state = DEVICE_ACTIVE };
    bool ok = hex_bytes(r->key, out->public_key, KEY_BYTES);

    ASSERT(ok && d->booth.code.len < sizeof(out->booth));
    device_id(out->public_key, out->device);
    chain_start(out->public_key, out->head);
    memcpy(out->fair, d->fair.code, sizeof(out->fair));
    memcpy(out->booth, d->booth.code.data, d->booth.code.len);
    BUF(label, sizeof(out->label));
    buf_int(&label, d->numbers.label);
    memcpy(out->label, buf_text(&label), label.len);
}

/* Signs and stores the admission, and says it. */
static enum err admit(struct store *s, const struct keys *keys,
                      const struct enrol_request *r, const struct draft *d,
                      struct buf *reply)
{
    uint8_t signature[SIGNATURE_BYTES], phone_key[KEY_BYTES];
    struct device device;
    BUF(text, MAX_TEXT);
    BUF(sig_hex, 2 * SIGNATURE_BYTES);
    BUF(phone_hex, 2 * KEY_BYTES);

    admission_text(keys, r, d, &text);
    sign_make(&keys->signing, DOMAIN_ADMISSION, buf_slice(&text), signature);
    buf_hex(&sig_hex, signature, SIGNATURE_BYTES);
    env_random(phone_key, KEY_BYTES);
    buf_hex(&phone_hex, phone_key, KEY_BYTES);
    device_of(r, d, &device);
    struct admitted admitted = { buf_slice(&text), buf_slice(&sig_hex),
                                 buf_slice(&d->device_name), phone_key };
    enum err e = store_admit(s, &device, &admitted);
    if (e == ERR_OK) {
        struct enrol_reply answer = { buf_slice(&text), buf_slice(&sig_hex),
                                      buf_slice(&phone_hex) };
        enrol_reply_encode(&answer, reply);
    }
    return e;
}

/* The same key asks again, because our answer was lost. */
static enum err answer_again(struct store *s, struct str device,
                             struct buf *reply)
{
    uint8_t phone_key[KEY_BYTES];
    BUF(text, MAX_TEXT);
    BUF(sig_hex, 2 * SIGNATURE_BYTES);
    BUF(phone_hex, 2 * KEY_BYTES);
    enum err e = store_admission(s, device, &text, &sig_hex, phone_key);

    if (e == ERR_OK) {
        buf_hex(&phone_hex, phone_key, KEY_BYTES);
        struct enrol_reply answer = { buf_slice(&text), buf_slice(&sig_hex),
                                      buf_slice(&phone_hex) };
        enrol_reply_encode(&answer, reply);
    }
    return e;
}

static bool pin_is_ours(const struct keys *keys, struct str pin)
{
    uint8_t bytes[HASH_BYTES];

    return hex_bytes(pin, bytes, HASH_BYTES) &&
           memcmp(bytes, keys->pin, HASH_BYTES) == 0;
}

static enum err enrol_new(struct store *s, const struct keys *keys,
                          const struct enrol_request *r, struct draft *d,
                          struct buf *reply)
{
    enum err e = fair_get(s, r->fair, &d->fair);

    if (e == ERR_OK)
        e = booth_get(s, r->fair, r->booth, &d->booth, &d->strings);
    if (e == ERR_OK)
        e = next_numbers(s, r->fair, r->booth, &d->numbers);
    if (e == ERR_OK)
        e = admit(s, keys, r, d, reply);
    return e == ERR_NOT_FOUND ? ERR_CODE : e;
}

enum err enrol_device(struct store *s, const struct keys *keys,
                      const struct enrol_request *r, int64_t now_ms,
                      struct buf *reply)
{
    struct draft *d = x_alloc(sizeof(*d));
    uint8_t key[KEY_BYTES];
    char id[DEVICE_LEN + 1];
    bool ok = hex_bytes(r->key, key, KEY_BYTES);

    ASSERT(ok);
    device_id(key, id);
    buf_init(&d->strings, MAX_TEXT);
    buf_init(&d->device_name, MAX_TEXT);
    buf_str(&d->device_name, r->device_name);
    d->now_ms = now_ms;
    enum err e = ERR_PIN;
    if (pin_is_ours(keys, r->pin))
        e = fair_lock(s, r->fair); /* codes and numbers go one by one */
    if (e == ERR_OK) {
        struct code code = { keys->code_key, r->fair, r->booth, r->code };
        BUF(offered, MAX_TEXT);
        e = code_use(s, &code, str_of(id), now_ms, &offered);
        if (offered.len > 0) {
            buf_clear(&d->device_name);
            buf_str(&d->device_name, buf_slice(&offered));
        }
    }
    if (e == ERR_EXISTS)
        e = answer_again(s, str_of(id), reply);
    else if (e == ERR_OK)
        e = enrol_new(s, keys, r, d, reply);
    buf_done(&d->strings);
    buf_done(&d->device_name);
    free(d);
    return e;
}

/* ---- codes --------------------------------------------------------------- */

static void code_make(char out[ENROL_CODE_LEN + 1])
{
    /* RFC 8628 6.1: consonants that form no words and are not mistaken. */
    static const char letters[] = "BCDFGHJKLMNPQRSTVWXZ";

    for (int i = 0; i < ENROL_CODE_LEN; i++)
        out[i] = letters[env_random_below(sizeof(letters) - 1)];
    out[ENROL_CODE_LEN] = '\0';
}

static bool into(char *out, size_t size, struct str s)
{
    if (s.len >= size)
        return false;
    memcpy(out, s.data, s.len);
    out[s.len] = '\0';
    return true;
}

enum err enrol_offer(struct store *s, const struct keys *keys,
                     const struct enrol_offer *offer, int64_t now_ms,
                     struct buf *out)
{
    struct enrolment word = { .port = offer->port };
    struct booth booth;
    BUF(strings, MAX_TEXT);
    enum err e = booth_get(s, offer->fair, offer->booth, &booth, &strings);

    if (e != ERR_OK)
        return e;
    if (!into(word.host, sizeof(word.host), offer->host) ||
        !into(word.fair, sizeof(word.fair), offer->fair) ||
        !into(word.booth, sizeof(word.booth), offer->booth))
        return ERR_INVALID;
    code_make(word.code);
    memcpy(word.pin, keys->pin, HASH_BYTES);
    struct code code = { keys->code_key, offer->fair, offer->booth,
                         str_of(word.code) };
    e = code_add(s, &code, offer->device_name,
                 now_ms + INT64_C(3600000) * CODE_HOURS);
    if (e == ERR_OK)
        enrolment_render(&word, out);
    return e;
}
