/*
 * strmap.c - an open-addressing table; texts lie in one growing buffer.
 */
#include "strmap.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "fair/env.h"

struct entry { /* positions in `text`; 0 in `key` means empty */
    size_t key, value;
};

struct strmap {
    struct entry *entries;
    size_t cap; /* a power of two */
    int64_t n;
    struct buf text;
    /* Names come from files of strangers: nobody shall choose collisions. */
    uint8_t secret[crypto_shorthash_KEYBYTES];
};

struct strmap *strmap_open(void)
{
    struct strmap *m = x_alloc(sizeof(*m));

    m->cap = 256;
    m->entries = x_alloc(m->cap * sizeof(*m->entries));
    buf_init(&m->text, MAX_OUTPUT);
    buf_putc(&m->text, '\0'); /* position 0 is nobody's */
    env_random(m->secret, sizeof(m->secret));
    return m;
}

void strmap_close(struct strmap *m)
{
    if (m == NULL)
        return;
    free(m->entries);
    buf_done(&m->text);
    free(m);
}

/* Where the key stands, or the empty place where it would. */
static size_t place_of(const struct strmap *m, struct str key)
{
    uint8_t hash[crypto_shorthash_BYTES];
    size_t at;

    crypto_shorthash(hash, (const uint8_t *)key.data, key.len, m->secret);
    memcpy(&at, hash, sizeof(at));
    for (at &= m->cap - 1; m->entries[at].key != 0;
         at = (at + 1) & (m->cap - 1))
        if (str_is(key, m->text.data + m->entries[at].key))
            break;
    return at;
}

static void grow(struct strmap *m)
{
    struct entry *old = m->entries;
    size_t n = m->cap;

    m->cap *= 2;
    m->entries = x_alloc(m->cap * sizeof(*m->entries));
    for (size_t i = 0; i < n; i++) {
        if (old[i].key != 0)
            m->entries[place_of(m, str_of(m->text.data + old[i].key))] = old[i];
    }
    free(old);
}

static size_t keep(struct strmap *m, struct str s)
{
    size_t at = m->text.len;

    buf_str(&m->text, s);
    buf_putc(&m->text, '\0');
    ASSERT(buf_ok(&m->text));
    return at;
}

bool strmap_put(struct strmap *m, struct str key, struct str value)
{
    if ((size_t)m->n * 2 >= m->cap)
        grow(m);
    size_t at = place_of(m, key);
    if (m->entries[at].key != 0)
        return false;
    m->entries[at].key = keep(m, key);
    m->entries[at].value = keep(m, value);
    m->n++;
    return true;
}

const char *strmap_get(const struct strmap *m, struct str key)
{
    const struct entry *e = &m->entries[place_of(m, key)];

    return e->key != 0 ? m->text.data + e->value : NULL;
}

int64_t strmap_count(const struct strmap *m)
{
    return m->n;
}
