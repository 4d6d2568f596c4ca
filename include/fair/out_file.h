/*
 * out_file.h - a file that somebody has named for a result: a report, a till's
 * records, lists for tills, a page for a printer.
 *
 * It appears under its name whole and durable, or not at all, and what had the
 * name is replaced then. A pipe, a terminal or another character device is
 * written to and never replaced; other special files are refused.
 *
 * A name is refused in a directory that a program of ours works in (its key is
 * there), and in those directly below it: what is there are sales and keys.
 * Only DIR/backups may be named. In other directories a copy of a database, of
 * a conf file or of an admission is refused, and what begins with its name.
 */
#ifndef FAIR_OUT_FILE_H
#define FAIR_OUT_FILE_H

#include "fair/buf.h"

struct out_file;

/* ERR_OWN_FILES: see above. ERR_INVALID: a directory, a disk, a socket.
 * ERR_NOT_FOUND (no such directory), ERR_READ_ONLY, ERR_FULL, ERR_IO. */
enum err out_file_open(const char *path, struct out_file **out) MUST_USE;
enum err out_file_write(struct out_file *f, struct str bytes) MUST_USE;
/* All of it is written: it takes its name. Without that out_file_close() takes
 * away what there is, as far as it can be. */
enum err out_file_settle(struct out_file *f) MUST_USE;
void out_file_close(struct out_file *f);

/* All four. */
enum err out_file_put(const char *path, struct str bytes) MUST_USE;

#endif
