/*
 * postgres_load.c - libpq, loaded when the first address is opened.
 *
 * Who keeps a file neither needs libpq nor pays for it: the programs are
 * built with its header alone.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#include "postgres_parts.h"

#define LIBRARY "libpq.so.5"

static struct libpq functions;
static bool loaded;

/* POSIX gives a function's address as a pointer to void. */
static bool find(void *library, const char *name, void *function, size_t size)
{
    void *found = dlsym(library, name);
    _Static_assert(sizeof(found) == sizeof(void (*)(void)), "as in POSIX");

    memcpy(function, &found, size);
    return found != NULL;
}

static void load(void)
{
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

    loaded = library != NULL;
#define X(name) \
    loaded = loaded && find(library, #name, &functions.name, sizeof(void *));
    LIBPQ(X)
#undef X
}

const struct libpq *libpq(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, load);
    return loaded ? &functions : NULL;
}
