/*
 * xlsx.c - libxlsxwriter's functions, found once.
 */
#include "xlsx.h"

#include <pthread.h>

#include "fair/library.h"

#ifndef LIBRARY
#define LIBRARY "libxlsxwriter.so.4"
#endif

struct xlsx xlsx;

static bool loaded;

static void load(void)
{
    const struct library_symbol symbols[] = {
#define X(name) { #name, &xlsx.name },
        XLSX_FUNCTIONS(X)
#undef X
            { NULL, NULL }
    };

    loaded = library_load(LIBRARY_FILES(LIBRARY), symbols);
}

bool xlsx_load(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, load);
    return loaded;
}
