/*
 * world.h - the machine a simulated device lives in.
 *
 * Installs an environment of its own: the clock is where the plan is, chance
 * is the booth's own stream, the network is the agent's real one behind a
 * switch. While a device calls the aggregator its clock shows the real time,
 * for the aggregator has no other: the two agree, as they would at a fair.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "fair/env.h"
#include "tests/sim/plan.h"

struct world {
    struct env real; /* with the agent's network */
    int64_t now_ms, day_begins_ms;
    bool calling;
    struct chance *chance; /* whose turn it is */
    enum network network;
    int64_t lost, doubled; /* answers dropped, pushes delivered twice */
};

/* The environment of this process until world_leave(). */
void world_enter(struct world *world);
void world_leave(struct world *world);

/* It is `ms`, and `chance` decides. Never goes back within a day. */
void world_turn(struct world *world, int64_t ms, struct chance *chance);

/* A call to the aggregator over such a network; and its end. */
void world_call(struct world *world, enum network network);
void world_hang_up(struct world *world);

#endif
