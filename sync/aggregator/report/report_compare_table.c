/*
 * report_compare_table.c - a comparison as a table, with how each growth was
 * computed, or why there is none, below it.
 */
#include <stdio.h>

#include "fair/date.h"
#include "fair/i18n.h"

#include "report_compare.h"

enum { FIGURE, COLUMNS = FIGURE + 1 + CMPS };

static const struct column columns[COLUMNS] = {
    [FIGURE] = { "figure", N_("Figure"), COL_TEXT },
    [1 + CMP_THIS] = { "this", N_("This"), COL_MONEY },
    [1 + CMP_THAT] = { "that", N_("Base"), COL_MONEY },
    [1 + CMP_THIS_PER_DAY] = { "this_per_day", N_("This per day"), COL_MONEY },
    [1 + CMP_THAT_PER_DAY] = { "that_per_day", N_("Base per day"), COL_MONEY },
    [1 + CMP_GROWTH_TOTAL] = { "growth_total_pct", N_("Growth"), COL_GROWTH },
    [1 + CMP_GROWTH_PER_DAY] = { "growth_per_day_pct", N_("Growth per day"),
                                 COL_GROWTH },
};

/* In pages growth stands where it is seen first, on a telephone too. */
static const int order[COLUMNS] = { FIGURE,
                                    1 + CMP_THIS,
                                    1 + CMP_GROWTH_TOTAL,
                                    1 + CMP_GROWTH_PER_DAY,
                                    1 + CMP_THAT,
                                    1 + CMP_THIS_PER_DAY,
                                    1 + CMP_THAT_PER_DAY };

static const struct word_name days_name = { "days", N_("Fair-days") };

static const struct word_name figure_names[FIGURES] = {
    [FIGURE_VISITS] = { "visits", N_("Visits") },
    [FIGURE_ALL] = { "revenue_vnd.all", N_("Net revenue") },
    [FIGURE_IN_PROVINCE] = { "revenue_vnd.in_province",
                             N_("Net revenue, in-province") },
    [FIGURE_OTHER_PROVINCE] = { "revenue_vnd.other_province",
                                N_("Net revenue, other provinces") },
    [FIGURE_FOREIGN] = { "revenue_vnd.foreign", N_("Net revenue, foreign") },
};

/* ---- rows ---------------------------------------------------------------- */

static void put_days(const struct comparison *c, struct table *t)
{
    struct cell cells[COLUMNS];

    for (int i = 0; i < COLUMNS; i++)
        cells[i] = cell_null;
    cells[FIGURE] = cell_named(&days_name);
    cells[1 + CMP_THIS] = cell_int(c->this.days);
    cells[1 + CMP_THAT] = cell_int(c->that.days);
    table_row(t, cells);
}

static void put_figure(const struct comparison *c, enum figure_name name,
                       struct table *t)
{
    struct cell cells[COLUMNS];

    cells[FIGURE] = cell_named(&figure_names[name]);
    for (int i = 0; i < CMPS; i++) {
        struct figure f = c->row[name][i];
        struct cell *cell = &cells[1 + i];

        *cell = f.known ? cell_int(f.n) : cell_null;
        cell->hundredths = compare_is_hundredths(name, (enum cmp)i);
    }
    table_row(t, cells);
}

/* ---- how each growth was computed ---------------------------------------- */

/* "1.500", or "(1.500 / 6)". */
static void put_input(struct buf *out, int64_t total, int64_t days)
{
    if (days > 0)
        buf_putc(out, '(');
    money_render(out, total);
    if (days > 0)
        buf_printf(out, " / %lld)", (long long)days);
}

/* The side whose figure is not known, or whose days have not begun. */
static const struct side *side_missing(const struct comparison *c,
                                       enum figure_name name)
{
    if (!c->compared[name].known || c->this.days == 0)
        return &c->this;
    if (!c->that.figure[name].known || c->that.days == 0)
        return &c->that;
    return NULL;
}

static void put_why_not(const struct comparison *c, enum figure_name name,
                        struct buf *out)
{
    const struct side *missing = side_missing(c, name);

    if (missing && missing->days == 0)
        buf_printf(out, _("%s has not begun"), missing->code);
    else if (missing)
        buf_printf(out, _("%s has no such figure"), missing->code);
    else if (compare_uncounted(c, name))
        buf_printf(out, _("%s has counted no visits"), c->this.code);
    else if (c->that.figure[name].n <= 0)
        buf_puts(out, _("the base is not above 0"));
    else if (c->that.running)
        buf_printf(out, _("%s has not ended"), c->that.code);
    else if (c->this.running && !c->that.measured)
        buf_printf(out,
                   _("%s is running, and of %s only the totals at its end are "
                     "known"),
                   c->this.code, c->that.code);
    else if (c->this.part && !c->cut)
        buf_printf(out, _("a day of %s is not over"), c->this.code);
    else
        buf_puts(out, _("the number is too long"));
}

/* "Visits per day: (1.500 / 6) / (1.200 / 6) − 1 = +25,00 %" */
static void put_formula(const struct comparison *c, enum figure_name name,
                        bool per_day, struct buf *out)
{
    struct figure g =
        c->row[name][per_day ? CMP_GROWTH_PER_DAY : CMP_GROWTH_TOTAL];

    buf_puts(out, _(figure_names[name].text));
    buf_putc(out, ' ');
    buf_puts(out, per_day ? _("per day") : _("in total"));
    buf_puts(out, ": ");
    if (g.known) {
        put_input(out, c->compared[name].n, per_day ? c->this.days : 0);
        buf_puts(out, " / ");
        put_input(out, c->that.figure[name].n, per_day ? c->that.days : 0);
        buf_puts(out, " − 1 = ");
        growth_render(out, g.n);
    } else {
        buf_puts(out, _("no growth: "));
        put_why_not(c, name, out);
    }
    buf_putc(out, '\n');
}

static void notes(const struct report *r, struct buf *out)
{
    const struct comparison *c = r->own;

    buf_printf(out, "%s: ", _("This"));
    compare_side(c, &c->this, ": ", out);
    buf_printf(out, "%s: ", _("Base"));
    compare_side(c, &c->that, ": ", out);
    compare_running(c, out);
    for (int i = 0; i < FIGURES; i++) {
        enum figure_name name = (enum figure_name)i;

        if (!c->row[i][CMP_THIS].known && !c->row[i][CMP_THAT].known)
            continue;
        put_formula(c, name, false, out);
        put_formula(c, name, true, out);
    }
}

void compare_print(const struct comparison *c, struct report *r,
                   struct buf *out)
{
    struct fair *titled = &r->ground.fair;
    struct table *table = table_open(columns, COLUMNS);
    const struct page page = {
        .array = "figures", .table = table, .order = order, .text = notes
    };

    snprintf(titled->code, sizeof(titled->code), "%s", c->this.code);
    snprintf(titled->name, sizeof(titled->name), "%s", side_name(&c->this));
    r->ground.only.origin = ORIGINS;
    r->own = c;
    put_days(c, table);
    for (int i = 0; i < FIGURES; i++)
        put_figure(c, (enum figure_name)i, table);
    report_print(r, &page, out);
    table_close(table);
}
