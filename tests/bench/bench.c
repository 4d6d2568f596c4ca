/*
 * bench.c - rounds, medians, one table and one JSON document.
 */
#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fair/json.h"

struct result {
    const char *id, *what;
    const char *unit;          /* "x": a ratio */
    const char *why;           /* not measured; or NULL */
    int64_t mid, low, high;    /* thousandths */
    int64_t ours_ns, floor_ns; /* of one operation; of a ratio only */
    int rounds;
    struct goal goal;
};

int64_t bench_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static int by_value(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

int64_t median(int64_t *values, int n)
{
    ASSERT(n > 0);
    qsort(values, (size_t)n, sizeof(*values), by_value);
    return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

const char *bench_program(const struct bench *b, const char *name)
{
    static char paths[4][4096];
    static unsigned turn;
    char *path = paths[turn++ % ARRAY_LEN(paths)];
    int n = snprintf(path, sizeof(paths[0]), "%s/%s", b->build, name);
    ASSERT(n > 0 && (size_t)n < sizeof(paths[0]));
    if (access(path, X_OK) != 0)
        err_die(path, 0, "is not built");
    return path;
}

/* ---- rounds ---- */

static void keep(struct bench *b, const struct result *r)
{
    size_t n = (size_t)b->n + 1;
    b->results = x_realloc(b->results, n * sizeof(*b->results));
    b->results[b->n++] = *r;
    fprintf(stderr, "  %-4s %s\n", r->id, r->what);
}

static void spread(struct result *r, int64_t *values, int n)
{
    r->mid = median(values, n); /* they are sorted now */
    r->low = values[0];
    r->high = values[n - 1];
    r->rounds = n;
}

/* Each side's median of a round, of one run. */
static void round_run(const struct contest *c, bool ours_first, int64_t *ours,
                      int64_t *floor)
{
    int pairs = c->pairs > 0 ? c->pairs : 1;
    int64_t *all = x_alloc(2 * (size_t)pairs * sizeof(*all));
    for (int i = 0; i < 2 * pairs; i++) {
        bool us = (i % 2 == 0) == ours_first;
        all[i / 2 + (us ? 0 : pairs)] = us ? c->ours(c->ctx) : c->floor(c->ctx);
    }
    *ours = median(all, pairs);
    *floor = median(all + pairs, pairs);
    free(all);
}

/* In picoseconds of one operation, so that nothing overflows and little is
 * rounded off. */
static int64_t ratio(const struct contest *c, int64_t ours, int64_t floor)
{
    int64_t one = ours * 1000 / c->ours_ops;
    int64_t base = floor * 1000 / c->floor_ops;
    ASSERT(one > 0 && base > 0);
    return c->goal.sense == AT_MOST ? one * 1000 / base : base * 1000 / one;
}

void bench_contest(struct bench *b, const struct contest *c)
{
    int rounds = c->rounds > 0 ? c->rounds : ROUNDS;
    int64_t ours[ROUNDS_MAX], floor[ROUNDS_MAX], ratios[ROUNDS_MAX];
    struct result r = {
        .id = c->id, .what = c->what, .unit = "x", .goal = c->goal
    };
    ASSERT(rounds <= ROUNDS_MAX && c->ours_ops > 0 && c->floor_ops > 0);
    round_run(c, true, &ours[0], &floor[0]); /* warms up */
    for (int i = 0; i < rounds; i++) {
        round_run(c, i % 2 == 0, &ours[i], &floor[i]);
        ratios[i] = ratio(c, ours[i], floor[i]);
    }
    spread(&r, ratios, rounds);
    r.ours_ns = median(ours, rounds) / c->ours_ops;
    r.floor_ns = median(floor, rounds) / c->floor_ops;
    keep(b, &r);
}

void bench_fact(struct bench *b, const struct fact *f, const int64_t *milli,
                int n)
{
    int64_t values[ROUNDS_MAX];
    struct result r = {
        .id = f->id, .what = f->what, .unit = f->unit, .goal = f->goal
    };
    ASSERT(n > 0 && n <= ROUNDS_MAX);
    memcpy(values, milli, (size_t)n * sizeof(*values));
    spread(&r, values, n);
    keep(b, &r);
}

void bench_missing(struct bench *b, const char *id, const char *what,
                   const char *why)
{
    struct result r = { .id = id, .what = what, .unit = "", .why = why };
    keep(b, &r);
}

void bench_done(struct bench *b)
{
    free(b->results);
    b->results = NULL;
    b->n = 0;
}

/* ---- what is met --------------------------------------------------------- */

static bool reaches(const struct result *r, int64_t mark)
{
    if (mark == 0)
        return false;
    return r->goal.sense == AT_MOST ? r->mid <= mark : r->mid >= mark;
}

static const char *verdict(const struct result *r)
{
    if (r->why)
        return "not measured";
    if (reaches(r, r->goal.moonshot))
        return "moonshot";
    if (r->goal.target == 0)
        return "";
    return reaches(r, r->goal.target) ? "met" : "missed";
}

/* ---- the table ----------------------------------------------------------- */

/* Thousandths with as many decimals as say something. */
static void put_milli(struct buf *out, int64_t milli)
{
    if (milli >= 1000000)
        buf_printf(out, "%lld", (long long)((milli + 500) / 1000));
    else if (milli >= 100000)
        buf_printf(out, "%lld.%lld", (long long)(milli / 1000),
                   (long long)(milli / 100 % 10));
    else
        buf_printf(out, "%lld.%02lld", (long long)(milli / 1000),
                   (long long)(milli / 10 % 100));
}

static void put_ns(struct buf *out, int64_t ns)
{
    static const struct {
        const char *unit;
        int64_t ns;
    } units[] = { { "s", 1000000000 }, { "ms", 1000000 }, { "us", 1000 } };
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        if (ns >= units[i].ns) {
            put_milli(out, ns / (units[i].ns / 1000));
            buf_printf(out, " %s", units[i].unit);
            return;
        }
    }
    buf_printf(out, "%lld ns", (long long)ns);
}

static void put_goal(struct buf *out, const struct goal *g)
{
    if (g->target == 0)
        return;
    buf_puts(out, g->sense == AT_MOST ? "<= " : ">= ");
    put_milli(out, g->target);
    if (g->moonshot == 0)
        return;
    buf_puts(out, ", ");
    put_milli(out, g->moonshot);
}

static void put_row(struct buf *out, const struct result *r)
{
    BUF(mid, 64);
    BUF(span, 64);
    BUF(goal, 64);
    BUF(times, 64);
    if (r->why) {
        buf_printf(out, "%-4s %-54s not measured: %s\n", r->id, r->what,
                   r->why);
        return;
    }
    put_milli(&mid, r->mid);
    put_milli(&span, r->low);
    buf_puts(&span, " - ");
    put_milli(&span, r->high);
    put_goal(&goal, &r->goal);
    if (r->ours_ns > 0) {
        put_ns(&times, r->ours_ns);
        buf_puts(&times, " / ");
        put_ns(&times, r->floor_ns);
    }
    buf_printf(out, "%-4s %-54s %8s %-6s %-19s %-16s %-8s %s\n", r->id, r->what,
               buf_text(&mid), r->unit, r->rounds > 1 ? buf_text(&span) : "",
               buf_text(&goal), verdict(r), buf_text(&times));
}

/* How many targets were met, and which rows were not. */
static void put_summary(const struct bench *b, struct buf *out)
{
    int wanted = 0, met = 0, moonshots = 0;
    BUF(missed, MAX_OUTPUT);
    for (int i = 0; i < b->n; i++) {
        const struct result *r = &b->results[i];
        if (r->why || r->goal.target == 0)
            continue;
        wanted++;
        moonshots += reaches(r, r->goal.moonshot);
        if (reaches(r, r->goal.target))
            met++;
        else
            buf_printf(&missed, "missed: %-4s %s\n", r->id, r->what);
    }
    buf_printf(out, "targets met: %d of %d; moonshots: %d\n%s", met, wanted,
               moonshots, buf_text(&missed));
}

void bench_table(const struct bench *b, struct buf *out)
{
    buf_printf(out, "%-4s %-54s %8s %-6s %-19s %-16s %-8s %s\n", "",
               "ours / floor", "median", "", "min - max", "target, moonshot",
               "", "one: ours / floor");
    for (int i = 0; i < b->n; i++)
        put_row(out, &b->results[i]);
    put_summary(b, out);
}

/* ---- the document -------------------------------------------------------- */

static void put_result(struct json *j, const struct result *r)
{
    json_object(j, NULL);
    json_text(j, "id", r->id);
    json_text(j, "what", r->what);
    if (r->why) {
        json_text(j, "not_measured", r->why);
        json_end_object(j);
        return;
    }
    json_text(j, "unit", r->unit);
    json_int(j, "rounds", r->rounds);
    json_int(j, "median_milli", r->mid);
    json_int(j, "min_milli", r->low);
    json_int(j, "max_milli", r->high);
    if (r->goal.target != 0) {
        json_text(j, "wanted",
                  r->goal.sense == AT_MOST ? "at most" : "at least");
        json_int(j, "target_milli", r->goal.target);
        json_bool(j, "met", reaches(r, r->goal.target));
    }
    if (r->goal.moonshot != 0) {
        json_int(j, "moonshot_milli", r->goal.moonshot);
        json_bool(j, "moonshot", reaches(r, r->goal.moonshot));
    }
    if (r->ours_ns > 0) {
        json_int(j, "ours_ns", r->ours_ns);
        json_int(j, "floor_ns", r->floor_ns);
    }
    json_end_object(j);
}

/* "MODEL, 2 processors", as the kernel tells it. */
static void put_machine(struct buf *out)
{
    char line[256];
    FILE *f = fopen("/proc/cpuinfo", "r");
    while (f && buf_slice(out).len == 0 && fgets(line, sizeof(line), f)) {
        char *value = strchr(line, ':');
        line[strcspn(line, "\n")] = '\0';
        if (value && strncmp(line, "model name", 10) == 0)
            buf_puts(out, value + 2);
    }
    if (f)
        fclose(f);
    buf_printf(out, "%s%ld processors", buf_slice(out).len ? ", " : "",
               sysconf(_SC_NPROCESSORS_ONLN));
}

void bench_json(const struct bench *b, struct buf *out)
{
    struct json j;
    json_begin(&j, out);
    json_object(&j, NULL);
    json_int(&j, "long", b->longer);
    BUF(machine, MAX_TEXT);
    put_machine(&machine);
    json_text(&j, "machine", buf_text(&machine));
    json_array(&j, "figures");
    for (int i = 0; i < b->n; i++)
        put_result(&j, &b->results[i]);
    json_end_array(&j);
    json_end_object(&j);
    json_finish(&j);
}
