#define _GNU_SOURCE /* memmem */
/*
 * test_enrolling.c - a code lets one key in, at one booth, once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/admission.h"
#include "fair/db.h"
#include "sync/aggregator/http/tries.h"
#include "sync/aggregator/ingest/enrolling.h"
#include "tests/support/place.h"
#include "tests/support/pushing.h"
#include "tests/support/raw.h"

#define NOW   INT64_C(1578900000000)
#define HOURS INT64_C(3600000)

struct gate {
    char dir[SCRATCH_ROOM];
    struct store *store;
    struct keys keys;
    struct book till, other; /* for their keys */
    char code[ENROL_CODE_LEN + 1];
};

static void add_booth(struct gate *g, const char *code)
{
    enum change change;
    struct booth b = { str_of(code), STR("Hạ Long"), STR("in-province"),
                       STR(""), 1 };
    assert_int_equal(booth_put(g->store, STR("XUAN"), &b, &change), ERR_OK);
}

static void add_fair(struct gate *g)
{
    enum change change;
    struct fair f = { .code = "XUAN",
                      .name = "Hội chợ Xuân",
                      .first_day = 20200114,
                      .days = 6,
                      .n_closed = 1,
                      .closed = { 20200116 },
                      .cut_off_min = 240 };
    assert_int_equal(fair_put(g->store, &f, &change), ERR_OK);
}

/* A new code for the booth. */
static void offer(struct gate *g, const char *booth, const char *name)
{
    struct enrolment e;
    struct enrol_offer o = { STR("XUAN"), str_of(booth), str_of(name),
                             STR("fair.example.vn"), 8443 };
    BUF(word, MAX_TEXT);
    BUF(why, MAX_TEXT);
    assert_int_equal(enrol_offer(g->store, &g->keys, &o, NOW, &word), ERR_OK);
    assert_int_equal(enrolment_parse(buf_slice(&word), &e, &why), ERR_OK);
    assert_string_equal(e.host, "fair.example.vn");
    assert_int_equal(e.port, 8443);
    assert_string_equal(e.fair, "XUAN");
    assert_string_equal(e.booth, booth);
    assert_memory_equal(e.pin, g->keys.pin, HASH_BYTES);
    memcpy(g->code, e.code, sizeof(g->code));
}

static int open_gate(void **state)
{
    struct gate *g = x_alloc(sizeof(*g));
    book_init(&g->till, 11, 200);
    book_init(&g->other, 12, 200);
    pushing_keys(&g->till, &g->keys);
    place_make(g->dir);
    assert_int_equal(store_open(g->dir, STORE_WRITE, NULL, &g->store), ERR_OK);
    add_fair(g);
    add_booth(g, "A1");
    add_booth(g, "A2");
    offer(g, "A1", NULL);
    *state = g;
    return 0;
}

static int close_gate(void **state)
{
    struct gate *g = *state;
    store_close(g->store);
    place_remove(g->dir);
    book_done(&g->till);
    book_done(&g->other);
    free(g);
    return 0;
}

/* The request of a key, carried out as the service does. */
static enum err ask_at(struct gate *g, const struct book *who, struct asking a,
                       int64_t now_ms, struct buf *reply)
{
    struct enrol_request r;
    BUF(bytes, MAX_TEXT);
    BUF(arena, MAX_TEXT);
    asking_put(who, a, &bytes);
    assert_int_equal(enrol_request_decode(buf_slice(&bytes), &arena, &r),
                     ERR_OK);
    assert_int_equal(store_group_begin(g->store), ERR_OK);
    enum err e = enrol_device(g->store, &g->keys, &r, now_ms, reply);
    if (e == ERR_OK || enrol_refusal(e))
        assert_int_equal(store_group_commit(g->store), ERR_OK);
    else
        store_group_rollback(g->store);
    return e;
}

static enum err ask(struct gate *g, const struct book *who, const char *code)
{
    BUF(reply, MAX_REPLY);
    struct asking a = { "XUAN", "A1", code, g->keys.pin };
    return ask_at(g, who, a, NOW + HOURS, &reply);
}

static int devices(struct gate *g)
{
    return (int)raw_int(g->store, "SELECT count(*) FROM device");
}

static void sql(struct gate *g, const char *text)
{
    raw_exec(g->store, text);
}

/* ---- letting in ---------------------------------------------------------- */

static void a_code_makes_an_admission(void **state)
{
    struct gate *g = *state;
    struct enrol_reply r;
    struct admission a;
    struct device d;
    char id[DEVICE_LEN + 1];
    uint8_t phone[KEY_BYTES];
    BUF(reply, MAX_REPLY);
    BUF(arena, MAX_TEXT);
    BUF(stored, MAX_TEXT);
    BUF(signature, MAX_TEXT);
    struct asking asking = { "XUAN", "A1", g->code, g->keys.pin };
    assert_int_equal(ask_at(g, &g->till, asking, NOW, &reply), ERR_OK);
    assert_int_equal(enrol_reply_decode(buf_slice(&reply), &r), ERR_OK);
    assert_int_equal(admission_check(r.admission, r.signature,
                                     g->till.device.public_key, &arena, &a),
                     ERR_OK);
    assert_true(str_is(a.fair, "XUAN") && str_is(a.booth, "A1"));
    assert_true(str_is(a.name, "Hội chợ Xuân"));
    assert_true(str_is(a.booth_name, "Hạ Long") && str_is(a.label, "1"));
    assert_int_equal(a.number, 1);
    assert_int_equal(a.at_ms, NOW);
    assert_int_equal(a.first_day, 20200114);
    assert_int_equal(a.days, 6);
    assert_int_equal(a.n_closed, 1);
    assert_int_equal(a.closed[0], 20200116);
    assert_int_equal(a.cut_off_min, 240);
    device_id(g->till.device.public_key, id);
    assert_int_equal(store_device(g->store, str_of(id), &d), ERR_OK);
    assert_string_equal(d.booth, "A1");
    assert_string_equal(d.label, "1");
    assert_int_equal(d.count, 0);
    assert_int_equal(
        store_admission(g->store, str_of(id), &stored, &signature, phone),
        ERR_OK);
    assert_true(str_eq(buf_slice(&stored), r.admission));
}

static void the_same_key_again_gets_the_same_answer(void **state)
{
    struct gate *g = *state;
    BUF(first, MAX_REPLY);
    BUF(second, MAX_REPLY);
    struct asking a = { "XUAN", "A1", g->code, g->keys.pin };
    assert_int_equal(ask_at(g, &g->till, a, NOW, &first), ERR_OK);
    assert_int_equal(ask_at(g, &g->till, a, NOW + 100 * HOURS, &second),
                     ERR_OK);
    assert_string_equal(buf_text(&first), buf_text(&second));
    assert_int_equal(devices(g), 1);
}

static void another_key_is_told_that_the_code_is_used(void **state)
{
    struct gate *g = *state;
    assert_int_equal(ask(g, &g->till, g->code), ERR_OK);
    assert_int_equal(ask(g, &g->other, g->code), ERR_CODE_USED);
    assert_int_equal(devices(g), 1);
}

static void a_key_has_one_admission_only(void **state)
{
    struct gate *g = *state;
    assert_int_equal(ask(g, &g->till, g->code), ERR_OK);
    offer(g, "A1", NULL);
    assert_int_equal(ask(g, &g->till, g->code), ERR_EXISTS);
    assert_int_equal(ask(g, &g->other, g->code), ERR_OK); /* still good */
}

static void numbers_go_on_in_the_fair_and_labels_in_the_booth(void **state)
{
    struct gate *g = *state;
    struct device d;
    char id[DEVICE_LEN + 1];
    BUF(reply, MAX_REPLY);
    assert_int_equal(ask(g, &g->till, g->code), ERR_OK);
    offer(g, "A2", NULL);
    struct asking a = { "XUAN", "A2", g->code, g->keys.pin };
    assert_int_equal(ask_at(g, &g->other, a, NOW, &reply), ERR_OK);
    device_id(g->other.device.public_key, id);
    assert_int_equal(store_device(g->store, str_of(id), &d), ERR_OK);
    assert_int_equal(d.number, 2);
    assert_string_equal(d.label, "1");
}

static void the_organisers_name_of_a_device_is_kept(void **state)
{
    /* 80 columns, and more bytes than a device's row has room for. */
    static const char part[] = "ệ̣̂";
    struct gate *g = *state;
    struct device d;
    char id[DEVICE_LEN + 1];
    BUF(name, MAX_TEXT);
    for (int i = 0; i < 80; i++)
        buf_puts(&name, part);
    offer(g, "A1", buf_text(&name));
    assert_int_equal(ask(g, &g->till, g->code), ERR_OK);
    device_id(g->till.device.public_key, id);
    assert_int_equal(store_device(g->store, str_of(id), &d), ERR_OK);
    size_t n = strlen(d.name);
    assert_in_range(n, 200, sizeof(d.name) - 1);
    assert_memory_equal(d.name, buf_text(&name), n);
}

/* ---- keeping out --------------------------------------------------------- */

static void a_code_is_good_for_its_booth_only(void **state)
{
    struct gate *g = *state;
    BUF(reply, MAX_REPLY);
    struct asking booth = { "XUAN", "A2", g->code, g->keys.pin };
    struct asking fair = { "THU", "A1", g->code, g->keys.pin };
    assert_int_equal(ask_at(g, &g->till, booth, NOW, &reply), ERR_CODE);
    assert_int_equal(ask_at(g, &g->till, fair, NOW, &reply), ERR_CODE);
    assert_int_equal(reply.len, 0);
    assert_int_equal(ask(g, &g->till, g->code), ERR_OK);
}

static void a_code_is_good_for_48_hours(void **state)
{
    struct gate *g = *state;
    BUF(reply, MAX_REPLY);
    struct asking a = { "XUAN", "A1", g->code, g->keys.pin };
    assert_int_equal(ask_at(g, &g->till, a, NOW + 48 * HOURS, &reply),
                     ERR_CODE_EXPIRED);
    assert_int_equal(ask_at(g, &g->till, a, NOW + 48 * HOURS - 1, &reply),
                     ERR_OK);
}

static void five_hundred_wrong_tries_lock_a_booth(void **state)
{
    struct gate *g = *state;
    char good[ENROL_CODE_LEN + 1];
    memcpy(good, g->code, sizeof(good));
    for (int i = 0; i < 499; i++)
        assert_int_equal(ask(g, &g->other, "BBBBBBBBBB"), ERR_CODE);
    assert_int_equal(ask(g, &g->till, good), ERR_OK);
    offer(g, "A1", NULL);
    memcpy(good, g->code, sizeof(good));
    for (int i = 0; i < 500; i++)
        assert_int_equal(ask(g, &g->other, "BBBBBBBBBB"), ERR_CODE);
    assert_int_equal(ask(g, &g->other, good), ERR_CODE); /* nobody learns */
    offer(g, "A1", NULL); /* the organiser makes a new one */
    assert_int_equal(ask(g, &g->other, g->code), ERR_OK);
}

static void wrong_tries_at_one_booth_lock_no_other(void **state)
{
    struct gate *g = *state;
    BUF(reply, MAX_REPLY);
    struct asking a = { "XUAN", "A2", "BBBBBBBBBB", g->keys.pin };
    for (int i = 0; i < 501; i++)
        assert_int_equal(ask_at(g, &g->other, a, NOW, &reply), ERR_CODE);
    assert_int_equal(ask(g, &g->till, g->code), ERR_OK);
}

static void a_request_for_another_server_tries_nothing(void **state)
{
    uint8_t pin[HASH_BYTES] = { 1 };
    struct gate *g = *state;
    BUF(reply, MAX_REPLY);
    struct asking a = { "XUAN", "A1", "BBBBBBBBBB", pin };
    for (int i = 0; i < 9; i++)
        assert_int_equal(ask_at(g, &g->other, a, NOW, &reply), ERR_PIN);
    assert_int_equal(ask(g, &g->till, g->code), ERR_OK);
}

static void a_fair_has_at_most_1023_devices(void **state)
{
    struct gate *g = *state;
    assert_int_equal(ask(g, &g->till, g->code), ERR_OK);
    sql(g, "UPDATE device SET number = 1022");
    offer(g, "A1", NULL);
    assert_int_equal(ask(g, &g->other, g->code), ERR_OK);
    offer(g, "A2", NULL);
    struct book third;
    book_init(&third, 13, 200);
    BUF(reply, MAX_REPLY);
    struct asking a = { "XUAN", "A2", g->code, g->keys.pin };
    assert_int_equal(ask_at(g, &third, a, NOW, &reply), ERR_LIMIT);
    assert_int_equal(devices(g), 2);
    sql(g, "DELETE FROM device WHERE number = 1023");
    assert_int_equal(ask_at(g, &third, a, NOW, &reply), ERR_OK);
    book_done(&third);
}

static void nothing_is_offered_where_there_is_no_booth(void **state)
{
    struct gate *g = *state;
    struct enrol_offer o = { STR("XUAN"), STR("A9"), STR(""), STR("h"), 1 };
    BUF(word, MAX_TEXT);
    assert_int_equal(enrol_offer(g->store, &g->keys, &o, NOW, &word),
                     ERR_NOT_FOUND);
    BUF(host, 512);
    for (int i = 0; i < 256; i++)
        buf_putc(&host, 'h');
    o = (struct enrol_offer){ STR("XUAN"), STR("A1"), STR(""), buf_slice(&host),
                              1 };
    assert_int_equal(enrol_offer(g->store, &g->keys, &o, NOW, &word),
                     ERR_INVALID);
    assert_int_equal(word.len, 0);
}

static void no_code_stands_in_the_database(void **state)
{
    struct gate *g = *state;
    BUF(all, MAX_TEXT);
    raw_text(g->store, "SELECT * FROM enrol_code", &all);
    assert_true(all.len > 0);
    assert_null(memmem(all.data, all.len, g->code, ENROL_CODE_LEN));
}

/* ---- how fast one may guess ---------------------------------------------- */

static const struct peer here = { { 127, 0, 0, 1 } };

static int tries_at(struct tries *t, struct peer p, int64_t now_ms)
{
    int n = 0;
    for (; tries_left(t, p, now_ms); n++)
        tries_count(t, p, now_ms);
    return n;
}

static void an_address_has_thirty_wrong_tries_a_minute(void **state)
{
    struct tries *t = tries_open();
    struct peer there = { { 127, 0, 0, 2 } };
    (void)state;
    assert_int_equal(tries_at(t, here, 5000), 30);
    assert_int_equal(tries_at(t, here, 6999), 0);
    assert_int_equal(tries_at(t, here, 7000), 1);
    assert_int_equal(tries_at(t, there, 7000), 30);
    assert_int_equal(tries_at(t, here, 7000 + 60000), 30);
    tries_close(t);
}

static void all_together_have_three_hundred(void **state)
{
    struct tries *t = tries_open();
    int n = 0;
    (void)state;
    for (uint8_t i = 0; i < 50; i++)
        n += tries_at(t, (struct peer){ { 10, 0, 0, i } }, 5000);
    assert_int_equal(n, 300);
    assert_false(tries_left(t, (struct peer){ { 9 } }, 5199));
    assert_true(tries_left(t, (struct peer){ { 9 } }, 5200));
    tries_close(t);
}

static void who_tries_hard_is_remembered_longest(void **state)
{
    struct tries *t = tries_open();
    int64_t now = 5000;
    (void)state;
    assert_int_equal(tries_at(t, here, now), 30);
    for (int i = 0; i < 2 * TRIES_ADDRESSES; i++) {
        struct peer p = { { 10, 0, (uint8_t)(i >> 8), (uint8_t)i } };
        tries_count(t, p, now);
    }
    assert_false(tries_left(t, here, now));
    tries_close(t);
}

#define GATE(test) cmocka_unit_test_setup_teardown(test, open_gate, close_gate)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GATE(a_code_makes_an_admission),
        GATE(the_same_key_again_gets_the_same_answer),
        GATE(another_key_is_told_that_the_code_is_used),
        GATE(a_key_has_one_admission_only),
        GATE(numbers_go_on_in_the_fair_and_labels_in_the_booth),
        GATE(the_organisers_name_of_a_device_is_kept),
        GATE(a_code_is_good_for_its_booth_only),
        GATE(a_code_is_good_for_48_hours),
        GATE(five_hundred_wrong_tries_lock_a_booth),
        GATE(wrong_tries_at_one_booth_lock_no_other),
        GATE(a_request_for_another_server_tries_nothing),
        GATE(a_fair_has_at_most_1023_devices),
        GATE(nothing_is_offered_where_there_is_no_booth),
        GATE(no_code_stands_in_the_database),
        cmocka_unit_test(an_address_has_thirty_wrong_tries_a_minute),
        cmocka_unit_test(all_together_have_three_hundred),
        cmocka_unit_test(who_tries_hard_is_remembered_longest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
