/*
 * test_search.c - finding products by what people type.
 */
#include "pos/model/search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/text.h"

enum { SHOWN = 50 };

static const struct product *found[SHOWN];

/* ---- lists ---- */

struct goods {
    const char *name, *seller, *code;
};

static struct lists *lists_of(const struct goods *goods, int n)
{
    static const struct list_fair fair = {
        .booth = { "A1", 2 },
        .booth_name = { "Ba Chẽ", 8 },
        .fair = { "XUAN", 4 },
        .name = { "Xuân", 5 },
        .first_day = 20200114,
        .days = 6,
        .origin = { "in-province", 11 },
    };
    struct lists *lists = NULL;
    struct buf bytes;
    buf_init(&bytes, MAX_LIST);
    lists_fair_encode(&fair, &bytes);
    for (int i = 0; i < n; i++) {
        char number[16];
        snprintf(number, sizeof(number), "%d", i + 1);
        struct product p = {
            .code = str_of(goods[i].code ? goods[i].code : number),
            .sku = str_of(number),
            .name = str_of(goods[i].name),
            .seller = str_of(goods[i].seller),
            .unit = STR("kg"),
            .price_vnd = 1000,
        };
        lists_product_encode(&p, &bytes);
    }
    assert_int_equal(lists_parse(&bytes, 1, &lists), ERR_OK);
    buf_done(&bytes);
    return lists;
}

/* What is sold at fairs in Quảng Ninh; in this order in the list. */
static const struct goods market[] = {
    { "Trà hoa vàng Ba Chẽ (Đạp Thanh) sấy thăng hoa", "HTX Đạp Thanh", NULL },
    { "Trà hoa vàng Quy Hoa loại đặc biệt", "Quy Hoa", NULL },
    { "Ngọc trai Akoya Hạ Long (chuỗi)", "Ngọc trai Hạ Long", NULL },
    { "Miến dong Bình Liêu", "HTX Bình Liêu", NULL },
    { "Miến dong Húc Động", "HTX Húc Động", NULL },
    { "Chả mực Hạ Long giã tay", "Cơ sở Bà Thoan", NULL },
    { "Thịt lợn hương Thiên Thuận Tường", NULL, NULL },
    { "Thịt lợn hướng nạc Thiên Thuận Tường", NULL, NULL },
    { "Rượu nấm lim xanh Ba Chẽ", "HTX Lâm sản", NULL },
    { "Rượu ba kích Ba Chẽ", "HTX Lâm sản", NULL },
    { "Nước khoáng Quang Hanh Fresh vị chanh muối", NULL, NULL },
    { "Rượu đông trùng hạ thảo Vietcor", NULL, NULL },
    { "Đông trùng hạ thảo khô Phương Thùy", NULL, NULL },
    { "Trứng vịt biển Đồng Rui", "HTX Đồng Rui", NULL },
    { "Rượu sim Quý Chuẩn", NULL, NULL },
    { "Nấm kim châm Long Hải", "Cty Long Hải", NULL },
    { "Nấm đùi gà Long Hải", "Cty Long Hải", NULL },
    { "Mực ống Cô Tô khô", NULL, NULL },
    { "Ruốc hàu Bavabi", "Bavabi", NULL },
    { "Ruốc tôm Bavabi", "Bavabi", NULL },
    { "Ruốc hàu Vân Đồn", "HTX Vân Đồn", NULL },
    { "Nước mắm Cái Rồng", NULL, NULL },
    { "Nước mắm sá sùng Vanbest", "Vanbest", NULL },
    { "Sá sùng khô Vân Đồn", NULL, NULL },
    { "Cam Vạn Yên", NULL, NULL },
    { "Khâu nhục Tiên Yên", NULL, NULL },
    { "Gà Tiên Yên", NULL, NULL },
    { "Gà Tiên Yên nướng", NULL, NULL },
    { "Cà sáy Tiên Yên", NULL, NULL },
    { "Bánh gật gù Tiên Yên", NULL, NULL },
    { "Tinh dầu tràm Tiên Yên", NULL, NULL },
    { "Hà treo dây Hoàng Tân", NULL, NULL },
    { "Giò lụa Móng Cái", NULL, NULL },
    { "Củ cải khô Đầm Hà", NULL, NULL },
    { "Dưa củ cải Đầm Hà", NULL, NULL },
    { "Dừa xiêm Móng Cái", NULL, NULL },
    { "Dứa Đồng Giao", NULL, NULL },
    { "Đũa tre Yên Tử", NULL, NULL },
    { "Ổi Hoành Bồ", NULL, NULL },
    { "Mộc nhĩ đen Hoành Bồ", NULL, NULL },
    { "Mật ong Bình Liêu", NULL, NULL },
    { "Mật ong hoa rừng Tiên Yên", NULL, NULL },
    { "Mắm tép Yên Hưng", NULL, NULL },
    { "Mầm đá Ba Chẽ", NULL, NULL },
    { "Sứa Cô Tô ăn liền", NULL, NULL },
    { "Sữa chua Đông Triều", NULL, NULL },
    { "Hàu sữa Vân Đồn", NULL, NULL },
    { "Tu hài Vân Đồn", NULL, NULL },
    { "Chè Đường Hoa", NULL, NULL },
    { "Vải chín sớm Phương Nam", NULL, NULL },
    { "Na dai Đông Triều", NULL, NULL },
    { "Măng mai khô Ba Chẽ", NULL, NULL },
    { "Bánh tài lồng ệp", NULL, NULL },
    { "Ghẹ Trà Cổ", NULL, NULL },
};

static struct lists *lists;
static struct search *search;

static int open_market(void **state)
{
    (void)state;
    lists = lists_of(market, ARRAY_LEN(market));
    search = search_open(lists);
    return 0;
}

static int close_market(void **state)
{
    (void)state;
    search_close(search);
    lists_close(lists);
    return 0;
}

static int find(const char *query)
{
    return search_find(search, str_of(query), found, SHOWN);
}

static void finds(const char *query, int n, const char *const *names)
{
    assert_int_equal(find(query), n);
    for (int i = 0; i < n; i++)
        assert_true(str_is(found[i]->name, names[i]));
}

#define FINDS(query, ...)                                   \
    do {                                                    \
        static const char *const names[] = { __VA_ARGS__ }; \
        finds(query, (int)ARRAY_LEN(names), names);         \
    } while (0)

/* ---- what is found first ---- */

static void m04_fifty_names_are_found_as_people_type_them(void **state)
{
    static const struct {
        const char *query, *first;
    } rows[] = {
        { "tra", "Trà hoa vàng Ba Chẽ (Đạp Thanh) sấy thăng hoa" },
        { "tra hoa v", "Trà hoa vàng Ba Chẽ (Đạp Thanh) sấy thăng hoa" },
        { "quy h", "Trà hoa vàng Quy Hoa loại đặc biệt" },
        { "dac biet", "Trà hoa vàng Quy Hoa loại đặc biệt" },
        { "dap thanh", "Trà hoa vàng Ba Chẽ (Đạp Thanh) sấy thăng hoa" },
        { "akoya", "Ngọc trai Akoya Hạ Long (chuỗi)" },
        { "chuoi", "Ngọc trai Akoya Hạ Long (chuỗi)" },
        { "mien", "Miến dong Bình Liêu" },
        { "mien huc", "Miến dong Húc Động" },
        { "huc dong mien", "Miến dong Húc Động" },
        { "cha muc", "Chả mực Hạ Long giã tay" },
        { "CHA MUC HA LONG", "Chả mực Hạ Long giã tay" },
        { "chả", "Chả mực Hạ Long giã tay" },
        { "cmhl", "Chả mực Hạ Long giã tay" },
        { "cmhlgt", "Chả mực Hạ Long giã tay" },
        { "gia tay", "Chả mực Hạ Long giã tay" },
        { "thit lon huong", "Thịt lợn hương Thiên Thuận Tường" },
        { "thịt lợn hướng", "Thịt lợn hướng nạc Thiên Thuận Tường" },
        { "nạc", "Thịt lợn hướng nạc Thiên Thuận Tường" },
        { "nam lim", "Rượu nấm lim xanh Ba Chẽ" },
        { "ruou", "Rượu nấm lim xanh Ba Chẽ" },
        { "ba kich", "Rượu ba kích Ba Chẽ" },
        { "fresh", "Nước khoáng Quang Hanh Fresh vị chanh muối" },
        { "dong", "Đông trùng hạ thảo khô Phương Thùy" },
        { "đông", "Đông trùng hạ thảo khô Phương Thùy" },
        { "Ðông", "Đông trùng hạ thảo khô Phương Thùy" },
        { "đồng", "Trứng vịt biển Đồng Rui" },
        { "trung vit", "Trứng vịt biển Đồng Rui" },
        { "quy chuan", "Rượu sim Quý Chuẩn" },
        { "nam", "Nấm kim châm Long Hải" },
        { "nấm đ", "Nấm đùi gà Long Hải" },
        { "nam ga", "Nấm đùi gà Long Hải" },
        { "phuong nam", "Vải chín sớm Phương Nam" },
        { "mực ố", "Mực ống Cô Tô khô" },
        { "ruoc h", "Ruốc hàu Bavabi" },
        { "ruoc hau van", "Ruốc hàu Vân Đồn" },
        { "mam", "Mắm tép Yên Hưng" },
        { "mầm", "Mầm đá Ba Chẽ" },
        { "sa sung", "Sá sùng khô Vân Đồn" },
        { "sa sung van don", "Sá sùng khô Vân Đồn" },
        { "khâu", "Khâu nhục Tiên Yên" },
        { "ga tien yen n", "Gà Tiên Yên nướng" },
        { "gật gù", "Bánh gật gù Tiên Yên" },
        { "dầu tràm", "Tinh dầu tràm Tiên Yên" },
        { "oi", "Ổi Hoành Bồ" },
        { "ma on", "Mật ong Bình Liêu" },
        { "ong mat", "Mật ong Bình Liêu" },
        { "che\u0300 \u0111u\u031Bo\u031Bng", "Chè Đường Hoa" },
        { "ep", "Bánh tài lồng ệp" },
        { "ghe", "Ghẹ Trà Cổ" },
    };
    _Static_assert(ARRAY_LEN(rows) == 50, "the table of fifty");
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int n = find(rows[i].query);
        if (n == 0 || !str_is(found[0]->name, rows[i].first))
            fail_msg("%s finds %s", rows[i].query,
                     n == 0 ? "nothing" : "another");
    }
}

static void m04_the_very_accents_come_first(void **state)
{
    (void)state;
    FINDS("dua", "Dưa củ cải Đầm Hà", "Dừa xiêm Móng Cái", "Dứa Đồng Giao",
          "Đũa tre Yên Tử");
    FINDS("dưa", "Dưa củ cải Đầm Hà", "Dừa xiêm Móng Cái", "Dứa Đồng Giao",
          "Đũa tre Yên Tử");
    FINDS("dừa", "Dừa xiêm Móng Cái", "Dưa củ cải Đầm Hà", "Dứa Đồng Giao",
          "Đũa tre Yên Tử");
    FINDS("DỨA", "Dứa Đồng Giao", "Dưa củ cải Đầm Hà", "Dừa xiêm Móng Cái",
          "Đũa tre Yên Tử");
    FINDS("đũa", "Đũa tre Yên Tử", "Dưa củ cải Đầm Hà", "Dừa xiêm Móng Cái",
          "Dứa Đồng Giao");
    FINDS("du\u031B\u0300a", "Dừa xiêm Móng Cái", "Dưa củ cải Đầm Hà",
          "Dứa Đồng Giao", "Đũa tre Yên Tử");
    FINDS("\u0323 dừa", "Dừa xiêm Móng Cái", "Dưa củ cải Đầm Hà",
          "Dứa Đồng Giao", "Đũa tre Yên Tử");
    FINDS("ðũa", "Đũa tre Yên Tử", "Dưa củ cải Đầm Hà", "Dừa xiêm Móng Cái",
          "Dứa Đồng Giao");
    FINDS("sua", "Sứa Cô Tô ăn liền", "Sữa chua Đông Triều", "Hàu sữa Vân Đồn");
    FINDS("sữa", "Sữa chua Đông Triều", "Hàu sữa Vân Đồn", "Sứa Cô Tô ăn liền");
    FINDS("sứa", "Sứa Cô Tô ăn liền", "Sữa chua Đông Triều", "Hàu sữa Vân Đồn");
}

static void m04_words_typed_without_accents_do_not_ask_for_them(void **state)
{
    (void)state;
    FINDS("mien động", "Miến dong Húc Động", "Miến dong Bình Liêu");
    FINDS("vải nam", "Vải chín sớm Phương Nam");
    assert_int_equal(find("vai nấm"), 1);
}

static void m04_names_that_begin_so_come_before_others(void **state)
{
    (void)state;
    FINDS("muc", "Mực ống Cô Tô khô", "Chả mực Hạ Long giã tay");
    FINDS("muc o", "Mực ống Cô Tô khô");
    FINDS("long", "Ngọc trai Akoya Hạ Long (chuỗi)", "Chả mực Hạ Long giã tay",
          "Nấm kim châm Long Hải", "Nấm đùi gà Long Hải", "Bánh tài lồng ệp");
    FINDS("ga tien", "Gà Tiên Yên", "Gà Tiên Yên nướng",
          "Bánh gật gù Tiên Yên");
    FINDS("hai v", "Tu hài Vân Đồn");
    /* the second word is no second word of the name */
    FINDS("hau v", "Ruốc hàu Vân Đồn", "Hàu sữa Vân Đồn");
    FINDS("hau s", "Hàu sữa Vân Đồn");
}

static void initials_come_last_and_need_two_letters(void **state)
{
    (void)state;
    FINDS("rbk", "Rượu ba kích Ba Chẽ");
    FINDS("gty", "Gà Tiên Yên", "Gà Tiên Yên nướng");
    /* "Ngọc trai" has these initials, "Vải chín sớm" no such word. */
    assert_int_equal(find("nt"), 1);
    /* "mo": words first (Mộc nhĩ…, …Móng Cái), then Mật ong… by initials. */
    FINDS("mo", "Mộc nhĩ đen Hoành Bồ", "Giò lụa Móng Cái", "Dừa xiêm Móng Cái",
          "Mực ống Cô Tô khô", "Mật ong Bình Liêu",
          "Mật ong hoa rừng Tiên Yên");
    assert_int_equal(find("mố"), 3);
    assert_int_equal(find("mo x"), 1); /* Dừa xiêm Móng Cái */
    assert_int_equal(find("gty n"), 0);
}

static void words_alike_in_their_beginning_are_told_apart(void **state)
{
    enum { ALIKE = 26 };
    static char names[ALIKE][64];
    struct goods goods[ALIKE];
    char query[32];
    (void)state;
    for (int i = 0; i < ALIKE; i++) {
        /* in no order */
        int c = 'a' + i * 7 % ALIKE;
        snprintf(names[i], sizeof(names[i]),
                 "a b c d e f g h %c %c z doanhnghiep%c%c", c, 'a' + i, c,
                 'z' - i);
        goods[i] = (struct goods){ names[i], "", NULL };
    }
    struct lists *l = lists_of(goods, ALIKE);
    struct search *s = search_open(l);
    for (int i = 0; i < ALIKE; i++) {
        int c = 'a' + i * 7 % ALIKE;
        snprintf(query, sizeof(query), "abcdefgh%c", c);
        assert_int_equal(search_find(s, str_of(query), found, SHOWN), 1);
        assert_ptr_equal(found[0], lists_at(l, i));
        snprintf(query, sizeof(query), "doanhnghiep%c%c", c, 'z' - i);
        assert_int_equal(search_find(s, str_of(query), found, SHOWN), 1);
        assert_ptr_equal(found[0], lists_at(l, i));
    }
    assert_int_equal(search_find(s, STR("abcdefgh"), found, SHOWN), ALIKE);
    assert_int_equal(search_find(s, STR("doanhnghie"), found, SHOWN), ALIKE);
    search_close(s);
    lists_close(l);
}

static void producers_and_codes_are_searched_too(void **state)
{
    static const struct goods goods[] = {
        { "Mật ong", "HTX Đạp Thanh", "A12" },
        { "Trà hoa", "HTX Đạp Tiến", "a13" },
        { "Nem chua", "Cơ sở Bà Thoan", "B1" },
    };
    struct lists *l = lists_of(goods, ARRAY_LEN(goods));
    struct search *s = search_open(l);
    (void)state;
    assert_int_equal(search_find(s, STR("dap"), found, SHOWN), 2);
    assert_int_equal(search_find(s, STR("tra htx"), found, SHOWN), 1);
    assert_int_equal(search_find(s, STR("a1"), found, SHOWN), 2);
    assert_int_equal(search_find(s, STR("A12"), found, SHOWN), 1);
    assert_true(str_is(found[0]->name, "Mật ong"));
    assert_int_equal(search_find(s, STR("bt"), found, SHOWN), 0);
    search_close(s);
    lists_close(l);
}

static void signs_part_words_and_ask_for_nothing(void **state)
{
    static const struct goods goods[] = {
        { "Ngọc trai (mặt dây)", NULL, "C1" },
        { "Rượu “Bâu”–500ml", NULL, "C2" },
        { "Trà 2.5 g", NULL, "C3" },
        { "茶叶 Tea", NULL, "C4" },
        { "Straße x\u0302y", NULL, "C5" },
        { "\u1EB4n M\u00C1Y", NULL, "C6" },
        { "Nem “Bâu”–500ml", NULL, "C9" },
        { "ကခ", NULL, "C7" },
        { "Ωμέγα", NULL, "C8" },
    };
    static const struct {
        const char *query;
        int n;
    } rows[] = {
        { "mat", 1 },     { "(mat", 1 },  { "mặt dây)", 1 }, { "bau", 2 },
        { "500", 2 },     { "bau–5", 2 }, { "2.5", 1 },      { "2 5", 1 },
        { "5 2", 1 },     { "茶", 1 },    { "叶", 0 },       { "tea 茶", 1 },
        { "strasse", 1 }, { "က", 1 },     { "a", 1 },        { "ΩΜΕΓ", 1 },
        { "μ", 0 },       { "x̂y", 1 },    { "xy", 1 },       { "ẵn máy", 1 },
        { "", 0 },        { "   ", 0 },   { "-", 0 },        { "(){}", 0 },
        { "\u0323", 0 },  { "\xFF", 0 },  { "mat \xFF", 1 }, { "\t\n", 0 },
    };
    struct lists *l = lists_of(goods, ARRAY_LEN(goods));
    struct search *s = search_open(l);
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int n = search_find(s, str_of(rows[i].query), found, SHOWN);
        if (n != rows[i].n)
            fail_msg("%s finds %d", rows[i].query, n);
    }
    search_close(s);
    lists_close(l);
}

static void no_more_are_given_than_are_asked_for(void **state)
{
    const struct product *best[3] = { NULL, NULL, NULL };
    (void)state;
    assert_int_equal(search_find(search, STR("ruoc"), best, 2), 2);
    assert_true(str_is(best[0]->name, "Ruốc hàu Bavabi"));
    assert_true(str_is(best[1]->name, "Ruốc tôm Bavabi"));
    assert_null(best[2]);
    assert_int_equal(search_find(search, STR("ruoc"), best, 0), 0);
}

static void an_empty_list_finds_nothing(void **state)
{
    struct lists *l = lists_of(NULL, 0);
    struct search *s = search_open(l);
    (void)state;
    assert_int_equal(search_find(s, STR("a"), found, SHOWN), 0);
    search_close(s);
    search_close(NULL);
    lists_close(l);
}

static void a_query_of_any_length_is_answered(void **state)
{
    BUF(query, MAX_TEXT);
    (void)state;
    for (int i = 0; i < 400; i++)
        buf_puts(&query, "mật ");
    assert_int_equal(search_find(search, buf_slice(&query), found, SHOWN), 2);
    buf_clear(&query);
    for (int i = 0; i < 400; i++)
        buf_puts(&query, "ậ");
    assert_int_equal(search_find(search, buf_slice(&query), found, SHOWN), 0);
}

/* ---- the same as the plain rule ---- */

enum { PRODUCTS = 120 };

/* Words, folded or only in lower case, each between two blanks. */
struct plain {
    char folded[1024], exact[1024];
};

static uint32_t chance(uint32_t below)
{
    static uint64_t x = 88172645463325252;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return (uint32_t)(x >> 33) % below;
}

static const char *const vocabulary[] = {
    "dưa",         "dừa",         "dứa",      "đũa",        "đông",
    "dong",        "đồng",        "mật",      "mắt",        "ma",
    "ong",         "ông",         "on",       "o",          "m",
    "mo",          "a1",          "1",        "trà",        "trai",
    "nghiepdoanh", "nghiepdoana", "nghiepdo", "iepdoanh",   "kghiepdoanh",
    "đ",           "ô",           "d",        "nghiệpđoan",
};

static void random_words(char *out, size_t room, uint32_t most)
{
    uint32_t n = chance(most) + 1;
    out[0] = '\0';
    for (uint32_t i = 0; i < n; i++) {
        size_t at = strlen(out);
        snprintf(out + at, room - at, "%s%s", i > 0 ? " " : "",
                 vocabulary[chance(ARRAY_LEN(vocabulary))]);
    }
}

static void folded(const char *text, char *out, size_t room)
{
    BUF(fold, MAX_TEXT);
    text_fold(&fold, str_of(text));
    snprintf(out, room, "%s", buf_text(&fold));
}

/* Does some word of `text` begin with `word`? */
static bool has(const char *text, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = text; at; at = strchr(at, ' ')) {
        at += *at == ' ';
        if (strncmp(at, word, len) == 0)
            return true;
    }
    return false;
}

static bool has_all(const char *text, const char *exact, const char *query,
                    bool accents)
{
    char copy[256], fold[256];
    snprintf(copy, sizeof(copy), "%s", query);
    for (char *at = copy, *end; *at; at = end) {
        end = at + strcspn(at, " ");
        end += *end == ' ' ? (*end = '\0', 1) : 0;
        folded(at, fold, sizeof(fold));
        bool plain = strcmp(at, fold) == 0;
        if (!has(accents && !plain ? exact : text, accents ? at : fold))
            return false;
    }
    return true;
}

static bool initials_begin(const char *name, const char *query)
{
    char all[64];
    size_t n = 0;
    for (const char *at = name; at; at = strchr(at, ' ')) {
        at += *at == ' ';
        all[n++] = *at;
    }
    all[n] = '\0';
    return n > 1 && strlen(query) > 1 && !strchr(query, ' ') &&
           strncmp(all, query, strlen(query)) == 0;
}

/* 0 best … 4; 5: no match. */
static int rank_of(const struct goods *g, const char *query)
{
    char name[256], all[512], exact[512], fold[256];
    snprintf(exact, sizeof(exact), "%s %s %s", g->name, g->seller, g->code);
    folded(exact, all, sizeof(all));
    folded(g->name, name, sizeof(name));
    folded(query, fold, sizeof(fold));
    if (!has_all(all, exact, query, false))
        return strcmp(fold, query) == 0 && initials_begin(name, fold) ? 4 : 5;
    bool begins = strncmp(name, fold, strlen(fold)) == 0;
    if (has_all(all, exact, query, true))
        return begins ? 0 : 1;
    return begins ? 2 : 3;
}

static void compare(struct search *s, const struct lists *l,
                    const struct goods *goods, int n, const char *query)
{
    int max = 1 + (int)chance(SHOWN), given = 0;
    int count = search_find(s, str_of(query), found, max);
    int ranks[PRODUCTS];
    for (int i = 0; i < n; i++)
        ranks[i] = rank_of(&goods[i], query);
    for (int rank = 0; rank < 5; rank++) {
        for (int i = 0; i < n && given < max; i++) {
            if (ranks[i] != rank)
                continue;
            assert_true(given < count);
            assert_ptr_equal(found[given++], lists_at(l, i));
        }
    }
    assert_int_equal(count, given);
}

static void m04_the_index_answers_as_the_plain_rule_does(void **state)
{
    static char names[PRODUCTS][128], sellers[PRODUCTS][64],
        codes[PRODUCTS][16];
    struct goods goods[PRODUCTS];
    (void)state;
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < PRODUCTS; i++) {
            random_words(names[i], sizeof(names[i]), 5);
            random_words(sellers[i], sizeof(sellers[i]), 2);
            snprintf(codes[i], sizeof(codes[i]), "%d", i + 1);
            goods[i] = (struct goods){ names[i], sellers[i], codes[i] };
        }
        struct lists *l = lists_of(goods, PRODUCTS);
        struct search *s = search_open(l);
        for (int i = 0; i < 60; i++) {
            char query[128];
            random_words(query, sizeof(query), 3);
            compare(s, l, goods, PRODUCTS, query);
        }
        search_close(s);
        lists_close(l);
    }
}

/* ---- long lists ---- */

static void the_longest_list_is_searched(void **state)
{
    static char names[MAX_PRODUCTS][32];
    struct goods *goods = calloc(MAX_PRODUCTS, sizeof(*goods));
    (void)state;
    for (int i = 0; i < MAX_PRODUCTS; i++) {
        snprintf(names[i], sizeof(names[i]), "Trà số %d", i + 1);
        goods[i].name = names[i];
    }
    struct lists *l = lists_of(goods, MAX_PRODUCTS);
    struct search *s = search_open(l);
    assert_int_equal(search_find(s, STR("tra 100000"), found, SHOWN), 1);
    assert_ptr_equal(found[0], lists_at(l, MAX_PRODUCTS - 1));
    assert_int_equal(search_find(s, STR("t"), found, SHOWN), SHOWN);
    assert_ptr_equal(found[SHOWN - 1], lists_at(l, SHOWN - 1));
    assert_int_equal(search_find(s, STR("số 9999"), found, SHOWN), 11);
    search_close(s);
    lists_close(l);
    free(goods);
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, open_market, close_market)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(m04_fifty_names_are_found_as_people_type_them),
        TEST(m04_the_very_accents_come_first),
        TEST(m04_words_typed_without_accents_do_not_ask_for_them),
        TEST(m04_names_that_begin_so_come_before_others),
        TEST(initials_come_last_and_need_two_letters),
        TEST(no_more_are_given_than_are_asked_for),
        TEST(a_query_of_any_length_is_answered),
        cmocka_unit_test(words_alike_in_their_beginning_are_told_apart),
        cmocka_unit_test(producers_and_codes_are_searched_too),
        cmocka_unit_test(signs_part_words_and_ask_for_nothing),
        cmocka_unit_test(an_empty_list_finds_nothing),
        cmocka_unit_test(m04_the_index_answers_as_the_plain_rule_does),
        cmocka_unit_test(the_longest_list_is_searched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
