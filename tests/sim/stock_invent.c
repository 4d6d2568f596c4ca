/*
 * stock_invent.c - a fair of any size for tests and benchmarks.
 */
#include <string.h>

#include "fair/env.h"
#include "tests/sim/chance.h"
#include "tests/sim/stock.h"

enum { WARES = 12, STREAM = 0x57 };

static void invent_booths(const struct stock_size *size, struct buf *out)
{
    buf_puts(out, "booth,name,origin\n");
    for (int i = 0; i < size->booths; i++)
        buf_printf(out, "B%04d,Khu %d,in-province\n", i + 1, i + 1);
}

/* Most things are cheap, few are dear; every tenth is sold by weight. */
static void invent_products(const struct stock_size *size, struct chance *c,
                            struct buf *out)
{
    buf_puts(out, "sku,name,unit,price_vnd\n");
    for (int i = 0; i < size->products; i++) {
        int64_t top = chance_below(c, 10) == 0 ? 2000 : 250;
        buf_printf(out, "SP%05d,Sản phẩm %d,%s,%lld000\n", i + 1, i + 1,
                   i % 10 == 9 ? "kg" : "hộp",
                   (long long)chance_between(c, 10, top));
    }
}

/* Neighbours in the catalogue, from a place by chance. */
static void invent_list(const struct stock_size *size, struct chance *c,
                        struct buf *out)
{
    int n = size->products < WARES ? size->products : WARES;
    buf_puts(out, "booth,code,sku\n");
    for (int i = 0; i < size->booths; i++) {
        int64_t first = chance_below(c, size->products);
        for (int j = 0; j < n; j++)
            buf_printf(out, "B%04d,%d,SP%05d\n", i + 1, j + 1,
                       (int)((first + j) % size->products) + 1);
    }
}

static enum err put(const char *dir, const char *name, const struct buf *text)
{
    ASSERT(buf_ok(text));
    return env_file_create(dir, name, buf_slice(text));
}

enum err stock_invent(const char *dir, const struct stock_size *size)
{
    struct chance c;
    BUF(booths, MAX_CSV);
    BUF(products, MAX_CSV);
    BUF(list, MAX_CSV);
    ASSERT(size->booths >= 1 && size->booths <= 1000);
    ASSERT(size->products >= 1 && size->products <= 10000);
    chance_seed(&c, size->seed, STREAM);
    invent_booths(size, &booths);
    invent_products(size, &c, &products);
    invent_list(size, &c, &list);
    enum err e = put(dir, "booths.csv", &booths);
    if (!e)
        e = put(dir, "catalogue.csv", &products);
    return e ? e : put(dir, "list.csv", &list);
}
