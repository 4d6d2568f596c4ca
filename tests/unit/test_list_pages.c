/*
 * test_list_pages.c - a list document is cut into pages at the ends of lines.
 */
#include "fair/lists.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A line of `len` bytes, its newline included. */
static void put_line(struct buf *out, size_t len, char c)
{
    char *to = buf_room(out, len);
    assert_non_null(to);
    memset(to, c, len - 1);
    to[len - 1] = '\n';
    buf_grew(out, len);
}

static void pages_are_whole_lines_of_at_most_MAX_PAGE_bytes(void **state)
{
    static const struct {
        size_t lines[4];
        size_t pages[4];
    } cases[] = {
        { { 10 }, { 10 } },
        { { MAX_PAGE - 1 }, { MAX_PAGE - 1 } },
        { { MAX_PAGE }, { MAX_PAGE } },
        { { MAX_PAGE - 10, 9 }, { MAX_PAGE - 1 } },
        { { MAX_PAGE - 10, 10 }, { MAX_PAGE } },
        { { MAX_PAGE - 10, 11 }, { MAX_PAGE - 10, 11 } },
        { { MAX_PAGE, 1, MAX_PAGE - 1, 1 }, { MAX_PAGE, MAX_PAGE, 1 } },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        BUF(document, MAX_LIST);
        BUF(whole, MAX_LIST);
        struct str page;
        for (int n = 0; n < 4 && cases[i].lines[n]; n++)
            put_line(&document, cases[i].lines[n], (char)('a' + n));
        struct str rest = buf_slice(&document);
        for (int n = 0; n < 4 && cases[i].pages[n]; n++) {
            assert_true(list_page_next(&rest, &page));
            assert_int_equal(page.len, cases[i].pages[n]);
            buf_str(&whole, page);
        }
        assert_false(list_page_next(&rest, &page));
        assert_int_equal(rest.len, 0);
        assert_true(str_eq(buf_slice(&whole), buf_slice(&document)));
    }
}

static void a_line_longer_than_a_page_stays_behind(void **state)
{
    (void)state;
    BUF(document, MAX_LIST);
    struct str page;
    put_line(&document, 10, 'a');
    put_line(&document, MAX_PAGE + 1, 'b');
    struct str rest = buf_slice(&document);
    assert_true(list_page_next(&rest, &page));
    assert_int_equal(page.len, 10);
    assert_false(list_page_next(&rest, &page));
    assert_int_equal(rest.len, MAX_PAGE + 1);
    rest = STR("no newline");
    assert_false(list_page_next(&rest, &page));
    assert_int_equal(rest.len, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_whole_lines_of_at_most_MAX_PAGE_bytes),
        cmocka_unit_test(a_line_longer_than_a_page_stays_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
