/*
 * test_05_acknowledged.c - the aggregator acknowledges only what would survive
 * its own power failure.
 *
 * A real store takes in pushes through the queue and the writer that serve
 * them: groups of several devices, a device that comes back with another past,
 * a group whose sync fails, a restart; meanwhile it folds, packs, moves the log
 * and makes the file smaller. Every call to the disk is recorded, and every
 * acknowledgement sent is a mark in that record. Then the files are rebuilt as
 * a power cut after each call could have left them. In every such state the
 * store opens; what was acknowledged until then is there with its bytes; the
 * sums are those of the events that are there; and it goes on taking in.
 */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"
#include "sync/aggregator/http/service.h"
#include "sync/aggregator/store/check.h"
#include "tests/support/hall.h"
#include "tests/support/promise.h"
#include "tests/support/pushing.h"
#include "tests/support/vfs_fault.h"

enum {
    STATES = 10000,
    BURSTS = 26,
    LEAST = 3, /* of the first ones: where the twins differ */
    MOST = 4,  /* events of one push */
    TWINS = 2, /* one key, two pasts */
    SENDERS = STALLS + TWINS,
    SHARED = 2,    /* events that both pasts have */
    FAILING = 11,  /* this burst's sync fails */
    RESTART = 17,  /* after this one */
    SHRINK = 23,   /* the file, after this one */
    ACKS = 4096,   /* room for so many */
    SUM_EVERY = 4, /* states */
    GO_ON_EVERY = 16
};

/* One acknowledgement that was sent. */
struct acked {
    int sender, at; /* recorded calls before it was sent */
    int64_t count;
    bool fork; /* everything up to `count` of a past that is set aside */
};

static struct {
    struct hall *hall; /* its stalls, and where the store is */
    struct stall twins[TWINS];
    struct keys keys;
    struct ingest *ingest;
    struct service service;
    int sent[SENDERS]; /* events that were pushed, whatever came of it */
    int admitted_at;
    struct acked acked[ACKS];
    int n_acked, refused;
    /* The gate is shut until a burst is complete. */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool shut, failing;
    int finished;
} w = { .mutex = PTHREAD_MUTEX_INITIALIZER,
        .changed = PTHREAD_COND_INITIALIZER };

static struct stall *sender(int i)
{
    return i < STALLS ? &w.hall->stalls[i] : &w.twins[i - STALLS];
}

/* ---- on the writer's thread ---------------------------------------------- */

struct pushed {
    struct call call; /* first */
    int sender;
};

static void one_more(void)
{
    pthread_mutex_lock(&w.mutex);
    w.finished++;
    pthread_cond_broadcast(&w.changed);
    pthread_mutex_unlock(&w.mutex);
}

/* The reply goes out now: what it says has to be true for good. */
static void note_reply(struct call *call)
{
    struct ack ack;
    struct str rest;
    struct str reply = buf_slice(&call->reply);
    if (call->json) {
        w.refused++;
    } else {
        enum err e = ack_decode(reply, w.keys.signing.public_key,
                                call->push.header.nonce, &ack, &rest);
        assert_int_equal(e, ERR_OK);
        bool fork = str_is(ack.state, "fork");
        assert_true(fork || str_is(ack.state, "active"));
        assert_true(w.n_acked < ACKS);
        w.acked[w.n_acked++] = (struct acked){
            .sender = ((struct pushed *)call)->sender,
            .at = vfs_record_count(),
            .count = fork ? call->push.header.to : ack.count,
            .fork = fork,
        };
    }
    one_more();
}

/* A job alone: all that comes meanwhile is taken as one group behind it. */
static enum err at_the_gate(struct job *job, struct store *s)
{
    (void)job;
    (void)s;
    pthread_mutex_lock(&w.mutex);
    while (w.shut)
        pthread_cond_wait(&w.changed, &w.mutex);
    pthread_mutex_unlock(&w.mutex);
    return ERR_OK;
}

/* The first of that group. */
static enum err its_sync_fails(struct job *job, struct store *s)
{
    (void)job;
    (void)s;
    if (w.failing) {
        vfs_fault.ops = FAULT_SYNC;
        vfs_fault.at = 1;
    }
    return ERR_OK;
}

static void is_as_it_should_be(struct job *job, struct store *s, enum err e)
{
    (void)job;
    (void)s;
    assert_int_equal(e != ERR_OK, w.failing);
    vfs_fault_clear();
    one_more();
}

/* What is done while nobody pushes. */
static enum err housekeeping(struct job *job, struct store *s)
{
    int64_t folded = 1;
    enum err e = ERR_OK;
    (void)job;
    while (e == ERR_OK && folded > 0)
        e = store_fold_step(s, 20, &folded);
    for (int i = 0; i < STALLS && e == ERR_OK; i++) {
        struct packing packed;
        e = store_pack(s, hall_name(w.hall, i), &packed);
    }
    store_idle(s);
    return e;
}

static enum err smaller(struct job *job, struct store *s)
{
    int64_t before, after;
    (void)job;
    return store_shrink(s, NULL, &before, &after);
}

static void fine(struct job *job, struct store *s, enum err e)
{
    (void)job;
    (void)s;
    assert_int_equal(e, ERR_OK);
    one_more();
}

/* ---- the morning that is recorded ---------------------------------------- */

static void wait_for(int n)
{
    pthread_mutex_lock(&w.mutex);
    while (w.finished < n)
        pthread_cond_wait(&w.changed, &w.mutex);
    w.finished = 0;
    pthread_mutex_unlock(&w.mutex);
}

static void serve(void)
{
    const struct ingest_options options = { .where = w.hall->dir,
                                            .queue = 64,
                                            .writers = 1 };
    assert_int_equal(ingest_open(&options, NULL, &w.ingest), ERR_OK);
    service_init(&w.service, w.ingest, &w.keys);
}

static void stop(void)
{
    ingest_stop(w.ingest);
    service_done(&w.service);
    ingest_close(w.ingest);
}

static void push_next(struct pushed *p, int i, int n)
{
    struct stall *s = sender(i);
    int from = w.sent[i] + 1;
    stall_trade(s, from + n - 1);
    call_init(&p->call, &w.service);
    p->call.finished = note_reply;
    p->sender = i;
    pushing_put(&s->book, (struct pushing){ from, from + n - 1, NULL, &w.keys },
                &p->call.body);
    w.sent[i] = from + n - 1;
    assert_int_equal(service_push(&p->call), ERR_OK);
}

/* One push of each sender, and of the first a second one, are one group. */
static void burst(int number)
{
    struct pushed *calls = x_alloc((SENDERS + 1) * sizeof(*calls));
    struct job gate = { at_the_gate, false, fine, NULL, false };
    struct job first = { its_sync_fails, true, is_as_it_should_be, NULL,
                         false };
    int before[SENDERS];
    memcpy(before, w.sent, sizeof(before));
    w.failing = number == FAILING;
    w.shut = true;
    assert_int_equal(ingest_queue(w.ingest, &gate), ERR_OK);
    assert_int_equal(ingest_queue(w.ingest, &first), ERR_OK);
    for (int i = 0; i <= SENDERS; i++)
        push_next(&calls[i], i % SENDERS,
                  (number == 0 ? LEAST : 1) +
                      stall_roll(&w.hall->stalls[0], MOST));
    pthread_mutex_lock(&w.mutex);
    w.shut = false;
    pthread_cond_broadcast(&w.changed);
    pthread_mutex_unlock(&w.mutex);
    wait_for(SENDERS + 3);
    for (int i = 0; i <= SENDERS; i++)
        call_done(&calls[i].call);
    free(calls);
    if (w.failing) /* they come again with the same */
        memcpy(w.sent, before, sizeof(before));
}

static void do_alone(enum err (*what)(struct job *job, struct store *s))
{
    struct job job = { what, false, fine, NULL, false };
    assert_int_equal(ingest_queue(w.ingest, &job), ERR_OK);
    wait_for(1);
}

static int record_a_morning(void **state)
{
    (void)state;
    vfs_fault_install();
    vfs_record_begin();
    w.hall = hall_open((uint32_t)promise_seed());
    w.admitted_at = vfs_record_count();
    store_close(w.hall->store);
    w.hall->store = NULL;
    for (int i = 0; i < TWINS; i++) {
        stall_open(&w.twins[i], 20, (uint32_t)(100 * (i + 1)));
        w.sent[STALLS + i] = i == 0 ? 0 : SHARED;
    }
    pushing_keys(&w.twins[0].book, &w.keys);
    serve();
    for (int i = 0; i < BURSTS; i++) {
        burst(i);
        if (i % 3 == 2)
            do_alone(housekeeping);
        if (i == SHRINK)
            do_alone(smaller);
        if (i == RESTART) {
            stop();
            serve();
        }
    }
    stop();
    vfs_record_end();
    assert_true(w.refused > 0 && w.n_acked > BURSTS * SENDERS / 2);
    return 0;
}

static int forget(void **state)
{
    (void)state;
    for (int i = 0; i < TWINS; i++)
        stall_close(&w.twins[i]);
    hall_close(w.hall);
    return 0;
}

/* ---- after the power cut ------------------------------------------------- */

static struct {
    char dir[SCRATCH_ROOM];
    int calls;
    enum power power;
    uint64_t seed;
    int64_t events; /* acknowledged, that were looked for */
} st;

static void unexpected(const char *what)
{
    fail_msg("after call %d of %d, power %d, seed %llu (files in %s): %s",
             st.calls, vfs_record_count(), (int)st.power,
             (unsigned long long)st.seed, st.dir, what);
}

#define EXPECT(true_of_it) ((true_of_it) ? (void)0 : unexpected(#true_of_it))

static int64_t acknowledged(int who, bool fork)
{
    int64_t count = -1;
    for (int i = 0; i < w.n_acked && w.acked[i].at <= st.calls; i++) {
        const struct acked *a = &w.acked[i];
        if (a->sender == who && a->fork == fork && a->count > count)
            count = a->count;
    }
    return count;
}

/* How many events of a device are there: whole, and no other than were sent. */
static int64_t look_at(struct store *s, int who)
{
    uint8_t head[HASH_BYTES];
    struct device d = { .count = 0 };
    const struct stall *from = sender(who);
    int64_t acked = acknowledged(who, false);
    enum err e = store_device(s, str_of(from->device), &d);
    if (e == ERR_NOT_FOUND) {
        EXPECT(acked < 0);
        EXPECT(who >= STALLS || st.calls < w.admitted_at);
        return 0;
    }
    EXPECT(e == ERR_OK);
    EXPECT(d.count >= acked && d.count <= w.sent[who]);
    book_head(&from->book, (int)d.count, head);
    EXPECT(memcmp(head, d.head, HASH_BYTES) == 0);
    EXPECT(check_chain(s, &d) == ERR_OK);
    if (acked > 0)
        st.events += acked;
    return d.count;
}

struct aside {
    int64_t last;
    bool true_to_it;
};

static enum err see_branch(void *ctx, const struct branch *b)
{
    struct aside *a = ctx;
    BUF(lines, MAX_OUTPUT);
    stall_lines(&w.twins[1], (int)b->seg.first, (int)b->seg.last, &lines);
    a->true_to_it = a->true_to_it && b->seg.first == a->last + 1 &&
                    str_eq(buf_slice(&lines), b->seg.bytes);
    a->last = b->seg.last;
    return ERR_OK;
}

/* What the second twin was told is set aside. */
static void look_aside(struct store *s)
{
    struct aside a = { SHARED, true };
    enum err e =
        store_branch_each(s, str_of(w.twins[1].device), see_branch, &a);
    EXPECT(e == ERR_OK && a.true_to_it);
    EXPECT(a.last >= acknowledged(STALLS + 1, true));
}

static void go_on(struct store *s)
{
    int64_t folded = 1;
    struct push push;
    BUF(bytes, MAX_BATCH);
    int *there = &w.hall->sent[0];
    if (st.calls < w.admitted_at || *there + 3 > w.sent[0])
        return;
    pushing_put(&w.hall->stalls[0].book,
                (struct pushing){ *there + 1, *there + 3, NULL, &w.keys },
                &bytes);
    EXPECT(push_decode(buf_slice(&bytes), NULL, &push, NULL) == ERR_OK);
    EXPECT(store_group_begin(s) == ERR_OK);
    EXPECT(ingest_push(s, &w.keys, &push, 1, NULL) == ERR_OK);
    EXPECT(store_group_commit(s) == ERR_OK);
    *there += 3;
    while (folded > 0)
        EXPECT(store_fold_step(s, 1000, &folded) == ERR_OK);
    hall_expect(w.hall, s);
    EXPECT(store_integrity(s) == ERR_OK);
}

static void clean(void)
{
    static const char *const files[] = { STORE_FILE, STORE_FILE "-wal",
                                         STORE_FILE "-shm",
                                         STORE_FILE "-journal" };
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        unlink(scratch_path(st.dir, files[i]));
}

static void check_state(int calls, enum power power, uint64_t seed)
{
    struct store *s = NULL;
    st.calls = calls;
    st.power = power;
    st.seed = seed;
    clean();
    vfs_power_state(calls, power, seed, st.dir);
    EXPECT(store_open(st.dir, STORE_WRITE, NULL, &s) == ERR_OK);
    for (int i = 0; i < STALLS; i++)
        w.hall->sent[i] = (int)look_at(s, i);
    look_at(s, STALLS); /* the first twin; the second is in branches */
    look_aside(s);
    if ((seed + (uint64_t)calls) % SUM_EVERY == 0)
        hall_expect(w.hall, s);
    if ((seed + (uint64_t)calls) % GO_ON_EVERY == 0)
        go_on(s);
    store_close(s);
}

/* Each call with what was synced and with everything; then, again and again,
 * with any sectors and names of what was not. */
static void what_was_acknowledged_survives_every_power_cut(void **state)
{
    int64_t states = 0, wanted = promise_share(STATES);
    uint64_t seed = promise_seed() * 1000003;
    (void)state;
    scratch_make(st.dir);
    for (int round = 0; states < wanted; round++) {
        static const enum power kinds[] = { POWER_SYNCED, POWER_ALL };
        for (int calls = 0; calls <= vfs_record_count() && states < wanted;
             calls++, states++) {
            if (round < 2)
                check_state(calls, kinds[round], 0);
            else
                check_state(calls, POWER_RANDOM, seed++);
        }
    }
    scratch_remove(st.dir);
    print_message("%d calls, %d acknowledgements, %lld events looked for\n",
                  vfs_record_count(), w.n_acked, (long long)st.events);
    promise(5, "states", states);
    promise(5, "acknowledged-and-lost", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_acknowledged_survives_every_power_cut),
    };
    return cmocka_run_group_tests_name("05_acknowledged", tests,
                                       record_a_morning, forget);
}
