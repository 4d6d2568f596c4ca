/*
 * unzip.h - the parts of a workbook, for tests that look into one.
 */
#ifndef TESTS_UNZIP_H
#define TESTS_UNZIP_H

#include "fair/buf.h"

/* Appends the part of this name ("xl/workbook.xml"), unpacked. False: there is
 * none. What is no ZIP file fails the test. */
bool unzip_part(struct str zip, const char *name, struct buf *out);

/* What a workbook says, in place of its packed bytes; anything else stays. */
void unzip_workbook(struct buf *body);

#endif
