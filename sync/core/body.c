/*
 * body.c - one row a kind: its shape, what its values may be, and what must
 * add up.
 *
 * The tables are the description; the functions below them only walk over
 * tables. Amounts are checked against each other, never against prices.
 */
#include "fair/body.h"

#include <string.h>

#include "fair/date.h"
#include "fair/money.h"

/* ---- shapes -------------------------------------------------------------- */

#define INT(record, name, member)                              \
    {                                                          \
        name, F_INT, .offset = offsetof(struct record, member) \
    }
#define STRING(record, name, member)                           \
    {                                                          \
        name, F_STR, .offset = offsetof(struct record, member) \
    }
#define OPT_INT(record, name, member)                          \
    {                                                          \
        name, F_INT, .optional = true,                         \
                     .offset = offsetof(struct record, member) \
    }
#define OPT_STRING(record, name, member)                       \
    {                                                          \
        name, F_STR, .optional = true,                         \
                     .offset = offsetof(struct record, member) \
    }
#define LINES(record)                                                          \
    {                                                                          \
        "lines", F_LIST,                                                       \
            .offset = offsetof(struct record, lines), .sub = &line_shape,      \
            .count_offset = offsetof(struct record, n_lines), .max = MAX_LINES \
    }
#define PAID(record)                                                        \
    {                                                                       \
        "paid", F_LIST, .offset = offsetof(struct record, tenders),         \
                        .sub = &tender_shape,                               \
                        .count_offset = offsetof(struct record, n_tenders), \
                        .max = MAX_TENDERS                                  \
    }
#define SHAPE(word, kind_of_order, record, list)                   \
    {                                                              \
        word, kind_of_order, list, ARRAY_LEN(list), sizeof(record) \
    }

static const struct field more_fields[] = {
    OPT_INT(line, "discount", more.discount_vnd),
    OPT_STRING(line, "seller", more.seller),
    OPT_STRING(line, "stamp", more.stamp),
    OPT_INT(line, "unlisted", more.unlisted),
};
/* Its fields are placed from the beginning of the line. */
static const struct shape more_shape =
    SHAPE("more", SHAPE_SORTED, struct line, more_fields);

static const struct field line_fields[] = {
    STRING(line, "sku", sku),
    STRING(line, "name", name),
    INT(line, "milli", milli),
    STRING(line, "unit", unit),
    INT(line, "price", price_vnd),
    INT(line, "amount", amount_vnd),
    { "more", F_RECORD, .optional = true, .sub = &more_shape },
};
static const struct shape line_shape =
    SHAPE("line", SHAPE_TUPLE, struct line, line_fields);

static const struct field tender_fields[] = {
    STRING(tender, "method", method),
    INT(tender, "amount", amount_vnd),
    OPT_STRING(tender, "reference", reference),
};
static const struct shape tender_shape =
    SHAPE("tender", SHAPE_TUPLE, struct tender, tender_fields);

static const struct field sale_fields[] = {
    OPT_STRING(body_sale, "basket", basket),
    OPT_INT(body_sale, "change", change_vnd),
    OPT_INT(body_sale, "discount", discount_vnd),
    LINES(body_sale),
    PAID(body_sale),
    STRING(body_sale, "ref", reference),
    INT(body_sale, "total", total_vnd),
};
static const struct field void_fields[] = {
    INT(body_void, "at", at_ms),
    INT(body_void, "day", day),
    LINES(body_void),
    INT(body_void, "of", of),
    PAID(body_void),
    OPT_STRING(body_void, "reason", reason),
    INT(body_void, "total", total_vnd),
};
static const struct field refund_fields[] = {
    OPT_STRING(body_refund, "basket", basket),
    OPT_STRING(body_refund, "foreign", foreign),
    LINES(body_refund),
    OPT_INT(body_refund, "of", of),
    PAID(body_refund),
    OPT_STRING(body_refund, "reason", reason),
    INT(body_refund, "total", total_vnd),
};
static const struct field enrolled_fields[] = {
    { "admission", F_OBJECT,
      .offset = offsetof(struct body_enrolled, admission) },
    STRING(body_enrolled, "signature", signature),
};
static const struct field shift_opened_fields[] = {
    INT(body_shift_opened, "float", float_vnd),
};
static const struct field shift_closed_fields[] = {
    INT(body_shift_closed, "counted", counted_vnd),
    INT(body_shift_closed, "expected", expected_vnd),
    INT(body_shift_closed, "opened", opened),
    OPT_STRING(body_shift_closed, "reason", reason),
};
static const struct field day_turned_fields[] = {
    INT(body_day_turned, "from", from),
};
static const struct field visits_fields[] = {
    OPT_INT(body_visits, "estimated", estimated),
    OPT_STRING(body_visits, "gate", gate),
    INT(body_visits, "n", n),
};
static const struct field cash_fields[] = {
    INT(body_cash, "amount", amount_vnd),
    OPT_STRING(body_cash, "reason", reason),
};
static const struct field stock_fields[] = {
    INT(body_stock, "milli", milli),
    STRING(body_stock, "sku", sku),
    STRING(body_stock, "why", why),
};
static const struct field override_fields[] = {
    INT(body_override, "by", by),
    STRING(body_override, "what", what),
};
static const struct field drawer_fields[] = {
    OPT_STRING(body_drawer, "reason", reason),
};
static const struct field cart_cancelled_fields[] = {
    INT(body_cart, "lines", lines),
    INT(body_cart, "total", total_vnd),
};
static const struct field line_removed_fields[] = {
    { "line", F_RECORD, .offset = offsetof(struct body_line_removed, line),
      .sub = &line_shape },
};
static const struct field reprint_fields[] = {
    INT(body_reprint, "of", of),
};
static const struct field operator_fields[] = {
    INT(body_operator, "number", number),
    OPT_STRING(body_operator, "role", role),
    STRING(body_operator, "what", what),
};
static const struct field access_fields[] = {
    INT(body_access, "number", number),
    STRING(body_access, "what", what),
};
static const struct field list_fields[] = {
    STRING(body_list, "hash", hash),
    INT(body_list, "version", version),
};
static const struct field clock_fields[] = {
    INT(body_clock, "offset", offset_ms),
};
static const struct field call_fields[] = {
    OPT_STRING(body_call, "text", text),
    STRING(body_call, "what", what),
};
static const struct field seal_fields[] = {
    STRING(body_seal, "signature", signature),
};
static const struct field note_fields[] = {
    OPT_STRING(body_note, "text", text),
    STRING(body_note, "what", what),
};

/* ---- ranges -------------------------------------------------------------- */

enum rule_type {
    R_END,
    R_RANGE, /* low <= the number <= high */
    R_DAY,   /* a date, or 0 */
    R_TEXT,  /* a string that is not empty */
    R_HEX    /* a string of exactly `low` hex digits */
};

struct rule {
    enum rule_type type;
    size_t offset;
    int64_t low, high;
};

/* A row of `kinds` ends its rules with R_END, that is, with nothing. */
enum { RULES_MAX = 4 };

#define RANGE(record, member, low, high)                    \
    {                                                       \
        R_RANGE, offsetof(struct record, member), low, high \
    }
#define FROM(record, member, low) RANGE(record, member, low, INT64_MAX)
#define DAY(record, member)                          \
    {                                                \
        R_DAY, offsetof(struct record, member), 0, 0 \
    }
#define TEXT(record, member)                          \
    {                                                 \
        R_TEXT, offsetof(struct record, member), 0, 0 \
    }
#define HEX(record, member, digits)                       \
    {                                                     \
        R_HEX, offsetof(struct record, member), digits, 0 \
    }

static bool hex_digits(struct str s, int64_t digits)
{
    uint8_t bytes[64];
    ASSERT(digits / 2 <= (int64_t)sizeof(bytes));
    return hex_bytes(s, bytes, (size_t)digits / 2);
}

static bool rule_holds(const struct rule *r, const union body *body)
{
    const char *at = (const char *)body + r->offset;
    struct str text = { NULL, 0 };
    int64_t n = 0;
    if (r->type == R_TEXT || r->type == R_HEX)
        memcpy(&text, at, sizeof(text));
    else
        memcpy(&n, at, sizeof(n));
    switch (r->type) {
    case R_RANGE: return n >= r->low && n <= r->high;
    case R_DAY: return n == 0 || (n > 0 && n <= INT32_MAX && day_valid((int)n));
    case R_TEXT: return text.len > 0;
    case R_HEX: return hex_digits(text, r->low);
    case R_END: break;
    }
    return true;
}

/* ---- lines, tenders and what adds up ------------------------------------- */

static bool line_good(const struct line *l)
{
    return l->sku.len > 0 && l->name.len > 0 && l->milli > 0 &&
           l->price_vnd >= 0 && l->amount_vnd >= 0 &&
           l->more.discount_vnd >= 0 &&
           (l->more.unlisted == 0 || l->more.unlisted == 1);
}

static bool tender_good(const struct tender *t)
{
    static const struct str methods[] = {
        { "cash", 4 },
        { "transfer", 8 },
        { "card", 4 },
        { "voucher", 7 },
    };
    if (t->amount_vnd <= 0)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
        if (str_eq(methods[i], t->method))
            return true;
    }
    return false;
}

/* What sale, void and refund have in common. */
struct deal {
    const struct line *lines;
    int64_t n_lines;
    const struct tender *tenders;
    int64_t n_tenders;
    int64_t change_vnd, total_vnd;
};

static enum err deal_check(const struct deal *d)
{
    int64_t goods = 0, paid = 0;
    bool sound = true;
    if (d->n_lines < 1)
        return ERR_FORM;
    for (int64_t i = 0; i < d->n_lines; i++) {
        if (!line_good(&d->lines[i]))
            return ERR_FORM;
        sound = sound && !money_add(goods, d->lines[i].amount_vnd, &goods);
    }
    for (int64_t i = 0; i < d->n_tenders; i++) {
        if (!tender_good(&d->tenders[i]))
            return ERR_FORM;
        sound = sound && !money_add(paid, d->tenders[i].amount_vnd, &paid);
    }
    /* Both are >= 0 here, so that the difference cannot overflow. */
    sound =
        sound && goods == d->total_vnd && paid - d->change_vnd == d->total_vnd;
    return sound ? ERR_OK : ERR_SUMS;
}

#define DEAL(body, change)                                                  \
    (struct deal)                                                           \
    {                                                                       \
        (body)->lines, (body)->n_lines, (body)->tenders, (body)->n_tenders, \
            (change), (body)->total_vnd                                     \
    }

static enum err sale_check(const union body *b)
{
    struct deal deal = DEAL(&b->sale, b->sale.change_vnd);
    return deal_check(&deal);
}

static enum err void_check(const union body *b)
{
    struct deal deal = DEAL(&b->voided, 0);
    return deal_check(&deal);
}

static enum err refund_check(const union body *b)
{
    if ((b->refund.of == 0) == (b->refund.foreign.len == 0))
        return ERR_FORM;
    struct deal deal = DEAL(&b->refund, 0);
    return deal_check(&deal);
}

static enum err line_removed_check(const union body *b)
{
    return line_good(&b->line_removed.line) ? ERR_OK : ERR_FORM;
}

static enum err cash_check(const union body *b)
{
    return b->cash.amount_vnd != 0 ? ERR_OK : ERR_FORM;
}

/* ---- kinds --------------------------------------------------------------- */

struct kind {
    struct shape shape;
    struct rule rules[RULES_MAX + 1];
    enum err (*check)(const union body *b); /* after the rules; may be NULL */
};

#define KIND(word, record) \
    .shape = SHAPE(#word, SHAPE_SORTED, struct record, word##_fields)

static const struct kind kinds[] = {
    [EV_ENROLLED] = { KIND(enrolled, body_enrolled),
                      { HEX(body_enrolled, signature, 128) } },
    [EV_SHIFT_OPENED] = { KIND(shift_opened, body_shift_opened),
                          { FROM(body_shift_opened, float_vnd, 0) } },
    [EV_SHIFT_CLOSED] = { KIND(shift_closed, body_shift_closed),
                          { FROM(body_shift_closed, counted_vnd, 0),
                            FROM(body_shift_closed, opened, 1) } },
    [EV_DAY_TURNED] = { KIND(day_turned, body_day_turned),
                        { DAY(body_day_turned, from) } },
    [EV_SALE] = { KIND(sale, body_sale),
                  { FROM(body_sale, change_vnd, 0),
                    FROM(body_sale, discount_vnd, 0),
                    TEXT(body_sale, reference), FROM(body_sale, total_vnd, 0) },
                  sale_check },
    [EV_VOID] = { KIND(void, body_void),
                  { FROM(body_void, at_ms, 0), DAY(body_void, day),
                    FROM(body_void, of, 1), FROM(body_void, total_vnd, 0) },
                  void_check },
    [EV_REFUND] = { KIND(refund, body_refund),
                    { FROM(body_refund, of, 0),
                      FROM(body_refund, total_vnd, 0) },
                    refund_check },
    [EV_VISITS] = { KIND(visits, body_visits),
                    { RANGE(body_visits, estimated, 0, 1),
                      RANGE(body_visits, n, -VISITS_MAX, VISITS_MAX) } },
    [EV_CASH] = { KIND(cash, body_cash), .check = cash_check },
    [EV_STOCK] = { KIND(stock, body_stock),
                   { TEXT(body_stock, sku), TEXT(body_stock, why) } },
    [EV_OVERRIDE] = { KIND(override, body_override),
                      { FROM(body_override, by, 0),
                        TEXT(body_override, what) } },
    [EV_DRAWER] = { KIND(drawer, body_drawer) },
    [EV_CART_CANCELLED] = { KIND(cart_cancelled, body_cart),
                            { FROM(body_cart, lines, 0),
                              FROM(body_cart, total_vnd, 0) } },
    [EV_LINE_REMOVED] = { KIND(line_removed, body_line_removed),
                          .check = line_removed_check },
    [EV_REPRINT] = { KIND(reprint, body_reprint),
                     { FROM(body_reprint, of, 1) } },
    [EV_OPERATOR] = { KIND(operator, body_operator),
                      { FROM(body_operator, number, 0),
                        TEXT(body_operator, what) } },
    [EV_ACCESS] = { KIND(access, body_access),
                    { FROM(body_access, number, 0), TEXT(body_access, what) } },
    [EV_LIST] = { KIND(list, body_list),
                  { HEX(body_list, hash, 64), FROM(body_list, version, 1) } },
    [EV_CLOCK] = { KIND(clock, body_clock) },
    [EV_CALL] = { KIND(call, body_call), { TEXT(body_call, what) } },
    [EV_SEAL] = { KIND(seal, body_seal), { HEX(body_seal, signature, 128) } },
    [EV_NOTE] = { KIND(note, body_note), { TEXT(body_note, what) } },
};
_Static_assert(ARRAY_LEN(kinds) == EV_UNKNOWN, "every kind has its row");

const struct shape *body_shape(enum event_kind kind)
{
    return kind < EV_UNKNOWN ? &kinds[kind].shape : NULL;
}

enum err body_decode(const struct event *e, struct buf *arena, union body *out)
{
    if (e->kind == EV_UNKNOWN)
        return ERR_OK;
    const struct kind *kind = &kinds[e->kind];
    enum err bad = shape_decode_inner(&kind->shape, e->body, arena, out, NULL);
    if (bad)
        return bad;
    for (const struct rule *r = kind->rules; r->type != R_END; r++) {
        if (!rule_holds(r, out))
            return ERR_FORM;
    }
    return kind->check ? kind->check(out) : ERR_OK;
}

/* ---- running totals ------------------------------------------------------ */

static enum err move(int64_t *total, int64_t by)
{
    int64_t moved;
    if (money_add(*total, by, &moved) || moved < 0)
        return ERR_SUMS;
    *total = moved;
    return ERR_OK;
}

enum err sums_apply(struct sums *sums, enum event_kind kind,
                    const union body *body)
{
    struct sums next = *sums;
    enum err bad = ERR_OK;
    if (kind == EV_SALE) {
        bad = move(&next.gross_vnd, body->sale.total_vnd);
        bad = bad ? bad : move(&next.sales, 1);
    } else if (kind == EV_VOID) {
        bad = move(&next.voids_vnd, body->voided.total_vnd);
    } else if (kind == EV_REFUND) {
        bad = move(&next.refunds_vnd, body->refund.total_vnd);
    } else if (kind == EV_VISITS) {
        bad = move(&next.visits, body->visits.n);
    }
    if (!bad)
        *sums = next;
    return bad;
}

bool sums_equal(const struct sums *a, const struct sums *b)
{
    return a->gross_vnd == b->gross_vnd && a->refunds_vnd == b->refunds_vnd &&
           a->voids_vnd == b->voids_vnd && a->visits == b->visits &&
           a->sales == b->sales;
}
