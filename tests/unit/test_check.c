/*
 * test_check.c - verify says what a till would say of the same damage, and
 * names wrong sums. Restoring is in test_check_restore.c.
 */
#include "tests/unit/check_hall.h"

static void decide(struct hall *h, const char *what, int64_t first,
                   int64_t last, int day)
{
    struct decision d = { 1, what, first, last, day, STR("") };
    assert_int_equal(store_decide(h->store, str_of(h->stall.device), &d),
                     ERR_OK);
}

/* ---- sound ---- */

static void a_sound_store_is_never_complained_of(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 20; seed++) {
        struct hall *h = hall_open(seed);
        expect_sound(h);
        decide(h, "hold", 5, 12, 0);
        expect_sound(h);
        decide(h, "day", 10, 25, 20200301);
        decide(h, "revoke", 33, INT64_MAX, 0);
        expect_sound(h);
        fold(h);
        expect_sound(h);
        hall_close(h);
    }
}

static void an_empty_store_is_sound(void **state)
{
    struct hall *h = *state;
    raw_exec(h->store, "DELETE FROM device; DELETE FROM segment");
    assert_int_equal(check_verify(h->store, our_key(h), NULL, NULL, &h->check),
                     ERR_OK);
    assert_true(h->check.ok);
    assert_int_equal(h->check.devices, 0);
}

static void a_reader_can_verify(void **state)
{
    struct hall *h = *state;
    struct store *writer = h->store;
    assert_int_equal(store_open(h->dir, STORE_READ, NULL, &h->store), ERR_OK);
    expect_sound(h);
    store_close(h->store);
    h->store = writer;
}

/* ---- damaged events ---- */

/* What a till says of the book as it is now. */
static struct verifier till_verdict(const struct hall *h)
{
    struct verifier v;
    const struct book *b = &h->stall.book;
    verifier_init(&v, b->device.public_key, our_key(h));
    for (int i = 0; i < b->n && v.error == ERR_OK; i++) {
        if (verifier_feed(&v, buf_slice(&b->events[i].bytes),
                          b->events[i].hash) != ERR_OK)
            break;
    }
    verifier_done(&v);
    return v;
}

/* The book's second batch (events 11…30) as damaged goes into the store. */
static void expect_as_in_a_till(struct hall *h, int last)
{
    BUF(bytes, MAX_OUTPUT);
    stall_lines(&h->stall, 11, last, &bytes);
    raw_segment(h->store, 11, buf_slice(&bytes));
    struct verifier v = till_verdict(h);
    assert_int_not_equal(v.error, ERR_OK);
    expect_bad(h, v.error, v.first_bad);
}

static void every_flipped_byte_is_named_as_in_a_till(void **state)
{
    struct hall *h = *state;
    for (int seq = 11; seq <= 30; seq++) {
        struct buf *event = &h->stall.book.events[seq - 1].bytes;
        for (size_t at = (size_t)seq; at < event->len; at += 23) {
            char was = event->data[at];
            event->data[at] = (char)(was ^ 1);
            if (event->data[at] != '\n')
                expect_as_in_a_till(h, 30);
            event->data[at] = was;
        }
    }
    BUF(bytes, MAX_OUTPUT);
    stall_lines(&h->stall, 11, 30, &bytes);
    raw_segment(h->store, 11, buf_slice(&bytes));
    expect_sound(h);
}

static void a_removed_event_is_named(void **state)
{
    struct hall *h = *state;
    book_drop(&h->stall.book, 17);
    expect_as_in_a_till(h, 29);
    assert_int_equal(h->found.first_bad, 17);
    assert_int_equal(h->found.error, ERR_SEQUENCE);
}

static void a_doubled_event_is_named(void **state)
{
    struct hall *h = *state;
    book_copy(&h->stall.book, 17, 18);
    expect_as_in_a_till(h, 31);
    assert_int_equal(h->found.first_bad, 18);
}

static void swapped_events_are_named(void **state)
{
    struct hall *h = *state;
    book_swap(&h->stall.book, 15, 21);
    expect_as_in_a_till(h, 30);
    assert_int_equal(h->found.first_bad, 15);
}

static void damage_in_the_database_is_named(void **state)
{
    static const struct {
        const char *damage;
        enum err error;
        int64_t first_bad;
    } cases[] = {
        { "DELETE FROM segment WHERE first = 31", ERR_TRUNCATED, 31 },
        { "DELETE FROM segment WHERE first = 11", ERR_SEQUENCE, 11 },
        { "DELETE FROM segment", ERR_TRUNCATED, 1 },
        { "UPDATE segment SET head = zeroblob(32) WHERE first = 11", ERR_CHAIN,
          30 },
        { "UPDATE segment SET head = zeroblob(3) WHERE first = 11", ERR_CORRUPT,
          11 },
        { "UPDATE device SET head = zeroblob(32)", ERR_REWRITTEN, 40 },
        { "UPDATE device SET count = 39", ERR_CORRUPT, 40 },
        { "UPDATE device SET count = 41", ERR_TRUNCATED, 41 },
        { "UPDATE device SET public_key = zeroblob(32)", ERR_ADMISSION, 1 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct hall *h = hall_open(3);
        raw_exec(h->store, cases[i].damage);
        expect_bad(h, cases[i].error, cases[i].first_bad);
        assert_false(h->check.as_sent);
        hall_close(h);
    }
}

static void another_aggregators_devices_are_named(void **state)
{
    struct hall *h = *state;
    uint8_t other[KEY_BYTES] = { 1 };
    assert_int_equal(check_verify(h->store, other, keep, h, &h->check), ERR_OK);
    assert_int_equal(h->found.error, ERR_ADMISSION);
    assert_int_equal(h->found.first_bad, 1);
    assert_false(h->check.ok);
    assert_false(h->check.as_sent);
}

/* A visit whose running total is nonsense, signed so; and a few after it. */
static int64_t send_wrong_sums(struct hall *h)
{
    struct book *b = &h->stall.book;
    BUF(wrong, MAX_TEXT);
    book_visit(b, 5);
    int seq = b->n;
    h->stall.acts[seq - 1] = (struct act){ .kind = ACT_OTHER };
    buf_printf(&wrong, ",%lld,", (long long)b->sums.visits);
    book_edit(b, seq, buf_text(&wrong), ",999999,");
    book_rechain(b, seq);
    send(h, 5);
    return seq;
}

static void wrong_running_totals_in_a_valid_chain_are_named(void **state)
{
    struct hall *h = *state;
    int64_t seq = send_wrong_sums(h);
    expect_bad(h, ERR_SUMS, seq);
    assert_true(h->check.as_sent);
}

/* ---- greater than what counts ---- */

static void great_deal(struct hall *h, enum event_kind kind, int64_t vnd)
{
    static union body body;
    const struct line line = {
        .sku = STR("TRA"), .name = STR("Trà"), .milli = 1000, .amount_vnd = vnd
    };
    const struct tender paid = { STR("cash"), vnd, STR("") };
    memset(&body, 0, sizeof(body));
    if (kind == EV_VOID)
        body.voided = (struct body_void){ .day = 20200114,
                                          .of = 99,
                                          .n_lines = 1,
                                          .lines = { line },
                                          .n_tenders = 1,
                                          .tenders = { paid },
                                          .total_vnd = vnd };
    else
        body.refund = (struct body_refund){ .foreign = STR("A1-1-4"),
                                            .n_lines = 1,
                                            .lines = { line },
                                            .n_tenders = 1,
                                            .tenders = { paid },
                                            .total_vnd = vnd };
    h->stall.acts[h->stall.book.n] = (struct act){ .kind = ACT_OTHER };
    book_add(&h->stall.book, kind, &body);
}

/* Of what int64 holds, and of what is only beyond the bounds of counting: sums
 * do not depend on how events were cut into folds. */
static void what_is_beyond_counting_leaves_the_books_closed(void **state)
{
    static const int64_t amounts[] = { INT64_MAX - FOLD_LEDGER_MAX,
                                       FOLD_VND_MAX + 1, FOLD_VND_MAX };
    (void)state;
    for (uint32_t i = 0; i < ARRAY_LEN(amounts); i++) {
        struct hall *h = hall_open(i + 1);
        great_deal(h, EV_REFUND, amounts[i]);
        send(h, 1);
        fold(h);
        great_deal(h, EV_VOID, amounts[i]);
        send(h, 4);
        expect_sound(h);
        fold(h);
        expect_sound(h);
        decide(h, "hold", 35, 45, 0);
        expect_sound(h);
        assert_int_equal(store_unfold_all(h->store), ERR_OK);
        fold(h);
        expect_sound(h);
        hall_close(h);
    }
}

/* A sale of no goods' name, which no till of ours writes, and a sound one: it
 * is on hold for good, and what is stored is not to blame. */
static void a_body_that_the_till_signed_so_is_no_damage_of_the_store(
    void **state)
{
    struct hall *h = *state;
    struct book *b = &h->stall.book;
    book_sell(b, 70000);
    book_edit(b, b->n, "[\"", "[\"\",\"");
    book_rechain(b, b->n);
    h->stall.acts[b->n - 1] = (struct act){ .kind = ACT_OTHER };
    int64_t seq = b->n;
    send(h, 1);
    expect_bad(h, ERR_FORM, seq);
    assert_true(h->found.as_sent);
    assert_true(h->check.as_sent);
    assert_true(h->check.rollups_ok);
    send(h, 3);
    fold(h);
    expect_bad(h, ERR_FORM, seq);
    assert_true(h->check.rollups_ok);
}

/* The advice is to revoke it. Followed, it must lead to an end: backups of
 * before are given up only while all is well. */
static void what_a_revoked_till_signed_so_is_put_up_with(void **state)
{
    struct hall *h = *state;
    (void)send_wrong_sums(h);
    assert_int_equal(
        store_set_state(h->store, str_of(h->stall.device), DEVICE_REVOKED),
        ERR_OK);
    verify(h);
    assert_false(h->found.ok);
    assert_true(h->check.ok);
    assert_int_equal(h->check.put_up_with, 1);
    raw_exec(h->store, "UPDATE segment SET head = zeroblob(32) "
                       "WHERE first = 11");
    verify(h);
    assert_false(h->check.ok);
    assert_int_equal(h->check.put_up_with, 0);
}

/* What is kept beside the event that a batch begins with is no longer it; the
 * events themselves are whole. */
static void rot_check(struct hall *h, int64_t first)
{
    bool shared = engine_shared(store_engine(h->store));
    BUF(sql, MAX_OUTPUT);
    BUF(hex, MAX_OUTPUT);
    buf_printf(&sql, "SELECT %s FROM segment WHERE first = %lld",
               shared ? "encode(checks, 'hex')" : "hex(checks)",
               (long long)first);
    raw_text(h->store, buf_text(&sql), &hex);
    assert_true(hex.len > 8);
    hex.data[1] = hex.data[1] == '0' ? '1' : '0';
    buf_clear(&sql);
    buf_printf(&sql, "UPDATE segment SET checks = %s%.*s' WHERE first = %lld",
               shared ? "'\\x" : "x'", (int)hex.len - 1, buf_text(&hex),
               (long long)first);
    raw_exec(h->store, buf_text(&sql));
}

static void rotten_checks_are_our_damage_and_no_tills(void **state)
{
    struct hall *h = *state;
    rot_check(h, 11);
    expect_bad(h, ERR_CHAIN, 11);
    assert_false(h->found.as_sent);
    assert_false(h->check.as_sent);
}

/* A till's own wrong event, before them, does not excuse them. */
static void rotten_checks_show_behind_what_a_till_signed(void **state)
{
    struct hall *h = *state;
    struct book *b = &h->stall.book;
    book_sell(b, 70000);
    book_edit(b, b->n, "[\"", "[\"\",\"");
    book_rechain(b, b->n);
    h->stall.acts[b->n - 1] = (struct act){ .kind = ACT_OTHER };
    int64_t seq = b->n;
    send(h, 1);
    send(h, 3);
    expect_bad(h, ERR_FORM, seq);
    assert_true(h->check.as_sent);
    rot_check(h, seq + 1);
    expect_bad(h, ERR_FORM, seq);
    assert_false(h->check.as_sent);
}

static void a_damaged_branch_is_named(void **state)
{
    struct hall *h = *state;
    struct stall twin;
    uint8_t previous[HASH_BYTES];
    BUF(bytes, MAX_OUTPUT);
    stall_open(&twin, 10, 999);
    stall_trade(&twin, 20);
    stall_lines(&twin, 3, 20, &bytes);
    book_head(&twin.book, 2, previous);
    struct branch b = { .seg = { .first = 3,
                                 .last = 20,
                                 .bytes = buf_slice(&bytes),
                                 .head = twin.book.events[19].hash },
                        .previous = previous };
    assert_int_equal(store_branch_add(h->store, str_of(h->stall.device), &b),
                     ERR_OK);
    expect_sound(h);
    raw_exec(h->store,
             "UPDATE branch SET bytes = replace(bytes, 'AB3DE', 'AB3DF')");
    expect_bad(h, ERR_CHAIN, 3);
    stall_close(&twin);
}

/* ---- wrong sums ---- */

static void every_changed_row_is_noticed_and_rebuilt(void **state)
{
    static const char *const damage[] = {
        "UPDATE roll_day SET sales = sales + 1",
        "UPDATE roll_day SET revenue_vnd = revenue_vnd + 1",
        "UPDATE roll_day SET refunds_vnd = refunds_vnd + 1",
        "UPDATE roll_day SET voids_vnd = voids_vnd + 1",
        "UPDATE roll_day SET visits = visits + 1",
        "UPDATE roll_day SET gate = gate || 'X'",
        "DELETE FROM roll_day",
        "UPDATE roll_sale SET revenue_vnd = revenue_vnd + 1",
        "UPDATE roll_sale SET sales = sales + 1",
        "UPDATE roll_sale SET voids = voids + 1",
        "UPDATE roll_sale SET voids_vnd = voids_vnd + 1",
        "UPDATE roll_sale SET refunds = refunds + 1",
        "UPDATE roll_sale SET refunds_vnd = refunds_vnd + 1",
        "UPDATE roll_sale SET slot = slot + 1000",
        "UPDATE roll_line SET milli = milli + 1",
        "UPDATE roll_line SET sales = sales + 1",
        "UPDATE roll_line SET amount_vnd = amount_vnd - 1",
        "UPDATE roll_line SET seller = seller || 'x'",
        "UPDATE roll_item SET name = name || 'x'",
        "UPDATE roll_item SET unit = unit || 'x'",
        "UPDATE roll_tender SET amount_vnd = amount_vnd + 1",
        "UPDATE roll_visit SET visits = visits + 1",
        "UPDATE roll_visit SET estimated = estimated + 1",
        "UPDATE roll_sold SET milli = milli + 1",
        "UPDATE roll_sold SET amount_vnd = amount_vnd + 1",
        "UPDATE roll_sold SET lines = lines + 1",
        "UPDATE roll_sold SET stamped = stamped + 1",
        "UPDATE roll_sold SET list = list + 1",
        "UPDATE roll_sold SET sku = sku || 'x'",
        "UPDATE roll_act SET events = events + 1",
        "UPDATE roll_act SET amount_vnd = amount_vnd + 1",
        "UPDATE roll_act SET operator_number = operator_number + 50",
        "UPDATE roll_act SET what = what || 'x'",
        "UPDATE roll_hold SET amount_vnd = amount_vnd + 1",
        "UPDATE roll_hold SET events = events + 1",
        "UPDATE roll_note SET last = last + 1",
        "DELETE FROM roll_sale",
        "DELETE FROM roll_sold",
        "DELETE FROM roll_act",
        "DELETE FROM roll_hold",
        "UPDATE fold_mark SET seq = seq + 1 WHERE device <> ''",
        "UPDATE fold_mark SET seq = 1000 WHERE device <> ''",
        "INSERT INTO fold_beyond SELECT fair, device FROM device",
        "UPDATE roll_sale SET revenue_vnd = 9223372036854775807",
    };
    struct hall *h = *state;
    send(h, 300);
    decide(h, "hold", 100, 110, 0);
    fold(h);
    for (size_t i = 0; i < ARRAY_LEN(damage); i++) {
        struct rebuilt again = { 0 };
        raw_exec(h->store, damage[i]);
        verify(h);
        assert_true(h->found.ok);
        if (h->check.rollups_ok)
            fail_msg("not noticed: %s", damage[i]);
        assert_false(h->check.ok);
        assert_int_equal(check_rebuild(h->store, NULL, NULL, &again), ERR_OK);
        assert_int_equal(again.events, h->sent);
        assert_int_equal(again.damaged, 0);
        expect_sound(h);
    }
}

static void rebuilding_keeps_the_sums_of_a_damaged_device(void **state)
{
    struct hall *h = *state;
    struct rebuilt again = { 0 };
    BUF(before, MAX_OUTPUT);
    BUF(after, MAX_OUTPUT);
    const char *const rows = "SELECT * FROM roll_sale ORDER BY day, slot";
    fold(h);
    raw_text(h->store, rows, &before);
    assert_true(before.len > 0);
    raw_exec(h->store, "UPDATE segment SET bytes = 'x' WHERE first = 11");
    assert_int_equal(check_rebuild(h->store, NULL, NULL, &again), ERR_OK);
    assert_int_equal(again.damaged, 1);
    assert_int_equal(again.events, 0);
    raw_text(h->store, rows, &after);
    assert_string_equal(buf_text(&after), buf_text(&before));
}

/* Whose the device is, is what was signed. */
static void a_damaged_admission_is_noticed(void **state)
{
    static const char *const changes[] = {
        "UPDATE device SET admission = '{}'",
        "UPDATE device SET signature = '00'",
        "UPDATE device SET booth = 'A2'",
        "UPDATE device SET number = 7",
        "UPDATE device SET phone_key = substr(public_key, 1, 5)",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
        struct hall *h = hall_open(7);
        send(h, 5);
        expect_sound(h);
        raw_exec(h->store, changes[i]);
        expect_bad(h, ERR_ADMISSION, 1);
        hall_close(h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_store_is_never_complained_of),
        HALL(an_empty_store_is_sound),
        HALL(a_reader_can_verify),
        HALL(every_flipped_byte_is_named_as_in_a_till),
        HALL(a_removed_event_is_named),
        HALL(a_doubled_event_is_named),
        HALL(swapped_events_are_named),
        cmocka_unit_test(a_damaged_admission_is_noticed),
        cmocka_unit_test(damage_in_the_database_is_named),
        HALL(another_aggregators_devices_are_named),
        HALL(wrong_running_totals_in_a_valid_chain_are_named),
        cmocka_unit_test(what_is_beyond_counting_leaves_the_books_closed),
        HALL(a_body_that_the_till_signed_so_is_no_damage_of_the_store),
        HALL(what_a_revoked_till_signed_so_is_put_up_with),
        HALL(rotten_checks_are_our_damage_and_no_tills),
        HALL(rotten_checks_show_behind_what_a_till_signed),
        HALL(a_damaged_branch_is_named),
        HALL(every_changed_row_is_noticed_and_rebuilt),
        HALL(rebuilding_keeps_the_sums_of_a_damaged_device),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
