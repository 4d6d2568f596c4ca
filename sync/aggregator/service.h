/*
 * service.h - what the aggregator does for a device's request, apart from any
 * transport: push (with its downloads) and enrolment.
 *
 * A call is begun on a transport's thread, where form, signatures and the
 * chain inside the batch are checked; it is carried out by the writer thread
 * and answered from what is durable then.
 */
#ifndef AGGREGATOR_SERVICE_H
#define AGGREGATOR_SERVICE_H

#include "ingest.h"

struct service {
    struct ingest *ingest;
    const struct keys *keys;
};

struct call {
    struct job job; /* first: the writer gives it back to us */
    const struct service *service;
    struct buf body;  /* the request, filled by the transport */
    struct buf reply; /* the answer */
    struct buf arena;
    int status;        /* HTTP */
    bool json;         /* the reply is a refusal document */
    int retry_after_s; /* 0: none */
    /* Called on the writer thread when status and reply stand. */
    void (*finished)(struct call *call);
    void *transport;
    struct push push; /* decoded requests */
    struct enrol_request enrol;
    enum err outcome; /* the domain's, once durable */
};

void call_init(struct call *call, const struct service *service);
void call_done(struct call *call);

/* Begins a request of one kind. ERR_OK: `finished` will be called. Otherwise
 * status and reply stand already. */
enum err service_push(struct call *call) MUST_USE;
enum err service_enrol(struct call *call) MUST_USE;

/* Fills status and reply with a refusal. */
void call_refuse(struct call *call, enum err e, const char *detail);

#endif
