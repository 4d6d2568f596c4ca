/*
 * outcome.c - see outcome.h.
 */
#include "tests/sim/outcome.h"

#include <stdio.h>

#include "tests/sim/answer.h"

static void add_devices(struct outcome *o)
{
    char path[64];
    struct str list = answer_at(buf_slice(&o->list), "devices");
    for (;; o->devices++) {
        snprintf(path, sizeof(path), "%lld", (long long)o->devices);
        struct str device = answer_at(list, path);
        if (device.len == 0)
            return;
        o->events += answer_int(device, "events");
        o->resent += answer_int(device, "resent");
    }
}

enum err outcome_ask(const struct host *host, struct outcome *out)
{
    BUF(verified, MAX_OUTPUT);
    *out = (struct outcome){ .net_vnd = 0 };
    buf_init(&out->days, MAX_OUTPUT);
    buf_init(&out->list, MAX_OUTPUT);
    enum err e = host_ask(
        host, WORDS("report", "days", "--fair", host->fair, "--format", "json"),
        &out->days);
    if (!e)
        e = host_ask(host,
                     WORDS("report", "devices", "--fair", host->fair,
                           "--format", "json"),
                     &out->list);
    if (!e)
        e = host_ask(host, WORDS("verify", "--format", "json"), &verified);
    if (e)
        return e;
    struct str days = buf_slice(&out->days);
    out->net_vnd = answer_int(days, "totals.net_vnd");
    out->sales = answer_int(days, "totals.sales");
    out->visits = answer_int(days, "totals.visits");
    out->sound = answer_true(buf_slice(&verified), "ok");
    add_devices(out);
    return ERR_OK;
}

void outcome_done(struct outcome *out)
{
    buf_done(&out->days);
    buf_done(&out->list);
}

bool outcome_agrees(const struct outcome *o, const struct fair *fair)
{
    const struct tally *t = &fair->sum;
    return o->sound && o->net_vnd == fair_net(fair) &&
           o->sales == t->sales - t->voids && o->events == t->events &&
           o->devices == t->devices && t->sound == t->devices;
}
