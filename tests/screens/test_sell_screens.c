/*
 * test_sell_screens.c - selling and paying by key presses and pictures: every
 * sentence of the entry line's grammar, and what stands in the ledger after.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pos/screens/action.h"
#include "pos/screens/screens.h"
#include "pos/till/carts.h"
#include "pos/till/shift.h"
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

static const struct cart *cart(void)
{
    return f.app.cart;
}

static int64_t total(void)
{
    int64_t vnd = -1;
    assert_int_equal(cart_total(cart(), &vnd), ERR_OK);
    return vnd;
}

static void on(const char *screen)
{
    if (strcmp(app_top(&f.app)->id, screen) != 0)
        fail_msg("on %s, not on %s:\n%s", app_top(&f.app)->id, screen,
                 app_fixture_seen(&f));
}

static int64_t sales(void)
{
    return ledger_state(f.app.till.ledger)->sums.sales;
}

/* The newest sale, to be closed by the caller. */
static struct record *sale(void)
{
    return app_fixture_event(&f, EV_SALE);
}

/* ---- the entry line ---- */

static void m01_three_times_twelve_adds_three_of_item_twelve(void **state)
{
    (void)state;
    app_fixture_keys(&f, "3*2 Enter");
    assert_int_equal(cart()->n_lines, 1);
    assert_string_equal(cart()->lines[0].sku, "TH-01");
    assert_int_equal(cart()->lines[0].milli, 3000);
    app_fixture_keys(&f, "0,385*1 Enter");
    assert_int_equal(cart()->lines[1].milli, 385);
    assert_int_equal(total(), 3 * 120000 + 173250);
}

static void m01_plus_minus_and_star_change_the_selected_line(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2 Enter 4 Enter *5 Enter");
    assert_int_equal(cart()->lines[1].milli, 5000);
    app_fixture_keys(&f, "Up + Enter");
    assert_int_equal(cart()->lines[0].milli, 2000);
    app_fixture_keys(&f, "- Enter - Enter");
    assert_int_equal(cart()->n_lines, 1);
    assert_string_equal(cart()->lines[0].sku, "MO-02");
}

static void m01_a_scan_adds_wherever_a_cart_is_open(void **state)
{
    (void)state;
    app_fixture_keys(&f, "scan:8936012340017");
    assert_string_equal(cart()->lines[0].sku, "TH-01");
    app_fixture_keys(&f, "Enter");
    on("pay");
    app_fixture_keys(&f, "scan:8936012340017");
    on("sell");
    assert_int_equal(cart()->lines[0].milli, 2000);
}

static void m01_a_burst_that_is_no_code_arrives_unchanged(void **state)
{
    (void)state;
    app_fixture_keys(&f, "scan:8931234567897");
    assert_true(str_is(edit_text(app_entry(&f.app)), "8931234567897"));
    assert_int_equal(cart()->n_lines, 0);
    app_fixture_keys(&f, "Esc 2 Enter Enter");
    on("pay");
    app_fixture_keys(&f, "scan:zzzzzzzz");
    on("pay");
    assert_true(str_is(edit_text(app_entry(&f.app)), "zzzzzzzz"));
    assert_int_equal(sales(), 0);
}

static void m01_an_unknown_code_says_so_and_stays_to_be_mended(void **state)
{
    (void)state;
    app_fixture_keys(&f, "99 Enter");
    app_fixture_sees(&f, "no such item here");
    assert_true(str_is(edit_text(app_entry(&f.app)), "99"));
    app_fixture_keys(&f, "Esc");
    assert_int_equal(edit_text(app_entry(&f.app)).len, 0);
}

static void m04_typing_a_part_of_a_name_finds_without_accents(void **state)
{
    (void)state;
    app_fixture_keys(&f, "mat");
    app_fixture_sees(&f, "Mật ong");
    app_fixture_keys(&f, "Enter");
    assert_string_equal(cart()->lines[0].sku, "MO-02");
    app_fixture_keys(&f, "2*tra Enter");
    assert_string_equal(cart()->lines[1].sku, "TH-01");
    assert_int_equal(cart()->lines[1].milli, 2000);
}

static void m13_an_item_off_the_list_is_named_priced_and_flagged(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2*/85 Enter");
    on("question");
    app_fixture_keys(&f, "Enter");
    assert_true(cart()->lines[0].unlisted);
    assert_int_equal(total(), 170000);
    app_fixture_sees(&f, "NOT ON THE LIST");
    app_fixture_keys(&f, "F9");
    struct record *r = sale();
    assert_int_equal(r->body.sale.lines[0].more.unlisted, 1);
    assert_true(f.app.last.notes & NOTE_UNLISTED);
    record_close(r);
}

/* ---- keys ---- */

static int n_presses;

/* Each word is one press. */
static void press(const char *words)
{
    for (const char *w = words; *w; w++)
        n_presses += *w == ' ';
    n_presses++;
    app_fixture_keys(&f, words);
}

static void m02_one_item_in_exact_cash_is_its_code_and_two(void **state)
{
    (void)state;
    n_presses = 0;
    press("2 Enter F9");
    assert_int_equal(n_presses, 3);
    assert_int_equal(sales(), 1);
    assert_int_equal(f.app.last.total_vnd, 120000);
    assert_int_equal(f.app.last.change_vnd, 0);
}

static void m02_two_lines_with_a_note_take_at_most_ten_presses(void **state)
{
    (void)state;
    n_presses = 0;
    press("3 * 2 Enter 4 Enter Enter F4 Enter");
    assert_true(n_presses <= 10);
    assert_int_equal(sales(), 1);
    assert_int_equal(f.app.last.total_vnd, 395000);
    assert_true(f.app.last.change_vnd > 0);
}

static void m02_a_whole_sale_by_the_number_pad_alone(void **state)
{
    (void)state;
    app_fixture_keys(&f, "3*2 Enter 4 Enter Enter *3 Enter Enter");
    assert_int_equal(sales(), 1);
}

static void m02_a_bouncing_enter_never_pays(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2 Enter");
    app_fixture_burst(&f, "Enter Enter Enter");
    on("pay");
    assert_int_equal(sales(), 0);
}

/* With hot keys and gates, which the fixture's own list has not. */
static void adopt_rich_lists(void)
{
    struct product own[2] = { till_fixture_products[1],
                              till_fixture_products[3] };
    struct list_fair fair = till_fixture_fair();
    own[0].hotkey = 1;
    own[0].barcode = STR("8931234567897");
    own[1].hotkey = 10;
    app_fixture_close(&f);
    till_fixture_adopt(&f.till, &fair, own, 2);
    app_fixture_open(&f);
}

static void m03_a_hot_key_and_f9_are_a_sale(void **state)
{
    (void)state;
    adopt_rich_lists();
    app_fixture_sees(&f, "Alt-1");
    n_presses = 0;
    press("Alt-1 F9");
    assert_int_equal(n_presses, 2);
    assert_int_equal(f.app.last.total_vnd, 120000);
    press("Alt-0 F9");
    assert_int_equal(f.app.last.total_vnd, 35000);
}

/* ---- carts ---- */

static void m06_the_cart_is_there_after_a_restart(void **state)
{
    (void)state;
    app_fixture_keys(&f, "3*2 Enter 4 Enter %10 Enter");
    int64_t before = total();
    app_fixture_close(&f);
    app_fixture_open(&f);
    assert_int_equal(cart()->n_lines, 2);
    assert_int_equal(total(), before);
}

/* Its reference is one that no sale has: the first tick reads them all. */
static void m06_a_cart_is_begun_behind_the_first_frame(void **state)
{
    (void)state;
    for (int typed = 0; typed < 2; typed++) {
        app_fixture_close(&f);
        app_fixture_open(&f);
        (void)app_fixture_seen(&f);
        assert_string_equal(cart()->reference, "");
        app_fixture_keys(&f, typed ? "3*2 Enter" : "tick:1");
        assert_int_equal(strlen(cart()->reference), REFERENCE_LEN);
    }
}

static void m07_nine_carts_are_parked_and_any_one_taken_back(void **state)
{
    (void)state;
    for (int i = 1; i <= PARKED_MAX; i++)
        app_fixture_keys(&f, i % 2 ? "2 Enter F3" : "4 Enter F3");
    app_fixture_keys(&f, "4 Enter F3");
    app_fixture_sees(&f, "a limit is exceeded");
    assert_int_equal(cart()->n_lines, 1);
    app_fixture_keys(&f, "F9 F3 7 Enter");
    assert_int_equal(cart()->n_lines, 1);
    assert_string_equal(cart()->lines[0].sku, "TH-01");
}

static void m07_parked_carts_outlive_shift_and_restart(void **state)
{
    struct shift_report z;
    (void)state;
    app_fixture_keys(&f, "2 Enter F3");
    assert_int_equal(shift_close(&f.app.till, 0, STR(""), 0, &z), ERR_OK);
    app_fixture_close(&f);
    app_fixture_open(&f);
    app_fixture_shift(&f, 0);
    app_fixture_keys(&f, "F3 Enter");
    assert_int_equal(cart()->n_lines, 1);
}

static void m17_a_removed_line_and_a_cancelled_cart_are_events(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2 Enter 4 Enter F7");
    assert_int_equal(app_fixture_count(&f, EV_LINE_REMOVED), 1);
    app_fixture_keys(&f, "Ctrl-X Enter");
    assert_int_equal(app_fixture_count(&f, EV_CART_CANCELLED), 1);
    assert_int_equal(cart()->n_lines, 0);
}

/* ---- discounts ---- */

static void m12_a_percentage_and_an_amount_off_line_and_cart(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2 Enter %10 Enter");
    assert_int_equal(total(), 108000);
    app_fixture_keys(&f, "%0 Enter");
    assert_int_equal(total(), 120000);
    app_fixture_keys(&f, "%10 Enter 4 Enter %%9 Enter %%0 Enter %%5000 Enter");
    assert_int_equal(total(), 138000);
    app_fixture_keys(&f, "F9");
    struct record *r = sale();
    assert_int_equal(r->body.sale.total_vnd, 138000);
    assert_int_equal(r->body.sale.lines[0].amount_vnd +
                         r->body.sale.lines[1].amount_vnd,
                     138000);
    record_close(r);
}

/* ---- paying ---- */

static void m08_thousands_are_shown_expanded_before_they_count(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2 Enter Enter 200");
    app_fixture_sees(&f, "200.000");
    app_fixture_sees(&f, "80.000");
    app_fixture_sees(&f, "50k + 20k + 10k");
    app_fixture_keys(&f, "Enter");
    assert_int_equal(f.app.last.tendered_vnd, 200000);
    assert_int_equal(f.app.last.change_vnd, 80000);
    app_fixture_sees(&f, "50k + 20k + 10k");
}

static void m08_too_little_cash_is_told_and_nothing_recorded(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2 Enter Enter 100 Enter");
    on("pay");
    app_fixture_sees(&f, "less than what is due");
    assert_int_equal(sales(), 0);
}

static void m11_a_split_is_cash_and_card_and_adds_up(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2 Enter Enter 50 + / / Enter");
    struct record *r = sale();
    assert_int_equal(r->body.sale.n_tenders, 2);
    assert_true(str_is(r->body.sale.tenders[0].method, "cash"));
    assert_int_equal(r->body.sale.tenders[0].amount_vnd, 50000);
    assert_true(str_is(r->body.sale.tenders[1].method, "card"));
    assert_int_equal(r->body.sale.tenders[1].amount_vnd, 70000);
    record_close(r);
}

static void m11_a_transfer_carries_our_reference_or_the_banks(void **state)
{
    BUF(ours, MAX_TEXT);
    (void)state;
    app_fixture_keys(&f, "2 Enter");
    till_payment_ref(&f.app.till, str_of(cart()->reference), &ours);
    app_fixture_keys(&f, "Enter / Enter");
    struct record *r = sale();
    assert_true(str_eq(r->body.sale.tenders[0].reference, buf_slice(&ours)));
    record_close(r);
    app_fixture_keys(&f, "2 Enter Enter / ft123 Enter");
    r = sale();
    assert_true(str_is(r->body.sale.tenders[0].reference, "FT123"));
    record_close(r);
}

static void m11_f9_books_no_cash_while_a_transfer_is_chosen(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2 Enter Enter / F9");
    on("pay");
    app_fixture_sees(&f, "not possible now");
    assert_int_equal(sales(), 0);
}

static void m11_a_voucher_keeps_its_number(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2 Enter Enter / / / V7 Enter");
    struct record *r = sale();
    assert_true(str_is(r->body.sale.tenders[0].method, "voucher"));
    assert_true(str_is(r->body.sale.tenders[0].reference, "V7"));
    record_close(r);
}

static void s04_the_transfer_code_fits_the_usual_screen(void **state)
{
    (void)state;
    app_fixture_conf(&f, "bank_bin = 970436");
    app_fixture_conf(&f, "bank_account = 0011001234567");
    app_fixture_keys(&f, "2 Enter Enter /");
    app_fixture_sees(&f, "█▀");
    app_fixture_sees(&f, "Enter only when the money has come");
    assert_int_equal(sales(), 0);
}

/* ---- giving back ---- */

static void m10_undo_voids_the_last_sale_only_after_yes(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2 F9 Ctrl-Z Esc");
    assert_int_equal(app_fixture_count(&f, EV_VOID), 0);
    app_fixture_keys(&f, "Ctrl-Z Enter");
    assert_int_equal(app_fixture_count(&f, EV_VOID), 1);
    assert_int_equal(ledger_state(f.app.till.ledger)->sums.voids_vnd, 120000);
}

static void m10_a_part_is_refunded_and_never_more_than_remains(void **state)
{
    (void)state;
    app_fixture_keys(&f, "3*2 Enter F9 F4 Enter 2 Enter F9 Enter");
    assert_int_equal(ledger_state(f.app.till.ledger)->sums.refunds_vnd, 240000);
    app_fixture_keys(&f, "F4");
    app_fixture_keys(&f, "Down Enter 2 Enter");
    app_fixture_sees(&f, "more than what remains");
    app_fixture_keys(&f, "Esc F2 F9 Enter");
    assert_int_equal(ledger_state(f.app.till.ledger)->sums.refunds_vnd, 360000);
}

/* Goods off the list share one sku: what is marked comes back by its line. */
static void m10_the_line_that_was_marked_is_given_back(void **state)
{
    (void)state;
    app_fixture_keys(&f, "/85 Enter Enter /40 Enter Enter F9 F4 Enter");
    app_fixture_keys(&f, "Down Enter F9 Enter");
    assert_int_equal(ledger_state(f.app.till.ledger)->sums.refunds_vnd, 40000);
}

/* 29.999 for three: a third of what is left is not what two thirds of all
 * leave to be given back. */
static void m10_what_is_shown_is_what_is_given_back(void **state)
{
    (void)state;
    app_fixture_keys(&f, "3*/10 Enter Enter %!1 Enter F9 F4 Enter 1 Enter F9");
    app_fixture_keys(&f, "Enter F4 Down Enter 1 Enter");
    app_fixture_sees(&f, "19.999");
    app_fixture_misses(&f, "10.000");
    app_fixture_keys(&f, "F9 Enter");
    app_fixture_sees(&f, "give back 9.999 đ");
}

static void m10_a_part_is_typed_as_when_selling(void **state)
{
    (void)state;
    app_fixture_keys(&f, "1,5*2 Enter F9 F4 Enter x Enter");
    app_fixture_sees(&f, "this is no quantity");
    app_fixture_keys(&f, "Esc 0,5 Enter F9 Enter");
    assert_int_equal(ledger_state(f.app.till.ledger)->sums.refunds_vnd, 60000);
    struct record *r = app_fixture_event(&f, EV_REFUND);
    assert_true(r->body.refund.basket.len > 0); /* once, if tried again */
    record_close(r);
}

static void m10_a_receipt_is_found_by_number_and_by_reference(void **state)
{
    char reference[16];
    (void)state;
    app_fixture_keys(&f, "2 Enter");
    memcpy(reference, cart()->reference, sizeof(cart()->reference));
    app_fixture_keys(&f, "F9 F4");
    app_fixture_keys(&f, reference);
    app_fixture_keys(&f, "Enter");
    on("refund");
    app_fixture_keys(&f, "Esc F4 4 Enter");
    on("refund");
    app_fixture_keys(&f, "Esc F4 999 Enter");
    app_fixture_sees(&f, "no such receipt");
}

static void m17_without_goods_there_is_no_cart_to_cancel(void **state)
{
    (void)state;
    app_fixture_keys(&f, "mat Ctrl-X");
    on("sell");
    app_fixture_keys(&f, "Esc 2 Enter Ctrl-X");
    on("question");
}

static void m17_a_copy_of_a_slip_is_an_event(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2 F9 F8");
    assert_int_equal(app_fixture_count(&f, EV_REPRINT), 1);
    app_fixture_keys(&f, "F4 Enter F8");
    assert_int_equal(app_fixture_count(&f, EV_REPRINT), 2);
}

/* ---- scans with a meaning ---- */

static void s03_a_scales_label_sells_its_weight(void **state)
{
    (void)state;
    app_fixture_conf(&f, "scale_labels = 21IIIIIWWWWWC 22IIIIIPPPPPC");
    app_fixture_keys(&f, "scan:2100001012502");
    assert_int_equal(cart()->n_lines, 1);
    assert_string_equal(cart()->lines[0].sku, "CM-KG");
    assert_int_equal(cart()->lines[0].milli, 1250);
    assert_int_equal(total(), 562500);
}

static void n07_a_stamp_stays_with_its_line(void **state)
{
    (void)state;
    adopt_rich_lists();
    app_fixture_keys(&f, "scan:https://tem.vn/01/08931234567897/21/X9 F9");
    struct record *r = sale();
    assert_true(str_is(r->body.sale.lines[0].sku, "TH-01"));
    assert_true(r->body.sale.lines[0].more.stamp.len > 0);
    record_close(r);
    app_fixture_keys(&f, "4 Enter scan:https://tem.vn/x/ABC123 F9");
    r = sale();
    assert_true(str_is(r->body.sale.lines[0].sku, "MO-02"));
    assert_true(r->body.sale.lines[0].more.stamp.len > 0);
    record_close(r);
}

/* ---- supervision ---- */

static void n06_what_is_rung_up_says_its_certificate(void **state)
{
    (void)state;
    app_fixture_keys(&f, "4 Enter");
    app_fixture_sees(&f, "4 stars");
    app_fixture_sees(&f, "QN-2");
    assert_int_equal(f.app.message.style, STYLE_WARN);
    app_fixture_keys(&f, "3 Enter");
    app_fixture_sees(&f, "QN-1");
    app_fixture_keys(&f, "F9");
    assert_true(f.app.last.notes & NOTE_EXPIRED);
    assert_true(f.app.last.notes & NOTE_EXPIRING);
}

static void n06_the_organisers_refusal_keeps_it_out_of_the_cart(void **state)
{
    struct list_fair fair = till_fixture_fair();
    (void)state;
    fair.refuse = REFUSE_EXPIRED | REFUSE_UNLISTED;
    app_fixture_close(&f);
    till_fixture_adopt(&f.till, &fair, till_fixture_products,
                       till_fixture_n_products);
    app_fixture_open(&f);
    app_fixture_keys(&f, "3 Enter");
    assert_int_equal(cart()->n_lines, 0);
    app_fixture_sees(&f, "the certificate has expired");
    app_fixture_keys(&f, "Esc /85 Enter");
    assert_int_equal(cart()->n_lines, 0);
    app_fixture_sees(&f, "may not sell");
}

/* ---- visitors ---- */

static void m31_f6_counts_one_or_the_number_typed(void **state)
{
    (void)state;
    app_fixture_keys(&f, "F6 25 F6");
    assert_int_equal(ledger_state(f.app.till.ledger)->sums.visits, 26);
    app_fixture_keys(&f, "-3 F6");
    assert_int_equal(ledger_state(f.app.till.ledger)->sums.visits, 23);
    assert_int_equal(cart()->n_lines, 0);
}

static void m31_the_gate_screen_counts_with_one_key(void **state)
{
    (void)state;
    const struct action *a = action_find("gate");
    a->run(&f.app, a->arg);
    app_fixture_keys(&f, "Enter + + 10 Enter -");
    assert_int_equal(ledger_state(f.app.till.ledger)->sums.visits, 12);
    app_fixture_sees(&f, "Counted here so far");
}

/* ---- how it looks ---- */

static void shift(struct app_fixture *own)
{
    app_fixture_conf(own, "bank_bin = 970436");
    app_fixture_conf(own, "bank_account = 0011001234567");
    app_fixture_shift(own, 500000);
}

#define STORY(name, keys)                              \
    static void name##_story(struct app_fixture *own)  \
    {                                                  \
        shift(own);                                    \
        app_fixture_keys(own, keys);                   \
    }                                                  \
    static void m01_picture_of_##name(void **state)    \
    {                                                  \
        (void)state;                                   \
        app_fixture_golden_story(#name, name##_story); \
    }

STORY(sell, "3*2 Enter 0,385*1 Enter 4 Enter %10 Enter")
STORY(matches, "2 Enter ma")
STORY(pay, "3*2 Enter 4 Enter Enter 500")
STORY(transfer, "2 Enter Enter /")
STORY(change, "3*2 Enter 4 Enter Enter 500 Enter")
STORY(search, "F2 n")
STORY(receipts, "2 F9 4 F9 F4")
STORY(refund, "3*2 Enter 4 Enter F9 F4 Enter Enter")
STORY(parked, "3*2 Enter F3 4 Enter F3 F3")
STORY(menu, "F10")
STORY(help, "F1")
STORY(undo, "2 F9 Ctrl-Z")
STORY(empty, "Esc")

static void gate_story(struct app_fixture *own)
{
    const struct action *a = action_find("gate");
    shift(own);
    a->run(&own->app, a->arg);
    app_fixture_keys(own, "25 Enter +");
}

static void m31_picture_of_gate(void **state)
{
    (void)state;
    app_fixture_golden_story("gate", gate_story);
}

static void s09_a_window_too_small_says_so_and_keys_live(void **state)
{
    BUF(seen, MAX_TEXT);
    (void)state;
    app_fixture_picture(&f, 9, 32, &seen);
    assert_non_null(strstr(buf_text(&seen), "40×12"));
    app_fixture_picture(&f, 1, 1, &seen);
    app_fixture_keys(&f, "2 F9");
    assert_int_equal(sales(), 1);
}

int main(void)
{
#define T(name)       cmocka_unit_test_setup_teardown(name, setup, teardown)
#define PICTURE(name) cmocka_unit_test(m01_picture_of_##name)
    const struct CMUnitTest tests[] = {
        T(m01_three_times_twelve_adds_three_of_item_twelve),
        T(m01_plus_minus_and_star_change_the_selected_line),
        T(m01_a_scan_adds_wherever_a_cart_is_open),
        T(m01_a_burst_that_is_no_code_arrives_unchanged),
        T(m01_an_unknown_code_says_so_and_stays_to_be_mended),
        T(m04_typing_a_part_of_a_name_finds_without_accents),
        T(m13_an_item_off_the_list_is_named_priced_and_flagged),
        T(m02_one_item_in_exact_cash_is_its_code_and_two),
        T(m02_two_lines_with_a_note_take_at_most_ten_presses),
        T(m02_a_whole_sale_by_the_number_pad_alone),
        T(m02_a_bouncing_enter_never_pays),
        T(m03_a_hot_key_and_f9_are_a_sale),
        T(m06_the_cart_is_there_after_a_restart),
        T(m06_a_cart_is_begun_behind_the_first_frame),
        T(m07_nine_carts_are_parked_and_any_one_taken_back),
        T(m07_parked_carts_outlive_shift_and_restart),
        T(m17_a_removed_line_and_a_cancelled_cart_are_events),
        T(m12_a_percentage_and_an_amount_off_line_and_cart),
        T(m08_thousands_are_shown_expanded_before_they_count),
        T(m08_too_little_cash_is_told_and_nothing_recorded),
        T(m11_a_split_is_cash_and_card_and_adds_up),
        T(m11_a_transfer_carries_our_reference_or_the_banks),
        T(m11_f9_books_no_cash_while_a_transfer_is_chosen),
        T(m11_a_voucher_keeps_its_number),
        T(s04_the_transfer_code_fits_the_usual_screen),
        T(m10_undo_voids_the_last_sale_only_after_yes),
        T(m10_a_part_is_refunded_and_never_more_than_remains),
        T(m10_the_line_that_was_marked_is_given_back),
        T(m10_what_is_shown_is_what_is_given_back),
        T(m10_a_part_is_typed_as_when_selling),
        T(m10_a_receipt_is_found_by_number_and_by_reference),
        T(m17_a_copy_of_a_slip_is_an_event),
        T(m17_without_goods_there_is_no_cart_to_cancel),
        T(s03_a_scales_label_sells_its_weight),
        T(n07_a_stamp_stays_with_its_line),
        T(n06_what_is_rung_up_says_its_certificate),
        T(n06_the_organisers_refusal_keeps_it_out_of_the_cart),
        T(m31_f6_counts_one_or_the_number_typed),
        T(m31_the_gate_screen_counts_with_one_key),
        T(s09_a_window_too_small_says_so_and_keys_live),
        PICTURE(sell),
        PICTURE(matches),
        PICTURE(pay),
        PICTURE(transfer),
        PICTURE(change),
        PICTURE(search),
        PICTURE(receipts),
        PICTURE(refund),
        PICTURE(parked),
        PICTURE(menu),
        PICTURE(help),
        PICTURE(undo),
        PICTURE(empty),
        cmocka_unit_test(m31_picture_of_gate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
