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

struct route {
    const char *method; /* a GET answers HEAD too */
    const char *path;
    unsigned who; /* MAY_…; MAY_ANYBODY: nobody need sign in */
    size_t body_max;
    enum route_desk desk;
    const char *params; /* keys of the query, blanks between; "" none */
    page_fn *page;      /* NULL for DESK_DEVICES */
};

/* Ends with a NULL path. */
extern const struct route web_routes[];

#endif
