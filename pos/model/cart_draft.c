/*
 * cart_draft.c - the cart as bytes on disk, and back.
 *
 * Promise: what is read back is the cart that was written, or nothing: bytes
 * that say anything else, or a cart that does not add up, are refused. Which
 * cart they are of can be read from those of a newer program too.
 */
#include <stdlib.h>

#include "fair/codec.h"
#include "fair/money.h"
#include "pos/model/cart.h"
#include "pos/model/cart_parts.h"

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
    int64_t since;
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
    DRAFT("since", F_INT, true, since),
};
static const struct field name_fields[] = {
    DRAFT("basket", F_STR, true, basket),
    DRAFT("ref", F_STR, false, reference),
    DRAFT("since", F_INT, true, since),
};
// clang-format on
static const struct shape draft_shape = { "draft", SHAPE_SORTED, draft_fields,
                                          ARRAY_LEN(draft_fields),
                                          sizeof(struct draft) };
static const struct shape name_shape = { "draft's name", SHAPE_SORTED,
                                         name_fields, ARRAY_LEN(name_fields),
                                         sizeof(struct draft) };

/* ---- drafts ---- */

void cart_render(const struct cart *cart, struct buf *out)
{
    struct draft *d = x_alloc(sizeof(*d));
    d->basket = str_of(cart->basket);
    d->reference = str_of(cart->reference);
    d->since = cart->since;
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

static bool line_fill(struct cart_line *to, const struct draft_line *l)
{
    to->milli = l->milli;
    to->price_vnd = l->price_vnd;
    to->discount_vnd = l->discount_vnd;
    to->unlisted = l->unlisted != 0;
    return l->milli >= 1 && l->milli <= MILLI_MAX && l->price_vnd >= 0 &&
           cart_text(to->sku, sizeof(to->sku), l->sku) &&
           cart_text(to->name, sizeof(to->name), l->name) &&
           cart_text(to->unit, sizeof(to->unit), l->unit) &&
           cart_text(to->seller, sizeof(to->seller), l->seller) &&
           cart_text(to->stamp, sizeof(to->stamp), l->stamp);
}

static bool name_fill(struct cart *cart, const struct draft *d)
{
    cart->since = d->since;
    return d->since >= 0 &&
           cart_text(cart->basket, sizeof(cart->basket), d->basket) &&
           cart_text(cart->reference, sizeof(cart->reference), d->reference);
}

static bool cart_fill(struct cart *cart, const struct draft *d)
{
    int64_t total;
    cart->order_discount_vnd = d->discount_vnd;
    cart->n_lines = (int)d->n_lines;
    for (int i = 0; i < cart->n_lines; i++) {
        if (!line_fill(&cart->lines[i], &d->lines[i]))
            return false;
    }
    return name_fill(cart, d) && cart_total(cart, &total) == ERR_OK;
}

/* A member that we do not know would be lost with the next key. */
static bool says_all(const struct cart *cart, struct str bytes)
{
    BUF(again, bytes.len + 1);
    cart_render(cart, &again);
    return str_eq(buf_slice(&again), bytes);
}

enum err cart_parse(struct str bytes, struct cart *out)
{
    BUF(arena, bytes.len + 1);
    struct draft *d = x_alloc(sizeof(*d));
    struct cart *cart = x_alloc(sizeof(*cart));
    enum err bad = shape_decode(&draft_shape, bytes, &arena, d, NULL);
    if (!bad && !(cart_fill(cart, d) && says_all(cart, bytes)))
        bad = ERR_FORM;
    if (!bad)
        *out = *cart;
    free(cart);
    free(d);
    return bad;
}

enum err cart_parse_name(struct str bytes, struct cart *out)
{
    BUF(arena, bytes.len + 1);
    struct draft *d = x_alloc(sizeof(*d));
    struct cart *cart = x_alloc(sizeof(*cart));
    enum err bad = shape_decode(&name_shape, bytes, &arena, d, NULL);
    if (!bad && !name_fill(cart, d))
        bad = ERR_FORM;
    if (!bad)
        *out = *cart;
    free(cart);
    free(d);
    return bad;
}
