/*
 * wire_lists.c - the manifest of a list, and records of a lists file
 * (sync/PROTOCOL.md 8 and 9).
 *
 * The manifest is what is signed; pages are known by their hash alone. A
 * record carries any bytes and says how many, so nothing in it can end it.
 */
#include "fair/wire.h"

#include <stdlib.h>
#include <string.h>

#include "fair/text.h"
#include "sync/core/wire_rules.h"

/* ---- manifest ------------------------------------------------------------ */

struct manifest_line { /* struct manifest as the codec sees it */
    int64_t at_ms;
    struct str booth, fair, manifest;
    int64_t n_pages;
    struct page_name pages[MAX_PAGES];
    int64_t version;
};

static const struct field page_fields[] = {
    { "hash", F_STR, false, offsetof(struct page_name, hash), NULL, 0, 0 },
};
static const struct shape page_shape = { "page", SHAPE_TUPLE, page_fields,
                                         ARRAY_LEN(page_fields),
                                         sizeof(struct page_name) };

// clang-format off
#define MANIFEST(name, type, member) \
    { name, type, false, offsetof(struct manifest_line, member), NULL, 0, 0 }
static const struct field manifest_fields[] = {
    MANIFEST("at", F_INT, at_ms),
    MANIFEST("booth", F_STR, booth),
    MANIFEST("fair", F_STR, fair),
    MANIFEST("manifest", F_STR, manifest),
    { "pages", F_LIST, false, offsetof(struct manifest_line, pages),
      &page_shape, offsetof(struct manifest_line, n_pages), MAX_PAGES },
    MANIFEST("version", F_INT, version),
};
// clang-format on
static const struct shape manifest_shape = { "manifest", SHAPE_SORTED,
                                             manifest_fields,
                                             ARRAY_LEN(manifest_fields),
                                             sizeof(struct manifest_line) };

static bool manifest_ok(const struct manifest_line *m)
{
    for (int64_t i = 0; i < m->n_pages; i++) {
        if (!is_hex(m->pages[i].hash, HASH_BYTES))
            return false;
    }
    return m->at_ms >= 0 && id_booth(m->booth) && id_fair(m->fair) &&
           str_is(m->manifest, "1") && m->n_pages >= 1 && m->version >= 1;
}

void manifest_encode(const struct manifest *m, const struct keypair *aggregator,
                     struct buf *out)
{
    struct manifest_line line = { m->at_ms,  m->booth,   m->fair,
                                  STR("1"),  m->n_pages, { { { NULL, 0 } } },
                                  m->version };
    ASSERT(m->n_pages >= 1 && m->n_pages <= MAX_PAGES);
    memcpy(line.pages, m->pages, (size_t)m->n_pages * sizeof(*m->pages));
    ASSERT(manifest_ok(&line));
    size_t start = out->len;
    shape_encode(&manifest_shape, &line, out);
    signed_line_end(aggregator, DOMAIN_LISTS, start, out);
}

enum err manifest_decode(struct str bytes, const uint8_t aggregator[KEY_BYTES],
                         struct manifest *out, struct str *rest)
{
    struct signed_line s;
    struct manifest_line m;
    enum err e = signed_line_take(&bytes, MAX_MANIFEST, &s);
    if (!e)
        e = signed_line_check(&s, DOMAIN_LISTS, aggregator);
    if (!e)
        e = shape_decode(&manifest_shape, s.line, NULL, &m, NULL);
    if (e)
        return e;
    if (!manifest_ok(&m))
        return ERR_FORM;
    size_t size = (size_t)m.n_pages * sizeof(*m.pages);
    *out = (struct manifest){ m.at_ms,   m.booth, m.fair,
                              m.n_pages, NULL,    m.version };
    out->pages = memcpy(x_alloc(size), m.pages, size);
    *rest = bytes;
    return ERR_OK;
}

/* ---- records of a file --------------------------------------------------- */

struct record_head {
    int64_t bytes;
    struct str file, kind;
};

// clang-format off
#define RECORD(name, type, member) \
    { name, type, false, offsetof(struct record_head, member), NULL, 0, 0 }
static const struct field record_fields[] = {
    RECORD("bytes", F_INT, bytes),
    RECORD("file", F_STR, file),
    RECORD("kind", F_STR, kind),
};
// clang-format on
static const struct shape record_shape = { "file record", SHAPE_SORTED,
                                           record_fields,
                                           ARRAY_LEN(record_fields),
                                           sizeof(struct record_head) };

void file_record_put(const char *kind, struct str bytes, struct buf *out)
{
    const struct record_head head = { (int64_t)bytes.len, STR("1"),
                                      str_of(kind) };
    shape_encode(&record_shape, &head, out);
    buf_putc(out, '\n');
    buf_str(out, bytes);
    buf_putc(out, '\n');
}

enum err file_record_next(struct str *file, struct file_record *out)
{
    struct str rest = *file, line;
    struct record_head head;
    if (rest.len == 0)
        return ERR_NOT_FOUND;
    if (!line_take(&rest, MAX_RECORD_HEAD, &line))
        return ERR_FORM;
    enum err e = shape_decode(&record_shape, line, NULL, &head, NULL);
    if (e)
        return e;
    if (!str_is(head.file, "1") || head.bytes < 0 ||
        (uint64_t)head.bytes >= rest.len || rest.data[head.bytes] != '\n')
        return ERR_FORM;
    size_t len = (size_t)head.bytes;
    *out = (struct file_record){ head.kind, { rest.data, len } };
    *file = (struct str){ rest.data + len + 1, rest.len - len - 1 };
    return ERR_OK;
}
