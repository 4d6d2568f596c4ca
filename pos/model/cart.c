/*
 * cart.c - lines, discounts and totals of what is being sold.
 *
 * Promise: whatever is in the cart, the lines of cart_body add up to its
 * total. Nothing here knows the disk, the clock or the lists' rules.
 */
#include "pos/model/cart.h"

#include <stdlib.h>
#include <string.h>

#include "fair/codec.h"
#include "fair/money.h"

/* ---- the draft's bytes ---- */

struct draft_line {
    struct str sku, name, unit;
    int64_t milli, price_vnd;
    int64_t discount_vnd;
    struct str seller, stamp;
    int64_t unlisted;
};

struct draft {
    struct str basket;
    int64_t discount_vnd;
    int64_t n_lines;
    struct draft_line lines[MAX_LINES];
    struct str reference;
};

// clang-format off
#define LINE(name, type, optional, member) \
    { name, type, optional, offsetof(struct draft_line, member), NULL, 0, 0 }
static const struct field line_fields[] = {
    LINE("discount", F_INT, true, discount_vnd),
    LINE("milli", F_INT, false, milli),
    LINE("name", F_STR, false, name),
    LINE("price", F_INT, false, price_vnd),
    LINE("seller", F_STR, true, seller),
    LINE("sku", F_STR, false, sku),
    LINE("stamp", F_STR, true, stamp),
    LINE("unit", F_STR, false, unit),
    LINE("unlisted", F_INT, true, unlisted),
};
static const struct shape line_shape = { "draft line", SHAPE_SORTED,
                                         line_fields, ARRAY_LEN(line_fields),
                                         sizeof(struct draft_line) };

#define DRAFT(name, type, optional, member) \
    { name, type, optional, offsetof(struct draft, member), NULL, 0, 0 }
static const struct field draft_fields[] = {
    DRAFT("basket", F_STR, true, basket),
    DRAFT("discount", F_INT, true, discount_vnd),
    { "lines", F_LIST, false, offsetof(struct draft, lines), &line_shape,
      offsetof(struct draft, n_lines), MAX_LINES },
    DRAFT("ref", F_STR, false, reference),
};
// clang-format on
static const struct shape draft_shape = { "draft", SHAPE_SORTED, draft_fields,
                                          ARRAY_LEN(draft_fields),
                                          sizeof(struct draft) };

/* ---- texts of fixed room ---- */

static bool fits(struct str s, size_t room)
{
    return s.len < room && !memchr(s.data ? s.data : "", '\0', s.len);
}

static void keep(char *to, struct str s)
{
    if (s.len > 0)
        memcpy(to, s.data, s.len);
    to[s.len] = '\0';
}

static bool line_fits(const struct draft_line *l)
{
    const struct cart_line *room = NULL;
    return fits(l->sku, sizeof(room->sku)) &&
           fits(l->name, sizeof(room->name)) &&
           fits(l->unit, sizeof(room->unit)) &&
           fits(l->seller, sizeof(room->seller)) &&
           fits(l->stamp, sizeof(room->stamp));
}

static void line_keep(struct cart_line *to, const struct draft_line *l)
{
    keep(to->sku, l->sku);
    keep(to->name, l->name);
    keep(to->unit, l->unit);
    keep(to->seller, l->seller);
    keep(to->stamp, l->stamp);
    to->milli = l->milli;
    to->price_vnd = l->price_vnd;
    to->discount_vnd = l->discount_vnd;
    to->unlisted = l->unlisted != 0;
}

/* ---- filling ---- */

void cart_init(struct cart *cart)
{
    memset(cart, 0, sizeof(*cart));
}

/* The line that already holds this product at this price and no discount of
 * its own, which would no longer be the one that was agreed. */
static struct cart_line *same_line(struct cart *cart, const struct product *p)
{
    for (int i = 0; i < cart->n_lines; i++) {
        struct cart_line *l = &cart->lines[i];
        if (str_is(p->sku, l->sku) && l->price_vnd == p->price_vnd &&
            l->discount_vnd == 0 && l->stamp[0] == '\0' && !l->unlisted)
            return l;
    }
    return NULL;
}

enum err cart_add(struct cart *cart, const struct product *p, int64_t milli)
{
    struct draft_line new = { .sku = p->sku,
                              .name = p->name,
                              .unit = p->unit,
                              .milli = milli,
                              .price_vnd = p->price_vnd,
                              .seller = p->seller };
    struct cart_line *line = same_line(cart, p);
    int64_t amount;
    ASSERT(milli > 0 && milli <= MILLI_MAX);
    if (line)
        new.milli += line->milli;
    else if (cart->n_lines == MAX_LINES || !line_fits(&new))
        return ERR_LIMIT;
    if (new.milli > MILLI_MAX ||
        money_line(new.price_vnd, new.milli, &amount) != ERR_OK ||
        amount > MONEY_MAX)
        return ERR_LIMIT;
    if (!line)
        line_keep(&cart->lines[cart->n_lines++], &new);
    else
        line->milli = new.milli;
    return ERR_OK;
}

/* ---- adding up ---- */

enum err cart_line_amount(const struct cart *cart, int i, int64_t *vnd)
{
    ASSERT(i >= 0 && i < cart->n_lines);
    const struct cart_line *l = &cart->lines[i];
    int64_t amount;
    enum err bad = money_line(l->price_vnd, l->milli, &amount);
    if (bad)
        return bad;
    if (l->discount_vnd < 0 || l->discount_vnd > amount)
        return ERR_LIMIT;
    *vnd = amount - l->discount_vnd;
    return ERR_OK;
}

/* The lines' amounts before the order discount, and their sum. */
static enum err amounts(const struct cart *cart, int64_t *each, int64_t *sum)
{
    int64_t total = 0;
    for (int i = 0; i < cart->n_lines; i++) {
        enum err bad = cart_line_amount(cart, i, &each[i]);
        if (!bad)
            bad = money_add(total, each[i], &total);
        if (bad)
            return bad;
    }
    if (total > MONEY_MAX || cart->order_discount_vnd < 0 ||
        cart->order_discount_vnd > total)
        return ERR_LIMIT;
    *sum = total;
    return ERR_OK;
}

enum err cart_total(const struct cart *cart, int64_t *vnd)
{
    int64_t each[MAX_LINES], sum;
    enum err bad = amounts(cart, each, &sum);
    if (!bad)
        *vnd = sum - cart->order_discount_vnd;
    return bad;
}

enum err cart_body(const struct cart *cart, struct body_sale *out)
{
    int64_t each[MAX_LINES], share[MAX_LINES], sum;
    enum err bad = amounts(cart, each, &sum);
    if (bad)
        return bad;
    money_share(cart->order_discount_vnd, each, cart->n_lines, share);
    memset(out, 0, sizeof(*out));
    out->basket = str_of(cart->basket);
    out->reference = str_of(cart->reference);
    out->discount_vnd = cart->order_discount_vnd;
    out->total_vnd = sum - cart->order_discount_vnd;
    out->n_lines = cart->n_lines;
    for (int i = 0; i < cart->n_lines; i++) {
        const struct cart_line *l = &cart->lines[i];
        out->lines[i] = (struct line){
            .sku = str_of(l->sku),
            .name = str_of(l->name),
            .unit = str_of(l->unit),
            .milli = l->milli,
            .price_vnd = l->price_vnd,
            .amount_vnd = each[i] - share[i],
            .more = { .discount_vnd = l->discount_vnd + share[i],
                      .seller = str_of(l->seller),
                      .stamp = str_of(l->stamp),
                      .unlisted = l->unlisted },
        };
    }
    return ERR_OK;
}

/* ---- drafts ---- */

void cart_render(const struct cart *cart, struct buf *out)
{
    struct draft *d = x_alloc(sizeof(*d));
    d->basket = str_of(cart->basket);
    d->reference = str_of(cart->reference);
    d->discount_vnd = cart->order_discount_vnd;
    d->n_lines = cart->n_lines;
    for (int i = 0; i < cart->n_lines; i++) {
        const struct cart_line *l = &cart->lines[i];
        d->lines[i] = (struct draft_line){
            .sku = str_of(l->sku),
            .name = str_of(l->name),
            .unit = str_of(l->unit),
            .milli = l->milli,
            .price_vnd = l->price_vnd,
            .discount_vnd = l->discount_vnd,
            .seller = str_of(l->seller),
            .stamp = str_of(l->stamp),
            .unlisted = l->unlisted,
        };
    }
    shape_encode(&draft_shape, d, out);
    free(d);
}

static bool draft_good(const struct draft *d)
{
    const struct cart *room = NULL;
    if (!fits(d->basket, sizeof(room->basket)) ||
        !fits(d->reference, sizeof(room->reference)))
        return false;
    for (int64_t i = 0; i < d->n_lines; i++) {
        const struct draft_line *l = &d->lines[i];
        if (!line_fits(l) || l->milli < 1 || l->milli > MILLI_MAX ||
            l->price_vnd < 0)
            return false;
    }
    return true;
}

static void cart_fill(struct cart *cart, const struct draft *d)
{
    cart_init(cart);
    keep(cart->basket, d->basket);
    keep(cart->reference, d->reference);
    cart->order_discount_vnd = d->discount_vnd;
    cart->n_lines = (int)d->n_lines;
    for (int i = 0; i < cart->n_lines; i++)
        line_keep(&cart->lines[i], &d->lines[i]);
}

enum err cart_parse(struct str bytes, struct cart *out)
{
    BUF(arena, bytes.len + 1);
    struct draft *d = x_alloc(sizeof(*d));
    struct cart *cart = x_alloc(sizeof(*cart));
    int64_t total;
    enum err bad = shape_decode(&draft_shape, bytes, &arena, d, NULL);
    if (!bad && !draft_good(d))
        bad = ERR_FORM;
    if (!bad) {
        cart_fill(cart, d);
        bad = cart_total(cart, &total) ? ERR_FORM : ERR_OK;
    }
    if (!bad)
        *out = *cart;
    free(cart);
    free(d);
    return bad;
}
