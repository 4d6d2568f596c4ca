/*
 * plan_sales.c - what is sold: baskets that add up.
 *
 * Each booth gets a share of the revenue and of the sales. A basket is filled
 * towards what remains divided by the sales that remain, more or less; so the
 * sum stays on course, and the last basket, filled just beyond what remains,
 * meets it exactly by an order discount smaller than the booth's cheapest
 * thing. What is given back later does not count towards the share.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/money.h"
#include "tests/sim/plan.h"

enum { STREAM = 0x5a1e00, TRIES = 6, UNITS = 20, NOT_FOUND = -1 };
#define LAST_VND INT64_C(8000000) /* the last basket is no larger */

struct booth_course { /* of one booth */
    struct plan *plan;
    const struct stall *stall;
    struct chance chance;
    int booth;
    int64_t rest_vnd;       /* still to be sold */
    int64_t left;           /* sales still to make */
    int64_t refunds, voids; /* of them to be given back */
    bool exact;
};

/* ---- one basket ---------------------------------------------------------- */

static bool holds(const struct basket *b, int ware)
{
    for (int i = 0; i < b->n_lines; i++) {
        if (b->lines[i].ware == ware)
            return true;
    }
    return false;
}

static int64_t put(const struct booth_course *c, struct basket *b, int ware,
                   int64_t milli)
{
    int64_t amount;
    int i = 0;
    while (i < b->n_lines && b->lines[i].ware != ware)
        i++;
    ASSERT(i < BASKET_LINES);
    if (i == b->n_lines) {
        b->n_lines++;
        b->lines[i].ware = ware;
        b->lines[i].milli = b->lines[i].amount_vnd = 0;
    }
    b->lines[i].milli += milli;
    enum err e =
        money_line(c->stall->wares[ware].price_vnd, b->lines[i].milli, &amount);
    ASSERT(!e);
    int64_t more = amount - b->lines[i].amount_vnd;
    b->lines[i].amount_vnd = amount;
    b->total_vnd += more;
    return more;
}

static int any_below(struct booth_course *c, const struct basket *b,
                     int64_t vnd)
{
    for (int i = 0; i < TRIES; i++) {
        int ware = (int)chance_below(&c->chance, c->stall->n);
        if (c->stall->wares[ware].price_vnd <= vnd && !holds(b, ware))
            return ware;
    }
    return NOT_FOUND;
}

static int dearest_below(const struct booth_course *c, const struct basket *b,
                         int64_t vnd)
{
    int best = NOT_FOUND;
    for (int i = 0; i < c->stall->n; i++) {
        int64_t price = c->stall->wares[i].price_vnd;
        if (price <= vnd && !holds(b, i) &&
            (best < 0 || price > c->stall->wares[best].price_vnd))
            best = i;
    }
    return best;
}

/* As much of it as `vnd` buys, within reason. */
static int64_t milli_for(const struct ware *ware, int64_t vnd)
{
    int64_t step = ware->by_weight ? 50 : 1000;
    int64_t least = ware->by_weight ? 200 : 1000;
    int64_t milli = vnd * 1000 / ware->price_vnd / step * step;
    if (milli > UNITS * INT64_C(1000))
        milli = UNITS * INT64_C(1000);
    return milli < least ? least : milli;
}

static void fill(struct booth_course *c, struct basket *b, int64_t aim_vnd)
{
    static const int64_t usual[BASKET_LINES] = { 38, 27, 16, 10, 6, 3 };
    int lines = 1 + chance_weighted(&c->chance, usual, BASKET_LINES);
    int64_t rest = aim_vnd < BASKET_VND_MAX ? aim_vnd : BASKET_VND_MAX;
    b->n_lines = 0;
    b->total_vnd = 0;
    for (int i = 0; i < lines; i++) {
        int ware = any_below(c, b, rest);
        if (ware < 0)
            continue;
        rest -= put(c, b, ware,
                    milli_for(&c->stall->wares[ware], rest / (lines - i)));
    }
    if (b->n_lines == 0)
        put(c, b, c->stall->cheapest, 1000);
}

/* Just beyond `vnd`, in whole units, then down to it by a discount. */
static void fill_exactly(const struct booth_course *c, struct basket *b,
                         int64_t vnd)
{
    int64_t rest = vnd, least = c->stall->wares[c->stall->cheapest].price_vnd;
    b->n_lines = 0;
    b->total_vnd = 0;
    while (rest > 0 && b->n_lines < BASKET_LINES - 1) {
        int ware = dearest_below(c, b, rest);
        if (ware < 0)
            break;
        int64_t units = rest / c->stall->wares[ware].price_vnd;
        rest -= put(c, b, ware, units * 1000);
    }
    if (rest > 0)
        put(c, b, c->stall->cheapest, (rest + least - 1) / least * 1000);
    b->discount_vnd = b->total_vnd - vnd;
    b->total_vnd = vnd;
}

/* ---- a booth's sales ----------------------------------------------------- */

static enum back back_of(struct booth_course *c, const struct basket *b)
{
    int64_t at = chance_below(&c->chance, c->left > 1 ? c->left - 1 : 1);
    if (at < c->voids) {
        c->voids--;
        return BACK_VOID;
    }
    if (at < c->voids + c->refunds) {
        c->refunds--;
        return b->n_lines > 1 && at % 2 ? BACK_LINE : BACK_ALL;
    }
    return BACK_NONE;
}

static int64_t kept_of(const struct basket *b)
{
    int64_t given[] = { [BACK_NONE] = 0,
                        [BACK_ALL] = b->total_vnd,
                        [BACK_LINE] = b->lines[0].amount_vnd,
                        [BACK_VOID] = b->total_vnd };
    return b->total_vnd - given[b->back];
}

static struct basket *next_basket(struct booth_course *c)
{
    struct plan *p = c->plan;
    if ((p->n_baskets & (p->n_baskets - 1)) == 0) {
        size_t room = p->n_baskets ? 2 * (size_t)p->n_baskets : 1;
        p->baskets = x_realloc(p->baskets, room * sizeof(*p->baskets));
    }
    struct basket *b = &p->baskets[p->n_baskets++];
    memset(b, 0, sizeof(*b));
    b->booth = c->booth;
    b->pay = (enum pay)chance_below(&c->chance, PAY_WAYS);
    return b;
}

static int64_t aim_of(struct booth_course *c)
{
    int64_t sales = c->left - c->refunds - c->voids;
    int64_t mean = c->rest_vnd / (sales > 0 ? sales : 1);
    return mean * chance_between(&c->chance, 40, 160) / 100;
}

/* Room must be left for the sales to come, each of the cheapest at least. */
static bool too_much(const struct booth_course *c, int64_t kept_vnd)
{
    int64_t least = c->stall->wares[c->stall->cheapest].price_vnd;
    return c->exact && kept_vnd > c->rest_vnd - (c->left - 1) * least;
}

static void count(struct booth_course *c, const struct basket *b)
{
    struct plan *p = c->plan;
    c->rest_vnd -= kept_of(b);
    p->net_vnd += kept_of(b);
    p->refunds += b->back == BACK_ALL || b->back == BACK_LINE;
    p->voids += b->back == BACK_VOID;
    p->discounts += b->discount_vnd > 0;
}

/* Any sale but the one that makes the sum exact; false when there is no room
 * for it any more. */
static bool sell_some(struct booth_course *c)
{
    struct basket *b = next_basket(c);
    fill(c, b, aim_of(c));
    b->back = back_of(c, b);
    if (too_much(c, kept_of(b))) {
        b->n_lines = 0;
        b->total_vnd = 0;
        b->back = BACK_NONE;
        put(c, b, c->stall->cheapest, 1000);
    }
    if (too_much(c, kept_of(b))) {
        c->plan->n_baskets--;
        return false;
    }
    count(c, b);
    c->left -= c->left > 1;
    return true;
}

static enum err sell_all(struct booth_course *c)
{
    int64_t sales = c->left;
    for (int64_t i = 0; i < sales - 1 || c->rest_vnd > LAST_VND; i++) {
        if (i > 2 * sales + 1000)
            return ERR_LIMIT;
        if (!sell_some(c))
            break;
    }
    struct basket *b = next_basket(c);
    if (c->exact && c->rest_vnd <= 0)
        return ERR_LIMIT;
    if (c->exact)
        fill_exactly(c, b, c->rest_vnd);
    else
        fill(c, b, aim_of(c));
    count(c, b);
    return b->total_vnd + b->discount_vnd > BASKET_VND_MAX ? ERR_LIMIT : ERR_OK;
}

/* ---- all booths ---------------------------------------------------------- */

struct shares { /* of each booth */
    int64_t *size, *sales, *vnd, *refunds, *voids;
};

static int64_t square_root(int64_t n)
{
    int64_t root = 0;
    while ((root + 1) * (root + 1) <= n)
        root++;
    return root;
}

/* The dearer a booth's things, the fewer sales and the more revenue it has.
 * Sizes are by chance, one to three. */
static void weigh(const struct plan *p, int64_t *fewer, int64_t *more)
{
    struct chance c;
    chance_seed(&c, p->wish.seed, STREAM - 1);
    for (int i = 0; i < p->stock->n; i++) {
        int64_t root = square_root(p->stock->stalls[i].mean_vnd) + 1;
        int64_t size = chance_between(&c, 50, 150);
        fewer[i] = size * 1000000 / root;
        more[i] = size * root;
    }
}

static int least_of(const int64_t *n, int count_)
{
    int least = 0;
    for (int i = 1; i < count_; i++)
        least = n[i] < n[least] ? i : least;
    return least;
}

/* Baskets of less than two of the cheapest would have nothing to vary. */
static int64_t sales_of(const struct plan *p, int booth, int64_t sales,
                        int64_t vnd)
{
    const struct stall *stall = &p->stock->stalls[booth];
    int64_t most = vnd / (2 * stall->wares[stall->cheapest].price_vnd);
    if (p->wish.target_vnd > 0 && sales > most)
        sales = most;
    return sales > 1 ? sales : 1;
}

static enum err sell_at(struct plan *p, int booth, const struct shares *s,
                        bool exact)
{
    struct booth_course c = { .plan = p,
                              .stall = &p->stock->stalls[booth],
                              .booth = booth,
                              .rest_vnd = s->vnd[booth],
                              .left = s->sales[booth],
                              .refunds = s->refunds[booth],
                              .voids = s->voids[booth],
                              .exact = exact };
    chance_seed(&c.chance, p->wish.seed, STREAM + (uint64_t)booth);
    c.left = sales_of(p, booth, c.left, c.rest_vnd);
    if (c.refunds + c.voids > c.left / 2)
        c.refunds = c.voids = 0;
    return sell_all(&c);
}

/* The booth of the binaries comes first: `fair-pos sell` knows no discount, so
 * what it sells is what it sells, and the others make up the sum. */
static enum err sell_everywhere(struct plan *p, struct shares *s)
{
    const struct wish *w = &p->wish;
    int n = p->stock->n;
    enum err e = ERR_OK;
    if (p->by_binaries >= 0) {
        s->refunds[p->by_binaries] = 0;
        e = sell_at(p, p->by_binaries, s, false);
        s->size[p->by_binaries] = 0;
        if (w->target_vnd > p->net_vnd && n > 1)
            share_out(w->target_vnd - p->net_vnd, s->size, n, s->vnd);
    }
    for (int i = 0; !e && i < n; i++) {
        if (i != p->by_binaries)
            e = sell_at(p, i, s, w->target_vnd > 0);
    }
    return e;
}

/* Without a target a basket is worth about two things. */
static void expect(const struct plan *p, struct shares *s)
{
    int n = p->stock->n;
    if (p->wish.target_vnd > 0) {
        share_out(p->wish.target_vnd, s->size, n, s->vnd);
        return;
    }
    for (int i = 0; i < n; i++)
        s->vnd[i] = 2 * p->stock->stalls[i].mean_vnd * s->sales[i];
}

enum err plan_sales(struct plan *p)
{
    int n = p->stock->n;
    int64_t *room = x_alloc(6 * (size_t)n * sizeof(*room)), *fewer = room;
    struct shares s = { room + n, room + 2 * n, room + 3 * n, room + 4 * n,
                        room + 5 * n };
    weigh(p, fewer, s.size);
    share_out(p->wish.sales, fewer, n, s.sales);
    share_out(p->wish.refunds, fewer, n, s.refunds);
    share_out(p->wish.voids, fewer, n, s.voids);
    expect(p, &s);
    if (p->wish.binaries)
        p->by_binaries = least_of(s.sales, n);
    enum err e = sell_everywhere(p, &s);
    free(room);
    if (!e && p->wish.target_vnd > 0 && p->net_vnd != p->wish.target_vnd)
        return ERR_LIMIT;
    return e;
}
