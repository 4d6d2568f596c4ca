/*
 * test_store.c - what was acknowledged is kept as it came, and reports are
 * exact at every moment, however far the watermark has come.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/chain.h"
#include "sync/aggregator/store.h"
#include "sync/aggregator/store_sql.h"
#include "tests/support/scratch.h"
#include "tests/support/stall.h"
#include "tests/unit/sql_table.h"

enum { STALLS = 3 };

/* A store in a directory of its own and devices that trade beside it. */
struct hall {
    char dir[SCRATCH_ROOM];
    struct store *store;
    struct stall stalls[STALLS];
    int sent[STALLS]; /* events of each that the store holds */
    struct fold_rule rules[STALLS][8];
    int n_rules[STALLS];
};

static void open_store(struct hall *h)
{
    BUF(why, MAX_TEXT);
    if (store_open(h->dir, STORE_WRITE, &why, &h->store) != ERR_OK)
        fail_msg("%s", buf_text(&why));
}

static void reopen_store(struct hall *h)
{
    store_close(h->store);
    h->store = NULL;
    open_store(h);
}

static enum err admit(struct store *s, const struct stall *stall, int number)
{
    static const char *const booths[] = { "A1", "A2", "A3" };
    struct device d = { .number = number };
    snprintf(d.device, sizeof(d.device), "%s", stall->device);
    snprintf(d.fair, sizeof(d.fair), "%s", number == 3 ? "HA-2020" : "XUAN");
    snprintf(d.booth, sizeof(d.booth), "%s", booths[(number - 1) % 3]);
    snprintf(d.label, sizeof(d.label), "1");
    memcpy(d.public_key, stall->book.device.public_key, KEY_BYTES);
    struct admitted a = { STR("{}"), STR("00"), STR("quầy Hạ Long"), NULL };
    return store_admit(s, &d, &a);
}

static struct hall *hall_open(uint32_t seed)
{
    struct hall *h = x_alloc(sizeof(*h));
    scratch_make(h->dir);
    open_store(h);
    for (int i = 0; i < STALLS; i++) {
        stall_open(&h->stalls[i], (uint8_t)(10 + i), seed * 16 + (uint32_t)i);
        assert_int_equal(admit(h->store, &h->stalls[i], i + 1), ERR_OK);
    }
    return h;
}

static void hall_close(struct hall *h)
{
    store_close(h->store);
    for (int i = 0; i < STALLS; i++)
        stall_close(&h->stalls[i]);
    scratch_remove(h->dir);
    free(h);
}

static int open_hall(void **state)
{
    *state = hall_open(1);
    return 0;
}

static int close_hall(void **state)
{
    hall_close(*state);
    return 0;
}

static struct str name_of(const struct hall *h, int i)
{
    return str_of(h->stalls[i].device);
}

/* The next n events of a stall arrive as one batch. */
static void send(struct hall *h, int i, int n)
{
    const struct book *book = &h->stalls[i].book;
    int first = h->sent[i] + 1, last = h->sent[i] + n;
    BUF(bytes, MAX_OUTPUT);
    stall_trade(&h->stalls[i], last);
    stall_lines(&h->stalls[i], first, last, &bytes);
    struct segment seg = { .first = first,
                           .last = last,
                           .bytes = buf_slice(&bytes),
                           .head = book->events[last - 1].hash };
    assert_int_equal(store_group_begin(h->store), ERR_OK);
    assert_int_equal(store_append(h->store, name_of(h, i), &seg), ERR_OK);
    assert_int_equal(store_group_commit(h->store), ERR_OK);
    h->sent[i] = last;
}

static void fold_all(struct hall *h)
{
    int64_t n = 1;
    while (n > 0)
        assert_int_equal(store_fold_step(h->store, 50, &n), ERR_OK);
}

static void sql(struct hall *h, const char *text)
{
    sqlite3 *handle = db_handle(store_db(h->store));
    assert_int_equal(sqlite3_exec(handle, text, NULL, NULL, NULL), SQLITE_OK);
}

/* What a report over all fairs reads now. */
static void read_rolls(struct store *s, const char *fair, struct roll_set *out)
{
    struct roll_taker taker = roll_set_taker(out);
    assert_int_equal(store_read_begin(s), ERR_OK);
    assert_int_equal(store_rolls(s, str_of(fair), &taker), ERR_OK);
    store_read_end(s);
}

static void expect_exact(struct hall *h, struct store *s)
{
    struct roll_set found = { .n = 0 }, wanted = { .n = 0 };
    read_rolls(s, "", &found);
    for (int i = 0; i < STALLS; i++)
        stall_expect(&h->stalls[i], 1, h->sent[i], h->rules[i], h->n_rules[i],
                     &wanted);
    roll_set_same(&found, &wanted);
    roll_set_done(&found);
    roll_set_done(&wanted);
}

static int64_t mark_of(struct hall *h, int i)
{
    int64_t mark = -1;
    assert_int_equal(store_mark(h->store, name_of(h, i), &mark), ERR_OK);
    return mark;
}

/* ---- the file ---- */

static void the_statements_fit_the_schema(void **state)
{
    static const int may_scan[] = { REF_FAIR_ALL, SQL_DEVICE_ALL, SQL_FOLD_DUE,
                                    -1 };
    struct hall *h = *state;
    sql_table_check(db_handle(store_db(h->store)), store_sql_texts,
                    STORE_SQL_COUNT, may_scan);
}

static void nothing_is_read_where_nothing_was_set_up(void **state)
{
    char dir[SCRATCH_ROOM];
    struct store *s = NULL;
    BUF(why, MAX_TEXT);
    (void)state;
    scratch_make(dir);
    assert_int_equal(store_open(dir, STORE_READ, &why, &s), ERR_NOT_SET_UP);
    assert_null(s);
    assert_true(why.len > 0);
    assert_false(scratch_has(dir, STORE_FILE));
    scratch_remove(dir);
}

static void derived_tables_of_another_version_are_made_anew(void **state)
{
    struct hall *h = *state;
    send(h, 0, 60);
    fold_all(h);
    sql(h, "UPDATE meta SET value = '0' WHERE name = 'derived_version';"
           "DROP TABLE roll_sale; CREATE TABLE roll_sale (x INTEGER) STRICT");
    reopen_store(h);
    assert_int_equal(mark_of(h, 0), 0);
    expect_exact(h, h->store);
    fold_all(h);
    expect_exact(h, h->store);
}

static void a_reader_does_without_derived_tables_of_another_version(
    void **state)
{
    struct hall *h = *state;
    struct store *reader = NULL;
    send(h, 0, 60);
    fold_all(h);
    sql(h, "UPDATE meta SET value = '0' WHERE name = 'derived_version';"
           "DROP TABLE roll_sale; DROP TABLE fold_mark");
    assert_int_equal(store_open(h->dir, STORE_READ, NULL, &reader), ERR_OK);
    expect_exact(h, reader);
    store_close(reader);
    reopen_store(h);
    expect_exact(h, h->store);
    fold_all(h);
    expect_exact(h, h->store);
}

static void a_group_that_is_rolled_back_leaves_nothing(void **state)
{
    struct hall *h = *state;
    const struct book *book = &h->stalls[0].book;
    struct device d;
    BUF(bytes, MAX_OUTPUT);
    stall_lines(&h->stalls[0], 1, 2, &bytes);
    struct segment seg = { .first = 1,
                           .last = 2,
                           .bytes = buf_slice(&bytes),
                           .head = book->events[1].hash };
    assert_int_equal(store_group_begin(h->store), ERR_OK);
    assert_int_equal(store_group_begin(h->store), ERR_OK);
    assert_int_equal(store_append(h->store, name_of(h, 0), &seg), ERR_OK);
    store_group_rollback(h->store);
    assert_int_equal(store_device(h->store, name_of(h, 0), &d), ERR_OK);
    assert_int_equal(d.count, 0);
    assert_int_equal(store_append(h->store, name_of(h, 0), &seg), ERR_OK);
    assert_int_equal(store_group_commit(h->store), ERR_OK);
    assert_int_equal(store_device(h->store, name_of(h, 0), &d), ERR_OK);
    assert_int_equal(d.count, 2);
}

/* ---- devices ---- */

static void a_device_is_kept_as_it_was_admitted(void **state)
{
    struct hall *h = *state;
    const struct book *book = &h->stalls[1].book;
    struct device d;
    uint8_t start[HASH_BYTES];
    assert_int_equal(store_device(h->store, name_of(h, 1), &d), ERR_OK);
    assert_string_equal(d.device, h->stalls[1].device);
    assert_string_equal(d.fair, "XUAN");
    assert_string_equal(d.booth, "A2");
    assert_string_equal(d.label, "1");
    assert_string_equal(d.name, "quầy Hạ Long");
    assert_int_equal(d.number, 2);
    assert_memory_equal(d.public_key, book->device.public_key, KEY_BYTES);
    assert_int_equal(d.state, DEVICE_ACTIVE);
    chain_start(d.public_key, start);
    assert_memory_equal(d.head, start, HASH_BYTES);
    assert_int_equal(d.count, 0);
    assert_int_equal(d.seen_ms, 0);
    assert_int_equal(admit(h->store, &h->stalls[1], 9), ERR_EXISTS);
    assert_int_equal(store_device(h->store, STR("nobody"), &d), ERR_NOT_FOUND);
}

static void an_admission_comes_back_with_its_phone_key(void **state)
{
    struct hall *h = *state;
    struct stall extra;
    uint8_t phone[KEY_BYTES], got[KEY_BYTES], zero[KEY_BYTES] = { 0 };
    BUF(admission, MAX_TEXT);
    BUF(signature, MAX_TEXT);
    memset(phone, 7, sizeof(phone));
    memset(got, 1, sizeof(got));
    assert_int_equal(
        store_admission(h->store, name_of(h, 0), &admission, &signature, got),
        ERR_OK);
    assert_string_equal(buf_text(&admission), "{}");
    assert_string_equal(buf_text(&signature), "00");
    assert_memory_equal(got, zero, KEY_BYTES);
    stall_open(&extra, 99, 1);
    struct device d = { .number = 9 };
    memcpy(d.device, extra.device, sizeof(d.device));
    struct admitted a = { STR("{1}"), STR("11"), STR("x"), phone };
    assert_int_equal(store_admit(h->store, &d, &a), ERR_OK);
    assert_int_equal(store_admission(h->store, str_of(extra.device), &admission,
                                     &signature, got),
                     ERR_OK);
    assert_string_equal(buf_text(&admission), "{}{1}");
    assert_memory_equal(got, phone, KEY_BYTES);
    assert_int_equal(
        store_admission(h->store, STR("nobody"), &admission, &signature, got),
        ERR_NOT_FOUND);
    stall_close(&extra);
}

static void a_heartbeat_tells_how_the_device_is(void **state)
{
    struct hall *h = *state;
    struct device d;
    struct heartbeat beat = { 1000, 5, -30, 900, 77, STR("fair-sync 1"), true };
    assert_int_equal(store_heartbeat(h->store, name_of(h, 0), &beat), ERR_OK);
    beat.resent = false;
    assert_int_equal(store_heartbeat(h->store, name_of(h, 0), &beat), ERR_OK);
    assert_int_equal(store_set_state(h->store, name_of(h, 0), DEVICE_REVOKED),
                     ERR_OK);
    assert_int_equal(store_device(h->store, name_of(h, 0), &d), ERR_OK);
    assert_int_equal(d.seen_ms, 1000);
    assert_int_equal(d.unsent, 5);
    assert_int_equal(d.offset_ms, -30);
    assert_int_equal(d.disk_mb, 900);
    assert_int_equal(d.list, 77);
    assert_string_equal(d.program, "fair-sync 1");
    assert_int_equal(d.resent, 1);
    assert_int_equal(d.state, DEVICE_REVOKED);
}

static void a_long_text_of_a_device_is_cut_between_characters(void **state)
{
    struct hall *h = *state;
    struct device d;
    BUF(program, MAX_TEXT);
    buf_putc(&program, 'x');
    for (int i = 0; i < 40; i++)
        buf_puts(&program, "ạ"); /* three bytes each */
    struct heartbeat beat = { .program = buf_slice(&program) };
    assert_int_equal(store_heartbeat(h->store, name_of(h, 0), &beat), ERR_OK);
    assert_int_equal(store_device(h->store, name_of(h, 0), &d), ERR_OK);
    assert_int_equal(strlen(d.program), 61); /* of 63 that would fit */
}

struct names {
    char text[256];
};

static enum err take_name(void *ctx, const struct device *d)
{
    struct names *n = ctx;
    size_t len = strlen(n->text);
    snprintf(n->text + len, sizeof(n->text) - len, "%s ", d->booth);
    return ERR_OK;
}

static void devices_are_listed_by_fair(void **state)
{
    struct hall *h = *state;
    struct names all = { "" }, one = { "" };
    assert_int_equal(store_device_each(h->store, STR(""), take_name, &all),
                     ERR_OK);
    assert_string_equal(all.text, "A3 A1 A2 ");
    assert_int_equal(store_device_each(h->store, STR("XUAN"), take_name, &one),
                     ERR_OK);
    assert_string_equal(one.text, "A1 A2 ");
}

/* ---- events ---- */

static enum err join(void *ctx, const struct segment *seg)
{
    buf_str(ctx, seg->bytes);
    return ERR_OK;
}

static void events_are_kept_as_they_came(void **state)
{
    struct hall *h = *state;
    BUF(found, MAX_OUTPUT);
    BUF(wanted, MAX_OUTPUT);
    for (int n = 1; n <= 12; n++)
        send(h, 0, n);
    assert_int_equal(store_segments(h->store, name_of(h, 0), 1, join, &found),
                     ERR_OK);
    stall_lines(&h->stalls[0], 1, h->sent[0], &wanted);
    assert_true(str_eq(buf_slice(&found), buf_slice(&wanted)));
}

static enum err first_of(void *ctx, const struct segment *seg)
{
    int64_t *first = ctx;
    *first = seg->first;
    return ERR_NOT_FOUND;
}

static void segments_begin_with_the_one_that_holds_the_event(void **state)
{
    static const struct {
        int64_t from, first;
    } cases[] = {
        { 1, 1 }, { 3, 1 }, { 4, 4 }, { 5, 4 }, { 9, 4 }, { 10, 10 }
    };
    struct hall *h = *state;
    int64_t first = -1;
    send(h, 0, 3);
    send(h, 0, 6);
    send(h, 0, 1);
    send(h, 1, 5);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(store_segments(h->store, name_of(h, 0), cases[i].from,
                                        first_of, &first),
                         ERR_NOT_FOUND);
        assert_int_equal(first, cases[i].first);
    }
    first = -1;
    assert_int_equal(
        store_segments(h->store, name_of(h, 0), 11, first_of, &first), ERR_OK);
    assert_int_equal(first, -1);
}

static void the_hash_of_every_event_is_known(void **state)
{
    struct hall *h = *state;
    uint8_t hash[HASH_BYTES], wanted[HASH_BYTES];
    for (int n = 1; n <= 9; n++)
        send(h, 0, n);
    for (int seq = 0; seq <= h->sent[0]; seq++) {
        book_head(&h->stalls[0].book, seq, wanted);
        assert_int_equal(store_hash_at(h->store, name_of(h, 0), seq, hash),
                         ERR_OK);
        assert_memory_equal(hash, wanted, HASH_BYTES);
    }
    assert_int_equal(store_hash_at(h->store, name_of(h, 0), -1, hash),
                     ERR_NOT_FOUND);
    assert_int_equal(
        store_hash_at(h->store, name_of(h, 0), h->sent[0] + 1, hash),
        ERR_NOT_FOUND);
    assert_int_equal(store_hash_at(h->store, STR("nobody"), 0, hash),
                     ERR_NOT_FOUND);
}

static void no_hash_is_told_of_damaged_events(void **state)
{
    static const char *const damage[] = {
        "UPDATE segment SET bytes = replace(bytes, 'AB3DE', 'AB3DF')"
        " WHERE first = 11",
        "UPDATE segment SET bytes = bytes || '{}' || char(10)"
        " WHERE first = 11",
        "DELETE FROM segment WHERE first = 11",
        "UPDATE segment SET head = x'00' WHERE first = 11",
        "UPDATE segment SET head = x'00' WHERE first = 1",
        "DELETE FROM segment WHERE first = 1",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(damage); i++) {
        uint8_t hash[HASH_BYTES] = { 9 };
        struct hall *h = hall_open((uint32_t)i + 1);
        send(h, 0, 10);
        send(h, 0, 10);
        send(h, 0, 10);
        sql(h, damage[i]);
        assert_int_equal(store_hash_at(h->store, name_of(h, 0), 15, hash),
                         ERR_CORRUPT);
        assert_int_equal(hash[0], 9);
        hall_close(h);
    }
}

/* ---- branches ---- */

/* Events first…last of another ledger with the same key. */
static void set_aside(struct hall *h, int i, const struct stall *other,
                      int first, int last)
{
    uint8_t previous[HASH_BYTES];
    BUF(bytes, MAX_OUTPUT);
    stall_lines(other, first, last, &bytes);
    book_head(&other->book, first - 1, previous);
    struct branch b = { .seg = { .first = first,
                                 .last = last,
                                 .bytes = buf_slice(&bytes),
                                 .head = other->book.events[last - 1].hash },
                        .previous = previous,
                        .at_ms = 5000 };
    assert_int_equal(store_branch_add(h->store, name_of(h, i), &b), ERR_OK);
}

static enum err take_branch(void *ctx, const struct branch *b)
{
    buf_printf(ctx, "%ld-%ld ", (long)b->seg.first, (long)b->seg.last);
    return ERR_OK;
}

static void expect_branches(struct hall *h, const char *wanted)
{
    BUF(text, MAX_TEXT);
    assert_int_equal(
        store_branch_each(h->store, name_of(h, 0), take_branch, &text), ERR_OK);
    assert_string_equal(buf_text(&text), wanted);
}

static void the_same_branch_is_kept_once(void **state)
{
    struct hall *h = *state;
    struct stall twin, third;
    stall_open(&twin, 10, 777);
    stall_open(&third, 10, 778);
    stall_trade(&twin, 30);
    stall_trade(&third, 30);
    set_aside(h, 0, &twin, 3, 8);
    set_aside(h, 0, &twin, 3, 8);
    expect_branches(h, "3-8 ");
    set_aside(h, 0, &twin, 3, 6); /* the beginning again */
    expect_branches(h, "3-8 ");
    set_aside(h, 0, &twin, 3, 12); /* and more: only that */
    expect_branches(h, "3-8 9-12 ");
    set_aside(h, 0, &twin, 3, 15);
    expect_branches(h, "3-8 9-12 13-15 ");
    set_aside(h, 0, &twin, 16, 17);
    expect_branches(h, "3-8 9-12 13-15 16-17 ");
    set_aside(h, 0, &third, 3, 8); /* another one from the same number */
    expect_branches(h, "3-8 3-8 9-12 13-15 16-17 ");
    stall_close(&twin);
    stall_close(&third);
}

static void decide(struct hall *h, int i, const char *what, int64_t first,
                   int64_t last, int day)
{
    struct decision d = { 1, what, first, last, day, STR("as agreed") };
    assert_int_equal(store_decide(h->store, name_of(h, i), &d), ERR_OK);
}

static void expect_with_branch(struct hall *h, const struct stall *twin,
                               const struct fold_rule *rule)
{
    struct roll_set found = { .n = 0 }, wanted = { .n = 0 };
    read_rolls(h->store, "", &found);
    stall_expect(&h->stalls[0], 1, h->sent[0], NULL, 0, &wanted);
    if (rule)
        stall_expect(twin, 3, 40, rule, 1, &wanted);
    roll_set_same(&found, &wanted);
    roll_set_done(&found);
    roll_set_done(&wanted);
}

static void a_branch_is_on_hold_until_a_person_decides(void **state)
{
    static const struct fold_rule hold = { 1, INT64_MAX, true, 0 };
    static const struct fold_rule count = { 1, INT64_MAX, false, 0 };
    struct hall *h = *state;
    struct stall twin;
    stall_open(&twin, 10, 777);
    stall_trade(&twin, 40);
    send(h, 0, 50);
    fold_all(h);
    set_aside(h, 0, &twin, 3, 40);
    expect_with_branch(h, &twin, &hold);
    decide(h, 0, "count-branch", 1, 1, 0);
    expect_with_branch(h, &twin, &count);
    decide(h, 0, "drop-branch", 1, 1, 0);
    expect_with_branch(h, &twin, NULL);
    decide(h, 0, "count-branch", 1, 1, 0);
    decide(h, 0, "drop-branch", 2, 2, 0); /* there is no such one */
    expect_with_branch(h, &twin, &count);
    stall_close(&twin);
}

/* ---- decisions and the watermark ---- */

static enum err take_decision(void *ctx, const struct decision *d)
{
    buf_printf(ctx, "%s %ld-%ld %d %.*s at %ld; ", d->what, (long)d->first,
               (long)d->last, d->day, (int)d->reason.len, d->reason.data,
               (long)d->at_ms);
    return ERR_OK;
}

static void decisions_are_kept_in_order(void **state)
{
    struct hall *h = *state;
    BUF(text, MAX_TEXT);
    decide(h, 0, "hold", 3, 5, 0);
    decide(h, 1, "hold", 9, 9, 0);
    decide(h, 0, "day", 4, 4, 20200120);
    assert_int_equal(
        store_decision_each(h->store, name_of(h, 0), take_decision, &text),
        ERR_OK);
    assert_string_equal(buf_text(&text), "hold 3-5 0 as agreed at 1; "
                                         "day 4-4 20200120 as agreed at 1; ");
}

/* What a decision means to the model. */
static void decide_both(struct hall *h, int i, const char *what, int first,
                        int last)
{
    bool hold = strcmp(what, "hold") == 0 || strcmp(what, "revoke") == 0;
    int day = strcmp(what, "day") == 0 ? 20200301 + h->n_rules[i] : 0;
    decide(h, i, what, first, last, day);
    h->rules[i][h->n_rules[i]++] = (struct fold_rule){ first, last, hold, day };
}

static void every_decision_counts_at_once(void **state)
{
    static const struct {
        const char *what;
        int first, last;
    } steps[] = { { "hold", 10, 20 },   { "release", 12, 14 },
                  { "day", 5, 30 },     { "revoke", 50, 100000 },
                  { "hold", 200, 300 }, { "release", 55, 56 } };
    struct hall *h = *state;
    send(h, 0, 60);
    fold_all(h);
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        decide_both(h, 0, steps[i].what, steps[i].first, steps[i].last);
        expect_exact(h, h->store);
        send(h, 0, 10);
        if (i % 2 == 0)
            fold_all(h);
        expect_exact(h, h->store);
    }
}

static void only_a_decision_about_folded_events_unfolds(void **state)
{
    struct hall *h = *state;
    send(h, 0, 20);
    send(h, 1, 20);
    fold_all(h);
    decide(h, 0, "revoke", 21, INT64_MAX, 0);
    decide(h, 0, "count-branch", 1, 1, 0);
    assert_int_equal(mark_of(h, 0), 20);
    decide(h, 0, "hold", 20, 20, 0);
    assert_int_equal(mark_of(h, 0), 0);
    assert_int_equal(mark_of(h, 1), 20);
}

static void a_step_folds_as_many_events_as_it_may(void **state)
{
    struct hall *h = *state;
    int64_t n = -1;
    for (int i = 0; i < STALLS; i++)
        send(h, i, 10);
    assert_int_equal(store_fold_step(h->store, 14, &n), ERR_OK);
    assert_int_equal(n, 14);
    assert_int_equal(mark_of(h, 0) + mark_of(h, 1) + mark_of(h, 2), 14);
    expect_exact(h, h->store);
    assert_int_equal(store_fold_step(h->store, 1000, &n), ERR_OK);
    assert_int_equal(n, 16);
    assert_int_equal(store_fold_step(h->store, 1000, &n), ERR_OK);
    assert_int_equal(n, 0);
    expect_exact(h, h->store);
}

static void a_step_that_is_cut_short_has_not_happened(void **state)
{
    struct hall *h = *state;
    int64_t n = -1;
    send(h, 0, 30);
    assert_int_equal(store_group_begin(h->store), ERR_OK);
    assert_int_equal(store_fold_step(h->store, 1000, &n), ERR_OK);
    reopen_store(h); /* as after a kill: the group never came to its end */
    assert_int_equal(mark_of(h, 0), 0);
    expect_exact(h, h->store);
}

static void a_sum_that_cannot_be_stored_stops_no_other(void **state)
{
    struct hall *h = *state;
    struct roll_set rows = { .n = 0 };
    send(h, 0, 30);
    fold_all(h);
    sql(h, "UPDATE roll_tender SET amount_vnd = 9223372036854775807");
    send(h, 0, 300);
    send(h, 1, 30);
    fold_all(h);
    assert_int_equal(mark_of(h, 0), 330);
    assert_int_equal(mark_of(h, 1), 30);
    read_rolls(h->store, "", &rows);
    roll_set_done(&rows);
}

static void a_report_of_one_fair_has_its_devices_only(void **state)
{
    struct hall *h = *state;
    struct roll_set found = { .n = 0 }, wanted = { .n = 0 };
    for (int i = 0; i < STALLS; i++)
        send(h, i, 40);
    int64_t n;
    assert_int_equal(store_fold_step(h->store, 50, &n), ERR_OK);
    read_rolls(h->store, "XUAN", &found);
    for (int i = 0; i < 2; i++)
        stall_expect(&h->stalls[i], 1, 40, NULL, 0, &wanted);
    roll_set_same(&found, &wanted);
    roll_set_done(&found);
    roll_set_done(&wanted);
}

/* ---- at random ---- */

static void stored_text(struct hall *h, struct buf *out)
{
    struct roll_set rows = { .n = 0 };
    struct roll_taker taker = roll_set_taker(&rows);
    for (int i = 0; i < STALLS; i++)
        assert_int_equal(store_rolls_stored(h->store, name_of(h, i), &taker),
                         ERR_OK);
    for (int i = 0; i < rows.n; i++) { /* zero rows too */
        buf_puts(out, rows.rows[i].key);
        for (int k = 0; k < ROLL_SET_SUMS; k++)
            buf_printf(out, " %lld", (long long)rows.rows[i].v[k]);
        buf_putc(out, '\n');
    }
    roll_set_done(&rows);
}

static void some_decision(struct hall *h, int i)
{
    static const char *const whats[] = { "hold", "release", "day", "revoke" };
    struct stall *s = &h->stalls[i];
    int first = 1 + stall_roll(s, h->sent[i] + 5);
    if (h->n_rules[i] < 5)
        decide_both(h, i, whats[stall_roll(s, 4)], first,
                    first + stall_roll(s, 15));
}

static void one_step(struct hall *h)
{
    struct stall *dice = &h->stalls[0];
    int i = stall_roll(dice, STALLS);
    int64_t n;
    switch (stall_roll(dice, 8)) {
    case 0:
    case 1:
    case 2: send(h, i, 1 + stall_roll(dice, 20)); break;
    case 3:
    case 4:
        assert_int_equal(
            store_fold_step(h->store, 1 + stall_roll(dice, 30), &n), ERR_OK);
        break;
    case 5: some_decision(h, i); break;
    case 6: reopen_store(h); break;
    default: store_idle(h->store); break;
    }
}

static void reports_are_exact_at_every_moment(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 12; seed++) {
        BUF(grown, MAX_OUTPUT);
        BUF(rebuilt, MAX_OUTPUT);
        struct hall *h = hall_open(seed);
        for (int step = 0; step < 40; step++) {
            one_step(h);
            expect_exact(h, h->store);
        }
        fold_all(h);
        stored_text(h, &grown);
        assert_int_equal(store_unfold_all(h->store), ERR_OK);
        expect_exact(h, h->store);
        fold_all(h);
        stored_text(h, &rebuilt);
        assert_string_equal(buf_text(&grown), buf_text(&rebuilt));
        hall_close(h);
    }
}

#define HALL(test) cmocka_unit_test_setup_teardown(test, open_hall, close_hall)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HALL(the_statements_fit_the_schema),
        cmocka_unit_test(nothing_is_read_where_nothing_was_set_up),
        HALL(derived_tables_of_another_version_are_made_anew),
        HALL(a_reader_does_without_derived_tables_of_another_version),
        HALL(a_group_that_is_rolled_back_leaves_nothing),
        HALL(a_device_is_kept_as_it_was_admitted),
        HALL(an_admission_comes_back_with_its_phone_key),
        HALL(a_heartbeat_tells_how_the_device_is),
        HALL(a_long_text_of_a_device_is_cut_between_characters),
        HALL(devices_are_listed_by_fair),
        HALL(events_are_kept_as_they_came),
        HALL(segments_begin_with_the_one_that_holds_the_event),
        HALL(the_hash_of_every_event_is_known),
        cmocka_unit_test(no_hash_is_told_of_damaged_events),
        HALL(the_same_branch_is_kept_once),
        HALL(a_branch_is_on_hold_until_a_person_decides),
        HALL(decisions_are_kept_in_order),
        HALL(every_decision_counts_at_once),
        HALL(only_a_decision_about_folded_events_unfolds),
        HALL(a_step_folds_as_many_events_as_it_may),
        HALL(a_step_that_is_cut_short_has_not_happened),
        HALL(a_sum_that_cannot_be_stored_stops_no_other),
        HALL(a_report_of_one_fair_has_its_devices_only),
        cmocka_unit_test(reports_are_exact_at_every_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
