/*
 * carts.c - the open cart and the parked ones as drafts of the ledger.
 *
 * Promise: a cart is dropped only after it stands elsewhere. A kill between
 * the two steps of parking or recalling leaves it in both places; whoever
 * looks next takes it for what it is, one cart, by its reference.
 * A sale removes its cart by being there: whoever looks finds the basket in
 * the ledger, and the next cart takes the draft's place. A page of its own
 * for that would double what a sale writes. The cart knows how long the ledger
 * was when it was begun, so whoever looks reads no more than came after.
 * What cannot be read stands in a second place before it is written over. As a
 * sold cart's draft stays, a newer one's name tells whether it is one.
 */
#include "pos/till/carts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fair/codec.h"
#include "fair/text.h"
#include "pos/till/sale.h"

const char *const cart_draft = "cart";

/* ---- the bytes of a parked cart ---- */

struct park {
    int64_t at_ms;
    struct str cart; /* as cart_render makes it */
    struct str label;
    int64_t op;
};

// clang-format off
#define PARK(name, type, optional, member) \
    { name, type, optional, offsetof(struct park, member), NULL, 0, 0 }
static const struct field park_fields[] = {
    PARK("at", F_INT, false, at_ms),
    PARK("cart", F_OBJECT, false, cart),
    PARK("label", F_STR, true, label),
    PARK("op", F_INT, true, op),
};
// clang-format on
static const struct shape park_shape = { "parked", SHAPE_SORTED, park_fields,
                                         ARRAY_LEN(park_fields),
                                         sizeof(struct park) };

static const char *park_id(int place, char id[16])
{
    snprintf(id, 16, "park.%d", place);
    return id;
}

/* ---- everything there is ---- */

struct shelf_cart {
    bool there;
    bool unread; /* there are bytes; of the cart at most its name is known */
    struct cart cart;
    int64_t at_ms, op;
    char label[4 * MAX_NAME_COLUMNS + 1];
};
struct shelf { /* carts[0] is the open one, the others their places' */
    struct shelf_cart carts[PLACES_MAX + 1];
};

/* 0 is the open cart's; -1: the draft is no cart's. */
static int place_of(const char *id)
{
    char name[16];
    if (strcmp(id, cart_draft) == 0)
        return 0;
    for (int i = 1; i <= PLACES_MAX; i++) {
        if (strcmp(id, park_id(i, name)) == 0)
            return i;
    }
    return -1;
}

static enum err cart_take(struct str bytes, struct cart *out)
{
    enum err e = cart_parse(bytes, out);
    if (e)
        (void)!cart_parse_name(bytes, out); /* may have none */
    return e;
}

static enum err park_parse(struct str bytes, struct shelf_cart *out)
{
    BUF(arena, bytes.len + 1);
    struct park park;
    if (shape_decode(&park_shape, bytes, &arena, &park, NULL))
        park = (struct park){ .cart = bytes }; /* an open one that was kept */
    enum err e = cart_take(park.cart, &out->cart);
    if (!e && park.label.len >= sizeof(out->label))
        e = ERR_FORM;
    if (e)
        return e;
    out->at_ms = park.at_ms;
    out->op = park.op;
    if (park.label.len > 0)
        memcpy(out->label, park.label.data, park.label.len);
    out->label[park.label.len] = '\0';
    return ERR_OK;
}

/* What is empty is no cart; other drafts are others'. */
static enum err shelf_take(void *ctx, const char *id, struct str bytes)
{
    struct shelf *shelf = ctx;
    int place = place_of(id);
    if (place < 0)
        return ERR_OK;
    struct shelf_cart *c = &shelf->carts[place];
    enum err e = place == 0 ? cart_take(bytes, &c->cart) : park_parse(bytes, c);
    c->there = !e && c->cart.n_lines > 0;
    c->unread = e && bytes.len > 0;
    return ERR_OK;
}

static const char *basket_of(const struct cart *cart)
{
    return cart->basket[0] ? cart->basket : cart->reference;
}

static enum err is_sold(struct till *till, const struct cart *cart, bool *sold)
{
    int64_t seq;
    struct str basket = str_of(basket_of(cart));
    enum err e =
        basket.len == 0
            ? ERR_NOT_FOUND
            : ledger_find_basket_since(till->ledger, basket, cart->since, &seq);
    *sold = e == ERR_OK;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* Was a parked one recalled already? */
static bool is_open(const struct shelf *shelf, const struct shelf_cart *c)
{
    const struct shelf_cart *open = &shelf->carts[0];
    return c != open && open->there && c->there &&
           strcmp(open->cart.reference, c->cart.reference) == 0;
}

/* Only up to `last` it is asked whether they were sold. */
static enum err shelf_tidy(struct till *till, struct shelf *shelf, int last)
{
    char id[16];
    enum err e = ERR_OK;
    for (int i = 0; !e && i <= PLACES_MAX; i++) {
        struct shelf_cart *c = &shelf->carts[i];
        if (!c->there && !c->unread)
            continue;
        bool elsewhere = is_open(shelf, c);
        if (!elsewhere && i <= last)
            e = is_sold(till, &c->cart, &elsewhere);
        if (e || !elsewhere)
            continue;
        c->there = c->unread = false;
        if (i > 0)
            e = ledger_draft_drop(till->ledger, park_id(i, id));
    }
    return e;
}

/* The caller frees it. The carts in places behind `last` may have been sold. */
static enum err shelf_read(struct till *till, int last, struct shelf **out)
{
    enum err e = till_ready(till);
    if (e)
        return e;
    struct shelf *shelf = x_alloc(sizeof(*shelf));
    e = ledger_draft_each(till->ledger, shelf_take, shelf);
    if (!e)
        e = shelf_tidy(till, shelf, last);
    if (e)
        free(shelf);
    else
        *out = shelf;
    return e;
}

/* The first free place up to `last`; 0: none. */
static int place_free(const struct shelf *shelf, int last)
{
    for (int i = 1; i <= last; i++) {
        if (!shelf->carts[i].there && !shelf->carts[i].unread)
            return i;
    }
    return 0;
}

/* ---- the open cart ---- */

static enum err take_open(void *ctx, const char *id, struct str bytes)
{
    if (place_of(id) == 0)
        buf_str(ctx, bytes);
    return ERR_OK;
}

static enum err find_kept(void *ctx, const char *id, struct str bytes)
{
    return place_of(id) > 0 && str_eq(bytes, buf_slice(ctx)) ? ERR_EXISTS
                                                             : ERR_OK;
}

/* The draft stays, too, until another takes its place: the program that can
 * read it may come back before that. */
static enum err open_keep(struct till *till, const struct shelf *shelf)
{
    BUF(bytes, MAX_TEXT + 1);
    char id[16];
    enum err e = ledger_draft_each(till->ledger, take_open, &bytes);
    if (!e)
        e = ledger_draft_each(till->ledger, find_kept, &bytes);
    if (e)
        return e == ERR_EXISTS ? ERR_OK : e;
    int place = place_free(shelf, PLACES_MAX);
    return place == 0 ? ERR_LIMIT
                      : ledger_draft_save(till->ledger, park_id(place, id),
                                          buf_slice(&bytes));
}

enum err carts_open(struct till *till, struct cart *out, bool *kept)
{
    struct shelf *shelf;
    enum err e = shelf_read(till, 0, &shelf);
    if (e)
        return e;
    const struct shelf_cart *open = &shelf->carts[0];
    if (open->unread)
        e = open_keep(till, shelf);
    if (!e) {
        *kept = open->unread;
        if (open->there)
            *out = open->cart;
        else
            cart_init(out);
    }
    free(shelf);
    return e;
}

enum err carts_save(struct till *till, const struct cart *cart)
{
    BUF(bytes, MAX_TEXT);
    enum err e = till_ready(till);
    if (e)
        return e;
    if (cart->n_lines == 0)
        return ledger_draft_drop(till->ledger, cart_draft);
    cart_render(cart, &bytes);
    if (!buf_ok(&bytes))
        return ERR_LIMIT;
    return ledger_draft_save(till->ledger, cart_draft, buf_slice(&bytes));
}

/* ---- parked carts ---- */

static enum err park_save(struct till *till, int place, const struct park *park)
{
    BUF(bytes, MAX_TEXT);
    char id[16];
    shape_encode(&park_shape, park, &bytes);
    if (!buf_ok(&bytes))
        return ERR_LIMIT;
    return ledger_draft_save(till->ledger, park_id(place, id),
                             buf_slice(&bytes));
}

static enum err label_check(struct str label)
{
    if (label.len == 0)
        return ERR_OK;
    return label.len > 4 * MAX_NAME_COLUMNS ||
                   text_check(label, MAX_NAME_COLUMNS) != ERR_OK
               ? ERR_INVALID
               : ERR_OK;
}

static enum err free_place(struct till *till, int *place)
{
    struct shelf *shelf;
    enum err e = shelf_read(till, PLACES_MAX, &shelf);
    if (e)
        return e;
    int i = place_free(shelf, PARKED_MAX);
    free(shelf);
    if (i == 0)
        return ERR_LIMIT;
    *place = i;
    return ERR_OK;
}

/* The new cart first: once the old one is parked nothing may fail that would
 * leave it on the screen as well. */
enum err carts_park(struct till *till, struct cart *cart, struct str label,
                    int64_t op, int *place)
{
    BUF(bytes, MAX_TEXT);
    struct cart *next = x_alloc(sizeof(*next));
    struct park park = { till_now_ms(till), { NULL, 0 }, label, op };
    int free_at = 0;
    ASSERT(cart->n_lines > 0);
    cart_render(cart, &bytes);
    park.cart = buf_slice(&bytes);
    enum err e = buf_ok(&bytes) ? label_check(label) : ERR_LIMIT;
    if (!e)
        e = free_place(till, &free_at);
    if (!e)
        e = sale_begin(till, next);
    if (!e)
        e = park_save(till, free_at, &park);
    if (!e)
        e = ledger_draft_drop(till->ledger, cart_draft);
    if (!e) {
        *cart = *next;
        *place = free_at;
    }
    free(next);
    return e;
}

static enum err recall(struct till *till, int place, struct shelf *shelf,
                       struct cart *cart)
{
    char id[16];
    if (place < 1 || place > PLACES_MAX)
        return ERR_NOT_FOUND;
    if (!shelf->carts[place].there)
        return shelf->carts[place].unread ? ERR_NEWER : ERR_NOT_FOUND;
    enum err e = carts_save(till, &shelf->carts[place].cart);
    if (e)
        return e;
    *cart = shelf->carts[place].cart;
    /* It is the open cart now; should its place not be cleared, it will be
     * when somebody looks. */
    (void)!ledger_draft_drop(till->ledger, park_id(place, id));
    return ERR_OK;
}

enum err carts_recall(struct till *till, int place, struct cart *cart)
{
    struct shelf *shelf;
    if (cart->n_lines > 0)
        return ERR_EXISTS;
    enum err e = shelf_read(till, PLACES_MAX, &shelf);
    if (e)
        return e;
    e = recall(till, place, shelf, cart);
    free(shelf);
    return e;
}

static enum err parked_fill(const struct shelf_cart *c, int place,
                            struct parked *out)
{
    *out = (struct parked){ .place = place };
    if (c->unread)
        return ERR_OK;
    *out = (struct parked){ .place = place,
                            .n_lines = c->cart.n_lines,
                            .at_ms = c->at_ms,
                            .op = c->op };
    snprintf(out->first, sizeof(out->first), "%s", c->cart.lines[0].name);
    snprintf(out->label, sizeof(out->label), "%s", c->label);
    return cart_total(&c->cart, &out->total_vnd);
}

enum err carts_parked(struct till *till, struct parked out[PLACES_MAX], int *n)
{
    struct shelf *shelf;
    int found = 0;
    enum err e = shelf_read(till, PLACES_MAX, &shelf);
    if (e)
        return e;
    for (int i = 1; !e && i <= PLACES_MAX; i++) {
        if (shelf->carts[i].there || shelf->carts[i].unread)
            e = parked_fill(&shelf->carts[i], i, &out[found++]);
    }
    free(shelf);
    if (!e)
        *n = found;
    return e;
}
