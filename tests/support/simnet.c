/*
 * simnet.c - see simnet.h.
 */
#include "tests/support/simnet.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/date.h"
#include "fair/env.h"
#include "sync/aggregator/store/check.h"
#include "sync/aggregator/store/copy.h"
#include "tests/support/pushing.h"
#include "tests/support/vfs_fault.h"

#define MORNING INT64_C(1578963600000) /* as in book_init() */

enum { QUEUE = 64, GROUP = 8 };

static const char *const words[TROUBLES] = {
    [TROUBLE_NONE] = "none",
    [TROUBLE_DROPPED] = "dropped",
    [TROUBLE_DELAYED] = "reordered",
    [TROUBLE_DOUBLED] = "doubled",
    [TROUBLE_UNHEARD] = "unheard",
    [TROUBLE_CUT] = "cut",
    [TROUBLE_SPLIT] = "split",
    [TROUBLE_MERGED] = "merged",
    [TROUBLE_FLIPPED] = "flipped",
    [TROUBLE_REPLAYED] = "replayed",
    [TROUBLE_ANSWER_CUT] = "answers-cut",
    [TROUBLE_ANSWER_BIT] = "answers-flipped",
    [TROUBLE_ANSWER_OLD] = "answers-replayed",
    [TROUBLE_RESTARTED] = "restarts",
    [TROUBLE_DISK] = "failed-commits",
};

const char *trouble_word(enum trouble t)
{
    return words[t];
}

int64_t simnet_below(struct simnet *n, int64_t below)
{
    return chance_below(&n->chance, below);
}

bool simnet_one_in(struct simnet *n, int64_t many)
{
    return simnet_below(n, many) == 0;
}

/* ---- what was sent ------------------------------------------------------- */

static void remember(struct simnet_past *p, struct str bytes)
{
    struct buf *item = &p->items[p->next];
    buf_clear(item);
    buf_str(item, bytes);
    p->next = (p->next + 1) % SIMNET_PAST;
    if (p->n < SIMNET_PAST)
        p->n++;
}

static struct str any_of(struct simnet *n, const struct simnet_past *p)
{
    return buf_slice(&p->items[simnet_below(n, p->n)]);
}

static void past_init(struct simnet_past *p)
{
    for (int i = 0; i < SIMNET_PAST; i++)
        buf_init(&p->items[i], MAX_BATCH);
}

static void past_done(struct simnet_past *p)
{
    for (int i = 0; i < SIMNET_PAST; i++)
        buf_done(&p->items[i]);
}

/* ---- the aggregator ------------------------------------------------------ */

struct parcel {
    struct call call; /* first */
    bool done;
};

static void is_done(struct call *call)
{
    ((struct parcel *)call)->done = true;
}

static bool under_way(const struct parcel *p, int count)
{
    for (int i = 0; i < count; i++) {
        if (!p[i].done)
            return true;
    }
    return false;
}

/* Requests form one group; the answers stand in them. */
static void serve(struct simnet *n, struct parcel *p,
                  const struct str *requests, int count)
{
    for (int i = 0; i < count; i++) {
        call_init(&p[i].call, &n->service);
        buf_str(&p[i].call.body, requests[i]);
        p[i].call.finished = is_done;
        p[i].done = service_push(&p[i].call) != ERR_OK;
    }
    while (under_way(p, count))
        ingest_turn(n->ingest);
    n->now_ms++;
}

static void arrive(struct simnet *n, const struct str *requests, int count,
                   struct parcel *last)
{
    struct parcel *p = x_alloc((size_t)count * sizeof(*p));
    n->serving = true;
    serve(n, p, requests, count);
    n->serving = false;
    for (int i = 0; i + 1 < count; i++)
        call_done(&p[i].call);
    *last = p[count - 1];
    remember(&n->answers, buf_slice(&last->call.reply));
    free(p);
}

static void tell(const struct simnet *n, struct str request)
{
    if (n->arrives)
        n->arrives(n->ctx, request);
}

static void tell_settled(const struct simnet *n, bool sure)
{
    if (n->settled)
        n->settled(n->ctx, sure);
}

int simnet_arrive(struct simnet *n, const struct str *requests, int count,
                  struct buf *reply)
{
    struct parcel last;
    for (int i = 0; i < count; i++)
        tell(n, requests[i]);
    arrive(n, requests, count, &last);
    tell_settled(n, true);
    if (reply)
        buf_str(reply, buf_slice(&last.call.reply));
    int status = last.call.status;
    call_done(&last.call);
    return status;
}

void simnet_delayed_arrive(struct simnet *n)
{
    struct simnet_past *p = &n->delayed;
    while (p->n > 0) {
        int64_t i = simnet_below(n, p->n);
        struct str request = buf_slice(&p->items[i]);
        simnet_arrive(n, &request, 1, NULL);
        struct buf arrived = p->items[i];
        p->items[i] = p->items[--p->n];
        p->items[p->n] = arrived;
    }
    p->next = 0;
}

void simnet_past_arrives(struct simnet *n)
{
    struct str group[GROUP];
    for (int i = 0, in = 0; i < n->requests.n; i++) {
        group[in++] = buf_slice(&n->requests.items[i]);
        if (in == GROUP || i + 1 == n->requests.n) {
            simnet_arrive(n, group, in, NULL);
            in = 0;
        }
    }
}

void simnet_fold(struct simnet *n)
{
    ingest_turn(n->ingest);
}

static enum err begin(struct simnet *n)
{
    const struct ingest_options in = {
        .where = n->where, .queue = QUEUE, .writers = 1, .by_turns = true
    };
    enum err e = ingest_open(&in, NULL, &n->ingest);
    if (e == ERR_OK)
        service_init(&n->service, n->ingest, &n->keys);
    else
        n->ingest = NULL;
    return e;
}

void simnet_start(struct simnet *n)
{
    assert_int_equal(begin(n), ERR_OK);
}

void simnet_stop(struct simnet *n)
{
    ingest_stop(n->ingest);
    service_done(&n->service);
    ingest_close(n->ingest);
}

/* ---- its database -------------------------------------------------------- */

static void end(struct simnet *n)
{
    store_close(n->reader);
    n->reader = NULL;
    if (n->ingest)
        simnet_stop(n);
    n->ingest = NULL;
}

void simnet_lose(struct simnet *n)
{
    end(n);
    place_remove(n->where);
    place_make(n->where);
    simnet_start(n);
}

void simnet_backup(struct simnet *n, const char *path)
{
    struct store *s = simnet_reader(n);
    struct copied copied;
    enum err e = engine_is_address(n->where) ? copy_to_file(s, path, &copied)
                                             : store_backup(s, path);
    assert_int_equal(e, ERR_OK);
}

void simnet_restore(struct simnet *n, const char *path)
{
    char dir[SCRATCH_ROOM];
    struct restoring r = { n->where, path, n->keys.signing.public_key, NULL };
    BUF(why, MAX_TEXT);
    end(n);
    if (engine_is_address(n->where)) {
        place_remove(n->where);
        place_make(n->where);
        scratch_make(dir);
        r.dir = dir;
        assert_int_equal(store_open(n->where, STORE_WRITE, &why, &r.to),
                         ERR_OK);
    }
    if (check_restore(&r, &why) != ERR_OK)
        fail_msg("restore: %s", buf_text(&why));
    store_close(r.to);
    if (r.to)
        scratch_remove(dir);
    simnet_start(n);
}

bool simnet_damage(struct simnet *n)
{
    BUF(bytes, MAX_OUTPUT);
    end(n);
    scratch_read(n->where, STORE_FILE, &bytes);
    for (int64_t i = 1 + simnet_below(n, 12); i > 0; i--) {
        int64_t at = simnet_below(n, (int64_t)bytes.len - 512);
        for (int64_t k = simnet_below(n, 512); k > 0; k--)
            bytes.data[at + k] = (char)simnet_below(n, 256);
    }
    scratch_write(n->where, STORE_FILE, buf_slice(&bytes));
    return begin(n) == ERR_OK;
}

/* ---- looking ------------------------------------------------------------- */

struct store *simnet_reader(struct simnet *n)
{
    if (!n->reader)
        assert_int_equal(store_open(n->where, STORE_READ, NULL, &n->reader),
                         ERR_OK);
    return n->reader;
}

int64_t simnet_stored(struct simnet *n, const char *device)
{
    struct device d;
    enum err e = store_device(simnet_reader(n), str_of(device), &d);
    assert_true(e == ERR_OK || e == ERR_NOT_FOUND);
    return e == ERR_OK ? d.count : 0;
}

struct counting {
    const char *device;
    struct simnet_counted sum;
};

static enum err count_day(void *ctx, const struct roll_day *r)
{
    struct counting *c = ctx;
    if (!str_is(r->device, c->device))
        return ERR_OK;
    c->sum.revenue_vnd += r->revenue_vnd;
    c->sum.refunds_vnd += r->refunds_vnd;
    c->sum.voids_vnd += r->voids_vnd;
    c->sum.visits += r->visits;
    return ERR_OK;
}

static enum err count_hold(void *ctx, const struct roll_hold *r)
{
    struct counting *c = ctx;
    if (!str_is(r->device, c->device))
        return ERR_OK;
    c->sum.held += r->events;
    c->sum.held_vnd += r->amount_vnd;
    return ERR_OK;
}

struct simnet_counted simnet_counted(struct simnet *n, const char *fair,
                                     const char *device)
{
    struct store *s = simnet_reader(n);
    struct counting c = { .device = device };
    const struct roll_taker taker = { .ctx = &c,
                                      .day = count_day,
                                      .hold = count_hold };
    assert_int_equal(store_read_begin(s), ERR_OK);
    assert_int_equal(store_rolls(s, str_of(fair), &taker), ERR_OK);
    store_read_end(s);
    return c.sum;
}

void simnet_counts(struct simnet *n, const char *fair, const char *device,
                   const struct sums *sums)
{
    struct simnet_counted c = simnet_counted(n, fair, device);
    assert_int_equal(c.revenue_vnd + c.voids_vnd, sums->gross_vnd);
    assert_int_equal(c.refunds_vnd, sums->refunds_vnd);
    assert_int_equal(c.voids_vnd, sums->voids_vnd);
    assert_int_equal(c.visits, sums->visits);
}

void simnet_verify(struct simnet *n)
{
    struct check found;
    enum err e = check_verify(simnet_reader(n), n->keys.signing.public_key,
                              NULL, NULL, &found);
    assert_int_equal(e, ERR_OK);
    assert_true(found.ok);
}

/* ---- the way there ------------------------------------------------------- */

static void restart(struct simnet *n)
{
    simnet_stop(n);
    simnet_start(n);
}

/* The commit of what arrives fails, before or after it is on the disk. */
static void break_disk(struct simnet *n)
{
    vfs_fault_clear();
    vfs_fault.ops = simnet_one_in(n, 2) ? FAULT_SYNC : FAULT_WRITE;
    vfs_fault.at = 1 + simnet_below(n, 2);
    vfs_fault.done = (int)simnet_below(n, 3);
}

static void flip(struct simnet *n, struct buf *bytes)
{
    if (bytes->len > 0)
        bytes->data[simnet_below(n, (int64_t)bytes->len)] ^=
            (char)(1 << simnet_below(n, 7));
}

/* A part of it, never nothing or all where there is more than a byte. */
static struct str cut(struct simnet *n, struct str s)
{
    if (s.len > 1)
        s.len = (size_t)(1 + simnet_below(n, (int64_t)s.len - 1));
    return s;
}

/* What the aggregator gets for one request. */
struct delivery {
    struct str items[GROUP];
    int n;
    bool sound; /* they are as they were sent */
    struct buf made;
};

static void deliver_also_older(struct simnet *n, struct str request,
                               struct delivery *d)
{
    int64_t older = 1 + simnet_below(n, GROUP - 1);
    for (int64_t i = 0; i < older; i++)
        d->items[d->n++] = any_of(n, &n->requests);
    d->items[d->n - 1] = request;
}

static void deliver_damaged(struct simnet *n, enum trouble t,
                            struct str request, struct delivery *d)
{
    struct str part = cut(n, request);
    d->sound = false;
    if (t == TROUBLE_CUT) {
        d->items[d->n++] = part;
    } else if (t == TROUBLE_SPLIT) {
        d->items[d->n++] = part;
        d->items[d->n++] =
            (struct str){ request.data + part.len, request.len - part.len };
    } else {
        buf_str(&d->made, request);
        if (t == TROUBLE_MERGED)
            buf_str(&d->made, any_of(n, &n->requests));
        else
            flip(n, &d->made);
        d->items[d->n++] = buf_slice(&d->made);
    }
}

static bool damages(enum trouble t)
{
    return t == TROUBLE_CUT || t == TROUBLE_SPLIT || t == TROUBLE_MERGED ||
           t == TROUBLE_FLIPPED;
}

static void deliver(struct simnet *n, enum trouble t, struct str request,
                    struct delivery *d)
{
    *d = (struct delivery){ .sound = true };
    buf_init(&d->made, 3 * MAX_BATCH);
    if (damages(t)) {
        deliver_damaged(n, t, request, d);
    } else if (t == TROUBLE_REPLAYED) {
        deliver_also_older(n, request, d);
    } else {
        if (t == TROUBLE_DOUBLED)
            d->items[d->n++] = request;
        d->items[d->n++] = request;
    }
}

/* ---- the way back -------------------------------------------------------- */

static void answer(struct simnet *n, enum trouble t, struct str reply,
                   struct buf *out)
{
    if (t == TROUBLE_ANSWER_OLD)
        reply = any_of(n, &n->answers);
    if (t == TROUBLE_ANSWER_CUT)
        reply = cut(n, reply);
    buf_str(out, reply);
    if (t == TROUBLE_ANSWER_BIT)
        flip(n, out);
}

static enum trouble trouble_for(struct simnet *n)
{
    enum trouble t = TROUBLE_NONE;
    if (simnet_below(n, 100) < n->trouble_pct)
        t = (enum trouble)(1 + simnet_below(n, TROUBLES - 1));
    /* To begin anew takes as long as all else of a seed. */
    if (t >= TROUBLE_RESTARTED && !simnet_one_in(n, 4))
        t = TROUBLE_DROPPED;
    /* The database of others is not on our disk. */
    if (t == TROUBLE_DISK && engine_is_address(n->where))
        t = TROUBLE_RESTARTED;
    return n->spared & (1U << t) ? TROUBLE_NONE : t;
}

/* What becomes of a request that arrives in some way. */
static void pass(struct simnet *n, enum trouble t, struct str request,
                 struct parcel *last)
{
    struct delivery d;
    deliver(n, t, request, &d);
    for (int i = 0; d.sound && i < d.n; i++)
        tell(n, d.items[i]);
    if (t == TROUBLE_RESTARTED)
        restart(n);
    if (t == TROUBLE_DISK)
        break_disk(n);
    arrive(n, d.items, d.n, last);
    vfs_fault_clear();
    tell_settled(n, t != TROUBLE_DISK);
    buf_done(&d.made);
}

static enum err post(void *ctx, const struct net_request *req, int *status,
                     struct buf *reply)
{
    struct simnet *n = ctx;
    struct parcel last;
    enum trouble t = trouble_for(n);
    n->sent++;
    n->met[t]++;
    n->now_ms += n->latency_ms;
    remember(&n->requests, req->body);
    if (t == TROUBLE_DELAYED)
        remember(&n->delayed, req->body);
    if (t == TROUBLE_DELAYED || t == TROUBLE_DROPPED)
        return ERR_UNREACHABLE;
    pass(n, t, req->body, &last);
    *status = last.call.status;
    if (req->retry_after_s)
        *req->retry_after_s = last.call.retry_after_s;
    answer(n, t, buf_slice(&last.call.reply), reply);
    call_done(&last.call);
    return t == TROUBLE_UNHEARD ? ERR_UNREACHABLE : ERR_OK;
}

/* ---- the environment ----------------------------------------------------- */

static int64_t wall_ms(void *ctx)
{
    const struct simnet *n = ctx;
    return n->serving ? n->now_ms : n->now_ms + n->device_ms;
}

static int64_t mono_ms(void *ctx)
{
    const struct simnet *n = ctx;
    return n->now_ms - MORNING + DAY_MS;
}

static void boot_id(void *ctx, char out[7])
{
    (void)ctx;
    memcpy(out, "simaaa", 7);
}

/* A check of the whole store has two threads. */
static void random_bytes(void *ctx, void *out, size_t len)
{
    static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
    struct simnet *n = ctx;
    pthread_mutex_lock(&one);
    chance_fill(&n->chance, out, len);
    pthread_mutex_unlock(&one);
}

static int64_t disk_free(void *ctx, const char *path)
{
    (void)ctx;
    (void)path;
    return INT64_C(1) << 40;
}

static void wait_ms(void *ctx, int64_t ms)
{
    struct simnet *n = ctx;
    n->now_ms += ms;
}

void simnet_open_true(struct simnet *n)
{
    *n = (struct simnet){ .now_ms = MORNING, .latency_ms = 50 };
    n->before = *env_get();
    const struct env env = { .ctx = n,
                             .wall_ms = wall_ms,
                             .mono_ms = mono_ms,
                             .boot_id = boot_id,
                             .random = random_bytes,
                             .disk_free = disk_free,
                             .post = post,
                             .wait_ms = wait_ms };
    struct book book;
    env_use(&env);
    vfs_fault_install();
    chance_seed(&n->chance, 0, 0);
    past_init(&n->requests);
    past_init(&n->answers);
    past_init(&n->delayed);
    book_init(&book, 1, 200);
    pushing_keys(&book, &n->keys);
    book_done(&book);
    place_make(n->where);
    simnet_start(n);
}

void simnet_open(struct simnet *n)
{
    quick_begin();
    simnet_open_true(n);
}

void simnet_close(struct simnet *n)
{
    end(n);
    place_remove(n->where);
    past_done(&n->requests);
    past_done(&n->answers);
    past_done(&n->delayed);
    env_use(&n->before);
    quick_end();
}

void simnet_seed(struct simnet *n, uint64_t seed)
{
    chance_seed(&n->chance, seed, 0);
    n->now_ms = MORNING;
    n->device_ms = 0;
    n->requests.n = n->requests.next = 0;
    n->answers.n = n->answers.next = 0;
    n->delayed.n = n->delayed.next = 0;
    /* What was left from another seed is added up now, so that this one finds
     * what it would find alone. */
    simnet_fold(n);
    simnet_fold(n);
}

enum err simnet_visit(struct simnet *n, struct session *s)
{
    enum err e = session_run(s);
    n->now_ms += 1000;
    return e;
}

void simnet_settle(struct simnet *n, struct session *s, int most)
{
    int pct = n->trouble_pct;
    enum err e = ERR_BUSY;
    n->trouble_pct = 0;
    for (int i = 0; e != ERR_OK && i < most; i++)
        e = simnet_visit(n, s);
    n->trouble_pct = pct;
    if (e != ERR_OK)
        fail_msg("a visit without trouble: %s %s", err_code(e),
                 buf_text(&s->why));
}
