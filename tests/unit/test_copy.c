/*
 * test_copy.c - a store poured into another one and back is the same store:
 * every row of every kept table, every report to the byte, every verdict.
 *
 * The store in the middle is wherever place.h says: a file, or PostgreSQL.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "fair/wire.h"
#include "sync/aggregator/report/report.h"
#include "sync/aggregator/store/account.h"
#include "sync/aggregator/store/check.h"
#include "sync/aggregator/store/copy.h"
#include "sync/aggregator/store/listing.h"
#include "tests/support/fairs.h"
#include "tests/support/place.h"
#include "tests/support/raw.h"

#define FAIR  "XUAN"
#define OTHER "NAM2019"

enum { SENDS = 40 }; /* more segments of a device than a page holds */

static struct fairs hall;
static char middle[SCRATCH_ROOM]; /* of each test, empty at first */
static struct store *there;

/* ---- something of everything --------------------------------------------- */

static void a_calendar(const char *code, int first_day, const char *with)
{
    struct fair fair = { .first_day = first_day,
                         .days = 4,
                         .n_closed = 1,
                         .closed = { first_day + 2 },
                         .opens_min = 480,
                         .closes_min = 1320,
                         .cut_off_min = 240 };
    const struct booth booths[] = {
        { STR("A1"), STR("Hạ Long"), STR("in-province"), STR("Hòn Gai"), 2 },
        { STR("B2"), STR("Đông Triều"), STR("other-province"), STR(""), 1 },
    };
    const struct str gates[] = { STR("G2"), STR("G1") };
    enum change change;

    snprintf(fair.code, sizeof(fair.code), "%s", code);
    snprintf(fair.name, sizeof(fair.name), "Hội chợ %s", code);
    snprintf(fair.compare_with, sizeof(fair.compare_with), "%s", with);
    fairs_fair(&hall, &fair);
    for (size_t i = 0; i < ARRAY_LEN(booths); i++)
        fairs_booth(&hall, code, &booths[i]);
    assert_int_equal(gates_put(hall.store, str_of(code), gates, 2, &change),
                     ERR_OK);
}

static void lists(void)
{
    const struct catalogue_product p = {
        { .sku = STR("CM"), .name = STR("Chả mực"), .unit = STR("hộp") },
        STR("coop"),
    };
    const struct booth_item items[] = {
        { 1, STR("A1"), STR("1"), STR("CM"), -1, 0 },
        { 2, STR("B2"), STR("1"), STR("CM"), 95000, 3 },
    };
    int64_t version = 0;

    assert_int_equal(catalogue_add(hall.store, 1, &version), ERR_OK);
    assert_int_equal(product_add(hall.store, version, 1, &p), ERR_OK);
    assert_int_equal(booth_list_add(hall.store, STR(FAIR), 2, &version),
                     ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(items); i++)
        assert_int_equal(
            booth_item_add(hall.store, STR(FAIR), version, &items[i]), ERR_OK);
    assert_int_equal(listing_bump(hall.store, STR(""), 1600000000000), ERR_OK);
}

static void people(void)
{
    const struct account a = {
        .name = "lan", .role = ROLE_STAFF, .fair = FAIR, .secret = "hashed"
    };
    const struct session s = { { 1, 0, 255 }, "lan", 5, 9000 };
    const struct access access = { 7, STR("lan"), STR("sign-in"), STR("::1") };
    const uint8_t key[KEY_BYTES] = { 3 };
    const struct code code = { key, STR(FAIR), STR("A1"), STR("BCDFGHJK") };

    assert_int_equal(account_add(hall.store, &a), ERR_OK);
    assert_int_equal(session_add(hall.store, &s), ERR_OK);
    assert_int_equal(access_add(hall.store, &access), ERR_OK);
    assert_int_equal(code_add(hall.store, &code, STR("till"), 99), ERR_OK);
}

static void published(void)
{
    const struct figures f = { .fair = STR("HE2019"),
                               .name = STR("Hè"),
                               .note = STR(""),
                               .days = 6,
                               .visits = -1,
                               .revenue_all_vnd = 8,
                               .revenue_in_province_vnd = -1 };
    enum change change;

    assert_int_equal(figures_put(hall.store, &f, &change), ERR_OK);
}

/* Two days, sent in many pieces; the last ones are not folded. */
static void trade(const char *fair, int day, int64_t price)
{
    struct fairs_device *a = fairs_device(&hall, fair, "A1");
    struct fairs_device *b = fairs_device(&hall, fair, "B2");
    int64_t folded = 0;

    for (int i = 0; i < SENDS; i++) {
        struct deal deal = { day + i % 2, 500 + i, "CM", price + i, "HTX" };
        int sale = fairs_sell(a, deal);

        if (i % 7 == 0)
            fairs_refund(a, sale, NULL, deal);
        fairs_sell(b, deal);
        fairs_visits(a, (struct counting){ deal.day, 550, "G1", i, false });
        fairs_send(&hall);
        if (i == SENDS / 2)
            assert_int_equal(store_fold_step(hall.store, 10000, &folded),
                             ERR_OK);
    }
}

static void decided(void)
{
    char id[DEVICE_LEN + 1];
    struct str device = fairs_id(&hall, 0, id);
    uint8_t hash[HASH_BYTES];
    const struct decision hold = { 5, "hold", 4, 9, 0, STR("vì sao") };

    assert_int_equal(store_hash_at(hall.store, device, 3, hash), ERR_OK);
    const struct branch b = { .seg = { .first = 4,
                                       .last = 4,
                                       .bytes = STR("{\"v\":1}\n"),
                                       .head = hash },
                              .previous = hash,
                              .at_ms = 8 };
    assert_int_equal(store_branch_add(hall.store, device, &b), ERR_OK);
    assert_int_equal(store_decide(hall.store, device, &hold), ERR_OK);
    raw_exec(hall.store,
             "INSERT INTO packed (device, first, last, size, bytes, head,"
             " checks) VALUES ('NOBODY', 1, 2, 3, x'00ff0a', x'01', x'')");
}

static int open_hall(void **state)
{
    (void)state;
    fairs_open_file(&hall);
    fairs_clock(20200115, 607);
    a_calendar(FAIR, 20200114, OTHER);
    a_calendar(OTHER, 20190125, "");
    lists();
    people();
    published();
    trade(FAIR, 20200114, 200000);
    trade(OTHER, 20190125, 150000);
    decided();
    return 0;
}

static int close_hall(void **state)
{
    (void)state;
    fairs_close(&hall);
    return 0;
}

static int open_middle(void **state)
{
    (void)state;
    place_make(middle);
    return store_open(middle, STORE_WRITE, NULL, &there) == ERR_OK ? 0 : -1;
}

static int close_middle(void **state)
{
    (void)state;
    store_close(there);
    place_remove(middle);
    return 0;
}

/* ---- the same ------------------------------------------------------------ */

/* The file's own description: the test need not know which tables there are. A
 * segment's number is the file's alone. */
static const char kept_tables[] =
    "SELECT name FROM sqlite_master WHERE type = 'table' AND"
    " substr(name, 1, 5) NOT IN ('roll_', 'fold_', 'sqlit', 'meta')"
    " ORDER BY name";

/* Every column of every row, table by table; fails for one that is empty. */
static void dump(struct store *s, struct buf *out)
{
    BUF(names, MAX_TEXT);
    struct str rest, name;
    raw_text(s, kept_tables, &names);
    rest = buf_slice(&names);
    while (lines_next(&rest, &name)) {
        BUF(sql, MAX_TEXT);
        size_t before = out->len;
        buf_printf(&sql, "SELECT * FROM %.*s ORDER BY 1, 2", (int)name.len,
                   name.data);
        raw_text(s,
                 str_is(name, "segment")
                     ? "SELECT device, first, last, bytes, head, checks"
                       " FROM segment ORDER BY device, first"
                     : buf_text(&sql),
                 out);
        if (out->len == before)
            fail_msg("table %.*s is empty", (int)name.len, name.data);
    }
    assert_true(buf_ok(out));
}

static const struct report_query queries[] = {
    { .fair = FAIR },
    { .fair = OTHER },
    { .fair = FAIR, .by = "booth" },
    { .fair = FAIR, .day = 20200115 },
};

/* Every kind of report of both fairs; what a kind refuses is the same, too. */
static void reports(struct store *s, struct buf *out)
{
    int made = 0;
    for (const struct report_kind *k = report_kinds; k->name; k++) {
        for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
            struct report_query q = queries[i];
            BUF(one, MAX_OUTPUT);
            BUF(why, MAX_TEXT);
            q.kind = k->name;
            q.format = REPORT_JSON;
            enum err e = report_make(s, &q, &one, &why);
            made += e == ERR_OK;
            buf_printf(out, "%s %zu %s\n", k->name, i, err_code(e));
            buf_str(out, buf_slice(&one));
        }
    }
    assert_true(made > 20);
    assert_true(buf_ok(out));
}

static enum err put_verdict(void *ctx, const struct device_check *d)
{
    buf_printf(ctx, "%s %d %lld %s\n", d->device->device, d->ok,
               (long long)d->first_bad, err_code(d->error));
    return ERR_OK;
}

static void verdicts(struct store *s, struct buf *out)
{
    struct check c;
    uint8_t aggregator[KEY_BYTES] = { 0 };
    assert_int_equal(check_verify(s, aggregator, put_verdict, out, &c), ERR_OK);
    assert_true(c.file_ok);
    buf_printf(out, "%lld %lld %d\n", (long long)c.devices, (long long)c.events,
               c.rollups_ok);
}

static void same_as(struct store *s, void (*tell)(struct store *, struct buf *))
{
    BUF(first, MAX_OUTPUT);
    BUF(second, MAX_OUTPUT);
    tell(hall.store, &first);
    tell(s, &second);
    assert_int_equal(first.len, second.len);
    assert_memory_equal(first.data, second.data, first.len);
}

static void expect_same(struct store *s)
{
    same_as(s, reports);
    same_as(s, verdicts);
}

static struct copied copied_to(struct store *from, struct store *to)
{
    struct copied c;
    assert_int_equal(copy_store(from, to, &c), ERR_OK);
    return c;
}

/* ---- the tests ----------------------------------------------------------- */

static void there_and_back_everything_is_the_same(void **state)
{
    char dir[SCRATCH_ROOM];
    struct store *back = NULL;
    (void)state;
    struct copied c = copied_to(hall.store, there);
    assert_int_equal(c.devices, 4);
    assert_int_equal(c.events,
                     raw_int(hall.store, "SELECT sum(count) FROM device"));
    assert_true(c.rows > 4 * SENDS);
    expect_same(there);
    scratch_make(dir);
    assert_int_equal(store_open(dir, STORE_WRITE, NULL, &back), ERR_OK);
    struct copied again = copied_to(there, back);
    assert_int_equal(again.rows, c.rows);
    assert_int_equal(again.events, c.events);
    expect_same(back);
    same_as(back, dump);
    store_close(back);
    scratch_remove(dir);
}

static void what_is_copied_is_folded(void **state)
{
    int64_t folded = -1;
    char id[DEVICE_LEN + 1];
    struct device d;
    int64_t mark = 0;
    (void)state;
    copied_to(hall.store, there);
    assert_int_equal(store_device(there, fairs_id(&hall, 1, id), &d), ERR_OK);
    assert_int_equal(store_mark(there, fairs_id(&hall, 1, id), &mark), ERR_OK);
    assert_int_equal(mark, d.count);
    assert_int_equal(store_fold_step(there, 100, &folded), ERR_OK);
    assert_int_equal(folded, 0);
}

static void what_holds_something_is_left_alone(void **state)
{
    struct copied c;
    int64_t version = 0;
    (void)state;
    assert_int_equal(catalogue_add(there, 77, &version), ERR_OK);
    assert_int_equal(copy_store(hall.store, there, &c), ERR_EXISTS);
    assert_int_equal(raw_int(there, "SELECT count(*) FROM device"), 0);
    assert_int_equal(raw_int(there, "SELECT valid_from_ms FROM catalogue"), 77);
}

static void a_copy_of_nothing_is_nothing(void **state)
{
    struct copied c;
    char dir[SCRATCH_ROOM];
    struct store *empty = NULL;
    (void)state;
    scratch_make(dir);
    assert_int_equal(store_open(dir, STORE_WRITE, NULL, &empty), ERR_OK);
    c = copied_to(empty, there);
    assert_int_equal(c.rows, 0);
    store_close(empty);
    scratch_remove(dir);
}

/* The file has its name when it is complete; nothing lies beside it. */
static void a_file_appears_whole_or_not_at_all(void **state)
{
    char dir[SCRATCH_ROOM];
    struct store *s = NULL;
    struct copied c;
    BUF(path, MAX_TEXT);
    (void)state;
    copied_to(hall.store, there);
    scratch_make(dir);
    scratch_write(dir, "copy.db.new", STR("of a copy that was killed"));
    buf_puts(&path, scratch_path(dir, "copy.db"));
    assert_int_equal(copy_to_file(there, buf_text(&path), &c), ERR_OK);
    assert_false(scratch_has(dir, "copy.db.new"));
    assert_false(scratch_has(dir, "copy.db-wal"));
    assert_int_equal(store_open_file(buf_text(&path), STORE_WRITE, NULL, &s),
                     ERR_OK);
    expect_same(s);
    same_as(s, dump);
    store_close(s);
    assert_int_equal(copy_to_file(there, buf_text(&path), &c), ERR_EXISTS);
    assert_int_equal(copy_to_file(there, scratch_path(dir, "no/where.db"), &c),
                     ERR_NOT_FOUND);
    scratch_remove(dir);
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, open_middle, close_middle)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(there_and_back_everything_is_the_same),
        TEST(what_is_copied_is_folded),
        TEST(what_holds_something_is_left_alone),
        TEST(a_copy_of_nothing_is_nothing),
        TEST(a_file_appears_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, open_hall, close_hall);
}
