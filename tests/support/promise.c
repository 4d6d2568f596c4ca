#include "promise.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

void promise(int number, const char *thing, int64_t count)
{
    const char *store = getenv("FAIR_TEST_STORE");
    printf("promise %d %s%s %" PRId64 "\n", number, thing,
           store && *store ? "-on-postgresql" : "", count);
    fflush(stdout);
}

static uint64_t number_of(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    char *end;
    if (!text || !*text)
        return otherwise;
    uint64_t n = strtoull(text, &end, 10);
    if (*end)
        fail_msg("%s is no number: %s", name, text);
    return n;
}

uint64_t promise_seed(void)
{
    return number_of("SEED", 1);
}

int64_t promise_share(int64_t most)
{
    int64_t some = most * (int64_t)number_of("SHARE", 100) / 100;
    return some > 0 ? some : 1;
}

int promise_seeds_kept(const char *test, void (*replay)(uint64_t seed))
{
    char line[256], name[64];
    uint64_t seed;
    int count = 0;
    FILE *kept = fopen("tests/trust/seeds", "r");
    assert_non_null(kept);
    while (fgets(line, sizeof(line), kept)) {
        if (sscanf(line, "%63s %" SCNu64, name, &seed) != 2 ||
            strcmp(name, test) != 0)
            continue;
        replay(seed);
        count++;
    }
    fclose(kept);
    return count;
}

static const struct seed_walk *walking;

static void replay_alone(uint64_t seed)
{
    walking->begin();
    walking->run(seed);
    walking->end();
}

int64_t promise_walk(const struct seed_walk *walk)
{
    int64_t most = promise_share(walk->most);
    uint64_t first = (promise_seed() - 1) * (uint64_t)walk->most + 1;
    walking = walk;
    promise_seeds_kept(walk->test, replay_alone);
    for (int64_t i = 0; i < most; i++) {
        if (i % walk->renewed == 0)
            walk->begin();
        walk->run(first + (uint64_t)i);
        if (i % walk->renewed == walk->renewed - 1 || i == most - 1)
            walk->end();
    }
    return most;
}
