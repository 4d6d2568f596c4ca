/*
 * chance.h - chance that comes out the same for the same seed.
 *
 * xoshiro256** seeded by splitmix64, both as their authors describe them: the
 * same numbers on every machine. One stream per purpose (a booth, a day), so
 * that nothing depends on the order in which booths get their turn.
 */
#ifndef SIM_CHANCE_H
#define SIM_CHANCE_H

#include "fair/buf.h"

struct chance {
    uint64_t s[4];
};

void chance_seed(struct chance *c, uint64_t seed, uint64_t stream);
uint64_t chance_next(struct chance *c);
void chance_fill(struct chance *c, void *out, size_t len);

/* 0…below-1, evenly; below > 0. And low…high, both included. */
int64_t chance_below(struct chance *c, int64_t below);
int64_t chance_between(struct chance *c, int64_t low, int64_t high);
/* An index 0…n-1, each as likely as its weight says; their sum is > 0. */
int chance_weighted(struct chance *c, const int64_t *weights, int n);

/* Cuts `total` into n whole parts in proportion to the weights: the parts add
 * up to the total. Weights are >= 0, their sum times total fits an int64. */
void share_out(int64_t total, const int64_t *weights, int n, int64_t *parts);

#endif
