/*
 * nudge.h - telling fair-sync that there is something new.
 *
 * One byte to DIR/nudge.sock after what was appended. It never waits and never
 * fails: an agent that is not running, or misses it, looks by itself later.
 */
#ifndef POS_NUDGE_H
#define POS_NUDGE_H

#include <stdbool.h>

void nudge_agent(const char *dir);
/* Is there a `fair-sync watch` that would hear it? Sends nothing. */
bool nudge_heard(const char *dir);

#endif
