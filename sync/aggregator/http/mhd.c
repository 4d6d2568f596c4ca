/*
 * mhd.c - libmicrohttpd's functions, found once.
 */
#include "mhd.h"

#include <pthread.h>

#include "fair/library.h"

#ifndef LIBRARY
#define LIBRARY "libmicrohttpd.so.12"
#endif

struct mhd mhd;

static void load(void)
{
    const struct library_symbol symbols[] = {
#define X(name) { "MHD_" #name, &mhd.name },
        MHD_FUNCTIONS(X)
#undef X
            { NULL, NULL }
    };

    if (!library_load(LIBRARY_FILES(LIBRARY), symbols))
        library_missing(LIBRARY);
}

void mhd_load(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, load);
}

const char *mhd_version(void)
{
    __typeof__(MHD_get_version) *version = NULL;
    const struct library_symbol symbols[] = { { "MHD_get_version", &version },
                                              { NULL, NULL } };

    return library_load(LIBRARY_FILES(LIBRARY), symbols) ? version() : NULL;
}
