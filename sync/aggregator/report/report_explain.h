/*
 * report_explain.h - following a total down to its events (private to
 * report_explain*.c).
 */
#ifndef AGGREGATOR_REPORT_EXPLAIN_H
#define AGGREGATOR_REPORT_EXPLAIN_H

#include "report_parts.h"

/* The five figures of every level; a row's are the sums of what is below. */
struct explained {
    int64_t net_vnd, revenue_vnd, refunds_vnd, sales, visits;
};
void explained_add(struct explained *sum, const struct explained *by);
void explained_sale(struct explained *sum, const struct roll_sale *r);
void explained_json(const struct explained *sum, struct json *j);

/* The events of r->query->device. */
enum err explain_events(struct report *r, struct buf *out) MUST_USE;

#endif
