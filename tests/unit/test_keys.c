/*
 * test_keys.c - the aggregator's keys: made once, never replaced, carried to
 * another machine whole or not at all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "sync/aggregator/ingest/keys.h"
#include "tests/support/scratch.h"

static const char *const names[] = { "keys/signing.key", "keys/code.key",
                                     "keys/tls.key", "keys/tls.crt" };

struct rooms {
    char dir[SCRATCH_ROOM], other[SCRATCH_ROOM];
    char file[SCRATCH_ROOM + 16];
};

static int open_rooms(void **state)
{
    struct rooms *r = x_alloc(sizeof(*r));
    scratch_make(r->dir);
    scratch_make(r->other);
    snprintf(r->file, sizeof(r->file), "%s/export", r->dir);
    *state = r;
    return 0;
}

static int close_rooms(void **state)
{
    struct rooms *r = *state;
    scratch_remove(r->dir);
    scratch_remove(r->other);
    free(r);
    return 0;
}

static void take(const char *dir, const char *name)
{
    assert_int_equal(unlink(scratch_path(dir, name)), 0);
}

static void same_keys(const char *a, const char *b)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        BUF(left, MAX_TEXT);
        BUF(right, MAX_TEXT);
        scratch_read(a, names[i], &left);
        scratch_read(b, names[i], &right);
        assert_string_equal(buf_text(&left), buf_text(&right));
    }
}

static void keys_are_made_once_for_their_owner_only(void **state)
{
    struct rooms *r = *state;
    struct keys a, b;
    assert_int_equal(keys_load(r->dir, &a), ERR_NOT_SET_UP);
    assert_int_equal(keys_make(r->dir), ERR_OK);
    assert_int_equal(keys_load(r->dir, &a), ERR_OK);
    assert_int_equal(keys_make(r->dir), ERR_OK);
    assert_int_equal(keys_load(r->dir, &b), ERR_OK);
    assert_memory_equal(a.pin, b.pin, HASH_BYTES);
    assert_string_equal(a.id, b.id);
    assert_memory_equal(a.code_key, b.code_key, KEY_BYTES);
    assert_memory_not_equal(a.code_key, a.signing.secret, KEY_BYTES);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct stat st;
        assert_int_equal(stat(scratch_path(r->dir, names[i]), &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
    }
    keys_done(&a);
    keys_done(&b);
}

/* They are made in this order; whatever the last one was, the rest follows. */
static void making_may_stop_anywhere_and_begin_again(void **state)
{
    struct rooms *r = *state;
    for (size_t made = 0; made <= ARRAY_LEN(names); made++) {
        struct keys before, after;
        assert_int_equal(keys_make(r->dir), ERR_OK);
        assert_int_equal(keys_load(r->dir, &before), ERR_OK);
        for (size_t i = made; i < ARRAY_LEN(names); i++)
            take(r->dir, names[i]);
        assert_int_equal(keys_make(r->dir), ERR_OK);
        assert_int_equal(keys_load(r->dir, &after), ERR_OK);
        assert_int_equal(strcmp(before.id, after.id) == 0, made > 0);
        /* The pin is of the key: a new certificate changes nothing. */
        assert_int_equal(memcmp(before.pin, after.pin, HASH_BYTES) == 0,
                         made > 2);
        keys_done(&before);
        keys_done(&after);
    }
}

static void a_damaged_key_is_told_and_left_alone(void **state)
{
    struct rooms *r = *state;
    struct keys k;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        BUF(good, MAX_TEXT);
        BUF(bad, MAX_TEXT);
        assert_int_equal(keys_make(r->dir), ERR_OK);
        scratch_read(r->dir, names[i], &good);
        scratch_write(r->dir, names[i], STR("damaged\n"));
        assert_int_not_equal(keys_load(r->dir, &k), ERR_OK);
        (void)!keys_make(r->dir);
        scratch_read(r->dir, names[i], &bad);
        assert_string_equal(buf_text(&bad), "damaged\n");
        scratch_write(r->dir, names[i], buf_slice(&good));
        assert_int_equal(keys_load(r->dir, &k), ERR_OK);
        keys_done(&k);
    }
}

static void a_certificate_of_another_key_is_no_certificate(void **state)
{
    struct rooms *r = *state;
    struct keys k;
    BUF(theirs, MAX_TEXT);
    assert_int_equal(keys_make(r->dir), ERR_OK);
    assert_int_equal(keys_make(r->other), ERR_OK);
    scratch_read(r->other, "keys/tls.crt", &theirs);
    scratch_write(r->dir, "keys/tls.crt", buf_slice(&theirs));
    assert_int_equal(keys_load(r->dir, &k), ERR_CORRUPT);
}

/* ---- export and import --------------------------------------------------- */

static void an_export_is_all_that_another_machine_needs(void **state)
{
    struct rooms *r = *state;
    struct stat st;
    struct keys k;
    assert_int_equal(keys_export(r->dir, r->file), ERR_NOT_SET_UP);
    assert_int_equal(keys_make(r->dir), ERR_OK);
    assert_int_equal(keys_export(r->dir, r->file), ERR_OK);
    assert_int_equal(keys_export(r->dir, r->file), ERR_EXISTS);
    assert_int_equal(stat(r->file, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(keys_import(r->other, r->file), ERR_OK);
    assert_int_equal(keys_import(r->other, r->file), ERR_OK);
    same_keys(r->dir, r->other);
    assert_int_equal(keys_load(r->other, &k), ERR_OK);
    keys_done(&k);
}

static void other_keys_are_never_replaced(void **state)
{
    struct rooms *r = *state;
    struct keys before, after;
    assert_int_equal(keys_make(r->dir), ERR_OK);
    assert_int_equal(keys_export(r->dir, r->file), ERR_OK);
    assert_int_equal(keys_make(r->other), ERR_OK);
    assert_int_equal(keys_load(r->other, &before), ERR_OK);
    take(r->other, "keys/signing.key"); /* what differs is found further on */
    assert_int_equal(keys_import(r->other, r->file), ERR_EXISTS);
    assert_false(scratch_has(r->other, "keys/signing.key"));
    assert_int_equal(keys_make(r->other), ERR_OK);
    assert_int_equal(keys_load(r->other, &after), ERR_OK);
    assert_memory_equal(before.pin, after.pin, HASH_BYTES);
    keys_done(&before);
    keys_done(&after);
}

static void a_file_that_is_not_whole_leaves_nothing(void **state)
{
    struct rooms *r = *state;
    BUF(good, MAX_TEXT);
    assert_int_equal(keys_make(r->dir), ERR_OK);
    assert_int_equal(keys_export(r->dir, r->file), ERR_OK);
    scratch_read(r->dir, "export", &good);
    for (size_t n = 0; n < good.len; n += 7) {
        scratch_write(r->dir, "export", (struct str){ good.data, n });
        assert_int_equal(keys_import(r->other, r->file), ERR_INVALID);
    }
    for (size_t at = 0; at < good.len; at += 5) {
        BUF(bad, MAX_TEXT);
        buf_str(&bad, buf_slice(&good));
        bad.data[at] = '\x7f';
        scratch_write(r->dir, "export", buf_slice(&bad));
        if (keys_import(r->other, r->file) == ERR_OK)
            fail_msg("byte %zu is wrong and nobody sees it", at);
    }
    buf_putc(&good, '\n');
    scratch_write(r->dir, "export", buf_slice(&good));
    assert_int_equal(keys_import(r->other, r->file), ERR_INVALID);
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        assert_false(scratch_has(r->other, names[i]));
    assert_int_equal(keys_import(r->other, "/nonexistent/file"), ERR_NOT_FOUND);
}

#define ROOMS(test) \
    cmocka_unit_test_setup_teardown(test, open_rooms, close_rooms)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOMS(keys_are_made_once_for_their_owner_only),
        ROOMS(making_may_stop_anywhere_and_begin_again),
        ROOMS(a_damaged_key_is_told_and_left_alone),
        ROOMS(a_certificate_of_another_key_is_no_certificate),
        ROOMS(an_export_is_all_that_another_machine_needs),
        ROOMS(other_keys_are_never_replaced),
        ROOMS(a_file_that_is_not_whole_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
