/*
 * list_lines.h - list documents made by hand, and parsed.
 */
#ifndef LIST_LINES_H
#define LIST_LINES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fair/lists.h"

// clang-format off
#define FAIR_LINE \
    "{\"booth\":\"A01\",\"booth_name\":\"Hạ Long\",\"closes\":1320," \
    "\"cut_off\":240,\"days\":6,\"fair\":\"XUAN-2020\"," \
    "\"first_day\":20200114,\"name\":\"Hội chợ Xuân\",\"opens\":480," \
    "\"origin\":\"in-province\",\"restricted\":1}\n"
#define PRODUCT_LINE(code, sku, barcode) \
    "{" barcode "\"code\":\"" code "\",\"name\":\"Chả mực\",\"price\":1000," \
    "\"sku\":\"" sku "\",\"unit\":\"kg\"}\n"
// clang-format on

static inline enum err parse(struct str text, struct lists **out)
{
    BUF(document, MAX_LIST);
    buf_str(&document, text);
    return lists_parse(&document, 7, out);
}

static inline struct lists *parsed(const char *text)
{
    struct lists *l = NULL;
    assert_int_equal(parse(str_of(text), &l), ERR_OK);
    assert_non_null(l);
    return l;
}

static inline struct product good_product(void)
{
    return (struct product){ .code = STR("10"),
                             .name = STR("Chả mực"),
                             .price_vnd = 1000,
                             .sku = STR("MO02"),
                             .unit = STR("kg") };
}

static inline struct list_fair good_fair(void)
{
    return (struct list_fair){ .booth = STR("A01"),
                               .booth_name = STR("Hạ Long"),
                               .closes_min = 22 * 60,
                               .cut_off_min = 4 * 60,
                               .days = 6,
                               .fair = STR("XUAN-2020"),
                               .first_day = 20200114,
                               .name = STR("Hội chợ Xuân"),
                               .opens_min = 8 * 60,
                               .origin = STR("in-province"),
                               .restricted = 1 };
}

static inline enum err parse_one(const struct list_fair *fair,
                                 const struct product *product,
                                 struct lists **out)
{
    BUF(document, MAX_LIST);
    lists_fair_encode(fair, &document);
    lists_product_encode(product, &document);
    return lists_parse(&document, 1, out);
}

#endif
