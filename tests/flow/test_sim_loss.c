/*
 * test_sim_loss.c - what is lost and what is not: a ledger, the aggregator's
 * database, a till that is there twice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/env.h"
#include "tests/support/replay.h"

enum { OFFLINE_BOOTH = 1 }; /* the plan keeps it from the network at the end */

/* ---- a ledger ------------------------------------------------------------ */

static void a_ledger_deleted_before_its_last_sync_is_missing(void **state)
{
    (void)state;
    struct replay r;
    char till[SCRATCH_ROOM], aside[SCRATCH_ROOM + 8];
    const struct wish wish = replay_wish();
    replay_begin(&r, &wish, 1);
    replay_days(&r);
    replay_stand_dir(&r, OFFLINE_BOOTH, till);
    snprintf(aside, sizeof(aside), "%s.aside", till);
    assert_int_equal(rename(till, aside), 0);
    replay_phase(&r, PHASE_SETTLE);
    assert_int_equal(r.fair.sum.missing, 1);
    int64_t without = replay_net(&r);
    assert_int_not_equal(without, REPLAY_NET_VND);
    assert_int_equal(rename(aside, till), 0);
    replay_phase(&r, PHASE_SETTLE);
    assert_int_equal(replay_net(&r), REPLAY_NET_VND);
    replay_end(&r);
}

/* ---- the aggregator's database ------------------------------------------- */

static void reconnecting_devices_rebuild_the_totals(void **state)
{
    (void)state;
    struct replay r;
    BUF(before, MAX_OUTPUT);
    BUF(after, MAX_OUTPUT);
    const struct wish wish = replay_wish();
    replay_begin(&r, &wish, 1);
    replay_all(&r);
    replay_report(&r, "days", &before);
    replay_lose_database(&r);
    assert_int_equal(replay_net(&r), 0);
    replay_phase(&r, PHASE_SETTLE);
    replay_report(&r, "days", &after);
    assert_string_equal(buf_text(&before), buf_text(&after));
    assert_int_equal(replay_net(&r), REPLAY_NET_VND);
    replay_end(&r);
}

static void export_till(const struct replay *r, int booth, const char *file)
{
    char till[SCRATCH_ROOM];
    struct program sync;
    int code;
    BUF(unread, MAX_TEXT);
    replay_stand_dir(r, booth, till);
    snprintf(sync.path, sizeof(sync.path), "%s/fair-sync", r->fair.setup.build);
    snprintf(sync.data, sizeof(sync.data), "%s", till);
    assert_int_equal(child_run(&sync, WORDS("export", file), &unread, &code),
                     ERR_OK);
    assert_int_equal(code, 0);
}

/* Twice, in an order of its own: the files may overlap what is known. */
static void exported_files_rebuild_the_totals(void **state)
{
    (void)state;
    struct replay r;
    char file[SCRATCH_ROOM + 32];
    BUF(before, MAX_OUTPUT);
    BUF(after, MAX_OUTPUT);
    const struct wish wish = replay_wish();
    replay_begin(&r, &wish, 1);
    replay_all(&r);
    replay_report(&r, "days", &before);
    replay_lose_database(&r);
    for (int i = 2 * REPLAY_BOOTHS - 1; i >= 0; i--) {
        snprintf(file, sizeof(file), "%s/usb-%d", r.dir, i);
        export_till(&r, i % REPLAY_BOOTHS, file);
        replay_order(&r, WORDS("import", "ledger", file));
    }
    replay_report(&r, "days", &after);
    assert_string_equal(buf_text(&before), buf_text(&after));
    replay_agrees(&r);
    replay_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ledger_deleted_before_its_last_sync_is_missing),
        cmocka_unit_test(reconnecting_devices_rebuild_the_totals),
        cmocka_unit_test(exported_files_rebuild_the_totals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
