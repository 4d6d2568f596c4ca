/*
 * spool.h - slips on their way to the printer: DIR/spool/NNNNNN.job, the
 * bytes as the printer gets them, in the order of their numbers.
 *
 * A job is there whole and durable, or not at all, and stays until the
 * device took all of it.
 */
#ifndef POS_SPOOL_H
#define POS_SPOOL_H

#include "fair/buf.h"

enum { SPOOL_MAX = 2000 /* jobs waiting */, SPOOL_NAME = 16 };

/* DIR/spool; made (0700) by spool_put. */
void spool_path(const char *dir, struct buf *out);
/* ERR_LIMIT when it is full, and env_file_create's. */
enum err spool_put(const char *dir, struct str bytes) MUST_USE;
/* How many wait, and the name of the first. */
int spool_look(const char *dir, char first[SPOOL_NAME]);
enum err spool_read(const char *dir, const char *name,
                    struct buf *out) MUST_USE;
/* It was printed. */
enum err spool_drop(const char *dir, const char *name) MUST_USE;

#endif
