/*
 * allowance.c - one counter a thread.
 */
#include "allowance.h"

static _Thread_local struct {
    bool given, refused;
    size_t most, taken;
} allowance;

void allowance_begin(size_t bytes)
{
    ASSERT(!allowance.given);
    allowance.given = true;
    allowance.most = bytes;
}

void allowance_end(void)
{
    allowance.given = allowance.refused = false;
    allowance.taken = 0;
}

bool allowance_take(size_t bytes)
{
    if (!allowance.given)
        return true;
    if (bytes > allowance.most - allowance.taken)
        allowance.refused = true;
    if (!allowance.refused)
        allowance.taken += bytes;
    return !allowance.refused;
}

enum err allowance_check(void)
{
    return allowance.refused ? ERR_LIMIT : ERR_OK;
}

size_t allowance_taken(void)
{
    return allowance.taken;
}

void allowance_release(size_t taken)
{
    ASSERT(taken <= allowance.taken);
    allowance.taken = taken;
    allowance.refused = false;
}
