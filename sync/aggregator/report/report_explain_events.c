/*
 * report_explain_events.c - a device's events, or one of them whole.
 *
 * Promise: what an event adds is what the fold makes of it alone, so the
 * events of a day add up to the device's row of it. The page of one event has
 * all that is needed to compute its hash again and to follow it to the head
 * that the device has a signature for.
 */
#include <string.h>

#include "fair/date.h"
#include "fair/i18n.h"

#include "report_explain.h"

enum { EVENTS_USUAL = 200 };

enum {
    SEQ,
    TIME,
    KIND,
    RECEIPT,
    AMOUNT,
    VISITS,
    COUNTS,
    TEXT_COLUMNS,
    DATE = TEXT_COLUMNS,
    HASH,
    BRANCH,
    LIST_COLUMNS,
    /* Of one event alone. */
    LINE = LIST_COLUMNS,
    BEFORE,
    SEGMENT_FIRST,
    SEGMENT_LAST,
    SEGMENT_HEAD,
    ALL_COLUMNS
};

static const struct column columns[ALL_COLUMNS] = {
    [SEQ] = { "seq", N_("Number"), COL_INT },
    [TIME] = { "time", N_("Time"), COL_TIME },
    [KIND] = { "kind", N_("Kind"), COL_TEXT },
    [RECEIPT] = { "receipt", N_("Receipt"), COL_TEXT },
    [AMOUNT] = { "amount_vnd", N_("Amount"), COL_MONEY },
    [VISITS] = { "visits", N_("Visits"), COL_INT },
    [COUNTS] = { "counts", N_("Counts"), COL_TEXT },
    [DATE] = { "date", N_("Date"), COL_DAY },
    [HASH] = { "hash", N_("Hash"), COL_TEXT },
    [BRANCH] = { "branch", NULL, COL_INT },
    [LINE] = { "line", NULL, COL_TEXT },
    [BEFORE] = { "hash_before", NULL, COL_TEXT },
    [SEGMENT_FIRST] = { "segment_first", NULL, COL_INT },
    [SEGMENT_LAST] = { "segment_last", NULL, COL_INT },
    [SEGMENT_HEAD] = { "segment_head", NULL, COL_TEXT },
};

static const struct word_name counts[] = {
    { "none", N_("in no sum") },
    { "counted", N_("counted") },
    { "held", N_("on hold") },
    { "beyond_counting", N_("too great to count") },
};
enum { COUNTS_NONE, COUNTS_IN, COUNTS_HELD, COUNTS_BEYOND };

/* Those that people ask about; others by their word. */
static const struct word_name kinds[] = {
    { "sale", N_("sale") },
    { "void", N_("void") },
    { "refund", N_("refund") },
    { "visits", N_("visits") },
    { "shift_opened", N_("shift opened") },
    { "shift_closed", N_("shift closed") },
};

/* What the fold made of one event. */
struct effect {
    const struct fairground *ground;
    struct explained sum;
    int day;      /* it counts on; 0: it moves no sum */
    bool visited; /* visits that are the fair's */
    int64_t held, held_vnd;
    bool beyond; /* too great to count */
};

struct events {
    struct report *r;
    const struct device *d;
    struct table *table;
    bool one; /* with all there is to know about it */
    int shown, most;
    int64_t next; /* the first that was not shown; 0 none */
    struct explained total;
    struct buf proof;    /* of one: what its hash is made of */
    struct buf branches; /* a line for each that waits for a decision */
    int64_t branch;      /* the last one of those */
};

/* ---- one event ----------------------------------------------------------- */

static enum err take_sale(void *ctx, const struct roll_sale *r)
{
    struct effect *effect = ctx;

    effect->day = r->day;
    explained_sale(&effect->sum, r);
    return ERR_OK;
}

static enum err take_visit(void *ctx, const struct roll_visit *v)
{
    struct effect *effect = ctx;

    if (!ground_gate(effect->ground, v->gate))
        return ERR_OK;
    effect->day = v->day;
    effect->visited = true;
    sum_add(&effect->sum.visits, v->visits);
    return ERR_OK;
}

static enum err take_hold(void *ctx, const struct roll_hold *h)
{
    struct effect *effect = ctx;

    effect->held = h->events;
    effect->held_vnd = h->amount_vnd;
    return ERR_OK;
}

static enum err take_note(void *ctx, const struct roll_note *n)
{
    struct effect *effect = ctx;

    effect->beyond = effect->beyond || str_is(n->what, "beyond_counting");
    return ERR_OK;
}

/* The day an event stands on: where it counts, else its own. */
static int day_of(const struct effect *effect, const struct event *e)
{
    bool known = e->day > 0 && e->day <= 99991231 && day_valid((int)e->day);

    if (effect->day != 0)
        return effect->day;
    return known ? (int)e->day : day_of_ms(event_time_ms(e));
}

static struct cell kind_cell(struct str word)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (str_is(word, kinds[i].word))
            return cell_named(&kinds[i]);
    }
    return cell_str(word);
}

static struct cell amount_cell(const struct effect *effect, enum event_kind k)
{
    if ((k != EV_SALE && k != EV_VOID && k != EV_REFUND) || effect->beyond)
        return cell_null; /* the last: its line says it */
    return cell_int(effect->held ? effect->held_vnd : effect->sum.net_vnd);
}

enum { HEX = 2 * HASH_BYTES };

/* Of an event's three hashes, one behind the other: its own, the one before,
 * its segment's. */
static struct str hex_of(const struct buf *hex, int which)
{
    return (struct str){ hex->data + (size_t)which * HEX, HEX };
}

/* For people: how to come to the hash and from it to a signed one. */
static void proof_text(const struct folded *f, const struct buf *hex,
                       struct buf *out)
{
    buf_printf(out, "%s: ", _("The event's line"));
    buf_str(out, f->line);
    buf_printf(out, "\n%s: ", _("Hash of the event before"));
    buf_str(out, hex_of(hex, 1));
    buf_printf(out, "\n%s: ",
               _("Hash of this event: SHA-256 of \"phien-cho event 1\", a line "
                 "feed, the 32 bytes of the hash before and the line"));
    buf_str(out, hex_of(hex, 0));
    buf_putc(out, '\n');
    buf_printf(out,
               _("It came with the events %lld to %lld, whose last hash is"),
               (long long)f->seg->first, (long long)f->seg->last);
    buf_puts(out, ": ");
    buf_str(out, hex_of(hex, 2));
    buf_putc(out, '\n');
}

/* Cells of where the event lies in the chain; texts are in `hex`. */
static void put_chain(const struct folded *f, struct cell *cells,
                      struct buf *hex)
{
    buf_hex(hex, f->hash, HASH_BYTES);
    buf_hex(hex, f->before, HASH_BYTES);
    buf_hex(hex, f->seg->head, HASH_BYTES);
    cells[HASH] = cell_str(hex_of(hex, 0));
    cells[BRANCH] = f->branch > 0 ? cell_int(f->branch) : cell_null;
    cells[LINE] = cell_str(f->line);
    cells[BEFORE] = cell_str(hex_of(hex, 1));
    cells[SEGMENT_FIRST] = cell_int(f->seg->first);
    cells[SEGMENT_LAST] = cell_int(f->seg->last);
    cells[SEGMENT_HEAD] = cell_str(hex_of(hex, 2));
}

static void put_row(struct events *all, const struct folded *f,
                    const struct effect *effect, const struct event *e)
{
    bool counted = effect->day != 0;
    bool receipt = e->kind == EV_SALE || e->kind == EV_REFUND;
    struct cell cells[ALL_COLUMNS];
    BUF(number, MAX_TEXT);
    BUF(hex, MAX_TEXT);

    buf_printf(&number, "%s-%s-%lld", all->d->booth, all->d->label,
               (long long)f->seq);
    cells[SEQ] = cell_int(f->seq);
    cells[TIME] = cell_int(event_time_ms(e));
    cells[DATE] = cell_int(e->seq > 0 ? day_of(effect, e) : 0);
    cells[KIND] = kind_cell(e->seq > 0 ? e->kind_word : STR("damaged"));
    cells[RECEIPT] = receipt ? cell_str(buf_slice(&number)) : cell_null;
    cells[AMOUNT] = amount_cell(effect, e->kind);
    cells[VISITS] = effect->visited ? cell_int(effect->sum.visits) : cell_null;
    cells[COUNTS] = cell_named(&counts[effect->beyond ? COUNTS_BEYOND
                                       : effect->held ? COUNTS_HELD
                                       : counted      ? COUNTS_IN
                                                      : COUNTS_NONE]);
    put_chain(f, cells, &hex);
    table_row(all->table, cells);
    if (all->one)
        proof_text(f, &hex, &all->proof);
}

/* ---- all of them --------------------------------------------------------- */

/* Where two machines wrote, and what a person may say about it. */
static void put_branch(struct events *all, const struct folded *f)
{
    const char *device = all->d->device;
    long long id = (long long)f->branch;

    if (f->branch == all->branch)
        return;
    all->branch = f->branch;
    buf_printf(&all->branches,
               _("Branch %lld, from number %lld on, waits for a decision:"), id,
               (long long)f->seq);
    buf_printf(&all->branches,
               "\n  fair-aggregator decide %s count-branch %lld"
               "\n  fair-aggregator decide %s drop-branch %lld\n",
               device, id, device, id);
}

static enum err take_event(void *ctx, const struct folded *f)
{
    struct events *all = ctx;
    const struct report_query *q = all->r->query;
    struct effect effect = { .ground = &all->r->ground };
    struct roll_taker taker = { .ctx = &effect,
                                .sale = take_sale,
                                .visit = take_visit,
                                .hold = take_hold,
                                .note = take_note };
    struct event e = { .kind = EV_UNKNOWN };
    enum err failed = fold_each(f->fold, &taker);

    if (failed != ERR_OK)
        return failed;
    if (event_decode(f->line, &e) != ERR_OK)
        e = (struct event){ .kind = EV_UNKNOWN };
    if (all->one && f->seq != q->seq)
        return f->branch == 0 ? ERR_NOT_FOUND : ERR_OK;
    if (q->day != 0 && day_of(&effect, &e) != q->day)
        return ERR_OK;
    if (all->shown == all->most) {
        all->next = f->seq;
        return ERR_LIMIT;
    }
    all->shown++;
    explained_add(&all->total, &effect.sum);
    if (f->branch > 0 && effect.held > 0)
        put_branch(all, f);
    put_row(all, f, &effect, &e);
    return ERR_OK;
}

static void notes(const struct report *r, struct buf *out)
{
    const struct events *all = r->own;
    BUF(hex, MAX_TEXT);

    buf_str(out, buf_slice(&all->proof));
    buf_hex(&hex, all->d->head, HASH_BYTES);
    buf_printf(out, _("Acknowledged to the device: %lld events, head %s"),
               (long long)all->d->count, buf_text(&hex));
    buf_putc(out, '\n');
    buf_str(out, buf_slice(&all->branches));
    if (all->next == 0)
        return;
    buf_printf(out, _("More follow: ask from number %lld on, with a limit"),
               (long long)all->next);
    buf_putc(out, '\n');
}

static void members(const struct report *r, struct json *j)
{
    const struct events *all = r->own;

    explained_json(&all->total, j);
    json_text(j, "device", all->d->device);
    json_text(j, "booth", all->d->booth);
    json_int(j, "acknowledged", all->d->count);
    json_hex(j, "head", all->d->head, HASH_BYTES);
    if (all->next > 0)
        json_int(j, "next_seq", all->next);
    else
        json_null(j, "next_seq");
}

static void put_total(struct events *all)
{
    struct cell cells[ALL_COLUMNS];

    for (int i = 0; i < ALL_COLUMNS; i++)
        cells[i] = cell_null;
    cells[AMOUNT] = cell_int(all->total.net_vnd);
    cells[VISITS] = cell_int(all->total.visits);
    table_total(all->table, cells);
}

static enum err missing(struct report *r, int64_t seq)
{
    buf_printf(r->why, "%s: %lld", _("this device has no event"),
               (long long)seq);
    return ERR_NOT_FOUND;
}

/* A branch may be longer than the ledger that it left. */
static enum err load(struct events *all)
{
    struct report *r = all->r;
    int64_t from = r->query->seq > 0 ? r->query->seq : 1, end = all->d->count;
    struct roll_taker holds = { .ctx = r, .hold = report_hold };
    enum err e = store_rolls(r->store, str_of(r->ground.fair.code), &holds);

    if (e == ERR_OK)
        e = store_folded_each(r->store, str_of(all->d->device),
                              from > end ? end + 1 : from, take_event, all);
    if (e != ERR_OK && e != ERR_LIMIT)
        return e;
    return all->shown == 0 && from > 1 ? missing(r, from) : ERR_OK;
}

enum err explain_events(struct report *r, struct buf *out)
{
    const struct report_query *q = r->query;
    const struct post *p = ground_post(&r->ground, str_of(q->device));

    if (!p) {
        buf_printf(r->why, "%s: %s", _("no device of this name"), q->device);
        return ERR_NOT_FOUND;
    }
    bool one = q->seq > 0 && q->limit <= 1;
    struct events all = { .r = r,
                          .d = &p->d,
                          .one = one,
                          .most =
                              !one && q->limit > 0 ? q->limit : EVENTS_USUAL };
    const struct page page = { .array = "events",
                               .table = all.table = table_open(
                                   columns, one ? ALL_COLUMNS : LIST_COLUMNS),
                               .json = members,
                               .text = notes };

    table_narrow(all.table, TEXT_COLUMNS);
    buf_init(&all.proof, MAX_TEXT);
    buf_init(&all.branches, MAX_TEXT);
    enum err e = load(&all);
    put_total(&all);
    r->own = &all;
    if (e == ERR_OK)
        report_print(r, &page, out);
    table_close(all.table);
    buf_done(&all.proof);
    buf_done(&all.branches);
    return e;
}
