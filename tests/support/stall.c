/*
 * stall.c - random trade, written twice: as events and as records.
 */
#include "tests/support/stall.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fair/date.h"

enum { FIRST_DAY = 20200114, MAX_ACTS = 8192 };

static const char *const skus[] = { "CM-500", "RBK", "TRA", "NGOC" };
static const char *const names[] = { "Chả mực", "Rượu ba kích", "Trà hoa vàng",
                                     "Ngọc trai" };
static const char *const units[] = { "hộp", "chai", "kg", "cái" };
static const char *const sellers[] = { "", "HTX Hạ Long", "HTX Ba Chẽ" };
static const char *const gates[] = { "", "A", "B" };
/* Their bytes in turn fall where the numbers grow. */
static const int lists[] = { 0, 9, 256, 3000000 };

void stall_open(struct stall *s, uint8_t name, uint32_t seed)
{
    memset(s, 0, sizeof(*s));
    s->dice = seed;
    s->acts = x_alloc(MAX_ACTS * sizeof(*s->acts));
    book_init(&s->book, name, STALL_AGGREGATOR);
    device_id(s->book.device.public_key, s->device);
    book_enrol(&s->book);
    book_open_shift(&s->book);
}

void stall_close(struct stall *s)
{
    book_done(&s->book);
    free(s->acts);
}

int stall_roll(struct stall *s, int below)
{
    /* Knuth's MMIX constants; the high half is the good one. */
    s->dice =
        s->dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)((uint32_t)(s->dice >> 33) % (uint32_t)below);
}

/* ---- as events ---- */

static void write_lines(const struct act *a, struct line *lines)
{
    for (int i = 0; i < a->n_lines; i++) {
        const struct act_line *l = &a->lines[i];
        lines[i] = (struct line){ .sku = str_of(skus[l->sku]),
                                  .name = str_of(names[l->sku]),
                                  .unit = str_of(units[l->sku]),
                                  .milli = l->milli,
                                  .price_vnd = 1000,
                                  .amount_vnd = l->amount_vnd };
        lines[i].more.seller = str_of(sellers[l->seller]);
        lines[i].more.discount_vnd = l->discount_vnd;
        lines[i].more.unlisted = l->unlisted;
        if (l->stamped)
            lines[i].more.stamp = STR("tem.vn/8934");
    }
}

static int64_t write_tenders(const struct act *a, int64_t change,
                             struct tender *tenders)
{
    int64_t n = 0, cash = a->total_vnd - a->transfer_vnd + change;
    if (a->transfer_vnd > 0)
        tenders[n++] = (struct tender){ .method = STR("transfer"),
                                        .amount_vnd = a->transfer_vnd };
    if (cash > 0)
        tenders[n++] =
            (struct tender){ .method = STR("cash"), .amount_vnd = cash };
    return n;
}

static int64_t act_ms(const struct act *a)
{
    return day_start_ms(a->day) + a->minute * INT64_C(60000);
}

/* What moves no money. */
static enum event_kind write_other(const struct act *a, union body *body)
{
    if (a->kind == ACT_LINE_REMOVED) {
        write_lines(a, &body->line_removed.line);
        return EV_LINE_REMOVED;
    }
    if (a->kind == ACT_CART_CANCELLED) {
        body->cart = (struct body_cart){ a->n_lines, a->total_vnd };
        return EV_CART_CANCELLED;
    }
    if (a->kind == ACT_DRAWER) {
        body->drawer.reason = STR("change");
        return EV_DRAWER;
    }
    if (a->kind == ACT_REPRINT) {
        body->reprint.of = 1;
        return EV_REPRINT;
    }
    if (a->kind == ACT_OVERRIDE) {
        body->override = (struct body_override){ 2, STR("discount") };
        return EV_OVERRIDE;
    }
    body->access.number = 3;
    body->access.what =
        a->kind == ACT_PIN_FAILED ? STR("wrong pin") : STR("unlocked");
    return EV_ACCESS;
}

static enum event_kind write_body(const struct stall *s, const struct act *a,
                                  union body *body)
{
    if (a->kind == ACT_SALE) {
        struct body_sale *b = &body->sale;
        b->change_vnd = a->change_vnd;
        b->reference = STR("AB3DE");
        b->n_lines = a->n_lines;
        b->total_vnd = a->total_vnd;
        write_lines(a, b->lines);
        b->n_tenders = write_tenders(a, a->change_vnd, b->tenders);
        return EV_SALE;
    }
    if (a->kind == ACT_VOID) {
        struct body_void *b = &body->voided;
        const struct act *sale = &s->acts[a->of - 1];
        b->at_ms = act_ms(sale);
        b->day = sale->day;
        b->of = a->of;
        b->n_lines = a->n_lines;
        b->total_vnd = a->total_vnd;
        write_lines(a, b->lines);
        b->n_tenders = write_tenders(a, 0, b->tenders);
        return EV_VOID;
    }
    if (a->kind == ACT_REFUND) {
        struct body_refund *b = &body->refund;
        b->of = a->of;
        b->n_lines = a->n_lines;
        b->total_vnd = a->total_vnd;
        write_lines(a, b->lines);
        b->n_tenders = write_tenders(a, 0, b->tenders);
        return EV_REFUND;
    }
    if (a->kind == ACT_VISITS) {
        body->visits =
            (struct body_visits){ a->estimated, str_of(gates[a->gate]),
                                  a->visits };
        return EV_VISITS;
    }
    return write_other(a, body);
}

static void write_act(struct stall *s, const struct act *a)
{
    ASSERT(s->book.n < MAX_ACTS);
    union body *body = x_alloc(sizeof(*body));
    enum event_kind kind = write_body(s, a, body);
    s->acts[s->book.n] = *a;
    s->book.next.day = a->day;
    s->book.next.list = a->list;
    s->book.next.op = a->op;
    s->book.next.late_ms = a->late ? act_ms(a) : 0;
    if (!a->late)
        s->book.next.at_ms = act_ms(a);
    book_add(&s->book, kind, body);
    free(body);
}

/* ---- at random ---- */

static void roll_lines(struct stall *s, struct act *a)
{
    a->n_lines = 1 + stall_roll(s, 4);
    for (int i = 0; i < a->n_lines; i++) {
        a->lines[i] =
            (struct act_line){ .sku = stall_roll(s, ARRAY_LEN(skus)),
                               .seller = stall_roll(s, ARRAY_LEN(sellers)),
                               .milli = 1 + stall_roll(s, 5000),
                               .amount_vnd =
                                   stall_roll(s, 1000) * INT64_C(1000),
                               .discount_vnd = stall_roll(s, 4) == 0 ? 700 : 0,
                               .stamped = stall_roll(s, 2) == 0,
                               .unlisted = stall_roll(s, 8) == 0 };
        a->total_vnd += a->lines[i].amount_vnd;
    }
    if (stall_roll(s, 3) == 0)
        a->transfer_vnd = a->total_vnd / (1 + stall_roll(s, 2));
    if (a->total_vnd > a->transfer_vnd && stall_roll(s, 2) == 0)
        a->change_vnd = 500;
}

/* A sale that was not voided, by number; 0: none found. */
static int some_sale(struct stall *s)
{
    for (int tries = 0; tries < 10; tries++) {
        int at = stall_roll(s, s->book.n);
        if (s->acts[at].kind != ACT_SALE)
            continue;
        bool free = true;
        for (int i = at; i < s->book.n; i++)
            free = free && s->acts[i].of != at + 1;
        if (free)
            return at + 1;
    }
    return 0;
}

static void roll_back(struct stall *s, struct act *a, enum act_kind kind)
{
    int of = some_sale(s);
    if (of == 0)
        return;
    const struct act *sale = &s->acts[of - 1];
    a->kind = kind;
    a->of = of;
    a->n_lines = kind == ACT_VOID ? sale->n_lines : 1;
    memcpy(a->lines, sale->lines, sizeof(a->lines));
    a->total_vnd =
        kind == ACT_VOID ? sale->total_vnd : sale->lines[0].amount_vnd;
    a->transfer_vnd = kind == ACT_VOID ? sale->transfer_vnd : 0;
}

static struct act roll_act(struct stall *s)
{
    struct act a = { .day = day_add(FIRST_DAY, stall_roll(s, 3)),
                     .minute = 480 + stall_roll(s, 1200),
                     .late = stall_roll(s, 12) == 0 };
    int dice = stall_roll(s, 24);
    a.list = lists[stall_roll(s, ARRAY_LEN(lists))];
    a.op = stall_roll(s, 3);
    if (dice < 12) {
        a.kind = ACT_SALE;
        roll_lines(s, &a);
    } else if (dice < 14) {
        roll_back(s, &a, ACT_VOID);
    } else if (dice < 16) {
        roll_back(s, &a, ACT_REFUND);
    } else if (dice < 19) {
        a.kind = ACT_VISITS;
        a.gate = stall_roll(s, ARRAY_LEN(gates));
        a.visits = stall_roll(s, 40);
        a.estimated = stall_roll(s, 2) == 0;
    } else {
        a.kind = (enum act_kind)(ACT_LINE_REMOVED + stall_roll(s, 7));
        if (a.kind <= ACT_CART_CANCELLED)
            roll_lines(s, &a);
    }
    return a;
}

void stall_trade(struct stall *s, int n)
{
    while (s->book.n < n) {
        struct act a = roll_act(s);
        write_act(s, &a);
    }
}

/* ---- as sums ---- */

#define SUMS(...)                  \
    (const int64_t[ROLL_SET_SUMS]) \
    {                              \
        __VA_ARGS__                \
    }

struct addition {
    const struct stall *stall;
    const struct fold_rule *rules;
    int n_rules;
    struct roll_set *out;
};

static bool on_hold(const struct addition *x, int seq)
{
    bool hold = false;
    for (int i = 0; i < x->n_rules; i++) {
        const struct fold_rule *r = &x->rules[i];
        if (r->day == 0 && seq >= r->first && seq <= r->last)
            hold = r->hold;
    }
    return hold;
}

static bool void_on_hold(const struct addition *x, int seq)
{
    return on_hold(x, seq) || on_hold(x, x->stall->acts[seq - 1].of);
}

/* Moved to another day, far away: at its time of day. */
static void day_slot(const struct addition *x, int seq, int *day, int *slot)
{
    const struct act *a = &x->stall->acts[seq - 1];
    *day = a->day;
    *slot = a->minute / 10;
    for (int i = 0; i < x->n_rules; i++) {
        const struct fold_rule *r = &x->rules[i];
        if (r->day == 0 || seq < r->first || seq > r->last)
            continue;
        *day = r->day;
        *slot = a->minute % 1440 / 10;
    }
}

static void add_goods(const struct addition *x, const struct act *a, int day,
                      int slot)
{
    int sign = a->kind == ACT_REFUND ? -1 : 1;
    for (int i = 0; i < a->n_lines; i++) {
        const struct act_line *l = &a->lines[i];
        bool again = false;
        for (int k = 0; k < i; k++)
            again = again || (a->lines[k].sku == l->sku &&
                              a->lines[k].seller == l->seller);
        int64_t sales = a->kind == ACT_SALE && !again;
        roll_set_add(x->out, SUMS(sign * l->milli, sign * l->amount_vnd, sales),
                     "line %s %d %d %s|%s", x->stall->device, day, slot / 6,
                     skus[l->sku], sellers[l->seller]);
    }
    roll_set_add(x->out, SUMS(sign * a->transfer_vnd), "tender %s %d transfer",
                 x->stall->device, day);
    roll_set_add(x->out, SUMS(sign * (a->total_vnd - a->transfer_vnd)),
                 "tender %s %d cash", x->stall->device, day);
}

/* Goods by the lists that the event itself names. */
static void add_sold(const struct addition *x, const struct act *a, int day)
{
    int sign = a->kind == ACT_SALE ? 1 : -1;
    for (int i = 0; i < a->n_lines; i++) {
        const struct act_line *l = &a->lines[i];
        int64_t lines = a->kind == ACT_REFUND ? 0 : sign;
        roll_set_add(x->out,
                     SUMS(sign * l->milli, sign * l->amount_vnd, lines,
                          l->stamped ? lines : 0),
                     "sold %s %d %s %d", x->stall->device, day, skus[l->sku],
                     a->list);
    }
}

static void add_act(const struct addition *x, const struct act *a, int day,
                    const char *what, int64_t amount_vnd)
{
    roll_set_add(x->out, SUMS(1, amount_vnd), "act %s %d %s %d",
                 x->stall->device, day, what, a->op);
}

static void add_acts(const struct addition *x, const struct act *a, int day)
{
    static const char *const words[] = {
        [ACT_SALE] = "sale",
        [ACT_VOID] = "void",
        [ACT_REFUND] = "refund",
        [ACT_LINE_REMOVED] = "line_removed",
        [ACT_CART_CANCELLED] = "cart_cancelled",
        [ACT_DRAWER] = "drawer",
        [ACT_REPRINT] = "reprint",
        [ACT_OVERRIDE] = "override",
        [ACT_PIN_FAILED] = "pin_failed",
        [ACT_UNLOCKED] = NULL,
    };
    int64_t discount = 0, off_list = 0;
    bool unlisted = false;
    if (words[a->kind])
        add_act(x, a, day, words[a->kind],
                a->kind == ACT_LINE_REMOVED ? a->lines[0].amount_vnd
                                            : a->total_vnd);
    if (a->kind != ACT_SALE)
        return;
    for (int i = 0; i < a->n_lines; i++) {
        discount += a->lines[i].discount_vnd;
        unlisted |= a->lines[i].unlisted;
        off_list += a->lines[i].unlisted ? a->lines[i].amount_vnd : 0;
    }
    if (discount > 0)
        add_act(x, a, day, "discount", discount);
    if (unlisted)
        add_act(x, a, day, "unlisted", off_list);
}

static void add_items(const struct addition *x, const struct act *a)
{
    for (int i = 0; i < a->n_lines; i++) {
        int sku = a->lines[i].sku;
        struct roll_item item = { str_of(x->stall->device), str_of(skus[sku]),
                                  str_of(names[sku]), str_of(units[sku]) };
        struct roll_taker taker = roll_set_taker(x->out);
        if (taker.item(taker.ctx, &item) != ERR_OK)
            ASSERT(false);
    }
}

static bool voided_within(const struct addition *x, int seq, int last)
{
    for (int i = seq; i < last; i++) {
        const struct act *a = &x->stall->acts[i];
        if (a->kind == ACT_VOID && a->of == seq && !void_on_hold(x, i + 1))
            return true;
    }
    return false;
}

static void add_counted(const struct addition *x, int seq, int last)
{
    const struct act *a = &x->stall->acts[seq - 1];
    const char *device = x->stall->device;
    int day, slot;
    day_slot(x, a->kind == ACT_VOID ? a->of : seq, &day, &slot);
    add_acts(x, a, day);
    if (a->kind == ACT_SALE || a->kind == ACT_VOID || a->kind == ACT_REFUND) {
        add_items(x, a);
        add_sold(x, a, day);
    }
    if (a->kind == ACT_SALE && !voided_within(x, seq, last)) {
        roll_set_add(x->out, SUMS(1, a->total_vnd), "sale %s %d %d", device,
                     day, slot);
        roll_set_add(x->out, SUMS(1, a->total_vnd), "day %s %d ", device, day);
        add_goods(x, a, day, slot);
    } else if (a->kind == ACT_VOID) {
        roll_set_add(x->out, SUMS(0, 0, 0, 0, 1, a->total_vnd), "sale %s %d %d",
                     device, day, slot);
        roll_set_add(x->out, SUMS(0, 0, 0, a->total_vnd), "day %s %d ", device,
                     day);
    } else if (a->kind == ACT_REFUND) {
        roll_set_add(x->out, SUMS(0, 0, 1, a->total_vnd), "sale %s %d %d",
                     device, day, slot);
        roll_set_add(x->out, SUMS(0, 0, a->total_vnd), "day %s %d ", device,
                     day);
        add_goods(x, a, day, slot);
    } else if (a->kind == ACT_VISITS) {
        roll_set_add(x->out, SUMS(a->visits, a->estimated ? a->visits : 0),
                     "visit %s %d %d %s", device, day, slot, gates[a->gate]);
        roll_set_add(x->out, SUMS(0, 0, 0, 0, a->visits), "day %s %d %s",
                     device, day, gates[a->gate]);
    }
}

void stall_expect(const struct stall *s, int last,
                  const struct fold_rule *rules, int n_rules,
                  struct roll_set *out)
{
    struct addition x = { s, rules, n_rules, out };
    struct roll_taker taker = roll_set_taker(out);
    for (int seq = 1; seq <= last; seq++) {
        const struct act *a = &s->acts[seq - 1];
        bool hold =
            a->kind == ACT_VOID ? void_on_hold(&x, seq) : on_hold(&x, seq);
        if (hold) {
            bool back = a->kind == ACT_VOID || a->kind == ACT_REFUND;
            int64_t amount = a->kind == ACT_SALE ? a->total_vnd
                             : back              ? -a->total_vnd
                                                 : 0;
            roll_set_add(out, SUMS(1, amount), "hold %s", s->device);
            continue;
        }
        struct roll_note late = { str_of(s->device), STR("late"), 1, seq, seq };
        if (a->late && taker.note(taker.ctx, &late) != ERR_OK)
            ASSERT(false);
        add_counted(&x, seq, last);
    }
}

void stall_lines(const struct stall *s, int first, int last, struct buf *out)
{
    for (int seq = first; seq <= last; seq++) {
        buf_str(out, book_line(&s->book, seq));
        buf_putc(out, '\n');
    }
}
