/*
 * test_chain.c - keys, names, signatures and hashes are those of PROTOCOL.md.
 *
 * Expected values were computed with another implementation (Python's
 * hashlib) or stand in RFC 8032.
 */
#include "fair/chain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"

/* RFC 8032, 7.1, test 1. */
#define SEED "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
#define PUBLIC \
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
#define SIGNED                                                         \
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155" \
    "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"

static struct keypair rfc_key(void)
{
    struct keypair key;
    uint8_t seed[KEY_BYTES];
    sign_init();
    assert_true(hex_bytes(STR(SEED), seed, sizeof(seed)));
    key_from_seed(seed, &key);
    return key;
}

static void assert_hex(const uint8_t *bytes, size_t len, const char *expected)
{
    BUF(hex, 200);
    buf_hex(&hex, bytes, len);
    assert_string_equal(buf_text(&hex), expected);
}

/* ---- hashes ----------------------------------------------------------------
 */

static void the_chain_starts_from_the_key_and_takes_in_the_bytes(void **state)
{
    (void)state;
    struct keypair key = rfc_key();
    uint8_t head[HASH_BYTES];
    chain_start(key.public_key, head);
    assert_hex(head, sizeof(head),
               "09fce632fac4159e21e5f9f673077abe"
               "3668a44fac5ea714b76a33ab2fdf9e39");
    chain_next(head, STR("{\"a\":1}"), head);
    assert_hex(head, sizeof(head),
               "9f20ae057157e4694f6ed198460ab916"
               "64c9647ddcb133143de8061ef2ce922a");
}

static void the_next_hash_leaves_the_previous_alone(void **state)
{
    (void)state;
    uint8_t previous[HASH_BYTES] = { 1, 2, 3 }, same[HASH_BYTES],
            out[HASH_BYTES];
    memcpy(same, previous, sizeof(same));
    chain_next(previous, STR("x"), out);
    assert_memory_equal(previous, same, sizeof(same));
    chain_next(same, STR("x"), same);
    assert_memory_equal(same, out, sizeof(out));
}

/* ---- hashes by another library ------------------------------------------- */

static int quick_calls;

static bool quick_right(const void *bytes, size_t len, uint8_t out[HASH_BYTES])
{
    quick_calls++;
    hash_tagged("", (struct str){ bytes, len }, out);
    return true;
}

/* Wrong for one length only: two blocks to the last byte. */
static bool quick_wrong(const void *bytes, size_t len, uint8_t out[HASH_BYTES])
{
    quick_right(bytes, len, out);
    out[0] ^= len == 120;
    return true;
}

static bool quick_unable(const void *bytes, size_t len, uint8_t out[HASH_BYTES])
{
    (void)bytes, (void)len, (void)out;
    return false;
}

/* Able while it is looked at, and not afterwards. */
static bool quick_tired(const void *bytes, size_t len, uint8_t out[HASH_BYTES])
{
    return quick_calls < 100 && quick_right(bytes, len, out);
}

/* hash(1) over `len` bytes after the hash of zeros. */
static void hash_of(size_t len, uint8_t out[HASH_BYTES])
{
    static char text[MAX_EVENT + 1];
    uint8_t before[HASH_BYTES] = { 0 };
    memset(text, 'x', len);
    chain_next(before, (struct str){ text, len }, out);
}

static void another_library_makes_the_same_chain(void **state)
{
    static const size_t lengths[] = { 0,  1,   13,        14,
                                      77, 400, MAX_EVENT, MAX_EVENT + 1 };
    uint8_t ours[HASH_BYTES], theirs[HASH_BYTES];
    (void)state;
    assert_true(chain_hash_use(quick_right));
    for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
        hash_of(lengths[i], theirs);
        assert_true(chain_hash_use(NULL));
        hash_of(lengths[i], ours);
        assert_true(chain_hash_use(quick_right));
        assert_memory_equal(ours, theirs, sizeof(ours));
    }
    quick_calls = 0;
    hash_of(400, theirs);
    hash_of(MAX_EVENT, theirs);
    assert_int_equal(quick_calls, 2);
    hash_of(MAX_EVENT + 1, theirs); /* no event is so long */
    assert_int_equal(quick_calls, 2);
    assert_true(chain_hash_use(NULL));
}

static void a_library_that_hashes_wrongly_is_not_used(void **state)
{
    uint8_t before[HASH_BYTES], after[HASH_BYTES];
    (void)state;
    hash_of(120 - 50, before);
    assert_false(chain_hash_use(quick_wrong));
    assert_false(chain_hash_use(quick_unable));
    quick_calls = 0;
    hash_of(120 - 50, after);
    assert_int_equal(quick_calls, 0);
    assert_memory_equal(before, after, sizeof(before));
}

static void what_another_library_cannot_do_is_done_all_the_same(void **state)
{
    uint8_t before[HASH_BYTES], after[HASH_BYTES];
    (void)state;
    hash_of(400, before);
    quick_calls = 0;
    assert_true(chain_hash_use(quick_tired));
    quick_calls = 100;
    hash_of(400, after);
    assert_memory_equal(before, after, sizeof(before));
    assert_true(chain_hash_use(NULL));
}

static void a_head_is_short_for_people(void **state)
{
    static const struct {
        const char *hex, *text;
    } cases[] = {
        { "0000000000000000", "BBBB-BBBB" },
        { "0000000000000013", "BBBB-BBBZ" },
        { "ffffffffffffffff", "KPSG-RZBT" },
        { "0102030405060708", "NMGM-WWDV" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        uint8_t head[HASH_BYTES];
        char text[10];
        memset(head, 0xAA, sizeof(head)); /* only the first eight count */
        assert_true(hex_bytes(str_of(cases[i].hex), head, 8));
        chain_short(head, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void a_tag_comes_before_what_is_hashed(void **state)
{
    (void)state;
    uint8_t one[HASH_BYTES], other[HASH_BYTES];
    hash_tagged("ab", STR("c"), one);
    hash_tagged("a", STR("bc"), other);
    assert_memory_equal(one, other, sizeof(one));
    assert_hex(one, sizeof(one),
               "ba7816bf8f01cfea414140de5dae2223"
               "b00361a396177a9cb410ff61f20015ad");
    hash_tagged("", (struct str){ NULL, 0 }, one);
    assert_hex(one, sizeof(one),
               "e3b0c44298fc1c149afbf4c8996fb924"
               "27ae41e4649b934ca495991b7852b855");
}

static void a_tag_is_made_by_one_key_for_one_domain_and_text(void **state)
{
    (void)state;
    struct keypair key = rfc_key(), other = rfc_key();
    uint8_t tag[HASH_BYTES], again[HASH_BYTES];
    other.secret[0] ^= 1;
    tag_make(&key, "a\n", STR("bc"), tag);
    tag_make(&key, "a\n", STR("bc"), again);
    assert_memory_equal(tag, again, sizeof(tag));
    tag_make(&key, "a\n", STR("bd"), again);
    assert_memory_not_equal(tag, again, sizeof(tag));
    tag_make(&key, "b\n", STR("bc"), again);
    assert_memory_not_equal(tag, again, sizeof(tag));
    tag_make(&other, "a\n", STR("bc"), again);
    assert_memory_not_equal(tag, again, sizeof(tag));
}

/* ---- identities ------------------------------------------------------------
 */

static void names_follow_from_keys(void **state)
{
    (void)state;
    struct keypair key = rfc_key();
    char name[DEVICE_LEN + 1];
    device_id(key.public_key, name);
    assert_string_equal(name, "jlsixhqjf2bip2lp");
    aggregator_id(key.public_key, name);
    assert_string_equal(name, "kamuj776biqmmgcc");
}

static void keys_and_signatures_are_those_of_rfc_8032(void **state)
{
    (void)state;
    struct keypair key = rfc_key();
    uint8_t signature[SIGNATURE_BYTES];
    assert_hex(key.public_key, KEY_BYTES, PUBLIC);
    sign_make(&key, "", STR(""), signature);
    assert_hex(signature, sizeof(signature), SIGNED);
    assert_true(sign_check(key.public_key, "", STR(""), signature));
}

static void a_signature_serves_one_domain_one_text_one_key(void **state)
{
    static const char *const domains[] = { DOMAIN_ADMISSION, DOMAIN_ENROL,
                                           DOMAIN_PUSH,      DOMAIN_ACK,
                                           DOMAIN_LISTS,     DOMAIN_SEAL };
    (void)state;
    struct keypair key = rfc_key(), other;
    uint8_t signature[SIGNATURE_BYTES];
    key_make(&other);
    for (size_t i = 0; i < ARRAY_LEN(domains); i++) {
        sign_make(&key, domains[i], STR("text"), signature);
        for (size_t j = 0; j < ARRAY_LEN(domains); j++)
            assert_int_equal(
                sign_check(key.public_key, domains[j], STR("text"), signature),
                i == j);
        assert_false(
            sign_check(key.public_key, domains[i], STR("texu"), signature));
        assert_false(
            sign_check(other.public_key, domains[i], STR("text"), signature));
        signature[10] ^= 1;
        assert_false(
            sign_check(key.public_key, domains[i], STR("text"), signature));
    }
}

static void made_keys_differ_and_work(void **state)
{
    (void)state;
    struct keypair one, other;
    uint8_t signature[SIGNATURE_BYTES];
    sign_init();
    key_make(&one);
    key_make(&other);
    assert_memory_not_equal(one.public_key, other.public_key, KEY_BYTES);
    sign_make(&one, DOMAIN_SEAL, STR("x"), signature);
    assert_true(sign_check(one.public_key, DOMAIN_SEAL, STR("x"), signature));
}

static void a_key_that_is_done_is_wiped(void **state)
{
    (void)state;
    struct keypair key = rfc_key();
    static const struct keypair zero;
    key_done(&key);
    assert_memory_equal(&key, &zero, sizeof(key));
}

/* ---- key files -------------------------------------------------------------
 */

#define DIR_TEMPLATE "/tmp/fair-chain-XXXXXX"

static char dir[sizeof(DIR_TEMPLATE)];
static char path[sizeof(DIR_TEMPLATE) + 16];

static int dir_new(void **state)
{
    (void)state;
    memcpy(dir, DIR_TEMPLATE, sizeof(DIR_TEMPLATE));
    if (!mkdtemp(dir))
        return -1;
    snprintf(path, sizeof(path), "%s/device.key", dir);
    return 0;
}

static int dir_done(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(dir);
}

static void a_stored_key_is_its_seed_and_loads_again(void **state)
{
    (void)state;
    struct keypair key = rfc_key(), back;
    struct stat info;
    BUF(text, 100);
    assert_int_equal(key_store(dir, "device.key", &key), ERR_OK);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(env_file_read(dir, "device.key", &text), ERR_OK);
    assert_string_equal(buf_text(&text), SEED "\n");
    assert_int_equal(key_load(dir, "device.key", &back), ERR_OK);
    assert_memory_equal(&key, &back, sizeof(key));
}

static void a_key_file_is_never_overwritten(void **state)
{
    (void)state;
    struct keypair key = rfc_key();
    assert_int_equal(key_store(dir, "device.key", &key), ERR_OK);
    assert_int_equal(key_store(dir, "device.key", &key), ERR_EXISTS);
}

static void anything_but_a_seed_is_no_key(void **state)
{
    static const char *const texts[] = {
        "",
        "\n",
        SEED,
        SEED "\n\n",
        SEED "0\n",
        SEED "\r\n",
        "9D61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60\n",
        " 9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f6\n",
    };
    (void)state;
    struct keypair back = { .public_key = { 1 } }, same = back;
    assert_int_equal(key_load(dir, "device.key", &back), ERR_NOT_FOUND);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        assert_int_equal(env_file_create(dir, "device.key", str_of(texts[i])),
                         ERR_OK);
        assert_int_equal(key_load(dir, "device.key", &back), ERR_CORRUPT);
        assert_memory_equal(&back, &same, sizeof(back));
        unlink(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_chain_starts_from_the_key_and_takes_in_the_bytes),
        cmocka_unit_test(the_next_hash_leaves_the_previous_alone),
        cmocka_unit_test(another_library_makes_the_same_chain),
        cmocka_unit_test(a_library_that_hashes_wrongly_is_not_used),
        cmocka_unit_test(what_another_library_cannot_do_is_done_all_the_same),
        cmocka_unit_test(a_head_is_short_for_people),
        cmocka_unit_test(a_tag_comes_before_what_is_hashed),
        cmocka_unit_test(a_tag_is_made_by_one_key_for_one_domain_and_text),
        cmocka_unit_test(names_follow_from_keys),
        cmocka_unit_test(keys_and_signatures_are_those_of_rfc_8032),
        cmocka_unit_test(a_signature_serves_one_domain_one_text_one_key),
        cmocka_unit_test(made_keys_differ_and_work),
        cmocka_unit_test(a_key_that_is_done_is_wiped),
        cmocka_unit_test_setup_teardown(
            a_stored_key_is_its_seed_and_loads_again, dir_new, dir_done),
        cmocka_unit_test_setup_teardown(a_key_file_is_never_overwritten,
                                        dir_new, dir_done),
        cmocka_unit_test_setup_teardown(anything_but_a_seed_is_no_key, dir_new,
                                        dir_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
