/*
 * test_ingest.c - the writer's queue: groups, failures, the disk, the end.
 */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"
#include "sync/aggregator/ingest/ingest.h"
#include "sync/aggregator/store/reference.h"
#include "tests/support/place.h"
#include "tests/support/pushing.h"
#include "tests/support/raw.h"
#include "tests/support/vfs_fault.h"

enum { JOBS = 40 };

struct desk {
    char dir[SCRATCH_ROOM];
    struct ingest *ingest;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool shut; /* jobs that ask for it wait until it is opened */
    int n;     /* done */
    struct vfs_fault plan;
    int64_t syncs, hits;
    struct errand {
        struct job job; /* first */
        struct desk *desk;
        int number;    /* names the fair it writes */
        enum err want; /* what run says at its end */
        bool waits, alone;
        /* On the writer's thread, so that nobody looks at the plan of faults
         * meanwhile. */
        void (*before)(struct desk *d), (*after)(struct desk *d);
        enum err e; /* what done was told */
        int place;  /* done as the n-th */
        bool had_store;
    } errands[JOBS];
};

/* ---- jobs ---------------------------------------------------------------- */

static void fair_code(int number, struct buf *out)
{
    buf_printf(out, "FAIR-%d", number);
}

static enum err write_fair(struct store *s, int number)
{
    struct fair f = { .name = "Xuân", .first_day = 20200114, .days = 6 };
    enum change change;
    BUF(code, 16);
    fair_code(number, &code);
    memcpy(f.code, buf_text(&code), code.len + 1);
    return fair_put(s, &f, &change);
}

static enum err has_fair(struct store *s, int number)
{
    struct fair f;
    BUF(code, 16);
    fair_code(number, &code);
    return fair_get(s, buf_slice(&code), &f);
}

static enum err errand_run(struct job *job, struct store *s)
{
    struct errand *r = (struct errand *)job;
    struct desk *d = r->desk;
    pthread_mutex_lock(&d->mutex);
    while (r->waits && d->shut)
        pthread_cond_wait(&d->changed, &d->mutex);
    pthread_mutex_unlock(&d->mutex);
    r->alone = !raw_grouped(s);
    if (r->before != NULL)
        r->before(d);
    enum err e = write_fair(s, r->number);
    return e != ERR_OK ? e : r->want;
}

static void errand_done(struct job *job, struct store *s, enum err e)
{
    struct errand *r = (struct errand *)job;
    struct desk *d = r->desk;
    if (r->after != NULL)
        r->after(d);
    pthread_mutex_lock(&d->mutex);
    r->e = e;
    r->place = d->n++;
    r->had_store = s != NULL;
    pthread_cond_broadcast(&d->changed);
    pthread_mutex_unlock(&d->mutex);
}

static enum err queue(struct desk *d, int i, bool in_group)
{
    struct errand *r = &d->errands[i];
    r->job = (struct job){ errand_run, in_group, errand_done, NULL, false };
    r->desk = d;
    r->number = i;
    return ingest_queue(d->ingest, &r->job);
}

static void wait_until(struct desk *d, int n)
{
    pthread_mutex_lock(&d->mutex);
    while (d->n < n)
        pthread_cond_wait(&d->changed, &d->mutex);
    pthread_mutex_unlock(&d->mutex);
}

static void open_gate(struct desk *d)
{
    pthread_mutex_lock(&d->mutex);
    d->shut = false;
    pthread_cond_broadcast(&d->changed);
    pthread_mutex_unlock(&d->mutex);
}

/* ---- faults -------------------------------------------------------------- */

static void begin_faults(struct desk *d)
{
    vfs_fault_clear();
    vfs_fault = d->plan;
}

static void end_faults(struct desk *d)
{
    d->syncs = vfs_fault.syncs;
    d->hits = vfs_fault.hits;
    vfs_fault_clear();
}

/* ---- the desk ------------------------------------------------------------ */

static struct desk *desk_open(int max_queue)
{
    struct desk *d = x_alloc(sizeof(*d));
    place_make(d->dir);
    pthread_mutex_init(&d->mutex, NULL);
    pthread_cond_init(&d->changed, NULL);
    const struct ingest_options options = { d->dir, max_queue, 4, false };
    assert_int_equal(ingest_open(&options, NULL, &d->ingest), ERR_OK);
    return d;
}

static void desk_close(struct desk *d)
{
    if (d->ingest != NULL) {
        ingest_stop(d->ingest);
        ingest_close(d->ingest);
    }
    pthread_cond_destroy(&d->changed);
    pthread_mutex_destroy(&d->mutex);
    place_remove(d->dir);
    free(d);
}

/* Ends the writer and looks whether fair i is on the disk. */
static void expect_fairs(struct desk *d, int n, const bool *there)
{
    struct store *s = NULL;
    ingest_stop(d->ingest);
    assert_int_equal(store_open(d->dir, STORE_READ, NULL, &s), ERR_OK);
    for (int i = 0; i < n; i++)
        assert_int_equal(has_fair(s, i), there[i] ? ERR_OK : ERR_NOT_FOUND);
    store_close(s);
}

/* ---- groups -------------------------------------------------------------- */

static void every_job_is_done_in_its_order(void **state)
{
    struct desk *d = desk_open(JOBS);
    bool all[JOBS];
    (void)state;
    d->shut = true;
    d->errands[0].waits = true;
    for (int i = 0; i < JOBS; i++) {
        all[i] = true;
        assert_int_equal(queue(d, i, i % 7 != 3), ERR_OK);
    }
    open_gate(d);
    wait_until(d, JOBS);
    for (int i = 0; i < JOBS; i++) {
        assert_int_equal(d->errands[i].e, ERR_OK);
        assert_int_equal(d->errands[i].place, i);
        assert_true(d->errands[i].had_store);
        assert_int_equal(d->errands[i].alone, i % 7 == 3);
    }
    expect_fairs(d, JOBS, all);
    desk_close(d);
}

static void a_failing_job_undoes_itself_alone(void **state)
{
    struct desk *d = desk_open(JOBS);
    bool there[JOBS];
    (void)state;
    d->shut = true;
    d->errands[0].waits = true;
    for (int i = 0; i < JOBS; i++) {
        there[i] = i % 3 != 1;
        d->errands[i].want = there[i] ? ERR_OK : ERR_INVALID;
        assert_int_equal(queue(d, i, true), ERR_OK);
    }
    open_gate(d);
    wait_until(d, JOBS);
    for (int i = 0; i < JOBS; i++)
        assert_int_equal(d->errands[i].e, there[i] ? ERR_OK : ERR_INVALID);
    expect_fairs(d, JOBS, there);
    desk_close(d);
}

static void what_waits_together_is_synced_together(void **state)
{
    struct env env = env_system();
    (void)state;
    vfs_fault_install();
    struct desk *d = desk_open(JOBS);
    d->shut = true;
    d->errands[0].waits = true;
    queue(d, 0, true);
    for (int i = 1; i < JOBS; i++)
        queue(d, i, true);
    d->errands[0].before = begin_faults;
    d->errands[JOBS - 1].after = end_faults;
    open_gate(d);
    wait_until(d, JOBS);
    /* Two groups at most: the first job may have begun alone. */
    assert_in_range(d->syncs, 1, 4);
    desk_close(d);
    env_use(&env);
}

/* ---- the queue ----------------------------------------------------------- */

static void a_full_queue_is_busy(void **state)
{
    struct desk *d = desk_open(3);
    (void)state;
    d->shut = true;
    d->errands[0].waits = true;
    assert_int_equal(queue(d, 0, false), ERR_OK);
    for (int i = 1; i < 5; i++) { /* the first may still wait or be under way */
        if (queue(d, i, false) != ERR_OK)
            break;
    }
    assert_true(ingest_full(d->ingest));
    assert_int_equal(queue(d, 6, false), ERR_BUSY);
    open_gate(d);
    desk_close(d);
}

static void stopping_finishes_the_queue_and_takes_no_more(void **state)
{
    struct desk *d = desk_open(JOBS);
    (void)state;
    for (int i = 0; i < JOBS; i++)
        assert_int_equal(queue(d, i, i % 2 == 0), ERR_OK);
    ingest_stop(d->ingest);
    assert_int_equal(d->n, JOBS);
    assert_true(ingest_full(d->ingest));
    assert_int_equal(queue(d, 0, true), ERR_BUSY);
    ingest_stop(d->ingest);
    ingest_close(d->ingest);
    d->ingest = NULL;
    desk_close(d);
}

static void who_may_not_write_is_told_why(void **state)
{
    const struct ingest_options options = { "/nonexistent", 1, 4, false };
    struct ingest *in = NULL;
    BUF(why, MAX_TEXT);
    (void)state;
    assert_int_not_equal(ingest_open(&options, &why, &in), ERR_OK);
    assert_null(in);
    assert_true(why.len > 0);
}

/* ---- the disk ------------------------------------------------------------ */

/* The n-th sync or write of a group fails once; nothing that was answered with
 * OK is missing, and the next job is carried out again. */
static int64_t fail_at(struct vfs_fault plan)
{
    struct desk *d = desk_open(JOBS);
    struct store *s = NULL;
    d->shut = true;
    d->plan = plan;
    d->errands[0].waits = true;
    d->errands[0].before = begin_faults;
    d->errands[4].after = end_faults;
    for (int i = 0; i < 5; i++)
        queue(d, i, true);
    open_gate(d);
    wait_until(d, 5);
    queue(d, 5, true);
    wait_until(d, 6);
    assert_int_equal(d->errands[5].e, ERR_OK);
    ingest_stop(d->ingest);
    assert_int_equal(store_open(d->dir, STORE_READ, NULL, &s), ERR_OK);
    for (int i = 0; i < 6; i++) {
        if (d->errands[i].e == ERR_OK)
            assert_int_equal(has_fair(s, i), ERR_OK);
    }
    int64_t hits = d->hits;
    store_close(s);
    desk_close(d);
    return hits;
}

static void no_failure_of_the_disk_loses_an_answered_job(void **state)
{
    static const struct {
        unsigned ops;
        int number;
    } kinds[] = { { FAULT_SYNC, EIO },
                  { FAULT_WRITE, EIO },
                  { FAULT_WRITE, ENOSPC } };
    struct env env = env_system();
    (void)state;
    vfs_fault_install();
    for (size_t kind = 0; kind < ARRAY_LEN(kinds); kind++) {
        struct vfs_fault plan = { .ops = kinds[kind].ops,
                                  .number = kinds[kind].number,
                                  .at = 1 };
        while (fail_at(plan) > 0 && plan.at < 40)
            plan.at++;
        assert_in_range(plan.at, 2, 39);
    }
    env_use(&env);
}

static void while_the_store_does_not_open_jobs_fail_and_later_do_not(
    void **state)
{
    struct env env = env_system();
    (void)state;
    vfs_fault_install();
    struct desk *d = desk_open(JOBS);
    d->plan = (struct vfs_fault){ .ops = FAULT_SYNC | FAULT_OPEN | FAULT_WRITE,
                                  .number = EIO,
                                  .at = 1,
                                  .persistent = true };
    d->errands[0].before = begin_faults;
    d->errands[2].after = end_faults;
    for (int i = 0; i < 3; i++) {
        queue(d, i, true);
        wait_until(d, i + 1);
        assert_int_not_equal(d->errands[i].e, ERR_OK);
    }
    assert_false(d->errands[2].had_store);
    queue(d, 3, true);
    wait_until(d, 4);
    assert_int_equal(d->errands[3].e, ERR_OK);
    desk_close(d);
    env_use(&env);
}

/* ---- the file ------------------------------------------------------------ */

static struct desk *file_desk_open(void)
{
    struct desk *d = x_alloc(sizeof(*d));
    scratch_make(d->dir);
    pthread_mutex_init(&d->mutex, NULL);
    pthread_cond_init(&d->changed, NULL);
    const struct ingest_options options = { d->dir, JOBS, 4, false };
    assert_int_equal(ingest_open(&options, NULL, &d->ingest), ERR_OK);
    return d;
}

static void file_desk_close(struct desk *d)
{
    ingest_close(d->ingest);
    pthread_cond_destroy(&d->changed);
    pthread_mutex_destroy(&d->mutex);
    scratch_remove(d->dir);
    free(d);
}

static void expect_job(struct desk *d, int i, enum err e)
{
    queue(d, i, true);
    wait_until(d, i + 1);
    assert_int_equal(d->errands[i].e, e);
}

static void move(const struct desk *d, const char *from, const char *to)
{
    char name[SCRATCH_ROOM];
    snprintf(name, sizeof(name), "%s", scratch_path(d->dir, from));
    assert_int_equal(rename(name, scratch_path(d->dir, to)), 0);
}

static char news[MAX_TEXT]; /* why the file was lost last, "": it is back */
static int told;

static void take_news(const struct store_loss *loss)
{
    told++;
    snprintf(news, sizeof(news), "%s", loss->why ? loss->why : "");
}

/* What is stored in a file without a name is gone with this process. */
static void nothing_is_answered_for_a_file_that_is_gone(void **state)
{
    (void)state;
    struct desk *d = file_desk_open();
    expect_job(d, 0, ERR_OK);
    move(d, STORE_FILE, "away");
    for (int i = 1; i < 3; i++) {
        expect_job(d, i, ERR_IO);
        assert_false(scratch_has(d->dir, STORE_FILE));
    }
    scratch_write(d->dir, STORE_FILE, STR("a report of the day, in its place"));
    expect_job(d, 3, ERR_IO);
    move(d, "away", STORE_FILE);
    expect_job(d, 4, ERR_OK);
    expect_fairs(d, 5, (bool[]){ true, false, false, false, true });
    file_desk_close(d);
}

/* A backup in its place would be written over with pages of the log that is
 * still there: it is not touched, and who looks after the server is told. */
static void another_database_in_its_place_is_not_adopted(void **state)
{
    struct store *s = NULL;
    BUF(before, MAX_OUTPUT);
    BUF(after, MAX_OUTPUT);
    (void)state;
    told = 0;
    struct desk *d = file_desk_open();
    store_on_loss(take_news);
    expect_job(d, 0, ERR_OK);
    assert_int_equal(store_open(d->dir, STORE_READ, NULL, &s), ERR_OK);
    assert_int_equal(store_backup(s, scratch_path(d->dir, "backup")), ERR_OK);
    store_close(s);
    scratch_read(d->dir, "backup", &before);
    expect_job(d, 1, ERR_OK);
    move(d, STORE_FILE, "away");
    move(d, "backup", STORE_FILE);
    expect_job(d, 2, ERR_IO);
    expect_job(d, 3, ERR_IO);
    scratch_read(d->dir, STORE_FILE, &after);
    assert_true(str_eq(buf_slice(&before), buf_slice(&after)));
    assert_int_equal(told, 1);
    assert_non_null(strstr(news, "`restore`"));
    move(d, "away", STORE_FILE);
    expect_job(d, 4, ERR_OK);
    assert_string_equal(news, "");
    expect_fairs(d, 5, (bool[]){ true, true, false, false, true });
    store_on_loss(NULL);
    file_desk_close(d);
}

/* What stood in it is moved into the file; nothing more is taken until the
 * server is started anew, for its readers have the old one. */
static void a_log_that_was_removed_costs_nothing_that_was_answered(void **state)
{
    struct store *s = NULL;
    (void)state;
    told = 0;
    struct desk *d = file_desk_open();
    store_on_loss(take_news);
    expect_job(d, 0, ERR_OK);
    assert_int_equal(store_open(d->dir, STORE_READ, NULL, &s), ERR_OK);
    assert_int_equal(has_fair(s, 0), ERR_OK);
    assert_int_equal(unlink(scratch_path(d->dir, STORE_FILE "-wal")), 0);
    assert_int_equal(unlink(scratch_path(d->dir, STORE_FILE "-shm")), 0);
    expect_job(d, 1, ERR_IO);
    expect_job(d, 2, ERR_IO);
    assert_int_equal(told, 1);
    assert_non_null(strstr(news, "start it again"));
    assert_int_equal(has_fair(s, 0), ERR_OK);
    store_close(s);
    expect_fairs(d, 3, (bool[]){ true, false, false });
    store_on_loss(NULL);
    file_desk_close(d);
}

/* Nor is one begun where both the file and its log were: not even an empty
 * file is taken for it. */
static void nothing_is_begun_where_all_was_moved_away(void **state)
{
    static const char *const files[] = { STORE_FILE, STORE_FILE "-wal",
                                         STORE_FILE "-shm" };
    BUF(there, MAX_TEXT);
    (void)state;
    struct desk *d = file_desk_open();
    expect_job(d, 0, ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        assert_int_equal(unlink(scratch_path(d->dir, files[i])), 0);
    expect_job(d, 1, ERR_IO);
    expect_job(d, 2, ERR_IO);
    assert_false(scratch_has(d->dir, STORE_FILE));
    scratch_write(d->dir, STORE_FILE, STR(""));
    expect_job(d, 3, ERR_IO);
    scratch_read(d->dir, STORE_FILE, &there);
    assert_int_equal(there.len, 0);
    ingest_stop(d->ingest);
    file_desk_close(d);
}

/* ---- folding ------------------------------------------------------------- */

/* A job that appends a device's events, and one that asks how far it is
 * folded. */
struct pushed {
    struct job job;
    struct desk *desk;
    const struct keys *keys;
    struct push push;
    int64_t mark;
};

static enum err push_run(struct job *job, struct store *s)
{
    struct pushed *p = (struct pushed *)job;
    return ingest_push(s, p->keys, &p->push, 1000, NULL);
}

static enum err mark_run(struct job *job, struct store *s)
{
    struct pushed *p = (struct pushed *)job;
    return store_mark(s, p->push.header.device, &p->mark);
}

static void pushed_done(struct job *job, struct store *s, enum err e)
{
    struct pushed *p = (struct pushed *)job;
    (void)s;
    assert_int_equal(e, ERR_OK);
    pthread_mutex_lock(&p->desk->mutex);
    p->desk->n++;
    pthread_cond_broadcast(&p->desk->changed);
    pthread_mutex_unlock(&p->desk->mutex);
}

static void carry_out(struct desk *d, struct pushed *p,
                      enum err (*run)(struct job *job, struct store *s))
{
    int n = d->n;
    p->job = (struct job){ run, true, pushed_done, NULL, false };
    p->desk = d;
    assert_int_equal(ingest_queue(d->ingest, &p->job), ERR_OK);
    wait_until(d, n + 1);
}

/* Idle or busy: here somebody asks all the time. */
static void what_was_pushed_is_folded_also_while_busy(void **state)
{
    struct desk *d = desk_open(JOBS);
    struct book b;
    struct keys keys;
    struct pushed p = { .keys = &keys };
    (void)state;
    book_random(&b, 1, 60);
    pushing_keys(&b, &keys);
    for (int from = 1; from < 60; from += 30) {
        BUF(bytes, MAX_BATCH);
        pushing_put(&b, (struct pushing){ from, from + 29, NULL, &keys },
                    &bytes);
        assert_int_equal(push_decode(buf_slice(&bytes), NULL, &p.push, NULL),
                         ERR_OK);
        carry_out(d, &p, push_run);
        while (p.mark < from + 29)
            carry_out(d, &p, mark_run);
        assert_int_equal(p.mark, from + 29);
    }
    desk_close(d);
    book_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_job_is_done_in_its_order),
        cmocka_unit_test(a_failing_job_undoes_itself_alone),
        cmocka_unit_test(what_waits_together_is_synced_together),
        cmocka_unit_test(a_full_queue_is_busy),
        cmocka_unit_test(stopping_finishes_the_queue_and_takes_no_more),
        cmocka_unit_test(who_may_not_write_is_told_why),
        cmocka_unit_test(no_failure_of_the_disk_loses_an_answered_job),
        cmocka_unit_test(
            while_the_store_does_not_open_jobs_fail_and_later_do_not),
        cmocka_unit_test(nothing_is_answered_for_a_file_that_is_gone),
        cmocka_unit_test(another_database_in_its_place_is_not_adopted),
        cmocka_unit_test(
            a_log_that_was_removed_costs_nothing_that_was_answered),
        cmocka_unit_test(nothing_is_begun_where_all_was_moved_away),
        cmocka_unit_test(what_was_pushed_is_folded_also_while_busy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
