/*
 * bytes.c - P15: what a sale of three lines takes on the wire, on the till's
 * disk and on the aggregator's. Exact, of real sales; files are weighed when
 * they are closed and their log is in them.
 */
#include <sys/stat.h>

#include "tests/bench/bench.h"
#include "tests/bench/stand.h"
#include "tests/bench/yard.h"
#include "tests/support/crowd.h"

enum { SALES = 1000, BATCH = 100 };

static int64_t file_bytes(const char *dir, const char *name)
{
    struct stat st;
    int rc = stat(scratch_path(dir, name), &st);
    ASSERT(rc == 0);
    return st.st_size;
}

static void fact_put(struct bench *b, const char *what, int64_t bytes,
                     struct goal goal)
{
    struct fact fact = { "P15", what, "bytes", goal };
    int64_t milli = bytes * 1000 / SALES;
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
    fact_put(b, "a sale on the till's disk", after - before,
             (struct goal){ AT_MOST, 700000, 550000 });
    stand_close(&stand);
}

static void aggregator_run(struct bench *b)
{
    struct yard yard;
    int64_t sent = 0;
    BUF(push, MAX_BATCH);
    yard_open(&yard, 1, 1);
    yard_close_store(&yard);
    int64_t before = file_bytes(yard.dir, STORE_FILE);
    yard_open_store(&yard);
    for (int i = 0; i < SALES / BATCH; i++) {
        buf_clear(&push);
        trader_push(&yard.traders[0], BATCH, &push);
        sent += (int64_t)push.len;
        yard_take(&yard, buf_slice(&push));
    }
    yard_close_store(&yard);
    int64_t after = file_bytes(yard.dir, STORE_FILE);
    yard_open_store(&yard);
    fact_put(b, "a sale on the wire, 100 a push", sent,
             (struct goal){ AT_MOST, 430000, 0 });
    fact_put(b, "a sale on the aggregator's disk, 100 a push", after - before,
             (struct goal){ AT_MOST, 480000, 430000 });
    yard_close(&yard);
}

void bench_bytes(struct bench *b)
{
    aggregator_run(b);
    till_run(b);
}
