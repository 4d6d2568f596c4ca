/* The command line: what is understood, what is refused and how, and that
 * what was printed is what the caller needs. Each case runs cli_main() in a
 * process of its own. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/cli.h"
#include "fair/env.h"
#include "fair/i18n.h"
#include "tests/support/cli_run.h"

static char top[] = "/tmp/test_cli.XXXXXX";

/* ---- a program ---- */

/* Says what it was given: "sell A1 B2 cash=5 exact= ". */
static enum err echo_run(struct cli *cli)
{
    buf_puts(&cli->out, cli->command->words);
    for (int i = 0; i < cli->n_args; i++)
        buf_printf(&cli->out, " %s", cli->args[i]);
    for (const struct cli_option *o = cli->command->options; o && o->name; o++)
        if (cli_has(cli, o->name))
            buf_printf(&cli->out, " %s=%s", o->name, cli_option(cli, o->name));
    buf_putc(&cli->out, '\n');
    return ERR_OK;
}

static enum err fail_run(struct cli *cli)
{
    buf_puts(&cli->out, "half a result\n");
    enum err e = err_from_code(cli->args[0]);
    cli->code = cli_option(cli, "code");
    cli->out_on_failure = cli_has(cli, "show");
    if (cli_has(cli, "detail"))
        return cli_fail(cli, e, "%s", cli_option(cli, "detail"));
    return e;
}

static enum err raw_run(struct cli *cli)
{
    buf_puts(&cli->out, "listening\x1b\n");
    cli_flush(cli);
    cli_note(cli, "a note\n%s", "\x1b[2J");
    buf_puts(&cli->out, "more\n");
    cli_flush(cli);
    return ERR_OK;
}

static enum err data_run(struct cli *cli)
{
    struct stat st;
    bool there = stat(cli->data, &st) == 0 && S_ISDIR(st.st_mode);
    buf_printf(&cli->out, "%s %o %s\n", cli->data,
               there ? (unsigned)st.st_mode & 0777 : 0,
               conf_text(cli->conf, "language"));
    return ERR_OK;
}

/* A file opened by a command, as a database would be, and left open. */
static enum err opens_run(struct cli *cli)
{
    int fd = open(cli->args[0], O_WRONLY | O_CREAT, 0600);
    buf_printf(&cli->out, "secret %s\n", fd >= 0 ? "open" : "not open");
    return ERR_OK;
}

static const struct cli_option sell_options[] = {
    { "cash", "AMOUNT", N_("cash"), false },
    { "exact", NULL, N_("exact"), false },
    { "operator", "N", N_("operator"), false },
    { NULL, NULL, NULL, false },
};
static const struct cli_option open_options[] = {
    { "float", "AMOUNT", N_("float"), true },
    { NULL, NULL, NULL, false },
};
static const struct cli_option report_options[] = {
    { "out", "FILE", N_("file"), false },
    { "with", "CODE|NAME", N_("other | fair"), false },
    { NULL, NULL, NULL, false },
};
static const struct cli_option fail_options[] = {
    { "detail", "TEXT", N_("detail"), false },
    { "code", "WORD", N_("code"), false },
    { "show", NULL, N_("show"), false },
    { NULL, NULL, NULL, false },
};

static const struct cli_command commands[] = {
    { "", "", 0, 0, NULL, 0, N_("the terminal"), echo_run },
    { "shift open", "", 0, 0, open_options, CLI_WRITES, N_("open"), echo_run },
    { "report", "NAME", 1, 1, NULL, 0, N_("one word"), echo_run },
    { "report x", "", 0, 0, report_options, CLI_FORMATS_TABLE, N_("two words"),
      echo_run },
    { "sell", "ITEM…", 1, CLI_RUN_CAUGHT, sell_options, CLI_WRITES, N_("sell"),
      echo_run },
    { "pair", "A [B]", 1, 2, NULL, 0, N_("one or two"), echo_run },
    { "fail", "CODE", 1, 1, fail_options, 0, N_("fail"), fail_run },
    { "opens", "FILE", 1, 1, NULL, 0, N_("opens"), opens_run },
    { "serve", "", 0, 0, NULL, CLI_RAW, N_("serve"), raw_run },
    { "where", "", 0, 0, NULL, 0, N_("where"), data_run },
    { "free", "", 0, 0, NULL, CLI_NO_DATA, N_("no data"), data_run },
    { NULL, NULL, 0, 0, NULL, 0, NULL, NULL },
};

static const struct conf_key keys[] = {
    { "language", CONF_CHOICE, 0, 0, "vi|en" },
    { NULL, CONF_INT, 0, 0, NULL },
};

static struct cli_program program(void)
{
    return (struct cli_program){ .name = "test-till",
                                 .version = "1.2",
                                 .about = N_("a till"),
                                 .conf_defaults = STR("language = en\n"),
                                 .conf_keys = keys,
                                 .commands = commands };
}

/* ---- running it ---- */

#define RUN(...) \
    cli_run(&till, CLI_RUN_CAUGHT, (const char *const[]){ __VA_ARGS__, NULL })
#define RUN_TO(to, ...) \
    cli_run(&till, to, (const char *const[]){ __VA_ARGS__, NULL })

static struct cli_program till;

static int setup(void **state)
{
    (void)state;
    till = program();
    if (!mkdtemp(top))
        return -1;
    BUF(data, 4096);
    buf_printf(&data, "%s/data", top);
    unsetenv("XDG_STATE_HOME");
    setenv("HOME", top, 1);
    return setenv("FAIR_DATA", buf_text(&data), 1);
}

static int teardown(void **state)
{
    (void)state;
    BUF(command, 4096);
    buf_printf(&command, "rm -r %s", top);
    return system(buf_text(&command));
}

/* ---- understood ---- */

static void test_options_and_arguments_come_in_any_order(void **state)
{
    (void)state;
    static const struct {
        const char *words[CLI_RUN_WORDS];
        const char *out;
    } cases[] = {
        { { "sell", "A1", "B2", "--cash", "5" }, "sell A1 B2 cash=5\n" },
        { { "--cash", "5", "sell", "A1" }, "sell A1 cash=5\n" },
        { { "sell", "--cash=5", "A1", "--exact", "B2" },
          "sell A1 B2 cash=5 exact=\n" },
        { { "--cash=", "sell", "A1" }, "sell A1 cash=\n" },
        { { "--cash=a=b", "sell", "A1" }, "sell A1 cash=a=b\n" },
        { { "sell", "-3", "-" }, "sell -3 -\n" },
        { { "sell", "--cash", "-3", "A1" }, "sell A1 cash=-3\n" },
        { { "sell", "--cash=--exact", "A1" }, "sell A1 cash=--exact\n" },
        { { "sell", "--", "--cash", "-x", "--" }, "sell --cash -x --\n" },
        { { "--", "sell", "--help" }, "sell --help\n" },
        { { "sell", "" }, "sell \n" },
        { { "shift", "--float", "5", "open" }, "shift open float=5\n" },
        { { "report", "x" }, "report x\n" },
        { { "report", "y" }, "report y\n" },
        { { "--format", "json", "report", "x", "--format", "text" },
          "report x\n" },
        { { "pair", "1", "2" }, "pair 1 2\n" },
        { { "--format", "text" }, "\n" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLI_RESULT r = cli_run(&till, CLI_RUN_CAUGHT, cases[i].words);
        if (r.code != 0 || strcmp(buf_text(&r.out), cases[i].out) != 0)
            fail_msg("case %zu: exit %d, \"%s\", \"%s\"", i, r.code,
                     buf_text(&r.out), buf_text(&r.err));
        assert_int_equal(r.err.len, 0);
    }
}

static void test_wrong_usage_exits_2_with_the_usage_line(void **state)
{
    (void)state;
    static const char whole[] = "usage: test-till [--data DIR] [--format "
                                "text|json] COMMAND ...\n";
    static const char sell[] = "usage: test-till sell ITEM… [--cash AMOUNT] "
                               "[--exact] [--operator N]\n";
    static const char group[] = "usage: test-till shift open --float AMOUNT\n";
    static const struct {
        const char *words[CLI_RUN_WORDS];
        const char *what, *usage;
    } cases[] = {
        { { "sel" }, "unknown command: sel", whole },
        { { "shift" }, "is not complete: shift", group },
        { { "shift", "opens" }, "unknown command: opens", group },
        { { "SELL", "A1" }, "unknown command: SELL", whole },
        { { "" }, "unknown command", whole },
        { { "sell" }, "an argument is missing: ITEM…", sell },
        { { "pair", "1", "2", "3" }, "too many: 3", "pair A [B]\n" },
        { { "sell", "A", "--nope" }, "unknown option: --nope", sell },
        { { "sell", "A", "--cas", "5" }, "unknown option: --cas", sell },
        { { "sell", "A", "--cashx=5" }, "unknown option: --cashx=5", sell },
        { { "sell", "A", "--=5" }, "unknown option: --=5", sell },
        { { "sell", "A", "-x" }, "unknown option: -x", sell },
        { { "sell", "A", "--float", "5" }, "no such option: --float", sell },
        { { "sell", "A", "--cash" }, "needs a value: --cash", sell },
        { { "sell", "A", "--cash", "--exact" }, "needs a value: --cash", sell },
        { { "sell", "A", "--exact=1" }, "takes no value: --exact", sell },
        { { "sell", "A", "--exact", "--exact" }, "twice: --exact", sell },
        { { "sell", "A", "--cash=5", "--cash=5" }, "twice: --cash", sell },
        { { "shift", "open" }, "is required: --float", group },
        { { "sell", "A", "--format", "yaml" }, "no such format: yaml", sell },
        { { "sell", "A", "--format=" }, "no such format", sell },
        { { "sell", "A", "--format=csv" }, "no such format: csv", sell },
        { { "sell", "A", "--format=xlsx" }, "no such format: xlsx", sell },
        { { "report", "x", "--format=xlsx" },
          "needs --out: xlsx",
          "usage: test-till report x [--out FILE] [--with CODE|NAME]\n" },
        { { "sell", "A", "--language", "fr" }, "no such language: fr", NULL },
        { { "where", "--data", "" }, "--data DIR", "usage: test-till where\n" },
        { { "\x1b[2J\r" }, "unknown command: \\x1b[2J\\x0d", whole },
        { { "sell", "--\x1b" }, "unknown option: --\\x1b", sell },
        { { "fail", "usage" }, "wrong usage", "usage: test-till fail CODE" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLI_RESULT r = cli_run(&till, CLI_RUN_CAUGHT, cases[i].words);
        if (r.code != 2 || r.out.len > 0)
            fail_msg("case %zu: exit %d, \"%s\"", i, r.code, buf_text(&r.out));
        text_has(&r.err, cases[i].what);
        if (cases[i].usage)
            text_has(&r.err, cases[i].usage);
        assert_null(strchr(buf_text(&r.err), '\x1b'));
    }
}

static void test_wrong_usage_is_json_for_scripts(void **state)
{
    (void)state;
    CLI_RESULT r = RUN("sell", "--nope", "--format", "json");
    assert_int_equal(r.code, 2);
    assert_string_equal(
        buf_text(&r.out),
        "{\"error\":\"usage\",\"message\":\"wrong usage: "
        "unknown option: --nope\",\"remedy\":\"see --help\"}\n");
    text_has(&r.err, "unknown option: --nope\n  see --help\nusage: ");
}

static void test_wrong_usage_makes_nothing_on_disk(void **state)
{
    (void)state;
    BUF(path, 4096);
    buf_printf(&path, "%s/never", top);
    CLI_RESULT a = RUN("--data", buf_text(&path), "sell");
    CLI_RESULT b = RUN("--data", buf_text(&path), "sell", "--help");
    CLI_RESULT c = RUN("--data", buf_text(&path), "--version");
    CLI_RESULT d = RUN("--data", buf_text(&path), "free");
    assert_int_equal(a.code, 2);
    assert_int_equal(b.code + c.code + d.code, 0);
    assert_int_equal(access(buf_text(&path), F_OK), -1);
}

/* ---- refused ---- */

static void test_a_refusal_says_what_and_what_to_do(void **state)
{
    (void)state;
    static const struct {
        const char *words[CLI_RUN_WORDS];
        int code;
        const char *out, *err;
    } cases[] = {
        { { "fail", "disk_full" },
          1,
          "",
          "test-till: the disk is full\n  free some space, then try again; "
          "nothing saved is lost\n" },
        { { "fail", "chain", "--detail", "event 7" },
          1,
          "",
          "test-till: an event's hash does not follow: event 7\n  leave the "
          "files as they are and show this to the organiser\n" },
        { { "fail", "unsure" },
          3,
          "",
          "test-till: it is not known whether this was recorded\n  run it "
          "again with the same --basket; without one look first whether it is "
          "there\n" },
        { { "fail", "item", "--format=json", "--detail", "A\x1b\"1" },
          1,
          "{\"error\":\"item\",\"message\":\"no such item here: "
          "A\\u001b\\\"1\",\"remedy\":\"check the code, or wait for new "
          "lists\"}\n",
          "test-till: no such item here: A\\x1b\"1\n  check the code, or wait "
          "for new lists\n" },
        { { "fail", "chain", "--format=json", "--code", "fork" },
          1,
          "{\"error\":\"fork\",\"message\":\"an event's hash does not "
          "follow\",\"remedy\":\"leave the files as they are and show this to "
          "the organiser\"}\n",
          "test-till: an event's hash does not follow\n  leave the files as "
          "they are and show this to the organiser\n" },
        { { "fail", "invalid", "--detail", "line 2: a\nline 3: \x1b\n" },
          1,
          "",
          "test-till: the input is not valid:\n  line 2: a\n  line 3: \\x1b\n"
          "  correct it and try again\n" },
        { { "fail", "chain", "--show" },
          1,
          "half a result\n",
          "test-till: an event's hash does not follow\n  leave the files as "
          "they are and show this to the organiser\n" },
        { { "fail", "chain", "--show", "--format=json" },
          1,
          "half a result\n",
          "test-till: an event's hash does not follow\n  leave the files as "
          "they are and show this to the organiser\n" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLI_RESULT r = cli_run(&till, CLI_RUN_CAUGHT, cases[i].words);
        assert_int_equal(r.code, cases[i].code);
        assert_string_equal(buf_text(&r.out), cases[i].out);
        assert_string_equal(buf_text(&r.err), cases[i].err);
    }
}

static void test_the_language_changes_texts_only(void **state)
{
    (void)state;
    CLI_RESULT vi = RUN("fail", "item", "--format=json", "--language", "vi");
    CLI_RESULT en = RUN("fail", "item", "--format=json", "--language", "en");
    assert_int_equal(vi.code, 1);
    assert_int_equal(en.code, 1);
    assert_string_equal(buf_text(&vi.out),
                        "{\"error\":\"item\",\"message\":\"không có mặt hàng "
                        "này\",\"remedy\":\"kiểm tra lại mã, hoặc chờ danh mục "
                        "mới\"}\n");
    text_has(&en.out, "{\"error\":\"item\",\"message\":\"no such item here\"");
    CLI_RESULT wrong = RUN("sell", "--language=vi");
    text_has(&wrong.err, "cách dùng: test-till sell");
}

/* ---- data directory and configuration ---- */

static void test_the_data_directory_is_found_and_made(void **state)
{
    (void)state;
    static const struct {
        const char *option, *fair, *state, *home, *want;
    } cases[] = {
        { "a/b", "c", "d", "e", "a/b" },
        { NULL, "c", "d", "e", "c" },
        { NULL, NULL, "d", "e", "d/phien-cho/test-till" },
        { NULL, "", "d", "e", "d/phien-cho/test-till" },
        { NULL, NULL, NULL, "e", "e/.local/state/phien-cho/test-till" },
        { NULL, NULL, "", "e", "e/.local/state/phien-cho/test-till" },
    };
    static const char *const names[] = { "FAIR_DATA", "XDG_STATE_HOME",
                                         "HOME" };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *values[] = { cases[i].fair, cases[i].state, cases[i].home };
        for (size_t n = 0; n < ARRAY_LEN(names); n++) {
            BUF(path, 4096);
            buf_printf(&path, "%s%s%s", values[n] && *values[n] ? top : "",
                       values[n] && *values[n] ? "/" : "",
                       values[n] ? values[n] : "");
            if (values[n])
                setenv(names[n], buf_text(&path), 1);
            else
                unsetenv(names[n]);
        }
        BUF(option, 4096);
        BUF(want, 4096);
        buf_printf(&option, "--data=%s/%s", top, cases[i].option);
        buf_printf(&want, "%s/%s 700 en\n", top, cases[i].want);
        CLI_RESULT r =
            cases[i].option ? RUN(buf_text(&option), "where") : RUN("where");
        assert_string_equal(buf_text(&r.out), buf_text(&want));
        assert_int_equal(r.code, 0);
    }
    unsetenv("XDG_STATE_HOME");
    unsetenv("HOME");
    unsetenv("FAIR_DATA");
    CLI_RESULT none = RUN("where");
    assert_int_equal(none.code, 2);
    text_has(&none.err, "--data DIR");
    CLI_RESULT free_of_it = RUN("free");
    assert_string_equal(buf_text(&free_of_it.out), " 0 en\n");
    setenv("XDG_STATE_HOME", "relative/is/ignored", 1);
    CLI_RESULT relative = RUN("where");
    assert_int_equal(relative.code, 2);
    unsetenv("XDG_STATE_HOME");
    BUF(data, 4096);
    buf_printf(&data, "%s/data", top);
    setenv("HOME", top, 1);
    setenv("FAIR_DATA", buf_text(&data), 1);
}

static void test_a_directory_that_cannot_be_made_is_refused(void **state)
{
    (void)state;
    CLI_RESULT r = RUN("--data", "/dev/null/x", "where", "--format", "json");
    assert_int_equal(r.code, 1);
    text_has(&r.out, "{\"error\":\"");
    text_has(&r.err, "/dev/null/x\n");
}

static void write_conf(struct str text)
{
    BUF(path, 4096);
    buf_printf(&path, "%s/conf/test-till.conf", top);
    unlink(buf_text(&path));
    path.data[path.len - strlen("/test-till.conf")] = '\0';
    assert_int_equal(env_dir_make(path.data), ERR_OK);
    assert_int_equal(env_file_create(path.data, "test-till.conf", text),
                     ERR_OK);
}

static void test_configuration_chooses_the_language(void **state)
{
    (void)state;
    BUF(data, 4096);
    buf_printf(&data, "--data=%s/conf", top);
    write_conf(STR("language = vi\n"));
    CLI_RESULT r = RUN(buf_text(&data), "fail", "item");
    text_has(&r.err, "không có mặt hàng này");
    CLI_RESULT option = RUN(buf_text(&data), "fail", "item", "--language=en");
    text_has(&option.err, "no such item here");
}

static void test_a_bad_configuration_refuses_all_but_help(void **state)
{
    (void)state;
    BUF(data, 4096);
    buf_printf(&data, "--data=%s/conf", top);
    write_conf(STR("\nlanguage = xx\n"));
    CLI_RESULT r =
        RUN(buf_text(&data), "where", "--language=en", "--format=json");
    assert_int_equal(r.code, 1);
    text_has(&r.out, "{\"error\":\"config\",");
    text_has(&r.err, "/conf/test-till.conf:2: the value is not allowed");
    text_has(&r.err, "  correct the line named above\n");
    CLI_RESULT vietnamese = RUN(buf_text(&data), "where");
    text_has(&vietnamese.err, "giá trị không được phép");
    CLI_RESULT help = RUN(buf_text(&data), "--help");
    assert_int_equal(help.code, 0);
    CLI_RESULT usage = RUN(buf_text(&data), "nope");
    assert_int_equal(usage.code, 2);
}

/* ---- help ---- */

static void test_the_hidden_command_prints_the_table_as_markdown(void **state)
{
    (void)state;
    CLI_RESULT r = RUN("commands", "--language", "vi");
    assert_int_equal(r.code, 0);
    text_has(&r.out, "| `test-till` | the terminal |\n"
                     "| `shift open --float AMOUNT` | open |\n");
    text_has(&r.out,
             "| `report x [--out FILE] [--with CODE\\|NAME]` | two words "
             "|\n");
    assert_null(strstr(buf_text(&r.out), "commands"));
}

/* ---- results ---- */

static void test_results_cannot_steer_the_terminal(void **state)
{
    (void)state;
    CLI_RESULT text = RUN("sell", "\x1b[2J", "a\nb", "\xE2\x80\xAEx", "\xFF");
    assert_string_equal(buf_text(&text.out),
                        "sell \\x1b[2J a\nb U+202Ex \\xff\n");
    CLI_RESULT raw = RUN("serve");
    assert_string_equal(buf_text(&raw.out), "listening\\x1b\nmore\n");
    assert_string_equal(buf_text(&raw.err), "test-till: a note\\x0a\\x1b[2J\n");
}

static void test_other_formats_are_printed_byte_by_byte(void **state)
{
    (void)state;
    CLI_RESULT csv = RUN("report", "x", "--format=csv", "--with", "\x1b\xFF");
    assert_string_equal(buf_text(&csv.out), "report x with=\x1b\xFF\n");
}

static void test_out_writes_the_file_whole(void **state)
{
    (void)state;
    BUF(path, 4096);
    BUF(text, MAX_TEXT);
    buf_printf(&path, "%s/report.csv", top);
    for (int i = 0; i < 2; i++) {
        CLI_RESULT r =
            RUN("report", "x", "--format=csv", "--out", buf_text(&path));
        assert_int_equal(r.code, 0);
        assert_int_equal(r.out.len, 0);
    }
    assert_int_equal(env_file_read(top, "report.csv", &text), ERR_OK);
    assert_memory_equal(buf_text(&text), "report x out=", 13);
    CLI_RESULT bad = RUN("report", "x", "--out", "/nowhere/at/all");
    assert_int_equal(bad.code, 1);
    text_has(&bad.err, ": /nowhere/at/all\n");
    CLI_RESULT device = RUN("report", "x", "--out", "/dev/null");
    struct stat st;
    assert_int_equal(device.code, 0);
    assert_int_equal(stat("/dev/null", &st), 0);
    assert_true(S_ISCHR(st.st_mode));
    CLI_RESULT full = RUN("report", "x", "--out", "/dev/full");
    assert_int_equal(full.code, 1);
    text_has(&full.err, "the disk is full: /dev/full\n");
}

static void test_a_lost_result_is_never_a_success(void **state)
{
    (void)state;
    int full = open("/dev/full", O_WRONLY);
    int ends[2];
    assert_true(full >= 0);
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    const int places[] = { full, ends[1], CLI_RUN_CLOSED };
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        CLI_RESULT read_only = RUN_TO(places[i], "pair", "1");
        assert_int_equal(read_only.code, 1);
        text_has(&read_only.err, "standard output");
        CLI_RESULT wrote = RUN_TO(places[i], "sell", "A1");
        assert_int_equal(wrote.code, 3);
        text_has(&wrote.err, "--basket");
        CLI_RESULT help = RUN_TO(places[i], "sell", "--help");
        assert_int_equal(help.code, 1);
        CLI_RESULT served = RUN_TO(places[i], "serve");
        assert_int_equal(served.code, 0);
        CLI_RESULT refused = RUN_TO(places[i], "fail", "item", "--format=json");
        assert_int_equal(refused.code, 1);
    }
    close(full);
    close(ends[1]);
}

static void test_a_closed_stdout_is_no_place_for_a_database(void **state)
{
    (void)state;
    BUF(path, 4096);
    BUF(text, MAX_TEXT);
    buf_printf(&path, "%s/victim", top);
    CLI_RESULT r = RUN_TO(CLI_RUN_CLOSED, "opens", buf_text(&path));
    assert_int_equal(r.code, 1);
    assert_int_equal(env_file_read(top, "victim", &text), ERR_OK);
    assert_int_equal(text.len, 0);
}

/* ---- forwarding ---- */

static enum err carry(struct cli *cli, bool *handled)
{
    struct cli other;
    *handled = true;
    enum err e = cli_carry_out(cli->program, cli->argc, cli->argv, &other);
    buf_puts(&cli->out, "there: ");
    buf_str(&cli->out, buf_slice(&other.out));
    buf_str(&cli->detail, buf_slice(&other.detail));
    cli_done(&other);
    return e;
}

static enum err nobody(struct cli *cli, bool *handled)
{
    *handled = false;
    (void)cli;
    return ERR_OK;
}

static enum err broken(struct cli *cli, bool *handled)
{
    *handled = false;
    return cli_fail(cli, ERR_BUSY, "queue");
}

static void test_writing_commands_are_forwarded(void **state)
{
    (void)state;
    till.forward = carry;
    CLI_RESULT wrote = RUN("sell", "A1", "--cash=5");
    assert_string_equal(buf_text(&wrote.out), "there: sell A1 cash=5\n");
    assert_int_equal(wrote.code, 0);
    CLI_RESULT reading = RUN("pair", "1");
    assert_string_equal(buf_text(&reading.out), "pair 1\n");
    CLI_RESULT wrong = RUN("sell");
    assert_int_equal(wrong.code, 2);
    till.forward = nobody;
    CLI_RESULT here = RUN("sell", "A1");
    assert_string_equal(buf_text(&here.out), "sell A1\n");
    till.forward = broken;
    CLI_RESULT busy = RUN("sell", "A1");
    assert_int_equal(busy.code, 1);
    text_has(&busy.err, "too busy now: queue\n");
    till.forward = NULL;
}

static void test_carrying_out_prints_nothing_and_tells_all(void **state)
{
    (void)state;
    static const struct {
        const char *words[4];
        enum err e;
        const char *out, *detail;
    } cases[] = {
        { { "t", "sell", "A1", NULL }, ERR_OK, "sell A1\n", "" },
        { { "t", "sell", NULL },
          ERR_USAGE,
          "",
          "an argument is missing: ITEM…" },
        { { "t", "sell", "--help", NULL }, ERR_USAGE, "", "--help" },
        { { "t", "fail", "chain", NULL }, ERR_CHAIN, "half a result\n", "" },
        { { NULL }, ERR_OK, "\n", "" },
    };
    i18n_init("en");
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct cli cli;
        int argc = 0;
        while (cases[i].words[argc])
            argc++;
        assert_int_equal(cli_carry_out(&till, argc, cases[i].words, &cli),
                         cases[i].e);
        assert_string_equal(buf_text(&cli.out), cases[i].out);
        assert_string_equal(buf_text(&cli.detail), cases[i].detail);
        cli_done(&cli);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options_and_arguments_come_in_any_order),
        cmocka_unit_test(test_wrong_usage_exits_2_with_the_usage_line),
        cmocka_unit_test(test_wrong_usage_is_json_for_scripts),
        cmocka_unit_test(test_wrong_usage_makes_nothing_on_disk),
        cmocka_unit_test(test_a_refusal_says_what_and_what_to_do),
        cmocka_unit_test(test_the_language_changes_texts_only),
        cmocka_unit_test(test_the_data_directory_is_found_and_made),
        cmocka_unit_test(test_a_directory_that_cannot_be_made_is_refused),
        cmocka_unit_test(test_configuration_chooses_the_language),
        cmocka_unit_test(test_a_bad_configuration_refuses_all_but_help),
        cmocka_unit_test(test_the_hidden_command_prints_the_table_as_markdown),
        cmocka_unit_test(test_results_cannot_steer_the_terminal),
        cmocka_unit_test(test_other_formats_are_printed_byte_by_byte),
        cmocka_unit_test(test_out_writes_the_file_whole),
        cmocka_unit_test(test_a_lost_result_is_never_a_success),
        cmocka_unit_test(test_a_closed_stdout_is_no_place_for_a_database),
        cmocka_unit_test(test_writing_commands_are_forwarded),
        cmocka_unit_test(test_carrying_out_prints_nothing_and_tells_all),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
