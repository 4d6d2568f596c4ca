/* Vietnamese whatever the environment says, and complete for every error. */
#include <langinfo.h>
#include <locale.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/i18n.h"
#include "fair/text.h"

static void must_be_translated(const char *code, const char *english)
{
    const char *vietnamese = i18n_text(english);
    if (strcmp(vietnamese, english) == 0)
        fail_msg("%s: no Vietnamese for \"%s\"", code, english);
    if (!text_is_nfc(str_of(vietnamese)))
        fail_msg("%s: not NFC: \"%s\"", code, vietnamese);
    if (vietnamese[strlen(vietnamese) - 1] == '.')
        fail_msg("%s: ends with a full stop: \"%s\"", code, vietnamese);
}

static void test_every_error_is_explained_in_vietnamese(void **state)
{
    (void)state;
    i18n_init("vi");
    for (int e = 0; e < ERR_COUNT; e++) {
        must_be_translated(err_code((enum err)e), err_text((enum err)e));
        if (err_remedy((enum err)e)[0])
            must_be_translated(err_code((enum err)e), err_remedy((enum err)e));
    }
}

/* What a person is to type is the same in every language. */
static void must_keep(const char *english, const char *typed)
{
    const char *vietnamese = i18n_text(english);
    if (strstr(english, typed) && !strstr(vietnamese, typed))
        fail_msg("%s is lost in: %s", typed, vietnamese);
}

static void test_commands_inside_remedies_stay(void **state)
{
    (void)state;
    static const char *const typed[] = { "`enrol`",
                                         "`init`",
                                         "`fair-sync enrol`",
                                         "--basket",
                                         "--float AMOUNT",
                                         "--counted AMOUNT",
                                         "`fair-sync export`",
                                         "`refund`",
                                         "fair-pos receipt RECEIPT" };
    i18n_init("vi");
    for (int e = 0; e < ERR_COUNT; e++) {
        for (size_t i = 0; i < ARRAY_LEN(typed); i++)
            must_keep(err_remedy((enum err)e), typed[i]);
    }
}

static void test_the_environment_cannot_take_the_language_away(void **state)
{
    (void)state;
    static const char *const locales[] = {
        "C",           "POSIX",       "",        "xx_XX.UTF-8",
        "en_US.UTF-8", "vi_VN.UTF-8", "C.UTF-8", "de_DE.ISO-8859-1"
    };
    for (size_t i = 0; i < ARRAY_LEN(locales); i++) {
        setenv("LC_ALL", locales[i], 1);
        setenv("LANGUAGE", "fr:de", 1);
        i18n_init("vi");
        assert_string_equal(nl_langinfo(CODESET), "UTF-8");
        assert_string_equal(localeconv()->decimal_point, ".");
        assert_string_equal(_("the disk is full"), "ổ đĩa đầy");
        i18n_init("en");
        assert_string_equal(_("the disk is full"), "the disk is full");
    }
    unsetenv("LC_ALL");
    unsetenv("LANGUAGE");
}

static void test_the_language_can_change_at_any_time(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        i18n_init("en");
        assert_string_equal(_("no shift is open"), "no shift is open");
        assert_string_equal(i18n_language(), "en");
        i18n_init("vi");
        assert_string_equal(_("no shift is open"), "chưa mở ca");
        assert_string_equal(i18n_language(), "vi");
    }
}

/* What a thread read after it had chosen; back with the process afterwards. */
struct reading {
    const char *language, *own, *after;
    bool same;
};

static void *read_in(void *ctx)
{
    struct reading *r = ctx;
    i18n_use(r->language);
    r->same = strcmp(i18n_language(), r->language) == 0;
    r->own = _("no shift is open");
    i18n_use(NULL);
    r->after = _("no shift is open");
    return NULL;
}

static void test_a_thread_may_read_another_language(void **state)
{
    (void)state;
    struct reading english = { .language = "en" }, own = { .language = "vi" };
    pthread_t threads[2];
    i18n_init("vi");
    assert_int_equal(pthread_create(&threads[0], NULL, read_in, &english), 0);
    assert_int_equal(pthread_create(&threads[1], NULL, read_in, &own), 0);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    assert_true(english.same && own.same);
    assert_string_equal(english.own, "no shift is open");
    assert_string_equal(english.after, "chưa mở ca");
    assert_string_equal(own.own, "chưa mở ca");
    assert_string_equal(_("no shift is open"), "chưa mở ca");
}

static void test_what_has_no_translation_stays(void **state)
{
    (void)state;
    i18n_init("vi");
    assert_string_equal(i18n_text(""), "");
    assert_string_equal(i18n_text("never written anywhere"),
                        "never written anywhere");
    assert_string_equal(N_("done"), "done");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_error_is_explained_in_vietnamese),
        cmocka_unit_test(test_commands_inside_remedies_stay),
        cmocka_unit_test(test_the_environment_cannot_take_the_language_away),
        cmocka_unit_test(test_the_language_can_change_at_any_time),
        cmocka_unit_test(test_a_thread_may_read_another_language),
        cmocka_unit_test(test_what_has_no_translation_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
