/*
 * test_02_whole_sale.c - a sale is in the ledger with all its lines, payments
 * and totals, or it is not there at all, whatever fails on the way.
 *
 * A till is opened, a cart filled and kept, the sale recorded and its slip put
 * into the spool, while the Nth allocation gives no memory (N = 1, 2, 3 … until
 * nothing fails any more), or the Nth call that touches the disk fails. Each N
 * has a process of its own, which may die of it, but by its own decision. Then
 * the till is opened again: the ledger is sound, every sale in it adds up, what
 * was told to be saved is there, the cart is there unless it was sold; and
 * ringing the same basket again counts it once.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"
#include "pos/paper/receipt.h"
#include "pos/till/carts.h"
#include "tests/support/promise.h"
#include "tests/support/till.h"
#include "tests/support/till_fixture.h"
#include "tests/support/vfs_fault.h"

enum { BASKETS = 2 };

static struct till_fixture f; /* an open shift; its directory is copied */
static char dir[SCRATCH_ROOM];
static const char *const baskets[BASKETS] = { "basket-1", "basket-2" };

/* ---- memory that ends ---- */

static int64_t allocations, failing_at; /* 0: none fails, none is counted */
static int64_t memory_ends_at;          /* in the next child */

#ifndef __SANITIZE_ADDRESS__ /* whose allocator stays its own */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);

static bool no_memory(void)
{
    if (failing_at == 0 || ++allocations != failing_at)
        return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return no_memory() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    return no_memory() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
    return no_memory() ? NULL : __libc_realloc(old, size);
}
#endif

/* ---- the child: a customer is served ---- */

static enum err fill(struct till *till, int i, struct cart *cart)
{
    static const char *const codes[] = { "2", "4", "1", "6" };
    cart_init(cart);
    memcpy(cart->basket, baskets[i], strlen(baskets[i]) + 1);
    enum err e = sale_begin(till, cart);
    for (size_t k = 0; k < ARRAY_LEN(codes) && e == ERR_OK; k++) {
        const struct product *p =
            till->lists ? lists_find(till->lists, str_of(codes[k])) : NULL;
        e = p ? cart_add(cart, p, k == 2 ? 385 : 1000 * (int64_t)(k + 1))
              : ERR_NOT_FOUND;
        if (e == ERR_OK)
            e = carts_save(till, cart);
    }
    return e;
}

static enum err sell(struct till *till, int i, struct sold *sold)
{
    struct payment payments[] = { { "transfer", 100000, { NULL, 0 } },
                                  { "cash", 1000000, { NULL, 0 } } };
    struct cart *cart = x_alloc(sizeof(*cart));
    struct sale sale = { .cart = cart, .payments = payments, .n_payments = 2 };
    enum err e = fill(till, i, cart);
    if (e == ERR_OK)
        e = sale_commit(till, &sale, sold);
    free(cart);
    return e;
}

static enum err print(struct till *till, int64_t seq)
{
    static const struct printer printer = { .device = "file:paper",
                                            .profile = PROFILE_TEXT,
                                            .columns = 32,
                                            .font = "" };
    struct sheet sheet;
    sheet_init(&sheet);
    enum err e = receipt_job(till, seq, 32, false, &sheet);
    if (e == ERR_OK)
        e = printer_queue(&printer, till->dir, &sheet.job);
    sheet_done(&sheet);
    return e;
}

/* Whoever dies here dies at once: cmocka would catch it and go on testing. */
static void be_mortal(void)
{
    static const int signals[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL };
    for (size_t i = 0; i < ARRAY_LEN(signals); i++)
        signal(signals[i], SIG_DFL);
    setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
    (void)!freopen("/dev/null", "w", stderr);
}

/* Reports the number of each sale that the till called saved. */
static void serve(int report)
{
    struct till till;
    struct sold sold;
    allocations = 0;
    failing_at = memory_ends_at;
    enum err e = till_open(dir, LEDGER_WRITE, "test", NULL, &till);
    for (int i = 0; i < BASKETS && e == ERR_OK; i++) {
        e = sell(&till, i, &sold);
        if (e != ERR_OK)
            break;
        if (write(report, &sold.seq, sizeof(sold.seq)) != sizeof(sold.seq))
            _exit(1);
        (void)!print(&till, sold.seq); /* a slip that fails stops nothing */
    }
    if (e == ERR_OK)
        till_close(&till);
    failing_at = 0;
    _exit(vfs_fault.hits > 0 || e != ERR_OK ? 2 : 0);
}

/* ---- the parent ---- */

struct run {
    int64_t at;             /* which call failed */
    int64_t saved[BASKETS]; /* their numbers, 0: not told so */
    int exit;               /* -1: it died */
};

static void copy_till(void)
{
    static const char *const files[] = { "device.key", "admission", "ledger.db",
                                         "sync.db" };
    scratch_make(dir);
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        BUF(bytes, MAX_LIST);
        scratch_read(f.dir, files[i], &bytes);
        scratch_write(dir, files[i], buf_slice(&bytes));
    }
}

static void run_child(struct run *run)
{
    int ends[2], status = 0;
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        be_mortal();
        serve(ends[1]);
    }
    close(ends[1]);
    for (int i = 0; i < BASKETS; i++) {
        if (read(ends[0], &run->saved[i], sizeof(run->saved[i])) <= 0)
            break;
    }
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    run->exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (WIFSIGNALED(status) && WTERMSIG(status) != SIGABRT)
        fail_msg("call %lld: signal %d", (long long)run->at, WTERMSIG(status));
}

/* ---- what must be true afterwards ---- */

struct found {
    int times[BASKETS];
    int64_t seq[BASKETS];
};

static enum err add_up(void *ctx, const struct stored *s)
{
    static union body body;
    struct found *found = ctx;
    struct event e;
    int64_t lines = 0, tenders = 0;
    assert_int_equal(event_decode(s->bytes, &e), ERR_OK);
    if (e.kind != EV_SALE)
        return ERR_OK;
    assert_int_equal(body_decode(&e, NULL, &body), ERR_OK);
    const struct body_sale *sale = &body.sale;
    for (int64_t i = 0; i < sale->n_lines; i++)
        lines += sale->lines[i].amount_vnd;
    for (int64_t i = 0; i < sale->n_tenders; i++)
        tenders += sale->tenders[i].amount_vnd;
    assert_int_equal(sale->n_lines, 4);
    assert_int_equal(sale->n_tenders, 2);
    assert_int_equal(lines, sale->total_vnd);
    assert_int_equal(tenders - sale->change_vnd, sale->total_vnd);
    for (int i = 0; i < BASKETS; i++) {
        if (str_is(sale->basket, baskets[i])) {
            found->times[i]++;
            found->seq[i] = s->seq;
        }
    }
    return ERR_OK;
}

static void look(struct till *till, struct found *found)
{
    *found = (struct found){ { 0 }, { 0 } };
    assert_int_equal(ledger_each(till->ledger, 1,
                                 ledger_state(till->ledger)->count, add_up,
                                 found),
                     ERR_OK);
}

static void open_again(struct till *till)
{
    BUF(why, MAX_TEXT);
    if (till_open(dir, LEDGER_WRITE, "test", &why, till) != ERR_OK)
        fail_msg("%s", buf_text(&why));
}

/* The open cart is the next basket's or none; never one that was sold. */
static void look_at_cart(struct till *till, const struct found *found)
{
    struct cart *cart = x_alloc(sizeof(*cart));
    bool kept;
    assert_int_equal(carts_open(till, cart, &kept), ERR_OK);
    for (int i = 0; i < BASKETS; i++) {
        if (strcmp(cart->basket, baskets[i]) == 0)
            assert_int_equal(found->times[i], 0);
    }
    free(cart);
}

static void check(const struct run *run)
{
    struct till till;
    struct found found;
    open_again(&till);
    look(&till, &found);
    look_at_cart(&till, &found);
    for (int i = 0; i < BASKETS; i++) {
        struct sold sold;
        if (run->saved[i] && found.seq[i] != run->saved[i])
            fail_msg("call %lld: %s was saved as %lld, and is %lld",
                     (long long)run->at, baskets[i], (long long)run->saved[i],
                     (long long)found.seq[i]);
        assert_in_range(found.times[i], 0, 1);
        assert_int_equal(sell(&till, i, &sold), ERR_OK);
        assert_int_equal(sold.repeated, found.times[i] == 1);
    }
    look(&till, &found);
    for (int i = 0; i < BASKETS; i++)
        assert_int_equal(found.times[i], 1);
    till_close(&till);
    till_verify(dir);
}

/* True when call `at` was reached. */
static bool one(int64_t at)
{
    struct run run = { .at = at };
    copy_till();
    run_child(&run);
    vfs_fault_clear();
    check(&run);
    scratch_remove(dir);
    return run.exit != 0;
}

static int set_up(void **state)
{
    (void)state;
    vfs_fault_install();
    till_fixture_init(&f);
    till_fixture_open(&f);
    till_fixture_shift(&f, 500000);
    till_fixture_close(&f);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    till_fixture_done(&f);
    return 0;
}

/* ---- the rules ---- */

/* Not every one of them is noticed: what a library or the spool does without
 * ends the run with success. So the end is where none was counted. */
static void no_memory_that_is_missing_makes_half_a_sale(void **state)
{
    int64_t runs = 0, step = 100 / promise_share(100), most = 0;
    (void)state;
    failing_at = INT64_MAX; /* counts in this process, too: once */
    allocations = 0;
    copy_till();
    struct till till;
    struct sold sold;
    open_again(&till);
    for (int i = 0; i < BASKETS; i++) {
        assert_int_equal(sell(&till, i, &sold), ERR_OK);
        assert_int_equal(print(&till, sold.seq), ERR_OK);
    }
    till_close(&till);
    most = allocations;
    failing_at = 0;
    scratch_remove(dir);
    for (int64_t at = 1 + (int64_t)promise_seed() % step; at <= most;
         at += step) {
        memory_ends_at = at;
        one(at);
        runs++;
    }
    memory_ends_at = 0;
    print_message("%lld allocations, %lld of them failed\n", (long long)most,
                  (long long)runs);
    promise(2, "allocations-failed", runs);
}

static void no_disk_that_fails_makes_half_a_sale(void **state)
{
    static const int numbers[] = { EIO, ENOSPC, EDQUOT, EFBIG };
    int64_t runs = 0;
    (void)state;
    for (size_t i = 0; i < 2 * ARRAY_LEN(numbers); i++) {
        struct vfs_fault plan = { .ops = FAULT_ALL,
                                  .number = numbers[i / 2],
                                  .persistent = i % 2 == 1,
                                  .done = (int)(promise_seed() % 3) };
        bool came = true;
        for (plan.at = 1; came; plan.at++, runs++) {
            vfs_fault = plan;
            came = one(plan.at);
        }
    }
    promise(2, "calls-failed", runs);
    promise(2, "half-sales", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_memory_that_is_missing_makes_half_a_sale),
        cmocka_unit_test(no_disk_that_fails_makes_half_a_sale),
    };
    return cmocka_run_group_tests_name("02_whole_sale", tests, set_up,
                                       tear_down);
}
