/*
 * test_till.c - opening a till, the shift its ledger tells, appending, and the
 * numbers on slips.
 */
#include "pos/till/till.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/date.h"
#include "pos/till/learn.h"
#include "pos/till/shift.h"
#include "tests/support/till_fixture.h"

static struct till_fixture f;
static struct record *r;
static struct sold sold;

static int set_up(void **state)
{
    (void)state;
    till_fixture_init(&f);
    r = record_open();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    record_close(r);
    till_fixture_done(&f);
    return 0;
}

static int64_t count(void)
{
    return ledger_state(f.till.ledger)->count;
}

static enum event_kind kind_of(int64_t seq)
{
    assert_int_equal(till_record(&f.till, seq, r), ERR_OK);
    return r->event.kind;
}

static struct inbox *inbox(void)
{
    struct inbox *in = NULL;
    assert_int_equal(inbox_open(f.dir, INBOX_WRITE, "test", NULL, &in), ERR_OK);
    return in;
}

/* ---- opening ---- */

static void the_first_start_records_who_it_is_and_its_lists(void **state)
{
    (void)state;
    till_fixture_open(&f);
    assert_int_equal(count(), 2);
    assert_int_equal(kind_of(1), EV_ENROLLED);
    assert_int_equal(kind_of(2), EV_LIST);
    assert_int_equal(r->body.list.version, 1);
    assert_int_equal(r->event.list, 1);
    assert_int_equal(r->event.day, 0);
    assert_int_equal(f.till.shift.number, 0);
    till_fixture_open(&f);
    assert_int_equal(count(), 2);
    till_fixture_verify(&f);
}

static void a_new_list_is_recorded_with_its_manifests_hash(void **state)
{
    struct list_fair fair = till_fixture_fair();
    BUF(hex, 2 * HASH_BYTES);
    struct inbox_list list;
    (void)state;
    till_fixture_open(&f);
    till_fixture_adopt(&f, &fair, till_fixture_products, 2);
    till_fixture_open(&f);
    assert_int_equal(count(), 3);
    assert_int_equal(kind_of(3), EV_LIST);
    assert_int_equal(r->body.list.version, 2);
    struct inbox *in = inbox();
    assert_int_equal(
        inbox_list(in, &ledger_state(f.till.ledger)->admission, &list, NULL),
        ERR_OK);
    inbox_close(in);
    assert_int_equal(list.version, 2);
    buf_hex(&hex, list.hash, sizeof(list.hash));
    assert_true(str_is(r->body.list.hash, buf_text(&hex)));
}

static void lists_learned_while_open_take_the_place_of_the_old(void **state)
{
    struct list_fair fair = till_fixture_fair();
    (void)state;
    till_fixture_open(&f);
    till_fixture_adopt(&f, &fair, till_fixture_products, 2);
    assert_int_equal(till_learn(&f.till), ERR_OK);
    assert_int_equal(lists_version(f.till.lists), 2);
    assert_int_equal(lists_count(f.till.lists), 2);
    assert_int_equal(count(), 3);
    assert_int_equal(kind_of(3), EV_LIST);
}

static void news_are_heard_while_open(void **state)
{
    (void)state;
    till_fixture_open(&f);
    till_fixture_offset(&f, 90000);
    struct inbox *in = inbox();
    assert_int_equal(inbox_notice(in, "fork", STR("")), ERR_OK);
    inbox_close(in);
    assert_int_equal(learn_news(&f.till), ERR_OK);
    assert_int_equal(f.till.offset_ms, 90000);
    assert_int_equal(count(), 4);
    assert_true(kind_of(3) == EV_CLOCK && r->body.clock.offset_ms == 90000);
    assert_true(kind_of(4) == EV_NOTE && str_is(r->body.note.what, "fork"));
    assert_int_equal(learn_news(&f.till), ERR_OK);
    assert_int_equal(count(), 4);
}

/* What a slow network makes of a clock is no news; a minute is. */
static void drift_is_recorded_by_the_minute(void **state)
{
    static const int64_t drifts[] = { 59999, -60000, -119999,
                                      -500,  0,      INT64_C(1) << 47 };
    static const bool recorded[] = { false, true, false, false, true, true };
    (void)state;
    till_fixture_open(&f);
    for (size_t i = 0; i < ARRAY_LEN(drifts); i++) {
        int64_t before = count();
        till_fixture_offset(&f, drifts[i]);
        assert_int_equal(learn_news(&f.till), ERR_OK);
        assert_int_equal(learn_news(&f.till), ERR_OK);
        assert_int_equal(count() - before, recorded[i]);
        if (recorded[i])
            assert_true(kind_of(count()) == EV_CLOCK &&
                        r->body.clock.offset_ms == drifts[i]);
    }
}

static void each_notice_is_recorded_once(void **state)
{
    (void)state;
    struct inbox *in = inbox();
    assert_int_equal(inbox_notice(in, "restored", STR("từ bản sao")), ERR_OK);
    assert_int_equal(inbox_notice(in, "fork", STR("\x01 no text")), ERR_OK);
    inbox_close(in);
    till_fixture_open(&f);
    assert_int_equal(count(), 4);
    assert_int_equal(kind_of(3), EV_NOTE);
    assert_true(str_is(r->body.note.what, "restored"));
    assert_true(str_is(r->body.note.text, "từ bản sao"));
    assert_int_equal(kind_of(4), EV_NOTE);
    assert_true(str_is(r->body.note.what, "fork"));
    assert_int_equal(r->body.note.text.len, 0);
    in = inbox();
    assert_int_equal(inbox_notice(in, "revoked", STR("")), ERR_OK);
    inbox_close(in);
    till_fixture_open(&f);
    assert_int_equal(count(), 5);
    assert_true(kind_of(5) == EV_NOTE && str_is(r->body.note.what, "revoked"));
    till_fixture_open(&f);
    assert_int_equal(count(), 5);
}

static void reading_records_nothing(void **state)
{
    struct list_fair fair = till_fixture_fair();
    struct till till;
    (void)state;
    till_fixture_open(&f);
    till_fixture_close(&f);
    till_fixture_adopt(&f, &fair, till_fixture_products, 2);
    assert_int_equal(till_open(f.dir, LEDGER_READ, "test", NULL, &till),
                     ERR_OK);
    assert_int_equal(ledger_state(till.ledger)->count, 2);
    assert_int_equal(lists_count(till.lists), 2);
    till_close(&till);
}

/* ---- one process a ledger ---- */

/* Waiting for a lock is what makes time go by. */
static void wait_here(void *ctx, int64_t ms)
{
    (void)ctx;
    till_fixture_pass(&f, ms);
}

static void m19_a_second_start_says_who_holds_the_ledger(void **state)
{
    struct env env = *env_get();
    struct till second;
    BUF(why, MAX_TEXT);
    BUF(holder, MAX_TEXT);
    int64_t begun = f.mono_ms;
    (void)state;
    env.wait_ms = wait_here;
    env_use(&env);
    till_fixture_open(&f);
    buf_printf(&holder, "test, process %ld", (long)getpid());
    assert_int_equal(till_open(f.dir, LEDGER_WRITE, "second", &why, &second),
                     ERR_LOCKED);
    assert_string_equal(buf_text(&why), buf_text(&holder));
    assert_null(second.ledger);
    assert_in_range(f.mono_ms - begun, 10000, 11000); /* it may end soon */
    /* The first goes on, readers never wait, and the lock ends with it. */
    assert_int_equal(till_open(f.dir, LEDGER_READ, "third", &why, &second),
                     ERR_OK);
    till_close(&second);
    till_fixture_shift(&f, 0);
    till_fixture_close(&f);
    assert_int_equal(till_open(f.dir, LEDGER_WRITE, "second", &why, &second),
                     ERR_OK);
    assert_true(second.shift.open);
    till_close(&second);
}

static void a_directory_without_enrolment_is_not_set_up(void **state)
{
    char empty[SCRATCH_ROOM];
    struct till till;
    BUF(why, MAX_TEXT);
    (void)state;
    scratch_make(empty);
    assert_int_equal(till_open(empty, LEDGER_WRITE, "test", &why, &till),
                     ERR_NOT_SET_UP);
    assert_null(till.ledger);
    scratch_remove(empty);
}

static void the_shift_is_closed_without_lists(void)
{
    struct shift_report report;
    assert_null(f.till.lists);
    assert_int_equal(shift_close(&f.till, 1000, STR(""), 0, &report), ERR_OK);
    till_fixture_verify(&f);
}

static void a_shift_can_be_closed_whatever_became_of_sync_db(void **state)
{
    (void)state;
    till_fixture_open(&f);
    till_fixture_shift(&f, 1000);
    till_fixture_close(&f);
    unlink(scratch_path(f.dir, "sync.db-wal"));
    scratch_write(f.dir, "sync.db", STR("this is no database at all"));
    till_fixture_open(&f);
    the_shift_is_closed_without_lists();
}

/* What somebody with the sqlite3 program can do. */
static void meddle_with_inbox(const char *text)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(scratch_path(f.dir, "sync.db"), &db),
                     SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void begin_again(void)
{
    till_fixture_done(&f);
    till_fixture_init(&f);
    till_fixture_open(&f);
    till_fixture_shift(&f, 1000);
    till_fixture_close(&f);
}

static void a_damaged_sync_db_stops_no_shift(void **state)
{
    (void)state;
    static const char *const damages[] = {
        "DROP TABLE contact",
        "DROP TABLE list",
        "DELETE FROM page",
        "UPDATE page SET bytes = CAST(replace(CAST(bytes AS TEXT),"
        " '450000', '45000') AS BLOB)",
        "UPDATE page SET bytes = x'ff'",
        "UPDATE list SET manifest = CAST(replace(CAST(manifest AS TEXT),"
        " '\"at\":1', '\"at\":2') AS BLOB)",
        "UPDATE contact SET list = 7",
    };
    for (size_t i = 0; i < ARRAY_LEN(damages); i++) {
        begin_again();
        meddle_with_inbox(damages[i]);
        till_fixture_open(&f);
        the_shift_is_closed_without_lists();
    }
}

static void a_notice_that_cannot_be_read_stops_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *damage, *what;
    } table[] = {
        { "DROP TABLE notice", NULL },
        { "INSERT INTO notice (what, text) VALUES ('', '')", "notice" },
        { "INSERT INTO notice (what, text)"
          " VALUES (CAST(x'ff1b5b' AS TEXT), CAST(x'1bff' AS TEXT))",
          "notice" },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        begin_again();
        meddle_with_inbox(table[i].damage);
        till_fixture_open(&f);
        assert_int_equal(count(), table[i].what ? 4 : 3);
        if (table[i].what) {
            assert_int_equal(kind_of(4), EV_NOTE);
            assert_true(str_is(r->body.note.what, table[i].what));
        }
        assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
        till_fixture_verify(&f);
    }
}

static void the_lists_of_another_booth_are_none(void **state)
{
    (void)state;
    struct list_fair fair = till_fixture_fair();
    fair.booth = STR("A2");
    till_fixture_adopt(&f, &fair, till_fixture_products, 2);
    till_fixture_open(&f);
    assert_null(f.till.lists);
    assert_int_equal(count(), 1);
    fair = till_fixture_fair();
    fair.fair = STR("XUAN-2021");
    till_fixture_adopt(&f, &fair, till_fixture_products, 2);
    till_fixture_open(&f);
    assert_null(f.till.lists);
}

static int64_t no_room(void *ctx, const char *path)
{
    (void)ctx;
    (void)path;
    return 0;
}

static void a_new_list_without_room_waits_and_stops_no_shift(void **state)
{
    (void)state;
    struct list_fair fair = till_fixture_fair();
    till_fixture_open(&f);
    till_fixture_shift(&f, 1000);
    till_fixture_close(&f);
    till_fixture_adopt(&f, &fair, till_fixture_products, 2);
    struct env full = f.env;
    full.disk_free = no_room;
    env_use(&full);
    till_fixture_open(&f);
    the_shift_is_closed_without_lists();
    env_use(&f.env);
    till_fixture_open(&f);
    assert_int_equal(kind_of(count()), EV_LIST);
    assert_int_equal(r->body.list.version, 2);
}

/* ---- the shift, read from the ledger ---- */

static void the_shift_is_the_same_after_every_reopening(void **state)
{
    struct shift before;
    struct shift_report report;
    int64_t seq;
    (void)state;
    till_fixture_open(&f);
    till_fixture_shift(&f, 7000);
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
    before = f.till.shift;
    till_fixture_open(&f);
    till_fixture_same_shift(&before, &f.till.shift);
    till_fixture_pass(&f, 24 * 3600000);
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
    before = f.till.shift;
    assert_int_equal(before.day, 20200115);
    till_fixture_open(&f);
    till_fixture_same_shift(&before, &f.till.shift);
    assert_int_equal(shift_close(&f.till, 7000, STR(""), 0, &report), ERR_OK);
    before = f.till.shift;
    assert_false(before.open);
    till_fixture_open(&f);
    till_fixture_same_shift(&before, &f.till.shift);
    assert_int_equal(shift_open(&f.till, 1, 0, 0, &seq), ERR_OK);
    assert_int_equal(f.till.shift.number, 2);
    before = f.till.shift;
    till_fixture_open(&f);
    till_fixture_same_shift(&before, &f.till.shift);
}

static void an_event_carries_shift_operator_list_and_day(void **state)
{
    union body body = { .drawer = { STR("") } };
    struct intent intent = { .kind = EV_DRAWER, .body = &body, .op = 7 };
    int64_t seq;
    (void)state;
    till_fixture_open(&f);
    assert_int_equal(till_append(&f.till, &intent, &seq), ERR_OK);
    assert_int_equal(kind_of(seq), EV_DRAWER);
    assert_int_equal(r->event.shift, 0);
    assert_int_equal(r->event.day, 0);
    assert_int_equal(r->event.op, 7);
    till_fixture_shift(&f, 0);
    assert_int_equal(till_append(&f.till, &intent, &seq), ERR_OK);
    kind_of(seq);
    assert_int_equal(r->event.shift, 1);
    assert_int_equal(r->event.day, 20200114);
    assert_int_equal(r->event.list, 1);
    intent.late_ms = f.wall_ms - 3 * DAY_MS;
    assert_int_equal(till_append(&f.till, &intent, &seq), ERR_OK);
    kind_of(seq);
    assert_int_equal(r->event.day, 20200111);
    assert_int_equal(r->event.late_ms, intent.late_ms);
    assert_int_equal(r->event.shift, 1);
    intent.day = 20200120;
    assert_int_equal(till_append(&f.till, &intent, &seq), ERR_OK);
    kind_of(seq);
    assert_int_equal(r->event.day, 20200120);
}

/* ---- time ---- */

static void now_is_the_devices_clock_and_the_last_known_offset(void **state)
{
    (void)state;
    till_fixture_offset(&f, -5 * 3600000);
    till_fixture_open(&f);
    assert_int_equal(till_now_ms(&f.till), f.wall_ms - 5 * 3600000);
    assert_int_equal(till_day_now(&f.till), 20200113); /* 03:00, cut-off 04 */
}

static void the_newest_calendar_counts(void **state)
{
    struct list_fair fair = till_fixture_fair();
    (void)state;
    till_fixture_open(&f);
    assert_int_equal(till_fair_day(&f.till, 20200119), 6);
    assert_int_equal(till_fair_day(&f.till, 20200120), 0);
    assert_int_equal(till_last_day(&f.till), 20200119);
    fair.days = 8;
    fair.n_closed = 1;
    fair.closed[0] = 20200116;
    till_fixture_adopt(&f, &fair, till_fixture_products, 1);
    till_fixture_open(&f);
    assert_int_equal(till_fair_day(&f.till, 20200116), 0);
    assert_int_equal(till_fair_day(&f.till, 20200121), 7);
    assert_int_equal(till_last_day(&f.till), 20200121);
}

static void a_product_is_found_by_its_sku_not_by_anothers_code(void **state)
{
    struct list_fair fair = till_fixture_fair();
    struct product two[2] = { till_fixture_products[0],
                              till_fixture_products[1] };
    (void)state;
    two[0].sku = STR("2");
    till_fixture_adopt(&f, &fair, two, 2);
    till_fixture_open(&f);
    assert_ptr_equal(till_product(&f.till, STR("2")),
                     lists_at(f.till.lists, 0));
    assert_ptr_equal(till_product(&f.till, STR("TH-01")),
                     lists_at(f.till.lists, 1));
    assert_null(till_product(&f.till, STR("1")));
    assert_null(till_product(&f.till, STR("8936012340017")));
}

/* ---- numbers on slips ---- */

static void a_receipt_is_found_by_number_and_by_payment_reference(void **state)
{
    BUF(word, MAX_TEXT);
    int64_t seq;
    (void)state;
    till_fixture_open(&f);
    till_fixture_shift(&f, 0);
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
    till_receipt_number(&f.till, sold.seq, &word);
    assert_string_equal(buf_text(&word), "A1-1-4");
    assert_int_equal(till_receipt(&f.till, buf_slice(&word), &seq), ERR_OK);
    assert_int_equal(seq, 4);
    assert_int_equal(till_receipt(&f.till, STR("a1-1-4"), &seq), ERR_OK);
    buf_clear(&word);
    till_payment_ref(&f.till, str_of(sold.reference), &word);
    seq = 0;
    assert_int_equal(till_receipt(&f.till, buf_slice(&word), &seq), ERR_OK);
    assert_int_equal(seq, 4);
    for (char *c = word.data; *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    seq = 0;
    assert_int_equal(till_receipt(&f.till, buf_slice(&word), &seq), ERR_OK);
    assert_int_equal(seq, 4);
    seq = 0;
    assert_int_equal(till_receipt(&f.till, str_of(sold.reference), &seq),
                     ERR_OK);
    assert_int_equal(seq, 4);
}

static void what_is_no_receipt_of_this_till_is_refused(void **state)
{
    static const char *const words[] = {
        "",
        "A1-1-",
        "A1-1-0",
        "A1-1-04",
        "A1-1-5",
        "A1-1-4x",
        "A1-2-4",
        "A2-1-4",
        "A1-1--4",
        "A1-1- 4",
        "4",
        "A1-1-+4",
        "A1",
        "K7Q2M",
        "A1K7Q2M",
        "A2K7Q2M",
        "A1-1-4 ",
        "-4",
        "K7Q2MX",
        "A1-1-99999999999999999999999999",
        "A1-1-18446744073709551620",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    };
    (void)state;
    till_fixture_open(&f);
    till_fixture_shift(&f, 0);
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        int64_t seq = 77;
        assert_int_equal(till_receipt(&f.till, str_of(words[i]), &seq),
                         ERR_RECEIPT);
        assert_int_equal(seq, 77);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_start_records_who_it_is_and_its_lists),
        TEST(a_new_list_is_recorded_with_its_manifests_hash),
        TEST(lists_learned_while_open_take_the_place_of_the_old),
        TEST(news_are_heard_while_open),
        TEST(drift_is_recorded_by_the_minute),
        TEST(each_notice_is_recorded_once),
        TEST(reading_records_nothing),
        TEST(m19_a_second_start_says_who_holds_the_ledger),
        TEST(a_directory_without_enrolment_is_not_set_up),
        TEST(a_shift_can_be_closed_whatever_became_of_sync_db),
        TEST(a_damaged_sync_db_stops_no_shift),
        TEST(a_notice_that_cannot_be_read_stops_nothing),
        TEST(the_lists_of_another_booth_are_none),
        TEST(a_new_list_without_room_waits_and_stops_no_shift),
        TEST(the_shift_is_the_same_after_every_reopening),
        TEST(an_event_carries_shift_operator_list_and_day),
        TEST(now_is_the_devices_clock_and_the_last_known_offset),
        TEST(the_newest_calendar_counts),
        TEST(a_product_is_found_by_its_sku_not_by_anothers_code),
        TEST(a_receipt_is_found_by_number_and_by_payment_reference),
        TEST(what_is_no_receipt_of_this_till_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
