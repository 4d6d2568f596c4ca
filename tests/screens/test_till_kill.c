/*
 * test_till_kill.c - the real program ended at random moments while somebody
 * sells: no sale that was shown as recorded is lost, and the open cart and the
 * parked ones are what they were, with or without the last key.
 *
 * What has to be on disk is told by the model of the cart, fed with the same
 * keys. The seed is printed; FAIR_SEED=N repeats a run.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "fair/env.h"
#include "tests/support/till_pty.h"

enum { ROUNDS = 50, LONGEST_US = 12000, CART_LINES = 6 };

static struct till_pty t;

static int setup(void **state)
{
    (void)state;
    till_pty_init(&t);
    till_pty_shift(&t);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    till_pty_done(&t);
    return 0;
}

/* ---- chance ---- */

static uint64_t chance = 1;

/* 0…n-1, the same in every run with this seed (xorshift64). */
static int below(int n)
{
    chance ^= chance << 13;
    chance ^= chance >> 7;
    chance ^= chance << 17;
    return (int)((chance >> 32) % (unsigned)n);
}

static void seed(void)
{
    const char *text = getenv("FAIR_SEED");
    uint64_t n = text ? strtoull(text, NULL, 10) : 20200114;
    print_message("FAIR_SEED=%llu\n", (unsigned long long)n);
    chance = n * 2654435761 + 1;
}

/* ---- the model ---- */

struct lines {
    int n;
    struct {
        int code;
        int64_t milli;
    } line[CART_LINES];
};

struct model {
    struct lines cart, parked[PARKED_MAX];
    int selected, sales;
};

static void add(struct model *m, int code, int64_t milli)
{
    struct lines *c = &m->cart;
    int i = 0;
    while (i < c->n && c->line[i].code != code)
        i++;
    if (i == c->n)
        c->n++;
    c->line[i].code = code;
    c->line[i].milli += milli;
    m->selected = i;
}

static void empty(struct model *m)
{
    memset(&m->cart, 0, sizeof(m->cart));
    m->selected = -1;
}

static void one(struct model *m)
{
    add(m, 12, 1000);
}

static void three(struct model *m)
{
    add(m, 7, 3000);
}

static void weigh(struct model *m)
{
    add(m, 1, 2000);
}

static void more(struct model *m)
{
    if (m->cart.n > 0)
        m->cart.line[m->selected].milli += 1000;
}

static void take_out(struct model *m)
{
    struct lines *c = &m->cart;
    if (c->n == 0)
        return;
    c->n--;
    memmove(&c->line[m->selected], &c->line[m->selected + 1],
            (size_t)(c->n - m->selected) * sizeof(c->line[0]));
    memset(&c->line[c->n], 0, sizeof(c->line[0]));
    if (m->selected == c->n)
        m->selected--;
}

static void sell(struct model *m)
{
    m->sales += m->cart.n > 0;
    empty(m);
}

static void park(struct model *m)
{
    int i = 0;
    while (i < PARKED_MAX && m->parked[i].n > 0)
        i++;
    if (m->cart.n == 0 || i == PARKED_MAX)
        return;
    m->parked[i] = m->cart;
    empty(m);
}

static void recall(struct model *m)
{
    int i = 0;
    while (i < PARKED_MAX && m->parked[i].n == 0)
        i++;
    if (m->cart.n > 0 || i == PARKED_MAX)
        return;
    m->cart = m->parked[i];
    m->selected = m->cart.n - 1;
    memset(&m->parked[i], 0, sizeof(m->parked[i]));
}

/* What is typed first, the key that does it, and what that does. */
static const struct deed {
    const char *typed, *last;
    void (*done)(struct model *m);
    bool full, empty; /* only with something or nothing in the cart */
} deeds[] = {
    { "12", "\r", one, false, false },
    { "3*7", "\r", three, false, false },
    { "2*1", "\r", weigh, false, false },
    { "+", "\r", more, true, false },
    { "", "\x1b[3~", take_out, true, false },
    { "", "\x1b[20~", sell, true, false },
    { "", "\x1bOR", park, true, false },
    { "F3", "\r", recall, false, true },
};

static int n_parked(const struct model *m)
{
    int n = 0;
    for (int i = 0; i < PARKED_MAX; i++)
        n += m->parked[i].n > 0;
    return n;
}

static const struct deed *any_deed(const struct model *m)
{
    for (;;) {
        const struct deed *d = &deeds[below((int)ARRAY_LEN(deeds))];
        bool recalls = d->done == recall;
        if ((!d->full || m->cart.n > 0) && (!d->empty || m->cart.n == 0) &&
            (!recalls || n_parked(m) > 0) &&
            (d->done != park || n_parked(m) < PARKED_MAX))
            return d;
    }
}

/* ---- what is on disk ---- */

static int code_of(const char *sku)
{
    return strcmp(sku, "MO-02") == 0 ? 12 : strcmp(sku, "MD-01") == 0 ? 7 : 1;
}

static bool is_on_disk(const struct model *m)
{
    struct cart *cart = x_alloc(sizeof(*cart));
    int parked;
    till_pty_cart(&t, cart, &parked);
    bool same = cart->n_lines == m->cart.n && parked == n_parked(m) &&
                till_pty_count(&t, EV_SALE) == m->sales;
    for (int i = 0; same && i < m->cart.n; i++)
        same = code_of(cart->lines[i].sku) == m->cart.line[i].code &&
               cart->lines[i].milli == m->cart.line[i].milli;
    free(cart);
    return same;
}

/* The selected line is in sight, with its quantity. */
static void is_on_screen(const struct model *m)
{
    static const char *const units[] = {
        [1] = "kg", [7] = "gói", [12] = "chai"
    };
    for (int i = 0; i < m->cart.n; i++) {
        BUF(quantity, MAX_TEXT);
        int code = m->cart.line[i].code;
        buf_printf(&quantity, " %lld %s",
                   (long long)m->cart.line[i].milli / 1000, units[code]);
        till_pty_sees(&t, buf_text(&quantity));
    }
}

/* ---- rounds ---- */

static void type_deed(const struct deed *d)
{
    if (d->typed[0])
        till_pty_keys(&t, d->typed);
}

/* The last key is under way while the program ends; the moment is chance, and
 * whatever it hits has to hold. */
static void end_with(const char *last)
{
    static const int how[] = { SIGKILL, SIGKILL, SIGKILL, SIGTERM, SIGHUP };
    int number = how[below((int)ARRAY_LEN(how))];
    pty_send(t.pty, str_of(last), -1);
    nanosleep(&(struct timespec){ .tv_nsec = 1000L * below(LONGEST_US) }, NULL);
    if (number == SIGHUP)
        pty_hangup(t.pty);
    else
        pty_signal(t.pty, number);
    pty_wait_exit(t.pty);
}

static void round_of(struct model *m, int *done)
{
    till_pty_start(&t);
    m->selected = m->cart.n - 1;
    is_on_screen(m);
    for (int i = below(3); i > 0; i--) {
        const struct deed *d = any_deed(m);
        type_deed(d);
        pty_send(t.pty, str_of(d->last), 1);
        d->done(m);
    }
    const struct deed *d = any_deed(m);
    struct model after = *m;
    d->done(&after);
    type_deed(d);
    long long seen = pty_seen(t.pty);
    end_with(d->last);
    bool drawn = pty_seen(t.pty) > seen;
    till_pty_stop(&t);
    if (is_on_disk(&after))
        *m = after;
    else if (drawn || !is_on_disk(m))
        fail_msg("\"%s\" after \"%s\": %d lines, %d parked, %d sales%s",
                 d->last, d->typed, m->cart.n, n_parked(m), m->sales,
                 drawn ? "; it was drawn" : "");
    *done += drawn;
}

static void m06_whenever_it_ends_nothing_shown_is_lost(void **state)
{
    (void)state;
    struct model m = { .selected = -1 };
    int done = 0;
    seed();
    for (int i = 0; i < ROUNDS; i++)
        round_of(&m, &done);
    print_message("%d sales, %d ends behind the frame of %d\n", m.sales, done,
                  ROUNDS);
    assert_true(m.sales > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            m06_whenever_it_ends_nothing_shown_is_lost, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
