/* Configuration files: layers, and every surprise that is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/conf.h"
#include "fair/env.h"
#include "fair/i18n.h"
#include "pos/commands/commands.h"

static const struct conf_key keys[] = {
    { "language", CONF_CHOICE, 0, 0, "vi|en" },
    { "threads", CONF_INT, 1, 64, NULL },
    { "offset", CONF_INT, -5, 5, NULL },
    { "big", CONF_INT, 0, INT64_MAX, NULL },
    { "listen", CONF_TEXT, 0, 0, NULL },
    { NULL, CONF_INT, 0, 0, NULL },
};

#define DEFAULTS       \
    "# the defaults\n" \
    "language = vi\n"  \
    "threads = 1\n"    \
    "offset = 0\n"     \
    "big = 0\n"        \
    "listen = 127.0.0.1:8443\n"

static char dir[] = "/tmp/test_conf.XXXXXX";

static int setup(void **state)
{
    (void)state;
    i18n_init("en");
    return mkdtemp(dir) ? 0 : -1;
}

static void remove_file(void)
{
    BUF(path, 4096);
    buf_printf(&path, "%s/test-conf.conf", dir);
    unlink(buf_text(&path));
}

static int teardown(void **state)
{
    (void)state;
    remove_file();
    return rmdir(dir);
}

static enum err load_layers(const char *data_dir, struct str defaults,
                            struct buf *why, struct conf **conf)
{
    const struct conf_source from = { "test-conf", data_dir, defaults, keys };
    return conf_load(&from, why, conf);
}

/* Loads DEFAULTS with `text` as the data directory's file. */
static enum err load(struct str text, struct buf *why, struct conf **conf)
{
    remove_file();
    assert_int_equal(env_file_create(dir, "test-conf.conf", text), ERR_OK);
    return load_layers(dir, STR(DEFAULTS), why, conf);
}

static void test_defaults_alone_answer_every_key(void **state)
{
    (void)state;
    struct conf *conf = NULL;
    BUF(why, MAX_TEXT);
    remove_file();
    assert_int_equal(load_layers(dir, STR(DEFAULTS), &why, &conf), ERR_OK);
    assert_string_equal(conf_text(conf, "language"), "vi");
    assert_string_equal(conf_text(conf, "listen"), "127.0.0.1:8443");
    assert_int_equal(conf_int(conf, "threads"), 1);
    assert_int_equal(why.len, 0);
    conf_free(conf);
}

static void test_whoever_said_it_last_is_known(void **state)
{
    (void)state;
    struct conf *conf = NULL;
    int line = 0;
    BUF(why, MAX_TEXT);
    BUF(path, 4096);
    buf_printf(&path, "%s/test-conf.conf", dir);
    assert_int_equal(load(STR("# mine\n\nlisten = x\n"), &why, &conf), ERR_OK);
    assert_string_equal(conf_file(conf, "listen", &line), buf_text(&path));
    assert_int_equal(line, 3);
    assert_string_equal(conf_file(conf, "threads", &line), "config");
    assert_int_equal(line, 3);
    conf_free(conf);
}

static void test_no_data_directory_is_fine(void **state)
{
    (void)state;
    struct conf *conf = NULL;
    BUF(why, MAX_TEXT);
    assert_int_equal(load_layers(NULL, STR(DEFAULTS), &why, &conf), ERR_OK);
    assert_int_equal(conf_int(conf, "threads"), 1);
    conf_free(conf);
    conf_free(NULL);
}

static void test_data_directory_wins_over_defaults(void **state)
{
    (void)state;
    struct conf *conf = NULL;
    BUF(why, MAX_TEXT);
    struct str text = STR("\xEF\xBB\xBF# mine\r\n\r\n\tthreads=64\r\n"
                          "; more\n  language =en  \noffset = -5\n"
                          "listen = [::1]:0=#;x");
    assert_int_equal(load(text, &why, &conf), ERR_OK);
    assert_int_equal(conf_int(conf, "threads"), 64);
    assert_int_equal(conf_int(conf, "offset"), -5);
    assert_string_equal(conf_text(conf, "language"), "en");
    assert_string_equal(conf_text(conf, "listen"), "[::1]:0=#;x");
    conf_free(conf);
}

#define X10 "xxxxxxxxxx"
#define X90 X10 X10 X10 X10 X10 X10 X10 X10 X10

static void test_a_fault_is_named_with_file_and_line(void **state)
{
    (void)state;
    const struct {
        const char *name;
        struct str text;
        int line;
        const char *what;
    } cases[] = {
        { "unknown key", STR("\nthread = 2\n"), 2, "unknown key" },
        { "case counts", STR("Threads = 2\n"), 1, "unknown key" },
        { "a key twice", STR("threads = 2\n\nthreads = 3\n"), 3, "twice" },
        { "the same twice", STR("threads = 2\nthreads = 2\n"), 2, "twice" },
        { "below range", STR("threads = 0\n"), 1, "not allowed" },
        { "above range", STR("threads = 65\n"), 1, "not allowed" },
        { "negative", STR("offset = -6\n"), 1, "not allowed" },
        { "sign alone", STR("offset = -\n"), 1, "not allowed" },
        { "plus", STR("threads = +2\n"), 1, "not allowed" },
        { "empty number", STR("threads =\n"), 1, "not allowed" },
        { "unit behind", STR("threads = 2s\n"), 1, "not allowed" },
        { "beyond int64", STR("threads = 99999999999999999999\n"), 1,
          "not allowed" },
        { "saturates", STR("big = 9223372036854775808\n"), 1, "not allowed" },
        { "wraps to 1", STR("threads = 18446744073709551617\n"), 1,
          "not allowed" },
        { "no such choice", STR("language = fr\n"), 1, "not allowed" },
        { "part of a choice", STR("language = v\n"), 1, "not allowed" },
        { "two choices", STR("language = vi|en\n"), 1, "not allowed" },
        { "empty choice", STR("language =\n"), 1, "not allowed" },
        { "section", STR("[server]\nthreads = 2\n"), 1, "key = value" },
        { "no value", STR("threads\n"), 1, "key = value" },
        { "comment behind", STR("threads = 2 ; two\n"), 1, "own" },
        { "hash behind", STR("listen = a # b\n"), 1, "own" },
        { "191 bytes", STR("listen = " X90 X90 "xx\n"), 1, "190" },
        { "long comment", STR("# " X90 X90 X90 "\n"), 1, "190" },
        { "NUL", STR("listen = a\0b\n"), 1, "UTF-8" },
        { "escape", STR("listen = \x1b[2J\n"), 1, "UTF-8" },
        { "lone CR", STR("listen = a\roffset = 1\n"), 1, "UTF-8" },
        { "not UTF-8", STR("\n\nlisten = \xff\n"), 3, "UTF-8" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct conf *conf = NULL;
        BUF(why, MAX_TEXT);
        BUF(place, MAX_TEXT);
        buf_printf(&place, "%s/test-conf.conf:%d: ", dir, cases[i].line);
        enum err e = load(cases[i].text, &why, &conf);
        if (e != ERR_CONFIG || conf ||
            strncmp(buf_text(&why), buf_text(&place), place.len) != 0 ||
            !strstr(buf_text(&why), cases[i].what))
            fail_msg("%s: %s, %s", cases[i].name, err_code(e), buf_text(&why));
    }
}

static void test_190_bytes_are_kept_whole(void **state)
{
    (void)state;
    struct conf *conf = NULL;
    BUF(why, MAX_TEXT);
    struct str text = STR("listen = " X90 X90 "y\n"); /* 190 and newline */
    assert_int_equal(text.len, 191);
    assert_int_equal(load(text, &why, &conf), ERR_OK);
    assert_string_equal(conf_text(conf, "listen"), X90 X90 "y");
    conf_free(conf);
}

static void test_a_complaint_cannot_steer_the_terminal(void **state)
{
    (void)state;
    struct conf *conf = NULL;
    BUF(why, MAX_TEXT);
    assert_int_equal(load(STR("a\x1b[2J\xc2\x9b = 1\n"), &why, &conf),
                     ERR_CONFIG);
    assert_null(strchr(buf_text(&why), '\x1b'));
    assert_null(strstr(buf_text(&why), "\xc2\x9b"));
}

static void test_a_file_that_cannot_be_read_is_no_silence(void **state)
{
    (void)state;
    struct conf *conf = NULL;
    BUF(why, MAX_TEXT);
    BUF(big, MAX_LIST);
    while (big.len <= MAX_TEXT)
        buf_puts(&big, "# a comment\n");
    assert_int_equal(load(buf_slice(&big), &why, &conf), ERR_CONFIG);
    assert_non_null(strstr(buf_text(&why), "test-conf.conf"));
}

static void test_a_fault_in_the_defaults_is_found(void **state)
{
    (void)state;
    struct conf *conf = NULL;
    BUF(why, MAX_TEXT);
    assert_int_equal(load_layers(dir, STR("threads = x\n"), &why, &conf),
                     ERR_CONFIG);
    assert_non_null(strstr(buf_text(&why), ":1: "));
}

extern const char embedded_config_fair_pos_conf[];
extern const char embedded_config_fair_sync_conf[];
extern const char embedded_config_fair_aggregator_conf[];

/* The keys here are those of the programs; each has its line, and only
 * they. */
static void test_the_shipped_files_are_good_defaults(void **state)
{
    (void)state;
    static const struct conf_key sync[] = {
        { "language", CONF_CHOICE, 0, 0, "vi|en" },
        { "interval_s", CONF_INT, 1, 3600, NULL },
        { "timeout_s", CONF_INT, 1, 600, NULL },
        { NULL, CONF_INT, 0, 0, NULL },
    };
    static const struct conf_key aggregator[] = {
        { "language", CONF_CHOICE, 0, 0, "vi|en" },
        { "store", CONF_TEXT, 0, 0, NULL },
        { "writers", CONF_INT, 1, 64, NULL },
        { "listen", CONF_TEXT, 0, 0, NULL },
        { "venue", CONF_TEXT, 0, 0, NULL },
        { "threads", CONF_INT, 1, 64, NULL },
        { "queue", CONF_INT, 1, 65536, NULL },
        { "chart_js", CONF_TEXT, 0, 0, NULL },
        { "silent_after", CONF_INT, 1, 1440, NULL },
        { "metrics", CONF_CHOICE, 0, 0, "local|all" },
        { NULL, CONF_INT, 0, 0, NULL },
    };
    const struct {
        const char *text;
        const struct conf_key *keys;
    } files[] = {
        { embedded_config_fair_pos_conf, pos_program()->conf_keys },
        { embedded_config_fair_sync_conf, sync },
        { embedded_config_fair_aggregator_conf, aggregator },
    };
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        struct conf *conf = NULL;
        BUF(why, MAX_TEXT);
        const struct conf_source from = { "test-conf", NULL,
                                          str_of(files[i].text),
                                          files[i].keys };
        enum err e = conf_load(&from, &why, &conf);
        if (e != ERR_OK)
            fail_msg("file %zu: %s", i, buf_text(&why));
        assert_string_equal(conf_text(conf, "language"), "vi");
        conf_free(conf);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults_alone_answer_every_key),
        cmocka_unit_test(test_whoever_said_it_last_is_known),
        cmocka_unit_test(test_no_data_directory_is_fine),
        cmocka_unit_test(test_data_directory_wins_over_defaults),
        cmocka_unit_test(test_a_fault_is_named_with_file_and_line),
        cmocka_unit_test(test_190_bytes_are_kept_whole),
        cmocka_unit_test(test_a_complaint_cannot_steer_the_terminal),
        cmocka_unit_test(test_a_file_that_cannot_be_read_is_no_silence),
        cmocka_unit_test(test_a_fault_in_the_defaults_is_found),
        cmocka_unit_test(test_the_shipped_files_are_good_defaults),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
