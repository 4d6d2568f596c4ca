/*
 * memory.h - how much memory a process has needed at most.
 */
#ifndef FAIR_BENCH_MEMORY_H
#define FAIR_BENCH_MEMORY_H

#include <sys/types.h>

#include "tests/bench/bench.h"

/* Of a process that runs, kB. */
int64_t memory_peak(pid_t pid);
/* A row of P17. */
void memory_fact(struct bench *b, const char *what, int64_t kb,
                 struct goal goal);

#endif
