/*
 * book_random.c - sound ledgers of every shape, from a seed.
 *
 * Records are filled by walking their shapes, so that a new member is tried
 * as soon as it is described; what must add up is mended afterwards.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/support/book.h"

struct dice {
    uint64_t state;
    struct buf hex; /* a string that lasts until the record is encoded */
};

static uint32_t roll(struct dice *d, uint32_t below)
{
    /* Knuth's MMIX constants; the high half is the good one. */
    d->state = d->state * UINT64_C(6364136223846793005) +
               UINT64_C(1442695040888963407);
    return (uint32_t)(d->state >> 33) % below;
}

static int64_t amount(struct dice *d)
{
    int digits = (int)roll(d, 8);
    int64_t n = 1 + roll(d, 9);
    while (digits-- > 0)
        n = n * 10 + roll(d, 10);
    return n;
}

static struct str words(struct dice *d)
{
    static const char *const some[] = {
        "a",
        "CM-500",
        "Chả mực Hạ Long",
        "kg",
        "hộp 500 g",
        "Rượu ba kích Ba Chẽ",
        "\"quoted\"",
        "back\\slash",
        "中文",
        "ไทย",
        "x\xCC\x82 mark",
        "€ 12,5 %",
        "đ Đ ư Ư ợ",
        "\xF0\x9F\xA6\x91 squid",
        "\xC2\xA0",
        "[{}],:",
    };
    return str_of(some[roll(d, ARRAY_LEN(some))]);
}

static void fill(struct dice *d, const struct shape *shape, char *record);

static void fill_field(struct dice *d, const struct field *f, char *record)
{
    char *at = record + f->offset;
    int64_t n = amount(d);
    struct str text = words(d);
    if (f->optional && roll(d, 2) == 0)
        return;
    switch (f->type) {
    case F_INT: memcpy(at, &n, sizeof(n)); return;
    case F_STR: memcpy(at, &text, sizeof(text)); return;
    case F_RECORD: fill(d, f->sub, at); return;
    case F_OBJECT: return;
    case F_LIST: break;
    }
    n = 1 + roll(d, f->max < 7 ? (uint32_t)f->max : 7);
    memcpy(record + f->count_offset, &n, sizeof(n));
    for (int64_t i = 0; i < n; i++)
        fill(d, f->sub, at + (size_t)i * f->sub->size);
}

static void fill(struct dice *d, const struct shape *shape, char *record)
{
    for (int i = 0; i < shape->n; i++)
        fill_field(d, &shape->fields[i], record);
}

static int64_t goods(struct line *lines, int64_t n)
{
    int64_t total = 0;
    for (int64_t i = 0; i < n; i++) {
        lines[i].more.unlisted = lines[i].more.unlisted > 0;
        total += lines[i].amount_vnd;
    }
    return total;
}

/* Payments that make up `due`, in one or two parts. */
static int64_t pay(struct dice *d, int64_t due, struct tender *tenders)
{
    static const char *const methods[] = { "cash", "transfer", "card",
                                           "voucher" };
    int64_t n = due > 1 ? 1 + roll(d, 2) : 1;
    for (int64_t i = 0; i < n; i++)
        tenders[i].method = str_of(methods[roll(d, 4)]);
    tenders[0].amount_vnd = n == 1 ? due : due / 2;
    if (n == 2)
        tenders[1].amount_vnd = due - due / 2;
    return n;
}

static void mend_void(struct dice *d, union body *b)
{
    struct body_void *v = &b->voided;
    v->day = 20200114;
    v->total_vnd = goods(v->lines, v->n_lines);
    v->n_tenders = pay(d, v->total_vnd, v->tenders);
}

static void mend_refund(struct dice *d, union body *b)
{
    struct body_refund *r = &b->refund;
    r->foreign = r->of ? STR("") : STR("B2-1-77");
    r->total_vnd = goods(r->lines, r->n_lines);
    r->n_tenders = pay(d, r->total_vnd, r->tenders);
}

static void mend_sale(struct dice *d, union body *b)
{
    struct body_sale *s = &b->sale;
    s->total_vnd = goods(s->lines, s->n_lines);
    s->n_tenders = pay(d, s->total_vnd + s->change_vnd, s->tenders);
}

static void mend(struct dice *d, enum event_kind kind, union body *b)
{
    uint8_t hash[HASH_BYTES];
    hash_tagged("", (struct str){ (char *)&d->state, 8 }, hash);
    buf_clear(&d->hex);
    buf_hex(&d->hex, hash, sizeof(hash));
    if (kind == EV_SALE)
        mend_sale(d, b);
    else if (kind == EV_VOID)
        mend_void(d, b);
    else if (kind == EV_REFUND)
        mend_refund(d, b);
    else if (kind == EV_DAY_TURNED)
        b->day_turned.from = 20200114;
    else if (kind == EV_VISITS)
        b->visits.estimated = b->visits.estimated > 0;
    else if (kind == EV_LINE_REMOVED)
        goods(&b->line_removed.line, 1);
    else if (kind == EV_LIST)
        b->list.hash = buf_slice(&d->hex);
    if (kind == EV_VISITS)
        b->visits.n %= 1000;
}

static void add(struct book *b, struct dice *d, union body *body)
{
    enum event_kind kind = (enum event_kind)(1 + roll(d, EV_UNKNOWN - 1));
    memset(body, 0, sizeof(*body));
    b->next.late_ms = roll(d, 10) == 0 ? b->next.at_ms - 1000 : 0;
    b->next.op = roll(d, 4);
    if (kind == EV_SEAL) {
        book_seal(b, &b->device);
    } else if (kind == EV_SHIFT_OPENED) {
        book_open_shift(b);
    } else {
        fill(d, body_shape(kind), (char *)body);
        mend(d, kind, body);
        book_add(b, kind, body);
    }
}

void book_chance(struct book *b, uint64_t *chance, int n)
{
    static union body body;
    struct dice d = { .state = *chance };
    buf_init(&d.hex, 64);
    while (n-- > 0)
        add(b, &d, &body);
    buf_done(&d.hex);
    *chance = d.state;
}

void book_random(struct book *b, uint32_t seed, int n)
{
    struct dice d = { .state = seed };
    uint8_t aggregator = (uint8_t)(101 + roll(&d, 99)); /* as frozen */
    book_init(b, (uint8_t)(1 + roll(&d, 100)), aggregator);
    book_enrol(b);
    book_chance(b, &d.state, n - b->n);
}
