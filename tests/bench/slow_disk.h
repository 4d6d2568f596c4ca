/*
 * slow_disk.h - a disk whose syncs take 5 ms, as many do that keep what they
 * promise: an SQLite VFS, for this program only.
 */
#ifndef FAIR_BENCH_SLOW_DISK_H
#define FAIR_BENCH_SLOW_DISK_H

#include <stdbool.h>

/* Databases that are opened from now on lie on it, or on the system's. */
void slow_disk_use(bool slow);

/* The aggregator's `serve` on it: `bench --data DIR serve --listen …`. */
int slow_disk_serve(int argc, char **argv);

#endif
