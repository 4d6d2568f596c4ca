/*
 * scan.c - canonical JSON is checked here and nowhere else.
 *
 * One pass, no allocation, no recursion: open containers stand on a stack as
 * deep as the format allows. It does not know any record; codec.c does.
 */
#include "sync/core/scan.h"

#include <string.h>

#include "fair/text.h"

/* A printable ASCII character that needs no escape: most of all bytes. */
static inline bool plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

static bool continues(const char *p)
{
    return ((unsigned char)*p & 0xC0) == 0x80;
}

/* Characters that are in NFC whatever stands around them and are no control:
 * U+00A0…U+02FF and U+1E00…U+1EFF, that is, all of Vietnamese. Their length,
 * or 0 for any other. */
static size_t common_char(const char *p, const char *end)
{
    unsigned char lead = (unsigned char)*p;
    if (end - p >= 2 && lead >= 0xC2 && lead <= 0xCB && continues(p + 1))
        return lead > 0xC2 || (unsigned char)p[1] >= 0xA0 ? 2 : 0;
    if (end - p >= 3 && lead == 0xE1 && (unsigned char)p[1] >= 0xB8 &&
        (unsigned char)p[1] <= 0xBB && continues(p + 2))
        return 3;
    return 0;
}

bool scan_is_common(struct str text)
{
    const char *p = text.data, *end = p + text.len;
    while (p < end) {
        size_t len = plain((unsigned char)*p) ? 1 : common_char(p, end);
        if (len == 0)
            return false;
        p += len;
    }
    return true;
}

/* U+0080…U+009F, in valid UTF-8. */
static bool has_c1_control(struct str s)
{
    for (size_t i = 0; i + 1 < s.len; i++) {
        if ((unsigned char)s.data[i] == 0xC2 &&
            (unsigned char)s.data[i + 1] < 0xA0)
            return true;
    }
    return false;
}

/* The rare rest: marks, other scripts, and what is no text at all. */
static bool other_text(struct str s)
{
    return utf8_valid(s) && !has_c1_control(s) && text_is_nfc(s);
}

/* Canonical bytes up to the closing quote; *s->p is the first of them. */
static bool skip_string(struct scan *s, bool *escaped)
{
    const char *p = s->p, *quote = memchr(p, '"', (size_t)(s->end - p));
    if (s->plain || !quote) {
        s->p = quote;
        return quote;
    }
    while (p < s->end && *p != '"') {
        bool escape = *p == '\\' && s->end - p > 1;
        *escaped = *escaped || escape;
        p += escape ? 2 : 1;
    }
    s->p = p;
    return p < s->end;
}

static bool check_string(struct scan *s, bool *escaped)
{
    const char *from = s->p, *end = s->end, *p = from;
    bool common = true;
    for (;;) {
        while (p < end && plain((unsigned char)*p))
            p++;
        if (p == end)
            return false;
        if ((unsigned char)*p >= 0x80) {
            size_t len = common_char(p, end);
            common = common && len > 0;
            p += len > 0 ? len : 1;
        } else if (*p == '"') {
            break;
        } else {
            if (*p != '\\' || end - p < 2 || (p[1] != '"' && p[1] != '\\'))
                return false;
            *escaped = true;
            p += 2;
        }
    }
    s->p = p;
    return common || other_text((struct str){ from, (size_t)(p - from) });
}

bool scan_string(struct scan *s, struct str *raw, bool *escaped)
{
    *escaped = false;
    if (!scan_byte(s, '"'))
        return false;
    const char *from = s->p;
    if (!(s->checked ? skip_string(s, escaped) : check_string(s, escaped)))
        return false;
    *raw = (struct str){ from, (size_t)(s->p - from) };
    s->p++;
    return true;
}

bool scan_int(struct scan *s, int64_t *out)
{
    bool minus = scan_byte(s, '-');
    const char *from = s->p, *p = from;
    /* 19 digits cannot wrap, and 20 are too many. */
    const char *end = s->end - p > 19 ? p + 19 : s->end;
    uint64_t n = 0;
    for (; p < end && *p >= '0' && *p <= '9'; p++)
        n = n * 10 + (uint64_t)(*p - '0');
    if (p == from || (*from == '0' && (minus || p - from > 1)))
        return false;
    if (n > (uint64_t)INT64_MAX + (minus ? 1 : 0))
        return false;
    s->p = p; /* at a 20th digit, where nothing may follow but a mark */
    *out = minus ? -(int64_t)(n - 1) - 1 : (int64_t)n;
    return true;
}

bool scan_name(struct scan *s, struct str *raw)
{
    bool escaped;
    return scan_string(s, raw, &escaped) && scan_byte(s, ':');
}

int scan_name_cmp(struct str a, struct str b)
{
    size_t i = 0, j = 0;
    while (i < a.len && j < b.len) {
        i += a.data[i] == '\\';
        j += b.data[j] == '\\';
        int order = (unsigned char)a.data[i++] - (unsigned char)b.data[j++];
        if (order != 0)
            return order;
    }
    return (i < a.len) - (j < b.len);
}

struct level {
    char closer; /* '}' or ']' */
    bool any;    /* a member was read: `last` is its name */
    struct str last;
};

struct walk {
    struct scan *s;
    int depth; /* containers open around the walk */
    int n;     /* containers open in it */
    struct level stack[CODEC_DEPTH];
};

/* Before a value in the innermost container: in an object its name. */
static bool before_value(struct walk *w)
{
    struct level *top = &w->stack[w->n - 1];
    struct str name;
    if (top->closer == ']')
        return true;
    if (!scan_name(w->s, &name))
        return false;
    if (top->any && scan_name_cmp(top->last, name) >= 0)
        return false;
    top->any = true;
    top->last = name;
    return true;
}

/* Reads a whole scalar or empty container, or the beginning of another, after
 * which *open is set and a value comes next. */
static bool begin_value(struct walk *w, bool *open)
{
    struct scan *s = w->s;
    struct str text;
    bool escaped;
    int64_t number;
    *open = false;
    if (s->p == s->end)
        return false;
    char first = *s->p;
    if (first == '"')
        return scan_string(s, &text, &escaped);
    if (first != '{' && first != '[')
        return scan_int(s, &number);
    if (w->depth + w->n >= CODEC_DEPTH)
        return false;
    char closer = first == '{' ? '}' : ']';
    s->p++;
    if (scan_byte(s, closer))
        return true;
    *open = true;
    w->stack[w->n++] = (struct level){ .closer = closer };
    return before_value(w);
}

bool scan_value(struct scan *s, int depth)
{
    struct walk w = { .s = s, .depth = depth };
    for (;;) {
        bool open;
        if (!begin_value(&w, &open))
            return false;
        if (open)
            continue;
        while (w.n > 0 && scan_byte(s, w.stack[w.n - 1].closer))
            w.n--;
        if (w.n == 0)
            return true;
        if (!scan_byte(s, ',') || !before_value(&w))
            return false;
    }
}

static bool among(const struct str *names, int n, struct str name)
{
    for (int i = 0; i < n; i++) {
        if (str_eq(names[i], name))
            return true;
    }
    return false;
}

/* The outermost object of an envelope: no order, but nothing doubled. */
static bool fixed_object(struct scan *s)
{
    struct str names[CODEC_MEMBERS];
    int n = 0;
    if (!scan_byte(s, '{'))
        return false;
    if (scan_byte(s, '}'))
        return true;
    do {
        struct str name;
        if (n == CODEC_MEMBERS || !scan_name(s, &name) ||
            among(names, n, name) || !scan_value(s, 1))
            return false;
        names[n++] = name;
    } while (scan_byte(s, ','));
    return scan_byte(s, '}');
}

bool canonical(struct str line, enum shape_order order)
{
    if (line.len == 0 || line.data[0] != '{')
        return false;
    struct scan s = { .p = line.data, .end = line.data + line.len };
    bool good = order == SHAPE_FIXED ? fixed_object(&s) : scan_value(&s, 0);
    return good && s.p == s.end;
}
