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

#include "fair/chain.h"
#include "fair/i18n.h"
#include "fair/text.h"
#include "pos/model/vietqr.h"
#include "pos/paper/payslip.h"
#include "pos/paper/shift_slip.h"
#include "pos/paper/slip.h"
#include "pos/till/refund.h"
#include "pos/till/shift.h"
#include "tests/support/kept.h"
#include "tests/support/till_fixture.h"

static struct till_fixture f;
static struct cart *cart;
static struct sold sold;
static struct buf out;

static int set_up(void **state)
{
    (void)state;
    i18n_init("en");
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
    struct sale sale = { cart, payments, 2, 3, 0 };
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

/* In both languages and widths, as NAME-LANGUAGE-COLUMNS.txt. */
static void kept_slip(const char *name, int64_t seq, bool copy)
{
    static const char *const languages[] = { "en", "vi" };
    for (int i = 0; i < 4; i++) {
        int columns = i % 2 ? SLIP_WIDE : SLIP_NARROW;
        char file[64];
        snprintf(file, sizeof(file), "%s-%s-%d.txt", name, languages[i / 2],
                 columns);
        i18n_init(languages[i / 2]);
        slip(seq, columns, copy);
        fits(columns);
        kept_text(file, buf_slice(&out));
    }
    i18n_init("en");
}

/* A line of each kind: weighed, with a discount, with a stamp, not listed. */
static void sell_every_kind_of_line(void)
{
    int line;
    cart_init(cart);
    put("1", 385);
    put("2", 2000);
    assert_int_equal(cart_discount_line(cart, 1, 10000), ERR_OK);
    assert_int_equal(
        cart_set_stamp(cart, 1, STR("893850574000012345678"), &line), ERR_OK);
    assert_int_equal(
        cart_add_unlisted(cart, STR("Ổi Bồng Lai"), STR("kg"), 25000, 1500),
        ERR_OK);
    sell();
}

static void sales_slips_look_like_this(void **state)
{
    (void)state;
    sell_every_kind_of_line();
    kept_slip("sale", sold.seq, false);
}

static void copies_say_what_was_given_back(void **state)
{
    struct refund_item item = { .word = STR("2"), .milli = 1000 };
    struct refund refund = { .items = &item, .n_items = 1 };
    struct refunded back;
    (void)state;
    sell_every_kind_of_line();
    refund.of = sold.seq;
    assert_int_equal(refund_commit(&f.till, &refund, &back), ERR_OK);
    kept_slip("copy", sold.seq, true);
    kept_slip("refund", back.seq, false);
}

static void void_slips_look_like_this(void **state)
{
    struct refunded back;
    (void)state;
    sell_every_kind_of_line();
    assert_int_equal(void_commit(&f.till, sold.seq, STR(""), 0, &back), ERR_OK);
    kept_slip("void", back.seq, false);
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

static void a_foreign_refund_slip_names_the_other_tills_receipt(void **state)
{
    struct refund_item item = { .word = STR("2"), .milli = 1000 };
    struct refund refund = {
        .foreign = STR("B2-1-9"), .by = 1, .items = &item, .n_items = 1
    };
    struct refunded back;
    (void)state;
    assert_int_equal(refund_commit(&f.till, &refund, &back), ERR_OK);
    slip(back.seq, SLIP_WIDE, false);
    has("For receipt                               B2-1-9\n");
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
    struct sale sale = { cart, &cash, 1, 0, f.wall_ms - 3600000 };
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
        ("Bánh gai bà Thi gói lá chuối khô, đặc sản làng nghề Ninh Giang, hộp "
         "mười chiếc"),
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

/* ---- what only some slips say ---- */

/* Anybody can work the code of a slip out from the ledger: hash(n) from
 * hash(n-1) and the bytes of the event, then its short form. */
static void n11_the_code_on_a_slip_can_be_checked_in_the_ledger(void **state)
{
    struct record *before = record_open(), *r = record_open();
    uint8_t hash[HASH_BYTES];
    char line[64], code[10];
    (void)state;
    sell_some();
    assert_int_equal(till_record(&f.till, sold.seq - 1, before), ERR_OK);
    assert_int_equal(till_record(&f.till, sold.seq, r), ERR_OK);
    chain_next(before->hash, buf_slice(&r->text), hash);
    chain_short(hash, code);
    snprintf(line, sizeof(line), "Ledger code            %s\n", code);
    slip(sold.seq, SLIP_NARROW, false);
    has(line);
    slip(sold.seq, SLIP_NARROW, true);
    has(line);
    receipt_code(r, code);
    assert_non_null(strstr(line, code));
    record_close(before);
    record_close(r);
}

static void n13_practice_is_written_on_both_ends_of_a_slip(void **state)
{
    static const char mark[] = "     PRACTICE - NOT A SALE\n";
    (void)state;
    sell_some();
    f.till.practice = true;
    const char *text = slip(sold.seq, SLIP_NARROW, false);
    assert_memory_equal(text, mark, strlen(mark));
    assert_string_equal(text + strlen(text) - strlen(mark), mark);
    f.till.practice = false;
    slip(sold.seq, SLIP_NARROW, false);
    has_not("PRACTICE");
}

static void the_total_is_said_in_words_where_they_are_vietnamese(void **state)
{
    (void)state;
    sell_some();
    i18n_init("vi");
    slip(sold.seq, SLIP_WIDE, false);
    has("Bốn trăm linh ba nghìn hai trăm");
    i18n_init("en");
    slip(sold.seq, SLIP_WIDE, false);
    has_not("linh");
}

/* ---- as jobs ---- */

static const struct job *make(struct sheet *sheet, int64_t seq, bool copy)
{
    sheet_init(sheet);
    assert_int_equal(receipt_job(&f.till, seq, SLIP_NARROW, copy, sheet),
                     ERR_OK);
    return &sheet->job;
}

/* The line of the text that is large. */
static struct str large(const struct job *job, int i)
{
    struct str rest = job->text;
    for (int n = job->large[i]; n > 0; n--) {
        const char *end = memchr(rest.data, '\n', rest.len);
        rest.len -= (size_t)(end + 1 - rest.data);
        rest.data = end + 1;
    }
    const char *end = memchr(rest.data, '\n', rest.len);
    return (struct str){ rest.data, (size_t)(end - rest.data) };
}

static void heading_and_total_are_large(void **state)
{
    struct sheet sheet;
    (void)state;
    sell_some();
    const struct job *job = make(&sheet, sold.seq, false);
    assert_int_equal(job->n_large, 2);
    assert_true(str_is(large(job, 0), "           SALES SLIP"));
    assert_true(str_is(large(job, 1), "TOTAL                  403.250 đ"));
    assert_int_equal(job->qr.len, 0);
    sheet_done(&sheet);
    f.till.practice = true;
    job = make(&sheet, sold.seq, true);
    assert_int_equal(job->n_large, 4);
    assert_true(str_is(large(job, 3), "     PRACTICE - NOT A SALE"));
    sheet_done(&sheet);
}

static void the_drawer_opens_when_cash_moves_and_never_for_a_copy(void **state)
{
    struct payment by_bank = { "transfer", -1, STR("FT1") };
    struct sale sale = { cart, &by_bank, 1, 0, 0 };
    struct sheet sheet;
    (void)state;
    sell_some();
    assert_true(make(&sheet, sold.seq, false)->drawer);
    sheet_done(&sheet);
    assert_false(make(&sheet, sold.seq, true)->drawer);
    sheet_done(&sheet);
    cart_init(cart);
    put("2", 1000);
    assert_int_equal(sale_begin(&f.till, cart), ERR_OK);
    assert_int_equal(sale_commit(&f.till, &sale, &sold), ERR_OK);
    assert_false(make(&sheet, sold.seq, false)->drawer);
    sheet_done(&sheet);
}

static void kept_dots(const char *name, const struct job *job, int columns)
{
    struct printer p = {
        .device = "none",
        .profile = PROFILE_RASTER,
        .columns = columns,
        .table = -1,
        .table_capitals = -1,
        .font = "/usr/share/fonts/truetype/noto/NotoMono-Regular.ttf",
        .drawer_pin = 0,
        .cut = true
    };
    struct press *press = press_open();
    bool plain = true;
    BUF(bytes, MAX_JOB);
    assert_int_equal(job_render(&p, job, &bytes, &plain), ERR_OK);
    assert_false(plain);
    press_print(press, buf_slice(&bytes));
    assert_int_equal(press->cuts, 1);
    kept_picture(name, press);
    press_close(press);
}

static void m20_sales_slips_are_printed_like_this(void **state)
{
    struct sheet sheet;
    (void)state;
    sell_every_kind_of_line();
    i18n_init("vi");
    f.till.practice = true;
    kept_dots("sale-vi-32.dots", make(&sheet, sold.seq, false), SLIP_NARROW);
    sheet_done(&sheet);
    f.till.practice = false;
    sheet_init(&sheet);
    assert_int_equal(receipt_job(&f.till, sold.seq, SLIP_WIDE, false, &sheet),
                     ERR_OK);
    kept_dots("sale-vi-48.dots", &sheet.job, SLIP_WIDE);
    sheet_done(&sheet);
    i18n_init("en");
}

/* ---- before anything is paid ---- */

static void pay_slips_ask_for_exactly_what_is_due(void **state)
{
    struct payslip pay = { STR("970405"), STR("8000205123456"),
                           STR("HTX Hạ Long"), STR("K7Q2M"), 403250 };
    struct sheet sheet;
    struct vietqr qr;
    (void)state;
    sheet_init(&sheet);
    assert_int_equal(payslip_render(&f.till, &pay, SLIP_NARROW, &sheet),
                     ERR_OK);
    assert_int_equal(vietqr_parse(sheet.job.qr, &qr), ERR_OK);
    assert_true(str_eq(qr.bin, pay.bin));
    assert_true(str_eq(qr.account, pay.account));
    assert_int_equal(qr.amount_vnd, 403250);
    assert_true(str_is(qr.purpose, "A1K7Q2M"));
    kept_text("pay-en-32.txt", sheet.job.text);
    assert_int_equal(sheet.job.n_large, 1);
    assert_false(sheet.job.drawer);
    sheet_done(&sheet);
    sheet_init(&sheet);
    i18n_init("vi");
    assert_int_equal(payslip_render(&f.till, &pay, SLIP_WIDE, &sheet), ERR_OK);
    kept_text("pay-vi-48.txt", sheet.job.text);
    kept_dots("pay-vi-48.dots", &sheet.job, SLIP_WIDE);
    sheet_done(&sheet);
    i18n_init("en");
    pay.bin = STR("12");
    sheet_init(&sheet);
    assert_int_equal(payslip_render(&f.till, &pay, SLIP_WIDE, &sheet),
                     ERR_INVALID);
    sheet_done(&sheet);
}

/* ---- X and Z ---- */

static void kept_report(const char *name, const struct shift_report *report)
{
    static const char *const languages[] = { "en", "vi" };
    for (int i = 0; i < 4; i++) {
        int columns = i % 2 ? SLIP_WIDE : SLIP_NARROW;
        char file[64];
        snprintf(file, sizeof(file), "%s-%s-%d.txt", name, languages[i / 2],
                 columns);
        i18n_init(languages[i / 2]);
        buf_clear(&out);
        shift_report_render(&f.till, report, columns, &out);
        fits(columns);
        kept_text(file, buf_slice(&out));
    }
    i18n_init("en");
}

static void m15_x_and_z_show_how_the_expected_cash_comes_about(void **state)
{
    union body body = { .cash = { -50000, STR("mua đá") } };
    struct intent cash = { .kind = EV_CASH, .body = &body };
    struct shift_report report;
    int64_t seq;
    (void)state;
    sell_some();
    assert_int_equal(till_append(&f.till, &cash, &seq), ERR_OK);
    assert_int_equal(shift_report(&f.till, false, &report), ERR_OK);
    kept_report("x", &report);
    assert_int_equal(shift_close(&f.till, 700000, STR(""), 0, &report), ERR_OK);
    kept_report("z", &report);
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
        TEST(sales_slips_look_like_this),
        TEST(copies_say_what_was_given_back),
        TEST(void_slips_look_like_this),
        TEST(a_refund_slip_names_the_receipt_it_is_for),
        TEST(a_foreign_refund_slip_names_the_other_tills_receipt),
        TEST(a_voided_sales_copy_says_so),
        TEST(a_late_sales_slip_shows_its_own_time),
        TEST(what_is_no_sale_refund_or_void_has_no_slip),
        TEST(every_line_fits_the_paper_whatever_the_names_are),
        TEST(nothing_in_a_name_steers_the_terminal),
        TEST(n11_the_code_on_a_slip_can_be_checked_in_the_ledger),
        TEST(n13_practice_is_written_on_both_ends_of_a_slip),
        TEST(the_total_is_said_in_words_where_they_are_vietnamese),
        TEST(heading_and_total_are_large),
        TEST(the_drawer_opens_when_cash_moves_and_never_for_a_copy),
        TEST(m20_sales_slips_are_printed_like_this),
        TEST(pay_slips_ask_for_exactly_what_is_due),
        TEST(m15_x_and_z_show_how_the_expected_cash_comes_about),
        TEST(an_open_shift_has_no_count_yet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
