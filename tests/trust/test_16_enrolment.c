/*
 * test_16_enrolment.c - promise 16: a code lets one key in, at one booth,
 * once, whoever else tries at the same time; guessing is hopeless; what a
 * revoked device sends is kept and not counted.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/env.h"
#include "sync/aggregator/http/service.h"
#include "sync/aggregator/ingest/enrolling.h"
#include "tests/support/crowd.h"
#include "tests/support/place.h"
#include "tests/support/promise.h"
#include "tests/support/pushing.h"
#include "tests/support/raw.h"

enum {
    RACERS = 64,
    RACES = 2000,
    RACES_SHARED = 100, /* where every try crosses to another program */
    PER_FAIR = 400,
    QUEUE = 256,
    GUESSES = 1000000,
    GUESS_BOOTHS = 40,
    REVOKED = 20
};
#define HOURS INT64_C(3600000)

/* ---- chance and time, both ours ------------------------------------------ */

static uint64_t dice;
static atomic_llong wall, mono;

static uint32_t roll(uint32_t below)
{
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return (uint32_t)(dice >> 33) % below;
}

static int64_t our_wall(void *ctx)
{
    (void)ctx;
    return atomic_load(&wall);
}

static int64_t our_mono(void *ctx)
{
    (void)ctx;
    return atomic_load(&mono);
}

static void time_begin(void)
{
    struct env env = env_system();
    atomic_store(&wall, INT64_C(1578900000000));
    atomic_store(&mono, 1000000);
    env.wall_ms = our_wall;
    env.mono_ms = our_mono;
    env_use(&env);
    dice = 0x9E3779B97F4A7C15 * promise_seed();
}

static void time_pass(int64_t ms)
{
    atomic_fetch_add(&wall, ms);
    atomic_fetch_add(&mono, ms);
}

static bool is_shared(void)
{
    const char *store = getenv("FAIR_TEST_STORE");
    return store && *store;
}

/* ---- the office ---------------------------------------------------------- */

struct office {
    char where[SCRATCH_ROOM];
    struct keys keys;
    struct book book; /* of those keys */
    struct ingest *ingest;
    struct service service;
    struct store *store; /* to look */
    pthread_barrier_t start, end;
};

struct errand {
    struct job job;
    struct office *office;
    const char *fair, *booth;
    bool founds;
    char code[ENROL_CODE_LEN + 1];
    enum err e;
    atomic_bool done;
};

static enum err found(struct store *s, const char *code)
{
    struct fair f = { .name = "Xuân", .first_day = 20200114, .days = 6 };
    struct booth a1 = { STR("A1"), STR("Hạ Long"), STR("in-province"), STR(""),
                        1 };
    struct booth a2 = a1;
    enum change change;
    snprintf(f.code, sizeof(f.code), "%s", code);
    a2.code = STR("A2");
    enum err e = fair_put(s, &f, &change);
    if (e == ERR_OK)
        e = booth_put(s, str_of(code), &a1, &change);
    return e == ERR_OK ? booth_put(s, str_of(code), &a2, &change) : e;
}

static enum err offer(struct store *s, const struct keys *keys,
                      const char *fair, const char *booth,
                      char code[ENROL_CODE_LEN + 1])
{
    struct enrol_offer offer = { str_of(fair), str_of(booth), STR(""), STR("h"),
                                 1 };
    struct enrolment word;
    BUF(text, MAX_TEXT);
    BUF(why, MAX_TEXT);
    enum err e = enrol_offer(s, keys, &offer, env_wall_ms(), &text);
    if (e == ERR_OK)
        e = enrolment_parse(buf_slice(&text), &word, &why);
    if (e == ERR_OK)
        memcpy(code, word.code, ENROL_CODE_LEN + 1);
    return e;
}

static enum err errand_run(struct job *job, struct store *s)
{
    struct errand *a = (struct errand *)job;
    enum err e = a->founds ? found(s, a->fair) : ERR_OK;
    return e ? e : offer(s, &a->office->keys, a->fair, a->booth, a->code);
}

static void errand_done(struct job *job, struct store *s, enum err e)
{
    struct errand *a = (struct errand *)job;
    (void)s;
    a->e = e;
    atomic_store(&a->done, true);
}

/* A code for A1, in a new fair if `founds`. */
static void new_code(struct office *o, const char *fair, bool founds,
                     char code[ENROL_CODE_LEN + 1])
{
    struct errand a = { .job = { errand_run, true, errand_done, NULL, false },
                        .office = o,
                        .fair = fair,
                        .booth = "A1",
                        .founds = founds };
    assert_int_equal(ingest_queue(o->ingest, &a.job), ERR_OK);
    while (!atomic_load(&a.done))
        env_wait_ms(1);
    assert_int_equal(a.e, ERR_OK);
    memcpy(code, a.code, sizeof(a.code));
}

static void office_open(struct office *o)
{
    BUF(why, MAX_TEXT);
    place_make(o->where);
    book_init(&o->book, 1, 200);
    pushing_keys(&o->book, &o->keys);
    const struct ingest_options in = { .where = o->where,
                                       .queue = QUEUE,
                                       .writers = 4 };
    assert_int_equal(ingest_open(&in, &why, &o->ingest), ERR_OK);
    service_init(&o->service, o->ingest, &o->keys);
    assert_int_equal(store_open(o->where, STORE_READ, &why, &o->store), ERR_OK);
}

static void office_close(struct office *o)
{
    store_close(o->store);
    ingest_stop(o->ingest);
    service_done(&o->service);
    ingest_close(o->ingest);
    book_done(&o->book);
    place_remove(o->where);
}

/* ---- asking -------------------------------------------------------------- */

enum told { IN, USED, WRONG, EXPIRED, OTHER };

struct asked {
    struct call call; /* first */
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool done;
};

static void asked_done(struct call *call)
{
    struct asked *a = (struct asked *)call;
    pthread_mutex_lock(&a->mutex);
    a->done = true;
    pthread_cond_signal(&a->wake);
    pthread_mutex_unlock(&a->mutex);
}

static enum told told_of(const struct call *call)
{
    static const struct {
        const char *word;
        enum told told;
    } words[] = { { "\"code_used\"", USED },
                  { "\"code_expired\"", EXPIRED },
                  { "\"code\"", WRONG } };
    if (call->status == 200)
        return IN;
    for (size_t i = 0; i < ARRAY_LEN(words) && call->status == 403; i++) {
        if (strstr(buf_text(&call->reply), words[i].word))
            return words[i].told;
    }
    return OTHER;
}

/* As the transport does; the reply is appended. */
static enum told ask(struct office *o, struct str request, struct peer peer,
                     struct buf *reply)
{
    struct asked a = { .done = false };
    pthread_mutex_init(&a.mutex, NULL);
    pthread_cond_init(&a.wake, NULL);
    call_init(&a.call, &o->service);
    a.call.finished = asked_done;
    a.call.peer = peer;
    buf_str(&a.call.body, request);
    if (service_enrol(&a.call) == ERR_OK) {
        pthread_mutex_lock(&a.mutex);
        while (!a.done)
            pthread_cond_wait(&a.wake, &a.mutex);
        pthread_mutex_unlock(&a.mutex);
    }
    enum told told = told_of(&a.call);
    buf_str(reply, buf_slice(&a.call.reply));
    call_done(&a.call);
    pthread_cond_destroy(&a.wake);
    pthread_mutex_destroy(&a.mutex);
    return told;
}

/* ---- races --------------------------------------------------------------- */

struct racer {
    pthread_t thread;
    struct office *office;
    struct book book; /* for its key */
    int number, key;  /* who it is this time: some are the same */
    const char *fair, *booth, *code;
    bool over;
    enum told told;
    struct buf reply;
};

static void racer_key(struct racer *r, int race, int key)
{
    uint8_t seed[KEY_BYTES] = { 0 };
    uint64_t of[] = { promise_seed(), (uint64_t)race, (uint64_t)key };
    memcpy(seed, of, sizeof(of));
    r->key = key;
    key_from_seed(seed, &r->book.device);
}

static enum told racer_ask(struct racer *r)
{
    struct peer peer = { { 10, 1, 0, (uint8_t)r->number } };
    BUF(request, MAX_TEXT);
    asking_put(
        &r->book,
        (struct asking){ r->fair, r->booth, r->code, r->office->keys.pin },
        &request);
    buf_clear(&r->reply);
    return ask(r->office, buf_slice(&request), peer, &r->reply);
}

static void *racer_run(void *ctx)
{
    struct racer *r = ctx;
    for (;;) {
        pthread_barrier_wait(&r->office->start);
        if (r->over)
            return NULL;
        r->told = racer_ask(r);
        pthread_barrier_wait(&r->office->end);
    }
}

struct tally {
    int64_t asked, again, used, wrong, expired, doubled;
};

/* Of those who had the code, one key is in, as often as it asked, and always
 * with the same words; the others are told. */
static void race_judge(struct racer *all, bool late, struct tally *t)
{
    const struct racer *first = NULL;
    for (int i = 0; i < RACERS; i++) {
        struct racer *r = &all[i];
        bool elsewhere = strcmp(r->booth, "A1") != 0;
        t->asked++;
        if (elsewhere) {
            assert_int_equal(r->told, WRONG);
            t->wrong++;
        } else if (late) {
            assert_int_equal(r->told, EXPIRED);
            t->expired++;
        } else if (r->told == IN && !first) {
            first = r;
        } else if (r->told == IN) {
            t->doubled += r->key != first->key;
            assert_int_equal(r->key, first->key);
            assert_string_equal(buf_text(&r->reply), buf_text(&first->reply));
            t->again++;
        } else {
            assert_int_equal(r->told, USED);
            t->used++;
        }
    }
    assert_int_equal(first != NULL, !late);
    for (int i = 0; first && i < RACERS; i++) {
        bool same = all[i].key == first->key && strcmp(all[i].booth, "A1") == 0;
        assert_int_equal(all[i].told == IN, same);
    }
}

/* Some time later the same key has the same answer, another one none. */
static void race_afterwards(struct racer *all, struct tally *t)
{
    for (int i = 0, asked = 0; i < RACERS && asked < 3; i++) {
        enum told before = all[i].told;
        BUF(reply, MAX_REPLY);
        if (before != IN && before != USED)
            continue;
        asked++;
        buf_str(&reply, buf_slice(&all[i].reply));
        assert_int_equal(racer_ask(&all[i]), before);
        assert_string_equal(buf_text(&all[i].reply), buf_text(&reply));
        t->again += before == IN;
    }
}

static void race(struct office *o, struct racer *all, int n, struct tally *t)
{
    static char fair[16], code[ENROL_CODE_LEN + 1];
    int keys = 1 + (int)roll(RACERS);
    bool late = roll(10) == 0;
    snprintf(fair, sizeof(fair), "F%d", n / PER_FAIR);
    new_code(o, fair, n % PER_FAIR == 0, code);
    time_pass(late ? 48 * HOURS : 48 * HOURS - 1);
    int64_t before = raw_int(o->store, "SELECT count(*) FROM device");
    for (int i = 0; i < RACERS; i++) {
        all[i].fair = fair;
        all[i].booth = i > 0 && roll(16) == 0 ? "A2" : "A1";
        all[i].code = code;
        racer_key(&all[i], n, (int)roll((uint32_t)keys));
    }
    pthread_barrier_wait(&o->start);
    pthread_barrier_wait(&o->end);
    race_judge(all, late, t);
    race_afterwards(all, t);
    int64_t after = raw_int(o->store, "SELECT count(*) FROM device");
    assert_int_equal(after, before + !late);
    time_pass(60000); /* wrong tries are forgotten */
}

static void of_many_who_use_a_code_at_once_one_key_gets_in(void **state)
{
    static struct racer all[RACERS];
    struct office o;
    struct tally t = { 0 };
    int races = (int)promise_share(is_shared() ? RACES_SHARED : RACES);
    (void)state;
    time_begin();
    office_open(&o);
    pthread_barrier_init(&o.start, NULL, RACERS + 1);
    pthread_barrier_init(&o.end, NULL, RACERS + 1);
    for (int i = 0; i < RACERS; i++) {
        all[i] = (struct racer){ .office = &o, .number = i };
        book_init(&all[i].book, 2, 200);
        buf_init(&all[i].reply, MAX_REPLY);
        assert_int_equal(
            pthread_create(&all[i].thread, NULL, racer_run, &all[i]), 0);
    }
    for (int n = 0; n < races; n++)
        race(&o, all, n, &t);
    for (int i = 0; i < RACERS; i++)
        all[i].over = true;
    pthread_barrier_wait(&o.start);
    for (int i = 0; i < RACERS; i++) {
        pthread_join(all[i].thread, NULL);
        book_done(&all[i].book);
        buf_done(&all[i].reply);
    }
    pthread_barrier_destroy(&o.start);
    pthread_barrier_destroy(&o.end);
    office_close(&o);
    promise(16, "races", races);
    promise(16, "answers-again", t.again);
    printf("%lld used a code: %lld too late, %lld at another booth\n",
           (long long)t.asked, (long long)t.expired, (long long)t.wrong);
    promise(16, "second-keys-let-in", t.doubled);
}

/* ---- guessing ------------------------------------------------------------ */

static void guess(char code[ENROL_CODE_LEN + 1])
{
    static const char letters[] = "BCDFGHJKLMNPQRSTVWXZ";
    for (int i = 0; i < ENROL_CODE_LEN; i++)
        code[i] = letters[roll(sizeof(letters) - 1)];
    code[ENROL_CODE_LEN] = '\0';
}

/* One try as the service makes it; whether the code was compared with any that
 * could still let somebody in. */
static bool guess_once(struct store *s, const struct book *b,
                       const struct keys *keys, int booth, int64_t *in)
{
    char fair[] = "G", name[8], code[ENROL_CODE_LEN + 1];
    struct enrol_request r;
    BUF(request, MAX_TEXT);
    BUF(arena, MAX_TEXT);
    BUF(reply, MAX_REPLY);
    BUF(sql, MAX_TEXT);
    snprintf(name, sizeof(name), "B%d", booth);
    guess(code);
    asking_put(b, (struct asking){ fair, name, code, keys->pin }, &request);
    assert_int_equal(enrol_request_decode(buf_slice(&request), &arena, &r),
                     ERR_OK);
    buf_printf(&sql,
               "SELECT count(*) FROM enrol_code WHERE booth = '%s' AND "
               "tries < 500",
               name);
    bool open = raw_int(s, buf_text(&sql)) > 0;
    enum err e = enrol_device(s, keys, &r, env_wall_ms(), &reply);
    *in += e == ERR_OK;
    assert_int_equal(e, ERR_CODE);
    return open;
}

/* So few that each is tried often enough. */
static int guess_booths(void)
{
    return is_shared() ? GUESS_BOOTHS / 10 : GUESS_BOOTHS;
}

static void guess_fair(struct store *s, const struct keys *keys)
{
    char code[ENROL_CODE_LEN + 1];
    struct fair f = {
        .code = "G", .name = "Xuân", .first_day = 20200114, .days = 6
    };
    enum change change;
    assert_int_equal(fair_put(s, &f, &change), ERR_OK);
    for (int i = 0; i < guess_booths(); i++) {
        char name[8];
        snprintf(name, sizeof(name), "B%d", i);
        struct booth b = { str_of(name), STR("Hạ Long"), STR("in-province"),
                           STR(""), 1 };
        assert_int_equal(booth_put(s, STR("G"), &b, &change), ERR_OK);
        assert_int_equal(offer(s, keys, "G", name, code), ERR_OK);
    }
}

/* 20^10 codes; of a fair's 1,023 devices each has its code, and for each of
 * these nine more were lost; a code is compared with 500 guesses. */
static void the_lock_leaves_less_than_a_chance_in_a_million(void)
{
    int64_t codes = 1;
    const int64_t offered = 10 * 1023, tries = 500, million = 1000000;
    for (int i = 0; i < ENROL_CODE_LEN; i++)
        codes *= 20;
    assert_true(offered * tries * million < codes);
    /* And with no lock at all, only the limit of all addresses together, for
     * ten days and the two that a code is good for. */
    assert_true(INT64_C(12) * 24 * 60 * TRIES_OF_ALL * million < codes);
}

static void guesses_meet_the_limit_and_the_lock(void **state)
{
    struct office o = { .ingest = NULL };
    struct store *s;
    struct tries *tries;
    int64_t asked = 0, heard = 0, compared = 0, in = 0;
    int64_t guesses = promise_share(is_shared() ? GUESSES / 10 : GUESSES);
    (void)state;
    time_begin();
    tries = tries_open();
    place_make(o.where);
    book_init(&o.book, 1, 200);
    pushing_keys(&o.book, &o.keys);
    assert_int_equal(store_open(o.where, STORE_WRITE, NULL, &s), ERR_OK);
    assert_int_equal(store_group_begin(s), ERR_OK);
    guess_fair(s, &o.keys);
    int64_t from = env_mono_ms();
    for (; asked < guesses; asked++) {
        struct peer peer = { { 10, 2, (uint8_t)roll(256), (uint8_t)roll(8) } };
        time_pass(10); /* a hundred a second, from two thousand addresses */
        if (!tries_left(tries, peer, env_mono_ms()))
            continue;
        tries_count(tries, peer, env_mono_ms());
        heard++;
        compared += guess_once(s, &o.book, &o.keys,
                               (int)roll((uint32_t)guess_booths()), &in);
    }
    assert_int_equal(store_group_commit(s), ERR_OK);
    int64_t minutes = (env_mono_ms() - from) / 60000 + 1;
    assert_true(heard <= (minutes + 1) * TRIES_OF_ALL);
    assert_true(compared <= INT64_C(500) * guess_booths());
    if (heard >= INT64_C(1000) * guess_booths())
        assert_int_equal(compared, 500 * guess_booths());
    the_lock_leaves_less_than_a_chance_in_a_million();
    promise(16, "guesses", asked);
    printf("%lld were heard, %lld compared with a code\n", (long long)heard,
           (long long)compared);
    promise(16, "guesses-let-in", in);
    store_close(s);
    book_done(&o.book);
    place_remove(o.where);
    tries_close(tries);
}

/* ---- revoked ------------------------------------------------------------- */

static enum err push(struct store *s, const struct keys *keys, struct str bytes)
{
    struct push p;
    assert_int_equal(push_decode(bytes, NULL, &p, NULL), ERR_OK);
    assert_int_equal(store_group_begin(s), ERR_OK);
    enum err e = ingest_push(s, keys, &p, env_wall_ms(), NULL);
    assert_true(ingest_answers(e));
    assert_int_equal(store_group_commit(s), ERR_OK);
    return e;
}

static int64_t counted(struct store *s)
{
    int64_t n = 1;
    while (n > 0)
        assert_int_equal(store_fold_step(s, 1000, &n), ERR_OK);
    return raw_int(s, "SELECT coalesce(sum(sales), 0) FROM roll_day");
}

static void sell(struct trader *t, int n, struct buf *out)
{
    buf_clear(out);
    trader_push(t, n, out);
}

static void a_revoked_device_is_heard_and_not_counted(struct store *s,
                                                      const struct keys *keys,
                                                      int number)
{
    struct trader t;
    struct device d;
    BUF(bytes, MAX_BATCH);
    int before = 1 + (int)roll(40), later = 1 + (int)roll(40);
    trader_open(&t, "F1", NULL, number, &bytes);
    assert_int_equal(push(s, keys, buf_slice(&bytes)), ERR_OK);
    sell(&t, before, &bytes);
    assert_int_equal(push(s, keys, buf_slice(&bytes)), ERR_OK);
    int64_t sum = counted(s);
    struct decision revoke = { .what = "revoke", /* as the command does it */
                               .first = 3 + before,
                               .last = INT64_MAX };
    assert_int_equal(store_group_begin(s), ERR_OK);
    assert_int_equal(store_set_state(s, str_of(t.device), DEVICE_REVOKED),
                     ERR_OK);
    assert_int_equal(store_decide(s, str_of(t.device), &revoke), ERR_OK);
    assert_int_equal(store_group_commit(s), ERR_OK);
    for (int i = 0; i < 2; i++) { /* the second time it brings nothing */
        if (i == 0)
            sell(&t, later, &bytes);
        assert_int_equal(push(s, keys, buf_slice(&bytes)), ERR_REVOKED);
        assert_int_equal(counted(s), sum);
    }
    assert_int_equal(store_device(s, str_of(t.device), &d), ERR_OK);
    assert_int_equal(d.count, 2 + before + later);
    trader_close(&t);
}

static void what_a_revoked_device_sends_is_kept_and_not_counted(void **state)
{
    struct office o = { .ingest = NULL };
    struct store *s;
    (void)state;
    time_begin();
    place_make(o.where);
    book_init(&o.book, 1, 200);
    crowd_aggregator(&o.book.aggregator);
    pushing_keys(&o.book, &o.keys);
    assert_int_equal(store_open(o.where, STORE_WRITE, NULL, &s), ERR_OK);
    for (int i = 1; i <= REVOKED; i++)
        a_revoked_device_is_heard_and_not_counted(s, &o.keys, i);
    promise(16, "devices-revoked", REVOKED);
    store_close(s);
    book_done(&o.book);
    place_remove(o.where);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_many_who_use_a_code_at_once_one_key_gets_in),
        cmocka_unit_test(guesses_meet_the_limit_and_the_lock),
        cmocka_unit_test(what_a_revoked_device_sends_is_kept_and_not_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
