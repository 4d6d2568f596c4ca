/*
 * crew.c - processes for a phase, and what they tell us through pipes.
 */
#include "tests/sim/crew.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { JOBS_MAX = 16, WHY_ROOM = 512 };

volatile sig_atomic_t crew_stop;

/* What a process says: short enough to be written as a whole. */
struct word {
    struct tally more;
    enum err e;
    char why[WHY_ROOM];
};

static void take(struct fair *fair, int phase, const struct tally *more)
{
    tally_add(&fair->sum, more);
    if (fair->setup.progress)
        fair->setup.progress(fair->setup.ctx, phase, &fair->sum);
}

static void tell_here(struct duty *d, struct tally more)
{
    take(d->fair, d->phase, &more);
}

/* ---- a process ----------------------------------------------------------- */

static void say(int to, const struct word *word)
{
    const char *from = (const char *)word;
    size_t left = sizeof(*word);
    while (left > 0) {
        ssize_t n = write(to, from, left);
        if (n < 0 && errno != EINTR)
            _exit(1); /* nobody listens any more */
        left -= n > 0 ? (size_t)n : 0;
        from += n > 0 ? n : 0;
    }
}

static void tell_parent(struct duty *d, struct tally more)
{
    say(d->to, &(struct word){ .more = more });
}

NORETURN static void work(struct fair *fair, int phase, int first, int to)
{
    struct duty duty = { .fair = fair,
                         .phase = phase,
                         .first = first,
                         .step = fair->setup.jobs,
                         .tell = tell_parent,
                         .to = to };
    struct word last = { .e = ERR_OK };
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGINT, SIG_IGN); /* the parent ends us */
    last.e = duty_do(&duty);
    snprintf(last.why, sizeof(last.why), "%s", buf_text(&fair->why));
    say(to, &last);
    _exit(last.e != ERR_OK);
}

/* ---- the parent ---------------------------------------------------------- */

struct crew {
    struct fair *fair;
    int phase, n;
    pid_t pids[JOBS_MAX];
    struct pollfd pipes[JOBS_MAX];
    enum err e;
};

static enum err send_out(struct crew *c)
{
    int ends[2];
    fflush(NULL);
    if (pipe(ends) < 0)
        return ERR_IO;
    pid_t pid = fork();
    if (pid == 0) {
        for (int i = 0; i < c->n; i++)
            close(c->pipes[i].fd);
        close(ends[0]);
        work(c->fair, c->phase, c->n, ends[1]);
    }
    close(ends[1]);
    c->pids[c->n] = pid;
    c->pipes[c->n] = (struct pollfd){ ends[0], POLLIN, 0 };
    c->n++;
    return pid > 0 ? ERR_OK : ERR_IO;
}

/* False at the end of what it says. */
static bool hear(struct crew *c, int fd)
{
    struct word word;
    char *to = (char *)&word;
    size_t have = 0;
    while (have < sizeof(word)) {
        ssize_t n = read(fd, to + have, sizeof(word) - have);
        if (n == 0 || (n < 0 && errno != EINTR))
            return false;
        have += n > 0 ? (size_t)n : 0;
    }
    take(c->fair, c->phase, &word.more);
    if (word.e && !c->e) {
        c->e = word.e;
        buf_puts(&c->fair->why, word.why);
    }
    return true;
}

/* What has come; those that said their last are closed. */
static int hear_each(struct crew *c)
{
    int ended = 0;
    for (int i = 0; i < c->n; i++) {
        if (c->pipes[i].revents && !hear(c, c->pipes[i].fd)) {
            close(c->pipes[i].fd);
            c->pipes[i].fd = -1;
            ended++;
        }
    }
    return ended;
}

static void hear_all(struct crew *c)
{
    int open = c->n;
    while (open > 0 && !crew_stop && !c->e) {
        if (poll(c->pipes, (nfds_t)c->n, -1) > 0)
            open -= hear_each(c);
    }
}

/* Where all is well they have ended; else they are ended. */
static void gather(struct crew *c)
{
    for (int i = 0; i < c->n; i++) {
        int status = 0;
        if (c->pipes[i].fd >= 0) {
            close(c->pipes[i].fd);
            kill(c->pids[i], SIGKILL);
        }
        while (waitpid(c->pids[i], &status, 0) < 0 && errno == EINTR)
            continue;
        if (status != 0 && !c->e)
            c->e = crew_stop ? ERR_BUSY : ERR_IO;
    }
}

enum err crew_work(struct fair *fair, int phase)
{
    struct crew crew = { .fair = fair, .phase = phase };
    if (fair->setup.jobs <= 1) {
        struct duty duty = {
            .fair = fair, .phase = phase, .step = 1, .tell = tell_here
        };
        return duty_do(&duty);
    }
    ASSERT(fair->setup.jobs <= JOBS_MAX);
    while (!crew.e && crew.n < fair->setup.jobs)
        crew.e = send_out(&crew);
    hear_all(&crew);
    gather(&crew);
    return crew_stop ? ERR_BUSY : crew.e;
}
