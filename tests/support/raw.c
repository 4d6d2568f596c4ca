#include "tests/support/raw.h"

#include "sync/aggregator/engine/engine_ops.h"

sqlite3 *raw_handle(struct store *s)
{
    return sqlite_handle(store_engine(s));
}
