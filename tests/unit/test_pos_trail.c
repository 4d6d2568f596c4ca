/*
 * test_pos_trail.c - cash, reasons, foreign receipts, earlier shifts and
 * operators on the command line.
 */
#include "pos/commands/commands.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "pos/till/operators.h"
#include "tests/support/till_fixture.h"

enum { WORDS = 20 };

static struct till_fixture f;
static json_t *answer;
static char said[512]; /* sentence, detail and remedy of the last refusal */
static int stdin_kept;

static int set_up(void **state)
{
    (void)state;
    till_fixture_init(&f);
    stdin_kept = dup(STDIN_FILENO);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(dup2(stdin_kept, STDIN_FILENO), STDIN_FILENO);
    close(stdin_kept);
    json_decref(answer);
    answer = NULL;
    till_fixture_done(&f);
    return 0;
}

/* Runs "cash in 1000 --reason x", as JSON; the answer stays in `answer`. */
static enum err run(const char *line)
{
    char words[256];
    const char *argv[WORDS] = { "fair-pos", "--data", f.dir, "--format",
                                "json" };
    int argc = 5;
    struct cli cli;
    assert_true(strlen(line) < sizeof(words));
    memcpy(words, line, strlen(line) + 1);
    for (char *at = words; *at; argc++) {
        assert_true(argc < WORDS);
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
    assert_true(e != ERR_OK || answer);
    return e;
}

/* The same with these bytes as its standard input. */
static enum err run_with(const char *line, const char *input)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], input, strlen(input)),
                     (ssize_t)strlen(input));
    close(ends[1]);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    close(ends[0]);
    return run(line);
}

static json_t *at(const char *object, const char *member)
{
    json_t *in = object ? json_object_get(answer, object) : answer;
    return json_object_get(in, member);
}

static int64_t number(const char *object, const char *member)
{
    json_t *value = at(object, member);
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

static void said_has(const char *what)
{
    if (!strstr(said, what))
        fail_msg("\"%s\" is not in \"%s\"", what, said);
}

static int64_t events(void)
{
    assert_int_equal(run("verify"), ERR_OK);
    return number(NULL, "events");
}

static void wrong_usage(const char *const *lines)
{
    for (; *lines; lines++) {
        if (run(*lines) != ERR_USAGE)
            fail_msg("%s", *lines);
    }
}

/* ---- cash ---- */

static void m14_cash_goes_in_and_out_with_a_reason(void **state)
{
    (void)state;
    assert_int_equal(run("cash in 1000 --reason x"), ERR_NO_SHIFT);
    assert_int_equal(run("shift open --float 500000"), ERR_OK);
    assert_int_equal(run("cash in 200000 --reason tiền-lẻ --operator 7"),
                     ERR_OK);
    assert_int_equal(number(NULL, "amount_vnd"), 200000);
    assert_int_equal(number(NULL, "cash_expected_vnd"), 700000);
    assert_int_equal(number(NULL, "seq"), 4);
    assert_int_equal(run("cash out 650000 --reason mua-đá"), ERR_OK);
    assert_int_equal(number(NULL, "amount_vnd"), -650000);
    assert_int_equal(number(NULL, "cash_expected_vnd"), 50000);
    assert_int_equal(run("cash out 50001 --reason x"), ERR_LIMIT);
    said_has("50.000");
    assert_int_equal(run("cash out 50000 --reason x"), ERR_OK);
    assert_int_equal(run("report x"), ERR_OK);
    assert_int_equal(number("cash", "put_in_vnd"), 200000);
    assert_int_equal(number("cash", "taken_out_vnd"), 700000);
    assert_int_equal(number(NULL, "cash_expected_vnd"), 0);
}

static void cash_of_the_wrong_form_is_wrong_usage(void **state)
{
    static const char *const lines[] = { "cash in 1000",
                                         "cash in 0 --reason x",
                                         "cash out 0 --reason x",
                                         "cash out -5 --reason x",
                                         "cash in --reason x",
                                         "cash in 1 --reason ",
                                         "cash in 1 --reason \x1b[2J",
                                         "cash in 12345678901234 --reason x",
                                         NULL };
    (void)state;
    assert_int_equal(run("shift open --float 0"), ERR_OK);
    int64_t before = events();
    wrong_usage(lines);
    assert_int_equal(events(), before);
}

/* ---- closing, and reports of earlier shifts ---- */

static void m14_a_close_takes_any_count_and_a_reason(void **state)
{
    (void)state;
    assert_int_equal(run("shift open --float 500000"), ERR_OK);
    assert_int_equal(run("sell 2 --exact"), ERR_OK);
    assert_int_equal(run("shift close --counted 600000 --reason trả-nhầm"),
                     ERR_OK);
    assert_int_equal(number(NULL, "difference_vnd"), -20000);
    assert_string_equal(text("reason"), "trả-nhầm");
    assert_int_equal(run("report z"), ERR_OK);
    assert_string_equal(text("reason"), "trả-nhầm");
    assert_int_equal(number("cash", "taken_vnd"), 120000);
    assert_int_equal(number("cash", "expected_vnd"), 620000);
}

static void m15_z_of_every_shift_is_shown_again_and_records_nothing(
    void **state)
{
    char line[64];
    (void)state;
    for (int i = 1; i <= 3; i++) {
        snprintf(line, sizeof(line), "shift open --float %d", i);
        assert_int_equal(run(line), ERR_OK);
        assert_int_equal(run("sell 6 --exact"), ERR_OK);
        snprintf(line, sizeof(line), "shift close --counted %d", 1001 * i);
        assert_int_equal(run(line), ERR_OK);
    }
    assert_int_equal(run("shift open --float 9"), ERR_OK);
    int64_t before = events();
    for (int i = 1; i <= 3; i++) {
        snprintf(line, sizeof(line), "report z --shift %d", i);
        assert_int_equal(run(line), ERR_OK);
        assert_int_equal(number(NULL, "shift"), i);
        assert_int_equal(number(NULL, "float_vnd"), i);
        assert_int_equal(number(NULL, "counted_vnd"), 1001 * i);
    }
    assert_int_equal(run("report z --shift 4"), ERR_NO_SHIFT); /* open */
    said_has("of this number");
    assert_int_equal(run("report z --shift 5"), ERR_NO_SHIFT);
    assert_int_equal(run("report z --shift 0"), ERR_USAGE);
    assert_int_equal(run("report z --shift x"), ERR_USAGE);
    assert_int_equal(run("report z"), ERR_OK);
    assert_int_equal(number(NULL, "shift"), 3);
    assert_int_equal(events(), before);
}

/* ---- refunds and voids ---- */

static void m10_refund_and_void_take_a_reason(void **state)
{
    struct record *r = record_open();
    (void)state;
    assert_int_equal(run("shift open --float 0"), ERR_OK);
    assert_int_equal(run("sell 2 --exact"), ERR_OK);
    assert_int_equal(run("refund A1-1-4 --reason vỡ"), ERR_OK);
    assert_int_equal(run("sell 2 --exact"), ERR_OK);
    assert_int_equal(run("void A1-1-6 --reason nhầm"), ERR_OK);
    assert_int_equal(run("void A1-1-6 --reason \xff"), ERR_USAGE);
    till_fixture_open(&f);
    assert_int_equal(till_record(&f.till, 5, r), ERR_OK);
    assert_true(str_is(r->body.refund.reason, "vỡ"));
    assert_int_equal(till_record(&f.till, 7, r), ERR_OK);
    assert_true(str_is(r->body.voided.reason, "nhầm"));
    record_close(r);
}

static void m10_a_foreign_receipt_needs_a_supervisor(void **state)
{
    static const char *const lines[] = {
        "refund B2-1-15 2 --foreign",
        "refund B2-1-15 --foreign --supervisor 0",
        "refund B2-1-15 2 --supervisor 0",
        "refund B2-1-15 2 --paid 1000",
        "refund B2-1-15 2 --foreign --supervisor 1000",
        "refund B2-1-15 2 --foreign --supervisor x",
        "refund B2-1-15 2 --foreign --supervisor 0 --paid 0",
        NULL
    };
    (void)state;
    assert_int_equal(run("shift open --float 900000"), ERR_OK);
    int64_t before = events();
    wrong_usage(lines);
    assert_int_equal(run("refund B2-1-15 2 --foreign --supervisor 3"),
                     ERR_NOT_MAY);
    assert_int_equal(run("refund A1-1-3 2 --foreign --supervisor 0"),
                     ERR_RECEIPT);
    said_has("this very till");
    assert_int_equal(run("refund B2-15 2 --foreign --supervisor 0"),
                     ERR_INVALID);
    said_has("A1-2-15");
    assert_int_equal(
        run("refund B2-1-15 2 --foreign --supervisor 0 --paid 120001"),
        ERR_LIMIT);
    assert_int_equal(run("refund B2-1-15 nix --foreign --supervisor 0"),
                     ERR_ITEM);
    assert_int_equal(events(), before);
    assert_int_equal(
        run("refund b2-1-15 2*2 --foreign --supervisor 0 --paid 200000"),
        ERR_OK);
    assert_int_equal(number(NULL, "refund_vnd"), 200000);
    assert_int_equal(events(), before + 2);
    assert_int_equal(run("report x"), ERR_OK);
    assert_int_equal(number("trail", "overrides"), 1);
    assert_int_equal(number("cash", "given_back_vnd"), 200000);
}

/* ---- operators ---- */

static void m16_operators_come_and_go_with_a_pin_from_a_line(void **state)
{
    (void)state;
    assert_int_equal(run_with("operator add 7 --name Minh", "777777\n"),
                     ERR_INVALID);
    said_has("supervisor");
    assert_int_equal(run_with("operator add 1 --name Lan --role supervisor "
                              "--speaks en",
                              "111111\r\nmore\n"),
                     ERR_OK);
    assert_string_equal(text("role"), "supervisor");
    assert_string_equal(text("language"), "en");
    assert_int_equal(run_with("operator add 7 --name Minh", "777777"), ERR_OK);
    assert_int_equal(run_with("operator add 7 --name Minh", "888888\n"),
                     ERR_EXISTS);
    assert_int_equal(run("operator list"), ERR_OK);
    json_t *all = json_object_get(answer, "operators");
    assert_int_equal(json_array_size(all), 2);
    assert_string_equal(
        json_string_value(json_object_get(json_array_get(all, 1), "name")),
        "Minh");
    assert_false(
        json_boolean_value(json_object_get(json_array_get(all, 1), "locked")));
    assert_int_equal(run("operator remove 1"), ERR_INVALID);
    assert_int_equal(run("operator remove 2"), ERR_NOT_FOUND);
    assert_int_equal(run("operator remove 7"), ERR_OK);
    assert_int_equal(run("operator list"), ERR_OK);
    assert_int_equal(json_array_size(json_object_get(answer, "operators")), 1);
}

static void what_is_no_pin_changes_nothing(void **state)
{
    static const char *const wrong[] = { "",         "\n",
                                         "12345\n",  "1234567890123\n",
                                         "12345x\n", " 123456\n" };
    (void)state;
    int64_t before = events();
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_int_equal(
            run_with("operator add 1 --name Lan --role supervisor", wrong[i]),
            ERR_INVALID);
        said_has("6 to 12 digits");
    }
    assert_int_equal(events(), before);
    assert_false(scratch_has(f.dir, "operators"));
}

static void an_operator_of_the_wrong_form_is_wrong_usage(void **state)
{
    static const char *const lines[] = { "operator add 0 --name Lan",
                                         "operator add 1000 --name Lan",
                                         "operator add x --name Lan",
                                         "operator add 1",
                                         "operator add 1 --name ",
                                         "operator add 1 --name L --role boss",
                                         "operator add 1 --name L --speaks fr",
                                         "operator add --name Lan",
                                         "operator remove x",
                                         "operator reset 0",
                                         "operator",
                                         NULL };
    (void)state;
    wrong_usage(lines);
}

static void sign_in(int64_t who, const char *pin, enum err wanted)
{
    struct operators *ops;
    till_fixture_open(&f);
    assert_int_equal(operators_open(f.dir, &ops), ERR_OK);
    assert_int_equal(operators_check(ops, &f.till, who, pin, NULL), wanted);
    operators_close(ops);
    till_fixture_close(&f);
}

static void m16_a_reset_ends_a_lock_out(void **state)
{
    (void)state;
    assert_int_equal(
        run_with("operator add 1 --name Lan --role supervisor", "111111\n"),
        ERR_OK);
    for (int i = 0; i < 5; i++)
        sign_in(1, "000000", ERR_PIN_WRONG);
    sign_in(1, "111111", ERR_BUSY);
    assert_int_equal(run("operator list"), ERR_OK);
    json_t *one = json_array_get(json_object_get(answer, "operators"), 0);
    assert_true(json_boolean_value(json_object_get(one, "locked")));
    assert_int_equal(json_integer_value(json_object_get(one, "locked_s")), 30);
    assert_int_equal(run_with("operator reset 2", "222222\n"), ERR_NOT_FOUND);
    assert_int_equal(run_with("operator reset 1", "222222\n"), ERR_OK);
    assert_string_equal(text("name"), "Lan");
    sign_in(1, "222222", ERR_OK);
}

static void a_damaged_file_is_begun_anew_by_a_reset(void **state)
{
    (void)state;
    scratch_write(f.dir, "operators", STR("{\"operators\":["));
    assert_int_equal(run("operator list"), ERR_CORRUPT);
    said_has("operator reset");
    assert_int_equal(run("operator remove 1"), ERR_CORRUPT);
    assert_int_equal(run_with("operator reset 4", "444444\n"), ERR_OK);
    assert_string_equal(text("role"), "supervisor");
    sign_in(4, "444444", ERR_OK);
}

/* ---- a terminal ---- */

static bool shows(int terminal)
{
    struct termios t;
    assert_int_equal(tcgetattr(terminal, &t), 0);
    return (t.c_lflag & ECHO) != 0;
}

/* Types once nothing is shown any more, as a person would. */
static pid_t type_unseen(int keyboard, int terminal, const char *keys)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid > 0)
        return pid;
    while (shows(terminal))
        poll(NULL, 0, 1);
    _exit(write(keyboard, keys, strlen(keys)) == (ssize_t)strlen(keys) ? 0 : 1);
}

static void a_terminal_shows_nothing_of_the_pin(void **state)
{
    char shown[256] = "";
    int status;
    (void)state;
    int keyboard = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(keyboard >= 0 && grantpt(keyboard) == 0 &&
                unlockpt(keyboard) == 0);
    int terminal = open(ptsname(keyboard), O_RDWR | O_NOCTTY);
    assert_true(terminal >= 0 && shows(terminal));
    assert_int_equal(dup2(terminal, STDIN_FILENO), STDIN_FILENO);
    pid_t pid = type_unseen(keyboard, terminal, "111111\n");
    assert_int_equal(run("operator add 1 --name Lan --role supervisor"),
                     ERR_OK);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_true(shows(terminal)); /* as it was */
    assert_int_equal(fcntl(keyboard, F_SETFL, O_NONBLOCK), 0);
    if (read(keyboard, shown, sizeof(shown) - 1) > 0)
        assert_null(strchr(shown, '1'));
    close(terminal);
    close(keyboard);
    sign_in(1, "111111", ERR_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(m14_cash_goes_in_and_out_with_a_reason),
        TEST(cash_of_the_wrong_form_is_wrong_usage),
        TEST(m14_a_close_takes_any_count_and_a_reason),
        TEST(m15_z_of_every_shift_is_shown_again_and_records_nothing),
        TEST(m10_refund_and_void_take_a_reason),
        TEST(m10_a_foreign_receipt_needs_a_supervisor),
        TEST(m16_operators_come_and_go_with_a_pin_from_a_line),
        TEST(what_is_no_pin_changes_nothing),
        TEST(an_operator_of_the_wrong_form_is_wrong_usage),
        TEST(m16_a_reset_ends_a_lock_out),
        TEST(a_damaged_file_is_begun_anew_by_a_reset),
        TEST(a_terminal_shows_nothing_of_the_pin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
