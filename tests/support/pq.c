#include "tests/support/pq.h"

#include "fair/library.h"

const struct pq_more *pq_more(void)
{
    static struct pq_more more;
    static const struct library_symbol symbols[] = {
        { "PQdescribePrepared", &more.describe },
        { "PQexec", &more.exec },
        { "PQprepare", &more.prepare },
        { "PQputCopyData", &more.copy },
        { "PQputCopyEnd", &more.copied },
        { NULL, NULL }
    };

    if (!more.exec)
        ASSERT(library_load(LIBRARY_FILES("libpq.so.5"), symbols));
    return &more;
}
