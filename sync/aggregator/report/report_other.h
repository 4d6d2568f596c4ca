/*
 * report_other.h - where a fair stands by the clock, and the fair it is held
 * against (private to report*.c).
 */
#ifndef AGGREGATOR_REPORT_OTHER_H
#define AGGREGATOR_REPORT_OTHER_H

#include "glance.h"
#include "report_parts.h"

struct stage {
    int number;   /* of the last fair-day begun; 0: none has */
    int day;      /* its date */
    bool running; /* it is today */
    bool open;    /* ... and its hour of closing is to come: only then anybody
                     is told that the day runs */
    bool over;    /* the fair is */
    int cut;      /* slot that days are compared up to: slot_over() while the
                     day runs, else all of them */
};
void stage_of(const struct fair *f, int64_t now_ms, struct stage *out);
/* The day is today and its hour of closing is past: what it has sold may stand
 * for a whole day's. */
bool day_closed(const struct fair *f, int day, int64_t now_ms);
/* A device heard before this moment is silent: `silent_min` minutes ago, once
 * the fair has been open as long; 0 while it is closed. */
int64_t stage_silent_since(const struct fair *f, const struct stage *s,
                           int64_t now_ms, int silent_min);

struct other {
    enum glance_why why; /* GLANCE_COMPARED: the fair is loaded */
    char code[17], name[512];
    struct fairground ground;
    struct stage stage;
};

/* The fair that the query or r->ground names. A booth's own figures stand
 * against nobody's: then no other fair is looked at. ERR_NOT_FOUND when the
 * query names one that does not exist; r->why says so. */
enum err other_open(struct report *r, struct other *out) MUST_USE;
void other_done(struct other *o);

/* Why the other's fair-day `number` cannot stand against that of a fair at
 * `s`: it must have come as far. */
enum glance_why other_day(const struct other *o, const struct stage *s,
                          int number);
/* Why the fair up to where it is cannot stand against the other: over the same
 * fair-days, or whole against whole when it is over. */
enum glance_why other_to_date(const struct other *o, const struct stage *s);

/* "Compared with NAME (CODE)", or why not. */
void other_text(enum glance_why why, const char *name, const char *code,
                struct buf *out);

/* glance_make with r->ground loaded; sets r->hold. */
enum err glance_fill(struct report *r, int silent_min,
                     struct glance *out) MUST_USE;

#endif
