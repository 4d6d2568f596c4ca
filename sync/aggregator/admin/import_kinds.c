/*
 * import_kinds.c - the four CSV files: booths, catalogue, booth list, figures.
 *
 * Each kind is a table of columns and three small functions. A row's content
 * as one text (its values joined) decides what counts as changed.
 */
#include <string.h>

#include "fair/date.h"
#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/money.h"
#include "fair/text.h"
#include "import.h"

/* A row's values as one text; the separator stands in no cleaned text. */
static void join(struct buf *out, struct str s)
{
    buf_str(out, s);
    buf_putc(out, '\n');
}

static void join_int(struct buf *out, int64_t n)
{
    buf_int(out, n);
    buf_putc(out, '\n');
}

/* ---- booths -------------------------------------------------------------- */

enum { B_BOOTH, B_NAME, B_ORIGIN, B_STANDS, B_PLACE };

static const struct csv_column booth_columns[] = {
    [B_BOOTH] = { "booth", true },   [B_NAME] = { "name", true },
    [B_ORIGIN] = { "origin", true }, [B_STANDS] = { "stands", false },
    [B_PLACE] = { "place", false },  { NULL, false }
};

static void booth_values(const struct booth *b, struct buf *out)
{
    join(out, b->name);
    join(out, b->origin);
    join(out, b->place);
    join_int(out, b->stands);
}

static enum err booth_before(void *ctx, const struct booth *b)
{
    struct import *im = ctx;
    BUF(values, MAX_TEXT);

    booth_values(b, &values);
    (void)strmap_put(im->before, b->code, buf_slice(&values));
    return ERR_OK;
}

static enum err booths_begin(struct import *im)
{
    return booth_each(im->store, im->fair, booth_before, im);
}

static bool is_origin(struct str s)
{
    return str_is(s, "in-province") || str_is(s, "other-province") ||
           str_is(s, "foreign") || str_is(s, "service");
}

static enum err booths_row(struct import *im, const struct csv_row *row,
                           struct buf *why)
{
    const struct str *f = row->fields;
    enum change change;
    BUF(values, MAX_TEXT);
    struct booth b = {
        .code = field_id(f[B_BOOTH], id_booth(f[B_BOOTH]), "booth", why),
        .name = field_name(im, f[B_NAME], "name", why),
        .origin = field_id(f[B_ORIGIN], is_origin(f[B_ORIGIN]), "origin", why),
        .stands =
            field_int(f[B_STANDS], "stands", (struct range){ 1, 1000, 1 }, why),
        .place = field_name(im, f[B_PLACE], "place", why)
    };

    booth_values(&b, &values);
    if (why->len == 0)
        import_count(im, b.code, buf_slice(&values), why);
    if (why->len > 0)
        return ERR_INVALID;
    return booth_put(im->store, im->fair, &b, &change);
}

static enum err import_booths(struct cli *cli)
{
    static const struct import_kind kind = { booth_columns, booths_begin,
                                             booths_row, NULL, true };

    return import_run(cli, &kind);
}

/* ---- catalogue ----------------------------------------------------------- */

enum {
    C_SKU,
    C_NAME,
    C_UNIT,
    C_PRICE,
    C_PRODUCER,
    C_KIND,
    C_PLACE,
    C_GROUP,
    C_STARS,
    C_CERTIFICATE,
    C_CERTIFIED,
    C_EXPIRES,
    C_BARCODE
};

static const struct csv_column catalogue_columns[] = {
    [C_SKU] = { "sku", true },
    [C_NAME] = { "name", true },
    [C_UNIT] = { "unit", true },
    [C_PRICE] = { "price_vnd", true },
    [C_PRODUCER] = { "producer", false },
    [C_KIND] = { "producer_kind", false },
    [C_PLACE] = { "place", false },
    [C_GROUP] = { "group", false },
    [C_STARS] = { "stars", false },
    [C_CERTIFICATE] = { "certificate", false },
    [C_CERTIFIED] = { "certified_on", false },
    [C_EXPIRES] = { "expires_on", false },
    [C_BARCODE] = { "barcode", false },
    { NULL, false }
};

static void product_values(const struct catalogue_product *c, struct buf *out)
{
    const struct product *p = &c->p;
    const struct str texts[] = { p->name,    p->unit,         p->seller,
                                 p->place,   p->group,        p->certificate,
                                 p->barcode, c->producer_kind };
    const int64_t numbers[] = { p->price_vnd, p->stars, p->certified_day,
                                p->expires_day };

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        join(out, texts[i]);
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        join_int(out, numbers[i]);
}

static enum err product_before(void *ctx, const struct catalogue_product *c)
{
    struct import *im = ctx;
    BUF(values, MAX_TEXT);

    product_values(c, &values);
    (void)strmap_put(im->before, c->p.sku, buf_slice(&values));
    return ERR_OK;
}

static enum err catalogue_begin(struct import *im)
{
    enum err e = product_each(im->store, product_before, im);

    return e == ERR_OK ? catalogue_add(im->store, env_wall_ms(), &im->version)
                       : e;
}

/* A certificate is whole or not there at all. */
static void check_certificate(const struct product *p, struct buf *why)
{
    bool dated = p->certified_day != 0 && p->expires_day != 0;

    if (p->stars != 0 && p->stars < 3)
        buf_puts(why, _("stars: 3, 4 or 5"));
    else if (p->expires_day != 0 && p->certified_day > p->expires_day)
        buf_puts(why, _("expires_on: before certified_on"));
    else if (p->certificate.len > 0 && !dated)
        buf_puts(why, _("certificate: needs certified_on and expires_on"));
}

static void catalogue_fields(struct import *im, const struct str *f,
                             struct catalogue_product *c, struct buf *why)
{
    bool barcode_ok = f[C_BARCODE].len == 0 || id_gtin(f[C_BARCODE]);
    struct product *p = &c->p;

    p->sku = field_id(f[C_SKU], id_sku(f[C_SKU]), "sku", why);
    p->name = field_name(im, f[C_NAME], "name", why);
    p->unit = field_name(im, f[C_UNIT], "unit", why);
    p->price_vnd = field_int(f[C_PRICE], "price_vnd",
                             (struct range){ 0, MONEY_MAX, 0 }, why);
    p->seller = field_name(im, f[C_PRODUCER], "producer", why);
    c->producer_kind = field_name(im, f[C_KIND], "producer_kind", why);
    p->place = field_name(im, f[C_PLACE], "place", why);
    p->group = field_name(im, f[C_GROUP], "group", why);
    p->stars = field_int(f[C_STARS], "stars", (struct range){ 0, 5, 0 }, why);
    p->certificate = field_name(im, f[C_CERTIFICATE], "certificate", why);
    p->certified_day = field_day(f[C_CERTIFIED], "certified_on", why);
    p->expires_day = field_day(f[C_EXPIRES], "expires_on", why);
    p->barcode = field_id(f[C_BARCODE], barcode_ok, "barcode", why);
}

/* What the longest document, one of a fair without a booth list, has for it;
 * a page is set aside for its first line. */
static bool fits_list(struct import *im, const struct product *p)
{
    struct product line = *p;
    BUF(text, MAX_TEXT);

    line.code = STR("12345678");
    lists_product_encode(&line, &text);
    im->bytes += text.len;
    return im->bytes <= MAX_LIST - MAX_PAGE;
}

static enum err catalogue_row(struct import *im, const struct csv_row *row,
                              struct buf *why)
{
    struct catalogue_product c = { 0 };
    BUF(values, MAX_TEXT);

    catalogue_fields(im, row->fields, &c, why);
    if (why->len == 0)
        check_certificate(&c.p, why);
    if (why->len == 0 && im->position > MAX_PRODUCTS)
        buf_printf(why, _("more than %d products"), MAX_PRODUCTS);
    if (why->len == 0 && !fits_list(im, &c.p))
        buf_printf(why, _("more than %d bytes of products"), MAX_LIST);
    product_values(&c, &values);
    if (why->len == 0)
        import_count(im, c.p.sku, buf_slice(&values), why);
    if (why->len > 0)
        return ERR_INVALID;
    return product_add(im->store, im->version, im->position, &c);
}

/* A file is a whole new version: what it leaves out is gone from the newest
 * one. An order that changed alone is no change. */
static enum err version_end(struct import *im)
{
    im->removed = strmap_count(im->before) - im->changed - im->unchanged;
    return ERR_OK;
}

static enum err import_catalogue(struct cli *cli)
{
    static const struct import_kind kind = { catalogue_columns, catalogue_begin,
                                             catalogue_row, version_end, true };

    return import_run(cli, &kind);
}

/* ---- what a booth may sell ----------------------------------------------- */

enum { L_BOOTH, L_CODE, L_SKU, L_PRICE, L_HOTKEY };

static const struct csv_column list_columns[] = {
    [L_BOOTH] = { "booth", true },    [L_CODE] = { "code", true },
    [L_SKU] = { "sku", true },        [L_PRICE] = { "price_vnd", false },
    [L_HOTKEY] = { "hotkey", false }, { NULL, false }
};

/* A key of a kind within a booth: 'b' booth, 's' sku, 'h' hot key. */
static struct str mark(struct buf *b, char kind, struct str first,
                       struct str second)
{
    buf_clear(b);
    buf_putc(b, kind);
    buf_str(b, first);
    buf_putc(b, '\n');
    buf_str(b, second);
    return buf_slice(b);
}

static void item_values(const struct booth_item *item, struct buf *out)
{
    join(out, item->sku);
    join_int(out, item->price_vnd);
    join_int(out, item->hotkey);
}

static enum err item_before(void *ctx, const struct booth_item *item)
{
    struct import *im = ctx;
    BUF(values, MAX_TEXT);
    BUF(key, MAX_TEXT);

    item_values(item, &values);
    (void)strmap_put(im->before, mark(&key, 'i', item->booth, item->code),
                     buf_slice(&values));
    return ERR_OK;
}

static enum err know_booth(void *ctx, const struct booth *b)
{
    struct import *im = ctx;
    BUF(key, MAX_TEXT);

    (void)strmap_put(im->extra, mark(&key, 'b', b->code, STR("")), STR(""));
    return ERR_OK;
}

static enum err know_product(void *ctx, const struct catalogue_product *c)
{
    struct import *im = ctx;
    BUF(key, MAX_TEXT);

    (void)strmap_put(im->extra, mark(&key, 's', c->p.sku, STR("")), STR(""));
    return ERR_OK;
}

static enum err list_begin(struct import *im)
{
    enum err e = booth_item_each(im->store, im->fair, item_before, im);

    if (e == ERR_OK)
        e = booth_each(im->store, im->fair, know_booth, im);
    if (e == ERR_OK)
        e = product_each(im->store, know_product, im);
    if (e == ERR_OK)
        e = booth_list_add(im->store, im->fair, env_wall_ms(), &im->version);
    return e;
}

static void check_item(struct import *im, const struct booth_item *item,
                       struct buf *why)
{
    BUF(key, MAX_TEXT);
    BUF(digits, 32);

    if (strmap_get(im->extra, mark(&key, 'b', item->booth, STR(""))) == NULL)
        buf_puts(why, _("booth: not a booth of this fair"));
    else if (strmap_get(im->extra, mark(&key, 's', item->sku, STR(""))) == NULL)
        buf_puts(why, _("sku: not in the catalogue"));
    buf_int(&digits, item->hotkey);
    if (why->len == 0 && item->hotkey != 0 &&
        !strmap_put(im->extra, mark(&key, 'h', item->booth, buf_slice(&digits)),
                    STR("")))
        buf_puts(why, _("hotkey: given twice in this booth"));
}

static enum err list_row(struct import *im, const struct csv_row *row,
                         struct buf *why)
{
    const struct str *f = row->fields;
    BUF(values, MAX_TEXT);
    BUF(key, MAX_TEXT);
    struct booth_item item = {
        .position = im->position,
        .booth = field_id(f[L_BOOTH], id_booth(f[L_BOOTH]), "booth", why),
        .code = field_id(f[L_CODE], id_code(f[L_CODE]), "code", why),
        .sku = field_id(f[L_SKU], id_sku(f[L_SKU]), "sku", why),
        .price_vnd = field_int(f[L_PRICE], "price_vnd",
                               (struct range){ 0, MONEY_MAX, -1 }, why),
        .hotkey =
            field_int(f[L_HOTKEY], "hotkey", (struct range){ 1, 12, 0 }, why)
    };

    if (why->len == 0)
        check_item(im, &item, why);
    item_values(&item, &values);
    if (why->len == 0)
        import_count(im, mark(&key, 'i', item.booth, item.code),
                     buf_slice(&values), why);
    if (why->len > 0)
        return ERR_INVALID;
    return booth_item_add(im->store, im->fair, im->version, &item);
}

static enum err import_list(struct cli *cli)
{
    static const struct import_kind kind = { list_columns, list_begin, list_row,
                                             version_end, true };

    return import_run(cli, &kind);
}

/* ---- published figures --------------------------------------------------- */

enum { F_FAIR, F_NAME, F_DAYS, F_FIRST, F_VISITS, F_IN, F_ALL, F_NOTE };

static const struct csv_column figures_columns[] = {
    [F_FAIR] = { "fair", true },
    [F_NAME] = { "name", true },
    [F_DAYS] = { "days", true },
    [F_FIRST] = { "first_day", false },
    [F_VISITS] = { "visits", false },
    [F_IN] = { "revenue_in_province_vnd", false },
    [F_ALL] = { "revenue_all_vnd", false },
    [F_NOTE] = { "note", false },
    { NULL, false }
};

/* Figures change row by row; what was there is asked of the store. */
static void count_change(struct import *im, enum change change)
{
    im->added += change == CHANGE_ADDED;
    im->changed += change == CHANGE_CHANGED;
    im->unchanged += change == CHANGE_NONE;
}

static enum err figures_row(struct import *im, const struct csv_row *row,
                            struct buf *why)
{
    const struct str *f = row->fields;
    enum change change = CHANGE_NONE;
    struct figures fig = {
        .fair = field_id(f[F_FAIR], id_fair(f[F_FAIR]), "fair", why),
        .name = field_name(im, f[F_NAME], "name", why),
        .days = field_int(f[F_DAYS], "days", (struct range){ 1, 366, 1 }, why),
        .first_day = (int)field_day(f[F_FIRST], "first_day", why),
        .visits = field_int(f[F_VISITS], "visits",
                            (struct range){ 0, MONEY_MAX, -1 }, why),
        .revenue_in_province_vnd =
            field_int(f[F_IN], "revenue_in_province_vnd",
                      (struct range){ 0, MONEY_MAX, -1 }, why),
        .revenue_all_vnd = field_int(f[F_ALL], "revenue_all_vnd",
                                     (struct range){ 0, MONEY_MAX, -1 }, why),
        .note = field_note(im, f[F_NOTE], "note", why)
    };

    if (why->len == 0 && !strmap_put(im->seen, fig.fair, STR("")))
        buf_puts(why, _("fair: stands twice in the file"));
    if (why->len > 0)
        return ERR_INVALID;
    enum err e = figures_put(im->store, &fig, &change);
    if (e == ERR_OK)
        count_change(im, change);
    return e;
}

static enum err import_figures(struct cli *cli)
{
    static const struct import_kind kind = { figures_columns, NULL, figures_row,
                                             NULL, false };

    return import_run(cli, &kind);
}

/* ---- the commands -------------------------------------------------------- */

static const struct cli_option with_fair[] = {
    { "fair", "CODE", N_("the fair"), true },
    { "dry-run", NULL, N_("only check the file"), false },
    { NULL, NULL, NULL, false }
};
static const struct cli_option dry_run[] = {
    { "dry-run", NULL, N_("only check the file"), false },
    { NULL, NULL, NULL, false }
};

const struct cli_command import_commands[IMPORT_COMMANDS] = {
    { "import booths", "FILE", 1, 1, with_fair, CLI_WRITES,
      N_("take booths, their origin and stands from a CSV file"),
      import_booths },
    { "import catalogue", "FILE", 1, 1, dry_run, CLI_WRITES,
      N_("take products, prices and certificates from a CSV file"),
      import_catalogue },
    { "import list", "FILE", 1, 1, with_fair, CLI_WRITES,
      N_("take what each booth may sell, with its codes, from a CSV file"),
      import_list },
    { "import figures", "FILE", 1, 1, dry_run, CLI_WRITES,
      N_("take published totals of fairs from a CSV file"), import_figures },
    { "import ledger", "FILE", 1, 1, NULL, CLI_WRITES,
      N_("take a till's sales from a file of `fair-sync export`"),
      import_ledger },
};
