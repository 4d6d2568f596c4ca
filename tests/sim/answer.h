/*
 * answer.h - reading what the programs answer as JSON.
 *
 * A value is taken as it stands in the text, so a figure with two decimals
 * stays exact: it is read as hundredths.
 */
#ifndef SIM_ANSWER_H
#define SIM_ANSWER_H

#include "fair/buf.h"

/* The value at `path`: names of members joined by dots, places in arrays as
 * numbers ("days.0.net_vnd"); a string without its quotes, escapes as they
 * are. An empty slice when there is none. */
struct str answer_at(struct str json, const char *path);

/* The same as a whole number, as hundredths ("8.25" is 825), as a truth.
 * What is not there, or no number, ends the program: the programs' answers
 * are fixed by contract. */
int64_t answer_int(struct str json, const char *path);
int64_t answer_hundredths(struct str json, const char *path);
bool answer_true(struct str json, const char *path);

#endif
