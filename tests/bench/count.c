/*
 * count.c - P4 and P5 in instructions, as tests/budget counts them: what does
 * not depend on how busy the machine is.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"
#include "tests/support/scratch.h"

enum { RUNS_MAX = 200 };

static const struct {
    const char *name; /* a row of tests/budget */
    struct fact fact;
} rows[] = {
    { "digit",
      { "P4",
        "a digit in the entry line, instructions",
        "k",
        { AT_MOST, 400000, 100000 } } },
    { "search",
      { "P4",
        "worst key searching 16,000 products, instructions",
        "k",
        { AT_MOST, 2000000, 500000 } } },
    { "opening",
      { "P5",
        "opening with 16,000 products, instructions",
        "M",
        { AT_MOST, 200000, 100000 } } },
};

/* Ends the child with 127 where there is no valgrind. */
static void become_callgrind(const char *program, const char *out,
                             const char *name)
{
    char file[SCRATCH_ROOM + 64];
    snprintf(file, sizeof(file), "--callgrind-out-file=%s", out);
    int null = open("/dev/null", O_WRONLY);
    dup2(null, STDERR_FILENO);
    execlp("valgrind", "valgrind", "--tool=callgrind",
           "--toggle-collect=budget_work", "--dump-after=budget_work", file,
           program, name, (char *)NULL);
    _exit(127);
}

static int64_t total_in(const char *dir, const char *name)
{
    BUF(text, MAX_OUTPUT);
    scratch_read(dir, name, &text);
    const char *sum = strstr(buf_text(&text), "\ntotals: ");
    return sum ? strtoll(sum + strlen("\ntotals: "), NULL, 10) : 0;
}

/* The most of any run of a row; -1: there is no valgrind. */
static int64_t count(const struct bench *b, const char *dir, const char *name)
{
    const char *out = scratch_path(dir, name);
    const char *program = bench_program(b, "budget");
    int status = 0;
    int64_t most = 0;
    pid_t pid = fork();
    if (pid == 0)
        become_callgrind(program, out, name);
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
        WEXITSTATUS(status) != 0)
        return -1;
    for (int i = 1; i <= RUNS_MAX; i++) {
        char file[64];
        snprintf(file, sizeof(file), "%s.%d", name, i);
        int64_t n = scratch_has(dir, file) ? total_in(dir, file) : 0;
        most = n > most ? n : most;
    }
    return most;
}

void bench_count(struct bench *b)
{
    char dir[SCRATCH_ROOM];
    scratch_make(dir);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct fact *fact = &rows[i].fact;
        int64_t n = count(b, dir, rows[i].name);
        int64_t milli = fact->unit[0] == 'M' ? n / 1000 : n;
        if (n < 0)
            bench_missing(b, fact->id, fact->what, "needs valgrind");
        else
            bench_fact(b, fact, &milli, 1);
    }
    scratch_remove(dir);
}
