/*
 * host.h - the organiser's side of a simulated fair: the aggregator, as a
 * process of its own, and everything its command line does.
 */
#ifndef SIM_HOST_H
#define SIM_HOST_H

#include "tests/sim/child.h"
#include "tests/sim/plan.h"

#define FAIR_CODE "XUAN2020"

struct host {
    const char *fair; /* code; FAIR_CODE unless set after host_init */
    struct program program;
    struct child serving;
    char listen[32]; /* ADDRESS:PORT, once it served */
};

/* Sets up DIR with the fair of `plan`, its gates, and the three files of
 * `stock_dir`; with `figures` (a file) also published totals. What is there
 * already stays: after a lost database it is the way to begin again. */
struct setup {
    const struct plan *plan;
    const char *stock_dir, *figures; /* figures: or NULL */
    const char *name;
};
void host_init(struct host *host, const char *build, const char *dir);
enum err host_setup(struct host *host, const struct setup *setup) MUST_USE;

/* Serves on loopback, again at the same port when it did before. */
enum err host_serve(struct host *host) MUST_USE;
/* Ends it in order. ERR_IO when it did not go well. */
enum err host_stop(struct host *host) MUST_USE;

/* Runs a command; its output is appended. ERR_REFUSED when its exit code is
 * not 0: then it said why on stderr. */
enum err host_ask(const struct host *host, const char *const *words,
                  struct buf *out) MUST_USE;
/* An enrolment string for a booth. */
enum err host_enrol(const struct host *host, const char *booth,
                    struct buf *word) MUST_USE;

#endif
