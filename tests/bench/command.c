/*
 * command.c - P13: the whole command `report compare`, from its start to its
 * end, against sqlite3 starting and reading one row of the same file.
 *
 * Fairs of 10^4 sales each: two of them, with LONG=1 a hundred (10^6 sales).
 * The two that are compared have everything folded, as fairs that are over
 * have.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"
#include "tests/bench/yard.h"

enum { FAIRS = 2, MANY_FAIRS = 100, EACH = 20, SALES = 500, STARTS = 10 };

#define SQLITE3 "/usr/bin/sqlite3"

extern char **environ;

struct commands {
    char program[4096];
    char dir[SCRATCH_ROOM];
    char file[SCRATCH_ROOM + 32];
    posix_spawn_file_actions_t quiet;
};

static void run(const struct commands *c, const char *const *words)
{
    pid_t child = 0;
    int status = 0;
    union { /* what posix_spawn does not change */
        const char *const *words;
        char *const *argv;
    } args = { words };
    int rc = posix_spawn(&child, words[0], &c->quiet, NULL, args.argv, environ);
    ASSERT(rc == 0);
    pid_t ended = waitpid(child, &status, 0);
    ASSERT(ended == child && status == 0);
}

static int64_t run_many(const struct commands *c, const char *const *words)
{
    int64_t from = bench_ns();
    for (int i = 0; i < STARTS; i++)
        run(c, words);
    return bench_ns() - from;
}

static int64_t compare(void *ctx)
{
    const struct commands *c = ctx;
    const char *const words[] = { c->program, "--data",   c->dir, "report",
                                  "compare",  "--fair",   "F1",   "--with",
                                  "F2",       "--format", "json", NULL };
    return run_many(c, words);
}

static int64_t point(void *ctx)
{
    const struct commands *c = ctx;
    const char *const words[] = { SQLITE3, c->file,
                                  "SELECT name FROM fair WHERE code = 'F1'",
                                  NULL };
    return run_many(c, words);
}

void bench_command(struct bench *b)
{
    struct yard yard;
    struct commands c;
    struct contest contest = {
        .id = "P13",
        .what = "command `report compare` / sqlite3 reading one row",
        .ctx = &c,
        .ours = compare,
        .floor = point,
        .ours_ops = STARTS,
        .floor_ops = STARTS,
        .goal = { AT_MOST, 3000, 1500 }
    };
    if (access(SQLITE3, X_OK) != 0) {
        bench_missing(b, contest.id, contest.what, "sqlite3 is not installed");
        return;
    }
    yard_open(&yard, b->longer ? MANY_FAIRS : FAIRS, EACH);
    yard_calendar(&yard);
    yard_fill(&yard, SALES);
    yard_close_store(&yard);
    snprintf(c.program, sizeof(c.program), "%s",
             bench_program(b, "fair-aggregator"));
    snprintf(c.dir, sizeof(c.dir), "%s", yard.dir);
    snprintf(c.file, sizeof(c.file), "%s/" STORE_FILE, yard.dir);
    posix_spawn_file_actions_init(&c.quiet);
    posix_spawn_file_actions_addopen(&c.quiet, STDOUT_FILENO, "/dev/null",
                                     O_WRONLY, 0);
    bench_contest(b, &contest);
    posix_spawn_file_actions_destroy(&c.quiet);
    yard_open_store(&yard);
    yard_close(&yard);
}
