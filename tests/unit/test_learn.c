/*
 * test_learn.c - pages of a list are checked once, and what was checked is
 * known again.
 */
#include "pos/till/learn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "tests/support/till_fixture.h"

#define SEEN "state.lists"

enum { TAG_ROOM = 2 * HASH_BYTES + 1 };

static struct till_fixture f;

static int set_up(void **state)
{
    (void)state;
    till_fixture_init(&f);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    till_fixture_done(&f);
    return 0;
}

static enum err tag_take(void *ctx, const char *id, struct str bytes)
{
    if (strcmp(id, SEEN) == 0) {
        assert_true(bytes.len < TAG_ROOM);
        memcpy(ctx, bytes.data, bytes.len);
    }
    return ERR_OK;
}

/* What the open till keeps; "" when it keeps none. */
static void tag_get(char out[TAG_ROOM])
{
    memset(out, 0, TAG_ROOM);
    assert_int_equal(ledger_draft_each(f.till.ledger, tag_take, out), ERR_OK);
}

static void tag_set(const char *tag)
{
    assert_int_equal(ledger_draft_save(f.till.ledger, SEEN, str_of(tag)),
                     ERR_OK);
}

static void assert_sells(void)
{
    assert_non_null(f.till.lists);
    const struct product *p = lists_find(f.till.lists, STR("1"));
    assert_int_equal(p->price_vnd, 450000);
}

static void meddle(const char *text)
{
    sqlite3 *db = NULL;
    till_fixture_close(&f);
    assert_int_equal(sqlite3_open(scratch_path(f.dir, "sync.db"), &db),
                     SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void what_was_checked_is_known_until_it_changes(void **state)
{
    struct list_fair fair = till_fixture_fair();
    char first[TAG_ROOM], second[TAG_ROOM];
    (void)state;
    till_fixture_open(&f);
    tag_get(first);
    assert_int_equal(strlen(first), 2 * HASH_BYTES);
    till_fixture_open(&f);
    assert_sells();
    tag_get(second);
    assert_string_equal(first, second);
    till_fixture_adopt(&f, &fair, till_fixture_products,
                       till_fixture_n_products); /* the same under a new name */
    till_fixture_open(&f);
    assert_sells();
    tag_get(second);
    assert_string_not_equal(first, second);
}

/* Who has not the device's key cannot say that something was checked. */
static void a_forged_tag_is_none(void **state)
{
    char right[TAG_ROOM], now[TAG_ROOM];
    (void)state;
    till_fixture_open(&f);
    tag_get(right);
    static const char *const forged[] = {
        "", "0",
        ("00000000000000000000000000000000"
         "00000000000000000000000000000000")
    };
    for (size_t i = 0; i < ARRAY_LEN(forged); i++) {
        tag_set(forged[i]);
        till_fixture_open(&f);
        assert_sells();
        tag_get(now);
        assert_string_equal(now, right);
    }
}

static void pages_changed_behind_our_back_are_no_list(void **state)
{
    static const char wrong[] =
        "UPDATE page SET bytes = CAST(replace(CAST(bytes AS TEXT),"
        " '450000', '450001') AS BLOB)";
    static const char right[] =
        "UPDATE page SET bytes = CAST(replace(CAST(bytes AS TEXT),"
        " '450001', '450000') AS BLOB)";
    char before[TAG_ROOM], after[TAG_ROOM];
    (void)state;
    till_fixture_open(&f);
    tag_get(before);
    meddle(wrong);
    till_fixture_open(&f);
    assert_null(f.till.lists);
    tag_get(after);
    assert_string_equal(before, after);
    meddle(right);
    till_fixture_open(&f);
    assert_sells();
}

/* It has no key, and leaves no tag. */
static void a_reader_checks_for_itself(void **state)
{
    struct till reader;
    char tag[TAG_ROOM];
    (void)state;
    till_fixture_open(&f);
    tag_set("none");
    assert_int_equal(till_open(f.dir, LEDGER_READ, "reader", NULL, &reader),
                     ERR_OK);
    assert_non_null(reader.lists);
    till_close(&reader);
    tag_get(tag);
    assert_string_equal(tag, "none");
}

#define RULE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RULE(what_was_checked_is_known_until_it_changes),
        RULE(a_forged_tag_is_none),
        RULE(pages_changed_behind_our_back_are_no_list),
        RULE(a_reader_checks_for_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
