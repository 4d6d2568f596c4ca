/*
 * till_fixture.c - a till of its own for each test.
 */
#include "tests/support/till_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "fair/wire.h"
#include "pos/till/shift.h"
#include "tests/support/book.h"
#include "tests/support/till.h"

enum { DEVICE = 1, AGGREGATOR = 2 };

#define MORNING INT64_C(1578963600000) /* 2020-01-14 08:00 UTC+7 */

// clang-format off
#define T(text) { text, sizeof(text) - 1 }
const struct product till_fixture_products[] = {
    { .code = T("1"), .sku = T("CM-KG"), .name = T("Chả mực"),
      .unit = T("kg"), .price_vnd = 450000 },
    { .code = T("2"), .sku = T("TH-01"),
      .name = T("Trà hoa vàng"), .unit = T("hộp"),
      .price_vnd = 120000, .seller = T("HTX Ba Chẽ"),
      .barcode = T("8936012340017") },
    { .code = T("3"), .sku = T("NM-05"), .name = T("Nước mắm"),
      .unit = T("chai"), .price_vnd = 65000, .stars = 3,
      .certificate = T("QN-1"), .certified_day = 20170111,
      .expires_day = 20200110 },
    { .code = T("4"), .sku = T("MO-02"), .name = T("Mật ong"),
      .unit = T("chai"), .price_vnd = 35000, .stars = 4,
      .certificate = T("QN-2"), .certified_day = 20170117,
      .expires_day = 20200116 },
    { .code = T("5"), .sku = T("QUA"), .name = T("Quà tặng"),
      .unit = T("cái"), .price_vnd = 0 },
    { .code = T("6"), .sku = T("LE-01"), .name = T("Kẹo lạc"),
      .unit = T("gói"), .price_vnd = 1001 },
};
// clang-format on
const int till_fixture_n_products = (int)ARRAY_LEN(till_fixture_products);

/* ---- the environment ---- */

static int64_t wall(void *ctx)
{
    const struct till_fixture *f = ctx;
    return f->wall_ms;
}

static int64_t mono(void *ctx)
{
    const struct till_fixture *f = ctx;
    return f->mono_ms;
}

/* The same on every machine: pictures show it. */
static int64_t disk_free(void *ctx, const char *path)
{
    (void)ctx;
    (void)path;
    return INT64_C(8000000000);
}

static void boot_id(void *ctx, char out[7])
{
    const struct till_fixture *f = ctx;
    memcpy(out, f->boot, sizeof(f->boot));
}

/* Any sequence will do that is the same every time (xorshift64). */
static void chance(void *ctx, void *out, size_t len)
{
    struct till_fixture *f = ctx;
    uint8_t *bytes = out;
    for (size_t i = 0; i < len; i++) {
        f->chance ^= f->chance << 13;
        f->chance ^= f->chance >> 7;
        f->chance ^= f->chance << 17;
        bytes[i] = (uint8_t)(f->chance >> 32);
    }
}

static void environment(struct till_fixture *f)
{
    f->before = *env_get();
    f->env = f->before;
    f->env.ctx = f;
    f->env.wall_ms = wall;
    f->env.mono_ms = mono;
    f->env.boot_id = boot_id;
    f->env.disk_free = disk_free;
    f->env.random = chance;
    env_use(&f->env);
}

void till_fixture_pass(struct till_fixture *f, int64_t ms)
{
    f->wall_ms += ms;
    f->mono_ms += ms;
}

void till_fixture_reboot(struct till_fixture *f)
{
    static const char signs[] = "234567abcdefghijklmnopqrstuvwxyz";
    size_t next = 0;
    f->mono_ms = 0;
    for (int i = 5; next == 0; i--) { /* as a counter does */
        next = (size_t)(strchr(signs, f->boot[i]) - signs + 1) % 32;
        f->boot[i] = signs[next];
    }
}

/* ---- what fair-sync would bring ---- */

static struct inbox *inbox(const struct till_fixture *f)
{
    struct inbox *in = NULL;
    ASSERT(inbox_open(f->dir, INBOX_WRITE, "fixture", NULL, &in) == ERR_OK);
    return in;
}

struct list_fair till_fixture_fair(void)
{
    return (struct list_fair){
        .booth = STR("A1"),
        .booth_name = STR("Hạ Long"),
        .closes_min = 1320,
        .cut_off_min = 240,
        .days = 6,
        .fair = STR("XUAN-2020"),
        .first_day = 20200114,
        .name = STR("Hội chợ OCOP Xuân 2020"),
        .opens_min = 480,
        .origin = STR("in-province"),
    };
}

static void put_page(struct inbox *in, struct str page, struct page_name *name)
{
    uint8_t hash[HASH_BYTES];
    BUF(hex, 2 * HASH_BYTES);
    hash_tagged("", page, hash);
    ASSERT(inbox_put_page(in, hash, page) == ERR_OK);
    buf_hex(&hex, hash, sizeof(hash));
    *name = (struct page_name){ { NULL, hex.len } };
    name->hash.data = buf_take(&hex);
}

static void put_manifest(struct inbox *in, const struct manifest *m)
{
    struct book book;
    BUF(lines, MANIFEST_ROOM);
    book_init(&book, DEVICE, AGGREGATOR);
    manifest_encode(m, &book.aggregator, &lines);
    ASSERT(inbox_adopt(in, m, buf_slice(&lines)) == ERR_OK);
    book_done(&book);
}

void till_fixture_adopt(struct till_fixture *f, const struct list_fair *fair,
                        const struct product *products, int n)
{
    BUF(document, MAX_LIST);
    lists_fair_encode(fair, &document);
    for (int i = 0; i < n; i++)
        lists_product_encode(&products[i], &document);
    till_fixture_adopt_bytes(f, fair, buf_slice(&document));
}

void till_fixture_adopt_bytes(struct till_fixture *f,
                              const struct list_fair *fair, struct str rest)
{
    static struct page_name pages[MAX_PAGES];
    struct inbox *in = inbox(f);
    struct manifest m = { .at_ms = f->wall_ms,
                          .booth = fair->booth,
                          .fair = fair->fair,
                          .pages = pages,
                          .version = ++f->list };
    struct str page;
    while (list_page_next(&rest, &page))
        put_page(in, page, &pages[m.n_pages++]);
    put_manifest(in, &m);
    for (int64_t i = 0; i < m.n_pages; i++)
        free((char *)(uintptr_t)pages[i].hash.data);
    inbox_close(in);
}

void till_fixture_offset(struct till_fixture *f, int64_t offset_ms)
{
    struct inbox *in = inbox(f);
    ASSERT(inbox_set_contact(in, f->wall_ms, offset_ms) == ERR_OK);
    inbox_close(in);
}

/* ---- from beginning to end ---- */

void till_fixture_init(struct till_fixture *f)
{
    struct list_fair fair = till_fixture_fair();
    *f = (struct till_fixture){ .wall_ms = MORNING,
                                .mono_ms = 5000,
                                .boot = "boota2",
                                .chance = 0x9E3779B97F4A7C15 };
    scratch_make(f->dir);
    environment(f);
    till_enrol(f->dir, DEVICE, AGGREGATOR);
    till_fixture_adopt(f, &fair, till_fixture_products,
                       till_fixture_n_products);
}

void till_fixture_close(struct till_fixture *f)
{
    if (f->open)
        till_close(&f->till);
    f->open = false;
}

void till_fixture_open(struct till_fixture *f)
{
    BUF(why, MAX_TEXT);
    till_fixture_close(f);
    enum err e = till_open(f->dir, LEDGER_WRITE, "test", &why, &f->till);
    if (e != ERR_OK)
        err_die(err_code(e), 0, buf_text(&why));
    f->open = true;
}

void till_fixture_shift(struct till_fixture *f, int64_t float_vnd)
{
    int64_t seq;
    ASSERT(shift_open(&f->till, float_vnd, 20200114, 0, &seq) == ERR_OK);
}

enum err till_fixture_sell(struct till_fixture *f, const char *code,
                           int64_t milli, struct sold *out)
{
    struct payment cash = { "cash", -1, { NULL, 0 } };
    struct cart *cart = x_alloc(sizeof(*cart));
    struct sale sale = { .cart = cart, .payments = &cash, .n_payments = 1 };
    const struct product *p = lists_find(f->till.lists, str_of(code));
    ASSERT(p && cart_add(cart, p, milli) == ERR_OK);
    enum err e = sale_begin(&f->till, cart);
    if (!e)
        e = sale_commit(&f->till, &sale, out);
    free(cart);
    return e;
}

void till_fixture_done(struct till_fixture *f)
{
    till_fixture_close(f);
    env_use(&f->before);
    scratch_remove(f->dir);
}

void till_fixture_verify(const struct till_fixture *f)
{
    till_verify(f->dir);
}

void till_fixture_same_shift(const struct shift *a, const struct shift *b)
{
    ASSERT(a->number == b->number && a->open == b->open && a->day == b->day);
    ASSERT(a->opened == b->opened && a->closed == b->closed);
    ASSERT(a->float_vnd == b->float_vnd);
}
