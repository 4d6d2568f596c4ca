/*
 * test_http_enrol.c - enrolling through the front door: one code lets one
 * device in, and who guesses is slowed down.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/env.h"
#include "sync/aggregator/ingest/enrolling.h"
#include "tests/support/house.h"

enum { RACERS = 64 };

/* A booth with a code; runs between two groups of the writer. */
struct offering {
    struct job job;
    struct house *house;
    char code[ENROL_CODE_LEN + 1];
    atomic_bool done;
};

static enum err offer_run(struct job *job, struct store *s)
{
    struct offering *o = (struct offering *)job;
    struct fair f = {
        .code = "XUAN", .name = "Xuân", .first_day = 20200114, .days = 6
    };
    struct booth b = { STR("A1"), STR("Hạ Long"), STR("in-province"), STR(""),
                       1 };
    struct enrol_offer offer = { STR("XUAN"), STR("A1"), STR(""), STR("h"), 1 };
    struct enrolment word;
    enum change change;
    BUF(text, MAX_TEXT);
    BUF(why, MAX_TEXT);
    enum err e = fair_put(s, &f, &change);
    if (e == ERR_OK)
        e = booth_put(s, STR("XUAN"), &b, &change);
    if (e == ERR_OK)
        e = enrol_offer(s, &o->house->keys, &offer, env_wall_ms(), &text);
    if (e == ERR_OK)
        e = enrolment_parse(buf_slice(&text), &word, &why);
    if (e == ERR_OK)
        memcpy(o->code, word.code, sizeof(o->code));
    return e;
}

static void offer_done(struct job *job, struct store *s, enum err e)
{
    (void)s;
    ASSERT(e == ERR_OK);
    atomic_store(&((struct offering *)job)->done, true);
}

static void offer(struct house *h, struct offering *o)
{
    *o = (struct offering){ .job = { offer_run, true, offer_done, NULL, false },
                            .house = h };
    assert_int_equal(ingest_queue(h->ingest, &o->job), ERR_OK);
    while (!atomic_load(&o->done))
        env_wait_ms(1);
}

struct racer {
    pthread_t thread;
    struct house *house;
    const char *code;
    uint8_t seed;
    int status;
    bool used;
};

static void *race(void *ctx)
{
    struct racer *r = ctx;
    struct book b;
    BUF(body, MAX_TEXT);
    book_init(&b, r->seed, 200);
    asking_put(&b, (struct asking){ "XUAN", "A1", r->code, r->house->keys.pin },
               &body);
    do { /* more of them than the queue takes: those come again */
        HTTPS_REPLY(reply);
        struct https *c = https_open(r->house->port, NULL);
        ASSERT(c != NULL);
        https_send_post(c, WIRE_ENROL_PATH, buf_slice(&body), &reply);
        https_close(c);
        r->status = reply.status;
        r->used = strstr(buf_text(&reply.body), "\"code_used\"") != NULL;
    } while (r->status == 503);
    book_done(&b);
    return NULL;
}

static void of_many_who_use_one_code_at_once_one_gets_in(void **state)
{
    static struct racer racers[RACERS];
    struct house *h = *state;
    struct offering o;
    int in = 0, used = 0;
    offer(h, &o);
    for (int i = 0; i < RACERS; i++) {
        racers[i] = (struct racer){ .house = h,
                                    .code = o.code,
                                    .seed = (uint8_t)(100 + i) };
        assert_int_equal(
            pthread_create(&racers[i].thread, NULL, race, &racers[i]), 0);
    }
    for (int i = 0; i < RACERS; i++) {
        pthread_join(racers[i].thread, NULL);
        in += racers[i].status == 200;
        used += racers[i].status == 403 && racers[i].used;
    }
    assert_int_equal(in, 1);
    assert_int_equal(used, RACERS - 1);
}

static void try_code(struct house *h, const char *code, struct https_reply *r)
{
    struct https *c = house_call(h);
    BUF(body, MAX_TEXT);
    asking_put(&h->book, (struct asking){ "XUAN", "A1", code, h->keys.pin },
               &body);
    https_send_post(c, WIRE_ENROL_PATH, buf_slice(&body), r);
    https_close(c);
}

static void who_guesses_codes_is_slowed_down(void **state)
{
    struct house *h = *state;
    house_clock_stop();
    for (int i = 0; i < 30; i++) {
        HTTPS_REPLY(r);
        try_code(h, "BCDFGHJKLM", &r);
        assert_int_equal(r.status, 403);
        assert_non_null(strstr(buf_text(&r.body), "\"code\""));
    }
    HTTPS_REPLY(r);
    try_code(h, "BCDFGHJKLM", &r);
    assert_int_equal(r.status, 503);
    assert_int_equal(r.retry_after_s, 2);
    house_clock_forward(2000);
    try_code(h, "BCDFGHJKLM", &r);
    assert_int_equal(r.status, 403);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        HOUSE(of_many_who_use_one_code_at_once_one_gets_in),
        HOUSE(who_guesses_codes_is_slowed_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
