/*
 * postgres_load.c - libpq, loaded when the first address is opened.
 *
 * Who keeps a file neither needs libpq nor pays for it: the programs are
 * built with its header alone.
 */
#include <pthread.h>

#include "fair/library.h"

#include "postgres_parts.h"

static struct libpq functions;
static bool loaded;

static void load(void)
{
    static const struct library_symbol symbols[] = {
#define X(name) { #name, &functions.name },
        LIBPQ(X)
#undef X
            { NULL, NULL }
    };

    loaded = library_load(LIBRARY_FILES("libpq.so.5"), symbols);
}

const struct libpq *libpq(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, load);
    return loaded ? &functions : NULL;
}
