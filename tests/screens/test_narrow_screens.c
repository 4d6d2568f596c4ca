/*
 * test_narrow_screens.c - the smallest window, 40 columns by 12 rows: what must
 * not be missed is read there, too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fair/text.h"
#include "pos/screens/screens.h"
#include "tests/support/app_fixture.h"

static struct app_fixture f;

static int setup(void **state)
{
    (void)state;
    app_fixture_init(&f, "en");
    app_fixture_shift(&f, 500000);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    app_fixture_done(&f);
    return 0;
}

static void sees_at(int rows, int cols, const char *text)
{
    BUF(seen, MAX_OUTPUT);
    app_fixture_picture(&f, rows, cols, &seen);
    if (!strstr(buf_text(&seen), text))
        fail_msg("%s is not to be seen:\n%s", text, buf_text(&seen));
}

static void sees(const char *text)
{
    sees_at(12, 40, text);
}

/* ---- paying by transfer ---- */

static void bank(void)
{
    app_fixture_conf(&f, "bank_bin = 970436");
    app_fixture_conf(&f, "bank_account = 0011001234567");
    app_fixture_conf(&f, "bank_holder = HOP TAX XA NONG NGHIEP BA CHE");
}

static void s04_the_caution_stands_beside_a_code_without_room(void **state)
{
    (void)state;
    bank();
    app_fixture_keys(&f, "2 Enter Enter /");
    sees("Enter only when the money has come");
    sees("The code needs a larger window");
    sees("To 0011001234567");
}

static void s04_f8_is_offered_for_a_code_without_room(void **state)
{
    (void)state;
    bank();
    app_fixture_conf(&f, "printer = /dev/null");
    app_fixture_keys(&f, "2 Enter Enter /");
    sees("Enter only when the money has come");
    sees("F8 prints the code");
}

static void s04_the_caution_outlasts_any_number_of_parts(void **state)
{
    (void)state;
    bank();
    app_fixture_keys(&f, "2 Enter Enter / 1 + 1 + 1 + 1 + 1 + 1 + 1 +");
    sees("Enter only when the money has come");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(s04_the_caution_stands_beside_a_code_without_room),
        T(s04_f8_is_offered_for_a_code_without_room),
        T(s04_the_caution_outlasts_any_number_of_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
