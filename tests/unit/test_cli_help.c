/*
 * test_cli_help.c - what a person is told who does not know the command: what
 * there is, and what a value looks like.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fair/i18n.h"
#include "tests/support/cli_run.h"

static enum err refuse_run(struct cli *cli)
{
    if (cli_has(cli, "store"))
        return cli_fail(cli, ERR_INVALID, "%s", cli_option(cli, "store"));
    return cli_fail_option(cli, ERR_INVALID, cli->args[0]);
}

static const struct cli_option options[] = {
    { "cash", "AMOUNT", N_("cash"), false },
    { "closed", "DATE,…", N_("closed"), false },
    { "name", "NAME", N_("name"), false },
    { NULL, NULL, NULL, false },
};

static const struct cli_command commands[] = {
    { "fair add", "CODE", 1, 1, options, CLI_NO_DATA, N_("add"), refuse_run },
    { "fair gates", "GATE…", 1, 9, NULL, CLI_NO_DATA, N_("gates"), refuse_run },
    { "sell", "ITEM…", 1, 9, NULL, CLI_NO_DATA, N_("sell"), refuse_run },
    { NULL, NULL, 0, 0, NULL, 0, NULL, NULL },
};

static const struct conf_key keys[] = {
    { "language", CONF_CHOICE, 0, 0, "vi|en" },
    { NULL, CONF_INT, 0, 0, NULL },
};

static const struct cli_option of_all[] = {
    { "store", "ADDRESS", N_("elsewhere"), false },
    { NULL, NULL, NULL, false },
};

static struct cli_program program = { .name = "test-help",
                                      .version = "1.2",
                                      .about = N_("a help"),
                                      .conf_keys = keys,
                                      .options = of_all,
                                      .commands = commands };

#define RUN(...)                      \
    cli_run(&program, CLI_RUN_CAUGHT, \
            (const char *const[]){ __VA_ARGS__, NULL })

static void lacks(const struct buf *text, const char *what)
{
    if (strstr(buf_text(text), what))
        fail_msg("\"%s\" stands in \"%s\"", what, buf_text(text));
}

static void help_lists_the_table(void **state)
{
    (void)state;
    CLI_RESULT r = RUN("--help");
    assert_int_equal(r.code, 0);
    assert_int_equal(r.err.len, 0);
    text_has(&r.out, "test-help 1.2 - a help\nusage: test-help [--data DIR]");
    for (const struct cli_command *c = commands; c->words; c++)
        text_has(&r.out, c->help);
    text_has(&r.out, "\n  sell ITEM…                  sell\n");
    text_has(&r.out, "\n  --format FORMAT             text or json");
    CLI_RESULT version = RUN("--version");
    assert_string_equal(buf_text(&version.out), "test-help 1.2\n");
    assert_int_equal(version.code, 0);
}

/* Neither its arguments nor its options, and in any order. */
static void help_of_a_command_needs_nothing_else(void **state)
{
    (void)state;
    CLI_RESULT r = RUN("fair", "add", "--help");
    assert_int_equal(r.code, 0);
    text_has(&r.out, "usage: test-help fair add CODE [--cash AMOUNT]");
    text_has(&r.out, "  --cash AMOUNT               cash\n");
    CLI_RESULT first = RUN("--help", "sell");
    text_has(&first.out, "usage: test-help sell ITEM…");
    CLI_RESULT unknown = RUN("sel", "--help");
    assert_int_equal(unknown.code, 2);
}

static void a_first_word_shows_the_commands_it_begins(void **state)
{
    (void)state;
    CLI_RESULT wrong = RUN("fair");
    assert_int_equal(wrong.code, 2);
    text_has(&wrong.err, "the command is not complete: fair\n");
    text_has(&wrong.err, "usage: test-help fair add CODE [--cash AMOUNT] "
                         "[--closed DATE,…] [--name NAME]\n"
                         "usage: test-help fair gates GATE…\n");
    lacks(&wrong.err, "sell");
    CLI_RESULT help = RUN("fair", "--help");
    assert_int_equal(help.code, 0);
    text_has(&help.out, "  fair add CODE               add\n"
                        "  fair gates GATE…            gates\n");
    lacks(&help.out, "sell");
}

static void half_a_first_word_begins_nothing(void **state)
{
    (void)state;
    CLI_RESULT half = RUN("fai");
    assert_int_equal(half.code, 2);
    text_has(&half.err, "unknown command: fai\n");
    CLI_RESULT help = RUN("fai", "--help");
    assert_int_equal(help.code, 2);
    CLI_RESULT other = RUN("fair", "ad");
    text_has(&other.err, "unknown command: ad\n");
}

static void help_says_what_values_look_like(void **state)
{
    (void)state;
    CLI_RESULT add = RUN("fair", "add", "--help");
    text_has(&add.out, "\nValues:\n  AMOUNT                      whole đồng");
    text_has(&add.out, "\n  DATE                        year-month-day");
    lacks(&add.out, "0.385*12");
    CLI_RESULT sell = RUN("sell", "--help");
    text_has(&sell.out, "0.385*12");
    lacks(&sell.out, "AMOUNT");
    CLI_RESULT gates = RUN("fair", "gates", "--help");
    lacks(&gates.out, "Values:");
}

static void a_refused_value_says_what_it_should_look_like(void **state)
{
    (void)state;
    CLI_RESULT cash = RUN("fair", "add", "cash", "--cash", "180k");
    assert_int_equal(cash.code, 1);
    text_has(&cash.err, ": --cash 180k: whole đồng, digits only: 180000\n");
    CLI_RESULT date = RUN("fair", "add", "closed", "--closed", "3/2");
    text_has(&date.err, ": --closed 3/2: year-month-day: 2027-02-01\n");
    CLI_RESULT name = RUN("fair", "add", "name", "--name", "x");
    text_has(&name.err, ": --name x\n");
}

static void not_every_value_has_a_form(void **state)
{
    (void)state;
    assert_null(cli_form("NAME"));
    assert_null(cli_form("DATES"));
    assert_null(cli_form(""));
}

/* As --data: in any command, before or behind it, the last one counts. */
static void a_program_may_have_options_of_every_command(void **state)
{
    (void)state;
    CLI_RESULT help = RUN("sell", "--help");
    text_has(&help.out, "\n  --store ADDRESS             elsewhere\n");
    CLI_RESULT before = RUN("--store", "here", "sell", "1");
    assert_int_equal(before.code, 1);
    text_has(&before.err, "here");
    CLI_RESULT twice =
        RUN("fair", "gates", "--store=here", "1", "--store=there");
    assert_int_equal(twice.code, 1);
    text_has(&twice.err, "there");
}

int main(void)
{
    program.conf_defaults = STR("language = en\n");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_lists_the_table),
        cmocka_unit_test(a_program_may_have_options_of_every_command),
        cmocka_unit_test(help_of_a_command_needs_nothing_else),
        cmocka_unit_test(a_first_word_shows_the_commands_it_begins),
        cmocka_unit_test(half_a_first_word_begins_nothing),
        cmocka_unit_test(help_says_what_values_look_like),
        cmocka_unit_test(a_refused_value_says_what_it_should_look_like),
        cmocka_unit_test(not_every_value_has_a_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
