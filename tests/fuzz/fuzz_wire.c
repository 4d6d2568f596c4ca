/*
 * fuzz_wire.c - any bytes through every reader of the wire and of files.
 *
 * Signatures would keep the fuzzer out, so every document is tried twice: as
 * it is, and with its first line signed by a known key, the rest following.
 * Rules checked: nothing crashes; what is taken is written back as it was;
 * slices lie inside the input; a document that was accepted is refused when
 * it is one byte shorter.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/lists.h"
#include "fair/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct keypair *known_key(void)
{
    static struct keypair key;
    static bool made;
    if (!made) {
        uint8_t seed[KEY_BYTES];
        sign_init();
        memset(seed, 1, sizeof(seed));
        key_from_seed(seed, &key);
        made = true;
    }
    return &key;
}

/* Line 1 of the input, its signature, and what follows line 1. */
static void sign_first_line(struct str s, const char *domain, struct buf *out)
{
    uint8_t signature[SIGNATURE_BYTES];
    struct str line = s, rest = s;
    if (!lines_next(&rest, &line))
        rest = STR("");
    sign_make(known_key(), domain, line, signature);
    buf_str(out, line);
    buf_putc(out, '\n');
    buf_hex(out, signature, sizeof(signature));
    buf_putc(out, '\n');
    buf_str(out, rest);
}

static void check_inside(struct str whole, struct str part)
{
    ASSERT(part.len == 0 || (part.data >= whole.data &&
                             part.data + part.len <= whole.data + whole.len));
}

/* ---- one function for each reader ---------------------------------------- */

static bool reads_push(struct str s)
{
    struct push p;
    struct str events, line;
    int64_t bad = 0, n = 0;
    if (push_decode(s, NULL, &p, &bad))
        return false;
    ASSERT(p.bytes <= s.len && p.n <= MAX_BATCH_EVENTS);
    check_inside(s, p.events);
    events = p.events;
    while (lines_next(&events, &line))
        n++;
    ASSERT(n == p.n && events.len == 0);
    return p.bytes == s.len;
}

static bool reads_ack(struct str s)
{
    struct ack a;
    struct str rest;
    if (ack_decode(s, known_key()->public_key, STR(""), &a, &rest))
        return false;
    check_inside(s, rest);
    return rest.len == 0;
}

static bool reads_request(struct str s)
{
    struct enrol_request r;
    BUF(arena, 2 * MAX_HEADER);
    return enrol_request_decode(s, &arena, &r) == ERR_OK;
}

static bool reads_manifest(struct str s)
{
    struct manifest m;
    struct str rest;
    if (manifest_decode(s, known_key()->public_key, &m, &rest))
        return false;
    for (int64_t i = 0; i < m.n_pages; i++)
        check_inside(s, m.pages[i].hash);
    check_inside(s, rest);
    free(m.pages);
    return rest.len == 0;
}

static bool reads_reply(struct str s)
{
    struct enrol_reply r;
    BUF(again, MAX_OUTPUT);
    if (enrol_reply_decode(s, &r))
        return false;
    enrol_reply_encode(&r, &again);
    ASSERT(str_eq(buf_slice(&again), s));
    return true;
}

static bool reads_string(struct str s)
{
    struct enrolment e;
    BUF(again, MAX_TEXT);
    BUF(why, MAX_TEXT);
    if (enrolment_parse(s, &e, &why)) {
        ASSERT(why.len > 0);
        return false;
    }
    enrolment_render(&e, &again);
    ASSERT(str_eq(buf_slice(&again), s));
    return true;
}

/* ---- documents that are not all or nothing ------------------------------- */

static void try_records(struct str s)
{
    struct str file = s;
    struct file_record r;
    enum err e;
    while ((e = file_record_next(&file, &r)) == ERR_OK) {
        check_inside(s, r.kind);
        check_inside(s, r.bytes);
    }
    ASSERT((e == ERR_NOT_FOUND) == (file.len == 0));
}

static void try_pages(struct str s)
{
    struct str rest = s, page;
    size_t len = 0;
    while (list_page_next(&rest, &page)) {
        ASSERT(page.len <= MAX_PAGE && page.data[page.len - 1] == '\n');
        len += page.len;
    }
    ASSERT(len + rest.len == s.len);
}

static void try_lists(struct str s)
{
    struct lists *l;
    BUF(document, MAX_LIST);
    buf_str(&document, s);
    if (lists_parse(&document, 1, &l))
        return;
    for (int i = 0; i < lists_count(l); i++) {
        const struct product *p = lists_at(l, i);
        ASSERT(lists_find(l, p->code) == p && lists_find(l, p->sku));
        ASSERT(p->barcode.len == 0 || lists_find(l, p->barcode));
    }
    lists_find(l, s);
    lists_close(l);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct {
        bool (*reads)(struct str s);
        const char *domain;
    } documents[] = {
        { reads_push, DOMAIN_PUSH },       { reads_ack, DOMAIN_ACK },
        { reads_request, DOMAIN_ENROL },   { reads_manifest, DOMAIN_LISTS },
        { reads_reply, DOMAIN_ADMISSION }, { reads_string, DOMAIN_ENROL },
    };
    struct str s = { (const char *)data, size };
    known_key();
    for (size_t i = 0; i < ARRAY_LEN(documents); i++) {
        BUF(b, MAX_OUTPUT);
        documents[i].reads(s);
        sign_first_line(s, documents[i].domain, &b);
        struct str whole = buf_slice(&b);
        if (documents[i].reads(whole))
            ASSERT(
                !documents[i].reads((struct str){ whole.data, whole.len - 1 }));
    }
    try_records(s);
    try_pages(s);
    try_lists(s);
    return 0;
}
