/*
 * report_exceptions.c - what operators did besides selling: how often, how
 * much and how often in a hundred sales, by device and operator.
 *
 * Invariant: rows add up to the total, whose rates are the fair's (or those of
 * the booths that are shown). A row stands the higher the farther one of its
 * rates lies above that. Operators without a sale have no rate and come last.
 * It accuses nobody: a supervisor voids and refunds for others.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/i18n.h"

#include "report_parts.h"

enum act {
    SALE,
    VOID,
    REFUND,
    DISCOUNT,
    UNLISTED,
    LINE_REMOVED,
    CART_CANCELLED,
    DRAWER,
    REPRINT,
    PIN_FAILED,
    OVERRIDE,
    ACTS
};

/* By their words in roll_act. */
static const struct {
    struct word_name name;
    bool money; /* has a column of its amounts */
} acts[ACTS] = {
    [SALE] = { { "sale", NULL }, false },
    [VOID] = { { "void", N_("voids") }, true },
    [REFUND] = { { "refund", N_("refunds") }, true },
    [DISCOUNT] = { { "discount", N_("discounts") }, true },
    [UNLISTED] = { { "unlisted", N_("off the list") }, true },
    [LINE_REMOVED] = { { "line_removed", N_("lines removed") }, true },
    [CART_CANCELLED] = { { "cart_cancelled", N_("carts cancelled") }, true },
    [DRAWER] = { { "drawer", N_("drawer opened") }, false },
    [REPRINT] = { { "reprint", N_("slips again") }, false },
    [PIN_FAILED] = { { "pin_failed", N_("wrong PINs") }, false },
    [OVERRIDE] = { { "override", N_("allowed") }, false },
};

/* SALES and the acts have a total; acts come in the order of `acts`: events,
 * amount if any, rate. */
enum { BOOTH, DEVICE, OPERATOR, SALES, MOST, ABOVE, FIRST_ACT, COLUMNS = 32 };

static const struct column columns[COLUMNS] = {
    [BOOTH] = { "booth", N_("Booth"), COL_TEXT },
    [DEVICE] = { "device", N_("Device"), COL_TEXT },
    [OPERATOR] = { "operator", N_("Operator"), COL_INT },
    [SALES] = { "sales", N_("Sales"), COL_INT },
    [MOST] = { "most", N_("Most above"), COL_NAME },
    [ABOVE] = { "above", N_("Above, in 100 sales"), COL_HUNDREDTHS },
    [FIRST_ACT] = { "voids", N_("Voids"), COL_INT },
    { "voids_vnd", N_("Voids, đ"), COL_MONEY },
    { "voids_rate", N_("Voids in 100 sales"), COL_HUNDREDTHS },
    { "refunds", N_("Refunds"), COL_INT },
    { "refunds_vnd", N_("Refunds, đ"), COL_MONEY },
    { "refunds_rate", N_("Refunds in 100 sales"), COL_HUNDREDTHS },
    { "discounts", N_("Discounts"), COL_INT },
    { "discounts_vnd", N_("Discounts, đ"), COL_MONEY },
    { "discounts_rate", N_("Discounts in 100 sales"), COL_HUNDREDTHS },
    { "unlisted", N_("Off the list"), COL_INT },
    { "unlisted_vnd", N_("Off the list, đ"), COL_MONEY },
    { "unlisted_rate", N_("Off the list in 100 sales"), COL_HUNDREDTHS },
    { "lines_removed", N_("Lines removed"), COL_INT },
    { "lines_removed_vnd", N_("Lines removed, đ"), COL_MONEY },
    { "lines_removed_rate", N_("Lines removed in 100 sales"), COL_HUNDREDTHS },
    { "carts_cancelled", N_("Carts cancelled"), COL_INT },
    { "carts_cancelled_vnd", N_("Carts cancelled, đ"), COL_MONEY },
    { "carts_cancelled_rate", N_("Carts cancelled in 100 sales"),
      COL_HUNDREDTHS },
    { "drawer", N_("Drawer opened"), COL_INT },
    { "drawer_rate", N_("Drawer opened in 100 sales"), COL_HUNDREDTHS },
    { "reprints", N_("Slips again"), COL_INT },
    { "reprints_rate", N_("Slips again in 100 sales"), COL_HUNDREDTHS },
    { "pins_failed", N_("Wrong PINs"), COL_INT },
    { "pins_failed_rate", N_("Wrong PINs in 100 sales"), COL_HUNDREDTHS },
    { "overrides", N_("Allowed"), COL_INT },
    { "overrides_rate", N_("Allowed in 100 sales"), COL_HUNDREDTHS },
};

struct operator_acts {
    const struct post *post; /* NULL: the total */
    int64_t number;
    int64_t events[ACTS], amount_vnd[ACTS];
    enum act most; /* its rate lies farthest above the total's */
    struct figure above;
};

struct exceptions {
    struct report *r;
    struct operator_acts *rows;
    size_t n;
    struct operator_acts all;
};

/* ---- gathering ----------------------------------------------------------- */

static struct operator_acts *row_of(struct exceptions *x, const struct post *p,
                                    const struct roll_act *a)
{
    struct rows *rows = &x->r->rows;
    struct row_key key = { .device = rows_text(rows, a->device),
                           .a = rows_int(rows, a->operator_number) };
    int64_t *at = rows_at(rows, key)->v; /* its place and one more */

    if (*at == 0) {
        x->rows = x_realloc(x->rows, (x->n + 1) * sizeof(*x->rows));
        x->rows[x->n++] =
            (struct operator_acts){ .post = p, .number = a->operator_number };
        *at = (int64_t)x->n;
    }
    return &x->rows[*at - 1];
}

static enum err take_act(void *ctx, const struct roll_act *a)
{
    struct exceptions *x = ctx;
    const struct post *p = ground_post(&x->r->ground, a->device);
    int what = 0;

    if (!p || (x->r->query->day != 0 && a->day != x->r->query->day))
        return ERR_OK;
    while (what < ACTS && !str_is(a->what, acts[what].name.word))
        what++;
    if (what == ACTS)
        return ERR_OK; /* of a later version */
    struct operator_acts *row = row_of(x, p, a);
    sum_add(&row->events[what], a->events);
    sum_add(&row->amount_vnd[what], a->amount_vnd);
    sum_add(&x->all.events[what], a->events);
    sum_add(&x->all.amount_vnd[what], a->amount_vnd);
    return ERR_OK;
}

static enum err take_hold(void *ctx, const struct roll_hold *h)
{
    struct exceptions *x = ctx;

    return report_hold(x->r, h);
}

/* ---- comparing ----------------------------------------------------------- */

static struct figure rate_of(const struct operator_acts *row, int what)
{
    return share_of(row->events[what], row->events[SALE]);
}

static void hold_against(const struct operator_acts *all,
                         struct operator_acts *row)
{
    for (int what = SALE + 1; what < ACTS; what++) {
        struct figure here = rate_of(row, what), there = rate_of(all, what);
        int64_t above = here.n - there.n;

        if (!here.known || !there.known ||
            (row->above.known && above <= row->above.n))
            continue;
        row->most = (enum act)what;
        row->above = (struct figure){ true, above };
    }
}

static int by_above(const void *left, const void *right)
{
    const struct operator_acts *a = left, *b = right;

    if (a->above.known != b->above.known)
        return a->above.known ? -1 : 1;
    if (a->above.n != b->above.n)
        return a->above.n > b->above.n ? -1 : 1;
    int booths = strcmp(a->post->d.booth, b->post->d.booth);
    int devices = strcmp(a->post->d.device, b->post->d.device);
    if (booths != 0 || devices != 0)
        return booths != 0 ? booths : devices;
    return (a->number > b->number) - (a->number < b->number);
}

/* ---- the report ---------------------------------------------------------- */

/* What a row has in common with the total. */
static void put_cells(const struct operator_acts *row, struct cell *cells)
{
    int c = FIRST_ACT;

    cells[SALES] = cell_int(row->events[SALE]);
    for (int what = SALE + 1; what < ACTS; what++) {
        cells[c++] = cell_int(row->events[what]);
        if (acts[what].money)
            cells[c++] = cell_int(row->amount_vnd[what]);
        cells[c++] = cell_figure(rate_of(row, what));
    }
    ASSERT(c == COLUMNS);
}

static void put_row(struct table *table, const struct operator_acts *row)
{
    bool above = row->above.known && row->above.n > 0;
    struct cell cells[COLUMNS] = {
        [BOOTH] = cell_word(row->post->d.booth),
        [DEVICE] = cell_word(row->post->d.device),
        [OPERATOR] = cell_int(row->number),
        [MOST] = above ? cell_named(&acts[row->most].name) : cell_null,
        [ABOVE] = above ? cell_int(row->above.n) : cell_null,
    };

    put_cells(row, cells);
    table_row(table, cells);
}

static void put_total(struct table *table, const struct operator_acts *all)
{
    struct cell cells[COLUMNS];

    for (int c = 0; c < FIRST_ACT; c++)
        cells[c] = cell_null;
    put_cells(all, cells);
    table_total(table, cells);
}

static void totals_json(const struct report *r, struct json *j)
{
    struct cell cells[COLUMNS];

    put_cells(r->own, cells);
    json_object(j, "totals");
    cells_json(j, columns, cells, SALES, SALES + 1);
    cells_json(j, columns, cells, FIRST_ACT, COLUMNS);
    json_end_object(j);
}

static void notes_text(const struct report *r, struct buf *out)
{
    (void)r;
    buf_puts(out, _("Rates are events in 100 sales."));
    buf_putc(out, '\n');
    buf_puts(out, _("Rows are ordered by how far one of them lies above the "
                    "total's."));
    buf_putc(out, '\n');
}

/* A screen has room for the numbers of the first acts. */
static void columns_choose(const struct report *r, struct column *out)
{
    int c = FIRST_ACT;

    memcpy(out, columns, sizeof(columns));
    if (r->query->format != REPORT_TEXT)
        return;
    out[DEVICE].title = NULL;
    for (int what = SALE + 1; what < ACTS; what++) {
        if (what > DISCOUNT)
            out[c].title = NULL;
        for (int more = 1 + acts[what].money; more > 0; more--)
            out[++c].title = NULL;
        c++;
    }
}

static void print(struct exceptions *x, struct buf *out)
{
    struct report *r = x->r;
    struct column shown[COLUMNS];

    columns_choose(r, shown);
    struct table *table = report_table(r, shown, COLUMNS);
    struct page page = { .array = "exceptions",
                         .table = table,
                         .json = totals_json,
                         .text = notes_text };
    for (size_t i = 0; i < x->n; i++)
        hold_against(&x->all, &x->rows[i]);
    if (x->n > 0)
        qsort(x->rows, x->n, sizeof(*x->rows), by_above);
    for (size_t i = 0; i < x->n; i++)
        put_row(table, &x->rows[i]);
    put_total(table, &x->all);
    r->own = &x->all;
    report_print(r, &page, out);
    table_close(table);
}

enum err report_exceptions(struct report *r, struct buf *out)
{
    struct exceptions x = { .r = r };
    struct roll_taker taker = { .ctx = &x, .act = take_act, .hold = take_hold };
    enum err e = store_rolls(r->store, str_of(r->ground.fair.code), &taker);

    if (e == ERR_OK)
        print(&x, out);
    free(x.rows);
    return e;
}
