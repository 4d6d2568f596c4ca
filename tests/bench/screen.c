/*
 * screen.c - how soon the till answers: P4 key and search, P5 opening, in
 * time, each against the least that any program needs for the like; P6 bytes.
 *
 * Keys and openings are those of the real fair-pos in a terminal, up to the
 * moment when the whole frame has come there.
 */
#define NCURSES_NOMACROS
#include <curses.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fair/text.h"
#include "pos/model/search.h"
#include "tests/bench/day.h"
#include "tests/support/many.h"
#include "tests/support/till_bytes.h"

enum { KEYS = 40, SIZE_ROWS = 24, SIZE_COLS = 80 };

/* ---- the least program with a screen ------------------------------------- */

/* As term.h tells of its frames. */
static void end_frame(int frames, int keys)
{
    refresh();
    printf("\x1b]7777;%d;%d\x07", frames, keys);
    fflush(stdout);
}

/* One of two pages of the list that the till shows. */
static void fill(int page)
{
    enum { LIST_ROWS = 18, PRICE_COL = 72 };
    for (int row = 1; row <= LIST_ROWS; row++) {
        int n = page * LIST_ROWS + row;
        mvprintw(row, 2, "%-8d Trà hoa vàng Ba Chẽ số %d", n, n);
        mvprintw(row, PRICE_COL, "%4d.000", 20 + n);
    }
}

/* Every key, of one byte or more, shows the other page. */
static int bare(void *ctx)
{
    char bytes[16];
    int keys = 0;
    (void)ctx;
    setlocale(LC_ALL, "");
    initscr();
    raw();
    noecho();
    typeahead(-1);
    fill(0);
    end_frame(1, 0);
    while (read(STDIN_FILENO, bytes, sizeof(bytes)) > 0) {
        fill(++keys % 2);
        end_frame(keys + 1, keys);
    }
    endwin();
    return 0;
}

static struct pty *bare_start(void)
{
    static const int size[2] = { SIZE_ROWS, SIZE_COLS };
    struct pty *p = pty_fork(bare, NULL, size, NULL);
    pty_wait_frame(p);
    return p;
}

/* ---- keys ---------------------------------------------------------------- */

struct keys {
    struct pty *till, *bare;
};

/* No letters: they are held back for as long as a scanner may take to the next
 * (keys.h), and that would be all there is to measure. */
static int64_t press(struct pty *p)
{
    int64_t from = bench_ns();
    for (int i = 0; i < KEYS / 2; i++) {
        pty_key(p, "PageDown");
        pty_key(p, "PageUp");
    }
    return bench_ns() - from;
}

static int64_t press_till(void *ctx)
{
    return press(((struct keys *)ctx)->till);
}

static int64_t press_bare(void *ctx)
{
    return press(((struct keys *)ctx)->bare);
}

static void keys_run(struct bench *b, struct day *d)
{
    struct keys keys = { day_screen(d), bare_start() };
    struct contest c = {
        .id = "P4",
        .what = "key to drawn screen, list of 16,000 / bare ncurses",
        .ctx = &keys,
        .ours = press_till,
        .floor = press_bare,
        .ours_ops = KEYS,
        .floor_ops = KEYS,
        .rounds = 15,
        .goal = { AT_MOST, 0, 0 },
    };
    pty_key(keys.till, "F2");
    bench_contest(b, &c);
    pty_stop(keys.bare); /* before the terminal it has a hold of */
    pty_stop(keys.till);
}

/* ---- opening ------------------------------------------------------------- */

static int64_t open_till(void *ctx)
{
    int64_t from = bench_ns();
    struct pty *p = day_screen(ctx);
    int64_t ns = bench_ns() - from;
    pty_stop(p);
    return ns;
}

static int64_t open_bare(void *ctx)
{
    (void)ctx;
    int64_t from = bench_ns();
    struct pty *p = bare_start();
    int64_t ns = bench_ns() - from;
    pty_stop(p);
    return ns;
}

/* SQLite's own shell reads one row of the same till. */
static int64_t open_shell(void *ctx)
{
    struct day *d = ctx;
    const char *argv[] = { "/usr/bin/sqlite3",
                           scratch_path(d->till.data, "ledger.db"),
                           "SELECT count(*) FROM event", NULL };
    int64_t from = bench_ns();
    struct pty *p = pty_start(argv, SIZE_ROWS, SIZE_COLS, NULL);
    int code = pty_wait_exit(p);
    int64_t ns = bench_ns() - from;
    ASSERT(code == 0);
    pty_stop(p);
    return ns;
}

static void opening_run(struct bench *b, struct day *d)
{
    struct contest c = {
        .id = "P5",
        .what = "fair-pos to its first frame / sqlite3 reads one row",
        .ctx = d,
        .ours = open_till,
        .floor = open_shell,
        .ours_ops = 1,
        .floor_ops = 1,
        .rounds = 11,
        .goal = { AT_MOST, 0, 0 },
    };
    if (access("/usr/bin/sqlite3", X_OK) == 0)
        bench_contest(b, &c);
    else
        bench_missing(b, c.id, c.what, "needs sqlite3");
    c.what = "fair-pos to its first frame / bare ncurses, not even loaded";
    c.floor = open_bare;
    bench_contest(b, &c);
}

/* ---- search -------------------------------------------------------------- */

static const char *const asked[] = {
    "m", "ma", "mat", "mật", "mật o", "mật ong", "h",    "ht", "htx",
    "c", "ch", "cha", "chả", "chả m", "đ",       "đông", "tr", "trà b",
    "t", "tx", "b",   "ba",  "md",    "mdgt",    "1",    "12", "qwz",
};
enum { FOUND_MAX = 50 };

struct finder {
    struct lists *lists;
    struct search *search;
    struct buf folded[MANY]; /* name, producer, code */
};

static struct lists *many_lists(void)
{
    struct list_fair fair = till_fixture_fair();
    struct lists *lists = NULL;
    void *texts;
    struct product *products = many_products(MANY, &texts);
    BUF(document, MAX_LIST);
    lists_fair_encode(&fair, &document);
    for (int i = 0; i < MANY; i++)
        lists_product_encode(&products[i], &document);
    enum err e = lists_parse(&document, 1, &lists);
    ASSERT(e == ERR_OK);
    free(products);
    free(texts);
    return lists;
}

static void finder_open(struct finder *f)
{
    f->lists = many_lists();
    f->search = search_open(f->lists);
    for (int i = 0; i < MANY; i++) {
        const struct product *p = lists_at(f->lists, i);
        BUF(text, MAX_TEXT);
        buf_str(&text, p->name);
        buf_putc(&text, ' ');
        buf_str(&text, p->seller);
        buf_putc(&text, ' ');
        buf_str(&text, p->code);
        buf_init(&f->folded[i], MAX_TEXT);
        text_fold(&f->folded[i], buf_slice(&text));
        buf_putc(&f->folded[i], '\0');
    }
}

static void finder_close(struct finder *f)
{
    for (int i = 0; i < MANY; i++)
        buf_done(&f->folded[i]);
    search_close(f->search);
    lists_close(f->lists);
}

static volatile int found_in_all; /* so that nothing is left out */

static int64_t find_ours(void *ctx)
{
    struct finder *f = ctx;
    const struct product *found[FOUND_MAX];
    int64_t from = bench_ns();
    for (size_t i = 0; i < ARRAY_LEN(asked); i++)
        found_in_all +=
            search_find(f->search, str_of(asked[i]), found, FOUND_MAX);
    return bench_ns() - from;
}

/* Looks through all folded names, as far as an unsorted answer needs. */
static int64_t find_floor(void *ctx)
{
    struct finder *f = ctx;
    int64_t from = bench_ns();
    for (size_t i = 0; i < ARRAY_LEN(asked); i++) {
        BUF(wanted, MAX_TEXT);
        text_fold(&wanted, str_of(asked[i]));
        for (int j = 0; j < MANY; j++)
            found_in_all +=
                strstr(f->folded[j].data, buf_text(&wanted)) != NULL;
    }
    return bench_ns() - from;
}

static void search_run(struct bench *b)
{
    struct finder *f = x_alloc(sizeof(*f));
    struct contest c = {
        .id = "P4",
        .what = "search over 16,000 products / strstr over folded names",
        .ctx = f,
        .ours = find_ours,
        .floor = find_floor,
        .ours_ops = ARRAY_LEN(asked),
        .floor_ops = ARRAY_LEN(asked),
        .rounds = 15,
        .goal = { AT_MOST, 0, 0 },
    };
    finder_open(f);
    bench_contest(b, &c);
    finder_close(f);
    free(f);
}

/* ---- bytes --------------------------------------------------------------- */

static void bytes_run(struct bench *b)
{
    static const struct fact facts[] = {
        { "P6",
          "sent to the terminal for a digit",
          "B",
          { AT_MOST, 16000, 2000 } },
        { "P6",
          "sent for a full frame: all products",
          "B",
          { AT_MOST, 2500000, 2200000 } },
        { "P6",
          "sent for a full frame: a long cart",
          "B",
          { AT_MOST, 2500000, 2200000 } },
    };
    struct till_bytes bytes;
    setenv("FAIR_BUILD", b->build, 1);
    till_bytes_measure(&bytes);
    const size_t sent[] = { bytes.digit, bytes.list, bytes.cart };
    for (size_t i = 0; i < ARRAY_LEN(facts); i++)
        bench_fact(b, &facts[i], &(int64_t){ (int64_t)sent[i] * 1000 }, 1);
}

void bench_screen(struct bench *b)
{
    struct day day = { .dir = "" };
    day_open(&day, b);
    day_enrol(&day);
    day_run(&day.till,
            WORDS("shift", "open", "--float", "500000", "--day", day.today),
            NULL);
    keys_run(b, &day);
    opening_run(b, &day);
    day_close(&day);
    search_run(b);
    bytes_run(b);
}
