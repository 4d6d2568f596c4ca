/*
 * crew.h - a phase of the fair, done by several processes.
 */
#ifndef SIM_CREW_H
#define SIM_CREW_H

#include <signal.h>

#include "tests/sim/fair.h"

/* One process's part of a phase: every step-th booth from `first`. */
struct duty {
    struct fair *fair;
    int phase, first, step;
    /* Told now and then of what was done since the last time. */
    void (*tell)(struct duty *duty, struct tally more);
    int to;               /* for `tell`: the pipe to the parent */
    struct tally told;    /* so far */
    struct stand *stands; /* of all booths; own ones are set */
};

/* The work of one process; a failure is told in fair->why (duty.c). */
enum err duty_do(struct duty *duty) MUST_USE;

/* Does `phase` with fair->setup.jobs processes, or in this one when that is
 * 1. A failure is told in fair->why. ERR_BUSY when crew_stop was set. */
enum err crew_work(struct fair *fair, int phase) MUST_USE;

/* Set (by a signal) to end the work early. */
extern volatile sig_atomic_t crew_stop;

#endif
