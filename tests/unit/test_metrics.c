/*
 * test_metrics.c - counters as Prometheus reads them, and nothing about money.
 */
#include "sync/aggregator/ops/metrics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/hall.h"

static struct hall *hall;

static int open_hall(void **state)
{
    (void)state;
    hall = hall_open(7);
    return 0;
}

static int close_hall(void **state)
{
    (void)state;
    hall_close(hall);
    return 0;
}

static void render(struct buf *out)
{
    metrics_render(hall->store, hall->dir, out);
}

/* The value of a sample, as text. */
static const char *value(const struct buf *page, const char *sample)
{
    static char text[64];
    BUF(start, MAX_TEXT);

    buf_printf(&start, "\n%s ", sample);
    const char *at = strstr(buf_text(page), buf_text(&start));
    assert_non_null(at);
    at += start.len;
    size_t n = strcspn(at, "\n");
    assert_true(n < sizeof(text));
    memcpy(text, at, n);
    text[n] = '\0';
    return text;
}

static void what_is_counted_is_shown(void **state)
{
    BUF(before, MAX_TEXT);
    BUF(after, MAX_TEXT);

    (void)state;
    render(&before);
    metrics_count(COUNT_EVENTS, 3);
    metrics_count(COUNT_REPEATED, 1);
    metrics_gauge(GAUGE_VIEWERS, 5);
    metrics_gauge(GAUGE_VIEWERS, -3);
    render(&after);
    assert_string_equal(value(&before, "fair_aggregator_events_ingested_total"),
                        "0");
    assert_string_equal(value(&after, "fair_aggregator_events_ingested_total"),
                        "3");
    assert_string_equal(
        value(&after, "fair_aggregator_batches_total{result=\"repeated\"}"),
        "1");
    assert_string_equal(value(&after, "fair_aggregator_viewers"), "2");
}

static void a_histogram_counts_up_to_each_end(void **state)
{
    BUF(page, MAX_TEXT);

    (void)state;
    metrics_push(5);
    metrics_push(6);
    metrics_push(20000);
    render(&page);
#define PUSH "fair_aggregator_push_duration_seconds"
    assert_string_equal(value(&page, PUSH "_bucket{le=\"0.005\"}"), "1");
    assert_string_equal(value(&page, PUSH "_bucket{le=\"0.010\"}"), "2");
    assert_string_equal(value(&page, PUSH "_bucket{le=\"10.000\"}"), "2");
    assert_string_equal(value(&page, PUSH "_bucket{le=\"+Inf\"}"), "3");
    assert_string_equal(value(&page, PUSH "_count"), "3");
    assert_string_equal(value(&page, PUSH "_sum"), "20.011");
}

static void the_store_tells_how_devices_are(void **state)
{
    BUF(page, MAX_TEXT);

    (void)state;
    hall_send(hall, 0, 4);
    render(&page);
    assert_string_equal(
        value(&page, "fair_aggregator_devices{state=\"active\"}"), "3");
    assert_string_equal(value(&page, "fair_aggregator_events_stored"), "4");
    assert_string_not_equal(value(&page, "fair_aggregator_database_bytes"),
                            "0");
    assert_string_not_equal(value(&page, "process_resident_memory_bytes"), "0");
}

static bool is_name(const char *s, size_t n)
{
    return n > 0 && strspn(s, "abcdefghijklmnopqrstuvwxyz_") >= n;
}

/* A histogram's samples belong to the family without their ending. */
static void cut_part(struct buf *name)
{
    static const char *const parts[] = { "_seconds_bucket", "_seconds_sum",
                                         "_seconds_count" };

    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        const char *at = strstr(buf_text(name), parts[i]);
        if (at)
            buf_cut(name, (size_t)(at - buf_text(name)) + strlen("_seconds"));
    }
}

/* Every sample's family was announced with help and type before. */
static void every_sample_has_help_and_type_and_none_is_money(void **state)
{
    BUF(page, MAX_TEXT);

    (void)state;
    render(&page);
    assert_null(strstr(buf_text(&page), "vnd"));
    for (const char *at = buf_text(&page); *at; at += strcspn(at, "\n") + 1) {
        if (*at == '#')
            continue;
        size_t n = strcspn(at, "{ ");
        BUF(type, MAX_TEXT);

        assert_true(is_name(at, n));
        buf_puts(&type, "# TYPE ");
        buf_put(&type, at, n);
        cut_part(&type);
        buf_putc(&type, ' ');
        const char *said = strstr(buf_text(&page), buf_text(&type));
        assert_non_null(said);
        assert_true(said < at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_counted_is_shown),
        cmocka_unit_test(a_histogram_counts_up_to_each_end),
        cmocka_unit_test(the_store_tells_how_devices_are),
        cmocka_unit_test(every_sample_has_help_and_type_and_none_is_money),
    };
    return cmocka_run_group_tests(tests, open_hall, close_hall);
}
