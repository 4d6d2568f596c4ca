/*
 * memory.c - P17: the most memory each program has needed, with 16,000
 * products, on one day of one booth.
 *
 * A row is the peak of what was resident (VmHWM): the pages of libraries count
 * whole, also those that other programs have in memory anyhow. What is a
 * program's own (private pages, as they are now) is told beside it.
 */
#include "tests/bench/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/day.h"

enum { SALES = 20 };

/* The sum of all lines that begin so, kB. */
static int64_t proc_kb(pid_t pid, const char *file, const char *key)
{
    char dir[64];
    int64_t sum = 0;
    BUF(text, MAX_TEXT);
    snprintf(dir, sizeof(dir), "/proc/%d", (int)pid);
    scratch_read(dir, file, &text);
    for (const char *at = buf_text(&text); (at = strstr(at, key)); at++)
        sum += strtoll(strchr(at, ':') + 1, NULL, 10);
    return sum;
}

int64_t memory_peak(pid_t pid)
{
    return proc_kb(pid, "status", "VmHWM:");
}

void memory_fact(struct bench *b, const char *what, int64_t kb,
                 struct goal goal)
{
    struct fact fact = { "P17", what, "MB", goal };
    bench_fact(b, &fact, &kb, 1); /* a kB is a thousandth */
}

static void memory_own(struct bench *b, const char *what, pid_t pid)
{
    memory_fact(b, what, proc_kb(pid, "smaps_rollup", "Private_"),
                (struct goal){ AT_MOST, 0, 0 });
}

static void screen_run(struct bench *b, struct day *d)
{
    struct pty *screen = day_screen(d);
    pty_key(screen, "m"); /* what finds products is there then */
    pty_wait_text(screen, "đã gửi hết");
    pid_t till = pty_pid(screen), agent = day_companion(screen);
    memory_fact(b, "fair-pos, its screen, 16,000 products", memory_peak(till),
                (struct goal){ AT_MOST, 16000, 8000 });
    memory_own(b, "  of which its own", till);
    memory_fact(b, "fair-sync watch, waiting", memory_peak(agent),
                (struct goal){ AT_MOST, 12000, 6000 });
    memory_own(b, "  of which its own", agent);
    pty_stop(screen);
}

void bench_memory(struct bench *b)
{
    struct day day = { .dir = "" };
    day_open(&day, b);
    memory_fact(b, "fair-aggregator, idle", memory_peak(day.server.pid),
                (struct goal){ AT_MOST, 24000, 12000 });
    memory_own(b, "  of which its own", day.server.pid);
    day_enrol(&day);
    day_run(&day.till,
            WORDS("shift", "open", "--float", "500000", "--day", day.today),
            NULL);
    int64_t till = 0;
    for (int i = 0; i < SALES; i++) {
        int64_t kb = day_run(
            &day.till, WORDS("sell", "1", "2*7", "16000", "--exact"), NULL);
        till = kb > till ? kb : till;
    }
    memory_fact(b, "fair-pos sell, 16,000 products", till,
                (struct goal){ AT_MOST, 16000, 8000 });
    memory_fact(b, "fair-sync while it sends, 16,000 products",
                day_run(&day.agent, WORDS("once"), NULL),
                (struct goal){ AT_MOST, 12000, 6000 });
    screen_run(b, &day);
    day_close(&day);
}
