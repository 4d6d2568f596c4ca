/*
 * waiting.h - waiting for another thread, but not longer than so long.
 *
 * Real time, whatever the environment's clock says: a test that moves that
 * clock must not stop the threads that watch it.
 */
#ifndef AGGREGATOR_WAITING_H
#define AGGREGATOR_WAITING_H

#include <pthread.h>

#include "fair/err.h"

void waiting_init(pthread_cond_t *cond);
/* False when `ms` have passed; may return early, like pthread_cond_wait. */
bool waiting_for(pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t ms);

#endif
