/*
 * bytes.c - P15: what a sale of three lines takes on the wire, on the till's
 * disk and on the aggregator's, there also packed. Exact, of real sales; files
 * are weighed when they are closed and their log is in them.
 * tests/unit/test_bytes.c holds the targets.
 */
#include <sys/stat.h>

#include "tests/bench/bench.h"
#include "tests/bench/stand.h"
#include "tests/support/week.h"

enum { SALES = 1000 };

static int64_t file_bytes(const char *dir, const char *name)
{
    struct stat st;
    int rc = stat(scratch_path(dir, name), &st);
    ASSERT(rc == 0);
    return st.st_size;
}

static void fact_put(struct bench *b, const char *what, int64_t bytes,
                     int64_t sales, struct goal goal)
{
    struct fact fact = { "P15", what, "bytes", goal };
    int64_t milli = bytes * 1000 / sales;
    bench_fact(b, &fact, &milli, 1);
}

static void till_run(struct bench *b)
{
    struct stand stand;
    stand_open(&stand);
    till_fixture_close(&stand.fixture);
    int64_t before = file_bytes(stand.fixture.dir, "ledger.db");
    till_fixture_open(&stand.fixture);
    for (int i = 0; i < SALES; i++) {
        stand_prepare(&stand);
        stand_sell(&stand);
        ledger_idle(stand.fixture.till.ledger);
    }
    till_fixture_close(&stand.fixture);
    int64_t after = file_bytes(stand.fixture.dir, "ledger.db");
    fact_put(b, "a sale on the till's disk", after - before, SALES,
             (struct goal){ AT_MOST, 700000, 550000 });
    stand_close(&stand);
}

/* Six days of one booth, sold by a till. */
static void week_run(struct bench *b)
{
    struct week week;
    week_weigh(&week);
    fact_put(b, "a sale on the wire, 100 a push", week.wire, WEEK_SALES,
             (struct goal){ AT_MOST, 430000, 0 });
    fact_put(b, "a sale on the aggregator's disk, 100 a push", week.aggregator,
             WEEK_SALES, (struct goal){ AT_MOST, 480000, 430000 });
    fact_put(b, "... packed", week.packed, WEEK_SALES,
             (struct goal){ AT_MOST, 120000, 70000 });
    fact_put(b, "... packed, with the sums of reports", week.summed, WEEK_SALES,
             (struct goal){ AT_MOST, 120000, 0 });
}

void bench_bytes(struct bench *b)
{
    week_run(b);
    till_run(b);
}
