/*
 * control.c - the serving side: one command at a time, carried out between
 * two groups of the writer thread, as a whole or in steps.
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

/* ---- work for the writer ------------------------------------------------- */

/* A job that somebody waits for. */
struct turn {
    struct job job; /* first */
    enum err (*work)(struct store *s, void *ctx);
    void *ctx;
    pthread_mutex_t mutex;
    pthread_cond_t finished;
    bool done;
    enum err e;
};

static enum err turn_run(struct job *job, struct store *s)
{
    struct turn *t = (struct turn *)job;

    return t->work(s, t->ctx);
}

static void turn_done(struct job *job, struct store *s, enum err e)
{
    struct turn *t = (struct turn *)job;

    (void)s;
    pthread_mutex_lock(&t->mutex);
    t->e = e;
    t->done = true;
    pthread_cond_signal(&t->finished);
    pthread_mutex_unlock(&t->mutex);
}

/* Has `work` done between two groups of the writer. ERR_BUSY: it takes no more
 * for now. */
static enum err take_turn(struct ingest *in,
                          enum err (*work)(struct store *s, void *ctx),
                          void *ctx)
{
    struct turn t = { .job = { turn_run, false, turn_done, NULL, false },
                      .work = work,
                      .ctx = ctx };

    pthread_mutex_init(&t.mutex, NULL);
    pthread_cond_init(&t.finished, NULL);
    enum err e = ingest_queue(in, &t.job);
    if (e == ERR_OK) {
        pthread_mutex_lock(&t.mutex);
        while (!t.done)
            pthread_cond_wait(&t.finished, &t.mutex);
        pthread_mutex_unlock(&t.mutex);
        e = t.e;
    }
    pthread_cond_destroy(&t.finished);
    pthread_mutex_destroy(&t.mutex);
    return e;
}

/* ---- one command --------------------------------------------------------- */

struct command {
    struct control *control;
    const char *cwd;
    int argc;
    const char *argv[ARGS_MAX + 1];
    struct buf reply;
};

static bool is_ending(const struct control *c, int wait_ms)
{
    struct pollfd stop = { c->stop[0], POLLIN, 0 };

    return poll(&stop, 1, wait_ms) > 0;
}

/* A step of a command that works in steps: it waits while devices take all the
 * room there is, and no longer than we serve. */
static enum err step(void *ctx, enum err (*work)(struct store *s, void *ctx),
                     void *work_ctx)
{
    struct control *control = ctx;
    enum err e = ERR_BUSY;

    for (int wait_ms = 0; e == ERR_BUSY && !is_ending(control, wait_ms);
         wait_ms = PAUSE_MS)
        e = take_turn(control->options.ingest, work, work_ctx);
    return e;
}

static void put_reply(struct command *c, enum err e, const struct cli *cli)
{
    buf_clear(&c->reply);
    wire_put_number(&c->reply, (uint32_t)e);
    wire_put_string(&c->reply, buf_slice(&cli->out));
    wire_put_string(&c->reply, buf_slice(&cli->detail));
    wire_put_number(&c->reply, cli->out_on_failure);
    wire_put_string(&c->reply, str_of(cli->text));
    wire_put_string(&c->reply, str_of(cli->remedy));
    wire_put_string(&c->reply, buf_slice(&cli->note));
}

static enum err command_run(struct store *s, void *ctx)
{
    struct command *c = ctx;
    const struct control_options *options = &c->control->options;
    struct office_host host = { .store = s,
                                .turn = step,
                                .turn_ctx = c->control,
                                .where = options->where,
                                .cwd = c->cwd,
                                .url = options->url };
    struct cli_program program = *options->program;
    struct cli cli;

    program.ctx = &host;
    program.data = options->dir; /* whatever the caller calls it */
    enum err e = cli_carry_out(&program, c->argc, c->argv, &cli);
    put_reply(c, e, &cli);
    cli_done(&cli);
    return e;
}

/* On the writer's thread as a whole, or on ours and there in steps. */
static void carry_out(struct command *c)
{
    const struct control_options *options = &c->control->options;
    bool steps = cli_flags(options->program, c->argc, c->argv) & CLI_STEPS;
    const struct cli none = { .argc = 0 };
    enum err e = ERR_BUSY;

    if (!is_ending(c->control, 0))
        e = steps ? command_run(NULL, c)
                  : take_turn(options->ingest, command_run, c);
    if (c->reply.len == 0)
        put_reply(c, e, &none);
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
    c->control = control;
    buf_init(&c->reply, MAX_OUTPUT);
    if (same_user(fd) && wire_read_all(fd, &request) &&
        parse_request(buf_slice(&request), &text, c)) {
        carry_out(c);
        (void)wire_write_all(fd, buf_slice(&c->reply));
    }
    buf_done(&c->reply);
    free(c);
    close(fd);
}

/* Until the socket lets nobody in any more, and all who had come are served.
 * Without a descriptor left it is in no hurry. */
static void *listener(void *ctx)
{
    struct control *c = ctx;
    bool over = false;

    while (!over) {
        int fd = accept4(c->listen_fd, NULL, NULL, SOCK_CLOEXEC);

        if (fd >= 0)
            serve_one(c, fd);
        else
            over = errno == EINVAL || is_ending(c, PAUSE_MS);
    }
    return NULL;
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
    wire_unlisten(c->options.dir, c->listen_fd);
    pthread_join(c->thread, NULL);
    close(c->stop[0]);
    close(c->listen_fd);
    free(c);
}
