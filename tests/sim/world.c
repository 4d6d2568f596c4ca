/*
 * world.c - see world.h.
 */
#include "tests/sim/world.h"

#include <string.h>

#include "fair/date.h"
#include "fair/wire.h"
#include "sync/agent/http.h"

static int64_t wall_ms(void *ctx)
{
    const struct world *w = ctx;
    return w->calling ? w->real.wall_ms(w->real.ctx) : w->now_ms;
}

/* Every machine is started anew each day. */
static int64_t mono_ms(void *ctx)
{
    const struct world *w = ctx;
    return w->now_ms - w->day_begins_ms;
}

static void boot_id(void *ctx, char out[7])
{
    const struct world *w = ctx;
    int64_t day = w->day_begins_ms / DAY_MS;
    memcpy(out, "simaaa", 7);
    for (int i = 5; i > 2; i--) {
        out[i] = (char)('a' + day % 26);
        day /= 26;
    }
}

static void random_bytes(void *ctx, void *out, size_t len)
{
    const struct world *w = ctx;
    chance_fill(w->chance, out, len);
}

static int64_t disk_free(void *ctx, const char *path)
{
    const struct world *w = ctx;
    return w->real.disk_free(w->real.ctx, path);
}

static void wait_ms(void *ctx, int64_t ms)
{
    const struct world *w = ctx;
    w->real.wait_ms(w->real.ctx, ms);
}

/* ---- the network --------------------------------------------------------- */

static bool carries_events(struct str body)
{
    int lines = 0;
    for (size_t i = 0; i < body.len; i++)
        lines += body.data[i] == '\n';
    return lines > 2;
}

/* The request arrives, and nobody here hears the answer. */
static enum err deliver(const struct world *w, const struct net_request *req)
{
    int status, retry_after_s;
    struct net_request copy = *req;
    BUF(unheard, MAX_REPLY);
    copy.retry_after_s = &retry_after_s;
    return w->real.post(w->real.ctx, &copy, &status, &unheard);
}

static enum err post(void *ctx, const struct net_request *req, int *status,
                     struct buf *reply)
{
    struct world *w = ctx;
    bool fault = w->network == NET_LOSE || w->network == NET_TWICE;
    if (w->network == NET_DOWN)
        return ERR_UNREACHABLE;
    if (fault && carries_events(req->body)) {
        enum err e = deliver(w, req);
        w->lost += w->network == NET_LOSE;
        w->doubled += w->network == NET_TWICE;
        if (e || w->network == NET_LOSE)
            return ERR_UNREACHABLE;
    }
    return w->real.post(w->real.ctx, req, status, reply);
}

/* ---- turns --------------------------------------------------------------- */

void world_enter(struct world *world)
{
    *world = (struct world){ .real = env_system() };
    world->real.post = https_post;
    const struct env env = { .ctx = world,
                             .wall_ms = wall_ms,
                             .mono_ms = mono_ms,
                             .boot_id = boot_id,
                             .random = random_bytes,
                             .disk_free = disk_free,
                             .post = post,
                             .wait_ms = wait_ms };
    env_use(&env);
}

void world_leave(struct world *world)
{
    struct env env = world->real;
    https_done();
    env.post = NULL;
    env_use(&env);
}

void world_turn(struct world *world, int64_t ms, struct chance *chance)
{
    world->now_ms = ms;
    world->day_begins_ms = day_start_ms(day_of_ms(ms));
    world->chance = chance;
}

void world_call(struct world *world, enum network network)
{
    world->calling = true;
    world->network = network;
}

void world_hang_up(struct world *world)
{
    world->calling = false;
}
