/*
 * test_secrets.c - passwords, cookies, link keys and what forms carry.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/env.h"
#include "sync/aggregator/account/secrets.h"

#define RIGHT "con-voi-trong-vườn"

/* ---- passwords ----------------------------------------------------------- */

static void a_password_made_here_has_four_groups_without_look_alikes(
    void **state)
{
    (void)state;
    BUF(first, MAX_TEXT);
    for (int n = 0; n < 200; n++) {
        BUF(p, MAX_TEXT);
        password_make(&p);
        assert_int_equal(p.len, 23);
        for (size_t i = 0; i < p.len; i++) {
            if (i % 6 == 5)
                assert_int_equal(p.data[i], '-');
            else
                assert_non_null(
                    strchr("abcdefghjkmnpqrstuvwxyz234567", p.data[i]));
        }
        assert_int_equal(password_check(buf_slice(&p)), ERR_OK);
        if (n == 0)
            buf_str(&first, buf_slice(&p));
        else
            assert_false(str_eq(buf_slice(&first), buf_slice(&p)));
    }
}

static void a_password_is_one_line_of_10_to_128_bytes(void **state)
{
    static const struct {
        const char *text;
        enum err e;
    } rows[] = {
        { "", ERR_INVALID },
        { "123456789", ERR_INVALID },
        { "1234567890", ERR_OK },
        { "mật khẩu dài", ERR_OK },
        { "tab\tin the middle", ERR_INVALID },
        { "line\nin the middle", ERR_INVALID },
        { "delete\x7f in it", ERR_INVALID },
        { "\xff\xfe no utf-8 at all", ERR_INVALID },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(password_check(str_of(rows[i].text)), rows[i].e);
    char longest[PASSWORD_MAX + 1];
    memset(longest, 'x', sizeof(longest));
    assert_int_equal(password_check((struct str){ longest, PASSWORD_MAX }),
                     ERR_OK);
    assert_int_equal(password_check((struct str){ longest, PASSWORD_MAX + 1 }),
                     ERR_INVALID);
}

static void only_the_right_password_passes(void **state)
{
    char secret[SECRET_ROOM], again[SECRET_ROOM];
    (void)state;
    assert_int_equal(password_hash(STR(RIGHT), secret), ERR_OK);
    assert_int_equal(password_hash(STR(RIGHT), again), ERR_OK);
    assert_string_not_equal(secret, again); /* salted */
    assert_null(strstr(secret, "voi"));
    assert_true(password_is(STR(RIGHT), secret));
    assert_true(password_is(STR(RIGHT), again));
    assert_false(password_is(STR("con-voi-trong-vuon"), secret));
    assert_false(password_is(STR(""), secret));
    assert_false(password_is(STR("\xff\xfe"), secret));
    assert_false(password_is(STR(RIGHT " "), secret));
}

static void a_password_is_the_same_from_every_keyboard(void **state)
{
    char secret[SECRET_ROOM];
    (void)state;
    /* ườ composed, and as u + horn, o + horn + grave. */
    assert_int_equal(
        password_hash(STR("trong-v\u01b0\u1eddn-nh\u00e0"), secret), ERR_OK);
    assert_true(
        password_is(STR("trong-vu\u031bo\u031b\u0300n-nha\u0300"), secret));
}

static void nobody_s_password_is_never_right(void **state)
{
    (void)state;
    assert_false(password_is(STR(RIGHT), ""));
    assert_false(password_is(STR(""), ""));
    assert_false(password_is(STR("$argon2id$"), "$argon2id$"));
    /* What a press account stores is no password. */
    char link[TOKEN_TEXT + 1], token[TOKEN_TEXT + 1];
    token_make(token);
    assert_true(link_hash(str_of(token), link));
    assert_false(password_is(str_of(token), link));
    assert_false(password_is(str_of(link), link));
}

/* The least of a few: what others do on this machine only adds. */
static int64_t takes_ms(const char *secret)
{
    int64_t least = INT64_MAX;
    for (int i = 0; i < 3; i++) {
        int64_t from = env_mono_ms();
        assert_false(password_is(STR("wrong password"), secret));
        int64_t took = env_mono_ms() - from;
        least = took < least ? took : least;
    }
    return least;
}

static void an_unknown_name_takes_as_long_as_a_known_one(void **state)
{
    char secret[SECRET_ROOM], link[TOKEN_TEXT + 1], token[TOKEN_TEXT + 1];
    (void)state;
    token_make(token);
    assert_true(link_hash(str_of(token), link));
    assert_int_equal(password_hash(STR(RIGHT), secret), ERR_OK);
    int64_t known = takes_ms(secret);
    assert_true(known >= 10);
    assert_true(takes_ms("") >= known / 2);
    assert_true(takes_ms(link) >= known / 2);
}

/* ---- tokens -------------------------------------------------------------- */

static void tokens_are_64_hex_digits_and_differ(void **state)
{
    char a[TOKEN_TEXT + 1], b[TOKEN_TEXT + 1];
    (void)state;
    token_make(a);
    token_make(b);
    assert_int_equal(strlen(a), 64);
    assert_int_equal(strspn(a, "0123456789abcdef"), 64);
    assert_string_not_equal(a, b);
}

static void what_is_no_token_has_no_hash(void **state)
{
    static const char *const texts[] = {
        "",
        "abc",
        "000000000000000000000000000000000000000000000000000000000000000",
        "00000000000000000000000000000000000000000000000000000000000000000",
        "000000000000000000000000000000000000000000000000000000000000000g",
    };
    uint8_t hash[SESSION_HASH];
    char text[TOKEN_TEXT + 1];
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        assert_false(token_hash(str_of(texts[i]), hash));
        assert_false(link_hash(str_of(texts[i]), text));
        csrf_token(str_of(texts[i]), text);
        assert_string_equal(text, "");
        assert_false(csrf_is(str_of(texts[i]), STR("")));
    }
}

static void a_cookie_a_link_key_and_a_form_s_token_are_worlds_apart(
    void **state)
{
    char token[TOKEN_TEXT + 1], link[TOKEN_TEXT + 1], csrf[TOKEN_TEXT + 1];
    uint8_t hash[SESSION_HASH];
    (void)state;
    token_make(token);
    assert_true(token_hash(str_of(token), hash));
    assert_true(link_hash(str_of(token), link));
    csrf_token(str_of(token), csrf);
    BUF(session, TOKEN_TEXT);
    buf_hex(&session, hash, sizeof(hash));
    const char *const all[] = { token, link, csrf, buf_text(&session) };
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        assert_int_equal(strlen(all[i]), TOKEN_TEXT);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(all[i], all[k]);
    }
}

static void a_form_passes_only_with_the_token_of_its_session(void **state)
{
    char token[TOKEN_TEXT + 1], other[TOKEN_TEXT + 1], csrf[TOKEN_TEXT + 1];
    (void)state;
    token_make(token);
    token_make(other);
    csrf_token(str_of(token), csrf);
    assert_true(csrf_is(str_of(token), str_of(csrf)));
    assert_false(csrf_is(str_of(other), str_of(csrf)));
    assert_false(csrf_is(str_of(token), str_of(token)));
    assert_false(csrf_is(str_of(token), STR("")));
    assert_false(csrf_is(str_of(token), (struct str){ csrf, TOKEN_TEXT - 1 }));
    for (size_t i = 0; i < TOKEN_TEXT; i++) {
        char kept = csrf[i];
        csrf[i] = kept == 'f' ? '0' : 'f';
        assert_false(csrf_is(str_of(token), str_of(csrf)));
        csrf[i] = kept;
    }
}

static void a_buffer_for_a_secret_never_moves_and_is_wiped(void **state)
{
    struct buf b;
    (void)state;
    secret_init(&b, 100);
    const char *at = b.data;
    for (int i = 0; i < 100; i++)
        buf_putc(&b, 'x');
    assert_true(buf_ok(&b) && b.data == at);
    secret_done(&b);
    assert_null(b.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_password_made_here_has_four_groups_without_look_alikes),
        cmocka_unit_test(a_password_is_one_line_of_10_to_128_bytes),
        cmocka_unit_test(only_the_right_password_passes),
        cmocka_unit_test(a_password_is_the_same_from_every_keyboard),
        cmocka_unit_test(nobody_s_password_is_never_right),
        cmocka_unit_test(an_unknown_name_takes_as_long_as_a_known_one),
        cmocka_unit_test(tokens_are_64_hex_digits_and_differ),
        cmocka_unit_test(what_is_no_token_has_no_hash),
        cmocka_unit_test(
            a_cookie_a_link_key_and_a_form_s_token_are_worlds_apart),
        cmocka_unit_test(a_form_passes_only_with_the_token_of_its_session),
        cmocka_unit_test(a_buffer_for_a_secret_never_moves_and_is_wiped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
