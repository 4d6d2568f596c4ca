/*
 * postgres_rolling.c - a newer program beside an older one: the newer one makes
 * the roll-up tables anew, in its own shape, and the older one goes on taking
 * in events and telling the exact sums, but folds no more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/hall.h"
#include "tests/support/raw.h"

/* What a newer program does when it opens the database, and what it has folded
 * then: a table has another shape, and the sums are other ones. */
static const char newer[] =
    "DROP TABLE fold_mark; DROP TABLE fold_beyond; DROP TABLE fold_turn;"
    "DROP TABLE roll_sale; DROP TABLE roll_day;"
    "CREATE TABLE fold_mark (device TEXT COLLATE \"C\" PRIMARY KEY,"
    " seq BIGINT NOT NULL);"
    "CREATE TABLE fold_beyond (fair TEXT COLLATE \"C\" NOT NULL,"
    " device TEXT COLLATE \"C\" NOT NULL, PRIMARY KEY (fair, device));"
    "CREATE TABLE fold_turn (fair TEXT COLLATE \"C\" PRIMARY KEY,"
    " turn BIGINT NOT NULL);"
    "CREATE TABLE roll_sale (other BIGINT NOT NULL);"
    "CREATE TABLE roll_day (device TEXT COLLATE \"C\" NOT NULL,"
    " day BIGINT NOT NULL, gate TEXT COLLATE \"C\" NOT NULL,"
    " sales BIGINT NOT NULL, revenue_vnd BIGINT NOT NULL,"
    " refunds_vnd BIGINT NOT NULL, voids_vnd BIGINT NOT NULL,"
    " visits BIGINT NOT NULL, PRIMARY KEY (device, day, gate));"
    "INSERT INTO fold_mark VALUES ('', 1000);"
    "INSERT INTO fold_beyond (fair, device)"
    " SELECT fair, device FROM device WHERE count > 0;"
    "UPDATE meta SET value = '1000' WHERE name = 'derived_version'";

static void upgrade(struct hall *h)
{
    struct store *other = NULL;
    BUF(sql, MAX_OUTPUT);
    assert_int_equal(store_open(h->dir, STORE_WRITE, NULL, &other), ERR_OK);
    buf_printf(&sql, "BEGIN; %s; COMMIT", newer);
    raw_exec(other, buf_text(&sql));
    store_close(other);
}

/* Everything that is folded, as text. */
static void look(struct hall *h, struct buf *out)
{
    raw_text(h->store, "SELECT * FROM fold_mark ORDER BY device", out);
    raw_text(h->store, "SELECT * FROM roll_day ORDER BY device, day, gate",
             out);
    raw_text(h->store,
             "SELECT * FROM roll_line ORDER BY device, day, hour, sku", out);
}

static int open_hall(void **state)
{
    struct hall *h = hall_open(3);
    for (int i = 0; i < STALLS; i++)
        hall_send(h, i, 40);
    hall_fold(h);
    hall_send(h, 0, 20);
    *state = h;
    return 0;
}

static int close_hall(void **state)
{
    hall_close(*state);
    return 0;
}

static void an_older_program_folds_no_more(void **state)
{
    struct hall *h = *state;
    int64_t n = -1;
    struct decision d = { .what = "hold", .first = 1, .last = 2 };
    BUF(before, MAX_OUTPUT);
    BUF(after, MAX_OUTPUT);
    upgrade(h);
    look(h, &before);
    for (int open = 0; open < 2; open++) {
        assert_int_equal(store_fold_step(h->store, 100, &n), ERR_NEWER);
        assert_int_equal(n, -1);
        assert_int_equal(store_unfold(h->store, hall_name(h, 0)), ERR_NEWER);
        assert_int_equal(store_unfold_all(h->store), ERR_NEWER);
        assert_int_equal(store_group_begin(h->store), ERR_OK);
        assert_int_equal(store_decide(h->store, hall_name(h, 0), &d),
                         ERR_NEWER);
        store_group_rollback(h->store);
        hall_reopen(h); /* what is newer stays when it comes back, too */
    }
    look(h, &after);
    assert_string_equal(buf_text(&before), buf_text(&after));
}

static void an_older_program_takes_in_and_tells_the_exact_sums(void **state)
{
    struct hall *h = *state;
    struct store *reader = NULL;
    assert_int_equal(store_open(h->dir, STORE_READ, NULL, &reader), ERR_OK);
    hall_expect(h, reader);
    upgrade(h);
    hall_expect(h, reader);
    hall_send(h, 1, 20);
    hall_expect(h, reader);
    hall_expect(h, h->store);
    assert_int_equal(hall_mark(h, 1), 0);
    assert_int_equal(raw_int(reader, "SELECT count(*) FROM fold_beyond"),
                     STALLS);
    store_close(reader);
}

/* The reader's moment is from before, the tables it finds are not. */
static void tables_made_anew_under_a_reader_are_not_taken_for_its_own(
    void **state)
{
    struct hall *h = *state;
    struct store *reader = NULL;
    struct roll_set found = { .n = 0 }, wanted = { .n = 0 };
    struct roll_taker taker = roll_set_taker(&found);
    struct device d;
    hall_read(h->store, "XUAN", &wanted);
    assert_int_equal(store_open(h->dir, STORE_READ, NULL, &reader), ERR_OK);
    assert_int_equal(store_read_begin(reader), ERR_OK);
    assert_int_equal(store_device(reader, hall_name(h, 0), &d), ERR_OK);
    hall_sql(h, "BEGIN; ALTER TABLE roll_day RENAME TO gone;"
                "CREATE TABLE roll_day (LIKE gone INCLUDING ALL);"
                "ALTER TABLE fold_mark RENAME TO gone_mark;"
                "CREATE TABLE fold_mark (LIKE gone_mark INCLUDING ALL);"
                "INSERT INTO fold_mark VALUES ('', 1000);"
                "UPDATE meta SET value = '1000' WHERE name = 'derived_version';"
                "COMMIT");
    assert_int_equal(store_rolls(reader, STR("XUAN"), &taker), ERR_OK);
    store_read_end(reader);
    roll_set_same(&found, &wanted);
    roll_set_done(&found);
    roll_set_done(&wanted);
    store_close(reader);
}

/* As programs left them that did not tell the version there. */
static void tables_that_do_not_tell_their_version_are_made_anew(void **state)
{
    struct hall *h = *state;
    hall_sql(h, "DELETE FROM fold_mark WHERE device = ''");
    hall_expect(h, h->store);
    hall_reopen(h);
    assert_int_equal(hall_mark(h, 1), 0);
    hall_fold(h);
    assert_int_equal(hall_mark(h, 1), 40);
    hall_expect(h, h->store);
}

/* Who has looked is not overtaken: the newer program waits for its end. */
static void a_newer_program_waits_for_who_is_folding(void **state)
{
    struct hall *h = *state;
    char hasty[SCRATCH_ROOM];
    struct store *other = NULL;
    assert_true(snprintf(hasty, sizeof(hasty), "%s%%20-clock_timeout%%3D30",
                         h->dir) < SCRATCH_ROOM);
    assert_int_equal(store_open(hasty, STORE_WRITE, NULL, &other), ERR_OK);
    struct engine *e = store_engine(other);
    for (int held = 1; held >= 0; held--) {
        assert_int_equal(store_group_begin(h->store), ERR_OK);
        if (held)
            assert_int_equal(store_unfold(h->store, hall_name(h, 0)), ERR_OK);
        assert_int_equal(engine_begin(e), ERR_OK);
        assert_int_equal(engine_script(e, "", "DROP TABLE fold_mark"),
                         held ? ERR_BUSY : ERR_OK);
        engine_rollback(e);
        store_group_rollback(h->store);
    }
    store_close(other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_hall, close_hall)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_older_program_folds_no_more),
        TEST(an_older_program_takes_in_and_tells_the_exact_sums),
        TEST(tables_made_anew_under_a_reader_are_not_taken_for_its_own),
        TEST(tables_that_do_not_tell_their_version_are_made_anew),
        TEST(a_newer_program_waits_for_who_is_folding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
