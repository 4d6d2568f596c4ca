/*
 * http.c - the transport of service.h.
 *
 * One exact-match table of routes; every shape of request that is not exactly
 * one of ours is refused on its headers, before the body, and the connection
 * closed. A request whose work is queued is suspended; the writer resumes it
 * when its answer stands.
 */
#include "http.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "http_guard.h"
#include "http_listen.h"

enum {
    CONNECTIONS_MAX = 10000,
    IDLE_S = 15,
    CONNECTION_MEMORY = 16 * 1024,
    HEADERS_MAX = 32,
    URI_MAX = 128,
    CLOSE_WAIT_S = 5
};

struct http {
    const struct service *service;
    struct MHD_Daemon *daemon;
    struct guard *guard;
    struct listening socket;
    pthread_mutex_t mutex;
    pthread_cond_t idle;
    int active; /* requests that have a call */
};

/* ---- routes -------------------------------------------------------------- */

struct route {
    const char *method, *path;
    size_t body_max;
    enum err (*begin)(struct call *call);
};

static const struct route routes[] = {
    { "POST", WIRE_PUSH_PATH, MAX_BATCH + MAX_HEADER, service_push },
    { "POST", WIRE_ENROL_PATH, MAX_HEADER, service_enrol },
};

/* One request; made when its first line is read. */
struct request {
    struct call call; /* first */
    struct http *http;
    struct MHD_Connection *connection;
    const struct route *route;
    bool raw_ok;  /* the address was plain, as sent */
    bool refused; /* on its headers */
    bool queued, answered;
};

/* ---- what a request must look like --------------------------------------- */

/* Before libmicrohttpd decodes anything: no escapes, no dots, no query. */
static bool uri_is_plain(const char *uri)
{
    size_t n = strlen(uri);

    return n <= URI_MAX && strspn(uri, "abcdefghijklmnopqrstuvwxyz0123456789"
                                       "/-_") == n;
}

struct headers {
    int n, lengths;
    bool transfer, encoded, strange;
    const char *length, *expect;
};

static bool has_control(const char *s)
{
    for (; *s != '\0'; s++) {
        if ((unsigned char)*s < 0x20 || *s == 0x7f)
            return true;
    }
    return false;
}

static enum MHD_Result look_at_header(void *cls, enum MHD_ValueKind kind,
                                      const char *key, const char *value)
{
    struct headers *h = cls;

    (void)kind;
    h->n++;
    value = value != NULL ? value : "";
    if (has_control(value) || has_control(key))
        h->strange = true;
    if (strcasecmp(key, "Content-Length") == 0) {
        h->lengths++;
        h->length = value;
    } else if (strcasecmp(key, "Transfer-Encoding") == 0) {
        h->transfer = true;
    } else if (strcasecmp(key, "Content-Encoding") == 0) {
        h->encoded = true;
    } else if (strcasecmp(key, "Expect") == 0) {
        h->expect = value;
    }
    return MHD_YES;
}

/* The body's length, or -1: plain digits only. */
static int64_t length_of(const char *s)
{
    size_t n = strlen(s);

    if (n == 0 || n > 9 || strspn(s, "0123456789") != n)
        return -1;
    return strtol(s, NULL, 10);
}

/* 0, or the status to refuse with. */
static int headers_status(struct MHD_Connection *connection,
                          const struct route *route)
{
    struct headers h = { 0 };

    MHD_get_connection_values(connection, MHD_HEADER_KIND, look_at_header, &h);
    if (h.n > HEADERS_MAX || h.strange || h.lengths > 1)
        return MHD_HTTP_BAD_REQUEST;
    if (h.transfer || h.lengths == 0)
        return MHD_HTTP_LENGTH_REQUIRED;
    if (h.encoded)
        return MHD_HTTP_UNSUPPORTED_MEDIA_TYPE;
    if (h.expect != NULL && strcasecmp(h.expect, "100-continue") != 0)
        return MHD_HTTP_EXPECTATION_FAILED;
    int64_t length = length_of(h.length);
    if (length < 0 && strlen(h.length) <= 9)
        return MHD_HTTP_BAD_REQUEST;
    if (length < 0 || (size_t)length > route->body_max)
        return MHD_HTTP_CONTENT_TOO_LARGE;
    return 0;
}

static const struct route *route_of(const char *method, const char *path)
{
    for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
        if (strcmp(routes[i].method, method) == 0 &&
            strcmp(routes[i].path, path) == 0)
            return &routes[i];
    }
    return NULL;
}

/* ---- answering ----------------------------------------------------------- */

static enum MHD_Result send_reply(struct request *r)
{
    const struct call *call = &r->call;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        call->reply.len, call->reply.data, MHD_RESPMEM_MUST_COPY);

    if (response == NULL)
        return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
                            call->json ? "application/json" : WIRE_TYPE);
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    if (call->status >= 400 && call->json)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    if (call->retry_after_s > 0) {
        BUF(seconds, 32);
        buf_int(&seconds, call->retry_after_s);
        MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER,
                                buf_text(&seconds));
    }
    guard_deadline(r->http->guard, r->connection, RESPONSE_MS);
    r->answered = true;
    enum MHD_Result ok =
        MHD_queue_response(r->connection, (unsigned int)call->status, response);
    MHD_destroy_response(response);
    return ok;
}

static enum MHD_Result refuse_status(struct request *r, int status)
{
    call_refuse(&r->call,
                status == MHD_HTTP_NOT_FOUND ? ERR_NOT_FOUND
                : status == 413              ? ERR_LIMIT
                                             : ERR_INVALID,
                NULL);
    r->call.status = status;
    r->refused = true;
    return send_reply(r);
}

static enum MHD_Result refuse_busy(struct request *r)
{
    call_refuse(&r->call, ERR_BUSY, NULL);
    r->refused = true;
    return send_reply(r);
}

/* On the writer's thread: the answer stands, the connection may go on. */
static void resume(struct call *call)
{
    struct request *r = (struct request *)call;

    MHD_resume_connection(r->connection);
}

/* ---- a request's life ---------------------------------------------------- */

static enum MHD_Result on_headers(struct request *r, const char *url,
                                  const char *method)
{
    r->route = route_of(method, url);
    if (r->route == NULL || !r->raw_ok)
        return refuse_status(r, MHD_HTTP_NOT_FOUND);
    int status = headers_status(r->connection, r->route);
    if (status != 0)
        return refuse_status(r, status);
    if (ingest_full(r->http->service->ingest))
        return refuse_busy(r);
    return MHD_YES;
}

static enum MHD_Result on_whole_body(struct request *r)
{
    if (!buf_ok(&r->call.body))
        return refuse_status(r, MHD_HTTP_CONTENT_TOO_LARGE);
    r->queued = true;
    guard_deadline(r->http->guard, r->connection, RESPONSE_MS);
    MHD_suspend_connection(r->connection);
    if (r->route->begin(&r->call) != ERR_OK)
        MHD_resume_connection(r->connection);
    return MHD_YES;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection,
                                  const char *url, const char *method,
                                  const char *version, const char *data,
                                  size_t *size, void **con_cls)
{
    struct request *r = *con_cls;

    (void)cls;
    (void)version;
    if (r->connection == NULL) {
        r->connection = connection;
        return on_headers(r, url, method);
    }
    if (*size > 0) {
        buf_put(&r->call.body, data, *size);
        *size = 0;
        return MHD_YES;
    }
    if (r->refused || r->answered)
        return MHD_YES;
    return r->queued ? send_reply(r) : on_whole_body(r);
}

/* The first line is read: the request begins, with its address as sent. */
static void *on_uri(void *cls, const char *uri,
                    struct MHD_Connection *connection)
{
    struct http *h = cls;
    struct request *r = x_alloc(sizeof(*r));

    (void)connection;
    call_init(&r->call, h->service);
    r->call.finished = resume;
    r->http = h;
    r->raw_ok = uri_is_plain(uri);
    pthread_mutex_lock(&h->mutex);
    h->active++;
    pthread_mutex_unlock(&h->mutex);
    return r;
}

static void on_completed(void *cls, struct MHD_Connection *connection,
                         void **con_cls, enum MHD_RequestTerminationCode code)
{
    struct http *h = cls;
    struct request *r = *con_cls;

    (void)code;
    if (r == NULL)
        return;
    guard_deadline(h->guard, connection, KEEP_ALIVE_MS);
    call_done(&r->call);
    free(r);
    *con_cls = NULL;
    pthread_mutex_lock(&h->mutex);
    if (--h->active == 0)
        pthread_cond_signal(&h->idle);
    pthread_mutex_unlock(&h->mutex);
}

/* ---- the daemon ---- */

static struct MHD_Daemon *daemon_start(struct http *h, int threads)
{
    const struct keys *keys = h->service->keys;

    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TLS | MHD_ALLOW_SUSPEND_RESUME,
        0, NULL, NULL, on_request, NULL, MHD_OPTION_LISTEN_SOCKET, h->socket.fd,
        MHD_OPTION_HTTPS_MEM_KEY, buf_text(&keys->tls_key),
        MHD_OPTION_HTTPS_MEM_CERT, buf_text(&keys->tls_crt),
        MHD_OPTION_HTTPS_PRIORITIES,
        "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2",
        MHD_OPTION_CONNECTION_LIMIT, (unsigned int)CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int)IDLE_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, on_uri, h,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, h,
        MHD_OPTION_NOTIFY_CONNECTION, guard_notify, h->guard,
        threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END,
        (unsigned int)threads, MHD_OPTION_END);
}

enum err http_open(const struct http_options *options,
                   const struct service *service, struct buf *why,
                   struct http **out)
{
    struct http *h = x_alloc(sizeof(*h));
    enum err e;

    h->service = service;
    e = listen_at(options->address, &h->socket, why);
    if (e != ERR_OK) {
        free(h);
        return e;
    }
    pthread_mutex_init(&h->mutex, NULL);
    pthread_cond_init(&h->idle, NULL);
    h->guard = guard_open();
    h->daemon = daemon_start(h, options->threads);
    if (h->daemon == NULL) {
        buf_puts(why, "libmicrohttpd");
        close(h->socket.fd);
        http_close(h);
        return ERR_IO;
    }
    *out = h;
    return ERR_OK;
}

void http_url(const struct http *h, struct buf *out)
{
    bool v6 = strchr(h->socket.host, ':') != NULL;

    buf_puts(out, v6 ? "https://[" : "https://");
    buf_puts(out, h->socket.host);
    buf_puts(out, v6 ? "]:" : ":");
    buf_int(out, h->socket.port);
}

void http_quiesce(struct http *h)
{
    MHD_socket fd = MHD_quiesce_daemon(h->daemon);

    if (fd != MHD_INVALID_SOCKET)
        close(fd);
}

void http_close(struct http *h)
{
    struct timespec until;

    if (h->daemon != NULL) {
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += CLOSE_WAIT_S;
        pthread_mutex_lock(&h->mutex);
        while (h->active > 0 &&
               pthread_cond_timedwait(&h->idle, &h->mutex, &until) == 0)
            continue;
        pthread_mutex_unlock(&h->mutex);
        MHD_stop_daemon(h->daemon);
    }
    guard_close(h->guard);
    pthread_cond_destroy(&h->idle);
    pthread_mutex_destroy(&h->mutex);
    free(h);
}
