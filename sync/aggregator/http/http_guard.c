/*
 * http_guard.c - lists of open connections and the thread that ends those
 * whose time is up.
 *
 * A connection is ended by shutdown(2), so that libmicrohttpd sees it close
 * and frees it itself; the notification that it is closed comes before its
 * descriptor is reused, and both happen under our lock. From its end on it
 * counts nowhere any more.
 */
#include "http_guard.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "fair/buf.h"
#include "fair/env.h"
#include "fair/sign.h"

#include "http_listen.h"
#include "http_tally.h"
#include "sync/aggregator/ingest/waiting.h"
#include "sync/aggregator/ops/journal.h"
#include "sync/aggregator/ops/metrics.h"

enum {
    LOOK_MS = 250,
    TELL_MS = 60000,   /* the journal hears of the ended so often, at most */
    SPARE_PARTS = 20,  /* one of so many places is kept free, */
    STRANGE_PARTS = 10 /* ... one for those who have to say who they are */
};

/* Strangers first came first, of those we know who has been idle longest;
 * nobody is waited for among the ended. */
enum guest_list { STRANGERS, KNOWN, ENDED, STANDINGS };

/* Why a connection was ended. */
enum reason { LATE, CROWD, SHARE, REASONS };

struct watched {
    int fd;
    enum guest_list standing;
    enum { ASKS, WAITS, TAKES } turn;
    int64_t deadline_ms;   /* monotonic */
    int64_t left_ms;       /* of its time, while it waits for us */
    int64_t looked_ms;     /* when we looked how it takes its answer */
    uint64_t taken, moved; /* bytes by then, and since the look before */
    struct watched *before, *after;
    bool counted;  /* among those of its address, */
    uint64_t peer; /* ... which is this one */
    uint64_t who;  /* as whom it is known */
};

struct guard {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    const struct venue *venue;
    struct {
        struct watched *first, *last;
        unsigned int n;
    } lists[STANDINGS];
    unsigned int full;           /* with more of them there is a crowd */
    struct tally *peers, *known; /* connections by address; by who it is */
    int64_t ended[REASONS];      /* since the journal was told */
    int64_t tell_ms;             /* when it may be told again */
    char refused[PEER_TEXT];     /* the last address that had its share */
    bool stopping;
};

/* ---- lists --------------------------------------------------------------- */

static void detach(struct guard *g, struct watched *w)
{
    if (w->before)
        w->before->after = w->after;
    else
        g->lists[w->standing].first = w->after;
    if (w->after)
        w->after->before = w->before;
    else
        g->lists[w->standing].last = w->before;
    g->lists[w->standing].n--;
}

static void attach(struct guard *g, struct watched *w, enum guest_list as)
{
    w->standing = as;
    w->before = g->lists[as].last;
    w->after = NULL;
    if (w->before)
        w->before->after = w;
    else
        g->lists[as].first = w;
    g->lists[as].last = w;
    g->lists[as].n++;
}

static void move(struct guard *g, struct watched *w, enum guest_list to)
{
    detach(g, w);
    attach(g, w, to);
}

/* Unless as many are known as that already. */
static void know(struct guard *g, struct watched *w, struct str who)
{
    uint8_t hash[HASH_BYTES];

    hash_tagged("guest", who, hash);
    memcpy(&w->who, hash, sizeof(w->who));
    if (tally_count(g->known, w->who) >= KNOWN_OF_ONE)
        return;
    tally_take(g->known, w->who);
    metrics_gauge(GAUGE_KNOWN, 1);
    move(g, w, KNOWN);
}

static void forget(struct guard *g, struct watched *w)
{
    if (w->standing != KNOWN)
        return;
    tally_give(g->known, w->who);
    metrics_gauge(GAUGE_KNOWN, -1);
    move(g, w, STRANGERS);
}

static void uncount(struct guard *g, struct watched *w)
{
    if (w->counted)
        tally_give(g->peers, w->peer);
    w->counted = false;
}

static void end(struct guard *g, struct watched *w, enum reason why)
{
    static const enum counter counters[REASONS] = {
        [LATE] = COUNT_ENDED_LATE,
        [CROWD] = COUNT_ENDED_CROWD,
        [SHARE] = COUNT_ENDED_SHARE,
    };

    shutdown(w->fd, SHUT_RDWR);
    uncount(g, w);
    forget(g, w);
    move(g, w, ENDED);
    g->ended[why]++;
    metrics_count(counters[why], 1);
}

/* ---- time ---------------------------------------------------------------- */

/* What the other end's machine has acknowledged. */
static uint64_t bytes_taken(int fd)
{
    struct tcp_info info = { 0 };
    socklen_t len = sizeof(info);

    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0)
        return 0;
    return info.tcpi_bytes_acked;
}

static void look_taking(struct watched *w, int64_t now)
{
    uint64_t taken = bytes_taken(w->fd);

    w->moved = taken - w->taken;
    w->taken = taken;
    w->looked_ms = now;
}

static bool is_over(struct watched *w, int64_t now)
{
    if (w->turn == TAKES && now - w->looked_ms >= TAKING_MS)
        look_taking(w, now);
    if (w->deadline_ms > now)
        return false;
    w->deadline_ms = now + TAKING_MS;
    return w->standing != KNOWN || w->turn != TAKES || w->moved < TAKING_BYTES;
}

static void end_overdue(struct guard *g, enum guest_list standing, int64_t now)
{
    for (struct watched *w = g->lists[standing].first, *next; w; w = next) {
        next = w->after;
        if (is_over(w, now))
            end(g, w, LATE);
    }
}

static void say_crowd(int64_t n)
{
    if (n > 0)
        journal(JOURNAL_WARNING, "house-full",
                JOURNAL_FIELDS({ "ended", NULL, n }));
}

static void say_share(int64_t n, const char *peer)
{
    if (n > 0)
        journal(JOURNAL_WARNING, "address-full",
                JOURNAL_FIELDS({ "ended", NULL, n },
                               { "most", NULL, FROM_ONE_MAX },
                               { "last", peer, 0 },
                               { "remedy",
                                 "if it is the venue's own, add its network to "
                                 "venue in the configuration",
                                 0 }));
}

/* Says how many had to go for others in the last minute, without the lock:
 * whoever reads the journal may be slow. That somebody is late is everyday. */
static void tell(struct guard *g, int64_t now)
{
    int64_t crowd = g->ended[CROWD], share = g->ended[SHARE];
    char peer[PEER_TEXT];

    if (now < g->tell_ms)
        return;
    g->tell_ms = now + TELL_MS;
    memcpy(peer, g->refused, sizeof(peer));
    memset(g->ended, 0, sizeof(g->ended));
    pthread_mutex_unlock(&g->mutex);
    say_crowd(crowd);
    say_share(share, peer);
    pthread_mutex_lock(&g->mutex);
}

static void *reaper(void *ctx)
{
    struct guard *g = ctx;

    pthread_mutex_lock(&g->mutex);
    while (!g->stopping) {
        waiting_for(&g->wake, &g->mutex, LOOK_MS);
        int64_t now = env_mono_ms();
        end_overdue(g, STRANGERS, now);
        end_overdue(g, KNOWN, now);
        tell(g, now);
    }
    pthread_mutex_unlock(&g->mutex);
    return NULL;
}

struct guard *guard_open(unsigned int most, const struct venue *venue)
{
    struct guard *g = x_alloc(sizeof(*g));

    g->full = most - most / SPARE_PARTS;
    g->venue = venue;
    g->peers = tally_open();
    g->known = tally_open();
    g->tell_ms = env_mono_ms() + TELL_MS;
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
    tally_close(g->peers);
    tally_close(g->known);
    free(g);
}

/* ---- coming and going ---------------------------------------------------- */

static const union MHD_ConnectionInfo *info_of(
    struct MHD_Connection *connection, enum MHD_ConnectionInfoType what)
{
    return mhd.get_connection_info(connection, what);
}

/* Whether its address has had its share already. */
static bool is_too_many(struct guard *g, struct watched *w,
                        const struct sockaddr *address)
{
    bool local;

    if (venue_has(g->venue, address))
        return false;
    struct peer peer = listen_peer(address);
    memcpy(&w->peer, peer.bytes, sizeof(w->peer));
    w->counted = true;
    if (tally_take(g->peers, w->peer) <= FROM_ONE_MAX)
        return false;
    listen_peer_text(address, g->refused, &local);
    return true;
}

/* In a crowd that somebody has joined. Were there few strangers, they would
 * send each other away before any had said who it is. */
static struct watched *who_makes_room(const struct guard *g)
{
    struct watched *w = g->lists[KNOWN].first;

    if (g->lists[STRANGERS].n > g->full / STRANGE_PARTS)
        return g->lists[STRANGERS].first;
    while (w != NULL && w->turn != ASKS)
        w = w->after;
    return w != NULL ? w : g->lists[STRANGERS].first;
}

static struct watched *watch(struct guard *g, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info;
    struct watched *w = x_alloc(sizeof(*w));

    w->fd = info_of(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    w->deadline_ms = env_mono_ms() + REQUEST_MS;
    attach(g, w, STRANGERS);
    info = info_of(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (info != NULL && is_too_many(g, w, info->client_addr))
        end(g, w, SHARE);
    else if (g->lists[STRANGERS].n + g->lists[KNOWN].n > g->full)
        end(g, who_makes_room(g), CROWD);
    return w;
}

static void unwatch(struct guard *g, struct watched *w)
{
    uncount(g, w);
    forget(g, w);
    detach(g, w);
    free(w);
}

void guard_notify(void *cls, struct MHD_Connection *connection,
                  void **socket_context,
                  enum MHD_ConnectionNotificationCode code)
{
    struct guard *g = cls;

    pthread_mutex_lock(&g->mutex);
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        *socket_context = watch(g, connection);
    else if (*socket_context != NULL)
        unwatch(g, *socket_context);
    pthread_mutex_unlock(&g->mutex);
    metrics_gauge(GAUGE_CONNECTIONS,
                  code == MHD_CONNECTION_NOTIFY_STARTED ? 1 : -1);
}

/* ---- turns --------------------------------------------------------------- */

/* Whoever is ended stays so. NULL, and no lock, when it is or is not known. */
static struct watched *locked(struct guard *g,
                              struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        info_of(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct watched *w = info != NULL ? info->socket_context : NULL;

    pthread_mutex_lock(&g->mutex);
    if (w != NULL && w->standing != ENDED)
        return w;
    pthread_mutex_unlock(&g->mutex);
    return NULL;
}

void guard_ours(struct guard *g, struct MHD_Connection *connection)
{
    struct watched *w = locked(g, connection);

    if (w == NULL)
        return;
    int64_t now = env_mono_ms();
    w->turn = WAITS;
    w->left_ms = w->deadline_ms - now;
    w->deadline_ms = now + OURS_MS;
    pthread_mutex_unlock(&g->mutex);
}

void guard_who(struct guard *g, struct MHD_Connection *connection,
               struct str who)
{
    struct watched *w = locked(g, connection);

    if (w == NULL)
        return;
    if (who.len == 0)
        forget(g, w);
    else if (w->standing == STRANGERS)
        know(g, w, who);
    pthread_mutex_unlock(&g->mutex);
}

void guard_answer(struct guard *g, struct MHD_Connection *connection)
{
    struct watched *w = locked(g, connection);

    if (w == NULL)
        return;
    int64_t now = env_mono_ms();
    /* Who is refused on the headers alone never waited. */
    int64_t left = w->turn == WAITS ? w->left_ms : w->deadline_ms - now;
    w->turn = TAKES;
    w->deadline_ms = now + (left > ANSWER_MS ? left : ANSWER_MS);
    look_taking(w, now);
    w->moved = 0;
    pthread_mutex_unlock(&g->mutex);
}

void guard_next(struct guard *g, struct MHD_Connection *connection)
{
    struct watched *w = locked(g, connection);

    if (w == NULL)
        return;
    w->turn = ASKS;
    w->deadline_ms = env_mono_ms() + REQUEST_MS;
    if (w->standing == KNOWN)
        move(g, w, KNOWN);
    pthread_mutex_unlock(&g->mutex);
}
