/*
 * raw.h - behind a store's back: for tests that damage or look at what is
 * stored. Everything fails the test that cannot be done.
 */
#ifndef FAIR_TESTS_RAW_H
#define FAIR_TESTS_RAW_H

#include <sqlite3.h>

#include "sync/aggregator/store/store.h"

/* Any statements, on either engine. */
void raw_exec(struct store *s, const char *sql);
/* What a statement that gives one number gives, or 0 without a row. */
int64_t raw_int(struct store *s, const char *sql);
/* Every column of every row, one a line, appended. */
void raw_text(struct store *s, const char *sql, struct buf *out);
/* Puts `bytes` for those of the segments that begin with event `first`. */
void raw_segment(struct store *s, int64_t first, struct str bytes);
/* Is a group open? */
bool raw_grouped(struct store *s);

/* SQLite's handle of a store in a file. */
sqlite3 *raw_handle(struct store *s);

#endif
