/*
 * test_text.c - normal form, what may enter, the search key, and width.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <utf8proc.h>

#include "fair/text.h"

/* Planes 3 to 13 hold next to nothing. */
enum { CODES = 0x110000, CODES_IN_USE = 0x32000 };

/* Vowels: the mark that shapes them, and with huyền, hỏi, ngã, sắc, nặng. */
static const struct {
    const char *plain, *base, *shape, *with_tone[5];
} vowels[] = {
    { "a", "a", "", { "à", "ả", "ã", "á", "ạ" } },
    { "ă", "a", "\u0306", { "ằ", "ẳ", "ẵ", "ắ", "ặ" } },
    { "â", "a", "\u0302", { "ầ", "ẩ", "ẫ", "ấ", "ậ" } },
    { "e", "e", "", { "è", "ẻ", "ẽ", "é", "ẹ" } },
    { "ê", "e", "\u0302", { "ề", "ể", "ễ", "ế", "ệ" } },
    { "i", "i", "", { "ì", "ỉ", "ĩ", "í", "ị" } },
    { "o", "o", "", { "ò", "ỏ", "õ", "ó", "ọ" } },
    { "ô", "o", "\u0302", { "ồ", "ổ", "ỗ", "ố", "ộ" } },
    { "ơ", "o", "\u031B", { "ờ", "ở", "ỡ", "ớ", "ợ" } },
    { "u", "u", "", { "ù", "ủ", "ũ", "ú", "ụ" } },
    { "ư", "u", "\u031B", { "ừ", "ử", "ữ", "ứ", "ự" } },
    { "y", "y", "", { "ỳ", "ỷ", "ỹ", "ý", "ỵ" } },
    { "A", "A", "", { "À", "Ả", "Ã", "Á", "Ạ" } },
    { "Ă", "A", "\u0306", { "Ằ", "Ẳ", "Ẵ", "Ắ", "Ặ" } },
    { "Â", "A", "\u0302", { "Ầ", "Ẩ", "Ẫ", "Ấ", "Ậ" } },
    { "E", "E", "", { "È", "Ẻ", "Ẽ", "É", "Ẹ" } },
    { "Ê", "E", "\u0302", { "Ề", "Ể", "Ễ", "Ế", "Ệ" } },
    { "I", "I", "", { "Ì", "Ỉ", "Ĩ", "Í", "Ị" } },
    { "O", "O", "", { "Ò", "Ỏ", "Õ", "Ó", "Ọ" } },
    { "Ô", "O", "\u0302", { "Ồ", "Ổ", "Ỗ", "Ố", "Ộ" } },
    { "Ơ", "O", "\u031B", { "Ờ", "Ở", "Ỡ", "Ớ", "Ợ" } },
    { "U", "U", "", { "Ù", "Ủ", "Ũ", "Ú", "Ụ" } },
    { "Ư", "U", "\u031B", { "Ừ", "Ử", "Ữ", "Ứ", "Ự" } },
    { "Y", "Y", "", { "Ỳ", "Ỷ", "Ỹ", "Ý", "Ỵ" } },
};
static const char *const tones[] = { "\u0300", "\u0309", "\u0303", "\u0301",
                                     "\u0323" };

static void expect_nfc(const char *in, const char *want)
{
    BUF(out, MAX_TEXT);
    assert_int_equal(text_nfc(&out, str_of(in)), ERR_OK);
    assert_string_equal(buf_text(&out), want);
    assert_true(text_is_nfc(buf_slice(&out)));
    assert_int_equal(text_is_nfc(str_of(in)), strcmp(in, want) == 0);
}

static void utf8_takes_every_code_point_and_gives_it_back(void **state)
{
    (void)state;
    BUF(b, MAX_TEXT);
    for (int32_t code = 0; code < CODES; code++) {
        if (code >= 0xD800 && code <= 0xDFFF)
            continue;
        size_t pos = 0;
        buf_clear(&b);
        utf8_put(&b, code);
        assert_true(utf8_valid(buf_slice(&b)));
        assert_int_equal(utf8_next(buf_slice(&b), &pos), code);
        assert_int_equal(pos, b.len);
        assert_int_equal(utf8_next(buf_slice(&b), &pos), -1);
    }
}

static void utf8_refuses_what_is_not_utf8(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\x80",             /* continuation alone */
        "\xFF",             /* never a byte of UTF-8 */
        "a\xC3",            /* cut off */
        "\xE1\xBB",         /* cut off */
        "\xF0\x9F\x90",     /* cut off */
        "\xC3(",            /* lead without continuation */
        "\xC0\xAF",         /* '/' in two bytes */
        "\xC1\xBF",         /* overlong */
        "\xE0\x80\xAF",     /* '/' in three bytes */
        "\xE0\x9F\xBF",     /* overlong */
        "\xF0\x80\x80\xAF", /* '/' in four bytes */
        "\xF0\x8F\xBF\xBF", /* overlong */
        "\xED\xA0\x80",     /* first surrogate */
        "\xED\xBF\xBF",     /* last surrogate */
        "\xF4\x90\x80\x80", /* U+110000 */
        "\xF8\x88\x80\x80\x80",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        BUF(out, MAX_TEXT);
        assert_false(utf8_valid(str_of(bad[i])));
        assert_false(text_is_nfc(str_of(bad[i])));
        assert_int_equal(text_nfc(&out, str_of(bad[i])), ERR_INVALID);
        assert_int_equal(out.len, 0);
    }
    assert_true(utf8_valid(STR("")));
    assert_true(utf8_valid(STR("a\0b")));
    assert_false(utf8_valid(STR("a\0\xFF")));
}

static void a_broken_byte_counts_as_one_replacement(void **state)
{
    (void)state;
    struct str s = STR("\xE1\xBB\x87\xE1\xBB!");
    static const int32_t want[] = { 0x1EC7, 0xFFFD, 0xFFFD, '!', -1 };
    size_t pos = 0;
    for (size_t i = 0; i < ARRAY_LEN(want); i++)
        assert_int_equal(utf8_next(s, &pos), want[i]);
    assert_int_equal(pos, s.len);
}

static void each_vietnamese_letter_composes(void **state)
{
    (void)state;
    int letters = 0;
    for (size_t v = 0; v < ARRAY_LEN(vowels); v++) {
        BUF(nfd, MAX_TEXT);
        buf_printf(&nfd, "%s%s", vowels[v].base, vowels[v].shape);
        expect_nfc(buf_text(&nfd), vowels[v].plain);
        expect_nfc(vowels[v].plain, vowels[v].plain);
        letters += vowels[v].shape[0] != '\0';
        for (size_t t = 0; t < ARRAY_LEN(tones); t++) {
            const char *want = vowels[v].with_tone[t];
            expect_nfc(want, want);
            buf_clear(&nfd);
            buf_printf(&nfd, "%s%s%s", vowels[v].base, vowels[v].shape,
                       tones[t]);
            expect_nfc(buf_text(&nfd), want);
            buf_clear(&nfd); /* as half-composed text has it */
            buf_printf(&nfd, "%s%s", vowels[v].plain, tones[t]);
            expect_nfc(buf_text(&nfd), want);
            letters++;
        }
    }
    expect_nfc("đ", "đ");
    expect_nfc("Đ", "Đ");
    assert_int_equal(letters + 2, 134);
}

static void nang_below_comes_first_in_nfd(void **state)
{
    (void)state;
    expect_nfc("e\u0323\u0302", "ệ");
    expect_nfc("a\u0323\u0306", "ặ");
    expect_nfc("o\u031B\u0323", "ợ");
    expect_nfc("o\u0323\u031B", "ợ");
}

static void look_alikes_of_d_are_mapped(void **state)
{
    (void)state;
    BUF(out, MAX_TEXT);
    assert_int_equal(text_nfc(&out, STR("\u00D0ông \u00F0i")), ERR_OK);
    assert_string_equal(buf_text(&out), "Đông đi");
    buf_clear(&out); /* and where the slow path has to compose */
    assert_int_equal(text_nfc(&out, STR("\u00D0o\u0302ng")), ERR_OK);
    assert_string_equal(buf_text(&out), "Đông");
}

static bool is_nfc_by_utf8proc(const struct buf *b)
{
    utf8proc_uint8_t *nfc = NULL;
    utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)buf_text(b),
                                      (utf8proc_ssize_t)b->len, &nfc,
                                      UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    bool same =
        n == (utf8proc_ssize_t)b->len && memcmp(nfc, buf_text(b), b->len) == 0;
    free(nfc);
    return same;
}

static void is_nfc_is_right_for_every_code_point(void **state)
{
    (void)state;
    BUF(b, MAX_TEXT);
    for (int32_t code = 1; code < CODES_IN_USE; code++) {
        if (code >= 0xD800 && code <= 0xDFFF)
            continue;
        buf_clear(&b);
        utf8_put(&b, code);
        assert_int_equal(text_is_nfc(buf_slice(&b)), is_nfc_by_utf8proc(&b));
    }
}

/* The fast path looks at code points one by one; that is right only when no
 * two of them act on one another. */
static void is_nfc_is_right_for_pairs(void **state)
{
    (void)state;
    static const int32_t ranges[][2] = { { 1, 0x2FF },
                                         { 0x1E00, 0x1EFF },
                                         { 0x2010, 0x2027 },
                                         { 0x20A0, 0x20C0 },
                                         { 0x2600, 0x26FF } };
    static int32_t codes[2048];
    size_t n = 0;
    for (size_t r = 0; r < ARRAY_LEN(ranges); r++) {
        for (int32_t c = ranges[r][0]; c <= ranges[r][1]; c++)
            codes[n++] = c;
    }
    BUF(b, MAX_TEXT);
    for (size_t i = 0; i < n; i++) {
        buf_clear(&b);
        for (size_t k = i; k < n; k++) {
            utf8_put(&b, codes[i]);
            utf8_put(&b, codes[k]);
        }
        assert_true(buf_ok(&b));
        assert_true(text_is_nfc(buf_slice(&b)));
        assert_true(is_nfc_by_utf8proc(&b));
    }
}

static void is_nfc_sees_marks_wherever_they_stand(void **state)
{
    (void)state;
    assert_true(text_is_nfc(STR("")));
    assert_true(text_is_nfc(STR("Chả mực Hạ Long ★★★★★ 50.000 ₫ “giã tay” …")));
    assert_true(text_is_nfc(STR("\U0001F990 한국 日本")));
    assert_true(text_is_nfc(STR("x\u0323\u0302")));
    assert_true(text_is_nfc(STR("x\u0302\u0301")));
    assert_true(text_is_nfc(STR("\u0301")));
    assert_false(text_is_nfc(STR("cha\u0309")));
    assert_false(text_is_nfc(STR("x\u0302\u0323")));
    assert_false(text_is_nfc(STR("\u212B"))); /* the unit, not the letter */
    assert_false(text_is_nfc(STR("\u1112\u1161\u11AB")));
}

static void nfc_leaves_the_buffer_alone_when_it_fails(void **state)
{
    (void)state;
    BUF(out, 8);
    buf_puts(&out, "12345");
    assert_int_equal(text_nfc(&out, STR("abcd")), ERR_LIMIT);
    assert_string_equal(buf_text(&out), "12345");
    buf_clear(&out);
    assert_int_equal(text_nfc(&out, STR("12345678")), ERR_OK);
    assert_int_equal(text_nfc(&out, STR("")), ERR_OK);
    assert_string_equal(buf_text(&out), "12345678");
}

static void nfc_takes_texts_up_to_the_maximum(void **state)
{
    (void)state;
    BUF(in, MAX_TEXT + 1);
    BUF(out, MAX_TEXT + 1);
    while (in.len < MAX_TEXT)
        buf_putc(&in, 'a');
    assert_int_equal(text_nfc(&out, buf_slice(&in)), ERR_OK);
    assert_int_equal(out.len, MAX_TEXT);
    buf_putc(&in, 'a');
    buf_clear(&out);
    assert_int_equal(text_nfc(&out, buf_slice(&in)), ERR_LIMIT);
}

/* Sorting marks takes time by the square of their number. */
static void nfc_refuses_endless_marks(void **state)
{
    (void)state;
    BUF(in, MAX_TEXT);
    BUF(out, MAX_TEXT);
    buf_puts(&in, "a");
    for (int i = 0; i < 30; i++)
        buf_puts(&in, i % 2 ? "\u0323" : "\u0301");
    assert_int_equal(text_nfc(&out, buf_slice(&in)), ERR_OK);
    buf_puts(&in, "\u0323");
    assert_int_equal(text_nfc(&out, buf_slice(&in)), ERR_LIMIT);
    while (in.len + 4 <= MAX_TEXT)
        buf_puts(&in, "\u0301\u0323");
    assert_false(text_is_nfc(buf_slice(&in)));
}

static void names_people_use_are_let_in(void **state)
{
    (void)state;
    static const char *const good[] = {
        "Chả mực Hạ Long",
        "Trà hoa vàng Ba Chẽ (Đạp Thanh) sấy thăng hoa",
        "ấn",
        "x",
        "HTX “Đồng Rui” – số 1 & 2…",
        "=1+1", /* harmless until a sink writes it; each sink sees to it */
        "★★★★★",
        "Rượu 29% 500\u00A0ml",
        "x\u0323\u0302", /* two marks that no letter composes with */
        "日本の\u3000酒",
        "\U0001F990",
    };
    for (size_t i = 0; i < ARRAY_LEN(good); i++)
        assert_int_equal(text_check(str_of(good[i]), MAX_NAME_COLUMNS), ERR_OK);
}

static void each_harmful_class_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "a\nb",
        "a\tb",
        "a\x1B[2Jb",
        "a\bb",
        "a\x7F",
        "a\xC2\x85 b",
        "a\xC2\x9B b",
        "a\u202Eb",
        "a\u202Ab",
        "a\u2066b",
        "a\u2069b",
        "a\u200Bb",
        "a\u200Db",
        "a\uFEFFb",
        "a\u00ADb",
        "a\U000E0041b",
        "a\U000E0001b",
        "a\uE000b",
        "a\U0010FFFDb",
        "a\u2028b",
        "a\u2029b",
        "a\uFDD0b",
        "a\uFFFEb",
        "a\U0010FFFFb",
        "a\u0378b", /* unassigned */
        "a\xED\xA0\x80 b",
        "a\xFF",
        "cha\u0309", /* NFD */
        "\u0301a",
        "x\u0301\u0302\u0303",
        "",
        " a",
        "a ",
        " ",
        "\u00A0a",
        "a\u3000",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_int_equal(text_check(str_of(bad[i]), MAX_NAME_COLUMNS),
                         ERR_INVALID);
    assert_int_equal(text_check(STR("a\0b"), MAX_NAME_COLUMNS), ERR_INVALID);
}

static void names_and_notes_have_a_width(void **state)
{
    (void)state;
    static const int limits[] = { MAX_NAME_COLUMNS, MAX_NOTE_COLUMNS };
    for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
        BUF(narrow, MAX_TEXT);
        BUF(wide, MAX_TEXT);
        for (int n = 1; n < limits[i]; n++)
            buf_puts(&narrow, "ệ");
        assert_int_equal(text_check(buf_slice(&narrow), limits[i]), ERR_OK);
        buf_puts(&narrow, "ệ");
        assert_int_equal(text_check(buf_slice(&narrow), limits[i]), ERR_OK);
        buf_puts(&narrow, "x");
        assert_int_equal(text_check(buf_slice(&narrow), limits[i]), ERR_LIMIT);
        for (int n = 0; n < limits[i] / 2; n++)
            buf_puts(&wide, "酒");
        assert_int_equal(text_check(buf_slice(&wide), limits[i]), ERR_OK);
        buf_puts(&wide, "酒");
        assert_int_equal(text_check(buf_slice(&wide), limits[i]), ERR_LIMIT);
    }
}

/* A base and two marks are at most 12 bytes: more is not even looked at. */
static void what_cannot_fit_is_refused_by_its_length(void **state)
{
    (void)state;
    BUF(long_text, MAX_TEXT);
    while (long_text.len < 12)
        buf_putc(&long_text, '\n');
    assert_int_equal(text_check(buf_slice(&long_text), 1), ERR_INVALID);
    buf_putc(&long_text, '\n');
    assert_int_equal(text_check(buf_slice(&long_text), 1), ERR_LIMIT);
}

static void clean_makes_typed_text_fit(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        { "Chả mực Hạ Long", "Chả mực Hạ Long" },
        { "  Cha\u0309  mu\u031B\u0323c ", "Chả mực" },
        { "\u00A0\u00D0ông\u3000\u2003Triều\u00A0", "Đông Triều" },
        { "a", "a" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        BUF(once, MAX_TEXT);
        BUF(twice, MAX_TEXT);
        assert_int_equal(
            text_clean(&once, str_of(rows[i][0]), MAX_NAME_COLUMNS), ERR_OK);
        assert_string_equal(buf_text(&once), rows[i][1]);
        assert_int_equal(text_clean(&twice, buf_slice(&once), MAX_NAME_COLUMNS),
                         ERR_OK);
        assert_string_equal(buf_text(&twice), rows[i][1]);
    }
}

static void clean_refuses_what_cannot_be_made_to_fit(void **state)
{
    (void)state;
    BUF(out, MAX_TEXT);
    buf_puts(&out, "before");
    assert_int_equal(text_clean(&out, STR(""), 80), ERR_INVALID);
    assert_int_equal(text_clean(&out, STR(" \u00A0 "), 80), ERR_INVALID);
    assert_int_equal(text_clean(&out, STR("a\nb"), 80), ERR_INVALID);
    assert_int_equal(text_clean(&out, STR("a\xFF"), 80), ERR_INVALID);
    assert_int_equal(text_clean(&out, STR(" \u0301a"), 80), ERR_INVALID);
    assert_int_equal(text_clean(&out, STR("abcd"), 3), ERR_LIMIT);
    assert_string_equal(buf_text(&out), "before");
    assert_true(buf_ok(&out));
    assert_int_equal(text_clean(&out, STR(" abc "), 3), ERR_OK);
    assert_string_equal(buf_text(&out), "beforeabc");
}

static void expect_fold(const char *in, const char *want)
{
    BUF(once, MAX_TEXT);
    BUF(twice, MAX_TEXT);
    text_fold(&once, str_of(in));
    assert_string_equal(buf_text(&once), want);
    text_fold(&twice, buf_slice(&once));
    assert_string_equal(buf_text(&twice), want);
}

static void fold_drops_marks_case_and_blanks(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        { "ĐƯỜNG HOA", "duong hoa" },
        { "hoà", "hoa" },
        { "hòa", "hoa" },
        { "thuỷ", "thuy" },
        { "thủy", "thuy" },
        { "Qúy", "quy" },
        { "Quý", "quy" },
        { "\u00D0ông \u00F0i", "dong di" },
        { "Cha\u0309 mu\u031B\u0323c", "cha muc" },
        { "  hai\u00A0\u3000 bờ\t\n", "hai bo" },
        { "", "" },
        { " ", "" },
        { "STRASSE Straße", "strasse strasse" },
        { "a\xFF", "a\uFFFD" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        expect_fold(rows[i][0], rows[i][1]);
}

static void fold_finds_every_vietnamese_letter(void **state)
{
    (void)state;
    for (size_t v = 0; v < ARRAY_LEN(vowels); v++) {
        char want[] = { vowels[v].base[0], '\0' };
        if (want[0] < 'a')
            want[0] = (char)(want[0] - 'A' + 'a');
        expect_fold(vowels[v].plain, want);
        for (size_t t = 0; t < ARRAY_LEN(tones); t++)
            expect_fold(vowels[v].with_tone[t], want);
    }
    expect_fold("đĐ", "dd");
}

static void fold_finds_names_of_the_fair(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        { "Chả mực Hạ Long giã tay", "cha muc ha long gia tay" },
        { "Trứng vịt biển Đồng Rui", "trung vit bien dong rui" },
        { "Trà hoa vàng Quy Hoa loại đặc biệt",
          "tra hoa vang quy hoa loai dac biet" },
        { "Ngọc trai Tahiti Hạ Long (mặt dây)",
          "ngoc trai tahiti ha long (mat day)" },
        { "Miến dong Bình Liêu", "mien dong binh lieu" },
        { "Miến dong Húc Động", "mien dong huc dong" },
        { "Thịt lợn hương Thiên Thuận Tường",
          "thit lon huong thien thuan tuong" },
        { "Rượu nấm lim xanh Ba Chẽ", "ruou nam lim xanh ba che" },
        { "Nước uống đóng chai Quang Hanh", "nuoc uong dong chai quang hanh" },
        { "Nước khoáng Quang Hanh Fresh vị chanh muối",
          "nuoc khoang quang hanh fresh vi chanh muoi" },
        { "Đông trùng hạ thảo khô Phương Thùy",
          "dong trung ha thao kho phuong thuy" },
        { "Rượu sim Quý Chuẩn", "ruou sim quy chuan" },
        { "Nấm kim châm Long Hải", "nam kim cham long hai" },
        { "Nấm đùi gà Long Hải", "nam dui ga long hai" },
        { "Mực ống Cô Tô khô", "muc ong co to kho" },
        { "Ruốc hàu Bavabi", "ruoc hau bavabi" },
        { "Nước mắm Cái Rồng", "nuoc mam cai rong" },
        { "Nước mắm sá sùng Vanbest", "nuoc mam sa sung vanbest" },
        { "Sá sùng ăn liền Thanh Tùng", "sa sung an lien thanh tung" },
        { "Cam Vạn Yên", "cam van yen" },
        { "Khâu nhục Tiên Yên", "khau nhuc tien yen" },
        { "Gà Tiên Yên nướng", "ga tien yen nuong" },
        { "Cà sáy Tiên Yên", "ca say tien yen" },
        { "Bánh gật gù Tiên Yên", "banh gat gu tien yen" },
        { "Tinh dầu tràm Tiên Yên", "tinh dau tram tien yen" },
        { "Hà treo dây Hoàng Tân", "ha treo day hoang tan" },
        { "Giò lụa Móng Cái", "gio lua mong cai" },
        { "Củ cải khô Đầm Hà", "cu cai kho dam ha" },
        { "Dưa củ cải Đầm Hà", "dua cu cai dam ha" },
        { "Ổi Hoành Bồ", "oi hoanh bo" },
        { "Mộc nhĩ đen Hoành Bồ", "moc nhi den hoanh bo" },
        { "Hoa Hoành Bồ (chậu)", "hoa hoanh bo (chau)" },
        { "Vé tham quan Thiên đường hoa Quảng La",
          "ve tham quan thien duong hoa quang la" },
        { "Mật ong Bình Liêu", "mat ong binh lieu" },
        { "Dầu sở Bình Liêu", "dau so binh lieu" },
        { "Rượu nếp cái hoa vàng Đông Triều",
          "ruou nep cai hoa vang dong trieu" },
        { "Gốm sứ mỹ nghệ Đông Triều (lọ hoa)",
          "gom su my nghe dong trieu (lo hoa)" },
        { "Sữa chua Đông Triều", "sua chua dong trieu" },
        { "Bột sắn dây tinh khiết", "bot san day tinh khiet" },
        { "Măng tây tươi", "mang tay tuoi" },
        { "Gạo lứt đóng túi", "gao lut dong tui" },
        { "Bánh chưng đặc sản (bán Tết)", "banh chung dac san (ban tet)" },
        { "Cá thu một nắng Cô Tô", "ca thu mot nang co to" },
        { "Ruốc bề bề Vân Đồn", "ruoc be be van don" },
        { "Vải chín sớm Phương Nam", "vai chin som phuong nam" },
        { "Thanh long ruột đỏ Uông Bí", "thanh long ruot do uong bi" },
        { "Trà túi lọc dược liệu Yên Tử", "tra tui loc duoc lieu yen tu" },
        { "Bánh tài lồng ệp", "banh tai long ep" },
        { "Ghẹ Trà Cổ", "ghe tra co" },
        { "Tôm thẻ chân trắng Móng Cái", "tom the chan trang mong cai" },
        { "Ngư cụ đan Hưng Học", "ngu cu dan hung hoc" },
        { "Tua tham quan làng quê Yên Đức", "tua tham quan lang que yen duc" },
    };
    assert_true(ARRAY_LEN(names) >= 50);
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        expect_fold(names[i][0], names[i][1]);
}

static void fold_is_idempotent_for_every_code_point(void **state)
{
    (void)state;
    BUF(in, MAX_TEXT);
    BUF(once, MAX_TEXT);
    BUF(twice, MAX_TEXT);
    for (int32_t code = 0; code < CODES_IN_USE; code++) {
        if (code >= 0xD800 && code <= 0xDFFF)
            continue;
        buf_clear(&in);
        buf_clear(&once);
        buf_clear(&twice);
        utf8_put(&in, code);
        text_fold(&once, buf_slice(&in));
        text_fold(&twice, buf_slice(&once));
        assert_true(str_eq(buf_slice(&once), buf_slice(&twice)));
    }
}

static void width_counts_columns(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int columns;
    } rows[] = {
        { "", 0 },
        { "abc", 3 },
        { "Chả mực Hạ Long", 15 },
        { "Cha\u0309 mu\u031B\u0323c", 7 },
        { "Trà hoa vàng Ba Chẽ (Đạp Thanh) sấy thăng hoa", 45 },
        { "★★★", 3 },
        { "50.000 ₫", 8 },
        { "酒", 2 },
        { "\U0001F990", 2 },
        { "a\tb\x1B\xC2\x85", 2 },
        { "\u0301", 0 },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(text_width(str_of(rows[i].text)), rows[i].columns);
    for (size_t v = 0; v < ARRAY_LEN(vowels); v++) {
        assert_int_equal(text_width(str_of(vowels[v].plain)), 1);
        for (size_t t = 0; t < ARRAY_LEN(tones); t++)
            assert_int_equal(text_width(str_of(vowels[v].with_tone[t])), 1);
    }
}

static const struct {
    const char *text;
    int columns;
    const char *clipped, *padded, *padded_left;
} room[] = {
    { "chả", 5, "chả", "chả  ", "  chả" },
    { "chả", 3, "chả", "chả", "chả" },
    { "chả", 2, "ch", "ch", "ch" },
    { "chả", 0, "", "", "" },
    { "chả", -1, "", "", "" },
    { "", 2, "", "  ", "  " },
    { "", -1, "", "", "" },
    { "e\u0323\u0302x", 1, "e\u0323\u0302", "e\u0323\u0302", "e\u0323\u0302" },
    { "ae\u0323\u0302", 1, "a", "a", "a" },
    { "酒酒", 3, "酒", "酒 ", " 酒" },
    { "酒", 1, "", " ", " " },
    /* A family is one grapheme, though terminals may give it more room. */
    { "a\U0001F468\u200D\U0001F469b", 3, "a", "a  ", "  a" },
};

static void clip_cuts_between_graphemes(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(room); i++) {
        struct str got = text_clip(str_of(room[i].text), room[i].columns);
        assert_true(str_is(got, room[i].clipped));
    }
}

static void pad_fills_to_the_column(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(room); i++) {
        BUF(right, MAX_TEXT);
        BUF(left, MAX_TEXT);
        text_pad(&right, str_of(room[i].text), room[i].columns);
        text_pad_left(&left, str_of(room[i].text), room[i].columns);
        assert_string_equal(buf_text(&right), room[i].padded);
        assert_string_equal(buf_text(&left), room[i].padded_left);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_takes_every_code_point_and_gives_it_back),
        cmocka_unit_test(utf8_refuses_what_is_not_utf8),
        cmocka_unit_test(a_broken_byte_counts_as_one_replacement),
        cmocka_unit_test(each_vietnamese_letter_composes),
        cmocka_unit_test(nang_below_comes_first_in_nfd),
        cmocka_unit_test(look_alikes_of_d_are_mapped),
        cmocka_unit_test(is_nfc_is_right_for_every_code_point),
        cmocka_unit_test(is_nfc_is_right_for_pairs),
        cmocka_unit_test(is_nfc_sees_marks_wherever_they_stand),
        cmocka_unit_test(nfc_leaves_the_buffer_alone_when_it_fails),
        cmocka_unit_test(nfc_takes_texts_up_to_the_maximum),
        cmocka_unit_test(nfc_refuses_endless_marks),
        cmocka_unit_test(names_people_use_are_let_in),
        cmocka_unit_test(each_harmful_class_is_refused),
        cmocka_unit_test(names_and_notes_have_a_width),
        cmocka_unit_test(what_cannot_fit_is_refused_by_its_length),
        cmocka_unit_test(clean_makes_typed_text_fit),
        cmocka_unit_test(clean_refuses_what_cannot_be_made_to_fit),
        cmocka_unit_test(fold_drops_marks_case_and_blanks),
        cmocka_unit_test(fold_finds_every_vietnamese_letter),
        cmocka_unit_test(fold_finds_names_of_the_fair),
        cmocka_unit_test(fold_is_idempotent_for_every_code_point),
        cmocka_unit_test(width_counts_columns),
        cmocka_unit_test(clip_cuts_between_graphemes),
        cmocka_unit_test(pad_fills_to_the_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
