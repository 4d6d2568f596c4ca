/*
 * main.c - sim: fairs that never were, through the real programs.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fair/money.h"
#include "tests/sim/place.h"
#include "tests/sim/sim.h"

static const char usage[] =
    "usage: sim demo [--build DIR] [--source DIR] [--seed N] [--jobs N]\n"
    "       sim run [the same] [--keep 1] [--booths N] [--days N]\n"
    "               [--products N] [--gates N] [--sales N] [--target VND]\n"
    "               [--refunds N] [--voids N] [--visits N] [--syncs N]\n"
    "               [--faults PERCENT] [--offline 0|1] [--binaries 0|1]\n";

/* Options that are numbers, each with its range. */
enum number {
    SEED,
    JOBS,
    KEEP,
    BOOTHS,
    DAYS,
    PRODUCTS,
    GATES,
    SALES,
    TARGET,
    REFUNDS,
    VOIDS,
    VISITS,
    SYNCS,
    FAULTS,
    OFFLINE,
    BINARIES,
    NUMBERS
};
static const struct {
    const char *name;
    int64_t least, most, usual;
} numbers[NUMBERS] = {
    [SEED] = { "seed", 0, INT64_MAX, 2020 },
    [JOBS] = { "jobs", 1, 16, 2 },
    [KEEP] = { "keep", 0, 1, 0 },
    [BOOTHS] = { "booths", 1, 1000, 10 },
    [DAYS] = { "days", 1, DAYS_MAX, 2 },
    [PRODUCTS] = { "products", 1, 10000, 40 },
    [GATES] = { "gates", 0, GATES_MAX, 2 },
    [SALES] = { "sales", 1, 1000000, 200 },
    [TARGET] = { "target", 0, INT64_C(10000000000), 0 },
    [REFUNDS] = { "refunds", 0, 100000, 10 },
    [VOIDS] = { "voids", 0, 100000, 5 },
    [VISITS] = { "visits", 0, 10000000, 1000 },
    [SYNCS] = { "syncs", 1, 100, 6 },
    [FAULTS] = { "faults", 0, 50, 3 },
    [OFFLINE] = { "offline", 0, 1, 1 },
    [BINARIES] = { "binaries", 0, 1, 1 },
};

enum { BUILD = NUMBERS, SOURCE, WORD_OPTIONS };

static bool take_number(int which, const char *text, int64_t *out)
{
    int64_t n;
    if (money_parse(str_of(text), &n) != ERR_OK || n < numbers[which].least ||
        n > numbers[which].most) {
        fprintf(stderr, "sim: --%s %s: no number from %lld to %lld\n",
                numbers[which].name, text, (long long)numbers[which].least,
                (long long)numbers[which].most);
        return false;
    }
    *out = n;
    return true;
}

static void apply(const int64_t n[NUMBERS], struct options *o)
{
    o->jobs = (int)n[JOBS];
    o->keep = n[KEEP] != 0;
    o->booths = (int)n[BOOTHS];
    o->products = (int)n[PRODUCTS];
    o->wish = (struct wish){ .seed = (uint64_t)n[SEED],
                             .first_day = 20200114,
                             .days = (int)n[DAYS],
                             .sales = n[SALES],
                             .target_vnd = n[TARGET],
                             .refunds = n[REFUNDS],
                             .voids = n[VOIDS],
                             .gates = (int)n[GATES],
                             .visits = n[VISITS],
                             .syncs = (int)n[SYNCS],
                             .faults_pct = (int)n[FAULTS],
                             .offline = n[OFFLINE] != 0,
                             .binaries = n[BINARIES] != 0 };
}

static bool read_options(int argc, char **argv, struct options *o)
{
    struct option table[WORD_OPTIONS + 1] = { 0 };
    int64_t n[NUMBERS];
    for (int i = 0; i < NUMBERS; i++) {
        table[i] =
            (struct option){ numbers[i].name, required_argument, NULL, i };
        n[i] = numbers[i].usual;
    }
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    n[JOBS] = cores < 1 ? 1 : cores > 4 ? 4 : cores;
    table[BUILD] = (struct option){ "build", required_argument, NULL, BUILD };
    table[SOURCE] =
        (struct option){ "source", required_argument, NULL, SOURCE };
    int got;
    while ((got = getopt_long(argc, argv, "", table, NULL)) != -1) {
        if (got == BUILD)
            o->build = optarg;
        else if (got == SOURCE)
            o->source = optarg;
        else if (got == '?' || !take_number(got, optarg, &n[got]))
            return false;
    }
    apply(n, o);
    return optind == argc - 1;
}

int main(int argc, char **argv)
{
    struct options options = { .build = "build", .source = "." };
    if (!read_options(argc, argv, &options)) {
        fputs(usage, stderr);
        return 2;
    }
    place_signals();
    if (strcmp(argv[optind], "demo") == 0)
        return sim_demo(&options);
    if (strcmp(argv[optind], "run") == 0)
        return sim_run(&options);
    fputs(usage, stderr);
    return 2;
}
