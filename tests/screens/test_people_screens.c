/*
 * test_people_screens.c - who works at the till: signing in, locking, handing
 * over, what a supervisor allows, and the list of operators.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/i18n.h"
#include "pos/screens/action.h"
#include "pos/screens/screens.h"
#include "pos/till/trail.h"
#include "tests/support/app_fixture.h"

static struct app_fixture f;
static int ran; /* how often what was asked for was done, and by whom */
static int64_t ran_by;

static void add(struct app_fixture *own, const struct operator_entry *entry,
                const char *pin)
{
    assert_int_equal(operators_put(own->app.operators, &own->app.till, entry,
                                   pin, own->app.me.number),
                     ERR_OK);
}

/* Supervisor 1 Lan (111111) and cashiers 2 Minh (222222), 3 Hoa (333333, in
 * English); the program was started again, a shift is open. */
static void staff(struct app_fixture *own)
{
    app_fixture_shift(own, 200000);
    add(own, &(struct operator_entry){ 1, "Lan", ROLE_SUPERVISOR, "" },
        "111111");
    add(own, &(struct operator_entry){ 2, "Minh", ROLE_CASHIER, "" }, "222222");
    add(own, &(struct operator_entry){ 3, "Hoa", ROLE_CASHIER, "en" },
        "333333");
    app_fixture_close(own);
    app_fixture_open(own);
}

static int setup(void **state)
{
    (void)state;
    app_fixture_init(&f, "en");
    staff(&f);
    ran = 0;
    return 0;
}

/* Before there is anybody. */
static int setup_alone(void **state)
{
    (void)state;
    app_fixture_init(&f, "en");
    app_fixture_shift(&f, 200000);
    ran = 0;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    app_fixture_done(&f);
    return 0;
}

static void on(const char *screen)
{
    if (strcmp(app_top(&f.app)->id, screen) == 0)
        return;
    print_error("%s", app_fixture_seen(&f));
    fail_msg("on %s, not on %s", app_top(&f.app)->id, screen);
}

static void act_now(const char *id)
{
    const struct action *a = action_find(id);
    assert_non_null(a);
    assert_true(action_can(&f.app, a));
    a->run(&f.app, a->arg);
    app_fixture_seen(&f);
}

/* What the newest access event says, and of whom. */
static void access_is(const char *what, int64_t number)
{
    struct record *r = app_fixture_event(&f, EV_ACCESS);
    assert_true(str_is(r->body.access.what, what));
    assert_int_equal(r->body.access.number, number);
    record_close(r);
}

static void operator_event_by(int64_t number)
{
    struct record *r = app_fixture_event(&f, EV_OPERATOR);
    assert_int_equal(r->event.op, number);
    record_close(r);
}

/* ---- signing in ---- */

static void m16_nobody_gets_past_the_screen_without_a_pin(void **state)
{
    (void)state;
    on("sign-in");
    app_fixture_keys(&f, "Esc Esc F9 F12 F10 Esc");
    on("sign-in");
    app_fixture_keys(&f, "2 Enter Esc Esc");
    on("sign-in");
    assert_false(f.app.signed_in);
}

static void m16_number_then_pin_signs_in(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2 Enter");
    app_fixture_sees(&f, "02 Minh");
    app_fixture_keys(&f, "222222 Enter");
    on("sell");
    assert_int_equal(f.app.me.number, 2);
    access_is("signed in", 2);
}

static void m16_number_and_pin_go_in_one(void **state)
{
    (void)state;
    app_fixture_keys(&f, "1*111111 Enter");
    on("sell");
    assert_int_equal(f.app.me.number, 1);
}

static void m16_no_digit_of_a_pin_is_seen(void **state)
{
    (void)state;
    app_fixture_keys(&f, "1*111111");
    app_fixture_sees(&f, "> 1*******");
    app_fixture_keys(&f, "Esc 2 Enter 222");
    app_fixture_sees(&f, "PIN > ***");
    app_fixture_misses(&f, "222");
}

static void m16_an_unknown_number_is_said(void **state)
{
    (void)state;
    app_fixture_keys(&f, "9 Enter");
    app_fixture_sees(&f, "✗ no operator has this number");
    app_fixture_keys(&f, "0 Enter");
    app_fixture_sees(&f, "✗ no operator has this number");
}

static void m17_a_wrong_pin_is_an_event(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2 Enter 999999 Enter");
    app_fixture_sees(&f, "✗ the PIN is not right");
    access_is(access_wrong_pin, 2);
    app_fixture_keys(&f, "222222 Enter");
    on("sell");
}

static void m16_after_five_wrong_pins_the_waiting_counts_down(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2 Enter");
    for (int i = 0; i < 5; i++)
        app_fixture_keys(&f, "999999 Enter");
    app_fixture_sees(&f, "! wait 30 s");
    app_fixture_keys(&f, "222222 Enter");
    on("sign-in");
    app_fixture_sees(&f, "✗ too many wrong PINs");
    app_fixture_tick(&f, 10);
    app_fixture_sees(&f, "! wait 19 s");
    app_fixture_tick(&f, 20);
    app_fixture_misses(&f, "! wait");
    app_fixture_keys(&f, "222222 Enter");
    on("sell");
}

static void m16_a_restart_forgives_no_wrong_pin(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2 Enter");
    for (int i = 0; i < 5; i++)
        app_fixture_keys(&f, "999999 Enter");
    app_fixture_close(&f);
    app_fixture_open(&f);
    app_fixture_keys(&f, "2*222222 Enter");
    on("sign-in");
    app_fixture_sees(&f, "! wait");
}

static void m16_the_waiting_is_drawn_again_every_second(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2 Enter");
    for (int i = 0; i < 5; i++)
        app_fixture_keys(&f, "999999 Enter");
    app_fixture_tick(&f, 1);
    till_fixture_pass(&f.till, 1000);
    assert_true(app_tick(&f.app));
    app_fixture_tick(&f, 30);
    till_fixture_pass(&f.till, 1000);
    assert_false(app_tick(&f.app)); /* nothing counts down any more */
}

/* ---- locking, handing over ---- */

static void m16_the_lock_keeps_the_cart(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2*222222 Enter 2 Enter F12");
    on("sign-in");
    access_is("locked", 2);
    app_fixture_sees(&f, "The cart is kept.");
    app_fixture_keys(&f, "222222 Enter"); /* the PIN alone */
    on("sell");
    access_is("unlocked", 2);
    assert_int_equal(f.app.cart->n_lines, 1);
}

static void m16_another_operator_takes_over_with_the_cart(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2*222222 Enter 2 Enter F12 1 Enter");
    app_fixture_sees(&f, "01 Lan");
    app_fixture_keys(&f, "111111 Enter");
    on("sell");
    access_is("signed in", 1);
    assert_int_equal(f.app.cart->n_lines, 1);
    app_fixture_keys(&f, "F9");
    struct record *r = app_fixture_event(&f, EV_SALE);
    assert_int_equal(r->event.op, 1);
    record_close(r);
}

static void m16_the_screen_locks_itself_after_a_while(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2*222222 Enter");
    app_fixture_tick(&f, 299);
    on("sell");
    app_fixture_tick(&f, 2);
    on("sign-in");
}

static void m16_what_a_supervisor_left_open_is_not_for_the_next(void **state)
{
    (void)state;
    app_fixture_keys(&f, "1*111111 Enter F10");
    app_fixture_keys(&f, "Operators Enter");
    on("people");
    app_fixture_tick(&f, 301);
    on("sign-in");
    app_fixture_keys(&f, "111111 Enter");
    on("people"); /* one who comes back goes on */
    app_fixture_tick(&f, 301);
    app_fixture_keys(&f, "Esc 2*222222 Enter");
    on("sell");
}

static void m16_another_operator_goes_on_with_the_payment(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2*222222 Enter 2 Enter Enter");
    on("pay");
    app_fixture_tick(&f, 301);
    app_fixture_keys(&f, "Esc 3*333333 Enter");
    on("pay");
}

static void s08_the_language_is_the_operators(void **state)
{
    (void)state;
    app_fixture_conf(&f, "theme = mono");
    app_fixture_keys(&f, "3*333333 Enter");
    assert_string_equal(f.app.set.language, "en");
    app_fixture_keys(&f, "F12");
    f.app.set.till_language = "vi"; /* as fair-pos.conf could say */
    app_fixture_keys(&f, "2*222222 Enter");
    assert_string_equal(f.app.set.language, "vi");
    app_fixture_keys(&f, "F12 3*333333 Enter");
    assert_string_equal(f.app.set.language, "en");
}

/* ---- allowing ---- */

static void run(struct app *app, int64_t by)
{
    (void)app;
    ran++;
    ran_by = by;
}

static void m16_a_supervisor_allows_exactly_one_action(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2*222222 Enter");
    app_allow(&f.app, "discount above the limit", run);
    on("allow");
    app_fixture_sees(&f, "discount above the limit");
    app_fixture_keys(&f, "1*111111 Enter");
    on("sell");
    assert_int_equal(ran, 1);
    assert_int_equal(ran_by, 1);
    assert_int_equal(f.app.me.number, 2); /* nobody was signed in by it */
    assert_int_equal(f.app.me.role, ROLE_CASHIER);
    struct record *r = app_fixture_event(&f, EV_OVERRIDE);
    assert_int_equal(r->body.override.by, 1);
    assert_int_equal(r->event.op, 2);
    assert_true(str_is(r->body.override.what, "discount above the limit"));
    record_close(r);
    app_allow(&f.app, "discount above the limit", run);
    on("allow"); /* asked again: nothing remains of the first time */
    assert_int_equal(ran, 1);
    assert_int_equal(app_fixture_count(&f, EV_OVERRIDE), 1);
}

static void m16_an_override_is_not_reusable_for_discounts(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2*222222 Enter 2 Enter %50 Enter");
    on("allow");
    app_fixture_keys(&f, "1 Enter 111111 Enter");
    on("sell");
    app_fixture_sees(&f, "60.000");
    app_fixture_keys(&f, "4 Enter %50 Enter");
    on("allow");
    app_fixture_keys(&f, "Esc");
    on("sell");
    assert_int_equal(app_fixture_count(&f, EV_OVERRIDE), 1);
}

static void m16_taking_a_discount_off_needs_no_supervisor(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2*222222 Enter 2 Enter %50 Enter");
    app_fixture_keys(&f, "1 Enter 111111 Enter %%5 Enter");
    app_fixture_keys(&f, "1 Enter 111111 Enter");
    app_fixture_sees(&f, "−3.000");
    app_fixture_keys(&f, "%%0 Enter");
    on("sell");
    app_fixture_misses(&f, "−3.000");
    assert_int_equal(f.app.cart->order_discount_vnd, 0);
    assert_int_equal(f.app.cart->lines[0].discount_vnd, 60000);
}

static void m16_no_cashier_allows(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2*222222 Enter");
    app_allow(&f.app, "discount above the limit", run);
    app_fixture_keys(&f, "2*222222 Enter");
    app_fixture_sees(&f, "✗ Minh is no supervisor");
    app_fixture_keys(&f, "3 Enter 333333 Enter");
    on("allow");
    assert_int_equal(ran, 0);
    assert_int_equal(app_fixture_count(&f, EV_OVERRIDE), 0);
}

static void m16_a_wrong_supervisor_pin_counts_and_allows_nothing(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2*222222 Enter");
    app_allow(&f.app, "discount above the limit", run);
    app_fixture_keys(&f, "1*999999 Enter");
    access_is(access_wrong_pin, 1);
    on("allow");
    app_fixture_keys(&f, "Esc Esc");
    on("sell");
    assert_int_equal(ran, 0);
    assert_int_equal(app_fixture_count(&f, EV_OVERRIDE), 0);
}

static void m16_a_supervisor_is_not_asked(void **state)
{
    (void)state;
    app_fixture_keys(&f, "1*111111 Enter");
    app_allow(&f.app, "discount above the limit", run);
    on("sell");
    assert_int_equal(ran, 1);
    assert_int_equal(ran_by, 1);
}

static void m14_counting_again_after_a_blind_count_is_allowed_first(void **s)
{
    (void)s;
    app_fixture_keys(&f, "2*222222 Enter");
    act_now("shift-close");
    app_fixture_keys(&f, "150 Enter Enter Esc");
    on("allow");
    app_fixture_keys(&f, "Esc");
    on("close");
    app_fixture_sees(&f, "! MISSING");
    app_fixture_keys(&f, "Esc 1*111111 Enter");
    on("close");
    app_fixture_keys(&f, "200 Enter Enter");
    app_fixture_sees(&f, "✓ AS EXPECTED");
    app_fixture_keys(&f, "Enter");
    assert_false(f.app.till.shift.open);
}

/* X says what is expected in the drawer. */
static void m14_x_before_a_blind_count_is_allowed_first(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2*222222 Enter");
    act_now("report-x");
    on("allow");
    app_fixture_keys(&f, "1*111111 Enter");
    on("text");
}

/* ---- the list ---- */

static void m16_the_first_operator_is_a_supervisor_and_goes_on(void **state)
{
    (void)state;
    act_now("people");
    app_fixture_sees(&f, "The first one must be a");
    app_fixture_keys(&f, "1 Enter Lan Enter 1 Enter Enter");
    app_fixture_keys(&f, "111111 Enter 111111 Enter Enter");
    app_fixture_sees(&f, "✗ the first one must be a supervisor");
    assert_int_equal(operators_count(f.app.operators), 0);
    app_fixture_keys(&f, "Up Up Up 2 Enter Down Down Enter");
    on("people");
    assert_int_equal(operators_count(f.app.operators), 1);
    assert_int_equal(f.app.me.number, 1);
    app_fixture_keys(&f, "Esc F12");
    on("sign-in");
    app_fixture_keys(&f, "111111 Enter");
    on("sell");
}

static void m16_a_pin_is_typed_twice_and_never_seen(void **state)
{
    (void)state;
    app_fixture_keys(&f, "1*111111 Enter");
    act_now("people");
    app_fixture_keys(&f, "7 Enter Tu Enter Enter Enter 777777");
    app_fixture_misses(&f, "777");
    app_fixture_keys(&f, "Enter 777778 Enter");
    app_fixture_sees(&f, "✗ these were two PINs");
    app_fixture_keys(&f, "12345 Enter");
    app_fixture_sees(&f, "✗ a PIN is 6 to 12 digits");
    app_fixture_keys(&f, "Up Up Down Down Down Enter");
    app_fixture_sees(&f, "✗ the PIN is missing");
    app_fixture_keys(&f, "Up 777777 Enter 777777 Enter Enter");
    on("people");
    app_fixture_sees(&f, "07 Tu");
    const struct operator_entry *who = operators_find(f.app.operators, 7);
    assert_non_null(who);
    assert_int_equal(who->role, ROLE_CASHIER);
}

static void m16_a_supervisor_changes_pin_and_language(void **state)
{
    (void)state;
    app_fixture_keys(&f, "1*111111 Enter");
    act_now("people");
    app_fixture_keys(&f, "Down Enter Down Down 2 Enter");
    app_fixture_keys(&f, "654321 Enter 654321 Enter Enter");
    on("people");
    assert_string_equal(operators_find(f.app.operators, 2)->language, "vi");
    assert_int_equal(
        operators_check(f.app.operators, &f.app.till, 2, "654321", NULL),
        ERR_OK);
    operator_event_by(1);
}

static void m16_a_cashier_changes_operators_only_when_allowed(void **state)
{
    (void)state;
    app_fixture_keys(&f, "2*222222 Enter");
    act_now("people");
    on("allow");
    app_fixture_keys(&f, "1*111111 Enter");
    on("people");
    app_fixture_keys(&f, "3 Enter Hue Enter Down Down Down Enter");
    on("people");
    assert_string_equal(operators_find(f.app.operators, 3)->name, "Hue");
    operator_event_by(1); /* who allowed it answers for it */
    app_fixture_keys(&f, "3 Enter Down Down Down Down Down Enter");
    on("question");
    app_fixture_keys(&f, "Enter");
    on("people");
    assert_null(operators_find(f.app.operators, 3));
    operator_event_by(1);
}

static void m16_the_last_supervisor_stays(void **state)
{
    (void)state;
    app_fixture_keys(&f, "1*111111 Enter");
    act_now("people");
    app_fixture_keys(&f, "1 Enter Down 1 Enter Down Down Enter");
    on("person");
    app_fixture_sees(&f, "✗ one supervisor has to remain");
    app_fixture_keys(&f, "Down Enter");
    app_fixture_sees(&f, "✗ another supervisor has to take you out");
    assert_int_equal(operators_count(f.app.operators), 3);
}

/* ---- pictures ---- */

static void story_sign_in(struct app_fixture *own)
{
    staff(own);
    app_fixture_keys(own, "2 Enter");
    for (int i = 0; i < 5; i++)
        app_fixture_keys(own, "999999 Enter");
    app_fixture_keys(own, "22");
}

static void story_allow(struct app_fixture *own)
{
    staff(own);
    app_fixture_keys(own, "2*222222 Enter 2 Enter %50 Enter 1*111");
}

static void story_people(struct app_fixture *own)
{
    const struct action *people = action_find("people");
    staff(own);
    app_fixture_keys(own, "1*111111 Enter");
    people->run(&own->app, people->arg);
    app_fixture_keys(own, "Down Enter Down Down Down 654321 Enter");
}

static void pictures(void **state)
{
    (void)state;
    app_fixture_golden_story("sign-in", story_sign_in);
    app_fixture_golden_story("allow", story_allow);
    app_fixture_golden_story("person", story_people);
}

#define RULE(name)  cmocka_unit_test_setup_teardown(name, setup, teardown)
#define ALONE(name) cmocka_unit_test_setup_teardown(name, setup_alone, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RULE(m16_nobody_gets_past_the_screen_without_a_pin),
        RULE(m16_number_then_pin_signs_in),
        RULE(m16_number_and_pin_go_in_one),
        RULE(m16_no_digit_of_a_pin_is_seen),
        RULE(m16_an_unknown_number_is_said),
        RULE(m17_a_wrong_pin_is_an_event),
        RULE(m16_after_five_wrong_pins_the_waiting_counts_down),
        RULE(m16_a_restart_forgives_no_wrong_pin),
        RULE(m16_the_waiting_is_drawn_again_every_second),
        RULE(m16_the_lock_keeps_the_cart),
        RULE(m16_another_operator_takes_over_with_the_cart),
        RULE(m16_the_screen_locks_itself_after_a_while),
        RULE(m16_what_a_supervisor_left_open_is_not_for_the_next),
        RULE(m16_another_operator_goes_on_with_the_payment),
        RULE(s08_the_language_is_the_operators),
        RULE(m16_a_supervisor_allows_exactly_one_action),
        RULE(m16_an_override_is_not_reusable_for_discounts),
        RULE(m16_taking_a_discount_off_needs_no_supervisor),
        RULE(m16_no_cashier_allows),
        RULE(m16_a_wrong_supervisor_pin_counts_and_allows_nothing),
        RULE(m16_a_supervisor_is_not_asked),
        RULE(m14_counting_again_after_a_blind_count_is_allowed_first),
        RULE(m14_x_before_a_blind_count_is_allowed_first),
        ALONE(m16_the_first_operator_is_a_supervisor_and_goes_on),
        RULE(m16_a_pin_is_typed_twice_and_never_seen),
        RULE(m16_a_supervisor_changes_pin_and_language),
        RULE(m16_a_cashier_changes_operators_only_when_allowed),
        RULE(m16_the_last_supervisor_stays),
        cmocka_unit_test(pictures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
