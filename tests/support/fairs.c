/*
 * fairs.c - see fairs.h.
 */
#include "tests/support/fairs.h"

#include <stdio.h>
#include <string.h>

#include "fair/date.h"
#include "fair/env.h"

static int64_t now_ms;

static int64_t wall(void *ctx)
{
    (void)ctx;
    return now_ms;
}

void fairs_clock(int day, int minute)
{
    now_ms = day_start_ms(day) + minute * INT64_C(60000);
}

static void begin(struct fairs *f, bool file)
{
    BUF(why, MAX_TEXT);
    struct env env = env_system();
    env.wall_ms = wall;
    env_use(&env);
    memset(f, 0, sizeof(*f));
    scratch_make(f->dir);
    if (file)
        memcpy(f->where, f->dir, sizeof(f->where));
    else
        place_beside(f->dir, f->where);
    enum err e = store_open(f->where, STORE_WRITE, &why, &f->store);
    ASSERT(e == ERR_OK);
}

void fairs_open(struct fairs *f)
{
    begin(f, false);
}

void fairs_open_file(struct fairs *f)
{
    begin(f, true);
}

void fairs_close(struct fairs *f)
{
    struct env env = env_system();
    for (int i = 0; i < f->n; i++)
        book_done(&f->devices[i].book);
    store_close(f->store);
    place_remove(f->where);
    scratch_remove(f->dir);
    env_use(&env);
}

void fairs_fair(struct fairs *f, const struct fair *fair)
{
    enum change change;
    enum err e = fair_put(f->store, fair, &change);
    ASSERT(e == ERR_OK);
}

void fairs_booth(struct fairs *f, const char *fair, const struct booth *booth)
{
    enum change change;
    enum err e = booth_put(f->store, str_of(fair), booth, &change);
    ASSERT(e == ERR_OK);
}

struct fairs_device *fairs_device(struct fairs *f, const char *fair,
                                  const char *booth)
{
    struct device d = { .number = f->n + 1 };
    struct admitted a = { STR("{}"), STR("00"), STR("till"), NULL };
    ASSERT(f->n < FAIRS_DEVICES);
    struct fairs_device *out = &f->devices[f->n++];
    book_init(&out->book, (uint8_t)f->n, 200);
    out->book.admission.fair = str_of(fair);
    out->book.admission.booth = str_of(booth);
    book_enrol(&out->book);
    snprintf(d.fair, sizeof(d.fair), "%s", fair);
    snprintf(d.booth, sizeof(d.booth), "%s", booth);
    snprintf(d.label, sizeof(d.label), "1");
    device_id(out->book.device.public_key, d.device);
    memcpy(d.public_key, out->book.device.public_key, KEY_BYTES);
    enum err e = store_admit(f->store, &d, &a);
    ASSERT(e == ERR_OK);
    return out;
}

struct str fairs_id(const struct fairs *f, int i, char id[DEVICE_LEN + 1])
{
    device_id(f->devices[i].book.device.public_key, id);
    return str_of(id);
}

/* ---- events -------------------------------------------------------------- */

static int64_t moment(int day, int minute)
{
    return day_start_ms(day) + minute * INT64_C(60000);
}

static int add(struct fairs_device *d, int day, int minute,
               enum event_kind kind, const union body *body)
{
    d->book.next.day = day;
    d->book.next.shift = 1;
    d->book.next.at_ms = moment(day, minute);
    book_add(&d->book, kind, body);
    return d->book.n;
}

static struct line line_of(struct deal deal)
{
    return (struct line){ .sku = str_of(deal.sku),
                          .name = STR("Chả mực"),
                          .unit = STR("hộp"),
                          .milli = 1000,
                          .price_vnd = deal.amount_vnd,
                          .amount_vnd = deal.amount_vnd,
                          .more.seller = str_of(deal.seller) };
}

static struct tender cash(struct deal deal)
{
    return (struct tender){ STR("cash"), deal.amount_vnd, STR("") };
}

int fairs_sell(struct fairs_device *d, struct deal deal)
{
    static union body body;
    memset(&body, 0, sizeof(body));
    body.sale.lines[0] = line_of(deal);
    body.sale.n_lines = 1;
    body.sale.tenders[0] = cash(deal);
    body.sale.n_tenders = 1;
    body.sale.reference = STR("K7Q2M");
    body.sale.total_vnd = deal.amount_vnd;
    return add(d, deal.day, deal.minute, EV_SALE, &body);
}

void fairs_void(struct fairs_device *d, int of, struct deal deal)
{
    static union body body;
    memset(&body, 0, sizeof(body));
    body.voided.at_ms = moment(deal.day, deal.minute);
    body.voided.day = deal.day;
    body.voided.lines[0] = line_of(deal);
    body.voided.n_lines = 1;
    body.voided.tenders[0] = cash(deal);
    body.voided.n_tenders = 1;
    body.voided.of = of;
    body.voided.total_vnd = deal.amount_vnd;
    add(d, deal.day, deal.minute + 1, EV_VOID, &body);
}

void fairs_refund(struct fairs_device *d, int of, const char *foreign,
                  struct deal deal)
{
    static union body body;
    memset(&body, 0, sizeof(body));
    body.refund.foreign = str_of(foreign);
    body.refund.of = foreign ? 0 : of;
    body.refund.lines[0] = line_of(deal);
    body.refund.n_lines = 1;
    body.refund.tenders[0] = cash(deal);
    body.refund.n_tenders = 1;
    body.refund.total_vnd = deal.amount_vnd;
    add(d, deal.day, deal.minute, EV_REFUND, &body);
}

void fairs_visits(struct fairs_device *d, struct counting c)
{
    union body body = {
        .visits = { .estimated = c.estimated, .gate = str_of(c.gate), .n = c.n }
    };
    add(d, c.day, c.minute, EV_VISITS, &body);
}

void fairs_send(struct fairs *f)
{
    for (int i = 0; i < f->n; i++) {
        struct fairs_device *d = &f->devices[i];
        char id[DEVICE_LEN + 1];
        uint8_t head[HASH_BYTES];
        BUF(lines, MAX_OUTPUT);
        if (d->sent == d->book.n)
            continue;
        for (int seq = d->sent + 1; seq <= d->book.n; seq++) {
            buf_str(&lines, book_line(&d->book, seq));
            buf_putc(&lines, '\n');
        }
        book_head(&d->book, d->book.n, head);
        struct segment seg = { .first = d->sent + 1,
                               .last = d->book.n,
                               .bytes = buf_slice(&lines),
                               .head = head };
        enum err e = store_append(f->store, fairs_id(f, i, id), &seg, NULL);
        ASSERT(e == ERR_OK);
        d->sent = d->book.n;
    }
}
