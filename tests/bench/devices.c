/*
 * devices.c - what devices see of the server and what they cost it: P9, P17's
 * thousand devices, P20, and the server's own computing, which other programs
 * on the machine do not change much.
 */
#include <stdlib.h>

#include "tests/bench/bench.h"
#include "tests/bench/memory.h"
#include "tests/bench/town.h"

enum { DEVICE_ROUNDS = 5, BACKLOG = 100000 };

/* ---- how long they wait -------------------------------------------------- */

struct waiting {
    struct load load;
    struct fact rate, half, late, cost;
};

// clang-format off
#define RATE(what) { "", what, "per s", { AT_LEAST, 0, 0 } }
#define WAIT(id, what, t, m) { id, what, "ms", { AT_MOST, t, m } }
#define COST(what) { "", what, "us", { AT_MOST, 0, 0 } }
static const struct waiting waitings[] = {
    { { 1, 1, 300 },
      RATE("1 device x 1: events"),
      WAIT("", "1 device x 1: acknowledged, p50", 0, 0),
      WAIT("", "1 device x 1: acknowledged, p99", 0, 0),
      COST("1 device x 1: server's computing an event") },
    { { 50, 1, 60 },
      RATE("50 devices x 1: events"),
      WAIT("", "50 devices x 1: acknowledged, p50", 0, 0),
      WAIT("", "50 devices x 1: acknowledged, p99", 0, 0),
      COST("50 devices x 1: server's computing an event") },
    { { 50, 500, 3 },
      RATE("50 devices x 500: events"),
      WAIT("", "50 devices x 500: acknowledged, p50", 0, 0),
      WAIT("", "50 devices x 500: acknowledged, p99", 0, 0),
      COST("50 devices x 500: server's computing an event") },
    { { TOWN_MANY, 1, 3 },
      RATE("1,000 devices x 1: events"),
      WAIT("", "1,000 devices x 1: acknowledged, p50", 0, 0),
      WAIT("P9", "1,000 devices x 1: acknowledged, p99", 100000, 50000),
      COST("1,000 devices x 1: server's computing an event") },
};
// clang-format on

/* In thousandths of the facts' units. */
struct measured {
    int64_t rate[DEVICE_ROUNDS], half[DEVICE_ROUNDS], late[DEVICE_ROUNDS],
        cost[DEVICE_ROUNDS];
};

static void measure(struct town *t, const struct load *load, struct measured *m,
                    int round)
{
    int answers = load->connections * load->each;
    int64_t events = load_events(load);
    int64_t *waits = x_alloc((size_t)answers * sizeof(*waits));
    struct buf *pushes = pushes_make(t, load);
    struct flood *f = flood_open(t->port, load->connections);
    int64_t cpu = town_cpu_ns(t);
    int64_t ns = flood_run(f, pushes, load->each, waits);
    m->cost[round] = (town_cpu_ns(t) - cpu) / events;
    m->rate[round] = INT64_C(1000000000000) * events / ns;
    m->half[round] = median(waits, answers) / 1000; /* sorts them */
    m->late[round] = waits[answers * 99 / 100] / 1000;
    flood_close(f);
    pushes_free(pushes, load);
    free(waits);
}

static void waiting_run(struct bench *b, struct town *t,
                        const struct waiting *w)
{
    struct measured m;
    town_grow(t, w->load.connections);
    for (int i = 0; i < DEVICE_ROUNDS; i++)
        measure(t, &w->load, &m, i);
    bench_fact(b, &w->rate, m.rate, DEVICE_ROUNDS);
    bench_fact(b, &w->half, m.half, DEVICE_ROUNDS);
    bench_fact(b, &w->late, m.late, DEVICE_ROUNDS);
    bench_fact(b, &w->cost, m.cost, DEVICE_ROUNDS);
}

/* ---- a backlog ----------------------------------------------------------- */

/* One device that was alone for weeks; what it sends is made little by little,
 * and only the sending counts. */
static void backlog_run(struct bench *b, struct town *t)
{
    static const struct load load = { 1, 500, 20 };
    static const struct fact rate = { "P20",
                                      "one device's backlog of 100,000: events",
                                      "per s",
                                      { AT_LEAST, 100000000, 0 } };
    static const struct fact memory = {
        "P20", "memory more than before it", "MB", { AT_MOST, 4000, 0 }
    };
    int64_t ns = 0, kb = memory_peak(t->server.pid);
    for (int64_t left = BACKLOG; left > 0; left -= load_events(&load)) {
        struct buf *pushes = pushes_make(t, &load);
        ns += load_run(t->port, &load, pushes, NULL);
        pushes_free(pushes, &load);
    }
    int64_t events = INT64_C(1000000000000) * BACKLOG / ns;
    kb = memory_peak(t->server.pid) - kb;
    bench_fact(b, &rate, &events, 1);
    bench_fact(b, &memory, &kb, 1); /* a kB is a thousandth */
}

void bench_devices(struct bench *b)
{
    struct town town;
    town_open(&town, bench_program(b, "fair-aggregator"), NULL);
    for (size_t i = 0; i < ARRAY_LEN(waitings); i++) {
        waiting_run(b, &town, &waitings[i]);
        if (waitings[i].load.connections == 50 && waitings[i].load.batch > 1)
            backlog_run(b, &town);
    }
    memory_fact(b, "fair-aggregator, 1,000 devices connected",
                memory_peak(town.server.pid),
                (struct goal){ AT_MOST, 96000, 48000 });
    town_close(&town);
}
