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

#include "pos/paper/slip.h"
#include "pos/paper/spool.h"
#include "pos/screens/action.h"
#include "pos/screens/guide.h"
#include "pos/screens/screens.h"
#include "tests/support/app_fixture.h"

static struct app_fixture f;

static int setup(void **state)
{
    (void)state;
    app_fixture_init(&f, "en");
    grid_reset(&f.grid, 12, 40);
    app_fixture_shift(&f, 500000);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    app_fixture_done(&f);
    return 0;
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
    app_fixture_sees(&f, "Enter only when the money has come");
    app_fixture_sees(&f, "The code needs a larger window");
    app_fixture_sees(&f, "To 0011001234567");
}

static void s04_f8_is_offered_for_a_code_without_room(void **state)
{
    (void)state;
    bank();
    app_fixture_conf(&f, "printer = /dev/null");
    app_fixture_keys(&f, "2 Enter Enter /");
    app_fixture_sees(&f, "Enter only when the money has come");
    app_fixture_sees(&f, "F8 prints the code");
}

static void sees_transfer(void)
{
    BUF(reference, MAX_TEXT);
    till_payment_ref(&f.app.till, str_of(f.app.cart->reference), &reference);
    app_fixture_sees(&f, buf_text(&reference));
    app_fixture_sees(&f, "Enter only when the money has come");
    app_fixture_sees(&f, "STILL DUE");
    app_fixture_sees(&f, "(or Enter) >");
}

static void s04_the_caution_outlasts_any_number_of_parts(void **state)
{
    (void)state;
    bank();
    app_fixture_keys(&f, "2 Enter Enter /");
    app_fixture_sees(&f, "Message of the transfer");
    for (int i = 0; i < MAX_TENDERS - 1; i++) {
        app_fixture_keys(&f, "1 +");
        sees_transfer();
        app_fixture_keys(&f, "? Enter"); /* a message of two rows */
        app_fixture_sees(&f, "25 letters and");
        sees_transfer();
        app_fixture_keys(&f, "Esc");
    }
    app_fixture_sees(&f, "113.000");
}

static void s04_change_never_covers_the_entry_line(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2 Enter Enter");
    for (int i = 0; i < MAX_TENDERS - 1; i++) {
        app_fixture_sees(&f, "Received >");
        app_fixture_sees(&f, "F2");
        app_fixture_keys(&f, "200000");
        app_fixture_sees(&f, "CHANGE");
        app_fixture_sees(&f, "> 200000");
        app_fixture_sees(&f, "Help");
        app_fixture_keys(&f, "Esc 1 +");
    }
}

/* The rows of a guided sale are taken from the same. */
static void s04_the_reference_stays_beside_the_guide(void **state)
{
    (void)state;
    bank();
    app_fixture_keys(&f, "2 Enter Enter /");
    guide_start(&f.app);
    for (int i = 0; i < 3; i++) {
        app_fixture_keys(&f, "1 +");
        app_fixture_sees(&f, "1/7");
        sees_transfer();
    }
}

/* ---- questions ---- */

static void nothing(struct app *app)
{
    (void)app;
}

/* As above the steps of a guided sale. */
static void a_question_keeps_to_the_rows_it_has(void **state)
{
    const struct area five = { .row = 1, .rows = 5, .cols = 40 };
    (void)state;
    ask_yes(&f.app, "Undo sale",
            "Void receipt A1-1-4: 2.250.000 đ?\n"
            "To give back: 2.250.000 đ by transfer, not from the drawer",
            nothing);
    grid_reset(&f.grid, 12, 40);
    grid_puts(&f.grid, 6, 1, STYLE_TEXT, "3/7 the guide");
    question_screen.draw(&f.app, app_state(&f.app, &question_screen), &f.grid,
                         five);
    BUF(picture, MAX_TEXT);
    grid_picture(&f.grid, &picture);
    assert_non_null(strstr(buf_text(&picture), "not from the drawer"));
    assert_non_null(strstr(buf_text(&picture), "\n 3/7 the guide\n"));
}

/* ---- texts to read ---- */

static void show(const char *action)
{
    const struct action *a = action_find(action);
    a->run(&f.app, a->arg);
}

static void m16_x_and_z_show_their_amounts(void **state)
{
    (void)state;
    app_fixture_conf(&f, "blind_count = no");
    app_fixture_keys(&f, "2 F9");
    show("report-x");
    app_fixture_keys(&f, "PageDown");
    app_fixture_sees(&f, "120.000");
    app_fixture_keys(&f, "Esc");
    show("shift-close");
    app_fixture_keys(&f, "620 Enter Enter Enter");
    app_fixture_keys(&f, "PageDown");
    app_fixture_sees(&f, "120.000");
}

static void m24_the_code_sheet_shows_its_prices(void **state)
{
    (void)state;
    show("codes");
    app_fixture_keys(&f, "PageDown");
    app_fixture_sees(&f, "120.000");
}

/* Paper stays as wide as it is. */
static void m16_what_is_printed_is_not_narrowed(void **state)
{
    BUF(job, MAX_OUTPUT);
    char first[SPOOL_NAME], rule[SLIP_WIDE + 1] = { 0 };
    (void)state;
    memset(rule, '=', SLIP_WIDE);
    app_fixture_conf(&f, "printer = /dev/null");
    app_fixture_conf(&f, "printer_profile = text");
    show("codes");
    app_fixture_keys(&f, "F8");
    assert_int_equal(spool_look(f.till.dir, first), 1);
    assert_int_equal(spool_read(f.till.dir, first, &job), ERR_OK);
    assert_non_null(strstr(buf_text(&job), rule));
}

static void s06_a_long_line_goes_on_below(void **state)
{
    (void)state;
    show("doctor");
    app_fixture_sees(&f, "\n   was never compared\n");
}

/* ---- the cart ---- */

static void m12_a_discount_is_seen_beside_any_name(void **state)
{
    (void)state;
    app_fixture_keys(&f, "/85 Enter");
    app_fixture_keys(&f, "paste:Thịt_lợn_hướng_nạc_Thiên_Thuận_Tường Enter");
    app_fixture_keys(&f, "%10 Enter");
    app_fixture_sees(&f, ">! Thịt_lợn… −8.500 ");
    grid_reset(&f.grid, 24, 80);
    app_fixture_sees(&f, "Thịt_lợn_hướng_nạc_Thiên_Th… −8.500 ");
}

static void m01_numbers_of_a_line_never_touch(void **state)
{
    (void)state;
    app_fixture_keys(&f, "999999*1 Enter");
    app_fixture_sees(&f, " 999.999 449.999.550.000\n");
    grid_reset(&f.grid, 24, 80);
    app_fixture_sees(&f, " 450.000 449.999.550.000\n");
}

/* ---- messages ---- */

static void m01_a_long_message_goes_on_in_a_second_row(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2 F9 F4 Enter F7 Enter Ctrl-Z");
    app_fixture_sees(&f, "✗ this receipt was voided already –");
    app_fixture_sees(&f, "nothing");
    app_fixture_sees(&f, "Item >");
}

static void n06_that_it_has_expired_is_read_first(void **state)
{
    (void)state;
    app_fixture_keys(&f, "3 Enter");
    app_fixture_sees(&f, "! EXPIRED: Nước mắm");
    app_fixture_sees(&f, "TOTAL");
    app_fixture_keys(&f, "4 Enter");
    app_fixture_sees(&f, "! EXPIRES SOON: ");
    app_fixture_keys(&f, "/85 Enter Enter");
    app_fixture_sees(&f, "! NOT ON THE LIST: Other goods");
}

static void n06_a_refusal_says_why_before_the_name(void **state)
{
    struct list_fair fair = till_fixture_fair();
    (void)state;
    fair.refuse = REFUSE_EXPIRED;
    app_fixture_close(&f);
    till_fixture_adopt(&f.till, &fair, till_fixture_products,
                       till_fixture_n_products);
    app_fixture_open(&f);
    app_fixture_keys(&f, "3 Enter");
    app_fixture_sees(&f, "✗ EXPIRED: Nước mắm");
}

/* What is drawn beneath gives way, whatever it is. */
static void m01_a_second_row_covers_nothing_but_the_area(void **state)
{
    (void)state;
    bank();
    app_fixture_keys(&f, "2 Enter Enter 1 Enter");
    app_fixture_sees(&f, "✗ less than what is due; + takes it as\n a part\n");
    app_fixture_sees(&f, "Missing");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(s04_the_caution_stands_beside_a_code_without_room),
        T(s04_f8_is_offered_for_a_code_without_room),
        T(s04_the_caution_outlasts_any_number_of_parts),
        T(s04_change_never_covers_the_entry_line),
        T(s04_the_reference_stays_beside_the_guide),
        T(a_question_keeps_to_the_rows_it_has),
        T(m16_x_and_z_show_their_amounts),
        T(m24_the_code_sheet_shows_its_prices),
        T(m16_what_is_printed_is_not_narrowed),
        T(s06_a_long_line_goes_on_below),
        T(m12_a_discount_is_seen_beside_any_name),
        T(m01_numbers_of_a_line_never_touch),
        T(m01_a_long_message_goes_on_in_a_second_row),
        T(n06_that_it_has_expired_is_read_first),
        T(n06_a_refusal_says_why_before_the_name),
        T(m01_a_second_row_covers_nothing_but_the_area),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
