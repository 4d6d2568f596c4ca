/*
 * report.c - what reports cost and whether costs stay flat: P11, P12, P16.
 *
 * A device has 500 sales, a fair ten devices: the small store holds two fairs
 * (10^4 sales), the large one twenty (10^5), with LONG=1 two hundred (10^6) and
 * with LONG=2 as many of a hundred devices each (10^7).
 */
#include "sync/aggregator/report/report.h"

#include <stdio.h>
#include <string.h>

#include "fair/hashing.h"
#include "sync/aggregator/store/check.h"
#include "sync/aggregator/store/crew.h"
#include "tests/bench/bench.h"
#include "tests/bench/yard.h"
#include "tests/support/raw.h"

enum {
    SMALL = 2, /* fairs */
    LARGE = 20,
    LARGER = 200,
    EACH = 10, /* devices of a fair */
    MANY_EACH = 100,
    SALES = 500,  /* of each */
    REPORTS = 20, /* in a round */
    SELECTS = 2000,
    PUSHES = 20, /* of 100 sales */
    READINGS = 3
};

struct pair {
    struct yard small, large;
    int64_t events; /* in the large one */
    sqlite3_stmt *point;
    int turn; /* the device that pushes next */
};

/* ---- the stores ---------------------------------------------------------- */

static void must(enum err e)
{
    if (e != ERR_OK)
        err_die(err_code(e), 0, err_text(e));
}

static void yard_make(struct yard *y, int fairs, int each)
{
    yard_open(y, fairs, each);
    yard_calendar(y);
    yard_fill(y, SALES);
}

/* ---- reports ------------------------------------------------------------- */

struct kind {
    struct pair *pair;
    const char *name;
    bool anew; /* nothing that was remembered is of use */
};

static void report(struct yard *y, const struct kind *k, int turn)
{
    char other[16];
    struct report_query q = { .kind = k->name, .format = REPORT_JSON };
    BUF(out, MAX_OUTPUT);
    BUF(why, MAX_TEXT);
    snprintf(other, sizeof(other), "%s", yard_fair((turn + 1) % y->fairs));
    if (strcmp(k->name, "compare") == 0)
        q.with = other;
    q.fair = yard_fair(turn % y->fairs);
    must(report_make(y->store, &q, &out, &why));
}

static int64_t reports(struct yard *y, const struct kind *k)
{
    int64_t ns = 0;
    for (int i = 0; i < REPORTS; i++) {
        for (int fair = i * 7; fair < i * 7 + 2 && k->anew; fair++)
            must(store_turned(y->store, str_of(yard_fair(fair % y->fairs))));
        int64_t from = bench_ns();
        report(y, k, i * 7);
        ns += bench_ns() - from;
    }
    return ns;
}

static int64_t report_large(void *ctx)
{
    const struct kind *k = ctx;
    return reports(&k->pair->large, k);
}

static int64_t report_small(void *ctx)
{
    const struct kind *k = ctx;
    return reports(&k->pair->small, k);
}

static int64_t point_select(void *ctx)
{
    const struct kind *k = ctx;
    struct pair *p = k->pair;
    int64_t from = bench_ns();
    for (int i = 0; i < SELECTS; i++) {
        const char *device = p->large.traders[i % p->large.n].device;
        sqlite3_bind_text(p->point, 1, device, DEVICE_LEN, SQLITE_STATIC);
        int rc = sqlite3_step(p->point);
        ASSERT(rc == SQLITE_ROW && sqlite3_column_int64(p->point, 0) > 0);
        sqlite3_reset(p->point);
    }
    return bench_ns() - from;
}

/* ---- taking in ----------------------------------------------------------- */

/* Who pushes: the devices of the last two fairs, which run, or each time those
 * of two others, whose pages nobody has asked for since they were stored. */
struct intake {
    struct pair *pair;
    bool others;
};

static int64_t take_in(const struct intake *in, struct yard *y)
{
    struct buf pushes[PUSHES];
    int first = in->others ? in->pair->turn++ * PUSHES / 2 : y->n - PUSHES;
    for (int i = 0; i < PUSHES; i++) {
        buf_init(&pushes[i], MAX_BATCH);
        trader_push(&y->traders[(first + i) % y->n], 100, &pushes[i]);
    }
    int64_t from = bench_ns();
    for (int i = 0; i < PUSHES; i++)
        yard_take(y, buf_slice(&pushes[i]));
    yard_fold(y);
    int64_t ns = bench_ns() - from;
    for (int i = 0; i < PUSHES; i++)
        buf_done(&pushes[i]);
    return ns;
}

static int64_t take_in_large(void *ctx)
{
    const struct intake *in = ctx;
    return take_in(in, &in->pair->large);
}

static int64_t take_in_small(void *ctx)
{
    const struct intake *in = ctx;
    return take_in(in, &in->pair->small);
}

/* ---- proving ------------------------------------------------------------- */

static enum err read_segment(void *ctx, const struct segment *seg)
{
    int64_t *events = ctx;
    struct str bytes = seg->bytes, line;
    while (lines_next(&bytes, &line))
        (*events)++;
    return ERR_OK;
}

static int64_t read_all(void *ctx)
{
    struct pair *p = ctx;
    int64_t events = 0, from = bench_ns();
    for (int i = 0; i < p->large.n; i++)
        must(store_segments(p->large.store, str_of(p->large.traders[i].device),
                            1, read_segment, &events));
    ASSERT(events == p->events);
    return bench_ns() - from;
}

static enum err look_chain(void *ctx, struct store *s, const struct device *d,
                           void *found)
{
    (void)ctx, (void)found;
    return check_chain(s, d);
}

static enum err take_chain(void *ctx, const struct device *d, const void *found)
{
    int64_t *events = ctx;
    (void)found;
    *events += d->count;
    return ERR_OK;
}

static int64_t follow_all(void *ctx)
{
    struct pair *p = ctx;
    int64_t events = 0;
    struct crew crew = { look_chain, 1, take_chain, &events };
    int64_t from = bench_ns();
    must(crew_run(p->large.store, &crew));
    ASSERT(events == p->events);
    return bench_ns() - from;
}

static int64_t verify_all(void *ctx)
{
    struct pair *p = ctx;
    struct check found;
    int64_t from = bench_ns();
    must(check_verify(p->large.store, p->large.keys.signing.public_key, NULL,
                      NULL, &found));
    ASSERT(found.ok && found.events == p->events);
    return bench_ns() - from;
}

static int64_t rebuild_all(void *ctx)
{
    struct pair *p = ctx;
    struct rebuilt again;
    int64_t from = bench_ns();
    must(check_rebuild(p->large.store, NULL, NULL, &again));
    ASSERT(again.events == p->events);
    return bench_ns() - from;
}

/* ---- all of it ----------------------------------------------------------- */

static void point_bench(struct bench *b, struct pair *p)
{
    struct kind known = { p, "days", false }, anew = { p, "days", true };
    struct contest c = { .id = "P12",
                         .what =
                             "day report of one fair of many / point SELECT",
                         .ctx = &known,
                         .ours = report_large,
                         .floor = point_select,
                         .ours_ops = REPORTS,
                         .floor_ops = SELECTS,
                         .goal = { AT_MOST, 2000, 1500 } };
    bench_contest(b, &c);
    c.what = "the same, added up anew / point SELECT";
    c.ctx = &anew;
    c.goal = (struct goal){ AT_MOST, 0, 0 };
    bench_contest(b, &c);
}

static void flat_bench(struct bench *b, struct pair *p)
{
    struct kind kinds[] = {
        { p, "days", false },   { p, "days", true },   { p, "compare", false },
        { p, "compare", true }, { p, "booths", true }, { p, "products", true },
        { p, "hours", true },   { p, "glance", true },
    };
    static const char *const what[ARRAY_LEN(kinds)] = {
        "day report, large store / 10^4 sales stored",
        "day report, anew, large store / 10^4",
        "report compare, large store / 10^4",
        "report compare, anew, large store / 10^4",
        "report booths, large store / 10^4",
        "report products, large store / 10^4",
        "report hours, large store / 10^4",
        "report glance, large store / 10^4",
    };
    struct contest c = { .id = "P11",
                         .ours = report_large,
                         .floor = report_small,
                         .ours_ops = REPORTS,
                         .floor_ops = REPORTS,
                         .goal = { AT_MOST, 1200, 1100 } };
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        c.what = what[i];
        c.ctx = &kinds[i];
        bench_contest(b, &c);
        c.goal = (struct goal){ AT_MOST, 0, 0 };
    }
}

/* What P16 asks of 10^6 events would take hours of 10^7. */
static void proofs_bench(struct bench *b, struct pair *p)
{
    const struct {
        const char *what;
        bench_side *ours, *floor;
        struct goal goal;
    } list[] = {
        { "every chain followed to its head / read",
          follow_all,
          read_all,
          { AT_MOST, 2000, 1200 } },
        { "all that `verify` does / read",
          verify_all,
          read_all,
          { AT_MOST, 0, 0 } },
        { "rebuild / verify", rebuild_all, verify_all, { AT_MOST, 2500, 0 } },
    };
    for (size_t i = 0; i < ARRAY_LEN(list) && b->longer < 2; i++) {
        const struct contest c = { "P16",        list[i].what,  p,
                                   list[i].ours, list[i].floor, p->events,
                                   p->events,    READINGS,      1,
                                   list[i].goal };
        bench_contest(b, &c);
    }
}

static void take_in_bench(struct bench *b, struct pair *p)
{
    struct intake running = { p, false }, others = { p, true };
    struct contest c = { .id = "P11",
                         .what = "taken in and folded, large store / 10^4 "
                                 "sales stored",
                         .ctx = &running,
                         .ours = take_in_large,
                         .floor = take_in_small,
                         .ours_ops = PUSHES * 100,
                         .floor_ops = PUSHES * 100,
                         .goal = { AT_MOST, 1250, 1050 } };
    bench_contest(b, &c);
    c.what = "the same of fairs that are over, each time of others";
    c.ctx = &others;
    c.goal = (struct goal){ AT_MOST, 0, 0 };
    bench_contest(b, &c);
}

void bench_report(struct bench *b)
{
    struct pair p = { .turn = 0 };
    bool quick = hashing_begin(); /* as the commands do */
    ASSERT(quick);
    yard_make(&p.small, SMALL, EACH);
    yard_make(&p.large, b->longer > 0 ? LARGER : LARGE,
              b->longer > 1 ? MANY_EACH : EACH);
    p.events = (int64_t)p.large.n * (SALES + 2); /* enrolled, shift opened */
    int rc = sqlite3_prepare_v2(raw_handle(p.large.store),
                                "SELECT count FROM device WHERE device = ?1",
                                -1, &p.point, NULL);
    ASSERT(rc == SQLITE_OK);
    point_bench(b, &p);
    flat_bench(b, &p);
    proofs_bench(b, &p);
    take_in_bench(b, &p);
    sqlite3_finalize(p.point);
    yard_close(&p.small);
    yard_close(&p.large);
}
