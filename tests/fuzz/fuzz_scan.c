/*
 * fuzz_scan.c - any bytes as what a scanner sent, as masks before a first
 * newline, and as a transfer code.
 *
 * Rules checked: nothing crashes or reads beyond the text; every kind has what
 * it promises; what is kept of a stamp may be kept, and scanned again is kept
 * the same; a transfer code that is read is made again.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/text.h"
#include "pos/model/scan.h"
#include "pos/model/vietqr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool inside(struct str part, struct str whole)
{
    return part.len == 0 || (part.data >= whole.data &&
                             part.data + part.len <= whole.data + whole.len);
}

static bool digits(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] < '0' || s.data[i] > '9')
            return false;
    }
    return s.len > 0;
}

static void check_kind(const struct scan *s)
{
    struct str gtin = str_of(s->gtin), stamp = str_of(s->stamp);
    bool label = s->kind == SCAN_WEIGHED || s->kind == SCAN_PRICED;
    ASSERT(gtin.len == 0 || (gtin.len == 14 && id_gtin(gtin)));
    ASSERT((s->kind == SCAN_STAMP) == (stamp.len > 0));
    ASSERT(s->kind == SCAN_GTIN || s->kind == SCAN_STAMP || gtin.len == 0);
    ASSERT(s->kind != SCAN_GTIN || gtin.len == 14);
    ASSERT(label == digits(s->item));
    ASSERT((s->kind == SCAN_WEIGHED) == (s->milli > 0));
    ASSERT((s->kind == SCAN_PRICED) == (s->vnd > 0));
    ASSERT(s->expires.len == 0 || s->expires.len == 6);
    ASSERT(s->kind != SCAN_BAD_CHECK || (digits(s->word) && !id_gtin(s->word)));
}

static void try_stamp(const struct scan *s, const struct scan_masks *masks)
{
    struct str stamp = str_of(s->stamp);
    struct scan again;
    ASSERT(text_check(stamp, MAX_NAME_COLUMNS) == ERR_OK);
    ASSERT(stamp.len <= SCAN_STAMP_MAX);
    if (stamp.data[0] != '(' || stamp.len == SCAN_STAMP_MAX)
        return;
    scan_parse(stamp, masks, &again);
    /* A value may hold what looks like the next one's parentheses, and only
     * printed ones are told by them. */
    if (again.kind == SCAN_STAMP)
        ASSERT(strcmp(again.stamp, s->stamp) == 0);
}

static void try_scan(struct str text, const struct scan_masks *masks)
{
    struct scan s;
    scan_parse(text, masks, &s);
    ASSERT(inside(s.word, text) && inside(s.item, text));
    ASSERT(inside(s.lot, text) && inside(s.serial, text));
    ASSERT(inside(s.expires, text));
    check_kind(&s);
    if (s.kind == SCAN_STAMP)
        try_stamp(&s, masks);
}

static void try_transfer(struct str text)
{
    struct vietqr qr, again;
    BUF(made, MAX_TEXT);
    if (vietqr_parse(text, &qr) != ERR_OK)
        return;
    ASSERT(inside(qr.account, text) && inside(qr.purpose, text));
    ASSERT(vietqr_make(&qr, &made) == ERR_OK);
    ASSERT(vietqr_parse(buf_slice(&made), &again) == ERR_OK);
    ASSERT(again.amount_vnd == qr.amount_vnd);
    ASSERT(str_eq(again.account, qr.account) && str_eq(again.bill, qr.bill));
}

/* Any text as what a transfer is for. */
static void try_purpose(struct str text)
{
    struct vietqr again, qr = { .bin = STR("970405"),
                                .account = STR("1"),
                                .amount_vnd = 1,
                                .purpose = text };
    BUF(made, MAX_TEXT);
    if (vietqr_make(&qr, &made) == ERR_OK) {
        ASSERT(vietqr_parse(buf_slice(&made), &again) == ERR_OK);
        ASSERT(again.purpose.len <= 25);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = { (const char *)data, size };
    struct scan_masks masks = { 0 };
    const char *line = size > 0 ? memchr(text.data, '\n', size) : NULL;
    if (line) {
        struct str head = { text.data, (size_t)(line - text.data) };
        text = (struct str){ line + 1, size - head.len - 1 };
        if (scan_masks_parse(head, &masks) != ERR_OK)
            ASSERT(masks.n == 0);
    }
    try_scan(text, &masks);
    try_transfer(text);
    try_purpose(text);
    return 0;
}
