/*
 * report_versus.h - two fairs held against each other over the same fair-days:
 * up to where both count, in how many days, and saying so (private to
 * report*.c).
 *
 * A fair that is over is compared whole with a whole one, per fair-day where
 * the numbers of days differ. One that is not is compared with the same
 * fair-days of the other, on a day still open up to the last slot that is
 * over.
 */
#ifndef AGGREGATOR_REPORT_VERSUS_H
#define AGGREGATOR_REPORT_VERSUS_H

#include "report_other.h"

struct versus {
    struct stage stage; /* of the fair reported, at the day asked for */
    bool past;          /* that is a day before the last one begun */
    struct other other;
    enum glance_why why;          /* GLANCE_COMPARED: all of the rest is set */
    bool whole;                   /* the fair reported is over */
    int64_t this_days, that_days; /* fair-days; this one's are set always */
    /* The last slot that is compared; day 0: no end. */
    struct until this_end, that_end;
    /* For reports by fair-day to set: net outside the calendar, in no row. */
    int64_t outside_vnd;
};

/* The fair that the query or r->ground names against r->ground as it was at
 * the end of its fair-day `day`, 0: as it is now. ERR_NOT_FOUND and r->why for
 * a fair-day that has not begun; the errors of other_open. */
enum err versus_open(struct report *r, int day, struct versus *out) MUST_USE;
void versus_done(struct versus *v);

/* Does a slot count, or a whole hour? */
bool until_slot(struct until end, int day, int slot);
bool until_hour(struct until end, int day, int hour);

/* Growth of totals in so many days each; unknown when there is none. */
struct figure growth_per_day(int64_t this, int64_t this_days, int64_t that,
                             int64_t that_days);

/* "Compared with NAME (CODE): 3 fair-days against 3", or why not. */
void versus_text(const struct versus *v, struct buf *out);
/* Members with, why_not_compared (a word or null) and days{this,that}. */
void versus_json(const struct versus *v, struct json *j);

/* The same for a report whose rows are of a fair-day each: for page.json and
 * page.text, with a versus as report.own. */
void versus_days_json(const struct report *r, struct json *j);
void versus_days_text(const struct report *r, struct buf *out);

#endif
