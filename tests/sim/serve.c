/*
 * serve.c - the aggregator at another time.
 *
 * It is the installed program with all its commands; only its wall clock is
 * not the machine's. Deadlines go by the monotonic clock, which stays. What
 * the tills of a simulated fair sent was received in our days, so a device may
 * have been heard later than now.
 */
#include <string.h>

#include "fair/date.h"
#include "fair/env.h"
#include "tests/sim/sim.h"

int fair_aggregator(int argc, char **argv);
#define main fair_aggregator
#include "sync/aggregator/main.c" // NOLINT(bugprone-suspicious-include)
#undef main

enum { WORDS_MAX = 64 };

static struct {
    struct env machine;
    int64_t at_ms, since_ms; /* begins there, at that time of the machine */
    bool stands;
} moved;

static int64_t wall_ms(void *ctx)
{
    (void)ctx;
    return moved.stands ? moved.at_ms
                        : moved.machine.wall_ms(moved.machine.ctx) -
                              moved.since_ms + moved.at_ms;
}

static void move_clock(void)
{
    moved.machine = env_system();
    moved.since_ms = moved.machine.wall_ms(moved.machine.ctx);
    struct env env = moved.machine;
    env.wall_ms = wall_ms;
    env_use(&env);
}

/* Ours among the options; false for a time that is none. */
static bool take(const char *name, const char *value)
{
    if (strcmp(name, "--stand") == 0) {
        moved.stands = strcmp(value, "1") == 0;
        return true;
    }
    return time_parse(str_of(value), &moved.at_ms) == ERR_OK;
}

int sim_serve(int argc, char **argv)
{
    static char name[] = "fair-aggregator";
    char *words[WORDS_MAX + 1] = { name };
    int n = 1;
    moved.at_ms = env_wall_ms();
    for (int i = 0; i < argc && n < WORDS_MAX; i++) {
        bool ours =
            strcmp(argv[i], "--at") == 0 || strcmp(argv[i], "--stand") == 0;
        if (!ours)
            words[n++] = argv[i];
        else if (i + 1 == argc || !take(argv[i], argv[i + 1]))
            return 2;
        i += ours;
    }
    move_clock();
    return fair_aggregator(n, words);
}
