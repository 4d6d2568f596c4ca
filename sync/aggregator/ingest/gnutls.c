/*
 * gnutls.c - GnuTLS's functions, found once.
 */
#include "gnutls.h"

#include <pthread.h>

#include "fair/library.h"

#ifndef LIBRARY
#define LIBRARY "libgnutls.so.30"
#endif

struct gnutls gnutls;

static void load(void)
{
    const struct library_symbol symbols[] = {
#define X(name) { "gnutls_" #name, &gnutls.name },
        GNUTLS_FUNCTIONS(X)
#undef X
            { "gnutls_free", &gnutls.free },
        { NULL, NULL }
    };

    if (!library_load(LIBRARY_FILES(LIBRARY), symbols))
        library_missing(LIBRARY);
}

void gnutls_need(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, load);
}

const char *gnutls_version(void)
{
    __typeof__(gnutls_check_version) *version = NULL;
    const struct library_symbol symbols[] = {
        { "gnutls_check_version", &version }, { NULL, NULL }
    };

    return library_load(LIBRARY_FILES(LIBRARY), symbols) ? version(NULL) : NULL;
}
