/*
 * fold_bounds.c - which events are too great to be counted.
 *
 * One bound for what each kind adds to sums, one for the ledger's totals. What
 * no sum takes up (a price, cash put in a drawer) has none. No amount of these
 * kinds is below 0: a body that says so does not decode.
 */
#include "fold.h"

static bool vnd_counts(int64_t vnd)
{
    return vnd <= FOLD_VND_MAX;
}

static bool line_counts(const struct line *l)
{
    return vnd_counts(l->amount_vnd) && vnd_counts(l->more.discount_vnd) &&
           l->milli <= FOLD_MILLI_MAX;
}

/* The lines' discounts are one amount in the list of exceptions. Each is small
 * here, so that their sum cannot overflow. */
static bool lines_count(const struct line *lines, int64_t n)
{
    int64_t discount = 0;
    for (int64_t i = 0; i < n; i++) {
        if (!line_counts(&lines[i]))
            return false;
        discount += lines[i].more.discount_vnd;
    }
    return vnd_counts(discount);
}

static bool tenders_count(const struct tender *tenders, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        if (!vnd_counts(tenders[i].amount_vnd))
            return false;
    }
    return true;
}

static bool sale_counts(const union body *b)
{
    const struct body_sale *s = &b->sale;
    return vnd_counts(s->total_vnd) && vnd_counts(s->change_vnd) &&
           lines_count(s->lines, s->n_lines) &&
           tenders_count(s->tenders, s->n_tenders);
}

static bool void_counts(const union body *b)
{
    const struct body_void *v = &b->voided;
    return vnd_counts(v->total_vnd) && lines_count(v->lines, v->n_lines) &&
           tenders_count(v->tenders, v->n_tenders);
}

static bool refund_counts(const union body *b)
{
    const struct body_refund *r = &b->refund;
    return vnd_counts(r->total_vnd) && lines_count(r->lines, r->n_lines) &&
           tenders_count(r->tenders, r->n_tenders);
}

static bool removed_counts(const union body *b)
{
    return line_counts(&b->line_removed.line);
}

static bool cart_counts(const union body *b)
{
    return vnd_counts(b->cart.total_vnd);
}

static bool small_anyhow(const union body *b)
{
    (void)b; /* VISITS_MAX is its form's */
    return true;
}

/* Kinds that bring an amount, and those that move the running totals. */
static const struct bound {
    bool (*holds)(const union body *b); /* or NULL: nothing is added up */
    bool of_totals;
} bounds[EV_UNKNOWN + 1] = {
    [EV_SALE] = { sale_counts, true },
    [EV_VOID] = { void_counts, true },
    [EV_REFUND] = { refund_counts, true },
    [EV_VISITS] = { small_anyhow, true },
    [EV_LINE_REMOVED] = { removed_counts, false },
    [EV_CART_CANCELLED] = { cart_counts, false },
};

static bool totals_count(const struct sums *s)
{
    return s->gross_vnd <= FOLD_LEDGER_MAX &&
           s->refunds_vnd <= FOLD_LEDGER_MAX &&
           s->voids_vnd <= FOLD_LEDGER_MAX && s->visits <= FOLD_LEDGER_MAX;
}

bool fold_counts(struct decoded d)
{
    const struct bound *bound = &bounds[d.event->kind];
    if (!bound->holds)
        return true;
    return bound->holds(d.body) &&
           (!bound->of_totals || totals_count(&d.event->sums));
}
