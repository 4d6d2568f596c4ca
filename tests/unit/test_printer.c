/*
 * test_printer.c - jobs as bytes, read back by a printer of the tests: the
 * words of a slip arrive in every alphabet, and nothing else does.
 */
#include "pos/paper/printer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/text.h"
#include "pos/commands/commands.h"
#include "pos/paper/qr.h"
#include "tests/support/kept.h"
#include "tests/support/scratch.h"

#define PAYLOAD                                                         \
    "00020101021238570010A00000072701270006970405011380002051234560208" \
    "QRIBFTTA530370454062500005802VN62210817OCOP G12 HD0001236304F116"

static const enum profile profiles[] = { PROFILE_RASTER, PROFILE_TCVN3,
                                         PROFILE_CP1258, PROFILE_VISCII,
                                         PROFILE_ASCII,  PROFILE_TEXT };

static struct printer printer;
static struct press *press;
static struct buf bytes;

static int set_up(void **state)
{
    (void)state;
    printer = (struct printer){
        .device = "none",
        .profile = PROFILE_ASCII,
        .columns = 32,
        .table = -1,
        .table_capitals = -1,
        .font = "/usr/share/fonts/truetype/noto/NotoMono-Regular.ttf",
        .drawer_pin = -1,
        .cut = true
    };
    press = press_open();
    buf_init(&bytes, MAX_OUTPUT);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    press_close(press);
    buf_done(&bytes);
    return 0;
}

static void render(enum profile profile, const struct job *job)
{
    printer.profile = profile;
    printer.table = profile == PROFILE_VISCII ? 60 : -1;
    buf_clear(&bytes);
    assert_int_equal(job_render(&printer, job, &bytes, NULL), ERR_OK);
}

/* Renders and prints onto fresh paper; what can be read on it. */
static const char *print(enum profile profile, const struct job *job)
{
    render(profile, job);
    press_close(press);
    press = press_open();
    press_print(press, buf_slice(&bytes));
    return buf_text(&press->text);
}

static void is_bytes(const void *expected, size_t len)
{
    assert_int_equal(bytes.len, len);
    assert_memory_equal(bytes.data, expected, len);
}

#define BYTES(...)                             \
    is_bytes((const uint8_t[]){ __VA_ARGS__ }, \
             sizeof((const uint8_t[]){ __VA_ARGS__ }))

/* ---- bytes ---- */

static void m20_golden_bytes_of_every_profile(void **state)
{
    struct job job = { .text = STR("Chả ĐỎ\n") };
    (void)state;
    printer.cut = false;
    render(PROFILE_TCVN3, &job);
    BYTES(0x1B, 0x40, 0x1C, 0x2E, 'C', 'h', 0x1B, 0x74, 30, 0xB6, ' ', 0xA7,
          0x1B, 0x74, 31, 0xE1, 0x0A, 0x1B, 0x64, 5);
    render(PROFILE_CP1258, &job);
    BYTES(0x1B, 0x40, 0x1C, 0x2E, 'C', 'h', 0x1B, 0x74, 52, 'a', 0xD2, ' ',
          0xD0, 'O', 0xD2, 0x0A, 0x1B, 0x64, 5);
    render(PROFILE_VISCII, &job);
    BYTES(0x1B, 0x40, 0x1C, 0x2E, 'C', 'h', 0x1B, 0x74, 60, 0xE4, ' ', 0xD0,
          0x99, 0x0A, 0x1B, 0x64, 5);
    render(PROFILE_ASCII, &job);
    BYTES(0x1B, 0x40, 0x1C, 0x2E, 'C', 'h', 'a', ' ', 'D', 'O', 0x0A, 0x1B,
          0x64, 5);
    render(PROFILE_TEXT, &job);
    is_bytes("Chả ĐỎ\n", strlen("Chả ĐỎ\n"));
    job.text = STR("\n");
    render(PROFILE_RASTER, &job);
    assert_int_equal(bytes.len, 4 + 8 + 24 + 3);
    assert_memory_equal(bytes.data, "\x1B@\x1C.\x1Dv0\0\x01\0\x18\0", 12);
}

static void code_pages_are_the_ones_configured(void **state)
{
    struct job job = { .text = STR("ảẢ\n") };
    (void)state;
    printer.profile = PROFILE_TCVN3;
    printer.cut = false;
    printer.table = 49;
    printer.table_capitals = 50;
    assert_int_equal(job_render(&printer, &job, &bytes, NULL), ERR_OK);
    BYTES(0x1B, 0x40, 0x1C, 0x2E, 0x1B, 0x74, 49, 0xB6, 0x1B, 0x74, 50, 0xB6,
          0x0A, 0x1B, 0x64, 5);
}

static void the_drawer_opens_before_anything_is_printed(void **state)
{
    struct job job = { .text = STR("x\n"), .drawer = true };
    (void)state;
    printer.cut = false;
    print(PROFILE_ASCII, &job);
    assert_int_equal(press->kicks, 0); /* none is there */
    printer.drawer_pin = 1;
    print(PROFILE_ASCII, &job);
    BYTES(0x1B, 0x40, 0x1C, 0x2E, 0x1B, 0x70, 1, 50, 250, 'x', 0x0A, 0x1B, 0x64,
          5);
    assert_int_equal(press->kicks, 1);
    print(PROFILE_RASTER, &job);
    assert_int_equal(press->kicks, 1);
    assert_int_equal(press->pin, 1);
    job.drawer = false;
    print(PROFILE_RASTER, &job);
    assert_int_equal(press->kicks, 0);
}

static void paper_is_cut_where_there_is_a_knife(void **state)
{
    struct job job = { .text = STR("x\n") };
    (void)state;
    print(PROFILE_ASCII, &job);
    assert_int_equal(press->cuts, 1);
    assert_memory_equal(bytes.data + bytes.len - 3, "\x1DV\x01", 3);
    printer.cut = false;
    print(PROFILE_ASCII, &job);
    assert_int_equal(press->cuts, 0);
}

/* ---- words ---- */

static void every_alphabet_says_the_same_words(void **state)
{
    static const char text[] =
        "Trà hoa vàng Ba Chẽ\nNước mắm Cái Rồng, ổi Bình Liêu\n"
        "ĐẶC SẢN HẠ LONG ẤẦẨẬ ĂẮẰẶ ƠỚỜỞỢ ƯỨỪỬỰ\nỹ ỵ ỷ ự ử ễ\n";
    struct job job = { .text = STR(text) };
    (void)state;
    assert_string_equal(print(PROFILE_TCVN3, &job), text);
    assert_string_equal(print(PROFILE_CP1258, &job), text);
    assert_string_equal(print(PROFILE_VISCII, &job), text);
    assert_string_equal(print(PROFILE_ASCII, &job),
                        "Tra hoa vang Ba Che\nNuoc mam Cai Rong, oi Binh Lieu\n"
                        "DAC SAN HA LONG AAAA AAAA OOOOO UUUUU\ny y y u u e\n");
}

static void large_lines_are_laid_out_in_half_the_columns(void **state)
{
    struct job job = { .text = STR("        PHIẾU BÁN\n"
                                   "TOTAL          403.250 đ\n"
                                   "small\n"
                                   "   PRACTICE - NOT A SALE\n"
                                   "left\n"),
                       .large = { 0, 1, 3, 4 },
                       .n_large = 4 };
    (void)state;
    assert_string_equal(print(PROFILE_ASCII, &job), "   PHIEU BAN\n"
                                                    "TOTAL  403.250 d\n"
                                                    "small\n"
                                                    "   PRACTICE - NOT A SALE\n"
                                                    "left\n");
    assert_int_equal(press->sizes[2][2], 3);
    assert_int_equal(press->sizes[1][2], 1);
    assert_int_equal(press->sizes[1][1], 1);
    print(PROFILE_RASTER, &job);
    assert_int_equal(press->rows, 4 * 48 + 24);
    assert_true(press->width <= 384);
    render(PROFILE_TEXT, &job);
    is_bytes(job.text.data, job.text.len);
}

static void without_its_font_raster_prints_plain_letters(void **state)
{
    struct job job = { .text = STR("Chả mực\n") };
    bool plain = false;
    (void)state;
    printer.profile = PROFILE_RASTER;
    assert_int_equal(job_render(&printer, &job, &bytes, &plain), ERR_OK);
    assert_false(plain);
    printer.font = "/no/such/font.ttf";
    buf_clear(&bytes);
    assert_int_equal(job_render(&printer, &job, &bytes, &plain), ERR_OK);
    assert_true(plain);
    press_print(press, buf_slice(&bytes));
    assert_string_equal(buf_text(&press->text), "Cha muc\n");
}

static void strips_fit_into_the_memory_of_small_printers(void **state)
{
    struct job job = { .text = STR("TỔNG CỘNG               x\n"
                                   "MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM\n"),
                       .large = { 0 },
                       .n_large = 1,
                       .qr = STR(PAYLOAD) };
    (void)state;
    print(PROFILE_RASTER, &job);
    assert_int_equal(press->width, 384);
    assert_int_equal(press->largest, 48);
    printer.columns = 48;
    job.text = STR("MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM\n");
    print(PROFILE_RASTER, &job);
    assert_int_equal(press->width, 576);
}

static void a_job_has_a_largest_size(void **state)
{
    struct job job = { 0 };
    BUF(text, MAX_JOB);
    (void)state;
    for (int i = 0; i < 40000; i++)
        buf_puts(&text, "MMMMMMMMMMMMMMMM\n");
    job.text = buf_slice(&text);
    printer.profile = PROFILE_RASTER;
    assert_int_equal(job_render(&printer, &job, &bytes, NULL), ERR_LIMIT);
    assert_int_equal(bytes.len, 0);
}

/* ---- QR ---- */

/* Dots of the module at (x, y), all of one colour; which. */
static bool module(int x, int y, int left, int top, int dots)
{
    bool dark = press->dots[top + y * dots][left + x * dots];
    for (int i = 0; i < dots * dots; i++)
        assert_int_equal(
            press->dots[top + y * dots + i / dots][left + x * dots + i % dots],
            dark);
    return dark;
}

/* The paper begins with this code, in the middle. */
static void shows(const struct qr *qr)
{
    int dots = 6, left = (printer.columns * 12 - qr->size * dots) / 2;
    for (int n = 0; n < qr->size * qr->size; n++) {
        int x = n % qr->size, y = n / qr->size;
        assert_int_equal(module(x, y, left, 4 * dots, dots), qr->dark[n]);
    }
}

static void a_qr_code_is_dots_on_every_printer(void **state)
{
    static struct qr qr;
    struct job job = { .qr = STR(PAYLOAD), .qr_caption = STR("Quét") };
    (void)state;
    assert_int_equal(qr_make(job.qr, &qr), ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(profiles) - 1; i++) {
        printer.columns = 48;
        print(profiles[i], &job);
        shows(&qr);
        printer.columns = 32;
        print(profiles[i], &job);
        shows(&qr);
    }
    assert_string_equal(buf_text(&press->text), "              Quet\n");
    render(PROFILE_TEXT, &job);
    assert_null(memchr(bytes.data, 0x1B, bytes.len));
}

static void a_payload_that_no_code_holds_is_refused(void **state)
{
    static char much[5000];
    struct job job = { .text = STR("x\n"), .qr = { much, sizeof(much) } };
    (void)state;
    memset(much, 'x', sizeof(much));
    assert_int_equal(job_render(&printer, &job, &bytes, NULL), ERR_LIMIT);
    assert_int_equal(bytes.len, 0);
}

/* ---- what names may not do ---- */

static bool is_visible(int32_t code)
{
    return code >= ' ' && (code < 0x7F || code > 0x9F) && code != 0x202E &&
           code != 0x2066 && code != 0x200B;
}

/* The job is words, one piece of paper, and nothing else. */
static void stays_words(enum profile profile, const struct job *job)
{
    size_t at = 0;
    int32_t code;
    if (profile != PROFILE_TEXT) {
        print(profile, job);
        assert_int_equal(press->begun, 1);
        assert_int_equal(press->kicks, 0);
        assert_int_equal(press->cuts, 1);
        return;
    }
    render(PROFILE_TEXT, job);
    while ((code = utf8_next(buf_slice(&bytes), &at)) >= 0)
        assert_true(code == '\n' || is_visible(code));
}

/* Every way of speaking to a printer, in one name after the other. */
static void hostile_names_stay_words_in_every_profile(void **state)
{
    const struct str names[] = {
        STR("\x1Bp\0\x32\xFA open the drawer"),
        STR("\x1DV\0 cut"),
        STR("\x1B@\x1B=\0 gone"),
        STR("\x1Dv0\0\xFF\xFF\xFF\xFF eaten"),
        STR("\x1D(k\x04\0\x31\x41\x32\0"),
        STR("\x10\x14\x01\0\x05 real-time"),
        STR("a\rb\x08c\td\x0B\x0C\x7F\x80\x9B"),
        STR("\xC2\x9B"
            "31m \xC2\x85 C1"),
        STR("\xE2\x80\xAE lave \xE2\x80\xAC\xE2\x81\xA6 bidi \xE2\x81\xA9"),
        STR("\xE2\x80\x8B\xE2\x80\x8D\xEF\xBB\xBF zero"),
        STR("\xF3\xA0\x81\x81 tag \xFF\xFE \xED\xA0\x80 \xC0\x9B bad"),
        STR("a\xCC\x80\xCC\x81\xCC\x82\xCC\x83\xCC\x84\xCC\x85 zalgo"),
        STR("\0\0\0"),
    };
    (void)state;
    printer.drawer_pin = 0;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct job job = { .text = names[i],
                           .large = { 0 },
                           .n_large = (int)(i % 2),
                           .qr_caption = names[i] };
        for (size_t k = 0; k < ARRAY_LEN(profiles); k++)
            stays_words(profiles[k], &job);
    }
}

static void random_names_stay_words_in_every_profile(void **state)
{
    uint64_t chance = 0x9E3779B97F4A7C15;
    (void)state;
    printer.drawer_pin = 0;
    for (int round = 0; round < 300; round++) {
        char name[64];
        for (size_t i = 0; i < sizeof(name); i++) {
            chance ^= chance << 13;
            chance ^= chance >> 7;
            chance ^= chance << 17;
            name[i] = (char)(chance >> (round % 2 ? 60 : 32));
        }
        struct job job = { .text = { name, sizeof(name) } };
        for (size_t k = 0; k < ARRAY_LEN(profiles); k++)
            stays_words(profiles[k], &job);
    }
}

/* ---- the test page ---- */

static bool page_has(const char *what)
{
    return strstr(buf_text(&press->text), what) != NULL;
}

static void m20_the_test_page_shows_what_to_configure(void **state)
{
    (void)state;
    assert_int_equal(printer_test_page(&printer, &bytes), ERR_OK);
    press_print(press, buf_slice(&bytes));
    assert_true(page_has(".........1.........2.........3..\n"));
    assert_true(page_has("printer_profile = raster\n"));
    assert_true(page_has("printer_profile = tcvn3\n"
                         "printer_table = 30\n"
                         "printer_table_capitals = 31\n"
                         "Chả mực Hạ Long - ổi, dứa, mít\n"));
    assert_true(page_has("printer_profile = cp1258\n"
                         "printer_table = 52\n"
                         "Chả mực Hạ Long - ổi, dứa, mít\n"));
    assert_true(page_has("printer_profile = viscii\n"));
    assert_true(page_has("printer_profile = ascii\n"
                         "Cha muc Ha Long - oi, dua, mit\n"));
    assert_int_equal(press->cuts, 1);
    assert_int_equal(press->kicks, 0);
    kept_picture("test-page.dots", press);
}

static void the_test_page_says_when_the_font_is_missing(void **state)
{
    (void)state;
    printer.font = "/no/such/font.ttf";
    assert_int_equal(printer_test_page(&printer, &bytes), ERR_OK);
    press_print(press, buf_slice(&bytes));
    assert_true(page_has("(printer_font cannot be read)\n"));
}

static void the_test_page_of_a_text_printer_is_text(void **state)
{
    (void)state;
    printer.profile = PROFILE_TEXT;
    assert_int_equal(printer_test_page(&printer, &bytes), ERR_OK);
    assert_null(memchr(bytes.data, 0x1B, bytes.len));
    assert_non_null(strstr(buf_text(&bytes), "Chả mực Hạ Long"));
}

/* ---- configuration ---- */

static enum err configure(const char *lines, struct printer *out,
                          struct conf **kept)
{
    char dir[SCRATCH_ROOM];
    BUF(why, MAX_TEXT);
    scratch_make(dir);
    scratch_write(dir, "fair-pos.conf", str_of(lines));
    const struct cli_program *program = pos_program();
    struct conf_source from = { program->name, dir, program->conf_defaults,
                                program->conf_keys };
    assert_int_equal(conf_load(&from, &why, kept), ERR_OK);
    enum err e = printer_conf(*kept, out);
    scratch_remove(dir);
    return e;
}

static void the_configuration_is_read_whole(void **state)
{
    static const char *const bad[] = { "printer = lp0\n", "printer = file:\n",
                                       "printer = command:\n", "printer =\n" };
    struct printer p;
    struct conf *conf;
    (void)state;
    assert_int_equal(configure("", &p, &conf), ERR_OK);
    assert_string_equal(p.device, "none");
    assert_int_equal(p.profile, PROFILE_RASTER);
    assert_int_equal(p.columns, 48);
    assert_int_equal(p.table, -1);
    assert_int_equal(p.drawer_pin, -1);
    assert_true(p.cut);
    conf_free(conf);
    assert_int_equal(configure("printer = /dev/usb/lp0\n"
                               "printer_profile = viscii\n"
                               "printer_columns = 32\n"
                               "printer_table = 7\n"
                               "printer_table_capitals = 8\n"
                               "printer_font = /f.ttf\n"
                               "printer_cut = no\n"
                               "drawer_pin = 1\n",
                               &p, &conf),
                     ERR_OK);
    assert_string_equal(p.device, "/dev/usb/lp0");
    assert_int_equal(p.profile, PROFILE_VISCII);
    assert_int_equal(p.columns, 32);
    assert_int_equal(p.table, 7);
    assert_int_equal(p.table_capitals, 8);
    assert_string_equal(p.font, "/f.ttf");
    assert_int_equal(p.drawer_pin, 1);
    assert_false(p.cut);
    conf_free(conf);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_int_equal(configure(bad[i], &p, &conf), ERR_CONFIG);
        conf_free(conf);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(m20_golden_bytes_of_every_profile),
        TEST(code_pages_are_the_ones_configured),
        TEST(the_drawer_opens_before_anything_is_printed),
        TEST(paper_is_cut_where_there_is_a_knife),
        TEST(every_alphabet_says_the_same_words),
        TEST(large_lines_are_laid_out_in_half_the_columns),
        TEST(without_its_font_raster_prints_plain_letters),
        TEST(strips_fit_into_the_memory_of_small_printers),
        TEST(a_job_has_a_largest_size),
        TEST(a_qr_code_is_dots_on_every_printer),
        TEST(a_payload_that_no_code_holds_is_refused),
        TEST(hostile_names_stay_words_in_every_profile),
        TEST(random_names_stay_words_in_every_profile),
        TEST(m20_the_test_page_shows_what_to_configure),
        TEST(the_test_page_says_when_the_font_is_missing),
        TEST(the_test_page_of_a_text_printer_is_text),
        TEST(the_configuration_is_read_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
