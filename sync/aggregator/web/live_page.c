/*
 * live_page.c - GET /live: one event for a page that is open.
 *
 * An event is made once for all who see the same (cache.h), together with the
 * id of what it shows: what is newer than the id cannot hide behind it.
 */
#include <string.h>

#include "fair/i18n.h"

#include "cache.h"
#include "live.h"
#include "pages.h"

enum { EVENT_MAX = 1024 * 1024 };

/* The markup line by line, as events want it. */
static void put_event(struct str id, struct str markup, struct buf *out)
{
    buf_printf(out, "retry: %d\nid: ", LIVE_RETRY_MS);
    buf_str(out, id);
    buf_puts(out, "\nevent: glance\n");
    while (markup.len > 0) {
        const char *end = memchr(markup.data, '\n', markup.len);
        size_t len = end ? (size_t)(end - markup.data) : markup.len;

        buf_puts(out, "data: ");
        buf_str(out, (struct str){ markup.data, len });
        buf_putc(out, '\n');
        len += end != NULL;
        markup = (struct str){ markup.data + len, markup.len - len };
    }
    buf_putc(out, '\n');
}

static struct live_of watched(const struct report_query *q)
{
    return (struct live_of){ q->fair, q->booth };
}

/* Its id, a line feed, the event. Reports kept from before would be older than
 * the id. */
static enum err make_event(struct visit *v, const struct report_query *q,
                           struct buf *out, struct buf *why)
{
    BUF(id, HEADER_TEXT);
    BUF(markup, EVENT_MAX);
    const struct live_of of = watched(q);
    enum err e = live_id(v->store, &of, &id);

    cache_forget(v->web->cache, q);
    if (e == ERR_OK)
        e = part_glance(v, q, &markup, why);
    if (e == ERR_OK)
        e = part_latest(v, q, &markup, why);
    if (e != ERR_OK)
        return e;
    buf_str(out, buf_slice(&id));
    buf_putc(out, '\n');
    put_event(buf_slice(&id), buf_slice(&markup), out);
    return buf_ok(&markup) && buf_ok(out) ? ERR_OK : ERR_LIMIT;
}

static struct str id_of(const struct buf *event)
{
    const char *text = buf_text(event);

    return (struct str){ text, strcspn(text, "\n") };
}

/* Whoever was called for news gets them: a kept event may be older. */
static bool may_give(struct visit *v, const struct report_query *q,
                     const struct buf *event)
{
    const struct live_of of = watched(q);
    BUF(now, HEADER_TEXT);

    return v->own == NULL || !str_eq(id_of(event), v->ask.last_event_id) ||
           (live_id(v->store, &of, &now) == ERR_OK &&
            str_eq(id_of(event), buf_slice(&now)));
}

static enum err find_event(struct visit *v, const struct report_query *q,
                           struct buf *out, struct buf *why)
{
    BUF(key, MAX_TEXT);

    /* Roles are shown different ways on from the same figures. */
    buf_printf(&key, "live\n%s\n%s\n%s\n%s\n%s", q->fair,
               q->with ? q->with : "", q->booth ? q->booth : "",
               role_word(v->who.role), i18n_language());
    if (cache_get(v->web->cache, buf_slice(&key), out) && may_give(v, q, out))
        return ERR_OK;
    buf_clear(out);
    enum err e = make_event(v, q, out, why);
    if (e == ERR_OK)
        cache_put(v->web->cache, buf_slice(&key), buf_slice(out));
    return e;
}

bool page_live(struct visit *v)
{
    struct report_query q;
    BUF(strings, MAX_TEXT);
    BUF(event, EVENT_MAX);
    BUF(why, MAX_TEXT);
    enum err e = visit_query(v, &strings, &q);

    if (e == ERR_OK)
        e = find_event(v, &q, &event, &why);
    if (e == ERR_OK) {
        struct str id = id_of(&event);

        if (v->own == NULL && str_eq(v->ask.last_event_id, id)) {
            const struct live_of of = watched(&q);

            e = live_wait(v->web->live, v, &of, id);
            if (e == ERR_OK)
                return false;
        } else {
            v->answer.type = "text/event-stream; charset=utf-8";
            buf_puts(&v->answer.body, event.data + id.len + 1);
        }
    }
    if (e != ERR_OK)
        visit_refuse(v, e);
    return true;
}
