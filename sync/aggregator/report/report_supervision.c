/*
 * report_supervision.c - what an organiser should look at; none of it changes
 * a total.
 *
 *   unknown_product       sold, but the catalogue does not know it
 *   not_on_list           sold at a booth whose list does not hold it
 *   certificate_expired   sold after the last day of its certificate
 *   certificate_expiring  sold; its certificate ends within the fair
 *   over_refund           more given back than the receipt was paid
 *   refund_unmatched      names a receipt that is not here (yet)
 *   void_unmatched        takes back what is no sale of its device, a sale
 *                         that was taken back before, or more than it was
 *   late, unknown_kind, damaged, beyond_counting
 *                         notes of a device's events
 *
 * What was sold is judged twice: by the lists that its till had, and by the
 * newest ones of the end of its fair-day. Either finds; a row says which did
 * (null: the till's lists are not known here). An amount is a day's, less what
 * was given back on it; `events` counts lines of sales.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/date.h"
#include "fair/i18n.h"

#include "report_refunds.h"
#include "report_verdict.h"

enum { NAME = 4, EXPIRES_ON = 7, COLUMNS = 12 };

/* In the order of the report: of products, of receipts (enum remark), notes,
 * whose word is their key's. */
enum {
    RECEIPT_FINDINGS = PRODUCT_FINDINGS,
    NOTE = RECEIPT_FINDINGS + VOID_UNMATCHED + 1
};

/* Whether lists find it. */
enum say { SAYS_NO, SAYS_YES, SAYS_NOTHING };

static const struct word_name names[] = {
    [UNKNOWN_PRODUCT] = { "unknown_product", N_("not in catalogue") },
    [NOT_ON_LIST] = { "not_on_list", N_("off the list") },
    [CERTIFICATE_EXPIRED] = { "certificate_expired", N_("expired") },
    [CERTIFICATE_EXPIRING] = { "certificate_expiring", N_("expiring") },
    [RECEIPT_FINDINGS +
        OVER_REFUND] = { "over_refund", N_("refunded too much") },
    [RECEIPT_FINDINGS +
        REFUND_UNMATCHED] = { "refund_unmatched", N_("refund, no sale") },
    [RECEIPT_FINDINGS +
        VOID_UNMATCHED] = { "void_unmatched", N_("void, no sale") },
};

static const struct word_name note_names[] = {
    { "late", N_("entered late") },
    { "unknown_kind", N_("unknown record") },
    { "damaged", N_("damaged record") },
    { "beyond_counting", N_("too great to count") },
};

static const struct column columns[COLUMNS] = {
    { "what", N_("Finding"), COL_TEXT },
    { "booth", N_("Booth"), COL_TEXT },
    { "device", NULL, COL_TEXT },
    { "sku", N_("Product"), COL_NAME },
    [NAME] = { "name", N_("Name"), COL_NAME },
    { "receipt", N_("Receipt"), COL_NAME },
    { "date", NULL, COL_DAY },
    [EXPIRES_ON] = { "expires_on", N_("Expires"), COL_DAY },
    { "events", N_("Times"), COL_INT },
    { "amount_vnd", N_("Amount"), COL_MONEY },
    { "by_till_list", N_("Till's list"), COL_BOOL },
    { "by_day_list", N_("Day's list"), COL_BOOL },
};

/* Kinds of rows in report.rows; a: sku (receipt, word of a note), b: booth. */
enum {
    ROW_FINDING, /* day: what the till's and the day's lists say */
    ROW_NAME,
    ROW_SOLD /* device: number of the lists */
};
enum { EVENTS, F_AMOUNT, FIRST_DAY, F_EXPIRES }; /* of ROW_FINDING */
enum { LINES, AMOUNT, LIST };                    /* of ROW_SOLD */

struct supervision {
    struct report *r;
    struct judge judge;
    struct sold *sold;
    size_t n_sold;
};

static int64_t *name_at(struct report *r, uint32_t sku)
{
    struct row_key key = { .table = ROW_NAME, .a = sku };

    return rows_at(&r->rows, key)->v;
}

/* The name told first holds: the newest catalogue's before any other. */
static void put_name(struct report *r, struct str sku, struct str name)
{
    uint32_t text = rows_text(&r->rows, name);
    int64_t *v = name_at(r, rows_text(&r->rows, sku));

    if (v[0] == 0)
        v[0] = text;
}

static enum err take_name(void *ctx, const struct catalogue_product *c)
{
    put_name(ctx, c->p.sku, c->p.name);
    return ERR_OK;
}

/* ---- what happened ------------------------------------------------------- */

static uint32_t booth_text(struct report *r, const struct post *p)
{
    return rows_text(&r->rows, str_of(p->d.booth));
}

static enum err take_sold(void *ctx, const struct roll_sold *sold)
{
    struct supervision *s = ctx;
    struct report *r = s->r;
    const struct post *p = ground_post(&r->ground, sold->device);

    if (!p)
        return ERR_OK;
    struct row_key key = { .table = ROW_SOLD,
                           .device = rows_int(&r->rows, sold->list),
                           .day = sold->day,
                           .a = rows_text(&r->rows, sold->sku),
                           .b = booth_text(r, p) };
    int64_t *v = rows_at(&r->rows, key)->v;
    sum_add(&v[LINES], sold->lines);
    sum_add(&v[AMOUNT], sold->amount_vnd);
    v[LIST] = sold->list;
    return ERR_OK;
}

static enum err take_item(void *ctx, const struct roll_item *item)
{
    struct supervision *s = ctx;

    if (ground_post(&s->r->ground, item->device))
        put_name(s->r, item->sku, item->name);
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

static void take_receipt(void *ctx, const struct receipt_remark *o)
{
    struct report *r = ctx;
    const struct fairground *g = &r->ground;

    if (o->post ? !ground_post(g, str_of(o->post->d.device))
                : g->only.origin != ORIGINS || g->only.booth)
        return; /* nobody's receipt is no booth's own */
    struct row_key key = { .table = ROW_FINDING,
                           .part = RECEIPT_FINDINGS + (int)o->what,
                           .a = rows_text(&r->rows, o->receipt) };
    if (o->post) {
        key.device = rows_text(&r->rows, str_of(o->post->d.device));
        key.b = booth_text(r, o->post);
    }
    int64_t *v = rows_at(&r->rows, key)->v;
    v[EVENTS] = o->times;
    v[F_AMOUNT] = o->excess_vnd;
}

/* ---- judging ------------------------------------------------------------- */

static int by_list(const void *left, const void *right)
{
    const struct sold *a = left, *b = right;

    if (a->booth != b->booth)
        return a->booth < b->booth ? -1 : 1;
    if (a->sku != b->sku)
        return a->sku < b->sku ? -1 : 1;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    return (a->list > b->list) - (a->list < b->list);
}

static void collect(struct supervision *s)
{
    const struct rows *rows = &s->r->rows;

    s->sold = x_alloc((rows->n + 1) * sizeof(*s->sold));
    for (uint32_t i = 0; i < rows->n; i++) {
        const struct row *row = &rows->rows[i];

        if (row->key.table == ROW_SOLD)
            s->sold[s->n_sold++] =
                (struct sold){ row->key.a,    row->key.b,   row->key.device,
                               row->key.day,  row->v[LIST], row->v[LINES],
                               row->v[AMOUNT] };
    }
    qsort(s->sold, s->n_sold, sizeof(*s->sold), by_list);
}

/* A void or refund names no list. Where a list has nothing left but what was
 * given back, that is taken off the goods of the list before. */
static void settle(struct supervision *s)
{
    for (size_t i = s->n_sold; i-- > 1;) {
        struct sold *later = &s->sold[i], *before = &s->sold[i - 1];
        bool same = later->booth == before->booth &&
                    later->sku == before->sku && later->day == before->day;

        if (!same || later->lines > 0)
            continue;
        sum_add(&before->lines, later->lines);
        sum_add(&before->amount_vnd, later->amount_vnd);
    }
}

static enum say says(const struct verdict *v, int what)
{
    return v->silent ? SAYS_NOTHING : v->found[what] ? SAYS_YES : SAYS_NO;
}

enum { SAYS_WIDTH = 3 }; /* the till's is the higher digit */

static void find(struct report *r, const struct sold *sold, int what,
                 const struct verdict by[2])
{
    int32_t how =
        (int32_t)says(&by[0], what) * SAYS_WIDTH + (int32_t)says(&by[1], what);
    struct row_key key = { .table = ROW_FINDING,
                           .day = how,
                           .part = what,
                           .a = sold->sku,
                           .b = sold->booth };
    name_at(r, sold->sku); /* so that printing makes no row */
    int64_t *v = rows_at(&r->rows, key)->v;
    bool certificate =
        what == CERTIFICATE_EXPIRED || what == CERTIFICATE_EXPIRING;

    sum_add(&v[EVENTS], sold->lines);
    sum_add(&v[F_AMOUNT], sold->amount_vnd);
    if (v[FIRST_DAY] == 0 || sold->day < v[FIRST_DAY])
        v[FIRST_DAY] = sold->day;
    if (certificate)
        v[F_EXPIRES] = by[by[1].found[what]].expires;
}

static enum err judge(struct supervision *s, const struct sold *sold)
{
    struct verdict by[2] = { { .expires = 0 } }; /* the till, the day */
    enum err e = verdict_by(&s->judge, sold, false, &by[0]);

    if (e == ERR_OK)
        e = verdict_by(&s->judge, sold, true, &by[1]);
    for (int what = 0; e == ERR_OK && what < PRODUCT_FINDINGS; what++) {
        if (by[0].found[what] || by[1].found[what])
            find(s->r, sold, what, by);
    }
    return e;
}

static enum err judge_all(struct supervision *s)
{
    enum err e = ERR_OK;

    collect(s);
    settle(s);
    for (size_t i = 0; e == ERR_OK && i < s->n_sold; i++) {
        if (s->sold[i].lines > 0)
            e = judge(s, &s->sold[i]);
    }
    free(s->sold);
    return e;
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
    if (texts != 0)
        return texts;
    if (x->device != y->device)
        return x->device < y->device ? -1 : 1;
    return (x->day > y->day) - (x->day < y->day);
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

static struct cell say_cell(enum say say)
{
    return say == SAYS_NOTHING ? cell_null : cell_int(say == SAYS_YES);
}

static struct cell what_cell(int what, struct str note)
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
    int what = row->key.part;
    bool of_product = what < PRODUCT_FINDINGS;
    int till = of_product ? row->key.day / SAYS_WIDTH : SAYS_NOTHING;
    int day = of_product ? row->key.day % SAYS_WIDTH : SAYS_NOTHING;
    const struct cell cells[COLUMNS] = {
        what_cell(what, row->a),
        text_cell(r, row->key.b),
        text_cell(r, row->key.device),
        of_product ? cell_str(row->a) : cell_null,
        of_product ? text_cell(r, (uint32_t)name_at(r, row->key.a)[0])
                   : cell_null,
        of_product || what == NOTE ? cell_null : cell_str(row->a),
        day_cell(row->v[FIRST_DAY]),
        day_cell(row->v[F_EXPIRES]),
        cell_int(row->v[EVENTS]),
        what == NOTE ? cell_null : cell_int(row->v[F_AMOUNT]),
        say_cell((enum say)till),
        say_cell((enum say)day),
    };

    table_row(table, cells);
}

static void put_text(const struct report *r, struct buf *out)
{
    (void)r;
    buf_puts(out, _("Sales are judged by the list that the till had and by the "
                    "one of the day."));
    buf_putc(out, '\n');
}

/* A screen is too narrow for all of them. */
static void columns_choose(const struct report *r, struct column *out)
{
    memcpy(out, columns, sizeof(columns));
    if (r->query->format == REPORT_TEXT)
        out[NAME].title = out[EXPIRES_ON].title = NULL;
}

static enum err gather(struct supervision *s)
{
    struct report *r = s->r;
    const struct fair *f = &r->ground.fair;
    struct roll_taker taker = { .ctx = s,
                                .sold = take_sold,
                                .item = take_item,
                                .note = take_note,
                                .hold = take_hold };

    (void)rows_text(&r->rows, STR("")); /* number 0 is no text */
    s->judge = (struct judge){ .r = r,
                               .last_day = day_add(f->first_day, f->days - 1) };
    enum err e = product_each(r->store, take_name, r);
    if (e == ERR_OK)
        e = store_rolls(r->store, str_of(f->code), &taker);
    if (e == ERR_OK)
        e = receipt_remarks(r->store, &r->ground, take_receipt, r);
    return e;
}

enum err report_supervision(struct report *r, struct buf *out)
{
    struct supervision s = { .r = r };
    enum err e = gather(&s);

    if (e == ERR_OK)
        e = judge_all(&s);
    if (e != ERR_OK)
        return e;
    struct column shown[COLUMNS];
    columns_choose(r, shown);
    struct table *table = report_table(r, shown, COLUMNS);
    struct page page = { .array = "supervision",
                         .table = table,
                         .text = put_text };
    struct summed *rows = report_summed(r, by_finding);

    for (int i = 0; i < (int)r->rows.n && rows[i].key.table == ROW_FINDING &&
                    !report_full(r, i);
         i++)
        put_row(r, table, &rows[i]);
    free(rows);
    report_print(r, &page, out);
    table_close(table);
    return ERR_OK;
}
