/*
 * stand.c - what both kinds of hands have in common.
 */
#include "tests/sim/stand.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { STREAM = 0x57a90000, SETTLE_TRIES = 20, TURNS = 64 };

_Static_assert(sizeof(struct tally) % sizeof(int64_t) == 0,
               "a tally is numbers only");

void tally_add(struct tally *sum, const struct tally *more)
{
    int64_t *to = &sum->acts;
    const int64_t *from = &more->acts;
    for (size_t i = 0; i < sizeof(*sum) / sizeof(*to); i++)
        to[i] += from[i];
}

struct tally tally_less(const struct tally *a, const struct tally *b)
{
    struct tally less = *a;
    int64_t *to = &less.acts;
    const int64_t *from = &b->acts;
    for (size_t i = 0; i < sizeof(less) / sizeof(*to); i++)
        to[i] -= from[i];
    return less;
}

void stand_basket(int basket, struct buf *out)
{
    buf_printf(out, "plan-%d", basket);
}

const struct stall *stand_stall(const struct stand *stand)
{
    return &stand->plan->stock->stalls[stand->booth];
}

static void program_at(struct program *program, const char *build,
                       const char *name, const char *dir)
{
    snprintf(program->path, sizeof(program->path), "%s/%s", build, name);
    snprintf(program->data, sizeof(program->data), "%s", dir);
}

void stand_init(struct stand *stand, const struct stand_place *place, int booth,
                int turn)
{
    *stand = (struct stand){ .plan = place->plan,
                             .world = place->world,
                             .booth = booth };
    bool binaries = booth == place->plan->by_binaries;
    ASSERT(turn < TURNS);
    stand->hands = binaries ? &program_hands : &own_hands;
    snprintf(stand->dir, sizeof(stand->dir), "%s/%s", place->dir,
             stand_stall(stand)->booth);
    program_at(&stand->pos, place->build, "fair-pos", stand->dir);
    program_at(&stand->sync, place->build, "fair-sync", stand->dir);
    /* The same fair on other days has other devices. */
    const struct wish *wish = &place->plan->wish;
    chance_seed(&stand->chance, wish->seed + (uint64_t)wish->first_day,
                STREAM + (uint64_t)booth * TURNS + (uint64_t)turn);
    buf_init(&stand->why, MAX_TEXT);
}

void stand_done(struct stand *stand)
{
    if (stand->open)
        till_close(&stand->till);
    stand->open = false;
    buf_done(&stand->why);
}

enum err stand_enrol(struct stand *stand, const char *word)
{
    int64_t eve = stand->plan->acts[0].ms;
    world_turn(stand->world, eve, &stand->chance);
    return stand->hands->enrol(stand, word);
}

enum err stand_do(struct stand *stand, const struct act *act)
{
    ASSERT(stand->hands->deeds[act->deed]);
    world_turn(stand->world, act->ms, &stand->chance);
    enum err e = stand->hands->deeds[act->deed](stand, act);
    stand->tally.acts++;
    if (e && stand->why.len == 0)
        buf_printf(&stand->why, "act %d of basket %d", (int)act->deed,
                   act->what);
    return e;
}

enum err stand_settle(struct stand *stand, int64_t ms)
{
    struct act call = { .ms = ms, .booth = stand->booth, .deed = DEED_SYNC };
    if (access(stand->dir, F_OK) < 0) {
        stand->tally.missing++;
        return ERR_OK;
    }
    for (int i = 0; i < SETTLE_TRIES; i++) {
        int64_t unreached = stand->tally.unreached;
        enum err e = stand_do(stand, &call);
        if (e || stand->tally.unreached == unreached)
            return e;
    }
    return ERR_UNREACHABLE;
}

/* The sums are read here, by whomever the ledger was written. */
static enum err read_sums(struct stand *stand)
{
    struct tally *t = &stand->tally;
    struct ledger *l;
    enum err e = ledger_open(stand->dir, LEDGER_READ, "sim", &stand->why, &l);
    if (e)
        return e;
    const struct ledger_state *state = ledger_state(l);
    t->devices++;
    t->events += state->count;
    t->gross_vnd += state->sums.gross_vnd;
    t->refunds_vnd += state->sums.refunds_vnd;
    t->voids_vnd += state->sums.voids_vnd;
    t->counted += state->sums.visits;
    ledger_close(l);
    return ERR_OK;
}

enum err stand_verify(struct stand *stand)
{
    if (access(stand->dir, F_OK) < 0) {
        stand->tally.missing++;
        return ERR_OK;
    }
    world_turn(stand->world, stand->plan->acts[0].ms, &stand->chance);
    enum err e = stand->hands->verify(stand);
    return e ? e : read_sums(stand);
}
