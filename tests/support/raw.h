/*
 * raw.h - behind a store's back: for tests that damage what is stored.
 */
#ifndef FAIR_TESTS_RAW_H
#define FAIR_TESTS_RAW_H

#include <sqlite3.h>

#include "sync/aggregator/store/store.h"

/* SQLite's handle of a store in a file. */
sqlite3 *raw_handle(struct store *s);

#endif
