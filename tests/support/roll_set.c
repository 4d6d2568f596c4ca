/*
 * roll_set.c - rows by text keys.
 */
#include "tests/support/roll_set.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void roll_set_done(struct roll_set *set)
{
    free(set->rows);
    *set = (struct roll_set){ .n = 0 };
}

static unsigned chain_of(const char *key)
{
    unsigned sum = 0;
    for (; *key; key++)
        sum = sum * 31 + (unsigned char)*key;
    return sum % ROLL_SET_CHAINS;
}

static struct roll_set_row *find(const struct roll_set *set, const char *key)
{
    for (int i = set->chain[chain_of(key)]; i > 0; i = set->rows[i - 1].next) {
        if (strcmp(set->rows[i - 1].key, key) == 0)
            return &set->rows[i - 1];
    }
    return NULL;
}

static struct roll_set_row *make(struct roll_set *set, const char *key)
{
    int *chain = &set->chain[chain_of(key)];
    if (set->n == set->room) {
        set->room = set->room ? 2 * set->room : 64;
        set->rows =
            x_realloc(set->rows, (size_t)set->room * sizeof(*set->rows));
    }
    struct roll_set_row *row = &set->rows[set->n++];
    memset(row, 0, sizeof(*row));
    snprintf(row->key, sizeof(row->key), "%s", key);
    row->next = *chain;
    *chain = set->n;
    return row;
}

__attribute__((format(printf, 2, 0))) static void key_print(
    char key[ROLL_SET_KEY], const char *fmt, va_list args)
{
    int len = vsnprintf(key, ROLL_SET_KEY, fmt, args);
    assert_true(len > 0 && len < ROLL_SET_KEY);
}

void roll_set_add(struct roll_set *set, const int64_t v[ROLL_SET_SUMS],
                  const char *fmt, ...)
{
    char key[ROLL_SET_KEY];
    va_list args;
    va_start(args, fmt);
    key_print(key, fmt, args);
    va_end(args);
    struct roll_set_row *row = find(set, key);
    if (!row)
        row = make(set, key);
    for (int i = 0; i < ROLL_SET_SUMS; i++)
        row->v[i] += v[i];
}

int64_t roll_set_get(const struct roll_set *set, int which, const char *fmt,
                     ...)
{
    char key[ROLL_SET_KEY];
    va_list args;
    va_start(args, fmt);
    key_print(key, fmt, args);
    va_end(args);
    const struct roll_set_row *row = find(set, key);
    return row ? row->v[which] : 0;
}

/* ---- rows ---- */

#define S(str) (int)(str).len, (str).data
#define SUMS(...)                  \
    (const int64_t[ROLL_SET_SUMS]) \
    {                              \
        __VA_ARGS__                \
    }

static enum err take_day(void *ctx, const struct roll_day *r)
{
    roll_set_add(
        ctx,
        SUMS(r->sales, r->revenue_vnd, r->refunds_vnd, r->voids_vnd, r->visits),
        "day %.*s %d %.*s", S(r->device), r->day, S(r->gate));
    return ERR_OK;
}

static enum err take_sale(void *ctx, const struct roll_sale *r)
{
    roll_set_add(ctx,
                 SUMS(r->sales, r->revenue_vnd, r->refunds, r->refunds_vnd,
                      r->voids, r->voids_vnd),
                 "sale %.*s %d %d", S(r->device), r->day, r->slot);
    return ERR_OK;
}

static enum err take_line(void *ctx, const struct roll_line *r)
{
    roll_set_add(ctx, SUMS(r->milli, r->amount_vnd, r->sales),
                 "line %.*s %d %d %.*s|%.*s", S(r->device), r->day, r->hour,
                 S(r->sku), S(r->seller));
    return ERR_OK;
}

static enum err take_item(void *ctx, const struct roll_item *r)
{
    const struct roll_set *set = ctx;
    char start[ROLL_SET_KEY];
    int len = snprintf(start, sizeof(start), "item %.*s %.*s|", S(r->device),
                       S(r->sku));
    for (int i = 0; i < set->n; i++) {
        if (strncmp(set->rows[i].key, start, (size_t)len) == 0)
            return ERR_OK;
    }
    roll_set_add(ctx, SUMS(1), "%s%.*s|%.*s", start, S(r->name), S(r->unit));
    return ERR_OK;
}

static enum err take_tender(void *ctx, const struct roll_tender *r)
{
    roll_set_add(ctx, SUMS(r->amount_vnd), "tender %.*s %d %.*s", S(r->device),
                 r->day, S(r->method));
    return ERR_OK;
}

static enum err take_visit(void *ctx, const struct roll_visit *r)
{
    roll_set_add(ctx, SUMS(r->visits, r->estimated), "visit %.*s %d %d %.*s",
                 S(r->device), r->day, r->slot, S(r->gate));
    return ERR_OK;
}

static enum err take_sold(void *ctx, const struct roll_sold *r)
{
    roll_set_add(ctx, SUMS(r->milli, r->amount_vnd, r->lines, r->stamped),
                 "sold %.*s %d %.*s %lld", S(r->device), r->day, S(r->sku),
                 (long long)r->list);
    return ERR_OK;
}

static enum err take_act(void *ctx, const struct roll_act *r)
{
    roll_set_add(ctx, SUMS(r->events, r->amount_vnd), "act %.*s %d %.*s %lld",
                 S(r->device), r->day, S(r->what),
                 (long long)r->operator_number);
    return ERR_OK;
}

static enum err take_hold(void *ctx, const struct roll_hold *r)
{
    roll_set_add(ctx, SUMS(r->events, r->amount_vnd), "hold %.*s",
                 S(r->device));
    return ERR_OK;
}

static enum err take_note(void *ctx, const struct roll_note *r)
{
    struct roll_set *set = ctx;
    char key[ROLL_SET_KEY];
    snprintf(key, sizeof(key), "note %.*s %.*s", S(r->device), S(r->what));
    struct roll_set_row *row = find(set, key);
    if (!row) {
        row = make(set, key);
        row->v[1] = r->first;
        row->v[2] = r->last;
    }
    row->v[0] += r->events;
    row->v[1] = r->first < row->v[1] ? r->first : row->v[1];
    row->v[2] = r->last > row->v[2] ? r->last : row->v[2];
    return ERR_OK;
}

struct roll_taker roll_set_taker(struct roll_set *set)
{
    return (struct roll_taker){ .ctx = set,
                                .day = take_day,
                                .sale = take_sale,
                                .line = take_line,
                                .item = take_item,
                                .tender = take_tender,
                                .visit = take_visit,
                                .sold = take_sold,
                                .act = take_act,
                                .hold = take_hold,
                                .note = take_note };
}

/* ---- comparing ---- */

static int by_key(const void *left, const void *right)
{
    const struct roll_set_row *const *a = left, *const *b = right;
    return strcmp((*a)->key, (*b)->key);
}

static bool is_zero(const struct roll_set_row *row)
{
    static const int64_t zero[ROLL_SET_SUMS];
    return memcmp(row->v, zero, sizeof(zero)) == 0;
}

void roll_set_text(const struct roll_set *set, struct buf *out)
{
    const struct roll_set_row **order =
        x_alloc(((size_t)set->n + 1) * sizeof(const struct roll_set_row *));
    for (int i = 0; i < set->n; i++)
        order[i] = &set->rows[i];
    qsort(order, (size_t)set->n, sizeof(const struct roll_set_row *), by_key);
    for (int i = 0; i < set->n; i++) {
        if (is_zero(order[i]))
            continue;
        buf_puts(out, order[i]->key);
        for (int k = 0; k < ROLL_SET_SUMS; k++) {
            buf_putc(out, ' ');
            buf_int(out, order[i]->v[k]);
        }
        buf_putc(out, '\n');
    }
    free(order);
}

void roll_set_same(const struct roll_set *a, const struct roll_set *b)
{
    BUF(left, MAX_OUTPUT);
    BUF(right, MAX_OUTPUT);
    roll_set_text(a, &left);
    roll_set_text(b, &right);
    assert_string_equal(buf_text(&left), buf_text(&right));
}
