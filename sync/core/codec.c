/*
 * codec.c - records to canonical JSON and back, driven by shapes.
 *
 * Encoder and decoder are the same two walks for every record of the ledger
 * and the wire. The decoder merges members with fields in one pass: a member
 * that is the next field is neither scanned nor compared again, which is what
 * makes it fast. It recurses over shapes, never over input. It knows no kind
 * of event and no range; body.c and event.c do.
 */
#include "fair/codec.h"

#include <string.h>

#include "sync/core/scan.h"

/* ---- values in memory ---------------------------------------------------- */

static int64_t int_at(const char *p)
{
    int64_t n;
    memcpy(&n, p, sizeof(n));
    return n;
}

static void set_int(char *p, int64_t n)
{
    memcpy(p, &n, sizeof(n));
}

static struct str str_at(const char *p)
{
    struct str s;
    memcpy(&s, p, sizeof(s));
    return s;
}

static size_t list_step(const struct field *f)
{
    return f->sub ? f->sub->size : sizeof(int64_t);
}

/* No optional field is nested deeper than a record in a tuple, so one level
 * of recursion over shapes is all there is. */
static bool is_empty(const struct field *f, const char *record)
{
    const char *at = record + f->offset;
    switch (f->type) {
    case F_INT: return int_at(at) == 0;
    case F_STR:
    case F_OBJECT: return str_at(at).len == 0;
    case F_LIST: return int_at(record + f->count_offset) == 0;
    case F_RECORD: break;
    }
    for (int i = 0; i < f->sub->n; i++) {
        if (!is_empty(&f->sub->fields[i], at))
            return false;
    }
    return true;
}

static void set_empty(const struct field *f, char *record)
{
    const struct str none = { NULL, 0 };
    char *at = record + f->offset;
    switch (f->type) {
    case F_INT: set_int(at, 0); return;
    case F_STR:
    case F_OBJECT: memcpy(at, &none, sizeof(none)); return;
    case F_LIST: set_int(record + f->count_offset, 0); return;
    case F_RECORD: break;
    }
    for (int i = 0; i < f->sub->n; i++)
        set_empty(&f->sub->fields[i], at);
}

/* ---- encoding ------------------------------------------------------------ */

/* Escapes, and texts that have to be looked at closely, are rare. */
static void rare_string(struct buf *out, struct str s)
{
    size_t start = out->len;
    buf_putc(out, '"');
    for (size_t from = 0, i = 0; i <= s.len; i++) {
        if (i < s.len && s.data[i] != '"' && s.data[i] != '\\')
            continue;
        buf_put(out, s.data + from, i - from);
        if (i < s.len)
            buf_putc(out, '\\');
        from = i;
    }
    buf_putc(out, '"');
    if (!buf_ok(out))
        return;
    struct scan back = { .p = out->data + start, .end = out->data + out->len };
    struct str raw;
    bool escaped;
    ASSERT(scan_string(&back, &raw, &escaped));
}

void canonical_string(struct buf *out, struct str s)
{
    if (!scan_is_common(s)) {
        rare_string(out, s);
        return;
    }
    char *to = buf_room(out, s.len + 2);
    if (!to)
        return;
    *to++ = '"';
    if (s.len > 0)
        memcpy(to, s.data, s.len);
    to[s.len] = '"';
    buf_grew(out, s.len + 2);
}

/* The member's name behind a comma, or as the first of its object. */
static void put_name(struct buf *out, const char *name, bool first)
{
    size_t len = strlen(name), all = len + (first ? 3 : 4);
    char *to = buf_room(out, all);
    if (!to)
        return;
    if (!first)
        *to++ = ',';
    *to++ = '"';
    memcpy(to, name, len);
    memcpy(to + len, "\":", 2);
    buf_grew(out, all);
}

static void encode_value(const struct field *f, const char *record,
                         struct buf *out)
{
    const char *at = record + f->offset;
    if (f->type == F_INT) {
        buf_int(out, int_at(at));
    } else if (f->type == F_STR) {
        canonical_string(out, str_at(at));
    } else if (f->type == F_OBJECT) {
        ASSERT(str_at(at).len >= 2);
        buf_str(out, str_at(at));
    } else if (f->type == F_RECORD) {
        shape_encode(f->sub, at, out);
    } else {
        int64_t n = int_at(record + f->count_offset);
        ASSERT(n >= 0 && n <= f->max);
        buf_putc(out, '[');
        for (int64_t i = 0; i < n; i++, at += list_step(f)) {
            if (i > 0)
                buf_putc(out, ',');
            if (f->sub)
                shape_encode(f->sub, at, out);
            else
                buf_int(out, int_at(at));
        }
        buf_putc(out, ']');
    }
}

void shape_encode(const struct shape *shape, const void *record,
                  struct buf *out)
{
    bool tuple = shape->order == SHAPE_TUPLE, first = true, ended = false;
    buf_putc(out, tuple ? '[' : '{');
    for (int i = 0; i < shape->n; i++) {
        const struct field *f = &shape->fields[i];
        if (f->optional && is_empty(f, record)) {
            ended = tuple;
            continue;
        }
        ASSERT(!ended); /* a tuple cannot leave a place in between empty */
        if (!tuple)
            put_name(out, f->name, first);
        else if (!first)
            buf_putc(out, ',');
        first = false;
        encode_value(f, record, out);
    }
    buf_putc(out, tuple ? ']' : '}');
}

/* ---- decoding ------------------------------------------------------------ */

struct decoder {
    struct scan s;
    struct buf *arena;
    size_t len; /* of everything: no string is longer */
    int unknown;
};

static bool decode_shape(struct decoder *d, const struct shape *shape,
                         char *record, int depth);

/* Escapes are rare: only then bytes are copied. */
static bool unescape(struct decoder *d, struct str raw, struct str *out)
{
    if (!d->arena)
        return false;
    char *to = buf_room(d->arena, d->len);
    ASSERT(to);
    size_t n = 0;
    for (size_t i = 0; i < raw.len; i++) {
        i += raw.data[i] == '\\' && i + 1 < raw.len;
        to[n++] = raw.data[i];
    }
    buf_grew(d->arena, n);
    d->len -= n;
    *out = (struct str){ to, n };
    return true;
}

static bool decode_string(struct decoder *d, char *at)
{
    struct str text;
    bool escaped;
    if (!scan_string(&d->s, &text, &escaped))
        return false;
    if (escaped && !unescape(d, text, &text))
        return false;
    memcpy(at, &text, sizeof(text));
    return true;
}

static bool decode_int(struct decoder *d, char *at)
{
    int64_t n;
    if (!scan_int(&d->s, &n))
        return false;
    set_int(at, n);
    return true;
}

/* Depth does not matter here: whoever decodes checked bytes passes 0. */
static bool decode_object(struct decoder *d, char *at, int depth)
{
    const char *from = d->s.p;
    if (from == d->s.end || *from != '{' || !scan_value(&d->s, depth))
        return false;
    struct str raw = { from, (size_t)(d->s.p - from) };
    memcpy(at, &raw, sizeof(raw));
    return true;
}

static bool decode_list(struct decoder *d, const struct field *f, char *record,
                        int depth)
{
    char *at = record + f->offset;
    int64_t n = 0;
    if (depth >= CODEC_DEPTH || !scan_byte(&d->s, '['))
        return false;
    if (!scan_byte(&d->s, ']')) {
        do {
            if (n == f->max)
                return false;
            if (!(f->sub ? decode_shape(d, f->sub, at, depth + 1)
                         : decode_int(d, at)))
                return false;
            at += list_step(f);
            n++;
        } while (scan_byte(&d->s, ','));
        if (!scan_byte(&d->s, ']'))
            return false;
    }
    set_int(record + f->count_offset, n);
    return true;
}

/* One value, inside `depth` containers. */
static bool decode_value(struct decoder *d, const struct field *f, char *record,
                         int depth)
{
    char *at = record + f->offset;
    const char *from = d->s.p;
    bool good = false;
    switch (f->type) {
    case F_INT: good = decode_int(d, at); break;
    case F_STR: good = decode_string(d, at); break;
    case F_OBJECT: good = decode_object(d, at, depth); break;
    case F_RECORD: good = decode_shape(d, f->sub, at, depth); break;
    case F_LIST: good = decode_list(d, f, record, depth); break;
    }
    if (!good || !f->optional)
        return good;
    /* What is empty is left out, or one fact would have two encodings: all
     * empty values but 0 are two bytes long. */
    return f->type == F_INT ? int_at(at) != 0 : d->s.p - from != 2;
}

static bool decode_tuple(struct decoder *d, const struct shape *shape,
                         char *record, int depth)
{
    int i = 0;
    if (!scan_byte(&d->s, ']')) {
        do {
            bool known = i < shape->n;
            if (known ? !decode_value(d, &shape->fields[i++], record, depth)
                      : !scan_value(&d->s, depth))
                return false;
            d->unknown += !known;
        } while (scan_byte(&d->s, ','));
        if (!scan_byte(&d->s, ']'))
            return false;
    }
    for (; i < shape->n; i++) {
        if (!shape->fields[i].optional)
            return false;
        set_empty(&shape->fields[i], record);
    }
    return true;
}

/* Is `"name":` next? Then moves over it. */
static bool take_name(struct scan *s, const char *name)
{
    const char *p = s->p;
    if (p == s->end || *p++ != '"')
        return false;
    while (p < s->end && *name && *p == *name) {
        p++;
        name++;
    }
    if (*name || s->end - p < 2 || p[0] != '"' || p[1] != ':')
        return false;
    s->p = p + 2;
    return true;
}

/* The fields from…to-1 have no member. */
static bool skip_fields(const struct shape *shape, int from, int to,
                        char *record)
{
    for (int i = from; i < to; i++) {
        if (!shape->fields[i].optional)
            return false;
        set_empty(&shape->fields[i], record);
    }
    return true;
}

/* Where the decoder stands among the members of one object. */
struct place {
    const struct shape *shape;
    int next;    /* first field that may still come */
    int members; /* so far */
    /* Unknown ones: in fixed order all of them, to find doubled ones; in a
     * sorted object the one just passed over, if it was the last member. */
    struct str names[CODEC_MEMBERS];
    int n;
};

/* The field whose member comes next, moved over its name; -1 if none's. */
static int take_field(struct scan *s, const struct place *at)
{
    for (int i = at->next; i < at->shape->n; i++) {
        if (take_name(s, at->shape->fields[i].name))
            return i;
        if (!at->shape->fields[i].optional)
            break;
    }
    return -1;
}

static bool in_order(const struct place *at, struct str name)
{
    if (at->shape->order == SHAPE_FIXED) {
        for (int i = 0; i < at->n; i++) {
            if (str_eq(at->names[i], name))
                return false;
        }
        return true;
    }
    if (at->n > 0)
        return scan_name_cmp(at->names[0], name) < 0;
    return at->next == 0 ||
           str_cmp(str_of(at->shape->fields[at->next - 1].name), name) < 0;
}

static bool decode_unknown(struct decoder *d, struct place *at, int depth)
{
    struct str name;
    if (!scan_name(&d->s, &name) || !in_order(at, name))
        return false;
    for (int i = 0; i < at->shape->n; i++) {
        if (str_is(name, at->shape->fields[i].name))
            return false; /* doubled or out of order */
    }
    if (at->shape->order == SHAPE_SORTED)
        at->n = 0;
    at->names[at->n++] = name;
    d->unknown++;
    return scan_value(&d->s, depth);
}

static bool decode_member(struct decoder *d, struct place *at, char *record,
                          int depth)
{
    const struct shape *shape = at->shape;
    bool fixed = shape->order == SHAPE_FIXED;
    if (fixed && at->members++ == CODEC_MEMBERS)
        return false;
    int i = take_field(&d->s, at);
    if (i < 0)
        return decode_unknown(d, at, depth);
    if (!fixed && at->n > 0) {
        if (!in_order(at, str_of(shape->fields[i].name)))
            return false;
        at->n = 0;
    }
    int from = at->next;
    at->next = i + 1;
    return skip_fields(shape, from, i, record) &&
           decode_value(d, &shape->fields[i], record, depth);
}

static bool decode_members(struct decoder *d, const struct shape *shape,
                           char *record, int depth)
{
    struct place at;
    at.shape = shape; /* not the names: they are half a kilobyte */
    at.next = at.members = at.n = 0;
    if (!scan_byte(&d->s, '}')) {
        do {
            if (!decode_member(d, &at, record, depth))
                return false;
        } while (scan_byte(&d->s, ','));
        if (!scan_byte(&d->s, '}'))
            return false;
    }
    return skip_fields(shape, at.next, shape->n, record);
}

static bool decode_shape(struct decoder *d, const struct shape *shape,
                         char *record, int depth)
{
    if (depth >= CODEC_DEPTH)
        return false;
    if (shape->order == SHAPE_TUPLE)
        return scan_byte(&d->s, '[') &&
               decode_tuple(d, shape, record, depth + 1);
    return scan_byte(&d->s, '{') && decode_members(d, shape, record, depth + 1);
}

static bool decode_all(struct decoder *d, const struct shape *shape,
                       void *record, int *unknown)
{
    if (!decode_shape(d, shape, record, 0) || d->s.p != d->s.end)
        return false;
    if (unknown)
        *unknown = d->unknown;
    return true;
}

enum err shape_decode(const struct shape *shape, struct str line,
                      struct buf *arena, void *record, int *unknown)
{
    ASSERT(shape->order != SHAPE_TUPLE);
    struct decoder d = { .arena = arena, .len = line.len };
    if (line.len == 0)
        return ERR_CANONICAL;
    d.s = (struct scan){ line.data, line.data + line.len, false, false };
    if (decode_all(&d, shape, record, unknown))
        return ERR_OK;
    /* Failures are rare: which of the two it is may cost a second look. */
    return canonical(line, shape->order) ? ERR_FORM : ERR_CANONICAL;
}

enum err shape_decode_inner(const struct shape *shape, struct str object,
                            struct buf *arena, void *record, int *unknown)
{
    ASSERT(shape->order != SHAPE_TUPLE);
    struct decoder d = { .arena = arena, .len = object.len };
    if (object.len == 0)
        return ERR_FORM;
    bool plain = !memchr(object.data, '\\', object.len);
    d.s = (struct scan){ object.data, object.data + object.len, true, plain };
    return decode_all(&d, shape, record, unknown) ? ERR_OK : ERR_FORM;
}
