/*
 * metrics.c - atomic counters and how Prometheus reads them.
 *
 * Conventions: https://prometheus.io/docs/practices/naming/ (base units,
 * _total, _seconds, _bytes, _info).
 */
#include "metrics.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fair/cli.h"
#include "fair/env.h"

/* ---- counting ------------------------------------------------------------ */

static const struct {
    const char *name, *label, *help;
} counters[COUNTERS] = {
    [COUNT_REQUESTS_OK] = { "http_requests_total", "code=\"2xx\"",
                            "Requests answered, by class of status." },
    [COUNT_REQUESTS_MOVED] = { "http_requests_total", "code=\"3xx\"", NULL },
    [COUNT_REQUESTS_REFUSED] = { "http_requests_total", "code=\"4xx\"", NULL },
    [COUNT_REQUESTS_FAILED] = { "http_requests_total", "code=\"5xx\"", NULL },
    [COUNT_EVENTS] = { "events_ingested_total", NULL,
                       "Events of devices made durable." },
    [COUNT_BATCHES] = { "batches_total", "result=\"stored\"",
                        "Pushes of devices, by what became of them." },
    [COUNT_REPEATED] = { "batches_total", "result=\"repeated\"", NULL },
    [COUNT_BATCHES_REFUSED] = { "batches_total", "result=\"refused\"", NULL },
    [COUNT_SIGN_INS] = { "sign_ins_total", "result=\"right\"",
                         "Passwords tried." },
    [COUNT_SIGN_INS_WRONG] = { "sign_ins_total", "result=\"wrong\"", NULL },
    [COUNT_ENDED_LATE] = { "connections_ended_total", "reason=\"late\"",
                           "Connections ended by the server: late, to make "
                           "room, one too many of an address." },
    [COUNT_ENDED_CROWD] = { "connections_ended_total", "reason=\"crowd\"",
                            NULL },
    [COUNT_ENDED_SHARE] = { "connections_ended_total", "reason=\"share\"",
                            NULL },
};

static const struct {
    const char *name, *help;
} gauges[GAUGES] = {
    [GAUGE_CONNECTIONS] = { "connections", "Connections open now." },
    [GAUGE_KNOWN] = { "connections_known",
                      "Of those, where a device or a person let in was "
                      "answered last." },
    [GAUGE_VIEWERS] = { "viewers", "Live pages waiting for news." },
};

/* Upper ends of the histogram's buckets; the last one has none. */
static const int64_t bucket_ms[] = { 5,   10,   25,   50,   100,  250,
                                     500, 1000, 2500, 5000, 10000 };
enum { BUCKETS = (int)ARRAY_LEN(bucket_ms) + 1 };

static struct {
    _Atomic int64_t counted[COUNTERS], gauged[GAUGES];
    _Atomic int64_t pushes[BUCKETS], push_ms;
} now;

void metrics_count(enum counter counter, int64_t by)
{
    atomic_fetch_add_explicit(&now.counted[counter], by, memory_order_relaxed);
}

void metrics_gauge(enum gauge gauge, int64_t by)
{
    atomic_fetch_add_explicit(&now.gauged[gauge], by, memory_order_relaxed);
}

void metrics_push(int64_t ms)
{
    int i = 0;

    while (i < BUCKETS - 1 && ms > bucket_ms[i])
        i++;
    atomic_fetch_add_explicit(&now.pushes[i], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&now.push_ms, ms, memory_order_relaxed);
}

/* ---- writing ------------------------------------------------------------- */

#define PREFIX "fair_aggregator_"

static void head(struct buf *out, const char *name, const char *type,
                 const char *help)
{
    buf_printf(out, "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s %s\n", name,
               help, name, type);
}

static void sample(struct buf *out, const char *name, const char *label,
                   int64_t n)
{
    buf_puts(out, PREFIX);
    buf_puts(out, name);
    if (label)
        buf_printf(out, "{%s}", label);
    buf_putc(out, ' ');
    buf_int(out, n);
    buf_putc(out, '\n');
}

/* Milliseconds as seconds with three decimals. */
static void put_seconds(struct buf *out, int64_t ms)
{
    buf_printf(out, "%lld.%03d", (long long)(ms / 1000), (int)(ms % 1000));
}

static void put_gauge(struct buf *out, const char *name, const char *help,
                      int64_t n)
{
    head(out, name, "gauge", help);
    sample(out, name, NULL, n);
}

static void put_counters(struct buf *out)
{
    for (int i = 0; i < COUNTERS; i++) {
        if (counters[i].help)
            head(out, counters[i].name, "counter", counters[i].help);
        sample(out, counters[i].name, counters[i].label, now.counted[i]);
    }
    for (int i = 0; i < GAUGES; i++)
        put_gauge(out, gauges[i].name, gauges[i].help, now.gauged[i]);
}

static void put_pushes(struct buf *out)
{
    static const char name[] = "push_duration_seconds";
    int64_t sum = 0;

    head(out, name, "histogram",
         "From a push's last byte to its acknowledgement.");
    for (int i = 0; i < BUCKETS; i++) {
        sum += now.pushes[i];
        buf_printf(out, PREFIX "%s_bucket{le=\"", name);
        if (i < BUCKETS - 1)
            put_seconds(out, bucket_ms[i]);
        else
            buf_puts(out, "+Inf");
        buf_printf(out, "\"} %lld\n", (long long)sum);
    }
    buf_printf(out, PREFIX "%s_sum ", name);
    put_seconds(out, now.push_ms);
    buf_printf(out, "\n" PREFIX "%s_count %lld\n", name, (long long)sum);
}

/* ---- what the store knows ------------------------------------------------ */

struct devices {
    int64_t now_ms, state[3], events, waiting, longest_ms;
};

static enum err take_device(void *ctx, const struct device *d)
{
    struct devices *all = ctx;
    int64_t silent = all->now_ms - d->seen_ms;

    all->state[d->state]++;
    all->events += d->count;
    all->waiting += d->unsent;
    if (d->state == DEVICE_ACTIVE && d->seen_ms > 0 && silent > all->longest_ms)
        all->longest_ms = silent;
    return ERR_OK;
}

static int64_t file_bytes(const char *dir, const char *name)
{
    BUF(path, MAX_TEXT);
    struct stat st;

    buf_printf(&path, "%s/%s", dir, name);
    return stat(buf_text(&path), &st) == 0 ? (int64_t)st.st_size : 0;
}

static void put_devices(const struct devices *all, struct buf *out)
{
    head(out, "devices", "gauge", "Devices ever admitted, by state.");
    for (int i = 0; i < (int)ARRAY_LEN(all->state); i++) {
        BUF(label, 64);

        buf_printf(&label, "state=\"%s\"",
                   device_state_word((enum device_state)i));
        sample(out, "devices", buf_text(&label), all->state[i]);
    }
    put_gauge(out, "events_stored", "Events of all devices held.", all->events);
    put_gauge(out, "events_waiting",
              "Events not sent yet, as the devices said last.", all->waiting);
    head(out, "device_lag_seconds", "gauge",
         "The longest time since an active device was heard.");
    buf_puts(out, PREFIX "device_lag_seconds ");
    put_seconds(out, all->longest_ms);
    buf_putc(out, '\n');
}

/* ---- the process --------------------------------------------------------- */

/* The n-th number (1…) of /proc/self/statm; 0 when the system has none. */
static long statm(int n)
{
    BUF(text, 256);
    const char *at;

    if (env_file_read("/proc/self", "statm", &text) != ERR_OK)
        return 0;
    at = buf_text(&text);
    while (--n > 0 && (at = strchr(at, ' ')) != NULL)
        at++;
    return at ? strtol(at, NULL, 10) : 0;
}

static void put_process(struct buf *out)
{
    struct rusage used = { .ru_utime = { 0, 0 } };

    getrusage(RUSAGE_SELF, &used);
    int64_t us = used.ru_utime.tv_usec + used.ru_stime.tv_usec;
    int64_t s = used.ru_utime.tv_sec + used.ru_stime.tv_sec;
    buf_puts(out, "# HELP process_cpu_seconds_total Processor time used.\n"
                  "# TYPE process_cpu_seconds_total counter\n"
                  "process_cpu_seconds_total ");
    put_seconds(out, s * 1000 + us / 1000);
    buf_puts(out, "\n# HELP process_resident_memory_bytes Memory in use.\n"
                  "# TYPE process_resident_memory_bytes gauge\n"
                  "process_resident_memory_bytes ");
    buf_int(out, (int64_t)statm(2) * sysconf(_SC_PAGESIZE));
    buf_puts(out, "\n# HELP fair_build_info The program.\n"
                  "# TYPE fair_build_info gauge\n"
                  "fair_build_info{version=\"" FAIR_VERSION "\"} 1\n");
}

void metrics_render(struct store *s, const char *where, struct buf *out)
{
    struct devices all = { .now_ms = env_wall_ms() };
    bool up = store_device_each(s, STR(""), take_device, &all) == ERR_OK;

    put_counters(out);
    put_pushes(out);
    put_gauge(out, "database_up", "Whether the database answers.", up);
    if (up)
        put_devices(&all, out);
    if (!store_shared(s))
        put_gauge(out, "database_bytes", "Size of the database and its log.",
                  file_bytes(where, STORE_FILE) +
                      file_bytes(where, STORE_FILE "-wal"));
    put_process(out);
}
