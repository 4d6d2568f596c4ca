/*
 * hall.c - a store in its place and the stalls that fill it.
 */
#include "tests/support/hall.h"
#include "tests/support/raw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void hall_start(struct hall *h)
{
    BUF(why, MAX_TEXT);
    if (store_open(h->dir, STORE_WRITE, &why, &h->store) != ERR_OK)
        fail_msg("%s", buf_text(&why));
}

void hall_reopen(struct hall *h)
{
    store_close(h->store);
    h->store = NULL;
    hall_start(h);
}

/* What the aggregator has signed about the device. */
static void sign_admission(const struct stall *stall, const struct device *d,
                           struct buf *bytes, struct buf *hex)
{
    struct admission a = stall->book.admission;
    uint8_t signature[SIGNATURE_BYTES];
    a.fair = str_of(d->fair);
    a.booth = str_of(d->booth);
    a.label = str_of(d->label);
    a.number = d->number;
    shape_encode(&admission_shape, &a, bytes);
    sign_make(&stall->book.aggregator, DOMAIN_ADMISSION, buf_slice(bytes),
              signature);
    buf_hex(hex, signature, sizeof(signature));
}

enum err hall_admit(struct store *s, const struct stall *stall, int number)
{
    static const char *const booths[] = { "A1", "A2", "A3" };
    struct device d = { .number = number };
    BUF(admission, MAX_EVENT);
    BUF(signature, 2 * SIGNATURE_BYTES);
    snprintf(d.device, sizeof(d.device), "%s", stall->device);
    snprintf(d.fair, sizeof(d.fair), "%s", number == 3 ? "HA-2020" : "XUAN");
    snprintf(d.booth, sizeof(d.booth), "%s", booths[(number - 1) % 3]);
    snprintf(d.label, sizeof(d.label), "1");
    memcpy(d.public_key, stall->book.device.public_key, KEY_BYTES);
    sign_admission(stall, &d, &admission, &signature);
    struct admitted a = { buf_slice(&admission), buf_slice(&signature),
                          STR("quầy Hạ Long"), NULL };
    return store_admit(s, &d, &a);
}

struct hall *hall_open(uint32_t seed)
{
    struct hall *h = x_alloc(sizeof(*h));
    place_make(h->dir);
    hall_start(h);
    for (int i = 0; i < STALLS; i++) {
        stall_open(&h->stalls[i], (uint8_t)(10 + i), seed * 16 + (uint32_t)i);
        assert_int_equal(hall_admit(h->store, &h->stalls[i], i + 1), ERR_OK);
    }
    return h;
}

void hall_close(struct hall *h)
{
    store_close(h->store);
    for (int i = 0; i < STALLS; i++)
        stall_close(&h->stalls[i]);
    place_remove(h->dir);
    free(h);
}

struct str hall_name(const struct hall *h, int i)
{
    return str_of(h->stalls[i].device);
}

/* The next n events of a stall arrive as one batch. */
void hall_send(struct hall *h, int i, int n)
{
    const struct book *book = &h->stalls[i].book;
    int first = h->sent[i] + 1, last = h->sent[i] + n;
    BUF(bytes, MAX_OUTPUT);
    stall_trade(&h->stalls[i], last);
    stall_lines(&h->stalls[i], first, last, &bytes);
    struct segment seg = { .first = first,
                           .last = last,
                           .bytes = buf_slice(&bytes),
                           .head = book->events[last - 1].hash };
    assert_int_equal(store_group_begin(h->store), ERR_OK);
    assert_int_equal(store_append(h->store, hall_name(h, i), &seg, NULL),
                     ERR_OK);
    assert_int_equal(store_group_commit(h->store), ERR_OK);
    h->sent[i] = last;
}

void hall_fold(struct hall *h)
{
    int64_t n = 1;
    while (n > 0)
        assert_int_equal(store_fold_step(h->store, 50, &n), ERR_OK);
}

void hall_sql(struct hall *h, const char *text)
{
    raw_exec(h->store, text);
}

void hall_read(struct store *s, const char *fair, struct roll_set *out)
{
    static const char *const fairs[] = { "XUAN", "HA-2020" };
    struct roll_taker taker = roll_set_taker(out);
    assert_int_equal(store_read_begin(s), ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(fairs); i++) {
        if (fair[0] == '\0' || strcmp(fair, fairs[i]) == 0)
            assert_int_equal(store_rolls(s, str_of(fairs[i]), &taker), ERR_OK);
    }
    store_read_end(s);
}

void hall_expect(struct hall *h, struct store *s)
{
    struct roll_set found = { .n = 0 }, wanted = { .n = 0 };
    hall_read(s, "", &found);
    for (int i = 0; i < STALLS; i++)
        stall_expect(&h->stalls[i], h->sent[i], h->rules[i], h->n_rules[i],
                     &wanted);
    roll_set_same(&found, &wanted);
    roll_set_done(&found);
    roll_set_done(&wanted);
}

int64_t hall_mark(struct hall *h, int i)
{
    int64_t mark = -1;
    assert_int_equal(store_mark(h->store, hall_name(h, i), &mark), ERR_OK);
    return mark;
}

/* Events first…last of another ledger with the same key. */
void hall_set_aside(struct hall *h, int i, const struct stall *other, int first,
                    int last)
{
    uint8_t previous[HASH_BYTES];
    BUF(bytes, MAX_OUTPUT);
    stall_lines(other, first, last, &bytes);
    book_head(&other->book, first - 1, previous);
    struct branch b = { .seg = { .first = first,
                                 .last = last,
                                 .bytes = buf_slice(&bytes),
                                 .head = other->book.events[last - 1].hash },
                        .previous = previous,
                        .at_ms = 5000 };
    assert_int_equal(store_branch_add(h->store, hall_name(h, i), &b), ERR_OK);
}
