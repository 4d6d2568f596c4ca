/*
 * sample.c - the sample catalogue as lists, made like the aggregator makes
 * them. It was built in, so nothing can be wrong with it.
 */
#include "pos/till/sample.h"

#include "fair/csv.h"
#include "fair/money.h"

extern const char embedded_config_sample_catalogue_csv[];
extern const char embedded_config_sample_catalogue_csv_end[];

enum { SAMPLE_VERSION = 1, OPENS_MIN = 480, CLOSES_MIN = 1320 };

enum {
    C_SKU,
    C_NAME,
    C_UNIT,
    C_PRICE,
    C_PRODUCER,
    C_PLACE,
    C_GROUP,
    C_STARS,
    C_BARCODE
};

/* The file has more than is shown. */
static const struct csv_column columns[] = {
    [C_SKU] = { "sku", true },
    [C_NAME] = { "name", true },
    [C_UNIT] = { "unit", true },
    [C_PRICE] = { "price_vnd", true },
    [C_PRODUCER] = { "producer", false },
    [C_PLACE] = { "place", false },
    [C_GROUP] = { "group", false },
    [C_STARS] = { "stars", false },
    [C_BARCODE] = { "barcode", false },
    { "producer_kind", false },
    { "certificate", false },
    { "certified_on", false },
    { "expires_on", false },
    { NULL, false },
};

struct making {
    struct buf document;
    int n; /* products so far */
};

static enum err product_take(void *ctx, const struct csv_row *row,
                             struct buf *why)
{
    struct making *m = ctx;
    const struct str *f = row->fields;
    BUF(code, 32);
    buf_int(&code, ++m->n);
    struct product p = {
        .barcode = f[C_BARCODE],
        .code = buf_slice(&code),
        .group = f[C_GROUP],
        .hotkey = m->n <= MAX_HOTKEY ? m->n : 0,
        .name = f[C_NAME],
        .place = f[C_PLACE],
        .seller = f[C_PRODUCER],
        .sku = f[C_SKU],
        .unit = f[C_UNIT],
    };
    (void)why;
    if (money_parse(f[C_PRICE], &p.price_vnd) ||
        (f[C_STARS].len > 0 && money_parse(f[C_STARS], &p.stars)))
        return ERR_INVALID;
    lists_product_encode(&p, &m->document);
    return ERR_OK;
}

static void put_fair(const struct admission *a, struct buf *out)
{
    const struct list_fair fair = {
        .booth = a->booth,
        .booth_name = a->booth_name,
        .closes_min = CLOSES_MIN,
        .cut_off_min = a->cut_off_min,
        .days = a->days,
        .fair = a->fair,
        .first_day = a->first_day,
        .name = a->name,
        .opens_min = OPENS_MIN,
        .origin = STR("in-province"),
    };
    lists_fair_encode(&fair, out);
}

struct lists *sample_lists(const struct admission *admission,
                           uint8_t hash[HASH_BYTES])
{
    const char *file = embedded_config_sample_catalogue_csv;
    const struct str csv = {
        file, (size_t)(embedded_config_sample_catalogue_csv_end - file)
    };
    struct making m = { .n = 0 };
    struct lists *lists = NULL;
    BUF(errors, MAX_TEXT);
    buf_init(&m.document, MAX_LIST);
    put_fair(admission, &m.document);
    enum err e = csv_read(csv, columns, product_take, &m, &errors);
    hash_tagged("", buf_slice(&m.document), hash);
    if (!e)
        e = lists_parse(&m.document, SAMPLE_VERSION, &lists);
    ASSERT(e == ERR_OK);
    buf_done(&m.document);
    return lists;
}
