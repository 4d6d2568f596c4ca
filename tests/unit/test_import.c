/*
 * test_import.c - files into the store: all or nothing, every error with its
 * line, and what was added, changed, unchanged, removed.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/conf.h"
#include "fair/env.h"
#include "sync/aggregator/admin/import.h"
#include "sync/aggregator/ingest/ingest.h"
#include "sync/aggregator/store/check.h"
#include "sync/aggregator/store/listing.h"
#include "sync/aggregator/store/office.h"
#include "tests/support/place.h"
#include "tests/support/pushing.h"
#include "tests/support/raw.h"
#include "tests/support/vfs_fault.h"

static const struct conf_key conf_keys[] = { { "language", CONF_CHOICE, 0, 0,
                                               "vi|en" },
                                             { "store", CONF_TEXT, 0, 0, NULL },
                                             { NULL, CONF_INT, 0, 0, NULL } };

struct desk {
    const char *format;                          /* that commands answer in */
    char dir[SCRATCH_ROOM], where[SCRATCH_ROOM]; /* of keys, of the store */
    struct buf conf;
    struct cli_command commands[IMPORT_COMMANDS + 1];
    struct cli_program program;
};

static void with_store(struct desk *d, void (*act)(struct store *s, void *ctx),
                       void *ctx)
{
    struct store *s = NULL;
    assert_int_equal(store_open(d->where, STORE_WRITE, NULL, &s), ERR_OK);
    act(s, ctx);
    store_close(s);
}

static void add_fair(struct store *s, void *ctx)
{
    enum change change;
    struct fair f = {
        .code = "XUAN", .name = "Xuân", .first_day = 20200114, .days = 6
    };
    (void)ctx;
    assert_int_equal(fair_put(s, &f, &change), ERR_OK);
}

/* What the commands find in their configuration. */
static void configure(struct desk *d, const char *store)
{
    buf_clear(&d->conf);
    buf_printf(&d->conf, "language = en\nstore = %s\n", store);
    d->program.conf_defaults = buf_slice(&d->conf);
}

static int open_desk(void **state)
{
    struct desk *d = x_alloc(sizeof(*d));
    scratch_make(d->dir);
    place_beside(d->dir, d->where);
    assert_int_equal(keys_make(d->dir), ERR_OK);
    for (int i = 0; i < IMPORT_COMMANDS; i++)
        d->commands[i] = import_commands[i];
    d->program = (struct cli_program){ .name = "test",
                                       .version = "1",
                                       .about = "test",
                                       .conf_keys = conf_keys,
                                       .commands = d->commands };
    buf_init(&d->conf, MAX_TEXT);
    configure(d, engine_is_address(d->where) ? d->where : "");
    with_store(d, add_fair, NULL);
    d->format = "json";
    *state = d;
    return 0;
}

static int close_desk(void **state)
{
    struct desk *d = *state;
    place_remove(d->where);
    scratch_remove(d->dir);
    buf_done(&d->conf);
    free(d);
    return 0;
}

/* `import KIND FILE …` of a file with this text; result or detail in `said`. */
static enum err import_bytes(struct desk *d, const char *kind, struct str bytes,
                             bool dry, struct buf *said)
{
    struct cli cli;
    scratch_write(d->dir, "file", bytes);
    bool fair = strcmp(kind, "booths") == 0 || strcmp(kind, "list") == 0;
    const char *argv[12] = { "test",    "--data", d->dir, "--format",
                             d->format, "import", kind,   NULL };
    int n = 7;
    argv[n++] = scratch_path(d->dir, "file");
    if (fair) {
        argv[n++] = "--fair";
        argv[n++] = "XUAN";
    }
    if (dry)
        argv[n++] = "--dry-run";
    enum err e = cli_carry_out(&d->program, n, argv, &cli);
    buf_clear(said);
    buf_str(said, buf_slice(e == ERR_OK ? &cli.out : &cli.detail));
    cli_done(&cli);
    return e;
}

static void imports(struct desk *d, const char *kind, const char *text,
                    const char *wanted)
{
    BUF(said, MAX_TEXT);
    enum err e = import_bytes(d, kind, str_of(text), false, &said);
    if (e != ERR_OK || !strstr(buf_text(&said), wanted))
        fail_msg("%d %s\nof\n%s", e, buf_text(&said), text);
}

static void refuses(struct desk *d, const char *kind, const char *text,
                    const char *wanted)
{
    BUF(said, MAX_TEXT);
    enum err e = import_bytes(d, kind, str_of(text), false, &said);
    if (e != ERR_INVALID || !strstr(buf_text(&said), wanted))
        fail_msg("%d %s\nof\n%s", e, buf_text(&said), text);
}

static void take_version(struct store *s, void *ctx)
{
    assert_int_equal(listing_version(s, STR("XUAN"), STR("A1"), ctx), ERR_OK);
}

static int64_t version(struct desk *d)
{
    int64_t n = -1;
    with_store(d, take_version, &n);
    return n;
}

#define COUNTS(added, changed, unchanged, removed)                             \
    "{\"added\":" #added ",\"changed\":" #changed ",\"unchanged\":" #unchanged \
    ",\"removed\":" #removed ","

#define BOOTHS "booth,name,origin,stands,place\n"
#define A1     "A1,Hạ Long,in-province,2,Ba Chẽ\n"
#define A2     "A2,Lạng Sơn,other-province,,\n"

#define CATALOGUE                                                       \
    "sku,name,unit,price_vnd,producer,producer_kind,place,group,stars," \
    "certificate,certified_on,expires_on,barcode\n"
#define TEA_NAME "TEA,Trà hoa vàng,hộp,120000,HTX Ba Chẽ,hợp tác xã,"
#define TEA_REST "Ba Chẽ,Đồ uống,4,QN-1,2017-01-15,2020-01-15,8936012340013\n"
#define TEA      TEA_NAME TEA_REST
#define SQUID    "SQUID,Chả mực,kg,450000,,,,,,,,,\n"

/* ---- booths -------------------------------------------------------------- */

static void booths_are_counted_against_what_is_there(void **state)
{
    struct desk *d = *state;
    imports(d, "booths", BOOTHS A1 A2, COUNTS(2, 0, 0, 0));
    int64_t first = version(d);
    assert_true(first > 0);
    imports(d, "booths", BOOTHS A1 A2, COUNTS(0, 0, 2, 0));
    assert_int_equal(version(d), first); /* no till need fetch anything */
    imports(d, "booths",
            BOOTHS "A1,Hạ Long,foreign,2,Ba Chẽ\nB1,Mới,service,,\n",
            COUNTS(1, 1, 0, 0));
    assert_int_equal(version(d), first + 1);
    imports(d, "booths", BOOTHS A2, COUNTS(0, 0, 1, 0)); /* absent ones stay */
}

static void m28_a_dry_run_only_checks(void **state)
{
    struct desk *d = *state;
    BUF(said, MAX_TEXT);
    assert_int_equal(import_bytes(d, "booths", STR(BOOTHS A1), true, &said),
                     ERR_OK);
    assert_non_null(strstr(buf_text(&said), COUNTS(1, 0, 0, 0)));
    assert_non_null(strstr(buf_text(&said), "\"dry_run\":true"));
    assert_int_equal(version(d), 0);
    imports(d, "booths", BOOTHS A1, COUNTS(1, 0, 0, 0));
}

static void m28_one_bad_line_rejects_the_file_and_all_are_named(void **state)
{
    struct desk *d = *state;
    BUF(said, MAX_TEXT);
    enum err e = import_bytes(
        d, "booths", STR(BOOTHS A1 "a2,Bad,foreign,1,\n" A2 "B3,X,abroad,0,\n"),
        false, &said);
    assert_int_equal(e, ERR_INVALID);
    assert_non_null(strstr(buf_text(&said), "3"));
    assert_non_null(strstr(buf_text(&said), "booth"));
    assert_non_null(strstr(buf_text(&said), "5"));
    assert_non_null(strstr(buf_text(&said), "origin"));
    assert_non_null(strstr(buf_text(&said), "stands"));
    assert_int_equal(version(d), 0);
}

static void odd_booths_are_refused(void **state)
{
    struct desk *d = *state;
    refuses(d, "booths", BOOTHS A1 "A1,Lạng Sơn,foreign,1,\n", "twice");
    refuses(d, "booths", BOOTHS "A1234567,X,foreign,1,\n", "booth");
    refuses(d, "booths", BOOTHS "A1,\x1b[2J,foreign,1,\n", "name");
    refuses(d, "booths", BOOTHS "A1,X,foreign,1001,\n", "stands");
    refuses(d, "booths", BOOTHS "A1,X,foreign,-1,\n", "stands");
    refuses(d, "booths", "booth,name\nA1,X\n", "origin");
    refuses(d, "booths", "booth,name,origin,shoe\nA1,X,foreign,1\n", "shoe");
}

static void a_text_that_looks_like_a_formula_is_kept(void **state)
{
    struct desk *d = *state;
    imports(d, "booths", BOOTHS "A1,=1+1,foreign,1,\n", COUNTS(1, 0, 0, 0));
    imports(d, "booths", BOOTHS "A1,=1+1,foreign,1,\n", COUNTS(0, 0, 1, 0));
}

/* ---- catalogue ----------------------------------------------------------- */

static void m28_a_catalogue_is_a_whole_new_version(void **state)
{
    struct desk *d = *state;
    imports(d, "booths", BOOTHS A1, COUNTS(1, 0, 0, 0));
    int64_t before = version(d);
    imports(d, "catalogue", CATALOGUE TEA SQUID, COUNTS(2, 0, 0, 0));
    assert_int_equal(version(d), before + 1);
    imports(d, "catalogue", CATALOGUE TEA SQUID, COUNTS(0, 0, 2, 0));
    assert_int_equal(version(d), before + 1);
    imports(d, "catalogue", CATALOGUE SQUID, COUNTS(0, 0, 1, 1));
    assert_int_equal(version(d), before + 2);
    imports(d, "catalogue", CATALOGUE TEA "SQUID,Chả mực,kg,1,,,,,,,,,\n",
            COUNTS(1, 1, 0, 0));
}

static void odd_products_are_refused(void **state)
{
    static const struct {
        const char *row, *why;
    } cases[] = {
        { "Ô,Trà,kg,1,,,,,,,,,\n", "sku" },
        { "T,,kg,1,,,,,,,,,\n", "name" },
        { "T,Trà,kg,-1,,,,,,,,,\n", "price_vnd" },
        { "T,Trà,kg,1.5,,,,,,,,,\n", "price_vnd" },
        { "T,Trà,kg,99999999999999,,,,,,,,,\n", "price_vnd" },
        { "T,Trà,kg,1,,,,,2,,,,\n", "stars" },
        { "T,Trà,kg,1,,,,,6,,,,\n", "stars" },
        { "T,Trà,kg,1,,,,,4,C,,2020-01-01,\n", "certificate" },
        { "T,Trà,kg,1,,,,,4,C,2020-02-30,2021-01-01,\n", "certified_on" },
        { "T,Trà,kg,1,,,,,4,C,2021-01-02,2021-01-01,\n", "expires_on" },
        { "T,Trà,kg,1,,,,,,,,,8936012340014\n", "barcode" },
        { "T,Trà,kg,1,,,,,,,,,12345\n", "barcode" },
    };
    struct desk *d = *state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        BUF(text, MAX_TEXT);
        buf_printf(&text, CATALOGUE TEA "%s", cases[i].row);
        refuses(d, "catalogue", buf_text(&text), cases[i].why);
    }
    refuses(d, "catalogue", CATALOGUE TEA TEA, "twice");
}

static void a_catalogue_no_list_could_hold_is_refused(void **state)
{
    struct desk *d = *state;
    BUF(text, MAX_CSV);
    BUF(said, MAX_TEXT);
    buf_puts(&text, CATALOGUE);
    /* 50,000 products whose lines are longer than 32 MiB together. */
    for (int i = 0; i < 50000; i++) {
        buf_printf(&text, "S%d", i);
        for (int k = 0; k < 2; k++) {
            buf_putc(&text, ',');
            for (int c = 0; c < 78; c++)
                buf_puts(&text, "ệ");
        }
        buf_puts(&text, ",1,");
        for (int c = 0; c < 78; c++)
            buf_puts(&text, "ệ");
        buf_puts(&text, ",,,,,,,,\n");
    }
    assert_true(buf_ok(&text));
    assert_int_equal(
        import_bytes(d, "catalogue", buf_slice(&text), false, &said),
        ERR_INVALID);
}

/* ---- what a booth may sell ----------------------------------------------- */

#define LIST "booth,code,sku,price_vnd,hotkey\n"

static void set_up(struct desk *d)
{
    imports(d, "booths", BOOTHS A1 A2, COUNTS(2, 0, 0, 0));
    imports(d, "catalogue", CATALOGUE TEA SQUID, COUNTS(2, 0, 0, 0));
}

static void a_list_names_what_is_there(void **state)
{
    struct desk *d = *state;
    set_up(d);
    imports(d, "list", LIST "A1,10,TEA,,1\nA1,20,SQUID,400000,\nA2,10,TEA,,1\n",
            COUNTS(3, 0, 0, 0));
    imports(d, "list", LIST "A1,10,TEA,,1\nA1,20,SQUID,400001,\n",
            COUNTS(0, 1, 1, 1));
    refuses(d, "list", LIST "B9,10,TEA,,\n", "booth");
    refuses(d, "list", LIST "A1,10,WINE,,\n", "sku");
    refuses(d, "list", LIST "A1,10,TEA,,1\nA1,20,SQUID,,1\n", "hotkey");
    refuses(d, "list", LIST "A1,10,TEA,,13\n", "hotkey");
    refuses(d, "list", LIST "A1,10,TEA,,\nA1,10,SQUID,,\n", "twice");
    refuses(d, "list", LIST "A1,1-0,TEA,,\n", "code");
}

/* ---- figures ------------------------------------------------------------- */

static void take_figures(struct store *s, void *ctx)
{
    struct figures f;
    BUF(strings, MAX_TEXT);
    (void)ctx;
    assert_int_equal(figures_get(s, STR("HA-2019"), &f, &strings), ERR_OK);
    assert_int_equal(f.days, 5);
    assert_int_equal(f.first_day, 0);
    assert_int_equal(f.visits, 70000);
    assert_int_equal(f.revenue_in_province_vnd, -1);
    assert_int_equal(f.revenue_all_vnd, 0);
}

static void figures_tell_unknown_from_nothing(void **state)
{
    static const char row[] =
        "fair,name,days,first_day,visits,revenue_in_province_vnd,"
        "revenue_all_vnd,note\nHA-2019,Hè,5,,70000,,0,\n";
    struct desk *d = *state;
    imports(d, "figures", row, COUNTS(1, 0, 0, 0));
    imports(d, "figures", row, COUNTS(0, 0, 1, 0));
    with_store(d, take_figures, NULL);
    imports(d, "figures", "fair,name,days\nHA-2019,Hè,5\n", COUNTS(0, 1, 0, 0));
    refuses(d, "figures", "fair,name,days\nHA,Hè,5\nHA,Hè,6\n", "twice");
    refuses(d, "figures", "fair,name,days\nHA,Hè,367\n", "days");
}

/* ---- ledgers ------------------------------------------------------------- */

struct carried {
    struct book book, twin;
    struct keys keys;
    struct buf file;
};

/* A till of this directory's aggregator with `n` events, and a copy of it
 * that went its own way after event 5. */
static void write_ledger(struct desk *d, struct carried *c, int n)
{
    BUF(hex, 2 * KEY_BYTES);
    assert_int_equal(keys_load(d->dir, &c->keys), ERR_OK);
    buf_init(&c->file, MAX_OUTPUT);
    book_init(&c->book, 5, 200);
    book_init(&c->twin, 5, 200);
    struct str own = c->book.admission.aggregator;
    c->book.aggregator = c->keys.signing;
    buf_hex(&hex, c->keys.signing.public_key, KEY_BYTES);
    c->book.admission.aggregator = buf_slice(&hex);
    book_enrol(&c->book);
    c->book.admission.aggregator = own;
    while (c->book.n < n)
        book_visit(&c->book, 1);
    for (int seq = 1; seq <= 5; seq++)
        book_bytes(&c->twin, book_line(&c->book, seq));
    while (c->twin.n < n)
        book_note(&c->twin, STR("copy"));
}

static void carried_done(struct carried *c)
{
    book_done(&c->book);
    book_done(&c->twin);
    keys_done(&c->keys);
    buf_done(&c->file);
}

static void put(struct carried *c, const struct book *b, int from, int to)
{
    pushing_put(b, (struct pushing){ from, to, NULL, &c->keys }, &c->file);
}

static enum err carry(struct desk *d, struct carried *c, struct buf *said)
{
    return import_bytes(d, "ledger", buf_slice(&c->file), false, said);
}

static void a_ledger_by_hand_is_as_good_as_by_wire(void **state)
{
    struct desk *d = *state;
    struct carried c;
    BUF(said, MAX_TEXT);
    write_ledger(d, &c, 20);
    put(&c, &c.book, 1, 8);
    put(&c, &c.book, 9, 20);
    assert_int_equal(carry(d, &c, &said), ERR_OK);
    assert_non_null(strstr(buf_text(&said), "\"events\":20,\"new\":20"));
    assert_int_equal(carry(d, &c, &said), ERR_OK);
    assert_non_null(strstr(buf_text(&said), "\"events\":20,\"new\":0"));
    carried_done(&c);
}

static void pack_all(struct store *s, void *ctx)
{
    const struct book *b = ctx;
    struct packing step = { .events = 1 };
    char id[DEVICE_LEN + 1];
    device_id(b->device.public_key, id);
    while (step.events > 0)
        assert_int_equal(store_pack(s, str_of(id), &step), ERR_OK);
}

static void damage_all(struct store *s, void *ctx)
{
    (void)ctx;
    raw_exec(s, "UPDATE packed SET size = 0");
    raw_exec(s, "UPDATE segment SET bytes = 'x'");
}

static void fold_all(struct store *s, void *ctx)
{
    int64_t folded = 1;
    (void)ctx;
    while (folded > 0)
        assert_int_equal(store_fold_step(s, 1000, &folded), ERR_OK);
}

struct soundness {
    int64_t damaged, packed, count, beyond;
};

static void look_at_it(struct store *s, void *ctx)
{
    struct soundness *look = ctx;
    assert_int_equal(check_chains(s, NULL, NULL, &look->damaged), ERR_OK);
    look->packed = raw_int(s, "SELECT count(*) FROM packed");
    look->count = raw_int(s, "SELECT count FROM device");
    look->beyond = raw_int(s, "SELECT count(*) FROM fold_beyond");
}

static void expect_sound(struct desk *d, struct soundness wanted)
{
    struct soundness look;
    with_store(d, look_at_it, &look);
    assert_int_equal(look.damaged, wanted.damaged);
    assert_int_equal(look.packed, wanted.packed);
    assert_int_equal(look.count, wanted.count);
    assert_int_equal(look.beyond, wanted.beyond);
}

/* Twelve events packed and eight more, folded, and then all damaged. */
static void damage_twenty(struct desk *d, struct carried *c)
{
    BUF(said, MAX_TEXT);
    put(c, &c->book, 1, 12);
    assert_int_equal(carry(d, c, &said), ERR_OK);
    assert_non_null(strstr(buf_text(&said), "\"mended\":false"));
    with_store(d, pack_all, &c->book);
    put(c, &c->book, 13, 20);
    assert_int_equal(carry(d, c, &said), ERR_OK);
    with_store(d, fold_all, NULL);
    with_store(d, damage_all, NULL);
    expect_sound(d, (struct soundness){ 1, 1, 20, 0 });
}

static void a_ledger_mends_what_is_damaged(void **state)
{
    struct desk *d = *state;
    struct carried c;
    BUF(said, MAX_TEXT);
    write_ledger(d, &c, 30);
    damage_twenty(d, &c);
    buf_clear(&c.file);
    put(&c, &c.book, 1, 10);
    put(&c, &c.book, 11, 20);
    assert_int_equal(carry(d, &c, &said), ERR_OK);
    assert_non_null(strstr(buf_text(&said), "\"new\":0,\"mended\":true"));
    expect_sound(d, (struct soundness){ 0, 0, 20, 1 });
    with_store(d, damage_all, NULL);
    put(&c, &c.book, 21, 25); /* and what is new besides */
    assert_int_equal(carry(d, &c, &said), ERR_OK);
    assert_non_null(strstr(buf_text(&said), "\"new\":5,\"mended\":true"));
    expect_sound(d, (struct soundness){ 0, 0, 25, 1 });
    carried_done(&c);
}

/* Not all of it, not from the first on, or another ledger. */
static void only_what_was_acknowledged_mends(void **state)
{
    struct desk *d = *state;
    struct carried c;
    BUF(said, MAX_TEXT);
    write_ledger(d, &c, 30);
    damage_twenty(d, &c);
    for (int i = 0; i < 3; i++) {
        buf_clear(&c.file);
        put(&c, i == 2 ? &c.twin : &c.book, i == 1 ? 2 : 1, i == 0 ? 19 : 20);
        (void)carry(d, &c, &said);
        expect_sound(d, (struct soundness){ 1, 1, 20, 0 });
    }
    carried_done(&c);
}

static void a_ledger_cut_short_is_good_so_far(void **state)
{
    struct desk *d = *state;
    struct carried c;
    BUF(said, MAX_TEXT);
    write_ledger(d, &c, 20);
    put(&c, &c.book, 1, 8);
    put(&c, &c.book, 9, 20);
    c.file.len -= 10;
    assert_int_equal(carry(d, &c, &said), ERR_FORM);
    assert_non_null(strstr(buf_text(&said), "8 events"));
    c.file.len += 10;
    assert_int_equal(carry(d, &c, &said), ERR_OK);
    assert_non_null(strstr(buf_text(&said), "\"new\":12"));
    carried_done(&c);
}

static void a_copy_that_went_its_own_way_is_told(void **state)
{
    struct desk *d = *state;
    struct carried c;
    BUF(said, MAX_TEXT);
    write_ledger(d, &c, 12);
    put(&c, &c.book, 1, 12);
    assert_int_equal(carry(d, &c, &said), ERR_OK);
    buf_clear(&c.file);
    put(&c, &c.twin, 1, 7);
    put(&c, &c.twin, 8, 10);
    assert_int_equal(carry(d, &c, &said), ERR_OK);
    assert_non_null(strstr(buf_text(&said), "\"events\":10,\"new\":0,"));
    assert_non_null(strstr(buf_text(&said), "\"aside\":5"));
    assert_int_equal(carry(d, &c, &said), ERR_OK);
    assert_non_null(strstr(buf_text(&said), "\"aside\":0"));
    d->format = "text";
    assert_int_equal(carry(d, &c, &said), ERR_OK);
    assert_non_null(strstr(buf_text(&said), "set aside before"));
    assert_null(strstr(buf_text(&said), "decide"));
    put(&c, &c.twin, 11, 12);
    assert_int_equal(carry(d, &c, &said), ERR_OK);
    assert_non_null(strstr(buf_text(&said), "2 events are set aside"));
    assert_non_null(strstr(buf_text(&said), "Branch 3, from number 11 on"));
    assert_non_null(strstr(buf_text(&said), "count-branch 3\n"));
    assert_null(strstr(buf_text(&said), "count-branch 2\n"));
    carried_done(&c);
}

static void what_is_no_ledger_of_ours_is_refused(void **state)
{
    struct desk *d = *state;
    struct carried c;
    BUF(said, MAX_TEXT);
    write_ledger(d, &c, 12);
    assert_int_equal(carry(d, &c, &said), ERR_INVALID); /* empty */
    put(&c, &c.book, 4, 6);
    assert_int_equal(carry(d, &c, &said), ERR_ADMISSION);
    buf_clear(&c.file);
    put(&c, &c.book, 1, 3);
    put(&c, &c.book, 6, 9);
    assert_int_equal(carry(d, &c, &said), ERR_GAP);
    buf_clear(&c.file);
    buf_puts(&c.file, "hello\n");
    assert_int_equal(carry(d, &c, &said), ERR_INVALID);
    assert_non_null(strstr(buf_text(&said), "fair-sync export"));
    carried_done(&c);
}

/* In a serving process whose file's disk has failed: it goes on, and says so.
 */
static void where_nothing_can_begin_the_command_fails_alone(void **state)
{
    struct desk *d = *state;
    struct env env = env_system();
    struct office_host host = { .where = d->dir, .cwd = d->dir, .url = "" };
    int64_t added = 0;
    BUF(said, MAX_TEXT);
    configure(d, "");
    vfs_fault_install();
    assert_int_equal(store_open(d->dir, STORE_WRITE, NULL, &host.store),
                     ERR_OK);
    vfs_fault.ops = FAULT_SYNC;
    vfs_fault.number = EIO;
    vfs_fault.at = 1;
    assert_int_equal(store_group_begin(host.store), ERR_OK);
    assert_int_equal(catalogue_add(host.store, 1, &added), ERR_OK);
    assert_int_equal(store_group_commit(host.store), ERR_UNSURE);
    vfs_fault_clear();
    d->program.ctx = &host;
    assert_int_equal(import_bytes(d, "catalogue", STR(CATALOGUE), false, &said),
                     ERR_IO);
    d->program.ctx = NULL;
    store_close(host.store);
    env_use(&env);
}

#define DESK(test) cmocka_unit_test_setup_teardown(test, open_desk, close_desk)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK(booths_are_counted_against_what_is_there),
        DESK(m28_a_dry_run_only_checks),
        DESK(m28_one_bad_line_rejects_the_file_and_all_are_named),
        DESK(odd_booths_are_refused),
        DESK(a_text_that_looks_like_a_formula_is_kept),
        DESK(m28_a_catalogue_is_a_whole_new_version),
        DESK(odd_products_are_refused),
        DESK(a_catalogue_no_list_could_hold_is_refused),
        DESK(a_list_names_what_is_there),
        DESK(figures_tell_unknown_from_nothing),
        DESK(a_ledger_by_hand_is_as_good_as_by_wire),
        DESK(a_ledger_mends_what_is_damaged),
        DESK(only_what_was_acknowledged_mends),
        DESK(a_ledger_cut_short_is_good_so_far),
        DESK(a_copy_that_went_its_own_way_is_told),
        DESK(what_is_no_ledger_of_ours_is_refused),
        DESK(where_nothing_can_begin_the_command_fails_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
