/*
 * service.c - push and enrolment as jobs of the writer.
 *
 * Promises that nothing is answered that is not durable: the acknowledgement
 * is made in `done`, after the group's commit, from the store as it is then.
 */
#include "service.h"

#include "enrolling.h"
#include "fair/env.h"
#include "fair/json.h"
#include "paging.h"

enum { BUSY_RETRY_S = 2 };

void call_init(struct call *call, const struct service *service)
{
    *call = (struct call){ .service = service, .status = 500 };
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

void call_refuse(struct call *call, enum err e, const char *detail)
{
    struct json j;

    buf_clear(&call->reply);
    call->status = err_http(e);
    call->json = true;
    call->retry_after_s = call->status == 503 ? BUSY_RETRY_S : 0;
    json_begin(&j, &call->reply);
    json_object(&j, NULL);
    json_text(&j, "error", err_code(e));
    json_text(&j, "message", detail != NULL ? detail : err_text(e));
    json_text(&j, "remedy", err_remedy(e));
    json_end_object(&j);
    json_finish(&j);
}

static enum err refuse(struct call *call, enum err e)
{
    call_refuse(call, e, NULL);
    return e;
}

/* ---- push ---------------------------------------------------------------- */

static bool is_answer(enum err e)
{
    return e == ERR_OK || e == ERR_GAP || e == ERR_FORK || e == ERR_REVOKED ||
           e == ERR_ADMISSION;
}

static enum err push_run(struct job *job, struct store *s)
{
    struct call *call = (struct call *)job;

    call->outcome =
        ingest_push(s, call->service->keys, &call->push, env_wall_ms());
    return is_answer(call->outcome) ? ERR_OK : call->outcome;
}

/* The acknowledgement, and behind it what the device wanted to have. */
static enum err push_answer(struct call *call, struct store *s)
{
    const struct service *service = call->service;
    enum err e = ingest_ack(s, service->keys, &call->push, call->outcome,
                            env_wall_ms(), &call->reply);

    if (e == ERR_OK && call->outcome == ERR_OK)
        e = paging_answer(s, service->keys, &call->push.header, env_wall_ms(),
                          &call->reply);
    if (e == ERR_OK && !buf_ok(&call->reply))
        e = ERR_LIMIT;
    return e;
}

static void push_done(struct job *job, struct store *s, enum err e)
{
    struct call *call = (struct call *)job;

    if (e == ERR_OK)
        e = push_answer(call, s);
    if (e == ERR_OK) {
        /* A revoked device is still listened to; the signed state says so. */
        call->status = call->outcome == ERR_REVOKED ? 200
                       : call->outcome == ERR_ADMISSION
                           ? 409
                           : err_http(call->outcome);
    } else {
        call_refuse(call, e, NULL);
    }
    call->finished(call);
}

enum err service_push(struct call *call)
{
    struct str bytes = buf_slice(&call->body);
    enum err e = push_decode(bytes, NULL, &call->push, NULL);

    if (e == ERR_OK && call->push.bytes != bytes.len)
        e = ERR_FORM;
    if (e != ERR_OK)
        return refuse(call, e);
    call->job = (struct job){ push_run, true, push_done, NULL };
    e = ingest_queue(call->service->ingest, &call->job);
    return e == ERR_OK ? ERR_OK : refuse(call, e);
}

/* ---- enrolment ----------------------------------------------------------- */

/* A refused code leaves its mark (a wrong try counted), so it is an outcome
 * that stays. */
static enum err enrol_run(struct job *job, struct store *s)
{
    struct call *call = (struct call *)job;

    buf_clear(&call->reply);
    call->outcome = enrol_device(s, call->service->keys, &call->enrol,
                                 env_wall_ms(), &call->reply);
    return err_exit(call->outcome) == 0 || enrol_refusal(call->outcome)
               ? ERR_OK
               : call->outcome;
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
        call_refuse(call, e, NULL);
    call->finished(call);
}

enum err service_enrol(struct call *call)
{
    enum err e = enrol_request_decode(buf_slice(&call->body), &call->arena,
                                      &call->enrol);

    if (e != ERR_OK)
        return refuse(call, e);
    call->job = (struct job){ enrol_run, true, enrol_finish, NULL };
    e = ingest_queue(call->service->ingest, &call->job);
    return e == ERR_OK ? ERR_OK : refuse(call, e);
}
