/*
 * practice.c - making and opening DIR/practice.
 *
 * It is a till like any other, down to the last file, but that nobody holds
 * the key of its aggregator any more: what makes it harmless is decided by
 * signatures and not by a flag.
 */
#include "pos/till/practice.h"

#include "fair/date.h"
#include "fair/env.h"
#include "fair/i18n.h"
#include "pos/till/learn.h"
#include "pos/till/sample.h"

enum {
    PATH_ROOM = 4096,
    ADMISSION_ROOM = MAX_EVENT,
    CUT_OFF_MIN = 240,
    PRACTICE_DAYS = 3650 /* from its first day on, every day will do */
};

/* The admission of the till that this one stands beside. */
struct original {
    struct buf text, arena;
    struct admission admission;
    bool is; /* there is one that holds */
};

static void original_read(const char *dir, struct original *o)
{
    struct str bytes, signature;
    buf_init(&o->text, ADMISSION_ROOM);
    buf_init(&o->arena, ADMISSION_ROOM);
    o->is = admission_load(dir, &o->text, &bytes, &signature) == ERR_OK;
    if (!o->is)
        return;
    buf_room(&o->arena, bytes.len + 1); /* so that it never moves */
    o->is = admission_check(bytes, signature, NULL, &o->arena, &o->admission) ==
            ERR_OK;
}

static void original_done(struct original *o)
{
    buf_done(&o->text);
    buf_done(&o->arena);
}

/* ---- making it ---- */

static struct str hex_of(const uint8_t key[KEY_BYTES], struct buf *room)
{
    buf_hex(room, key, KEY_BYTES);
    return buf_slice(room);
}

/* Appends both lines of an admission by an aggregator of a moment. */
static void admission_put(const struct original *o, const struct keypair *key,
                          struct buf *out)
{
    struct keypair thrown_away;
    uint8_t signature[SIGNATURE_BYTES];
    BUF(ours, 2 * KEY_BYTES);
    BUF(theirs, 2 * KEY_BYTES);
    int64_t now = env_wall_ms() > 0 ? env_wall_ms() : 0;
    key_make(&thrown_away);
    const struct admission a = {
        .aggregator = hex_of(thrown_away.public_key, &theirs),
        .at_ms = now,
        .booth = o->is ? o->admission.booth : STR("TAP"),
        .booth_name = o->is ? o->admission.booth_name : str_of(_("Practice")),
        .cut_off_min = CUT_OFF_MIN,
        .days = PRACTICE_DAYS,
        .fair = STR(PRACTICE_FAIR),
        .first_day = fair_day_of_ms(now, CUT_OFF_MIN),
        .key = hex_of(key->public_key, &ours),
        .label = STR("TAP"),
        .name = str_of(_("Practice: nothing counts")),
        .number = 1,
    };
    shape_encode(&admission_shape, &a, out);
    sign_make(&thrown_away, DOMAIN_ADMISSION, buf_slice(out), signature);
    key_done(&thrown_away);
    buf_putc(out, '\n');
    buf_hex(out, signature, sizeof(signature));
    buf_putc(out, '\n');
}

/* A key without an admission was left by a start that was killed. */
static enum err make_files(const char *path, const struct original *o)
{
    struct keypair key;
    struct str bytes, signature;
    BUF(text, ADMISSION_ROOM);
    enum err e = admission_load(path, &text, &bytes, &signature);
    if (e != ERR_NOT_FOUND)
        return e;
    e = key_load(path, "device.key", &key);
    if (e == ERR_NOT_FOUND) {
        key_make(&key);
        e = key_store(path, "device.key", &key);
    }
    if (e)
        return e;
    admission_put(o, &key, &text);
    key_done(&key);
    return env_file_create(path, "admission", buf_slice(&text));
}

/* ---- what it sells ---- */

static struct lists *lists_of(const char *dir, const struct original *o,
                              const struct till *till, uint8_t hash[HASH_BYTES])
{
    struct inbox *in = NULL;
    struct lists *lists = NULL;
    enum err e = ERR_NOT_FOUND;
    if (o->is)
        e = inbox_open(dir, INBOX_READ, till->who, NULL, &in);
    if (!e)
        e = learn_lists_of(in, &o->admission, hash, &lists);
    inbox_close(in);
    return e ? sample_lists(&ledger_state(till->ledger)->admission, hash)
             : lists;
}

/* ---- opening it ---- */

static enum err make_there(const char *dir, const struct original *o,
                           struct buf *path)
{
    buf_printf(path, "%s/practice", dir);
    enum err e = buf_ok(path) ? env_dir_make(buf_text(path)) : ERR_LIMIT;
    return e ? e : make_files(buf_text(path), o);
}

static enum err sell_there(const char *dir, const struct original *o,
                           struct till *till)
{
    uint8_t hash[HASH_BYTES];
    ASSERT(till->practice);
    return learn_sell_from(till, lists_of(dir, o, till, hash), hash);
}

enum err practice_open(const char *dir, const char *who, struct buf *why,
                       struct till *out)
{
    struct original original;
    struct till till = { 0 };
    BUF(path, PATH_ROOM);
    sign_init();
    original_read(dir, &original);
    enum err e = make_there(dir, &original, &path);
    if (e)
        buf_str(why, buf_slice(&path));
    else
        e = till_open(buf_text(&path), LEDGER_WRITE, who, why, &till);
    if (!e) {
        till.own_dir = buf_take(&path);
        e = sell_there(dir, &original, &till);
    }
    original_done(&original);
    if (e) {
        till_close(&till);
        till = (struct till){ 0 };
    }
    *out = till;
    return e;
}
