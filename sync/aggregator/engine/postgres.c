/* postgres.c - being written */
#include "engine_ops.h"
enum err postgres_open(const char *address, enum engine_mode mode,
                       const struct engine_kind *kind, struct buf *why,
                       struct engine **out)
{
    (void)address, (void)mode, (void)kind, (void)why, (void)out;
    return ERR_CONFIG;
}
