/*
 * store_sql.h - every statement that may run on aggregator.db, by number
 * (private to the store and to reference.c, listing.c and account.c, who own
 * the tables of organisers' data and of accounts in the same database; and to
 * copy.c, which reads and fills each kept table).
 */
#ifndef AGGREGATOR_STORE_SQL_H
#define AGGREGATOR_STORE_SQL_H

enum store_sql {
#define X(index, text) index,
#include "account_sql.def"
#include "reference_sql.def"
#include "store_sql.def"
#undef X
#define TABLE(t, behind, values, page) COPY_GET_##t, COPY_PUT_##t,
#include "copy_tables.def"
#undef TABLE
    STORE_SQL_COUNT
};

extern const char *const store_sql_texts[STORE_SQL_COUNT];

#endif
