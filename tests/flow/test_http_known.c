/*
 * test_http_known.c - whose connections count as known: they may take a long
 * answer, and strangers make room for them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/house.h"

static int known(struct house *h)
{
    return house_figure(h, "connections_known");
}

static void push(struct house *h, struct https *c, int to, int status)
{
    BUF(bytes, MAX_BATCH);
    HTTPS_REPLY(r);
    house_push(h, 1, to, &bytes);
    https_send_post(c, WIRE_PUSH_PATH, buf_slice(&bytes), &r);
    assert_int_equal(r.status, status);
    assert_false(r.closes);
}

static enum err revoke(void *ctx, struct store *s)
{
    struct house *h = ctx;
    char id[DEVICE_LEN + 1];
    device_id(h->book.device.public_key, id);
    return store_set_state(s, str_of(id), DEVICE_REVOKED);
}

static void a_device_is_known_until_it_is_revoked(void **state)
{
    struct house *h = *state;
    struct https *c = house_call(h), *other = house_call(h);
    assert_int_equal(known(h), 0);
    push(h, c, 2, 200);
    assert_int_equal(known(h), 1);
    assert_int_equal(house_do(h, revoke, h), ERR_OK);
    push(h, other, 3, 200); /* it is still listened to */
    assert_int_equal(known(h), 1);
    push(h, c, 4, 200);
    assert_int_equal(known(h), 0);
    https_close(other);
    https_close(c);
}

static void whom_nobody_let_in_is_not_known(void **state)
{
    struct house *h = *state;
    struct https *c = house_call(h);
    BUF(bytes, MAX_BATCH);
    HTTPS_REPLY(page);
    HTTPS_REPLY(r);
    https_get(c, "/sign-in", "", &page);
    assert_int_equal(page.status, 200);
    house_push(h, 5, 6, &bytes); /* nobody has heard 1 to 4 */
    https_send_post(c, WIRE_PUSH_PATH, buf_slice(&bytes), &r);
    assert_int_equal(r.status, 409);
    assert_int_equal(known(h), 0);
    https_close(c);
}

static void somebody_signed_in_is_known_whatever_else_the_browser_asks_for(
    void **state)
{
    static const struct {
        const char *path;
        bool signed_in;
        int known;
    } asked[] = {
        { "/assets/style.css", true, 0 }, /* nobody looks who it is */
        { "/sign-in", true, 1 },          { "/assets/style.css", false, 1 },
        { "/sign-in", false, 0 },         { "/password", true, 1 },
        { "/password", false, 0 },
    };
    struct house *h = *state;
    struct house_guest g = { "lan", ROLE_ORGANISER, "", "", "", "" };
    struct https *c = house_call(h);
    house_sign_in(h, &g);
    for (size_t i = 0; i < ARRAY_LEN(asked); i++) {
        HTTPS_REPLY(r);
        https_get(c, asked[i].path, asked[i].signed_in ? g.cookie : "", &r);
        if (r.status >= 400 || r.closes || known(h) != asked[i].known)
            fail_msg("%zu %s: %d", i, asked[i].path, r.status);
    }
    https_close(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        HOUSE(a_device_is_known_until_it_is_revoked),
        HOUSE(whom_nobody_let_in_is_not_known),
        HOUSE(somebody_signed_in_is_known_whatever_else_the_browser_asks_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
