/*
 * check_hall.h - a store with one device that has traded, and what verify
 * finds in it; for test_check.c and test_check_restore.c.
 */
#ifndef CHECK_HALL_H
#define CHECK_HALL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/sign.h"
#include "sync/aggregator/store/check.h"
#include "tests/support/place.h"
#include "tests/support/raw.h"
#include "tests/support/stall.h"

/* A store with one device that has traded. */
struct hall {
    char dir[SCRATCH_ROOM]; /* or an address */
    struct store *store;
    struct stall stall;
    int sent;
    struct device_check found; /* the only device's */
    struct check check;
};

static inline void open_store(struct hall *h)
{
    BUF(why, MAX_TEXT);
    if (store_open(h->dir, STORE_WRITE, &why, &h->store) != ERR_OK)
        fail_msg("%s", buf_text(&why));
}

static inline void admit(struct hall *h)
{
    const struct book *book = &h->stall.book;
    uint8_t signature[SIGNATURE_BYTES];
    BUF(bytes, MAX_EVENT);
    BUF(hex, MAX_TEXT);
    struct admission admission = book->admission;
    admission.fair = STR("XUAN");
    shape_encode(&admission_shape, &admission, &bytes);
    sign_make(&book->aggregator, DOMAIN_ADMISSION, buf_slice(&bytes),
              signature);
    buf_hex(&hex, signature, sizeof(signature));
    struct device d = {
        .fair = "XUAN", .booth = "A1", .label = "1", .number = 1
    };
    memcpy(d.device, h->stall.device, sizeof(d.device));
    memcpy(d.public_key, book->device.public_key, KEY_BYTES);
    struct admitted a = { buf_slice(&bytes), buf_slice(&hex), STR(""), NULL };
    assert_int_equal(store_admit(h->store, &d, &a), ERR_OK);
}

static inline void send(struct hall *h, int n)
{
    int last = h->sent + n;
    BUF(bytes, MAX_OUTPUT);
    stall_trade(&h->stall, last);
    stall_lines(&h->stall, h->sent + 1, last, &bytes);
    struct segment seg = { .first = h->sent + 1,
                           .last = last,
                           .bytes = buf_slice(&bytes),
                           .head = h->stall.book.events[last - 1].hash };
    assert_int_equal(
        store_append(h->store, str_of(h->stall.device), &seg, NULL), ERR_OK);
    h->sent = last;
}

static inline void fold(struct hall *h)
{
    int64_t n;
    assert_int_equal(store_fold_step(h->store, 100000, &n), ERR_OK);
}

static inline struct hall *hall_open(uint32_t seed)
{
    struct hall *h = x_alloc(sizeof(*h));
    place_make(h->dir);
    open_store(h);
    stall_open(&h->stall, 10, seed);
    admit(h);
    send(h, 10);
    send(h, 20);
    fold(h);
    send(h, 10);
    return h;
}

static inline void hall_close(struct hall *h)
{
    store_close(h->store);
    stall_close(&h->stall);
    place_remove(h->dir);
    free(h);
}

static inline int open_hall(void **state)
{
    *state = hall_open(1);
    return 0;
}

static inline int close_hall(void **state)
{
    hall_close(*state);
    return 0;
}

static inline const uint8_t *our_key(const struct hall *h)
{
    return h->stall.book.aggregator.public_key;
}

static inline enum err keep(void *ctx, const struct device_check *d)
{
    struct hall *h = ctx;
    assert_string_equal(d->device->device, h->stall.device);
    h->found = *d;
    h->found.device = NULL; /* gone after the call */
    return ERR_OK;
}

static inline void verify(struct hall *h)
{
    assert_int_equal(check_verify(h->store, our_key(h), keep, h, &h->check),
                     ERR_OK);
}

static inline void expect_sound(struct hall *h)
{
    verify(h);
    assert_true(h->found.ok);
    assert_int_equal(h->found.error, ERR_OK);
    assert_int_equal(h->found.first_bad, 0);
    assert_true(h->check.devices_ok);
    assert_true(h->check.rollups_ok);
    assert_true(h->check.file_ok);
    assert_true(h->check.ok);
    assert_int_equal(h->check.devices, 1);
    assert_int_equal(h->check.events, h->sent);
}

static inline void expect_bad(struct hall *h, enum err error, int64_t first_bad)
{
    verify(h);
    assert_string_equal(err_code(h->found.error), err_code(error));
    assert_int_equal(h->found.first_bad, first_bad);
    assert_false(h->found.ok);
    assert_false(h->check.devices_ok);
    assert_false(h->check.ok);
}

#define HALL(test) cmocka_unit_test_setup_teardown(test, open_hall, close_hall)

#endif
