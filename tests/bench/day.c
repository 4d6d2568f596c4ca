#define _GNU_SOURCE /* wait4 */
/*
 * day.c - see day.h.
 */
#include "tests/bench/day.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fair/date.h"
#include "fair/env.h"

static void program_set(struct program *p, const char *path, const char *dir,
                        const char *data)
{
    snprintf(p->path, sizeof(p->path), "%s", path);
    snprintf(p->data, sizeof(p->data), "%s/%s", dir, data);
}

int64_t day_run(const struct program *p, const char *const *words,
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
    for (int i = 1; i <= DAY_PRODUCTS; i++)
        buf_printf(&catalogue,
                   "SP%05d,Trà hoa vàng Ba Chẽ số %d,hộp 50g,%d000,"
                   "HTX dược liệu Đạp Thanh\n",
                   i, i, 20 + i % 700);
    scratch_write(d->dir, "catalogue.csv", buf_slice(&catalogue));
    scratch_write(d->dir, "booths.csv",
                  STR("booth,name,origin\nA1,Huyện Ba Chẽ,in-province\n"));
}

static void found(struct day *d, const struct bench *b)
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
    day_run(&d->aggregator, WORDS("init"), NULL);
    day_run(&d->aggregator,
            WORDS("fair", "add", "XUAN", "--name", "Hội chợ Xuân",
                  "--first-day", d->today, "--days", "3"),
            NULL);
    day_run(&d->aggregator,
            WORDS("import", "booths", scratch_path(d->dir, "booths.csv"),
                  "--fair", "XUAN"),
            NULL);
    day_run(&d->aggregator,
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

void day_enrol(struct day *d)
{
    BUF(word, MAX_TEXT);
    day_run(&d->aggregator, WORDS("enrol", "--fair", "XUAN", "--booth", "A1"),
            &word);
    while (word.len > 0 && word.data[word.len - 1] == '\n')
        word.data[--word.len] = '\0';
    day_run(&d->agent, WORDS("enrol", buf_text(&word)), NULL);
}

void day_open(struct day *d, const struct bench *b)
{
    found(d, b);
    serve(d);
}

void day_close(struct day *d)
{
    child_end(&d->server, SIGTERM);
    scratch_remove(d->dir);
}

/* ---- the screen ---- */

struct pty *day_screen(struct day *d)
{
    const char *argv[] = { d->till.path, "--data", d->till.data, NULL };
    struct pty *screen = pty_start(argv, 24, 80, NULL);
    pty_wait_frame(screen);
    return screen;
}

pid_t day_companion(struct pty *screen)
{
    char dir[64];
    int pid = (int)pty_pid(screen);
    BUF(pids, MAX_TEXT);
    snprintf(dir, sizeof(dir), "/proc/%d/task/%d", pid, pid);
    scratch_read(dir, "children", &pids);
    return (pid_t)strtol(buf_text(&pids), NULL, 10);
}
