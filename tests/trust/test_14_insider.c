/*
 * test_14_insider.c - promise 14: a device that was let in cannot keep another
 * out with as many connections as the server has places for.
 *
 * The program itself serves, with so few descriptors that places run out at
 * once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "fair/wire.h"
#include "tests/support/alone.h"
#include "tests/support/crowd.h"
#include "tests/support/https.h"

enum {
    FILES = 128,            /* descriptors: of these, */
    PLACES = 64,            /* ... connections the server has */
    TRIED = PLACES * 3 / 2, /* of the insider, all kept */
    AGAIN = 10
};

static struct https *call(const struct alone *a)
{
    struct https *c = https_open(a->port, NULL);
    assert_non_null(c);
    return c;
}

static void push(struct https *c, struct trader *t)
{
    BUF(bytes, MAX_BATCH);
    HTTPS_REPLY(r);
    trader_push(t, 1, &bytes);
    https_send_post(c, WIRE_PUSH_PATH, buf_slice(&bytes), &r);
    assert_int_equal(r.status, 200);
}

static void admit(const struct alone *a, struct trader *t, int number)
{
    struct https *c = call(a);
    BUF(first, MAX_BATCH);
    HTTPS_REPLY(r);
    trader_open(t, ALONE_FAIR, NULL, number, &first);
    https_send_post(c, WIRE_PUSH_PATH, buf_slice(&first), &r);
    assert_int_equal(r.status, 200);
    https_close(c);
}

static void a_device_let_in_keeps_no_other_out(void **state)
{
    struct alone a;
    struct trader insider, honest;
    struct https *kept[TRIED], *c;
    (void)state;
    alone_open(&a);
    admit(&a, &insider, 1);
    admit(&a, &honest, 2);
    for (int i = 0; i < TRIED; i++) {
        kept[i] = call(&a);
        push(kept[i], &insider);
    }
    c = call(&a);
    push(c, &honest);
    for (int i = 0; i < AGAIN; i++) {
        https_close(kept[i]); /* it has been ended long ago */
        kept[i] = call(&a);
        push(kept[i], &insider);
    }
    push(c, &honest);
    https_close(c);
    for (int i = 0; i < TRIED; i++)
        https_close(kept[i]);
    trader_close(&insider);
    trader_close(&honest);
    alone_close(&a);
}

int main(void)
{
    const struct rlimit few = { FILES, FILES };
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_device_let_in_keeps_no_other_out),
    };
    if (setrlimit(RLIMIT_NOFILE, &few) != 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
