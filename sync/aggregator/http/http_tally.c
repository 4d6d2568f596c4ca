/*
 * http_tally.c - chains of those who have any.
 */
#include "http_tally.h"

#include <stdlib.h>

#include "fair/buf.h"

enum { CHAIN_BITS = 10 };

struct has {
    struct has *next;
    uint64_t key;
    int n;
};

struct tally {
    struct has *chains[1 << CHAIN_BITS];
};

struct tally *tally_open(void)
{
    return x_alloc(sizeof(struct tally));
}

void tally_close(struct tally *t)
{
    for (size_t i = 0; t != NULL && i < ARRAY_LEN(t->chains); i++) {
        for (struct has *h = t->chains[i], *next; h != NULL; h = next) {
            next = h->next;
            free(h);
        }
    }
    free(t);
}

static size_t chain_of(uint64_t key)
{
    return (key * UINT64_C(0x9E3779B97F4A7C15)) >> (64 - CHAIN_BITS);
}

/* Where the key's count stands, or would. */
static struct has **find(struct tally *t, uint64_t key)
{
    struct has **at = &t->chains[chain_of(key)];

    while (*at != NULL && (*at)->key != key)
        at = &(*at)->next;
    return at;
}

int tally_count(const struct tally *t, uint64_t key)
{
    const struct has *h = t->chains[chain_of(key)];

    while (h != NULL && h->key != key)
        h = h->next;
    return h != NULL ? h->n : 0;
}

int tally_take(struct tally *t, uint64_t key)
{
    struct has **at = find(t, key);

    if (*at == NULL) {
        *at = x_alloc(sizeof(**at));
        (*at)->key = key;
    }
    return ++(*at)->n;
}

void tally_give(struct tally *t, uint64_t key)
{
    struct has **at = find(t, key), *h = *at;

    ASSERT(h != NULL);
    if (--h->n > 0)
        return;
    *at = h->next;
    free(h);
}
