/*
 * metrics.h - counters of a serving aggregator, in Prometheus' text format
 * (0.0.4). No money, no names of people, booths or products. Any thread.
 */
#ifndef AGGREGATOR_METRICS_H
#define AGGREGATOR_METRICS_H

#include "fair/buf.h"

#include "sync/aggregator/store/store.h"

enum counter {
    COUNT_REQUESTS_OK,    /* fair_aggregator_http_requests_total{code="2xx"} */
    COUNT_REQUESTS_MOVED, /* "3xx" */
    COUNT_REQUESTS_REFUSED, /* "4xx" */
    COUNT_REQUESTS_FAILED,  /* "5xx" */
    COUNT_EVENTS,           /* fair_aggregator_events_ingested_total */
    COUNT_BATCHES,          /* … batches_total{result="stored"} */
    COUNT_REPEATED,         /* … {result="repeated"} */
    COUNT_BATCHES_REFUSED,  /* … {result="refused"} */
    COUNT_SIGN_INS,         /* … sign_ins_total{result="right"} */
    COUNT_SIGN_INS_WRONG,   /* … {result="wrong"} */
    COUNT_ENDED_LATE,       /* … connections_ended_total{reason="late"}: it
                               took its time */
    COUNT_ENDED_CROWD,      /* … {reason="crowd"}: made room for another */
    COUNT_ENDED_SHARE,      /* … {reason="share"}: one too many from there */
    COUNTERS
};
void metrics_count(enum counter counter, int64_t by);
/* How long a push took from its last byte to its acknowledgement: histogram
 * fair_aggregator_push_duration_seconds. */
void metrics_push(int64_t ms);
/* Open now: fair_aggregator_connections, …_connections_known,
 * fair_aggregator_viewers. */
enum gauge { GAUGE_CONNECTIONS, GAUGE_KNOWN, GAUGE_VIEWERS, GAUGES };
void metrics_gauge(enum gauge gauge, int64_t by);

/* Everything above, fair_build_info, process_*, whether the database answers,
 * and if it does what the store knows (devices by state, the longest time since
 * one was heard, events waiting on devices, events stored, bytes of the
 * database where it is a file at `where`). */
void metrics_render(struct store *s, const char *where, struct buf *out);

#endif
