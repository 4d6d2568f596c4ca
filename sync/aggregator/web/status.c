/*
 * status.c - what machines ask: is it alive, is it fit, what has it counted.
 * No figure of a fair is in here.
 */
#include "pages.h"

#include "fair/json.h"
#include "sync/aggregator/ops/health.h"
#include "sync/aggregator/ops/metrics.h"

enum { PATIENCE_MS = 4000 }; /* with the database: who watches waits not long */

static bool answer(struct visit *v, int status, const char *type)
{
    v->answer.status = status;
    v->answer.type = type;
    return true;
}

/* The process answers: that is all. */
bool page_health(struct visit *v)
{
    buf_puts(&v->answer.body, "ok\n");
    return answer(v, 200, "text/plain; charset=utf-8");
}

/* Fit to serve; details are for this machine alone. */
bool page_ready(struct visit *v)
{
    const struct health_place place = { .dir = v->web->dir,
                                        .where = v->web->where,
                                        .chart_js = v->web->chart_js,
                                        .store = v->store,
                                        .serving = true };
    struct health h;

    health_look(&place, &h);
    bool ok = health_worst(&h) != HEALTH_BAD && !ingest_full(v->web->ingest);
    if (v->ask.local)
        health_json(&h, &v->answer.body);
    else
        buf_puts(&v->answer.body, ok ? "{\"ok\":true}\n" : "{\"ok\":false}\n");
    health_done(&h);
    return answer(v, ok ? 200 : 503, "application/json");
}

bool page_metrics(struct visit *v)
{
    if (!v->ask.local && !v->web->metrics_all) {
        visit_refuse(v, ERR_NOT_MAY);
        return true;
    }
    store_patience(v->store, PATIENCE_MS);
    metrics_render(v->store, v->web->where, &v->answer.body);
    store_patience(v->store, 0);
    return answer(v, 200, "text/plain; version=0.0.4; charset=utf-8");
}

bool page_version(struct visit *v)
{
    struct json j;

    json_begin(&j, &v->answer.body);
    json_object(&j, NULL);
    json_text(&j, "program", "fair-aggregator");
    json_text(&j, "version", FAIR_VERSION);
    json_end_object(&j);
    json_finish(&j);
    return answer(v, 200, "application/json");
}
