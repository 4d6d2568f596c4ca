/*
 * hostile.c - one thread, sockets that never block, a table of kinds.
 *
 * A place is held from the moment it is connected; the server has ended it
 * when its end is seen. Who takes no answers sees no end behind them: such a
 * one reads all there is when its time is over, and must find the end there.
 * Its time begins with the last request that it holds: those before it are
 * answered one after the other, into buffers.
 */
#include "tests/support/hostile.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    READY = 512,
    TICK_MS = 20,
    DRIP_MS = 4000,
    PATIENCE_MS = 45000, /* nobody is let live so long */
    OVER_MS = 30400,     /* who took nothing looks for the end then */
    SETTLE_MS = 2000,    /* ... after so long */
    SMALL = 4096,        /* bytes of answers it has room for, until then */
    LARGE = 1 << 20,
    GARBAGE = 512,
    WORK_A_SECOND = 40, /* of each kind that makes work */
    FILES_OTHERS = 256
};

enum then { HOLDS, DRIPS, IGNORES, LEAVES, READS };

/* The first bytes of a TLS handshake: a record that says it is 512 long. */
#define HELLO   "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
#define ASKS    "GET /assets/style.css HTTP/1.1\r\nHost: a\r\n\r\n"
#define FOUR(x) x x x x

static const struct kind {
    bool shakes, works;
    enum then then;
    const char *says;
    size_t len;
    enum { NOTHING, JUNK, HANDSHAKE, SIGNATURE } count;
} kinds[] = {
#define SAYS(text) text, sizeof(text) - 1
    { false, false, HOLDS, SAYS(""), NOTHING },
    { false, false, HOLDS, SAYS(HELLO), NOTHING },
    { false, false, DRIPS, SAYS(HELLO), NOTHING },
    { true, false, HOLDS, SAYS(""), NOTHING },
    { true, false, DRIPS, SAYS("GET / HTTP/1.1\r\nHost: a\r\nX: "), NOTHING },
    { true, false, DRIPS,
      SAYS("POST /v1/push HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n"
           "\r\n"),
      NOTHING },
    { true, false, IGNORES, SAYS(FOUR(FOUR(FOUR(ASKS)))), NOTHING },
    { false, true, READS, NULL, 0, JUNK },
    { true, true, READS, NULL, 0, JUNK },
    { true, true, LEAVES, SAYS(""), HANDSHAKE },
    { true, true, READS, NULL, 0, SIGNATURE },
};
enum { HOLDERS = 7, WORKERS = 4 };

struct slot {
    const struct kind *kind;
    enum { AWAY, CONNECTING, SHAKING, THERE } state;
    int fd;
    gnutls_session_t tls;
    int64_t since_ms, next_ms; /* connected; something is due */
    size_t said;
    bool late; /* it hears now what it did not want to */
};

struct gang {
    const struct hostile_plan *plan;
    struct hostile_told told;
    gnutls_certificate_credentials_t credentials;
    gnutls_priority_t priority;
    struct slot *slots;
    int n, ready;
    int64_t begun_ms, dice, held;
    char junk[GARBAGE];
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* ---- one connection ------------------------------------------------------ */

static void slot_leave(struct gang *g, struct slot *s, int64_t now)
{
    int64_t lived = now - s->since_ms;
    if (!s->kind->works && s->state >= SHAKING) {
        g->held--;
        g->told.slowest_ms =
            lived > g->told.slowest_ms ? lived : g->told.slowest_ms;
    }
    if (s->tls)
        gnutls_deinit(s->tls);
    close(s->fd);
    s->tls = NULL;
    s->state = AWAY;
    /* Those who make work come at a pace, places are taken again at once. */
    s->next_ms = s->kind->works ? s->next_ms : now;
}

static void slot_come(struct gang *g, struct slot *s)
{
    int small = SMALL;
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)g->plan->port),
                              .sin_addr = { htonl(INADDR_LOOPBACK) } };
    struct epoll_event want = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP,
                                .data.ptr = s };
    s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (s->fd < 0)
        err_die(__FILE__, __LINE__, "no descriptor");
    if (s->kind->then == IGNORES)
        setsockopt(s->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    if (connect(s->fd, (struct sockaddr *)&at, sizeof(at)) != 0 &&
        errno != EINPROGRESS)
        err_die(__FILE__, __LINE__, strerror(errno));
    epoll_ctl(g->ready, EPOLL_CTL_ADD, s->fd, &want);
    s->state = CONNECTING;
    s->said = 0;
    s->late = false;
}

static void slot_want(struct gang *g, struct slot *s, uint32_t events)
{
    struct epoll_event want = { .events = events, .data.ptr = s };
    epoll_ctl(g->ready, EPOLL_CTL_MOD, s->fd, &want);
}

static ssize_t slot_send(struct slot *s, const void *data, size_t len)
{
    if (s->tls)
        return gnutls_record_send(s->tls, data, len);
    return send(s->fd, data, len, MSG_NOSIGNAL);
}

static void junk_make(struct gang *g)
{
    for (size_t i = 0; i < GARBAGE; i++) {
        g->dice = (int64_t)((uint64_t)g->dice * 6364136223846793005u + 1);
        g->junk[i] = (char)(g->dice >> 33);
    }
}

/* All that this kind says at once. */
static void slot_say(struct gang *g, struct slot *s)
{
    struct str words = { s->kind->says, s->kind->len };
    if (s->kind->count == JUNK) {
        junk_make(g);
        words = (struct str){ g->junk, GARBAGE };
    } else if (s->kind->count == SIGNATURE) {
        words = g->plan->request;
    }
    while (s->said < words.len) {
        ssize_t n = slot_send(s, words.data + s->said, words.len - s->said);
        if (n <= 0)
            return; /* what does not fit is not said */
        s->said += (size_t)n;
    }
}

static void count_work(struct gang *g, const struct kind *k)
{
    int64_t *const counts[] = { [NOTHING] = NULL,
                                [JUNK] = &g->told.garbage,
                                [HANDSHAKE] = &g->told.handshakes,
                                [SIGNATURE] = &g->told.signatures };
    if (counts[k->count])
        ++*counts[k->count];
}

static void slot_there(struct gang *g, struct slot *s, int64_t now)
{
    s->state = THERE;
    count_work(g, s->kind);
    slot_say(g, s);
    if (s->kind->then == IGNORES)
        s->since_ms = now + SETTLE_MS;
    if (s->kind->then == LEAVES) {
        slot_leave(g, s, now);
        return;
    }
    if (!s->kind->works)
        s->next_ms =
            now + (s->kind->then == IGNORES ? OVER_MS - (now - s->since_ms)
                                            : DRIP_MS);
    slot_want(g, s, s->kind->then == IGNORES ? 0 : EPOLLIN | EPOLLRDHUP);
}

static void slot_shake(struct gang *g, struct slot *s, int64_t now)
{
    int rc = gnutls_handshake(s->tls);
    if (rc == 0)
        slot_there(g, s, now);
    else if (gnutls_error_is_fatal(rc))
        slot_leave(g, s, now);
}

static void slot_connected(struct gang *g, struct slot *s, int64_t now)
{
    int error = 0;
    socklen_t len = sizeof(error);
    getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &len);
    if (error != 0) {
        slot_leave(g, s, now);
        return;
    }
    s->since_ms = now;
    s->state = SHAKING;
    if (!s->kind->works) {
        g->told.held++;
        if (++g->held > g->told.most)
            g->told.most = g->held;
    }
    if (!s->kind->shakes) {
        slot_there(g, s, now);
        return;
    }
    gnutls_init(&s->tls, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
    gnutls_priority_set(s->tls, g->priority);
    gnutls_credentials_set(s->tls, GNUTLS_CRD_CERTIFICATE, g->credentials);
    gnutls_transport_set_int(s->tls, s->fd);
    slot_want(g, s, EPOLLIN | EPOLLRDHUP);
    slot_shake(g, s, now);
}

/* What the server says, as far as it is read; false: it has ended it. */
static bool slot_hear(struct gang *g, struct slot *s)
{
    char bytes[16384];
    for (;;) {
        ssize_t n = s->tls ? gnutls_record_recv(s->tls, bytes, sizeof(bytes))
                           : recv(s->fd, bytes, sizeof(bytes), 0);
        if (s->tls && n < 0 && !gnutls_error_is_fatal((int)n)) {
            if (n == GNUTLS_E_AGAIN)
                return true;
            continue;
        }
        if (n <= 0)
            return !s->tls && n < 0 && errno == EAGAIN;
        if (s->kind->count == SIGNATURE &&
            strncmp(bytes, "HTTP/1.1 2", 10) == 0)
            g->told.taken++;
    }
}

static void slot_event(struct gang *g, struct slot *s, uint32_t events,
                       int64_t now)
{
    if (s->state == CONNECTING)
        slot_connected(g, s, now);
    else if (s->state == SHAKING)
        slot_shake(g, s, now);
    else if (s->state == THERE && s->kind->then == IGNORES && !s->late)
        s->next_ms = events & (EPOLLHUP | EPOLLERR) ? 0 : s->next_ms;
    else if (s->state == THERE && !slot_hear(g, s))
        slot_leave(g, s, now);
}

/* ---- all of them --------------------------------------------------------- */

/* A byte more, or a look at whether it is over. */
static void slot_due(struct gang *g, struct slot *s, int64_t now)
{
    int large = LARGE;
    s->next_ms = now + DRIP_MS;
    if (s->kind->then == DRIPS)
        slot_send(s, "1", 1);
    if (s->kind->then != IGNORES)
        return;
    setsockopt(s->fd, SOL_SOCKET, SO_RCVBUF, &large, sizeof(large));
    slot_want(g, s, EPOLLIN | EPOLLRDHUP);
    s->late = true;
}

static void slot_tick(struct gang *g, struct slot *s, int64_t now, bool more)
{
    bool held = !s->kind->works && s->state >= SHAKING;
    if (s->state == AWAY && more && now >= s->next_ms) {
        if (s->kind->works)
            s->next_ms = now + 1000;
        slot_come(g, s);
    } else if (held && now - s->since_ms > PATIENCE_MS) {
        g->told.left++;
        slot_leave(g, s, now);
    } else if (s->state == THERE && !s->kind->works && now >= s->next_ms) {
        slot_due(g, s, now);
    }
}

static bool anybody(const struct gang *g)
{
    for (int i = 0; i < g->n; i++) {
        if (g->slots[i].state != AWAY)
            return true;
    }
    return false;
}

static void gang_run(struct gang *g)
{
    struct epoll_event ready[READY];
    int64_t end = g->begun_ms + g->plan->lasting_s * INT64_C(1000);
    int64_t looked = 0;
    bool more = true;
    while (more || anybody(g)) {
        int n = epoll_wait(g->ready, ready, READY, TICK_MS);
        int64_t now = now_ms();
        for (int i = 0; i < n; i++)
            slot_event(g, ready[i].data.ptr, ready[i].events, now);
        more = now < end;
        if (now < looked + TICK_MS)
            continue;
        looked = now;
        for (int i = 0; i < g->n; i++)
            slot_tick(g, &g->slots[i], now, more);
    }
}

/* Holders first, each kind in turn; when each of them comes first. */
static void gang_gather(struct gang *g)
{
    const struct hostile_plan *p = g->plan;
    int workers = WORKERS * WORK_A_SECOND;
    g->n = p->places + workers;
    g->slots = x_alloc((size_t)g->n * sizeof(*g->slots));
    for (int i = 0; i < g->n; i++) {
        bool holds = i < p->places;
        int nth = i - p->places;
        struct slot *s = &g->slots[i];
        s->kind = &kinds[holds ? i % HOLDERS : HOLDERS + nth % WORKERS];
        s->next_ms =
            g->begun_ms + (holds ? INT64_C(1000) * p->opening_s * i / p->places
                                 : 1000 * nth / workers);
    }
}

static void gang_be(const struct hostile_plan *plan, int told)
{
    struct gang g = { .plan = plan,
                      .begun_ms = now_ms(),
                      .dice = (int64_t)plan->seed };
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur <
        (rlim_t)plan->places + FILES_OTHERS + WORKERS * WORK_A_SECOND)
        err_die(__FILE__, __LINE__, "too few descriptors for so many");
    g.ready = epoll_create1(EPOLL_CLOEXEC);
    gnutls_certificate_allocate_credentials(&g.credentials);
    gnutls_priority_init(&g.priority, "NORMAL", NULL);
    gang_gather(&g);
    gang_run(&g);
    if (write(told, &g.told, sizeof(g.told)) != sizeof(g.told))
        err_die(__FILE__, __LINE__, "nobody listens");
    _exit(0);
}

void hostile_start(const struct hostile_plan *plan, struct hostile *out)
{
    int ends[2];
    if (pipe(ends) != 0)
        err_die(__FILE__, __LINE__, "pipe");
    pid_t parent = getpid(), pid = fork();
    if (pid < 0)
        err_die(__FILE__, __LINE__, "fork");
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        close(ends[0]);
        if (getppid() == parent)
            gang_be(plan, ends[1]);
        _exit(1);
    }
    close(ends[1]);
    *out = (struct hostile){ pid, ends[0] };
}

void hostile_end(struct hostile *h, struct hostile_told *out)
{
    size_t had = 0;
    int status = 0;
    while (had < sizeof(*out)) {
        ssize_t n = read(h->told, (char *)out + had, sizeof(*out) - had);
        if (n <= 0)
            err_die(__FILE__, __LINE__, "it said nothing");
        had += (size_t)n;
    }
    close(h->told);
    waitpid(h->pid, &status, 0);
    ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
