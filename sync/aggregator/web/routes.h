/*
 * routes.h - every address of the aggregator, once: the transport, the role
 * test, /openapi.yaml's test and the metrics read this table.
 */
#ifndef AGGREGATOR_ROUTES_H
#define AGGREGATOR_ROUTES_H

#include "visit.h"

enum route_desk {
    DESK_DEVICES, /* a call of service.h, for the writer */
    DESK_PAGES,
    DESK_DOOR, /* checks a password */
    DESK_NONE  /* answered at once, on the transport's thread: needs no store */
};

/* In the order people read a row in. */
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding)
struct route {
    const char *method; /* a GET answers HEAD too */
    const char *path;
    unsigned who; /* MAY_…; MAY_ANYBODY: nobody need sign in */
    size_t body_max;
    enum route_desk desk;
    const char *params; /* keys of the query, blanks between; "" none. What a
                           desk of pages or the door answers takes `lang` too */
    page_fn *page;      /* NULL for DESK_DEVICES */
    bool program;       /* a program asks: refusals are JSON, and who is not
                           signed in is told so (401) instead of led to it */
};

/* Ends with a NULL path. */
extern const struct route web_routes[];

/* NULL: not that way. Then `allow` names the methods of the address, and stays
 * empty when there is nothing at all. */
const struct route *route_of(const char *method, const char *path,
                             struct buf *allow);
/* Whether a query is one this route takes: KEY=VALUE&…, each key at most once,
 * values of A-Z a-z 0-9 . _ - or empty. Pages for people take keys that no
 * route knows, too, and never look at them: addresses that are passed on gather
 * such. */
bool route_takes(const struct route *route, struct str query);

#endif
