/*
 * hostile.h - a program that means ill: thousands of connections, of every
 * kind that costs a server something, from a process of its own.
 *
 * Those that hold a place (silent, a handshake begun or dripped, a head or a
 * body dripped, answers not taken) are watched until the server has ended
 * them; those that make work (garbage, handshakes, pushes with a bad
 * signature) come again and again.
 */
#ifndef FAIR_TEST_HOSTILE_H
#define FAIR_TEST_HOSTILE_H

#include <sys/types.h>

#include "fair/buf.h"

struct hostile_plan {
    int port;
    int places;    /* held at once */
    int opening_s; /* until all of them are */
    int lasting_s; /* so long they come again; then only the end is awaited */
    uint64_t seed; /* of garbage */
    struct str request; /* whole, of a push nobody signed */
};

struct hostile_told {
    int64_t held, slowest_ms; /* places, and how long the longest was one's */
    int64_t left;             /* never ended */
    int64_t garbage, handshakes, signatures; /* of those, how many came */
    int64_t taken; /* of bad signatures, as if they were good */
    int64_t most;  /* places held at once */
};

struct hostile {
    pid_t pid;
    int told;
};

/* Before this process has threads. */
void hostile_start(const struct hostile_plan *plan, struct hostile *out);
/* Waits for its end; dies when it failed. */
void hostile_end(struct hostile *h, struct hostile_told *out);

#endif
