/*
 * test_usb.c - the wire by hand: a file of pushes up, a file of lists and
 * acknowledgements down (sync/PROTOCOL.md 9).
 */
#define _GNU_SOURCE /* memmem */
#include "sync/agent/usb.h"

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
#include "tests/support/fake_aggregator.h"
#include "tests/support/scratch.h"
#include "tests/support/till.h"

enum { DEVICE = 1, AGGREGATOR = 2 };

static char dir[SCRATCH_ROOM], stick[SCRATCH_ROOM], path[SCRATCH_ROOM];
static struct fake fake;
static struct session session;

static struct inbox *inbox(enum inbox_mode mode)
{
    struct inbox *in = NULL;
    assert_int_equal(inbox_open(dir, mode, "test", NULL, &in), ERR_OK);
    return in;
}

static int set_up(void **state)
{
    (void)state;
    scratch_make(dir);
    scratch_make(stick);
    snprintf(path, sizeof(path), "%s", scratch_path(stick, "file"));
    fake_init(&fake, AGGREGATOR);
    till_enrol(dir, DEVICE, AGGREGATOR);
    inbox_close(inbox(INBOX_WRITE));
    session_init(&session, dir, "test", 1000);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    session_done(&session);
    fake_done(&fake);
    scratch_remove(dir);
    scratch_remove(stick);
    return 0;
}

static void write_events(int n)
{
    struct ledger *l = till_ledger_open(dir, LEDGER_WRITE);
    union body body;
    memset(&body.note, 0, sizeof(body.note));
    body.note.what = STR("test");
    for (int i = 0; i < n; i++) {
        int64_t seq;
        assert_int_equal(till_ledger_append(l, EV_NOTE, &body, &seq), ERR_OK);
    }
    ledger_close(l);
}

/* The fake has seen what the till has. */
static void fake_sees_all(void)
{
    struct ledger *l = till_ledger_open(dir, LEDGER_READ);
    fake.count = 0;
    for (int64_t seq = 1; seq <= ledger_state(l)->count; seq++) {
        struct stored s;
        assert_int_equal(ledger_get(l, seq, &s), ERR_OK);
        memcpy(fake.hashes[seq], s.hash, HASH_BYTES);
        fake.count = seq;
    }
    ledger_close(l);
}

static const char *device(void)
{
    static char id[DEVICE_LEN + 1];
    struct keypair key;
    assert_int_equal(key_load(dir, "device.key", &key), ERR_OK);
    device_id(key.public_key, id);
    return id;
}

/* ---- up ------------------------------------------------------------------ */

static void a_file_holds_every_event_as_pushes(void **state)
{
    int64_t seq = 0;
    uint8_t head[HASH_BYTES];
    BUF(file, MAX_OUTPUT);
    (void)state;
    write_events(700);
    assert_int_equal(usb_export(&session, path), ERR_OK);
    assert_int_equal(session.events, 701);
    scratch_read(stick, "file", &file);
    struct str rest = buf_slice(&file);
    while (rest.len > 0) {
        struct push p;
        assert_int_equal(push_decode(rest, NULL, &p, NULL), ERR_OK);
        assert_int_equal(p.header.from, seq + 1);
        assert_int_equal(p.header.unsent, 701 - p.header.to);
        assert_true(str_is(p.header.nonce, NONCE_NONE));
        assert_int_equal(p.header.want.len, 0);
        if (seq > 0)
            assert_memory_equal(p.previous, head, HASH_BYTES);
        memcpy(head, p.head, HASH_BYTES);
        seq = p.header.to;
        rest.data += p.bytes;
        rest.len -= p.bytes;
    }
    assert_int_equal(seq, 701);
}

static void a_till_without_events_writes_an_empty_file(void **state)
{
    BUF(file, MAX_OUTPUT);
    (void)state;
    assert_int_equal(usb_export(&session, path), ERR_OK);
    scratch_read(stick, "file", &file);
    assert_int_equal(file.len, 0);
}

static void an_older_file_is_replaced_whole(void **state)
{
    BUF(first, MAX_OUTPUT);
    BUF(second, MAX_OUTPUT);
    (void)state;
    write_events(9);
    assert_int_equal(usb_export(&session, path), ERR_OK);
    scratch_read(stick, "file", &first);
    write_events(1);
    assert_int_equal(usb_export(&session, path), ERR_OK);
    scratch_read(stick, "file", &second);
    assert_true(second.len > first.len);
}

static void a_file_that_cannot_be_written_is_told(void **state)
{
    (void)state;
    assert_int_equal(usb_export(&session, scratch_path(dir, "no/file")),
                     ERR_NOT_FOUND);
    assert_int_equal(usb_export(&session, dir), ERR_INVALID);
    assert_non_null(strstr(buf_text(&session.why), dir));
}

static void the_tills_own_ledger_is_no_file_to_export_to(void **state)
{
    (void)state;
    write_events(9);
    assert_int_equal(usb_export(&session, scratch_path(dir, "ledger.db")),
                     ERR_OWN_FILES);
    struct ledger *l = till_ledger_open(dir, LEDGER_READ);
    assert_int_equal(ledger_state(l)->count, 10);
    ledger_close(l);
}

/* The newest bytes of an event are changed behind the till's back. */
static void damage(const char *bytes, const char *by)
{
    BUF(file, MAX_OUTPUT);
    struct ledger *l = till_ledger_open(dir, LEDGER_WRITE);
    ledger_idle(l);
    ledger_close(l);
    scratch_read(dir, "ledger.db", &file);
    char *at = memmem(file.data, file.len, bytes, strlen(bytes));
    assert_non_null(at);
    memcpy(at, by, strlen(bytes));
    scratch_write(dir, "ledger.db", buf_slice(&file));
}

/* Event by event: whichever is damaged, those before it are in the file. */
static void of_a_damaged_ledger_the_sound_part_is_written(void **state)
{
    (void)state;
    write_events(700);
    damage("\"seq\":690,", "\"seq\":960,");
    assert_int_equal(usb_export(&session, path), ERR_OK);
    assert_int_equal(session.first_bad, 690);
    assert_int_equal(session.events, 689);
    BUF(file, MAX_OUTPUT);
    scratch_read(stick, "file", &file);
    struct str rest = buf_slice(&file);
    int64_t seq = 0;
    while (rest.len > 0) {
        struct push p;
        assert_int_equal(push_decode(rest, NULL, &p, NULL), ERR_OK);
        assert_int_equal(p.header.from, seq + 1);
        seq = p.header.to;
        rest.data += p.bytes;
        rest.len -= p.bytes;
    }
    assert_int_equal(seq, 689);
}

/* ---- down ---------------------------------------------------------------- */

enum { WITH_LIST = 1, WITHOUT_LAST_PAGE = 2, WITH_ACK = 4, WITH_OTHERS = 8 };

static void put_pages(struct buf *out, int what)
{
    BUF(manifest, MAX_TEXT);
    int n = fake.n_pages - ((what & WITHOUT_LAST_PAGE) != 0);
    fake_manifest(&fake, "A1", &manifest);
    for (int i = 0; i < n; i++)
        file_record_put("page", buf_slice(&fake.pages[i]), out);
    file_record_put("manifest", buf_slice(&manifest), out);
}

static void put_others(struct buf *out)
{
    BUF(manifest, MAX_TEXT);
    BUF(ack, MAX_TEXT);
    fake_manifest(&fake, "B2", &manifest);
    fake_ack(&fake, "aaaaaaaaaaaaaaaa", &ack);
    file_record_put("manifest", buf_slice(&manifest), out);
    file_record_put("ack", buf_slice(&ack), out);
    file_record_put("weather", STR("fine"), out);
    file_record_put("page", STR("not wanted\n"), out);
}

static void put_file(int what)
{
    BUF(file, MAX_OUTPUT);
    BUF(ack, MAX_TEXT);
    if (what & WITH_OTHERS)
        put_others(&file);
    if (what & WITH_LIST)
        put_pages(&file, what);
    fake_ack(&fake, device(), &ack);
    if (what & WITH_ACK)
        file_record_put("ack", buf_slice(&ack), &file);
    scratch_write(stick, "file", buf_slice(&file));
}

static void held(int64_t acked, int64_t list)
{
    struct inbox *in = inbox(INBOX_READ);
    struct inbox_state s;
    assert_int_equal(inbox_state(in, &s), ERR_OK);
    assert_int_equal(s.acked, acked);
    assert_int_equal(s.list, list);
    inbox_close(in);
}

static void a_till_takes_what_is_its_own(void **state)
{
    int64_t version;
    BUF(list, MAX_LIST);
    uint8_t other[HASH_BYTES];
    (void)state;
    write_events(4);
    fake_sees_all();
    fake_lists(&fake, 7, 2, 1);
    put_file(WITH_LIST | WITH_ACK | WITH_OTHERS);
    assert_int_equal(usb_import(&session, path), ERR_OK);
    assert_int_equal(session.acknowledged, 5);
    assert_int_equal(session.list, 7);
    held(5, 7);
    struct inbox *in = inbox(INBOX_READ);
    assert_int_equal(fake_held(&fake, in, &version, &list), ERR_OK);
    assert_string_equal(buf_text(&list),
                        "{\"page\":0,\"seed\":1}\n{\"page\":1,\"seed\":1}\n");
    hash_tagged("", STR("not wanted\n"), other);
    assert_false(inbox_has_page(in, other));
    inbox_close(in);
}

static void of_several_the_newest_is_taken(void **state)
{
    static const int64_t orders[][2] = { { 7, 9 }, { 12, 10 } };
    (void)state;
    write_events(4);
    fake_sees_all();
    for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
        BUF(file, MAX_OUTPUT);
        for (int k = 0; k < 2; k++) {
            BUF(ack, MAX_TEXT);
            fake_lists(&fake, orders[i][k], 1, (int)orders[i][k]);
            put_pages(&file, WITH_LIST);
            fake_forget(&fake, k == (int)i ? 2 : 4);
            fake_ack(&fake, device(), &ack);
            file_record_put("ack", buf_slice(&ack), &file);
            fake_sees_all();
        }
        scratch_write(stick, "file", buf_slice(&file));
        assert_int_equal(usb_import(&session, path), ERR_OK);
        held(4, i == 0 ? 9 : 12);
    }
}

static void an_old_file_takes_nothing_back(void **state)
{
    (void)state;
    write_events(4);
    fake_sees_all();
    fake_lists(&fake, 7, 2, 1);
    put_file(WITH_LIST | WITH_ACK);
    assert_int_equal(usb_import(&session, path), ERR_OK);
    fake_forget(&fake, 2);
    fake_lists(&fake, 6, 2, 1);
    put_file(WITH_LIST | WITH_ACK);
    assert_int_equal(usb_import(&session, path), ERR_OK);
    held(5, 7);
}

static void a_list_without_all_its_pages_is_not_taken(void **state)
{
    (void)state;
    fake_lists(&fake, 7, 2, 1);
    put_file(WITH_LIST | WITHOUT_LAST_PAGE);
    assert_int_equal(usb_import(&session, path), ERR_LISTS);
    held(0, 0);
    put_file(WITH_LIST);
    assert_int_equal(usb_import(&session, path), ERR_OK);
    held(0, 7);
}

/* Cut off at its very beginning: it has not carried anything. */
static void an_empty_file_is_refused(void **state)
{
    (void)state;
    scratch_write(stick, "file", STR(""));
    assert_int_equal(usb_import(&session, path), ERR_INVALID);
    assert_non_null(strstr(buf_text(&session.why), "empty"));
    put_file(0);
    assert_int_equal(usb_import(&session, path), ERR_INVALID);
    fake_lists(&fake, 7, 2, 1);
    put_file(WITH_OTHERS); /* nothing of ours is in it, but it is one */
    assert_int_equal(usb_import(&session, path), ERR_OK);
}

/* Nobody would ever write into it. */
static void a_pipe_is_no_file_to_take_from(void **state)
{
    (void)state;
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(usb_import(&session, path), ERR_IO);
}

static void a_file_of_another_aggregator_is_refused(void **state)
{
    struct fake *f = &fake;
    (void)state;
    write_events(4);
    fake_sees_all();
    fake_lists(f, 7, 2, 1);
    f->key = f->stranger;
    put_file(WITH_LIST);
    assert_int_equal(usb_import(&session, path), ERR_SIGNATURE);
    put_file(WITH_ACK);
    assert_int_equal(usb_import(&session, path), ERR_SIGNATURE);
    held(0, 0);
}

static void a_damaged_file_changes_nothing(void **state)
{
    BUF(file, MAX_OUTPUT);
    (void)state;
    write_events(4);
    fake_sees_all();
    fake_lists(&fake, 7, 2, 1);
    put_file(WITH_LIST | WITH_ACK);
    scratch_read(stick, "file", &file);
    for (size_t len = 1; len < file.len; len++) {
        struct str cut = { file.data, len };
        scratch_write(stick, "file", cut);
        enum err e = usb_import(&session, path);
        assert_true(e == ERR_INVALID || e == ERR_OK || e == ERR_LISTS);
        if (e == ERR_INVALID)
            held(0, 0);
        len += len < 200 ? 0 : 37;
    }
}

static void an_acknowledgement_of_another_history_is_a_fork(void **state)
{
    (void)state;
    write_events(4);
    fake_sees_all();
    fake_forget(&fake, 3);
    fake_impostor(&fake, 1);
    put_file(WITH_ACK);
    assert_int_equal(usb_import(&session, path), ERR_FORK);
    struct inbox *in = inbox(INBOX_READ);
    struct inbox_state s;
    assert_int_equal(inbox_state(in, &s), ERR_OK);
    assert_true(str_is(s.state, "fork"));
    assert_int_equal(s.acked, 0);
    inbox_close(in);
}

static void a_file_that_is_not_there_is_told(void **state)
{
    (void)state;
    assert_int_equal(usb_import(&session, path), ERR_NOT_FOUND);
    assert_non_null(strstr(buf_text(&session.why), path));
}

static void a_file_is_read_through_a_window(void **state)
{
    BUF(file, MAX_OUTPUT);
    BUF(page, MAX_PAGE);
    BUF(manifest, MAX_TEXT);
    (void)state;
    while (page.len + 64 < MAX_PAGE)
        buf_puts(&page, "a line of a page of another booth\n");
    for (int i = 0; i < 20; i++)
        file_record_put("page", buf_slice(&page), &file);
    fake_lists(&fake, 7, 1, 1);
    fake_manifest(&fake, "A1", &manifest);
    file_record_put("page", buf_slice(&fake.pages[0]), &file);
    file_record_put("manifest", buf_slice(&manifest), &file);
    scratch_write(stick, "file", buf_slice(&file));
    assert_int_equal(usb_import(&session, path), ERR_OK);
    held(0, 7);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_holds_every_event_as_pushes),
        TEST(a_till_without_events_writes_an_empty_file),
        TEST(an_older_file_is_replaced_whole),
        TEST(a_file_that_cannot_be_written_is_told),
        TEST(the_tills_own_ledger_is_no_file_to_export_to),
        TEST(of_a_damaged_ledger_the_sound_part_is_written),
        TEST(a_till_takes_what_is_its_own),
        TEST(of_several_the_newest_is_taken),
        TEST(an_old_file_takes_nothing_back),
        TEST(a_list_without_all_its_pages_is_not_taken),
        TEST(an_empty_file_is_refused),
        TEST(a_pipe_is_no_file_to_take_from),
        TEST(a_file_of_another_aggregator_is_refused),
        TEST(a_damaged_file_changes_nothing),
        TEST(an_acknowledgement_of_another_history_is_a_fork),
        TEST(a_file_that_is_not_there_is_told),
        TEST(a_file_is_read_through_a_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
