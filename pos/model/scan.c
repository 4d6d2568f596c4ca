/*
 * scan.c - the form of scanned texts.
 *
 * Each kind has a reader that answers whether the text is one of its kind; the
 * first that says yes has filled in the result. Readers are strict: what is
 * half right is no code, but text somebody typed or another program's.
 */
#include "pos/model/scan.h"

#include <string.h>

#include "fair/text.h"
#include "pos/model/gs1.h"

enum {
    GTIN_LEN = 14,
    AIM_LEN = 3,
    MAX_SEGMENT = 60, /* 20 characters, all escaped */
    STAMP_HEAD = 30,  /* what is kept of a stamp that is too long */
    STAMP_TAIL = 47
};

/* ---- pieces of text ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool digits(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (!is_digit(s.data[i]))
            return false;
    }
    return s.len > 0;
}

static bool visible(char c)
{
    return c > ' ' && c <= '~';
}

static struct str skip(struct str s, size_t n)
{
    return (struct str){ s.data + n, s.len - n };
}

static bool begins(struct str s, const char *with)
{
    size_t len = strlen(with);
    return s.len >= len && memcmp(s.data, with, len) == 0;
}

/* Up to the first of these characters, or all of it. */
static struct str until(struct str s, const char *ends)
{
    size_t len = 0;
    while (len < s.len && !(s.data[len] && strchr(ends, s.data[len])))
        len++;
    return (struct str){ s.data, len };
}

static int64_t number(struct str s)
{
    int64_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n = n * 10 + (s.data[i] - '0');
    return n;
}

/* ---- scales' labels ---- */

/* One run of `letter`, or none where it need not be. */
static bool one_run(const char *mask, char letter, bool needed)
{
    const char *first = strchr(mask, letter);
    const char *last = strrchr(mask, letter);
    if (!first)
        return !needed;
    return strspn(first, (char[]){ letter, '\0' }) ==
           (size_t)(last - first) + 1;
}

static bool mask_ok(const char *mask)
{
    bool ours = mask[0] == '2' ||
                (mask[0] == '0' && (mask[1] == '2' || mask[1] == '4'));
    bool grams = strchr(mask, 'W'), money = strchr(mask, 'P');
    return ours && strspn(mask, "0123456789IWPC") == SCAN_MASK_LEN &&
           strchr(mask, 'C') == mask + SCAN_MASK_LEN - 1 && grams != money &&
           one_run(mask, 'I', true) && one_run(mask, 'W', false) &&
           one_run(mask, 'P', false);
}

enum err scan_masks_parse(struct str text, struct scan_masks *out)
{
    struct scan_masks masks = { 0 };
    while (text.len > 0) {
        struct str word = until(text, " \t");
        text = skip(text, word.len);
        if (word.len == 0) {
            text = skip(text, 1);
            continue;
        }
        if (word.len != SCAN_MASK_LEN || masks.n == SCAN_MASKS)
            return ERR_INVALID;
        memcpy(masks.mask[masks.n], word.data, word.len);
        if (!mask_ok(masks.mask[masks.n++]))
            return ERR_INVALID;
    }
    *out = masks;
    return ERR_OK;
}

/* The label's characters where the mask has `letter`; `lead` characters of the
 * mask stand before the label. */
static struct str masked(const char *mask, size_t lead, struct str label,
                         char letter)
{
    const char *first = strchr(mask, letter);
    if (!first)
        return (struct str){ NULL, 0 };
    return (struct str){ label.data + (first - mask) - lead,
                         strspn(first, (char[]){ letter, '\0' }) };
}

/* The digits are a right GTIN; 12 of them lack a 0 in front. A label of
 * nothing is none. */
static bool mask_claims(const char *mask, struct str label, struct scan *out)
{
    size_t lead = SCAN_MASK_LEN - label.len;
    if (lead == 1 && mask[0] != '0')
        return false;
    for (size_t i = 0; i < label.len; i++) {
        if (is_digit(mask[lead + i]) && mask[lead + i] != label.data[i])
            return false;
    }
    int64_t grams = number(masked(mask, lead, label, 'W'));
    out->vnd = number(masked(mask, lead, label, 'P'));
    out->milli = grams; /* a gram is a thousandth of a kilogram */
    out->item = masked(mask, lead, label, 'I');
    out->kind = grams > 0 ? SCAN_WEIGHED : SCAN_PRICED;
    return grams > 0 || out->vnd > 0;
}

/* ---- product codes ---- */

static bool gtin_put(struct scan *out, struct str s)
{
    if (!id_gtin(s))
        return false;
    memset(out->gtin, '0', GTIN_LEN - s.len);
    memcpy(out->gtin + GTIN_LEN - s.len, s.data, s.len);
    out->gtin[GTIN_LEN] = '\0';
    return true;
}

static bool read_digits(struct str text, const struct scan_masks *masks,
                        struct scan *out)
{
    bool length = text.len == 8 || (text.len >= 12 && text.len <= GTIN_LEN);
    if (!length || !digits(text))
        return false;
    if (!id_gtin(text)) {
        out->kind = SCAN_BAD_CHECK;
        return true;
    }
    bool label = text.len == SCAN_MASK_LEN || text.len == SCAN_MASK_LEN - 1;
    for (int i = 0; label && i < masks->n; i++) {
        struct scan claimed = *out;
        if (mask_claims(masks->mask[i], text, &claimed)) {
            *out = claimed;
            return true;
        }
    }
    out->kind = SCAN_GTIN;
    return gtin_put(out, text);
}

/* ---- stamps ---- */

/* Keeps what stands in `text` as the stamp. */
static void stamp_put(struct scan *out, struct str text)
{
    BUF(safe, MAX_TEXT);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (visible(text.data[i]))
            buf_putc(&safe, text.data[i]);
        else
            buf_printf(&safe, "%%%02X", (unsigned)c);
    }
    BUF(cut, SCAN_STAMP_MAX);
    if (safe.len > SCAN_STAMP_MAX) {
        buf_put(&cut, safe.data, STAMP_HEAD);
        buf_puts(&cut, "...");
        buf_put(&cut, safe.data + safe.len - STAMP_TAIL, STAMP_TAIL);
    } else {
        buf_str(&cut, buf_slice(&safe));
    }
    memcpy(out->stamp, buf_text(&cut), cut.len + 1);
    out->kind = SCAN_STAMP;
}

/* What an element or a segment of a path tells. */
static void tell(struct scan *out, struct str ai, struct str value)
{
    for (size_t i = 0; i < value.len; i++) {
        if (!visible(value.data[i]))
            return;
    }
    if (str_is(ai, "10"))
        out->lot = value;
    else if (str_is(ai, "21"))
        out->serial = value;
    else if (str_is(ai, "17") && value.len == 6 && digits(value))
        out->expires = value;
}

/* Takes the next segment of a path, or part of a query, off `rest`. */
static struct str segment_next(struct str *rest, const char *end)
{
    struct str segment = until(*rest, end);
    *rest = skip(*rest, segment.len);
    if (rest->len > 0)
        *rest = skip(*rest, 1);
    return segment;
}

static void tell_short(struct scan *out, struct str ai, struct str value)
{
    if (value.len > 0 && value.len <= MAX_SEGMENT)
        tell(out, ai, value);
}

/* /any/01/GTIN/10/LOT/21/SERIAL?17=YYMMDD: a Digital Link. */
static void read_link(struct str path, struct str query, struct scan *out)
{
    struct str ai = segment_next(&path, "/");
    while (path.len > 0 && out->gtin[0] == '\0') {
        struct str value = segment_next(&path, "/");
        if (str_is(ai, "01"))
            (void)gtin_put(out, value);
        ai = value;
    }
    if (out->gtin[0] == '\0')
        return;
    while (path.len > 0) {
        ai = segment_next(&path, "/");
        tell_short(out, ai, segment_next(&path, "/"));
    }
    while (query.len > 0) {
        struct str value = segment_next(&query, "&;");
        ai = segment_next(&value, "=");
        tell_short(out, ai, value);
    }
}

static bool same_scheme(struct str text, const char *scheme)
{
    for (size_t i = 0; scheme[i]; i++) {
        char c = i < text.len ? text.data[i] : '\0';
        if ((is_letter(c) ? (char)(c | 0x20) : c) != scheme[i])
            return false;
    }
    return true;
}

/* "tem.vn" as people print it, without a scheme: letters, digits, dots and
 * dashes, ending in a dot and at least two letters. */
static bool is_domain(struct str host)
{
    size_t last = 0;
    bool dot = false;
    for (size_t i = 0; i < host.len; i++) {
        char c = host.data[i];
        if (!is_letter(c) && !is_digit(c) && c != '-' && (c != '.' || i == 0))
            return false;
        dot = dot || c == '.';
        last = is_letter(c) ? last + 1 : 0;
    }
    return dot && last >= 2;
}

static bool read_url(struct str text, struct scan *out)
{
    static const char *const schemes[] = { "https://", "http://" };
    bool with_scheme = false;
    for (size_t i = 0; i < ARRAY_LEN(schemes) && !with_scheme; i++) {
        with_scheme = same_scheme(text, schemes[i]);
        if (with_scheme)
            text = skip(text, strlen(schemes[i]));
    }
    struct str address = until(text, "?#");
    struct str host = until(address, "/");
    if (host.len == 0 ||
        (!with_scheme && (host.len == address.len || !is_domain(host))))
        return false;
    struct str query = until(skip(text, address.len), "#");
    if (query.len > 0)
        query = skip(query, 1);
    stamp_put(out, address);
    read_link(skip(address, host.len), query, out);
    return true;
}

/* ---- element strings ---- */

static bool read_elements(struct str text, struct scan *out)
{
    struct gs1_reader reader = gs1_begin(text);
    struct gs1_element e;
    struct scan told = *out;
    bool more = false;
    BUF(label, MAX_TEXT);
    while (reader.rest.len > 0) {
        if (!gs1_next(&reader, &e) ||
            (str_is(e.ai, "01") && !gtin_put(&told, e.value)))
            return false;
        tell(&told, e.ai, e.value);
        more = more || !str_is(e.ai, "01");
        buf_putc(&label, '(');
        buf_str(&label, e.ai);
        buf_putc(&label, ')');
        buf_str(&label, e.value);
    }
    if (label.len == 0)
        return false;
    *out = told;
    out->kind = SCAN_GTIN;
    if (more)
        stamp_put(out, buf_slice(&label));
    return true;
}

/* ---- all of it ---- */

/* Takes an AIM identifier off the text; does it say that GS1's elements
 * follow? A leading FNC1 says so too. */
static bool marked(struct str *text)
{
    static const char *const gs1[] = { "]C1", "]d2", "]e0", "]J1", "]Q3" };
    bool elements = false;
    for (size_t i = 0; i < ARRAY_LEN(gs1); i++)
        elements = elements || begins(*text, gs1[i]);
    if (text->len > AIM_LEN && text->data[0] == ']' &&
        is_letter(text->data[1]) && is_digit(text->data[2]))
        *text = skip(*text, AIM_LEN);
    while (text->len > 0 && text->data[0] == GS1_FNC1) {
        elements = true;
        *text = skip(*text, 1);
    }
    return elements;
}

void scan_parse(struct str text, const struct scan_masks *masks,
                struct scan *out)
{
    bool elements = marked(&text);
    *out = (struct scan){ .kind = SCAN_OTHER, .word = text };
    /* Without a mark only what begins with a product is taken for elements. */
    elements = elements || begins(text, "01") || begins(text, "(");
    if (!read_digits(text, masks, out) && !read_url(text, out) && elements)
        (void)read_elements(text, out);
}

const struct product *scan_find(const struct lists *lists,
                                const struct scan *scan)
{
    bool label = scan->kind == SCAN_WEIGHED || scan->kind == SCAN_PRICED;
    struct str word = label ? scan->item : scan->word;
    const struct product *found = lists_find(lists, word);
    if (found || !label)
        return found ? found : lists_find(lists, str_of(scan->gtin));
    while (word.len > 1 && word.data[0] == '0')
        word = skip(word, 1);
    return lists_find(lists, word);
}
