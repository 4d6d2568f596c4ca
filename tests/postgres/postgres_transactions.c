/*
 * postgres_transactions.c - errors, transactions, others at the same rows and
 * lost connections, as engine.h promises.
 */
#include <pthread.h>
#include <signal.h>

#include "tests/postgres/engine_bench.h"

/* Ends the first connection from the second. */
static void terminate(struct bench *b)
{
    BUF(sql, MAX_TEXT);
    buf_printf(&sql, "SELECT pg_terminate_backend(%ld, 10000)", b->pid);
    script(b->other, buf_text(&sql));
}

/* ---- errors -------------------------------------------------------------- */

static void every_sqlstate_has_its_error(void **state)
{
    static const struct {
        const char *code;
        enum err e;
    } cases[] = {
        { "40001", ERR_AGAIN },     { "40P01", ERR_AGAIN },
        { "23505", ERR_EXISTS },    { "22003", ERR_INVALID },
        { "23514", ERR_INVALID },   { "23502", ERR_INVALID },
        { "53100", ERR_FULL },      { "53300", ERR_BUSY },
        { "25006", ERR_READ_ONLY }, { "57P01", ERR_DATABASE },
        { "08006", ERR_DATABASE },  { "58030", ERR_IO },
        { "28P01", ERR_REFUSED },   { "42501", ERR_REFUSED },
        { "3D000", ERR_REFUSED },   { "42P01", ERR_CORRUPT },
        { "42P07", ERR_EXISTS },    { "55P03", ERR_BUSY },
        { "57014", ERR_BUSY },      { "XX001", ERR_CORRUPT },
        { "XX000", ERR_IO },        { "54000", ERR_LIMIT },
        { NULL, ERR_IO },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(pipe_err(cases[i].code), cases[i].e);
}

static void a_posted_error_comes_to_light_with_the_next_answer(void **state)
{
    struct bench *b = *state;

    for (int how = 0; how < 3; how++) {
        int64_t at = 0;
        assert_int_equal(engine_begin(b->e), ERR_OK);
        assert_int_equal(add(b->e, 5, true), ERR_OK);
        assert_int_equal(put(b->e, 9, 1, true), ERR_OK);
        assert_int_equal(add(b->e, 5, true), ERR_OK);
        if (how == 0)
            assert_int_equal(at_of(b->e, 5, &at), ERR_EXISTS);
        else if (how == 1)
            assert_int_equal(put(b->e, 6, 1, false), ERR_EXISTS);
        assert_int_equal(engine_commit(b->e), ERR_EXISTS);
        assert_int_equal(count(b->e), 0);
    }
}

/* Nothing more happens in a transaction that has failed; its errmsg stays. */
static void an_error_stays_until_it_is_rolled_back(void **state)
{
    struct bench *b = *state;

    assert_int_equal(engine_begin(b->e), ERR_OK);
    assert_int_equal(put(b->e, 1, -13, false), ERR_INVALID);
    assert_int_equal(put(b->e, 2, 1, false), ERR_INVALID);
    assert_int_equal(put(b->e, 2, 1, true), ERR_INVALID);
    assert_int_equal(engine_begin(b->e), ERR_INVALID);
    assert_non_null(strstr(engine_errmsg(b->e), "23514"));
    engine_rollback(b->e);
    assert_int_equal(put(b->e, 2, 1, false), ERR_OK);
    assert_int_equal(put(b->e, 3, -13, false), ERR_INVALID); /* alone */
    assert_int_equal(count(b->e), 1);
}

static void a_table_that_is_gone_is_damage(void **state)
{
    struct bench *b = *state;
    bool row = false;

    for (int i = 0; i < 2; i++) { /* it is not taken for prepared */
        QUERY(ask, b->e, NOT_THERE);
        assert_int_equal(query_step(ask, &row), ERR_CORRUPT);
    }
    assert_int_equal(count(b->e), 0);
}

/* ---- transactions -------------------------------------------------------- */

static void an_inner_part_is_undone_alone(void **state)
{
    struct bench *b = *state;
    int64_t at = 0;

    assert_int_equal(engine_begin(b->e), ERR_OK);
    assert_int_equal(put(b->e, 1, 1, true), ERR_OK);
    for (int64_t i = 2; i <= 9; i++) {
        assert_int_equal(engine_begin(b->e), ERR_OK);
        assert_int_equal(put(b->e, i, 1, true), ERR_OK);
        assert_int_equal(engine_begin(b->e), ERR_OK);
        assert_int_equal(put(b->e, i, i == 5 ? -13 : 100, i % 2), ERR_OK);
        if (i == 4)
            engine_rollback(b->e);
        else
            assert_int_equal(engine_commit(b->e),
                             i == 5 ? ERR_INVALID : ERR_OK);
        if (i == 7)
            engine_rollback(b->e);
        else
            assert_int_equal(engine_commit(b->e), ERR_OK);
    }
    assert_int_equal(engine_commit(b->e), ERR_OK);
    for (int64_t i = 1; i <= 9; i++) {
        assert_int_equal(at_of(b->other, i, &at), ERR_OK);
        assert_int_equal(at, i == 7                       ? -1
                             : i == 1 || i == 4 || i == 5 ? 1
                                                          : 101);
    }
}

/* There is place for so many answers only. */
static void inner_parts_may_follow_each_other_without_end(void **state)
{
    struct bench *b = *state;

    assert_int_equal(engine_begin(b->e), ERR_OK);
    assert_int_equal(put(b->e, 1, 1, true), ERR_OK);
    for (int i = 0; i < 2 * MAX_AWAITED; i++) {
        assert_int_equal(engine_begin(b->e), ERR_OK);
        assert_int_equal(engine_commit(b->e), ERR_OK);
    }
    assert_int_equal(engine_commit(b->e), ERR_OK);
    assert_int_equal(count(b->other), 1);
}

static void an_unused_transaction_costs_no_way_there_and_back(void **state)
{
    struct bench *b = *state;
    struct pg *p = pg_of(b->e);

    assert_int_equal(engine_begin(b->e), ERR_OK);
    assert_int_equal(p->n_awaited, 0);
    assert_int_equal(engine_commit(b->e), ERR_OK);
    assert_int_equal(engine_begin(b->e), ERR_OK);
    engine_rollback(b->e);
    assert_int_equal(engine_begin(b->e), ERR_OK);
    assert_int_equal(put(b->e, 1, 1, true), ERR_OK);
    assert_int_equal(p->n_awaited, 0); /* not even BEGIN */
    engine_rollback(b->e);
    assert_int_equal(count(b->e), 0);
    assert_int_equal(put(b->e, 1, 1, false), ERR_OK);
    assert_int_equal(count(b->other), 1); /* nothing was left open */
}

static void a_reader_sees_one_moment(void **state)
{
    struct bench *b = *state;

    assert_int_equal(put(b->e, 1, 1, false), ERR_OK);
    struct engine *reader = open_at(b->where, ENGINE_READ);
    assert_int_equal(engine_read_begin(reader), ERR_OK);
    assert_int_equal(count(reader), 1);
    assert_int_equal(put(b->e, 2, 1, false), ERR_OK);
    assert_int_equal(count(reader), 1);
    engine_read_end(reader);
    assert_int_equal(count(reader), 2);
    /* ... and who writes may read so, too. */
    assert_int_equal(engine_read_begin(b->e), ERR_OK);
    assert_int_equal(count(b->e), 2);
    assert_int_equal(put(b->other, 3, 1, false), ERR_OK);
    assert_int_equal(count(b->e), 2);
    engine_read_end(b->e);
    assert_int_equal(put(b->e, 4, 1, false), ERR_OK);
    engine_close(reader);
}

static void a_reader_changes_nothing(void **state)
{
    struct bench *b = *state;
    struct engine *reader = open_at(b->where, ENGINE_READ);

    assert_int_equal(put(reader, 1, 1, false), ERR_READ_ONLY);
    assert_int_equal(count(reader), 0);
    engine_close(reader);
}

/* ---- side by side -------------------------------------------------------- */

static enum err lock_row(struct engine *e, int64_t id)
{
    bool row = false;
    QUERY(get, e, GET_LOCKED);
    query_bind(get, "i", id);
    return query_step(get, &row);
}

static void *lock_first(void *ctx)
{
    struct bench *b = ctx;
    static enum err result;

    result = lock_row(b->other, 1);
    if (result == ERR_OK)
        result = engine_commit(b->other);
    else
        engine_rollback(b->other);
    return &result;
}

static void who_waits_for_each_other_tries_again(void **state)
{
    struct bench *b = *state;
    pthread_t thread;
    void *theirs = NULL;

    put(b->e, 1, 1, false);
    put(b->e, 2, 1, false);
    assert_int_equal(engine_begin(b->e), ERR_OK);
    assert_int_equal(engine_begin(b->other), ERR_OK);
    assert_int_equal(lock_row(b->e, 1), ERR_OK);
    assert_int_equal(lock_row(b->other, 2), ERR_OK);
    assert_int_equal(pthread_create(&thread, NULL, lock_first, b), 0);
    enum err ours = lock_row(b->e, 2);
    engine_rollback(b->e);
    pthread_join(thread, &theirs);
    enum err other = *(enum err *)theirs;
    assert_true((ours == ERR_AGAIN) != (other == ERR_AGAIN));
    assert_true(ours == ERR_OK || other == ERR_OK);
    assert_int_equal(put(b->e, 3, 1, false), ERR_OK);
}

static void a_lock_is_not_waited_for_for_ever(void **state)
{
    struct bench *b = *state;
    char hasty[SCRATCH_ROOM];

    variant(hasty, b->where, "lock_timeout%3D30");
    struct engine *e = open_at(hasty, ENGINE_WRITE);
    put(b->e, 1, 1, false);
    assert_int_equal(engine_begin(b->e), ERR_OK);
    assert_int_equal(lock_row(b->e, 1), ERR_OK);
    assert_int_equal(engine_begin(e), ERR_OK);
    assert_int_equal(lock_row(e, 1), ERR_BUSY);
    engine_rollback(e);
    engine_rollback(b->e);
    engine_close(e);
}

/* ---- lost connections ---------------------------------------------------- */

static void a_lost_connection_stays_lost(void **state)
{
    struct bench *b = *state;
    int64_t at = 0;

    assert_int_equal(put(b->e, 1, 1, false), ERR_OK);
    terminate(b);
    assert_int_equal(at_of(b->e, 1, &at), ERR_DATABASE);
    assert_true(strlen(engine_errmsg(b->e)) > 0);
    assert_int_equal(engine_begin(b->e), ERR_DATABASE);
    assert_int_equal(engine_read_begin(b->e), ERR_DATABASE);
    assert_int_equal(put(b->e, 2, 1, false), ERR_DATABASE);
    engine_close(b->e);
    b->e = open_at(b->where, ENGINE_WRITE);
    assert_int_equal(at_of(b->e, 1, &at), ERR_OK);
    assert_int_equal(at, 1);
}

static void a_transaction_without_its_connection_is_undone(void **state)
{
    struct bench *b = *state;

    assert_int_equal(engine_begin(b->e), ERR_OK);
    assert_int_equal(put(b->e, 1, 1, false), ERR_OK);
    assert_int_equal(engine_begin(b->e), ERR_OK);
    terminate(b);
    assert_int_equal(put(b->e, 2, 1, false), ERR_DATABASE);
    assert_int_equal(engine_commit(b->e), ERR_DATABASE);
    assert_int_equal(engine_commit(b->e),
                     ERR_DATABASE); /* known: not recorded */
    assert_int_equal(count(b->other), 0);
}

static void a_commit_without_an_answer_is_unsure(void **state)
{
    struct bench *b = *state;

    assert_int_equal(engine_begin(b->e), ERR_OK);
    assert_int_equal(put(b->e, 1, 1, false), ERR_OK);
    terminate(b);
    assert_int_equal(engine_commit(b->e), ERR_UNSURE);
    assert_int_equal(count(b->other), 0);
}

static void a_lone_statement_without_an_answer_is_unsure(void **state)
{
    struct bench *b = *state;

    terminate(b);
    assert_int_equal(put(b->e, 1, 1, false), ERR_UNSURE);
    assert_int_equal(put(b->e, 1, 1, false), ERR_DATABASE);
}

static void a_server_that_says_nothing_is_left(void **state)
{
    struct bench *b = *state;
    int64_t at = 0;

    pg_of(b->e)->wait_ms = 200;
    assert_int_equal(kill((pid_t)b->pid, SIGSTOP), 0);
    assert_int_equal(at_of(b->e, 1, &at), ERR_DATABASE);
    assert_non_null(strstr(engine_errmsg(b->e), "does not answer"));
    assert_int_equal(kill((pid_t)b->pid, SIGCONT), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sqlstate_has_its_error),
        BENCH(a_posted_error_comes_to_light_with_the_next_answer),
        BENCH(an_error_stays_until_it_is_rolled_back),
        BENCH(a_table_that_is_gone_is_damage),
        BENCH(an_inner_part_is_undone_alone),
        BENCH(inner_parts_may_follow_each_other_without_end),
        BENCH(an_unused_transaction_costs_no_way_there_and_back),
        BENCH(a_reader_sees_one_moment),
        BENCH(a_reader_changes_nothing),
        BENCH(who_waits_for_each_other_tries_again),
        BENCH(a_lock_is_not_waited_for_for_ever),
        BENCH(a_lost_connection_stays_lost),
        BENCH(a_transaction_without_its_connection_is_undone),
        BENCH(a_commit_without_an_answer_is_unsure),
        BENCH(a_lone_statement_without_an_answer_is_unsure),
        BENCH(a_server_that_says_nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
