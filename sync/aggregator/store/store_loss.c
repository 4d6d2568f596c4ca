/*
 * store_loss.c - telling that the shared database was lost, and that it is
 * back: once each, however many connections find out for themselves.
 *
 * A connection remembers how many losses had been told when it was last seen
 * alive. It is news that it is lost only if none has been told since:
 * otherwise it went with the others.
 */
#include <pthread.h>

#include "fair/env.h"

#include "store_parts.h"

static struct {
    pthread_mutex_t mutex;
    void (*tell)(const struct store_loss *loss);
    int64_t told;
    bool away;
    int64_t since_ms;
} losses = { .mutex = PTHREAD_MUTEX_INITIALIZER };

void store_on_loss(void (*tell)(const struct store_loss *loss))
{
    pthread_mutex_lock(&losses.mutex);
    losses.tell = tell;
    losses.away = false;
    pthread_mutex_unlock(&losses.mutex);
}

static void tell(const struct store_loss *loss)
{
    if (losses.tell)
        losses.tell(loss);
}

void loss_found(int64_t known, const char *where, const char *why)
{
    pthread_mutex_lock(&losses.mutex);
    if (!losses.away && known == losses.told) {
        losses.away = true;
        losses.told++;
        losses.since_ms = env_mono_ms();
        tell(&(struct store_loss){ .where = where, .why = why });
    }
    pthread_mutex_unlock(&losses.mutex);
}

int64_t losses_told(void)
{
    pthread_mutex_lock(&losses.mutex);
    int64_t told = losses.told;
    pthread_mutex_unlock(&losses.mutex);
    return told;
}

int64_t loss_over(const char *where)
{
    pthread_mutex_lock(&losses.mutex);
    int64_t told = losses.told;
    if (losses.away) {
        losses.away = false;
        tell(&(struct store_loss){
            .where = where, .after_ms = env_mono_ms() - losses.since_ms });
    }
    pthread_mutex_unlock(&losses.mutex);
    return told;
}
