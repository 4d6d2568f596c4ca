/*
 * chance.c - see chance.h.
 */
#include "tests/sim/chance.h"

#include <string.h>

#include "fair/money.h"

static uint64_t rotated(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

void chance_seed(struct chance *c, uint64_t seed, uint64_t stream)
{
    uint64_t mix = seed;
    uint64_t state = splitmix(&mix) ^ (stream * UINT64_C(0xD1342543DE82EF95));
    for (size_t i = 0; i < ARRAY_LEN(c->s); i++)
        c->s[i] = splitmix(&state);
}

uint64_t chance_next(struct chance *c)
{
    uint64_t *s = c->s;
    uint64_t result = rotated(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotated(s[3], 45);
    return result;
}

void chance_fill(struct chance *c, void *out, size_t len)
{
    uint8_t *bytes = out;
    while (len > 0) {
        uint64_t n = chance_next(c);
        size_t part = len < sizeof(n) ? len : sizeof(n);
        memcpy(bytes, &n, part);
        bytes += part;
        len -= part;
    }
}

int64_t chance_below(struct chance *c, int64_t below)
{
    ASSERT(below > 0);
    uint64_t range = (uint64_t)below, rest = (0 - range) % range, n;
    do {
        n = chance_next(c);
    } while (n > UINT64_MAX - rest);
    return (int64_t)(n % range);
}

int64_t chance_between(struct chance *c, int64_t low, int64_t high)
{
    return low + chance_below(c, high - low + 1);
}

static int64_t sum_of(const int64_t *weights, int n)
{
    int64_t sum = 0;
    for (int i = 0; i < n; i++) {
        enum err e = money_add(sum, weights[i], &sum);
        ASSERT(!e && weights[i] >= 0);
    }
    return sum;
}

int chance_weighted(struct chance *c, const int64_t *weights, int n)
{
    int64_t at = chance_below(c, sum_of(weights, n));
    int i = 0;
    while (at >= weights[i])
        at -= weights[i++];
    return i;
}

void share_out(int64_t total, const int64_t *weights, int n, int64_t *parts)
{
    int64_t sum = sum_of(weights, n), before = 0, given = 0;
    ASSERT(sum > 0 && total >= 0);
    for (int i = 0; i < n; i++) {
        int64_t due;
        before += weights[i];
        enum err e = money_mul(total, before, &due);
        ASSERT(!e);
        parts[i] = due / sum - given;
        given += parts[i];
    }
}
