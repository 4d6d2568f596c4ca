/*
 * main.c - sim: fairs that never were, through the real programs.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fair/date.h"
#include "fair/money.h"
#include "tests/sim/scene.h"
#include "tests/sim/sim.h"

static const char usage[] =
    "usage: sim demo [--build DIR] [--source DIR] [--seed N] [--jobs N]\n"
    "       sim run [the same] [--keep 1] [--booths N] [--days N]\n"
    "               [--products N] [--gates N] [--sales N] [--target VND]\n"
    "               [--refunds N] [--voids N] [--visits N] [--syncs N]\n"
    "               [--faults PERCENT] [--offline 0|1] [--binaries 0|1]\n"
    "               [--first-day YYYYMMDD] [--until TIME] [--fair CODE]\n"
    "               [--name NAME] [--stock DIR] [--data DIR]\n"
    "       sim serve --data DIR [--at TIME] [--stand 0|1] [OPTION…]\n";

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
    FIRST_DAY,
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
    [FIRST_DAY] = { "first-day", 19700101, 99991231, 20200114 },
};

/* Options that are words. */
enum word { BUILD = NUMBERS, SOURCE, FAIR, NAME, STOCK, DATA, UNTIL, OPTIONS };
static const char *const words[OPTIONS - NUMBERS] = { "build", "source", "fair",
                                                      "name",  "stock",  "data",
                                                      "until" };

static bool take_word(int which, const char *text, struct options *o)
{
    const char **const fields[] = { &o->build, &o->source, &o->fair,
                                    &o->name,  &o->stock,  &o->data };
    if (which != UNTIL) {
        *fields[which - NUMBERS] = text;
        return true;
    }
    return time_parse(str_of(text), &o->wish.until_ms) == ERR_OK;
}

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
                             .first_day = (int)n[FIRST_DAY],
                             .until_ms = o->wish.until_ms,
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
    struct option table[OPTIONS + 1] = { 0 };
    int64_t n[NUMBERS];
    for (int i = 0; i < NUMBERS; i++) {
        table[i] =
            (struct option){ numbers[i].name, required_argument, NULL, i };
        n[i] = numbers[i].usual;
    }
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    n[JOBS] = cores < 1 ? 1 : cores > 4 ? 4 : cores;
    for (int i = NUMBERS; i < OPTIONS; i++)
        table[i] =
            (struct option){ words[i - NUMBERS], required_argument, NULL, i };
    int got;
    while ((got = getopt_long(argc, argv, "", table, NULL)) != -1) {
        if (got == '?' || (got < NUMBERS ? !take_number(got, optarg, &n[got])
                                         : !take_word(got, optarg, o)))
            return false;
    }
    apply(n, o);
    return day_valid((int)n[FIRST_DAY]) && optind == argc - 1;
}

int main(int argc, char **argv)
{
    struct options options = { .build = "build",
                               .source = ".",
                               .name = "Simulated fair" };
    if (argc > 1 && strcmp(argv[1], "serve") == 0)
        return sim_serve(argc - 1, argv + 1);
    if (!read_options(argc, argv, &options)) {
        fputs(usage, stderr);
        return 2;
    }
    scene_signals();
    if (strcmp(argv[optind], "demo") == 0)
        return sim_demo(&options);
    if (strcmp(argv[optind], "run") == 0)
        return sim_run(&options);
    fputs(usage, stderr);
    return 2;
}
