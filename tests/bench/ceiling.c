/*
 * ceiling.c - a server that stores nothing.
 */
#include "tests/bench/ceiling.h"

#include <microhttpd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fair/env.h"
#include "fair/wire.h"
#include "sync/aggregator/http/http_listen.h"
#include "sync/aggregator/ingest/keys.h"

enum { CONNECTION_MEMORY = 16 * 1024 }; /* as the real one */

static void acknowledge(const struct keys *keys, struct str body,
                        struct buf *out)
{
    struct push push;
    if (push_decode(body, NULL, &push, NULL) != ERR_OK)
        return;
    struct ack ack = { .ack = STR("1"),
                       .aggregator = str_of(keys->id),
                       .at_ms = env_wall_ms(),
                       .count = push.header.to,
                       .device = push.header.device,
                       .head = push.header.head,
                       .nonce = push.header.nonce,
                       .state = STR("active"),
                       .wanted = push.header.to + 1 };
    ack_encode(&ack, &keys->signing, out);
}

// NOLINTNEXTLINE(readability-function-size): libmicrohttpd calls it so
static enum MHD_Result take(void *cls, struct MHD_Connection *connection,
                            const char *url, const char *method,
                            const char *version, const char *data, size_t *size,
                            void **context)
{
    struct buf *body = *context;
    BUF(reply, MAX_REPLY);
    (void)url, (void)method, (void)version;
    if (!body) {
        *context = body = x_alloc(sizeof(*body));
        buf_init(body, MAX_BATCH);
        return MHD_YES;
    }
    if (*size > 0) {
        buf_put(body, data, *size);
        *size = 0;
        return MHD_YES;
    }
    acknowledge(cls, buf_slice(body), &reply);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        reply.len, reply.data, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result rc =
        MHD_queue_response(connection, reply.len > 0 ? 200 : 400, response);
    MHD_destroy_response(response);
    return rc;
}

static void taken(void *cls, struct MHD_Connection *connection, void **context,
                  enum MHD_RequestTerminationCode code)
{
    (void)cls, (void)connection, (void)code;
    if (*context) {
        buf_done(*context);
        free(*context);
    }
    *context = NULL;
}

static int serve(const char *dir, const struct listening *at)
{
    struct keys keys;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (keys_load(dir, &keys) != ERR_OK)
        return 1;
    struct MHD_Daemon *d = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TLS, 0, NULL, NULL, take, &keys,
        MHD_OPTION_LISTEN_SOCKET, at->fd, MHD_OPTION_HTTPS_MEM_KEY,
        buf_text(&keys.tls_key), MHD_OPTION_HTTPS_MEM_CERT,
        buf_text(&keys.tls_crt), MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_NOTIFY_COMPLETED, taken, NULL,
        MHD_OPTION_END);
    while (d)
        pause();
    return 1;
}

/* The socket listens before the process exists: nobody has to wait. */
void ceiling_start(const char *dir, struct ceiling *out)
{
    struct listening at;
    BUF(why, MAX_TEXT);
    enum err e = listen_at("127.0.0.1:0", &at, &why);
    if (e != ERR_OK)
        err_die(__FILE__, __LINE__, buf_text(&why));
    out->port = at.port;
    out->pid = fork();
    if (out->pid == 0)
        _exit(serve(dir, &at));
    close(at.fd);
    ASSERT(out->pid > 0);
}

void ceiling_stop(struct ceiling *c)
{
    kill(c->pid, SIGTERM);
    waitpid(c->pid, NULL, 0);
}
