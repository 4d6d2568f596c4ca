/*
 * test_pos_commands.c - fair-pos on the command line: what scripts read, and
 * what is wrong usage.
 */
#include "pos/commands/commands.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>
#include <sqlite3.h>

#include "fair/wire.h"
#include "pos/till/shift.h"
#include "tests/support/book.h"
#include "tests/support/till_fixture.h"
#include "tests/support/vfs_fault.h"

enum { WORDS = 16 };

static struct till_fixture f;
static json_t *answer;
static char said[512]; /* sentence, detail and remedy of the last refusal */

static int set_up(void **state)
{
    (void)state;
    till_fixture_init(&f);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    json_decref(answer);
    answer = NULL;
    till_fixture_done(&f);
    return 0;
}

/* Runs "sell 1 --exact" and the like. */
static enum err run_as(const char *format, const char *line)
{
    char words[256];
    const char *argv[WORDS] = { "fair-pos", "--data", f.dir, "--format",
                                format };
    int argc = 5;
    struct cli cli;
    assert_true(strlen(line) < sizeof(words));
    memcpy(words, line, strlen(line) + 1);
    for (char *at = words; *at; argc++) {
        argv[argc] = at;
        at += strcspn(at, " ");
        if (*at)
            *at++ = '\0';
    }
    enum err e = cli_carry_out(pos_program(), argc, argv, &cli);
    json_decref(answer);
    answer = json_loadb(buf_text(&cli.out), cli.out.len, 0, NULL);
    snprintf(said, sizeof(said), "%s: %s; %s",
             cli.text ? cli.text : err_text(e), buf_text(&cli.detail),
             cli.remedy ? cli.remedy : err_remedy(e));
    cli_done(&cli);
    return e;
}

/* As JSON; the answer stays in `answer`. */
static enum err run(const char *line)
{
    enum err e = run_as("json", line);
    assert_true(e != ERR_OK || answer);
    return e;
}

static int64_t number(const char *member)
{
    json_t *value = json_object_get(answer, member);
    if (!json_is_integer(value))
        fail_msg("no number %s", member);
    return json_integer_value(value);
}

static const char *text(const char *member)
{
    json_t *value = json_object_get(answer, member);
    if (!json_is_string(value))
        fail_msg("no text %s", member);
    return json_string_value(value);
}

static bool noted(const char *word)
{
    size_t i;
    json_t *note;
    json_array_foreach(json_object_get(answer, "notes"), i, note)
    {
        if (strcmp(json_string_value(note), word) == 0)
            return true;
    }
    return false;
}

/* ---- what scripts read ---- */

static void a_day_at_a_booth_in_eleven_commands(void **state)
{
    (void)state;
    assert_int_equal(run("shift open --float 500000"), ERR_OK);
    assert_int_equal(number("shift"), 1);
    assert_string_equal(text("day"), "2020-01-14");
    assert_int_equal(number("float_vnd"), 500000);
    assert_int_equal(run("sell 2*2 0.385*1 --cash 500000"), ERR_OK);
    assert_string_equal(text("receipt"), "A1-1-4");
    assert_int_equal(number("seq"), 4);
    assert_int_equal(number("total_vnd"), 413250);
    assert_int_equal(number("tendered_vnd"), 500000);
    assert_int_equal(number("change_vnd"), 86750);
    assert_int_equal(strlen(text("payment_ref")), 7);
    assert_string_equal(text("basket"), text("payment_ref") + 2);
    assert_null(json_object_get(answer, "repeated"));
    assert_int_equal(run("sell 3 --transfer FT1 --operator 7"), ERR_OK);
    assert_true(noted("expired"));
    assert_int_equal(run("refund a1-1-4 TH-01"), ERR_OK);
    assert_int_equal(number("refund_vnd"), 120000);
    assert_int_equal(number("remaining_vnd"), 293250);
    assert_int_equal(run("receipt A1-1-4"), ERR_OK);
    assert_int_equal(number("remaining_vnd"), 293250);
    assert_string_equal(text("kind"), "sale");
    assert_int_equal(run("void A1-1-5"), ERR_OK);
    assert_int_equal(number("refund_vnd"), 65000);
    assert_int_equal(run("visitors 30 --gate G1 --estimated"), ERR_OK);
    assert_string_equal(text("quality"), "estimated");
    assert_int_equal(run("report x"), ERR_OK);
    assert_int_equal(number("net_vnd"), 293250);
    assert_int_equal(run("shift close --counted 793000"), ERR_OK);
    assert_int_equal(number("expected_vnd"), 793250);
    assert_int_equal(number("difference_vnd"), -250);
    assert_int_equal(run("report z"), ERR_OK);
    assert_int_equal(number("gross_vnd"), 478250);
    assert_int_equal(number("refunds_vnd"), 120000);
    assert_int_equal(number("voids_vnd"), 65000);
    assert_int_equal(number("cash_expected_vnd"), 793250);
    assert_int_equal(json_integer_value(json_object_get(
                         json_object_get(answer, "by_method"), "cash")),
                     293250);
    assert_int_equal(run("verify"), ERR_OK);
    assert_true(json_is_true(json_object_get(answer, "ok")));
    assert_true(json_is_null(json_object_get(answer, "first_bad")));
    assert_true(json_is_null(json_object_get(answer, "error")));
}

static void a_basket_answers_as_before_whatever_it_holds_now(void **state)
{
    (void)state;
    assert_int_equal(run("shift open --float 0"), ERR_OK);
    assert_int_equal(run("sell 2 --exact --basket b-1"), ERR_OK);
    assert_int_equal(run("sell unheard-of --cash 1 --basket b-1"), ERR_OK);
    assert_true(json_is_true(json_object_get(answer, "repeated")));
    assert_int_equal(number("total_vnd"), 120000);
    assert_int_equal(run("shift close --counted 0"), ERR_OK);
    assert_int_equal(run("sell 2 --exact --basket b-1"), ERR_OK);
    assert_int_equal(number("seq"), 4);
}

static void a_refund_repeated_by_its_basket_is_the_same_refund(void **state)
{
    (void)state;
    assert_int_equal(run("shift open --float 0"), ERR_OK);
    assert_int_equal(run("sell 3*2 --exact"), ERR_OK);
    assert_int_equal(run("refund A1-1-4 2 --basket r-1"), ERR_OK);
    assert_null(json_object_get(answer, "repeated"));
    assert_int_equal(run("refund A1-1-4 2 --basket r-1"), ERR_OK);
    assert_true(json_is_true(json_object_get(answer, "repeated")));
    assert_string_equal(text("receipt"), "A1-1-5");
    assert_int_equal(number("refund_vnd"), 120000);
    assert_int_equal(number("remaining_vnd"), 240000);
    assert_int_equal(run("report x"), ERR_OK);
    assert_int_equal(number("refunds_vnd"), 120000);
}

/* ---- the end of a shift ---- */

/* Writes other digits into the oldest sale: its own chain link breaks. */
static void damage_oldest_sale(const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(scratch_path(f.dir, "ledger.db"), &db),
                     SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "DROP TRIGGER event_is_final", NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* More events than the till looks at when it is opened. */
static void a_damaged_ledger_is_told_when_the_shift_closes(void **state)
{
    enum { SALES = 40 };
    (void)state;
    for (int damaged = 0; damaged < 2; damaged++) {
        assert_int_equal(run("shift open --float 0"), ERR_OK);
        for (int i = 0; i < SALES; i++)
            assert_int_equal(run("sell 2 --exact"), ERR_OK);
        if (damaged)
            damage_oldest_sale(
                "UPDATE event SET bytes = CAST(replace(bytes, '120000',"
                " '920000') AS BLOB) WHERE seq = 4");
        assert_int_equal(run("shift close --counted 0"), ERR_OK);
        assert_int_equal(number("expected_vnd"), SALES * 120000);
        assert_true(json_is_boolean(json_object_get(answer, "ledger_ok")));
        assert_int_equal(json_is_true(json_object_get(answer, "ledger_ok")),
                         !damaged);
    }
    assert_int_equal(number("first_bad"), 4);
    assert_int_equal(run("report x"), ERR_NO_SHIFT);
}

/* What can be done is said, whole. */
static void a_damaged_ledger_names_verify_and_a_new_string(void **state)
{
    (void)state;
    assert_int_equal(run("shift open --float 0"), ERR_OK);
    assert_int_equal(run("sell 2 --exact"), ERR_OK);
    damage_oldest_sale("UPDATE event SET hash = zeroblob(32) WHERE seq = 4");
    assert_int_equal(run("sell 2 --exact"), ERR_CORRUPT);
    assert_non_null(strstr(said, "do not follow one another"));
    assert_non_null(strstr(said, "fair-pos verify"));
    assert_non_null(strstr(said, "with a new string of the organiser"));
}

/* Lines that do not sum up to the total: nothing of such a sale is believed. */
static void a_shift_with_a_sale_nobody_can_read_still_closes(void **state)
{
    enum { SALES = 70 };
    (void)state;
    assert_int_equal(run("shift open --float 0"), ERR_OK);
    for (int i = 0; i < SALES; i++)
        assert_int_equal(run("sell 2 --exact"), ERR_OK);
    assert_int_equal(run("report x"), ERR_OK);
    assert_null(json_object_get(answer, "unread"));
    damage_oldest_sale("UPDATE event SET bytes = CAST(replace(bytes,"
                       " '\"total\":120000', '\"total\":920000') AS BLOB)"
                       " WHERE seq = 4");
    assert_int_equal(run("report x"), ERR_OK);
    assert_int_equal(number("unread"), 1);
    assert_int_equal(number("net_vnd"), (SALES - 1) * 120000);
    assert_int_equal(run("shift close --counted 0"), ERR_OK);
    assert_int_equal(number("expected_vnd"), (SALES - 1) * 120000);
    assert_true(json_is_false(json_object_get(answer, "ledger_ok")));
    assert_int_equal(number("first_bad"), 4);
    assert_int_equal(run("report z"), ERR_OK);
    assert_int_equal(number("sales"), SALES - 1);
}

/* Between the shift's end and its seal, too: the slip needs the ledger. */
static void a_disk_that_dies_while_a_shift_closes_is_no_end(void **state)
{
    int answers[ERR_COUNT] = { 0 };
    (void)state;
    vfs_fault_install();
    for (int n = 1; n < 60; n++) {
        vfs_fault_clear();
        enum err opened = run("shift open --float 0");
        assert_true(opened == ERR_OK || opened == ERR_SHIFT_OPEN);
        vfs_fault.ops = FAULT_WRITE | FAULT_SYNC | FAULT_OPEN;
        vfs_fault.at = n;
        vfs_fault.number = EIO;
        vfs_fault.persistent = true;
        answers[run_as("text", "shift close --counted 0")]++;
    }
    vfs_fault_clear();
    assert_true(answers[ERR_OK] > 1 && answers[ERR_UNSURE] > 1);
    assert_true(answers[ERR_IO] > 1);
    till_fixture_verify(&f);
}

/* ---- what the aggregator acknowledged ---- */

enum { AGGREGATOR = 2, ANOTHER = 3 };

/* Leaves an acknowledgement of `count` events that ended in 22…22. */
static void acknowledge(uint8_t aggregator, const char *device, int64_t count)
{
    struct book book;
    struct inbox *in = NULL;
    char id[DEVICE_LEN + 1], hex[2 * HASH_BYTES + 1];
    uint8_t head[HASH_BYTES];
    BUF(lines, MAX_REPLY);
    memset(hex, '2', sizeof(hex) - 1);
    hex[sizeof(hex) - 1] = '\0';
    memset(head, 0x22, sizeof(head));
    book_init(&book, 1, aggregator);
    aggregator_id(book.aggregator.public_key, id);
    struct ack ack = { .ack = STR("1"),
                       .aggregator = str_of(id),
                       .count = count,
                       .device = str_of(device),
                       .head = str_of(hex),
                       .nonce = STR(NONCE_NONE),
                       .state = STR("active") };
    ack_encode(&ack, &book.aggregator, &lines);
    book_done(&book);
    assert_int_equal(inbox_open(f.dir, INBOX_WRITE, "test", NULL, &in), ERR_OK);
    assert_int_equal(inbox_set_ack(in, count, head, buf_slice(&lines), 1),
                     ERR_OK);
    inbox_close(in);
}

static void only_our_aggregators_word_on_this_till_is_a_witness(void **state)
{
    char device[DEVICE_LEN + 1];
    (void)state;
    assert_int_equal(run("shift open --float 0"), ERR_OK);
    assert_int_equal(run("verify"), ERR_OK);
    snprintf(device, sizeof(device), "%s", text("device"));
    acknowledge(AGGREGATOR, device, 2);
    assert_int_equal(run("verify"), ERR_REWRITTEN);
    acknowledge(AGGREGATOR, device, 5);
    assert_int_equal(run("verify"), ERR_TRUNCATED);
    acknowledge(AGGREGATOR, "aaaaaaaaaaaaaaaa", 2);
    assert_int_equal(run("verify"), ERR_OK);
    acknowledge(ANOTHER, device, 2);
    assert_int_equal(run("verify"), ERR_OK);
}

/* ---- refusals ---- */

static void a_word_of_the_wrong_form_is_wrong_usage(void **state)
{
    static const char *const lines[] = {
        "sell 2",
        "sell --exact",
        "sell 2 --exact --cash 1",
        "sell 2 --exact --transfer F1",
        "sell 2 --cash 1.5",
        "sell 2 --cash -1",
        "sell 2 --cash 10000000000000",
        "sell 2 --transfer ft-1",
        "sell 2 --transfer ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "sell 0*2 --exact",
        "sell 1.2345*2 --exact",
        "sell 1,5*2 --exact",
        "sell *2 --exact",
        "sell 2* --exact",
        "sell 2 --exact --basket a/b",
        "sell 2 --exact --operator x",
        "sell 2 --exact --operator 1000",
        "sell 2 --exact --at 2020-01-14",
        "sell 2 --exact --at 1970-01-01T07:00",
        "sell 2 --exact --at 1970-01-01T00:00",
        "sell 2 --exact --columns 40",
        "shift open",
        "shift open --float x",
        "shift open --float 0 --day 2020-02-30",
        "shift close",
        "visitors",
        "visitors x",
        "visitors 1.5",
        "visitors --estimated",
        "refund",
        "refund A1-1-4 --basket a/b",
        "void",
        "void A1-1-4 2",
        "receipt",
        "report",
        "report y",
        "",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        if (run(lines[i]) != ERR_USAGE)
            fail_msg("not refused: %s", lines[i]);
    }
    assert_false(scratch_has(f.dir, "ledger.db"));
}

static void a_refusal_records_nothing(void **state)
{
    static const struct {
        const char *line;
        enum err e;
    } cases[] = {
        { "shift open --float 0", ERR_SHIFT_OPEN },
        { "sell 99 --exact", ERR_ITEM },
        { "sell 2 --cash 119999", ERR_TENDER },
        { "sell 2 --exact --at 2020-01-14T08:01", ERR_FUTURE },
        { "refund A1-1-99", ERR_RECEIPT },
        { "refund A1-1-1", ERR_RECEIPT },
        { "refund B2-1-4", ERR_RECEIPT },
        { "refund A1-1-4 3", ERR_ITEM },
        { "refund A1-1-4 2*2", ERR_REFUNDED },
        { "void B2-1-4", ERR_RECEIPT },
        { "visitors -1", ERR_INVALID },
        { "visitors 100001", ERR_INVALID },
        { "visitors 1 --at 2020-01-14T08:01", ERR_FUTURE },
        { "receipt A1-1-3", ERR_RECEIPT },
        { "report z", ERR_NO_SHIFT },
    };
    (void)state;
    assert_int_equal(run("shift open --float 0"), ERR_OK);
    assert_int_equal(run("sell 2 --exact"), ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (run(cases[i].line) != cases[i].e)
            fail_msg("another answer: %s", cases[i].line);
    }
    assert_int_equal(run("verify"), ERR_OK);
    assert_int_equal(number("events"), 4);
}

static void a_refusal_says_what_exactly_and_what_to_do(void **state)
{
    static const struct {
        const char *line, *says;
    } cases[] = {
        { "sell 2 --cash 5k", "wrong usage: --cash 5k: whole đồng, digits "
                              "only: 180000; see --help" },
        { "sell 0,5*2 --exact",
          "wrong usage: 0,5*2: code, sku or barcode, QTY* before it: 0.385*12; "
          "see --help" },
        { "visitors x",
          "wrong usage: x: a whole number, not too large; see --help" },
        { "sell 2*2 --cash 1000",
          "the payment does not cover the total: the total is 240.000; "
          "take at least the total" },
        { "refund A1-1-4 3", "this is not on the receipt: ; "
                             "see what is: fair-pos receipt RECEIPT" },
        { "refund A1-1-4 2*2",
          "more than what remains cannot be given back: 120.000 remains; "
          "see what remains: fair-pos receipt RECEIPT" },
        { "refund A1-1-4 2 --basket b-1",
          "it exists already: --basket b-1; "
          "use another name, file or directory" },
        { "void A1-1-5", "some of this sale was given back already: ; "
                         "give back the rest with `refund`" },
        { "void A1-1-3",
          "no such receipt on this till: A1-1-3; "
          "check the number; another till's receipt needs that till" },
        { "report z", "no shift has been closed yet: ; "
                      "see the open one: fair-pos report x" },
    };
    (void)state;
    assert_int_equal(run("shift open --float 0"), ERR_OK);
    assert_int_equal(run("sell 2 --exact --basket b-1"), ERR_OK);
    assert_int_equal(run("sell 2*2 --exact"), ERR_OK);
    assert_int_equal(run("refund A1-1-5 2"), ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_not_equal(run(cases[i].line), ERR_OK);
        assert_string_equal(said, cases[i].says);
    }
}

static void without_lists_the_till_says_what_to_run(void **state)
{
    struct cli cli;
    const char *argv[] = {
        "fair-pos", "--data", f.dir, "sell", "2", "--exact"
    };
    (void)state;
    assert_int_equal(run("shift open --float 0"), ERR_OK);
    scratch_write(f.dir, "sync.db", STR(""));
    enum err e = cli_carry_out(pos_program(), (int)ARRAY_LEN(argv), argv, &cli);
    assert_int_equal(e, ERR_NOT_SET_UP);
    assert_non_null(strstr(buf_text(&cli.detail), "fair-sync once"));
    cli_done(&cli);
}

static void a_late_sale_is_marked(void **state)
{
    (void)state;
    assert_int_equal(run("shift open --float 0"), ERR_OK);
    assert_int_equal(run("sell 2 --exact --at 2020-01-13T18:00"), ERR_OK);
    assert_string_equal(text("day"), "2020-01-13");
    assert_true(noted("late"));
    assert_true(noted("outside_calendar"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void m16_damaged_operators_are_told_from_a_damaged_ledger(void **state)
{
    static const char *const lines[] = { "--plain", "operator list" };
    (void)state;
    scratch_write(f.dir, "operators", STR("{"));
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        assert_int_equal(run(lines[i]), ERR_CORRUPT);
        assert_non_null(strstr(said, "operators is damaged"));
        assert_non_null(strstr(said, "operator reset NUMBER"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_day_at_a_booth_in_eleven_commands),
        TEST(a_basket_answers_as_before_whatever_it_holds_now),
        TEST(a_refund_repeated_by_its_basket_is_the_same_refund),
        TEST(a_damaged_ledger_is_told_when_the_shift_closes),
        TEST(a_damaged_ledger_names_verify_and_a_new_string),
        TEST(a_shift_with_a_sale_nobody_can_read_still_closes),
        TEST(a_disk_that_dies_while_a_shift_closes_is_no_end),
        TEST(only_our_aggregators_word_on_this_till_is_a_witness),
        TEST(a_word_of_the_wrong_form_is_wrong_usage),
        TEST(a_refusal_records_nothing),
        TEST(a_refusal_says_what_exactly_and_what_to_do),
        TEST(without_lists_the_till_says_what_to_run),
        TEST(a_late_sale_is_marked),
        TEST(m16_damaged_operators_are_told_from_a_damaged_ledger),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
