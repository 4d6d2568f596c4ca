/*
 * control.c - the serving side: one command at a time, carried out between
 * two groups of the writer thread.
 */
#define _GNU_SOURCE /* struct ucred, accept4 */
#include "control.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control_wire.h"
#include "sync/aggregator/store/office.h"

enum { ARGS_MAX = 512, PATIENCE_S = 5, PAUSE_MS = 100 };

struct control {
    int listen_fd;
    int stop[2]; /* a pipe: closing one end ends the thread */
    struct control_options options;
    pthread_t thread;
};

/* One command as a job of the writer. */
struct command {
    struct job job; /* first */
    const struct control_options *options;
    const char *cwd;
    int argc;
    const char *argv[ARGS_MAX + 1];
    struct buf reply;
    pthread_mutex_t mutex;
    pthread_cond_t finished;
    bool done;
};

static void put_reply(struct command *c, enum err e, const struct buf *out,
                      const struct buf *detail)
{
    buf_clear(&c->reply);
    wire_put_number(&c->reply, (uint32_t)e);
    wire_put_string(&c->reply, buf_slice(out));
    wire_put_string(&c->reply, buf_slice(detail));
}

static enum err command_run(struct job *job, struct store *s)
{
    struct command *c = (struct command *)job;
    const struct control_options *options = c->options;
    struct office_host host = { s, options->where, c->cwd, options->url };
    struct cli_program program = *options->program;
    struct cli cli;

    program.ctx = &host;
    program.data = options->dir; /* whatever the caller calls it */
    enum err e = cli_carry_out(&program, c->argc, c->argv, &cli);
    put_reply(c, e, &cli.out, &cli.detail);
    cli_done(&cli);
    return e;
}

static void command_done(struct job *job, struct store *s, enum err e)
{
    struct command *c = (struct command *)job;

    (void)s;
    pthread_mutex_lock(&c->mutex);
    if (c->reply.len == 0) {
        BUF(none, 1);
        put_reply(c, e, &none, &none);
    }
    c->done = true;
    pthread_cond_signal(&c->finished);
    pthread_mutex_unlock(&c->mutex);
}

static void carry_out(struct control *control, struct command *c)
{
    BUF(none, 1);

    c->job = (struct job){ command_run, false, command_done, NULL };
    c->options = &control->options;
    pthread_mutex_init(&c->mutex, NULL);
    pthread_cond_init(&c->finished, NULL);
    enum err e = ingest_queue(control->options.ingest, &c->job);
    if (e == ERR_OK) {
        pthread_mutex_lock(&c->mutex);
        while (!c->done)
            pthread_cond_wait(&c->finished, &c->mutex);
        pthread_mutex_unlock(&c->mutex);
    } else {
        put_reply(c, e, &none, &none);
    }
    pthread_cond_destroy(&c->finished);
    pthread_mutex_destroy(&c->mutex);
}

/* The request's strings, NUL-terminated copies in `text`. */
static bool parse_request(struct str request, struct buf *text,
                          struct command *c)
{
    struct str s;
    size_t starts[ARGS_MAX + 1];
    int n = 0;

    while (request.len > 0) {
        if (n > ARGS_MAX || !wire_take_string(&request, &s))
            return false;
        starts[n++] = text->len;
        buf_str(text, s);
        buf_putc(text, '\0');
    }
    if (n < 2 || !buf_ok(text))
        return false;
    c->cwd = text->data + starts[0];
    for (int i = 1; i < n; i++)
        c->argv[i - 1] = text->data + starts[i];
    c->argc = n - 1;
    return true;
}

static bool same_user(int fd)
{
    struct ucred peer;
    socklen_t len = sizeof(peer);

    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 &&
           peer.uid == geteuid();
}

static void serve_one(struct control *control, int fd)
{
    struct timeval patience = { .tv_sec = PATIENCE_S };
    struct command *c = x_alloc(sizeof(*c));
    BUF(request, CONTROL_REQUEST_MAX);
    BUF(text, 2 * CONTROL_REQUEST_MAX);

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    buf_init(&c->reply, MAX_OUTPUT);
    if (same_user(fd) && wire_read_all(fd, &request) &&
        parse_request(buf_slice(&request), &text, c)) {
        carry_out(control, c);
        (void)wire_write_all(fd, buf_slice(&c->reply));
    }
    buf_done(&c->reply);
    free(c);
}

static void *listener(void *ctx)
{
    struct control *c = ctx;
    struct pollfd fds[2] = { { c->listen_fd, POLLIN, 0 },
                             { c->stop[0], POLLIN, 0 } };

    for (;;) {
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            return NULL;
        if (fds[1].revents != 0)
            return NULL;
        if (fds[0].revents == 0)
            continue;
        int fd = accept4(c->listen_fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0) { /* no descriptor left: not as fast as we can */
            poll(&fds[1], 1, PAUSE_MS);
            continue;
        }
        serve_one(c, fd);
        close(fd);
    }
}

enum err control_open(const struct control_options *options, struct buf *why,
                      struct control **out)
{
    struct control *c = x_alloc(sizeof(*c));
    enum err e = wire_listen(options->dir, why, &c->listen_fd);

    if (e != ERR_OK) {
        free(c);
        return e;
    }
    c->options = *options;
    int rc = pipe2(c->stop, O_CLOEXEC);
    ASSERT(rc == 0);
    rc = pthread_create(&c->thread, NULL, listener, c);
    ASSERT(rc == 0);
    *out = c;
    return ERR_OK;
}

void control_close(struct control *c)
{
    if (c == NULL)
        return;
    close(c->stop[1]);
    pthread_join(c->thread, NULL);
    close(c->stop[0]);
    wire_unlisten(c->options.dir, c->listen_fd);
    free(c);
}
