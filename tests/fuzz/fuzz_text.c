/*
 * fuzz_text.c - any bytes through every function of human text.
 *
 * Rules checked: nothing crashes; what comes out is valid UTF-8; doing a
 * thing twice is doing it once; text that was cleaned is let in; the fast
 * test for NFC agrees with utf8proc; keys order as text_cmp() does.
 */
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "fair/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef void writer(struct buf *out, struct str s);

static bool is_nfc_by_utf8proc(struct str s)
{
    utf8proc_uint8_t *nfc = NULL;
    utf8proc_ssize_t n =
        utf8proc_map((const utf8proc_uint8_t *)s.data, (utf8proc_ssize_t)s.len,
                     &nfc, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    bool same = n == (utf8proc_ssize_t)s.len &&
                (n == 0 || memcmp(nfc, s.data, s.len) == 0);
    free(nfc);
    return same;
}

static void try_normal_form(struct str s)
{
    ASSERT(text_is_nfc(s) == is_nfc_by_utf8proc(s));
    BUF(once, MAX_TEXT);
    BUF(twice, MAX_TEXT);
    if (text_nfc(&once, s))
        return;
    ASSERT(utf8_valid(buf_slice(&once)) && text_is_nfc(buf_slice(&once)));
    ASSERT(text_nfc(&twice, buf_slice(&once)) == ERR_OK);
    ASSERT(str_eq(buf_slice(&once), buf_slice(&twice)));
}

static void try_clean(struct str s, int columns)
{
    BUF(once, MAX_TEXT);
    BUF(twice, MAX_TEXT);
    if (text_clean(&once, s, columns)) {
        ASSERT(once.len == 0);
        return;
    }
    ASSERT(text_check(buf_slice(&once), columns) == ERR_OK);
    ASSERT(text_width(buf_slice(&once)) <= columns);
    ASSERT(text_clean(&twice, buf_slice(&once), columns) == ERR_OK);
    ASSERT(str_eq(buf_slice(&once), buf_slice(&twice)));
}

static void try_writers(struct str s)
{
    static const struct {
        writer *write;
        bool idempotent;
    } writers[] = {
        { text_fold, true },       { text_emit_terminal, true },
        { text_emit_csv, false },  { text_emit_json, false },
        { text_emit_html, false }, { text_emit_sheet, false },
    };
    for (size_t i = 0; i < ARRAY_LEN(writers); i++) {
        BUF(once, MAX_OUTPUT);
        BUF(twice, MAX_OUTPUT);
        writers[i].write(&once, s);
        ASSERT(buf_ok(&once) && utf8_valid(buf_slice(&once)));
        if (!writers[i].idempotent)
            continue;
        writers[i].write(&twice, buf_slice(&once));
        ASSERT(str_eq(buf_slice(&once), buf_slice(&twice)));
    }
}

static void try_order(struct str a, struct str b)
{
    BUF(key_a, MAX_OUTPUT);
    BUF(key_b, MAX_OUTPUT);
    text_sort_key(&key_a, a);
    text_sort_key(&key_b, b);
    int by_key = str_cmp(buf_slice(&key_a), buf_slice(&key_b));
    int by_cmp = text_cmp(a, b), back = text_cmp(b, a);
    ASSERT((by_key < 0) == (by_cmp < 0) && (by_key > 0) == (by_cmp > 0));
    ASSERT((back > 0) == (by_cmp < 0) && (back < 0) == (by_cmp > 0));
    ASSERT((by_cmp == 0) == str_eq(a, b));
}

static void try_width(struct str s, int columns)
{
    struct str clipped = text_clip(s, columns);
    ASSERT(clipped.len <= s.len && text_width(clipped) <= columns);
    BUF(padded, MAX_OUTPUT);
    BUF(padded_left, MAX_OUTPUT);
    text_pad(&padded, s, columns);
    text_pad_left(&padded_left, s, columns);
    ASSERT(text_width(buf_slice(&padded)) == columns);
    ASSERT(text_width(buf_slice(&padded_left)) == columns);
}

static void try_base32(struct str s)
{
    BUF(word, MAX_OUTPUT);
    base32_put(&word, s.data, s.len);
    char *back = x_alloc(s.len + 1);
    ASSERT(base32_bytes(buf_slice(&word), back, s.len));
    ASSERT(str_eq(s, (struct str){ back, s.len }));
    /* And s itself as a word: one that is read is what would be written. */
    size_t len = s.len * 5 / 8;
    if (base32_bytes(s, back, len)) {
        buf_clear(&word);
        base32_put(&word, back, len);
        ASSERT(str_eq(s, buf_slice(&word)));
    }
    free(back);
}

/* What may be an identifier is ASCII and short. */
static void try_ids(struct str s)
{
    static bool (*const ids[])(struct str s) = {
        id_fair, id_booth, id_sku, id_basket, id_code, id_reference, id_gtin
    };
    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        if (!ids[i](s))
            continue;
        ASSERT(s.len > 0 && s.len <= 40);
        for (size_t k = 0; k < s.len; k++)
            ASSERT(s.data[k] > ' ' && s.data[k] < 0x7f);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = { (const char *)data, size };
    struct str head = { s.data, size / 2 };
    struct str tail = { s.data + size / 2, size - size / 2 };
    int columns = size > 0 ? data[0] : 0;
    try_normal_form(s);
    try_clean(s, MAX_NAME_COLUMNS);
    try_clean(s, columns + 1);
    try_writers(s);
    try_order(head, tail);
    try_width(s, columns);
    try_base32(s);
    try_ids(s);
    return 0;
}
