/*
 * test_session.c - a visit to the aggregator, and everything that goes wrong
 * on the way: nothing is lost, nothing is sent that is not wanted, and what
 * two machines wrote under one identity is noticed (sync/PROTOCOL.md 6.6).
 */
#include "sync/agent/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/ledger.h"
#include "tests/support/sender.h"
#include "tests/support/till.h"

enum { SALE_LINES = 100 };

static char dir[SCRATCH_ROOM];
static struct fake fake;
static struct session session;

/* ---- the till ------------------------------------------------------------ */

static struct inbox *inbox(enum inbox_mode mode)
{
    return sender_inbox(dir, mode);
}

static int set_up(void **state)
{
    (void)state;
    sender_init(dir, &fake, &session);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sender_done(dir, &fake, &session);
    return 0;
}

/* The ledger gets n events more; event 1 comes by itself. */
static void write_events(int n)
{
    struct ledger *l = till_ledger_open(dir, LEDGER_WRITE);
    union body body;
    memset(&body.note, 0, sizeof(body.note));
    body.note.text = STR("something happened");
    body.note.what = STR("test");
    for (int i = 0; i < n; i++) {
        int64_t seq;
        assert_int_equal(till_ledger_append(l, EV_NOTE, &body, &seq), ERR_OK);
    }
    ledger_close(l);
}

static void write_long_sales(int n)
{
    struct ledger *l = till_ledger_open(dir, LEDGER_WRITE);
    for (int i = 0; i < n; i++) {
        union body body;
        char basket[16];
        int64_t seq;
        snprintf(basket, sizeof(basket), "B%d", i);
        till_sale(&body, basket, SALE_LINES);
        assert_int_equal(till_ledger_append(l, EV_SALE, &body, &seq), ERR_OK);
    }
    ledger_close(l);
}

/* Every event of the till is held, once, and the till knows it. */
static void all_is_sent(int64_t events)
{
    struct ledger *l = till_ledger_open(dir, LEDGER_READ);
    assert_int_equal(ledger_state(l)->count, events);
    assert_int_equal(fake.count, events);
    assert_memory_equal(fake.hashes[events], ledger_state(l)->head, HASH_BYTES);
    ledger_close(l);
    assert_int_equal(session.events, events);
    assert_int_equal(session.acknowledged, events);
}

static struct inbox_state state_of(struct inbox *in)
{
    struct inbox_state s;
    assert_int_equal(inbox_state(in, &s), ERR_OK);
    return s;
}

static void state_is(const char *word, int64_t acked)
{
    struct inbox *in = inbox(INBOX_READ);
    struct inbox_state s = state_of(in);
    assert_true(str_is(s.state, word));
    assert_int_equal(s.acked, acked);
    inbox_close(in);
    assert_string_equal(session.state, word);
}

static enum err find_notice(void *ctx, int64_t id, struct str what,
                            struct str text)
{
    struct buf *all = ctx;
    (void)id;
    buf_str(all, what);
    buf_putc(all, '|');
    buf_str(all, text);
    buf_putc(all, ';');
    return ERR_OK;
}

static void notices_are(const char *expected)
{
    struct inbox *in = inbox(INBOX_READ);
    BUF(all, MAX_TEXT);
    assert_int_equal(inbox_notices_after(in, 0, find_notice, &all), ERR_OK);
    assert_string_equal(buf_text(&all), expected);
    inbox_close(in);
}

/* The nth request of the next visit meets the fault. */
static void fault(int n, enum fake_fault what)
{
    fake.requests = 0;
    fake.fault_at = n;
    fake.fault = what;
}

static void no_fault(void)
{
    fault(0, FAKE_FINE);
}

/* ---- pushing ------------------------------------------------------------- */

static void everything_is_sent_once(void **state)
{
    (void)state;
    write_events(5);
    assert_int_equal(session_run(&session), ERR_OK);
    all_is_sent(6);
    write_events(3);
    assert_int_equal(session_run(&session), ERR_OK);
    all_is_sent(9);
    assert_int_equal(fake.appended, 9);
    assert_int_equal(fake.replayed, 0);
    state_is("active", 9);
    notices_are("");
}

static void a_till_that_never_sold_asks_and_has_nothing_to_send(void **state)
{
    (void)state;
    fake_lists(&fake, 1, 1, 1);
    assert_int_equal(session_run(&session), ERR_OK);
    assert_int_equal(session.events, 0);
    assert_int_equal(session.list, 1);
    assert_int_equal(fake.last.to, 0);
    assert_int_equal(fake.last.from, 1);
}

static void a_visit_begins_with_a_question_at_our_end(void **state)
{
    (void)state;
    write_events(4);
    fault(1, FAKE_LOST_ANSWER);
    assert_int_equal(session_run(&session), ERR_UNREACHABLE);
    assert_int_equal(fake.last.from, 6);
    assert_int_equal(fake.last.to, 5);
    assert_int_equal(fake.last.unsent, 0);
    assert_int_equal(fake.appended, 0);
}

static void nothing_new_is_one_question(void **state)
{
    (void)state;
    write_events(1);
    assert_int_equal(session_run(&session), ERR_OK);
    no_fault();
    assert_int_equal(session_run(&session), ERR_OK);
    assert_int_equal(fake.requests, 1);
}

static void a_push_holds_at_most_five_hundred_events(void **state)
{
    (void)state;
    write_events(600);
    assert_int_equal(session_run(&session), ERR_OK);
    all_is_sent(601);
    assert_int_equal(fake.largest, MAX_BATCH_EVENTS);
    assert_int_equal(fake.appended, 601);
}

static void a_push_is_no_longer_than_it_may_be(void **state)
{
    (void)state;
    write_long_sales(40);
    assert_int_equal(session_run(&session), ERR_OK);
    all_is_sent(41);
    assert_true(fake.longest <= MAX_BATCH);
    assert_true(fake.longest > MAX_BATCH - MAX_HEADER - MAX_EVENT);
}

static void m27_the_skew_is_measured_when_there_is_contact(void **state)
{
    (void)state;
    assert_int_equal(session_run(&session), ERR_OK);
    struct inbox *in = inbox(INBOX_READ);
    struct inbox_state s = state_of(in);
    assert_true(s.offset_known);
    assert_true(s.last_contact_ms > 0);
    /* The fake's clock stands at noon of 2020-01-14. */
    int64_t here = s.last_contact_ms + s.offset_ms;
    assert_true(here >= INT64_C(1578978000000));
    assert_true(here < INT64_C(1578978000000) + 60000);
    inbox_close(in);
}

/* ---- the network --------------------------------------------------------- */

static void any_request_or_answer_may_be_lost(void **state)
{
    static const enum fake_fault faults[] = { FAKE_LOST_REQUEST,
                                              FAKE_LOST_ANSWER, FAKE_CUT };
    (void)state;
    fake_lists(&fake, 1, 2, 1);
    write_events(4);
    int64_t events = 5;
    for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
        for (int n = 1; n <= 5; n++) {
            fake_lists(&fake, fake.list + 1, 2, (int)fake.list);
            fault(n, faults[i]);
            assert_int_equal(session_run(&session), ERR_UNREACHABLE);
            no_fault();
            assert_int_equal(session_run(&session), ERR_OK);
            all_is_sent(events);
            write_events(2);
            events += 2;
        }
    }
    notices_are("");
}

static void a_lost_answer_is_replayed_and_not_doubled(void **state)
{
    (void)state;
    write_events(9);
    fault(2, FAKE_LOST_ANSWER);
    assert_int_equal(session_run(&session), ERR_UNREACHABLE);
    assert_int_equal(fake.appended, 10);
    state_is("new", 0);
    no_fault();
    assert_int_equal(session_run(&session), ERR_OK);
    all_is_sent(10);
    assert_int_equal(fake.appended, 10);
}

static void an_answer_that_is_not_ours_is_not_believed(void **state)
{
    static const enum fake_fault faults[] = { FAKE_SIGNATURE, FAKE_NONCE,
                                              FAKE_STRANGER };
    (void)state;
    write_events(2);
    for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
        for (int n = 1; n <= 2; n++) {
            fake_forget(&fake, 0);
            fault(n, faults[i]);
            assert_int_equal(session_run(&session), ERR_REFUSED);
            state_is("refused", 0);
        }
    }
    no_fault();
    assert_int_equal(session_run(&session), ERR_OK);
    state_is("active", 3);
}

static void a_busy_server_says_how_long_to_wait(void **state)
{
    (void)state;
    write_events(1);
    fault(2, FAKE_BUSY);
    assert_int_equal(session_run(&session), ERR_BUSY);
    assert_int_equal(session.retry_after_ms, 7000);
    assert_int_equal(session.answers, 1);
    no_fault();
    assert_int_equal(session_run(&session), ERR_OK);
    assert_int_equal(session.retry_after_ms, 0);
}

static void a_refusal_is_told_in_its_own_words_made_harmless(void **state)
{
    (void)state;
    fault(1, FAKE_REFUSED);
    assert_int_equal(session_run(&session), ERR_REFUSED);
    assert_non_null(strstr(buf_text(&session.why), "not"));
    assert_null(strchr(buf_text(&session.why), '\x1b'));
    state_is("refused", 0);
}

static void another_server_is_not_talked_to(void **state)
{
    (void)state;
    fault(1, FAKE_WRONG_PIN);
    assert_int_equal(session_run(&session), ERR_PIN);
    state_is("pin", 0);
    no_fault();
    assert_int_equal(session_run(&session), ERR_OK);
    state_is("active", 0);
}

static void a_push_too_long_is_halved(void **state)
{
    (void)state;
    fake.limit = 3;
    write_events(20);
    assert_int_equal(session_run(&session), ERR_OK);
    all_is_sent(21);
    assert_true(fake.largest <= 3);
}

static void one_event_too_long_is_refused(void **state)
{
    (void)state;
    write_events(2);
    fault(0, FAKE_TOO_LONG);
    assert_int_equal(session_run(&session), ERR_REFUSED);
    no_fault();
    assert_int_equal(session_run(&session), ERR_OK);
    all_is_sent(3);
}

static void a_lost_push_is_halved_and_grows_again(void **state)
{
    (void)state;
    write_events(8);
    fault(2, FAKE_LOST_REQUEST);
    assert_int_equal(session_run(&session), ERR_UNREACHABLE);
    assert_int_equal(session.batch, 4);
    no_fault();
    assert_int_equal(session_run(&session), ERR_OK);
    all_is_sent(9);
    assert_int_equal(fake.largest, 5); /* 4, then the other 5 */
    assert_int_equal(session.batch, 16);
}

static void no_request_is_made_beyond_the_deadline(void **state)
{
    (void)state;
    session.deadline_ms = env_mono_ms() - 1;
    assert_int_equal(session_run(&session), ERR_UNREACHABLE);
    assert_int_equal(fake.requests, 0);
}

/* ---- another history ----------------------------------------------------- */

static void an_aggregator_that_forgot_gets_it_again(void **state)
{
    (void)state;
    write_events(9);
    assert_int_equal(session_run(&session), ERR_OK);
    fake_forget(&fake, 4);
    write_events(1);
    assert_int_equal(session_run(&session), ERR_OK);
    all_is_sent(11);
    notices_are("restored|10 -> 4;");
    assert_int_equal(session_run(&session), ERR_OK);
    notices_are("restored|10 -> 4;");
}

static void an_aggregator_that_lost_everything_gets_it_from_event_1(
    void **state)
{
    (void)state;
    write_events(3);
    assert_int_equal(session_run(&session), ERR_OK);
    fake_forget(&fake, 0);
    fake.known = false;
    assert_int_equal(session_run(&session), ERR_OK);
    all_is_sent(4);
    notices_are("restored|4 -> 0;");
}

static void forget_once(struct fake *f)
{
    if (f->requests == 2)
        fake_forget(f, 3);
}

/* Between our question and our push it was restored: a gap. */
static void a_gap_is_filled_from_the_number_wanted(void **state)
{
    (void)state;
    write_events(9);
    assert_int_equal(session_run(&session), ERR_OK);
    write_events(2);
    fake.requests = 0;
    fake.look = forget_once;
    assert_int_equal(session_run(&session), ERR_OK);
    all_is_sent(12);
    notices_are("restored|10 -> 3;");
}

static void forget_always(struct fake *f)
{
    fake_forget(f, 0);
}

static void an_aggregator_that_keeps_nothing_is_given_up(void **state)
{
    (void)state;
    write_events(9);
    assert_int_equal(session_run(&session), ERR_OK);
    fake.look = forget_always;
    fake.limit = 2;
    assert_int_equal(session_run(&session), ERR_REFUSED);
    assert_true(fake.requests < 50);
}

static void a_second_machine_is_noticed_and_its_records_set_aside(void **state)
{
    (void)state;
    write_events(9);
    assert_int_equal(session_run(&session), ERR_OK);
    fake_impostor(&fake, 3);
    write_events(5);
    session.batch = 2;
    assert_int_equal(session_run(&session), ERR_FORK);
    state_is("fork", 10);
    notices_are("fork|;");
    assert_int_equal(fake.aside, 5);
    assert_int_equal(fake.count, 13);
}

/* We have events 1-3 as it has them, 4-6 are ours alone. */
static void fork_at_3(void)
{
    write_events(2);
    assert_int_equal(session_run(&session), ERR_OK);
    fake_impostor(&fake, 3);
    write_events(3);
    assert_int_equal(session_run(&session), ERR_FORK);
    assert_int_equal(fake.branch_first, 4);
    assert_int_equal(fake.branch_last, 6);
}

static void what_is_forked_already_is_not_sent_again(void **state)
{
    (void)state;
    fork_at_3();
    fake.aside = 0;
    fake.requests = 0;
    assert_int_equal(session_run(&session), ERR_FORK);
    assert_int_equal(fake.aside, 0);
    assert_int_equal(fake.requests, 2);
    notices_are("fork|;");
}

static void a_forked_till_that_sells_on_hands_that_over_too(void **state)
{
    (void)state;
    fork_at_3();
    for (int n = 1; n <= 40; n += 13) {
        int64_t before = fake.branch_last;
        fake.aside = 0;
        fake.requests = 0;
        write_events(n);
        assert_int_equal(session_run(&session), ERR_FORK);
        assert_int_equal(fake.branch_last, before + n);
        assert_int_equal(fake.aside, n);
        assert_true(fake.requests < 16);
    }
    assert_int_equal(fake.count, 6); /* what counts is the other's */
    notices_are("fork|;");
}

/* The other machine came first, with more than we were acknowledged. */
static void a_branch_that_was_lost_is_handed_over_again(void **state)
{
    (void)state;
    write_events(6);
    assert_int_equal(session_run(&session), ERR_OK);
    fake_forget(&fake, 3);
    fake_impostor(&fake, 9);
    assert_int_equal(session_run(&session), ERR_FORK);
    for (int n = 0; n < 2; n++) {
        assert_int_equal(fake.branch_first, 4);
        assert_int_equal(fake.branch_last, 7);
        fake_forget(&fake, 12);
        assert_int_equal(session_run(&session), ERR_FORK);
    }
    assert_int_equal(fake.count, 12);
}

/* We have learnt how far the other machine is, which is farther than we are,
 * and were cut off before our own records were handed over. */
static void a_branch_is_handed_over_also_after_it_was_cut_off(void **state)
{
    (void)state;
    write_events(2);
    assert_int_equal(session_run(&session), ERR_OK);
    fake_impostor(&fake, 9);
    write_events(3);
    fault(2, FAKE_LOST_REQUEST);
    assert_int_equal(session_run(&session), ERR_UNREACHABLE);
    assert_int_equal(fake.aside, 0);
    no_fault();
    assert_int_equal(session_run(&session), ERR_FORK);
    assert_true(fake.aside >= 3);
    state_is("fork", 12);
    notices_are("fork|;");
}

static void impostor_once(struct fake *f)
{
    if (f->requests == 2)
        fake_impostor(f, 1);
}

static void a_fork_may_show_in_the_middle_of_a_visit(void **state)
{
    (void)state;
    write_events(3);
    assert_int_equal(session_run(&session), ERR_OK);
    write_events(6);
    session.batch = 2;
    fake.requests = 0;
    fake.look = impostor_once;
    assert_int_equal(session_run(&session), ERR_FORK);
    assert_int_equal(fake.aside, 6);
    state_is("fork", 4);
}

/* The other machine wrote more than we did: the question finds nothing to
 * compare with at our end but our own hash. */
static void a_second_machine_behind_us_is_noticed_too(void **state)
{
    (void)state;
    write_events(2);
    assert_int_equal(session_run(&session), ERR_OK);
    write_events(5);
    fake_impostor(&fake, 2);
    assert_int_equal(session_run(&session), ERR_FORK);
    assert_int_equal(fake.count, 5);
    assert_int_equal(fake.aside, 5);
}

/* It may know of a branch that we cannot see. */
static void the_aggregators_word_of_a_fork_is_enough(void **state)
{
    (void)state;
    write_events(2);
    fake.state = "fork";
    assert_int_equal(session_run(&session), ERR_FORK);
    fake.state = NULL;
    assert_int_equal(session_run(&session), ERR_OK);
    state_is("active", 3);
}

static void a_hold_by_a_person_stops_nothing(void **state)
{
    (void)state;
    write_events(2);
    fake.state = "held";
    assert_int_equal(session_run(&session), ERR_OK);
    state_is("active", 3);
}

static void copy_ledger(const char *from, const char *to)
{
    BUF(bytes, MAX_OUTPUT);
    remove(scratch_path(dir, to));
    scratch_read(dir, from, &bytes);
    scratch_write(dir, to, buf_slice(&bytes));
}

/* The witness of the aggregator is kept, so that `verify` shows what is
 * missing. */
static void a_ledger_from_a_backup_is_a_fork(void **state)
{
    (void)state;
    write_events(2);
    assert_int_equal(session_run(&session), ERR_OK);
    copy_ledger("ledger.db", "backup");
    write_events(2);
    assert_int_equal(session_run(&session), ERR_OK);
    remove(scratch_path(dir, "ledger.db-wal"));
    remove(scratch_path(dir, "ledger.db-shm"));
    copy_ledger("backup", "ledger.db");
    assert_int_equal(session_run(&session), ERR_FORK);
    assert_int_equal(session.events, 3);
    state_is("fork", 5);
    assert_int_equal(fake.aside, 0);
}

static void a_revoked_device_sends_all_and_says_so(void **state)
{
    (void)state;
    fake.revoked = true;
    fake_lists(&fake, 1, 1, 1);
    write_events(3);
    assert_int_equal(session_run(&session), ERR_REVOKED);
    all_is_sent(4);
    state_is("revoked", 4);
    notices_are("revoked|;");
    fake.revoked = false;
    assert_int_equal(session_run(&session), ERR_OK);
    state_is("active", 4);
}

/* ---- this machine -------------------------------------------------------- */

static void a_directory_without_a_server_is_not_set_up(void **state)
{
    (void)state;
    struct inbox *in = inbox(INBOX_WRITE);
    assert_int_equal(inbox_set_server(in, STR(""), STR("")), ERR_OK);
    inbox_close(in);
    assert_int_equal(session_run(&session), ERR_NOT_SET_UP);
    assert_int_equal(fake.requests, 0);
}

static struct ledger *seller;

static void sell_meanwhile(struct fake *f)
{
    union body body;
    int64_t seq;
    (void)f;
    till_sale(&body, "MEANWHILE", 1);
    body.sale.basket = STR("MEANWHILE");
    assert_int_equal(till_ledger_append(seller, EV_SALE, &body, &seq), ERR_OK);
    ledger_idle(seller);
}

/* No read transaction is open while the network is used: the till sells and
 * moves its log into the file. */
static void the_till_sells_while_we_wait_for_the_network(void **state)
{
    struct inbox_state s;
    (void)state;
    write_events(3);
    seller = till_ledger_open(dir, LEDGER_WRITE);
    fake.look = sell_meanwhile;
    session.batch = 2;
    assert_int_equal(session_run(&session), ERR_OK);
    ledger_close(seller);
    struct inbox *in = inbox(INBOX_READ);
    s = state_of(in);
    assert_int_equal(s.acked, 4);
    inbox_close(in);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(everything_is_sent_once),
        TEST(a_till_that_never_sold_asks_and_has_nothing_to_send),
        TEST(a_visit_begins_with_a_question_at_our_end),
        TEST(nothing_new_is_one_question),
        TEST(a_push_holds_at_most_five_hundred_events),
        TEST(a_push_is_no_longer_than_it_may_be),
        TEST(m27_the_skew_is_measured_when_there_is_contact),
        TEST(any_request_or_answer_may_be_lost),
        TEST(a_lost_answer_is_replayed_and_not_doubled),
        TEST(an_answer_that_is_not_ours_is_not_believed),
        TEST(a_busy_server_says_how_long_to_wait),
        TEST(a_refusal_is_told_in_its_own_words_made_harmless),
        TEST(another_server_is_not_talked_to),
        TEST(a_push_too_long_is_halved),
        TEST(one_event_too_long_is_refused),
        TEST(a_lost_push_is_halved_and_grows_again),
        TEST(no_request_is_made_beyond_the_deadline),
        TEST(an_aggregator_that_forgot_gets_it_again),
        TEST(an_aggregator_that_lost_everything_gets_it_from_event_1),
        TEST(a_gap_is_filled_from_the_number_wanted),
        TEST(an_aggregator_that_keeps_nothing_is_given_up),
        TEST(a_second_machine_is_noticed_and_its_records_set_aside),
        TEST(a_branch_is_handed_over_also_after_it_was_cut_off),
        TEST(what_is_forked_already_is_not_sent_again),
        TEST(a_forked_till_that_sells_on_hands_that_over_too),
        TEST(a_branch_that_was_lost_is_handed_over_again),
        TEST(a_fork_may_show_in_the_middle_of_a_visit),
        TEST(a_second_machine_behind_us_is_noticed_too),
        TEST(the_aggregators_word_of_a_fork_is_enough),
        TEST(a_hold_by_a_person_stops_nothing),
        TEST(a_ledger_from_a_backup_is_a_fork),
        TEST(a_revoked_device_sends_all_and_says_so),
        TEST(a_directory_without_a_server_is_not_set_up),
        TEST(the_till_sells_while_we_wait_for_the_network),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
