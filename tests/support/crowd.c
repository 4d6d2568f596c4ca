/*
 * crowd.c - devices that sell as fast as they can.
 */
#include "tests/support/crowd.h"

#include <stdlib.h>
#include <string.h>

#include "fair/chain.h"
#include "fair/date.h"
#include "fair/wire.h"

enum {
    AGGREGATOR = 77,
    FIRST_DAY = 20200114, /* of the book's fair */
    DAYS = 6,
    OPENS_MS = 8 * 3600000,
    CLOSES_MS = 22 * 3600000,
    STEP_MS = 60000
};

struct goods {
    struct str sku, name, unit;
    int64_t price_vnd;
};

// clang-format off
#define T(text) { text, sizeof(text) - 1 }
static const struct goods goods[] = {
    { T("HS01"), T("Chả mực Hạ Long"), T("kg"), 450000 },
    { T("TR01"), T("Trà hoa vàng Ba Chẽ"), T("hộp 50g"), 750000 },
    { T("MO02"), T("Mật ong Hoành Bồ"), T("chai"), 180000 },
    { T("RU03"), T("Rượu ba kích tím"), T("chai"), 150000 },
    { T("GA01"), T("Gà Tiên Yên"), T("kg"), 190000 },
    { T("MI05"), T("Miến dong Bình Liêu"), T("gói 500g"), 45000 },
    { T("NM01"), T("Nước mắm Cái Rồng"), T("chai"), 65000 },
    { T("SA02"), T("Sá sùng khô Vân Đồn"), T("kg"), 3500000 },
};
// clang-format on

static void seed_key(const char *fair, int number, struct keypair *out)
{
    uint8_t seed[KEY_BYTES] = { 1 };
    size_t len = strlen(fair);
    ASSERT(1 + sizeof(number) + len <= sizeof(seed));
    memcpy(seed + 1, &number, sizeof(number));
    memcpy(seed + 1 + sizeof(number), fair, len);
    key_from_seed(seed, out);
}

void crowd_aggregator(struct keypair *out)
{
    uint8_t seed[KEY_BYTES];
    sign_init();
    memset(seed, AGGREGATOR, sizeof(seed));
    key_from_seed(seed, out);
}

static struct str hex_of(struct buf *room, const void *bytes, size_t len)
{
    size_t at = room->len;
    buf_hex(room, bytes, len);
    return (struct str){ room->data + at, 2 * len };
}

/* ---- events -------------------------------------------------------------- */

static int roll(struct trader *t, int below)
{
    t->dice ^= t->dice << 13;
    t->dice ^= t->dice >> 7;
    t->dice ^= t->dice << 17;
    return (int)((t->dice >> 33) % (uint64_t)below);
}

static void sale_make(struct trader *t, struct body_sale *s, char reference[6])
{
    static const char signs[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
    int first = roll(t, ARRAY_LEN(goods));
    for (int i = 0; i < 5; i++)
        reference[i] = signs[roll(t, sizeof(signs) - 1)];
    s->reference = (struct str){ reference, 5 };
    s->n_lines = 3;
    s->n_tenders = 1;
    s->total_vnd = 0;
    for (int i = 0; i < 3; i++) {
        const struct goods *g = &goods[(first + i) % (int)ARRAY_LEN(goods)];
        s->lines[i] = (struct line){ .sku = g->sku,
                                     .name = g->name,
                                     .unit = g->unit,
                                     .milli = 1000,
                                     .price_vnd = g->price_vnd,
                                     .amount_vnd = g->price_vnd };
        s->total_vnd += g->price_vnd;
    }
    s->tenders[0] =
        (struct tender){ .method = STR("cash"), .amount_vnd = s->total_vnd };
}

/* Products that nobody has sold before. */
static void novel_make(struct trader *t, struct body_sale *s, struct buf *names)
{
    s->reference = STR("2");
    s->n_lines = MAX_LINES;
    s->n_tenders = 0;
    s->total_vnd = 0;
    buf_room(names, MAX_EVENT); /* slices of it stay where they are */
    for (int i = 0; i < MAX_LINES; i++) {
        size_t at = names->len;
        buf_printf(names, "%llX", (long long)++t->novelties);
        s->lines[i] =
            (struct line){ .sku = { names->data + at, names->len - at },
                           .name = STR("n"),
                           .unit = STR(""),
                           .milli = 1 };
    }
}

/* Some time after the sale before, when the fair is open. */
static void moment_choose(struct trader *t, struct event *e)
{
    int64_t first = day_start_ms(FIRST_DAY);
    t->at_ms += t->step_ms;
    int64_t days = (t->at_ms - first) / DAY_MS;
    int64_t in_day = (t->at_ms - first) % DAY_MS;
    if (in_day >= CLOSES_MS)
        days++;
    if (in_day < OPENS_MS || in_day >= CLOSES_MS)
        t->at_ms = first + days * DAY_MS + OPENS_MS;
    if (days >= DAYS)
        t->at_ms = first + OPENS_MS;
    e->day = day_of_ms(t->at_ms);
    e->at_ms = t->at_ms;
    e->up_ms = t->at_ms - first;
}

static void sale_line(struct trader *t, const union body *body, struct buf *out)
{
    struct event e = t->book.next;
    BUF(inner, MAX_EVENT);
    enum err sums = sums_apply(&t->book.sums, EV_SALE, body);
    ASSERT(sums == ERR_OK);
    shape_encode(body_shape(EV_SALE), body, &inner);
    moment_choose(t, &e);
    e.kind = EV_SALE;
    e.seq = ++t->seq;
    e.list = 84000;
    e.sums = t->book.sums;
    e.body = buf_slice(&inner);
    size_t at = out->len;
    event_encode(&e, out);
    ASSERT(buf_ok(out));
    chain_next(t->head, (struct str){ out->data + at, out->len - at }, t->head);
    buf_putc(out, '\n');
}

static void trader_line(struct trader *t, struct buf *out)
{
    static _Thread_local union body body;
    char reference[6];
    sale_make(t, &body.sale, reference);
    sale_line(t, &body, out);
}

void trader_lines(struct trader *t, int n, struct buf *out)
{
    for (int i = 0; i < n; i++)
        trader_line(t, out);
}

/* ---- pushes -------------------------------------------------------------- */

static void push_put(const struct trader *t, int64_t from,
                     const uint8_t previous[HASH_BYTES], struct str lines,
                     struct buf *out)
{
    char id[DEVICE_LEN + 1];
    BUF(hex, 1024);
    buf_room(&hex, 1000); /* slices of it stay where they are */
    aggregator_id(t->book.aggregator.public_key, id);
    struct push_header h = {
        .aggregator = str_of(id),
        .clock_ms = t->book.next.at_ms,
        .device = str_of(t->device),
        .disk_mb = 1000,
        .from = from,
        .head = hex_of(&hex, t->head, HASH_BYTES),
        .key = hex_of(&hex, t->book.device.public_key, KEY_BYTES),
        .nonce = STR(NONCE_NONE),
        .previous = hex_of(&hex, previous, HASH_BYTES),
        .program = STR("fair-sync 1.0"),
        .push = STR("1"),
        .to = t->seq,
    };
    push_encode(&h, &t->book.device, lines, out);
    ASSERT(buf_ok(out));
}

void trader_push(struct trader *t, int n, struct buf *out)
{
    uint8_t previous[HASH_BYTES];
    int64_t from = t->seq + 1;
    BUF(lines, MAX_BATCH);
    memcpy(previous, t->head, HASH_BYTES);
    trader_lines(t, n, &lines);
    push_put(t, from, previous, buf_slice(&lines), out);
}

void trader_push_novel(struct trader *t, int n, struct buf *out)
{
    static _Thread_local union body body;
    uint8_t previous[HASH_BYTES];
    int64_t from = t->seq + 1;
    BUF(lines, MAX_BATCH);
    memcpy(previous, t->head, HASH_BYTES);
    for (int i = 0; i < n; i++) {
        BUF(names, 2 * MAX_EVENT);
        novel_make(t, &body.sale, &names);
        sale_line(t, &body, &lines);
    }
    push_put(t, from, previous, buf_slice(&lines), out);
}

void trader_open(struct trader *t, const char *fair, const char *booth,
                 int number, struct buf *first)
{
    uint8_t start[HASH_BYTES];
    BUF(hex, 2 * KEY_BYTES + 1);
    BUF(lines, MAX_BATCH);
    memset(t, 0, sizeof(*t));
    t->step_ms = STEP_MS;
    t->at_ms = day_start_ms(FIRST_DAY) + OPENS_MS;
    t->dice = 0x9E3779B97F4A7C15 ^ (uint64_t)number;
    book_init(&t->book, 1, AGGREGATOR);
    seed_key(fair, number, &t->book.device);
    device_id(t->book.device.public_key, t->device);
    struct str kept = t->book.admission.key;
    t->book.admission.key = hex_of(&hex, t->book.device.public_key, KEY_BYTES);
    t->book.admission.fair = str_of(fair);
    if (booth)
        t->book.admission.booth = str_of(booth);
    t->book.admission.number = number;
    book_enrol(&t->book);
    book_open_shift(&t->book);
    t->book.admission.key = kept; /* the book's to free */
    t->seq = t->book.n;
    for (int seq = 1; seq <= t->book.n; seq++) {
        buf_str(&lines, book_line(&t->book, seq));
        buf_putc(&lines, '\n');
    }
    book_head(&t->book, 0, start);
    book_head(&t->book, t->book.n, t->head);
    push_put(t, 1, start, buf_slice(&lines), first);
}

void trader_close(struct trader *t)
{
    book_done(&t->book);
}

void crowd_line(struct buf *out)
{
    struct trader *t = x_alloc(sizeof(*t));
    BUF(first, MAX_BATCH);
    trader_open(t, "F1", NULL, 1, &first);
    trader_line(t, out);
    trader_close(t);
    free(t);
}
