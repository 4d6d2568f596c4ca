/*
 * till_pty.c - a booth for the real program.
 */
#define _GNU_SOURCE
#include "tests/support/till_pty.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/date.h"
#include "fair/env.h"
#include "pos/term/keys.h"
#include "pos/till/operators.h"
#include "pos/till/shift.h"
#include "tests/support/till.h"
#include "tests/support/till_fixture.h"

enum {
    DEVICE = 1,
    AGGREGATOR = 2,
    CUT_OFF_MIN = 240,
    FLOAT_VND = 500000,
    DEADLINE_MS = 20000
};

// clang-format off
#define T(text) { text, sizeof(text) - 1 }
static const struct product products[] = {
    { .code = T("1"), .sku = T("CM-KG"), .name = T("Chả mực"),
      .unit = T("kg"), .price_vnd = 450000 },
    { .code = T("7"), .sku = T("MD-01"), .name = T("Miến dong"),
      .unit = T("gói"), .price_vnd = 60000, .hotkey = 2 },
    { .code = T("12"), .sku = T("MO-02"), .name = T("Mật ong"),
      .unit = T("chai"), .price_vnd = 35000, .hotkey = 1,
      .barcode = T("8936012340017") },
};
// clang-format on

/* ---- programs ---- */

const char *till_pty_program(const char *name)
{
    static char path[4096];
    const char *build = getenv("FAIR_BUILD");
    snprintf(path, sizeof(path), "%s/%s", build ? build : "build", name);
    return path;
}

static struct program program(const char *name, const char *data)
{
    struct program p;
    snprintf(p.path, sizeof(p.path), "%s", till_pty_program(name));
    snprintf(p.data, sizeof(p.data), "%s", data);
    return p;
}

int till_pty_command(const char *name, const char *data,
                     const char *const *words, struct buf *out)
{
    struct program p = program(name, data);
    int code = -1;
    assert_int_equal(child_run(&p, words, out, &code), ERR_OK);
    return code;
}

/* What has to succeed; its output without the line's end. */
static void must(const char *name, const char *data, const char *const *words,
                 struct buf *out)
{
    buf_clear(out);
    int code = till_pty_command(name, data, words, out);
    if (code != 0)
        fail_msg("%s %s ended with %d: %s", name, words[0], code,
                 buf_text(out));
    while (out->len > 0 && out->data[out->len - 1] == '\n')
        out->len--;
    buf_putc(out, '\0');
    out->len--;
}

/* ---- a till by itself ---- */

static void open_till(const struct till_pty *t, enum ledger_mode mode,
                      struct till *out)
{
    BUF(why, MAX_TEXT);
    enum err e = till_open(t->dir, mode, "test", &why, out);
    if (e != ERR_OK)
        fail_msg("%s: %s", err_code(e), buf_text(&why));
}

static int today(void)
{
    return fair_day_of_ms(env_wall_ms(), CUT_OFF_MIN);
}

static void speak_english(const struct till_pty *t)
{
    scratch_write(t->dir, "fair-pos.conf", STR("language = en\n"));
}

static struct list_fair this_fair(void)
{
    struct list_fair fair = till_fixture_fair();
    fair.first_day = day_add(today(), -1);
    return fair;
}

void till_pty_init(struct till_pty *t)
{
    struct till_fixture lists = { .wall_ms = env_wall_ms() };
    struct list_fair fair = this_fair();
    memset(t, 0, sizeof(*t));
    scratch_make(t->dir);
    snprintf(lists.dir, sizeof(lists.dir), "%s", t->dir);
    till_enrol_day(t->dir, DEVICE, AGGREGATOR, (int)fair.first_day);
    till_fixture_adopt(&lists, &fair, products, (int)ARRAY_LEN(products));
    speak_english(t);
}

/* The till's own mark on lists it has read before (pos/till/learn.c). */
static void mark_as_seen(struct till *till)
{
    struct inbox_list list;
    uint8_t tag[HASH_BYTES];
    BUF(document, MAX_LIST);
    BUF(domain, MAX_TEXT);
    BUF(hex, 2 * HASH_BYTES);
    const struct ledger_state *state = ledger_state(till->ledger);
    assert_int_equal(
        inbox_list_unchecked(till->inbox, &state->admission, &list, &document),
        ERR_OK);
    buf_puts(&domain, DOMAIN_SEEN);
    buf_hex(&domain, list.hash, HASH_BYTES);
    tag_make(&state->key, buf_text(&domain), buf_slice(&document), tag);
    buf_hex(&hex, tag, sizeof(tag));
    assert_int_equal(
        ledger_draft_save(till->ledger, "state.lists", buf_slice(&hex)),
        ERR_OK);
}

void till_pty_forge(struct till_pty *t, struct str name)
{
    static const struct product one = { .code = T("9"),
                                        .sku = T("XX-09"),
                                        .name = T("NAME"),
                                        .unit = T("cái"),
                                        .price_vnd = 1000,
                                        .hotkey = 3 };
    struct till_fixture lists = { .wall_ms = env_wall_ms(), .list = 1 };
    struct list_fair fair = this_fair();
    struct till till;
    BUF(plain, MAX_TEXT);
    BUF(forged, MAX_TEXT);
    lists_fair_encode(&fair, &plain);
    lists_product_encode(&one, &plain);
    const char *at = strstr(buf_text(&plain), "\"NAME\"");
    assert_non_null(at);
    buf_put(&forged, plain.data, (size_t)(at + 1 - plain.data));
    buf_str(&forged, name);
    buf_puts(&forged, at + 1 + strlen("NAME"));
    snprintf(lists.dir, sizeof(lists.dir), "%s", t->dir);
    till_fixture_adopt_bytes(&lists, &fair, buf_slice(&forged));
    open_till(t, LEDGER_WRITE, &till);
    mark_as_seen(&till);
    till_close(&till);
}

void till_pty_conf(struct till_pty *t, const char *line)
{
    BUF(text, MAX_TEXT);
    scratch_read(t->dir, "fair-pos.conf", &text);
    buf_printf(&text, "%s\n", line);
    scratch_write(t->dir, "fair-pos.conf", buf_slice(&text));
}

/* ---- with an aggregator ---- */

static void found(struct till_pty *t, struct buf *out)
{
    BUF(day, MAX_TEXT);
    day_render(&day, day_add(today(), -1));
    must("fair-aggregator", t->hub, WORDS("init"), out);
    must("fair-aggregator", t->hub,
         WORDS("fair", "add", "THU", "--name", "Hội chợ Thử", "--first-day",
               buf_text(&day), "--days", "6"),
         out);
    scratch_write(t->hub, "booths.csv",
                  STR("booth,name,origin\nA1,Ba Chẽ,in-province\n"));
    must("fair-aggregator", t->hub,
         WORDS("import", "booths", scratch_path(t->hub, "booths.csv"), "--fair",
               "THU"),
         out);
    must("fair-aggregator", t->hub,
         WORDS("import", "catalogue", "config/sample/catalogue.csv"), out);
}

static void serve(struct till_pty *t)
{
    struct program hub = program("fair-aggregator", t->hub);
    BUF(line, MAX_TEXT);
    assert_int_equal(child_start(&hub,
                                 WORDS("serve", "--listen", "127.0.0.1:0"),
                                 &t->server),
                     ERR_OK);
    assert_int_equal(child_line(&t->server, &line), ERR_OK);
    assert_non_null(strstr(buf_text(&line), "listening on https://127.0.0.1:"));
}

void till_pty_init_fair(struct till_pty *t)
{
    BUF(out, MAX_OUTPUT);
    BUF(string, MAX_OUTPUT);
    memset(t, 0, sizeof(*t));
    scratch_make(t->dir);
    scratch_make(t->hub);
    found(t, &out);
    serve(t);
    must("fair-aggregator", t->hub,
         WORDS("enrol", "--fair", "THU", "--booth", "A1"), &string);
    must("fair-sync", t->dir, WORDS("enrol", buf_text(&string)), &out);
    speak_english(t);
}

/* ---- before the screen starts ---- */

void till_pty_shift(struct till_pty *t)
{
    struct till till;
    int64_t seq;
    open_till(t, LEDGER_WRITE, &till);
    assert_int_equal(shift_open(&till, FLOAT_VND, 0, 0, &seq), ERR_OK);
    till_close(&till);
}

void till_pty_staff(struct till_pty *t)
{
    static const struct operator_entry lan = { 1, "Lan", ROLE_SUPERVISOR, "" };
    static const struct operator_entry minh = { 2, "Minh", ROLE_CASHIER, "" };
    struct till till;
    struct operators *ops;
    open_till(t, LEDGER_WRITE, &till);
    assert_int_equal(operators_open(t->dir, &ops), ERR_OK);
    assert_int_equal(operators_put(ops, &till, &lan, "111111", 0), ERR_OK);
    assert_int_equal(operators_put(ops, &till, &minh, "222222", 1), ERR_OK);
    operators_close(ops);
    till_close(&till);
}

/* ---- the screen ---- */

void till_pty_run(struct till_pty *t, const char *const *words,
                  const int size[2], const char *const *env)
{
    static const int usual[2] = { 24, 80 };
    const char *argv[CHILD_WORDS] = { till_pty_program("fair-pos"), "--data",
                                      t->dir };
    int n = 3;
    for (; words && words[n - 3]; n++)
        argv[n] = words[n - 3];
    if (!size)
        size = usual;
    assert_null(t->pty);
    t->pty = pty_start(argv, size[0], size[1], env);
}

void till_pty_start(struct till_pty *t)
{
    till_pty_run(t, NULL, NULL, NULL);
    pty_wait_frame(t->pty);
}

pid_t till_pty_companion(const struct till_pty *t, const char *name)
{
    BUF(path, MAX_TEXT);
    BUF(pids, MAX_TEXT);
    pid_t pid = pty_pid(t->pty);
    buf_printf(&path, "/proc/%d/task/%d", (int)pid, (int)pid);
    if (env_file_read(buf_text(&path), "children", &pids) != ERR_OK)
        return 0;
    char *end = NULL;
    const char *at = buf_text(&pids);
    for (long one; (one = strtol(at, &end, 10)) > 0; at = end) {
        BUF(comm, MAX_TEXT);
        buf_clear(&path);
        buf_printf(&path, "/proc/%ld", one);
        if (env_file_read(buf_text(&path), "comm", &comm) == ERR_OK &&
            str_is((struct str){ comm.data, comm.len - 1 }, name))
            return (pid_t)one;
    }
    return 0;
}

void till_pty_stop(struct till_pty *t)
{
    pid_t agent = t->hub[0] && t->pty ? till_pty_companion(t, "fair-sync") : 0;
    int fd = agent > 0 ? pidfd_open(agent, 0) : -1;
    pty_stop(t->pty);
    t->pty = NULL;
    if (fd < 0)
        return;
    struct pollfd end = { .fd = fd, .events = POLLIN };
    assert_int_equal(poll(&end, 1, DEADLINE_MS), 1);
    close(fd);
}

void till_pty_done(struct till_pty *t)
{
    till_pty_stop(t);
    if (t->hub[0]) {
        child_end(&t->server, SIGTERM);
        scratch_remove(t->hub);
    }
    if (scratch_has(t->dir, "ledger.db"))
        till_verify(t->dir);
    scratch_remove(t->dir);
}

static void press_word(struct till_pty *t, const char *word)
{
    static const char scan[] = "scan:";
    struct press key;
    if (strncmp(word, scan, sizeof(scan) - 1) == 0)
        pty_scan(t->pty, word + sizeof(scan) - 1);
    else if (strlen(word) > 1 && press_parse(word, &key))
        pty_key(t->pty, word);
    else
        pty_type(t->pty, word);
}

void till_pty_keys(struct till_pty *t, const char *words)
{
    while (*words) {
        size_t len = strcspn(words, " ");
        BUF(word, MAX_TEXT);
        buf_put(&word, words, len);
        if (len > 0)
            press_word(t, buf_text(&word));
        words += len;
        words += *words == ' ';
    }
}

void till_pty_menu(struct till_pty *t, const char *name)
{
    pty_key(t->pty, "F10");
    pty_type(t->pty, name);
    pty_key(t->pty, "Enter");
}

void till_pty_sees(struct till_pty *t, const char *text)
{
    pty_wait_text(t->pty, text);
}

void till_pty_misses(struct till_pty *t, const char *text)
{
    if (pty_has(t->pty, text))
        pty_wait_no_text(t->pty, text);
}

/* ---- what is on disk ---- */

struct record *till_pty_event(const struct till_pty *t, enum event_kind kind)
{
    struct till till;
    struct record *r = record_open();
    open_till(t, LEDGER_READ, &till);
    int64_t seq = ledger_state(till.ledger)->count;
    for (; seq > 0; seq--) {
        assert_int_equal(till_record(&till, seq, r), ERR_OK);
        if (r->event.kind == kind)
            break;
    }
    till_close(&till);
    if (seq == 0)
        fail_msg("there is no event of kind %d", (int)kind);
    return r;
}

int till_pty_count(const struct till_pty *t, enum event_kind kind)
{
    struct till till;
    struct record *r = record_open();
    int n = 0;
    open_till(t, LEDGER_READ, &till);
    int64_t count = ledger_state(till.ledger)->count;
    for (int64_t seq = 1; seq <= count; seq++) {
        assert_int_equal(till_record(&till, seq, r), ERR_OK);
        n += kind == EV_UNKNOWN || r->event.kind == kind;
    }
    till_close(&till);
    record_close(r);
    return n;
}

void till_pty_cart(const struct till_pty *t, struct cart *out, int *parked)
{
    struct till till;
    struct parked all[PLACES_MAX];
    bool kept;
    open_till(t, LEDGER_WRITE, &till);
    assert_int_equal(carts_open(&till, out, &kept), ERR_OK);
    assert_int_equal(carts_parked(&till, all, parked), ERR_OK);
    till_close(&till);
}
