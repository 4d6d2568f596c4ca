/*
 * test_report_command.c - reports as commands: what they print, refuse and
 * write into files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/i18n.h"
#include "sync/aggregator/report/report.h"
#include "tests/support/cli_run.h"
#include "tests/support/fairs.h"
#include "tests/support/unzip.h"

static struct fairs hall;

static int open_hall(void **state)
{
    const struct fair fair = {
        .code = "XUAN", .name = "Xuân", .first_day = 20200114, .days = 3
    };
    (void)state;
    fairs_open(&hall);
    fairs_clock(20200115, 0);
    i18n_init("en");
    fairs_fair(&hall, &fair);
    return 0;
}

static int close_hall(void **state)
{
    (void)state;
    fairs_close(&hall);
    return 0;
}

static const struct conf_key keys[] = {
    { "language", CONF_CHOICE, 0, 0, "vi|en" },
    { "store", CONF_TEXT, 0, 0, NULL },
    { NULL, CONF_INT, 0, 0, NULL },
};
static struct cli_command commands[REPORT_KINDS_MAX + 1];
static const struct cli_program program = {
    .name = "reports",
    .version = "1",
    .about = "reports",
    .conf_defaults = { "language = en\nstore =\n", 22 },
    .conf_keys = keys,
    .commands = commands,
};

#define RUN(...)                      \
    cli_run(&program, CLI_RUN_CAUGHT, \
            (const char *const[]){ "--data", hall.dir, __VA_ARGS__, NULL })

static void every_report_is_a_command(void **state)
{
    (void)state;
    for (int i = 0; commands[i].words; i++) {
        const char *kind = commands[i].words + strlen("report ");
        bool takes = report_kind_of(str_of(kind))->takes & TAKES_WITH;
        const char *with = takes ? "--with=XUAN" : "--format=json";
        CLI_RESULT r =
            RUN("report", kind, "--fair", "XUAN", "--format", "json", with);
        assert_int_equal(r.code, 0);
        text_has(&r.out, "{\"fair\":\"XUAN\",");
    }
}

static void a_refused_report_says_why(void **state)
{
    (void)state;
    CLI_RESULT none = RUN("report", "days", "--fair=NOPE", "--format=json");
    assert_int_equal(none.code, 1);
    text_has(&none.out, "{\"error\":\"not_found\",\"message\":\"there is no "
                        "such thing: no fair of this code has a calendar: "
                        "NOPE\"");
    CLI_RESULT other = RUN("report", "compare", "--fair=XUAN");
    assert_int_equal(other.code, 1);
    text_has(&other.err, "XUAN names no other fair, give --with CODE");
    CLI_RESULT sheet = RUN("report", "days", "--fair=XUAN", "--format=xlsx");
    assert_int_equal(sheet.code, 2);
    text_has(&sheet.err, "needs --out: xlsx");
    CLI_RESULT origin = RUN("report", "days", "--fair=XUAN", "--origin=x");
    assert_int_equal(origin.code, 2);
    CLI_RESULT unset = RUN("--data", scratch_path(hall.dir, "empty"), "report",
                           "days", "--fair=XUAN");
    assert_int_equal(unset.code, 1);
    text_has(&unset.err, "not set up");
}

static void a_report_goes_to_a_file_instead(void **state)
{
    (void)state;
    char desk[SCRATCH_ROOM];
    BUF(text, MAX_TEXT);
    CLI_RESULT shown = RUN("--format=json", "--fair=XUAN", "report", "days");
    text_has(&shown.out, "\"date\":\"2020-01-16\"");
    scratch_make(desk);
    CLI_RESULT r = RUN("report", "days", "--fair=XUAN", "--format=json",
                       "--out", scratch_path(desk, "days.json"));
    assert_int_equal(r.code, 0);
    assert_int_equal(r.out.len, 0);
    scratch_read(desk, "days.json", &text);
    assert_string_equal(buf_text(&text), buf_text(&shown.out));
    CLI_RESULT none = RUN("report", "days", "--fair=NOPE", "--format=json",
                          "--out", scratch_path(desk, "days.json"));
    assert_int_equal(none.code, 1);
    buf_clear(&text);
    scratch_read(desk, "days.json", &text);
    assert_string_equal(buf_text(&text), buf_text(&shown.out));
    scratch_remove(desk);
}

static void a_report_never_takes_the_place_of_the_database(void **state)
{
    (void)state;
    CLI_RESULT r = RUN("report", "days", "--fair=XUAN", "--out",
                       scratch_path(hall.dir, "aggregator.db"));
    assert_int_equal(r.code, 1);
    text_has(&r.err, "another directory");
    CLI_RESULT again = RUN("report", "days", "--fair=XUAN");
    assert_int_equal(again.code, 0);
}

static void a_workbook_goes_to_a_file(void **state)
{
    char desk[SCRATCH_ROOM];
    BUF(zip, MAX_OUTPUT);
    BUF(sheet, MAX_OUTPUT);
    (void)state;
    scratch_make(desk);
    CLI_RESULT r = RUN("report", "days", "--fair=XUAN", "--format=xlsx",
                       "--out", scratch_path(desk, "days.xlsx"));
    assert_int_equal(r.code, 0);
    assert_int_equal(r.out.len, 0);
    scratch_read(desk, "days.xlsx", &zip);
    scratch_remove(desk);
    assert_true(
        unzip_part(buf_slice(&zip), "xl/worksheets/sheet1.xml", &sheet));
    text_has(&sheet, "Net revenue");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_report_is_a_command),
        cmocka_unit_test(a_refused_report_says_why),
        cmocka_unit_test(a_report_goes_to_a_file_instead),
        cmocka_unit_test(a_workbook_goes_to_a_file),
        cmocka_unit_test(a_report_never_takes_the_place_of_the_database),
    };
    report_commands(commands);
    return cmocka_run_group_tests(tests, open_hall, close_hall);
}
