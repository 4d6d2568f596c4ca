/*
 * app_fixture.c - drives the screens as the loop does, without a terminal.
 */
#include "tests/support/app_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/text.h"
#include "pos/commands/commands.h"
#include "pos/till/shift.h"

enum { ROWS = 24, COLS = 80, KEY_MS = 200, OPTIONS_ROOM = 4096 };

#define DISK_FREE (INT64_C(20) * 1024 * 1024 * 1024)
#define PICTURES  "tests/data/screens"

/* ---- from beginning to end ---- */

/* The machine the tests run on must not be seen in a picture. */
static int64_t disk_free(void *ctx, const char *path)
{
    (void)ctx;
    (void)path;
    return DISK_FREE;
}

static void draw(struct app_fixture *f)
{
    app_draw(&f->app, &f->grid);
}

void app_fixture_open(struct app_fixture *f)
{
    const struct cli_program *program = pos_program();
    struct conf_source from = { program->name, f->till.dir,
                                program->conf_defaults, program->conf_keys };
    BUF(why, MAX_TEXT);
    ASSERT(!f->open);
    scratch_write(f->till.dir, "fair-pos.conf", buf_slice(&f->options));
    enum err e = conf_load(&from, &why, &f->conf);
    if (!e) {
        struct app_options options = { .dir = f->till.dir, .conf = f->conf };
        e = app_open(&options, &why, &f->app);
    }
    if (e)
        err_die(err_code(e), 0, buf_text(&why));
    f->open = true;
    draw(f);
}

void app_fixture_close(struct app_fixture *f)
{
    if (!f->open)
        return;
    app_close(&f->app);
    conf_free(f->conf);
    f->open = false;
}

void app_fixture_init(struct app_fixture *f, const char *language)
{
    memset(f, 0, sizeof(*f));
    f->language = language;
    i18n_init(language);
    till_fixture_init(&f->till);
    f->till.env.disk_free = disk_free;
    env_use(&f->till.env);
    buf_init(&f->options, OPTIONS_ROOM);
    buf_printf(&f->options, "language = %s\n", language);
    grid_init(&f->grid, ROWS, COLS);
    app_fixture_open(f);
}

void app_fixture_done(struct app_fixture *f)
{
    app_fixture_close(f);
    grid_done(&f->grid);
    buf_done(&f->options);
    till_fixture_done(&f->till);
    i18n_init("en");
}

void app_fixture_conf(struct app_fixture *f, const char *line)
{
    app_fixture_close(f);
    buf_printf(&f->options, "%s\n", line);
    app_fixture_open(f);
}

void app_fixture_shift(struct app_fixture *f, int64_t float_vnd)
{
    int64_t seq;
    enum err e = shift_open(&f->app.till, float_vnd, 0, f->app.me.number, &seq);
    ASSERT(e == ERR_OK);
    app_home(&f->app);
    app_status(&f->app);
    draw(f);
}

/* ---- keys ---- */

static void press(struct app_fixture *f, const struct press *key, bool person)
{
    struct press now = *key;
    if (person)
        till_fixture_pass(&f->till, KEY_MS);
    now.at_ms = f->till.mono_ms;
    app_key(&f->app, &now);
    if (person)
        draw(f);
}

static void type(struct app_fixture *f, struct str word, bool person)
{
    size_t at = 0;
    int32_t code;
    while ((code = utf8_next(word, &at)) >= 0) {
        struct press key = { .kind = K_TEXT, .code = code };
        press(f, &key, person);
    }
}

static bool prefixed(struct str word, struct str prefix, struct str *rest)
{
    if (word.len <= prefix.len ||
        memcmp(word.data, prefix.data, prefix.len) != 0)
        return false;
    *rest = (struct str){ word.data + prefix.len, word.len - prefix.len };
    return true;
}

static void word_do(struct app_fixture *f, struct str word, bool person)
{
    struct press key = { 0 };
    struct str rest;
    BUF(name, MAX_TEXT);
    buf_str(&name, word);
    if (press_parse(buf_text(&name), &key))
        press(f, &key, person);
    else if (prefixed(word, STR("scan:"), &rest))
        press(f, &(struct press){ .kind = K_SCAN, .text = rest }, person);
    else if (prefixed(word, STR("paste:"), &rest))
        press(f, &(struct press){ .kind = K_PASTE, .text = rest }, person);
    else if (prefixed(word, STR("tick:"), &rest))
        app_fixture_tick(f, (int)strtol(rest.data, NULL, 10));
    else
        type(f, word, person);
}

static void words_do(struct app_fixture *f, const char *words, bool person)
{
    while (*words) {
        size_t len = strcspn(words, " ");
        if (len > 0)
            word_do(f, (struct str){ words, len }, person);
        words += len;
        words += *words == ' ';
    }
}

void app_fixture_keys(struct app_fixture *f, const char *words)
{
    words_do(f, words, true);
}

void app_fixture_burst(struct app_fixture *f, const char *words)
{
    till_fixture_pass(&f->till, KEY_MS);
    words_do(f, words, false);
    draw(f);
}

void app_fixture_tick(struct app_fixture *f, int seconds)
{
    for (int i = 0; i < seconds; i++) {
        till_fixture_pass(&f->till, 1000);
        (void)app_tick(&f->app);
        draw(f);
    }
}

/* ---- pictures ---- */

/* The app is left as if it had never been shown in that size. */
void app_fixture_picture(struct app_fixture *f, int rows, int cols,
                         struct buf *out)
{
    struct grid grid;
    grid_init(&grid, rows, cols);
    app_draw(&f->app, &grid);
    grid_picture(&grid, out);
    grid_done(&grid);
    draw(f);
}

const char *app_fixture_seen(struct app_fixture *f)
{
    static struct buf seen;
    if (seen.max == 0)
        buf_init(&seen, MAX_OUTPUT);
    buf_clear(&seen);
    draw(f);
    grid_picture(&f->grid, &seen);
    return buf_text(&seen);
}

void app_fixture_sees(struct app_fixture *f, const char *text)
{
    const char *seen = app_fixture_seen(f);
    if (!strstr(seen, text)) {
        print_error("%s", seen); /* fail_msg has no room for all of it */
        fail_msg("\"%s\" is not to be seen", text);
    }
}

void app_fixture_misses(struct app_fixture *f, const char *text)
{
    const char *seen = app_fixture_seen(f);
    if (strstr(seen, text)) {
        print_error("%s", seen);
        fail_msg("\"%s\" is to be seen", text);
    }
}

static void compare(const char *name, struct str picture)
{
    BUF(golden, MAX_OUTPUT);
    const char *update = getenv("UPDATE");
    if (update && strcmp(update, "1") == 0) {
        scratch_write(PICTURES, name, picture);
        return;
    }
    (void)!env_file_read(PICTURES, name, &golden);
    if (str_eq(buf_slice(&golden), picture))
        return;
    print_error("%s/%s says\n%sbut this is\n%.*s", PICTURES, name,
                buf_text(&golden), (int)picture.len, picture.data);
    fail_msg("%s differs; UPDATE=1 rewrites it", name);
}

void app_fixture_golden(struct app_fixture *f, const char *name)
{
    static const struct {
        int rows, cols;
    } sizes[] = { { ROWS, COLS }, { 12, 40 }, { 43, 132 } };
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        BUF(picture, MAX_OUTPUT);
        BUF(file, MAX_TEXT);
        app_fixture_picture(f, sizes[i].rows, sizes[i].cols, &picture);
        if (i == 0) {
            buf_puts(&picture, "-- styles --\n");
            grid_styles(&f->grid, &picture);
        }
        buf_printf(&file, "%s.%s.%dx%d.txt", name, f->language, sizes[i].rows,
                   sizes[i].cols);
        compare(buf_text(&file), buf_slice(&picture));
    }
}

void app_fixture_golden_story(const char *name,
                              void (*story)(struct app_fixture *f))
{
    static const char *const languages[] = { "vi", "en" };
    for (size_t i = 0; i < ARRAY_LEN(languages); i++) {
        struct app_fixture f;
        app_fixture_init(&f, languages[i]);
        story(&f);
        app_fixture_golden(&f, name);
        app_fixture_done(&f);
    }
}

/* ---- what was recorded ---- */

struct record *app_fixture_event(struct app_fixture *f, enum event_kind kind)
{
    struct record *r = record_open();
    int64_t seq = ledger_state(f->app.till.ledger)->count;
    for (; seq > 0; seq--) {
        assert_int_equal(till_record(&f->app.till, seq, r), ERR_OK);
        if (r->event.kind == kind)
            return r;
    }
    record_close(r);
    fail_msg("no event of kind %d", (int)kind);
    return NULL;
}

int app_fixture_count(struct app_fixture *f, enum event_kind kind)
{
    struct record *r = record_open();
    int64_t count = ledger_state(f->app.till.ledger)->count;
    int n = 0;
    for (int64_t seq = 1; seq <= count; seq++) {
        assert_int_equal(till_record(&f->app.till, seq, r), ERR_OK);
        n += r->event.kind == kind;
    }
    record_close(r);
    return n;
}
