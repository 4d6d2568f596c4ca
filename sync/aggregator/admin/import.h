/*
 * import.h - the commands `import booths|catalogue|list|figures|ledger`.
 *
 * A bad line rejects the whole file, every error with its line number;
 * --dry-run only checks. Each says what was added, changed, unchanged (and,
 * where a file is a whole new version, removed).
 */
#ifndef AGGREGATOR_IMPORT_H
#define AGGREGATOR_IMPORT_H

#include "fair/cli.h"
#include "fair/csv.h"

#include "sync/aggregator/store/reference.h"
#include "sync/aggregator/store/strmap.h"

enum { IMPORT_COMMANDS = 5 };
extern const struct cli_command import_commands[IMPORT_COMMANDS];

/* Of `import ledger` (import_ledger.c). */
enum err import_ledger(struct cli *cli);

/* ---- shared by the kinds of files (private to import*.c) ---- */

struct import {
    struct cli *cli;
    struct store *store;
    struct str fair;
    struct strmap *before; /* what was there: key -> all values as one text */
    struct strmap *seen;   /* keys of this file */
    struct strmap *extra;  /* what else must be unique or known */
    int64_t version, position;
    int64_t added, changed, unchanged, removed;
    struct buf text; /* cleaned texts of one row */
    size_t bytes;    /* of a list with everything in it */
};

struct import_kind {
    const struct csv_column *columns; /* ends with a NULL name */
    /* Before the first row; or NULL. */
    enum err (*begin)(struct import *im);
    enum err (*row)(struct import *im, const struct csv_row *row,
                    struct buf *why);
    /* After the last row; or NULL. */
    enum err (*end)(struct import *im);
    bool bump; /* devices should know */
};

/* Reads the file named by the command's argument into the store. */
enum err import_run(struct cli *cli, const struct import_kind *kind);

/* Fields of a row. Each appends what is wrong (`column "value": …`) to `why`
 * and gives a harmless value then; empty optional fields give `none`. */
struct str field_name(struct import *im, struct str field, const char *column,
                      struct buf *why);
struct str field_note(struct import *im, struct str field, const char *column,
                      struct buf *why);
struct range {
    int64_t min, max;
    int64_t none; /* what an empty field says */
};
int64_t field_int(struct str field, const char *column, struct range range,
                  struct buf *why);
int64_t field_day(struct str field, const char *column, struct buf *why);
struct str field_id(struct str field, bool ok, const char *column,
                    struct buf *why);

/* Counts a key against what was there: `values` is its new content. Says why
 * when the key stands twice in the file. */
void import_count(struct import *im, struct str key, struct str values,
                  struct buf *why);

#endif
