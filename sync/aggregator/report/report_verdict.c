/*
 * report_verdict.c - goods against the versions of lists that count for them.
 *
 * Versions are looked up once a day or number of lists, and each one is read
 * once. A product that the catalogue does not know is not looked for in the
 * booth's list: one finding is enough.
 */
#include "report_verdict.h"

#include "fair/date.h"
#include "sync/aggregator/store/versions.h"

/* Kinds of rows in report.rows; a: sku or number of lists, b: booth. */
enum {
    ROW_PRODUCT = VERDICT_TABLES, /* part: version of the catalogue */
    ROW_LISTED,                   /* part: version of the booth list */
    ROW_LOADED, /* likewise; day: 0 of a catalogue, 1 of a booth list */
    ROW_TILL,   /* versions by lists of a till */
    ROW_DAY     /* versions by day */
};
enum { KNOWN, STARS, CERTIFIED, EXPIRES }; /* of ROW_PRODUCT */
enum { MET, SAYS, CATALOGUE, BOOTH_LIST }; /* of ROW_TILL and ROW_DAY */

/* ---- what lists say ------------------------------------------------------ */

static enum err take_product(void *ctx, const struct catalogue_product *c)
{
    struct judge *j = ctx;
    struct row_key key = { .table = ROW_PRODUCT,
                           .part = j->loading,
                           .a = rows_text(&j->r->rows, c->p.sku) };
    int64_t *v = rows_at(&j->r->rows, key)->v;

    v[KNOWN] = true;
    v[STARS] = c->p.stars;
    v[CERTIFIED] = c->p.certified_day;
    v[EXPIRES] = c->p.expires_day;
    return ERR_OK;
}

static enum err take_listed(void *ctx, const struct booth_item *item)
{
    struct judge *j = ctx;
    struct rows *rows = &j->r->rows;
    struct row_key key = { .table = ROW_LISTED,
                           .part = j->loading,
                           .a = rows_text(rows, item->sku),
                           .b = rows_text(rows, item->booth) };

    rows_at(rows, key)->v[KNOWN] = true;
    return ERR_OK;
}

/* Each version is read once. */
static bool loads(struct judge *j, int64_t version, bool booth_list)
{
    struct row_key key = { .table = ROW_LOADED,
                           .day = booth_list,
                           .part = (int32_t)version };
    int64_t *v = rows_at(&j->r->rows, key)->v;
    bool first = !v[KNOWN];

    v[KNOWN] = true;
    j->loading = (int32_t)version;
    return first;
}

static enum err load(struct judge *j, const struct versions *v)
{
    struct report *r = j->r;
    struct str fair = str_of(r->ground.fair.code);
    enum err e = ERR_OK;

    if (loads(j, v->catalogue, false))
        e = product_each_of(r->store, v->catalogue, take_product, j);
    if (e == ERR_OK && loads(j, v->booth_list, true))
        e = booth_item_each_of(r->store, fair, v->booth_list, take_listed, j);
    return e;
}

/* The versions that count for a till's lists or on a day. */
static enum err ask_versions(struct judge *j, const struct sold *sold,
                             bool of_day, struct versions *out)
{
    const struct fair *f = &j->r->ground.fair;
    struct str fair = str_of(f->code);

    if (!of_day)
        return versions_of_list(j->r->store, fair, sold->list, out);
    int64_t end =
        day_start_ms(sold->day) + DAY_MS + f->cut_off_min * INT64_C(60000);
    return versions_before(j->r->store, fair, end, out);
}

/* ... kept for the next time; ERR_NOT_FOUND: not known. */
static enum err versions_for(struct judge *j, const struct sold *sold,
                             bool of_day, struct versions *out)
{
    struct row_key key = { .table = ROW_TILL, .a = sold->list_text };
    struct versions found = { 0 };

    if (of_day)
        key = (struct row_key){ .table = ROW_DAY, .day = sold->day };
    int64_t *v = rows_at(&j->r->rows, key)->v;
    if (!v[MET]) {
        enum err e = ask_versions(j, sold, of_day, &found);
        if (e != ERR_OK && e != ERR_NOT_FOUND)
            return e;
        v[MET] = true;
        v[SAYS] = e == ERR_OK;
        v[CATALOGUE] = found.catalogue;
        v[BOOTH_LIST] = found.booth_list;
    }
    *out = (struct versions){ v[CATALOGUE], v[BOOTH_LIST] };
    return v[SAYS] ? ERR_OK : ERR_NOT_FOUND;
}

/* ---- judging ------------------------------------------------------------- */

static void judge_certificate(const struct judge *j, const struct sold *sold,
                              const int64_t *known, struct verdict *v)
{
    struct product p = { .stars = known[STARS],
                         .certified_day = known[CERTIFIED],
                         .expires_day = known[EXPIRES] };
    enum certificate c = product_certificate(&p, sold->day, j->last_day);

    v->found[CERTIFICATE_EXPIRED] = c == CERT_EXPIRED;
    v->found[CERTIFICATE_EXPIRING] = c == CERT_EXPIRING;
    v->expires = p.expires_day;
}

enum err verdict_by(struct judge *j, const struct sold *sold, bool of_day,
                    struct verdict *out)
{
    struct rows *rows = &j->r->rows;
    struct versions by = { 0 };
    enum err e = versions_for(j, sold, of_day, &by);

    out->silent = e == ERR_NOT_FOUND;
    if (e != ERR_OK)
        return out->silent ? ERR_OK : e;
    e = load(j, &by);
    if (e != ERR_OK)
        return e;
    struct row_key product = { .table = ROW_PRODUCT,
                               .part = (int32_t)by.catalogue,
                               .a = sold->sku };
    struct row_key listed = { .table = ROW_LISTED,
                              .part = (int32_t)by.booth_list,
                              .a = sold->sku,
                              .b = sold->booth };
    bool on_list = by.booth_list == 0 || rows_at(rows, listed)->v[KNOWN];
    const int64_t *known = rows_at(rows, product)->v;
    out->found[UNKNOWN_PRODUCT] = !known[KNOWN];
    out->found[NOT_ON_LIST] = known[KNOWN] && !on_list;
    judge_certificate(j, sold, known, out);
    return ERR_OK;
}
