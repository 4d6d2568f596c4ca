/*
 * stand.c - a till that sells the same three products again and again.
 */
#include "tests/bench/stand.h"

#include <stdlib.h>

#include "fair/hashing.h"

// clang-format off
#define T(text) { text, sizeof(text) - 1 }
static const struct product products[] = {
    { .code = T("1"), .sku = T("HS01"), .name = T("Chả mực Hạ Long"),
      .unit = T("kg"), .price_vnd = 450000 },
    { .code = T("2"), .sku = T("TR01"), .name = T("Trà hoa vàng Ba Chẽ"),
      .unit = T("hộp 50g"), .price_vnd = 750000 },
    { .code = T("3"), .sku = T("MO02"), .name = T("Mật ong Hoành Bồ"),
      .unit = T("chai"), .price_vnd = 180000 },
};
// clang-format on

void stand_set_up(struct stand *s)
{
    struct list_fair fair = till_fixture_fair();
    s->cart = x_alloc(sizeof(*s->cart));
    till_fixture_init(&s->fixture);
    s->fixture.env.disk_free = env_system().disk_free; /* a system call */
    env_use(&s->fixture.env);
    till_fixture_adopt(&s->fixture, &fair, products, (int)ARRAY_LEN(products));
}

void stand_begin(struct stand *s)
{
    till_fixture_open(&s->fixture);
    till_fixture_shift(&s->fixture, 500000);
}

void stand_open(struct stand *s)
{
    bool quick = hashing_begin(); /* as the screen does */
    ASSERT(quick);
    stand_set_up(s);
    stand_begin(s);
}

void stand_close(struct stand *s)
{
    till_fixture_done(&s->fixture);
    free(s->cart);
}

void stand_prepare(struct stand *s)
{
    struct till *till = &s->fixture.till;
    BUF(draft, MAX_TEXT);
    till_fixture_pass(&s->fixture, 1000);
    cart_init(s->cart);
    for (size_t i = 0; i < ARRAY_LEN(products); i++) {
        const struct product *p = lists_find(till->lists, products[i].code);
        ASSERT(p && cart_add(s->cart, p, 1000) == ERR_OK);
    }
    enum err e = sale_begin(till, s->cart);
    ASSERT(e == ERR_OK);
    cart_render(s->cart, &draft);
    e = ledger_draft_save(till->ledger, "cart", buf_slice(&draft));
    ASSERT(e == ERR_OK);
}

void stand_sell(struct stand *s)
{
    struct payment cash = { "cash", -1, { NULL, 0 } };
    struct sale sale = { .cart = s->cart, .payments = &cash, .n_payments = 1 };
    struct sold sold;
    enum err e = sale_commit(&s->fixture.till, &sale, &sold);
    ASSERT(e == ERR_OK && sold.total_vnd == 1380000);
}
