/*
 * week.c - six days of one booth, from the till to the archive.
 */
#include "tests/support/week.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fair/wire.h"
#include "sync/aggregator/store/store.h"
#include "tests/support/book.h"
#include "tests/support/till_fixture.h"

enum {
    LINES = 3,
    BATCH = 100,
    PAUSE_MS = 2 * 60000, /* between two sales, at least */
    NIGHT_MS = 10 * 3600000
};

// clang-format off
#define T(text) { text, sizeof(text) - 1 }
#define P(code_, sku_, name_, unit_, price) \
    { .code = T(code_), .sku = T(sku_), .name = T(name_), .unit = T(unit_), \
      .price_vnd = price }
static const struct product products[] = {
    P("1", "CM01", "Chả mực Hạ Long", "kg", 450000),
    P("2", "TR01", "Trà hoa vàng Ba Chẽ", "hộp 50g", 750000),
    P("3", "MO02", "Mật ong Hoành Bồ", "chai", 180000),
    P("4", "RU03", "Rượu ba kích tím", "chai", 150000),
    P("5", "GA01", "Gà Tiên Yên", "kg", 190000),
    P("6", "MI05", "Miến dong Bình Liêu", "gói 500g", 45000),
    P("7", "NM01", "Nước mắm Cái Rồng", "chai", 65000),
    P("8", "SA02", "Sá sùng khô Vân Đồn", "kg", 3500000),
    P("9", "OC01", "Ổi Quảng Yên", "kg", 30000),
    P("10", "VA01", "Vải chín sớm Phương Nam", "kg", 60000),
    P("11", "GO01", "Gốm Đông Triều", "bộ", 220000),
    P("12", "TB01", "Trứng vịt biển Đồng Rui", "hộp 10", 55000),
};
// clang-format on

static void must(enum err e)
{
    if (e != ERR_OK)
        err_die(err_code(e), 0, err_text(e));
}

/* ---- the till ------------------------------------------------------------ */

struct world {
    struct till_fixture till;
    struct cart *cart;
    char dir[SCRATCH_ROOM]; /* the aggregator's */
    struct store *store;
    char device[DEVICE_LEN + 1];
    struct keypair key;
};

static int64_t file_bytes(const char *dir, const char *name)
{
    struct stat st;
    ASSERT(stat(scratch_path(dir, name), &st) == 0);
    return st.st_size;
}

static int roll(int below)
{
    return (int)env_random_below((uint32_t)below);
}

/* Three different things, mostly one of each. */
static void fill(struct world *w)
{
    int first = roll((int)ARRAY_LEN(products));
    const int at[LINES] = { first, first + 1 + roll(4), first + 6 + roll(4) };
    cart_init(w->cart);
    for (int i = 0; i < LINES; i++) {
        const struct product *p = &products[at[i] % (int)ARRAY_LEN(products)];
        int64_t milli = roll(4) ? 1000 : 1000 * (2 + roll(4));
        p = lists_find(w->till.till.lists, p->code);
        must(cart_add(w->cart, p, milli));
    }
}

/* One in three pays by transfer, the others with notes, and get change. */
static void sell(struct world *w)
{
    static const int64_t note = 500000;
    struct payment paid = { "transfer", -1, { NULL, 0 } };
    struct sale sale = { .cart = w->cart, .payments = &paid, .n_payments = 1 };
    struct sold sold;
    int64_t total = 0;
    fill(w);
    must(sale_begin(&w->till.till, w->cart));
    must(cart_total(w->cart, &total));
    if (roll(3) > 0)
        paid =
            (struct payment){ "cash", (total / note + 1) * note, { NULL, 0 } };
    must(sale_commit(&w->till.till, &sale, &sold));
    ledger_idle(w->till.till.ledger);
}

static void sell_for_six_days(struct world *w)
{
    for (int i = 0; i < WEEK_SALES; i++) {
        bool evening = i > 0 && i % (WEEK_SALES / 6) == 0;
        till_fixture_pass(&w->till, PAUSE_MS + roll(PAUSE_MS));
        till_fixture_pass(&w->till, evening ? NIGHT_MS : 0);
        sell(w);
    }
}

/* ---- the wire ------------------------------------------------------------ */

struct batch {
    struct world *world;
    int64_t first, last;
    struct buf lines;
    uint8_t before[HASH_BYTES], head[HASH_BYTES];
    int64_t sent; /* bytes of all pushes */
};

static struct str hex_of(struct buf *room, const void *bytes, size_t len)
{
    size_t at = room->len;
    buf_hex(room, bytes, len);
    return (struct str){ room->data + at, 2 * len };
}

static void send(struct batch *b)
{
    struct world *w = b->world;
    char aggregator[DEVICE_LEN + 1];
    BUF(hex, 1024);
    BUF(push, MAX_BATCH);
    buf_room(&hex, 1000); /* slices of it stay where they are */
    aggregator_id(w->key.public_key, aggregator);
    struct push_header h = {
        .aggregator = str_of(aggregator),
        .clock_ms = w->till.wall_ms,
        .device = str_of(w->device),
        .disk_mb = 8000,
        .from = b->first,
        .head = hex_of(&hex, b->head, HASH_BYTES),
        .key = hex_of(&hex, w->key.public_key, KEY_BYTES),
        .nonce = STR(NONCE_NONE),
        .previous = hex_of(&hex, b->before, HASH_BYTES),
        .program = STR("fair-sync 1.0"),
        .push = STR("1"),
        .to = b->last,
    };
    push_encode(&h, &w->key, buf_slice(&b->lines), &push);
    ASSERT(buf_ok(&push));
    b->sent += (int64_t)push.len;
    struct segment seg = { .first = b->first,
                           .last = b->last,
                           .bytes = buf_slice(&b->lines),
                           .head = b->head };
    must(store_append(w->store, str_of(w->device), &seg, NULL));
    store_idle(w->store);
}

static enum err gather(void *ctx, const struct stored *s)
{
    struct batch *b = ctx;
    buf_str(&b->lines, s->bytes);
    buf_putc(&b->lines, '\n');
    memcpy(b->head, s->hash, HASH_BYTES);
    return ERR_OK;
}

/* Events from…to, at most BATCH a push. */
static void send_all(struct world *w, struct batch *b, int64_t from, int64_t to)
{
    struct ledger *l = w->till.till.ledger;
    for (b->first = from; b->first <= to; b->first = b->last + 1) {
        b->last = b->first + BATCH - 1 < to ? b->first + BATCH - 1 : to;
        buf_clear(&b->lines);
        memcpy(b->before, b->head, HASH_BYTES);
        must(ledger_each(l, b->first, b->last, gather, b));
        send(b);
    }
}

/* ---- from the till to the archive ---------------------------------------- */

static void admit(struct world *w)
{
    struct book book;
    struct device d = { .fair = "XUAN-2020", .booth = "A1", .label = "1" };
    struct admitted a = { STR("{}"), STR("00"), STR("quầy Hạ Long"), NULL };
    book_init(&book, 1, 2); /* as the fixture's till */
    w->key = book.device;
    device_id(w->key.public_key, w->device);
    memcpy(d.device, w->device, sizeof(d.device));
    memcpy(d.public_key, w->key.public_key, KEY_BYTES);
    must(store_open(w->dir, STORE_WRITE, NULL, &w->store));
    must(store_admit(w->store, &d, &a));
    book_done(&book);
}

static int64_t weigh(struct world *w)
{
    store_close(w->store);
    int64_t bytes = file_bytes(w->dir, STORE_FILE);
    must(store_open(w->dir, STORE_WRITE, NULL, &w->store));
    return bytes;
}

static void fold(struct world *w)
{
    int64_t n = 1;
    while (n > 0)
        must(store_fold_step(w->store, 1000, &n));
}

static void pack(struct world *w)
{
    struct packing step = { .events = 1 };
    int64_t before = 0, after = 0;
    while (step.events > 0)
        must(store_pack(w->store, str_of(w->device), &step));
    must(store_shrink(w->store, NULL, &before, &after));
    ASSERT(after < before);
}

static void open_world(struct world *w)
{
    struct list_fair fair = till_fixture_fair();
    memset(w, 0, sizeof(*w));
    w->cart = x_alloc(sizeof(*w->cart));
    till_fixture_init(&w->till);
    till_fixture_adopt(&w->till, &fair, products, (int)ARRAY_LEN(products));
    till_fixture_open(&w->till);
    till_fixture_shift(&w->till, 500000);
    till_fixture_close(&w->till);
    scratch_make(w->dir);
    admit(w);
}

static void close_world(struct world *w)
{
    store_close(w->store);
    scratch_remove(w->dir);
    till_fixture_done(&w->till);
    free(w->cart);
}

void week_weigh(struct week *out)
{
    struct world w;
    struct batch b = { .world = &w };
    open_world(&w);
    buf_init(&b.lines, MAX_BATCH);
    int64_t before = file_bytes(w.till.dir, "ledger.db");
    till_fixture_open(&w.till);
    int64_t begun = ledger_state(w.till.till.ledger)->count;
    sell_for_six_days(&w);
    till_fixture_close(&w.till);
    out->till = file_bytes(w.till.dir, "ledger.db") - before;
    till_fixture_open(&w.till);
    send_all(&w, &b, 1, begun);
    int64_t sent = b.sent;
    before = weigh(&w);
    send_all(&w, &b, begun + 1, ledger_state(w.till.till.ledger)->count);
    out->wire = b.sent - sent;
    out->aggregator = weigh(&w) - before;
    pack(&w);
    out->packed = weigh(&w) - before;
    fold(&w);
    out->summed = weigh(&w) - before;
    buf_done(&b.lines);
    close_world(&w);
}
