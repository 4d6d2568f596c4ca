/*
 * sim.h - the commands of the simulator.
 */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include "tests/sim/plan.h"

struct options {
    const char *build;  /* the programs' folder */
    const char *source; /* the repository's */
    int jobs;
    bool keep; /* the folder stays, and is named */
    /* Of a run. Several fairs may share an organiser's directory: */
    const char *data;  /* it stays; NULL: in the folder */
    const char *stock; /* of booths, catalogue and list; NULL: invented */
    const char *fair, *name;
    struct wish wish;
    int booths, products;
};

/* The published Spring fair, replayed and compared. Both give the exit
 * code. */
int sim_demo(const struct options *options);
/* A fair of any size; a summary as JSON. */
int sim_run(const struct options *options);

/* fair-aggregator with the words behind `serve`, but its clock begins at
 * --at TIME, and stands there with --stand 1. */
int sim_serve(int argc, char **argv);

#endif
