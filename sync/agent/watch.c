/*
 * watch.c - the loop around sessions, and the socket the till nudges.
 *
 * The socket's address goes through /proc/self/fd: a socket's path has room
 * for 107 bytes only, a data directory may lie deeper than that.
 */
#define _GNU_SOURCE /* O_PATH */
#include "sync/agent/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "fair/env.h"
#include "sync/agent/apart.h"
#include "sync/agent/backoff.h"
#include "sync/agent/http.h"

#define SOCKET_NAME "nudge.sock"

enum {
    COALESCE_MS = 200, /* sales come in bursts: one push for several */
    LINGER_MS = 600000 /* for what a till that is gone has left unsent */
};

/* ---- ending -------------------------------------------------------------- */

static int end_pipe[2] = { -1, -1 };

static void on_signal(int number)
{
    int kept = errno;
    (void)number;
    https_break = 1;
    (void)!write(end_pipe[1], "e", 1);
    errno = kept;
}

static const int ends[] = { SIGTERM, SIGINT };

static enum err catch_signals(void)
{
    struct sigaction act = { .sa_handler = on_signal };
    if (pipe2(end_pipe, O_NONBLOCK | O_CLOEXEC) < 0)
        return err_from_errno(errno);
    sigemptyset(&act.sa_mask);
    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        sigaction(ends[i], &act, NULL);
    return ERR_OK;
}

static void leave_signals(void)
{
    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        signal(ends[i], SIG_DFL);
    close(end_pipe[0]);
    close(end_pipe[1]);
}

/* ---- the socket ---------------------------------------------------------- */

static int socket_open(const char *dir)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    int folder = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    mode_t before = umask(0177);
    snprintf(at.sun_path, sizeof(at.sun_path), "/proc/self/fd/%d/%s", folder,
             SOCKET_NAME);
    unlinkat(folder, SOCKET_NAME, 0); /* left by a watcher that was killed */
    if (folder < 0 || fd < 0 ||
        bind(fd, (const struct sockaddr *)&at, sizeof(at)) < 0) {
        int number = errno;
        if (fd >= 0)
            close(fd);
        fd = -1;
        errno = number;
    }
    umask(before);
    if (folder >= 0)
        close(folder);
    return fd;
}

static void drain(int fd)
{
    char byte;
    while (recv(fd, &byte, sizeof(byte), 0) >= 0)
        continue;
}

/* ---- waiting ------------------------------------------------------------- */

struct callers {        /* who may end a wait */
    int nudge;          /* the socket */
    int till;           /* the pipe from the till; -1: none, or no more */
    int64_t give_up_ms; /* monotonic, since the till is gone; else 0 */
};

/* Until `ms` have gone by, or somebody calls; NULL: nobody may. */
static void wait_for(const struct callers *c, int64_t ms)
{
    struct pollfd fds[] = { { .fd = end_pipe[0], .events = POLLIN },
                            { .fd = c ? c->nudge : -1, .events = POLLIN },
                            { .fd = c ? c->till : -1, .events = POLLIN } };
    (void)poll(fds, ARRAY_LEN(fds), (int)ms);
}

static bool has_news(int fd)
{
    struct pollfd at = { .fd = fd, .events = POLLIN };
    return poll(&at, 1, 0) > 0;
}

/* Takes what the till has sent; the end of it says that the till is gone. */
static void hear_till(struct callers *c)
{
    char bytes[64];
    while (c->till >= 0 && has_news(c->till)) {
        if (read(c->till, bytes, sizeof(bytes)) > 0)
            continue;
        c->till = -1;
        c->give_up_ms = env_mono_ms() + LINGER_MS;
    }
}

/* After a success a call ends the wait; after a failure only time does, else
 * every sale would knock at a server that is down. */
static void rest(struct callers *c, bool failed, int64_t ms)
{
    wait_for(failed ? NULL : c, ms);
    if (!failed && ms > COALESCE_MS)
        wait_for(NULL, COALESCE_MS);
    drain(c->nudge);
    hear_till(c);
}

/* ---- the loop ------------------------------------------------------------ */

/* Everything was sent - a fork's was handed over - or there is nobody to send
 * to. */
static bool is_done(enum err e)
{
    return e == ERR_OK || e == ERR_LISTS || e == ERR_REVOKED || e == ERR_FORK ||
           e == ERR_NOT_SET_UP;
}

/* A till that is gone sells no more: a session since then was the last, and
 * so is one that finds nobody for too long. */
static bool is_over(const struct callers *c, enum err e, int64_t *wait)
{
    int64_t left = c->give_up_ms - env_mono_ms();
    if (c->give_up_ms == 0)
        return false;
    if (*wait > left)
        *wait = left;
    return is_done(e) || left <= 0;
}

static void loop(struct session *s, const struct watch_wish *wish,
                 struct callers *c)
{
    struct backoff backoff = { 0 };
    enum err before = ERR_COUNT;
    while (!https_break) {
        enum err e =
            wish->apart ? session_apart(s, end_pipe[0]) : session_run(s);
        https_done();
        int64_t wait = wish->interval_ms;
        if (e == ERR_OK)
            backoff_reset(&backoff);
        else
            wait = backoff_fail(&backoff, s->retry_after_ms);
        if (https_break)
            return;
        bool over = is_over(c, e, &wait);
        if (e != before)
            wish->changed(wish->ctx, s, e, over ? 0 : wait);
        before = e;
        if (over)
            return;
        rest(c, e != ERR_OK, wait);
    }
}

enum err watch_run(struct session *s, const struct watch_wish *wish)
{
    struct lock *lock;
    struct lock_request want = { s->dir, "lock.watch", s->who, 0 };
    buf_clear(&s->why);
    enum err e = lock_take(&want, &s->why, &lock);
    if (e)
        return e;
    int nudge = socket_open(s->dir);
    e = nudge < 0 ? err_from_errno(errno) : catch_signals();
    if (!e) {
        struct callers callers = { nudge, wish->with_till ? wish->till : -1,
                                   0 };
        loop(s, wish, &callers);
        leave_signals();
    }
    if (nudge >= 0)
        close(nudge);
    lock_close(lock);
    return e;
}
