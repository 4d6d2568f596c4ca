/*
 * test_14_reports.c - promise 14: no till, let in, makes the aggregator use
 * more memory than it may by what others then ask for.
 *
 * The program itself serves on loopback. One till sends products that nobody
 * has sold before, as many as its pushes have room for; then an organiser asks
 * for pages and files of them, several at once.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/wire.h"
#include "tests/support/alone.h"
#include "tests/support/crowd.h"
#include "tests/support/https.h"
#include "tests/support/promise.h"

enum {
    PUSHES = 36,
    MANY = 250000, /* products: more than a report may hold */
    ASKING = 3,    /* at once */
    MEMORY_KB = 640 * 1024,
    COOKIE_ROOM = 128
};

#define PASSWORD "ba-kich-tim"

static int64_t memory_kb(pid_t pid)
{
    char dir[64];
    BUF(text, MAX_TEXT);
    snprintf(dir, sizeof(dir), "/proc/%d", (int)pid);
    scratch_read(dir, "status", &text);
    const char *at = strstr(buf_text(&text), "VmHWM:");
    assert_non_null(at);
    return strtoll(at + 6, NULL, 10);
}

/* ---- the till ------------------------------------------------------------ */

static void push(int port, struct str body)
{
    HTTPS_REPLY(r);
    struct https *c = https_open(port, NULL);
    assert_non_null(c);
    https_send_post(c, WIRE_PUSH_PATH, body, &r);
    https_close(c);
    assert_int_equal(r.status, 200);
}

/* How many products it has sold. */
static int64_t sell_novelties(int port, int pushes)
{
    struct trader t;
    BUF(body, MAX_BATCH);
    trader_open(&t, ALONE_FAIR, NULL, 1, &body);
    push(port, buf_slice(&body));
    for (int i = 0; i < pushes; i++) {
        buf_clear(&body);
        trader_push_novel(&t, NOVEL_SALES, &body);
        push(port, buf_slice(&body));
    }
    int64_t products = t.novelties;
    trader_close(&t);
    return products;
}

/* ---- the organiser ------------------------------------------------------- */

static void account_make(const struct alone *a)
{
    int code = 0;
    char file[SCRATCH_ROOM + 16];
    BUF(out, MAX_TEXT);
    snprintf(file, sizeof(file), "%s/password", a->dir);
    scratch_write(a->dir, "password", STR(PASSWORD "\n"));
    enum err e = child_run(&a->program,
                           WORDS("account", "add", "an", "--role", "organiser",
                                 "--password-file", file),
                           &out, &code);
    assert_int_equal(e, ERR_OK);
    assert_int_equal(code, 0);
}

static void sign_in(int port, char cookie[COOKIE_ROOM])
{
    static const char form[] = "name=an&password=" PASSWORD;
    HTTPS_REPLY(r);
    BUF(more, MAX_TEXT);
    BUF(request, MAX_TEXT);
    struct https *c = https_open(port, NULL);
    assert_non_null(c);
    buf_printf(&more,
               "Sec-Fetch-Site: same-origin\r\n"
               "Content-Type: application/x-www-form-urlencoded\r\n"
               "Content-Length: %zu\r\n",
               strlen(form));
    https_ask_head("POST", "/sign-in", buf_text(&more), &request);
    buf_puts(&request, form);
    assert_true(https_send(c, buf_slice(&request)));
    https_read(c, &r);
    https_close(c);
    assert_int_equal(r.status, 303);
    const char *at = strstr(buf_text(&r.head), "__Host-fair=");
    assert_non_null(at);
    snprintf(cookie, COOKIE_ROOM, "Cookie: %.*s\r\n", (int)strcspn(at, ";"),
             at);
}

static const char *const pages[] = {
    "/products?fair=F1",
    "/report?kind=products&fair=F1&format=csv",
    "/supervision?fair=F1",
    "/report?kind=supervision&fair=F1&format=csv",
    "/report?kind=products&fair=F1&format=json",
    "/report?kind=supervision&fair=F1&format=xlsx",
    "/league?fair=F1&by=product",
    "/?fair=F1",
};

struct asker {
    pthread_t thread;
    const char *cookie;
    int port, number;
    int answers, refused; /* 413, 503: told what to do; 0: not in time */
};

static void ask(struct asker *a, const char *page)
{
    HTTPS_REPLY(r);
    struct https *c = https_open(a->port, NULL);
    ASSERT(c);
    https_get(c, page, a->cookie, &r);
    https_close(c);
    if (r.status != 200 && r.status != 413 && r.status != 503 && r.status != 0)
        err_die(page, r.status, "this is no answer");
    a->answers += r.status == 200;
    a->refused += r.status != 200;
}

/* Everybody begins somewhere else. */
static void *ask_all(void *ctx)
{
    struct asker *a = ctx;
    for (size_t i = 0; i < ARRAY_LEN(pages); i++)
        ask(a, pages[(i + (size_t)a->number) % ARRAY_LEN(pages)]);
    return NULL;
}

static void ask_at_once(struct asker *all, int port, const char *cookie)
{
    for (int i = 0; i < ASKING; i++) {
        all[i] = (struct asker){ .cookie = cookie, .port = port, .number = i };
        int rc = pthread_create(&all[i].thread, NULL, ask_all, &all[i]);
        assert_int_equal(rc, 0);
    }
    for (int i = 0; i < ASKING; i++)
        pthread_join(all[i].thread, NULL);
}

static void reports_of_what_a_till_made_up_take_no_more_memory(void **state)
{
    struct alone a;
    struct asker all[ASKING];
    char cookie[COOKIE_ROOM];
    int answers = 0, refused = 0;
    (void)state;
    alone_open(&a);
    account_make(&a);
    sign_in(a.port, cookie);
    int64_t products = sell_novelties(a.port, (int)promise_share(PUSHES));
    int64_t before = memory_kb(a.server.pid);
    ask_at_once(all, a.port, cookie);
    for (int i = 0; i < ASKING; i++) {
        answers += all[i].answers;
        refused += all[i].refused;
    }
    int64_t kb = memory_kb(a.server.pid);
    printf("%lld products of one till; %d answers, %d refused; memory %lld kB, "
           "of pushes alone %lld kB\n",
           (long long)products, answers, refused, (long long)kb,
           (long long)before);
    promise(14, "made-up-products", products);
    promise(14, "reports-of-them", answers + refused);
    assert_true(answers > 0);
    if (products >= MANY)
        assert_true(refused > 0);
#ifndef __SANITIZE_ADDRESS__
    promise(14, "memory-kb", kb);
    assert_true(kb < MEMORY_KB);
#endif
    alone_close(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_of_what_a_till_made_up_take_no_more_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
