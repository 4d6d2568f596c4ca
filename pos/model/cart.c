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

static bool is_between(int64_t n, int64_t low, int64_t high)
{
    return n >= low && n <= high;
}

/* Before any discount. */
static enum err gross(int64_t price_vnd, int64_t milli, int64_t *vnd)
{
    int64_t amount;
    if (milli > MILLI_MAX || money_line(price_vnd, milli, &amount) != ERR_OK ||
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
    if (gross(l->price_vnd, l->milli, &amount) != ERR_OK ||
        !is_between(l->discount_vnd, 0, amount))
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

/* A cart that does not add up could be neither sold nor kept. */
static enum err may_grow(const struct cart *cart, int64_t by_vnd)
{
    int64_t each[MAX_LINES], sum;
    enum err bad = amounts(cart, each, &sum);
    return !bad && sum + by_vnd > MONEY_MAX ? ERR_LIMIT : bad;
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
    /* Not the whole record, which has room for MAX_LINES: 24 kB. */
    out->change_vnd = 0;
    out->n_tenders = 0;
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
            is_whole(l->milli) && l->discount_vnd == 0 && l->stamp[0] == '\0' &&
            !l->unlisted)
            return l;
    }
    return NULL;
}

static enum err line_fill(struct cart_line *l, const struct product *p,
                          int64_t milli, int64_t *amount)
{
    memset(l, 0, sizeof(*l));
    l->price_vnd = p->price_vnd;
    l->milli = milli;
    if (!cart_text(l->sku, sizeof(l->sku), p->sku) ||
        !cart_text(l->name, sizeof(l->name), p->name) ||
        !cart_text(l->unit, sizeof(l->unit), p->unit) ||
        !cart_text(l->seller, sizeof(l->seller), p->seller))
        return ERR_LIMIT;
    return gross(l->price_vnd, milli, amount);
}

static enum err append(struct cart *cart, const struct product *p,
                       int64_t milli)
{
    struct cart_line new;
    int64_t amount;
    if (cart->n_lines == MAX_LINES)
        return ERR_LIMIT;
    enum err bad = line_fill(&new, p, milli, &amount);
    if (!bad)
        bad = may_grow(cart, amount);
    if (!bad)
        cart->lines[cart->n_lines++] = new;
    return bad;
}

/* Whole units cost whole prices: so much more is the price of these alone. */
static enum err grow(struct cart *cart, struct cart_line *l, int64_t milli)
{
    int64_t amount, more;
    enum err bad = gross(l->price_vnd, l->milli + milli, &amount);
    if (!bad)
        bad = gross(l->price_vnd, milli, &more);
    if (!bad)
        bad = may_grow(cart, more);
    if (!bad)
        l->milli += milli;
    return bad;
}

enum err cart_add_at(struct cart *cart, const struct product *p, int64_t milli,
                     int *line)
{
    ASSERT(milli > 0 && milli <= MILLI_MAX);
    struct cart_line *same = is_whole(milli) ? same_line(cart, p) : NULL;
    enum err bad = same ? grow(cart, same, milli) : append(cart, p, milli);
    if (bad)
        return bad;
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

enum err cart_set_quantity(struct cart *cart, int i, int64_t milli)
{
    struct cart_line *l = line_at(cart, i);
    int64_t before, after;
    ASSERT(milli > 0);
    if (gross(l->price_vnd, l->milli, &before) != ERR_OK ||
        gross(l->price_vnd, milli, &after) != ERR_OK)
        return ERR_LIMIT;
    /* Of the amounts, not the quantities: so it never exceeds all of it. */
    int64_t discount = before > 0 ? money_part(after, l->discount_vnd, before)
                                  : l->discount_vnd;
    if (may_grow(cart, after - discount - (before - l->discount_vnd)))
        return ERR_LIMIT;
    l->discount_vnd = discount;
    l->milli = milli;
    lower_order_discount(cart);
    return ERR_OK;
}

void cart_remove(struct cart *cart, int i)
{
    struct cart_line *l = line_at(cart, i);
    cart->n_lines--;
    memmove(l, l + 1, (size_t)(cart->n_lines - i) * sizeof(*l));
    memset(&cart->lines[cart->n_lines], 0, sizeof(*l));
    lower_order_discount(cart);
}

/* One unit of line i onto a line of its own behind it. Whole units cost whole
 * prices, so both parts together cost what they did. */
static void split_one(struct cart *cart, int i)
{
    struct cart_line *l = &cart->lines[i];
    memmove(l + 1, l, (size_t)(cart->n_lines - i) * sizeof(*l));
    cart->n_lines++;
    l[1].milli = UNIT;
    l[1].discount_vnd = money_part(l->discount_vnd, UNIT, l->milli);
    l->milli -= UNIT;
    l->discount_vnd -= l[1].discount_vnd;
}

enum err cart_set_stamp(struct cart *cart, int i, struct str stamp, int *line)
{
    struct cart_line *l = line_at(cart, i);
    bool several = is_whole(l->milli) && l->milli > UNIT;
    char text[sizeof(l->stamp)];
    if (text_check(stamp, MAX_NAME_COLUMNS) == ERR_INVALID)
        return ERR_INVALID;
    if (!cart_text(text, sizeof(text), stamp) ||
        (several && cart->n_lines == MAX_LINES))
        return ERR_LIMIT;
    if (several)
        split_one(cart, i++);
    memcpy(cart->lines[i].stamp, text, stamp.len + 1);
    *line = i;
    return ERR_OK;
}

/* ---- discounts ---- */

enum err cart_discount_line(struct cart *cart, int i, int64_t vnd)
{
    struct cart_line *l = line_at(cart, i);
    int64_t amount;
    if (gross(l->price_vnd, l->milli, &amount) != ERR_OK ||
        !is_between(vnd, 0, amount) ||
        may_grow(cart, l->discount_vnd - vnd) != ERR_OK)
        return ERR_LIMIT;
    l->discount_vnd = vnd;
    lower_order_discount(cart);
    return ERR_OK;
}

enum err cart_discount_order(struct cart *cart, int64_t vnd)
{
    int64_t each[MAX_LINES], sum;
    if (amounts(cart, each, &sum) != ERR_OK || !is_between(vnd, 0, sum))
        return ERR_LIMIT;
    cart->order_discount_vnd = vnd;
    return ERR_OK;
}

int64_t cart_percent(int64_t amount_vnd, int64_t percent_hundredths)
{
    return money_part(amount_vnd, percent_hundredths, WHOLE_HUNDREDTHS);
}

bool cart_discount_within(const struct cart *cart, int64_t percent_hundredths)
{
    int64_t full = 0, given = cart->order_discount_vnd, by_line = 0;
    for (int i = 0; i < cart->n_lines; i++) {
        const struct cart_line *l = &cart->lines[i];
        int64_t amount;
        if (gross(l->price_vnd, l->milli, &amount) != ERR_OK)
            return false;
        int64_t limit = cart_percent(amount, percent_hundredths);
        if (l->discount_vnd > limit)
            return false;
        full += amount;
        given += l->discount_vnd;
        by_line += limit;
    }
    /* Rounded line by line it may come to a few đồng more. */
    return given <= by_line || given <= cart_percent(full, percent_hundredths);
}
