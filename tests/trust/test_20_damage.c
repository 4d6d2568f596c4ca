/*
 * test_20_damage.c - our own files are found damaged.
 *
 * The files of a till and of an aggregator that work are damaged as disks and
 * people do it: a page overwritten, zeroed, torn, put in another's place; bits
 * flipped; the end cut off; files changed between devices. Each is opened like
 * any morning. Either it is refused, and then no byte of it has changed, and
 * looking at it names the event; or it opens, and then what is acknowledged is
 * all there, or the walk that closes every shift names the event. Whatever is
 * damaged, the booth goes on in a successor's directory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"
#include "sync/aggregator/store/check.h"
#include "tests/support/hall.h"
#include "tests/support/promise.h"
#include "tests/support/till.h"

enum {
    TILLS = 4000, /* cases */
    STORES = 1000,
    SALES = 150,
    LOGGED = 20, /* of them in the log only, for the till that was killed */
    PAGE = 4096,
    SECTOR = 512,
    SUCCESSORS = 50, /* cases between two of them */
    MINUTE_MS = 60000
};

static uint64_t dice;

static uint32_t roll(uint32_t below)
{
    dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(dice >> 33) % below;
}

/* ---- damage ---- */

enum damage {
    D_NOISE,
    D_ZERO,
    D_TORN,
    D_MOVED,
    D_FLIPPED,
    D_CUT,
    D_SWAPPED,
    DAMAGES
};
static const char *const damage_names[DAMAGES] = { "noise",  "zeroes",  "torn",
                                                   "moved",  "flipped", "cut",
                                                   "swapped" };

/* Of the bytes of a file; a page at a time. D_SWAPPED is the caller's. */
static void damage(enum damage kind, struct buf *bytes)
{
    size_t pages = (bytes->len + PAGE - 1) / PAGE;
    size_t at = PAGE * (size_t)roll((uint32_t)pages);
    size_t len = bytes->len - at < PAGE ? bytes->len - at : PAGE;
    size_t other = PAGE * (size_t)roll((uint32_t)(bytes->len / PAGE));
    char *page = bytes->data + at;
    if (kind == D_NOISE) {
        for (size_t i = 0; i < len; i++)
            page[i] = (char)roll(256);
    } else if (kind == D_ZERO) {
        memset(page, 0, len);
    } else if (kind == D_TORN) {
        size_t keep = SECTOR * (size_t)roll(PAGE / SECTOR);
        if (keep < len)
            memset(page + keep, 0, len - keep);
    } else if (kind == D_MOVED) {
        memmove(page, bytes->data + other, len);
    } else if (kind == D_FLIPPED) {
        page[roll((uint32_t)len)] ^= (char)(1 << roll(8));
    } else if (kind == D_CUT) {
        bytes->len = roll((uint32_t)bytes->len);
    }
}

/* ---- files ---- */

static char dir[SCRATCH_ROOM];

struct files {
    struct buf db, log;
    bool logged;
};

static void files_take(const char *from, const char *name, struct files *f)
{
    char log[64];
    snprintf(log, sizeof(log), "%s-wal", name);
    buf_init(&f->db, MAX_LIST);
    buf_init(&f->log, MAX_LIST);
    scratch_read(from, name, &f->db);
    f->logged = scratch_has(from, log);
    if (f->logged)
        scratch_read(from, log, &f->log);
    f->logged = f->log.len > 0; /* an empty one is none */
}

static void files_put(const struct files *f, const char *name)
{
    static const char *const beside[] = { "-wal", "-shm", "-journal" };
    char log[64];
    for (size_t i = 0; i < ARRAY_LEN(beside); i++) {
        snprintf(log, sizeof(log), "%s%s", name, beside[i]);
        unlink(scratch_path(dir, log));
    }
    snprintf(log, sizeof(log), "%s-wal", name);
    scratch_write(dir, name, buf_slice(&f->db));
    if (f->logged)
        scratch_write(dir, log, buf_slice(&f->log));
}

static bool files_same(const struct files *a, const struct files *b)
{
    return str_eq(buf_slice(&a->db), buf_slice(&b->db)) &&
           a->logged == b->logged &&
           str_eq(buf_slice(&a->log), buf_slice(&b->log));
}

static void files_copy(const struct files *from, struct files *to)
{
    buf_init(&to->db, MAX_LIST);
    buf_init(&to->log, MAX_LIST);
    buf_str(&to->db, buf_slice(&from->db));
    buf_str(&to->log, buf_slice(&from->log));
    to->logged = from->logged;
}

static void files_done(struct files *f)
{
    buf_done(&f->db);
    buf_done(&f->log);
}

static bool is_untouched(const char *name, const struct files *f)
{
    struct files now;
    files_take(dir, name, &now);
    bool same = files_same(&now, f);
    if (!same)
        print_message("db %zu -> %zu bytes, log %zu -> %zu\n", f->db.len,
                      now.db.len, f->log.len, now.log.len);
    files_done(&now);
    return same;
}

static int64_t cases;
static const char *what;

static void unexpected(const char *true_of_it)
{
    fail_msg("case %lld of seed %llu (%s, files in %s): %s", (long long)cases,
             (unsigned long long)promise_seed(), what, dir, true_of_it);
}

#define EXPECT(true_of_it) ((true_of_it) ? (void)0 : unexpected(#true_of_it))

/* ---- a till ---- */

static struct {
    struct files closed, killed, other; /* as they were left */
    uint8_t head[HASH_BYTES];
    int64_t count;
} till;

static void sell(struct ledger *l, int i)
{
    int64_t seq;
    char basket[24];
    snprintf(basket, sizeof(basket), "basket-%d", i);
    assert_int_equal(till_sell(l, basket, 1000, NULL, &seq), ERR_OK);
}

/* The same sales: with a clean end, and as a killed till leaves them. */
static void till_prepare(void)
{
    char other[SCRATCH_ROOM];
    scratch_make(dir);
    till_enrol(dir, 1, 2);
    struct ledger *l = till_ledger_open(dir, LEDGER_WRITE);
    for (int i = 0; i < SALES; i++) {
        if (i == SALES - LOGGED)
            ledger_idle(l);
        sell(l, i);
    }
    files_take(dir, "ledger.db", &till.killed);
    till.count = ledger_state(l)->count;
    memcpy(till.head, ledger_state(l)->head, HASH_BYTES);
    ledger_close(l);
    files_take(dir, "ledger.db", &till.closed);
    assert_true(till.killed.logged && !till.closed.logged);
    scratch_make(other);
    till_enrol(other, 3, 2);
    l = till_ledger_open(other, LEDGER_WRITE);
    for (int i = 0; i < SALES; i++)
        sell(l, i);
    ledger_close(l);
    files_take(other, "ledger.db", &till.other);
    scratch_remove(other);
}

/* What `fair-pos verify` says: the first wrong number, or 0. */
static int64_t first_bad(void)
{
    struct ledger *l = NULL;
    struct verifier v;
    enum err e = ledger_open(dir, LEDGER_CHECK, "test", NULL, &l);
    if (e != ERR_OK)
        return -1;
    EXPECT(ledger_verify(l, till.count, till.head, &v) == ERR_OK);
    int64_t bad = v.error == ERR_OK ? 0 : v.first_bad;
    EXPECT(v.error == ERR_OK || bad >= 1);
    verifier_done(&v);
    ledger_close(l);
    return bad;
}

static void successor_sells(void)
{
    char next[SCRATCH_ROOM];
    int64_t began_ms = env_mono_ms();
    scratch_make(next);
    till_enrol(next, 9, 2);
    struct ledger *l = till_ledger_open(next, LEDGER_WRITE);
    sell(l, 1);
    ledger_close(l);
    till_verify(next);
    scratch_remove(next);
    EXPECT(env_mono_ms() - began_ms < MINUTE_MS);
}

/* True when it was refused. */
static bool open_damaged_till(const struct files *f)
{
    struct ledger *l = NULL;
    enum err e = ledger_open(dir, LEDGER_WRITE, "test", NULL, &l);
    if (e != ERR_OK) {
        EXPECT(e == ERR_CORRUPT || e == ERR_ADMISSION || e == ERR_NEWER);
        EXPECT(is_untouched("ledger.db", f));
        EXPECT(first_bad() != 0);
        EXPECT(is_untouched("ledger.db", f));
        return true;
    }
    bool all = ledger_state(l)->count == till.count &&
               memcmp(ledger_state(l)->head, till.head, HASH_BYTES) == 0;
    ledger_close(l);
    /* Shorter or other than it was: whoever saw more says so. */
    EXPECT(all || first_bad() > 0);
    return false;
}

static bool damage_till(const struct files *as)
{
    struct files f;
    enum damage kind = (enum damage)roll(DAMAGES);
    what = damage_names[kind];
    files_copy(kind == D_SWAPPED ? &till.other : as, &f);
    if (f.logged && roll(2))
        damage(kind, &f.log);
    else
        damage(kind, &f.db);
    files_put(&f, "ledger.db");
    bool refused = open_damaged_till(&f);
    EXPECT(kind != D_SWAPPED || refused);
    files_done(&f);
    return refused;
}

static void a_damaged_ledger_is_never_gone_on_with_in_silence(void **state)
{
    int64_t refused = 0, wanted = promise_share(TILLS);
    (void)state;
    dice = promise_seed();
    till_prepare();
    for (cases = 0; cases < wanted; cases++) {
        refused += damage_till(cases % 2 ? &till.closed : &till.killed);
        if (cases % SUCCESSORS == 0)
            successor_sells();
    }
    files_done(&till.closed);
    files_done(&till.killed);
    files_done(&till.other);
    scratch_remove(dir);
    print_message("%lld of %lld refused\n", (long long)refused,
                  (long long)cases);
    promise(20, "damaged-ledgers", cases);
}

/* ---- an aggregator ---- */

static struct hall *hall;
static struct files stored[2]; /* closed, killed */

static void store_prepare(void)
{
    hall = hall_open((uint32_t)promise_seed());
    for (int round = 0; round < 4; round++) {
        for (int i = 0; i < STALLS; i++)
            hall_send(hall, i, 15);
        if (round == 1)
            hall_fold(hall);
        if (round == 2)
            store_idle(hall->store);
    }
    files_take(hall->dir, STORE_FILE, &stored[1]);
    store_close(hall->store);
    hall->store = NULL;
    files_take(hall->dir, STORE_FILE, &stored[0]);
    assert_true(stored[1].logged && !stored[0].logged);
    scratch_make(dir);
}

static enum err count_them(void *ctx, const struct device_check *d)
{
    int *right = ctx;
    EXPECT(d->ok || d->first_bad >= 0);
    for (int i = 0; i < STALLS; i++) {
        if (strcmp(d->device->device, hall->stalls[i].device) == 0)
            *right += d->ok && d->device->count == hall->sent[i];
    }
    return ERR_OK;
}

/* Opened, it holds every event and the right sums, or verify says otherwise. */
static void look_at_store(struct store *s, bool in_log)
{
    struct check check;
    int right = 0;
    if (check_verify(s, hall->stalls[0].book.aggregator.public_key, count_them,
                     &right, &check) != ERR_OK ||
        !check.ok)
        return;
    /* What the log alone had can be gone without a trace in the file: the
     * devices are told a smaller number, and send it again. */
    if (right == STALLS)
        hall_expect(hall, s);
    EXPECT(right == STALLS || in_log);
}

static bool damage_store(bool killed)
{
    struct files f;
    struct store *s = NULL;
    enum damage kind = (enum damage)roll(D_SWAPPED);
    bool in_log = killed && roll(2);
    what = damage_names[kind];
    files_copy(&stored[killed], &f);
    damage(kind, in_log ? &f.log : &f.db);
    files_put(&f, STORE_FILE);
    enum err e = store_open(dir, STORE_WRITE, NULL, &s);
    if (e == ERR_OK)
        look_at_store(s, in_log);
    else
        EXPECT(is_untouched(STORE_FILE, &f));
    store_close(s);
    files_done(&f);
    return e != ERR_OK;
}

static void a_damaged_store_is_never_gone_on_with_in_silence(void **state)
{
    int64_t refused = 0, wanted = promise_share(STORES);
    (void)state;
    dice = promise_seed();
    store_prepare();
    for (cases = 0; cases < wanted; cases++)
        refused += damage_store(cases % 2);
    files_done(&stored[0]);
    files_done(&stored[1]);
    scratch_remove(dir);
    hall_close(hall);
    print_message("%lld of %lld refused\n", (long long)refused,
                  (long long)cases);
    promise(20, "damaged-stores", cases);
    promise(20, "gone-on-in-silence", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_damaged_store_is_never_gone_on_with_in_silence),
        cmocka_unit_test(a_damaged_ledger_is_never_gone_on_with_in_silence),
    };
    return cmocka_run_group_tests_name("20_damage", tests, NULL, NULL);
}
