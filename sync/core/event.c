/*
 * event.c - the envelope, as one shape, and what its members may hold.
 *
 * It does not look into bodies (body.c) and does not know what came before
 * an event (verify.c).
 */
#include "fair/event.h"

#include <string.h>

#include "fair/date.h"

#define AT(member) offsetof(struct event, member)

static const struct field sums_fields[] = {
    { "gross", F_INT, .offset = offsetof(struct sums, gross_vnd) },
    { "refunds", F_INT, .offset = offsetof(struct sums, refunds_vnd) },
    { "voids", F_INT, .offset = offsetof(struct sums, voids_vnd) },
    { "visits", F_INT, .offset = offsetof(struct sums, visits) },
    { "sales", F_INT, .offset = offsetof(struct sums, sales) },
};
static const struct shape sums_shape = {
    "sum",
    SHAPE_TUPLE,
    sums_fields,
    ARRAY_LEN(sums_fields),
    sizeof(struct sums),
};

static const struct field event_fields[] = {
    { "v", F_INT, .offset = AT(version) },
    { "seq", F_INT, .offset = AT(seq) },
    { "kind", F_STR, .offset = AT(kind_word) },
    { "at", F_INT, .offset = AT(at_ms) },
    { "boot", F_STR, .offset = AT(boot) },
    { "up", F_INT, .offset = AT(up_ms) },
    { "day", F_INT, .offset = AT(day) },
    { "shift", F_INT, .offset = AT(shift) },
    { "op", F_INT, .offset = AT(op) },
    { "list", F_INT, .offset = AT(list) },
    { "sum", F_RECORD, .offset = AT(sums), .sub = &sums_shape },
    { "late", F_INT, .optional = true, .offset = AT(late_ms) },
    { "body", F_OBJECT, .offset = AT(body) },
};
static const struct shape event_shape = {
    "event",
    SHAPE_FIXED,
    event_fields,
    ARRAY_LEN(event_fields),
    sizeof(struct event),
};

static const struct str kind_words[] = {
#define X(name, word) [EV_##name] = { word, sizeof(word) - 1 },
    EVENT_KINDS(X)
#undef X
};

enum { BOOT_LEN = 6, KIND_MAX = 32 };

const char *event_kind_word(enum event_kind kind)
{
    ASSERT((size_t)kind < ARRAY_LEN(kind_words));
    return kind_words[kind].data;
}

enum event_kind event_kind_of(struct str word)
{
    for (size_t i = 0; i < ARRAY_LEN(kind_words); i++) {
        if (str_eq(kind_words[i], word))
            return (enum event_kind)i;
    }
    return EV_UNKNOWN;
}

void event_encode(const struct event *e, struct buf *out)
{
    ASSERT(e->body.len >= 2 && e->body.data[0] == '{');
    struct event named = *e;
    if (e->kind != EV_UNKNOWN)
        named.kind_word = kind_words[e->kind];
    shape_encode(&event_shape, &named, out);
}

static bool made_of(struct str s, const char *low, const char *high)
{
    for (size_t i = 0; i < s.len; i++) {
        bool letter = s.data[i] >= 'a' && s.data[i] <= 'z';
        if (!letter && !(s.data[i] >= *low && s.data[i] <= *high))
            return false;
    }
    return true;
}

static bool in_range(const struct event *e)
{
    const struct sums *s = &e->sums;
    if (e->version != 1 || e->seq < 1)
        return false;
    /* One test for all that may not be negative. */
    if ((e->at_ms | e->up_ms | e->day | e->shift | e->op | e->list |
         e->late_ms | s->gross_vnd | s->refunds_vnd | s->voids_vnd | s->visits |
         s->sales) < 0)
        return false;
    return e->day == 0 || (e->day <= 99991231 && day_valid((int)e->day));
}

enum err event_decode(struct str line, struct event *out)
{
    struct event e;
    if (line.len > MAX_EVENT)
        return ERR_CANONICAL;
    enum err bad = shape_decode(&event_shape, line, NULL, &e, NULL);
    if (bad)
        return bad;
    if (!in_range(&e) || e.boot.len != BOOT_LEN || !made_of(e.boot, "2", "7") ||
        e.kind_word.len == 0 || e.kind_word.len > KIND_MAX ||
        !made_of(e.kind_word, "_", "_"))
        return ERR_FORM;
    e.kind = event_kind_of(e.kind_word);
    *out = e;
    return ERR_OK;
}

int64_t event_time_ms(const struct event *e)
{
    return e->late_ms != 0 ? e->late_ms : e->at_ms;
}

struct clocks event_clocks(const struct event *e)
{
    struct clocks c = { .at_ms = e->at_ms, .up_ms = e->up_ms };
    ASSERT(e->boot.len == BOOT_LEN);
    memcpy(c.boot, e->boot.data, BOOT_LEN);
    return c;
}
