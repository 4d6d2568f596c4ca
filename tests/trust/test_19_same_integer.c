/*
 * test_19_same_integer.c - promise 19: the total on the screen, in the API, in
 * CSV, in XLSX and recomputed from the ledger is the same integer.
 *
 * Random fairs, one store each: a few devices sell, give back, take back and
 * count on a few days. A model of a screenful adds up what was written into
 * the ledgers; every format of every report that has the figures must hold
 * exactly these, before events are folded, after, and when all is folded anew.
 * In one fair of four somebody has a till of his own making sign amounts that
 * no till records, up to what int64 holds: they change no integer of these, and
 * the stored sums stay those of the events.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/i18n.h"
#include "fair/money.h"
#include "sync/aggregator/report/report.h"
#include "sync/aggregator/store/check.h"
#include "tests/support/fairs.h"
#include "tests/support/promise.h"
#include "tests/support/unzip.h"

enum {
    FAIRS = 2000,
    FIRST_DAY = 20200114,
    DAYS_MOST = 6,
    DEALS_MOST = 24, /* of a device */
    PRODUCTS = 5
};

#define SHEET "xl/worksheets/sheet1.xml"

/* ---- chance -------------------------------------------------------------- */

static uint64_t dice;

static int64_t roll(int64_t below)
{
    dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)((dice >> 16) % (uint64_t)below);
}

/* From a sweet to the takings of a year. */
static int64_t amount(void)
{
    int64_t most = 1000;
    for (int64_t digits = roll(7); digits > 0; digits--)
        most *= 10;
    return 1 + roll(most);
}

/* ---- the model ----------------------------------------------------------- */

enum { REVENUE, REFUNDS, VOIDS, NET, SALES, VISITS, FIGURES };
static const char *const names[FIGURES] = { "revenue_vnd", "refunds_vnd",
                                            "voids_vnd",   "net_vnd",
                                            "sales",       "visits" };

static struct model {
    int days;
    int64_t of_day[DAYS_MOST][FIGURES], all[FIGURES];
    int64_t of_booth[FAIRS_DEVICES];
    int64_t of_product[PRODUCTS];
} model;

static void add(int day, int figure, int64_t n)
{
    model.of_day[day - FIRST_DAY][figure] += n;
    model.all[figure] += n;
}

static void earn(int i, const struct deal *d, int sign)
{
    int64_t n = sign * d->amount_vnd;
    add(d->day, NET, n);
    model.of_booth[i] += n;
    model.of_product[d->sku[0] - 'A'] += n;
}

/* ---- a fair -------------------------------------------------------------- */

static struct fairs hall;
static int64_t events, lied;

static void sold(int i, const struct deal *d)
{
    int of = fairs_sell(&hall.devices[i], *d);
    switch (roll(5)) {
    case 0:
        fairs_void(&hall.devices[i], of, *d);
        add(d->day, VOIDS, d->amount_vnd);
        break;
    case 1: {
        struct deal back = *d; /* on its own day, which may be a later one */
        back.day += (int)roll(FIRST_DAY + model.days - d->day);
        fairs_refund(&hall.devices[i], of, NULL, back);
        add(d->day, REVENUE, d->amount_vnd);
        add(d->day, SALES, 1);
        earn(i, d, 1);
        add(back.day, REFUNDS, d->amount_vnd);
        earn(i, &back, -1);
        break;
    }
    default:
        add(d->day, REVENUE, d->amount_vnd);
        add(d->day, SALES, 1);
        earn(i, d, 1);
    }
}

static void trade(int i)
{
    static const char *const goods[PRODUCTS] = { "A", "B", "C", "D", "E" };
    int day = FIRST_DAY;
    for (int64_t n = 1 + roll(DEALS_MOST); n > 0; n--) {
        day += (int)roll(FIRST_DAY + model.days - day);
        struct deal d = { .day = day };
        d.minute = 480 + (int)roll(600);
        d.sku = goods[roll(PRODUCTS)];
        d.amount_vnd = amount();
        if (roll(6) == 0) {
            struct counting c = { d.day, d.minute, NULL, 1 + roll(500), false };
            fairs_visits(&hall.devices[i], c);
            add(d.day, VISITS, c.n);
        } else {
            sold(i, &d);
        }
    }
    events += hall.devices[i].book.n;
}

/* ---- amounts that no till records ---------------------------------------- */

/* Of a dice of its own: the other fairs stay what they are. */
static int64_t great(uint64_t *lies, int64_t room)
{
    static const int64_t least[] = { FOLD_VND_MAX + 1, FOLD_LEDGER_MAX };
    *lies = *lies * UINT64_C(6364136223846793005) + 1;
    int64_t n = (int64_t)(*lies >> 33);
    switch (n % 4) {
    case 0: return room;
    case 1: return room - (n >> 2);
    default: return least[n % 2] + (n >> 2);
    }
}

/* One of each kind at the end of a ledger. */
static void lie(struct fairs_device *d, uint64_t *lies)
{
    static const struct deal base = { FIRST_DAY, 700, "A", 0, NULL };
    const struct sums *sums = &d->book.sums;
    struct deal deal = base;
    deal.amount_vnd = great(lies, INT64_MAX - sums->refunds_vnd);
    fairs_refund(d, 0, "Z9-1-4", deal);
    deal.amount_vnd = great(lies, INT64_MAX - sums->voids_vnd);
    fairs_void(d, 99, deal);
    deal.amount_vnd = great(lies, INT64_MAX - sums->gross_vnd);
    int of = fairs_sell(d, deal);
    if (sums->voids_vnd <= INT64_MAX - deal.amount_vnd)
        fairs_void(d, of, deal);
    lied++;
}

static void open_fair(void)
{
    struct fair fair = { .code = "XUAN",
                         .name = "Xuân",
                         .first_day = FIRST_DAY,
                         .days = model.days,
                         .cut_off_min = 240,
                         .opens_min = 480,
                         .closes_min = 1320 };
    fairs_open(&hall);
    fairs_clock(FIRST_DAY + model.days, 605);
    fairs_fair(&hall, &fair);
    for (int64_t n = 1 + roll(4), i = 0; i < n; i++) {
        char code[4] = { 'A', (char)('1' + i), '\0' };
        struct booth booth = { str_of(code), STR("Thu"), STR("in-province"),
                               STR("Hạ Long"), 1 };
        fairs_booth(&hall, "XUAN", &booth);
        fairs_device(&hall, "XUAN", code);
    }
}

/* ---- what is printed ----------------------------------------------------- */

static uint64_t fair_seed;
static int64_t compared;

static void print(const char *kind, enum report_format format, struct buf *out)
{
    const struct report_query q = { .kind = kind,
                                    .fair = "XUAN",
                                    .format = format };
    BUF(why, MAX_TEXT);
    buf_clear(out);
    enum err e = report_make(hall.store, &q, out, &why);
    if (e != ERR_OK)
        fail_msg("seed %" PRIu64 ": %s: %s %s", fair_seed, kind, err_text(e),
                 buf_text(&why));
}

/* `what` stands in the text at *at or after it; *at moves behind it. */
static void follows(const char **at, const char *where, const struct buf *what)
{
    const char *found = strstr(*at, buf_text(what));
    if (!found)
        fail_msg("seed %" PRIu64 ": %s: no %s", fair_seed, where,
                 buf_text(what));
    *at = found + what->len;
    compared++;
}

/* One way of writing a number. */
struct writing {
    enum report_format format;
    const char *before, *after;
    bool named, dots;
};

static const struct writing writings[] = {
    { REPORT_JSON, ":", "", true, false },
    { REPORT_CSV, ",", "", false, false },
    { REPORT_HTML, "<data value=\"", "\"", false, false },
    { REPORT_XLSX, "<v>", "</v>", false, false },
    { REPORT_TEXT, " ", "", false, true },
};

static void expect(const struct writing *w, const char **at, const char *name,
                   int64_t n)
{
    BUF(want, MAX_TEXT);
    if (w->named)
        buf_printf(&want, "\"%s\"", name);
    buf_puts(&want, w->before);
    if (w->dots)
        money_render(&want, n);
    else
        buf_printf(&want, "%" PRId64, n);
    buf_puts(&want, w->after);
    follows(at, name, &want);
}

/* People are shown fewer columns. */
static bool shown(const struct writing *w, int figure)
{
    return figure != VOIDS || w->format == REPORT_JSON ||
           w->format == REPORT_CSV;
}

static void expect_days(const struct writing *w, const char *text)
{
    const char *at = text;
    for (int day = 0; day < model.days; day++)
        for (int f = 0; f < FIGURES; f++)
            if (shown(w, f))
                expect(w, &at, names[f], model.of_day[day][f]);
    /* For programs, the total stands in JSON; a CSV is rows alone. */
    for (int f = 0; f < FIGURES && w->format != REPORT_CSV; f++)
        if (shown(w, f))
            expect(w, &at, names[f], model.all[f]);
}

/* The net revenue of each group that sold anything, in whatever order. */
static void expect_groups(const char *kind, const char *name,
                          const int64_t *nets, int n)
{
    BUF(json, MAX_OUTPUT);
    int64_t sum = 0;
    print(kind, REPORT_JSON, &json);
    for (int i = 0; i < n; i++) {
        BUF(want, MAX_TEXT);
        const char *at = buf_text(&json);
        buf_printf(&want, "\"%s\":%" PRId64, name, nets[i]);
        if (nets[i] != 0)
            follows(&at, kind, &want);
        sum += nets[i];
    }
    assert_int_equal(sum, model.all[NET]);
}

static void look(void)
{
    BUF(out, MAX_OUTPUT);
    BUF(sheet, MAX_OUTPUT);
    for (size_t i = 0; i < ARRAY_LEN(writings); i++) {
        const struct writing *w = &writings[i];
        const char *text;
        print("days", w->format, &out);
        buf_clear(&sheet);
        if (w->format == REPORT_XLSX)
            assert_true(unzip_part(buf_slice(&out), SHEET, &sheet));
        text = buf_text(w->format == REPORT_XLSX ? &sheet : &out);
        expect_days(w, text);
    }
    expect_groups("booths", "net_vnd", model.of_booth, hall.n);
    expect_groups("products", "amount_vnd", model.of_product, PRODUCTS);
}

static void fold(void)
{
    int64_t n = 1;
    while (n > 0)
        assert_int_equal(store_fold_step(hall.store, 7, &n), ERR_OK);
}

/* These devices' admissions are no true ones, which is not asked here. */
static void expect_sums_sound(void)
{
    struct check found;
    const uint8_t *key = hall.devices[0].book.aggregator.public_key;
    assert_int_equal(check_verify(hall.store, key, NULL, NULL, &found), ERR_OK);
    if (!found.rollups_ok)
        fail_msg("seed %" PRIu64 ": the stored sums are others", fair_seed);
}

static void one_fair(uint64_t seed)
{
    uint64_t lies = seed;
    fair_seed = seed;
    dice = seed;
    roll(2);
    memset(&model, 0, sizeof(model));
    model.days = 1 + (int)roll(DAYS_MOST);
    open_fair();
    for (int i = 0; i < hall.n; i++) {
        trade(i);
        if (seed % 4 == 3)
            lie(&hall.devices[i], &lies);
    }
    fairs_send(&hall);
    switch (roll(3)) {
    case 0: break;
    case 1: fold(); break;
    default:
        fold();
        assert_int_equal(store_unfold_all(hall.store), ERR_OK);
        fold();
    }
    look();
    if (seed % 4 == 3)
        expect_sums_sound();
    fairs_close(&hall);
}

static void every_format_has_the_integers_of_the_ledgers(void **state)
{
    (void)state;
    int64_t fairs = promise_share(FAIRS);
    promise_seeds_kept("same_integer", one_fair);
    for (int64_t i = 0; i < fairs; i++)
        one_fair(promise_seed() * 1000000 + (uint64_t)i);
    promise(19, "fairs", fairs);
    promise(19, "events", events);
    promise(19, "integers-compared", compared);
    promise(19, "tills-with-amounts-beyond-counting", lied);
    promise(19, "integers-that-differ", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_has_the_integers_of_the_ledgers),
    };
    i18n_init("en");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
