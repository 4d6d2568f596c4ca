/*
 * test_receipt.c - slips, X and Z as text: the whole picture, its width, and
 * what may stand in it.
 */
#include "pos/paper/receipt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/text.h"
#include "pos/paper/shift_slip.h"
#include "pos/paper/slip.h"
#include "pos/till/refund.h"
#include "pos/till/shift.h"
#include "tests/support/till_fixture.h"

static struct till_fixture f;
static struct cart *cart;
static struct sold sold;
static struct buf out;

static int set_up(void **state)
{
    (void)state;
    till_fixture_init(&f);
    till_fixture_open(&f);
    till_fixture_shift(&f, 500000);
    cart = x_alloc(sizeof(*cart));
    buf_init(&out, MAX_TEXT);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buf_done(&out);
    free(cart);
    till_fixture_done(&f);
    return 0;
}

static void put(const char *code, int64_t milli)
{
    const struct product *p = lists_find(f.till.lists, str_of(code));
    assert_non_null(p);
    assert_int_equal(cart_add(cart, p, milli), ERR_OK);
}

static void sell(void)
{
    struct payment payments[] = { { "transfer", 100000, STR("FT20014ABC") },
                                  { "cash", 500000, { NULL, 0 } } };
    struct sale sale = { cart, payments, 2, 3, 0, NULL };
    assert_int_equal(sale_begin(&f.till, cart), ERR_OK);
    memcpy(cart->reference, "K7Q2M", 6);
    assert_int_equal(sale_commit(&f.till, &sale, &sold), ERR_OK);
}

static void sell_some(void)
{
    cart_init(cart);
    put("1", 385);
    put("2", 2000);
    cart->lines[1].discount_vnd = 10000;
    sell();
}

static const char *slip(int64_t seq, int columns, bool copy)
{
    buf_clear(&out);
    assert_int_equal(receipt_render(&f.till, seq, columns, copy, &out), ERR_OK);
    return buf_text(&out);
}

static void has(const char *what)
{
    if (!strstr(buf_text(&out), what))
        fail_msg("no \"%s\" in:\n%s", what, buf_text(&out));
}

static void has_not(const char *what)
{
    if (strstr(buf_text(&out), what))
        fail_msg("\"%s\" in:\n%s", what, buf_text(&out));
}

static void fits(int columns)
{
    struct str rest = buf_slice(&out);
    while (rest.len > 0) {
        const char *end = memchr(rest.data, '\n', rest.len);
        assert_non_null(end);
        struct str line = { rest.data, (size_t)(end - rest.data) };
        assert_true(text_width(line) <= columns);
        rest.data += line.len + 1;
        rest.len -= line.len + 1;
    }
}

/* ---- slips ---- */

static void a_sales_slip_of_48_columns_looks_like_this(void **state)
{
    (void)state;
    sell_some();
    assert_string_equal(slip(sold.seq, SLIP_WIDE, false),
                        "             Hội chợ OCOP Xuân 2020\n"
                        "                  A1 · Hạ Long\n"
                        "================================================\n"
                        "                   SALES SLIP\n"
                        "Number                                    A1-1-4\n"
                        "Time                            14/01/2020 08:00\n"
                        "Operator                                      03\n"
                        "------------------------------------------------\n"
                        "Chả mực\n"
                        "  0,385 kg × 450.000                     173.250\n"
                        "Trà hoa vàng\n"
                        "  2 hộp × 120.000                        240.000\n"
                        "  Discount                               -10.000\n"
                        "------------------------------------------------\n"
                        "TOTAL                                  403.250 đ\n"
                        "Bank transfer FT20014ABC                 100.000\n"
                        "Cash                                     500.000\n"
                        "Change                                   196.750\n"
                        "------------------------------------------------\n"
                        "Payment reference                        A1K7Q2M\n"
                        "Ledger code                            CDJK-SMHC\n"
                        "               Not a VAT invoice\n"
                        "  Slip numbers have gaps: other entries of the\n"
                        "             till are numbered too\n"
                        "                   Thank you!\n");
}

static void a_narrow_copy_says_what_was_given_back(void **state)
{
    struct refund_item item = { STR("2"), 1000 };
    struct refund refund = { .items = &item, .n_items = 1 };
    struct refunded back;
    (void)state;
    sell_some();
    refund.of = sold.seq;
    assert_int_equal(refund_commit(&f.till, &refund, &back), ERR_OK);
    assert_string_equal(slip(sold.seq, SLIP_NARROW, true),
                        "     Hội chợ OCOP Xuân 2020\n"
                        "          A1 · Hạ Long\n"
                        "================================\n"
                        "           SALES SLIP\n"
                        "              COPY\n"
                        "Number                    A1-1-4\n"
                        "Time            14/01/2020 08:00\n"
                        "Operator                      03\n"
                        "--------------------------------\n"
                        "Chả mực\n"
                        "  0,385 kg × 450.000     173.250\n"
                        "Trà hoa vàng\n"
                        "  2 hộp × 120.000        240.000\n"
                        "  Discount               -10.000\n"
                        "--------------------------------\n"
                        "TOTAL                  403.250 đ\n"
                        "Bank transfer FT20014ABC 100.000\n"
                        "Cash                     500.000\n"
                        "Change                   196.750\n"
                        "Can still be given back  288.250\n"
                        "--------------------------------\n"
                        "Payment reference        A1K7Q2M\n"
                        "Ledger code            CDJK-SMHC\n"
                        "       Not a VAT invoice\n"
                        " Slip numbers have gaps: other\n"
                        "entries of the till are numbered\n"
                        "              too\n"
                        "           Thank you!\n");
}

static void a_refund_slip_names_the_receipt_it_is_for(void **state)
{
    struct refund refund = { 0 };
    struct refunded back;
    (void)state;
    sell_some();
    refund.of = sold.seq;
    assert_int_equal(refund_commit(&f.till, &refund, &back), ERR_OK);
    slip(back.seq, SLIP_WIDE, false);
    has("REFUND SLIP\n");
    has("Number                                    A1-1-5\n");
    has("For receipt                               A1-1-4\n");
    has("GIVEN BACK                             403.250 đ\n");
    has("Cash                                     403.250\n");
    has_not("Payment reference");
    has_not("COPY");
}

static void a_voided_sales_copy_says_so(void **state)
{
    struct refunded back;
    (void)state;
    sell_some();
    assert_int_equal(void_commit(&f.till, sold.seq, STR(""), 0, &back), ERR_OK);
    slip(sold.seq, SLIP_WIDE, true);
    has("VOIDED\n");
    has("COPY\n");
    slip(sold.seq, SLIP_WIDE, false);
    has_not("VOIDED");
    assert_int_equal(till_fixture_sell(&f, "2", 1000, &sold), ERR_OK);
    slip(sold.seq, SLIP_WIDE, true);
    has_not("VOIDED");
    has_not("Can still be given back");
    slip(back.seq, SLIP_WIDE, true);
    has("VOID SLIP\n");
    has("For receipt                               A1-1-4\n");
}

static void a_late_sales_slip_shows_its_own_time(void **state)
{
    struct payment cash = { "cash", -1, { NULL, 0 } };
    struct sale sale = { cart, &cash, 1, 0, f.wall_ms - 3600000, NULL };
    (void)state;
    put("2", 1000);
    assert_int_equal(sale_begin(&f.till, cart), ERR_OK);
    assert_int_equal(sale_commit(&f.till, &sale, &sold), ERR_OK);
    slip(sold.seq, SLIP_WIDE, false);
    has("14/01/2020 07:00\n");
    has("Entered afterwards\n");
}

static void what_is_no_sale_refund_or_void_has_no_slip(void **state)
{
    (void)state;
    for (int64_t seq = 0; seq < 5; seq++) {
        assert_int_equal(receipt_render(&f.till, seq, SLIP_WIDE, false, &out),
                         ERR_RECEIPT);
        assert_int_equal(out.len, 0);
    }
}

static void every_line_fits_the_paper_whatever_the_names_are(void **state)
{
    static const char *const names[] = {
        "Bánh gai bà Thi gói lá chuối khô, đặc sản làng nghề Ninh Giang, hộp "
        "mười chiếc",
        "Mộtcáitênrấtdàikhôngcódấucáchnàođểngắtdòngchođẹpmắtkháchhàngđọcphiếu",
        "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四",
        "x",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        cart_init(cart);
        put("1", 999999);
        memcpy(cart->lines[0].name, names[i], strlen(names[i]) + 1);
        snprintf(cart->lines[0].unit, sizeof(cart->lines[0].unit), "%s",
                 "thùng hai mươi bốn chai thủy tinh");
        cart->lines[0].discount_vnd = 449999550 - 400000;
        sell();
        slip(sold.seq, SLIP_NARROW, true);
        fits(SLIP_NARROW);
        slip(sold.seq, SLIP_WIDE, true);
        fits(SLIP_WIDE);
        has("449.999.550\n");
    }
}

static void nothing_in_a_name_steers_the_terminal(void **state)
{
    (void)state;
    cart_init(cart);
    put("2", 1000);
    /* Right-to-left override and a zero-width joiner. */
    memcpy(cart->lines[0].name,
           "a\xE2\x80\xAE"
           "b\xE2\x80\x8D"
           "c",
           10);
    sell();
    slip(sold.seq, SLIP_WIDE, false);
    has_not("\xE2\x80\xAE");
    has_not("\xE2\x80\x8D");
    has("a");
}

/* ---- X and Z ---- */

static void m15_x_and_z_show_how_the_expected_cash_comes_about(void **state)
{
    union body body = { .cash = { -50000, STR("mua đá") } };
    struct intent cash = { .kind = EV_CASH, .body = &body };
    struct shift_report report;
    int64_t seq;
    (void)state;
    sell_some();
    assert_int_equal(till_append(&f.till, &cash, &seq), ERR_OK);
    assert_int_equal(shift_close(&f.till, 700000, STR(""), 0, &report), ERR_OK);
    shift_report_render(&f.till, &report, SLIP_WIDE, &out);
    assert_string_equal(buf_text(&out),
                        "             Hội chợ OCOP Xuân 2020\n"
                        "                  A1 · Hạ Long\n"
                        "================================================\n"
                        "            Z REPORT (shift closed)\n"
                        "Shift                                          1\n"
                        "Fair-day                              14/01/2020\n"
                        "------------------------------------------------\n"
                        "Receipts                                       1\n"
                        "Sold                                     403.250\n"
                        "Refunds                                        0\n"
                        "Voids                                          0\n"
                        "NET                                      403.250\n"
                        "------------------------------------------------\n"
                        "Cash                                     303.250\n"
                        "Bank transfer                            100.000\n"
                        "------------------------------------------------\n"
                        "Float                                    500.000\n"
                        "+ Cash taken                             500.000\n"
                        "- Change given                           196.750\n"
                        "- Given back in cash                           0\n"
                        "+ Put in                                       0\n"
                        "- Taken out                               50.000\n"
                        "= CASH EXPECTED                          753.250\n"
                        "Cash counted                             700.000\n"
                        "Difference                               -53.250\n"
                        "------------------------------------------------\n"
                        "Entries                                      3-6\n"
                        "Ledger code                            MZXV-TGJH\n");
    buf_clear(&out);
    shift_report_render(&f.till, &report, SLIP_NARROW, &out);
    fits(SLIP_NARROW);
}

static void an_open_shift_has_no_count_yet(void **state)
{
    struct shift_report report;
    (void)state;
    assert_int_equal(shift_report(&f.till, false, &report), ERR_OK);
    shift_report_render(&f.till, &report, SLIP_WIDE, &out);
    has("X REPORT (shift still open)\n");
    has_not("Cash counted");
    has_not("Difference");
    has_not("entered afterwards");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_sales_slip_of_48_columns_looks_like_this),
        TEST(a_narrow_copy_says_what_was_given_back),
        TEST(a_refund_slip_names_the_receipt_it_is_for),
        TEST(a_voided_sales_copy_says_so),
        TEST(a_late_sales_slip_shows_its_own_time),
        TEST(what_is_no_sale_refund_or_void_has_no_slip),
        TEST(every_line_fits_the_paper_whatever_the_names_are),
        TEST(nothing_in_a_name_steers_the_terminal),
        TEST(m15_x_and_z_show_how_the_expected_cash_comes_about),
        TEST(an_open_shift_has_no_count_yet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
