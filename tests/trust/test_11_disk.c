/*
 * test_11_disk.c - promise 11: on a full or failing disk the till refuses new
 * sales with a clear message, keeps every saved sale unchanged, and sells
 * again as soon as the cause is gone.
 *
 * Each run is a till with its screen on a small disk of its own (a memory file
 * system, mounted in a mount namespace of this program's own). Somebody sells;
 * at a sale of the run's own choice the disk gets full, or fails; selling goes
 * on until the screen refuses; then the cause goes away, and the cart that was
 * refused is sold with one key.
 */
#define _GNU_SOURCE /* unshare */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"
#include "pos/till/setup.h"
#include "tests/support/app_fixture.h"
#include "tests/support/promise.h"
#include "tests/support/vfs_fault.h"

enum {
    RUNS = 200, /* of each kind of trouble */
    SALES = 8,  /* at most so many before it */
    TRIES = 400,
    MIB = 1024 * 1024,
    LEFT = 96 * 1024 /* bytes at most that a full disk still has */
};

struct run {
    struct app_fixture f;
    uint64_t chance;
    int sold; /* the screen said so */
    uint8_t heads[TRIES + SALES][HASH_BYTES];
    int64_t seqs[TRIES + SALES];
    int64_t refusals, lost, twice;
};

static char place[SCRATCH_ROOM]; /* where disks are mounted */

static uint64_t draw(struct run *r, uint64_t below)
{
    r->chance ^= r->chance << 13;
    r->chance ^= r->chance >> 7;
    r->chance ^= r->chance << 17;
    return (r->chance >> 20) % below;
}

/* ---- the disk ------------------------------------------------------------ */

static int64_t room(void *ctx, const char *path)
{
    struct statvfs st;
    (void)ctx;
    return statvfs(path, &st) < 0 ? -1 : (int64_t)(st.f_bavail * st.f_frsize);
}

static int64_t room_unknown(void *ctx, const char *path)
{
    (void)ctx;
    (void)path;
    return -1;
}

static void disk_make(struct run *r)
{
    char how[64];
    snprintf(how, sizeof(how), "size=%d,mode=700", (int)(4 + draw(r, 5)) * MIB);
    assert_int_equal(mount("tmpfs", place, "tmpfs", 0, how), 0);
}

static const char *ballast(void)
{
    return scratch_path(place, "ballast");
}

/* Takes all but about `left` bytes. */
static void disk_fill(int64_t left)
{
    int fd = open(ballast(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    int64_t take = room(NULL, place) - left;
    if (take > 0)
        assert_int_equal(posix_fallocate(fd, 0, take), 0);
    close(fd);
}

/* What the ledger sees of the disk from now on. */
static void look_with(struct run *r, int64_t (*look)(void *, const char *))
{
    struct env env = *env_get();
    (void)r;
    env.disk_free = look;
    env_use(&env);
}

/* ---- troubles ------------------------------------------------------------ */

static void below_the_reserve(struct run *r)
{
    disk_fill((int64_t)draw(r, LEDGER_RESERVE));
}

/* Nobody knows how much is free: the disk itself has to say it. */
static void full_to_the_last(struct run *r)
{
    look_with(r, room_unknown);
    disk_fill((int64_t)draw(r, LEFT));
}

static void full_without_reserve(struct run *r)
{
    full_to_the_last(r);
    assert_int_equal(unlink(scratch_path(r->f.till.dir, "reserve")), 0);
    disk_fill((int64_t)draw(r, LEFT));
}

static void fails(struct run *r, int number, unsigned ops)
{
    vfs_fault_clear();
    vfs_fault.number = number;
    vfs_fault.ops = ops;
    vfs_fault.persistent = true;
    vfs_fault.at = 1 + (int64_t)draw(r, 12);
    vfs_fault.done = (int)draw(r, 3);
}

static void says_full(struct run *r)
{
    fails(r, ENOSPC, FAULT_WRITE | FAULT_GROW);
}

static void quota_is_used_up(struct run *r)
{
    fails(r, EDQUOT, FAULT_WRITE | FAULT_TRUNCATE);
}

static void fails_for_good(struct run *r)
{
    fails(r, EIO, 1 + (unsigned)draw(r, FAULT_ALL));
    vfs_fault.ops |= FAULT_WRITE; /* or nothing may ever come to it */
}

static void make_room(struct run *r)
{
    unlink(ballast());
    look_with(r, room);
}

static void make_whole(struct run *r)
{
    (void)r;
    vfs_fault_clear();
}

static const struct trouble {
    const char *name;
    void (*begin)(struct run *r), (*end)(struct run *r);
    const char *said; /* on the screen */
    bool at_once;     /* the first sale is refused */
} troubles[] = {
    { "below the reserve", below_the_reserve, make_room, "disk is full", true },
    { "full to the last", full_to_the_last, make_room, "disk is full", false },
    { "no reserve", full_without_reserve, make_room, "disk is full", false },
    { "ENOSPC", says_full, make_whole, "disk", false },
    { "EDQUOT", quota_is_used_up, make_whole, "disk", false },
    { "EIO", fails_for_good, make_whole, "", false },
};

/* ---- selling ------------------------------------------------------------- */

static void note(struct run *r)
{
    const struct ledger_state *s = ledger_state(r->f.app.till.ledger);
    assert_true(r->sold < (int)ARRAY_LEN(r->seqs));
    r->seqs[r->sold] = s->count;
    memcpy(r->heads[r->sold++], s->head, HASH_BYTES);
}

/* Pays what is in the cart; has the screen said that it is sold? */
static bool pay(struct run *r)
{
    app_fixture_keys(&r->f, "F9");
    bool sold = r->f.app.cart->n_lines == 0;
    if (sold)
        note(r);
    return sold;
}

static bool sell(struct run *r)
{
    app_fixture_keys(&r->f, "6 Enter");
    return pay(r);
}

static void refuses(struct run *r, const struct trouble *t, uint64_t seed)
{
    for (int i = 0; sell(r); i++) {
        if (i == TRIES - 1 || t->at_once)
            fail_msg("SEED=%llu %s: it still sells", (unsigned long long)seed,
                     t->name);
    }
    app_fixture_sees(&r->f, t->said);
    r->refusals++;
    for (int i = (int)draw(r, 3); i > 0; i--) {
        assert_false(pay(r));
        r->refusals++;
    }
}

/* Everything said to be sold is there as it was then, and once. */
static void all_is_kept(struct run *r)
{
    struct ledger *l = r->f.app.till.ledger;
    struct stored s;
    for (int i = 0; i < r->sold; i++) {
        if (ledger_get(l, r->seqs[i], &s) != ERR_OK ||
            memcmp(s.hash, r->heads[i], HASH_BYTES) != 0)
            r->lost++;
    }
    int there = app_fixture_count(&r->f, EV_SALE);
    if (there > r->sold)
        r->twice += there - r->sold;
}

static void one_run(struct run *r, const struct trouble *t, uint64_t seed)
{
    disk_make(r);
    app_fixture_init(&r->f, "en");
    look_with(r, room);
    vfs_fault_install();
    app_fixture_close(&r->f);
    app_fixture_open(&r->f);
    app_fixture_shift(&r->f, 0);
    for (int n = (int)draw(r, SALES + 1); n > 0; n--)
        assert_true(sell(r));
    t->begin(r);
    refuses(r, t, seed);
    t->end(r);
    app_fixture_tick(&r->f, 1);
    if (!pay(r))
        fail_msg("SEED=%llu %s: the cause is gone, and it does not sell:\n%s",
                 (unsigned long long)seed, t->name, app_fixture_seen(&r->f));
    assert_true(sell(r));
    all_is_kept(r);
    vfs_fault_clear();
    app_fixture_done(&r->f);
    assert_int_equal(umount2(place, MNT_DETACH), 0);
}

static int64_t refusals, runs, lost, twice;

static void run_number(int64_t i, size_t t)
{
    struct run *r = x_alloc(sizeof(*r));
    uint64_t seed = promise_seed() * 1000003 + (uint64_t)i;
    r->chance = seed * UINT64_C(0x9e3779b97f4a7c15) + t + 1;
    one_run(r, &troubles[t], promise_seed());
    if (r->lost > 0 || r->twice > 0)
        fail_msg("SEED=%llu %s, run %lld: %lld lost, %lld twice",
                 (unsigned long long)promise_seed(), troubles[t].name,
                 (long long)i, (long long)r->lost, (long long)r->twice);
    lost += r->lost;
    twice += r->twice;
    refusals += r->refusals;
    runs++;
    free(r);
}

static void a_disk_in_trouble_refuses_and_loses_nothing(void **state)
{
    int64_t each = promise_share(RUNS);
    (void)state;
    for (size_t t = 0; t < ARRAY_LEN(troubles); t++)
        for (int64_t i = 0; i < each; i++)
            run_number(i, t);
    promise(11, "runs", runs);
    promise(11, "refusals", refusals);
    promise(11, "lost", lost);
    promise(11, "counted-twice", twice);
}

/* ---- a disk that is read only -------------------------------------------- */

static void doctor_says_so(const char *dir)
{
    const struct setup_closed closed = { dir, ERR_READ_ONLY, STR("") };
    const struct printer_state none = { 0 };
    struct finding found[FINDINGS_MAX];
    bool said = false;
    for (int i = setup_check_closed(&closed, &none, found); i > 0; i--)
        said |= strcmp(found[i - 1].id, "disk") == 0 &&
                found[i - 1].level == FINDING_BAD;
    assert_true(said);
}

static void a_read_only_disk_is_named_and_sells_again(void **state)
{
    (void)state;
    int64_t each = promise_share(RUNS);
    for (int64_t i = 0; i < each; i++) {
        struct run *r = x_alloc(sizeof(*r));
        struct ledger *l = NULL;
        r->chance = (promise_seed() * 1000003 + (uint64_t)i) * 7919 + 1;
        disk_make(r);
        app_fixture_init(&r->f, "en");
        look_with(r, room);
        app_fixture_shift(&r->f, 0);
        for (int n = (int)draw(r, SALES + 1); n > 0; n--)
            assert_true(sell(r));
        app_fixture_close(&r->f);
        unsigned long flags = MS_REMOUNT | MS_BIND;
        assert_int_equal(mount(NULL, place, NULL, flags | MS_RDONLY, NULL), 0);
        BUF(why, MAX_TEXT);
        assert_int_equal(
            ledger_open(r->f.till.dir, LEDGER_WRITE, "test", &why, &l),
            ERR_READ_ONLY);
        doctor_says_so(r->f.till.dir);
        assert_int_equal(
            ledger_open(r->f.till.dir, LEDGER_READ, "test", &why, &l), ERR_OK);
        assert_true(ledger_state(l)->count >= r->sold);
        ledger_close(l);
        assert_int_equal(mount(NULL, place, NULL, flags, NULL), 0);
        app_fixture_open(&r->f);
        assert_true(sell(r));
        all_is_kept(r);
        assert_int_equal(r->lost, 0);
        app_fixture_done(&r->f);
        assert_int_equal(umount2(place, MNT_DETACH), 0);
        free(r);
    }
    promise(11, "runs", each);
    promise(11, "refusals", each);
}

/* ---- a till at work, seen through a read-only mount ---------------------- */

static enum err take_draft(void *ctx, const char *id, struct str bytes)
{
    if (strcmp(id, "state.seen") == 0)
        buf_str(ctx, bytes);
    return ERR_OK;
}

static void reader_sees(struct ledger *reader, const char *text)
{
    BUF(got, MAX_TEXT);
    assert_int_equal(ledger_draft_each(reader, take_draft, &got), ERR_OK);
    assert_string_equal(buf_text(&got), text);
}

static void writer_says(struct ledger *writer, const char *text)
{
    assert_int_equal(ledger_draft_save(writer, "state.seen", str_of(text)),
                     ERR_OK);
    ledger_idle(writer);
}

/* A reader without locks never looks again at what it has read once. */
static void a_till_at_work_is_followed_through_a_read_only_mount(void **state)
{
    struct run *r = x_alloc(sizeof(*r));
    struct ledger *writer, *reader;
    char view[] = "/tmp/fair-view-XXXXXX";
    (void)state;
    disk_make(r);
    app_fixture_init(&r->f, "en");
    app_fixture_close(&r->f);
    const char *dir = r->f.till.dir;
    assert_int_equal(ledger_open(dir, LEDGER_WRITE, "test", NULL, &writer),
                     ERR_OK);
    assert_non_null(mkdtemp(view));
    assert_int_equal(mount(dir, view, NULL, MS_BIND, NULL), 0);
    assert_int_equal(
        mount(NULL, view, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL), 0);
    assert_int_equal(ledger_open(view, LEDGER_READ, "test", NULL, &reader),
                     ERR_OK);
    writer_says(writer, "first");
    reader_sees(reader, "first");
    writer_says(writer, "second");
    reader_sees(reader, "second");
    ledger_close(reader);
    ledger_close(writer);
    assert_int_equal(umount2(view, MNT_DETACH), 0);
    assert_int_equal(rmdir(view), 0);
    app_fixture_done(&r->f);
    assert_int_equal(umount2(place, MNT_DETACH), 0);
    free(r);
}

/* ---- a place of our own -------------------------------------------------- */

/* Who is nobody outside is root in a namespace of users of their own. */
static bool become_root(void)
{
    char map[64];
    unsigned uid = (unsigned)geteuid(), gid = (unsigned)getegid();
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
        return false;
    scratch_write("/proc/self", "setgroups", STR("deny"));
    snprintf(map, sizeof(map), "0 %u 1", uid);
    scratch_write("/proc/self", "uid_map", str_of(map));
    snprintf(map, sizeof(map), "0 %u 1", gid);
    scratch_write("/proc/self", "gid_map", str_of(map));
    return true;
}

static int apart(void **state)
{
    (void)state;
    if (unshare(CLONE_NEWNS) < 0 && !become_root())
        return -1; /* run it as root, or allow user namespaces */
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        return -1;
    scratch_make(place);
    return setenv("TMPDIR", place, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_disk_in_trouble_refuses_and_loses_nothing),
        cmocka_unit_test(a_read_only_disk_is_named_and_sells_again),
        cmocka_unit_test(a_till_at_work_is_followed_through_a_read_only_mount),
    };
    return cmocka_run_group_tests(tests, apart, NULL);
}
