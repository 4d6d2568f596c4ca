#define _GNU_SOURCE /* ppoll */
/*
 * test_pack_faults.c - whatever happens while events are packed and the file
 * is made smaller, every event is there afterwards, once and unchanged.
 *
 * A child packs and shrinks and is killed at a random moment, again and again
 * on the same files; then calls to the disk fail; then the power goes after any
 * of them.
 */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"
#include "tests/support/hall.h"
#include "tests/support/vfs_fault.h"

enum {
    KILLS = 15,       /* times SOAK */
    LIFE_US = 40000,  /* a child lives at most about this long */
    EVENTS = 1700,    /* of the first stall: several frames */
    POWER_EVENTS = 25 /* where the power goes after each call */
};

static long times(long n)
{
    const char *soak = getenv("SOAK");
    long by = soak ? strtol(soak, NULL, 10) : 1;
    return n * (by > 1 ? by : 1);
}

/* All stalls, then the file. */
static enum err compact(struct hall *h, struct store *s)
{
    int64_t before, after;
    enum err e = ERR_OK;
    for (int i = 0; i < STALLS; i++) {
        struct packing step = { .events = 1 };
        while (e == ERR_OK && step.events > 0)
            e = store_pack(s, hall_name(h, i), &step);
    }
    return e == ERR_OK ? store_shrink(s, NULL, &before, &after) : e;
}

static void close_store(struct hall *h)
{
    store_close(h->store);
    h->store = NULL;
}

/* Sums, and the hash of the last event but one, which lies in the middle of
 * something. */
static void expect_whole(struct hall *h)
{
    uint8_t hash[HASH_BYTES], wanted[HASH_BYTES];
    assert_int_equal(store_integrity(h->store), ERR_OK);
    hall_expect(h, h->store);
    for (int i = 0; i < STALLS; i++) {
        int seq = h->sent[i] - 1;
        if (seq < 1)
            continue;
        book_head(&h->stalls[i].book, seq, wanted);
        assert_int_equal(store_hash_at(h->store, hall_name(h, i), seq, hash),
                         ERR_OK);
        assert_memory_equal(hash, wanted, HASH_BYTES);
    }
}

/* ---- kill ---- */

static void pack_and_die(struct hall *h)
{
    struct store *s = NULL;
    enum err e = store_open(h->dir, STORE_WRITE, NULL, &s);
    if (e == ERR_OK)
        e = compact(h, s);
    _exit(e == ERR_OK ? 0 : 1);
}

/* True when the child came to its end. */
static bool kill_one(struct hall *h)
{
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        pack_and_die(h);
    struct timespec life = { 0, 1000L * stall_roll(&h->stalls[0], LIFE_US) };
    ppoll(NULL, 0, &life, NULL);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void who_is_killed_while_packing_loses_nothing(void **state)
{
    struct hall *h = hall_open(7);
    long killed = 0;
    (void)state;
    while (h->sent[0] < EVENTS)
        hall_send(h, 0, 100);
    for (long i = 0; i < times(KILLS); i++) {
        if (h->stalls[1].book.n < EVENTS)
            hall_send(h, 1 + (int)(i % 2), 30);
        close_store(h);
        killed += !kill_one(h);
        hall_reopen(h);
        expect_whole(h);
    }
    assert_int_equal(compact(h, h->store), ERR_OK);
    expect_whole(h);
    assert_true(killed > 0);
    hall_close(h);
}

/* ---- a failing disk ---- */

static void a_disk_that_fails_while_packing_costs_nothing(void **state)
{
    static const int numbers[] = { EIO, ENOSPC };
    int failed = 0;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        struct hall *h = hall_open((uint32_t)i + 1);
        enum err e = ERR_IO;
        for (int64_t n = 1; e != ERR_OK; n += 1 + n / 8) {
            hall_send(h, 0, 5); /* always something to pack */
            vfs_fault = (struct vfs_fault){
                .ops = FAULT_WRITE | FAULT_SYNC | FAULT_TRUNCATE,
                .number = numbers[i],
                .at = n,
            };
            e = compact(h, h->store);
            failed += e != ERR_OK;
            vfs_fault_clear();
            hall_reopen(h);
            expect_whole(h);
        }
        hall_close(h);
    }
    assert_true(failed > 10);
}

/* ---- power ---- */

/* What the files of `call` are, opened as the directory of a hall. */
static void look_after_power(struct hall *h, int call, enum power power)
{
    struct store *s = NULL;
    char dir[SCRATCH_ROOM];
    scratch_make(dir);
    vfs_power_state(call, power, (uint64_t)call, dir);
    assert_int_equal(store_open(dir, STORE_WRITE, NULL, &s), ERR_OK);
    assert_int_equal(store_integrity(s), ERR_OK);
    hall_expect(h, s);
    store_close(s);
    scratch_remove(dir);
}

static void power_that_fails_while_packing_costs_nothing(void **state)
{
    struct hall *h = hall_open(3);
    (void)state;
    for (int i = 0; i < STALLS; i++)
        hall_send(h, i, POWER_EVENTS);
    close_store(h);
    vfs_record_begin();
    hall_reopen(h);
    int begun = vfs_record_count();
    assert_int_equal(compact(h, h->store), ERR_OK);
    store_idle(h->store);
    int calls = vfs_record_count();
    vfs_record_end();
    assert_true(calls > begun + 20);
    for (int call = begun; call <= calls; call++) {
        look_after_power(h, call, call % 2 ? POWER_SYNCED : POWER_ALL);
        look_after_power(h, call, POWER_RANDOM);
    }
    hall_close(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_killed_while_packing_loses_nothing),
        cmocka_unit_test(a_disk_that_fails_while_packing_costs_nothing),
        cmocka_unit_test(power_that_fails_while_packing_costs_nothing),
    };
    vfs_fault_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
