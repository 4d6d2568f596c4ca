/*
 * apart.c - forks for a session, and reads from a pipe what came of it.
 *
 * The child shares nothing with us but open files, and dies with us; its end
 * is the end of the pipe, whether it wrote before or not.
 */
#include "sync/agent/apart.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fair/text.h"
#include "sync/agent/http.h"

enum { WHY_ROOM = 1024 };

struct found {
    enum err outcome;
    struct session session; /* its `why` is beside it */
    char why[WHY_ROOM];
};

/* ---- the child ----------------------------------------------------------- */

static void on_signal(int number)
{
    (void)number;
    https_break = 1;
}

/* The parent's own handler would tell the parent to end, too, through the pipe
 * that we have inherited. */
static void catch_signals(void)
{
    struct sigaction act = { .sa_handler = on_signal };
    sigemptyset(&act.sa_mask);
    sigaction(SIGTERM, &act, NULL);
    sigaction(SIGINT, &act, NULL);
}

/* As much as there is room for, of whole characters. */
static struct str clip(struct str why)
{
    size_t end = 0, at = 0;
    while (at < WHY_ROOM) {
        end = at;
        if (utf8_next(why, &at) < 0)
            return why;
    }
    return (struct str){ why.data, end };
}

/* A pipe takes it whole: the kernel buffers more. */
static NORETURN void run(struct session *s, int to_parent, pid_t parent)
{
    struct found found;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    catch_signals();
    memset(&found, 0, sizeof(found));
    found.outcome = session_run(s);
    found.session = *s;
    struct str why = clip(buf_slice(&s->why));
    if (why.len > 0)
        memcpy(found.why, why.data, why.len);
    bool told = write(to_parent, &found, sizeof(found)) == sizeof(found);
    _exit(told ? 0 : 1);
}

/* ---- the parent ---------------------------------------------------------- */

/* Reads what comes from the child until its end; how many bytes. */
static size_t hear(int from_child, int end, pid_t child, struct found *out)
{
    struct pollfd fds[] = { { .fd = from_child, .events = POLLIN },
                            { .fd = end, .events = POLLIN } };
    size_t got = 0;
    for (;;) {
        (void)poll(fds, ARRAY_LEN(fds), -1);
        if (fds[1].revents) {
            kill(child, SIGTERM);
            fds[1].fd = -1; /* once is enough */
        }
        if (!fds[0].revents)
            continue;
        ssize_t n = read(from_child, (char *)out + got, sizeof(*out) - got);
        if (n == 0 || (n < 0 && errno != EINTR))
            return got;
        got += n > 0 ? (size_t)n : 0;
    }
}

/* Takes over everything but what is the caller's. */
static void take_over(const struct found *found, struct session *s)
{
    struct buf why = s->why;
    *s = found->session;
    s->why = why;
    buf_clear(&s->why);
    buf_puts(&s->why, found->why);
}

static enum err fail(struct session *s, const char *why)
{
    buf_clear(&s->why);
    buf_puts(&s->why, why);
    return ERR_IO;
}

enum err session_apart(struct session *s, int end)
{
    struct found found;
    int ends[2];
    pid_t us = getpid();
    if (pipe(ends) < 0)
        return fail(s, strerror(errno));
    pid_t child = fork();
    if (child == 0)
        run(s, ends[1], us);
    int number = errno;
    close(ends[1]);
    size_t got = child > 0 ? hear(ends[0], end, child, &found) : 0;
    close(ends[0]);
    if (child < 0)
        return fail(s, strerror(number));
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        continue;
    if (got != sizeof(found))
        return fail(s, "the session's process died");
    take_over(&found, s);
    return found.outcome;
}
