/*
 * http_guest.c - headers in, headers out.
 *
 * It understands nothing of pages. A header that is longer than any of ours
 * has to be counts as absent.
 */
#include "http_guest.h"

#include <stdlib.h>
#include <string.h>

/* ---- in ------------------------------------------------------------------ */

static struct str header_of(struct MHD_Connection *connection, const char *name)
{
    const char *text =
        mhd.lookup_connection_value(connection, MHD_HEADER_KIND, name);
    struct str s = str_of(text);

    return s.len <= HEADER_TEXT ? s : STR("");
}

static void look_who(struct guest *g, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        mhd.get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

    if (info != NULL)
        listen_peer_text(info->client_addr, g->peer, &g->visit.ask.local);
    g->visit.ask.peer = str_of(g->peer);
}

static void finished(struct visit *v)
{
    struct guest *g = (struct guest *)v;

    g->resume(g->ctx);
}

struct guest *guest_open(const struct web *web, const struct route *route,
                         struct MHD_Connection *connection, const char *query)
{
    struct guest *g = x_alloc(sizeof(*g));
    struct ask *ask = &g->visit.ask;
    const struct {
        const char *name;
        struct str *to;
    } wanted[] = {
        { MHD_HTTP_HEADER_HOST, &ask->host },
        { MHD_HTTP_HEADER_ORIGIN, &ask->origin },
        { "Sec-Fetch-Site", &ask->fetch_site },
        { MHD_HTTP_HEADER_COOKIE, &ask->cookie },
        { MHD_HTTP_HEADER_ACCEPT_LANGUAGE, &ask->languages },
        { "Last-Event-ID", &ask->last_event_id },
        { MHD_HTTP_HEADER_ACCEPT_ENCODING, &ask->encodings },
        { MHD_HTTP_HEADER_IF_NONE_MATCH, &ask->none_match },
    };

    visit_init(&g->visit, web);
    g->visit.finished = finished;
    ask->route = route;
    ask->query = str_of(query);
    ask->body = STR("");
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
        *wanted[i].to = header_of(connection, wanted[i].name);
    look_who(g, connection);
    return g;
}

void guest_close(struct guest *g)
{
    if (g == NULL)
        return;
    visit_done(&g->visit);
    free(g);
}

/* ---- out ----------------------------------------------------------------- */

void guest_policy(struct MHD_Response *response)
{
    static const char *const headers[][2] = {
        { "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; "
          "img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
          "frame-ancestors 'none'; form-action 'self'" },
        { "X-Content-Type-Options", "nosniff" },
        { "Referrer-Policy", "no-referrer" },
        { "Cross-Origin-Opener-Policy", "same-origin" },
        { "Cross-Origin-Resource-Policy", "same-origin" },
    };

    for (size_t i = 0; i < ARRAY_LEN(headers); i++)
        mhd.add_response_header(response, headers[i][0], headers[i][1]);
}

static void put(struct MHD_Response *response, const char *name,
                const char *value)
{
    if (value[0] != '\0')
        mhd.add_response_header(response, name, value);
}

/* What may be kept, and by what name it is known. */
static const char *keeping(const struct answer *a)
{
    if (a->keep)
        return "public, max-age=31536000, immutable";
    return a->etag.len > 0 ? "no-cache" : "no-store";
}

static void put_headers(struct MHD_Response *response, const struct answer *a)
{
    put(response, MHD_HTTP_HEADER_CONTENT_TYPE, a->type);
    put(response, MHD_HTTP_HEADER_CACHE_CONTROL, keeping(a));
    put(response, MHD_HTTP_HEADER_VARY, "Accept-Encoding");
    put(response, MHD_HTTP_HEADER_ETAG, buf_text(&a->etag));
    put(response, MHD_HTTP_HEADER_CONTENT_ENCODING, a->gzip ? "gzip" : "");
    put(response, MHD_HTTP_HEADER_LOCATION, buf_text(&a->location));
    put(response, MHD_HTTP_HEADER_SET_COOKIE, buf_text(&a->cookie));
    put(response, MHD_HTTP_HEADER_SET_COOKIE, buf_text(&a->cookie_more));
    if (a->file.len > 0) {
        BUF(name, HEADER_TEXT + 64);

        buf_printf(&name, "attachment; filename=\"%s\"", buf_text(&a->file));
        put(response, MHD_HTTP_HEADER_CONTENT_DISPOSITION, buf_text(&name));
    }
    if (a->retry_after_s > 0) {
        BUF(seconds, 32);

        buf_int(&seconds, a->retry_after_s);
        put(response, MHD_HTTP_HEADER_RETRY_AFTER, buf_text(&seconds));
    }
    /* Who was refused comes again on a new connection; who has only to sign in
     * may stay. */
    if (a->status >= 400 && a->status != MHD_HTTP_UNAUTHORIZED)
        put(response, MHD_HTTP_HEADER_CONNECTION, "close");
}

static struct MHD_Response *lent(struct str body)
{
    /* libmicrohttpd only reads it. */
    return mhd.create_response_from_buffer(
        body.len, (void *)(uintptr_t)body.data, MHD_RESPMEM_PERSISTENT);
}

static struct MHD_Response *taken(struct buf *body)
{
    size_t len = body->len;
    char *bytes = buf_take(body);
    struct MHD_Response *response =
        mhd.create_response_from_buffer(len, bytes, MHD_RESPMEM_MUST_FREE);

    if (response == NULL)
        free(bytes);
    return response;
}

struct MHD_Response *guest_response(struct guest *g)
{
    struct answer *a = &g->visit.answer;
    struct MHD_Response *response =
        a->lent.len > 0 ? lent(a->lent) : taken(&a->body);

    if (response == NULL)
        return NULL;
    guest_policy(response);
    put_headers(response, a);
    return response;
}
