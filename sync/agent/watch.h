/*
 * watch.h - staying: a session whenever the till has something new, and now
 * and then anyhow; after a failure a random wait that grows.
 *
 * lock.sync is held during a session only, so that other commands work
 * meanwhile; lock.watch keeps a second watcher away.
 */
#ifndef AGENT_WATCH_H
#define AGENT_WATCH_H

#include "sync/agent/session.h"

struct watch_wish {
    int64_t interval_ms; /* between two sessions when nothing is new */
    /* Told after a session whose outcome is not that of the one before;
     * wait_ms is how long we wait now. */
    void (*changed)(void *ctx, const struct session *s, enum err outcome,
                    int64_t wait_ms);
    void *ctx;
    bool apart; /* each session in a process of its own (apart.h) */
    /* A till has started us and holds the other end of this pipe: a byte
     * means look now; its end, that the till is gone. Then we stay until
     * nothing is unsent, at most ten minutes. */
    bool with_till;
    int till;
};

/* Until SIGTERM or SIGINT, or the end with the till: ERR_OK. Whatever ails the
 * network or the till is waited out. ERR_LOCKED (another watcher; s->why),
 * ERR_NOT_SET_UP, ERR_IO (no place for nudge.sock). */
enum err watch_run(struct session *s, const struct watch_wish *wish) MUST_USE;

#endif
