/*
 * scratch.h - a directory of its own for a test, gone afterwards.
 */
#ifndef SCRATCH_H
#define SCRATCH_H

#include "fair/buf.h"

enum { SCRATCH_ROOM = 512 };

/* Makes a new directory under $TMPDIR (else /tmp) and puts its path. */
void scratch_make(char path[SCRATCH_ROOM]);
/* Removes the directory and everything in it. */
void scratch_remove(const char *path);

/* DIR/NAME in one of four buffers used in turn. */
const char *scratch_path(const char *dir, const char *name);

/* Whole files; both fail the test when they cannot. */
void scratch_write(const char *dir, const char *name, struct str bytes);
void scratch_read(const char *dir, const char *name, struct buf *out);
bool scratch_has(const char *dir, const char *name);

#endif
