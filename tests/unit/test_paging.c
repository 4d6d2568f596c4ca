/*
 * test_paging.c - lists as devices fetch them: versions, documents, manifest
 * and pages, what is remembered of them, and lists files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/env.h"
#include "sync/aggregator/ingest/paging.h"
#include "sync/aggregator/store/reference.h"
#include "tests/support/place.h"
#include "tests/support/pushing.h"
#include "tests/support/raw.h"

#define NOW INT64_C(1578900000000)

struct office {
    char dir[SCRATCH_ROOM];
    struct store *store;
    struct keys keys;
    struct book book; /* a device of booth A1 */
    struct paging *paging;
};

static void add_product(struct office *o, int64_t version, int i, int seen)
{
    BUF(sku, 32);
    BUF(name, 200);
    buf_printf(&sku, "SKU-%04d", i);
    buf_printf(&name, "Chả mực Hạ Long %d.%d", i, seen);
    struct catalogue_product p = { .p = { .sku = buf_slice(&sku),
                                          .name = buf_slice(&name),
                                          .unit = STR("kg"),
                                          .price_vnd = 1000 + i } };
    assert_int_equal(product_add(o->store, version, i, &p), ERR_OK);
}

/* A catalogue of n products that differs from others by `seen`. */
static void add_catalogue(struct office *o, int n, int seen)
{
    int64_t version = 0;
    assert_int_equal(store_group_begin(o->store), ERR_OK);
    assert_int_equal(catalogue_add(o->store, NOW, &version), ERR_OK);
    for (int i = 1; i <= n; i++)
        add_product(o, version, i, seen);
    assert_int_equal(listing_bump(o->store, STR(""), NOW), ERR_OK);
    assert_int_equal(store_group_commit(o->store), ERR_OK);
}

static void add_item(struct office *o, int64_t version, const char *code,
                     const char *sku, int64_t price)
{
    struct booth_item item = { .position = 1,
                               .booth = STR("A1"),
                               .code = str_of(code),
                               .sku = str_of(sku),
                               .price_vnd = price };
    assert_int_equal(booth_item_add(o->store, STR("XUAN"), version, &item),
                     ERR_OK);
}

static void add_fair(struct office *o)
{
    enum change change;
    struct fair f = { .code = "XUAN",
                      .name = "Hội chợ Xuân",
                      .first_day = 20200114,
                      .days = 6,
                      .n_closed = 1,
                      .closed = { 20200116 },
                      .opens_min = 480,
                      .closes_min = 1320,
                      .cut_off_min = 240 };
    struct booth b = { STR("A1"), STR("Hạ Long"), STR("in-province"), STR(""),
                       1 };
    const struct str gates[] = { STR("NAM"), STR("BAC") };
    assert_int_equal(fair_put(o->store, &f, &change), ERR_OK);
    assert_int_equal(booth_put(o->store, STR("XUAN"), &b, &change), ERR_OK);
    b.code = STR("A2");
    assert_int_equal(booth_put(o->store, STR("XUAN"), &b, &change), ERR_OK);
    assert_int_equal(gates_put(o->store, STR("XUAN"), gates, 2, &change),
                     ERR_OK);
}

static void admit(struct office *o)
{
    struct device d = { .fair = "XUAN", .booth = "A1", .label = "1" };
    struct admitted a = { STR("{}"), STR("00"), STR(""), NULL };
    device_id(o->book.device.public_key, d.device);
    memcpy(d.public_key, o->book.device.public_key, KEY_BYTES);
    assert_int_equal(store_admit(o->store, &d, &a), ERR_OK);
}

static int open_office(void **state)
{
    struct office *o = x_alloc(sizeof(*o));
    book_init(&o->book, 11, 200);
    pushing_keys(&o->book, &o->keys);
    place_make(o->dir);
    assert_int_equal(store_open(o->dir, STORE_WRITE, NULL, &o->store), ERR_OK);
    o->paging = paging_open(PAGING_BYTES);
    add_fair(o);
    admit(o);
    *state = o;
    return 0;
}

static int close_office(void **state)
{
    struct office *o = *state;
    paging_close(o->paging);
    store_close(o->store);
    place_remove(o->dir);
    book_done(&o->book);
    free(o);
    return 0;
}

/* What a question with this `want` brings behind the answer. */
static void fetch(struct office *o, struct str want, struct buf *out)
{
    char id[DEVICE_LEN + 1];
    device_id(o->book.device.public_key, id);
    struct push_header h = { .device = str_of(id), .want = want };
    buf_clear(out);
    assert_int_equal(paging_answer(o->paging, o->store, &o->keys, &h, out),
                     ERR_OK);
}

static void fetch_manifest(struct office *o, struct buf *bytes,
                           struct manifest *m)
{
    struct str rest;
    fetch(o, STR("manifest"), bytes);
    assert_int_equal(
        manifest_decode(buf_slice(bytes), o->keys.signing.public_key, m, &rest),
        ERR_OK);
    assert_int_equal(rest.len, 0);
    assert_true(str_is(m->fair, "XUAN") && str_is(m->booth, "A1"));
}

/* Fetches everything as a device does; the list as a till reads it. */
static struct lists *fetch_lists(struct office *o)
{
    struct manifest m;
    struct lists *lists = NULL;
    BUF(manifest, 2 * MAX_MANIFEST);
    BUF(page, MAX_PAGE);
    BUF(document, MAX_LIST);
    fetch_manifest(o, &manifest, &m);
    for (int64_t i = 0; i < m.n_pages; i++) {
        fetch(o, m.pages[i].hash, &page);
        assert_true(page.len > 0);
        buf_str(&document, buf_slice(&page));
    }
    assert_int_equal(lists_parse(&document, m.version, &lists), ERR_OK);
    free(m.pages);
    return lists;
}

/* ---- documents ----------------------------------------------------------- */

static void without_a_list_there_is_nothing_to_fetch(void **state)
{
    struct office *o = *state;
    int64_t version = 9;
    BUF(out, MAX_REPLY);
    assert_int_equal(
        listing_version(o->store, STR("XUAN"), STR("A1"), &version), ERR_OK);
    assert_int_equal(version, 0);
    fetch(o, STR("manifest"), &out);
    assert_int_equal(out.len, 0);
}

static void versions_are_minutes_and_always_grow(void **state)
{
    struct office *o = *state;
    int64_t version = 0;
    const struct str fair = STR("XUAN"), booth = STR("A1");
    assert_int_equal(listing_bump(o->store, fair, NOW), ERR_OK);
    assert_int_equal(listing_version(o->store, fair, booth, &version), ERR_OK);
    assert_int_equal(version, (NOW - INT64_C(1577836800000)) / 60000);
    assert_int_equal(listing_bump(o->store, fair, NOW), ERR_OK);
    assert_int_equal(listing_bump(o->store, STR(""), NOW - 86400000), ERR_OK);
    int64_t later = 0;
    assert_int_equal(listing_version(o->store, fair, booth, &later), ERR_OK);
    assert_int_equal(later, version + 2);
    assert_int_equal(listing_version(o->store, fair, STR("Z9"), &later),
                     ERR_OK);
    assert_int_equal(later, 0);
    assert_int_equal(listing_version(o->store, STR("HA"), booth, &later),
                     ERR_OK);
    assert_int_equal(later, 0);
}

static void a_free_fair_numbers_the_catalogue(void **state)
{
    struct office *o = *state;
    add_catalogue(o, 3, 0);
    struct lists *lists = fetch_lists(o);
    const struct list_fair *f = lists_fair(lists);
    assert_int_equal(f->restricted, 0);
    assert_int_equal(f->n_gates, 2);
    assert_true(str_is(f->gates[0].code, "NAM"));
    assert_true(str_is(f->gates[1].code, "BAC"));
    assert_int_equal(f->n_closed, 1);
    assert_int_equal(f->opens_min, 480);
    assert_int_equal(f->closes_min, 1320);
    assert_int_equal(lists_count(lists), 3);
    assert_true(str_is(lists_at(lists, 2)->code, "3"));
    assert_true(str_is(lists_at(lists, 2)->sku, "SKU-0003"));
    assert_int_equal(lists_at(lists, 2)->price_vnd, 1003);
    lists_close(lists);
}

static void what_the_organiser_refuses_reaches_every_booth(void **state)
{
    struct office *o = *state;
    struct fair f;
    enum change change;
    add_catalogue(o, 1, 0);
    struct lists *before = fetch_lists(o);
    assert_int_equal(lists_fair(before)->refuse, 0);
    assert_int_equal(fair_get(o->store, STR("XUAN"), &f), ERR_OK);
    f.refuse = REFUSE_EXPIRED;
    assert_int_equal(fair_put(o->store, &f, &change), ERR_OK);
    assert_int_equal(change, CHANGE_CHANGED);
    assert_int_equal(listing_bump(o->store, STR("XUAN"), NOW), ERR_OK);
    struct lists *after = fetch_lists(o);
    assert_int_equal(lists_fair(after)->refuse, REFUSE_EXPIRED);
    assert_true(lists_version(after) > lists_version(before));
    lists_close(before);
    lists_close(after);
}

static void a_booth_list_is_all_that_a_booth_may_sell(void **state)
{
    struct office *o = *state;
    int64_t version = 0;
    add_catalogue(o, 5, 0);
    assert_int_equal(booth_list_add(o->store, STR("XUAN"), NOW, &version),
                     ERR_OK);
    add_item(o, version, "40", "SKU-0004", 777);
    add_item(o, version, "20", "SKU-0002", -1);
    add_item(o, version, "99", "SKU-0099", -1); /* not in the catalogue */
    assert_int_equal(listing_bump(o->store, STR("XUAN"), NOW), ERR_OK);
    struct lists *lists = fetch_lists(o);
    assert_int_equal(lists_fair(lists)->restricted, 1);
    assert_int_equal(lists_count(lists), 2);
    assert_int_equal(lists_find(lists, STR("40"))->price_vnd, 777);
    assert_int_equal(lists_find(lists, STR("20"))->price_vnd, 1002);
    lists_close(lists);
}

static void a_large_list_comes_page_by_page(void **state)
{
    struct office *o = *state;
    add_catalogue(o, 1500, 0);
    struct lists *lists = fetch_lists(o);
    assert_int_equal(lists_count(lists), 1500);
    assert_true(str_is(lists_at(lists, 1499)->sku, "SKU-1500"));
    lists_close(lists);
}

/* ---- what is remembered -------------------------------------------------- */

static void a_new_version_is_seen_at_once(void **state)
{
    struct office *o = *state;
    struct manifest old, new;
    BUF(a, 2 * MAX_MANIFEST);
    BUF(b, 2 * MAX_MANIFEST);
    BUF(page, MAX_PAGE);
    add_catalogue(o, 3, 0);
    fetch_manifest(o, &a, &old);
    add_catalogue(o, 3, 1);
    fetch_manifest(o, &b, &new);
    assert_true(new.version > old.version);
    fetch(o, old.pages[0].hash, &page);
    assert_int_equal(page.len, 0); /* the device asks for the manifest again */
    fetch(o, new.pages[0].hash, &page);
    assert_non_null(strstr(buf_text(&page), "Chả mực Hạ Long 3.1"));
    free(old.pages);
    free(new.pages);
}

/* A page comes from memory: the store is not asked for the document again. */
static void a_document_is_made_once_for_all_its_pages(void **state)
{
    struct office *o = *state;
    struct manifest m;
    BUF(bytes, 2 * MAX_MANIFEST);
    BUF(page, MAX_PAGE);
    add_catalogue(o, 1500, 0);
    fetch_manifest(o, &bytes, &m);
    assert_true(m.n_pages > 2);
    raw_exec(o->store, "DELETE FROM product");
    for (int64_t i = 0; i < m.n_pages; i++) {
        fetch(o, m.pages[i].hash, &page);
        assert_true(page.len > 0);
    }
    free(m.pages);
}

static void move_to(struct office *o, const char *booth)
{
    BUF(sql, 200);
    buf_printf(&sql, "UPDATE device SET booth = '%s'", booth);
    raw_exec(o->store, buf_text(&sql));
}

/* With room for one document only two booths take turns; both stay right. */
static void what_does_not_fit_is_made_again(void **state)
{
    struct office *o = *state;
    BUF(a, 2 * MAX_MANIFEST);
    BUF(b, 2 * MAX_MANIFEST);
    paging_close(o->paging);
    o->paging = paging_open(1);
    add_catalogue(o, 100, 0);
    for (int i = 0; i < 3; i++) {
        move_to(o, "A1");
        fetch(o, STR("manifest"), &a);
        move_to(o, "A2");
        fetch(o, STR("manifest"), &b);
        assert_non_null(strstr(buf_text(&a), "\"booth\":\"A1\""));
        assert_non_null(strstr(buf_text(&b), "\"booth\":\"A2\""));
    }
}

static void who_wants_nothing_or_is_nowhere_gets_nothing(void **state)
{
    struct office *o = *state;
    BUF(out, MAX_REPLY);
    add_catalogue(o, 3, 0);
    fetch(o, STR(""), &out);
    assert_int_equal(out.len, 0);
    move_to(o, "Z9");
    fetch(o, STR("manifest"), &out);
    assert_int_equal(out.len, 0);
}

/* ---- files --------------------------------------------------------------- */

static void a_file_holds_every_booth_and_each_page_once(void **state)
{
    struct office *o = *state;
    struct strmap *seen = strmap_open();
    BUF(out, MAX_OUTPUT);
    struct paging_file f = { o->store, &o->keys, seen, &out };
    int manifests = 0, pages = 0;
    struct file_record r;
    add_catalogue(o, 1500, 0);
    assert_int_equal(paging_file_put(&f, STR("XUAN"), STR("A1")), ERR_OK);
    assert_int_equal(paging_file_put(&f, STR("XUAN"), STR("A2")), ERR_OK);
    assert_int_equal(paging_file_put(&f, STR("XUAN"), STR("A1")), ERR_OK);
    assert_int_equal(paging_file_put(&f, STR("XUAN"), STR("Z9")), ERR_OK);
    struct str rest = buf_slice(&out);
    while (file_record_next(&rest, &r) == ERR_OK) {
        manifests += str_is(r.kind, "manifest");
        pages += str_is(r.kind, "page");
    }
    assert_int_equal(rest.len, 0);
    assert_int_equal(manifests, 3);
    assert_int_equal(pages, strmap_count(seen));
    strmap_close(seen);
}

static void a_file_that_grows_too_large_is_refused(void **state)
{
    struct office *o = *state;
    struct strmap *seen = strmap_open();
    BUF(out, 4096);
    struct paging_file f = { o->store, &o->keys, seen, &out };
    add_catalogue(o, 100, 0);
    assert_int_equal(paging_file_put(&f, STR("XUAN"), STR("A1")), ERR_LIMIT);
    strmap_close(seen);
}

#define OFFICE(test) \
    cmocka_unit_test_setup_teardown(test, open_office, close_office)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OFFICE(without_a_list_there_is_nothing_to_fetch),
        OFFICE(versions_are_minutes_and_always_grow),
        OFFICE(a_free_fair_numbers_the_catalogue),
        OFFICE(what_the_organiser_refuses_reaches_every_booth),
        OFFICE(a_booth_list_is_all_that_a_booth_may_sell),
        OFFICE(a_large_list_comes_page_by_page),
        OFFICE(a_new_version_is_seen_at_once),
        OFFICE(a_document_is_made_once_for_all_its_pages),
        OFFICE(what_does_not_fit_is_made_again),
        OFFICE(who_wants_nothing_or_is_nowhere_gets_nothing),
        OFFICE(a_file_holds_every_booth_and_each_page_once),
        OFFICE(a_file_that_grows_too_large_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
