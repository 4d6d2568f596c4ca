/*
 * paging.c - cutting a list document into pages and naming them.
 *
 * Pages and their hashes are a pure function of the document, which is one of
 * the list version: nothing of it is stored.
 */
#include "paging.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct paged { /* a booth's document, cut */
    struct buf document;
    struct buf hashes; /* hex, 64 digits a page */
    int64_t version;
    int64_t n;
};

static void page_hash(struct str page, uint8_t out[HASH_BYTES])
{
    crypto_hash_sha256(out, (const uint8_t *)page.data, page.len);
}

static enum err paged_make(struct store *s, struct str fair, struct str booth,
                           struct paged *p)
{
    struct str rest, page;
    uint8_t hash[HASH_BYTES];

    *p = (struct paged){ 0 };
    buf_init(&p->document, MAX_LIST);
    buf_init(&p->hashes, MAX_MANIFEST);
    enum err e = listing_document(s, fair, booth, &p->version, &p->document);
    if (e != ERR_OK)
        return e;
    rest = buf_slice(&p->document);
    while (list_page_next(&rest, &page)) {
        page_hash(page, hash);
        buf_hex(&p->hashes, hash, HASH_BYTES);
        p->n++;
    }
    return buf_ok(&p->hashes) ? ERR_OK : ERR_LIMIT;
}

static void paged_done(struct paged *p)
{
    buf_done(&p->document);
    buf_done(&p->hashes);
}

static struct str hash_of_page(const struct paged *p, int64_t i)
{
    return (struct str){ buf_text(&p->hashes) + 2 * HASH_BYTES * i,
                         2 * HASH_BYTES };
}

static void manifest_put(const struct paged *p, const struct keys *keys,
                         struct str fair, struct str booth, int64_t now_ms,
                         struct buf *out)
{
    struct manifest m = { .at_ms = now_ms,
                          .booth = booth,
                          .fair = fair,
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

enum err paging_answer(struct store *s, const struct keys *keys,
                       const struct push_header *header, int64_t now_ms,
                       struct buf *out)
{
    struct device d;
    struct paged p;

    if (header->want.len == 0)
        return ERR_OK;
    enum err e = store_device(s, header->device, &d);
    if (e != ERR_OK)
        return e;
    e = paged_make(s, str_of(d.fair), str_of(d.booth), &p);
    if (e == ERR_OK && p.version > 0) {
        if (str_is(header->want, "manifest"))
            manifest_put(&p, keys, str_of(d.fair), str_of(d.booth), now_ms,
                         out);
        else
            page_put(&p, header->want, out);
    }
    paged_done(&p);
    /* A returning device may come before its fair is entered again. */
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static bool seen_before(const struct buf *seen, struct str hash)
{
    for (size_t at = 0; at < seen->len; at += hash.len) {
        if (memcmp(seen->data + at, hash.data, hash.len) == 0)
            return true;
    }
    return false;
}

enum err paging_file(struct store *s, const struct keys *keys, struct str fair,
                     struct str booth, int64_t now_ms, struct buf *seen,
                     struct buf *out)
{
    struct paged p;
    BUF(manifest, 2 * MAX_MANIFEST);
    enum err e = paged_make(s, fair, booth, &p);

    if (e == ERR_OK && p.version > 0) {
        struct str rest = buf_slice(&p.document), page;

        manifest_put(&p, keys, fair, booth, now_ms, &manifest);
        file_record_put("manifest", buf_slice(&manifest), out);
        for (int64_t i = 0; list_page_next(&rest, &page); i++) {
            if (seen_before(seen, hash_of_page(&p, i)))
                continue;
            buf_str(seen, hash_of_page(&p, i));
            file_record_put("page", page, out);
        }
    }
    paged_done(&p);
    return e;
}
