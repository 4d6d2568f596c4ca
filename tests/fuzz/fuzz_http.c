#define _GNU_SOURCE /* memmem */
/*
 * fuzz_http.c - any bytes as what somebody sends to the aggregator's port.
 *
 * The real server with the real libmicrohttpd, but for two things: it stands
 * behind a pair of sockets instead of TLS, and it is driven by this thread, so
 * that an input is over when its answers are. Somebody is signed in: cookies
 * 00…0 (an administrator) and 11…1 (a booth) are known. The first byte says
 * where the input is cut in two. Left out are live pages, which wait for news,
 * and passwords, which take a tenth of a second and 64 MiB each.
 *
 * Rules checked: nothing crashes; every answer is whole, its head of visible
 * characters; none asks a printer, a terminal or a page for anything; behind a
 * refusal nothing follows on that connection, whatever else was sent.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fair/date.h"
#include "fair/env.h"
#include "sync/aggregator/account/secrets.h"
#include "sync/aggregator/http/http.h"
#include "sync/aggregator/http/mhd.h"
#include "sync/aggregator/ops/journal.h"
#include "sync/aggregator/store/reference.h"
#include "sync/aggregator/web/web.h"
#include "tests/support/scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 32 * 1024, OPTIONS_MAX = 24, WAIT_MS = 20, TURNS = 500 };

static struct MHD_Daemon *daemon_;
static atomic_int suspended;
static char dir[SCRATCH_ROOM];

/* ---- between http.c and libmicrohttpd ------------------------------------ */

/* How the value of an option was handed over. */
static enum { INT, UNSIGNED, SIZE, POINTER, TWO } shape_of(int option)
{
    switch (option) {
    case MHD_OPTION_HTTPS_MEM_KEY:
    case MHD_OPTION_HTTPS_MEM_CERT:
    case MHD_OPTION_HTTPS_PRIORITIES: return POINTER;
    case MHD_OPTION_LISTEN_SOCKET:
    case MHD_OPTION_STRICT_FOR_CLIENT: return INT;
    case MHD_OPTION_CONNECTION_LIMIT:
    case MHD_OPTION_CONNECTION_TIMEOUT:
    case MHD_OPTION_THREAD_POOL_SIZE: return UNSIGNED;
    case MHD_OPTION_CONNECTION_MEMORY_LIMIT: return SIZE;
    default:
        ASSERT(option == MHD_OPTION_URI_LOG_CALLBACK ||
               option == MHD_OPTION_NOTIFY_COMPLETED ||
               option == MHD_OPTION_NOTIFY_CONNECTION);
        return TWO;
    }
}

/* Of ports, TLS and threads there are none here. */
static bool left_out(int option)
{
    return shape_of(option) == POINTER || option == MHD_OPTION_LISTEN_SOCKET ||
           option == MHD_OPTION_THREAD_POOL_SIZE;
}

static int take_options(va_list args, struct MHD_OptionItem *out)
{
    int option, n = 0;
    while ((option = va_arg(args, int)) != MHD_OPTION_END) {
        struct MHD_OptionItem *o = &out[n];
        *o = (struct MHD_OptionItem){ (enum MHD_OPTION)option, 0, NULL };
        ASSERT(n < OPTIONS_MAX - 1);
        switch (shape_of(option)) {
        case INT: o->value = va_arg(args, int); break;
        // NOLINTNEXTLINE(bugprone-branch-clone): of other types
        case UNSIGNED: o->value = (intptr_t)va_arg(args, unsigned int); break;
        case SIZE: o->value = (intptr_t)va_arg(args, size_t); break;
        case TWO: o->value = (intptr_t)va_arg(args, void *); /* fall through */
        case POINTER: o->ptr_value = va_arg(args, void *); break;
        }
        n += !left_out(option);
    }
    out[n] = (struct MHD_OptionItem){ MHD_OPTION_END, 0, NULL };
    return n;
}

/* In place of MHD_start_daemon: the same handlers and limits, no port, no
 * TLS, no thread. */
// NOLINTNEXTLINE(readability-function-size): libmicrohttpd calls it so
static struct MHD_Daemon *start(unsigned int flags, uint16_t port,
                                MHD_AcceptPolicyCallback accept, void *accept_a,
                                MHD_AccessHandlerCallback handler, void *a, ...)
{
    struct MHD_OptionItem options[OPTIONS_MAX];
    va_list args;
    ASSERT((flags & MHD_USE_TLS) != 0);
    va_start(args, a);
    ASSERT(take_options(args, options) >= 7);
    va_end(args);
    daemon_ = MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET |
                                   MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME,
                               port, accept, accept_a, handler, a,
                               MHD_OPTION_ARRAY, options, MHD_OPTION_END);
    return daemon_;
}

static void suspend(struct MHD_Connection *c)
{
    atomic_fetch_add(&suspended, 1);
    MHD_suspend_connection(c);
}

static void resume(struct MHD_Connection *c)
{
    MHD_resume_connection(c);
    atomic_fetch_sub(&suspended, 1);
}

/* ---- made once ----------------------------------------------------------- */

static void tear_down(void)
{
    scratch_remove(dir);
}

static enum err add_guest(struct store *s, const char *name, enum role role,
                          char digit)
{
    struct account a = { .role = role, .made_ms = 1, .secret = { digit } };
    struct session session = { .since_ms = env_wall_ms() };
    char token[TOKEN_TEXT + 1] = { 0 };
    session.expires_ms = session.since_ms + INT64_C(1000) * 86400 * 365;
    strncpy(a.name, name, sizeof(a.name) - 1);
    memcpy(session.account, a.name, sizeof(a.name));
    if (role == ROLE_BOOTH) {
        memcpy(a.fair, "XUAN", 5);
        memcpy(a.booth, "A1", 3);
    }
    memset(token, digit, TOKEN_TEXT);
    ASSERT(token_hash(str_of(token), session.hash));
    enum err e = account_add(s, &a);
    return e == ERR_OK ? session_add(s, &session) : e;
}

static void fill_store(void)
{
    struct store *s;
    enum change change;
    struct fair f = {
        .code = "XUAN", .name = "Xuân", .first_day = 20200114, .days = 6
    };
    const struct figures published = { .fair = STR("HE"),
                                       .name = STR("Hè"),
                                       .note = STR(""),
                                       .days = 6,
                                       .visits = 7,
                                       .revenue_all_vnd = 9,
                                       .revenue_in_province_vnd = 8 };
    struct booth b = { STR("A1"), STR("Hạ Long"), STR("in-province"), STR(""),
                       1 };
    enum err e = store_open(dir, STORE_WRITE, NULL, &s);
    if (e == ERR_OK)
        e = fair_put(s, &f, &change);
    if (e == ERR_OK)
        e = booth_put(s, STR("XUAN"), &b, &change);
    if (e == ERR_OK)
        e = figures_put(s, &published, &change);
    if (e == ERR_OK)
        e = add_guest(s, "an", ROLE_ADMINISTRATOR, '0');
    if (e == ERR_OK)
        e = add_guest(s, "ba", ROLE_BOOTH, '1');
    ASSERT(e == ERR_OK);
    store_close(s);
}

static void ignore(void *ctx, struct str line)
{
    (void)ctx;
    for (size_t i = 0; i < line.len; i++)
        ASSERT((line.data[i] == '\n') == (i == line.len - 1));
}

static void set_up(void)
{
    static struct keys keys;
    static struct service service;
    static struct web web;
    static struct ingest *ingest;
    static struct http *http;
    BUF(why, MAX_TEXT);
    scratch_make(dir);
    atexit(tear_down);
    sign_init();
    journal_to(ignore, NULL);
    fill_store();
    const struct ingest_options in = { .where = dir,
                                       .queue = 24,
                                       .writers = 1 };
    enum err e = keys_make(dir);
    if (e == ERR_OK)
        e = keys_load(dir, &keys);
    if (e == ERR_OK)
        e = ingest_open(&in, &why, &ingest);
    ASSERT(e == ERR_OK);
    service_init(&service, ingest, &keys);
    web = (struct web){ .dir = dir,
                        .where = dir,
                        .ingest = ingest,
                        .url = "https://127.0.0.1:1",
                        .language = "en",
                        .silent_min = 30,
                        .chart_js = "" };
    struct http_options options = { .address = "127.0.0.1:0",
                                    .venue = "",
                                    .threads = 1,
                                    .service = &service,
                                    .web = &web };
    e = web_open(&web, &why);
    if (e == ERR_OK)
        e = http_open(&options, &why, &http);
    ASSERT(e == ERR_OK);
    mhd.start_daemon = start;
    mhd.suspend_connection = suspend;
    mhd.resume_connection = resume;
    e = http_serve(http, &why);
    ASSERT(e == ERR_OK && daemon_ != NULL);
}

/* ---- one connection ------------------------------------------------------ */

static unsigned int connections(void)
{
    return MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_CURRENT_CONNECTIONS)
        ->num_connections;
}

/* What has come until now; false: the server has closed. */
static bool receive(int fd, struct buf *out)
{
    char bytes[8192];
    ssize_t n;
    while ((n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0)
        buf_put(out, bytes, (size_t)n);
    return n < 0 && errno == EAGAIN;
}

/* Lets the server work until it has nothing left to do. */
static bool settle(int fd, struct buf *out)
{
    for (int quiet = 0, turn = 0; quiet < 2 && turn < TURNS; turn++) {
        size_t before = out->len;
        bool waits = atomic_load(&suspended) > 0;
        MHD_run_wait(daemon_, waits ? WAIT_MS : 0);
        if (!receive(fd, out))
            return false;
        bool busy = waits || atomic_load(&suspended) > 0 || out->len > before;
        quiet = busy ? 0 : quiet + 1;
    }
    return true;
}

static void send_all(int fd, struct str bytes, struct buf *out)
{
    while (bytes.len > 0) {
        ssize_t n =
            send(fd, bytes.data, bytes.len, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN)
            return; /* closed: refused before its end */
        if (n > 0)
            bytes = (struct str){ bytes.data + n, bytes.len - (size_t)n };
        if (!settle(fd, out))
            return;
    }
}

static void converse(struct str first, struct str second, struct buf *out)
{
    struct sockaddr_in from = { .sin_family = AF_INET,
                                .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int pair[2];
    ASSERT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) == 0);
    ASSERT(MHD_add_connection(daemon_, pair[0], (struct sockaddr *)&from,
                              sizeof(from)) == MHD_YES);
    send_all(pair[1], first, out);
    send_all(pair[1], second, out);
    settle(pair[1], out);
    close(pair[1]);
    for (int i = 0; connections() > 0; i++) {
        MHD_run_wait(daemon_, i > 3);
        ASSERT(i < TURNS);
    }
    ASSERT(atomic_load(&suspended) == 0);
}

/* ---- what it answered ---------------------------------------------------- */

static bool take_line(struct str *rest, struct str *line)
{
    const char *end = memmem(rest->data, rest->len, "\r\n", 2);
    if (end == NULL)
        return false;
    *line = (struct str){ rest->data, (size_t)(end - rest->data) };
    *rest = (struct str){ end + 2, rest->len - line->len - 2 };
    for (size_t i = 0; i < line->len; i++)
        ASSERT((unsigned char)line->data[i] >= 0x20 && line->data[i] != 0x7f);
    return true;
}

static bool begins(struct str line, const char *with)
{
    size_t n = strlen(with);
    return line.len >= n && strncasecmp(line.data, with, n) == 0;
}

struct answered {
    int status;
    size_t length;
    bool closes, ours;
};

static void take_head(struct str *rest, struct answered *out)
{
    struct str line;
    ASSERT(take_line(rest, &line));
    ASSERT(begins(line, "HTTP/1.") && line.len > 12);
    *out = (struct answered){ .status = (int)strtol(line.data + 9, NULL, 10) };
    while (take_line(rest, &line) && line.len > 0) {
        ASSERT(memchr(line.data, ':', line.len) != NULL);
        if (begins(line, "content-length: "))
            out->length = (size_t)strtoul(line.data + 16, NULL, 10);
        out->closes = out->closes || begins(line, "connection: close");
        out->ours = out->ours || begins(line, "x-content-type-options: ");
    }
}

static bool holds(struct str s, const char *word)
{
    return s.len > 0 && memmem(s.data, s.len, word, strlen(word)) != NULL;
}

/* What libmicrohttpd refuses by itself it may begin twice over a plain socket;
 * then nothing of ours follows. */
static void check(struct str all, bool has_bodies)
{
    while (all.len > 0) {
        struct answered a;
        take_head(&all, &a);
        ASSERT(a.status == 100 || (a.status >= 200 && a.status < 600));
        if (a.status == 100)
            continue;
        bool refused = a.status >= 400 && a.status != 401;
        ASSERT(!refused || a.closes);
        if (!a.ours) {
            ASSERT(refused && !holds(all, "X-Content-Type-Options"));
            return;
        }
        if (!has_bodies)
            return;
        ASSERT(all.len >= a.length && (!refused || all.len == a.length));
        all = (struct str){ all.data + a.length, all.len - a.length };
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = { (const char *)data + 1, size - 1 };
    BUF(out, 16 * 1024 * 1024);
    if (size < 2 || size > INPUT_MAX)
        return 0;
    if (holds(s, "/live") || holds(s, "password=") || holds(s, "current="))
        return 0;
    if (daemon_ == NULL)
        set_up();
    size_t cut = data[0] < s.len ? data[0] : s.len;
    converse((struct str){ s.data, cut },
             (struct str){ s.data + cut, s.len - cut }, &out);
    check(buf_slice(&out), !holds(s, "HEAD "));
    return 0;
}
