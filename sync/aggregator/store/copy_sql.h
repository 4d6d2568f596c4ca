/*
 * copy_sql.h - the statements of copy.c, made from copy_tables.def: members of
 * an array that has an index for each (only store.c includes it).
 *
 * COPY_GET reads a page of rows behind a key, COPY_PUT adds one row.
 */
// clang-format off
#define P1  "$1"
#define P2  P1 ", $2"
#define P3  P2 ", $3"
#define P4  P3 ", $4"
#define P5  P4 ", $5"
#define P6  P5 ", $6"
#define P7  P6 ", $7"
#define P8  P7 ", $8"
#define P9  P8 ", $9"
#define P10 P9 ", $10"
#define P15 P10 ", $11, $12, $13, $14, $15"
#define P20 P15 ", $16, $17, $18, $19, $20"
// clang-format on

#define FIRST(letter, name)   #name
#define FURTHER(letter, name) ", " #name
#define KEYS(t)               KEY_##t(FIRST, FURTHER)
#define COLUMNS(t)            KEYS(t) REST_##t(FURTHER)

// clang-format off
#define TABLE(t, behind, values, page)                                    \
    [COPY_GET_##t] = "SELECT " COLUMNS(t) " FROM " #t " WHERE (" KEYS(t)  \
                     ") > (" behind ") ORDER BY " KEYS(t) " LIMIT " page, \
    [COPY_PUT_##t] = "INSERT INTO " #t " (" COLUMNS(t) ")"                \
                     " VALUES (" values ")",
// clang-format on
#include "copy_tables.def"
#undef TABLE
