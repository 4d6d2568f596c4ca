/*
 * fuzz_entry.c - any bytes as what somebody types at a till: letter by letter
 * into the entry line, as a whole line, an amount, a quantity, a day, a word to
 * search for; and as the draft of a cart that is read back.
 *
 * Rules checked: nothing crashes or reads beyond the line; what was typed is
 * text in NFC that fits, and erasing it leaves nothing; every reading is in its
 * range; a draft that is read is written again, byte for byte.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "fair/date.h"
#include "fair/money.h"
#include "fair/text.h"
#include "pos/model/cart.h"
#include "pos/model/entry.h"
#include "pos/model/search.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FOUND_MAX = 8 };

static bool inside(struct str part, struct str whole)
{
    return part.len == 0 || (part.data >= whole.data &&
                             part.data + part.len <= whole.data + whole.len);
}

static void try_line(struct str line, bool thousands)
{
    struct entry e;
    entry_parse(line, thousands, &e);
    ASSERT(e.kind >= ENTRY_EMPTY && e.kind <= ENTRY_WRONG);
    ASSERT(inside(e.word, line) && e.milli >= 0 && e.vnd >= 0);
    ASSERT((e.kind == ENTRY_WRONG) == (e.why != NULL));
    ASSERT(e.percent_hundredths >= 0 && e.percent_hundredths <= 10000);
    ASSERT(e.kind != ENTRY_UNLISTED || e.vnd > 0);
    ASSERT((e.kind != ENTRY_ITEM && e.kind != ENTRY_QUANTITY) || e.milli > 0);
}

static void try_numbers(struct str s)
{
    int64_t n = -1;
    int day = 0;
    for (int thousands = 0; thousands < 2; thousands++) {
        if (entry_amount(s, thousands, &n) == ERR_OK)
            ASSERT(n >= 0);
    }
    if (money_parse(s, &n) == ERR_OK)
        ASSERT(n >= 0 && s.len <= 13);
    if (qty_parse(s, &n) == ERR_OK)
        ASSERT(n > 0);
    if (time_parse(s, &n) == ERR_OK)
        ASSERT(n >= 0);
    if (hhmm_parse(s, &day) == ERR_OK)
        ASSERT(day >= 0 && day <= 24 * 60);
    if (day_parse(s, &day) == ERR_OK) {
        BUF(out, 64);
        day_render(&out, day);
        ASSERT(str_eq(buf_slice(&out), s));
    }
}

/* Bytes below 8 are keys that move and erase; the rest is typed. */
static void try_typing(struct str s)
{
    struct line_edit e;
    size_t at = 0;
    int32_t code;
    edit_init(&e);
    while ((code = utf8_next(s, &at)) >= 0) {
        switch (code) {
        case 1: edit_backspace(&e); break;
        case 2: edit_delete(&e); break;
        case 3: edit_move(&e, -1); break;
        case 4: edit_move(&e, 1); break;
        case 5: edit_move(&e, INT_MIN); break;
        case 6: edit_move(&e, INT_MAX); break;
        case 7: edit_insert_text(&e, s); break;
        default: (void)edit_insert(&e, code);
        }
        struct str text = edit_text(&e);
        ASSERT(text.len <= ENTRY_MAX && e.typed.len <= ENTRY_MAX);
        ASSERT(utf8_valid(text) && text_is_nfc(text));
        ASSERT(e.at <= e.typed.len && edit_column(&e) >= 0);
    }
    edit_move(&e, INT_MAX);
    for (int i = 0; i <= ENTRY_MAX && e.typed.len > 0; i++)
        edit_backspace(&e);
    ASSERT(e.typed.len == 0 && edit_text(&e).len == 0);
    edit_done(&e);
}

static void try_draft(struct str s)
{
    static struct cart *cart;
    BUF(again, MAX_OUTPUT);
    if (!cart)
        cart = x_alloc(sizeof(*cart));
    if (cart_parse(s, cart) != ERR_OK) {
        if (cart_parse_name(s, cart) == ERR_OK)
            ASSERT(cart->n_lines == 0 && cart->since >= 0);
        return;
    }
    int64_t vnd = 0;
    struct body_sale *sale = x_alloc(sizeof(*sale));
    cart_render(cart, &again);
    ASSERT(str_eq(buf_slice(&again), s));
    (void)!cart_total(cart, &vnd);
    (void)!cart_body(cart, sale);
    free(sale);
}

static struct search *made(void)
{
    const struct list_fair fair = { .booth = STR("A1"),
                                    .booth_name = STR("Hạ Long"),
                                    .days = 6,
                                    .fair = STR("XUAN"),
                                    .first_day = 20200114,
                                    .name = STR("Xuân"),
                                    .origin = STR("in-province") };
    const struct product products[] = {
        { .code = STR("1"),
          .name = STR("Chả mực"),
          .price_vnd = 450000,
          .sku = STR("CM-KG"),
          .unit = STR("kg") },
        { .code = STR("2"),
          .name = STR("Trà hoa vàng"),
          .price_vnd = 120000,
          .seller = STR("HTX Ba Chẽ"),
          .sku = STR("TH-01"),
          .unit = STR("hộp") },
    };
    static struct lists *lists;
    struct buf text;
    buf_init(&text, MAX_TEXT);
    lists_fair_encode(&fair, &text);
    for (size_t i = 0; i < ARRAY_LEN(products); i++)
        lists_product_encode(&products[i], &text);
    enum err e = lists_parse(&text, 1, &lists);
    ASSERT(e == ERR_OK);
    return search_open(lists);
}

static void try_search(struct str query)
{
    static struct search *search;
    const struct product *found[FOUND_MAX];
    if (!search)
        search = made();
    int n = search_find(search, query, found, FOUND_MAX);
    ASSERT(n >= 0 && n <= FOUND_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = { (const char *)data, size };
    if (size > MAX_TEXT / 2)
        return 0;
    try_line(s, false);
    try_line(s, true);
    try_numbers(s);
    if (size <= 1024) {
        try_typing(s);
        try_search(s);
    }
    try_draft(s);
    return 0;
}
