/*
 * fetch.c - the lists of our booth: the newest manifest, then each page that
 * is not held (sync/PROTOCOL.md 8.3).
 *
 * Until all pages of a version are there the old one stays in use. The lists
 * may change while they are fetched: then a page is gone, and the manifest is
 * asked for again.
 */
#include <stdlib.h>

#include "fair/i18n.h"
#include "sync/agent/visit.h"

enum { ROUNDS = 3 };

static bool is_ours(const struct visit *v, const struct manifest *m)
{
    const struct admission *a = &v->state->admission;
    return str_eq(m->fair, a->fair) && str_eq(m->booth, a->booth);
}

/* ERR_LISTS: the aggregator does not have it any more, or not whole. */
static enum err fetch_page(struct visit *v, struct str name)
{
    uint8_t hash[HASH_BYTES];
    struct answer a;
    if (!hex_bytes(name, hash, HASH_BYTES))
        return ERR_LISTS;
    if (inbox_has_page(v->inbox, hash))
        return ERR_OK;
    enum err e = visit_ask(v, NULL, name, &a);
    return e ? e : inbox_put_page(v->inbox, hash, a.rest);
}

static enum err fetch_pages(struct visit *v, const struct manifest *m)
{
    enum err e = ERR_OK;
    for (int64_t i = 0; i < m->n_pages && !e; i++)
        e = fetch_page(v, m->pages[i].hash);
    return e;
}

static enum err adopt(struct visit *v, const struct manifest *m,
                      struct str signed_lines)
{
    enum err e = inbox_adopt(v->inbox, m, signed_lines);
    if (!e)
        v->list = m->version;
    return e;
}

/* One try. ERR_LISTS: another may help. */
static enum err fetch_once(struct visit *v)
{
    struct answer a;
    struct manifest m;
    struct str rest;
    BUF(lines, MANIFEST_ROOM);
    enum err e = visit_ask(v, NULL, STR("manifest"), &a);
    if (e)
        return e;
    v->list_wanted = a.ack.list;
    buf_str(&lines, a.rest); /* the answers to come go over it */
    if (manifest_decode(buf_slice(&lines), v->aggregator, &m, &rest))
        return ERR_LISTS;
    e = is_ours(v, &m) && rest.len == 0 ? fetch_pages(v, &m) : ERR_LISTS;
    if (!e)
        e = adopt(v, &m, buf_slice(&lines));
    free(m.pages);
    return e;
}

enum err visit_lists(struct visit *v)
{
    enum err e = ERR_OK;
    for (int i = 0; i < ROUNDS && v->list < v->list_wanted; i++) {
        e = fetch_once(v);
        if (e && e != ERR_LISTS)
            return e;
    }
    return v->list < v->list_wanted
               ? visit_fail(v, ERR_LISTS, _("a part of the lists is missing"))
               : ERR_OK;
}
