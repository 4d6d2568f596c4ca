/*
 * sale.c - what a sale of three lines costs at a till: P1 time, P2 pages and
 * syncs, P3 instructions.
 *
 * The whole of sale_commit is taken: looked whether the basket is known,
 * built, checked, encoded, hashed, stored (which removes its draft: carts.c),
 * synced, read back, hashed again, recalled. The floor is a bare durable
 * commit of the header and three lines, on the same disk.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"
#include "tests/bench/rows.h"
#include "tests/bench/stand.h"
#include "tests/support/vfs_fault.h"

enum {
    SALES_A_ROUND = 100,
    PAGES_SALES = 200,
    FEW_SALES = 20, /* for callgrind: what opening costs goes with them */
    MANY_SALES = 120
};

/* ---- P1 ---- */

struct race {
    struct stand stand;
    struct rows_floor *rows;
    int inserted;
};

static int64_t sale_ours(void *ctx)
{
    struct race *race = ctx;
    stand_prepare(&race->stand);
    int64_t from = bench_ns();
    stand_sell(&race->stand);
    int64_t ns = bench_ns() - from;
    ledger_idle(race->stand.fixture.till.ledger);
    return ns;
}

static int64_t sale_floor(void *ctx)
{
    struct race *race = ctx;
    int64_t ns = rows_floor_insert(race->rows, 1, 1);
    if (++race->inserted % 40 == 0)
        rows_floor_idle(race->rows);
    return ns;
}

static void race_run(struct bench *b)
{
    struct race race = { .inserted = 0 };
    stand_open(&race.stand);
    race.rows = rows_floor_open(race.stand.fixture.dir, STR(""));
    struct contest c = {
        .id = "P1",
        .what = "sale at the till / bare commit of header + 3 lines",
        .ctx = &race,
        .ours = sale_ours,
        .floor = sale_floor,
        .ours_ops = 1,
        .floor_ops = 1,
        .rounds = 9,
        .pairs = SALES_A_ROUND,
        .goal = { AT_MOST, 1150, 1000 },
    };
    bench_contest(b, &c);
    rows_floor_close(race.rows);
    stand_close(&race.stand);
}

/* ---- P2 ---- */

static void pages_run(struct bench *b)
{
    static const struct fact facts[] = {
        { "P2",
          "log pages of a sale, its draft's removal included",
          "pages",
          { AT_MOST, 2600, 1500 } },
        { "P2", "syncs of a sale", "syncs", { AT_MOST, 1000, 0 } },
    };
    int64_t pages = 0, syncs = 0;
    struct stand stand;
    stand_set_up(&stand);
    vfs_fault_install();
    stand_begin(&stand);
    for (int i = 0; i < PAGES_SALES; i++) {
        stand_prepare(&stand);
        vfs_fault_clear();
        stand_sell(&stand);
        pages += vfs_fault.log_pages;
        syncs += vfs_fault.syncs;
        ledger_idle(stand.fixture.till.ledger);
    }
    pages = pages * 1000 / PAGES_SALES;
    syncs = syncs * 1000 / PAGES_SALES;
    bench_fact(b, &facts[0], &pages, 1);
    bench_fact(b, &facts[1], &syncs, 1);
    stand_close(&stand);
}

/* ---- P3 ---- */

int sales_run(const char *word)
{
    struct stand stand;
    stand_open(&stand);
    for (long n = strtol(word, NULL, 10); n > 0; n--) {
        stand_prepare(&stand);
        stand_sell(&stand);
    }
    stand_close(&stand);
    return 0;
}

/* Ends the child with 127 where there is no valgrind. */
static void become_callgrind(const char *program, const char *out, int sales)
{
    char file[SCRATCH_ROOM + 64], number[16];
    snprintf(file, sizeof(file), "--callgrind-out-file=%s", out);
    snprintf(number, sizeof(number), "%d", sales);
    int null = open("/dev/null", O_WRONLY);
    dup2(null, STDERR_FILENO);
    execlp("valgrind", "valgrind", "--tool=callgrind",
           "--toggle-collect=stand_sell", file, program, "--sales", number,
           (char *)NULL);
    _exit(127);
}

/* Instructions of that many sales; -1: there is no valgrind. */
static int64_t callgrind(const struct bench *b, const char *dir, int sales)
{
    const char *out = scratch_path(dir, "callgrind.out");
    const char *program = bench_program(b, "bench");
    int status = 0;
    pid_t pid = fork();
    if (pid == 0)
        become_callgrind(program, out, sales);
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
        WEXITSTATUS(status) != 0)
        return -1;
    BUF(text, MAX_OUTPUT);
    scratch_read(dir, "callgrind.out", &text);
    const char *sum = strstr(buf_text(&text), "\nsummary: ");
    return sum ? strtoll(sum + strlen("\nsummary: "), NULL, 10) : -1;
}

static void instructions_run(struct bench *b)
{
    static const struct fact fact = {
        "P3", "instructions of a sale", "", { AT_MOST, 120000000, 60000000 }
    };
    char dir[SCRATCH_ROOM];
    scratch_make(dir);
    int64_t few = callgrind(b, dir, FEW_SALES);
    int64_t many = few < 0 ? -1 : callgrind(b, dir, MANY_SALES);
    int64_t milli = (many - few) * 1000 / (MANY_SALES - FEW_SALES);
    if (many < 0)
        bench_missing(b, fact.id, fact.what, "needs valgrind");
    else
        bench_fact(b, &fact, &milli, 1);
    scratch_remove(dir);
}

void bench_sale(struct bench *b)
{
    race_run(b);
    pages_run(b);
    instructions_run(b);
}
