/*
 * reference.c - fairs, gates, booths, products and figures in the store.
 *
 * Promises that putting the same values again changes nothing and says so.
 * Values come checked (import.c, admin.c); the schema checks once more.
 */
#include "reference.h"

#include <stdio.h>
#include <string.h>

#include "fair/date.h"

#include "store_sql.h"

/* ---- the calendar -------------------------------------------------------- */

static bool is_closed(const struct fair *f, int day)
{
    for (int i = 0; i < f->n_closed; i++) {
        if (f->closed[i] == day)
            return true;
    }
    return false;
}

int fair_open_days(const struct fair *f)
{
    return f->days - f->n_closed;
}

int fair_day_number(const struct fair *f, int day)
{
    int offset = day_valid(day) ? day_diff(day, f->first_day) : -1;
    int number = 0;

    if (offset < 0 || offset >= f->days || is_closed(f, day))
        return 0;
    for (int i = 0; i <= offset; i++)
        number += !is_closed(f, day_add(f->first_day, i));
    return number;
}

int fair_day_date(const struct fair *f, int number)
{
    for (int i = 0; i < f->days; i++) {
        int day = day_add(f->first_day, i);

        if (!is_closed(f, day) && --number == 0)
            return day;
    }
    return 0;
}

enum err reference_lock(struct store *s)
{
    return store_lock(s, "reference");
}

/* ---- fairs --------------------------------------------------------------- */

/* A text of the store into a fixed array; it was checked to fit. */
static void text_into(char *out, size_t size, struct str s)
{
    ASSERT(s.len < size);
    memcpy(out, s.data, s.len);
    out[s.len] = '\0';
}

static enum err closed_get(struct engine *db, struct fair *f)
{
    QUERY(st, db, REF_CLOSED_GET);
    bool row = false;
    enum err e;

    query_bind(st, "s", str_of(f->code));
    while ((e = query_step(st, &row)) == ERR_OK && row) {
        ASSERT(f->n_closed < MAX_CLOSED_DAYS);
        f->closed[f->n_closed++] = (int)query_int(st, 0);
    }
    return e;
}

enum err fair_get(struct store *s, struct str code, struct fair *out)
{
    struct engine *db = store_engine(s);
    struct fair f = { 0 };
    bool row = false;
    QUERY(st, db, REF_FAIR_GET);

    query_bind(st, "s", code);
    enum err e = query_step(st, &row);
    if (e != ERR_OK)
        return e;
    if (!row)
        return ERR_NOT_FOUND;
    text_into(f.code, sizeof(f.code), query_str(st, 0));
    text_into(f.name, sizeof(f.name), query_str(st, 1));
    f.first_day = (int)query_int(st, 2);
    f.days = (int)query_int(st, 3);
    f.opens_min = (int)query_int(st, 4);
    f.closes_min = (int)query_int(st, 5);
    f.cut_off_min = (int)query_int(st, 6);
    text_into(f.compare_with, sizeof(f.compare_with), query_str(st, 7));
    f.refuse = (int)query_int(st, 8);
    e = closed_get(db, &f);
    if (e == ERR_OK)
        *out = f;
    return e;
}

enum err fair_lock(struct store *s, struct str code)
{
    bool row = false;
    QUERY(st, store_engine(s), REF_FAIR_LOCK);

    query_bind(st, "s", code);
    return query_step(st, &row);
}

static bool fair_same(const struct fair *a, const struct fair *b)
{
    return strcmp(a->name, b->name) == 0 && a->first_day == b->first_day &&
           a->days == b->days && a->n_closed == b->n_closed &&
           memcmp(a->closed, b->closed,
                  (size_t)a->n_closed * sizeof(a->closed[0])) == 0 &&
           a->opens_min == b->opens_min && a->closes_min == b->closes_min &&
           a->cut_off_min == b->cut_off_min && a->refuse == b->refuse &&
           strcmp(a->compare_with, b->compare_with) == 0;
}

static enum err closed_put(struct engine *db, const struct fair *f)
{
    QUERY(drop, db, REF_CLOSED_DROP);

    query_bind(drop, "s", str_of(f->code));
    enum err e = query_run(drop);
    for (int i = 0; e == ERR_OK && i < f->n_closed; i++) {
        QUERY(put, db, REF_CLOSED_PUT);

        query_bind(put, "si", str_of(f->code), (int64_t)f->closed[i]);
        e = query_run(put);
    }
    return e;
}

enum err fair_put(struct store *s, const struct fair *f, enum change *change)
{
    struct engine *db = store_engine(s);
    struct fair old;
    enum err e = reference_lock(s);

    if (e == ERR_OK)
        e = fair_get(s, str_of(f->code), &old);
    if (e == ERR_OK && fair_same(&old, f)) {
        *change = CHANGE_NONE;
        return ERR_OK;
    }
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    enum change what = e == ERR_OK ? CHANGE_CHANGED : CHANGE_ADDED;
    QUERY(st, db, REF_FAIR_PUT);

    query_bind(st, "ssiiiiisi", str_of(f->code), str_of(f->name),
               (int64_t)f->first_day, (int64_t)f->days, (int64_t)f->opens_min,
               (int64_t)f->closes_min, (int64_t)f->cut_off_min,
               str_of(f->compare_with), (int64_t)f->refuse);
    e = query_run(st);
    if (e == ERR_OK)
        e = closed_put(db, f);
    if (e == ERR_OK)
        e = store_turned(s, str_of(f->code));
    if (e == ERR_OK)
        *change = what;
    return e;
}

enum err fair_each(struct store *s,
                   enum err (*take)(void *ctx, const struct fair *f), void *ctx)
{
    struct engine *db = store_engine(s);
    QUERY(st, db, REF_FAIR_ALL);
    bool row = false;
    enum err e;

    while ((e = query_step(st, &row)) == ERR_OK && row) {
        struct fair f;

        e = fair_get(s, query_str(st, 0), &f);
        if (e == ERR_OK)
            e = take(ctx, &f);
        if (e != ERR_OK)
            return e;
    }
    return e;
}

/* ---- gates --------------------------------------------------------------- */

enum err gates_get(struct store *s, struct str fair, char out[][7], int *n)
{
    struct engine *db = store_engine(s);
    QUERY(st, db, REF_GATES_GET);
    bool row = false;
    int count = 0;
    enum err e;

    query_bind(st, "s", fair);
    while ((e = query_step(st, &row)) == ERR_OK && row) {
        ASSERT(count < MAX_GATES);
        text_into(out[count++], 7, query_str(st, 0));
    }
    if (e == ERR_OK)
        *n = count;
    return e;
}

static bool gates_same(char old[][7], int n_old, const struct str *gates, int n)
{
    if (n_old != n)
        return false;
    for (int i = 0; i < n; i++) {
        if (!str_is(gates[i], old[i]))
            return false;
    }
    return true;
}

enum err gates_put(struct store *s, struct str fair, const struct str *gates,
                   int n, enum change *change)
{
    struct engine *db = store_engine(s);
    char old[MAX_GATES][7];
    int n_old = 0;
    enum err e = reference_lock(s);

    if (e == ERR_OK)
        e = gates_get(s, fair, old, &n_old);
    if (e != ERR_OK)
        return e;
    if (gates_same(old, n_old, gates, n)) {
        *change = CHANGE_NONE;
        return ERR_OK;
    }
    QUERY(drop, db, REF_GATES_DROP);

    query_bind(drop, "s", fair);
    e = query_run(drop);
    for (int i = 0; e == ERR_OK && i < n; i++) {
        QUERY(put, db, REF_GATES_PUT);

        query_bind(put, "sis", fair, (int64_t)i, gates[i]);
        e = query_run(put);
    }
    if (e == ERR_OK)
        e = store_turned(s, fair);
    if (e == ERR_OK)
        *change = n_old == 0 ? CHANGE_ADDED : CHANGE_CHANGED;
    return e;
}

/* ---- booths -------------------------------------------------------------- */

static struct booth booth_row(struct query *st)
{
    return (struct booth){ .code = query_str(st, 0),
                           .name = query_str(st, 1),
                           .origin = query_str(st, 2),
                           .stands = query_int(st, 3),
                           .place = query_str(st, 4) };
}

/* Moves a borrowed text into `strings`, which must not move meanwhile. */
static struct str text_keep(struct buf *strings, struct str s)
{
    char *room = buf_room(strings, s.len + 1);

    ASSERT(room != NULL);
    memcpy(room, s.data, s.len);
    room[s.len] = '\0';
    buf_grew(strings, s.len + 1);
    return (struct str){ room, s.len };
}

enum err booth_get(struct store *s, struct str fair, struct str code,
                   struct booth *out, struct buf *strings)
{
    struct engine *db = store_engine(s);
    QUERY(st, db, REF_BOOTH_GET);
    bool row = false;

    query_bind(st, "ss", fair, code);
    enum err e = query_step(st, &row);
    if (e != ERR_OK)
        return e;
    if (!row)
        return ERR_NOT_FOUND;
    struct booth b = booth_row(st);
    ASSERT(buf_room(strings, b.code.len + b.name.len + b.origin.len +
                                 b.place.len + 4) != NULL);
    b.code = text_keep(strings, b.code);
    b.name = text_keep(strings, b.name);
    b.origin = text_keep(strings, b.origin);
    b.place = text_keep(strings, b.place);
    *out = b;
    return ERR_OK;
}

static bool booth_same(const struct booth *a, const struct booth *b)
{
    return str_eq(a->name, b->name) && str_eq(a->origin, b->origin) &&
           str_eq(a->place, b->place) && a->stands == b->stands;
}

enum err booth_put(struct store *s, struct str fair, const struct booth *b,
                   enum change *change)
{
    struct engine *db = store_engine(s);
    struct booth old;
    BUF(strings, MAX_TEXT);
    enum err e = reference_lock(s);

    if (e == ERR_OK)
        e = booth_get(s, fair, b->code, &old, &strings);
    if (e == ERR_OK && booth_same(&old, b)) {
        *change = CHANGE_NONE;
        return ERR_OK;
    }
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    enum change what = e == ERR_OK ? CHANGE_CHANGED : CHANGE_ADDED;
    QUERY(st, db, REF_BOOTH_PUT);

    query_bind(st, "ssssis", fair, b->code, b->name, b->origin, b->stands,
               b->place);
    e = query_run(st);
    if (e == ERR_OK)
        e = store_turned(s, fair);
    if (e == ERR_OK)
        *change = what;
    return e;
}

enum err booth_each(struct store *s, struct str fair,
                    enum err (*take)(void *ctx, const struct booth *b),
                    void *ctx)
{
    struct engine *db = store_engine(s);
    QUERY(st, db, REF_BOOTH_ALL);
    bool row = false;
    enum err e;

    query_bind(st, "s", fair);
    while ((e = query_step(st, &row)) == ERR_OK && row) {
        struct booth b = booth_row(st);

        e = take(ctx, &b);
        if (e != ERR_OK)
            return e;
    }
    return e;
}

/* ---- catalogue and booth lists ------------------------------------------- */

/* max(version) of a statement with at most one text parameter. */
static enum err last_version(struct engine *db, int statement, struct str *key,
                             int64_t *version)
{
    QUERY(st, db, statement);
    bool row = false;

    if (key != NULL)
        query_bind(st, "s", *key);
    enum err e = query_step(st, &row);
    if (e == ERR_OK)
        *version = row ? query_int(st, 0) : 0;
    return e;
}

enum err catalogue_last(struct store *s, int64_t *version)
{
    return last_version(store_engine(s), REF_CATALOGUE_LAST, NULL, version);
}

enum err catalogue_add(struct store *s, int64_t now_ms, int64_t *version)
{
    struct engine *db = store_engine(s);
    int64_t last = 0;
    enum err e = reference_lock(s);

    if (e == ERR_OK)
        e = catalogue_last(s, &last);

    if (e != ERR_OK)
        return e;
    QUERY(st, db, REF_CATALOGUE_ADD);

    query_bind(st, "ii", last + 1, now_ms);
    e = query_run(st);
    if (e == ERR_OK)
        *version = last + 1;
    return e;
}

enum err product_add(struct store *s, int64_t version, int64_t position,
                     const struct catalogue_product *c)
{
    const struct product *p = &c->p;
    struct engine *db = store_engine(s);
    QUERY(st, db, REF_PRODUCT_ADD);

    query_bind(st, "iisssissssisiis", version, position, p->sku, p->name,
               p->unit, p->price_vnd, p->seller, c->producer_kind, p->place,
               p->group, p->stars, p->certificate, p->certified_day,
               p->expires_day, p->barcode);
    return query_run(st);
}

enum err product_each(struct store *s,
                      enum err (*take)(void *ctx,
                                       const struct catalogue_product *p),
                      void *ctx)
{
    int64_t version = 0;
    enum err e = catalogue_last(s, &version);

    return e == ERR_OK ? product_each_of(s, version, take, ctx) : e;
}

enum err product_each_of(struct store *s, int64_t version,
                         enum err (*take)(void *ctx,
                                          const struct catalogue_product *p),
                         void *ctx)
{
    struct engine *db = store_engine(s);
    bool row = false;
    enum err e;
    QUERY(st, db, REF_PRODUCT_ALL);

    query_bind(st, "i", version);
    while ((e = query_step(st, &row)) == ERR_OK && row) {
        struct catalogue_product c = { .p = { .sku = query_str(st, 0),
                                              .name = query_str(st, 1),
                                              .unit = query_str(st, 2),
                                              .price_vnd = query_int(st, 3),
                                              .seller = query_str(st, 4),
                                              .place = query_str(st, 6),
                                              .group = query_str(st, 7),
                                              .stars = query_int(st, 8),
                                              .certificate = query_str(st, 9),
                                              .certified_day =
                                                  query_int(st, 10),
                                              .expires_day = query_int(st, 11),
                                              .barcode = query_str(st, 12) },
                                       .producer_kind = query_str(st, 5) };

        e = take(ctx, &c);
        if (e != ERR_OK)
            return e;
    }
    return e;
}

enum err booth_list_last(struct store *s, struct str fair, int64_t *version)
{
    return last_version(store_engine(s), REF_LIST_LAST, &fair, version);
}

enum err booth_list_add(struct store *s, struct str fair, int64_t now_ms,
                        int64_t *version)
{
    struct engine *db = store_engine(s);
    int64_t last = 0;
    enum err e = reference_lock(s);

    if (e == ERR_OK)
        e = booth_list_last(s, fair, &last);

    if (e != ERR_OK)
        return e;
    QUERY(st, db, REF_LIST_ADD);

    query_bind(st, "sii", fair, last + 1, now_ms);
    e = query_run(st);
    if (e == ERR_OK)
        *version = last + 1;
    return e;
}

enum err booth_item_add(struct store *s, struct str fair, int64_t version,
                        const struct booth_item *item)
{
    struct engine *db = store_engine(s);
    QUERY(st, db, REF_ITEM_ADD);
    /* NULL for "the catalogue's price": bound as nothing. */
    const char *types = item->price_vnd < 0 ? "siisssni" : "siisssii";

    if (item->price_vnd < 0)
        query_bind(st, types, fair, version, item->position, item->booth,
                   item->code, item->sku, item->hotkey);
    else
        query_bind(st, types, fair, version, item->position, item->booth,
                   item->code, item->sku, item->price_vnd, item->hotkey);
    return query_run(st);
}

enum err booth_item_each(struct store *s, struct str fair,
                         enum err (*take)(void *ctx,
                                          const struct booth_item *item),
                         void *ctx)
{
    int64_t version = 0;
    enum err e = booth_list_last(s, fair, &version);

    return e == ERR_OK ? booth_item_each_of(s, fair, version, take, ctx) : e;
}

enum err booth_item_each_of(struct store *s, struct str fair, int64_t version,
                            enum err (*take)(void *ctx,
                                             const struct booth_item *item),
                            void *ctx)
{
    struct engine *db = store_engine(s);
    int64_t position = 0;
    bool row = false;
    enum err e;
    QUERY(st, db, REF_ITEM_ALL);

    query_bind(st, "si", fair, version);
    while ((e = query_step(st, &row)) == ERR_OK && row) {
        bool own = !query_null(st, 3);
        position++;
        struct booth_item item = { .position = position,
                                   .booth = query_str(st, 0),
                                   .code = query_str(st, 1),
                                   .sku = query_str(st, 2),
                                   .price_vnd = own ? query_int(st, 3) : -1,
                                   .hotkey = query_int(st, 4) };

        e = take(ctx, &item);
        if (e != ERR_OK)
            return e;
    }
    return e;
}

/* ---- published figures --------------------------------------------------- */

static int64_t int_or(struct query *st, int column, int64_t none)
{
    return query_null(st, column) ? none : query_int(st, column);
}

enum err figures_get(struct store *s, struct str fair, struct figures *out,
                     struct buf *strings)
{
    struct engine *db = store_engine(s);
    QUERY(st, db, REF_FIGURES_GET);
    bool row = false;

    query_bind(st, "s", fair);
    enum err e = query_step(st, &row);
    if (e != ERR_OK)
        return e;
    if (!row)
        return ERR_NOT_FOUND;
    struct str code = query_str(st, 0), name = query_str(st, 1),
               note = query_str(st, 7);
    ASSERT(buf_room(strings, code.len + name.len + note.len + 3) != NULL);
    *out = (struct figures){ .fair = text_keep(strings, code),
                             .name = text_keep(strings, name),
                             .note = text_keep(strings, note),
                             .days = query_int(st, 2),
                             .first_day = (int)int_or(st, 3, 0),
                             .visits = int_or(st, 4, -1),
                             .revenue_in_province_vnd = int_or(st, 5, -1),
                             .revenue_all_vnd = int_or(st, 6, -1) };
    return ERR_OK;
}

enum err figures_each(struct store *s,
                      enum err (*take)(void *ctx, const struct figures *f),
                      void *ctx)
{
    struct engine *db = store_engine(s);
    QUERY(st, db, REF_FIGURES_ALL);
    bool row = false;
    enum err e;

    while ((e = query_step(st, &row)) == ERR_OK && row) {
        struct figures f;
        BUF(strings, MAX_TEXT);

        e = figures_get(s, query_str(st, 0), &f, &strings);
        if (e == ERR_OK)
            e = take(ctx, &f);
        if (e != ERR_OK)
            return e;
    }
    return e;
}

static bool figures_same(const struct figures *a, const struct figures *b)
{
    return str_eq(a->name, b->name) && str_eq(a->note, b->note) &&
           a->days == b->days && a->first_day == b->first_day &&
           a->visits == b->visits &&
           a->revenue_in_province_vnd == b->revenue_in_province_vnd &&
           a->revenue_all_vnd == b->revenue_all_vnd;
}

enum err figures_put(struct store *s, const struct figures *f,
                     enum change *change)
{
    struct engine *db = store_engine(s);
    struct figures old;
    BUF(strings, MAX_TEXT);
    enum err e = reference_lock(s);

    if (e == ERR_OK)
        e = figures_get(s, f->fair, &old, &strings);
    if (e == ERR_OK && figures_same(&old, f)) {
        *change = CHANGE_NONE;
        return ERR_OK;
    }
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    enum change what = e == ERR_OK ? CHANGE_CHANGED : CHANGE_ADDED;
    QUERY(st, db, REF_FIGURES_PUT);

    query_bind(st, "ssiiiiis", f->fair, f->name, f->days, f->first_day,
               f->visits, f->revenue_in_province_vnd, f->revenue_all_vnd,
               f->note);
    const bool known[] = { f->first_day != 0, f->visits != -1,
                           f->revenue_in_province_vnd != -1,
                           f->revenue_all_vnd != -1 };
    for (int i = 0; i < (int)ARRAY_LEN(known); i++) {
        if (!known[i])
            query_bind_null(st, 4 + i);
    }
    e = query_run(st);
    if (e == ERR_OK)
        *change = what;
    return e;
}
