/*
 * test_inbox.c - what fair-sync keeps is there for the till at once, and a
 * version of the lists is current whole or not at all.
 */
#include "fair/inbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/db.h"
#include "fair/env.h"
#include "fair/wire.h"
#include "tests/support/scratch.h"
#include "tests/unit/sql_table.h"

enum {
#define X(name, text) name,
#include "sync/core/inbox_sql.def"
#undef X
    SQL_COUNT
};

static const char *const sql[] = {
#define X(name, text) text,
#include "sync/core/inbox_sql.def"
#undef X
};

static char dir[SCRATCH_ROOM];
static struct inbox *in;

static int set_up(void **state)
{
    (void)state;
    scratch_make(dir);
    return inbox_open(dir, INBOX_WRITE, "test", NULL, &in) == ERR_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    inbox_close(in);
    in = NULL;
    scratch_remove(dir);
    return 0;
}

static struct inbox *reader(void)
{
    struct inbox *r = NULL;
    assert_int_equal(inbox_open(dir, INBOX_READ, "reader", NULL, &r), ERR_OK);
    return r;
}

/* ---- opening ---- */

static void every_statement_fits_the_schema(void **state)
{
    (void)state;
    sqlite3 *handle = NULL;
    /* The newest notice: one step from the end, not a walk. */
    static const int may_scan[] = { SQL_NOTICE_LAST, -1 };
    assert_int_equal(sqlite3_open(scratch_path(dir, "sync.db"), &handle),
                     SQLITE_OK);
    sql_table_check(handle, sql, SQL_COUNT, may_scan);
    sqlite3_close(handle);
}

static void a_directory_without_sync_db_is_not_set_up(void **state)
{
    (void)state;
    struct inbox *r = NULL;
    char empty[SCRATCH_ROOM];
    scratch_make(empty);
    BUF(why, MAX_TEXT);
    assert_int_equal(inbox_open(empty, INBOX_READ, "t", &why, &r),
                     ERR_NOT_SET_UP);
    assert_non_null(strstr(buf_text(&why), "sync.db"));
    assert_false(scratch_has(empty, "sync.db"));
    assert_int_equal(
        inbox_open(scratch_path(empty, "no"), INBOX_WRITE, "t", NULL, &r),
        ERR_NOT_SET_UP);
    assert_null(r);
    scratch_remove(empty);
}

static int64_t impatient_ms(void *ctx)
{
    int64_t *ms = ctx;
    return *ms += 4000;
}

static void no_wait(void *ctx, int64_t ms)
{
    (void)ctx;
    (void)ms;
}

static void a_second_writer_hears_who_is_first(void **state)
{
    (void)state;
    struct env before = *env_get(), env = before;
    int64_t ms = 0;
    env.ctx = &ms;
    env.mono_ms = impatient_ms;
    env.wait_ms = no_wait;
    env_use(&env);
    struct inbox *other = NULL;
    BUF(why, MAX_TEXT);
    assert_int_equal(inbox_open(dir, INBOX_WRITE, "second", &why, &other),
                     ERR_LOCKED);
    env_use(&before);
    assert_null(other);
    assert_non_null(strstr(buf_text(&why), "test, process"));
    assert_true(ms >= 10000);
}

static void a_file_that_is_no_database_is_damage_of_its_own(void **state)
{
    (void)state;
    struct inbox *r = NULL;
    inbox_close(in);
    in = NULL;
    unlink(scratch_path(dir, "sync.db"));
    scratch_write(dir, "sync.db", STR("this is no database at all"));
    assert_int_equal(inbox_open(dir, INBOX_READ, "t", NULL, &r), ERR_INBOX);
    assert_int_equal(inbox_open(dir, INBOX_WRITE, "t", NULL, &r), ERR_INBOX);
    assert_non_null(strstr(err_remedy(ERR_INBOX), "fair-sync enrol"));
}

/* ---- state ---- */

static void a_new_inbox_knows_nothing(void **state)
{
    (void)state;
    struct inbox_state s;
    assert_int_equal(inbox_state(in, &s), ERR_OK);
    assert_true(str_is(s.state, "new"));
    assert_int_equal(s.server.len + s.pin.len + s.ack.len, 0);
    assert_true(s.acked == 0 && s.last_contact_ms == 0 && s.list == 0);
    assert_true(s.list_wanted == 0 && !s.offset_known);
}

static void what_is_set_is_read_by_the_till_and_after_reopening(void **state)
{
    (void)state;
    uint8_t head[HASH_BYTES];
    memset(head, 7, sizeof(head));
    struct inbox *till = reader();
    assert_int_equal(
        inbox_set_server(in, STR("https://[::1]:8443"), STR("sha256//QUJD")),
        ERR_OK);
    assert_int_equal(inbox_set_state(in, "active"), ERR_OK);
    assert_int_equal(
        inbox_set_ack(in, 41, head, STR("{\"ack\":\"1\"}\nab\n"), 3), ERR_OK);
    assert_int_equal(inbox_set_contact(in, INT64_C(1578999600000), -1500),
                     ERR_OK);
    for (int round = 0; round < 2; round++) {
        struct inbox_state s;
        assert_int_equal(inbox_state(till, &s), ERR_OK);
        assert_true(str_is(s.server, "https://[::1]:8443"));
        assert_true(str_is(s.pin, "sha256//QUJD"));
        assert_true(str_is(s.state, "active"));
        assert_true(str_is(s.ack, "{\"ack\":\"1\"}\nab\n"));
        assert_memory_equal(s.acked_head, head, sizeof(head));
        assert_true(s.acked == 41 && s.list_wanted == 3 && s.list == 0);
        assert_true(s.last_contact_ms == INT64_C(1578999600000));
        assert_true(s.offset_known && s.offset_ms == -1500);
        inbox_close(till);
        inbox_close(in);
        in = NULL;
        till = reader();
    }
    inbox_close(till);
}

/* Nobody has it open any more. */
static void meddle(const char *text)
{
    sqlite3 *handle = NULL;
    inbox_close(in);
    in = NULL;
    assert_int_equal(sqlite3_open(scratch_path(dir, "sync.db"), &handle),
                     SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(handle);
}

static void a_lost_row_of_state_is_damage(void **state)
{
    (void)state;
    meddle("DELETE FROM contact");
    struct inbox *r = reader();
    struct inbox_state s;
    assert_int_equal(inbox_state(r, &s), ERR_INBOX);
    assert_non_null(strstr(inbox_errmsg(r), "state"));
    inbox_close(r);
}

/* ---- lists ---- */

static const uint8_t seed[KEY_BYTES] = { 2 };

struct made {
    struct manifest m;
    struct page_name names[3];
    char hex[3][2 * HASH_BYTES + 1];
    uint8_t hash[3][HASH_BYTES];
};

static void make_list(struct made *out, int64_t version,
                      const char *const *pages, int n)
{
    *out = (struct made){ .m = { .booth = STR("A1"),
                                 .fair = STR("F1"),
                                 .n_pages = n,
                                 .version = version } };
    out->m.pages = out->names;
    for (int i = 0; i < n; i++) {
        BUF(hex, 128);
        hash_tagged("", str_of(pages[i]), out->hash[i]);
        buf_hex(&hex, out->hash[i], HASH_BYTES);
        memcpy(out->hex[i], buf_text(&hex), hex.len + 1);
        out->names[i].hash = str_of(out->hex[i]);
    }
}

static enum err adopt(const struct made *list, struct buf *lines)
{
    struct keypair key;
    key_from_seed(seed, &key);
    buf_clear(lines);
    manifest_encode(&list->m, &key, lines);
    key_done(&key);
    return inbox_adopt(in, &list->m, buf_slice(lines));
}

typedef enum err list_fn(struct inbox *in, const struct admission *ours,
                         struct inbox_list *out, struct buf *document);

static enum err read_list_by(list_fn *get, struct inbox *from, int64_t *version,
                             struct buf *out)
{
    struct keypair key;
    struct inbox_list list;
    BUF(hex, 2 * KEY_BYTES);
    key_from_seed(seed, &key);
    buf_hex(&hex, key.public_key, KEY_BYTES);
    key_done(&key);
    const struct admission ours = { .aggregator = buf_slice(&hex),
                                    .booth = STR("A1"),
                                    .fair = STR("F1") };
    enum err e = get(from, &ours, &list, out);
    if (!e)
        *version = list.version;
    return e;
}

static enum err read_list(struct inbox *from, int64_t *version, struct buf *out)
{
    return read_list_by(inbox_list, from, version, out);
}

static void expect_list(int64_t version, const char *bytes)
{
    struct inbox *till = reader();
    BUF(out, MAX_LIST);
    buf_puts(&out, ">");
    int64_t got = 0;
    assert_int_equal(read_list(till, &got, &out), ERR_OK);
    assert_true(got == version);
    assert_string_equal(buf_text(&out) + 1, bytes);
    inbox_close(till);
}

static void a_list_is_current_only_with_all_its_pages(void **state)
{
    (void)state;
    static const char *const one[] = { "p1\n", "p2\n" };
    static const char *const two[] = { "p2\n", "p3\n", "p2\n" };
    struct made a, b;
    make_list(&a, 1, one, 2);
    make_list(&b, 2, two, 3);
    BUF(out, MAX_TEXT);
    BUF(lines, MANIFEST_ROOM);
    int64_t version = -1;
    assert_int_equal(read_list(in, &version, &out), ERR_NOT_FOUND);
    assert_int_equal(inbox_put_page(in, a.hash[0], STR("p1\n")), ERR_OK);
    assert_int_equal(adopt(&a, &lines), ERR_LISTS);
    assert_int_equal(read_list(in, &version, &out), ERR_NOT_FOUND);
    assert_false(inbox_has_page(in, a.hash[1]));
    assert_int_equal(inbox_put_page(in, a.hash[1], STR("p2\n")), ERR_OK);
    assert_true(inbox_has_page(in, a.hash[1]));
    assert_int_equal(adopt(&a, &lines), ERR_OK);
    expect_list(1, "p1\np2\n");

    assert_int_equal(adopt(&b, &lines), ERR_LISTS);
    expect_list(1, "p1\np2\n");
    assert_int_equal(inbox_put_page(in, b.hash[1], STR("p3\n")), ERR_OK);
    assert_int_equal(adopt(&b, &lines), ERR_OK);
    expect_list(2, "p2\np3\np2\n");

    /* Back to an older version, and under a changed manifest. */
    assert_int_equal(adopt(&a, &lines), ERR_OK);
    expect_list(1, "p1\np2\n");
    b.m.version = 1;
    assert_int_equal(adopt(&b, &lines), ERR_OK);
    expect_list(1, "p2\np3\np2\n");
}

static void a_page_is_what_its_hash_says(void **state)
{
    (void)state;
    static const char *const pages[] = { "page" };
    struct made a;
    make_list(&a, 1, pages, 1);
    assert_int_equal(inbox_put_page(in, a.hash[0], STR("Page")), ERR_LISTS);
    assert_false(inbox_has_page(in, a.hash[0]));
    assert_int_equal(inbox_put_page(in, a.hash[0], STR("page")), ERR_OK);
    assert_int_equal(inbox_put_page(in, a.hash[0], STR("page")), ERR_OK);
    assert_true(inbox_has_page(in, a.hash[0]));
    a.names[0].hash = STR("nonsense");
    assert_int_equal(inbox_adopt(in, &a.m, STR("m")), ERR_LISTS);
}

/* The till knows by a tag of its own whether they are those it has checked. */
static void pages_come_unchecked_only_where_asked_for(void **state)
{
    struct made a;
    static const char *const pages[] = { "p1\n", "p2\n" };
    BUF(lines, MANIFEST_ROOM);
    (void)state;
    make_list(&a, 1, pages, 2);
    assert_int_equal(inbox_put_page(in, a.hash[0], STR("p1\n")), ERR_OK);
    assert_int_equal(inbox_put_page(in, a.hash[1], STR("p2\n")), ERR_OK);
    assert_int_equal(adopt(&a, &lines), ERR_OK);
    meddle("UPDATE page SET bytes = x'70330a' WHERE bytes = x'70320a'");
    struct inbox *till = reader();
    int64_t version;
    BUF(out, MAX_LIST);
    assert_int_equal(read_list(till, &version, &out), ERR_LISTS);
    assert_int_equal(out.len, 0);
    assert_int_equal(read_list_by(inbox_list_unchecked, till, &version, &out),
                     ERR_OK);
    assert_string_equal(buf_text(&out), "p1\np3\n");
    inbox_close(till);
    meddle("DELETE FROM page WHERE bytes = x'70330a'");
    till = reader();
    assert_int_equal(read_list_by(inbox_list_unchecked, till, &version, &out),
                     ERR_LISTS);
    assert_string_equal(buf_text(&out), "p1\np3\n");
    inbox_close(till);
}

static void a_list_longer_than_its_buffer_is_refused_whole(void **state)
{
    (void)state;
    static const char *const pages[] = { "12345", "67890" };
    struct made a;
    make_list(&a, 1, pages, 2);
    for (int i = 0; i < 2; i++)
        assert_int_equal(inbox_put_page(in, a.hash[i], str_of(pages[i])),
                         ERR_OK);
    BUF(lines, MANIFEST_ROOM);
    assert_int_equal(adopt(&a, &lines), ERR_OK);
    int64_t version = -1;
    BUF(small, 9);
    assert_int_equal(read_list(in, &version, &small), ERR_LIMIT);
    assert_int_equal(small.len, 0);
    assert_true(version == -1);
    BUF(fits, 10);
    assert_int_equal(read_list(in, &version, &fits), ERR_OK);
}

static void a_later_error_has_its_own_detail(void **state)
{
    (void)state;
    uint8_t hash[HASH_BYTES] = { 0 };
    sqlite3 *handle = NULL;
    assert_int_equal(inbox_put_page(in, hash, STR("page")), ERR_LISTS);
    assert_non_null(strstr(inbox_errmsg(in), "hash"));
    assert_int_equal(sqlite3_open(scratch_path(dir, "sync.db"), &handle),
                     SQLITE_OK);
    sqlite3_exec(handle, "DROP TABLE notice", NULL, NULL, NULL);
    sqlite3_close(handle);
    assert_int_not_equal(inbox_notice(in, "fork", STR("")), ERR_OK);
    assert_non_null(strstr(inbox_errmsg(in), "notice"));
}

/* ---- notices ---- */

struct heard {
    struct buf text;
    int64_t last, stop;
};

static enum err hear(void *ctx, int64_t id, struct str what, struct str text)
{
    struct heard *h = ctx;
    assert_true(id > h->last);
    h->last = id;
    buf_str(&h->text, what);
    buf_putc(&h->text, ':');
    buf_str(&h->text, text);
    buf_putc(&h->text, ';');
    return h->last == h->stop ? ERR_NOT_FOUND : ERR_OK;
}

static void notices_come_in_order_and_repetitions_once(void **state)
{
    (void)state;
    static const char *const given[][2] = {
        { "restored", "to 10" }, { "restored", "to 10" },
        { "restored", "to 11" }, { "fork", "to 11" },
        { "fork", "to 11" },     { "restored", "to 10" },
    };
    for (size_t i = 0; i < ARRAY_LEN(given); i++)
        assert_int_equal(inbox_notice(in, given[i][0], str_of(given[i][1])),
                         ERR_OK);
    struct heard h = { 0 };
    buf_init(&h.text, MAX_TEXT);
    struct inbox *till = reader();
    assert_int_equal(inbox_notices_after(till, 0, hear, &h), ERR_OK);
    assert_string_equal(buf_text(&h.text),
                        "restored:to 10;restored:to 11;fork:to 11;"
                        "restored:to 10;");
    int64_t last = h.last;
    assert_int_equal(inbox_notices_after(till, last, hear, &h), ERR_OK);
    assert_true(h.last == last);
    h = (struct heard){ .text = h.text, .last = 1, .stop = 2 };
    buf_clear(&h.text);
    assert_int_equal(inbox_notices_after(till, 1, hear, &h), ERR_NOT_FOUND);
    assert_string_equal(buf_text(&h.text), "restored:to 11;");
    inbox_close(till);
    buf_done(&h.text);
}

#define RULE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RULE(every_statement_fits_the_schema),
        RULE(a_directory_without_sync_db_is_not_set_up),
        RULE(a_second_writer_hears_who_is_first),
        RULE(a_file_that_is_no_database_is_damage_of_its_own),
        RULE(a_new_inbox_knows_nothing),
        RULE(what_is_set_is_read_by_the_till_and_after_reopening),
        RULE(a_lost_row_of_state_is_damage),
        RULE(a_list_is_current_only_with_all_its_pages),
        RULE(a_page_is_what_its_hash_says),
        RULE(pages_come_unchecked_only_where_asked_for),
        RULE(a_list_longer_than_its_buffer_is_refused_whole),
        RULE(a_later_error_has_its_own_detail),
        RULE(notices_come_in_order_and_repetitions_once),
    };
    return cmocka_run_group_tests_name("inbox", tests, NULL, NULL);
}
