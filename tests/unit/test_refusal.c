/*
 * test_refusal.c - what a server that says no may tell us, and what of it is
 * shown.
 */
#include "sync/agent/refusal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SAYS(word, message) \
    "{\"error\":\"" word "\",\"message\":\"" message "\"}\n"

static void a_refusal_is_shown_once_and_harmless(void **state)
{
    static const struct {
        int status;
        const char *reply;
        enum err e;
        const char *why;
    } table[] = {
        /* The sentence of the error is shown by whoever shows the error. */
        { 403, SAYS("code_used", "the enrolment code was used already"),
          ERR_CODE_USED, "" },
        { 403, SAYS("code_used", "by booth A1"), ERR_CODE_USED, "by booth A1" },
        { 403, SAYS("code_expired", "the enrolment code was used already"),
          ERR_CODE_EXPIRED, "the enrolment code was used already" },
        { 503, SAYS("busy", "too busy now"), ERR_BUSY, "" },
        { 413, "", ERR_LIMIT, "HTTP 413" },
        { 404, "<html>", ERR_REFUSED, "HTTP 404" },
        /* Nobody but our own till says whether it may sell. */
        { 403, SAYS("corrupt", "x\\u001b[2J"), ERR_REFUSED, "x\\x1b[2J" },
        { 400, "[]", ERR_REFUSED, "HTTP 400" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        BUF(why, MAX_TEXT);
        buf_puts(&why, "of before");
        assert_int_equal(
            refusal_read(table[i].status, str_of(table[i].reply), &why),
            table[i].e);
        assert_string_equal(buf_text(&why), table[i].why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refusal_is_shown_once_and_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
