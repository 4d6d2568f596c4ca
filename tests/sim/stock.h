/*
 * stock.h - which booths a fair has and what each of them sells.
 *
 * Read from the files the aggregator imports (booths.csv, catalogue.csv,
 * list.csv), so that the plan and the tills go by the same prices: the list's
 * where it names one, else the catalogue's.
 */
#ifndef SIM_STOCK_H
#define SIM_STOCK_H

#include "fair/buf.h"

struct ware {
    char code[33], sku[33]; /* the booth's short code */
    int64_t price_vnd;
    bool by_weight; /* sold in parts of its unit */
};

struct stall {
    char booth[7];
    int n;
    struct ware *wares;
    int64_t mean_vnd;
    int cheapest; /* index */
};

struct stock {
    int n;
    struct stall *stalls;
};

/* ERR_NOT_FOUND, ERR_INVALID; `why` says what of which file. A booth that
 * sells nothing is an error. */
enum err stock_load(const char *dir, struct buf *why,
                    struct stock *out) MUST_USE;
void stock_done(struct stock *stock);

/* Writes three such files for a fair that does not exist: `products` things,
 * of which each of `booths` booths sells up to twelve. */
struct stock_size {
    uint64_t seed;
    int booths, products; /* 1…1000 and 1…10000 */
};
enum err stock_invent(const char *dir, const struct stock_size *size) MUST_USE;

#endif
