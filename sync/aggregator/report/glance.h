/*
 * glance.h - the organiser's one minute: today's figures, each against the
 * compared fair's same fair-day and against yesterday, both up to the same
 * 10-minute slot, and how much the figures can be trusted.
 *
 * A running day is never held against a whole one: where the other side cannot
 * be cut at the slot (it is known by published totals only, had no such
 * fair-day, or the figures are one booth's own) there is no comparison but the
 * reason.
 */
#ifndef AGGREGATOR_GLANCE_H
#define AGGREGATOR_GLANCE_H

#include "report.h"

enum glance_name {
    GLANCE_NET,     /* đồng */
    GLANCE_SALES,   /* receipts */
    GLANCE_AVERAGE, /* net đồng a receipt, rounded half away from zero */
    GLANCE_VISITS,
    GLANCE_PER_VISIT, /* net đồng a visit, likewise; unknown without visits */
    GLANCES
};

/* Why there is nothing to compare with. */
enum glance_why {
    GLANCE_COMPARED,
    GLANCE_NO_OTHER,       /* the fair names none */
    GLANCE_PUBLISHED_ONLY, /* the other is known by its totals alone */
    GLANCE_NO_SUCH_DAY,    /* the other had fewer fair-days, or is not that far;
                              the first day has no yesterday */
    GLANCE_OWN_ONLY, /* one booth's figures: a booth of the other fair with
                        the same code is somebody else */
    GLANCE_NOT_BEGUN,
    GLANCE_WHYS
};
/* "compared", "no_other", "published_only"…; an English message id. */
const char *glance_why_word(enum glance_why why);
const char *glance_why_text(enum glance_why why);

struct glance_row {
    struct figure now;      /* everything there is */
    struct figure compared; /* of it, what is up to the cut: growth is this
                               against that or yesterday */
    struct figure that, yesterday;
    struct figure growth, growth_yesterday; /* hundredths of a per cent */
};

struct glance {
    int64_t as_of_ms;
    char fair[17], with[17];
    char name[512], with_name[512];
    int fair_day;  /* the day shown: q->day, today, or the last one begun; 0
                      none */
    int day;       /* its date */
    int fair_days; /* of the calendar */
    bool running;  /* the day shown is still open for sales now */
    int until_min; /* of today: minutes after midnight up to which both sides
                      are compared, the end of the last 10-minute slot that is
                      over (that minute excluded); 1440 and more after
                      midnight. -1: whole days are */
    enum glance_why why, why_yesterday;
    struct glance_row row[GLANCES];     /* of the day shown */
    struct glance_row to_date[GLANCES]; /* of the fair so far, compared over the
                                           same fair-days up to the same slot,
                                           whole against whole when it is over;
                                           yesterday unknown */
    /* Trust. */
    int64_t booths_reporting, booths_expected; /* that day */
    int64_t booths_recent;           /* heard within the last ten minutes */
    int64_t devices, devices_silent; /* nothing heard for `silent_min` */
    int64_t events_waiting;          /* on devices, as they said last */
    int64_t hold_events, hold_vnd;
};

enum { SILENT_MIN_USUAL = 30 };

/* Fills `out` for q->fair, q->with, q->booth and q->day, as report_make does;
 * its errors.
 * `silent_min`: minutes without contact during opening hours that make a
 * device silent. The report `glance` prints the same. */
enum err glance_make(struct store *s, const struct report_query *q,
                     int silent_min, struct glance *out,
                     struct buf *why) MUST_USE;

#endif
