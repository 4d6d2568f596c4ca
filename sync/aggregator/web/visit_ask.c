/*
 * visit_ask.c - what a visit asks: its query, its form, and the question to
 * the reports behind both.
 *
 * Whose figures may be shown is decided here, once, for every page and export:
 * whoever's account belongs to a fair or a booth asks about nothing else,
 * whatever the query says.
 */
#include "visit.h"

#include <string.h>

#include "fair/date.h"
#include "fair/env.h"
#include "fair/text.h"

#include "routes.h"
#include "sync/aggregator/store/reference.h"

/* ---- keys and values ----------------------------------------------------- */

/* Takes KEY=VALUE off the front of a query or form. */
static bool next_pair(struct str *s, struct str *key, struct str *value)
{
    if (s->len == 0)
        return false;
    const char *end = memchr(s->data, '&', s->len);
    size_t len = end ? (size_t)(end - s->data) : s->len;
    const char *is = memchr(s->data, '=', len);
    size_t key_len = is ? (size_t)(is - s->data) : len;
    size_t from = is ? key_len + 1 : len;

    *key = (struct str){ s->data, key_len };
    *value = (struct str){ s->data + from, len - from };
    len += end != NULL;
    *s = (struct str){ s->data + len, s->len - len };
    return true;
}

struct str visit_param(const struct visit *v, const char *key)
{
    struct str query = v->ask.query, name, value;

    while (next_pair(&query, &name, &value)) {
        if (str_is(name, key))
            return value;
    }
    return STR("");
}

/* The byte that "%XX" at the front of `s` stands for. */
static bool escaped_byte(struct str s, char *out)
{
    char small[2];

    if (s.len < 3)
        return false;
    for (int i = 0; i < 2; i++) {
        char h = s.data[i + 1];
        small[i] = h >= 'A' && h <= 'F' ? (char)(h - 'A' + 'a') : h;
    }
    return hex_bytes((struct str){ small, 2 }, out, 1);
}

/* application/x-www-form-urlencoded; false: broken, no UTF-8, or a control. */
static bool decode(struct str s, struct buf *out)
{
    BUF(text, FORM_MAX);

    while (s.len > 0) {
        size_t taken = s.data[0] == '%' ? 3 : 1;
        char c = s.data[0] == '+' ? ' ' : s.data[0];

        if (taken == 3 && !escaped_byte(s, &c))
            return false;
        if ((unsigned char)c < 0x20 || c == 0x7f)
            return false;
        buf_putc(&text, c);
        s = (struct str){ s.data + taken, s.len - taken };
    }
    if (!utf8_valid(buf_slice(&text)))
        return false;
    buf_str(out, buf_slice(&text));
    return true;
}

bool visit_field(const struct visit *v, const char *name, struct buf *out)
{
    struct str form = v->ask.body, key, value, found = { 0 };
    int n = 0;

    while (next_pair(&form, &key, &value)) {
        if (str_is(key, name)) {
            found = value;
            n++;
        }
    }
    return n == 1 && decode(found, out);
}

/* ---- forms of ours ------------------------------------------------------- */

static bool same_origin(const struct ask *a)
{
    BUF(ours, HEADER_TEXT + 16);

    if (a->fetch_site.len > 0)
        return str_is(a->fetch_site, "same-origin");
    buf_puts(&ours, "https://");
    buf_str(&ours, a->host);
    return a->host.len > 0 && str_eq(a->origin, buf_slice(&ours));
}

bool visit_is_ours(struct visit *v)
{
    bool ours = same_origin(&v->ask);

    if (ours && v->who.role != ROLE_NONE) {
        BUF(sent, FORM_MAX);

        ours = visit_field(v, "csrf", &sent) &&
               csrf_is(str_of(v->token), buf_slice(&sent));
    }
    if (!ours)
        visit_refuse(v, ERR_NOT_MAY);
    return ours;
}

/* ---- which fair ---------------------------------------------------------- */

struct choice {
    const struct login *who;
    int64_t now_ms;
    int rank; /* of the best so far: running, ended, to come; 0 none */
    int first_day;
    char code[17];
};

/* Running ones first, then those that were, then those to come; of equals the
 * one nearest to now. */
static enum err consider(void *ctx, const struct fair *f)
{
    enum { NONE, TO_COME, ENDED, RUNNING };
    struct choice *c = ctx;
    int today = fair_day_of_ms(c->now_ms, f->cut_off_min);
    int rank = f->first_day > today                       ? TO_COME
               : day_diff(today, f->first_day) >= f->days ? ENDED
                                                          : RUNNING;
    bool nearer = rank == TO_COME ? f->first_day < c->first_day
                                  : f->first_day > c->first_day;

    if (!login_sees_fair(c->who, str_of(f->code)))
        return ERR_OK;
    if (rank > c->rank || (rank == c->rank && nearer)) {
        c->rank = rank;
        c->first_day = f->first_day;
        memcpy(c->code, f->code, sizeof(c->code));
    }
    return ERR_OK;
}

static enum err usual_fair(const struct visit *v, struct buf *strings)
{
    struct choice c = { .who = &v->who, .now_ms = env_wall_ms() };
    enum err e = fair_each(v->store, consider, &c);

    if (e == ERR_OK && c.rank == 0)
        e = ERR_NOT_FOUND;
    if (e == ERR_OK)
        buf_puts(strings, c.code);
    return e;
}

/* ---- the question -------------------------------------------------------- */

/* A C string in `strings`, which does not move: there is room for all. */
static const char *keep(struct buf *strings, struct str s)
{
    if (s.len == 0)
        return NULL;
    ASSERT(strings->cap - strings->len > s.len);
    const char *kept = strings->data + strings->len;
    buf_str(strings, s);
    buf_putc(strings, '\0');
    return kept;
}

static enum err number_of(struct str s, int64_t most, int64_t *out)
{
    int64_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] < '0' || s.data[i] > '9' || n > most / 10)
            return ERR_USAGE;
        n = 10 * n + (s.data[i] - '0');
    }
    if (s.len > 0 && (n < 1 || n > most))
        return ERR_USAGE;
    *out = n;
    return ERR_OK;
}

static enum err fill_members(const struct visit *v, struct buf *strings,
                             struct report_query *q)
{
    const struct {
        const char *key, **member;
    } texts[] = {
        { "with", &q->with },     { "source", &q->source },
        { "origin", &q->origin }, { "by", &q->by },
        { "device", &q->device },
    };
    struct str day = visit_param(v, "day");
    int64_t limit = 0;
    enum err e = ERR_OK;

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        *texts[i].member = keep(strings, visit_param(v, texts[i].key));
    if (day.len > 0 && day_parse(day, &q->day) != ERR_OK)
        e = ERR_USAGE;
    if (e == ERR_OK)
        e = number_of(visit_param(v, "seq"), INT64_MAX / 16, &q->seq);
    if (e == ERR_OK)
        e = number_of(visit_param(v, "limit"), INT32_MAX, &limit);
    q->limit = (int)limit;
    return e;
}

/* Theirs alone, for an account that belongs to a booth. */
static enum err fill_booth(const struct visit *v, struct buf *strings,
                           struct report_query *q)
{
    struct str asked = visit_param(v, "booth");
    struct str own = str_of(v->who.booth);
    bool bound = v->who.role == ROLE_BOOTH;

    if (bound && (own.len == 0 || (asked.len > 0 && !str_eq(asked, own))))
        return ERR_NOT_MAY;
    q->booth = keep(strings, bound ? own : asked);
    return ERR_OK;
}

/* An account of one fair sees another only as what its own fair is compared
 * with. */
static enum err check_other(const struct visit *v, const struct report_query *q)
{
    struct fair f;

    if (!q->with || login_sees_fair(&v->who, str_of(q->with)))
        return ERR_OK;
    enum err e = fair_get(v->store, str_of(q->fair), &f);
    if (e == ERR_NOT_FOUND)
        return ERR_NOT_MAY;
    if (e != ERR_OK)
        return e;
    return strcmp(f.compare_with, q->with) == 0 ? ERR_OK : ERR_NOT_MAY;
}

enum err visit_query(struct visit *v, struct buf *strings,
                     struct report_query *out)
{
    struct report_query q = { .format = REPORT_HTML };
    struct str fair = visit_param(v, "fair");
    BUF(usual, HEADER_TEXT);
    enum err e = ERR_OK;

    if (v->who.role == ROLE_NONE)
        return ERR_NOT_MAY;
    if (buf_room(strings, QUERY_MAX + 256) == NULL)
        return ERR_LIMIT;
    if (fair.len == 0) {
        e = usual_fair(v, &usual);
        fair = buf_slice(&usual);
    }
    if (e == ERR_OK && !login_sees_fair(&v->who, fair))
        e = ERR_NOT_MAY;
    if (e != ERR_OK)
        return e;
    q.fair = keep(strings, fair);
    e = fill_members(v, strings, &q);
    if (e == ERR_OK)
        e = fill_booth(v, strings, &q);
    if (e == ERR_OK)
        e = check_other(v, &q);
    if (e == ERR_OK)
        *out = q;
    return e;
}
