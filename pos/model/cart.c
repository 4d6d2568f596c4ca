/*
 * cart.c - lines, discounts and totals of what is being sold.
 *
 * Promise: whatever is in the cart, the lines of cart_body add up to its
 * total, and no discount is more than what it is taken off. A change that is
 * refused leaves the cart as it was.
 * Nothing here knows the disk, the clock or the lists' rules.
 */
#include "pos/model/cart.h"

#include <string.h>

#include "fair/money.h"
#include "fair/text.h"
#include "pos/model/cart_parts.h"

enum { UNIT = 1000, WHOLE_HUNDREDTHS = 10000 };

const char *const cart_unlisted_sku = "KHAC";

void cart_init(struct cart *cart)
{
    memset(cart, 0, sizeof(*cart));
}

bool cart_text(char *to, size_t room, struct str s)
{
    if (s.len >= room || (s.len > 0 && memchr(s.data, '\0', s.len)))
        return false;
    if (s.len > 0)
        memcpy(to, s.data, s.len);
    to[s.len] = '\0';
    return true;
}

/* ---- amounts ---- */

/* Before any discount. */
static enum err gross(const struct cart_line *l, int64_t *vnd)
{
    int64_t amount;
    if (money_line(l->price_vnd, l->milli, &amount) != ERR_OK ||
        amount > MONEY_MAX)
        return ERR_LIMIT;
    *vnd = amount;
    return ERR_OK;
}

enum err cart_line_amount(const struct cart *cart, int i, int64_t *vnd)
{
    ASSERT(i >= 0 && i < cart->n_lines);
    const struct cart_line *l = &cart->lines[i];
    int64_t amount;
    enum err bad = gross(l, &amount);
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
    if (total > MONEY_MAX)
        return ERR_LIMIT;
    *sum = total;
    return ERR_OK;
}

static bool is_between(int64_t n, int64_t low, int64_t high)
{
    return n >= low && n <= high;
}

enum err cart_total(const struct cart *cart, int64_t *vnd)
{
    int64_t each[MAX_LINES], sum;
    enum err bad = amounts(cart, each, &sum);
    if (bad)
        return bad;
    if (!is_between(cart->order_discount_vnd, 0, sum))
        return ERR_LIMIT;
    *vnd = sum - cart->order_discount_vnd;
    return ERR_OK;
}

enum err cart_body(const struct cart *cart, struct body_sale *out)
{
    int64_t each[MAX_LINES], share[MAX_LINES], sum;
    enum err bad = amounts(cart, each, &sum);
    if (bad)
        return bad;
    if (!is_between(cart->order_discount_vnd, 0, sum))
        return ERR_LIMIT;
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

/* ---- filling ---- */

static bool is_whole(int64_t milli)
{
    return milli % UNIT == 0;
}

/* The line to which more of this product goes. One with a discount would no
 * longer be the one that was agreed, one with a stamp is a single piece. */
static struct cart_line *same_line(struct cart *cart, const struct product *p)
{
    for (int i = 0; i < cart->n_lines; i++) {
        struct cart_line *l = &cart->lines[i];
        if (str_is(p->sku, l->sku) && l->price_vnd == p->price_vnd &&
            is_whole(l->milli) && l->discount_vnd == 0 &&
            l->stamp[0] == '\0' && !l->unlisted)
            return l;
    }
    return NULL;
}

static enum err check_quantity(const struct cart_line *l, int64_t milli)
{
    struct cart_line wanted = { .price_vnd = l->price_vnd, .milli = milli };
    int64_t amount;
    return milli > MILLI_MAX ? ERR_LIMIT : gross(&wanted, &amount);
}

static enum err line_fill(struct cart_line *l, const struct product *p,
                          int64_t milli)
{
    memset(l, 0, sizeof(*l));
    l->price_vnd = p->price_vnd;
    l->milli = milli;
    if (!cart_text(l->sku, sizeof(l->sku), p->sku) ||
        !cart_text(l->name, sizeof(l->name), p->name) ||
        !cart_text(l->unit, sizeof(l->unit), p->unit) ||
        !cart_text(l->seller, sizeof(l->seller), p->seller))
        return ERR_LIMIT;
    return check_quantity(l, milli);
}

static enum err append(struct cart *cart, const struct product *p,
                       int64_t milli)
{
    struct cart_line new;
    if (cart->n_lines == MAX_LINES)
        return ERR_LIMIT;
    enum err bad = line_fill(&new, p, milli);
    if (!bad)
        cart->lines[cart->n_lines++] = new;
    return bad;
}

enum err cart_add_at(struct cart *cart, const struct product *p, int64_t milli,
                     int *line)
{
    ASSERT(milli > 0 && milli <= MILLI_MAX);
    struct cart_line *same = is_whole(milli) ? same_line(cart, p) : NULL;
    enum err bad = same ? check_quantity(same, same->milli + milli)
                        : append(cart, p, milli);
    if (bad)
        return bad;
    if (same)
        same->milli += milli;
    *line = same ? (int)(same - cart->lines) : cart->n_lines - 1;
    return ERR_OK;
}

enum err cart_add(struct cart *cart, const struct product *p, int64_t milli)
{
    int line;
    return cart_add_at(cart, p, milli, &line);
}

enum err cart_add_unlisted(struct cart *cart, struct str name, struct str unit,
                           int64_t price_vnd, int64_t milli)
{
    struct product p = { .sku = str_of(cart_unlisted_sku),
                         .name = name,
                         .unit = unit,
                         .price_vnd = price_vnd };
    ASSERT(price_vnd >= 0 && milli > 0 && milli <= MILLI_MAX);
    if (text_check(name, MAX_NAME_COLUMNS) != ERR_OK ||
        (unit.len > 0 && text_check(unit, MAX_NAME_COLUMNS) != ERR_OK))
        return ERR_INVALID;
    enum err bad = append(cart, &p, milli);
    if (!bad)
        cart->lines[cart->n_lines - 1].unlisted = true;
    return bad;
}

/* ---- changing ---- */

static struct cart_line *line_at(struct cart *cart, int i)
{
    ASSERT(i >= 0 && i < cart->n_lines);
    return &cart->lines[i];
}

/* Nobody is paid for buying: less to pay lowers the order discount. */
static void lower_order_discount(struct cart *cart)
{
    int64_t each[MAX_LINES], sum;
    if (amounts(cart, each, &sum) == ERR_OK && cart->order_discount_vnd > sum)
        cart->order_discount_vnd = sum;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

enum err cart_set_quantity(struct cart *cart, int i, int64_t milli)
{
    struct cart_line *l = line_at(cart, i);
    int64_t before, after;
    ASSERT(milli > 0 && milli <= MILLI_MAX);
    struct cart_line wanted = { .price_vnd = l->price_vnd, .milli = milli };
    if (gross(l, &before) != ERR_OK || gross(&wanted, &after) != ERR_OK)
        return ERR_LIMIT;
    /* In parts of the amount, not the quantity: it stays at most all of it. */
    if (before > 0 && after <= before)
        l->discount_vnd = money_part(l->discount_vnd, after, before);
    else if (before > 0)
        l->discount_vnd = money_part(after, l->discount_vnd, before);
    l->milli = milli;
    lower_order_discount(cart);
    return ERR_OK;
}
