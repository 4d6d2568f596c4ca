/*
 * fold.c - what each kind of event means for the sums.
 *
 * Invariant: the sums depend on the events of a device and the rules alone,
 * not on how they are cut into folds; adding the rows of two folds of adjoining
 * runs of events gives the rows of one fold over both. So a key that was
 * touched has a row, also when its sums are 0 again.
 * It does not check chains or running totals (verify.h) and knows no lists:
 * booth, origin, place and stars are joined by who reads.
 */
#include "fold.h"

#include <stdlib.h>
#include <string.h>

#include "fair/date.h"

#include "fold_rows.h"

enum { FOLD_BYTES = 8 * 1024 * 1024 };

struct fold {
    struct rows rows;
    uint32_t empty;  /* the number of the empty text */
    uint64_t serial; /* of the event being folded */
    char device[32]; /* met last, when it is so long; and its text */
    size_t device_len;
    uint32_t device_number;
    struct named { /* a number met last and its text */
        int64_t n;
        uint32_t text;
    } list, op;
    struct fold_bound bound; /* give NULL: it keeps all */
    bool spilled;
    const union body *body; /* of that event */
    struct room *room;      /* NULL: no event was decoded here */
};

/* What decoding takes. */
struct room {
    union body body;
    struct buf arena; /* of its unescaped texts; never moves */
};

static struct room *room_of(struct fold *f)
{
    if (!f->room) {
        f->room = x_alloc(sizeof(*f->room));
        buf_init(&f->room->arena, MAX_EVENT);
        ASSERT(buf_room(&f->room->arena, MAX_EVENT));
    }
    buf_clear(&f->room->arena);
    return f->room;
}

void fold_rest(struct fold *f)
{
    if (f->room)
        buf_done(&f->room->arena);
    free(f->room);
    f->room = NULL;
}

static void begin(struct fold *f)
{
    rows_init(&f->rows);
    f->rows.allowed = true; /* who folds bounds it: see fold_bound */
    f->empty = rows_text(&f->rows, STR(""));
    f->device_len = SIZE_MAX; /* none */
    f->list = f->op = (struct named){ 0, rows_int(&f->rows, 0) };
}

struct fold *fold_open(void)
{
    struct fold *f = x_alloc(sizeof(*f));
    begin(f);
    return f;
}

void fold_bound(struct fold *f, struct fold_bound bound)
{
    f->bound = bound;
}

bool fold_spilled(const struct fold *f)
{
    return f->spilled;
}

size_t fold_bytes(const struct fold *f)
{
    return f->rows.held;
}

enum err fold_spill(struct fold *f)
{
    if (!f->bound.give || f->rows.held <= FOLD_BYTES)
        return ERR_OK;
    enum err e = f->bound.give(f->bound.ctx, f);
    rows_done(&f->rows);
    begin(f);
    f->spilled = true;
    return e;
}

void fold_close(struct fold *f)
{
    if (!f)
        return;
    fold_rest(f);
    rows_done(&f->rows);
    free(f);
}

/* ---- rows ---------------------------------------------------------------- */

/* Where an event counts; a void: where its sale does. */
struct spot {
    uint32_t device;
    int day, slot;
};

/* A day outside the calendar (0: the till knew none) is that of the clock. */
static struct spot spot_of(uint32_t device, int64_t day, int64_t at_ms)
{
    bool known = day > 0 && day <= 99991231 && day_valid((int)day);
    int date = known ? (int)day : day_of_ms(at_ms);
    return (struct spot){ device, date, slot_of(at_ms, date) };
}

static struct row *row_at(struct fold *f, enum roll_table table,
                          const struct spot *spot, int part, uint32_t a)
{
    struct row_key key = { (uint32_t)table, spot->device, spot->day, part, a,
                           f->empty };
    return rows_at(&f->rows, key);
}

/* Nearly always the number is that of the event before. */
static void name_int(struct fold *f, struct named *named, int64_t n)
{
    if (named->n != n)
        *named = (struct named){ n, rows_int(&f->rows, n) };
}

/* Nearly always it is that of the event before. */
static uint32_t device_number(struct fold *f, struct str device)
{
    if (device.len != f->device_len ||
        memcmp(device.data, f->device, device.len) != 0) {
        f->device_number = rows_text(&f->rows, device);
        f->device_len = device.len < sizeof(f->device) ? device.len : SIZE_MAX;
        if (f->device_len == device.len)
            memcpy(f->device, device.data, device.len);
    }
    return f->device_number;
}

/* Rows of a whole device have neither day nor slot. */
static struct spot whole(uint32_t device)
{
    return (struct spot){ device, 0, 0 };
}

static void add_note(struct fold *f, uint32_t device, struct str what,
                     int64_t seq)
{
    uint32_t text = rows_text(&f->rows, what);
    struct spot spot = whole(device);
    int64_t *v = row_at(f, ROLL_NOTE, &spot, 0, text)->v;
    v[1] = v[0] == 0 || seq < v[1] ? seq : v[1];
    v[2] = v[0] == 0 || seq > v[2] ? seq : v[2];
    v[0]++;
}

static void add_hold(struct fold *f, uint32_t device, int64_t amount_vnd)
{
    struct spot spot = whole(device);
    int64_t *v = row_at(f, ROLL_HOLD, &spot, 0, f->empty)->v;
    v[0]++;
    sum_add(&v[1], amount_vnd);
}

/* +1: goods and money of a sale; -1: of a void or refund. `sales` is what one
 * line adds to the number of sales with such a line, once an event. */
struct sense {
    int sign, sales;
};

static void name_item(struct fold *f, uint32_t device, uint32_t sku,
                      const struct line *l)
{
    uint32_t name = rows_text(&f->rows, l->name);
    uint32_t unit = rows_text(&f->rows, l->unit);
    struct spot spot = whole(device);
    struct row *item = row_at(f, ROLL_ITEM, &spot, 0, sku);
    if (item->stamp != 0)
        return;
    item->stamp = f->serial;
    item->v[0] = name;
    item->v[1] = unit;
}

static void add_sold(struct fold *f, const struct spot *spot, uint32_t sku,
                     const struct line *l, struct sense sense)
{
    struct row_key key = { ROLL_SOLD, spot->device, spot->day,
                           0,         sku,          f->list.text };
    int64_t *v = rows_at(&f->rows, key)->v;
    sum_add(&v[0], sense.sign * l->milli);
    sum_add(&v[1], sense.sign * l->amount_vnd);
    v[2] += sense.sales;
    v[3] += l->more.stamp.len ? sense.sales : 0;
}

static void add_line(struct fold *f, const struct spot *spot,
                     const struct line *l, struct sense sense)
{
    struct row_key key = { ROLL_LINE,
                           spot->device,
                           spot->day,
                           spot->slot * SLOT_MINUTES / 60,
                           rows_text(&f->rows, l->sku),
                           l->more.seller.len
                               ? rows_text(&f->rows, l->more.seller)
                               : f->empty };
    struct row *row = rows_at(&f->rows, key);
    bool first = row->stamp == 0;
    sum_add(&row->v[0], sense.sign * l->milli);
    sum_add(&row->v[1], sense.sign * l->amount_vnd);
    if (row->stamp != f->serial)
        row->v[2] += sense.sales;
    row->stamp = f->serial;
    if (first)
        name_item(f, spot->device, key.a, l);
    add_sold(f, spot, key.a, l, sense);
}

static void add_lines(struct fold *f, const struct spot *spot,
                      const struct line *lines, int64_t n, struct sense sense)
{
    for (int64_t i = 0; i < n; i++)
        add_line(f, spot, &lines[i], sense);
}

static void add_tender(struct fold *f, const struct spot *spot,
                       struct str method, int64_t amount_vnd)
{
    uint32_t text = rows_text(&f->rows, method);
    sum_add(&row_at(f, ROLL_TENDER, spot, 0, text)->v[0], amount_vnd);
}

static void add_tenders(struct fold *f, const struct spot *spot,
                        const struct tender *tenders, int64_t n, int sign)
{
    for (int64_t i = 0; i < n; i++)
        add_tender(f, spot, tenders[i].method, sign * tenders[i].amount_vnd);
}

/* ---- kinds --------------------------------------------------------------- */

enum { SALES, REVENUE, REFUNDS, REFUNDS_VND, VOIDS, VOIDS_VND };

/* What an event moves in its day's row; `gate` of visits. */
struct daily {
    uint32_t gate;
    int64_t sales, revenue_vnd, refunds_vnd, voids_vnd, visits;
};

static void add_day(struct fold *f, const struct spot *spot,
                    const struct daily *by)
{
    int64_t *v = row_at(f, ROLL_DAY, spot, 0, by->gate)->v;
    v[0] += by->sales;
    sum_add(&v[1], by->revenue_vnd);
    sum_add(&v[2], by->refunds_vnd);
    sum_add(&v[3], by->voids_vnd);
    sum_add(&v[4], by->visits);
}

static void add_act(struct fold *f, const struct spot *spot, struct str what,
                    int64_t amount_vnd)
{
    struct row_key key = {
        ROLL_ACT,  spot->device, spot->day, 0, rows_text(&f->rows, what),
        f->op.text
    };
    int64_t *v = rows_at(&f->rows, key)->v;
    v[0]++;
    sum_add(&v[1], amount_vnd);
}

/* What is remarkable in a sale. */
static void add_sale_acts(struct fold *f, const struct spot *spot)
{
    const struct body_sale *b = &f->body->sale;
    int64_t discount = 0, unlisted_vnd = 0;
    bool unlisted = false;
    for (int64_t i = 0; i < b->n_lines; i++) {
        const struct line *l = &b->lines[i];
        sum_add(&discount, l->more.discount_vnd);
        unlisted = unlisted || l->more.unlisted;
        sum_add(&unlisted_vnd, l->more.unlisted ? l->amount_vnd : 0);
    }
    if (discount != 0)
        add_act(f, spot, STR("discount"), discount);
    if (unlisted)
        add_act(f, spot, STR("unlisted"), unlisted_vnd);
}

static void add_sale(struct fold *f, const struct spot *spot)
{
    const struct body_sale *b = &f->body->sale;
    int64_t *v = row_at(f, ROLL_SALE, spot, spot->slot, f->empty)->v;
    v[SALES]++;
    sum_add(&v[REVENUE], b->total_vnd);
    add_day(f, spot,
            &(struct daily){
                .gate = f->empty, .sales = 1, .revenue_vnd = b->total_vnd });
    add_lines(f, spot, b->lines, b->n_lines, (struct sense){ 1, 1 });
    add_tenders(f, spot, b->tenders, b->n_tenders, 1);
    if (b->change_vnd != 0)
        add_tender(f, spot, STR("cash"), -b->change_vnd);
    add_sale_acts(f, spot);
}

/* As if the sale had not been, where it stood; only the void is counted. */
static void add_void(struct fold *f, const struct spot *spot)
{
    const struct body_void *b = &f->body->voided;
    int64_t *v = row_at(f, ROLL_SALE, spot, spot->slot, f->empty)->v;
    v[SALES]--;
    sum_add(&v[REVENUE], -b->total_vnd);
    v[VOIDS]++;
    sum_add(&v[VOIDS_VND], b->total_vnd);
    add_day(f, spot,
            &(struct daily){ .gate = f->empty,
                             .sales = -1,
                             .revenue_vnd = -b->total_vnd,
                             .voids_vnd = b->total_vnd });
    add_lines(f, spot, b->lines, b->n_lines, (struct sense){ -1, -1 });
    add_tenders(f, spot, b->tenders, b->n_tenders, -1);
}

/* The sale stays a sale, on its own day. */
static void add_refund(struct fold *f, const struct spot *spot)
{
    const struct body_refund *b = &f->body->refund;
    int64_t *v = row_at(f, ROLL_SALE, spot, spot->slot, f->empty)->v;
    v[REFUNDS]++;
    sum_add(&v[REFUNDS_VND], b->total_vnd);
    add_day(f, spot,
            &(struct daily){ .gate = f->empty, .refunds_vnd = b->total_vnd });
    add_lines(f, spot, b->lines, b->n_lines, (struct sense){ -1, 0 });
    add_tenders(f, spot, b->tenders, b->n_tenders, -1);
}

static void add_visits(struct fold *f, const struct spot *spot)
{
    const struct body_visits *b = &f->body->visits;
    uint32_t gate = b->gate.len ? rows_text(&f->rows, b->gate) : f->empty;
    int64_t *v = row_at(f, ROLL_VISIT, spot, spot->slot, gate)->v;
    sum_add(&v[0], b->n);
    sum_add(&v[1], b->estimated ? b->n : 0);
    add_day(f, spot, &(struct daily){ .gate = gate, .visits = b->n });
}

static void add_access(struct fold *f, const struct spot *spot)
{
    if (str_is(f->body->access.what, ACCESS_WRONG_PIN))
        add_act(f, spot, STR("pin_failed"), 0);
}

static int64_t sale_amount(const union body *b)
{
    return b->sale.total_vnd;
}

static int64_t void_amount(const union body *b)
{
    return b->voided.total_vnd;
}

static int64_t refund_amount(const union body *b)
{
    return b->refund.total_vnd;
}

static int64_t removed_amount(const union body *b)
{
    return b->line_removed.line.amount_vnd;
}

static int64_t cart_amount(const union body *b)
{
    return b->cart.total_vnd;
}

/* Kinds that move a sum. */
static const struct effect {
    void (*add)(struct fold *f, const struct spot *spot); /* or NULL */
    const char *act; /* its name in roll_act, or NULL: not there */
    int64_t (*amount)(const union body *b); /* the act's; NULL: none */
    int sign;                               /* of that in the net revenue */
} effects[EV_UNKNOWN + 1] = {
    [EV_SALE] = { add_sale, "sale", sale_amount, 1 },
    [EV_VOID] = { add_void, "void", void_amount, -1 },
    [EV_REFUND] = { add_refund, "refund", refund_amount, -1 },
    [EV_VISITS] = { add_visits, NULL, NULL, 0 },
    [EV_LINE_REMOVED] = { NULL, "line_removed", removed_amount, 0 },
    [EV_CART_CANCELLED] = { NULL, "cart_cancelled", cart_amount, 0 },
    [EV_DRAWER] = { NULL, "drawer", NULL, 0 },
    [EV_REPRINT] = { NULL, "reprint", NULL, 0 },
    [EV_OVERRIDE] = { NULL, "override", NULL, 0 },
    [EV_ACCESS] = { add_access, NULL, NULL, 0 },
};

/* ---- decisions ----------------------------------------------------------- */

static bool rule_names(const struct fold_rule *rule, int64_t seq)
{
    return rule->first <= seq && seq <= rule->last;
}

static bool held(const struct fold_rule *rules, int n, int64_t seq)
{
    bool hold = false;
    for (int i = 0; i < n; i++) {
        if (rules[i].day == 0 && rule_names(&rules[i], seq))
            hold = rules[i].hold;
    }
    return hold;
}

static int64_t day_decided(const struct fold_rule *rules, int n, int64_t seq,
                           int64_t day)
{
    for (int i = 0; i < n; i++) {
        if (rules[i].day != 0 && rule_names(&rules[i], seq))
            day = rules[i].day;
    }
    return day;
}

/* A void goes where its sale is: held with it, moved with it. */
static bool void_held(const struct body_void *b, const struct fold_rule *rules,
                      int n)
{
    return held(rules, n, b->of);
}

/* A void goes where its sale is, on that sale's day. */
static struct spot spot_decided(const struct fold *f, uint32_t id,
                                const struct event *e,
                                const struct fold_rule *rules, int n_rules)
{
    const struct body_void *b = e->kind == EV_VOID ? &f->body->voided : NULL;
    int64_t day =
        day_decided(rules, n_rules, b ? b->of : e->seq, b ? b->day : e->day);
    return spot_of(id, day, b ? b->at_ms : event_time_ms(e));
}

void fold_decoded(struct fold *f, struct str device, struct decoded d,
                  const struct fold_rule *rules, int n_rules)
{
    const struct event *e = d.event;
    const struct effect *effect = &effects[e->kind];
    uint32_t id = device_number(f, device);
    f->serial++;
    f->body = d.body;
    if (!fold_counts(d)) { /* first: a hold is a sum, too */
        add_note(f, id, STR("beyond_counting"), e->seq);
        return;
    }
    int64_t amount = effect->amount ? effect->amount(f->body) : 0;
    if (held(rules, n_rules, e->seq) ||
        (e->kind == EV_VOID && void_held(&f->body->voided, rules, n_rules))) {
        add_hold(f, id, effect->sign * amount);
        return;
    }
    if (e->kind == EV_UNKNOWN)
        add_note(f, id, STR("unknown_kind"), e->seq);
    if (e->late_ms != 0)
        add_note(f, id, STR("late"), e->seq);
    if (!effect->add && !effect->act)
        return;
    struct spot spot = spot_decided(f, id, e, rules, n_rules);
    name_int(f, &f->list, e->list);
    name_int(f, &f->op, e->op);
    if (effect->add)
        effect->add(f, &spot);
    if (effect->act)
        add_act(f, &spot, str_of(effect->act), amount);
}

void fold_event(struct fold *f, struct str device, struct str line,
                const struct fold_rule *rules, int n_rules)
{
    struct event e = { .seq = 0 };
    struct room *room = room_of(f);
    if (event_decode(line, &e) != ERR_OK ||
        body_decode(&e, &room->arena, &room->body) != ERR_OK) {
        uint32_t id = device_number(f, device);
        add_note(f, id, STR("damaged"), e.seq);
        add_hold(f, id, 0);
        return;
    }
    fold_decoded(f, device, (struct decoded){ &e, &room->body }, rules,
                 n_rules);
}

enum err fold_each(const struct fold *f, const struct roll_taker *taker)
{
    return rows_each(&f->rows, taker);
}

enum err fold_each_any(const struct fold *f, const struct roll_taker *taker)
{
    return rows_each_any(&f->rows, taker);
}
