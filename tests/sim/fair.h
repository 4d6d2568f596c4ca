/*
 * fair.h - a whole simulated fair: the organiser, the stands, and its course.
 *
 * The course is cut into phases (enrolling, each day, settling, verifying).
 * Stands share the processors: each phase is done by `jobs` processes, each
 * with every jobs-th booth. What a booth does never depends on the others, so
 * the ledgers say the same however many processes there are.
 */
#ifndef SIM_FAIR_H
#define SIM_FAIR_H

#include "tests/sim/host.h"
#include "tests/sim/stand.h"

struct fair_setup {
    struct wish wish;
    const char *build;     /* where the programs are */
    const char *dir;       /* an empty folder, the caller's */
    const char *organiser; /* the aggregator's; NULL: a folder in there */
    const char *code;      /* NULL: FAIR_CODE */
    const char *stock_dir, *figures, *name; /* as host_setup */
    int jobs;
    /* Told of progress between acts; may be NULL. */
    void (*progress)(void *ctx, int phase, const struct tally *sum);
    void *ctx;
};

struct fair {
    struct fair_setup setup;
    struct stock stock;
    struct plan plan;
    struct host host;
    struct tally sum; /* over all phases */
    struct buf why;   /* detail of a failure */
};

/* Plans the fair; sets up the aggregator and serves. */
enum err fair_begin(struct fair *fair, const struct fair_setup *setup) MUST_USE;
/* Stops serving when it still does, forgets everything but the files. */
void fair_end(struct fair *fair);

enum { PHASE_ENROL = -1, PHASE_SETTLE = -2, PHASE_VERIFY = -3 };
/* A day (from 0) or one of the above. ERR_BUSY: it was
 * interrupted. */
enum err fair_phase(struct fair *fair, int phase) MUST_USE;
/* All of them, in order. */
enum err fair_course(struct fair *fair) MUST_USE;

/* What the ledgers say; after PHASE_VERIFY. */
int64_t fair_net(const struct fair *fair);

/* The folder of a booth's device. */
void fair_stand_dir(const struct fair *fair, int booth, struct buf *out);

#endif
