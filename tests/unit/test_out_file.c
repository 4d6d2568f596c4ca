/*
 * test_out_file.c - a result appears whole under the name that was typed, and
 * never in the place of what a program keeps for itself, nor of a device.
 */
#include "fair/out_file.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"
#include "tests/support/scratch.h"

static char dir[SCRATCH_ROOM];

static int set_up(void **state)
{
    (void)state;
    scratch_make(dir);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    scratch_remove(dir);
    return 0;
}

static enum err put(const char *name, const char *text)
{
    return out_file_put(scratch_path(dir, name), str_of(text));
}

static void content_is(const char *name, const char *text)
{
    BUF(b, MAX_TEXT);
    scratch_read(dir, name, &b);
    assert_string_equal(buf_text(&b), text);
}

static void folder(const char *name)
{
    assert_int_equal(mkdir(scratch_path(dir, name), 0700), 0);
}

static int mode_of(const char *name)
{
    struct stat st;
    assert_int_equal(lstat(scratch_path(dir, name), &st), 0);
    return (int)st.st_mode;
}

static void a_result_replaces_what_had_its_name(void **state)
{
    (void)state;
    assert_int_equal(put("days.csv", "yesterday, and longer"), ERR_OK);
    assert_int_equal(put("days.csv", "today"), ERR_OK);
    content_is("days.csv", "today");
}

static void a_name_may_be_as_long_as_the_disk_takes(void **state)
{
    char name[256] = { 0 };
    (void)state;
    memset(name, 'n', 255);
    assert_int_equal(put(name, "x"), ERR_OK);
    content_is(name, "x");
}

static void a_name_alone_lies_in_this_directory(void **state)
{
    char before[SCRATCH_ROOM];
    (void)state;
    assert_non_null(getcwd(before, sizeof(before)));
    assert_int_equal(chdir(dir), 0);
    enum err e = out_file_put("days.csv", STR("here"));
    assert_int_equal(chdir(before), 0);
    assert_int_equal(e, ERR_OK);
    content_is("days.csv", "here");
}

static void what_is_not_settled_leaves_nothing(void **state)
{
    struct out_file *f = NULL;
    (void)state;
    assert_int_equal(put("days.csv", "whole"), ERR_OK);
    assert_int_equal(out_file_open(scratch_path(dir, "days.csv"), &f), ERR_OK);
    assert_int_equal(out_file_write(f, STR("ha")), ERR_OK);
    out_file_close(f);
    content_is("days.csv", "whole");
    assert_int_equal(unlink(scratch_path(dir, "days.csv")), 0);
    assert_int_equal(rmdir(dir), 0); /* it is empty */
    assert_int_equal(mkdir(dir, 0700), 0);
}

static void where_a_program_has_its_key_nothing_is_named(void **state)
{
    static const char *const keys[] = { "device.key", "signing.key" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        scratch_write(dir, keys[i], STR("own"));
        assert_int_equal(put(keys[i], "report"), ERR_OWN_FILES);
        assert_int_equal(put("new", "report"), ERR_OWN_FILES);
        assert_false(scratch_has(dir, "new"));
        content_is(keys[i], "own");
        assert_int_equal(unlink(scratch_path(dir, keys[i])), 0);
    }
    assert_int_equal(put("new", "report"), ERR_OK);
}

static void a_copy_is_kept_and_what_lies_beside_it_is_free(void **state)
{
    static const char *const copies[] = {
        "ledger.db",     "sync.db",        "aggregator.db",        "admission",
        "fair-pos.conf", "fair-sync.conf", "fair-aggregator.conf",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(copies); i++) {
        BUF(log, MAX_TEXT);
        buf_printf(&log, "%s-wal", copies[i]);
        scratch_write(dir, copies[i], STR("own"));
        assert_int_equal(put(copies[i], "report"), ERR_OWN_FILES);
        assert_int_equal(put(buf_text(&log), "report"), ERR_OWN_FILES);
        assert_int_equal(put("days.csv", "report"), ERR_OK);
        content_is(copies[i], "own");
        assert_int_equal(unlink(scratch_path(dir, copies[i])), 0);
    }
    folder("admission"); /* what people call their own */
    assert_int_equal(put("admission.csv", "tickets"), ERR_OK);
    assert_int_equal(put("admission/days.csv", "tickets"), ERR_OK);
}

static void nor_is_what_lies_below_it_but_backups(void **state)
{
    (void)state;
    folder("keys");
    folder("backups");
    scratch_write(dir, "keys/signing.key", STR("own"));
    assert_int_equal(put("keys/tls.key", "report"), ERR_OWN_FILES);
    assert_int_equal(put("aggregator.db", "report"), ERR_OWN_FILES);
    folder("spool");
    assert_int_equal(put("spool/000001.job", "report"), ERR_OWN_FILES);
    assert_int_equal(put("backups/days.csv", "report"), ERR_OK);
    content_is("backups/days.csv", "report");
}

static void a_link_is_followed_before_it_is_judged(void **state)
{
    (void)state;
    folder("till");
    scratch_write(dir, "till/device.key", STR("key"));
    scratch_write(dir, "till/ledger.db", STR("sales"));
    assert_int_equal(symlink("till/ledger.db", scratch_path(dir, "out")), 0);
    assert_int_equal(put("out", "report"), ERR_OWN_FILES);
    content_is("till/ledger.db", "sales");
    assert_int_equal(symlink("till", scratch_path(dir, "way")), 0);
    assert_int_equal(put("way/new", "report"), ERR_OWN_FILES);
    assert_int_equal(put("till/../till/new", "report"), ERR_OWN_FILES);
}

static void a_key_behind_a_link_is_one(void **state)
{
    (void)state;
    folder("till");
    scratch_write(dir, "secret", STR("key"));
    assert_int_equal(symlink("../secret", scratch_path(dir, "till/device.key")),
                     0);
    assert_int_equal(put("till/reserve", "report"), ERR_OWN_FILES);
}

static void a_link_to_a_plain_file_stays_one(void **state)
{
    (void)state;
    scratch_write(dir, "real", STR("old"));
    assert_int_equal(symlink("real", scratch_path(dir, "out")), 0);
    assert_int_equal(put("out", "new"), ERR_OK);
    content_is("real", "new");
    assert_true(S_ISLNK(mode_of("out")));
}

static void a_pipe_is_written_to_and_stays_one(void **state)
{
    char got[8] = { 0 };
    (void)state;
    assert_int_equal(mkfifo(scratch_path(dir, "pipe"), 0600), 0);
    int fd = open(scratch_path(dir, "pipe"), O_RDWR);
    assert_true(fd >= 0);
    assert_int_equal(put("pipe", "page"), ERR_OK);
    assert_int_equal(read(fd, got, sizeof(got)), 4);
    assert_string_equal(got, "page");
    close(fd);
    assert_true(S_ISFIFO(mode_of("pipe")));
}

static void a_directory_is_refused(void **state)
{
    (void)state;
    folder("there");
    assert_int_equal(put("there", "report"), ERR_INVALID);
    assert_int_equal(put("no/such", "report"), ERR_NOT_FOUND);
    assert_int_equal(out_file_put("", STR("report")), ERR_INVALID);
}

/* What a crashed process of our number left, or somebody put there to make us
 * write where it leads. */
static void what_lies_where_we_write_first_is_not_written_through(void **state)
{
    BUF(temp, MAX_TEXT);
    (void)state;
    scratch_write(dir, "victim", STR("untouched"));
    buf_printf(&temp, ".fair.%ld.new", (long)getpid());
    assert_int_equal(symlink("victim", scratch_path(dir, buf_text(&temp))), 0);
    assert_int_equal(put("out", "report"), ERR_OK);
    content_is("victim", "untouched");
    content_is("out", "report");
    assert_true(S_ISREG(mode_of("out")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_result_replaces_what_had_its_name),
        TEST(a_name_may_be_as_long_as_the_disk_takes),
        TEST(a_name_alone_lies_in_this_directory),
        TEST(what_is_not_settled_leaves_nothing),
        TEST(where_a_program_has_its_key_nothing_is_named),
        TEST(a_copy_is_kept_and_what_lies_beside_it_is_free),
        TEST(nor_is_what_lies_below_it_but_backups),
        TEST(a_link_is_followed_before_it_is_judged),
        TEST(a_key_behind_a_link_is_one),
        TEST(a_link_to_a_plain_file_stays_one),
        TEST(a_pipe_is_written_to_and_stays_one),
        TEST(a_directory_is_refused),
        TEST(what_lies_where_we_write_first_is_not_written_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
