/*
 * http.c - the transport of service.h (devices) and visit.h (people).
 *
 * One exact-match table of routes; every shape of request that is not exactly
 * one of ours is refused on its headers, before the body, and the connection
 * closed. A request whose work is queued is suspended; whoever finishes it,
 * the writer or a desk, resumes it when its answer stands.
 */
#include "http.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "fair/env.h"
#include "fair/i18n.h"

#include "http_guard.h"
#include "http_guest.h"
#include "http_listen.h"
#include "http_room.h"
#include "http_shape.h"
#include "sync/aggregator/ingest/waiting.h"
#include "sync/aggregator/ops/journal.h"
#include "sync/aggregator/ops/metrics.h"

enum {
    CONNECTIONS_MAX = 10000,
    IDLE_S = 15,
    BODIES_MAX = 96 * 1024 * 1024,  /* bytes of requests in memory */
    ANSWERS_MAX = 64 * 1024 * 1024, /* ... and of what people asked for */
    ANSWER_SMALL = 32 * 1024, /* not counted: all that strangers can get */
    CLOSE_WAIT_MS = 5000,
    FILES_OTHERS = 64,     /* descriptors for all that is no connection */
    CONNECTIONS_LEAST = 16 /* with fewer nobody is served well */
};

struct http {
    const struct service *service;
    const struct web *web;
    int threads;
    struct MHD_Daemon *daemon;
    struct guard *guard;
    struct venue venue;
    unsigned int most; /* connections */
    struct listening socket;
    pthread_mutex_t mutex;
    pthread_cond_t idle;
    int active; /* requests begun and not completed */
    struct room bodies, answers;
};

/* One request; made when its first line is read. */
struct request {
    struct call call; /* first; of a device, and what the transport refuses */
    struct guest *guest; /* of a person, from its body on */
    struct http *http;
    struct MHD_Connection *connection;
    struct target target;      /* as it was sent */
    bool fits;                 /* ... and may be an address of ours */
    const struct route *route; /* once its headers are read; NULL none */
    struct buf allow;          /* other methods of its address */
    size_t body, answer;       /* bytes of the rooms in `http` */
    bool crowded;              /* no room for its body */
    bool page;                 /* what the transport refuses is told as one */
    bool queued, answered;
    int64_t whole_ms; /* when its last byte had come, monotonic */
};

static bool is_device(const struct request *r)
{
    return r->route != NULL && r->route->desk == DESK_DEVICES;
}

/* ---- answering ----------------------------------------------------------- */

static void count_answer(int status)
{
    static const enum counter counters[] = {
        [2] = COUNT_REQUESTS_OK,
        [3] = COUNT_REQUESTS_MOVED,
        [4] = COUNT_REQUESTS_REFUSED,
        [5] = COUNT_REQUESTS_FAILED,
    };

    ASSERT(status >= 200 && status < 600);
    metrics_count(counters[status / 100], 1);
}

static enum MHD_Result send_response(struct request *r, int status,
                                     struct MHD_Response *response)
{
    if (response == NULL)
        return MHD_NO;
    guard_answer(r->http->guard, r->connection);
    r->answered = true;
    count_answer(status);
    enum MHD_Result ok =
        mhd.queue_response(r->connection, (unsigned int)status, response);
    mhd.destroy_response(response);
    return ok;
}

static struct MHD_Response *call_response(const struct request *r)
{
    const struct call *call = &r->call;
    struct MHD_Response *response = mhd.create_response_from_buffer(
        call->reply.len, call->reply.data, MHD_RESPMEM_MUST_COPY);

    if (response == NULL)
        return NULL;
    mhd.add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
                            r->page      ? "text/html; charset=utf-8"
                            : call->json ? "application/json"
                                         : WIRE_TYPE);
    if (is_device(r))
        mhd.add_response_header(response, "X-Content-Type-Options", "nosniff");
    else
        guest_policy(response);
    if (call->json)
        mhd.add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    if (r->allow.len > 0)
        mhd.add_response_header(response, MHD_HTTP_HEADER_ALLOW,
                                buf_text(&r->allow));
    if (call->retry_after_s > 0) {
        BUF(seconds, 32);
        buf_int(&seconds, call->retry_after_s);
        mhd.add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER,
                                buf_text(&seconds));
    }
    return response;
}

static enum MHD_Result send_reply(struct request *r)
{
    if (r->queued && !r->call.json &&
        strcmp(r->route->path, WIRE_PUSH_PATH) == 0)
        metrics_push(env_mono_ms() - r->whole_ms);
    if (r->queued)
        guard_who(r->http->guard, r->connection, r->call.who);
    return send_response(r, r->call.status, call_response(r));
}

/* Whoever takes an answer slowly has us hold it: only so many at once. */
static void find_room(struct request *r)
{
    struct visit *v = &r->guest->visit;
    size_t n = v->answer.body.cap;

    if (n <= ANSWER_SMALL)
        return;
    if (room_take(&r->http->answers, n))
        r->answer = n;
    else
        visit_withdraw(v);
}

static enum MHD_Result send_answer(struct request *r)
{
    const struct visit *v = &r->guest->visit;

    find_room(r);
    bool in = v->token[0] != '\0' && v->answer.status < 400;
    if (r->route->desk != DESK_NONE)
        guard_who(r->http->guard, r->connection, str_of(in ? v->who.name : ""));
    return send_response(r, v->answer.status, guest_response(r->guest));
}

static struct str header_of(const struct request *r, const char *name)
{
    return str_of(
        mhd.lookup_connection_value(r->connection, MHD_HEADER_KIND, name));
}

/* Is it somebody who reads pages? */
static bool wants_page(const struct request *r)
{
    static const char page[] = "text/html";
    struct str accept = header_of(r, MHD_HTTP_HEADER_ACCEPT);

    return (r->route == NULL || !r->route->program) && accept.len > 0 &&
           strstr(accept.data, page) != NULL;
}

/* The refusal that stands, said as a page. */
static void tell_by_page(struct request *r, enum err e)
{
    const struct ask ask = {
        .cookie = header_of(r, MHD_HTTP_HEADER_COOKIE),
        .languages = header_of(r, MHD_HTTP_HEADER_ACCEPT_LANGUAGE),
    };

    r->page = true;
    buf_clear(&r->call.reply);
    visit_no_page(r->http->web, &ask, e == ERR_INVALID ? ERR_USAGE : e,
                  &r->call.reply);
}

static enum MHD_Result refuse_status(struct request *r, int status)
{
    enum err e = status == MHD_HTTP_NOT_FOUND           ? ERR_NOT_FOUND
                 : status == MHD_HTTP_CONTENT_TOO_LARGE ? ERR_LIMIT
                                                        : ERR_INVALID;

    call_refuse(&r->call, e);
    r->call.status = status;
    if (wants_page(r))
        tell_by_page(r, e);
    return send_reply(r);
}

static enum MHD_Result refuse_busy(struct request *r)
{
    call_refuse(&r->call, ERR_BUSY);
    return send_reply(r);
}

/* On the thread that has finished it: the connection may go on. */
static void resume(void *ctx)
{
    struct request *r = ctx;

    mhd.resume_connection(r->connection);
}

static void resume_call(struct call *call)
{
    resume(call);
}

/* ---- a request's life ---------------------------------------------------- */

static struct peer peer_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        mhd.get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

    return info != NULL ? listen_peer(info->client_addr) : (struct peer){ 0 };
}

/* What is there at its address, for its method and with its query. */
static int look_up(struct request *r, const char *method, const char *version)
{
    const struct target *t = &r->target;

    if (!r->fits || !shape_target_whole(t, version))
        return MHD_HTTP_NOT_FOUND;
    const struct route *route = route_of(method, t->path, &r->allow);
    if (route == NULL)
        return r->allow.len > 0 ? MHD_HTTP_METHOD_NOT_ALLOWED
                                : MHD_HTTP_NOT_FOUND;
    r->route = route;
    if (t->asks && (strcmp(route->method, "GET") != 0 ||
                    !route_takes(route, str_of(t->query))))
        return MHD_HTTP_NOT_FOUND;
    return 0;
}

static enum MHD_Result on_headers(struct request *r, const char *method,
                                  const char *version)
{
    int status = look_up(r, method, version);

    if (status != 0)
        return refuse_status(r, status);
    enum shape_kind kind = is_device(r)                           ? SHAPE_BODY
                           : strcmp(r->route->method, "GET") == 0 ? SHAPE_ASKING
                                                                  : SHAPE_FORM;
    status = shape_headers(r->connection, kind, r->route->body_max);
    if (status != 0)
        return refuse_status(r, status);
    if (is_device(r) && ingest_full(r->http->service->ingest))
        return refuse_busy(r);
    return MHD_YES;
}

/* Keeps what has come of a body, while there is memory for it: many who send
 * much and never end must not take it from the others. */
static void on_body(struct request *r, const char *data, size_t size)
{
    r->crowded = r->crowded || !room_take(&r->http->bodies, size);
    if (r->crowded)
        return;
    r->body += size;
    buf_put(&r->call.body, data, size);
}

static enum err begin_call(struct request *r)
{
    static const struct {
        const char *path;
        enum err (*begin)(struct call *call);
    } services[] = {
        { WIRE_PUSH_PATH, service_push },
        { WIRE_ENROL_PATH, service_enrol },
    };
    size_t i = 0;

    while (strcmp(services[i].path, r->route->path) != 0)
        ASSERT(++i < ARRAY_LEN(services));
    return services[i].begin(&r->call);
}

static enum err begin_visit(struct request *r)
{
    r->guest =
        guest_open(r->http->web, r->route, r->connection, r->target.query);
    r->guest->visit.ask.body = buf_slice(&r->call.body);
    r->guest->resume = resume;
    r->guest->ctx = r;
    return visit_begin(&r->guest->visit);
}

static enum MHD_Result on_whole_body(struct request *r)
{
    if (r->crowded)
        return refuse_busy(r);
    if (!buf_ok(&r->call.body))
        return refuse_status(r, MHD_HTTP_CONTENT_TOO_LARGE);
    r->queued = true;
    r->whole_ms = env_mono_ms();
    guard_ours(r->http->guard, r->connection);
    mhd.suspend_connection(r->connection);
    enum err e = is_device(r) ? begin_call(r) : begin_visit(r);
    if (e != ERR_OK)
        mhd.resume_connection(r->connection);
    return MHD_YES;
}

// NOLINTNEXTLINE(readability-function-size): libmicrohttpd calls it so
static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection,
                                  const char *url, const char *method,
                                  const char *version, const char *data,
                                  size_t *size, void **con_cls)
{
    struct request *r = *con_cls;

    (void)cls;
    (void)url; /* decoded already: r->target is what was sent */
    if (r->connection == NULL) {
        r->connection = connection;
        r->call.peer = peer_of(connection);
        return on_headers(r, method, version);
    }
    if (*size > 0) {
        on_body(r, data, *size);
        *size = 0;
        return MHD_YES;
    }
    if (r->answered)
        return MHD_YES;
    if (!r->queued)
        return on_whole_body(r);
    return r->guest != NULL ? send_answer(r) : send_reply(r);
}

/* The first line is read: the request begins, with its address as sent. */
static void *on_uri(void *cls, const char *uri,
                    struct MHD_Connection *connection)
{
    struct http *h = cls;
    struct request *r = x_alloc(sizeof(*r));

    (void)connection;
    call_init(&r->call, h->service);
    r->call.finished = resume_call;
    r->http = h;
    r->fits = shape_target(uri, &r->target);
    buf_init(&r->allow, MAX_TEXT);
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
    guard_next(h->guard, connection);
    guest_close(r->guest);
    call_done(&r->call);
    buf_done(&r->allow);
    *con_cls = NULL;
    room_give(&h->bodies, r->body);
    room_give(&h->answers, r->answer);
    pthread_mutex_lock(&h->mutex);
    if (--h->active == 0)
        pthread_cond_signal(&h->idle);
    pthread_mutex_unlock(&h->mutex);
    free(r);
}

/* ---- the daemon ---------------------------------------------------------- */

/* As many connections as there are descriptors for, once we have asked for
 * all that we may have. ERR_LIMIT: too few. */
static enum err connections_max(unsigned int *out, struct buf *why)
{
    struct rlimit limit = { .rlim_cur = 1024 };
    rlim_t want = CONNECTIONS_MAX + FILES_OTHERS;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < want) {
        limit.rlim_cur = limit.rlim_max < want ? limit.rlim_max : want;
        setrlimit(RLIMIT_NOFILE, &limit);
        getrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur < FILES_OTHERS + CONNECTIONS_LEAST) {
        buf_printf(why, _("%d files may be open, at least %d have to"),
                   (int)limit.rlim_cur, FILES_OTHERS + CONNECTIONS_LEAST);
        return ERR_LIMIT;
    }
    *out = limit.rlim_cur < want ? (unsigned int)limit.rlim_cur - FILES_OTHERS
                                 : CONNECTIONS_MAX;
    return ERR_OK;
}

/* Said once, with what helps: the kernel would only refuse. */
static void tell_few(const struct http *h)
{
    if (h->most < CONNECTIONS_MAX)
        journal(
            JOURNAL_WARNING, "few-connections",
            JOURNAL_FIELDS({ "most", NULL, h->most },
                           { "wanted", NULL, CONNECTIONS_MAX },
                           { "remedy", "set LimitNOFILE=16384 or more", 0 }));
}

static struct MHD_Daemon *daemon_start(struct http *h, int threads)
{
    const struct keys *keys = h->service->keys;

    return mhd.start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TLS | MHD_ALLOW_SUSPEND_RESUME,
        0, NULL, NULL, on_request, NULL, MHD_OPTION_LISTEN_SOCKET, h->socket.fd,
        MHD_OPTION_HTTPS_MEM_KEY, buf_text(&keys->tls_key),
        MHD_OPTION_HTTPS_MEM_CERT, buf_text(&keys->tls_crt),
        MHD_OPTION_HTTPS_PRIORITIES,
        "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2",
        MHD_OPTION_CONNECTION_LIMIT, h->most, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned int)IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_URI_LOG_CALLBACK, on_uri, h, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, h, MHD_OPTION_NOTIFY_CONNECTION, guard_notify, h->guard,
        threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END,
        (unsigned int)threads, MHD_OPTION_END);
}

enum err http_open(const struct http_options *options, struct buf *why,
                   struct http **out)
{
    struct http *h = x_alloc(sizeof(*h));
    enum err e;

    mhd_load();
    h->service = options->service;
    h->web = options->web;
    h->threads = options->threads;
    e = venue_parse(str_of(options->venue), &h->venue, why);
    if (e == ERR_OK)
        e = connections_max(&h->most, why);
    if (e == ERR_OK)
        e = listen_at(options->address, &h->socket, why);
    if (e != ERR_OK) {
        free(h);
        return e;
    }
    pthread_mutex_init(&h->mutex, NULL);
    room_init(&h->bodies, BODIES_MAX);
    room_init(&h->answers, ANSWERS_MAX);
    waiting_init(&h->idle);
    h->guard = guard_open(h->most, &h->venue);
    *out = h;
    return ERR_OK;
}

enum err http_serve(struct http *h, struct buf *why)
{
    h->daemon = daemon_start(h, h->threads);
    if (h->daemon == NULL) {
        h->socket.fd = -1; /* libmicrohttpd has closed it */
        buf_puts(why, "libmicrohttpd");
        return ERR_IO;
    }
    tell_few(h);
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
    if (h->daemon != NULL)
        mhd.quiesce_daemon(h->daemon);
    if (h->socket.fd >= 0)
        shutdown(h->socket.fd, SHUT_RDWR);
}

void http_close(struct http *h)
{
    int64_t end = env_mono_ms() + CLOSE_WAIT_MS;
    bool more = true;

    pthread_mutex_lock(&h->mutex);
    while (h->active > 0 && more && env_mono_ms() < end)
        more = waiting_for(&h->idle, &h->mutex, CLOSE_WAIT_MS);
    pthread_mutex_unlock(&h->mutex);
    if (h->daemon != NULL)
        mhd.stop_daemon(h->daemon);
    if (h->socket.fd >= 0) /* not before its threads have ended */
        close(h->socket.fd);
    guard_close(h->guard);
    pthread_cond_destroy(&h->idle);
    pthread_mutex_destroy(&h->mutex);
    room_done(&h->bodies);
    room_done(&h->answers);
    free(h);
}
