/*
 * idle.c - P18: what the programs do while nobody does anything, on one day of
 * one booth with 16,000 products: the share of a processor, and how often each
 * wakes.
 *
 * A window of twenty seconds of real time, once; sums of all threads. What a
 * program's own children took counts as its own once they have ended.
 */
#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/day.h"

enum { WINDOW_S = 20, SETTLE_MS = 3000 };

struct busy {
    int64_t ns;    /* of a processor */
    int64_t wakes; /* it waited, and was called */
};

/* The number behind `key` in a file of /proc. */
static int64_t number_in(const char *dir, const char *file, const char *key)
{
    BUF(text, MAX_TEXT);
    scratch_read(dir, file, &text);
    const char *at = strstr(buf_text(&text), key);
    return at ? strtoll(at + strlen(key), NULL, 10) : 0;
}

/* Fields 16 and 17 of /proc/PID/stat, in ticks; the second field is a name in
 * brackets. */
static int64_t children_ns(const char *dir)
{
    BUF(text, MAX_TEXT);
    scratch_read(dir, "stat", &text);
    char *at = strrchr(text.data, ')') + 1;
    for (int field = 3; field < 16; field++)
        at = strchr(at + 1, ' ');
    int64_t ticks = strtoll(at, &at, 10);
    ticks += strtoll(at, NULL, 10);
    return ticks * (INT64_C(1000000000) / sysconf(_SC_CLK_TCK));
}

static struct busy look(pid_t pid)
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d", (int)pid);
    struct busy sum = { children_ns(path), 0 };
    snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
    DIR *tasks = opendir(path);
    ASSERT(tasks);
    for (const struct dirent *task; (task = readdir(tasks));) {
        char dir[512];
        if (task->d_name[0] == '.')
            continue;
        snprintf(dir, sizeof(dir), "%s/%s", path, task->d_name);
        sum.ns += number_in(dir, "schedstat", "");
        sum.wakes += number_in(dir, "status", "\nvoluntary_ctxt_switches:");
    }
    closedir(tasks);
    return sum;
}

static const struct {
    const char *cpu, *wakes;
    struct goal cpu_goal, wakes_goal;
} rows[] = {
    { "fair-pos, its screen: processor",
      "fair-pos, its screen: wakes",
      { AT_MOST, 50, 0 },
      { AT_MOST, 2000, 0 } },
    { "fair-sync watch: processor",
      "fair-sync watch: wakes",
      { AT_MOST, 0, 0 },
      { AT_MOST, 0, 0 } },
    { "fair-aggregator: processor",
      "fair-aggregator: wakes",
      { AT_MOST, 0, 0 },
      { AT_MOST, 0, 0 } },
};

static void measure(struct bench *b, const pid_t *pids)
{
    struct busy before[ARRAY_LEN(rows)];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        before[i] = look(pids[i]);
    poll(NULL, 0, WINDOW_S * 1000);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct busy after = look(pids[i]);
        /* Thousandths of a hundredth of the window. */
        int64_t share = (after.ns - before[i].ns) / (WINDOW_S * 10000);
        int64_t wakes = (after.wakes - before[i].wakes) * 1000 / WINDOW_S;
        struct fact cpu = { "P18", rows[i].cpu, "%", rows[i].cpu_goal };
        struct fact woken = { "P18", rows[i].wakes, "/s", rows[i].wakes_goal };
        bench_fact(b, &cpu, &share, 1);
        bench_fact(b, &woken, &wakes, 1);
    }
}

void bench_idle(struct bench *b)
{
    struct day day = { .dir = "" };
    day_open(&day, b);
    day_enrol(&day);
    day_run(&day.till,
            WORDS("shift", "open", "--float", "500000", "--day", day.today),
            NULL);
    struct pty *screen = day_screen(&day);
    pty_wait_text(screen, "đã gửi hết");
    poll(NULL, 0, SETTLE_MS);
    const pid_t pids[] = { pty_pid(screen), day_companion(screen),
                           day.server.pid };
    measure(b, pids);
    pty_stop(screen);
    day_close(&day);
}
