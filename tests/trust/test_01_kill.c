#define _GNU_SOURCE /* ppoll */
/*
 * test_01_kill.c - kill -9 at any moment.
 *
 * A child sells as fast as it can and reports every acknowledged number
 * through a pipe; the parent kills it at a random moment, and again, and
 * again, on the same ledger. Everything reported is there, nothing is there
 * twice, a draft and its sale are never both there nor both gone, a reader
 * reads straight after the kill, and the first start can be killed too.
 */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"
#include "fair/ledger.h"
#include "tests/support/promise.h"
#include "tests/support/scratch.h"
#include "tests/support/till.h"

enum {
    KILLS = 4000,
    FIRST_STARTS = 1000,
    LIFE_US = 8000,  /* a seller lives at most about this long */
    START_US = 5000, /* and who only starts */
    LONGEST_US = 500000,
    WALK = 50 /* kills between whole verifications */
};

static char dir[SCRATCH_ROOM];

/* ---- the child ---- */

/* The basket's number is the event's: what is sold twice would show. */
static void sell_for_ever(int report)
{
    struct ledger *l = till_ledger_open(dir, LEDGER_WRITE);
    int64_t seq = ledger_state(l)->count;
    for (;;) {
        char basket[24];
        snprintf(basket, sizeof(basket), "b-%lld", (long long)seq + 1);
        if (ledger_draft_save(l, "cart", str_of(basket)) != ERR_OK ||
            till_sell(l, basket, 1000, "cart", &seq) != ERR_OK ||
            write(report, &seq, sizeof(seq)) != sizeof(seq))
            _exit(1);
        if (seq % 16 == 0)
            ledger_idle(l);
    }
}

static void start_only(int report)
{
    (void)report;
    ledger_close(till_ledger_open(dir, LEDGER_WRITE));
    _exit(0);
}

/* ---- the parent ---- */

/* Runs `child` for a random while, kills it, and takes its last report. */
static int64_t run_and_kill(void (*child)(int report), uint32_t life_us)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(ends[0]);
        child(ends[1]);
    }
    close(ends[1]);
    struct timespec life = { .tv_nsec =
                                 (long)env_random_below(life_us) * 1000 };
    ppoll(NULL, 0, &life, NULL);
    kill(pid, SIGKILL);
    int64_t last = 0, seq;
    while (read(ends[0], &seq, sizeof(seq)) == sizeof(seq))
        last = seq;
    close(ends[0]);
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL
                                    : WEXITSTATUS(status) == 0);
    return last;
}

/* On a busy machine nothing gets done in so short a life: lives are as long as
 * it takes for about every other to come to something. */
static uint32_t next_life(uint32_t life_us, bool came_to_something,
                          uint32_t least_us)
{
    uint32_t step = life_us / 16;
    uint32_t next = came_to_something ? life_us - step : life_us + step;
    return next < least_us ? least_us : next > LONGEST_US ? LONGEST_US : next;
}

static enum err draft_number(void *ctx, const char *id, struct str bytes)
{
    BUF(text, 32);
    (void)id;
    buf_str(&text, bytes);
    int64_t *number = ctx;
    *number = strtoll(buf_text(&text) + 2, NULL, 10);
    return ERR_OK;
}

/* Events from `from` on are the sales they say they are. */
static enum err is_its_own_basket(void *ctx, const struct stored *s)
{
    char member[48];
    BUF(line, MAX_EVENT);
    (void)ctx;
    buf_str(&line, s->bytes);
    snprintf(member, sizeof(member), "\"basket\":\"b-%lld\"",
             (long long)s->seq);
    assert_true(s->seq == 1 || strstr(buf_text(&line), member));
    return ERR_OK;
}

/* The number of events there, after a look as a reader has it. */
static int64_t look(int64_t before, int64_t reported)
{
    struct ledger *l = till_ledger_open(dir, LEDGER_READ);
    int64_t count = ledger_state(l)->count;
    assert_true(count >= before && count >= reported);
    /* At most one more than was reported: that of the last moment. */
    int64_t known = reported > before ? reported : before;
    assert_true(count <= (known == 0 ? 2 : known + 1));
    if (count > 0) {
        int64_t from = before > 0 ? before : 1, draft = 0;
        assert_int_equal(ledger_each(l, from, count, is_its_own_basket, NULL),
                         ERR_OK);
        assert_int_equal(ledger_draft_each(l, draft_number, &draft), ERR_OK);
        assert_true(draft == 0 || draft == count + 1);
    }
    ledger_close(l);
    return count;
}

static int set_up(void **state)
{
    (void)state;
    scratch_make(dir);
    till_enrol(dir, 1, 2);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    scratch_remove(dir);
    return 0;
}

static void m18_no_acknowledged_sale_is_lost_to_a_kill(void **state)
{
    (void)state;
    int64_t count = 0, unreported = 0, killed = promise_share(KILLS);
    uint32_t life_us = LIFE_US;
    for (int64_t i = 0; i < killed; i++) {
        int64_t reported = run_and_kill(sell_for_ever, life_us);
        int64_t there = look(count, reported);
        life_us = next_life(life_us, reported > 0, LIFE_US);
        unreported += there > count && there > reported;
        count = there;
        if (i % WALK == 0)
            till_verify(dir);
    }
    till_verify(dir);
    print_message("%lld kills, %lld events, %lld written but not reported\n",
                  (long long)killed, (long long)count, (long long)unreported);
    assert_true(count > killed);
    promise(1, "kills", killed);
    promise(1, "saved-and-lost", 0);
}

static void a_killed_first_start_is_finished_by_the_next(void **state)
{
    (void)state;
    int64_t finished = 0, starts = promise_share(FIRST_STARTS);
    uint32_t life_us = START_US;
    for (int64_t i = 0; i < starts; i++) {
        tear_down(NULL);
        set_up(NULL);
        run_and_kill(start_only, life_us);
        struct ledger *l = till_ledger_open(dir, LEDGER_READ);
        assert_true(ledger_state(l)->count <= 1);
        life_us = next_life(life_us, ledger_state(l)->count > 0, START_US);
        finished += ledger_state(l)->count;
        ledger_close(l);
        l = till_ledger_open(dir, LEDGER_WRITE);
        assert_int_equal(ledger_state(l)->count, 1);
        ledger_close(l);
        till_verify(dir);
    }
    print_message("%lld first starts killed, %lld had come to event 1\n",
                  (long long)starts, (long long)finished);
    promise(1, "kills", starts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            m18_no_acknowledged_sale_is_lost_to_a_kill, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_killed_first_start_is_finished_by_the_next, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("01_kill", tests, NULL, NULL);
}
