/*
 * paging.c - cutting a list document into pages and naming them.
 *
 * Pages and their hashes are a pure function of the document, which is one of
 * the list version: nothing of it is stored, and what is remembered needs no
 * telling that something has changed.
 */
#include "paging.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "fair/env.h"

/* ---- a booth's document, cut --------------------------------------------- */

struct paged {
    char fair[17], booth[7];
    struct buf document;
    struct buf hashes; /* hex, 64 digits a page */
    int64_t version;
    int64_t n;
    struct paged *older; /* used longer ago */
};

static void paged_free(struct paged *p)
{
    buf_done(&p->document);
    buf_done(&p->hashes);
    free(p);
}

static size_t paged_bytes(const struct paged *p)
{
    return sizeof(*p) + p->document.cap + p->hashes.cap;
}

static bool code_into(char *out, size_t room, struct str code)
{
    if (code.len >= room)
        return false;
    memcpy(out, code.data, code.len);
    out[code.len] = '\0';
    return true;
}

static enum err cut(struct paged *p)
{
    struct str rest = buf_slice(&p->document), page;
    uint8_t hash[HASH_BYTES];

    while (list_page_next(&rest, &page)) {
        crypto_hash_sha256(hash, (const uint8_t *)page.data, page.len);
        buf_hex(&p->hashes, hash, HASH_BYTES);
        p->n++;
    }
    return buf_ok(&p->hashes) && p->n <= MAX_PAGES ? ERR_OK : ERR_LIMIT;
}

/* ERR_NOT_FOUND: nothing to sell there. */
static enum err paged_make(struct store *s, struct str fair, struct str booth,
                           struct paged **out)
{
    struct paged *p = x_alloc(sizeof(*p));
    enum err e = ERR_NOT_FOUND;

    buf_init(&p->document, MAX_LIST);
    buf_init(&p->hashes, MAX_MANIFEST);
    if (code_into(p->fair, sizeof(p->fair), fair) &&
        code_into(p->booth, sizeof(p->booth), booth))
        e = listing_document(s, fair, booth, &p->version, &p->document);
    if (e == ERR_OK)
        e = p->version > 0 ? cut(p) : ERR_NOT_FOUND;
    if (e == ERR_OK)
        *out = p;
    else
        paged_free(p);
    return e;
}

static struct str hash_of_page(const struct paged *p, int64_t i)
{
    return (struct str){ buf_text(&p->hashes) + 2 * HASH_BYTES * i,
                         2 * HASH_BYTES };
}

static void manifest_put(const struct paged *p, const struct keys *keys,
                         struct buf *out)
{
    struct manifest m = { .at_ms = env_wall_ms(),
                          .booth = str_of(p->booth),
                          .fair = str_of(p->fair),
                          .n_pages = p->n,
                          .version = p->version };

    m.pages = x_alloc((size_t)p->n * sizeof(*m.pages));
    for (int64_t i = 0; i < p->n; i++)
        m.pages[i].hash = hash_of_page(p, i);
    manifest_encode(&m, &keys->signing, out);
    free(m.pages);
}

static void page_put(const struct paged *p, struct str want, struct buf *out)
{
    struct str rest = buf_slice(&p->document), page;

    for (int64_t i = 0; list_page_next(&rest, &page); i++) {
        if (str_eq(hash_of_page(p, i), want)) {
            buf_str(out, page);
            return;
        }
    }
}

/* ---- what is remembered -------------------------------------------------- */

struct paging {
    pthread_mutex_t mutex;
    struct paged *first; /* the one used last */
    size_t max_bytes;
};

struct paging *paging_open(size_t max_bytes)
{
    struct paging *p = x_alloc(sizeof(*p));

    p->max_bytes = max_bytes;
    pthread_mutex_init(&p->mutex, NULL);
    return p;
}

static void forget(struct paged **where)
{
    while (*where != NULL) {
        struct paged *p = *where;

        *where = p->older;
        paged_free(p);
    }
}

void paging_close(struct paging *p)
{
    if (p == NULL)
        return;
    forget(&p->first);
    pthread_mutex_destroy(&p->mutex);
    free(p);
}

struct paging_ask {
    const struct keys *keys;
    const struct device *device;
    int64_t version; /* the newest one there */
    struct str want;
};

/* Takes a booth's document out of the list; one of another version is of no
 * more use. */
static struct paged *take(struct paging *p, struct str fair, struct str booth,
                          int64_t version)
{
    struct paged **where = &p->first;

    while (*where != NULL &&
           (!str_is(fair, (*where)->fair) || !str_is(booth, (*where)->booth)))
        where = &(*where)->older;
    struct paged *found = *where;
    if (found == NULL)
        return NULL;
    *where = found->older;
    if (found->version == version)
        return found;
    paged_free(found);
    return NULL;
}

static void put_first(struct paging *p, struct paged *new)
{
    size_t bytes = paged_bytes(new);

    new->older = p->first;
    p->first = new;
    for (struct paged **where = &new->older; *where != NULL;
         where = &(*where)->older) {
        bytes += paged_bytes(*where);
        if (bytes > p->max_bytes) {
            forget(where);
            return;
        }
    }
}

/* Of one moment, and without the lock: nobody else's page waits for what the
 * database says to this one. On a shared store somebody may be entering a new
 * version. */
static enum err make_now(struct store *s, const struct device *d,
                         struct paged **out)
{
    bool shared = store_shared(s);
    enum err e = shared ? store_read_begin(s) : ERR_OK;

    if (e != ERR_OK)
        return e;
    e = paged_make(s, str_of(d->fair), str_of(d->booth), out);
    if (shared)
        store_read_end(s);
    return e;
}

/* Answers from what is remembered, which is `made` from now on (NULL: as it
 * was); false: nothing that would do. */
static bool put_wanted(struct paging *p, const struct paging_ask *ask,
                       struct paged *made, struct buf *out)
{
    const struct device *d = ask->device;
    int64_t version = made != NULL ? made->version : ask->version;

    pthread_mutex_lock(&p->mutex);
    struct paged *paged = take(p, str_of(d->fair), str_of(d->booth), version);
    if (paged != NULL && made != NULL) /* another writer made it, too */
        paged_free(made);
    else if (paged == NULL)
        paged = made;
    if (paged != NULL) {
        put_first(p, paged);
        if (str_is(ask->want, "manifest"))
            manifest_put(paged, ask->keys, out);
        else
            page_put(paged, ask->want, out);
    }
    pthread_mutex_unlock(&p->mutex);
    return paged != NULL;
}

enum err paging_answer(struct paging *p, struct store *s,
                       const struct keys *keys,
                       const struct push_header *header, struct buf *out)
{
    struct device d;
    int64_t version = 0;

    if (header->want.len == 0)
        return ERR_OK;
    enum err e = store_device(s, header->device, &d);
    if (e == ERR_OK)
        e = listing_version(s, str_of(d.fair), str_of(d.booth), &version);
    if (e != ERR_OK || version == 0)
        return e;
    const struct paging_ask ask = { keys, &d, version, header->want };
    struct paged *made = NULL;
    if (!put_wanted(p, &ask, NULL, out))
        e = make_now(s, &d, &made);
    if (made != NULL)
        put_wanted(p, &ask, made, out);
    return e;
}

/* ---- files --------------------------------------------------------------- */

static void file_put(const struct paging_file *f, const struct paged *p)
{
    struct str rest = buf_slice(&p->document), page;
    BUF(manifest, 2 * MAX_MANIFEST);

    manifest_put(p, f->keys, &manifest);
    file_record_put("manifest", buf_slice(&manifest), f->out);
    for (int64_t i = 0; list_page_next(&rest, &page); i++) {
        if (strmap_put(f->seen, hash_of_page(p, i), STR("")))
            file_record_put("page", page, f->out);
    }
}

enum err paging_file_put(const struct paging_file *f, struct str fair,
                         struct str booth)
{
    struct paged *p = NULL;
    enum err e = paged_make(f->store, fair, booth, &p);

    if (e == ERR_NOT_FOUND)
        return ERR_OK;
    if (e != ERR_OK)
        return e;
    file_put(f, p);
    paged_free(p);
    return buf_ok(f->out) ? ERR_OK : ERR_LIMIT;
}
