/*
 * test_hashing.c - Nettle makes the chains that libsodium makes.
 */
#include "fair/hashing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fair/chain.h"

enum { LENGTHS = 1100 };

static void random_bytes(char *text, size_t len)
{
    static uint64_t dice = 88172645463325252;
    for (size_t i = 0; i < len; i++) {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        text[i] = (char)dice;
    }
}

/* A chain over texts of every length, and the longest. */
static void chain_make(char texts[LENGTHS][LENGTHS], uint8_t head[HASH_BYTES])
{
    memset(head, 0, HASH_BYTES);
    for (size_t len = 0; len < LENGTHS; len++)
        chain_next(head, (struct str){ texts[len], len }, head);
    chain_next(head, (struct str){ texts[0], MAX_EVENT }, head);
}

static void both_libraries_make_one_chain(void **state)
{
    static char texts[LENGTHS][LENGTHS];
    uint8_t portable[HASH_BYTES], quick[HASH_BYTES];
    (void)state;
    sign_init();
    random_bytes(texts[0], sizeof(texts));
    chain_make(texts, portable);
    assert_true(hashing_begin());
    chain_make(texts, quick);
    assert_memory_equal(portable, quick, HASH_BYTES);
    assert_true(chain_hash_use(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_libraries_make_one_chain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
