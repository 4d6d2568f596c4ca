/*
 * test_reference.c - what organisers enter is kept as entered, and entering
 * it again changes nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/aggregator/store/reference.h"
#include "tests/support/place.h"

struct room {
    char dir[SCRATCH_ROOM];
    struct store *store;
};

static int open_room(void **state)
{
    struct room *r = x_alloc(sizeof(*r));
    place_make(r->dir);
    assert_int_equal(store_open(r->dir, STORE_WRITE, NULL, &r->store), ERR_OK);
    *state = r;
    return 0;
}

static int close_room(void **state)
{
    struct room *r = *state;
    store_close(r->store);
    place_remove(r->dir);
    free(r);
    return 0;
}

static struct fair sample(const char *code)
{
    struct fair f = { .name = "Hội chợ Xuân",
                      .first_day = 20200227,
                      .days = 6,
                      .n_closed = 2,
                      .closed = { 20200229, 20200301 },
                      .opens_min = 480,
                      .closes_min = 1320,
                      .cut_off_min = 240,
                      .compare_with = "HA-2019" };
    memcpy(f.code, code, strlen(code) + 1);
    return f;
}

static void put_fair(struct room *r, const struct fair *f, enum change wanted)
{
    enum change change;
    struct fair got;
    assert_int_equal(fair_put(r->store, f, &change), ERR_OK);
    assert_int_equal(change, wanted);
    assert_int_equal(fair_get(r->store, str_of(f->code), &got), ERR_OK);
    assert_string_equal(got.code, f->code);
    assert_string_equal(got.name, f->name);
    assert_string_equal(got.compare_with, f->compare_with);
    assert_int_equal(got.first_day, f->first_day);
    assert_int_equal(got.days, f->days);
    assert_int_equal(got.opens_min, f->opens_min);
    assert_int_equal(got.closes_min, f->closes_min);
    assert_int_equal(got.cut_off_min, f->cut_off_min);
    assert_int_equal(got.n_closed, f->n_closed);
    assert_memory_equal(got.closed, f->closed,
                        (size_t)f->n_closed * sizeof(f->closed[0]));
}

/* ---- the calendar -------------------------------------------------------- */

static void fair_days_are_counted_over_closed_ones(void **state)
{
    static const struct {
        int day, number;
    } cases[] = {
        { 20200226, 0 }, { 20200227, 1 }, { 20200228, 2 }, { 20200229, 0 },
        { 20200301, 0 }, { 20200302, 3 }, { 20200303, 4 }, { 20200304, 0 },
        { 0, 0 },        { 20200230, 0 }, { 99991231, 0 },
    };
    struct fair f = sample("XUAN");
    (void)state;
    assert_int_equal(fair_open_days(&f), 4);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(fair_day_number(&f, cases[i].day), cases[i].number);
        if (cases[i].number > 0)
            assert_int_equal(fair_day_date(&f, cases[i].number), cases[i].day);
    }
    assert_int_equal(fair_day_date(&f, 5), 0);
    assert_int_equal(fair_day_date(&f, 0), 0);
}

/* ---- fairs, gates, booths ------------------------------------------------ */

static void a_fair_is_kept_whole(void **state)
{
    struct room *r = *state;
    struct fair f = sample("XUAN");
    put_fair(r, &f, CHANGE_ADDED);
    put_fair(r, &f, CHANGE_NONE);
    f.closed[1] = 20200302;
    put_fair(r, &f, CHANGE_CHANGED);
    f.n_closed = 0;
    put_fair(r, &f, CHANGE_CHANGED);
    f.compare_with[0] = '\0';
    put_fair(r, &f, CHANGE_CHANGED);
    assert_int_equal(fair_get(r->store, STR("HA"), &f), ERR_NOT_FOUND);
}

static void any_one_value_of_a_fair_is_a_change(void **state)
{
    struct room *r = *state;
    struct fair f = sample("XUAN");
    int *const numbers[] = { &f.first_day,  &f.days,        &f.opens_min,
                             &f.closes_min, &f.cut_off_min, &f.refuse };
    put_fair(r, &f, CHANGE_ADDED);
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        *numbers[i] += 1;
        put_fair(r, &f, CHANGE_CHANGED);
    }
    f.name[0] = 'h';
    put_fair(r, &f, CHANGE_CHANGED);
    put_fair(r, &f, CHANGE_NONE);
}

static enum err put_code(void *ctx, const struct fair *f)
{
    buf_puts(ctx, f->code);
    buf_putc(ctx, ' ');
    return str_is(str_of(f->code), "STOP") ? ERR_LIMIT : ERR_OK;
}

static void fairs_come_in_the_order_of_their_days(void **state)
{
    struct room *r = *state;
    struct fair late = sample("LATE"), stop = sample("STOP"),
                early = sample("EARLY"), same = sample("DATE");
    BUF(codes, MAX_TEXT);
    late.first_day = 20210101;
    early.first_day = 20190101;
    put_fair(r, &late, CHANGE_ADDED);
    put_fair(r, &early, CHANGE_ADDED);
    put_fair(r, &same, CHANGE_ADDED);
    assert_int_equal(fair_each(r->store, put_code, &codes), ERR_OK);
    assert_string_equal(buf_text(&codes), "EARLY DATE LATE ");
    put_fair(r, &stop, CHANGE_ADDED);
    buf_clear(&codes);
    assert_int_equal(fair_each(r->store, put_code, &codes), ERR_LIMIT);
    assert_string_equal(buf_text(&codes), "EARLY DATE STOP ");
}

static void gates_are_kept_in_their_order(void **state)
{
    struct room *r = *state;
    struct fair f = sample("XUAN");
    const struct str fair = STR("XUAN");
    const struct str gates[] = { STR("NAM"), STR("BAC"), STR("DONG") };
    const struct str turned[] = { STR("BAC"), STR("NAM") };
    char got[MAX_GATES][7];
    int n = -1;
    enum change change;
    put_fair(r, &f, CHANGE_ADDED);
    assert_int_equal(gates_get(r->store, fair, got, &n), ERR_OK);
    assert_int_equal(n, 0);
    assert_int_equal(gates_put(r->store, fair, gates, 3, &change), ERR_OK);
    assert_int_equal(change, CHANGE_ADDED);
    assert_int_equal(gates_put(r->store, fair, gates, 3, &change), ERR_OK);
    assert_int_equal(change, CHANGE_NONE);
    assert_int_equal(gates_put(r->store, fair, turned, 2, &change), ERR_OK);
    assert_int_equal(change, CHANGE_CHANGED);
    assert_int_equal(gates_get(r->store, fair, got, &n), ERR_OK);
    assert_int_equal(n, 2);
    assert_string_equal(got[0], "BAC");
    assert_string_equal(got[1], "NAM");
}

static void put_booth(struct room *r, const struct booth *b, enum change wanted)
{
    struct booth got;
    enum change change;
    BUF(strings, MAX_TEXT);
    assert_int_equal(booth_put(r->store, STR("XUAN"), b, &change), ERR_OK);
    assert_int_equal(change, wanted);
    assert_int_equal(booth_get(r->store, STR("XUAN"), b->code, &got, &strings),
                     ERR_OK);
    assert_true(str_eq(got.code, b->code) && str_eq(got.name, b->name) &&
                str_eq(got.origin, b->origin) && str_eq(got.place, b->place));
    assert_int_equal(got.stands, b->stands);
}

static void any_one_value_of_a_booth_is_a_change(void **state)
{
    struct room *r = *state;
    struct fair f = sample("XUAN"), other = sample("THU");
    struct booth b = { STR("A1"), STR("Hạ Long"), STR("foreign"), STR("Lào"),
                       2 };
    struct booth none;
    BUF(strings, MAX_TEXT);
    put_fair(r, &f, CHANGE_ADDED);
    put_fair(r, &other, CHANGE_ADDED);
    put_booth(r, &b, CHANGE_ADDED);
    put_booth(r, &b, CHANGE_NONE);
    b.name = STR("=1+1");
    put_booth(r, &b, CHANGE_CHANGED);
    b.origin = STR("service");
    put_booth(r, &b, CHANGE_CHANGED);
    b.place = STR("");
    put_booth(r, &b, CHANGE_CHANGED);
    b.stands = 3;
    put_booth(r, &b, CHANGE_CHANGED);
    assert_int_equal(
        booth_get(r->store, STR("THU"), STR("A1"), &none, &strings),
        ERR_NOT_FOUND);
}

static void the_schema_checks_once_more(void **state)
{
    struct room *r = *state;
    struct fair f = sample("XUAN");
    struct booth odd = { STR("A1"), STR("x"), STR("abroad"), STR(""), 1 };
    struct booth empty = { STR("A1"), STR("x"), STR("foreign"), STR(""), 0 };
    enum change change;
    put_fair(r, &f, CHANGE_ADDED);
    assert_int_not_equal(booth_put(r->store, STR("XUAN"), &odd, &change),
                         ERR_OK);
    assert_int_not_equal(booth_put(r->store, STR("XUAN"), &empty, &change),
                         ERR_OK);
    assert_int_not_equal(booth_put(r->store, STR("NONE"), &empty, &change),
                         ERR_OK);
    f.days = 367;
    assert_int_not_equal(fair_put(r->store, &f, &change), ERR_OK);
}

/* ---- figures ------------------------------------------------------------- */

static void figures_are_kept_with_what_is_unknown(void **state)
{
    struct room *r = *state;
    struct figures got, f = { .fair = STR("HA-2019"),
                              .name = STR("Hè"),
                              .note = STR("báo"),
                              .days = 5,
                              .visits = -1,
                              .revenue_in_province_vnd = 0,
                              .revenue_all_vnd = -1 };
    int64_t *const numbers[] = { &f.days, &f.visits, &f.revenue_in_province_vnd,
                                 &f.revenue_all_vnd };
    enum change change;
    BUF(strings, MAX_TEXT);
    assert_int_equal(figures_get(r->store, f.fair, &got, &strings),
                     ERR_NOT_FOUND);
    assert_int_equal(figures_put(r->store, &f, &change), ERR_OK);
    assert_int_equal(change, CHANGE_ADDED);
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        *numbers[i] += 1;
        assert_int_equal(figures_put(r->store, &f, &change), ERR_OK);
        assert_int_equal(change, CHANGE_CHANGED);
        assert_int_equal(figures_put(r->store, &f, &change), ERR_OK);
        assert_int_equal(change, CHANGE_NONE);
    }
    f.visits = -1;
    assert_int_equal(figures_put(r->store, &f, &change), ERR_OK);
    f.first_day = 20190701;
    assert_int_equal(figures_put(r->store, &f, &change), ERR_OK);
    assert_int_equal(change, CHANGE_CHANGED);
    assert_int_equal(figures_get(r->store, f.fair, &got, &strings), ERR_OK);
    assert_true(str_eq(got.name, f.name) && str_eq(got.note, f.note));
    assert_int_equal(got.days, 6);
    assert_int_equal(got.first_day, 20190701);
    assert_int_equal(got.visits, -1);
    assert_int_equal(got.revenue_in_province_vnd, 1);
    assert_int_equal(got.revenue_all_vnd, 0);
}

/* ---- catalogue ----------------------------------------------------------- */

static enum err put_product(void *ctx, const struct catalogue_product *c)
{
    const struct product *p = &c->p;
    buf_printf(ctx, "%.*s %ld %.*s %ld %ld;", (int)p->sku.len, p->sku.data,
               (long)p->price_vnd, (int)c->producer_kind.len,
               c->producer_kind.data, (long)p->stars, (long)p->expires_day);
    return ERR_OK;
}

static void the_newest_catalogue_counts(void **state)
{
    struct room *r = *state;
    int64_t version = -1;
    BUF(text, MAX_TEXT);
    struct catalogue_product p = { .p = { .sku = STR("B"),
                                          .name = STR("Trà"),
                                          .unit = STR("hộp"),
                                          .price_vnd = 7,
                                          .stars = 4,
                                          .expires_day = 20200115 },
                                   .producer_kind = STR("htx") };
    assert_int_equal(catalogue_last(r->store, &version), ERR_OK);
    assert_int_equal(version, 0);
    assert_int_equal(product_each(r->store, put_product, &text), ERR_OK);
    assert_string_equal(buf_text(&text), "");
    for (int64_t wanted = 1; wanted <= 2; wanted++) {
        assert_int_equal(catalogue_add(r->store, 5, &version), ERR_OK);
        assert_int_equal(version, wanted);
        p.p.sku = STR("B");
        assert_int_equal(product_add(r->store, version, 1, &p), ERR_OK);
        p.p.sku = STR("A");
        p.p.price_vnd++;
        assert_int_equal(product_add(r->store, version, 2, &p), ERR_OK);
        assert_int_equal(product_add(r->store, version, 3, &p), ERR_EXISTS);
    }
    assert_int_equal(product_each(r->store, put_product, &text), ERR_OK);
    assert_string_equal(buf_text(&text),
                        "B 8 htx 4 20200115;A 9 htx 4 20200115;");
}

#define ROOM(test) cmocka_unit_test_setup_teardown(test, open_room, close_room)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fair_days_are_counted_over_closed_ones),
        ROOM(a_fair_is_kept_whole),
        ROOM(any_one_value_of_a_fair_is_a_change),
        ROOM(fairs_come_in_the_order_of_their_days),
        ROOM(gates_are_kept_in_their_order),
        ROOM(any_one_value_of_a_booth_is_a_change),
        ROOM(the_schema_checks_once_more),
        ROOM(figures_are_kept_with_what_is_unknown),
        ROOM(the_newest_catalogue_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
