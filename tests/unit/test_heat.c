/*
 * test_heat.c - the heat map of hours holds every day of a fair, however long
 * it is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fair/date.h"
#include "fair/i18n.h"
#include "sync/aggregator/web/cache.h"
#include "sync/aggregator/web/sections.h"
#include "tests/support/fairs.h"

enum { DAYS = 90, FIRST_DAY = 20200101 };

static int times(const char *text, const char *word)
{
    int n = 0;

    for (const char *at = text; (at = strstr(at, word)); at++)
        n++;
    return n;
}

/* A permanent sales point: more days than any fair has. */
static void a_long_season(struct fairs *hall)
{
    const struct fair fair = { .code = "OCOP",
                               .name = "Điểm bán",
                               .first_day = FIRST_DAY,
                               .days = DAYS,
                               .opens_min = 480,
                               .closes_min = 1320,
                               .cut_off_min = 240 };

    fairs_open(hall);
    fairs_fair(hall, &fair);
    fairs_clock(day_add(FIRST_DAY, DAYS), 600);
    struct fairs_device *till = fairs_device(hall, "OCOP", "A1");
    for (int i = 0; i < DAYS; i++) {
        struct deal deal = { day_add(FIRST_DAY, i), 600, "CM", 1000 + i, NULL };

        fairs_sell(till, deal);
    }
    fairs_send(hall);
}

static void every_day_has_its_column(void **state)
{
    struct fairs hall;
    BUF(out, MAX_OUTPUT);
    BUF(why, MAX_TEXT);

    (void)state;
    i18n_init("en");
    a_long_season(&hall);
    struct web web = { .cache = cache_open() };
    struct visit v = { .web = &web, .store = hall.store };
    const struct report_query q = { .kind = "hours", .fair = "OCOP" };
    assert_int_equal(heat_put(&v, &q, &out, &why), ERR_OK);
    assert_int_equal(times(buf_text(&out), "<th scope=\"col\" class=\"n\">"),
                     DAYS);
    assert_int_equal(times(buf_text(&out), "<data value="), DAYS);
    assert_non_null(strstr(buf_text(&out), "<data value=\"1089\">"));
    cache_close(web.cache);
    fairs_close(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_has_its_column),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
