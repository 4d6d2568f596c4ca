/*
 * report_supervision.c - what an organiser should look at; none of it changes
 * a total.
 *
 *   unknown_product       sold, but the newest catalogue does not know it
 *   not_on_list           sold at a booth whose newest list does not hold it
 *   certificate_expired   sold after the last day of its certificate
 *   certificate_expiring  sold; its certificate ends within the fair
 *   over_refund           more given back than the receipt was paid
 *   refund_unmatched      names a receipt that is not here (yet)
 *   late, unknown_kind, damaged   notes of a device's events
 *
 * Products are judged by booth and sku, certificates on the day of each sale;
 * an amount is that day's, less what was given back on it.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/date.h"
#include "fair/i18n.h"

#include "report_refunds.h"

enum { COLUMNS = 10 };

/* In the order of the report; the word of a note is its key's. */
enum finding {
    UNKNOWN_PRODUCT,
    NOT_ON_LIST,
    CERTIFICATE_EXPIRED,
    CERTIFICATE_EXPIRING,
    OVER_REFUND,
    REFUND_UNMATCHED,
    NOTE
};

static const struct word_name names[] = {
    [UNKNOWN_PRODUCT] = { "unknown_product", N_("not in catalogue") },
    [NOT_ON_LIST] = { "not_on_list", N_("off the list") },
    [CERTIFICATE_EXPIRED] = { "certificate_expired", N_("expired") },
    [CERTIFICATE_EXPIRING] = { "certificate_expiring", N_("expiring") },
    [OVER_REFUND] = { "over_refund", N_("refunded too much") },
    [REFUND_UNMATCHED] = { "refund_unmatched", N_("refund, no sale") },
};

static const struct word_name note_names[] = {
    { "late", N_("entered late") },
    { "unknown_kind", N_("unknown record") },
    { "damaged", N_("damaged record") },
};

static const struct column columns[COLUMNS] = {
    { "what", N_("Finding"), COL_TEXT },
    { "booth", N_("Booth"), COL_TEXT },
    { "device", NULL, COL_TEXT },
    { "sku", N_("Product"), COL_TEXT },
    { "name", N_("Name"), COL_NAME },
    { "receipt", N_("Receipt"), COL_TEXT },
    { "date", NULL, COL_DAY },
    { "expires_on", N_("Expires"), COL_DAY },
    { "events", N_("Times"), COL_INT },
    { "amount_vnd", N_("Amount"), COL_MONEY },
};

/* Kinds of rows in report.rows; a: sku (receipt, word of a note), b: booth. */
enum { ROW_FINDING, ROW_PRODUCT, ROW_LISTED, ROW_SOLD };
enum { SALES, AMOUNT };                          /* of ROW_SOLD */
enum { KNOWN, NAME, STARS, CERTIFIED, EXPIRES }; /* of ROW_PRODUCT */
enum { EVENTS, F_AMOUNT, FIRST_DAY, F_EXPIRES }; /* of ROW_FINDING */

struct supervision {
    struct report *r;
    bool restricted; /* the fair has a booth list */
    int last_day;
};

static int64_t *product_at(struct report *r, uint32_t sku)
{
    struct row_key key = { .table = ROW_PRODUCT, .a = sku };

    return rows_at(&r->rows, key)->v;
}

/* ---- what is known ------------------------------------------------------- */

static enum err take_product(void *ctx, const struct catalogue_product *c)
{
    struct report *r = ctx;
    uint32_t name = rows_text(&r->rows, c->p.name);
    int64_t *v = product_at(r, rows_text(&r->rows, c->p.sku));

    v[KNOWN] = true;
    v[NAME] = name;
    v[STARS] = c->p.stars;
    v[CERTIFIED] = c->p.certified_day;
    v[EXPIRES] = c->p.expires_day;
    return ERR_OK;
}

static enum err take_listed(void *ctx, const struct booth_item *item)
{
    struct supervision *s = ctx;
    struct rows *rows = &s->r->rows;
    struct row_key key = { .table = ROW_LISTED,
                           .a = rows_text(rows, item->sku),
                           .b = rows_text(rows, item->booth) };

    s->restricted = true;
    rows_at(rows, key)->v[KNOWN] = true;
    return ERR_OK;
}

/* ---- what happened ------------------------------------------------------- */

static uint32_t booth_text(struct report *r, const struct post *p)
{
    return rows_text(&r->rows, str_of(p->d.booth));
}

static enum err take_line(void *ctx, const struct roll_line *line)
{
    struct supervision *s = ctx;
    struct report *r = s->r;
    const struct post *p = ground_post(&r->ground, line->device);

    if (!p)
        return ERR_OK;
    struct row_key key = { .table = ROW_SOLD,
                           .day = line->day,
                           .a = rows_text(&r->rows, line->sku),
                           .b = booth_text(r, p) };
    int64_t *v = rows_at(&r->rows, key)->v;
    sum_add(&v[SALES], line->sales);
    sum_add(&v[AMOUNT], line->amount_vnd);
    return ERR_OK;
}

static enum err take_item(void *ctx, const struct roll_item *item)
{
    struct supervision *s = ctx;
    struct report *r = s->r;
    uint32_t name = rows_text(&r->rows, item->name);
    int64_t *v = product_at(r, rows_text(&r->rows, item->sku));

    if (v[NAME] == 0)
        v[NAME] = name;
    return ERR_OK;
}

static enum err take_note(void *ctx, const struct roll_note *note)
{
    struct supervision *s = ctx;
    struct report *r = s->r;
    const struct post *p = ground_post(&r->ground, note->device);

    if (!p)
        return ERR_OK;
    struct row_key key = { .table = ROW_FINDING,
                           .part = NOTE,
                           .device = rows_text(&r->rows, note->device),
                           .a = rows_text(&r->rows, note->what),
                           .b = booth_text(r, p) };
    sum_add(&rows_at(&r->rows, key)->v[EVENTS], note->events);
    return ERR_OK;
}

static enum err take_hold(void *ctx, const struct roll_hold *h)
{
    struct supervision *s = ctx;

    return report_hold(s->r, h);
}

static void take_over_refund(void *ctx, const struct over_refund *o)
{
    struct report *r = ctx;
    const struct fairground *g = &r->ground;

    if (o->post ? !ground_post(g, str_of(o->post->d.device))
                : g->only.origin != ORIGINS)
        return;
    struct row_key key = { .table = ROW_FINDING,
                           .part = o->found ? OVER_REFUND : REFUND_UNMATCHED,
                           .a = rows_text(&r->rows, o->receipt) };
    if (o->post) {
        key.device = rows_text(&r->rows, str_of(o->post->d.device));
        key.b = booth_text(r, o->post);
    }
    int64_t *v = rows_at(&r->rows, key)->v;
    v[EVENTS] = o->refunds;
    v[F_AMOUNT] = o->excess_vnd;
}

/* ---- judging ------------------------------------------------------------- */

static void find(struct report *r, enum finding what, const struct row *sold,
                 int64_t expires)
{
    struct row_key key = { .table = ROW_FINDING,
                           .part = (int32_t)what,
                           .a = sold->key.a,
                           .b = sold->key.b };
    int64_t *v = rows_at(&r->rows, key)->v;

    sum_add(&v[EVENTS], sold->v[SALES]);
    sum_add(&v[F_AMOUNT], sold->v[AMOUNT]);
    if (v[FIRST_DAY] == 0 || sold->key.day < v[FIRST_DAY])
        v[FIRST_DAY] = sold->key.day;
    v[F_EXPIRES] = expires;
}

/* `sold` is a copy: making rows moves them. */
static void judge(struct supervision *s, const struct row *sold)
{
    struct report *r = s->r;
    const int64_t *known = product_at(r, sold->key.a);
    struct product p = { .stars = known[STARS],
                         .certified_day = known[CERTIFIED],
                         .expires_day = known[EXPIRES] };
    bool in_catalogue = known[KNOWN];
    enum certificate c = product_certificate(&p, sold->key.day, s->last_day);
    struct row_key listed = { .table = ROW_LISTED,
                              .a = sold->key.a,
                              .b = sold->key.b };

    if (!in_catalogue)
        find(r, UNKNOWN_PRODUCT, sold, 0);
    else if (s->restricted && !rows_at(&r->rows, listed)->v[KNOWN])
        find(r, NOT_ON_LIST, sold, 0);
    if (c == CERT_EXPIRED)
        find(r, CERTIFICATE_EXPIRED, sold, p.expires_day);
    if (c == CERT_EXPIRING)
        find(r, CERTIFICATE_EXPIRING, sold, p.expires_day);
}

static void judge_all(struct supervision *s)
{
    struct rows *rows = &s->r->rows;
    uint32_t n = rows->n; /* what judging adds is not judged */

    for (uint32_t i = 0; i < n; i++) {
        struct row row = rows->rows[i];

        if (row.key.table == ROW_SOLD && row.v[SALES] > 0)
            judge(s, &row);
    }
}

/* ---- the report ---------------------------------------------------------- */

static int by_finding(const void *left, const void *right)
{
    const struct summed *a = left, *b = right;
    const struct row_key *x = &a->key, *y = &b->key;

    if (x->table != y->table)
        return x->table < y->table ? -1 : 1;
    if (x->part != y->part)
        return x->part < y->part ? -1 : 1;
    int booths = str_cmp(a->b, b->b);
    if (booths != 0)
        return booths;
    int texts = str_cmp(a->a, b->a);
    return texts != 0 ? texts
                      : (x->device > y->device) - (x->device < y->device);
}

static struct cell text_cell(const struct report *r, uint32_t number)
{
    struct str s = report_text(r, number);

    return s.len > 0 ? cell_str(s) : cell_null;
}

static struct cell day_cell(int64_t day)
{
    return day != 0 ? cell_int(day) : cell_null;
}

static struct cell what_cell(enum finding what, struct str note)
{
    if (what != NOTE)
        return cell_named(&names[what]);
    struct cell c = cell_str(note);
    for (size_t i = 0; i < ARRAY_LEN(note_names); i++) {
        if (str_is(note, note_names[i].word))
            c.people = note_names[i].text;
    }
    return c;
}

static void put_row(struct report *r, struct table *table,
                    const struct summed *row)
{
    enum finding what = (enum finding)row->key.part;
    bool of_product = what < OVER_REFUND;
    const struct cell cells[COLUMNS] = {
        what_cell(what, row->a),
        text_cell(r, row->key.b),
        text_cell(r, row->key.device),
        of_product ? cell_str(row->a) : cell_null,
        of_product ? text_cell(r, (uint32_t)product_at(r, row->key.a)[NAME])
                   : cell_null,
        of_product || what == NOTE ? cell_null : cell_str(row->a),
        day_cell(row->v[FIRST_DAY]),
        day_cell(row->v[F_EXPIRES]),
        cell_int(row->v[EVENTS]),
        what == NOTE ? cell_null : cell_int(row->v[F_AMOUNT]),
    };

    table_row(table, cells);
}

static enum err gather(struct supervision *s)
{
    struct report *r = s->r;
    const struct fair *f = &r->ground.fair;
    struct roll_taker taker = { .ctx = s,
                                .line = take_line,
                                .item = take_item,
                                .note = take_note,
                                .hold = take_hold };

    (void)rows_text(&r->rows, STR("")); /* number 0 is no text */
    s->last_day = day_add(f->first_day, f->days - 1);
    enum err e = product_each(r->store, take_product, r);
    if (e == ERR_OK)
        e = booth_item_each(r->store, str_of(f->code), take_listed, s);
    if (e == ERR_OK)
        e = store_rolls(r->store, str_of(f->code), &taker);
    if (e == ERR_OK)
        e = over_refunds(r->store, &r->ground, take_over_refund, r);
    return e;
}

enum err report_supervision(struct report *r, struct buf *out)
{
    struct supervision s = { .r = r };
    enum err e = gather(&s);

    if (e != ERR_OK)
        return e;
    judge_all(&s);
    struct table *table = table_open(columns, COLUMNS);
    struct page page = { .array = "supervision", .table = table };
    struct summed *rows = report_summed(r, by_finding);

    for (uint32_t i = 0; i < r->rows.n && rows[i].key.table == ROW_FINDING; i++)
        put_row(r, table, &rows[i]);
    free(rows);
    report_print(r, &page, out);
    table_close(table);
    return ERR_OK;
}
