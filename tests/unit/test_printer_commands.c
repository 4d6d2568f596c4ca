/*
 * test_printer_commands.c - `print`, `printer test`, `printer status`: on a
 * directory that holds nothing but a configuration.
 */
#include "pos/commands/commands.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"
#include "pos/paper/spool.h"
#include "tests/support/cli_run.h"
#include "tests/support/press.h"
#include "tests/support/scratch.h"

static char dir[SCRATCH_ROOM];

static int set_up(void **state)
{
    (void)state;
    scratch_make(dir);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    scratch_remove(dir);
    return 0;
}

/* The configuration: this device, and text. */
static void configure(const char *device, const char *profile)
{
    BUF(lines, MAX_TEXT);
    buf_printf(&lines, "printer = %s\nprinter_profile = %s\nlanguage = en\n",
               device, profile);
    scratch_write(dir, "fair-pos.conf", buf_slice(&lines));
}

static void configure_file(const char *profile)
{
    BUF(device, MAX_TEXT);
    buf_printf(&device, "file:%s/slips", dir);
    configure(buf_text(&device), profile);
}

static struct cli_result command(const char *first, const char *second,
                                 const char *third)
{
    const char *words[] = { first, second, third, NULL };
    const char *all[8] = { "--data", dir };
    int n = 2;
    for (int i = 0; words[i]; i++)
        all[n++] = words[i];
    all[n] = NULL;
    /* The tests' input is at its end. */
    return cli_run(pos_program(), CLI_RUN_CAUGHT, all);
}

static void queue(const char *text)
{
    assert_int_equal(spool_put(dir, str_of(text)), ERR_OK);
}

static int waiting(void)
{
    char first[SPOOL_NAME];
    return spool_look(dir, first);
}

static void print_empties_the_spool_and_ends_with_its_input(void **state)
{
    BUF(slips, MAX_TEXT);
    (void)state;
    configure_file("text");
    queue("one\n");
    queue("two\n");
    CLI_RESULT r = command("print", NULL, NULL);
    assert_int_equal(r.code, 0);
    assert_int_equal(waiting(), 0);
    scratch_read(dir, "slips", &slips);
    assert_string_equal(buf_text(&slips), "one\ntwo\n");
    text_has(&r.out, "Slips waiting: 0\n");
}

static void print_says_why_slips_wait(void **state)
{
    (void)state;
    configure("/no/such/printer", "raster");
    queue("one\n");
    CLI_RESULT r = command("print", NULL, NULL);
    assert_int_equal(r.code, 1);
    text_has(&r.err, "the printer does not take anything: /no/such/printer: "
                     "No such file or directory\n");
    assert_int_equal(waiting(), 1);
}

static void print_without_a_printer_is_refused(void **state)
{
    (void)state;
    configure("none", "raster");
    CLI_RESULT r = command("print", NULL, NULL);
    assert_int_equal(r.code, 1);
    text_has(&r.err, "no printer is configured");
    configure("lp0", "raster");
    CLI_RESULT bad = command("printer", "status", NULL);
    assert_int_equal(bad.code, 1);
    text_has(&bad.err, "printer = lp0");
}

static void m20_the_test_page_reaches_the_printer(void **state)
{
    BUF(slips, MAX_OUTPUT);
    (void)state;
    configure_file("tcvn3");
    CLI_RESULT r = command("printer", "test", NULL);
    assert_int_equal(r.code, 0);
    scratch_read(dir, "slips", &slips);
    struct press *press = press_open();
    press_print(press, buf_slice(&slips));
    text_has(&press->text, "printer_profile = tcvn3\n");
    assert_int_equal(press->cuts, 1);
    press_close(press);
    assert_int_equal(waiting(), 0);
}

static void the_test_page_can_go_to_a_file_without_a_printer(void **state)
{
    char out[SCRATCH_ROOM + 16], desk[SCRATCH_ROOM];
    BUF(page, MAX_OUTPUT);
    (void)state;
    scratch_make(desk);
    configure("none", "raster");
    snprintf(out, sizeof(out), "--out=%s/page", desk);
    CLI_RESULT r = command("printer", "test", out);
    assert_int_equal(r.code, 0);
    assert_int_equal(r.out.len, 0);
    scratch_read(desk, "page", &page);
    scratch_remove(desk);
    struct press *press = press_open();
    press_print(press, buf_slice(&page));
    assert_int_equal(press->cuts, 1);
    press_close(press);
    CLI_RESULT none = command("printer", "test", NULL);
    assert_int_equal(none.code, 1);
}

/* Who prints from this spool prints the page, too. */
static void the_test_page_is_left_to_a_companion(void **state)
{
    struct lock *lock;
    BUF(path, MAX_TEXT);
    (void)state;
    configure_file("ascii");
    spool_path(dir, &path);
    assert_int_equal(env_dir_make(buf_text(&path)), ERR_OK);
    struct lock_request want = { buf_text(&path), "lock", "a companion", 0 };
    assert_int_equal(lock_take(&want, NULL, &lock), ERR_OK);
    CLI_RESULT r = command("printer", "test", NULL);
    lock_close(lock);
    assert_int_equal(r.code, 0);
    text_has(&r.out, "Slips waiting: 1\n");
}

static void status_tells_people_and_scripts(void **state)
{
    (void)state;
    configure("/no/such/printer", "cp1258");
    queue("one\n");
    CLI_RESULT r = command("printer", "status", NULL);
    assert_int_equal(r.code, 0);
    text_has(&r.out, "Printer: /no/such/printer\n"
                     "Not reachable: No such file or directory\n"
                     "Slips waiting: 1\n");
    CLI_RESULT j = command("printer", "status", "--format=json");
    assert_string_equal(
        buf_text(&j.out),
        "{\"device\":\"/no/such/printer\",\"profile\":\"cp1258\","
        "\"columns\":48,\"configured\":true,\"reachable\":false,"
        "\"waiting\":1,\"why\":\"No such file or directory\"}\n");
    configure("none", "raster");
    CLI_RESULT n = command("printer", "status", NULL);
    assert_int_equal(n.code, 0);
    text_has(&n.out, "Printer: none\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(print_empties_the_spool_and_ends_with_its_input),
        TEST(print_says_why_slips_wait),
        TEST(print_without_a_printer_is_refused),
        TEST(m20_the_test_page_reaches_the_printer),
        TEST(the_test_page_can_go_to_a_file_without_a_printer),
        TEST(the_test_page_is_left_to_a_companion),
        TEST(status_tells_people_and_scripts),
    };
    /* `print` ends with its input. */
    if (!freopen("/dev/null", "r", stdin))
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
