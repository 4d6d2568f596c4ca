/*
 * test_operators.c - who gets in, who does not, and what outlives a restart.
 */
#include "pos/till/operators.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "pos/till/trail.h"
#include "tests/support/till_fixture.h"

#define SECOND_MS INT64_C(1000)
#define DAY_IN_MS INT64_C(86400000)

static struct till_fixture f;
static struct record *r;
static struct operators *ops;
static int64_t wait_ms;

static const struct operator_entry lan = { 1, "Lan", ROLE_SUPERVISOR, "vi" };
static const struct operator_entry minh = { 7, "Minh", ROLE_CASHIER, "" };

static void reopen(void)
{
    operators_close(ops);
    assert_int_equal(operators_open(f.dir, &ops), ERR_OK);
}

static int set_up(void **state)
{
    (void)state;
    till_fixture_init(&f);
    till_fixture_open(&f);
    r = record_open();
    ops = NULL;
    reopen();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    operators_close(ops);
    record_close(r);
    till_fixture_done(&f);
    return 0;
}

static enum err put(const struct operator_entry *entry, const char *pin)
{
    return operators_put(ops, &f.till, entry, pin, 0);
}

static void two_of_us(void)
{
    assert_int_equal(put(&lan, "111111"), ERR_OK);
    assert_int_equal(put(&minh, "777777"), ERR_OK);
}

static enum err try(int64_t number, const char *pin)
{
    wait_ms = -1;
    return operators_check(ops, &f.till, number, pin, &wait_ms);
}

static int64_t count(void)
{
    return ledger_state(f.till.ledger)->count;
}

static const struct record *last(void)
{
    assert_int_equal(till_record(&f.till, count(), r), ERR_OK);
    return r;
}

static void expect_change(int64_t number, const char *role, const char *what)
{
    const struct body_operator *b = &last()->body.operator_change;
    assert_int_equal(r->event.kind, EV_OPERATOR);
    assert_int_equal(b->number, number);
    assert_true(str_is(b->role, role));
    assert_true(str_is(b->what, what));
}

/* ---- who there is ---- */

static void m16_while_there_is_nobody_number_0_is_supervisor(void **state)
{
    (void)state;
    assert_int_equal(operators_count(ops), 0);
    assert_int_equal(operators_find(ops, 0)->role, ROLE_SUPERVISOR);
    assert_int_equal(try(0, ""), ERR_OK);
    assert_int_equal(try(1, "111111"), ERR_NOT_FOUND);
    two_of_us();
    assert_null(operators_find(ops, 0));
    assert_int_equal(try(0, ""), ERR_NOT_FOUND);
    assert_int_equal(try(0, "111111"), ERR_NOT_FOUND);
}

static void m16_operators_have_a_number_a_name_a_role_and_a_pin(void **state)
{
    (void)state;
    two_of_us();
    for (int i = 0; i < 2; i++) {
        assert_int_equal(operators_count(ops), 2);
        assert_memory_equal(operators_at(ops, 0), &lan, sizeof(lan));
        assert_memory_equal(operators_at(ops, 1), &minh, sizeof(minh));
        assert_ptr_equal(operators_find(ops, 7), operators_at(ops, 1));
        assert_null(operators_find(ops, 2));
        assert_int_equal(try(1, "111111"), ERR_OK);
        assert_int_equal(try(7, "777777"), ERR_OK);
        assert_int_equal(try(7, "111111"), ERR_PIN_WRONG);
        assert_int_equal(try(2, "111111"), ERR_NOT_FOUND);
        reopen();
    }
}

static void the_file_is_ours_alone_and_holds_no_pin(void **state)
{
    BUF(bytes, MAX_TEXT);
    struct stat st;
    (void)state;
    two_of_us();
    assert_int_equal(stat(scratch_path(f.dir, "operators"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    scratch_read(f.dir, "operators", &bytes);
    assert_null(strstr(buf_text(&bytes), "111111"));
    assert_non_null(strstr(buf_text(&bytes), "\"name\":\"Lan\""));
}

static void equal_pins_have_unequal_hashes(void **state)
{
    BUF(bytes, MAX_TEXT);
    (void)state;
    assert_int_equal(put(&lan, "111111"), ERR_OK);
    assert_int_equal(put(&minh, "111111"), ERR_OK);
    scratch_read(f.dir, "operators", &bytes);
    const char *one = strstr(buf_text(&bytes), "\"hash\"");
    const char *two = strstr(one + 1, "\"hash\"");
    assert_memory_not_equal(one, two, 70);
}

/* ---- changing ---- */

static void m17_changes_are_events_and_name_nobody(void **state)
{
    struct operator_entry named = minh;
    BUF(name, MAX_TEXT);
    (void)state;
    two_of_us();
    expect_change(7, "cashier", "added");
    snprintf(named.name, sizeof(named.name), "Minh Anh");
    assert_int_equal(operators_put(ops, &f.till, &named, NULL, 1), ERR_OK);
    expect_change(7, "cashier", "changed");
    assert_int_equal(r->event.op, 1);
    assert_int_equal(try(7, "777777"), ERR_OK);
    assert_int_equal(put(&named, "888888"), ERR_OK);
    expect_change(7, "cashier", "new pin");
    assert_int_equal(try(7, "777777"), ERR_PIN_WRONG);
    assert_int_equal(try(7, "888888"), ERR_OK);
    assert_int_equal(operators_remove(ops, &f.till, 7, 1), ERR_OK);
    expect_change(7, "cashier", "removed");
    assert_int_equal(try(7, "888888"), ERR_NOT_FOUND);
    reopen();
    assert_int_equal(operators_count(ops), 1);
    for (int64_t seq = 1; seq <= count(); seq++) {
        struct stored s;
        assert_int_equal(ledger_get(f.till.ledger, seq, &s), ERR_OK);
        buf_clear(&name);
        buf_str(&name, s.bytes);
        assert_null(strstr(buf_text(&name), "Minh"));
    }
}

static void the_last_supervisor_stays_one(void **state)
{
    struct operator_entry changed = lan;
    (void)state;
    assert_int_equal(put(&minh, "777777"), ERR_INVALID); /* nobody above */
    two_of_us();
    int64_t before = count();
    changed.role = ROLE_CASHIER;
    assert_int_equal(put(&changed, NULL), ERR_INVALID);
    assert_int_equal(operators_remove(ops, &f.till, 1, 0), ERR_INVALID);
    assert_int_equal(operators_remove(ops, &f.till, 2, 0), ERR_NOT_FOUND);
    assert_int_equal(count(), before);
    assert_int_equal(operators_find(ops, 1)->role, ROLE_SUPERVISOR);
    assert_int_equal(operators_remove(ops, &f.till, 7, 0), ERR_OK);
    assert_int_equal(operators_remove(ops, &f.till, 1, 0), ERR_OK);
    assert_int_equal(try(0, ""), ERR_OK);
}

static void what_is_no_operator_is_refused(void **state)
{
    static const struct {
        struct operator_entry entry;
        const char *pin;
    } wrong[] = {
        { { 0, "Lan", ROLE_SUPERVISOR, "" }, "111111" },
        { { 1000, "Lan", ROLE_SUPERVISOR, "" }, "111111" },
        { { -1, "Lan", ROLE_SUPERVISOR, "" }, "111111" },
        { { 1, "", ROLE_SUPERVISOR, "" }, "111111" },
        { { 1, "a\nb", ROLE_SUPERVISOR, "" }, "111111" },
        { { 1, "Lan", ROLE_SUPERVISOR, "fr" }, "111111" },
        { { 1, "Lan", ROLE_SUPERVISOR, "" }, "11111" },
        { { 1, "Lan", ROLE_SUPERVISOR, "" }, "1111111111111" },
        { { 1, "Lan", ROLE_SUPERVISOR, "" }, "11111a" },
        { { 1, "Lan", ROLE_SUPERVISOR, "" }, "" },
        { { 1, "Lan", ROLE_SUPERVISOR, "" }, NULL },
    };
    (void)state;
    int64_t before = count();
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_int_equal(put(&wrong[i].entry, wrong[i].pin), ERR_INVALID);
    assert_int_equal(count(), before);
    assert_false(scratch_has(f.dir, "operators"));
    assert_true(pin_valid("123456") && pin_valid("123456789012"));
}

static void operators_stay_in_the_order_of_their_numbers(void **state)
{
    static const int64_t numbers[] = { 500, 3, 999, 4, 1 };
    struct operator_entry entry = lan;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        entry.number = numbers[i];
        assert_int_equal(put(&entry, "123456"), ERR_OK);
    }
    reopen();
    assert_int_equal(operators_count(ops), 5);
    for (int i = 1; i < 5; i++)
        assert_true(operators_at(ops, i - 1)->number <
                    operators_at(ops, i)->number);
    assert_int_equal(try(999, "123456"), ERR_OK);
}

/* ---- wrong PINs ---- */

static void wrong(int64_t number, int times)
{
    for (int i = 0; i < times; i++)
        assert_int_equal(try(number, "000000"), ERR_PIN_WRONG);
}

static void m17_every_wrong_pin_is_an_event(void **state)
{
    (void)state;
    two_of_us();
    int64_t before = count();
    wrong(7, 3);
    assert_int_equal(count(), before + 3);
    assert_int_equal(last()->event.kind, EV_ACCESS);
    assert_int_equal(r->body.access.number, 7);
    assert_true(str_is(r->body.access.what, access_wrong_pin));
    assert_int_equal(try(7, "777777"), ERR_OK);
    assert_int_equal(count(), before + 3);
}

static void m16_after_five_wrong_pins_the_wait_doubles_up_to_an_hour(
    void **state)
{
    static const int64_t waits_s[] = { 30,  60,   120,  240, 480,
                                       960, 1920, 3600, 3600 };
    (void)state;
    two_of_us();
    wrong(7, 4);
    assert_int_equal(wait_ms, 0);
    for (size_t i = 0; i < ARRAY_LEN(waits_s); i++) {
        wrong(7, 1);
        assert_int_equal(wait_ms, waits_s[i] * SECOND_MS);
        int64_t before = count();
        assert_int_equal(try(7, "777777"), ERR_BUSY); /* not looked at */
        till_fixture_pass(&f, waits_s[i] * SECOND_MS - 1);
        assert_int_equal(try(7, "777777"), ERR_BUSY);
        assert_int_equal(wait_ms, 1);
        assert_int_equal(operators_wait_ms(ops, 7), 1);
        assert_int_equal(operators_wait_ms(ops, 1), 0);
        assert_int_equal(count(), before);
        till_fixture_pass(&f, 1);
    }
    assert_int_equal(try(7, "777777"), ERR_OK);
    wrong(7, 1); /* the right one forgave all */
    assert_int_equal(wait_ms, 0);
}

static void m16_a_lock_out_is_one_operators_alone(void **state)
{
    (void)state;
    two_of_us();
    wrong(7, 5);
    assert_int_equal(try(7, "777777"), ERR_BUSY);
    assert_int_equal(try(1, "111111"), ERR_OK);
    assert_int_equal(operators_check(ops, &f.till, 7, "777777", NULL),
                     ERR_BUSY);
}

/* What happens after a wrong PIN, and how much of the wait that is over. */
static void m16_neither_restart_nor_clock_shortens_a_lock_out(void **state)
{
    static const struct {
        const char *what;
        int64_t real_ms, jump_ms;
        bool reboot;
        int64_t over_ms;
    } cases[] = {
        { "nothing", 0, 0, false, 0 },
        { "ten seconds", 10000, 0, false, 10000 },
        { "the clock jumps ahead", 10000, DAY_IN_MS, false, 10000 },
        { "the clock jumps back", 10000, -DAY_IN_MS, false, 10000 },
        { "a reboot", 10000, 0, true, 10000 },
        { "a reboot, the clock is back", 10000, -DAY_IN_MS, true, 0 },
    };
    int64_t wait = 30000;
    (void)state;
    two_of_us();
    wrong(7, 4);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++, wait *= 2) {
        wrong(7, 1);
        assert_int_equal(wait_ms, wait);
        till_fixture_pass(&f, cases[i].real_ms);
        f.wall_ms += cases[i].jump_ms;
        if (cases[i].reboot)
            till_fixture_reboot(&f);
        reopen();
        int64_t still = wait - cases[i].over_ms;
        if (operators_wait_ms(ops, 7) != still)
            fail_msg("%s: %lld", cases[i].what,
                     (long long)operators_wait_ms(ops, 7));
        assert_int_equal(try(7, "777777"), ERR_BUSY);
        /* From here on it ends, whatever the wall clock does. */
        f.mono_ms += still - 1;
        f.wall_ms -= 5000;
        reopen();
        assert_int_equal(operators_wait_ms(ops, 7), 1);
        f.mono_ms++;
        assert_int_equal(operators_wait_ms(ops, 7), 0);
    }
    assert_int_equal(try(7, "777777"), ERR_OK);
}

static void m16_a_machine_that_was_off_long_enough_has_waited(void **state)
{
    (void)state;
    two_of_us();
    wrong(7, 5);
    till_fixture_pass(&f, 30000);
    till_fixture_reboot(&f);
    reopen();
    assert_int_equal(operators_wait_ms(ops, 7), 0);
}

static void m16_a_kill_at_any_try_forgives_none(void **state)
{
    (void)state;
    two_of_us();
    for (int i = 0; i < 5; i++) {
        wrong(7, 1);
        till_fixture_open(&f);
        reopen();
    }
    assert_int_equal(try(7, "777777"), ERR_BUSY);
    assert_int_equal(wait_ms, 30000);
}

static void a_new_pin_ends_a_lock_out(void **state)
{
    (void)state;
    two_of_us();
    wrong(7, 5);
    assert_int_equal(put(&minh, "999999"), ERR_OK);
    assert_int_equal(try(7, "999999"), ERR_OK);
}

static void a_name_changed_ends_no_lock_out(void **state)
{
    (void)state;
    two_of_us();
    wrong(7, 5);
    assert_int_equal(put(&minh, NULL), ERR_OK);
    assert_int_equal(try(7, "777777"), ERR_BUSY);
}

/* ---- the file ---- */

static void a_damaged_file_lets_nobody_in_until_it_is_begun_anew(void **state)
{
    static const char *const edits[][2] = {
        { "\"v\":1", "\"v\":2" },
        { "supervisor", "cashier" },
        { "supervisor", "emperor" },
        { "\"number\":1", "\"number\":9" },
        { "\"number\":1", "\"number\":7" },
        { "\"number\":1", "\"number\":0" },
        { "Lan", "" },
        { "vi", "xx" },
        { "\"salt\":\"", "\"salt\":\"0" },
        { "\"hash\":\"", "\"hash\":\"g" },
        { "}]", "}}" },
        { "[{", "[{\"at\":-9223372036854775807," },
        { "{", "[" },
    };
    BUF(good, MAX_TEXT);
    BUF(bad, MAX_TEXT);
    struct operators *none = NULL;
    (void)state;
    two_of_us();
    scratch_read(f.dir, "operators", &good);
    for (size_t i = 0; i < ARRAY_LEN(edits); i++) {
        const char *at = strstr(buf_text(&good), edits[i][0]);
        assert_non_null(at);
        buf_clear(&bad);
        buf_put(&bad, good.data, (size_t)(at - good.data));
        buf_puts(&bad, edits[i][1]);
        buf_puts(&bad, at + strlen(edits[i][0]));
        scratch_write(f.dir, "operators", buf_slice(&bad));
        if (operators_open(f.dir, &none) != ERR_CORRUPT)
            fail_msg("%s", edits[i][1]);
        assert_null(none);
    }
    scratch_write(f.dir, "operators", STR(""));
    assert_int_equal(operators_open(f.dir, &none), ERR_CORRUPT);
    operators_close(ops);
    ops = operators_anew(f.dir);
    assert_int_equal(put(&lan, "121212"), ERR_OK);
    expect_change(1, "supervisor", "added");
    reopen();
    assert_int_equal(try(1, "121212"), ERR_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(m16_while_there_is_nobody_number_0_is_supervisor),
        TEST(m16_operators_have_a_number_a_name_a_role_and_a_pin),
        TEST(the_file_is_ours_alone_and_holds_no_pin),
        TEST(equal_pins_have_unequal_hashes),
        TEST(m17_changes_are_events_and_name_nobody),
        TEST(the_last_supervisor_stays_one),
        TEST(what_is_no_operator_is_refused),
        TEST(operators_stay_in_the_order_of_their_numbers),
        TEST(m17_every_wrong_pin_is_an_event),
        TEST(m16_after_five_wrong_pins_the_wait_doubles_up_to_an_hour),
        TEST(m16_a_lock_out_is_one_operators_alone),
        TEST(m16_neither_restart_nor_clock_shortens_a_lock_out),
        TEST(m16_a_machine_that_was_off_long_enough_has_waited),
        TEST(m16_a_kill_at_any_try_forgives_none),
        TEST(a_new_pin_ends_a_lock_out),
        TEST(a_name_changed_ends_no_lock_out),
        TEST(a_damaged_file_lets_nobody_in_until_it_is_begun_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
