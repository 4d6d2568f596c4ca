/*
 * csv.h - reading CSV files as organisers have them (RFC 4180, UTF-8, BOM and
 * CRLF accepted), columns by name in any order.
 *
 * A bad line rejects the whole file; every error is reported with its line
 * number. Writing is table.h's and text_emit_csv's business.
 */
#ifndef FAIR_CSV_H
#define FAIR_CSV_H

#include "fair/buf.h"

struct csv_column {
    const char *name;
    bool required; /* the column must exist and the field not be empty */
};

struct csv_row {
    int line;                 /* number of its first line in the file */
    const struct str *fields; /* by index in the column table; missing: "" */
};

/* Reads the whole text and calls `take` for every data row; `columns` ends
 * with a NULL name. `take` puts what is wrong with a row into `why` and
 * returns ERR_INVALID; reading goes on, so that all errors are found (at most
 * 100 are listed, each a line "line N: …", harmless for a terminal).
 * ERR_INVALID when anything was wrong, ERR_LIMIT above MAX_CSV; another error
 * of `take` ends reading at once. Fields are valid UTF-8 without NUL, valid
 * until `take` returns, and as they stand in the file: text_clean() them. */
enum err csv_read(struct str text, const struct csv_column *columns,
                  enum err (*take)(void *ctx, const struct csv_row *row,
                                   struct buf *why),
                  void *ctx, struct buf *errors) MUST_USE;

#endif
