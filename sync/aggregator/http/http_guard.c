/*
 * http_guard.c - a list of open connections and the thread that ends those
 * whose time is up.
 *
 * A connection is ended by shutdown(2), so that libmicrohttpd sees it close
 * and frees it itself; the notification that it is closed comes before its
 * descriptor is reused, and both happen under our lock.
 */
#include "http_guard.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "fair/buf.h"
#include "fair/env.h"

#include "sync/aggregator/ingest/waiting.h"
#include "sync/aggregator/ops/metrics.h"

enum { LOOK_MS = 500 };

struct watched {
    int fd;
    int64_t deadline_ms; /* monotonic */
    struct watched *next, **where;
};

struct guard {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    struct watched *first;
    bool stopping;
};

static void end_overdue(struct guard *g)
{
    int64_t now = env_mono_ms();

    for (struct watched *w = g->first; w != NULL; w = w->next) {
        if (w->deadline_ms <= now)
            shutdown(w->fd, SHUT_RDWR);
    }
}

static void *reaper(void *ctx)
{
    struct guard *g = ctx;

    pthread_mutex_lock(&g->mutex);
    while (!g->stopping) {
        waiting_for(&g->wake, &g->mutex, LOOK_MS);
        end_overdue(g);
    }
    pthread_mutex_unlock(&g->mutex);
    return NULL;
}

struct guard *guard_open(void)
{
    struct guard *g = x_alloc(sizeof(*g));

    pthread_mutex_init(&g->mutex, NULL);
    waiting_init(&g->wake);
    int rc = pthread_create(&g->thread, NULL, reaper, g);
    ASSERT(rc == 0);
    return g;
}

void guard_close(struct guard *g)
{
    if (g == NULL)
        return;
    pthread_mutex_lock(&g->mutex);
    g->stopping = true;
    pthread_cond_signal(&g->wake);
    pthread_mutex_unlock(&g->mutex);
    pthread_join(g->thread, NULL);
    pthread_cond_destroy(&g->wake);
    pthread_mutex_destroy(&g->mutex);
    free(g);
}

static void watch(struct guard *g, struct MHD_Connection *connection,
                  void **socket_context)
{
    const union MHD_ConnectionInfo *info =
        mhd.get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct watched *w = x_alloc(sizeof(*w));

    w->fd = info->connect_fd;
    w->deadline_ms = env_mono_ms() + REQUEST_MS;
    w->next = g->first;
    w->where = &g->first;
    if (g->first != NULL)
        g->first->where = &w->next;
    g->first = w;
    *socket_context = w;
}

static void unwatch(struct watched *w)
{
    *w->where = w->next;
    if (w->next != NULL)
        w->next->where = w->where;
    free(w);
}

void guard_notify(void *cls, struct MHD_Connection *connection,
                  void **socket_context,
                  enum MHD_ConnectionNotificationCode code)
{
    struct guard *g = cls;

    pthread_mutex_lock(&g->mutex);
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        watch(g, connection, socket_context);
    else if (*socket_context != NULL)
        unwatch(*socket_context);
    pthread_mutex_unlock(&g->mutex);
    metrics_gauge(GAUGE_CONNECTIONS,
                  code == MHD_CONNECTION_NOTIFY_STARTED ? 1 : -1);
}

void guard_deadline(struct guard *g, struct MHD_Connection *connection,
                    int64_t ms)
{
    const union MHD_ConnectionInfo *info =
        mhd.get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct watched *w = info != NULL ? info->socket_context : NULL;

    pthread_mutex_lock(&g->mutex);
    if (w != NULL)
        w->deadline_ms = env_mono_ms() + ms;
    pthread_mutex_unlock(&g->mutex);
}
