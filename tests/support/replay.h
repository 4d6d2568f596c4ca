/*
 * replay.h - small simulated fairs for tests: the real programs' code, a real
 * aggregator process, real HTTPS on loopback.
 */
#ifndef TESTS_REPLAY_H
#define TESTS_REPLAY_H

#include "tests/sim/outcome.h"
#include "tests/support/scratch.h"

struct replay {
    char dir[SCRATCH_ROOM];
    char stock[SCRATCH_ROOM + 8];
    struct fair fair;
};

/* What most tests wish for: two days, refunds, voids, three gates, lost
 * answers, devices offline; all in this process, no booth by the programs. */
struct wish replay_wish(void);
enum { REPLAY_BOOTHS = 7, REPLAY_VISITS = 900 };
#define REPLAY_NET_VND INT64_C(60123400)

/* Anything that goes wrong in these fails the test. */
void replay_begin(struct replay *r, const struct wish *wish, int jobs);
void replay_phase(struct replay *r, int phase);
void replay_days(struct replay *r); /* enrols, and all days */
void replay_all(struct replay *r);  /* and settles, and verifies */
void replay_end(struct replay *r);

/* The net revenue the aggregator tells now. */
int64_t replay_net(const struct replay *r);
/* Everything it tells, compared with the ledgers: a difference fails. */
void replay_agrees(const struct replay *r);
/* A report as CSV, appended. */
void replay_report(const struct replay *r, const char *kind, struct buf *out);
/* Any command. */
void replay_order(const struct replay *r, const char *const *words);

/* The aggregator loses its database, not its keys: it is stopped, its
 * database removed, fair, booths and catalogue entered again, and it serves
 * once more at the same port. */
void replay_lose_database(struct replay *r);

/* Booths whose folder of the till is to be found where. */
void replay_stand_dir(const struct replay *r, int booth,
                      char out[SCRATCH_ROOM]);

#endif
