/*
 * test_notes.c - which notes people hand over, and which they get back.
 */
#include "pos/model/notes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fair/money.h"

enum { LARGEST = 500000, SMALLEST = 500 };

/* ---- what to hand back ---- */

static void m08_change_lists_the_notes_to_hand_back(void **state)
{
    static const struct {
        int64_t change;
        const char *text;
    } rows[] = {
        { 0, "" },
        { 500, "500" },
        { 1000, "1k" },
        { 2500, "2k + 500" },
        { 4000, "2×2k" },
        { 9000, "5k + 2×2k" },
        { 15000, "10k + 5k" },
        { 78500, "50k + 20k + 5k + 2k + 1k + 500" },
        { 115000, "100k + 10k + 5k" },
        { 378500, "200k + 100k + 50k + 20k + 5k + 2k + 1k + 500" },
        { 400500, "2×200k + 500" },
        { 888500, "500k + 200k + 100k + 50k + 20k + 10k + 5k + 2k + 1k + 500" },
        { 1500000, "3×500k" },
        { 420, "420" },
        { 5420, "5k + 420" },
        { 9999999999999, "19999999×500k + 2×200k + 50k + 2×20k + 5k + 2×2k + "
                         "500 + 499" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        BUF(text, MAX_TEXT);
        notes_render(&text, rows[i].change);
        assert_string_equal(buf_text(&text), rows[i].text);
    }
}

/* The fewest notes for every amount below `limit`, by trying them all. */
static void fewest(int *least, int limit)
{
    least[0] = 0;
    for (int units = 1; units < limit; units++) {
        least[units] = units;
        for (int i = 0; i < NOTES_KINDS; i++) {
            int note = (int)(notes_vnd[i] / SMALLEST);
            if (note <= units && least[units - note] + 1 < least[units])
                least[units] = least[units - note] + 1;
        }
    }
}

static void m08_no_fewer_notes_make_the_change(void **state)
{
    enum { LIMIT = 4000 }; /* 2,000,000 đồng */
    static int least[LIMIT];
    (void)state;
    fewest(least, LIMIT);
    for (int64_t units = 0; units < LIMIT; units++) {
        int64_t count[NOTES_KINDS], rest, sum = 0, notes = 0;
        notes_return(units * SMALLEST + 499, count, &rest);
        for (int i = 0; i < NOTES_KINDS; i++) {
            sum += count[i] * notes_vnd[i];
            notes += count[i];
        }
        assert_int_equal(sum, units * SMALLEST);
        assert_int_equal(rest, 499);
        assert_int_equal(notes, least[units]);
    }
}

/* ---- what may be handed over ---- */

static void m08_suggested_notes_are_those_people_carry(void **state)
{
    static const struct {
        int64_t due;
        int64_t said[NOTES_SUGGESTED + 1]; /* in thousands, 0 ends */
    } rows[] = {
        { 1000, { 1, 2, 5, 10, 20, 50 } },
        { 5000, { 5, 10, 20, 50, 100, 200 } },
        { 6000, { 6, 7, 10, 20, 50, 100 } },
        { 12000, { 12, 15, 20, 50, 100, 200 } },
        { 21000, { 21, 22, 40, 50, 100, 200 } },
        { 35000, { 35, 40, 50, 100, 200, 500 } },
        { 45000, { 45, 50, 100, 200, 500 } },
        { 60000, { 60, 70, 100, 200, 500 } },
        { 64000, { 64, 65, 70, 100, 200, 500 } },
        { 85000, { 85, 90, 100, 200, 500 } },
        { 99000, { 99, 100, 200, 500 } },
        { 100000, { 100, 200, 500 } },
        { 105000, { 105, 110, 120, 150, 200, 500 } },
        { 120000, { 120, 150, 200, 500 } },
        { 185000, { 185, 190, 200, 500 } },
        { 235000, { 235, 240, 250, 300, 400, 500 } },
        { 300000, { 300, 400, 500 } },
        { 420000, { 420, 450, 500 } },
        { 500000, { 500 } },
        { 600000, { 600, 700, 1000 } },
        { 750000, { 750, 800, 900, 1000 } },
        { 1000000, { 1000 } },
        { 1450000, { 1450, 1500 } },
        { 6500000, { 6500 } },
        { 7900000, { 7900, 8000 } },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t out[NOTES_SUGGESTED];
        int n = notes_suggest(rows[i].due, out);
        for (int j = 0; j < n; j++)
            assert_int_equal(out[j], rows[i].said[j] * 1000);
        assert_int_equal(rows[i].said[n], 0);
    }
}

static void m08_odd_amounts_are_rounded_to_notes_in_use(void **state)
{
    static const struct {
        int64_t due;
        int64_t said[NOTES_SUGGESTED + 1]; /* in đồng, 0 ends */
    } rows[] = {
        { 1, { 1, 500, 1000, 2000, 5000, 10000 } },
        { 700, { 700, 1000, 2000, 5000, 10000, 20000 } },
        { 121500, { 121500, 122000, 125000, 150000, 200000, 500000 } },
        { 1009420, { 1009420, 1010000, 1020000, 1050000, 1100000, 1500000 } },
        { 9999999999999, { 9999999999999, 10000000000000 } },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t out[NOTES_SUGGESTED];
        int n = notes_suggest(rows[i].due, out);
        for (int j = 0; j < n; j++)
            assert_int_equal(out[j], rows[i].said[j]);
        assert_int_equal(rows[i].said[n], 0);
    }
}

static void nothing_is_suggested_when_nothing_is_due(void **state)
{
    int64_t out[NOTES_SUGGESTED];
    (void)state;
    assert_int_equal(notes_suggest(0, out), 0);
    assert_int_equal(notes_suggest(-1, out), 0);
}

/* Nobody would keep a note of it back and still pay. */
static void none_to_spare(int64_t due, int64_t vnd)
{
    int64_t count[NOTES_KINDS], rest;
    notes_return(vnd, count, &rest);
    assert_int_equal(rest, 0);
    for (int i = 0; i < NOTES_KINDS; i++) {
        if (count[i] > 0)
            assert_true(vnd - notes_vnd[i] < due);
    }
}

static void suggestions_of(int64_t due)
{
    int64_t out[NOTES_SUGGESTED], single = 0;
    int n = notes_suggest(due, out);
    assert_in_range(n, 1, NOTES_SUGGESTED);
    assert_int_equal(out[0], due);
    for (int i = NOTES_KINDS - 1; i >= 0 && single == 0; i--) {
        if (notes_vnd[i] >= due)
            single = notes_vnd[i];
    }
    bool has_single = single == 0;
    for (int i = 0; i < n; i++) {
        has_single = has_single || out[i] == single;
        if (i == 0)
            continue;
        assert_true(out[i] > out[i - 1]);
        assert_true(out[i] < due + LARGEST);
        none_to_spare(due, out[i]);
    }
    assert_true(has_single);
}

static void every_suggestion_holds_no_note_too_many(void **state)
{
    (void)state;
    for (int64_t due = SMALLEST; due < 2000000; due += SMALLEST)
        suggestions_of(due);
    for (int64_t due = 1; due < 3000000; due += 77)
        suggestions_of(due);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(m08_change_lists_the_notes_to_hand_back),
        cmocka_unit_test(m08_no_fewer_notes_make_the_change),
        cmocka_unit_test(m08_suggested_notes_are_those_people_carry),
        cmocka_unit_test(m08_odd_amounts_are_rounded_to_notes_in_use),
        cmocka_unit_test(nothing_is_suggested_when_nothing_is_due),
        cmocka_unit_test(every_suggestion_holds_no_note_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
