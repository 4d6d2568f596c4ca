#define _GNU_SOURCE /* memmem */
/*
 * test_15_payloads.c - promise 15: 500 attacks in every field that a person
 * fills in or a device sends, and in whatever shows it: nothing of them is
 * ever more than visible text.
 *
 * The store is filled behind the back of what keeps such texts out, so that
 * every sink stands for itself: terminal, CSV, JSON, workbook, page,
 * journal. The till's are test_15_screen.c and test_15_paper.c. What a device
 * could not have signed, because no event is read with it, is counted as
 * refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/text.h"
#include "sync/aggregator/ops/journal.h"
#include "sync/aggregator/report/report.h"
#include "sync/aggregator/web/assets.h"
#include "sync/aggregator/web/cache.h"
#include "sync/aggregator/web/pages.h"
#include "sync/aggregator/web/routes.h"
#include "tests/support/fairs.h"
#include "tests/support/markup.h"
#include "tests/support/payloads.h"
#include "tests/support/promise.h"
#include "tests/support/raw.h"
#include "tests/support/unzip.h"

enum { BEGIN = 20200114, ROWS = 20, SINKS = 6, FIELDS_LEAST = 12, PLAIN = -1 };

/* Where texts of others stand; each is marked, and looked for in the end. */
enum place {
    FAIR_NAME,
    BOOTH_NAME,
    BOOTH_PLACE,
    PRODUCT_NAME,
    PRODUCT_UNIT,
    PRODUCT_PLACE,
    PRODUCT_GROUP,
    PRODUCT_PRODUCER,
    PRODUCT_CERTIFICATE,
    FIGURES_NAME,
    FIGURES_NOTE,
    LINE_NAME,
    LINE_UNIT,
    LINE_SELLER,
    LINE_STAMP,
    TRANSFER_REFERENCE,
    GATE,
    NOTE_TEXT,
    CASH_REASON,
    REFUND_REASON,
    FIELDS
};

static struct fairs hall;
static struct web web;
static bool seen[FIELDS];
static int64_t refused, looked, shown;
static struct buf texts[ROWS][FIELDS];

/* ---- texts --------------------------------------------------------------- */

/* Can any event hold it? */
static bool can_be_sent(struct str s)
{
    BUF(object, 4 * MAX_OUTPUT);
    buf_puts(&object, "{\"a\":\"");
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '"' || s.data[i] == '\\')
            buf_putc(&object, '\\');
        buf_putc(&object, s.data[i]);
    }
    buf_puts(&object, "\"}");
    return canonical(buf_slice(&object), SHAPE_FIXED);
}

/* Row by row an attack, in every field of it, and a mark behind. */
static void make_texts(int first)
{
    for (int row = 0; row < ROWS; row++) {
        for (int field = 0; field < FIELDS; field++) {
            struct buf *b = &texts[row][field];
            buf_clear(b);
            if (first == PLAIN)
                buf_printf(b, "%sten %d", row == 3 ? " " : "", row);
            else
                payload_put(b, (first + row) % PAYLOADS);
            buf_printf(b, " zf%02d", field);
        }
    }
}

static struct str any(int row, enum place field)
{
    return buf_slice(&texts[row][field]);
}

/* The same of a device: what it cannot send is refused. */
static struct str sent(int row, enum place field)
{
    struct str s = any(row, field);
    if (s.len < 400 && can_be_sent(s))
        return s;
    refused++;
    return STR("x");
}

/* ---- the hall ------------------------------------------------------------ */

static void put_fair(struct str name)
{
    struct fair fair = { .code = "XUAN",
                         .first_day = BEGIN,
                         .days = 3,
                         .opens_min = 480,
                         .closes_min = 1320,
                         .cut_off_min = 240,
                         .compare_with = "F0" };
    size_t n = name.len < sizeof(fair.name) ? name.len : sizeof(fair.name) - 1;
    memcpy(fair.name, name.data, n);
    fairs_fair(&hall, &fair);
}

static void put_lists(void)
{
    int64_t version = 0;
    enum change change;
    assert_int_equal(catalogue_add(hall.store, 1, &version), ERR_OK);
    for (int i = 0; i < ROWS; i++) {
        char code[8];
        snprintf(code, sizeof(code), "A%d", i + 1);
        const struct booth booth = { str_of(code), any(i, BOOTH_NAME),
                                     STR("in-province"), any(i, BOOTH_PLACE),
                                     1 };
        const struct catalogue_product p = {
            { .sku = str_of(code),
              .name = any(i, PRODUCT_NAME),
              .unit = any(i, PRODUCT_UNIT),
              .place = any(i, PRODUCT_PLACE),
              .group = any(i, PRODUCT_GROUP),
              .seller = any(i, PRODUCT_PRODUCER),
              .certificate = any(i, PRODUCT_CERTIFICATE),
              .stars = 4 },
            STR(""),
        };
        struct figures f = { .fair = str_of(code),
                             .name = any(i, FIGURES_NAME),
                             .note = any(i, FIGURES_NOTE),
                             .days = 6,
                             .visits = 7,
                             .revenue_all_vnd = 9,
                             .revenue_in_province_vnd = 8 };
        f.fair.data = code;
        code[0] = 'A';
        fairs_booth(&hall, "XUAN", &booth);
        assert_int_equal(product_add(hall.store, version, i + 1, &p), ERR_OK);
        code[0] = 'F';
        if (i == 0)
            f.fair = STR("F0");
        assert_int_equal(figures_put(hall.store, &f, &change), ERR_OK);
    }
}

static void write_event(struct fairs_device *d, int minute,
                        enum event_kind kind, const union body *body)
{
    d->book.next.day = BEGIN;
    d->book.next.shift = 1;
    d->book.next.at_ms = day_start_ms(BEGIN) + minute * INT64_C(60000);
    book_add(&d->book, kind, body);
}

static struct line line_of(int row, const char *sku)
{
    return (struct line){ .sku = str_of(sku),
                          .name = sent(row, LINE_NAME),
                          .unit = sent(row, LINE_UNIT),
                          .milli = 1000,
                          .price_vnd = 1000,
                          .amount_vnd = 1000,
                          .more = { .seller = sent(row, LINE_SELLER),
                                    .stamp = sent(row, LINE_STAMP),
                                    .unlisted = row % 2 } };
}

static void trade_row(struct fairs_device *d, int row)
{
    static union body body;
    char sku[8], reference[8];
    snprintf(sku, sizeof(sku), "%c%d", row % 2 ? 'U' : 'A', row + 1);
    snprintf(reference, sizeof(reference), "K7Q%c%c", 'A' + row, 'B');
    memset(&body, 0, sizeof(body));
    body.sale.lines[0] = line_of(row, sku);
    body.sale.n_lines = 1;
    body.sale.tenders[0] =
        (struct tender){ STR("transfer"), 1000, sent(row, TRANSFER_REFERENCE) };
    body.sale.n_tenders = 1;
    body.sale.reference = str_of(reference);
    body.sale.total_vnd = 1000;
    write_event(d, 500 + row, EV_SALE, &body);
    int of = d->book.n;
    memset(&body, 0, sizeof(body));
    body.refund.of = of;
    body.refund.lines[0] = line_of(row, sku);
    body.refund.lines[0].amount_vnd = 100;
    body.refund.n_lines = 1;
    body.refund.tenders[0] = (struct tender){ STR("cash"), 100, STR("") };
    body.refund.n_tenders = 1;
    body.refund.total_vnd = 100;
    body.refund.reason = sent(row, REFUND_REASON);
    write_event(d, 500 + row, EV_REFUND, &body);
    body = (union body){ .visits = { .gate = sent(row, GATE), .n = 3 } };
    write_event(d, 500 + row, EV_VISITS, &body);
    body = (union body){ .note = { sent(row, NOTE_TEXT), STR("other") } };
    write_event(d, 500 + row, EV_NOTE, &body);
    body = (union body){ .cash = { 5, sent(row, CASH_REASON) } };
    write_event(d, 500 + row, EV_CASH, &body);
}

static void open_hall(int first)
{
    make_texts(first);
    fairs_open(&hall);
    fairs_clock(BEGIN, 607);
    put_fair(any(0, FAIR_NAME));
    put_lists();
    struct fairs_device *a = fairs_device(&hall, "XUAN", "A1");
    struct fairs_device *b = fairs_device(&hall, "XUAN", "A2");
    for (int row = 0; row < ROWS; row++)
        trade_row(row % 2 ? a : b, row);
    fairs_send(&hall);
    web = (struct web){ .dir = hall.dir,
                        .where = hall.dir,
                        .cache = cache_open(),
                        .assets = assets_open(""),
                        .url = "https://127.0.0.1:8443",
                        .language = "en",
                        .silent_min = 30 };
}

static void close_hall(void)
{
    cache_close(web.cache);
    assets_close(web.assets);
    fairs_close(&hall);
}

/* ---- sinks of the aggregator --------------------------------------------- */

static void note_marks(struct str s)
{
    for (int field = 0; field < FIELDS; field++) {
        char mark[8];
        snprintf(mark, sizeof(mark), "zf%02d", field);
        seen[field] = seen[field] || memmem(s.data, s.len, mark, 4);
    }
}

static void look_at_workbook(struct str zip, const char *what, bool learn)
{
    static const char *const parts[] = { "xl/worksheets/sheet1.xml",
                                         "xl/sharedStrings.xml",
                                         "xl/workbook.xml",
                                         "docProps/core.xml" };
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        BUF(part, MAX_OUTPUT);
        if (!unzip_part(zip, parts[i], &part))
            continue;
        if (learn)
            markup_learn(buf_slice(&part));
        assert_null(strstr(buf_text(&part), "<f>"));
        inert_markup(buf_slice(&part), what);
        note_marks(buf_slice(&part));
    }
}

static void look_at_report(struct report_query q, bool learn)
{
    const char *kind = q.kind;
    BUF(out, MAX_OUTPUT);
    BUF(why, MAX_TEXT);
    json_t *json;
    json_error_t error;
    enum err e = report_make(hall.store, &q, &out, &why);
    if (e != ERR_OK)
        fail_msg("%s: %s %s", kind, err_text(e), buf_text(&why));
    looked++;
    switch (q.format) {
    case REPORT_TEXT: inert_text(buf_slice(&out), kind); break;
    case REPORT_CSV: inert_csv(buf_slice(&out), kind); break;
    case REPORT_XLSX: look_at_workbook(buf_slice(&out), kind, learn); return;
    case REPORT_JSON:
        inert_codes(buf_slice(&out), kind);
        json = json_loadb(out.data, out.len, JSON_ALLOW_NUL, &error);
        if (!json)
            fail_msg("%s: %s: %s", kind, error.text, buf_text(&out));
        json_decref(json);
        break;
    case REPORT_HTML:
        if (learn)
            markup_learn(buf_slice(&out));
        inert_markup(buf_slice(&out), kind);
        break;
    }
    note_marks(buf_slice(&out));
}

static void look_at_formats(struct report_query q, bool learn)
{
    q.fair = "XUAN";
    for (int format = REPORT_TEXT; format <= REPORT_HTML; format++) {
        q.format = (enum report_format)format;
        look_at_report(q, learn);
    }
}

static void look_at_reports(bool learn)
{
    static const char *const by[] = { "place", "producer", "group" };
    for (const struct report_kind *k = report_kinds; k->name; k++) {
        look_at_formats((struct report_query){ .kind = k->name }, learn);
    }
    for (size_t i = 0; i < ARRAY_LEN(by); i++)
        look_at_formats((struct report_query){ .kind = "league", .by = by[i] },
                        learn);
    for (int i = 0; i < 2; i++) {
        char id[DEVICE_LEN + 1];
        fairs_id(&hall, i, id);
        look_at_formats((struct report_query){ .kind = "explain",
                                               .day = BEGIN,
                                               .booth = i ? "A2" : "A1",
                                               .device = id },
                        learn);
    }
}

static void look_at_page(const struct route *r, const char *query, bool learn)
{
    struct visit v;
    visit_init(&v, &web);
    v.store = hall.store;
    v.who = (struct login){ .role = ROLE_ADMINISTRATOR, .name = "adm" };
    v.ask.route = r;
    v.ask.query = str_of(query);
    assert_true(r->page(&v));
    if (v.answer.status == 200) {
        if (learn)
            markup_learn(buf_slice(&v.answer.body));
        markup_is_whole(buf_text(&v.answer.body), r->path);
        inert_markup(buf_slice(&v.answer.body), r->path);
        note_marks(buf_slice(&v.answer.body));
        looked++;
    }
    visit_done(&v);
}

/* Every page that is there to be looked at. */
static void look_at_pages(bool learn)
{
    for (const struct route *r = web_routes; r->path; r++) {
        if (strcmp(r->method, "GET") != 0 || r->program || !r->page)
            continue;
        look_at_page(r, "", learn);
        if (strcmp(r->path, "/explain") == 0)
            look_at_page(r, "fair=XUAN&day=2020-01-14&booth=A1", learn);
        if (strcmp(r->path, "/compare") == 0)
            look_at_page(r, "fair=XUAN&with=F7&source=published", learn);
    }
}

/* There is one fair, and it has been called by the first row's. */
static void look_at_names_of_the_fair(bool learn)
{
    for (int row = 1; row < ROWS; row++) {
        put_fair(any(row, FAIR_NAME));
        look_at_formats((struct report_query){ .kind = "days" }, learn);
        look_at_formats((struct report_query){ .kind = "compare" }, learn);
        look_at_page(web_routes + 2, "", learn); /* the first page */
    }
}

static int64_t tables(void)
{
    return raw_int(hall.store, "SELECT count(*) FROM sqlite_master");
}

static void the_aggregator_shows_them_as_text(void **state)
{
    int64_t made = 0;
    (void)state;
    for (int first = PLAIN; first < PAYLOADS;
         first = first == PLAIN ? 0 : first + ROWS) {
        open_hall(first);
        made = first == PLAIN ? tables() : made;
        look_at_reports(first == PLAIN);
        look_at_pages(first == PLAIN);
        look_at_names_of_the_fair(first == PLAIN);
        assert_int_equal(tables(), made);
        close_hall();
    }
    for (int field = 0; field < FIELDS; field++) {
        shown += seen[field];
        if (!seen[field])
            print_message("field %d is shown nowhere\n", field);
    }
    assert_true(shown >= FIELDS_LEAST);
}

/* ---- the journal --------------------------------------------------------- */

static void hear(void *ctx, struct str line)
{
    int *n = ctx;
    assert_true(line.len > 1 && line.data[line.len - 1] == '\n');
    assert_null(memchr(line.data, '\n', line.len - 1));
    inert_text(line, "journal");
    ++*n;
}

static void a_journal_has_one_line_an_event(void **state)
{
    int n = 0;
    (void)state;
    journal_to(hear, &n);
    for (int i = 0; i < PAYLOADS; i++) {
        BUF(text, MAX_OUTPUT);
        payload_put(&text, i);
        journal(JOURNAL_INFO, "sign-in",
                JOURNAL_FIELDS({ "account", buf_text(&text), 0 },
                               { "peer", buf_text(&text), 0 }));
    }
    journal_to(NULL, NULL);
    assert_int_equal(n, PAYLOADS);
    looked += n;
}

static void tell(void **state)
{
    (void)state;
    promise(15, "payloads", PAYLOADS);
    promise(15, "payload-fields", PAYLOADS * shown);
    promise(15, "payload-field-sinks", PAYLOADS * shown * SINKS);
    promise(15, "payloads-refused", refused);
    promise(15, "outputs-looked-at", looked);
    promise(15, "active", 0); /* or one above has failed */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_aggregator_shows_them_as_text),
        cmocka_unit_test(a_journal_has_one_line_an_event),
        cmocka_unit_test(tell),
    };
    i18n_init("en");
    for (int i = 0; i < ROWS * FIELDS; i++)
        buf_init(&texts[i / FIELDS][i % FIELDS], MAX_OUTPUT);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
