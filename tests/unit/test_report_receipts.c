/*
 * test_report_receipts.c - supervision names what a till of somebody's own
 * making signs and no till of ours does: amounts beyond counting.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sync/aggregator/report/report.h"
#include "tests/support/fairs.h"

#define FAIR "XUAN"

enum { FIRST = 20200114 };

static struct fairs hall;
static struct fairs_device *a1;
static char a1_id[DEVICE_LEN + 1];

static int set_up(void **state)
{
    const struct fair fair = {
        .code = FAIR, .name = "Xuân", .first_day = FIRST, .days = 4
    };
    const struct booth booth = { STR("A1"), STR("Hạ Long"), STR("in-province"),
                                 STR(""), 1 };
    (void)state;
    fairs_open(&hall);
    fairs_clock(FIRST + 1, 600);
    fairs_fair(&hall, &fair);
    fairs_booth(&hall, FAIR, &booth);
    a1 = fairs_device(&hall, FAIR, "A1");
    fairs_id(&hall, 0, a1_id);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fairs_close(&hall);
    return 0;
}

static struct deal deal(int64_t vnd)
{
    return (struct deal){ FIRST, 600, "CM", vnd, NULL };
}

/* Of the report as CSV, everything from `from` on; NULL: it is not there. */
static const char *found(const char *kind, const char *from, struct buf *out)
{
    const struct report_query q = { .kind = kind,
                                    .fair = FAIR,
                                    .format = REPORT_CSV };
    BUF(why, MAX_TEXT);
    fairs_send(&hall);
    buf_clear(out);
    assert_int_equal(report_make(hall.store, &q, out, &why), ERR_OK);
    return strstr(buf_text(out), from);
}

static void has(const char *kind, const char *what)
{
    BUF(out, MAX_OUTPUT);
    if (!found(kind, what, &out))
        fail_msg("%s: no %s in\n%s", kind, what, buf_text(&out));
}

/* A finding of A1's device, and the row's end. */
static void names(const char *finding, const char *rest)
{
    BUF(want, MAX_TEXT);
    buf_printf(&want, "\n%s,A1,%s,,,%s\r", finding, a1_id, rest);
    has("supervision", buf_text(&want));
}

static void what_is_beyond_counting_is_named_and_in_no_total(void **state)
{
    (void)state;
    int of = fairs_sell(a1, deal(713250));
    fairs_refund(a1, of, NULL, deal(INT64_MAX - 1));
    fairs_refund(a1, of, NULL, deal(1)); /* its totals are beyond */
    fairs_void(a1, 99, deal(INT64_MAX));
    has("days", "\n2020-01-14,1,true,713250,0,0,713250,1,0,1,1\r");
    has("products", ",713250,");
    names("beyond_counting", ",,,3,,,");
}

static void no_finding_of(const char *what)
{
    BUF(out, MAX_OUTPUT);
    if (found("supervision", what, &out))
        fail_msg("%s in\n%s", what, buf_text(&out));
}

static void a_sale_taken_back_once_is_no_finding(void **state)
{
    (void)state;
    fairs_void(a1, fairs_sell(a1, deal(50000)), deal(50000));
    no_finding_of("void_unmatched");
}

/* Event 1 is the admission. */
static void a_void_of_no_sale_is_named(void **state)
{
    (void)state;
    fairs_sell(a1, deal(900000));
    fairs_void(a1, 99, deal(30000));
    fairs_void(a1, 1, deal(20000));
    names("void_unmatched", "A1-1-1,,,1,20000,,");
    names("void_unmatched", "A1-1-99,,,1,30000,,");
    no_finding_of("A1-1-2");
}

static void a_second_void_of_a_sale_is_named(void **state)
{
    (void)state;
    int of = fairs_sell(a1, deal(50000));
    fairs_void(a1, of, deal(50000));
    fairs_void(a1, of, deal(50000));
    names("void_unmatched", "A1-1-2,,,2,50000,,");
    no_finding_of("refund");
}

/* It counts as two sales fewer, though not as more money. */
static void a_second_void_is_named_whatever_it_amounts_to(void **state)
{
    (void)state;
    int of = fairs_sell(a1, deal(90000));
    fairs_void(a1, of, deal(30000));
    fairs_void(a1, of, deal(20000));
    names("void_unmatched", "A1-1-2,,,2,0,,");
}

static void a_void_of_more_than_the_sale_is_named(void **state)
{
    (void)state;
    fairs_void(a1, fairs_sell(a1, deal(50000)), deal(50001));
    names("void_unmatched", "A1-1-2,,,1,1,,");
}

/* However often: what is taken back twice cannot be paid once more. */
static void a_refund_of_what_was_taken_back_is_another_finding(void **state)
{
    (void)state;
    int of = fairs_sell(a1, deal(50000));
    fairs_void(a1, of, deal(50000));
    fairs_void(a1, of, deal(50000));
    fairs_refund(a1, of, NULL, deal(40000));
    names("over_refund", "A1-1-2,,,1,40000,,");
    names("void_unmatched", "A1-1-2,,,2,50000,,");
}

/* A number says nothing about another device's sale of that number. */
static void a_void_of_another_devices_sale_is_named(void **state)
{
    (void)state;
    struct fairs_device *other = fairs_device(&hall, FAIR, "B1");
    int of = fairs_sell(other, deal(50000));
    fairs_void(a1, of, deal(50000));
    names("void_unmatched", "A1-1-2,,,1,50000,,");
}

/* ---- two machines under one identity ---- */

static struct fairs_device twin; /* of A1's */

/* A copy of A1's machine as it is now. */
static void clone_machine(void)
{
    memset(&twin, 0, sizeof(twin));
    book_init(&twin.book, 1, 200);
    for (int seq = 1; seq <= a1->book.n; seq++)
        book_bytes(&twin.book, book_line(&a1->book, seq));
    twin.sent = twin.book.n;
}

/* What the copy has made since comes, behind A1's own events. */
static void twin_sends(void)
{
    uint8_t previous[HASH_BYTES], head[HASH_BYTES];
    BUF(lines, MAX_OUTPUT);
    fairs_send(&hall);
    for (int seq = twin.sent + 1; seq <= twin.book.n; seq++) {
        buf_str(&lines, book_line(&twin.book, seq));
        buf_putc(&lines, '\n');
    }
    book_head(&twin.book, twin.sent, previous);
    book_head(&twin.book, twin.book.n, head);
    const struct branch b = { .seg = { .first = twin.sent + 1,
                                       .last = twin.book.n,
                                       .bytes = buf_slice(&lines),
                                       .head = head },
                              .previous = previous };
    assert_int_equal(store_branch_add(hall.store, str_of(a1_id), &b), ERR_OK);
    twin.sent = twin.book.n;
}

static void decide(const char *what, int branch)
{
    const struct decision d = { .what = what, .first = branch, .last = branch };
    assert_int_equal(store_decide(hall.store, str_of(a1_id), &d), ERR_OK);
}

static void a_sale_taken_back_by_both_machines_is_named(void **state)
{
    (void)state;
    int of = fairs_sell(a1, deal(50000));
    clone_machine();
    fairs_sell(a1, deal(7000));
    fairs_void(a1, of, deal(50000));
    fairs_sell(&twin, deal(9000));
    twin_sends();
    fairs_void(&twin, of, deal(50000));
    twin_sends();
    decide("count-branch", 1);
    no_finding_of("void_unmatched");
    decide("count-branch", 2);
    names("void_unmatched", "A1-1-2,,,2,50000,,");
    decide("drop-branch", 2);
    no_finding_of("void_unmatched");
    book_done(&twin.book);
}

static void a_sale_given_back_by_both_machines_is_named(void **state)
{
    (void)state;
    int of = fairs_sell(a1, deal(50000));
    clone_machine();
    fairs_refund(a1, of, NULL, deal(50000));
    fairs_refund(&twin, of, NULL, deal(30000));
    twin_sends();
    no_finding_of("over_refund");
    decide("count-branch", 1);
    names("over_refund", "A1-1-2,,,2,30000,,");
    book_done(&twin.book);
}

static void the_same_number_of_two_machines_is_two_sales(void **state)
{
    (void)state;
    clone_machine();
    int of = fairs_sell(a1, deal(50000));
    fairs_void(a1, of, deal(50000));
    assert_int_equal(fairs_sell(&twin, deal(80000)), of);
    twin_sends();
    fairs_void(&twin, of, deal(80000)); /* in another piece */
    twin_sends();
    decide("count-branch", 1);
    decide("count-branch", 2);
    no_finding_of("void_unmatched");
    fairs_refund(&twin, of, NULL, deal(20000));
    fairs_void(&twin, of, deal(80000));
    twin_sends();
    decide("count-branch", 3);
    names("void_unmatched", "A1-1-2,,,2,80000,,");
    names("over_refund", "A1-1-2,,,1,20000,,");
    book_done(&twin.book);
}

#define AT_A_FAIR(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_A_FAIR(what_is_beyond_counting_is_named_and_in_no_total),
        AT_A_FAIR(a_sale_taken_back_once_is_no_finding),
        AT_A_FAIR(a_void_of_no_sale_is_named),
        AT_A_FAIR(a_second_void_of_a_sale_is_named),
        AT_A_FAIR(a_second_void_is_named_whatever_it_amounts_to),
        AT_A_FAIR(a_void_of_more_than_the_sale_is_named),
        AT_A_FAIR(a_refund_of_what_was_taken_back_is_another_finding),
        AT_A_FAIR(a_void_of_another_devices_sale_is_named),
        AT_A_FAIR(a_sale_taken_back_by_both_machines_is_named),
        AT_A_FAIR(a_sale_given_back_by_both_machines_is_named),
        AT_A_FAIR(the_same_number_of_two_machines_is_two_sales),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
