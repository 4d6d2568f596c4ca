/*
 * lists_index.h - products of a list in the order of one of their keys.
 * Private to sync/core.
 *
 * An index points into the products, which must outlive it where they are. As
 * long as it is not sorted every look-up goes through all of them.
 */
#ifndef FAIR_LISTS_INDEX_H
#define FAIR_LISTS_INDEX_H

#include "fair/lists.h"

/* Barcodes that are trade item numbers (8, 12, 13 or 14 digits) are compared
 * as numbers; a product without one is not found by it. */
enum find_by { FIND_BY_CODE, FIND_BY_SKU, FIND_BY_BARCODE };

struct list_index {
    enum find_by by;
    const struct product *products;
    int n_products;
    struct list_entry *entries; /* NULL: not sorted yet */
    int n;
    struct str common; /* what all keys begin with: it is left out of them */
};

void list_index_init(struct list_index *index, enum find_by by,
                     const struct product *products, int n);
void list_index_done(struct list_index *index);
/* Does nothing when it is sorted already. */
void list_index_sort(struct list_index *index);

/* Of products with the same key the first; NULL. */
const struct product *list_index_find(const struct list_index *index,
                                      struct str key);
/* No two products have the same key; it is sorted. */
bool list_index_unique(const struct list_index *index);

#endif
