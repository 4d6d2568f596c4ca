/*
 * report_composition.h - who is at a fair: areas, stands, products and
 * producers by origin (private to report_composition.c and the bulletin).
 *
 * An area (khu gian hàng) is one booth of the booth list, a stand (gian hàng)
 * one of the 1…n standard stands in it. They are different units, never added
 * and never in one column.
 */
#ifndef AGGREGATOR_REPORT_COMPOSITION_H
#define AGGREGATOR_REPORT_COMPOSITION_H

#include "report_parts.h"

/* Of one origin, or of all; a thing at two origins counts once in all. */
struct composed {
    bool any;              /* has booths, or goods were sold there */
    struct figure areas;   /* unknown of booths in no booth list */
    struct figure stands;  /* likewise */
    int64_t listed_areas;  /* areas whose booth list has goods */
    struct figure on_show; /* products in those lists; without lists unknown */
    int64_t sold;          /* products with a sale that was not voided */
    int64_t producers;     /* of products on show or sold, as far as known */
    int64_t net_vnd;       /* of goods */
};

struct composition {
    struct composed of[ORIGINS], all;
};

/* Of report.ground, with goods up to the end of `last_day` (0: all). What is
 * on hold is added to report.hold. */
enum err composition_load(struct report *r, int last_day,
                          struct composition *out) MUST_USE;

#endif
