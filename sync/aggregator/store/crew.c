/*
 * crew.c - two threads that take devices off one list.
 */
#include "crew.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "store_parts.h"

struct work {
    const struct crew *crew;
    struct device *devices;
    char *found; /* of each device */
    size_t n;
    atomic_size_t next;
    atomic_int failed; /* an enum err */
};

static enum err take_device(void *ctx, const struct device *d)
{
    struct work *w = ctx;
    w->devices = x_realloc(w->devices, (w->n + 1) * sizeof(*w->devices));
    w->devices[w->n++] = *d;
    return ERR_OK;
}

static void *found_of(const struct work *w, size_t i)
{
    return w->found + i * w->crew->size;
}

/* One device after another that nobody has taken yet. */
static void look_at_some(struct work *w, struct store *s, bool again)
{
    size_t i;
    while (atomic_load(&w->failed) == ERR_OK &&
           (i = atomic_fetch_add(&w->next, 1)) < w->n) {
        struct device *d = &w->devices[i];
        struct device now = *d;
        enum err e = again ? store_device(s, str_of(d->device), &now) : ERR_OK;
        if (e == ERR_OK)
            e = w->crew->look(w->crew->ctx, s, &now, found_of(w, i));
        *d = now;
        if (e != ERR_OK)
            atomic_store(&w->failed, (int)e);
    }
}

/* Without a reader of its own there is nothing that it could do. */
struct second {
    struct work *work;
    struct store *store;
    pthread_t thread;
};

static void *second_run(void *ctx)
{
    struct second *second = ctx;
    if (store_read_begin(second->store) != ERR_OK)
        return NULL;
    look_at_some(second->work, second->store, true);
    store_read_end(second->store);
    return NULL;
}

static void second_begin(struct second *second, struct store *s)
{
    if (second->work->n < 2 ||
        store_open_file(s->where, STORE_READ, NULL, &second->store) != ERR_OK)
        return;
    if (pthread_create(&second->thread, NULL, second_run, second) != 0) {
        store_close(second->store);
        second->store = NULL;
    }
}

static void second_end(struct second *second)
{
    if (!second->store)
        return;
    pthread_join(second->thread, NULL);
    store_close(second->store);
}

static enum err run(struct store *s, struct work *w)
{
    struct second second = { .work = w };
    enum err e = ERR_OK;
    w->found = x_alloc(w->n * w->crew->size + 1);
    second_begin(&second, s);
    look_at_some(w, s, false);
    second_end(&second);
    e = (enum err)atomic_load(&w->failed);
    for (size_t i = 0; e == ERR_OK && i < w->n; i++)
        e = w->crew->take(w->crew->ctx, &w->devices[i], found_of(w, i));
    free(w->found);
    return e;
}

enum err crew_run(struct store *s, const struct crew *crew)
{
    struct work w = { .crew = crew };
    enum err e = store_device_each(s, STR(""), take_device, &w);
    if (e == ERR_OK)
        e = run(s, &w);
    free(w.devices);
    return e;
}
