/*
 * yard.c - an aggregator's store and its devices.
 */
#include "tests/bench/yard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fair/env.h"
#include "sync/aggregator/store/reference.h"

enum {
    SEGMENT = 500,
    FOLD_STEP = 20000,
    OPEN_MS = 6 * 14 * 3600000 /* that a fair is open */
};

static void must(enum err e)
{
    if (e != ERR_OK)
        err_die(err_code(e), 0, err_text(e));
}

void yard_open_store(struct yard *y)
{
    must(store_open(y->dir, STORE_WRITE, NULL, &y->store));
}

void yard_close_store(struct yard *y)
{
    store_close(y->store);
    y->store = NULL;
}

const char *yard_fair(int i)
{
    static char code[16];
    snprintf(code, sizeof(code), "F%d", i + 1);
    return code;
}

/* Checked, compared and stored. */
static void take(struct yard *y, struct str bytes)
{
    struct push push;
    must(push_decode(bytes, NULL, &push, NULL));
    must(ingest_push(y->store, &y->keys, &push, env_wall_ms(), NULL));
}

const char *yard_booth(int number)
{
    static char code[16];
    snprintf(code, sizeof(code), "B%d", number);
    return code;
}

static void begin(struct yard *y, int fairs, int each)
{
    crowd_aggregator(&y->keys.signing);
    aggregator_id(y->keys.signing.public_key, y->keys.id);
    yard_open_store(y);
    y->fairs = fairs;
    y->n = fairs * each;
    y->traders = x_alloc((size_t)y->n * sizeof(*y->traders));
    for (int i = 0; i < y->n; i++) {
        BUF(first, MAX_BATCH);
        int number = i % each + 1;
        trader_open(&y->traders[i], yard_fair(i / each), yard_booth(number),
                    number, &first);
        if (number == 1)
            must(store_group_begin(y->store));
        take(y, buf_slice(&first));
        if (number == each)
            must(store_group_commit(y->store));
    }
}

void yard_open(struct yard *y, int fairs, int each)
{
    memset(y, 0, sizeof(*y));
    scratch_make(y->dir);
    begin(y, fairs, each);
}

void yard_open_at(struct yard *y, const char *where, int fairs, int each)
{
    memset(y, 0, sizeof(*y));
    snprintf(y->dir, sizeof(y->dir), "%s", where);
    y->lent = true;
    begin(y, fairs, each);
}

static void booths_put(struct yard *y, struct str fair)
{
    enum change change;
    for (int number = 1; number <= y->n / y->fairs; number++) {
        struct booth booth = { str_of(yard_booth(number)), STR("Huyện Ba Chẽ"),
                               STR("in-province"), STR("Ba Chẽ"), 1 };
        must(booth_put(y->store, fair, &booth, &change));
    }
}

void yard_calendar(struct yard *y)
{
    enum change change;
    must(store_group_begin(y->store));
    for (int i = 0; i < y->fairs; i++) {
        struct fair fair = { .name = "Hội chợ OCOP",
                             .first_day = 20200114,
                             .days = 6,
                             .opens_min = 480,
                             .closes_min = 1320,
                             .cut_off_min = 240 };
        memcpy(fair.code, yard_fair(i), strlen(yard_fair(i)) + 1);
        must(fair_put(y->store, &fair, &change));
        booths_put(y, str_of(fair.code));
    }
    must(store_group_commit(y->store));
}

void yard_close(struct yard *y)
{
    yard_close_store(y);
    for (int i = 0; i < y->n; i++)
        trader_close(&y->traders[i]);
    free(y->traders);
    if (!y->lent)
        scratch_remove(y->dir);
}

void yard_take(struct yard *y, struct str bytes)
{
    must(store_group_begin(y->store));
    take(y, bytes);
    must(store_group_commit(y->store));
}

void yard_fold(struct yard *y)
{
    int64_t n = 1;
    while (n > 0)
        must(store_fold_step(y->store, FOLD_STEP, &n));
    store_idle(y->store);
}

static void fill_one(struct yard *y, struct trader *t, int n)
{
    BUF(lines, MAX_BATCH);
    struct segment seg = { .first = t->seq + 1 };
    trader_lines(t, n, &lines);
    seg.last = t->seq;
    seg.bytes = buf_slice(&lines);
    seg.head = t->head;
    must(store_append(y->store, str_of(t->device), &seg, NULL));
}

void yard_fill(struct yard *y, int n)
{
    for (int i = 0; i < y->n; i++) {
        int64_t step = y->traders[i].step_ms;
        y->traders[i].step_ms = OPEN_MS / n;
        must(store_group_begin(y->store));
        for (int left = n; left > 0; left -= SEGMENT)
            fill_one(y, &y->traders[i], left < SEGMENT ? left : SEGMENT);
        must(store_group_commit(y->store));
        y->traders[i].step_ms = step;
    }
    yard_fold(y);
}
