/*
 * http.c - libcurl behind the environment's `post`.
 *
 * One handle for the process, made at the first request: libcurl keeps the
 * connection in it for the requests of one session.
 *
 * libcurl, in whichever flavour is installed, is loaded with the first
 * request. With it come some thirty libraries, 7 MB and as many milliseconds,
 * which a command that sends nothing, and a watcher that waits, do without.
 */
#define CURL_DISABLE_TYPECHECK /* its macros would name the functions */
#include "sync/agent/http.h"

#include <curl/curl.h>
#include <string.h>

#include "fair/library.h"
#include "fair/wire.h"

enum {
    CONNECT_MS = 10000,
    SLOW_BYTES_S = 100, /* slower than this */
    SLOW_S = 15         /* for so long: the network counts as gone */
};

volatile sig_atomic_t https_break;

static CURL *handle;
static struct curl_slist *headers;

/* ---- the library --------------------------------------------------------- */

#define FUNCTIONS(X)  \
    X(global_init)    \
    X(global_cleanup) \
    X(easy_init)      \
    X(easy_cleanup)   \
    X(easy_setopt)    \
    X(easy_perform)   \
    X(easy_getinfo)   \
    X(version_info)   \
    X(slist_append)   \
    X(slist_free_all)

static struct {
#define X(name) __typeof__(curl_##name) *name;
    FUNCTIONS(X)
#undef X
} curl;

static bool curl_load(void)
{
    /* Debian's names, the lightest first: of GnuTLS, of OpenSSL (as on any
     * other system), of NSS. */
    static const char *const flavours[] = { "libcurl-gnutls.so.4",
                                            "libcurl.so.4", "libcurl-nss.so.4",
                                            NULL };
    const struct library_symbol symbols[] = {
#define X(name) { "curl_" #name, &curl.name },
        FUNCTIONS(X)
#undef X
            { NULL, NULL }
    };
    return library_load(flavours, symbols);
}

const char *https_version(void)
{
    return curl_load() ? curl.version_info(CURLVERSION_NOW)->version : NULL;
}

/* ---- callbacks ----------------------------------------------------------- */

/* Taking less than was offered makes libcurl give up. */
static size_t take_bytes(char *bytes, size_t size, size_t n, void *ctx)
{
    struct buf *reply = ctx;
    buf_put(reply, bytes, size * n);
    return buf_ok(reply) ? size * n : 0;
}

static int look_for_break(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c,
                          curl_off_t d)
{
    (void)ctx, (void)a, (void)b, (void)c, (void)d;
    return https_break != 0;
}

/* ---- the handle ---------------------------------------------------------- */

struct number {
    CURLoption option;
    long value;
};

static void set_numbers(const struct number *numbers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        CURLcode rc =
            curl.easy_setopt(handle, numbers[i].option, numbers[i].value);
        ASSERT(rc == CURLE_OK);
    }
}

static void set_text(CURLoption option, const char *text)
{
    CURLcode rc = curl.easy_setopt(handle, option, text);
    ASSERT(rc == CURLE_OK);
}

/* What holds for every request. */
static void handle_set(void)
{
    static const struct number numbers[] = {
        { CURLOPT_POST, 1 },
        { CURLOPT_FOLLOWLOCATION, 0 },
        { CURLOPT_NOSIGNAL, 1 },
        { CURLOPT_NETRC, CURL_NETRC_IGNORED },
        { CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1 },
        { CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 },
        { CURLOPT_SSL_VERIFYPEER, 0 }, /* the pin is what we go by */
        { CURLOPT_SSL_VERIFYHOST, 0 },
        { CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES_S },
        { CURLOPT_LOW_SPEED_TIME, SLOW_S },
        { CURLOPT_NOPROGRESS, 0 },
    };
    set_numbers(numbers, ARRAY_LEN(numbers));
    set_text(CURLOPT_PROTOCOLS_STR, "https");
    set_text(CURLOPT_PROXY, "");
    set_text(CURLOPT_NOPROXY, "*");
    /* GnuTLS would read all authorities, for nothing; others have no folder. */
    set_text(CURLOPT_CAINFO, NULL);
    curl.easy_setopt(handle, CURLOPT_CAPATH, NULL);
    curl.easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl.easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_bytes);
    curl.easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, look_for_break);
}

static enum err handle_make(void)
{
    if (!curl_load())
        return ERR_LIBRARY;
    CURLcode rc = curl.global_init(CURL_GLOBAL_DEFAULT);
    handle = rc == CURLE_OK ? curl.easy_init() : NULL;
    if (!handle)
        err_die(__FILE__, __LINE__, "libcurl does not start");
    headers = curl.slist_append(NULL, "Content-Type: " WIRE_TYPE);
    handle_set();
    return ERR_OK;
}

void https_done(void)
{
    if (!handle)
        return;
    curl.easy_cleanup(handle);
    curl.slist_free_all(headers);
    curl.global_cleanup();
    handle = NULL;
    headers = NULL;
}

/* ---- a request ----------------------------------------------------------- */

static void prepare(const struct net_request *req, struct buf *reply)
{
    const struct number numbers[] = {
        { CURLOPT_TIMEOUT_MS, req->timeout_ms },
        { CURLOPT_CONNECTTIMEOUT_MS,
          req->timeout_ms < CONNECT_MS ? req->timeout_ms : CONNECT_MS },
        { CURLOPT_POSTFIELDSIZE, (long)req->body.len },
    };
    set_numbers(numbers, ARRAY_LEN(numbers));
    set_text(CURLOPT_URL, req->url);
    set_text(CURLOPT_PINNEDPUBLICKEY, req->pin);
    curl.easy_setopt(handle, CURLOPT_POSTFIELDS, req->body.data);
    curl.easy_setopt(handle, CURLOPT_WRITEDATA, reply);
}

static void answered(const struct net_request *req, int *status)
{
    long code = 0;
    curl_off_t after = 0;
    curl.easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code);
    curl.easy_getinfo(handle, CURLINFO_RETRY_AFTER, &after);
    if (req->retry_after_s && after > 0)
        *req->retry_after_s = after < INT32_MAX ? (int)after : INT32_MAX;
    *status = (int)code;
}

enum err https_post(void *ctx, const struct net_request *req, int *status,
                    struct buf *reply)
{
    (void)ctx;
    ASSERT(req->timeout_ms > 0 && req->body.len <= MAX_BATCH);
    if (!req->pin || strncmp(req->pin, "sha256//", 8) != 0)
        return ERR_PIN; /* libcurl would take it for a file, or for none */
    enum err e = handle ? ERR_OK : handle_make();
    if (e)
        return e;
    BUF(got, req->reply_max);
    prepare(req, &got);
    CURLcode rc = curl.easy_perform(handle);
    if (rc == CURLE_SSL_PINNEDPUBKEYNOTMATCH)
        return ERR_PIN;
    if (rc != CURLE_OK)
        return ERR_UNREACHABLE;
    answered(req, status);
    buf_str(reply, buf_slice(&got));
    return ERR_OK;
}

const char *https_detail(enum err e, const char *url)
{
    return e == ERR_LIBRARY ? "libcurl" : url;
}

void https_install(void)
{
    struct env env = *env_get();
    env.post = https_post;
    env_use(&env);
}
