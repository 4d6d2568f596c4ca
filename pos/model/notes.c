/*
 * notes.c - what people hand over and get back, in notes.
 *
 * Promise: a suggestion is never more than somebody would really put on the
 * counter, and the exact amount is always the first.
 * It knows no till: whether a drawer has these notes is not asked.
 */
#include "pos/model/notes.h"

#include <inttypes.h>
#include <string.h>

#include "fair/money.h"

const int64_t notes_vnd[NOTES_KINDS] = { 500000, 200000, 100000, 50000, 20000,
                                         10000,  5000,   2000,   1000,  500 };

/* ---- what may be handed over ---- */

/* An amount somebody may put on the counter, and how unlikely that is. */
struct handed {
    int64_t vnd;
    int64_t cost;
};

/* The notes that make it, as few as possible. */
struct handful {
    int64_t notes;
    int64_t kinds;
    int64_t smallest_vnd;
};

static struct handful handful_of(int64_t vnd)
{
    struct handful h = { 0, 0, 0 };
    int64_t count[NOTES_KINDS], rest;
    notes_return(vnd, count, &rest);
    for (int i = 0; i < NOTES_KINDS; i++) {
        if (count[i] > 0)
            h = (struct handful){ h.notes + count[i], h.kinds + 1,
                                  notes_vnd[i] };
    }
    return h;
}

/* People like few notes, best all of one kind, and seldom hand over ten times
 * what is due. */
static int64_t unlikely(int64_t due_vnd, int64_t vnd, struct handful h)
{
    enum { MUCH = 10, MUCH_COST = 2 };
    int64_t cost = h.notes;
    if (h.kinds == 1)
        cost--;
    if (vnd / MUCH >= due_vnd)
        cost += MUCH_COST;
    return cost;
}

/* Adds `vnd` unless it is there, or one of its notes could be kept back. With
 * those out of the way (three notes of 2 where one of 5 does) a larger last
 * note never makes a smaller amount: what stays comes ascending. */
static int offer(struct handed *all, int n, int64_t due_vnd, int64_t vnd)
{
    struct handful h = handful_of(vnd);
    if (vnd <= all[n - 1].vnd || vnd - h.smallest_vnd >= due_vnd)
        return n;
    all[n] = (struct handed){ vnd, unlikely(due_vnd, vnd, h) };
    return n + 1;
}

/* Takes out the least likely one, of equals the largest; never the exact. */
static int drop_one(struct handed *all, int n)
{
    int worst = 1;
    for (int i = 2; i < n; i++) {
        if (all[i].cost >= all[worst].cost)
            worst = i;
    }
    memmove(&all[worst], &all[worst + 1],
            (size_t)(n - worst - 1) * sizeof(*all));
    return n - 1;
}

int notes_suggest(int64_t due_vnd, int64_t out[NOTES_SUGGESTED])
{
    ASSERT(due_vnd <= MONEY_MAX);
    if (due_vnd <= 0)
        return 0;
    struct handed all[1 + NOTES_KINDS] = { { due_vnd, 0 } };
    int n = 1;
    /* All notes above this one as they fit, the rest in notes of this kind. */
    for (int i = NOTES_KINDS - 1; i >= 0; i--) {
        int64_t left = due_vnd;
        for (int j = 0; j < i; j++)
            left %= notes_vnd[j];
        int64_t last = (left + notes_vnd[i] - 1) / notes_vnd[i] * notes_vnd[i];
        n = offer(all, n, due_vnd, due_vnd - left + last);
    }
    while (n > NOTES_SUGGESTED)
        n = drop_one(all, n);
    for (int i = 0; i < n; i++)
        out[i] = all[i].vnd;
    return n;
}

/* ---- what to hand back ---- */

void notes_return(int64_t change_vnd, int64_t count[NOTES_KINDS],
                  int64_t *rest_vnd)
{
    ASSERT(change_vnd >= 0);
    for (int i = 0; i < NOTES_KINDS; i++) {
        count[i] = change_vnd / notes_vnd[i];
        change_vnd %= notes_vnd[i];
    }
    *rest_vnd = change_vnd;
}

static void put_note(struct buf *out, int64_t vnd)
{
    bool thousands = vnd % 1000 == 0;
    buf_printf(out, "%" PRId64 "%s", thousands ? vnd / 1000 : vnd,
               thousands ? "k" : "");
}

void notes_render(struct buf *out, int64_t change_vnd)
{
    int64_t count[NOTES_KINDS], rest;
    const char *between = "";
    notes_return(change_vnd, count, &rest);
    for (int i = 0; i < NOTES_KINDS; i++) {
        if (count[i] == 0)
            continue;
        buf_puts(out, between);
        if (count[i] > 1)
            buf_printf(out, "%" PRId64 "×", count[i]);
        put_note(out, notes_vnd[i]);
        between = " + ";
    }
    if (rest > 0)
        buf_printf(out, "%s%" PRId64, between, rest);
}
