/*
 * test_allowance.c - a report is whole or refused, however little memory the
 * thread may take; a page shows its first rows and says how many it left out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/i18n.h"
#include "sync/aggregator/report/report.h"
#include "sync/aggregator/report/report_parts.h"
#include "sync/aggregator/store/allowance.h"
#include "tests/support/fairs.h"

enum { NEW_1 = 20200114, OLD_1 = 20190126, PRODUCTS = 40 };

static struct fairs hall;
static struct fairs_device *a1, *a2, *old;

static int open_hall(void **state)
{
    const struct fair first = { .code = "OLD",
                                .name = "Năm ngoái",
                                .first_day = OLD_1,
                                .days = 2,
                                .cut_off_min = 240 };
    struct fair fair = { .code = "NEW",
                         .name = "Hội chợ",
                         .first_day = NEW_1,
                         .days = 2,
                         .cut_off_min = 240 };
    (void)state;
    fairs_open(&hall);
    i18n_init("en");
    fairs_fair(&hall, &first);
    snprintf(fair.compare_with, sizeof(fair.compare_with), "OLD");
    fairs_fair(&hall, &fair);
    a1 = fairs_device(&hall, "NEW", "A1");
    a2 = fairs_device(&hall, "NEW", "A2");
    old = fairs_device(&hall, "OLD", "A1");
    fairs_clock(20200120, 600);
    return 0;
}

static int close_hall(void **state)
{
    (void)state;
    fairs_close(&hall);
    return 0;
}

static void sell_some(struct fairs_device *d, int day)
{
    char sku[16];
    for (int i = 0; i < PRODUCTS; i++) {
        snprintf(sku, sizeof(sku), "P%d", i);
        int seq =
            fairs_sell(d, (struct deal){ day + i % 2, 540 + 10 * i, sku,
                                         1000 + i, i % 3 ? NULL : "Lan" });
        if (i % 7 == 0)
            fairs_refund(d, seq, NULL,
                         (struct deal){ day + i % 2, 545 + 10 * i, sku,
                                        2000 + i, NULL });
    }
    fairs_visits(d, (struct counting){ day, 600, "G1", 40, false });
}

/* ---- allowances ---------------------------------------------------------- */

static void a_thread_without_allowance_is_refused_nothing(void **state)
{
    (void)state;
    assert_true(allowance_take(SIZE_MAX / 2));
    assert_true(allowance_take(SIZE_MAX / 2));
    assert_int_equal(allowance_check(), ERR_OK);
}

static void a_refusal_lasts_until_what_was_taken_is_given_back(void **state)
{
    (void)state;
    allowance_begin(100);
    assert_true(allowance_take(60));
    size_t taken = allowance_taken();
    assert_true(allowance_take(40));
    assert_false(allowance_take(1));
    assert_int_equal(allowance_check(), ERR_LIMIT);
    assert_false(allowance_take(0));
    allowance_release(taken);
    assert_int_equal(allowance_check(), ERR_OK);
    assert_false(allowance_take(41));
    allowance_release(taken);
    assert_true(allowance_take(40));
    allowance_end();
    assert_int_equal(allowance_check(), ERR_OK);
}

/* ---- reports ------------------------------------------------------------- */

static struct report_query question(const char *kind, enum report_format format)
{
    return (struct report_query){ .kind = kind,
                                  .fair = "NEW",
                                  .format = format,
                                  .by = strcmp(kind, "league") == 0 ? "product"
                                                                    : NULL };
}

/* Whether it was whole; then it is what it was without any limit. */
static bool ask_within(size_t bytes, struct report_query q, struct str whole)
{
    BUF(out, MAX_OUTPUT);
    BUF(why, MAX_TEXT);
    allowance_begin(bytes);
    enum err e = report_make(hall.store, &q, &out, &why);
    size_t left = allowance_taken();
    allowance_end();
    assert_int_equal(left, 0);
    if (e == ERR_LIMIT) {
        assert_true(why.len > 0);
        return false;
    }
    assert_int_equal(e, ERR_OK);
    if (!str_eq(buf_slice(&out), whole))
        fail_msg("%s in %zu bytes:\n%s\ninstead of\n%s", q.kind, bytes,
                 buf_text(&out), whole.data);
    return true;
}

struct outcomes {
    int whole, refused;
};

static void ask_with_more_and_more(struct report_query q, struct outcomes *all)
{
    BUF(out, MAX_OUTPUT);
    BUF(why, MAX_TEXT);
    assert_int_equal(report_make(hall.store, &q, &out, &why), ERR_OK);
    for (size_t n = 0; n < 200000; n += 1 + n / 5) {
        bool fits = ask_within(n, q, buf_slice(&out));
        all->whole += fits;
        all->refused += !fits;
    }
    assert_true(ask_within(1024 * 1024, q, buf_slice(&out)));
}

static void any_report_is_whole_or_refused(void **state)
{
    static const enum report_format formats[] = { REPORT_JSON, REPORT_CSV,
                                                  REPORT_HTML, REPORT_TEXT };
    struct outcomes all = { 0, 0 };
    (void)state;
    sell_some(a1, NEW_1);
    sell_some(a2, NEW_1);
    sell_some(old, OLD_1);
    fairs_send(&hall);
    for (const struct report_kind *k = report_kinds; k->name; k++) {
        for (size_t i = 0; i < ARRAY_LEN(formats); i++)
            ask_with_more_and_more(question(k->name, formats[i]), &all);
    }
    assert_true(all.whole > 100 && all.refused > 100);
}

static void a_report_that_its_buffer_does_not_hold_is_refused(void **state)
{
    struct report_query q = question("products", REPORT_CSV);
    BUF(out, 100);
    BUF(why, MAX_TEXT);
    (void)state;
    assert_int_equal(report_make(hall.store, &q, &out, &why), ERR_LIMIT);
    assert_true(why.len > 0);
}

static void a_page_shows_its_first_rows_and_says_what_it_left_out(void **state)
{
    struct report_query q = question("products", REPORT_HTML);
    char sku[16];
    BUF(html, MAX_OUTPUT);
    BUF(csv, MAX_OUTPUT);
    BUF(why, MAX_TEXT);
    (void)state;
    for (int i = PRODUCTS; i < PAGE_ROWS + 3; i++) {
        snprintf(sku, sizeof(sku), "P%d", i);
        fairs_sell(a1, (struct deal){ NEW_1, 600, sku, 10, NULL });
    }
    fairs_send(&hall);
    assert_int_equal(report_make(hall.store, &q, &html, &why), ERR_OK);
    int rows = 0;
    for (const char *at = buf_text(&html); (at = strstr(at, "<tr>")); at++)
        rows++;
    assert_int_equal(rows, 1 + PAGE_ROWS);
    const char *said = strstr(buf_text(&html), "Rows left out here: ");
    assert_non_null(said);
    q.format = REPORT_CSV;
    assert_int_equal(report_make(hall.store, &q, &csv, &why), ERR_OK);
    int lines = -1;
    for (size_t i = 0; i < csv.len; i++)
        lines += csv.data[i] == '\n';
    assert_int_equal(lines,
                     PAGE_ROWS + strtol(strpbrk(said, "0123456789"), NULL, 10));
}

/* ---- folding in pieces --------------------------------------------------- */

static int lines_of(const char *kind, struct buf *csv)
{
    struct report_query q = question(kind, REPORT_CSV);
    int lines = -1;
    BUF(why, MAX_TEXT);
    assert_int_equal(report_make(hall.store, &q, csv, &why), ERR_OK);
    for (size_t i = 0; i < csv->len; i++)
        lines += csv->data[i] == '\n';
    return lines;
}

/* More than a fold keeps: it is told in pieces, ahead of the tables and into
 * them. */
static void what_is_folded_in_pieces_is_whole(void **state)
{
    enum { MANY = 18000, STEP = 16384 };
    char sku[16];
    int64_t folded = 0;
    BUF(ahead, MAX_OUTPUT);
    BUF(again, MAX_OUTPUT);
    BUF(stored, MAX_OUTPUT);
    (void)state;
    do
        assert_int_equal(store_fold_step(hall.store, STEP, &folded), ERR_OK);
    while (folded > 0);
    int before = lines_of("products", &ahead);
    buf_clear(&ahead);
    for (int i = 0; i < MANY; i++) {
        snprintf(sku, sizeof(sku), "M%d", i);
        fairs_sell(a2, (struct deal){ NEW_1, 600, sku, 10 + i, NULL });
    }
    fairs_send(&hall);
    assert_int_equal(lines_of("products", &ahead), before + MANY);
    lines_of("products", &again);
    assert_true(str_eq(buf_slice(&ahead), buf_slice(&again)));
    assert_int_equal(store_fold_step(hall.store, STEP, &folded), ERR_OK);
    assert_int_equal(folded, STEP);
    lines_of("products", &stored);
    assert_true(str_eq(buf_slice(&ahead), buf_slice(&stored)));
    buf_clear(&stored);
    assert_int_equal(store_fold_step(hall.store, STEP, &folded), ERR_OK);
    assert_int_equal(folded, MANY - STEP);
    lines_of("products", &stored);
    assert_true(str_eq(buf_slice(&ahead), buf_slice(&stored)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_without_allowance_is_refused_nothing),
        cmocka_unit_test(a_refusal_lasts_until_what_was_taken_is_given_back),
        cmocka_unit_test(any_report_is_whole_or_refused),
        cmocka_unit_test(a_report_that_its_buffer_does_not_hold_is_refused),
        cmocka_unit_test(a_page_shows_its_first_rows_and_says_what_it_left_out),
        cmocka_unit_test(what_is_folded_in_pieces_is_whole),
    };
    return cmocka_run_group_tests(tests, open_hall, close_hall);
}
