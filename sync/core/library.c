/*
 * library.c - dlopen and dlsym, which is all there is to it.
 *
 * Nothing is ever closed: libraries keep threads and memory of their own.
 */
#include "fair/library.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "fair/err.h"

bool library_load(const char *const *files,
                  const struct library_symbol *symbols)
{
    void *library = NULL;

    for (; *files && !library; files++)
        library = dlopen(*files, RTLD_LAZY | RTLD_LOCAL);
    if (!library)
        return false;
    for (; symbols->name; symbols++) {
        void *found = dlsym(library, symbols->name);

        if (!found)
            return false;
        /* POSIX gives a function's address as a pointer to void. */
        memcpy(symbols->pointer, &found, sizeof(found));
    }
    return true;
}

bool library_is_older(const char *version, const char *than)
{
    for (;;) {
        char *mine, *other;
        unsigned long a = strtoul(version, &mine, 10);
        unsigned long b = strtoul(than, &other, 10);

        if (a != b)
            return a < b;
        if (*mine != '.' || *other != '.')
            return *other == '.' && strtoul(other + 1, NULL, 10) > 0;
        version = mine + 1;
        than = other + 1;
    }
}

bool library_is_old(const struct library_use *use)
{
    const char *version = use->version();

    return version && library_is_older(version, use->least);
}

void library_missing(const char *file)
{
    err_die(file, 0, "this library is not installed, or is too old");
}
