/*
 * many.c - a long list as an importer could have made it: every product has a
 * producer and a place, most a certificate, half of them a barcode.
 */
#include "tests/support/many.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const goods[] = { "Chả mực",   "Trà hoa vàng", "Mật ong",
                                     "Miến dong", "Rượu ba kích", "Nước mắm",
                                     "Gạo nếp",   "Bánh gai",     "Tôm khô",
                                     "Dầu lạc",   "Chè dây",      "Sá sùng khô",
                                     "Măng trúc" };
static const char *const kinds[] = { "giã tay",     "loại một", "đặc biệt",
                                     "hữu cơ",      "sấy khô",  "gói quà",
                                     "truyền thống" };
static const char *const places[] = { "Hạ Long",  "Ba Chẽ",    "Bình Liêu",
                                      "Tiên Yên", "Vân Đồn",   "Cô Tô",
                                      "Đầm Hà",   "Quảng Yên", "Hoành Bồ",
                                      "Móng Cái", "Uông Bí" };

static const char *const packs[] = { "hộp 200g", "túi 500g", "chai 500ml",
                                     "hũ 250g",  "gói 1kg",  "khay 12 chiếc" };
static const char *const firms[] = { "HTX nông nghiệp", "Cơ sở sản xuất",
                                     "Công ty TNHH", "Hộ kinh doanh",
                                     "Tổ hợp tác" };
static const char *const owners[] = { "Thành Đạt",  "Hương Quê", "Ngọc Lan",
                                      "Đông Bắc",   "Phú Cường", "Minh Khai",
                                      "Tâm An",     "Hải Yến",   "Quyết Thắng",
                                      "Bình Minh",  "Ánh Dương", "Sông Khoai",
                                      "Vạn Phát",   "Thuỷ Tiên", "Gia Bảo",
                                      "Trường Sơn", "Hoàng Ngân" };

enum { TEXTS = 6, TEXT_ROOM = 96 };

#define PICK(table, i) (table)[(size_t)(i) % ARRAY_LEN(table)]

/* A list is in no order of its skus; each comes once (a prime is below). */
static int scattered(int i)
{
    return (int)((int64_t)i * 7919 % 100003);
}

static void make_product(int i, char (*t)[TEXT_ROOM], struct product *p)
{
    snprintf(t[0], TEXT_ROOM, "%s %s %s %s", PICK(goods, i), PICK(kinds, i / 7),
             PICK(places, i / 3), PICK(packs, i / 11));
    snprintf(t[1], TEXT_ROOM, "%d", i + 1);
    snprintf(t[2], TEXT_ROOM, "OCOP-%06d", scattered(i));
    snprintf(t[3], TEXT_ROOM, "893%010d", scattered(i + 1));
    snprintf(t[4], TEXT_ROOM, "%s %s %s", PICK(firms, i / 12),
             PICK(owners, i / 4), PICK(places, i / 8));
    snprintf(t[5], TEXT_ROOM, "QN-%05d", i);
    *p = (struct product){
        .name = str_of(t[0]),
        .code = str_of(t[1]),
        .sku = str_of(t[2]),
        .seller = str_of(t[4]),
        .place = str_of(PICK(places, i)),
        .unit = STR("hộp"),
        .price_vnd = 1000 * (10 + i % 490),
    };
    if (i % 2 != 0)
        p->barcode = str_of(t[3]);
    if (i % 4 != 0) {
        p->certificate = str_of(t[5]);
        p->stars = 3 + i % 3;
        p->certified_day = 20180116;
        p->expires_day = 20210115;
    }
}

struct product *many_products(int n, void **texts)
{
    struct product *products = x_alloc((size_t)n * sizeof(*products));
    char(*all)[TEXTS][TEXT_ROOM] = x_alloc((size_t)n * sizeof(*all));
    for (int i = 0; i < n; i++)
        make_product(i, all[i], &products[i]);
    *texts = all;
    return products;
}

void many_adopt(struct app_fixture *fixture, int n)
{
    struct list_fair fair = till_fixture_fair();
    void *texts;
    struct product *products = many_products(n, &texts);
    till_fixture_adopt(&fixture->till, &fair, products, n);
    free(texts);
    free(products);
}
