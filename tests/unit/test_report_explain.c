/*
 * test_report_explain.c - from a total to the bytes of an event: every level
 * adds up to the row above it, and the last one can be computed again.
 *
 * The fair: 14 and 15 January 2020, gate G1 alone. Booth A1 has two tills, B1
 * one. The first of A1:
 *   2  14th  sale 100.000     6  15th  sale 400.000, moved to the 14th
 *   3  14th  sale 50.000      7  15th  sale 7.000, on hold
 *   4  14th  void of 3        8  14th  120 visits at G1
 *   5  15th  refund 30.000    9  14th  11 visits at no gate
 * Its branch of one event, sale 900 of the 14th, is counted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/chain.h"
#include "fair/i18n.h"
#include "sync/aggregator/report/report.h"
#include "tests/support/cli_run.h"
#include "tests/support/fairs.h"

#define FAIR "XUAN"

enum { FIRST = 20200114, SECOND = 20200115, FIELD_ROOM = 32 };

static struct fairs hall;

/* ---- the hall ------------------------------------------------------------ */

static void decide(int device, const char *what, int64_t seq, int day)
{
    char id[DEVICE_LEN + 1];
    const struct decision d = {
        .what = what, .first = seq, .last = seq, .day = day
    };
    assert_int_equal(store_decide(hall.store, fairs_id(&hall, device, id), &d),
                     ERR_OK);
}

static void first_till(struct fairs_device *d)
{
    struct deal deal = { FIRST, 600, "CM", 100000, NULL };
    struct deal voided = { FIRST, 610, "CM", 50000, NULL };
    struct deal back = { SECOND, 600, "CM", 30000, NULL };
    int of = fairs_sell(d, deal);
    fairs_void(d, fairs_sell(d, voided), voided);
    fairs_refund(d, of, NULL, back);
    fairs_sell(d, (struct deal){ SECOND, 620, "CM", 400000, NULL });
    fairs_sell(d, (struct deal){ SECOND, 630, "CM", 7000, NULL });
    fairs_visits(d, (struct counting){ FIRST, 640, "G1", 120, false });
    fairs_visits(d, (struct counting){ FIRST, 650, NULL, 11, false });
}

/* Event 10 of the first till as a copy of it has written it. */
static void branch(struct fairs_device *d)
{
    char id[DEVICE_LEN + 1];
    uint8_t previous[HASH_BYTES], head[HASH_BYTES];
    BUF(line, MAX_EVENT);
    book_head(&d->book, d->book.n, previous);
    int seq = fairs_sell(d, (struct deal){ FIRST, 700, "CM", 900, NULL });
    book_head(&d->book, seq, head);
    buf_str(&line, book_line(&d->book, seq));
    buf_putc(&line, '\n');
    struct branch b = { .seg = { .first = seq,
                                 .last = seq,
                                 .bytes = buf_slice(&line),
                                 .head = head },
                        .previous = previous,
                        .at_ms = 1 };
    assert_int_equal(store_branch_add(hall.store, fairs_id(&hall, 0, id), &b),
                     ERR_OK);
    decide(0, "count-branch", 1, 0);
}

static int open_hall(void **state)
{
    const struct fair fair = { .code = FAIR,
                               .name = "Xuân",
                               .first_day = FIRST,
                               .days = 2,
                               .cut_off_min = 240 };
    struct str gates[] = { STR("G1") };
    enum change change;
    (void)state;
    fairs_open(&hall);
    fairs_clock(20200120, 605);
    fairs_fair(&hall, &fair);
    assert_int_equal(gates_put(hall.store, STR(FAIR), gates, 1, &change),
                     ERR_OK);
    struct fairs_device *a = fairs_device(&hall, FAIR, "A1");
    struct fairs_device *b = fairs_device(&hall, FAIR, "A1");
    struct fairs_device *c = fairs_device(&hall, FAIR, "B1");
    first_till(a);
    fairs_sell(b, (struct deal){ FIRST, 600, "CM", 1000, NULL });
    fairs_sell(b, (struct deal){ SECOND, 600, "CM", 2000, NULL });
    fairs_sell(c, (struct deal){ SECOND, 600, "CM", 5000000, NULL });
    fairs_send(&hall);
    decide(0, "day", 6, FIRST);
    decide(0, "hold", 7, 0);
    branch(a);
    i18n_init("en");
    return 0;
}

static int close_hall(void **state)
{
    (void)state;
    fairs_close(&hall);
    return 0;
}

/* ---- asking -------------------------------------------------------------- */

struct asked {
    enum err e;
    struct buf out, why;
};

static void asked_done(struct asked *a)
{
    buf_done(&a->out);
    buf_done(&a->why);
}
#define ASKED __attribute__((cleanup(asked_done))) struct asked

static struct asked ask(struct report_query q)
{
    struct asked a;
    q.fair = FAIR;
    q.kind = q.kind ? q.kind : "explain";
    buf_init(&a.out, MAX_OUTPUT);
    buf_init(&a.why, MAX_TEXT);
    a.e = report_make(hall.store, &q, &a.out, &a.why);
    return a;
}

static struct asked csv(const char *booth, int day, int device, int limit)
{
    char id[DEVICE_LEN + 1];
    return ask((struct report_query){
        .booth = booth,
        .day = day,
        .device = device >= 0 ? fairs_id(&hall, device, id).data : NULL,
        .limit = limit,
        .format = REPORT_CSV });
}

/* ---- reading tables ------------------------------------------------------ */

static struct str field_of(struct str line, int column)
{
    for (; column > 0; column--) {
        const char *comma = memchr(line.data, ',', line.len);
        assert_non_null(comma);
        line.len -= (size_t)(comma + 1 - line.data);
        line.data = comma + 1;
    }
    const char *comma = memchr(line.data, ',', line.len);
    line.len = comma ? (size_t)(comma - line.data) : line.len;
    return line;
}

/* The next line of the table; false: none is left. */
static bool line_of(const char **at, struct str *line)
{
    if (!**at)
        return false;
    *line = (struct str){ *at, strcspn(*at, "\r") };
    *at += line->len + 2;
    return true;
}

static int column_of(struct str header, const char *name)
{
    for (int i = 0;; i++) {
        if (str_is(field_of(header, i), name))
            return i;
    }
}

static int64_t number_of(struct str field)
{
    char text[FIELD_ROOM] = "";
    assert_true(field.len < sizeof(text));
    memcpy(text, field.data, field.len);
    return strtoll(text, NULL, 10);
}

/* The sum of a column over all rows, those only whose `where` is `is`; by the
 * events' table what is on hold is in no sum. */
static int64_t sum_of(const struct asked *a, const char *name,
                      const char *where, const char *is)
{
    const char *at = buf_text(&a->out) + 3;
    struct str header, line;
    int64_t sum = 0;
    assert_int_equal(a->e, ERR_OK);
    assert_true(line_of(&at, &header));
    int column = column_of(header, name);
    while (line_of(&at, &line)) {
        if (!where || str_is(field_of(line, column_of(header, where)), is))
            sum += number_of(field_of(line, column));
    }
    return sum;
}

static int rows_of(const struct asked *a)
{
    const char *at = buf_text(&a->out);
    struct str line;
    int n = -1;
    while (line_of(&at, &line))
        n++;
    return n;
}

/* ---- level by level ------------------------------------------------------ */

static const char *const figures[] = { "net_vnd", "revenue_vnd", "refunds_vnd",
                                       "sales", "visits" };

static void n10_the_booths_add_up_to_the_fair(void **state)
{
    (void)state;
    ASKED days =
        ask((struct report_query){ .kind = "days", .format = REPORT_CSV });
    ASKED booths = csv(NULL, 0, -1, 0);
    assert_int_equal(sum_of(&days, "net_vnd", NULL, NULL), 5473900);
    assert_int_equal(sum_of(&days, "visits", NULL, NULL), 120);
    for (size_t i = 0; i < ARRAY_LEN(figures); i++)
        assert_int_equal(sum_of(&booths, figures[i], NULL, NULL),
                         sum_of(&days, figures[i], NULL, NULL));
    ASKED first = csv(NULL, FIRST, -1, 0);
    for (size_t i = 0; i < ARRAY_LEN(figures); i++)
        assert_int_equal(sum_of(&first, figures[i], NULL, NULL),
                         sum_of(&days, figures[i], "date", "2020-01-14"));
}

static void n10_the_devices_add_up_to_their_booth(void **state)
{
    (void)state;
    static const int days[] = { 0, FIRST, SECOND };
    for (size_t d = 0; d < ARRAY_LEN(days); d++) {
        ASKED booths = csv(NULL, days[d], -1, 0);
        ASKED devices = csv("A1", days[d], -1, 0);
        assert_int_equal(rows_of(&devices), days[d] == 0 ? 4 : 2);
        for (size_t i = 0; i < ARRAY_LEN(figures); i++)
            assert_int_equal(sum_of(&devices, figures[i], NULL, NULL),
                             sum_of(&booths, figures[i], "booth", "A1"));
    }
}

static void n10_the_events_add_up_to_their_device(void **state)
{
    (void)state;
    static const int days[] = { FIRST, SECOND };
    for (int device = 0; device < 2; device++) {
        char id[DEVICE_LEN + 1];
        fairs_id(&hall, device, id);
        for (size_t d = 0; d < ARRAY_LEN(days); d++) {
            ASKED devices = csv("A1", days[d], -1, 0);
            ASKED events = csv(NULL, days[d], device, 0);
            assert_int_equal(sum_of(&events, "amount_vnd", "counts", "counted"),
                             sum_of(&devices, "net_vnd", "device", id));
            assert_int_equal(sum_of(&events, "visits", "counts", "counted"),
                             sum_of(&devices, "visits", "device", id));
        }
    }
}

static void has_event(const struct asked *a, const char *seq, const char *kind,
                      const char *rest)
{
    const char *at = buf_text(&a->out) + 3;
    struct str header, line;
    assert_true(line_of(&at, &header));
    while (line_of(&at, &line)) {
        if (!str_is(field_of(line, 0), seq) ||
            !str_is(field_of(line, column_of(header, "kind")), kind))
            continue;
        BUF(got, MAX_TEXT);
        buf_str(&got, line);
        text_has(&got, rest);
        return;
    }
    fail_msg("no %s with number %s", kind, seq);
}

static void n10_each_event_says_what_it_counts(void **state)
{
    (void)state;
    ASKED a = csv("A1", 0, 0, 0);
    has_event(&a, "1", "enrolled", ",,,,none,");
    has_event(&a, "2", "sale", ",A1-1-2,100000,,counted,2020-01-14,");
    has_event(&a, "4", "void", ",,-50000,,counted,2020-01-14,");
    has_event(&a, "5", "refund", ",A1-1-5,-30000,,counted,2020-01-15,");
    has_event(&a, "6", "sale", ",A1-1-6,400000,,counted,2020-01-14,");
    has_event(&a, "7", "sale", ",A1-1-7,7000,,held,2020-01-15,");
    has_event(&a, "8", "visits", ",,,120,counted,2020-01-14,");
    has_event(&a, "9", "visits", ",,,,none,2020-01-14,");
    has_event(&a, "10", "sale", ",A1-1-10,900,,counted,2020-01-14,");
    assert_int_equal(rows_of(&a), 10);
}

/* ---- the proof ----------------------------------------------------------- */

static struct str member(const struct buf *json, const char *name)
{
    BUF(find, MAX_TEXT);
    buf_printf(&find, "\"%s\":\"", name);
    const char *at = strstr(buf_text(json), buf_text(&find));
    assert_non_null(at);
    at += find.len;
    return (struct str){ at, strcspn(at, "\"") };
}

static void hash_is(const struct buf *json, const char *name,
                    const uint8_t want[HASH_BYTES])
{
    uint8_t got[HASH_BYTES];
    assert_true(hex_bytes(member(json, name), got, HASH_BYTES));
    assert_memory_equal(got, want, HASH_BYTES);
}

/* By nothing but what the report says: from the hash before and the line to
 * the event's, from there over the later lines to the device's head. */
static void n10_an_event_can_be_computed_again(void **state)
{
    (void)state;
    const struct book *book = &hall.devices[0].book;
    char id[DEVICE_LEN + 1];
    uint8_t hash[HASH_BYTES], want[HASH_BYTES];
    fairs_id(&hall, 0, id);
    ASKED a = ask(
        (struct report_query){ .device = id, .seq = 5, .format = REPORT_JSON });
    assert_int_equal(a.e, ERR_OK);
    BUF(escaped, MAX_TEXT);
    buf_puts(&escaped, "\"line\":\"{\\\"v\\\":1,\\\"seq\\\":5,");
    text_has(&a.out, buf_text(&escaped));
    assert_true(hex_bytes(member(&a.out, "hash_before"), hash, HASH_BYTES));
    chain_next(hash, book_line(book, 5), hash);
    hash_is(&a.out, "hash", hash);
    for (int seq = 6; seq <= 9; seq++)
        chain_next(hash, book_line(book, seq), hash);
    hash_is(&a.out, "segment_head", hash);
    hash_is(&a.out, "head", hash);
    book_head(book, 5, want);
    hash_is(&a.out, "hash", want);
    text_has(&a.out, "\"segment_first\":1,\"segment_last\":9,");
    text_has(&a.out, "\"acknowledged\":9,");
}

static void n10_the_page_of_an_event_shows_its_proof(void **state)
{
    (void)state;
    char id[DEVICE_LEN + 1];
    fairs_id(&hall, 0, id);
    ASKED a = ask((struct report_query){
        .device = id, .seq = 2, .limit = 1, .format = REPORT_HTML });
    assert_int_equal(a.e, ERR_OK);
    text_has(&a.out, "<p class=\"note\">The event&#39;s line: {&quot;v&quot;:1,"
                     "&quot;seq&quot;:2,&quot;kind&quot;:&quot;sale&quot;");
    text_has(&a.out, "<p class=\"note\">Hash of the event before: ");
    text_has(&a.out, "<p class=\"note\">It came with the events 1 to 9, whose "
                     "last hash is: ");
    text_has(&a.out, "<p class=\"note\">Acknowledged to the device: 9 events, "
                     "head ");
}

static void n10_an_event_of_a_branch_is_found(void **state)
{
    (void)state;
    char id[DEVICE_LEN + 1];
    fairs_id(&hall, 0, id);
    ASKED a = ask(
        (struct report_query){ .device = id, .seq = 10, .format = REPORT_CSV });
    assert_int_equal(rows_of(&a), 1);
    has_event(&a, "10", "sale", ",900,,counted,2020-01-14,");
}

/* ---- paging and refusals ------------------------------------------------- */

static void a_limit_says_where_to_go_on(void **state)
{
    (void)state;
    char id[DEVICE_LEN + 1];
    fairs_id(&hall, 0, id);
    struct report_query q = { .device = id, .limit = 4 };
    ASKED text = ask(q);
    text_has(&text.out, "\nMore follow: ask from number 5 on, with a limit\n");
    q.format = REPORT_JSON;
    ASKED first = ask(q);
    text_has(&first.out, "\"next_seq\":5,\"hold\"");
    q.seq = 5;
    ASKED second = ask(q);
    text_has(&second.out, "\"next_seq\":9,\"hold\"");
    q.seq = 9;
    ASKED last = ask(q);
    text_has(&last.out, "\"next_seq\":null,\"hold\"");
}

static void what_is_not_there_is_named(void **state)
{
    (void)state;
    char id[DEVICE_LEN + 1];
    fairs_id(&hall, 2, id);
    ASKED other = ask((struct report_query){ .booth = "A1", .device = id });
    assert_int_equal(other.e, ERR_NOT_FOUND);
    ASKED none = ask((struct report_query){ .device = "nobody" });
    assert_int_equal(none.e, ERR_NOT_FOUND);
    assert_string_equal(buf_text(&none.why), "no device of this name: nobody");
    ASKED number = ask((struct report_query){ .seq = 3 });
    assert_int_equal(number.e, ERR_USAGE);
    ASKED beyond = ask((struct report_query){ .device = id, .seq = 3 });
    assert_int_equal(beyond.e, ERR_NOT_FOUND);
    assert_string_equal(buf_text(&beyond.why), "this device has no event: 3");
}

static void one_booth_sees_nothing_of_another(void **state)
{
    (void)state;
    ASKED a = csv("A1", 0, -1, 0);
    char id[DEVICE_LEN + 1];
    fairs_id(&hall, 2, id);
    assert_null(strstr(buf_text(&a.out), id));
    assert_null(strstr(buf_text(&a.out), "B1"));
}

/* The last test, it adds to B1: a total of a fair is what a till can record. */
static void an_event_too_great_to_count_says_so(void **state)
{
    (void)state;
    const struct deal great = { SECOND, 700, "CM", INT64_MAX, NULL };
    ASKED before = csv("B1", 0, -1, 0);
    fairs_refund(&hall.devices[2], 2, NULL, great);
    fairs_send(&hall);
    ASKED after = csv("B1", 0, -1, 0);
    assert_string_equal(buf_text(&before.out), buf_text(&after.out));
    ASKED a = csv("B1", 0, 2, 0);
    has_event(&a, "2", "sale", ",B1-1-2,5000000,,counted,2020-01-15,");
    has_event(&a, "3", "refund", ",B1-1-3,,,beyond_counting,2020-01-15,");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(n10_the_booths_add_up_to_the_fair),
        cmocka_unit_test(n10_the_devices_add_up_to_their_booth),
        cmocka_unit_test(n10_the_events_add_up_to_their_device),
        cmocka_unit_test(n10_each_event_says_what_it_counts),
        cmocka_unit_test(n10_an_event_can_be_computed_again),
        cmocka_unit_test(n10_the_page_of_an_event_shows_its_proof),
        cmocka_unit_test(n10_an_event_of_a_branch_is_found),
        cmocka_unit_test(a_limit_says_where_to_go_on),
        cmocka_unit_test(what_is_not_there_is_named),
        cmocka_unit_test(one_booth_sees_nothing_of_another),
        cmocka_unit_test(an_event_too_great_to_count_says_so),
    };
    return cmocka_run_group_tests(tests, open_hall, close_hall);
}
