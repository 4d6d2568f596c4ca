/*
 * test_ledger_open.c - a ledger is opened when it is ours and sound, refused
 * by name otherwise; verify tells what is wrong with it; a full disk lets a
 * day be ended.
 */
#include "fair/ledger.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "fair/chain.h"
#include "fair/env.h"
#include "tests/support/scratch.h"
#include "tests/support/till.h"
#include "tests/support/vfs_fault.h"

static char dir[SCRATCH_ROOM];
static int64_t seq;
static int64_t disk_bytes; /* free, as far as the environment says */

static int64_t disk_free(void *ctx, const char *path)
{
    (void)ctx;
    (void)path;
    return disk_bytes;
}

static int set_up(void **state)
{
    (void)state;
    disk_bytes = INT64_C(1) << 40;
    vfs_fault_clear();
    scratch_make(dir);
    till_enrol(dir, 1, 2);
    seq = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    vfs_fault_clear();
    scratch_remove(dir);
    return 0;
}

/* Opens and closes; the error, which must say `says`. */
static enum err try_open(enum ledger_mode mode, const char *says)
{
    struct ledger *l = NULL;
    BUF(why, MAX_TEXT);
    enum err e = ledger_open(dir, mode, "test", &why, &l);
    if (!strstr(buf_text(&why), says))
        fail_msg("\"%s\" is not in: %s", says, buf_text(&why));
    assert_true((e == ERR_OK) == (l != NULL));
    ledger_close(l);
    return e;
}

static void sell_some(int n)
{
    struct ledger *l = till_ledger_open(dir, LEDGER_WRITE);
    for (int i = 0; i < n; i++) {
        char basket[16];
        snprintf(basket, sizeof(basket), "b-%d", i);
        assert_int_equal(till_sell(l, basket, 1000 + i, NULL, &seq), ERR_OK);
    }
    ledger_close(l);
}

/* What somebody with the sqlite3 program can do. */
static void meddle(const char *text)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(scratch_path(dir, "ledger.db"), &db),
                     SQLITE_OK);
    char *message = NULL;
    sqlite3_exec(db,
                 "DROP TRIGGER event_follows; DROP TRIGGER event_stays;"
                 "DROP TRIGGER event_is_final",
                 NULL, NULL, NULL);
    if (sqlite3_exec(db, text, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", message, text);
    sqlite3_close(db);
}

/* ---- the first start ---- */

static void the_first_start_records_the_admission(void **state)
{
    (void)state;
    struct ledger *l = till_ledger_open(dir, LEDGER_WRITE);
    const struct ledger_state *s = ledger_state(l);
    char device[DEVICE_LEN + 1];
    device_id(s->key.public_key, device);
    assert_string_equal(s->device, device);
    assert_int_equal(s->count, 1);
    assert_true(str_is(s->admission.fair, "XUAN-2020"));
    assert_true(str_is(s->admission.booth, "A1"));
    struct stored stored;
    struct event e;
    assert_int_equal(ledger_get(l, 1, &stored), ERR_OK);
    assert_int_equal(event_decode(stored.bytes, &e), ERR_OK);
    assert_int_equal(e.kind, EV_ENROLLED);
    BUF(admission, MAX_TEXT);
    scratch_read(dir, "admission", &admission);
    size_t line = strcspn(buf_text(&admission), "\n");
    BUF(expected, MAX_TEXT);
    buf_printf(&expected, "{\"admission\":%.*s,\"signature\":\"%.128s\"}",
               (int)line, buf_text(&admission),
               buf_text(&admission) + line + 1);
    assert_true(str_eq(e.body, buf_slice(&expected)));
    ledger_close(l);
    for (int i = 0; i < 2; i++) {
        l = till_ledger_open(dir, LEDGER_WRITE);
        assert_int_equal(ledger_state(l)->count, 1);
        ledger_close(l);
    }
    till_verify(dir);
}

static void before_the_first_start_a_reader_sees_no_event(void **state)
{
    (void)state;
    struct ledger *l = till_ledger_open(dir, LEDGER_READ);
    uint8_t head[HASH_BYTES];
    chain_start(ledger_state(l)->key.public_key, head);
    assert_int_equal(ledger_state(l)->count, 0);
    assert_memory_equal(ledger_state(l)->head, head, HASH_BYTES);
    struct stored s;
    struct verifier v;
    assert_int_equal(ledger_get(l, 1, &s), ERR_NOT_FOUND);
    assert_int_equal(ledger_each(l, 1, 9, NULL, NULL), ERR_OK);
    assert_int_equal(ledger_each(l, -1, 0, NULL, NULL), ERR_OK);
    assert_int_equal(ledger_draft_each(l, NULL, NULL), ERR_OK);
    assert_int_equal(ledger_find_basket(l, STR("a"), &seq), ERR_NOT_FOUND);
    assert_int_equal(ledger_verify(l, -1, NULL, &v), ERR_OK);
    assert_true(v.error == ERR_OK && v.events == 0);
    verifier_done(&v);
    ledger_close(l);
    assert_false(scratch_has(dir, "ledger.db"));
}

/* Fails in turn at every call that touches the disk. */
static void a_first_start_that_fails_is_finished_by_the_next(void **state)
{
    (void)state;
    int64_t at = 0;
    bool failed = true;
    while (failed) {
        scratch_remove(dir);
        assert_int_equal(mkdir(dir, 0700), 0);
        till_enrol(dir, 1, 2);
        struct ledger *l = NULL;
        vfs_fault_clear();
        vfs_fault.ops = FAULT_ALL;
        vfs_fault.persistent = at % 2 == 1;
        vfs_fault.at = ++at;
        enum err e = ledger_open(dir, LEDGER_WRITE, "test", NULL, &l);
        failed = vfs_fault.hits > 0;
        assert_true(failed || e == ERR_OK);
        vfs_fault_clear();
        ledger_close(l);
        l = till_ledger_open(dir, LEDGER_READ);
        assert_true(ledger_state(l)->count <= 1);
        ledger_close(l);
        l = till_ledger_open(dir, LEDGER_WRITE);
        assert_int_equal(ledger_state(l)->count, 1);
        assert_int_equal(till_sell(l, "a", 1000, NULL, &seq), ERR_OK);
        ledger_close(l);
        till_verify(dir);
    }
    assert_true(at > 20);
}

/* ---- refusals ---- */

static void a_directory_that_never_enrolled_is_not_set_up(void **state)
{
    (void)state;
    assert_int_equal(unlink(scratch_path(dir, "admission")), 0);
    assert_int_equal(try_open(LEDGER_WRITE, "admission"), ERR_NOT_SET_UP);
    assert_int_equal(try_open(LEDGER_READ, "admission"), ERR_NOT_SET_UP);
    assert_int_equal(unlink(scratch_path(dir, "device.key")), 0);
    assert_int_equal(try_open(LEDGER_WRITE, "device.key"), ERR_NOT_SET_UP);
    assert_int_equal(try_open(LEDGER_CHECK, "device.key"), ERR_NOT_SET_UP);
    assert_false(scratch_has(dir, "lock.pos"));
    assert_false(scratch_has(dir, "ledger.db"));
}

static void another_devices_admission_is_refused(void **state)
{
    (void)state;
    char other[SCRATCH_ROOM];
    scratch_make(other);
    till_enrol(other, 7, 2);
    assert_int_equal(unlink(scratch_path(dir, "admission")), 0);
    assert_int_equal(rename(scratch_path(other, "admission"),
                            scratch_path(dir, "admission")),
                     0);
    assert_int_equal(try_open(LEDGER_WRITE, "admission"), ERR_ADMISSION);
    assert_false(scratch_has(dir, "ledger.db"));
    scratch_remove(other);
}

static void another_tills_ledger_is_refused(void **state)
{
    (void)state;
    char mine[SCRATCH_ROOM], other[SCRATCH_ROOM];
    sell_some(2);
    memcpy(mine, dir, sizeof(mine));
    scratch_make(other);
    till_enrol(other, 7, 2);
    memcpy(dir, other, sizeof(dir));
    sell_some(2);
    assert_int_equal(
        rename(scratch_path(mine, "ledger.db"), scratch_path(dir, "ledger.db")),
        0);
    assert_int_equal(try_open(LEDGER_WRITE, "another admission"),
                     ERR_ADMISSION);
    assert_int_equal(try_open(LEDGER_READ, "another admission"), ERR_ADMISSION);
    scratch_remove(mine);
}

static int64_t impatient_ms(void *ctx)
{
    int64_t *ms = ctx;
    return *ms += 4000;
}

static void no_wait(void *ctx, int64_t ms)
{
    (void)ctx;
    (void)ms;
}

static void a_second_writer_hears_who_is_first(void **state)
{
    (void)state;
    struct ledger *first = NULL;
    assert_int_equal(
        ledger_open(dir, LEDGER_WRITE, "fair-pos sell", NULL, &first), ERR_OK);
    struct env before = *env_get(), env = before;
    int64_t ms = 0;
    env.ctx = &ms;
    env.mono_ms = impatient_ms;
    env.wait_ms = no_wait;
    env_use(&env);
    assert_int_equal(try_open(LEDGER_WRITE, "fair-pos sell, process"),
                     ERR_LOCKED);
    assert_true(ms > 10000);
    ms = 0;
    assert_int_equal(try_open(LEDGER_READ, ""), ERR_OK);
    assert_int_equal(ms, 0); /* a reader asks for no lock */
    env_use(&before);
    ledger_close(first);
    assert_int_equal(try_open(LEDGER_WRITE, ""), ERR_OK);
}

static void a_ledger_that_lost_its_events_is_not_begun_anew(void **state)
{
    (void)state;
    sell_some(1);
    assert_int_equal(unlink(scratch_path(dir, "ledger.db")), 0);
    assert_int_equal(try_open(LEDGER_WRITE, "lost"), ERR_CORRUPT);
    assert_int_equal(try_open(LEDGER_READ, "lost"), ERR_CORRUPT);
    assert_int_equal(try_open(LEDGER_CHECK, ""), ERR_OK);
}

static void a_newer_ledger_is_refused(void **state)
{
    (void)state;
    sell_some(1);
    meddle("PRAGMA user_version = 2");
    assert_int_equal(try_open(LEDGER_WRITE, "newer"), ERR_NEWER);
    assert_int_equal(try_open(LEDGER_READ, "newer"), ERR_NEWER);
}

static void a_disk_that_is_read_only_is_called_so(void **state)
{
    (void)state;
    sell_some(1);
    vfs_fault.ops = FAULT_OPEN;
    vfs_fault.number = EROFS;
    vfs_fault.at = 1;
    assert_int_equal(try_open(LEDGER_WRITE, "ledger.db"), ERR_READ_ONLY);
}

/* ---- damage ---- */

static void damage_near_the_end_is_seen_at_the_start(void **state)
{
    (void)state;
    static const char *const damages[] = {
        "UPDATE event SET bytes = CAST(replace(CAST(bytes AS TEXT), '1009',"
        " '1010') AS BLOB) WHERE seq = 11",
        "UPDATE event SET hash = zeroblob(32) WHERE seq = 11",
        "UPDATE event SET hash = zeroblob(32) WHERE seq = 6",
        "DELETE FROM event WHERE seq = 8",
        "UPDATE event SET seq = 12 WHERE seq = 11",
        "UPDATE event SET bytes = x'7b7d' WHERE seq = 11",
        "DELETE FROM event WHERE seq = 1",
        "UPDATE event SET bytes = x'7b7d' WHERE seq = 1",
        "UPDATE event SET hash = zeroblob(32) WHERE seq = 1",
        "DROP TABLE event",
        "PRAGMA ignore_check_constraints = ON;"
        "UPDATE event SET bytes = zeroblob(2000000) WHERE seq = 11",
        "PRAGMA ignore_check_constraints = ON;"
        "UPDATE event SET bytes = zeroblob(2000000) WHERE seq = 1",
        "DROP TABLE event;"
        "CREATE TABLE event (seq INTEGER PRIMARY KEY, bytes, hash);"
        "INSERT INTO event VALUES (1, NULL, NULL), (2, 'abc', 4.5)",
    };
    for (size_t i = 0; i < ARRAY_LEN(damages); i++) {
        scratch_remove(dir);
        assert_int_equal(mkdir(dir, 0700), 0);
        till_enrol(dir, 1, 2);
        sell_some(10);
        meddle(damages[i]);
        if (try_open(LEDGER_WRITE, "") != ERR_CORRUPT ||
            try_open(LEDGER_READ, "") != ERR_CORRUPT)
            fail_msg("not seen: %s", damages[i]);
        assert_int_equal(try_open(LEDGER_CHECK, ""), ERR_OK);
    }
}

static void verify_says(int64_t count, const uint8_t *head, enum err error,
                        int64_t first_bad)
{
    struct verifier v;
    struct ledger *l = till_ledger_open(dir, LEDGER_CHECK);
    assert_int_equal(ledger_verify(l, count, head, &v), ERR_OK);
    if (v.error != error || v.first_bad != first_bad)
        fail_msg("%s at %lld instead of %s at %lld", err_code(v.error),
                 (long long)v.first_bad, err_code(error), (long long)first_bad);
    verifier_done(&v);
    ledger_close(l);
}

static void verify_names_the_first_bad_event(void **state)
{
    (void)state;
    static const struct {
        const char *damage;
        enum err error;
        int64_t first_bad;
    } table[] = {
        { "SELECT 1", ERR_OK, 0 },
        { "UPDATE event SET bytes = CAST(replace(CAST(bytes AS TEXT), '1003',"
          " '1004') AS BLOB) WHERE seq = 5",
          ERR_CHAIN, 5 },
        { "UPDATE event SET hash = zeroblob(32) WHERE seq = 9", ERR_CHAIN, 9 },
        { "UPDATE event SET bytes = CAST(bytes || ' ' AS BLOB) WHERE seq = 11",
          ERR_CANONICAL, 11 },
        { "DELETE FROM event WHERE seq = 4", ERR_SEQUENCE, 4 },
        { "DELETE FROM event WHERE seq = 1", ERR_SEQUENCE, 1 },
        { "INSERT INTO event VALUES (-1, x'7b7d', zeroblob(32))", ERR_FORM, 1 },
        { "UPDATE event SET seq = 99 WHERE seq = 6;"
          "UPDATE event SET seq = 6 WHERE seq = 7;"
          "UPDATE event SET seq = 7 WHERE seq = 99",
          ERR_SEQUENCE, 6 },
        { "DROP TABLE event", ERR_CORRUPT, 1 },
        { "PRAGMA ignore_check_constraints = ON;"
          "UPDATE event SET bytes = zeroblob(2000000) WHERE seq = 7",
          ERR_CORRUPT, 7 },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        scratch_remove(dir);
        assert_int_equal(mkdir(dir, 0700), 0);
        till_enrol(dir, 1, 2);
        sell_some(10);
        meddle(table[i].damage);
        verify_says(-1, NULL, table[i].error, table[i].first_bad);
    }
}

static void verify_holds_the_ledger_against_a_witness(void **state)
{
    (void)state;
    uint8_t head[HASH_BYTES], wrong[HASH_BYTES] = { 1 };
    struct stored s;
    sell_some(10);
    struct ledger *l = till_ledger_open(dir, LEDGER_READ);
    assert_int_equal(ledger_get(l, 6, &s), ERR_OK);
    memcpy(head, s.hash, HASH_BYTES);
    ledger_close(l);
    verify_says(6, head, ERR_OK, 0);
    verify_says(6, wrong, ERR_REWRITTEN, 6);
    verify_says(0, wrong, ERR_OK, 0);
    verify_says(12, head, ERR_TRUNCATED, 12);
    meddle("DELETE FROM event WHERE seq > 4");
    verify_says(-1, NULL, ERR_OK, 0);
    verify_says(6, head, ERR_TRUNCATED, 5);
}

static void a_file_that_cannot_be_read_is_damage_at_its_number(void **state)
{
    (void)state;
    sell_some(200);
    BUF(file, MAX_CSV);
    scratch_read(dir, "ledger.db", &file);
    /* A page in the middle, and the first of all. */
    memset(file.data + file.len / 2 / 4096 * 4096, 0xff, 4096);
    scratch_write(dir, "ledger.db", buf_slice(&file));
    struct verifier v;
    struct ledger *l = till_ledger_open(dir, LEDGER_CHECK);
    assert_int_equal(ledger_verify(l, -1, NULL, &v), ERR_OK);
    assert_int_equal(v.error, ERR_CORRUPT);
    assert_true(v.first_bad > 20 && v.first_bad < 180);
    verifier_done(&v);
    ledger_close(l);
    memset(file.data, 0xff, 4096);
    scratch_write(dir, "ledger.db", buf_slice(&file));
    assert_int_equal(try_open(LEDGER_WRITE, "ledger.db"), ERR_CORRUPT);
    verify_says(-1, NULL, ERR_CORRUPT, 1);
}

/* Reading masks what a writer refuses: where a cell of the last page lies. */
static void a_file_out_of_order_is_damage_behind_its_sound_events(void **state)
{
    enum { LEAF = 0x0d, FIRST_CELL = 8, BEYOND = 0x40 };
    (void)state;
    sell_some(200);
    verify_says(-1, NULL, ERR_OK, 0);
    BUF(file, MAX_CSV);
    scratch_read(dir, "ledger.db", &file);
    char *page = file.data + file.len - 4096;
    assert_int_equal(page[0], LEAF);
    page[FIRST_CELL] |= BEYOND;
    scratch_write(dir, "ledger.db", buf_slice(&file));
    assert_int_equal(try_open(LEDGER_WRITE, "malformed"), ERR_CORRUPT);
    verify_says(-1, NULL, ERR_CORRUPT, seq + 1);
}

static void a_disk_that_cannot_be_read_is_told_from_damage(void **state)
{
    (void)state;
    sell_some(200);
    struct verifier v;
    struct ledger *l = till_ledger_open(dir, LEDGER_READ);
    vfs_fault.ops = FAULT_READ;
    vfs_fault.at = 2;
    vfs_fault.persistent = true;
    assert_int_equal(ledger_verify(l, -1, NULL, &v), ERR_IO);
    assert_int_equal(v.error, ERR_CORRUPT);
    assert_true(v.first_bad >= 1);
    verifier_done(&v);
    ledger_close(l);
}

static void a_disk_that_fails_at_the_start_is_never_called_damage(void **state)
{
    (void)state;
    sell_some(200);
    int failed = 0;
    for (int n = 1; n < 40; n++) {
        struct ledger *l = NULL;
        vfs_fault_clear();
        vfs_fault.ops = FAULT_READ | FAULT_GROW;
        vfs_fault.at = n;
        vfs_fault.persistent = true;
        enum err e = ledger_open(dir, LEDGER_READ, "test", NULL, &l);
        failed += e != ERR_OK;
        if (e == ERR_CORRUPT)
            fail_msg("call %d failed: damage", n);
        ledger_close(l);
    }
    assert_true(failed > 2);
}

/* ---- room ---- */

static void only_the_end_of_the_day_uses_the_last_room(void **state)
{
    (void)state;
    struct ledger *l = till_ledger_open(dir, LEDGER_WRITE);
    union body closed = { .shift_closed = { 0, 0, 1, STR("") } };
    union body note = { .note = { STR("hết chỗ"), STR("disk") } };
    disk_bytes = LEDGER_RESERVE - 1;
    assert_int_equal(till_sell(l, "a", 1000, NULL, &seq), ERR_FULL);
    assert_non_null(strstr(ledger_errmsg(l), "room"));
    assert_int_equal(till_ledger_append(l, EV_NOTE, &note, &seq), ERR_OK);
    assert_int_equal(till_ledger_append(l, EV_SHIFT_CLOSED, &closed, &seq),
                     ERR_OK);
    disk_bytes = LEDGER_RESERVE;
    assert_int_equal(till_sell(l, "a", 1000, NULL, &seq), ERR_OK);
    disk_bytes = -1; /* nobody knows: the disk itself will say */
    assert_int_equal(till_sell(l, "b", 1000, NULL, &seq), ERR_OK);
    ledger_close(l);
}

static void a_shift_is_closed_on_a_full_disk(void **state)
{
    (void)state;
    struct ledger *l = till_ledger_open(dir, LEDGER_WRITE);
    union body closed = { .shift_closed = { 0, 0, 1, STR("") } };
    struct stat st;
    assert_int_equal(stat(scratch_path(dir, "reserve"), &st), 0);
    assert_true(st.st_size == LEDGER_RESERVE);
    assert_true(st.st_blocks * 512 >= LEDGER_RESERVE);
    vfs_fault.ops = FAULT_WRITE;
    vfs_fault.number = ENOSPC;
    vfs_fault.at = 1;
    assert_int_equal(till_ledger_append(l, EV_SHIFT_CLOSED, &closed, &seq),
                     ERR_OK);
    assert_int_equal(vfs_fault.hits, 1);
    assert_false(scratch_has(dir, "reserve"));
    vfs_fault_clear();
    assert_int_equal(till_sell(l, "a", 1000, NULL, &seq), ERR_FULL);
    ledger_close(l);

    disk_bytes = 2 * LEDGER_RESERVE - 1; /* not yet room for both */
    l = till_ledger_open(dir, LEDGER_WRITE);
    assert_false(scratch_has(dir, "reserve"));
    assert_int_equal(till_sell(l, "a", 1000, NULL, &seq), ERR_FULL);
    assert_int_equal(till_ledger_append(l, EV_SHIFT_CLOSED, &closed, &seq),
                     ERR_OK);
    ledger_close(l);

    disk_bytes = 2 * LEDGER_RESERVE;
    l = till_ledger_open(dir, LEDGER_WRITE);
    assert_true(scratch_has(dir, "reserve"));
    assert_int_equal(till_sell(l, "a", 1000, NULL, &seq), ERR_OK);
    ledger_close(l);
    till_verify(dir);
}

static void a_ledger_is_opened_on_a_full_disk(void **state)
{
    (void)state;
    sell_some(1);
    vfs_fault.ops = FAULT_GROW;
    vfs_fault.number = ENOSPC;
    vfs_fault.at = 1;
    struct ledger *l = till_ledger_open(dir, LEDGER_WRITE);
    assert_int_equal(vfs_fault.hits, 1);
    ledger_close(l);
    disk_bytes = 0;
    assert_int_equal(unlink(scratch_path(dir, "reserve")), 0);
    vfs_fault.calls = 0;
    assert_int_equal(try_open(LEDGER_WRITE, "ledger.db"), ERR_FULL);
}

static void the_reserve_is_a_file_of_our_own(void **state)
{
    (void)state;
    struct stat st;
    assert_int_equal(symlink("elsewhere", scratch_path(dir, "reserve")), 0);
    sell_some(1);
    assert_int_equal(lstat(scratch_path(dir, "reserve"), &st), 0);
    assert_true(S_ISREG(st.st_mode) && st.st_size == LEDGER_RESERVE);
    assert_false(scratch_has(dir, "elsewhere"));
}

#define RULE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RULE(the_first_start_records_the_admission),
        RULE(before_the_first_start_a_reader_sees_no_event),
        RULE(a_first_start_that_fails_is_finished_by_the_next),
        RULE(a_directory_that_never_enrolled_is_not_set_up),
        RULE(another_devices_admission_is_refused),
        RULE(another_tills_ledger_is_refused),
        RULE(a_second_writer_hears_who_is_first),
        RULE(a_ledger_that_lost_its_events_is_not_begun_anew),
        RULE(a_newer_ledger_is_refused),
        RULE(a_disk_that_is_read_only_is_called_so),
        RULE(damage_near_the_end_is_seen_at_the_start),
        RULE(verify_names_the_first_bad_event),
        RULE(verify_holds_the_ledger_against_a_witness),
        RULE(a_file_that_cannot_be_read_is_damage_at_its_number),
        RULE(a_file_out_of_order_is_damage_behind_its_sound_events),
        RULE(a_disk_that_cannot_be_read_is_told_from_damage),
        RULE(a_disk_that_fails_at_the_start_is_never_called_damage),
        RULE(only_the_end_of_the_day_uses_the_last_room),
        RULE(a_shift_is_closed_on_a_full_disk),
        RULE(a_ledger_is_opened_on_a_full_disk),
        RULE(the_reserve_is_a_file_of_our_own),
    };
    vfs_fault_install();
    struct env env = *env_get();
    env.disk_free = disk_free;
    env_use(&env);
    return cmocka_run_group_tests_name("ledger_open", tests, NULL, NULL);
}
