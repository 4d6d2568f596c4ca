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

#include "sync/aggregator/ingest/ingest.h"
#include "tries.h"

/* What all calls share. */
struct service {
    struct ingest *ingest;
    const struct keys *keys;
    /* Shared by the writer threads. */
    struct paging *paging;
    struct tries *tries;
};
void service_init(struct service *service, struct ingest *ingest,
                  const struct keys *keys);
/* After ingest_stop(). */
void service_done(struct service *service);

struct call {
    struct job job; /* first: the writer gives it back to us */
    const struct service *service;
    struct peer peer; /* who asks; filled by the transport */
    struct buf body;  /* the request, filled by the transport */
    struct buf reply; /* the answer */
    struct buf arena;
    int status;        /* HTTP */
    bool json;         /* the reply is a refusal document */
    int retry_after_s; /* 0: none */
    struct str who;    /* the device that is let in now; "" none, or unsaid */
    /* Called on the writer thread when status and reply stand. */
    void (*finished)(struct call *call);
    struct push push; /* decoded requests */
    struct enrol_request enrol;
    enum err outcome; /* the domain's, once durable */
    int64_t added;    /* events of a push that are new */
};

void call_init(struct call *call, const struct service *service);
void call_done(struct call *call);

/* Begins a request of one kind. ERR_OK: `finished` will be called. Otherwise
 * status and reply stand already. */
enum err service_push(struct call *call) MUST_USE;
enum err service_enrol(struct call *call) MUST_USE;

/* Fills status and reply with a refusal. */
void call_refuse(struct call *call, enum err e);

#endif
