/*
 * test_check_restore.c - a restore is whole or has not happened: of files.
 */
#include <sys/stat.h>

#include "fair/env.h"
#include "tests/unit/check_hall.h"

static void back_up(struct hall *h, const char *name)
{
    assert_int_equal(store_backup(h->store, scratch_path(h->dir, name)),
                     ERR_OK);
}

static enum err restore(struct hall *h, const char *name)
{
    BUF(why, MAX_TEXT);
    store_close(h->store);
    h->store = NULL;
    const struct restoring r = { h->dir, scratch_path(h->dir, name), our_key(h),
                                 NULL };
    enum err e = check_restore(&r, &why);
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        assert_true(why.len > 0);
    return e;
}

static int64_t held_events(struct hall *h)
{
    struct device d;
    assert_int_equal(store_device(h->store, str_of(h->stall.device), &d),
                     ERR_OK);
    return d.count;
}

static void a_backup_takes_the_place_of_the_database(void **state)
{
    struct hall *h = *state;
    struct store *before = NULL;
    struct device d;
    back_up(h, "monday.db");
    send(h, 7);
    assert_int_equal(restore(h, "monday.db"), ERR_OK);
    open_store(h);
    assert_int_equal(held_events(h), 40);
    h->sent = 40;
    expect_sound(h);
    assert_int_equal(
        store_open_file(scratch_path(h->dir, "aggregator.db.before-restore"),
                        STORE_WRITE, NULL, &before),
        ERR_OK);
    assert_int_equal(store_device(before, str_of(h->stall.device), &d), ERR_OK);
    assert_int_equal(d.count, 47);
    store_close(before);
    assert_false(scratch_has(h->dir, "aggregator.db.restore"));
    assert_true(scratch_has(h->dir, "monday.db"));
}

static void the_log_is_moved_into_the_database_that_goes(void **state)
{
    struct hall *h = *state;
    struct store *reader = NULL, *before = NULL;
    struct device d;
    back_up(h, "monday.db");
    send(h, 7);
    assert_int_equal(store_open(h->dir, STORE_READ, NULL, &reader), ERR_OK);
    assert_int_equal(store_device(reader, str_of(h->stall.device), &d), ERR_OK);
    store_close(h->store); /* not the last one: the log stays */
    h->store = NULL;
    store_close(reader);
    assert_true(scratch_has(h->dir, STORE_FILE "-wal"));
    assert_int_equal(restore(h, "monday.db"), ERR_OK);
    assert_false(scratch_has(h->dir, "aggregator.db.before-restore-wal"));
    const char *path = scratch_path(h->dir, "aggregator.db.before-restore");
    assert_int_equal(store_open_file(path, STORE_READ, NULL, &before), ERR_OK);
    assert_int_equal(store_device(before, str_of(h->stall.device), &d), ERR_OK);
    assert_int_equal(d.count, 47);
    store_close(before);
    open_store(h);
}

static void sums_of_a_backup_are_made_anew(void **state)
{
    struct hall *h = *state;
    raw_exec(h->store, "UPDATE roll_sale SET revenue_vnd = 1");
    back_up(h, "monday.db");
    assert_int_equal(restore(h, "monday.db"), ERR_OK);
    open_store(h);
    expect_sound(h);
}

static void a_restore_can_be_repeated(void **state)
{
    struct hall *h = *state;
    back_up(h, "monday.db");
    for (int i = 0; i < 3; i++) {
        scratch_write(h->dir, "aggregator.db.restore", STR("left over"));
        scratch_write(h->dir, "aggregator.db.restore-wal", STR("left over"));
        assert_int_equal(restore(h, "monday.db"), ERR_OK);
        open_store(h);
        expect_sound(h);
    }
}

static void a_restore_needs_no_database_to_replace(void **state)
{
    struct hall *h = *state;
    back_up(h, "monday.db");
    store_close(h->store);
    h->store = NULL;
    assert_int_equal(remove(scratch_path(h->dir, STORE_FILE)), 0);
    assert_int_equal(restore(h, "monday.db"), ERR_OK);
    assert_false(scratch_has(h->dir, "aggregator.db.before-restore"));
    open_store(h);
    expect_sound(h);
}

static void a_damaged_database_is_replaced_and_kept_with_its_log(void **state)
{
    struct hall *h = *state;
    BUF(kept, MAX_TEXT);
    back_up(h, "monday.db");
    store_close(h->store);
    h->store = NULL;
    scratch_write(h->dir, STORE_FILE, STR("what the disk has left of it"));
    scratch_write(h->dir, STORE_FILE "-wal", STR("and of its log"));
    assert_int_equal(restore(h, "monday.db"), ERR_OK);
    assert_false(scratch_has(h->dir, STORE_FILE "-wal"));
    scratch_read(h->dir, "aggregator.db.before-restore", &kept);
    scratch_read(h->dir, "aggregator.db.before-restore-wal", &kept);
    assert_string_equal(buf_text(&kept),
                        "what the disk has left of itand of its log");
    open_store(h);
    expect_sound(h);
}

static void expect_refused(struct hall *h, const char *name, enum err error)
{
    send(h, 1);
    assert_string_equal(err_code(restore(h, name)), err_code(error));
    assert_false(scratch_has(h->dir, "aggregator.db.before-restore"));
    assert_false(scratch_has(h->dir, "aggregator.db.restore"));
    assert_false(scratch_has(h->dir, "aggregator.db.restore-wal"));
    open_store(h);
    expect_sound(h);
}

static void what_is_no_sound_backup_of_ours_changes_nothing(void **state)
{
    static const struct {
        const char *damage;
        enum err error;
    } cases[] = {
        { "UPDATE segment SET bytes = replace(bytes, 'AB3DE', 'AB3DF')",
          ERR_CORRUPT },
        { "DELETE FROM segment WHERE first = 11", ERR_CORRUPT },
        { "DELETE FROM segment WHERE first = 31", ERR_CORRUPT },
        { "UPDATE device SET head = zeroblob(32)", ERR_CORRUPT },
        { "UPDATE device SET admission = '{}'", ERR_ADMISSION },
        { "UPDATE device SET public_key = zeroblob(32)", ERR_ADMISSION },
        { "PRAGMA application_id = 7", ERR_CORRUPT },
        { "PRAGMA user_version = 99", ERR_NEWER },
    };
    struct hall *h = *state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char name[32];
        sqlite3 *file = NULL;
        snprintf(name, sizeof(name), "bad%d.db", (int)i);
        back_up(h, name);
        const char *path = scratch_path(h->dir, name);
        assert_int_equal(sqlite3_open(path, &file), SQLITE_OK);
        assert_int_equal(sqlite3_exec(file, cases[i].damage, NULL, NULL, NULL),
                         SQLITE_OK);
        assert_int_equal(sqlite3_close(file), SQLITE_OK);
        expect_refused(h, name, cases[i].error);
    }
    scratch_write(h->dir, "noise.db", STR("this was never a database"));
    expect_refused(h, "noise.db", ERR_CORRUPT);
    expect_refused(h, "nothing.db", ERR_NOT_FOUND);
}

static int64_t hardly_any(void *ctx, const char *path)
{
    (void)ctx;
    (void)path;
    return 4096;
}

/* A device never ends, nobody writes into a pipe, and a file that does not fit
 * would take the rest of the room away from what is served. */
static void what_cannot_be_a_backup_is_not_copied(void **state)
{
    struct hall *h = *state;
    struct env tight = env_system();
    assert_int_equal(mkfifo(scratch_path(h->dir, "pipe.db"), 0600), 0);
    expect_refused(h, "pipe.db", ERR_CORRUPT);
    assert_int_equal(mkdir(scratch_path(h->dir, "folder.db"), 0700), 0);
    expect_refused(h, "folder.db", ERR_CORRUPT);
    scratch_write(h->dir, "empty.db", STR(""));
    expect_refused(h, "empty.db", ERR_CORRUPT);
    back_up(h, "large.db");
    tight.disk_free = hardly_any;
    env_use(&tight);
    expect_refused(h, "large.db", ERR_FULL);
    tight = env_system();
    env_use(&tight);
}

static void a_torn_page_of_a_backup_is_noticed(void **state)
{
    struct hall *h = *state;
    BUF(bytes, MAX_OUTPUT);
    back_up(h, "torn.db");
    scratch_read(h->dir, "torn.db", &bytes);
    memset(bytes.data + bytes.len / 2, 0, 4096);
    scratch_write(h->dir, "torn.db", buf_slice(&bytes));
    expect_refused(h, "torn.db", ERR_CORRUPT);
}

static void a_backup_of_another_aggregator_is_refused(void **state)
{
    struct hall *h = *state;
    uint8_t other[KEY_BYTES] = { 1 };
    BUF(why, MAX_TEXT);
    back_up(h, "theirs.db");
    const struct restoring r = { h->dir, scratch_path(h->dir, "theirs.db"),
                                 other, NULL };
    assert_int_equal(check_restore(&r, &why), ERR_ADMISSION);
    expect_sound(h);
}

static void a_database_in_use_is_no_backup(void **state)
{
    struct hall *h = *state;
    back_up(h, "live.db");
    scratch_write(h->dir, "live.db-wal", STR(""));
    expect_refused(h, "live.db", ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        HALL(a_backup_takes_the_place_of_the_database),
        HALL(the_log_is_moved_into_the_database_that_goes),
        HALL(sums_of_a_backup_are_made_anew),
        HALL(a_restore_can_be_repeated),
        HALL(a_restore_needs_no_database_to_replace),
        HALL(a_damaged_database_is_replaced_and_kept_with_its_log),
        HALL(what_is_no_sound_backup_of_ours_changes_nothing),
        HALL(what_cannot_be_a_backup_is_not_copied),
        HALL(a_torn_page_of_a_backup_is_noticed),
        HALL(a_backup_of_another_aggregator_is_refused),
        HALL(a_database_in_use_is_no_backup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
