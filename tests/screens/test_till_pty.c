/*
 * test_till_pty.c - the main workflows with the real program in a terminal:
 * every key press is counted, what the ledger holds afterwards is looked at.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"
#include "pos/model/vietqr.h"
#include "pos/paper/qr.h"
#include "tests/support/till_pty.h"

enum { FLOAT_VND = 500000, DEADLINE_MS = 20000 };

static struct till_pty t;

/* A shift is open, the screen is not there yet. */
static int setup(void **state)
{
    (void)state;
    till_pty_init(&t);
    till_pty_shift(&t);
    return 0;
}

static int setup_running(void **state)
{
    setup(state);
    till_pty_start(&t);
    return 0;
}

static int setup_unopened(void **state)
{
    (void)state;
    till_pty_init(&t);
    till_pty_start(&t);
    return 0;
}

static int setup_staff(void **state)
{
    setup(state);
    till_pty_staff(&t);
    till_pty_start(&t);
    return 0;
}

static int setup_fair(void **state)
{
    (void)state;
    till_pty_init_fair(&t);
    till_pty_shift(&t);
    till_pty_start(&t);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    till_pty_done(&t);
    return 0;
}

/* Presses them and says how many presses that were. */
static int presses(const char *words)
{
    (void)pty_keys(t.pty);
    till_pty_keys(&t, words);
    return pty_keys(t.pty);
}

/* The newest sale: what it came to and how it was paid. */
static void sold(int64_t total_vnd, const char *method, int64_t tendered_vnd)
{
    till_pty_sees(&t, "✓ Recorded");
    struct record *r = till_pty_event(&t, EV_SALE);
    const struct body_sale *s = &r->body.sale;
    assert_int_equal(s->total_vnd, total_vnd);
    assert_int_equal(s->n_tenders, 1);
    assert_true(str_is(s->tenders[0].method, method));
    assert_int_equal(s->tenders[0].amount_vnd, tendered_vnd);
    assert_int_equal(s->change_vnd, tendered_vnd - total_vnd);
    record_close(r);
}

/* ---- selling ---- */

static void m02_a_two_line_sale_takes_ten_presses(void **state)
{
    (void)state;
    int n = presses("3*12 Enter 7 Enter Enter");
    till_pty_sees(&t, "F4 200.000");
    n += presses("F4");
    till_pty_sees(&t, "20k + 10k + 5k");
    n += presses("Enter");
    assert_true(n <= 10);
    sold(165000, "cash", 200000);
    till_pty_sees(&t, "20k + 10k + 5k");
    struct record *r = till_pty_event(&t, EV_SALE);
    assert_int_equal(r->body.sale.n_lines, 2);
    assert_int_equal(r->body.sale.lines[0].milli, 3000);
    assert_true(str_is(r->body.sale.lines[0].name, "Mật ong"));
    assert_true(str_is(r->body.sale.lines[1].sku, "MD-01"));
    record_close(r);
}

/* Total revenue in the organiser's report; -1 without a report. */
static int64_t reported(void)
{
    BUF(out, MAX_OUTPUT);
    const char *totals, *revenue;
    int code = till_pty_command(
        "fair-aggregator", t.hub,
        WORDS("report", "days", "--fair", "THU", "--format", "json"), &out);
    if (code != 0 || !(totals = strstr(buf_text(&out), "\"totals\"")) ||
        !(revenue = strstr(totals, "\"revenue_vnd\":")))
        return -1;
    return strtoll(revenue + strlen("\"revenue_vnd\":"), NULL, 10);
}

static void m02_the_sale_is_in_the_report_of_the_day(void **state)
{
    (void)state;
    assert_int_equal(reported(), 0);
    assert_true(presses("3*12 Enter 7 Enter Enter F4 Enter") <= 10);
    till_pty_sees(&t, "✓ Recorded");
    struct record *r = till_pty_event(&t, EV_SALE);
    int64_t total_vnd = r->body.sale.total_vnd;
    assert_int_equal(total_vnd, 3 * 180000 + 60000);
    record_close(r);
    int64_t until_ms = env_mono_ms() + DEADLINE_MS;
    while (reported() != total_vnd && env_mono_ms() < until_ms)
        continue; /* each question takes its time */
    assert_int_equal(reported(), total_vnd);
    till_pty_sees(&t, "all sent");
}

static void m02_one_item_in_exact_cash_is_its_code_and_two(void **state)
{
    (void)state;
    assert_int_equal(presses("12 Enter F9"), 2 + 2);
    sold(35000, "cash", 35000);
    assert_int_equal(presses("7 F9"), 1 + 1); /* Enter may be left out */
    sold(60000, "cash", 60000);
    assert_int_equal(till_pty_count(&t, EV_SALE), 2);
}

static void m03_a_hot_key_and_one_sell(void **state)
{
    (void)state;
    till_pty_sees(&t, "Alt-2 Miến dong");
    assert_int_equal(presses("Alt-2 F9"), 2);
    sold(60000, "cash", 60000);
}

static void m01_a_scan_and_one_sell(void **state)
{
    (void)state;
    assert_int_equal(presses("scan:8936012340017"), 1);
    till_pty_sees(&t, "Mật ong");
    till_pty_sees(&t, "35.000");
    assert_int_equal(presses("F9"), 1);
    sold(35000, "cash", 35000);
}

static void m07_a_cart_is_parked_and_comes_back(void **state)
{
    (void)state;
    till_pty_keys(&t, "3*12 Enter");
    assert_int_equal(presses("F3"), 1);
    till_pty_sees(&t, "✓ parked as number 1");
    till_pty_keys(&t, "7 F9");
    sold(60000, "cash", 60000);
    assert_int_equal(presses("F3 Enter"), 2);
    till_pty_sees(&t, "✓ cart 1 is back");
    till_pty_sees(&t, "3 chai");
    till_pty_keys(&t, "F9");
    sold(105000, "cash", 105000);
}

static void m12_a_discount_comes_off_the_line_and_the_cart(void **state)
{
    (void)state;
    till_pty_keys(&t, "2*7 Enter");
    assert_int_equal(presses("%10 Enter"), 4);
    till_pty_sees(&t, "−12.000");
    till_pty_keys(&t, "%%8000 Enter F9");
    sold(100000, "cash", 100000);
    struct record *r = till_pty_event(&t, EV_SALE);
    assert_int_equal(r->body.sale.discount_vnd, 8000);
    assert_int_equal(r->body.sale.lines[0].more.discount_vnd, 20000);
    record_close(r);
}

static void m13_an_item_off_the_list_has_a_price_and_a_name(void **state)
{
    (void)state;
    assert_int_equal(presses("/85 Enter Enter"), 5);
    till_pty_sees(&t, "! Other goods");
    till_pty_keys(&t, "2*/10 Enter");
    pty_type(t.pty, "kẹo ");
    till_pty_keys(&t, "Enter F9");
    sold(105000, "cash", 105000);
    struct record *r = till_pty_event(&t, EV_SALE);
    assert_int_equal(r->body.sale.n_lines, 2);
    assert_int_equal(r->body.sale.lines[0].more.unlisted, 1);
    assert_true(str_is(r->body.sale.lines[1].name, "kẹo"));
    assert_int_equal(r->body.sale.lines[1].milli, 2000);
    record_close(r);
}

/* ---- back again ---- */

static void m10_a_part_goes_back_by_receipt_number(void **state)
{
    (void)state;
    till_pty_keys(&t, "3*12 Enter 7 Enter F9");
    sold(165000, "cash", 165000);
    struct record *r = till_pty_event(&t, EV_SALE);
    int64_t seq = r->event.seq;
    BUF(words, MAX_TEXT);
    buf_printf(&words, "F4 %lld Enter 1 Enter", (long long)seq);
    record_close(r);
    till_pty_keys(&t, buf_text(&words));
    till_pty_sees(&t, "✓ 1 / 3");
    assert_int_equal(presses("F9"), 1);
    till_pty_sees(&t, "Why is it given back?");
    assert_int_equal(presses("Enter"), 1);
    till_pty_sees(&t, "✓ give back 35.000 đ");
    r = till_pty_event(&t, EV_REFUND);
    assert_int_equal(r->body.refund.of, seq);
    assert_int_equal(r->body.refund.total_vnd, 35000);
    assert_int_equal(r->body.refund.n_lines, 1);
    assert_int_equal(r->body.refund.lines[0].milli, 1000);
    record_close(r);
    till_pty_keys(&t, buf_text(&words)); /* one of the two that remain… */
    till_pty_sees(&t, "✓ 1 / 2");
    till_pty_keys(&t, "3 Enter"); /* …but not three */
    till_pty_sees(&t, "✗ ");
    till_pty_keys(&t, "Esc Esc");
    assert_int_equal(till_pty_count(&t, EV_REFUND), 1);
}

static void m10_the_last_sale_is_undone_in_two_presses(void **state)
{
    (void)state;
    till_pty_keys(&t, "7 F9");
    sold(60000, "cash", 60000);
    int n = presses("Ctrl-Z");
    till_pty_sees(&t, "Void receipt A1-1-");
    assert_int_equal(till_pty_count(&t, EV_VOID), 0);
    assert_int_equal(n + presses("Enter"), 2);
    till_pty_sees(&t, "✓ sale undone: give back 60.000 đ");
    struct record *r = till_pty_event(&t, EV_VOID);
    assert_int_equal(r->body.voided.total_vnd, 60000);
    record_close(r);
}

/* ---- paying otherwise ---- */

/* The text behind a label in the row below it. */
static void row_below(const char *label, struct buf *out)
{
    BUF(screen, MAX_OUTPUT);
    pty_screen(t.pty, &screen);
    const char *at = strstr(buf_text(&screen), label);
    assert_non_null(at);
    at = strchr(at, '\n') + 1;
    at += strspn(at, " ");
    buf_put(out, at, strcspn(at, " \n"));
}

/* The right of the screen is the code of this payload, row by row. */
static void shows_code(struct str payload)
{
    static struct qr qr;
    int rows, cols;
    BUF(screen, MAX_OUTPUT);
    assert_int_equal(qr_make(payload, &qr), ERR_OK);
    qr_extent(&qr, 2, &rows, &cols);
    assert_true(rows <= 24 && cols <= 80);
    pty_screen(t.pty, &screen);
    const char *row = buf_text(&screen);
    for (int i = 0; i < rows; i++) {
        BUF(code, MAX_TEXT);
        qr_row(&qr, 2, i, &code);
        size_t len = strcspn(row, "\n");
        while (code.len > 0 && code.data[code.len - 1] == ' ')
            code.len--;
        assert_true(len >= code.len);
        assert_memory_equal(row + len - code.len, code.data, code.len);
        /* Blocks are light modules: white ones, on black. */
        struct pty_look look = pty_look(t.pty, i, 80 - cols);
        assert_int_equal(look.fg, 7);
        assert_int_equal(look.bg, 0);
        assert_false(look.reverse);
        row += len + 1;
    }
}

static void s04_a_transfer_shows_its_code_and_waits_for_the_operator(
    void **state)
{
    (void)state;
    till_pty_conf(&t, "bank_bin = 970436");
    till_pty_conf(&t, "bank_account = 0011001234567");
    till_pty_start(&t);
    till_pty_keys(&t, "12 Enter Enter");
    assert_int_equal(presses("/"), 1);
    till_pty_sees(&t, "BANK TRANSFER");
    BUF(reference, MAX_TEXT);
    BUF(payload, MAX_TEXT);
    row_below("Message of the transfer", &reference);
    struct vietqr qr = { .bin = STR("970436"),
                         .account = STR("0011001234567"),
                         .amount_vnd = 35000,
                         .purpose = buf_slice(&reference) };
    assert_int_equal(vietqr_make(&qr, &payload), ERR_OK);
    shows_code(buf_slice(&payload));
    assert_int_equal(till_pty_count(&t, EV_SALE), 0);
    assert_int_equal(presses("Enter"), 1);
    sold(35000, "transfer", 35000);
    struct record *r = till_pty_event(&t, EV_SALE);
    assert_true(
        str_eq(r->body.sale.tenders[0].reference, buf_slice(&reference)));
    record_close(r);
}

static void m11_cash_and_card_share_a_total(void **state)
{
    (void)state;
    till_pty_keys(&t, "3*12 Enter 7 Enter Enter");
    assert_int_equal(presses("65+"), 3);
    till_pty_sees(&t, "STILL DUE");
    assert_int_equal(presses("Tab Tab"), 2);
    till_pty_sees(&t, "CARD at the bank's terminal");
    assert_int_equal(presses("Enter"), 1);
    till_pty_sees(&t, "✓ Recorded");
    struct record *r = till_pty_event(&t, EV_SALE);
    const struct body_sale *s = &r->body.sale;
    assert_int_equal(s->total_vnd, 165000);
    assert_int_equal(s->change_vnd, 0);
    assert_int_equal(s->n_tenders, 2);
    assert_true(str_is(s->tenders[0].method, "cash"));
    assert_int_equal(s->tenders[0].amount_vnd, 65000);
    assert_true(str_is(s->tenders[1].method, "card"));
    assert_int_equal(s->tenders[1].amount_vnd, 100000);
    record_close(r);
}

/* ---- around a day ---- */

static void m31_visitors_are_counted_by_one_key(void **state)
{
    (void)state;
    assert_int_equal(presses("F6"), 1);
    till_pty_sees(&t, "✓ visitors: +1, together 1");
    assert_int_equal(presses("25 F6"), 3);
    till_pty_sees(&t, "✓ visitors: +25, together 26");
    assert_int_equal(till_pty_count(&t, EV_VISITS), 2);
    struct record *r = till_pty_event(&t, EV_VISITS);
    assert_int_equal(r->body.visits.n, 25);
    record_close(r);
}

static void m14_a_shift_from_its_float_to_a_blind_count(void **state)
{
    (void)state;
    till_pty_sees(&t, "Ready for the day?");
    assert_int_equal(presses("500 Enter Enter"), 5);
    till_pty_sees(&t, "✓ shift 1 is open");
    till_pty_keys(&t, "12 F9");
    sold(35000, "cash", 35000);
    till_pty_menu(&t, "close");
    till_pty_sees(&t, "Counted; Enter goes on");
    assert_false(pty_has(t.pty, "535.000")); /* what is expected is not told */
    assert_int_equal(presses("530 Enter Enter"), 5);
    till_pty_sees(&t, "535.000");
    till_pty_sees(&t, "! MISSING");
    till_pty_keys(&t, "lost Enter");
    till_pty_sees(&t, "✓ shift 1 is closed");
    struct record *r = till_pty_event(&t, EV_SHIFT_CLOSED);
    assert_int_equal(r->body.shift_closed.counted_vnd, 530000);
    assert_int_equal(r->body.shift_closed.expected_vnd, FLOAT_VND + 35000);
    assert_true(str_is(r->body.shift_closed.reason, "lost"));
    record_close(r);
}

static void m16_people_come_go_and_are_allowed_things_once(void **state)
{
    (void)state;
    till_pty_sees(&t, "Who is there?");
    assert_int_equal(presses("2*222222 Enter"), 9);
    till_pty_sees(&t, "✓ 02 Minh");
    till_pty_keys(&t, "2*7 Enter");
    assert_int_equal(presses("F12"), 1);
    till_pty_sees(&t, "The cart is kept.");
    assert_int_equal(presses("222222 Enter"), 7);
    till_pty_sees(&t, "Miến dong");
    till_pty_keys(&t, "%30 Enter");
    till_pty_sees(&t, "A supervisor is to allow this once:");
    till_pty_keys(&t, "1*111111 Enter");
    till_pty_sees(&t, "−36.000");
    till_pty_keys(&t, "F9");
    sold(84000, "cash", 84000);
    struct record *r = till_pty_event(&t, EV_SALE);
    assert_int_equal(r->event.op, 2);
    record_close(r);
    till_pty_keys(&t, "7 Enter %30 Enter");
    till_pty_sees(&t, "A supervisor is to allow this once:");
    assert_int_equal(till_pty_count(&t, EV_OVERRIDE), 1);
}

/* ---- without a screen ---- */

/* Runs it with these lines as its input; what it says. */
static void plain(const char *lines, struct buf *out)
{
    int to[2], from[2], status;
    char bytes[4096];
    ssize_t n;
    assert_int_equal(pipe(to), 0);
    assert_int_equal(pipe(from), 0);
    assert_int_equal(write(to[1], lines, strlen(lines)), strlen(lines));
    pid_t pid = fork();
    if (pid == 0) {
        dup2(to[0], STDIN_FILENO);
        dup2(from[1], STDOUT_FILENO);
        close(to[1]);
        execl(till_pty_program("fair-pos"), "fair-pos", "--data", t.dir,
              "--plain", (char *)NULL);
        _exit(127);
    }
    close(to[0]);
    close(to[1]);
    close(from[1]);
    while ((n = read(from[0], bytes, sizeof(bytes))) > 0)
        buf_put(out, bytes, (size_t)n);
    close(from[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void s07_the_same_sale_line_by_line_through_a_pipe(void **state)
{
    (void)state;
    BUF(said, MAX_OUTPUT);
    plain("3*12\n7\n\n:F4\n\n", &said);
    assert_non_null(strstr(buf_text(&said), "TO PAY"));
    assert_non_null(strstr(buf_text(&said), "✓ Recorded"));
    assert_non_null(strstr(buf_text(&said), "20k + 10k + 5k"));
    assert_null(strchr(buf_text(&said), '\x1b'));
    struct record *r = till_pty_event(&t, EV_SALE);
    assert_int_equal(r->body.sale.total_vnd, 165000);
    assert_int_equal(r->body.sale.change_vnd, 35000);
    assert_int_equal(r->body.sale.n_lines, 2);
    record_close(r);
}

/* ---- practising ---- */

static void n13_the_guided_sale_leaves_nothing_in_the_real_ledger(void **state)
{
    (void)state;
    int before = till_pty_count(&t, EV_UNKNOWN);
    till_pty_run(&t, WORDS("--practice"), NULL, NULL);
    till_pty_sees(&t, "PRACTICE: nothing counts");
    till_pty_sees(&t, "1/7");
    till_pty_keys(&t, "500 Enter Enter");
    till_pty_sees(&t, "2/7");
    till_pty_keys(&t, "7 Enter");
    till_pty_sees(&t, "3/7");
    till_pty_keys(&t, "*2 Enter");
    till_pty_sees(&t, "4/7");
    till_pty_keys(&t, "Enter");
    till_pty_sees(&t, "5/7");
    till_pty_keys(&t, "200 Enter");
    till_pty_sees(&t, "6/7");
    till_pty_keys(&t, "12 F9");
    till_pty_sees(&t, "7/7");
    till_pty_keys(&t, "Ctrl-Z Enter");
    till_pty_sees(&t, "That was all: you can sell.");
    till_pty_stop(&t);
    assert_int_equal(till_pty_count(&t, EV_UNKNOWN), before);
    assert_int_equal(till_pty_count(&t, EV_SALE), 0);
    assert_false(scratch_has(t.dir, "practice/sync.db"));
}

#define WITH(name, begin) cmocka_unit_test_setup_teardown(name, begin, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(m02_a_two_line_sale_takes_ten_presses, setup_running),
        WITH(m02_the_sale_is_in_the_report_of_the_day, setup_fair),
        WITH(m02_one_item_in_exact_cash_is_its_code_and_two, setup_running),
        WITH(m03_a_hot_key_and_one_sell, setup_running),
        WITH(m01_a_scan_and_one_sell, setup_running),
        WITH(m07_a_cart_is_parked_and_comes_back, setup_running),
        WITH(m12_a_discount_comes_off_the_line_and_the_cart, setup_running),
        WITH(m13_an_item_off_the_list_has_a_price_and_a_name, setup_running),
        WITH(m10_a_part_goes_back_by_receipt_number, setup_running),
        WITH(m10_the_last_sale_is_undone_in_two_presses, setup_running),
        WITH(s04_a_transfer_shows_its_code_and_waits_for_the_operator, setup),
        WITH(m11_cash_and_card_share_a_total, setup_running),
        WITH(m31_visitors_are_counted_by_one_key, setup_running),
        WITH(m14_a_shift_from_its_float_to_a_blind_count, setup_unopened),
        WITH(m16_people_come_go_and_are_allowed_things_once, setup_staff),
        WITH(s07_the_same_sale_line_by_line_through_a_pipe, setup),
        WITH(n13_the_guided_sale_leaves_nothing_in_the_real_ledger, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
