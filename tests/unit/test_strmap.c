/*
 * test_strmap.c - texts by text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sync/aggregator/store/strmap.h"

static void the_first_value_of_a_key_stays(void **state)
{
    struct strmap *m = strmap_open();
    (void)state;
    assert_true(strmap_put(m, STR("a"), STR("1")));
    assert_false(strmap_put(m, STR("a"), STR("2")));
    assert_string_equal(strmap_get(m, STR("a")), "1");
    assert_null(strmap_get(m, STR("b")));
    assert_int_equal(strmap_count(m), 1);
    strmap_close(m);
}

static void the_empty_text_is_a_key_too(void **state)
{
    struct strmap *m = strmap_open();
    (void)state;
    assert_null(strmap_get(m, STR("")));
    assert_true(strmap_put(m, STR(""), STR("")));
    assert_false(strmap_put(m, STR(""), STR("x")));
    assert_string_equal(strmap_get(m, STR("")), "");
    strmap_close(m);
}

static void a_beginning_of_a_key_is_another_key(void **state)
{
    struct strmap *m = strmap_open();
    (void)state;
    strmap_put(m, STR("abc"), STR("3"));
    assert_null(strmap_get(m, STR("ab")));
    assert_null(strmap_get(m, STR("abcd")));
    strmap_close(m);
}

static void many_keys_are_all_found_again(void **state)
{
    enum { MANY = 20000 };
    struct strmap *m = strmap_open();
    (void)state;
    for (int i = 0; i < MANY; i++) {
        BUF(key, 32);
        BUF(value, 32);
        buf_printf(&key, "sku-%d", i);
        buf_int(&value, i * 7);
        assert_true(strmap_put(m, buf_slice(&key), buf_slice(&value)));
    }
    assert_int_equal(strmap_count(m), MANY);
    for (int i = 0; i < MANY; i++) {
        BUF(key, 32);
        BUF(value, 32);
        buf_printf(&key, "sku-%d", i);
        buf_int(&value, i * 7);
        assert_string_equal(strmap_get(m, buf_slice(&key)), buf_text(&value));
    }
    assert_null(strmap_get(m, STR("sku-20000")));
    strmap_close(m);
    strmap_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_value_of_a_key_stays),
        cmocka_unit_test(the_empty_text_is_a_key_too),
        cmocka_unit_test(a_beginning_of_a_key_is_another_key),
        cmocka_unit_test(many_keys_are_all_found_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
