/*
 * text.c - UTF-8, normal form, the rule of what may enter, and the search
 * key.
 *
 * Promises: no input crashes or makes it slow; every function that appends
 * appends valid UTF-8. The tables of Unicode are utf8proc's; what Vietnamese
 * needs beyond them (đ, the look-alikes of Đ) is done here.
 * It does not guess encodings: what is not UTF-8 is refused.
 */
#include "fair/text.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "sync/core/text_rules.h"

enum {
    CODE_D_STROKE = 0x111,       /* đ */
    CODE_D_STROKE_UPPER = 0x110, /* Đ */
    CODE_ETH = 0xF0,             /* ð, typed for đ by old forum software */
    CODE_ETH_UPPER = 0xD0,
    /* Longer runs are no writing (the limit of Unicode's Stream-Safe Text
     * Format), and sorting them costs time that grows with their square. */
    RUN_MARKS_MAX = 30,
    COLUMN_BYTES = 4 * (1 + MARKS_MAX) /* at most, for one column */
};

/* Text of these alone is in NFC: each is a starter that neither decomposes
 * nor composes with what stands before it. All Vietnamese letters are here. */
static const struct {
    int32_t first, last;
} always_nfc[] = {
    { 0x0000, 0x02FF }, /* Latin */
    { 0x1E00, 0x1EFF }, /* Latin with two marks: ệ, ử */
    { 0x2010, 0x2027 }, /* dashes, quotes, dots */
    { 0x20A0, 0x20C0 }, /* signs of money: ₫ */
    { 0x2600, 0x26FF }, /* stars */
};

static bool is_byte_ascii(char c)
{
    return ((unsigned char)c & 0x80) == 0;
}

int32_t text_next(struct str s, size_t *pos, bool *broken)
{
    *broken = false;
    if (*pos >= s.len)
        return -1;
    if (is_byte_ascii(s.data[*pos]))
        return s.data[(*pos)++];
    enum { LONGEST = 4 };
    size_t left = s.len - *pos;
    int32_t code;
    utf8proc_ssize_t n = utf8proc_iterate(
        (const utf8proc_uint8_t *)s.data + *pos,
        (utf8proc_ssize_t)(left < LONGEST ? left : LONGEST), &code);
    *broken = n <= 0;
    *pos += *broken ? 1 : (size_t)n;
    return *broken ? CODE_REPLACEMENT : code;
}

int32_t utf8_next(struct str s, size_t *pos)
{
    bool broken;
    return text_next(s, pos, &broken);
}

bool utf8_valid(struct str s)
{
    bool broken = false;
    size_t pos = 0;
    while (!broken && text_next(s, &pos, &broken) >= 0)
        ;
    return !broken;
}

void utf8_put(struct buf *out, int32_t code)
{
    ASSERT(utf8proc_codepoint_valid(code));
    utf8proc_uint8_t bytes[4];
    utf8proc_ssize_t n = utf8proc_encode_char(code, bytes);
    buf_put(out, bytes, (size_t)n);
}

enum text_class text_class(int32_t code)
{
    static const enum text_class classes[] = {
        [UTF8PROC_CATEGORY_CN] = TEXT_HARMFUL, /* also non-characters */
        [UTF8PROC_CATEGORY_LU] = TEXT_BASE,
        [UTF8PROC_CATEGORY_LL] = TEXT_BASE,
        [UTF8PROC_CATEGORY_LT] = TEXT_BASE,
        [UTF8PROC_CATEGORY_LM] = TEXT_BASE,
        [UTF8PROC_CATEGORY_LO] = TEXT_BASE,
        [UTF8PROC_CATEGORY_MN] = TEXT_MARK,
        [UTF8PROC_CATEGORY_MC] = TEXT_MARK,
        [UTF8PROC_CATEGORY_ME] = TEXT_MARK,
        [UTF8PROC_CATEGORY_ND] = TEXT_BASE,
        [UTF8PROC_CATEGORY_NL] = TEXT_BASE,
        [UTF8PROC_CATEGORY_NO] = TEXT_BASE,
        [UTF8PROC_CATEGORY_PC] = TEXT_BASE,
        [UTF8PROC_CATEGORY_PD] = TEXT_BASE,
        [UTF8PROC_CATEGORY_PS] = TEXT_BASE,
        [UTF8PROC_CATEGORY_PE] = TEXT_BASE,
        [UTF8PROC_CATEGORY_PI] = TEXT_BASE,
        [UTF8PROC_CATEGORY_PF] = TEXT_BASE,
        [UTF8PROC_CATEGORY_PO] = TEXT_BASE,
        [UTF8PROC_CATEGORY_SM] = TEXT_BASE,
        [UTF8PROC_CATEGORY_SC] = TEXT_BASE,
        [UTF8PROC_CATEGORY_SK] = TEXT_BASE,
        [UTF8PROC_CATEGORY_SO] = TEXT_BASE,
        [UTF8PROC_CATEGORY_ZS] = TEXT_BLANK,
        [UTF8PROC_CATEGORY_ZL] = TEXT_HARMFUL,
        [UTF8PROC_CATEGORY_ZP] = TEXT_HARMFUL,
        [UTF8PROC_CATEGORY_CC] = TEXT_HARMFUL,
        [UTF8PROC_CATEGORY_CF] = TEXT_HARMFUL,
        [UTF8PROC_CATEGORY_CS] = TEXT_HARMFUL,
        [UTF8PROC_CATEGORY_CO] = TEXT_HARMFUL,
    };
    _Static_assert(ARRAY_LEN(classes) == UTF8PROC_CATEGORY_CO + 1,
                   "one row for every category of Unicode");
    return classes[utf8proc_category(code)];
}

static bool is_always_nfc(int32_t code)
{
    for (size_t i = 0; i < ARRAY_LEN(always_nfc); i++) {
        if (code <= always_nfc[i].last)
            return code >= always_nfc[i].first;
    }
    return false;
}

/* False saves the slow path from having to sort; and no attacker can make it
 * sort a long run backwards. */
static bool is_in_canonical_order(struct str s)
{
    size_t pos = 0;
    int32_t code;
    utf8proc_propval_t last = 0;
    while ((code = utf8_next(s, &pos)) >= 0) {
        utf8proc_propval_t now = utf8proc_get_property(code)->combining_class;
        if (now != 0 && now < last)
            return false;
        last = now;
    }
    return true;
}

/* The code points of the NFC of s (not empty, valid UTF-8), to be freed. */
static int32_t *composed(struct str s, size_t *count)
{
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)s.data;
    utf8proc_ssize_t len = (utf8proc_ssize_t)s.len;
    utf8proc_option_t form = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    utf8proc_ssize_t n = utf8proc_decompose(bytes, len, NULL, 0, form);
    ASSERT(n > 0);
    int32_t *codes = x_alloc((size_t)n * sizeof(*codes));
    utf8proc_decompose(bytes, len, codes, n, form);
    n = utf8proc_normalize_utf32(codes, n, form);
    ASSERT(n > 0);
    *count = (size_t)n;
    return codes;
}

static bool is_composed(struct str s)
{
    size_t count, pos = 0, i = 0;
    int32_t *codes = composed(s, &count);
    while (i < count && codes[i] == utf8_next(s, &pos))
        i++;
    free(codes);
    return i == count && pos == s.len;
}

bool text_is_nfc(struct str s)
{
    size_t pos = 0;
    while (pos < s.len) {
        if (is_byte_ascii(s.data[pos]))
            pos++;
        else if (!is_always_nfc(utf8_next(s, &pos)))
            return utf8_valid(s) && is_in_canonical_order(s) && is_composed(s);
    }
    return true;
}

/* The length of the longest run of marks; `leading` tells whether the text
 * begins with one. */
static int marks_run(struct str s, bool *leading)
{
    size_t pos = 0;
    int32_t code;
    int run = 0, longest = 0;
    *leading = false;
    for (bool first = true; (code = utf8_next(s, &pos)) >= 0; first = false) {
        run = text_class(code) == TEXT_MARK ? run + 1 : 0;
        if (run > longest)
            longest = run;
        if (first)
            *leading = run > 0;
    }
    return longest;
}

static int32_t without_look_alike(int32_t code)
{
    if (code == CODE_ETH)
        return CODE_D_STROKE;
    return code == CODE_ETH_UPPER ? CODE_D_STROKE_UPPER : code;
}

enum err text_nfc(struct buf *out, struct str s)
{
    bool leading;
    if (!utf8_valid(s))
        return ERR_INVALID;
    if (s.len > MAX_TEXT || marks_run(s, &leading) > RUN_MARKS_MAX)
        return ERR_LIMIT;
    BUF(tidy, MAX_TEXT);
    if (text_is_nfc(s)) {
        size_t pos = 0;
        int32_t code;
        while ((code = utf8_next(s, &pos)) >= 0)
            utf8_put(&tidy, without_look_alike(code));
    } else {
        size_t count;
        int32_t *codes = composed(s, &count);
        for (size_t i = 0; i < count; i++)
            utf8_put(&tidy, without_look_alike(codes[i]));
        free(codes);
    }
    if (!buf_ok(&tidy))
        return ERR_LIMIT;
    buf_str(out, buf_slice(&tidy));
    return buf_ok(out) ? ERR_OK : ERR_LIMIT;
}

/* Nothing harmful, and no blank at either end. */
static bool is_tidy(struct str s)
{
    size_t pos = 0;
    int32_t code;
    enum text_class kind = TEXT_BLANK;
    for (bool first = true; (code = utf8_next(s, &pos)) >= 0; first = false) {
        kind = text_class(code);
        if (kind == TEXT_HARMFUL || (first && kind == TEXT_BLANK))
            return false;
    }
    return kind != TEXT_BLANK;
}

enum err text_check(struct str s, int columns)
{
    ASSERT(columns > 0);
    /* What cannot fit is not looked at: the rest costs time by length. */
    if (s.len > (size_t)columns * COLUMN_BYTES)
        return ERR_LIMIT;
    bool leading;
    if (!utf8_valid(s) || !is_tidy(s) || marks_run(s, &leading) > MARKS_MAX ||
        leading || !text_is_nfc(s))
        return ERR_INVALID;
    return text_width(s) <= columns ? ERR_OK : ERR_LIMIT;
}

/* Text that is being written with every run of blanks made one, and none at
 * the ends. */
struct spaced {
    struct buf *out;
    bool begun, gap;
};

static void spaced_put(struct spaced *to, int32_t code)
{
    if (to->gap && to->begun)
        buf_putc(to->out, ' ');
    utf8_put(to->out, code);
    to->begun = true;
    to->gap = false;
}

enum err text_clean(struct buf *out, struct str s, int columns)
{
    BUF(nfc, MAX_TEXT);
    enum err e = text_nfc(&nfc, s);
    if (e)
        return e;
    BUF(tidy, MAX_TEXT);
    struct spaced to = { .out = &tidy };
    size_t pos = 0;
    int32_t code;
    while ((code = utf8_next(buf_slice(&nfc), &pos)) >= 0) {
        if (text_class(code) == TEXT_BLANK)
            to.gap = true;
        else
            spaced_put(&to, code);
    }
    e = text_check(buf_slice(&tidy), columns);
    if (e)
        return e;
    buf_str(out, buf_slice(&tidy));
    return buf_ok(out) ? ERR_OK : ERR_LIMIT;
}

static bool parts_words(int32_t code)
{
    return text_class(code) == TEXT_BLANK || (code >= '\t' && code <= '\r');
}

static void fold_code(struct spaced *to, int32_t code)
{
    enum { PARTS_MAX = 16 }; /* no code point has more than 4 */
    int32_t parts[PARTS_MAX];
    int boundary = 0;
    utf8proc_option_t form =
        UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD;
    utf8proc_ssize_t n =
        utf8proc_decompose_char(code, parts, PARTS_MAX, form, &boundary);
    ASSERT(n >= 0 && n <= PARTS_MAX);
    for (utf8proc_ssize_t i = 0; i < n; i++) {
        if (parts_words(parts[i]))
            to->gap = true;
        else if (without_look_alike(parts[i]) == CODE_D_STROKE)
            spaced_put(to, 'd');
        else
            spaced_put(to, parts[i]);
    }
}

void text_fold(struct buf *out, struct str s)
{
    struct spaced to = { .out = out };
    size_t pos = 0;
    int32_t code;
    while ((code = utf8_next(s, &pos)) >= 0)
        fold_code(&to, code);
}
