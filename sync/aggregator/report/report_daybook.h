/*
 * report_daybook.h - the day table of a whole fair, added up once and lent as
 * long as nothing in it can have changed (private to report*.c).
 */
#ifndef AGGREGATOR_REPORT_DAYBOOK_H
#define AGGREGATOR_REPORT_DAYBOOK_H

#include "report_ground.h"

struct daybook {
    struct fairground ground; /* the fair alone, without booths or devices */
    struct tally tally;       /* all of it, without the days' booths */
    struct buf json;          /* report_days keeps its members here */
};

/* Inside store_read_begin. *out is the store's, and there until the store is
 * closed, the same fair is asked for again or a hundred others were. The errors
 * of ground_load. */
enum err daybook_get(struct store *s, const char *fair,
                     struct daybook **out) MUST_USE;

#endif
