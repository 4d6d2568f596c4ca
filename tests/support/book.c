/*
 * book.c - ledgers in memory, for tests.
 */
#include "tests/support/book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fair/chain.h"
#include "fair/date.h"

#define FIRST_MORNING INT64_C(1578963600000) /* 2020-01-14 08:00 UTC+7 */

static void keep_hex(const uint8_t key[KEY_BYTES], struct str *out)
{
    BUF(hex, 2 * KEY_BYTES);
    buf_hex(&hex, key, KEY_BYTES);
    *out = (struct str){ NULL, 2 * KEY_BYTES };
    out->data = buf_take(&hex);
}

void book_init(struct book *b, uint8_t device, uint8_t aggregator)
{
    uint8_t seed[KEY_BYTES];
    sign_init();
    memset(b, 0, sizeof(*b));
    memset(seed, device, sizeof(seed));
    key_from_seed(seed, &b->device);
    memset(seed, aggregator, sizeof(seed));
    key_from_seed(seed, &b->aggregator);
    b->admission = (struct admission){
        .at_ms = FIRST_MORNING - DAY_MS,
        .booth = STR("A1"),
        .booth_name = STR("Hạ Long"),
        .cut_off_min = 240,
        .days = 6,
        .fair = STR("XUAN-2020"),
        .first_day = 20200114,
        .label = STR("1"),
        .name = STR("Hội chợ OCOP Xuân 2020"),
        .number = 1,
    };
    keep_hex(b->device.public_key, &b->admission.key);
    keep_hex(b->aggregator.public_key, &b->admission.aggregator);
    b->next = (struct event){ .version = 1,
                              .at_ms = FIRST_MORNING,
                              .boot = STR("boota2"),
                              .up_ms = 5000 };
}

static void free_text(struct str s)
{
    free((char *)(uintptr_t)s.data);
}

void book_done(struct book *b)
{
    for (int i = 0; i < b->n; i++)
        buf_done(&b->events[i].bytes);
    free(b->events);
    free_text(b->admission.key);
    free_text(b->admission.aggregator);
    memset(b, 0, sizeof(*b));
}

struct str book_line(const struct book *b, int seq)
{
    ASSERT(seq >= 1 && seq <= b->n);
    return buf_slice(&b->events[seq - 1].bytes);
}

void book_head(const struct book *b, int seq, uint8_t out[HASH_BYTES])
{
    ASSERT(seq >= 0 && seq <= b->n);
    if (seq == 0)
        chain_start(b->device.public_key, out);
    else
        memcpy(out, b->events[seq - 1].hash, HASH_BYTES);
}

/* A place for one more event, empty, before number `seq`. */
static struct book_event *make_place(struct book *b, int seq)
{
    ASSERT(seq >= 1 && seq <= b->n + 1);
    if (b->n == b->room) {
        b->room = b->room ? 2 * b->room : 16;
        b->events =
            x_realloc(b->events, (size_t)b->room * sizeof(b->events[0]));
    }
    struct book_event *at = &b->events[seq - 1];
    memmove(at + 1, at, (size_t)(b->n - seq + 1) * sizeof(*at));
    b->n++;
    /* Twice the limit: tests also make events that are too long. */
    buf_init(&at->bytes, 2 * MAX_EVENT);
    return at;
}

void book_rechain(struct book *b, int seq)
{
    for (; seq <= b->n; seq++) {
        uint8_t head[HASH_BYTES];
        book_head(b, seq - 1, head);
        chain_next(head, book_line(b, seq), b->events[seq - 1].hash);
    }
}

void book_bytes(struct book *b, struct str bytes)
{
    buf_str(&make_place(b, b->n + 1)->bytes, bytes);
    book_rechain(b, b->n);
}

void book_add(struct book *b, enum event_kind kind, const union body *body)
{
    BUF(inner, MAX_EVENT);
    BUF(line, 2 * MAX_EVENT);
    ASSERT(sums_apply(&b->sums, kind, body) == ERR_OK);
    shape_encode(body_shape(kind), body, &inner);
    struct event e = b->next;
    e.kind = kind;
    e.seq = b->n + 1;
    e.sums = b->sums;
    e.body = buf_slice(&inner);
    event_encode(&e, &line);
    book_bytes(b, buf_slice(&line));
    b->next.at_ms += 60000;
    b->next.up_ms += 60000;
    b->next.late_ms = 0;
}

void book_enrol(struct book *b)
{
    BUF(bytes, MAX_EVENT);
    BUF(hex, 2 * SIGNATURE_BYTES);
    uint8_t signature[SIGNATURE_BYTES];
    shape_encode(&admission_shape, &b->admission, &bytes);
    sign_make(&b->aggregator, DOMAIN_ADMISSION, buf_slice(&bytes), signature);
    buf_hex(&hex, signature, sizeof(signature));
    union body body = { .enrolled = { buf_slice(&bytes), buf_slice(&hex) } };
    book_add(b, EV_ENROLLED, &body);
}

void book_open_shift(struct book *b)
{
    union body body = { .shift_opened = { 500000 } };
    b->next.day = 20200114;
    b->next.shift++;
    book_add(b, EV_SHIFT_OPENED, &body);
}

void book_sell(struct book *b, int64_t total_vnd)
{
    union body body = { 0 };
    struct body_sale *s = &body.sale;
    s->lines[0] = (struct line){
        .sku = STR("CM-500"),
        .name = STR("Chả mực Hạ Long"),
        .unit = STR("hộp"),
        .milli = 1000,
        .price_vnd = total_vnd,
        .amount_vnd = total_vnd,
    };
    s->tenders[0] = (struct tender){ STR("cash"), total_vnd, STR("") };
    s->n_lines = 1;
    s->n_tenders = total_vnd > 0;
    s->reference = STR("K7Q2M");
    s->total_vnd = total_vnd;
    book_add(b, EV_SALE, &body);
}

void book_visit(struct book *b, int64_t n)
{
    union body body = { .visits = { .n = n } };
    book_add(b, EV_VISITS, &body);
}

void book_note(struct book *b, struct str text)
{
    union body body = { .note = { text, STR("test") } };
    book_add(b, EV_NOTE, &body);
}

void book_seal(struct book *b, const struct keypair *key)
{
    uint8_t head[HASH_BYTES], signature[SIGNATURE_BYTES];
    BUF(hex, 2 * SIGNATURE_BYTES);
    book_head(b, b->n, head);
    sign_make(key, DOMAIN_SEAL, (struct str){ (const char *)head, HASH_BYTES },
              signature);
    buf_hex(&hex, signature, sizeof(signature));
    union body body = { .seal = { buf_slice(&hex) } };
    book_add(b, EV_SEAL, &body);
}

void book_edit(struct book *b, int seq, const char *from, const char *to)
{
    struct buf *bytes = &b->events[seq - 1].bytes;
    char *old = buf_take(bytes);
    char *at = strstr(old, from);
    ASSERT(at);
    buf_put(bytes, old, (size_t)(at - old));
    buf_puts(bytes, to);
    buf_puts(bytes, at + strlen(from));
    free(old);
}

void book_drop(struct book *b, int seq)
{
    struct book_event *at = &b->events[seq - 1];
    ASSERT(seq >= 1 && seq <= b->n);
    buf_done(&at->bytes);
    memmove(at, at + 1, (size_t)(b->n - seq) * sizeof(*at));
    b->n--;
}

void book_copy(struct book *b, int seq, int before)
{
    BUF(bytes, 2 * MAX_EVENT);
    uint8_t hash[HASH_BYTES];
    buf_str(&bytes, book_line(b, seq));
    book_head(b, seq, hash);
    struct book_event *at = make_place(b, before);
    buf_str(&at->bytes, buf_slice(&bytes));
    memcpy(at->hash, hash, HASH_BYTES);
}

void book_swap(struct book *b, int seq, int other)
{
    struct book_event kept = b->events[seq - 1];
    b->events[seq - 1] = b->events[other - 1];
    b->events[other - 1] = kept;
}
