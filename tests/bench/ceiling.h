/*
 * ceiling.h - a server that does all a push needs but storing it: TLS, HTTP,
 * form, signature, chain, a signed answer. What remains to the real one's
 * figure is what storing costs.
 */
#ifndef FAIR_BENCH_CEILING_H
#define FAIR_BENCH_CEILING_H

#include <sys/types.h>

/* Serves on loopback in a process of its own with the keys of an aggregator's
 * directory, until it is killed. */
struct ceiling {
    pid_t pid;
    int port;
};
void ceiling_start(const char *dir, struct ceiling *out);
void ceiling_stop(struct ceiling *c);

#endif
