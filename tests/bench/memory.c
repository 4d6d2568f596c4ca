#define _GNU_SOURCE /* wait4 */
/*
 * memory.c - P17: the most memory each program has needed, with 16,000
 * products, on one day of one booth.
 */
#include "tests/bench/memory.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fair/date.h"
#include "fair/env.h"
#include "tests/sim/child.h"
#include "tests/support/scratch.h"

enum { PRODUCTS = 16000, SALES = 20 };

int64_t memory_peak(pid_t pid)
{
    char dir[64];
    snprintf(dir, sizeof(dir), "/proc/%d", (int)pid);
    BUF(status, MAX_TEXT);
    scratch_read(dir, "status", &status);
    const char *at = strstr(buf_text(&status), "VmHWM:");
    ASSERT(at);
    return strtoll(at + strlen("VmHWM:"), NULL, 10);
}

void memory_fact(struct bench *b, const char *what, int64_t kb,
                 struct goal goal)
{
    struct fact fact = { "P17", what, "MB", goal };
    bench_fact(b, &fact, &kb, 1); /* a kB is a thousandth */
}

/* ---- a day --------------------------------------------------------------- */

struct day {
    char dir[SCRATCH_ROOM], today[16];
    struct program aggregator, agent, till;
    struct child server;
};

static void program_set(struct program *p, const char *path, const char *dir,
                        const char *data)
{
    snprintf(p->path, sizeof(p->path), "%s", path);
    snprintf(p->data, sizeof(p->data), "%s/%s", dir, data);
}

/* Runs to its end, which must be good; the most it needed, kB. `out` may be
 * NULL. */
static int64_t run(const struct program *p, const char *const *words,
                   struct buf *out)
{
    struct child child;
    struct rusage usage;
    int status;
    char bytes[4096];
    enum err e = child_start(p, words, &child);
    ASSERT(e == ERR_OK);
    for (ssize_t n; (n = read(child.out, bytes, sizeof(bytes))) > 0;) {
        if (out)
            buf_put(out, bytes, (size_t)n);
    }
    close(child.out);
    if (wait4(child.pid, &status, 0, &usage) != child.pid || status != 0)
        err_die(words[0], status, "did not work");
    return usage.ru_maxrss;
}

static void files_write(const struct day *d)
{
    BUF(catalogue, MAX_CSV);
    buf_puts(&catalogue, "sku,name,unit,price_vnd,producer\n");
    for (int i = 1; i <= PRODUCTS; i++)
        buf_printf(&catalogue,
                   "SP%05d,Trà hoa vàng Ba Chẽ số %d,hộp 50g,%d000,"
                   "HTX dược liệu Đạp Thanh\n",
                   i, i, 20 + i % 700);
    scratch_write(d->dir, "catalogue.csv", buf_slice(&catalogue));
    scratch_write(d->dir, "booths.csv",
                  STR("booth,name,origin\nA1,Huyện Ba Chẽ,in-province\n"));
}

static void day_open(struct day *d, const struct bench *b)
{
    const char *program[] = { bench_program(b, "fair-aggregator"),
                              bench_program(b, "fair-sync"),
                              bench_program(b, "fair-pos") };
    scratch_make(d->dir);
    program_set(&d->aggregator, program[0], d->dir, "aggregator");
    program_set(&d->agent, program[1], d->dir, "till");
    program_set(&d->till, program[2], d->dir, "till");
    int today = day_of_ms(env_wall_ms());
    snprintf(d->today, sizeof(d->today), "%04d-%02d-%02d", today / 10000,
             today / 100 % 100, today % 100);
    files_write(d);
    run(&d->aggregator, WORDS("init"), NULL);
    run(&d->aggregator,
        WORDS("fair", "add", "XUAN", "--name", "Hội chợ Xuân", "--first-day",
              d->today, "--days", "3"),
        NULL);
    run(&d->aggregator,
        WORDS("import", "booths", scratch_path(d->dir, "booths.csv"), "--fair",
              "XUAN"),
        NULL);
    run(&d->aggregator,
        WORDS("import", "catalogue", scratch_path(d->dir, "catalogue.csv")),
        NULL);
}

static void serve(struct day *d)
{
    BUF(line, MAX_TEXT);
    enum err e = child_start(
        &d->aggregator, WORDS("serve", "--listen", "127.0.0.1:0"), &d->server);
    if (e == ERR_OK)
        e = child_line(&d->server, &line);
    ASSERT(e == ERR_OK);
}

static void enrol(struct day *d)
{
    BUF(word, MAX_TEXT);
    run(&d->aggregator, WORDS("enrol", "--fair", "XUAN", "--booth", "A1"),
        &word);
    while (word.len > 0 && word.data[word.len - 1] == '\n')
        word.data[--word.len] = '\0';
    run(&d->agent, WORDS("enrol", buf_text(&word)), NULL);
}

void bench_memory(struct bench *b)
{
    struct day day = { .dir = "" };
    day_open(&day, b);
    serve(&day);
    memory_fact(b, "fair-aggregator, idle", memory_peak(day.server.pid),
                (struct goal){ AT_MOST, 24000, 12000 });
    enrol(&day);
    run(&day.till,
        WORDS("shift", "open", "--float", "500000", "--day", day.today), NULL);
    int64_t till = 0;
    for (int i = 0; i < SALES; i++) {
        int64_t kb =
            run(&day.till, WORDS("sell", "1", "2*7", "16000", "--exact"), NULL);
        till = kb > till ? kb : till;
    }
    memory_fact(b, "fair-pos sell, 16,000 products", till,
                (struct goal){ AT_MOST, 16000, 8000 });
    memory_fact(b, "fair-sync once, 16,000 products",
                run(&day.agent, WORDS("once"), NULL),
                (struct goal){ AT_MOST, 12000, 6000 });
    child_end(&day.server, SIGTERM);
    scratch_remove(day.dir);
}
