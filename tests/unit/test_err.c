/*
 * test_err.c - the error table holds together, and dying leaves one line.
 */
#include "fair/err.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void every_error_has_a_code_word_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < ERR_COUNT; i++) {
        const char *code = err_code((enum err)i);
        size_t len = strlen(code);
        assert_true(len > 0);
        assert_int_equal(strspn(code, "abcdefghijklmnopqrstuvwxyz_"), len);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(code, err_code((enum err)j));
    }
}

static void every_code_word_leads_back_to_its_error(void **state)
{
    (void)state;
    for (int i = 0; i < ERR_COUNT; i++)
        assert_int_equal(err_from_code(err_code((enum err)i)), i);
}

static void an_unknown_code_word_is_a_refusal(void **state)
{
    (void)state;
    assert_int_equal(err_from_code("from_the_future"), ERR_REFUSED);
    assert_int_equal(err_from_code(""), ERR_REFUSED);
    assert_int_equal(err_from_code("OK"), ERR_REFUSED);
}

static void only_success_exits_0_and_answers_200(void **state)
{
    (void)state;
    assert_int_equal(ERR_OK, 0);
    for (int i = 0; i < ERR_COUNT; i++) {
        enum err e = (enum err)i;
        assert_int_equal(err_exit(e) == 0, i == 0);
        assert_int_equal(err_http(e) == 200, i == 0);
        if (i == 0)
            continue;
        assert_in_range(err_http(e), 400, 599);
        assert_in_range(err_exit(e), 1, 3);
    }
}

static void exit_2_is_usage_and_exit_3_is_unsure_only(void **state)
{
    (void)state;
    for (int i = 0; i < ERR_COUNT; i++) {
        assert_int_equal(err_exit((enum err)i) == 2, i == ERR_USAGE);
        assert_int_equal(err_exit((enum err)i) == 3, i == ERR_UNSURE);
    }
}

static void reasons_that_scripts_wait_for_have_their_words(void **state)
{
    static const struct {
        enum err e;
        const char *code;
    } cases[] = {
        { ERR_UNREACHABLE, "unreachable" },
        { ERR_REFUSED, "refused" },
        { ERR_PIN, "pin" },
        { ERR_REVOKED, "revoked" },
        { ERR_FORK, "fork" },
        { ERR_LISTS, "lists" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_string_equal(err_code(cases[i].e), cases[i].code);
}

/* A device comes again after 503, and calls for the organiser after 500. */
static void what_may_go_well_later_answers_503(void **state)
{
    static const enum err later[] = { ERR_BUSY, ERR_AGAIN, ERR_DATABASE,
                                      ERR_UNSURE };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(later); i++)
        assert_int_equal(err_http(later[i]), 503);
}

static void texts_are_one_sentence_without_end_mark(void **state)
{
    (void)state;
    for (int i = 0; i < ERR_COUNT; i++) {
        const char *texts[] = { err_text((enum err)i),
                                err_remedy((enum err)i) };
        assert_true(texts[0][0] != '\0');
        for (size_t t = 0; t < ARRAY_LEN(texts); t++) {
            size_t len = strlen(texts[t]);
            assert_null(strchr(texts[t], '\n'));
            assert_null(strchr(texts[t], '%'));
            assert_true(len == 0 || texts[t][len - 1] != '.');
        }
    }
}

static void hook(void)
{
    fputs("screen restored. ", stderr);
    fflush(stderr);
}

static void hook_that_fails(void)
{
    hook();
    ASSERT(1 + 1 == 3);
}

/* Runs `act` in a child and reads what it says on stderr before SIGABRT. */
static void last_words(void (*act)(void), char *out, size_t size)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rlimit none = { 0, 0 };
        setrlimit(RLIMIT_CORE, &none);
        signal(SIGABRT, SIG_DFL);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        act();
        _exit(0);
    }
    close(ends[1]);
    size_t len = 0;
    ssize_t n;
    while ((n = read(ends[0], out + len, size - 1 - len)) > 0)
        len += (size_t)n;
    out[len] = '\0';
    close(ends[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void die_plainly(void)
{
    err_die("cart.c", 12, "total is known");
}

static void die_with_hook(void)
{
    err_on_die(hook);
    die_plainly();
}

static void die_with_bad_hook(void)
{
    err_on_die(hook_that_fails);
    die_plainly();
}

static void die_of_a_bad_number(void)
{
    err_text(ERR_COUNT);
}

static void dying_says_one_line_with_place_and_reason(void **state)
{
    (void)state;
    char text[512];
    last_words(die_plainly, text, sizeof(text));
    assert_string_equal(text, "cart.c:12: this cannot happen: "
                              "total is known\n");
}

static void dying_restores_the_screen_first(void **state)
{
    (void)state;
    char text[512];
    last_words(die_with_hook, text, sizeof(text));
    assert_string_equal(text, "screen restored. cart.c:12: this cannot "
                              "happen: total is known\n");
}

static void a_hook_that_fails_itself_does_not_loop(void **state)
{
    (void)state;
    char text[512];
    last_words(die_with_bad_hook, text, sizeof(text));
    assert_non_null(strstr(text, "1 + 1 == 3"));
    const char *once = strstr(text, "restored");
    assert_non_null(once);
    assert_null(strstr(once + 1, "restored"));
}

static void a_number_outside_the_table_is_a_programmers_error(void **state)
{
    (void)state;
    char text[512];
    last_words(die_of_a_bad_number, text, sizeof(text));
    assert_non_null(strstr(text, "ERR_COUNT"));
}

static void an_assertion_that_holds_does_nothing(void **state)
{
    (void)state;
    int calls = 0;
    ASSERT(++calls == 1);
    assert_int_equal(calls, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_error_has_a_code_word_of_its_own),
        cmocka_unit_test(every_code_word_leads_back_to_its_error),
        cmocka_unit_test(an_unknown_code_word_is_a_refusal),
        cmocka_unit_test(only_success_exits_0_and_answers_200),
        cmocka_unit_test(exit_2_is_usage_and_exit_3_is_unsure_only),
        cmocka_unit_test(reasons_that_scripts_wait_for_have_their_words),
        cmocka_unit_test(what_may_go_well_later_answers_503),
        cmocka_unit_test(texts_are_one_sentence_without_end_mark),
        cmocka_unit_test(dying_says_one_line_with_place_and_reason),
        cmocka_unit_test(dying_restores_the_screen_first),
        cmocka_unit_test(a_hook_that_fails_itself_does_not_loop),
        cmocka_unit_test(a_number_outside_the_table_is_a_programmers_error),
        cmocka_unit_test(an_assertion_that_holds_does_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
