/*
 * main.c - `make bench`: one command, one table, one JSON file.
 *
 *   bench [WORD]       the benchmarks with that word in their name
 *   bench --sales N    what callgrind counts (see sale.c)
 *   bench --data DIR serve …   the aggregator on a slow disk (slow_disk.h)
 *
 * BUILD names the folder of the programs and of bench.json, LONG=1 takes the
 * time for 10^6 sales, LONG=2 that for 10^7.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fair/env.h"
#include "fair/out_file.h"
#include "tests/bench/bench.h"
#include "tests/bench/slow_disk.h"
#include "tests/support/scratch.h"

static const struct {
    const char *name;
    void (*run)(struct bench *b);
} benches[] = {
    /* First, while this process is small: a child's peak begins with its
     * parent's size. */
    { "memory", bench_memory },     { "sale", bench_sale },
    { "bytes", bench_bytes },       { "ingest", bench_ingest },
    { "report", bench_report },     { "command", bench_command },
    { "https", bench_https },       { "slow-disk", bench_slow_disk },
    { "devices", bench_devices },   { "during", bench_during },
    { "postgres", bench_postgres }, { "postgres-two", bench_postgres_two },
    { "screen", bench_screen },     { "idle", bench_idle },
    { "count", bench_count },
};

static const char *setting(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value && *value ? value : otherwise;
}

static int write_out(const struct bench *b)
{
    BUF(table, MAX_OUTPUT);
    BUF(json, MAX_OUTPUT);
    bench_table(b, &table);
    bench_json(b, &json);
    printf("%s", buf_text(&table));
    enum err e =
        out_file_put(scratch_path(b->build, "bench.json"), buf_slice(&json));
    printf("%s/bench.json%s\n", b->build,
           e == ERR_OK ? "" : " could not be written");
    return e == ERR_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--sales") == 0)
        return sales_run(argv[2]);
    if (argc > 3 && strcmp(argv[1], "--data") == 0)
        return slow_disk_serve(argc, argv);
    struct bench b = { .build = setting("BUILD", "build"),
                       .longer = (int)strtol(setting("LONG", "0"), NULL, 10) };
    for (size_t i = 0; i < ARRAY_LEN(benches); i++) {
        if (argc > 1 && !strstr(benches[i].name, argv[1]))
            continue;
        int64_t from = bench_ns();
        fprintf(stderr, "%s\n", benches[i].name);
        benches[i].run(&b);
        fprintf(stderr, "  %lld s\n",
                (long long)((bench_ns() - from) / 1000000000));
    }
    int code = write_out(&b);
    bench_done(&b);
    return code;
}
