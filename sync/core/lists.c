/*
 * lists.c - the document of what a booth may sell: written line by line, cut
 * into pages, parsed and indexed (sync/PROTOCOL.md 8).
 *
 * Parsing keeps the document's bytes and points into them. Three indexes
 * answer look-ups. Texts are checked for canonical form, not for what
 * a name may contain: the importer did that, and every screen and printer
 * escapes for itself.
 */
#include "fair/lists.h"

#include <stdlib.h>
#include <string.h>

#include "fair/date.h"
#include "fair/text.h"
#include "fair/wire.h"
#include "sync/core/lists_index.h"

enum {
    MINUTES_PER_DAY = 1440,
    MAX_FAIR_DAYS = 3660, /* as in an admission */
    MIN_STARS = 3,
    MAX_STARS = 5
};

/* ---- shapes -------------------------------------------------------------- */

static const struct field gate_fields[] = {
    { "gate", F_STR, false, offsetof(struct gate_name, code), NULL, 0, 0 },
};
static const struct shape gate_shape = { "gate", SHAPE_TUPLE, gate_fields,
                                         ARRAY_LEN(gate_fields),
                                         sizeof(struct gate_name) };

// clang-format off
#define FAIR(name, type, member) \
    { name, type, false, offsetof(struct list_fair, member), NULL, 0, 0 }
#define FAIR_LIST(name, sub, member, count, max) \
    { name, F_LIST, true, offsetof(struct list_fair, member), sub, \
      offsetof(struct list_fair, count), max }
#define FAIR_OPTIONAL(name, type, member) \
    { name, type, true, offsetof(struct list_fair, member), NULL, 0, 0 }
static const struct field fair_fields[] = {
    FAIR("booth", F_STR, booth),
    FAIR("booth_name", F_STR, booth_name),
    FAIR_LIST("closed", NULL, closed, n_closed, MAX_CLOSED_DAYS),
    FAIR("closes", F_INT, closes_min),
    FAIR("cut_off", F_INT, cut_off_min),
    FAIR("days", F_INT, days),
    FAIR("fair", F_STR, fair),
    FAIR("first_day", F_INT, first_day),
    FAIR_LIST("gates", &gate_shape, gates, n_gates, MAX_GATES),
    FAIR("name", F_STR, name),
    FAIR("opens", F_INT, opens_min),
    FAIR("origin", F_STR, origin),
    FAIR_OPTIONAL("refuse", F_INT, refuse),
    FAIR("restricted", F_INT, restricted),
};

#define PRODUCT(name, type, optional, member) \
    { name, type, optional, offsetof(struct product, member), NULL, 0, 0 }
static const struct field product_fields[] = {
    PRODUCT("barcode", F_STR, true, barcode),
    PRODUCT("certificate", F_STR, true, certificate),
    PRODUCT("certified", F_INT, true, certified_day),
    PRODUCT("code", F_STR, false, code),
    PRODUCT("expires", F_INT, true, expires_day),
    PRODUCT("group", F_STR, true, group),
    PRODUCT("hotkey", F_INT, true, hotkey),
    PRODUCT("name", F_STR, false, name),
    PRODUCT("place", F_STR, true, place),
    PRODUCT("price", F_INT, false, price_vnd),
    PRODUCT("seller", F_STR, true, seller),
    PRODUCT("sku", F_STR, false, sku),
    PRODUCT("stars", F_INT, true, stars),
    PRODUCT("unit", F_STR, false, unit),
};
// clang-format on

const struct shape list_fair_shape = { "fair of a list", SHAPE_SORTED,
                                       fair_fields, ARRAY_LEN(fair_fields),
                                       sizeof(struct list_fair) };
const struct shape product_shape = { "product", SHAPE_SORTED, product_fields,
                                     ARRAY_LEN(product_fields),
                                     sizeof(struct product) };

static const char *const origins[] = { "in-province", "other-province",
                                       "foreign", "service" };

/* ---- writing ------------------------------------------------------------- */

void lists_fair_encode(const struct list_fair *fair, struct buf *out)
{
    shape_encode(&list_fair_shape, fair, out);
    buf_putc(out, '\n');
}

void lists_product_encode(const struct product *product, struct buf *out)
{
    shape_encode(&product_shape, product, out);
    buf_putc(out, '\n');
}

bool list_page_next(struct str *document, struct str *page)
{
    size_t len = document->len < MAX_PAGE ? document->len : MAX_PAGE;
    while (len > 0 && document->data[len - 1] != '\n')
        len--;
    if (len == 0)
        return false;
    *page = (struct str){ document->data, len };
    *document = (struct str){ document->data + len, document->len - len };
    return true;
}

/* ---- what is in range ---------------------------------------------------- */

static bool between(int64_t n, int64_t low, int64_t high)
{
    return n >= low && n <= high;
}

static bool is_day(int64_t n)
{
    return between(n, 0, INT32_MAX) && day_valid((int)n);
}

static bool origin_ok(struct str origin)
{
    for (size_t i = 0; i < ARRAY_LEN(origins); i++) {
        if (str_is(origin, origins[i]))
            return true;
    }
    return false;
}

static bool fair_ok(const struct list_fair *f)
{
    for (int64_t i = 0; i < f->n_closed; i++) {
        if (!is_day(f->closed[i]))
            return false;
    }
    for (int64_t i = 0; i < f->n_gates; i++) {
        if (!id_booth(f->gates[i].code))
            return false;
    }
    return id_booth(f->booth) && f->booth_name.len > 0 && id_fair(f->fair) &&
           f->name.len > 0 && is_day(f->first_day) &&
           between(f->days, 1, MAX_FAIR_DAYS) && origin_ok(f->origin) &&
           between(f->opens_min, 0, MINUTES_PER_DAY - 1) &&
           between(f->closes_min, 0, MINUTES_PER_DAY - 1) &&
           between(f->cut_off_min, 0, MINUTES_PER_DAY - 1) && f->refuse >= 0 &&
           between(f->restricted, 0, 1);
}

static bool product_ok(const struct product *p)
{
    return id_code(p->code) && id_sku(p->sku) && p->name.len > 0 &&
           p->price_vnd >= 0 && between(p->hotkey, 0, MAX_HOTKEY) &&
           (p->stars == 0 || between(p->stars, MIN_STARS, MAX_STARS)) &&
           (p->certified_day == 0 || is_day(p->certified_day)) &&
           (p->expires_day == 0 || is_day(p->expires_day));
}

/* ---- parsing ------------------------------------------------------------- */

struct lists {
    int64_t version;
    char *document;
    size_t document_len;
    struct buf arena; /* strings that were escaped */
    struct list_fair fair;
    struct product *products;
    int n;
    struct list_index by_code, by_sku, by_barcode;
    const struct product *by_hotkey[MAX_HOTKEY + 1];
};

static void index_init(struct lists *l)
{
    list_index_init(&l->by_code, FIND_BY_CODE, l->products, l->n);
    list_index_init(&l->by_sku, FIND_BY_SKU, l->products, l->n);
    list_index_init(&l->by_barcode, FIND_BY_BARCODE, l->products, l->n);
    for (int i = l->n - 1; i >= 0; i--)
        l->by_hotkey[l->products[i].hotkey] = &l->products[i];
}

void lists_index(struct lists *l)
{
    list_index_sort(&l->by_code);
    list_index_sort(&l->by_sku);
    list_index_sort(&l->by_barcode);
}

static int64_t count_lines(struct str rest)
{
    struct str line;
    int64_t n = 0;
    while (lines_next(&rest, &line))
        n++;
    return n;
}

typedef enum err decode_fn(const struct shape *shape, struct str line,
                           struct buf *arena, void *record, int *unknown);

static enum err parse_products(struct lists *l, struct str rest,
                               decode_fn *decode)
{
    struct str line;
    while (lines_next(&rest, &line)) {
        struct product *p = &l->products[l->n];
        enum err e = decode(&product_shape, line, &l->arena, p, NULL);
        if (e)
            return e;
        if (!product_ok(p))
            return ERR_FORM;
        l->n++;
    }
    return rest.len == 0 ? ERR_OK : ERR_FORM;
}

static enum err parse(struct lists *l, struct str document, decode_fn *decode)
{
    struct str rest = document, line;
    /* No string is longer unescaped: once there is room, nothing moves. */
    if (!buf_room(&l->arena, document.len))
        return ERR_LIMIT;
    int64_t lines = count_lines(document);
    if (lines - 1 > MAX_PRODUCTS)
        return ERR_LIMIT;
    if (!lines_next(&rest, &line))
        return ERR_FORM;
    enum err e =
        shape_decode(&list_fair_shape, line, &l->arena, &l->fair, NULL);
    if (e)
        return e;
    if (!fair_ok(&l->fair))
        return ERR_FORM;
    l->products = x_alloc((size_t)lines * sizeof(*l->products));
    e = parse_products(l, rest, decode);
    if (e)
        return e;
    index_init(l);
    return ERR_OK;
}

/* Of bytes that were parsed before nothing is asked that takes an order. */
static enum err check(struct lists *l, bool again)
{
    if (again)
        return ERR_OK;
    lists_index(l);
    return list_index_unique(&l->by_code) ? ERR_OK : ERR_FORM;
}

static enum err lists_make(struct buf *document, int64_t version, bool again,
                           struct lists **out)
{
    struct lists *l = x_alloc(sizeof(*l));
    buf_init(&l->arena, MAX_LIST);
    l->version = version;
    enum err e = parse(l, buf_slice(document),
                       again ? shape_decode_inner : shape_decode);
    if (!e)
        e = check(l, again);
    if (e) {
        lists_close(l);
        return e;
    }
    l->document_len = document->len;
    l->document = buf_take(document); /* the same bytes at the same place */
    *out = l;
    return ERR_OK;
}

enum err lists_parse(struct buf *document, int64_t version, struct lists **out)
{
    return lists_make(document, version, false, out);
}

enum err lists_parse_again(struct buf *document, int64_t version,
                           struct lists **out)
{
    return lists_make(document, version, true, out);
}

void lists_close(struct lists *l)
{
    if (!l)
        return;
    list_index_done(&l->by_code);
    list_index_done(&l->by_sku);
    list_index_done(&l->by_barcode);
    free(l->products);
    buf_done(&l->arena);
    free(l->document);
    free(l);
}

/* ---- asking -------------------------------------------------------------- */

int64_t lists_version(const struct lists *l)
{
    return l->version;
}

struct str lists_document(const struct lists *l)
{
    return (struct str){ l->document, l->document_len };
}

const struct list_fair *lists_fair(const struct lists *l)
{
    return &l->fair;
}

int lists_count(const struct lists *l)
{
    return l->n;
}

const struct product *lists_at(const struct lists *l, int i)
{
    ASSERT(i >= 0 && i < l->n);
    return &l->products[i];
}

const struct product *lists_find(const struct lists *l, struct str word)
{
    if (word.len == 0)
        return NULL;
    const struct product *found = list_index_find(&l->by_code, word);
    if (!found)
        found = list_index_find(&l->by_sku, word);
    return found ? found : list_index_find(&l->by_barcode, word);
}

const struct product *lists_find_sku(const struct lists *l, struct str sku)
{
    return list_index_find(&l->by_sku, sku);
}

const struct product *lists_hotkey(const struct lists *l, int key)
{
    ASSERT(key >= 1 && key <= MAX_HOTKEY);
    return l->by_hotkey[key];
}

enum certificate product_certificate(const struct product *p, int day,
                                     int last_day)
{
    if (p->stars == 0 || p->expires_day == 0 || day < p->certified_day)
        return CERT_NONE;
    if (day > p->expires_day)
        return CERT_EXPIRED;
    return last_day > p->expires_day ? CERT_EXPIRING : CERT_VALID;
}
