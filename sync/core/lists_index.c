/*
 * lists_index.c - a sorted array of sixteen bytes a product.
 *
 * Most comparisons end at the prefix, the key's first eight bytes; what is
 * longer is looked up in the product.
 */
#include "sync/core/lists_index.h"

#include <stdlib.h>
#include <string.h>

/* Prefixes are big-endian. A trade item number is its own prefix and has no
 * key: leading zeros do not count, and no text has so small a prefix. */
struct list_entry {
    uint64_t prefix;
    int product;
};

/* What is looked for. */
struct wanted {
    uint64_t prefix;
    struct str key;
};

/* ---- keys ---- */

static bool is_gtin_like(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] < '0' || s.data[i] > '9')
            return false;
    }
    return s.len == 8 || (s.len >= 12 && s.len <= 14);
}

static struct str text_of(const struct product *p, enum find_by by)
{
    return by == FIND_BY_CODE  ? p->code
           : by == FIND_BY_SKU ? p->sku
                               : p->barcode;
}

static uint64_t number_of(struct str digits)
{
    uint64_t n = 0;
    for (size_t i = 0; i < digits.len; i++)
        n = n * 10 + (uint64_t)(digits.data[i] - '0');
    return n;
}

static uint64_t prefix_of(struct str key)
{
    uint64_t prefix = 0;
    size_t len = key.len < sizeof(prefix) ? key.len : sizeof(prefix);
    for (size_t i = 0; i < len; i++)
        prefix = prefix << 8 | (unsigned char)key.data[i];
    return len > 0 ? prefix << 8 * (sizeof(prefix) - len) : 0;
}

/* Of a text that begins with what all of the index do. */
static struct wanted wanted_of(const struct list_index *index, struct str text)
{
    size_t common = index->common.len;
    struct str key = { text.data + common, text.len - common };
    if (index->by == FIND_BY_BARCODE && is_gtin_like(text))
        return (struct wanted){ number_of(text), { NULL, 0 } };
    return (struct wanted){ prefix_of(key), key };
}

static struct str key_of(const struct list_index *index, int product)
{
    const struct product *p = &index->products[product];
    return wanted_of(index, text_of(p, index->by)).key;
}

static int order_of(const struct list_index *index, const struct list_entry *e,
                    const struct wanted *wanted)
{
    if (e->prefix != wanted->prefix)
        return e->prefix < wanted->prefix ? -1 : 1;
    return str_cmp(key_of(index, e->product), wanted->key);
}

static bool is_before(const struct list_index *index,
                      const struct list_entry *a, const struct list_entry *b)
{
    if (a->prefix != b->prefix)
        return a->prefix < b->prefix;
    return str_cmp(key_of(index, a->product), key_of(index, b->product)) < 0;
}

/* ---- sorting ---- */

/* Two sorted runs of n[0] and n[1], the second behind the first, into one. Of
 * equal keys the first run's comes first. */
static void merge(const struct list_index *index, const struct list_entry *a,
                  const int n[2], struct list_entry *out)
{
    const struct list_entry *b = a + n[0], *a_end = b, *b_end = b + n[1];
    while (a < a_end && b < b_end)
        *out++ = is_before(index, b, a) ? *b++ : *a++;
    memcpy(out, a, (size_t)(a_end - a) * sizeof(*a));
    memcpy(out + (a_end - a), b, (size_t)(b_end - b) * sizeof(*b));
}

static int at_most(int n, int max)
{
    return n < max ? n : max;
}

/* Short runs are sorted where they lie. */
static void run_sort(const struct list_index *index, struct list_entry *run,
                     int n)
{
    for (int i = 1; i < n; i++) {
        struct list_entry e = run[i];
        int at = i;
        for (; at > 0 && is_before(index, &e, &run[at - 1]); at--)
            run[at] = run[at - 1];
        run[at] = e;
    }
}

/* Runs of 8 entries, then 16, 32… are merged. Unlike qsort() this keeps the
 * order of equal keys, and it takes a third of the instructions. */
static void sort(struct list_index *index)
{
    enum { RUN = 8 };
    int n = index->n;
    struct list_entry *from = index->entries;
    struct list_entry *to = x_alloc(((size_t)n + 1) * sizeof(*to));
    for (int at = 0; at < n; at += RUN)
        run_sort(index, from + at, at_most(RUN, n - at));
    for (int run = RUN; run < n; run *= 2) {
        for (int at = 0; at < n; at += 2 * run) {
            int both[2] = { at_most(run, n - at), 0 };
            both[1] = at_most(run, n - at - both[0]);
            merge(index, from + at, both, to + at);
        }
        struct list_entry *sorted = to;
        to = from;
        from = sorted;
    }
    index->entries = from;
    free(to);
}

/* ---- making ---- */

/* Skus often have so much in common that their first eight bytes would tell
 * few of them apart. */
static struct str skus_begin(const struct product *products, int n)
{
    struct str common = n > 0 ? products[0].sku : STR("");
    for (int i = 1; i < n; i++) {
        struct str sku = products[i].sku;
        size_t len = 0;
        while (len < common.len && len < sku.len &&
               common.data[len] == sku.data[len])
            len++;
        common.len = len;
    }
    return common;
}

void list_index_init(struct list_index *index, enum find_by by,
                     const struct product *products, int n)
{
    *index =
        (struct list_index){ .by = by, .products = products, .n_products = n };
}

void list_index_sort(struct list_index *index)
{
    int n = index->n_products;
    if (index->entries)
        return;
    index->entries = x_alloc(((size_t)n + 1) * sizeof(*index->entries));
    if (index->by == FIND_BY_SKU)
        index->common = skus_begin(index->products, n);
    for (int i = 0; i < n; i++) {
        struct str text = text_of(&index->products[i], index->by);
        if (text.len > 0)
            index->entries[index->n++] =
                (struct list_entry){ wanted_of(index, text).prefix, i };
    }
    sort(index);
}

void list_index_done(struct list_index *index)
{
    free(index->entries);
}

/* ---- asking ---- */

/* The first product with this key, without an order. */
static const struct product *look_through(const struct list_index *index,
                                          const struct wanted *wanted)
{
    for (int i = 0; i < index->n_products; i++) {
        struct str text = text_of(&index->products[i], index->by);
        struct wanted is = wanted_of(index, text);
        if (is.prefix == wanted->prefix && text.len > 0 &&
            str_eq(is.key, wanted->key))
            return &index->products[i];
    }
    return NULL;
}

const struct product *list_index_find(const struct list_index *index,
                                      struct str key)
{
    struct str common = index->common;
    int low = 0, high = index->n;
    if (key.len < common.len ||
        !str_eq((struct str){ key.data, common.len }, common))
        return NULL;
    struct wanted wanted = wanted_of(index, key);
    if (!index->entries)
        return look_through(index, &wanted);
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (order_of(index, &index->entries[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == index->n || order_of(index, &index->entries[low], &wanted) != 0)
        return NULL;
    return &index->products[index->entries[low].product];
}

bool list_index_unique(const struct list_index *index)
{
    for (int i = 1; i < index->n; i++) {
        if (!is_before(index, &index->entries[i - 1], &index->entries[i]))
            return false;
    }
    return true;
}
