/*
 * sections.h - what pages are made of (private to the pages).
 *
 * A page is a title and a list of sections, each a kind of report with the
 * members of the page's query that it takes. Whatever a login may not see and
 * whatever kind does not know about one booth alone is left out.
 */
#ifndef AGGREGATOR_SECTIONS_H
#define AGGREGATOR_SECTIONS_H

#include "pages.h"
#include "sync/aggregator/store/reference.h"

struct section {
    const char *kind;
    const char *title; /* English message id; NULL: that of the kind */
    const char *note;  /* a sentence below it, likewise; or NULL */
    const char *by;    /* how a league groups; NULL: as the page is asked */
    const struct table_link *links;
    int limit;  /* rows at most; 0: all */
    bool heat;  /* the heat map of hours, instead of rows */
    bool plain; /* for paper: no chart, nothing to scroll or to export */
    bool quiet; /* left out where a reason would stand instead of the table */
};

/* Markup of a page about a query, appended. */
typedef enum err part_fn(struct visit *v, const struct report_query *q,
                         struct buf *out, struct buf *why);

struct page_plan {
    const char *title;              /* English message id */
    const char *tab;                /* its path */
    const struct section *sections; /* ends with a NULL kind */
    part_fn *head, *tail;           /* before and behind them; or NULL */
    bool pairs;                     /* two beside each other where they fit */
};

/* From a plan to an answer; always true. */
bool plan_answer(struct visit *v, const struct page_plan *plan);

/* visit_query with whatever the page knows. ERR_NOT_FOUND also when nothing is
 * known of the fair. */
enum err page_query(struct visit *v, struct buf *strings,
                    struct report_query *out) MUST_USE;

/* visit_refuse; where nobody has entered a fair yet (`f->q` is NULL) the page
 * says how that is done. */
void page_refuse(struct visit *v, const struct frame *f, enum err e);

/* The page's query as one section asks it; false: not for this login. */
bool section_query(const struct section *s, const struct report_query *page,
                   struct report_query *out) MUST_USE;
enum err section_put(struct visit *v, const struct section *s,
                     const struct report_query *page, struct buf *why) MUST_USE;
enum err sections_put(struct visit *v, const struct section *sections,
                      const struct report_query *page,
                      struct buf *why) MUST_USE;

/* From here on this thread writes numbers in the way of its language. */
void numbers_for_people(void);

/* The hours of a fair as hour x day, shaded by net revenue. */
enum err heat_put(struct visit *v, const struct report_query *q,
                  struct buf *out, struct buf *why) MUST_USE;

/* The address of a page with those members of the query that it knows, for an
 * attribute: "/days?fair=XUAN2020&amp;with=…". */
enum { CARRY_MAX = 512 };
void href_put(struct buf *out, const char *path, const struct report_query *q);
/* The same members for table.h's carry, but how many rows:
 * "&fair=XUAN2020&with=…". */
void carry_put(struct buf *out, const char *path, const struct report_query *q);
/* Is there a page at `path` that this login may see? */
bool may_visit(const struct visit *v, const char *path);

/* A row of links to the same page, one for each of what can be chosen. */
part_fn filter_days, filter_origin, filter_by;
/* Around the report `explain`: the way back up, the events that follow. */
part_fn explain_head, explain_tail;

/* The choice of fair (and of the other one) as a form of this path. */
enum err choice_put(struct visit *v, const struct report_query *q,
                    const char *path, struct buf *out) MUST_USE;

#endif
