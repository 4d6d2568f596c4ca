/*
 * test_ledger.c - events are appended, read back, found and walked over; the
 * open ledger lets nothing else happen to them.
 */
#include "fair/ledger.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fair/chain.h"
#include "sync/core/ledger_parts.h"
#include "tests/support/scratch.h"
#include "tests/support/till.h"
#include "tests/support/vfs_fault.h"
#include "tests/unit/sql_table.h"

static const char *const sql[] = {
#define X(name, text) text,
#include "sync/core/ledger_sql.def"
#undef X
};

static char dir[SCRATCH_ROOM];
static struct ledger *l;
static int64_t seq;

static int set_up(void **state)
{
    (void)state;
    vfs_fault_clear();
    scratch_make(dir);
    till_enrol(dir, 1, 2);
    l = till_ledger_open(dir, LEDGER_WRITE);
    seq = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    vfs_fault_clear();
    ledger_close(l);
    l = NULL;
    scratch_remove(dir);
    return 0;
}

static void reopen(void)
{
    ledger_close(l);
    l = till_ledger_open(dir, LEDGER_WRITE);
}

static void sell(const char *basket)
{
    assert_int_equal(till_sell(l, basket, 1000, NULL, &seq), ERR_OK);
}

static void decode(int64_t n, struct event *e)
{
    struct stored s;
    assert_int_equal(ledger_get(l, n, &s), ERR_OK);
    assert_int_equal(event_decode(s.bytes, e), ERR_OK);
}

/* ---- appending ---- */

static void an_event_says_when_where_and_what(void **state)
{
    (void)state;
    union body body = { .cash = { -5000, STR("đổi tiền lẻ") } };
    struct ledger_entry entry = { .kind = EV_CASH,
                                  .body = &body,
                                  .day = 20200115,
                                  .shift = 3,
                                  .op = 12,
                                  .list = 7,
                                  .late_ms = 42 };
    int64_t before = env_wall_ms();
    assert_int_equal(ledger_append(l, &entry, &seq), ERR_OK);
    assert_int_equal(seq, 2);
    struct event e;
    decode(2, &e);
    assert_true(e.version == 1 && e.seq == 2 && e.kind == EV_CASH);
    assert_true(e.at_ms >= before && e.at_ms <= env_wall_ms());
    assert_true(e.up_ms <= env_mono_ms());
    char boot[7];
    env_get()->boot_id(env_get()->ctx, boot);
    assert_true(str_is(e.boot, boot));
    assert_true(e.day == 20200115 && e.shift == 3 && e.op == 12);
    assert_true(e.list == 7 && e.late_ms == 42);
    assert_true(
        str_is(e.body, "{\"amount\":-5000,\"reason\":\"đổi tiền lẻ\"}"));
    const struct ledger_state *s = ledger_state(l);
    assert_true(s->count == 2 && s->day == 20200115 && s->shift == 3);
    assert_true(s->op == 12 && s->list == 7);
}

static void every_event_hashes_over_the_one_before(void **state)
{
    (void)state;
    uint8_t head[HASH_BYTES];
    chain_start(ledger_state(l)->key.public_key, head);
    sell("a");
    sell("b");
    for (int64_t n = 1; n <= 3; n++) {
        struct stored s;
        assert_int_equal(ledger_get(l, n, &s), ERR_OK);
        chain_next(head, s.bytes, head);
        assert_memory_equal(s.hash, head, HASH_BYTES);
    }
    assert_memory_equal(ledger_state(l)->head, head, HASH_BYTES);
}

static void totals_move_with_every_kind_that_counts(void **state)
{
    (void)state;
    union body visits = { .visits = { .n = 12 } };
    union body fewer = { .visits = { .n = -2 } };
    sell("a");
    sell("b");
    assert_int_equal(till_ledger_append(l, EV_VISITS, &visits, &seq), ERR_OK);
    assert_int_equal(till_ledger_append(l, EV_VISITS, &fewer, &seq), ERR_OK);
    struct sums expected = { .gross_vnd = 2000, .visits = 10, .sales = 2 };
    assert_true(sums_equal(&ledger_state(l)->sums, &expected));
    struct event e;
    decode(seq, &e);
    assert_true(sums_equal(&e.sums, &expected));
    reopen();
    assert_true(sums_equal(&ledger_state(l)->sums, &expected));
}

static void an_event_out_of_range_is_not_written(void **state)
{
    (void)state;
    union body fewer = { .visits = { .n = -1 } };
    assert_int_equal(till_ledger_append(l, EV_VISITS, &fewer, &seq), ERR_LIMIT);
    static union body big;
    till_sale(&big, "big", MAX_LINES);
    for (int i = 0; i < MAX_LINES; i++)
        big.sale.lines[i].name =
            STR("Một tên hàng dài như người ta vẫn đặt cho sản phẩm OCOP");
    assert_int_equal(till_ledger_append(l, EV_SALE, &big, &seq), ERR_LIMIT);
    assert_non_null(strstr(ledger_errmsg(l), "longer"));
    assert_true(ledger_state(l)->count == 1 && seq == 0);
    sell("fits");
    assert_int_equal(seq, 2);
}

static void what_verify_would_refuse_is_not_written(void **state)
{
    (void)state;
    static union body sale;
    till_sale(&sale, "a", 2);
    sale.sale.total_vnd++;
    assert_int_equal(till_ledger_append(l, EV_SALE, &sale, &seq), ERR_INVALID);
    union body again = { .enrolled = { STR("{}"), STR("00") } };
    assert_int_equal(till_ledger_append(l, EV_ENROLLED, &again, &seq),
                     ERR_INVALID);
    char zeros[2 * SIGNATURE_BYTES];
    memset(zeros, '0', sizeof(zeros));
    union body seal = { .seal = { { zeros, sizeof(zeros) } } };
    assert_int_equal(till_ledger_append(l, EV_SEAL, &seal, &seq), ERR_INVALID);
    assert_true(ledger_state(l)->count == 1);
    sell("good");
    ledger_close(l);
    l = NULL;
    till_verify(dir);
}

static int64_t before_1970(void *ctx)
{
    (void)ctx;
    return -86400000;
}

static void no_clock_stops_a_sale(void **state)
{
    (void)state;
    struct env right = *env_get(), wrong = right;
    wrong.wall_ms = before_1970;
    env_use(&wrong);
    sell("early");
    env_use(&right);
    struct event e;
    decode(2, &e);
    assert_int_equal(e.at_ms, 0);
}

/* The row changes between commit and reading back, as on a disk that lies. */
static void an_event_that_reads_back_differently_is_unsure(void **state)
{
    (void)state;
    sell("a");
    ledger_close(l);
    l = NULL;
    sqlite3 *other = NULL;
    assert_int_equal(sqlite3_open(scratch_path(dir, "ledger.db"), &other),
                     SQLITE_OK);
    int rc = sqlite3_exec(
        other,
        "ALTER TABLE event RENAME TO kept;"
        "CREATE VIEW event AS SELECT seq, CASE WHEN seq > 2 THEN x'7b7d'"
        " ELSE bytes END AS bytes, hash FROM kept;"
        "CREATE TRIGGER t INSTEAD OF INSERT ON event BEGIN"
        " INSERT INTO kept VALUES (new.seq, new.bytes, new.hash); END",
        NULL, NULL, NULL);
    assert_int_equal(rc, SQLITE_OK);
    sqlite3_close(other);
    l = till_ledger_open(dir, LEDGER_WRITE);
    assert_int_equal(till_sell(l, "b", 1000, NULL, &seq), ERR_UNSURE);
    assert_int_equal(till_sell(l, "c", 1000, NULL, &seq), ERR_IO);
    struct stored s;
    assert_int_equal(ledger_get(l, 1, &s), ERR_IO);
    assert_int_equal(ledger_draft_save(l, "x", STR("")), ERR_IO);
    assert_int_equal(ledger_find_basket(l, STR("a"), &seq), ERR_IO);
}

/* What a cart thrown away costs: its draft goes in the same transaction. */
static void an_event_with_its_draft_is_one_sync_and_few_pages(void **state)
{
    (void)state;
    enum { SALES = 400 };
    int64_t pages = 0, syncs = 0;
    for (int i = 0; i < SALES; i++) {
        static union body sale;
        char basket[16], draft[420];
        snprintf(basket, sizeof(basket), "b-%d", i);
        memset(draft, 'd', sizeof(draft));
        till_sale(&sale, basket, 3);
        assert_int_equal(
            ledger_draft_save(l, "cart", (struct str){ draft, sizeof(draft) }),
            ERR_OK);
        struct ledger_entry entry = { .kind = EV_SALE,
                                      .body = &sale,
                                      .day = 20200114,
                                      .shift = 1,
                                      .list = 1,
                                      .draft = "cart" };
        vfs_fault_clear();
        assert_int_equal(ledger_append(l, &entry, &seq), ERR_OK);
        pages += vfs_fault.log_pages;
        syncs += vfs_fault.syncs;
        vfs_fault_clear();
        ledger_idle(l);
    }
    print_message(
        "%lld.%02lld pages, %lld syncs an event\n", (long long)(pages / SALES),
        (long long)(100 * pages / SALES % 100), (long long)(syncs / SALES));
    assert_true(100 * pages <= 235 * SALES);
    assert_int_equal(syncs, SALES);
}

/* ---- nothing else ---- */

static int try(sqlite3 *handle, const char *text)
{
    return sqlite3_exec(handle, text, NULL, NULL, NULL);
}

static void the_open_ledger_lets_nothing_be_changed(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "UPDATE event SET bytes = x'7b7d' WHERE seq = 1",
        "DELETE FROM event",
        "DROP TABLE event",
        "DROP TRIGGER event_stays",
        "ALTER TABLE event RENAME TO gone",
        "CREATE TABLE more (x)",
        "CREATE TEMP TRIGGER t AFTER INSERT ON event BEGIN SELECT 1; END",
        "ATTACH ':memory:' AS other",
        "PRAGMA user_version = 9",
        "PRAGMA synchronous = OFF",
        "PRAGMA writable_schema = ON",
        "VACUUM",
        "REINDEX",
    };
    sell("a");
    sqlite3 *handle = db_handle(l->db);
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        if (try(handle, refused[i]) != SQLITE_AUTH)
            fail_msg("not refused: %s", refused[i]);
    }
    assert_int_equal(try(handle, "DELETE FROM draft"), SQLITE_OK);
    sell("b");
}

static void triggers_guard_events_from_other_programs(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "UPDATE event SET bytes = x'7b7d' WHERE seq = 1",
        "DELETE FROM event WHERE seq = 2",
        "INSERT OR REPLACE INTO event VALUES (2, x'7b7d', zeroblob(32))",
        "INSERT INTO event VALUES (4, x'7b7d', zeroblob(32))",
        "INSERT INTO event VALUES (0, x'7b7d', zeroblob(32))",
        "INSERT INTO event VALUES (3, x'7b7d', zeroblob(31))",
        "INSERT INTO event VALUES (3, '', zeroblob(32))",
    };
    sell("a");
    ledger_close(l);
    l = NULL;
    sqlite3 *other = NULL;
    assert_int_equal(sqlite3_open(scratch_path(dir, "ledger.db"), &other),
                     SQLITE_OK);
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        if (try(other, refused[i]) != SQLITE_CONSTRAINT)
            fail_msg("not refused: %s", refused[i]);
    }
    sqlite3_close(other);
    till_verify(dir);
}

static void an_event_of_somebody_else_stops_us(void **state)
{
    (void)state;
    sqlite3 *other = NULL;
    assert_int_equal(sqlite3_open(scratch_path(dir, "ledger.db"), &other),
                     SQLITE_OK);
    assert_int_equal(
        try(other, "INSERT INTO event VALUES (2, x'7b7d', zeroblob(32))"),
        SQLITE_OK);
    sqlite3_close(other);
    assert_int_equal(till_sell(l, "a", 1000, NULL, &seq), ERR_CORRUPT);
    assert_int_equal(till_sell(l, "a", 1000, NULL, &seq), ERR_IO);
}

static void every_statement_fits_the_schema(void **state)
{
    (void)state;
    static const int may_scan[] = { SQL_ALL, SQL_DRAFTS, -1 };
    sqlite3 *other = NULL;
    assert_int_equal(sqlite3_open(scratch_path(dir, "ledger.db"), &other),
                     SQLITE_OK);
    sql_table_check(other, sql, LEDGER_SQL_COUNT, may_scan);
    sqlite3_close(other);
}

/* ---- reading ---- */

struct seen {
    int64_t numbers[16];
    int n;
    int64_t stop;
};

static enum err see(void *ctx, const struct stored *s)
{
    struct seen *seen = ctx;
    assert_true(seen->n < 16);
    seen->numbers[seen->n++] = s->seq;
    return s->seq == seen->stop ? ERR_NOT_FOUND : ERR_OK;
}

static void a_walk_goes_up_and_stops_when_told(void **state)
{
    (void)state;
    static const struct {
        int64_t from, to, stop;
        int n;
        int64_t first, last;
    } table[] = {
        { 1, 5, 0, 5, 1, 5 },  { 2, 4, 0, 3, 2, 4 },  { 3, 3, 0, 1, 3, 3 },
        { 4, 99, 0, 2, 4, 5 }, { -7, 2, 0, 2, 1, 2 }, { 6, 9, 0, 0, 0, 0 },
        { 0, 0, 0, 0, 0, 0 },  { 1, 5, 3, 3, 1, 3 },  { 6, 5, 0, 0, 0, 0 },
        { 5, 4, 0, 0, 0, 0 },  { 5, 1, 0, 0, 0, 0 },
    };
    for (int i = 0; i < 4; i++)
        sell("x");
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct seen seen = { .stop = table[i].stop };
        assert_int_equal(ledger_each(l, table[i].from, table[i].to, see, &seen),
                         table[i].stop ? ERR_NOT_FOUND : ERR_OK);
        assert_int_equal(seen.n, table[i].n);
        if (seen.n > 0) {
            assert_int_equal(seen.numbers[0], table[i].first);
            assert_int_equal(seen.numbers[seen.n - 1], table[i].last);
        }
    }
}

static void a_walk_back_goes_down_to_the_first_and_stops_when_told(void **state)
{
    (void)state;
    static const struct {
        int64_t from, stop;
        int n;
        int64_t first, last;
    } table[] = {
        { 5, 0, 5, 5, 1 }, { 99, 0, 5, 5, 1 }, { 1, 0, 1, 1, 1 },
        { 5, 4, 2, 5, 4 }, { 0, 0, 0, 0, 0 },  { -3, 0, 0, 0, 0 },
    };
    for (int i = 0; i < 4; i++)
        sell("x");
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct seen seen = { .stop = table[i].stop };
        assert_int_equal(ledger_back(l, table[i].from, see, &seen),
                         table[i].stop ? ERR_NOT_FOUND : ERR_OK);
        assert_int_equal(seen.n, table[i].n);
        if (seen.n > 0) {
            assert_int_equal(seen.numbers[0], table[i].first);
            assert_int_equal(seen.numbers[seen.n - 1], table[i].last);
        }
    }
}

static void a_number_that_is_not_there_is_not_found(void **state)
{
    (void)state;
    struct stored s = { .seq = 77 };
    assert_int_equal(ledger_get(l, 0, &s), ERR_NOT_FOUND);
    assert_int_equal(ledger_get(l, 2, &s), ERR_NOT_FOUND);
    assert_int_equal(ledger_get(l, INT64_MIN, &s), ERR_NOT_FOUND);
    assert_int_equal(s.seq, 77);
}

static void a_reader_sees_the_ledger_as_it_was_opened(void **state)
{
    (void)state;
    sell("a");
    struct ledger *reader = till_ledger_open(dir, LEDGER_READ);
    sell("b");
    struct stored s;
    struct seen seen = { 0 };
    assert_true(ledger_state(reader)->count == 2);
    assert_int_equal(ledger_get(reader, 3, &s), ERR_NOT_FOUND);
    assert_int_equal(ledger_each(reader, 1, 9, see, &seen), ERR_OK);
    assert_int_equal(seen.n, 2);
    assert_int_equal(ledger_find_basket(reader, STR("b"), &seq), ERR_NOT_FOUND);
    ledger_close(reader);
    reader = till_ledger_open(dir, LEDGER_READ);
    assert_true(ledger_state(reader)->count == 3);
    assert_memory_equal(ledger_state(reader)->head, ledger_state(l)->head,
                        HASH_BYTES);
    sell("c"); /* and never keeps the writer waiting */
    ledger_close(reader);
}

static void a_reader_gets_no_secret(void **state)
{
    (void)state;
    static const uint8_t zero[64];
    struct ledger *reader = till_ledger_open(dir, LEDGER_READ);
    assert_memory_equal(ledger_state(reader)->key.secret, zero, 64);
    assert_memory_not_equal(ledger_state(l)->key.secret, zero, 64);
    assert_memory_equal(ledger_state(reader)->key.public_key,
                        ledger_state(l)->key.public_key, KEY_BYTES);
    ledger_close(reader);
}

/* ---- finding ---- */

static int64_t basket(const char *word)
{
    int64_t n = -1;
    enum err e = ledger_find_basket(l, str_of(word), &n);
    assert_true(e == ERR_OK || (e == ERR_NOT_FOUND && n == -1));
    return n;
}

static int64_t basket_since(const char *word, int64_t since)
{
    int64_t n = -1;
    enum err e = ledger_find_basket_since(l, str_of(word), since, &n);
    assert_true(e == ERR_OK || (e == ERR_NOT_FOUND && n == -1));
    return n;
}

static int64_t reference(struct str word)
{
    int64_t n = -1;
    enum err e = ledger_find_reference(l, word, &n);
    assert_true(e == ERR_OK || (e == ERR_NOT_FOUND && n == -1));
    return n;
}

static void append(enum event_kind kind, const union body *body)
{
    assert_int_equal(till_ledger_append(l, kind, body, &seq), ERR_OK);
}

/* Events 2…6: a sale with a basket, one without, a note that speaks of one, a
 * refund with one, a refund without. */
static void some_baskets(void)
{
    static union body sale, refund;
    sell("first");
    till_sale(&sale, "", 1);
    sale.sale.reference = STR("NOBSK");
    append(EV_SALE, &sale);
    union body note = { .note = { STR("\"basket\":\"talk\" \"ref\":\"NOTED\""),
                                  STR("test") } };
    append(EV_NOTE, &note);
    till_sale(&sale, "", 1);
    refund.refund = (struct body_refund){
        .basket = STR("back"),
        .foreign = STR("A1-2-77"),
        .n_lines = 1,
        .n_tenders = 1,
        .total_vnd = sale.sale.total_vnd,
    };
    refund.refund.lines[0] = sale.sale.lines[0];
    refund.refund.tenders[0] = sale.sale.tenders[0];
    append(EV_REFUND, &refund);
    refund.refund.basket = STR("");
    append(EV_REFUND, &refund);
}

static void expect_baskets(void)
{
    assert_int_equal(basket("first"), 2);
    assert_int_equal(basket("NOBSK"), 3);
    assert_int_equal(basket("back"), 5);
    assert_int_equal(basket("talk"), -1);
    assert_int_equal(basket("firs"), -1);
    assert_int_equal(basket("cash"), -1);
    assert_int_equal(reference(STR("NOBSK")), 3);
    assert_int_equal(reference(STR("NOTED")), -1);
    assert_int_equal(reference(STR("back")), -1);
    static union body sale;
    till_sale(&sale, "first", 1);
    assert_int_equal(reference(sale.sale.reference), 2);
    /* A sale with a basket is not found by its reference as a basket. */
    BUF(word, 16);
    buf_str(&word, sale.sale.reference);
    assert_int_equal(basket(buf_text(&word)), -1);
}

static void baskets_and_references_are_found(void **state)
{
    (void)state;
    assert_int_equal(basket("first"), -1); /* the index stands before… */
    some_baskets();
    expect_baskets();
    reopen(); /* …or after */
    expect_baskets();
}

/* What is behind `since` is all that is walked, until the index stands. */
static void a_basket_is_found_among_the_newest_events(void **state)
{
    static const char *const none[] = { "talk", "firs", "cash", "" };
    (void)state;
    some_baskets();
    for (int indexed = 0; indexed < 2; indexed++) {
        assert_int_equal(basket_since("first", 0), 2);
        assert_int_equal(basket_since("first", 1), 2);
        assert_int_equal(basket_since("NOBSK", 2), 3);
        assert_int_equal(basket_since("back", 1), 5);
        for (size_t i = 0; i < ARRAY_LEN(none); i++)
            assert_int_equal(basket_since(none[i], 0), -1);
        assert_int_equal(basket_since("first", 2), indexed ? 2 : -1);
        assert_int_equal(basket_since("later", 99), -1);
        assert_int_equal(basket("first"), 2);
    }
    sell("later");
    assert_int_equal(basket_since("later", 6), 7);
}

static void a_doubled_basket_is_found_where_it_was_first(void **state)
{
    (void)state;
    for (int i = 0; i < 400; i++) {
        char word[16];
        snprintf(word, sizeof(word), "b-%d", i % 300);
        sell(word);
    }
    for (int round = 0; round < 2; round++) {
        assert_int_equal(basket("b-0"), 2);
        assert_int_equal(basket("b-99"), 101);
        assert_int_equal(basket("b-299"), 301);
        assert_int_equal(basket("b-300"), -1);
        reopen();
    }
}

/* ---- drafts ---- */

static enum err list_draft(void *ctx, const char *id, struct str bytes)
{
    struct buf *out = ctx;
    buf_printf(out, "%s=%.*s;", id, (int)bytes.len, bytes.data);
    return ERR_OK;
}

static void expect_drafts(const char *expected)
{
    BUF(out, MAX_TEXT);
    assert_int_equal(ledger_draft_each(l, list_draft, &out), ERR_OK);
    assert_string_equal(buf_text(&out), expected);
}

static void drafts_are_saved_replaced_dropped_and_stay(void **state)
{
    (void)state;
    expect_drafts("");
    assert_int_equal(ledger_draft_save(l, "park-2", STR("two")), ERR_OK);
    assert_int_equal(ledger_draft_save(l, "open", STR("one")), ERR_OK);
    assert_int_equal(ledger_draft_save(l, "park-1", STR("x")), ERR_OK);
    assert_int_equal(ledger_draft_save(l, "open", STR("")), ERR_OK);
    reopen();
    expect_drafts("open=;park-1=x;park-2=two;");
    assert_int_equal(ledger_draft_drop(l, "park-1"), ERR_OK);
    assert_int_equal(ledger_draft_drop(l, "unknown"), ERR_OK);
    expect_drafts("open=;park-2=two;");
}

static void a_draft_too_long_is_refused(void **state)
{
    (void)state;
    static char bytes[MAX_TEXT + 1];
    memset(bytes, 'x', sizeof(bytes));
    struct str fits = { bytes, MAX_TEXT }, long_one = { bytes, MAX_TEXT + 1 };
    assert_int_equal(ledger_draft_save(l, "a", fits), ERR_OK);
    assert_int_equal(ledger_draft_save(l, "a", long_one), ERR_LIMIT);
    sell("on");
}

static void a_sale_takes_its_draft_with_it(void **state)
{
    (void)state;
    assert_int_equal(ledger_draft_save(l, "open", STR("cart")), ERR_OK);
    assert_int_equal(ledger_draft_save(l, "park", STR("other")), ERR_OK);
    assert_int_equal(till_sell(l, "a", 1000, "open", &seq), ERR_OK);
    expect_drafts("park=other;");
}

static void a_refused_sale_leaves_its_draft(void **state)
{
    (void)state;
    assert_int_equal(ledger_draft_save(l, "open", STR("cart")), ERR_OK);
    vfs_fault.ops = FAULT_WRITE;
    vfs_fault.number = ENOSPC;
    vfs_fault.at = 1;
    assert_int_equal(till_sell(l, "a", 1000, "open", &seq), ERR_FULL);
    expect_drafts("open=cart;");
    assert_true(ledger_state(l)->count == 1);
    assert_int_equal(till_sell(l, "a", 1000, "open", &seq), ERR_OK);
    expect_drafts("");
}

#define RULE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RULE(an_event_says_when_where_and_what),
        RULE(every_event_hashes_over_the_one_before),
        RULE(totals_move_with_every_kind_that_counts),
        RULE(an_event_out_of_range_is_not_written),
        RULE(what_verify_would_refuse_is_not_written),
        RULE(no_clock_stops_a_sale),
        RULE(an_event_that_reads_back_differently_is_unsure),
        RULE(an_event_with_its_draft_is_one_sync_and_few_pages),
        RULE(the_open_ledger_lets_nothing_be_changed),
        RULE(triggers_guard_events_from_other_programs),
        RULE(an_event_of_somebody_else_stops_us),
        RULE(every_statement_fits_the_schema),
        RULE(a_walk_goes_up_and_stops_when_told),
        RULE(a_walk_back_goes_down_to_the_first_and_stops_when_told),
        RULE(a_number_that_is_not_there_is_not_found),
        RULE(a_reader_sees_the_ledger_as_it_was_opened),
        RULE(a_reader_gets_no_secret),
        RULE(baskets_and_references_are_found),
        RULE(a_basket_is_found_among_the_newest_events),
        RULE(a_doubled_basket_is_found_where_it_was_first),
        RULE(drafts_are_saved_replaced_dropped_and_stay),
        RULE(a_draft_too_long_is_refused),
        RULE(a_sale_takes_its_draft_with_it),
        RULE(a_refused_sale_leaves_its_draft),
    };
    vfs_fault_install();
    return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
