/*
 * versions.c - versions by number and by time. Versions count from 1 and the
 * newer one has the greater number, whatever a clock said when it was made.
 */
#include "versions.h"

#include "store_sql.h"

enum err versions_of_list(struct store *s, struct str fair, int64_t list,
                          struct versions *out)
{
    struct engine *db = store_engine(s);
    QUERY(get, db, SQL_VERSIONS_OF);
    bool row = false;

    query_bind(get, "si", fair, list);
    enum err e = query_step(get, &row);
    if (e != ERR_OK)
        return e;
    if (!row)
        return ERR_NOT_FOUND;
    *out = (struct versions){ query_int(get, 0), query_int(get, 1) };
    return ERR_OK;
}

/* `last` is the newest one's number; the first column is the version. */
static enum err newest(struct query *get, int64_t last, int64_t *version)
{
    bool row = false;
    enum err e = query_step(get, &row);

    if (e == ERR_OK)
        *version = row ? query_int(get, 0) : last > 0;
    return e;
}

enum err versions_before(struct store *s, struct str fair, int64_t ms,
                         struct versions *out)
{
    struct engine *db = store_engine(s);
    struct versions last = { 0 }, found = { 0 };
    enum err e = catalogue_last(s, &last.catalogue);

    if (e == ERR_OK)
        e = booth_list_last(s, fair, &last.booth_list);
    if (e != ERR_OK)
        return e;
    QUERY(catalogue, db, SQL_CATALOGUE_BEFORE);
    QUERY(booth_list, db, SQL_BOOTH_LIST_BEFORE);

    query_bind(catalogue, "ii", last.catalogue, ms);
    query_bind(booth_list, "sii", fair, last.booth_list, ms);
    e = newest(catalogue, last.catalogue, &found.catalogue);
    if (e == ERR_OK)
        e = newest(booth_list, last.booth_list, &found.booth_list);
    if (e == ERR_OK)
        *out = found;
    return e;
}
