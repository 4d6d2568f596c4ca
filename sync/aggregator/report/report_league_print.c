/*
 * report_league_print.c - a league as a table.
 */
#include <string.h>

#include "fair/i18n.h"
#include "fair/money.h"

#include "report_league.h"

enum {
    RANK,
    KEY,
    NAME,
    AREAS,
    PRODUCTS,
    NET,
    SHARE,
    SALES,
    PART,
    THAT,
    GROWTH_TOTAL,
    PER_DAY,
    THAT_PER_DAY,
    GROWTH_PER_DAY,
    THAT_RANK,
    RANK_CHANGE,
    COLUMNS
};

static const struct column columns[COLUMNS] = {
    [RANK] = { "rank", N_("Rank"), COL_INT },
    [KEY] = { "key", NULL, COL_TEXT },
    [NAME] = { "name", NULL, COL_NAME },
    [AREAS] = { "areas", N_("Areas with sales"), COL_INT },
    [PRODUCTS] = { "products_sold", N_("Products sold"), COL_INT },
    [NET] = { "net_vnd", N_("Net revenue"), COL_MONEY },
    [SHARE] = { "share_pct", N_("Share, %"), COL_HUNDREDTHS },
    [SALES] = { "sales", N_("Receipts"), COL_INT },
    [PART] = { "compared_vnd", NULL, COL_MONEY },
    [THAT] = { "that_net_vnd", N_("Net revenue there"), COL_MONEY },
    [GROWTH_TOTAL] = { "growth_total_pct", N_("Growth in total"), COL_GROWTH },
    [PER_DAY] = { "compared_per_day_vnd", N_("Compared per day"), COL_MONEY },
    [THAT_PER_DAY] = { "that_net_per_day_vnd", N_("There per day"), COL_MONEY },
    [GROWTH_PER_DAY] = { "growth_per_day_pct", N_("Growth per day"),
                         COL_GROWTH },
    [THAT_RANK] = { "that_rank", N_("Rank there"), COL_INT },
    [RANK_CHANGE] = { "rank_change", N_("Places won"), COL_INT },
};

static const struct {
    const char *word;
    const char *key_title, *name_title; /* NULL: not shown */
} bys[LEAGUE_BYS] = {
    [BY_BOOTH] = { "booth", N_("Booth"), N_("Name") },
    [BY_ORIGIN] = { "origin", NULL, N_("Origin") },
    [BY_PLACE] = { "place", NULL, N_("Place") },
    [BY_PRODUCER] = { "producer", NULL, N_("Producer") },
    [BY_GROUP] = { "group", NULL, N_("Group") },
    [BY_STARS] = { "stars", NULL, N_("Stars") },
    [BY_PRODUCT] = { "product", N_("Product"), N_("Name") },
};

/* A page has room for all; a screen for what there is to compare or not. */
static void columns_choose(const struct report *r, const struct league *l,
                           struct column out[COLUMNS])
{
    static const int wide[] = { AREAS,   PRODUCTS,     SALES,     THAT,
                                PER_DAY, THAT_PER_DAY, THAT_RANK, RANK_CHANGE };
    bool compared = l->versus.why == GLANCE_COMPARED;

    memcpy(out, columns, sizeof(columns));
    out[KEY].title = bys[l->by].key_title;
    out[NAME].title = bys[l->by].name_title;
    for (int i = PART; i < COLUMNS && !compared; i++)
        out[i].title = NULL;
    for (size_t i = 0; i < ARRAY_LEN(wide); i++) {
        if (r->query->format == REPORT_TEXT && (compared || i > 1))
            out[wide[i]].title = NULL;
    }
}

static struct cell text_or_null(struct str s)
{
    return s.len > 0 ? cell_str(s) : cell_null;
}

static struct cell name_cell(const struct league *l,
                             const struct league_row *row)
{
    if (l->by == BY_ORIGIN)
        return cell_named(&origin_names[origin_of(row->key)]);
    return text_or_null(row->name);
}

static struct cell per_day_cell(struct figure f, int64_t days)
{
    return f.known && days > 0 ? cell_int(per_day(f.n, days)) : cell_null;
}

static void put_cells(const struct league *l, const struct league_row *row,
                      struct cell out[COLUMNS])
{
    const struct versus *v = &l->versus;
    bool compared = v->why == GLANCE_COMPARED;
    struct figure part = { compared, row->part_vnd };
    const struct cell cells[COLUMNS] = {
        [RANK] = cell_figure(row->rank),
        [KEY] = text_or_null(row->key),
        [NAME] = name_cell(l, row),
        [AREAS] = cell_int(row->areas),
        [PRODUCTS] = cell_int(row->products),
        [NET] = cell_int(row->net_vnd),
        [SHARE] = cell_figure(share_of(row->net_vnd, l->all.net_vnd)),
        [SALES] = cell_figure(row->sales),
        [PART] = cell_figure(part),
        [THAT] = cell_figure(row->that_vnd),
        [GROWTH_TOTAL] = row->that_vnd.known
                             ? cell_figure(growth_per_day(row->part_vnd, 1,
                                                          row->that_vnd.n, 1))
                             : cell_null,
        [PER_DAY] = per_day_cell(part, v->this_days),
        [THAT_PER_DAY] = per_day_cell(row->that_vnd, v->that_days),
        [GROWTH_PER_DAY] = cell_figure(row->growth),
        [THAT_RANK] = cell_figure(row->that_rank),
        [RANK_CHANGE] = cell_figure(row->rank_change),
    };

    memcpy(out, cells, sizeof(cells));
}

static void members_json(const struct report *r, struct json *j)
{
    const struct league *l = r->own;
    struct cell cells[COLUMNS];

    put_cells(l, &l->all, cells);
    json_text(j, "by", bys[l->by].word);
    versus_json(&l->versus, j);
    json_object(j, "totals");
    cells_json(j, columns, cells, AREAS, THAT_RANK);
    json_end_object(j);
}

static void notes_text(const struct report *r, struct buf *out)
{
    const struct league *l = r->own;

    versus_text(&l->versus, out);
    if (l->by == BY_BOOTH && l->versus.why == GLANCE_COMPARED) {
        buf_puts(out, _("A booth is the same at both fairs when its name is, "
                        "and only one booth bears it."));
        buf_putc(out, '\n');
    }
}

/* Nets; per fair-day beside those of the other fair where there is one. */
static struct chart chart_of(const struct league *l)
{
    if (l->versus.why != GLANCE_COMPARED)
        return (struct chart){
            .kind = CHART_BARS, .x = NAME, .n = 1, .series = { NET }
        };
    return (struct chart){ .kind = CHART_BARS,
                           .x = NAME,
                           .n = 2,
                           .series = { PER_DAY, THAT_PER_DAY },
                           .ghosts = 1 };
}

static void print(struct report *r, const struct league *l, struct buf *out)
{
    struct chart chart = chart_of(l);
    struct page page = { .array = "rows",
                         .json = members_json,
                         .text = notes_text,
                         .chart = &chart };
    struct column shown[COLUMNS];
    struct cell cells[COLUMNS];
    int limit = r->query->limit;
    struct table *table;

    columns_choose(r, l, shown);
    table = report_table(r, shown, COLUMNS);
    for (int i = 0; i < l->n && (limit == 0 || i < limit); i++) {
        put_cells(l, &l->list[i], cells);
        table_row(table, cells);
    }
    put_cells(l, &l->all, cells);
    cells[NAME] = cell_null;
    table_total(table, cells);
    r->own = l;
    r->hold = l->hold;
    page.table = table;
    report_print(r, &page, out);
    table_close(table);
}

static enum err by_of(struct report *r, enum league_by *by)
{
    const char *word = r->query->by ? r->query->by : bys[BY_ORIGIN].word;
    int i = 0;

    while (i < LEAGUE_BYS && strcmp(word, bys[i].word) != 0)
        i++;
    if (i == LEAGUE_BYS) {
        buf_printf(r->why, "%s: %s", _("no such grouping"), word);
        return ERR_USAGE;
    }
    *by = (enum league_by)i;
    return ERR_OK;
}

enum err report_league(struct report *r, struct buf *out)
{
    enum league_by by = BY_ORIGIN;
    struct league l;
    enum err e = by_of(r, &by);

    if (e != ERR_OK)
        return e;
    e = league_load(r, by, 0, &l);
    if (e == ERR_OK)
        print(r, &l, out);
    league_done(&l);
    return e;
}
