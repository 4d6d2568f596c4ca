/*
 * test_code_sheet.c - codes and hot keys as they lie beside the till.
 */
#include "pos/paper/code_sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>
#include <unistd.h>

#include "fair/i18n.h"
#include "fair/text.h"
#include "pos/commands/commands.h"
#include "pos/paper/slip.h"
#include "pos/screens/action.h"
#include "tests/support/till_fixture.h"

static struct till_fixture f;
static struct buf out;

// clang-format off
#define T(text) { text, sizeof(text) - 1 }
static const struct product products[] = {
    { .code = T("12"), .sku = T("TH-01"), .name = T("Trà hoa vàng"),
      .unit = T("hộp"), .price_vnd = 120000, .hotkey = 12 },
    { .code = T("2"), .sku = T("CM-KG"), .name = T("Chả mực"),
      .unit = T("kg"), .price_vnd = 450000, .hotkey = 1 },
    { .code = T("100"), .sku = T("QUA"), .name = T("Quà tặng"),
      .unit = T("cái"), .price_vnd = 0 },
    { .code = T("11"), .sku = T("RH-01"),
      .name = T("Ruốc hàu Vân Đồn đóng hộp thủy tinh loại đặc biệt"),
      .unit = T("lọ 200g"), .price_vnd = 1185000, .hotkey = 10 },
    { .code = T("A1"), .sku = T("BAD"), .name = T("x\u202Ey"),
      .unit = T("cái"), .price_vnd = 1 },
};
// clang-format on

static int set_up(void **state)
{
    struct list_fair fair = till_fixture_fair();
    (void)state;
    i18n_init("en");
    till_fixture_init(&f);
    till_fixture_adopt(&f, &fair, products, (int)ARRAY_LEN(products));
    till_fixture_open(&f);
    buf_init(&out, MAX_OUTPUT);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buf_done(&out);
    till_fixture_done(&f);
    return 0;
}

static void adopt(const struct product *list, int n)
{
    struct list_fair fair = till_fixture_fair();
    till_fixture_close(&f);
    till_fixture_adopt(&f, &fair, list, n);
    till_fixture_open(&f);
}

static void m03_a_sheet_of_48_columns_looks_like_this(void **state)
{
    (void)state;
    code_sheet_render(&f.till, SLIP_WIDE, &out);
    assert_string_equal(buf_text(&out),
                        "             Hội chợ OCOP Xuân 2020\n"
                        "                  A1 · Hạ Long\n"
                        "================================================\n"
                        "               CODES AND HOT KEYS\n"
                        "List                                           2\n"
                        "Products                                       5\n"
                        "------------------------------------------------\n"
                        "Alt-1   2  Chả mực, kg                   450.000\n"
                        "Alt-0  11  Ruốc hàu Vân Đồn đóng hộp thủy tinh\n"
                        "           loại đặc biệt, lọ 200g      1.185.000\n"
                        "Alt-=  12  Trà hoa vàng, hộp             120.000\n"
                        "------------------------------------------------\n"
                        "  2  Chả mực, kg                         450.000\n"
                        " 11  Ruốc hàu Vân Đồn đóng hộp thủy tinh loại\n"
                        "     đặc biệt, lọ 200g                 1.185.000\n"
                        " 12  Trà hoa vàng, hộp                   120.000\n"
                        " A1  xU+202Ey, cái                             1\n"
                        "100  Quà tặng, cái                             0\n");
}

static void m03_a_sheet_of_32_columns_looks_like_this(void **state)
{
    (void)state;
    code_sheet_render(&f.till, SLIP_NARROW, &out);
    assert_string_equal(buf_text(&out), "     Hội chợ OCOP Xuân 2020\n"
                                        "          A1 · Hạ Long\n"
                                        "================================\n"
                                        "       CODES AND HOT KEYS\n"
                                        "List                           2\n"
                                        "Products                       5\n"
                                        "--------------------------------\n"
                                        "Alt-1   2  Chả mực, kg   450.000\n"
                                        "Alt-0  11  Ruốc hàu Vân Đồn đóng\n"
                                        "           hộp thủy tinh loại\n"
                                        "           đặc biệt, lọ 200g\n"
                                        "                       1.185.000\n"
                                        "Alt-=  12  Trà hoa vàng, hộp\n"
                                        "                         120.000\n"
                                        "--------------------------------\n"
                                        "  2  Chả mực, kg         450.000\n"
                                        " 11  Ruốc hàu Vân Đồn đóng hộp\n"
                                        "     thủy tinh loại đặc biệt, lọ\n"
                                        "     200g              1.185.000\n"
                                        " 12  Trà hoa vàng, hộp   120.000\n"
                                        " A1  xU+202Ey, cái             1\n"
                                        "100  Quà tặng, cái             0\n");
}

static void a_booth_without_hot_keys_has_codes_alone(void **state)
{
    (void)state;
    adopt(till_fixture_products, till_fixture_n_products);
    code_sheet_render(&f.till, SLIP_NARROW, &out);
    assert_null(strstr(buf_text(&out), "Alt"));
    assert_non_null(strstr(buf_text(&out),
                           "Products                       6\n"
                           "--------------------------------\n"
                           "1  Chả mực, kg           450.000\n"
                           "2  Trà hoa vàng, hộp     120.000\n"));
}

static void a_list_of_nothing_is_a_head_alone(void **state)
{
    (void)state;
    adopt(NULL, 0);
    code_sheet_render(&f.till, SLIP_NARROW, &out);
    assert_non_null(strstr(buf_text(&out),
                           "Products                       0\n"
                           "--------------------------------\n"));
    assert_int_equal(out.data[out.len - 2], '-');
}

/* Whatever a name may be, no line is wider than the paper. */
static void every_line_fits_the_paper(void **state)
{
    static const char names[] =
        "Mật ong rừng Tiên Yên 茶茶茶茶茶茶茶茶茶茶"
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    struct product list[60] = { 0 };
    char codes[60][9];
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(list); i++) {
        int n = snprintf(codes[i], sizeof(codes[i]), "%zu", i * i * i + 1);
        list[i] = (struct product){ .code = { codes[i], (size_t)n },
                                    .sku = { codes[i], (size_t)n },
                                    .name = text_clip(STR(names), 1 + (int)i),
                                    .unit = STR("kg"),
                                    .hotkey = (int64_t)i < 13 ? (int64_t)i : 0,
                                    .price_vnd = INT64_C(9999999999999) };
    }
    adopt(list, (int)ARRAY_LEN(list));
    for (int columns = SLIP_NARROW; columns <= SLIP_WIDE; columns += 16) {
        buf_clear(&out);
        code_sheet_render(&f.till, columns, &out);
        struct str rest = buf_slice(&out);
        while (rest.len > 0) {
            const char *end = memchr(rest.data, '\n', rest.len);
            assert_non_null(end);
            struct str line = { rest.data, (size_t)(end - rest.data) };
            assert_in_range(text_width(line), 0, columns);
            rest.data += line.len + 1;
            rest.len -= line.len + 1;
        }
    }
}

static void the_order_is_that_of_codes_shorter_ones_first(void **state)
{
    static const char *const want[] = { "2", "11", "12", "A1", "100" };
    const struct product **all = code_sheet_order(f.till.lists);
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(want); i++)
        assert_true(str_is(all[i]->code, want[i]));
    free(all);
}

static void m03_the_sheet_names_the_keys_the_till_listens_to(void **state)
{
    (void)state;
    for (int key = 1; key <= MAX_HOTKEY; key++) {
        struct product p = { .code = T("7"),
                             .sku = T("X"),
                             .name = T("x"),
                             .unit = T("kg"),
                             .hotkey = key };
        BUF(id, 16);
        BUF(line, 64);
        buf_printf(&id, "hot-%d", key);
        const struct action *action = action_find(buf_text(&id));
        assert_non_null(action);
        buf_printf(&line, "\n%s 7  x, kg ", action->keys[0]);
        adopt(&p, 1);
        buf_clear(&out);
        code_sheet_render(&f.till, SLIP_NARROW, &out);
        assert_non_null(strstr(buf_text(&out), buf_text(&line)));
    }
}

/* ---- the command ---- */

static enum err command(const char *format, struct cli *cli)
{
    const char *argv[] = { "fair-pos", "--data", f.dir, "--format",
                           format,     "codes",  NULL };
    till_fixture_close(&f);
    return cli_carry_out(pos_program(), 6, argv, cli);
}

static void m03_the_command_prints_the_sheet(void **state)
{
    struct cli cli;
    (void)state;
    code_sheet_render(&f.till, SLIP_WIDE, &out);
    assert_int_equal(command("text", &cli), ERR_OK);
    assert_string_equal(buf_text(&cli.out), buf_text(&out));
    cli_done(&cli);
}

static void scripts_read_codes_in_the_same_order(void **state)
{
    struct cli cli;
    const char *code;
    json_int_t price, hotkey;
    json_t *none;
    (void)state;
    assert_int_equal(command("json", &cli), ERR_OK);
    json_t *doc = json_loadb(cli.out.data, cli.out.len, 0, NULL);
    json_t *all = json_object_get(doc, "products");
    assert_int_equal(json_array_size(all), ARRAY_LEN(products));
    assert_int_equal(json_unpack(json_array_get(all, 1), "{s:s,s:I,s:I}",
                                 "code", &code, "price_vnd", &price, "hotkey",
                                 &hotkey),
                     0);
    assert_string_equal(code, "11");
    assert_int_equal(price, 1185000);
    assert_int_equal(hotkey, 10);
    assert_int_equal(
        json_unpack(json_array_get(all, 4), "{s:o}", "hotkey", &none), 0);
    assert_true(json_is_null(none));
    json_decref(doc);
    cli_done(&cli);
}

static void a_till_without_lists_says_how_to_fetch_them(void **state)
{
    struct cli cli;
    (void)state;
    till_fixture_close(&f);
    assert_int_equal(unlink(scratch_path(f.dir, "sync.db")), 0);
    assert_int_equal(command("text", &cli), ERR_NOT_SET_UP);
    assert_string_equal(buf_text(&cli.detail),
                        "there are no lists yet: run `fair-sync once`");
    cli_done(&cli);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            m03_a_sheet_of_48_columns_looks_like_this, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            m03_a_sheet_of_32_columns_looks_like_this, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_booth_without_hot_keys_has_codes_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_list_of_nothing_is_a_head_alone,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_line_fits_the_paper, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            the_order_is_that_of_codes_shorter_ones_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            m03_the_sheet_names_the_keys_the_till_listens_to, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(m03_the_command_prints_the_sheet,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(scripts_read_codes_in_the_same_order,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_till_without_lists_says_how_to_fetch_them, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
