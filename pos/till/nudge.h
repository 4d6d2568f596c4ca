/*
 * nudge.h - telling fair-sync that there is something new.
 *
 * One byte to DIR/nudge.sock after every append. It never waits and never
 * fails: an agent that is not running, or misses it, looks by itself later.
 */
#ifndef POS_NUDGE_H
#define POS_NUDGE_H

void nudge_agent(const char *dir);

#endif
