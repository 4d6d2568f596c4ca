/*
 * stand.h - one booth's device at a simulated fair, and how it does what the
 * plan says.
 *
 * Two kinds of hands: the till's and the agent's real functions called in
 * this process, or the programs fair-pos and fair-sync run as commands (sales
 * are late entries then: the programs' clock cannot be moved). Amounts are
 * compared with the plan at every act.
 */
#ifndef SIM_STAND_H
#define SIM_STAND_H

#include "pos/till/till.h"
#include "tests/sim/child.h"
#include "tests/sim/world.h"

/* What was done, for sums over stands. Whole numbers only, so that a process
 * can hand it to another as it is. */
struct tally {
    int64_t acts, sales, refunds, voids, visits;
    int64_t syncs, unreached; /* calls; of them those that failed */
    int64_t lost, doubled;    /* answers dropped, pushes delivered twice */
    int64_t devices, events, sound, missing;   /* what verifying found */
    int64_t gross_vnd, refunds_vnd, voids_vnd; /* by the ledgers */
    int64_t counted;                           /* visitors, gate or not */
};
void tally_add(struct tally *sum, const struct tally *more);
struct tally tally_less(const struct tally *a, const struct tally *b);

struct stand;
struct hands { /* the programs have none for refunds: their day is the clock's
                */
    enum err (*enrol)(struct stand *s, const char *word);
    enum err (*deeds[DEEDS])(struct stand *s, const struct act *a);
    enum err (*verify)(struct stand *s);
};
extern const struct hands own_hands, program_hands;

struct stand {
    const struct plan *plan;
    const struct hands *hands;
    struct world *world;
    int booth; /* of the plan's stock */
    char dir[4096];
    struct program pos, sync;
    struct chance chance;
    struct till till; /* open between the shift's opening and closing */
    bool open;
    struct tally tally;
    struct buf why; /* detail of a failure */
};

struct stand_place {
    const struct plan *plan;
    struct world *world;
    const char *build, *dir; /* programs; the folder of all stands */
};
/* `turn` is a phase of the fair: each has chance of its own. */
void stand_init(struct stand *stand, const struct stand_place *place, int booth,
                int turn);
void stand_done(struct stand *stand);
const struct stall *stand_stall(const struct stand *stand);

enum err stand_enrol(struct stand *stand, const char *word) MUST_USE;
enum err stand_do(struct stand *stand, const struct act *act) MUST_USE;
/* Calls until everything has arrived; after the last day. */
enum err stand_settle(struct stand *stand, int64_t ms) MUST_USE;
/* Walks the ledger and adds what it says to the tally. */
enum err stand_verify(struct stand *stand) MUST_USE;

/* The basket's id, and when it happened as the command line has it. */
void stand_basket(int basket, struct buf *out);

#endif
