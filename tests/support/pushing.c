/*
 * pushing.c - see pushing.h.
 */
#include "tests/support/pushing.h"

#include <string.h>

void pushing_keys(const struct book *b, struct keys *out)
{
    *out = (struct keys){ .signing = b->aggregator };
    aggregator_id(b->aggregator.public_key, out->id);
    memset(out->code_key, 9, sizeof(out->code_key));
    memset(out->pin, 3, sizeof(out->pin));
}

void pushing_put(const struct book *b, struct pushing p, struct buf *out)
{
    char id[DEVICE_LEN + 1];
    uint8_t hash[HASH_BYTES];
    BUF(key, 2 * KEY_BYTES);
    BUF(previous, 2 * HASH_BYTES);
    BUF(head, 2 * HASH_BYTES);
    BUF(lines, MAX_BATCH);

    device_id(b->device.public_key, id);
    buf_hex(&key, b->device.public_key, KEY_BYTES);
    book_head(b, p.from - 1, hash);
    buf_hex(&previous, hash, HASH_BYTES);
    book_head(b, p.to, hash);
    buf_hex(&head, hash, HASH_BYTES);
    for (int seq = p.from; seq <= p.to; seq++) {
        buf_str(&lines, book_line(b, seq));
        buf_putc(&lines, '\n');
    }
    struct push_header h = { .aggregator = str_of(p.keys->id),
                             .clock_ms = 1578964300000,
                             .device = str_of(id),
                             .disk_mb = 120000,
                             .from = p.from,
                             .head = buf_slice(&head),
                             .key = buf_slice(&key),
                             .nonce = STR("000102030405060708090a0b0c0d0e0f"),
                             .previous = buf_slice(&previous),
                             .program = STR("test 1.0"),
                             .push = STR("1"),
                             .to = p.to,
                             .unsent = b->n - p.to,
                             .want = str_of(p.want) };
    push_encode(&h, &b->device, buf_slice(&lines), out);
}

void asking_put(const struct book *b, struct asking a, struct buf *out)
{
    BUF(key, 2 * KEY_BYTES);
    BUF(pin, 2 * HASH_BYTES);

    buf_hex(&key, b->device.public_key, KEY_BYTES);
    buf_hex(&pin, a.pin, HASH_BYTES);
    struct enrol_request r = { .booth = str_of(a.booth),
                               .code = str_of(a.code),
                               .enrol = STR("1"),
                               .fair = str_of(a.fair),
                               .key = buf_slice(&key),
                               .pin = buf_slice(&pin) };
    enrol_request_encode(&r, &b->device, out);
}
