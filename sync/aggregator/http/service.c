/*
 * service.c - push and enrolment as jobs of the writer.
 *
 * Promises that nothing is answered that is not durable: the acknowledgement
 * is made in `done`, after the group's commit, from the store as it is then.
 */
#include "service.h"

#include "fair/env.h"
#include "fair/json.h"
#include "sync/aggregator/ingest/enrolling.h"
#include "sync/aggregator/ingest/paging.h"
#include "sync/aggregator/ops/metrics.h"

/* Also about the time until an address that tried too often has one more try
 * (tries.h). */
enum { BUSY_RETRY_S = 2 };

void service_init(struct service *service, struct ingest *ingest,
                  const struct keys *keys)
{
    *service = (struct service){ ingest, keys, paging_open(PAGING_BYTES),
                                 tries_open() };
}

void service_done(struct service *service)
{
    paging_close(service->paging);
    tries_close(service->tries);
    *service = (struct service){ 0 };
}

void call_init(struct call *call, const struct service *service)
{
    *call = (struct call){ .service = service, .status = 500, .who = STR("") };
    buf_init(&call->body, MAX_BATCH + MAX_HEADER);
    buf_init(&call->reply, MAX_REPLY);
    buf_init(&call->arena, MAX_BATCH);
}

void call_done(struct call *call)
{
    buf_done(&call->body);
    buf_done(&call->reply);
    buf_done(&call->arena);
}

void call_refuse(struct call *call, enum err e)
{
    struct json j;

    buf_clear(&call->reply);
    call->status = err_http(e);
    call->json = true;
    call->retry_after_s = call->status == 503 ? BUSY_RETRY_S : 0;
    json_begin(&j, &call->reply);
    json_object(&j, NULL);
    json_text(&j, "error", err_code(e));
    json_text(&j, "message", err_text(e));
    json_text(&j, "remedy", err_remedy(e));
    json_end_object(&j);
    json_finish(&j);
}

static enum err refused(struct call *call, enum err e)
{
    call_refuse(call, e);
    return e;
}

/* ---- push ---------------------------------------------------------------- */

static enum err push_run(struct job *job, struct store *s)
{
    struct call *call = (struct call *)job;

    call->added = 0;
    call->outcome = ingest_push(s, call->service->keys, &call->push,
                                env_wall_ms(), &call->added);
    return ingest_answers(call->outcome) ? ERR_OK : call->outcome;
}

/* What was set aside comes by pages within a reading; a file's answers stand
 * in one. */
static enum err push_ack(struct call *call, struct store *s,
                         const struct ingested *ingested)
{
    bool alone = ingested->outcome == ERR_FORK && store_shared(s);
    enum err e = alone ? store_read_begin(s) : ERR_OK;

    if (e == ERR_OK)
        e = ingest_ack(s, call->service->keys, ingested, &call->reply);
    if (alone)
        store_read_end(s);
    return e;
}

/* The acknowledgement, and behind it what the device wanted to have. */
static enum err push_answer(struct call *call, struct store *s)
{
    const struct service *service = call->service;
    struct ingested ingested = { &call->push, call->outcome, env_wall_ms() };
    enum err e = push_ack(call, s, &ingested);

    if (e == ERR_OK && call->outcome == ERR_OK)
        e = paging_answer(service->paging, s, service->keys, &call->push.header,
                          &call->reply);
    if (e == ERR_OK && !buf_ok(&call->reply))
        e = ERR_LIMIT;
    return e;
}

static void push_count(const struct call *call, enum err e)
{
    if (e != ERR_OK || call->outcome != ERR_OK) {
        metrics_count(COUNT_BATCHES_REFUSED, 1);
    } else if (call->push.n > 0 && call->added > 0) {
        metrics_count(COUNT_BATCHES, 1);
        metrics_count(COUNT_EVENTS, call->added);
        ingest_stored(call->service->ingest, call->added);
    } else if (call->push.n > 0) {
        metrics_count(COUNT_REPEATED, 1);
    }
}

static void push_done(struct job *job, struct store *s, enum err e)
{
    struct call *call = (struct call *)job;

    push_count(call, e);
    if (e == ERR_OK)
        e = push_answer(call, s);
    /* A revoked device is still listened to; the signed state says so. */
    bool fine = call->outcome == ERR_OK || call->outcome == ERR_REVOKED;
    if (e == ERR_OK)
        call->status = fine ? 200 : 409;
    else
        call_refuse(call, e);
    if (e == ERR_OK && call->outcome == ERR_OK)
        call->who = call->push.header.device;
    call->finished(call);
}

enum err service_push(struct call *call)
{
    struct str bytes = buf_slice(&call->body);
    enum err e = push_decode(bytes, NULL, &call->push, NULL);

    if (e == ERR_OK && call->push.bytes != bytes.len)
        e = ERR_FORM;
    if (e != ERR_OK)
        return refused(call, e);
    call->job = (struct job){ push_run, true, push_done, NULL, true };
    e = ingest_queue(call->service->ingest, &call->job);
    return e == ERR_OK ? ERR_OK : refused(call, e);
}

/* ---- enrolment ----------------------------------------------------------- */

/* The tries are counted on a writer's thread, so that few are under way at
 * once. A refused code leaves its mark, so it is an outcome that stays. */
static enum err enrol_run(struct job *job, struct store *s)
{
    struct call *call = (struct call *)job;
    const struct service *service = call->service;

    buf_clear(&call->reply);
    call->outcome = ERR_BUSY;
    if (!tries_left(service->tries, call->peer, env_mono_ms()))
        return ERR_BUSY;
    call->outcome = enrol_device(s, service->keys, &call->enrol, env_wall_ms(),
                                 &call->reply);
    if (call->outcome == ERR_CODE)
        tries_count(service->tries, call->peer, env_mono_ms());
    return enrol_refusal(call->outcome) ? ERR_OK : call->outcome;
}

static void enrol_finish(struct job *job, struct store *s, enum err e)
{
    struct call *call = (struct call *)job;

    (void)s;
    if (e == ERR_OK)
        e = call->outcome;
    if (e == ERR_OK)
        call->status = 200;
    else
        call_refuse(call, e);
    call->finished(call);
}

enum err service_enrol(struct call *call)
{
    enum err e = enrol_request_decode(buf_slice(&call->body), &call->arena,
                                      &call->enrol);

    if (e != ERR_OK)
        return refused(call, e);
    call->job = (struct job){ enrol_run, true, enrol_finish, NULL, false };
    e = ingest_queue(call->service->ingest, &call->job);
    return e == ERR_OK ? ERR_OK : refused(call, e);
}
