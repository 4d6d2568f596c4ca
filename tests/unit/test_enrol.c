/*
 * test_enrol.c - a directory becomes a till with the organiser's string:
 * killed anywhere, the same string again ends well (sync/PROTOCOL.md 7).
 */
#include "sync/agent/enrol.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "fair/inbox.h"
#include "fair/ledger.h"
#include "sync/agent/commands.h"
#include "tests/support/book.h"
#include "tests/support/fake_aggregator.h"
#include "tests/support/scratch.h"
#include "tests/support/till.h"

enum { AGGREGATOR = 2 };

static char dir[SCRATCH_ROOM];
static struct fake fake;
static struct session session;

/* What the fake admits: the key of the directory, or another one. */
struct admits {
    const char *booth;
    bool other_key, forged;
    int phone; /* digit of the phone key */
};
static struct admits admits;

/* ---- the aggregator's side ----------------------------------------------- */

/* Signs an admission of the directory's key just before it is asked for. */
static void make_reply(struct fake *f)
{
    struct book book;
    struct keypair key;
    uint8_t signature[SIGNATURE_BYTES];
    BUF(text, MAX_TEXT);
    BUF(hex, 2 * SIGNATURE_BYTES);
    BUF(key_hex, 2 * KEY_BYTES);
    char phone[2 * KEY_BYTES + 1];
    book_init(&book, 1, AGGREGATOR);
    assert_int_equal(key_load(dir, "device.key", &key), ERR_OK);
    buf_hex(&key_hex, key.public_key, KEY_BYTES);
    struct admission admission = book.admission;
    if (!admits.other_key)
        admission.key = buf_slice(&key_hex);
    admission.booth = str_of(admits.booth);
    shape_encode(&admission_shape, &admission, &text);
    sign_make(admits.forged ? &f->stranger : &book.aggregator, DOMAIN_ADMISSION,
              buf_slice(&text), signature);
    buf_hex(&hex, signature, sizeof(signature));
    memset(phone, admits.phone, sizeof(phone) - 1);
    phone[2 * KEY_BYTES] = '\0';
    const struct enrol_reply r = { buf_slice(&text), buf_slice(&hex),
                                   str_of(phone) };
    buf_clear(&f->reply);
    enrol_reply_encode(&r, &f->reply);
    key_done(&key);
    book_done(&book);
}

static int set_up(void **state)
{
    (void)state;
    scratch_make(dir);
    fake_init(&fake, AGGREGATOR);
    fake_lists(&fake, 3, 1, 1);
    fake.look = make_reply;
    admits = (struct admits){ .booth = "A1", .phone = 'a' };
    session_init(&session, dir, "test", 1000);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    session_done(&session);
    fake_done(&fake);
    scratch_remove(dir);
    return 0;
}

/* ---- the till's side ----------------------------------------------------- */

static struct enrolment string_for(const char *booth)
{
    struct enrolment e = {
        .host = "fair.test",
        .port = 8443,
        .fair = "XUAN-2020",
        .code = "BCDFGHJKLM",
        .pin = { 3 },
    };
    snprintf(e.booth, sizeof(e.booth), "%s", booth);
    return e;
}

static enum err enrol_with(const struct enrolment *e)
{
    BUF(word, MAX_TEXT);
    enrolment_render(e, &word);
    return agent_enrol(&session,
                       &(struct enrol_wish){ buf_slice(&word), STR("") });
}

static enum err enrol(void)
{
    struct enrolment e = string_for("A1");
    return enrol_with(&e);
}

static void read_all(struct buf *out)
{
    static const char *const names[] = { "device.key", "admission",
                                         "phone.key" };
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        scratch_read(dir, names[i], out);
}

static void is_enrolled(void)
{
    struct ledger *l = till_ledger_open(dir, LEDGER_WRITE);
    assert_int_equal(ledger_state(l)->count, 1);
    assert_true(str_is(ledger_state(l)->admission.booth, "A1"));
    ledger_close(l);
    struct inbox *in = NULL;
    struct inbox_state s;
    assert_int_equal(inbox_open(dir, INBOX_READ, "test", NULL, &in), ERR_OK);
    assert_int_equal(inbox_state(in, &s), ERR_OK);
    assert_true(str_is(s.server, "https://fair.test:8443"));
    assert_int_equal(s.list, 3);
    inbox_close(in);
    assert_true(scratch_has(dir, "phone.key"));
}

/* ---- the tests ----------------------------------------------------------- */

static void afterwards_the_till_can_sell(void **state)
{
    (void)state;
    assert_int_equal(enrol(), ERR_OK);
    is_enrolled();
}

static void the_same_string_again_changes_nothing_and_needs_no_network(
    void **state)
{
    BUF(first, MAX_TEXT);
    BUF(second, MAX_TEXT);
    (void)state;
    assert_int_equal(enrol(), ERR_OK);
    read_all(&first);
    fake.requests = 0;
    assert_int_equal(enrol(), ERR_OK);
    assert_int_equal(fake.requests, 0);
    read_all(&second);
    assert_string_equal(buf_text(&first), buf_text(&second));
}

static void any_request_or_answer_may_be_lost(void **state)
{
    static const enum fake_fault faults[] = { FAKE_LOST_REQUEST,
                                              FAKE_LOST_ANSWER, FAKE_CUT };
    (void)state;
    for (int n = 1; n <= 4; n++) {
        for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
            tear_down(NULL);
            set_up(NULL);
            fake.fault_at = n;
            fake.fault = faults[i];
            assert_int_equal(enrol(), ERR_UNREACHABLE);
            fake.fault = FAKE_FINE;
            assert_int_equal(enrol(), ERR_OK);
            is_enrolled();
        }
    }
}

/* As if it had been killed after the file before the one that is missing. */
static void killed_anywhere_it_goes_on_from_there(void **state)
{
    static const char *const order[] = { "device.key", "phone.key", "admission",
                                         "sync.db" };
    (void)state;
    for (size_t kept = 0; kept <= ARRAY_LEN(order); kept++) {
        tear_down(NULL);
        set_up(NULL);
        assert_int_equal(enrol(), ERR_OK);
        for (size_t i = kept; i < ARRAY_LEN(order); i++)
            assert_int_equal(remove(scratch_path(dir, order[i])), 0);
        if (kept < ARRAY_LEN(order)) {
            remove(scratch_path(dir, "sync.db-wal"));
            remove(scratch_path(dir, "sync.db-shm"));
        }
        assert_int_equal(enrol(), ERR_OK);
        is_enrolled();
    }
}

/* The first string's code ran out after a kill; the next one brings another
 * answer. */
static void until_the_admission_stands_the_newest_answer_counts(void **state)
{
    BUF(phone, MAX_TEXT);
    (void)state;
    assert_int_equal(enrol(), ERR_OK);
    assert_int_equal(remove(scratch_path(dir, "admission")), 0);
    admits.phone = 'b';
    assert_int_equal(enrol(), ERR_OK);
    scratch_read(dir, "phone.key", &phone);
    assert_int_equal(buf_text(&phone)[0], 'b');
}

static void a_string_copied_wrongly_is_told_before_anything_is_sent(
    void **state)
{
    static const char *const words[] = {
        "", "x", "phiencho1/fair.test:8443/XUAN-2020/A1/BCDFGHJKLM/a/b"
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        const struct enrol_wish wish = { str_of(words[i]), STR("") };
        assert_int_equal(agent_enrol(&session, &wish), ERR_INVALID);
        assert_true(session.why.len > 0);
    }
    assert_int_equal(fake.requests, 0);
    assert_false(scratch_has(dir, "device.key"));
}

static void one_directory_is_one_device(void **state)
{
    struct enrolment e = string_for("B2");
    BUF(first, MAX_TEXT);
    BUF(second, MAX_TEXT);
    (void)state;
    assert_int_equal(enrol(), ERR_OK);
    read_all(&first);
    fake.requests = 0;
    assert_int_equal(enrol_with(&e), ERR_EXISTS);
    e = string_for("A1");
    memcpy(e.fair, "HE-2020", sizeof("HE-2020"));
    assert_int_equal(enrol_with(&e), ERR_EXISTS);
    assert_int_equal(fake.requests, 0);
    read_all(&second);
    assert_string_equal(buf_text(&first), buf_text(&second));
}

static void a_new_string_for_the_same_booth_brings_a_new_address(void **state)
{
    struct enrolment e = string_for("A1");
    struct inbox *in = NULL;
    struct inbox_state s;
    (void)state;
    assert_int_equal(enrol(), ERR_OK);
    e.port = 9443;
    assert_int_equal(enrol_with(&e), ERR_OK);
    assert_int_equal(inbox_open(dir, INBOX_READ, "test", NULL, &in), ERR_OK);
    assert_int_equal(inbox_state(in, &s), ERR_OK);
    assert_true(str_is(s.server, "https://fair.test:9443"));
    inbox_close(in);
}

static void an_admission_that_does_not_hold_is_not_kept(void **state)
{
    static const struct admits wrong[] = { { "A1", true, false, 'a' },
                                           { "A1", false, true, 'a' },
                                           { "B2", false, false, 'a' } };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        admits = wrong[i];
        assert_int_equal(enrol(), ERR_ADMISSION);
        assert_false(scratch_has(dir, "admission"));
        assert_false(scratch_has(dir, "phone.key"));
    }
    admits = (struct admits){ .booth = "A1", .phone = 'a' };
    assert_int_equal(enrol(), ERR_OK);
    is_enrolled();
}

static void a_refusal_keeps_its_reason(void **state)
{
    static const struct {
        const char *word;
        enum err e;
    } cases[] = { { "code", ERR_CODE },
                  { "code_used", ERR_CODE_USED },
                  { "code_expired", ERR_CODE_EXPIRED },
                  { "pin", ERR_PIN },
                  { "ok", ERR_REFUSED },
                  { "unsure", ERR_REFUSED },
                  { "whatever", ERR_REFUSED } };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        fake.refusal = cases[i].word;
        assert_int_equal(enrol(), cases[i].e);
        assert_string_equal(buf_text(&session.why), "no");
        assert_false(scratch_has(dir, "admission"));
    }
}

static void lists_that_did_not_come_are_fetched_by_the_next_try(void **state)
{
    (void)state;
    fake.fault = FAKE_PAGE;
    assert_int_equal(enrol(), ERR_LISTS);
    fake.fault = FAKE_FINE;
    fake.requests = 0;
    assert_int_equal(enrol(), ERR_OK);
    assert_int_equal(fake.requests, 3); /* question, manifest, page */
    is_enrolled();
}

/* As a person types it; the remedy when it fails. */
static const char *typed(const char *word)
{
    static char remedy[MAX_TEXT];
    const char *const argv[] = { "fair-sync", "--data", dir, "enrol", word };
    struct cli cli;
    (void)cli_carry_out(agent_program(), ARRAY_LEN(argv), argv, &cli);
    snprintf(remedy, sizeof(remedy), "%s", cli.remedy ? cli.remedy : "");
    cli_done(&cli);
    return remedy;
}

static void who_is_not_enrolled_is_not_told_that_selling_goes_on(void **state)
{
    (void)state;
    BUF(word, MAX_TEXT);
    struct enrolment e = string_for("A1");
    enrolment_render(&e, &word);
    fake.fault = FAKE_LOST_REQUEST;
    assert_non_null(strstr(typed(buf_text(&word)), "not enrolled yet"));
    fake.requests = 0;
    fake.fault_at = 2; /* what comes behind the admission */
    assert_string_equal(typed(buf_text(&word)), "");
    assert_true(agent_is_enrolled(dir));
}

static void secrets_are_the_owners_alone(void **state)
{
    static const char *const names[] = { "device.key", "phone.key",
                                         "admission" };
    (void)state;
    assert_int_equal(enrol(), ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct stat st;
        assert_int_equal(stat(scratch_path(dir, names[i]), &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(afterwards_the_till_can_sell),
        TEST(the_same_string_again_changes_nothing_and_needs_no_network),
        TEST(any_request_or_answer_may_be_lost),
        TEST(killed_anywhere_it_goes_on_from_there),
        TEST(until_the_admission_stands_the_newest_answer_counts),
        TEST(a_string_copied_wrongly_is_told_before_anything_is_sent),
        TEST(one_directory_is_one_device),
        TEST(a_new_string_for_the_same_booth_brings_a_new_address),
        TEST(an_admission_that_does_not_hold_is_not_kept),
        TEST(a_refusal_keeps_its_reason),
        TEST(lists_that_did_not_come_are_fetched_by_the_next_try),
        TEST(who_is_not_enrolled_is_not_told_that_selling_goes_on),
        TEST(secrets_are_the_owners_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
