/*
 * test_verify.c - a sound ledger is never complained of, and whatever is
 * changed is found at its number.
 */
#include "fair/verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glob.h>

#include "fair/chain.h"
#include "fair/env.h"
#include "tests/support/golden.h"

#define GOLDEN "tests/data/golden"

static void read_file(const char *dir, const char *name, struct buf *out)
{
    if (env_file_read(dir, name, out))
        fail_msg("%s/%s cannot be read", dir, name);
}

/* ---- golden ledgers --------------------------------------------------------
 */

static void m18_every_golden_ledger_gets_its_verdict(void **state)
{
    (void)state;
    glob_t found;
    assert_int_equal(glob(GOLDEN "/*.ledger", 0, NULL, &found), 0);
    assert_true(found.gl_pathc >= 30);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        BUF(text, MAX_CSV);
        BUF(said, MAX_TEXT);
        struct golden_file file;
        read_file(".", found.gl_pathv[i], &text);
        golden_read(buf_slice(&text), &file);
        golden_judge(&file, &said);
        if (!str_eq(buf_slice(&said), file.expect))
            fail_msg("%s: said %s, expected %.*s", found.gl_pathv[i],
                     buf_text(&said), (int)file.expect.len, file.expect.data);
        golden_file_done(&file);
    }
    globfree(&found);
}

/* To freeze a new case: FAIR_FREEZE=1 build/tests/test_verify. What is frozen
 * is never written again. */
static void freeze(const char *name, struct str text)
{
    if (getenv("FAIR_FREEZE"))
        (void)!env_file_create(GOLDEN, name, text);
}

static void m18_the_encoder_still_makes_the_frozen_bytes(void **state)
{
    (void)state;
    for (int i = 0; golden_at(i); i++) {
        const struct golden *golden = golden_at(i);
        struct golden_case made;
        BUF(text, MAX_CSV);
        BUF(frozen, MAX_CSV);
        BUF(name, MAX_TEXT);
        golden_make(golden, &made);
        golden_render(golden, &made, &text);
        golden_done(&made);
        buf_printf(&name, "%s.ledger", golden_name(golden));
        freeze(buf_text(&name), buf_slice(&text));
        read_file(GOLDEN, buf_text(&name), &frozen);
        if (!str_eq(buf_slice(&text), buf_slice(&frozen)))
            fail_msg("%s is no longer made as it was", buf_text(&name));
    }
}

static void the_worked_example_is_the_base_ledger(void **state)
{
    (void)state;
    BUF(page, MAX_CSV);
    BUF(base, MAX_CSV);
    read_file("sync", "PROTOCOL.md", &page);
    read_file(GOLDEN, "base.ledger", &base);
    const char *at = strstr(buf_text(&page), "### 5.7");
    assert_non_null(at);
    at = strstr(at, "```\n");
    assert_non_null(at);
    const char *end = strstr(at + 4, "```\n");
    assert_non_null(end);
    struct str example = { at + 4, (size_t)(end - at - 4) };
    assert_true(str_eq(example, buf_slice(&base)));
}

/* ---- every bit -------------------------------------------------------------
 */

/* A verifier that has seen the events before `seq`; it shares the memory of
 * `v`, which is rewound by copying it back. */
static void see_before(struct verifier *v, const struct book *b, int seq)
{
    verifier_init(v, b->device.public_key, NULL);
    for (int i = 1; i < seq; i++)
        assert_int_equal(
            verifier_feed(v, book_line(b, i), b->events[i - 1].hash), ERR_OK);
}

static void golden_base(struct book *b)
{
    struct golden_case made;
    golden_make(golden_at(0), &made);
    *b = made.book;
    assert_int_equal(b->n, 12);
}

static void expect_flip_found(struct verifier *v, struct book *b, int seq,
                              size_t bit)
{
    struct buf *bytes = &b->events[seq - 1].bytes;
    struct verifier after = *v;
    char flip = (char)(1 << bit % 8);
    bytes->data[bit / 8] ^= flip;
    enum err bad =
        verifier_feed(&after, book_line(b, seq), b->events[seq - 1].hash);
    bytes->data[bit / 8] ^= flip;
    v->arena = after.arena;
    if (!bad || after.first_bad != seq || after.events != seq - 1)
        fail_msg("bit %zu of event %d: %s", bit, seq, err_code(bad));
}

static void a_flipped_bit_of_any_event_is_found_there(void **state)
{
    (void)state;
    struct book b;
    golden_base(&b);
    for (int seq = 1; seq <= b.n; seq++) {
        struct verifier v;
        see_before(&v, &b, seq);
        for (size_t bit = 0; bit < 8 * b.events[seq - 1].bytes.len; bit++)
            expect_flip_found(&v, &b, seq, bit);
        verifier_done(&v);
    }
    book_done(&b);
}

static void a_flipped_bit_of_any_stored_hash_is_found_there(void **state)
{
    (void)state;
    struct book b;
    golden_base(&b);
    for (int seq = 1; seq <= b.n; seq++) {
        struct verifier v;
        see_before(&v, &b, seq);
        for (int bit = 0; bit < 8 * HASH_BYTES; bit++) {
            struct verifier after = v;
            uint8_t hash[HASH_BYTES];
            memcpy(hash, b.events[seq - 1].hash, HASH_BYTES);
            hash[bit / 8] ^= (uint8_t)(1 << bit % 8);
            assert_int_equal(verifier_feed(&after, book_line(&b, seq), hash),
                             ERR_CHAIN);
            assert_int_equal(after.first_bad, seq);
            v.arena = after.arena;
        }
        verifier_done(&v);
    }
    book_done(&b);
}

/* ---- clean ledgers ---------------------------------------------------------
 */

static void feed_clean(struct verifier *v, struct book *b, int seq,
                       uint32_t seed)
{
    bool stored = (seed + (unsigned)seq) % 3 != 0;
    if (verifier_feed(v, book_line(b, seq),
                      stored ? b->events[seq - 1].hash : NULL))
        fail_msg("seed %u: %s at event %d: %s", seed, err_code(v->error), seq,
                 book_line(b, seq).data);
}

static void random_clean_ledgers_are_sound(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 2000; seed++) {
        struct book b;
        struct verifier v;
        book_random(&b, seed, 2 + (int)(seed % 24));
        verifier_init(&v, b.device.public_key, b.aggregator.public_key);
        for (int i = 1; i <= b.n; i++)
            feed_clean(&v, &b, i, seed);
        uint8_t head[HASH_BYTES];
        book_head(&b, b.n, head);
        assert_int_equal(verifier_witness(&v, b.n, head), ERR_OK);
        assert_int_equal(v.events, b.n);
        assert_memory_equal(v.head, head, HASH_BYTES);
        assert_true(sums_equal(&v.sums, &b.sums));
        verifier_done(&v);
        book_done(&b);
    }
}

/* ---- the verifier as such --------------------------------------------------
 */

static void after_the_first_fault_nothing_changes(void **state)
{
    (void)state;
    struct book b;
    struct verifier v;
    golden_base(&b);
    see_before(&v, &b, 5);
    assert_int_equal(verifier_feed(&v, STR("{}"), NULL), ERR_FORM);
    struct verifier before = v;
    assert_int_equal(verifier_feed(&v, book_line(&b, 5), NULL), ERR_FORM);
    assert_int_equal(verifier_witness(&v, 4, v.key), ERR_FORM);
    assert_memory_equal(&v, &before, sizeof(v));
    assert_int_equal(v.first_bad, 5);
    assert_int_equal(v.events, 4);
    verifier_done(&v);
    book_done(&b);
}

static void only_the_aggregator_it_was_told_is_believed(void **state)
{
    (void)state;
    struct book b;
    golden_base(&b);
    const uint8_t *const told[] = { NULL, b.aggregator.public_key,
                                    b.device.public_key };
    for (size_t i = 0; i < ARRAY_LEN(told); i++) {
        struct verifier v;
        verifier_init(&v, b.device.public_key, told[i]);
        assert_int_equal(verifier_feed(&v, book_line(&b, 1), NULL),
                         i == 2 ? ERR_ADMISSION : ERR_OK);
        if (i == 0)
            assert_memory_equal(v.aggregator, b.aggregator.public_key,
                                KEY_BYTES);
        verifier_done(&v);
    }
    book_done(&b);
}

static void without_stored_hashes_a_change_shows_in_the_head(void **state)
{
    (void)state;
    struct book b;
    struct verifier v;
    uint8_t head[HASH_BYTES];
    golden_base(&b);
    book_head(&b, 10, head);
    book_edit(&b, 9, "ghi", "xoa");
    verifier_init(&v, b.device.public_key, NULL);
    for (int i = 1; i <= 10; i++)
        assert_int_equal(verifier_feed(&v, book_line(&b, i), NULL), ERR_OK);
    assert_int_equal(verifier_witness(&v, 10, head), ERR_REWRITTEN);
    assert_int_equal(v.first_bad, 10);
    verifier_done(&v);
    book_done(&b);
}

static void an_empty_ledger_is_sound_unless_somebody_saw_more(void **state)
{
    (void)state;
    struct book b;
    struct verifier v;
    uint8_t head[HASH_BYTES];
    golden_base(&b);
    chain_start(b.device.public_key, head);
    verifier_init(&v, b.device.public_key, NULL);
    assert_memory_equal(v.head, head, HASH_BYTES);
    assert_int_equal(verifier_witness(&v, 0, head), ERR_OK);
    assert_int_equal(verifier_witness(&v, 1, head), ERR_TRUNCATED);
    assert_int_equal(v.first_bad, 1);
    verifier_done(&v);
    book_done(&b);
}

static void a_long_ledger_of_escaped_texts_needs_no_more_memory(void **state)
{
    (void)state;
    struct book b;
    struct verifier v;
    BUF(text, MAX_EVENT);
    while (text.len < 1000)
        buf_puts(&text, "\"\\");
    book_init(&b, 1, 2);
    book_enrol(&b);
    while (b.n < 40)
        book_note(&b, buf_slice(&text));
    see_before(&v, &b, b.n + 1);
    assert_true(v.arena.len < 2000);
    verifier_done(&v);
    verifier_done(&v); /* twice is once */
    book_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(m18_every_golden_ledger_gets_its_verdict),
        cmocka_unit_test(m18_the_encoder_still_makes_the_frozen_bytes),
        cmocka_unit_test(the_worked_example_is_the_base_ledger),
        cmocka_unit_test(a_flipped_bit_of_any_event_is_found_there),
        cmocka_unit_test(a_flipped_bit_of_any_stored_hash_is_found_there),
        cmocka_unit_test(random_clean_ledgers_are_sound),
        cmocka_unit_test(after_the_first_fault_nothing_changes),
        cmocka_unit_test(only_the_aggregator_it_was_told_is_believed),
        cmocka_unit_test(without_stored_hashes_a_change_shows_in_the_head),
        cmocka_unit_test(an_empty_ledger_is_sound_unless_somebody_saw_more),
        cmocka_unit_test(a_long_ledger_of_escaped_texts_needs_no_more_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
