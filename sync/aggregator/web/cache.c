/*
 * cache.c - a small table of recent results, under one lock.
 *
 * A place is found by its whole key; the oldest one gives way. What would take
 * more than a quarter of the room is not kept, nor is a report that was begun
 * before news came.
 */
#include "cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "fair/env.h"
#include "fair/i18n.h"

#include "sync/aggregator/report/table.h"

struct entry {
    char *bytes; /* the key, then the value; NULL: a free place */
    size_t key_len, len;
    int64_t made_ms;
};

struct cache {
    pthread_mutex_t mutex;
    size_t held;    /* bytes of all entries */
    unsigned turns; /* how often there was news */
    struct entry entries[CACHE_ENTRIES];
};

struct cache *cache_open(void)
{
    struct cache *c = x_alloc(sizeof(*c));

    pthread_mutex_init(&c->mutex, NULL);
    return c;
}

static void forget(struct cache *c, struct entry *e)
{
    c->held -= e->len;
    free(e->bytes);
    *e = (struct entry){ 0 };
}

void cache_close(struct cache *c)
{
    if (c == NULL)
        return;
    for (int i = 0; i < CACHE_ENTRIES; i++)
        forget(c, &c->entries[i]);
    pthread_mutex_destroy(&c->mutex);
    free(c);
}

static struct entry *find(struct cache *c, struct str key)
{
    for (int i = 0; i < CACHE_ENTRIES; i++) {
        struct entry *e = &c->entries[i];

        if (e->bytes && str_eq((struct str){ e->bytes, e->key_len }, key))
            return e;
    }
    return NULL;
}

bool cache_get(struct cache *c, struct str key, struct buf *out)
{
    pthread_mutex_lock(&c->mutex);
    const struct entry *e = find(c, key);
    bool fresh = e && env_mono_ms() - e->made_ms < CACHE_MS;
    if (fresh)
        buf_put(out, e->bytes + e->key_len, e->len - e->key_len);
    pthread_mutex_unlock(&c->mutex);
    return fresh;
}

/* The one made first, of those in use or of none. */
static struct entry *oldest(struct cache *c)
{
    struct entry *first = NULL;

    for (int i = 0; i < CACHE_ENTRIES; i++) {
        struct entry *e = &c->entries[i];

        if (e->bytes && (!first || e->made_ms < first->made_ms))
            first = e;
    }
    return first;
}

static struct entry *place(struct cache *c)
{
    for (int i = 0; i < CACHE_ENTRIES; i++) {
        if (!c->entries[i].bytes)
            return &c->entries[i];
    }
    return oldest(c);
}

/* Under the lock. */
static void put(struct cache *c, struct str key, struct str value)
{
    size_t len = key.len + value.len;
    struct entry *e = find(c, key);

    if (len > CACHE_BYTES / 4)
        return;
    if (e)
        forget(c, e);
    while (c->held + len > CACHE_BYTES)
        forget(c, oldest(c));
    e = place(c);
    forget(c, e);
    *e = (struct entry){ x_alloc(len + 1), key.len, len, env_mono_ms() };
    memcpy(e->bytes, key.data, key.len);
    if (value.len > 0)
        memcpy(e->bytes + key.len, value.data, value.len);
    c->held += len;
}

void cache_put(struct cache *c, struct str key, struct str value)
{
    pthread_mutex_lock(&c->mutex);
    put(c, key, value);
    pthread_mutex_unlock(&c->mutex);
}

/* ---- reports ------------------------------------------------------------- */

static void put_text(struct buf *out, const char *text)
{
    buf_printf(out, "%s%s\n", text ? "=" : "", text ? text : "");
}

/* What news is about comes first; no member holds a line feed. */
static void put_subject(const struct report_query *q, struct buf *out)
{
    put_text(out, "report");
    put_text(out, q->fair);
    put_text(out, q->booth);
}

/* Everything the answer depends on. */
static void key_of(const struct report_query *q, struct buf *out)
{
    const char *texts[] = { q->kind, q->with,   q->source, q->origin,
                            q->by,   q->device, q->carry,  i18n_language() };

    put_subject(q, out);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        put_text(out, texts[i]);
    buf_printf(out, "%lld %d %d %d\n", (long long)q->seq, q->day, q->limit,
               (int)q->format);
    for (const struct table_link *l = q->links; l && l->column; l++)
        buf_printf(out, "%s %s\n", l->column, l->path);
}

void cache_forget(struct cache *c, const struct report_query *q)
{
    BUF(subject, MAX_TEXT);

    put_subject(q, &subject);
    pthread_mutex_lock(&c->mutex);
    c->turns++;
    for (int i = 0; i < CACHE_ENTRIES; i++) {
        struct entry *e = &c->entries[i];

        if (e->bytes && e->key_len >= subject.len &&
            memcmp(e->bytes, subject.data, subject.len) == 0)
            forget(c, e);
    }
    pthread_mutex_unlock(&c->mutex);
}

static unsigned turns(struct cache *c)
{
    pthread_mutex_lock(&c->mutex);
    unsigned n = c->turns;
    pthread_mutex_unlock(&c->mutex);
    return n;
}

enum err cache_report(struct cache *c, struct store *s,
                      const struct report_query *q, struct buf *out,
                      struct buf *why)
{
    unsigned begun = turns(c);
    BUF(key, MAX_TEXT);

    key_of(q, &key);
    ASSERT(buf_ok(&key));
    if (cache_get(c, buf_slice(&key), out))
        return ERR_OK;
    size_t from = out->len;
    enum err e = report_make(s, q, out, why);
    if (e != ERR_OK || !buf_ok(out))
        return e;
    struct str made = { buf_text(out) + from, out->len - from };
    pthread_mutex_lock(&c->mutex);
    if (c->turns == begun)
        put(c, buf_slice(&key), made);
    pthread_mutex_unlock(&c->mutex);
    return ERR_OK;
}
