#include "tests/support/pq.h"

#include <dlfcn.h>
#include <string.h>

static void find(void *library, const char *name, void *function)
{
    void *found = dlsym(library, name);

    ASSERT(found);
    memcpy(function, &found, sizeof(found));
}

const struct pq_more *pq_more(void)
{
    static struct pq_more more;

    if (!more.exec) {
        void *library = dlopen("libpq.so.5", RTLD_NOW);
        ASSERT(library);
        find(library, "PQdescribePrepared", &more.describe);
        find(library, "PQexec", &more.exec);
        find(library, "PQprepare", &more.prepare);
        find(library, "PQputCopyData", &more.copy);
        find(library, "PQputCopyEnd", &more.copied);
    }
    return &more;
}
