/*
 * report_exhibitors.h - who is the same exhibitor at two fairs (private to
 * report*.c).
 */
#ifndef AGGREGATOR_REPORT_EXHIBITORS_H
#define AGGREGATOR_REPORT_EXHIBITORS_H

#include "report_parts.h"

/* What an exhibitor goes by: the booth's name in NFC, blanks made one, in
 * small letters. Two booths with the same one belong to the same exhibitor,
 * at one fair or at two; a booth's code is only where it stands. */
void exhibitor_key(struct buf *out, struct str name);

#endif
