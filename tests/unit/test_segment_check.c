/*
 * test_segment_check.c - the four bytes beside an event tell when it is not
 * what it was.
 *
 * Expected values were computed with another implementation (Python's whole
 * numbers).
 */
#include "sync/aggregator/store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "fair/wire.h"
#include "tests/support/hall.h"

static const struct {
    const char *line, *hex;
} known[] = {
    { "", "00000000" },
    { "a", "1ca843a9" },
    { "{\"v\":1,", "bb700b4d" },
    { "{\"v\":1,\"seq\":2}", "22957e91" },
    { "Chả mực Hạ Long", "175a500b" },
};

static void checks_are_the_same_on_every_machine(void **state)
{
    uint8_t bytes[ARRAY_LEN(known)][4];
    struct segment seg = { .checks = { (const char *)bytes, sizeof(bytes) } };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        assert_true(hex_bytes(str_of(known[i].hex), bytes[i], 4));
    for (int64_t i = 0; i < (int64_t)ARRAY_LEN(known); i++) {
        assert_true(segment_check(&seg, i, str_of(known[i].line)));
        assert_false(segment_check(&seg, i, STR("another line")));
    }
    assert_false(segment_check(&seg, ARRAY_LEN(known), STR("")));
    assert_false(segment_check(&seg, -1, STR("")));
}

static void older_checks_are_still_known(void **state)
{
    static const uint8_t key[crypto_shorthash_KEYBYTES];
    const char line[] = "{\"v\":1,\"seq\":2}";
    uint8_t hash[crypto_shorthash_BYTES];
    struct segment seg = { .checks = { (const char *)hash, 4 } };
    (void)state;
    crypto_shorthash(hash, (const uint8_t *)line, sizeof(line) - 1, key);
    assert_true(segment_check(&seg, 0, str_of(line)));
    assert_false(segment_check(&seg, 0, STR("{\"v\":1,\"seq\":3}")));
}

/* Any one byte wrong, any two neighbours changed over, one missing, one more.
 */
static void damage(const struct segment *seg, int64_t n, struct str line)
{
    char copy[MAX_EVENT + 1];
    struct str wrong = { copy, line.len };
    memcpy(copy, line.data, line.len);
    copy[line.len] = '\0';
    for (size_t i = 0; i < line.len; i++) {
        for (int bit = 0; bit < 8; bit++) {
            copy[i] = (char)(line.data[i] ^ 1 << bit);
            assert_false(segment_check(seg, n, wrong));
        }
        copy[i] = line.data[i];
    }
    for (size_t i = 0; i + 1 < line.len; i++) {
        copy[i] = line.data[i + 1];
        copy[i + 1] = line.data[i];
        assert_true(copy[i] == copy[i + 1] || !segment_check(seg, n, wrong));
        copy[i] = line.data[i];
        copy[i + 1] = line.data[i + 1];
    }
    wrong.len--;
    assert_false(segment_check(seg, n, wrong));
    wrong.len += 2;
    assert_false(segment_check(seg, n, wrong));
}

static enum err damage_each(void *ctx, const struct segment *seg)
{
    int *events = ctx;
    struct str bytes = seg->bytes, line;
    for (int64_t n = 0; lines_next(&bytes, &line); n++, (*events)++) {
        assert_true(segment_check(seg, n, line));
        damage(seg, n, line);
    }
    return ERR_OK;
}

static void a_damaged_event_is_known(void **state)
{
    struct hall *h = hall_open(1);
    int events = 0;
    (void)state;
    hall_send(h, 0, 12);
    assert_int_equal(
        store_segments(h->store, hall_name(h, 0), 1, damage_each, &events),
        ERR_OK);
    assert_int_equal(events, 12);
    hall_close(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_are_the_same_on_every_machine),
        cmocka_unit_test(older_checks_are_still_known),
        cmocka_unit_test(a_damaged_event_is_known),
    };
    sign_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
