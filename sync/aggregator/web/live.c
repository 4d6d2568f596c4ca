/*
 * live.c - those who wait, and the thread that looks for news.
 *
 * Promises that every visit kept is given back exactly once. Looking is done
 * without the lock: nobody who comes or goes waits for the disk.
 */
#include "live.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "fair/env.h"

#include "sync/aggregator/ingest/waiting.h"
#include "sync/aggregator/ops/metrics.h"

enum { ID_ROOM = 48 };

struct waiter {
    struct visit *visit;
    char fair[17], booth[7]; /* "": all booths */
    char seen[ID_ROOM];
    int64_t until_ms; /* monotonic */
    struct waiter *next;
};

struct live {
    struct desk *pages;
    struct store *store; /* the thread's own */
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    struct waiter *first;
    int n; /* who waits, also those being looked at */
    bool stopping;
};

/* ---- what there is now --------------------------------------------------- */

struct told {
    const char *booth; /* or NULL */
    int64_t events, devices;
};

static enum err add_device(void *ctx, const struct device *d)
{
    struct told *t = ctx;

    if (t->booth && strcmp(d->booth, t->booth) != 0)
        return ERR_OK;
    t->events += d->count;
    t->devices += d->seen_ms > 0;
    return ERR_OK;
}

enum err live_id(struct store *s, const struct live_of *of, struct buf *out)
{
    struct told t = { .booth = of->booth };
    enum err e = store_device_each(s, str_of(of->fair), add_device, &t);

    if (e == ERR_OK)
        buf_printf(out, "%lld-%lld", (long long)t.events, (long long)t.devices);
    return e;
}

/* ---- looking ------------------------------------------------------------- */

/* Gives a visit back to its page; false: there is no room for it yet. */
static bool give_back(struct live *l, struct waiter *w)
{
    struct visit *v = w->visit;

    v->own = l;
    if (desk_queue(l->pages, &v->job) != ERR_OK) {
        v->own = NULL;
        return false;
    }
    free(w);
    metrics_gauge(GAUGE_VIEWERS, -1);
    return true;
}

static bool same(const struct waiter *a, const struct waiter *b)
{
    return strcmp(a->fair, b->fair) == 0 && strcmp(a->booth, b->booth) == 0;
}

/* `id` stands for who waits like `last`, "" for nobody: most wait for the
 * same. A store that cannot be read brings nobody news; the time ends all the
 * same. */
static bool is_due(struct live *l, const struct waiter *w, struct waiter *last,
                   struct buf *id)
{
    const struct live_of of = { w->fair, w->booth[0] ? w->booth : NULL };

    if (id->len == 0 || !same(w, last)) {
        *last = *w;
        buf_clear(id);
        if (live_id(l->store, &of, id) != ERR_OK)
            buf_clear(id);
    }
    return env_mono_ms() >= w->until_ms ||
           (id->len > 0 && !str_is(buf_slice(id), w->seen));
}

/* Those who go on waiting. */
static struct waiter *look(struct live *l, struct waiter *all, int *gone)
{
    struct waiter *kept = NULL, **end = &kept, last = { 0 };
    BUF(id, ID_ROOM);

    for (struct waiter *w = all, *next; w; w = next) {
        next = w->next;
        w->next = NULL;
        if (is_due(l, w, &last, &id) && give_back(l, w)) {
            ++*gone;
        } else {
            *end = w;
            end = &w->next;
        }
    }
    return kept;
}

/* Under the lock, but for the looking itself. */
static void look_around(struct live *l)
{
    struct waiter *all = l->first, **end;
    int gone = 0;

    l->first = NULL;
    pthread_mutex_unlock(&l->mutex);
    enum err e = store_revive(l->store);
    (void)e; /* looking says the same */
    all = look(l, all, &gone);
    pthread_mutex_lock(&l->mutex);
    for (end = &all; *end; end = &(*end)->next)
        continue;
    *end = l->first;
    l->first = all;
    l->n -= gone;
}

static void *watch(void *ctx)
{
    struct live *l = ctx;

    pthread_mutex_lock(&l->mutex);
    while (!l->stopping) {
        if (!l->first)
            pthread_cond_wait(&l->wake, &l->mutex);
        else if (!waiting_for(&l->wake, &l->mutex, LIVE_LOOK_MS))
            look_around(l);
    }
    pthread_mutex_unlock(&l->mutex);
    return NULL;
}

/* ---- from other threads -------------------------------------------------- */

enum err live_open(const char *where, struct desk *pages, struct buf *why,
                   struct live **out)
{
    struct live *l = x_alloc(sizeof(*l));
    enum err e = store_open(where, STORE_READ, why, &l->store);

    if (e != ERR_OK) {
        free(l);
        return e;
    }
    l->pages = pages;
    pthread_mutex_init(&l->mutex, NULL);
    waiting_init(&l->wake);
    int rc = pthread_create(&l->thread, NULL, watch, l);
    ASSERT(rc == 0);
    *out = l;
    return ERR_OK;
}

static struct waiter *waiter_of(struct visit *v, const struct live_of *of,
                                struct str seen)
{
    struct waiter *w = x_alloc(sizeof(*w));
    struct str fair = str_of(of->fair), booth = str_of(of->booth);

    ASSERT(fair.len < sizeof(w->fair) && booth.len < sizeof(w->booth) &&
           seen.len < sizeof(w->seen));
    memcpy(w->fair, fair.data, fair.len);
    memcpy(w->booth, booth.data, booth.len);
    memcpy(w->seen, seen.data, seen.len);
    w->visit = v;
    w->until_ms = env_mono_ms() + LIVE_HOLD_MS;
    return w;
}

enum err live_wait(struct live *l, struct visit *v, const struct live_of *of,
                   struct str seen)
{
    enum err e = ERR_BUSY;

    pthread_mutex_lock(&l->mutex);
    if (!l->stopping && l->n < LIVE_MOST) {
        struct waiter *w = waiter_of(v, of, seen);

        if (!l->first)
            pthread_cond_signal(&l->wake);
        w->next = l->first;
        l->first = w;
        l->n++;
        metrics_gauge(GAUGE_VIEWERS, 1);
        e = ERR_OK;
    }
    pthread_mutex_unlock(&l->mutex);
    return e;
}

void live_stop(struct live *l)
{
    pthread_mutex_lock(&l->mutex);
    bool again = l->stopping;
    l->stopping = true;
    pthread_cond_signal(&l->wake);
    pthread_mutex_unlock(&l->mutex);
    if (again)
        return;
    pthread_join(l->thread, NULL);
    for (struct waiter *w = l->first, *next; w; w = next) {
        next = w->next;
        metrics_gauge(GAUGE_VIEWERS, -1);
        visit_refuse(w->visit, ERR_BUSY);
        visit_finish(w->visit);
        free(w);
    }
    l->first = NULL;
}

void live_close(struct live *l)
{
    if (l == NULL)
        return;
    live_stop(l);
    store_close(l->store);
    pthread_cond_destroy(&l->wake);
    pthread_mutex_destroy(&l->mutex);
    free(l);
}
