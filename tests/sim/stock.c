/*
 * stock.c - reading what booths sell.
 */
#include "tests/sim/stock.h"

#include <stdlib.h>
#include <string.h>

#include "fair/csv.h"
#include "fair/env.h"
#include "fair/money.h"

#define FIELD(name) \
    {               \
        name, true  \
    }
#define MAY(name)   \
    {               \
        name, false \
    }
#define END         \
    {               \
        NULL, false \
    }

static const struct csv_column booth_columns[] = {
    FIELD("booth"), FIELD("name"), FIELD("origin"),
    MAY("stands"),  MAY("place"),  END
};
static const struct csv_column catalogue_columns[] = {
    FIELD("sku"),        FIELD("name"),
    FIELD("unit"),       FIELD("price_vnd"),
    MAY("producer"),     MAY("producer_kind"),
    MAY("place"),        MAY("group"),
    MAY("stars"),        MAY("certificate"),
    MAY("certified_on"), MAY("expires_on"),
    MAY("barcode"),      END
};
static const struct csv_column list_columns[] = {
    FIELD("booth"),   FIELD("code"), FIELD("sku"),
    MAY("price_vnd"), MAY("hotkey"), END
};

struct item { /* of the catalogue */
    char sku[33];
    int64_t price_vnd;
    bool by_weight;
};

struct reading {
    struct stock *stock;
    struct item *items;
    int n_items;
};

static void keep(char *to, size_t room, struct str s)
{
    ASSERT(s.len < room);
    memcpy(to, s.data, s.len);
    to[s.len] = '\0';
}

/* ---- the rows ---- */

static enum err take_booth(void *ctx, const struct csv_row *row,
                           struct buf *why)
{
    struct stock *stock = ((struct reading *)ctx)->stock;
    size_t n = (size_t)stock->n + 1;
    (void)why;
    stock->stalls = x_realloc(stock->stalls, n * sizeof(*stock->stalls));
    struct stall *stall = &stock->stalls[stock->n++];
    *stall = (struct stall){ .n = 0 };
    keep(stall->booth, sizeof(stall->booth), row->fields[0]);
    return ERR_OK;
}

static enum err take_item(void *ctx, const struct csv_row *row, struct buf *why)
{
    struct reading *r = ctx;
    size_t n = (size_t)r->n_items + 1;
    (void)why;
    r->items = x_realloc(r->items, n * sizeof(*r->items));
    struct item *item = &r->items[r->n_items++];
    keep(item->sku, sizeof(item->sku), row->fields[0]);
    item->by_weight = str_is(row->fields[2], "kg");
    return money_parse(row->fields[3], &item->price_vnd);
}

static struct stall *stall_of(const struct stock *stock, struct str booth)
{
    for (int i = 0; i < stock->n; i++) {
        if (str_is(booth, stock->stalls[i].booth))
            return &stock->stalls[i];
    }
    return NULL;
}

static const struct item *item_of(const struct reading *r, struct str sku)
{
    for (int i = 0; i < r->n_items; i++) {
        if (str_is(sku, r->items[i].sku))
            return &r->items[i];
    }
    return NULL;
}

static enum err take_list(void *ctx, const struct csv_row *row, struct buf *why)
{
    struct reading *r = ctx;
    struct stall *stall = stall_of(r->stock, row->fields[0]);
    const struct item *item = item_of(r, row->fields[2]);
    if (!stall || !item) {
        buf_puts(why, "no such booth or product");
        return ERR_INVALID;
    }
    size_t n = (size_t)stall->n + 1;
    stall->wares = x_realloc(stall->wares, n * sizeof(*stall->wares));
    struct ware *ware = &stall->wares[stall->n++];
    keep(ware->code, sizeof(ware->code), row->fields[1]);
    keep(ware->sku, sizeof(ware->sku), row->fields[2]);
    ware->by_weight = item->by_weight;
    ware->price_vnd = item->price_vnd;
    if (row->fields[3].len > 0)
        return money_parse(row->fields[3], &ware->price_vnd);
    return ERR_OK;
}

/* ---- the files ---- */

static const struct source {
    const char *name;
    const struct csv_column *columns;
    enum err (*take)(void *ctx, const struct csv_row *row, struct buf *why);
} sources[] = {
    { "booths.csv", booth_columns, take_booth },
    { "catalogue.csv", catalogue_columns, take_item },
    { "list.csv", list_columns, take_list },
};

static enum err read_source(const char *dir, const struct source *source,
                            struct reading *r, struct buf *why)
{
    BUF(text, MAX_CSV);
    BUF(errors, MAX_TEXT);
    enum err e = env_file_read(dir, source->name, &text);
    if (!e)
        e = csv_read(buf_slice(&text), source->columns, source->take, r,
                     &errors);
    if (e)
        buf_printf(why, "%s/%s: %s", dir, source->name, buf_text(&errors));
    return e;
}

static enum err sum_up(struct stock *stock, struct buf *why)
{
    for (int i = 0; i < stock->n; i++) {
        struct stall *stall = &stock->stalls[i];
        int64_t sum = 0;
        if (stall->n == 0) {
            buf_printf(why, "booth %s sells nothing", stall->booth);
            return ERR_INVALID;
        }
        for (int j = 0; j < stall->n; j++) {
            sum += stall->wares[j].price_vnd;
            if (stall->wares[j].price_vnd <
                stall->wares[stall->cheapest].price_vnd)
                stall->cheapest = j;
        }
        stall->mean_vnd = sum / stall->n;
    }
    return ERR_OK;
}

enum err stock_load(const char *dir, struct buf *why, struct stock *out)
{
    struct stock stock = { 0 };
    struct reading r = { .stock = &stock };
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < ARRAY_LEN(sources); i++)
        e = read_source(dir, &sources[i], &r, why);
    if (!e)
        e = sum_up(&stock, why);
    free(r.items);
    if (e)
        stock_done(&stock);
    else
        *out = stock;
    return e;
}

void stock_done(struct stock *stock)
{
    for (int i = 0; i < stock->n; i++)
        free(stock->stalls[i].wares);
    free(stock->stalls);
    *stock = (struct stock){ 0 };
}
