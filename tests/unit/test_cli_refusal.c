/*
 * test_cli_refusal.c - whose words a refusal has: those of who carried the
 * command out, those of the program, or the usual ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "fair/i18n.h"
#include "tests/support/cli_run.h"

static enum err work(struct cli *cli)
{
    (void)cli;
    return ERR_OK;
}

static const struct cli_command commands[] = {
    { "work", "", 0, 0, NULL, CLI_WRITES | CLI_NO_DATA, N_("work"), work },
    { NULL, NULL, 0, 0, NULL, 0, NULL, NULL },
};
static const struct conf_key keys[] = {
    { "language", CONF_CHOICE, 0, 0, "vi|en" },
    { NULL, CONF_INT, 0, 0, NULL },
};
static struct cli_program till = { .name = "test",
                                   .version = "1",
                                   .about = N_("work"),
                                   .conf_defaults = { "language = en\n", 14 },
                                   .conf_keys = keys,
                                   .commands = commands };

#define RUN(...) \
    cli_run(&till, CLI_RUN_CAUGHT, (const char *const[]){ __VA_ARGS__, NULL })

static enum err refused(struct cli *cli, bool *handled)
{
    char text[] = "not over", remedy[] = "wait";
    *handled = true;
    cli_take_face(cli, str_of(text), str_of(remedy));
    memset(text, 'x', sizeof(text) - 1); /* they are the sender's */
    memset(remedy, 'x', sizeof(remedy) - 1);
    return cli_fail(cli, ERR_INVALID, "now");
}

static enum err faceless(struct cli *cli, bool *handled)
{
    *handled = true;
    cli_take_face(cli, STR(""), STR(""));
    return cli_fail(cli, ERR_BUSY, "now");
}

static enum err cut_off(struct cli *cli, bool *handled)
{
    (void)cli;
    *handled = true;
    return ERR_UNSURE;
}

static void a_forwarded_refusal_keeps_its_own_words(void **state)
{
    (void)state;
    till.forward = refused;
    CLI_RESULT own = RUN("work");
    assert_string_equal(buf_text(&own.err), "test: not over: now\n  wait\n");
    till.forward = faceless;
    CLI_RESULT usual = RUN("work");
    text_has(&usual.err, "too busy now: now\n");
    till.forward = NULL;
}

static void a_program_says_what_to_do_when_it_is_not_known(void **state)
{
    (void)state;
    till.forward = cut_off;
    CLI_RESULT usual = RUN("work");
    assert_int_equal(usual.code, 3);
    text_has(&usual.err, "--basket");
    till.unsure = "look again";
    CLI_RESULT own = RUN("work");
    assert_int_equal(own.code, 3);
    text_has(&own.err, "\n  look again\n");
    till.unsure = NULL;
    till.forward = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_forwarded_refusal_keeps_its_own_words),
        cmocka_unit_test(a_program_says_what_to_do_when_it_is_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
