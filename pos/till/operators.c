/*
 * operators.c - the file of who may use the screen, and their PINs.
 *
 * Promise: a try is counted on disk before the PIN is looked at, so that no
 * kill wins one; what is in memory is what is in the file, but for a disk that
 * takes no more writing, which locks nobody out and forgives nothing while
 * the program runs.
 */
#include "pos/till/operators.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "fair/codec.h"
#include "fair/env.h"
#include "fair/text.h"
#include "pos/till/trail.h"

enum {
    FREE_TRIES = 5,
    WAIT_MS = 30 * 1000,
    WAIT_MAX_MS = 3600 * 1000,
    HASH_ROOM = 2 * 32 + 1, /* in hex */
    SALT_ROOM = 2 * crypto_pwhash_SALTBYTES + 1
};

static const char file_name[] = "operators";
const char *const role_words[] = { "cashier", "supervisor" };

struct one {
    struct operator_entry entry;
    char hash[HASH_ROOM], salt[SALT_ROOM];
    int64_t wrong;        /* PINs one after the other */
    int64_t at_ms, up_ms; /* of the last of them */
    char boot[7];
};

struct operators {
    char *dir;
    int n;
    struct one all[OPERATORS_MAX];
};

/* ---- the file ---- */

struct saved {
    int64_t at_ms;
    struct str boot, hash, language, name;
    int64_t number;
    struct str role, salt;
    int64_t up_ms, wrong;
};

struct saved_file {
    int64_t n;
    struct saved all[OPERATORS_MAX];
    int64_t version; /* 1: argon2id 1.3 with the INTERACTIVE limits */
};

// clang-format off
#define SAVED(name, type, optional, member) \
    { name, type, optional, offsetof(struct saved, member), NULL, 0, 0 }
static const struct field saved_fields[] = {
    SAVED("at", F_INT, true, at_ms),
    SAVED("boot", F_STR, true, boot),
    SAVED("hash", F_STR, false, hash),
    SAVED("language", F_STR, true, language),
    SAVED("name", F_STR, false, name),
    SAVED("number", F_INT, false, number),
    SAVED("role", F_STR, false, role),
    SAVED("salt", F_STR, false, salt),
    SAVED("up", F_INT, true, up_ms),
    SAVED("wrong", F_INT, true, wrong),
};
static const struct shape saved_shape = { "operator", SHAPE_SORTED,
                                          saved_fields,
                                          ARRAY_LEN(saved_fields),
                                          sizeof(struct saved) };
static const struct field file_fields[] = {
    { "operators", F_LIST, false, offsetof(struct saved_file, all),
      &saved_shape, offsetof(struct saved_file, n), OPERATORS_MAX },
    { "v", F_INT, false, offsetof(struct saved_file, version), NULL, 0, 0 },
};
// clang-format on
static const struct shape file_shape = { "operators", SHAPE_SORTED, file_fields,
                                         ARRAY_LEN(file_fields),
                                         sizeof(struct saved_file) };

static enum err save(const struct operators *ops)
{
    BUF(bytes, MAX_TEXT);
    struct saved_file *file = x_alloc(sizeof(*file));
    file->version = 1;
    file->n = ops->n;
    for (int i = 0; i < ops->n; i++) {
        const struct one *o = &ops->all[i];
        file->all[i] = (struct saved){
            .at_ms = o->at_ms,
            .boot = str_of(o->boot),
            .hash = str_of(o->hash),
            .language = str_of(o->entry.language),
            .name = str_of(o->entry.name),
            .number = o->entry.number,
            .role = str_of(role_words[o->entry.role]),
            .salt = str_of(o->salt),
            .up_ms = o->up_ms,
            .wrong = o->wrong,
        };
    }
    shape_encode(&file_shape, file, &bytes);
    free(file);
    ASSERT(buf_ok(&bytes));
    return env_file_put(ops->dir, file_name, buf_slice(&bytes));
}

/* Text of at most room-1 bytes; false when it is longer. */
static bool keep(char *to, size_t room, struct str s)
{
    if (s.len >= room)
        return false;
    if (s.len > 0)
        memcpy(to, s.data, s.len);
    to[s.len] = '\0';
    return true;
}

static bool entry_valid(const struct operator_entry *e)
{
    struct str language = str_of(e->language);
    return e->number >= 1 && e->number <= OPERATOR_MAX &&
           text_check(str_of(e->name), MAX_NAME_COLUMNS) == ERR_OK &&
           (language.len == 0 || str_is(language, "vi") ||
            str_is(language, "en"));
}

static bool role_of(struct str word, enum role *role)
{
    for (enum role r = ROLE_CASHIER; r <= ROLE_SUPERVISOR; r++) {
        if (str_is(word, role_words[r])) {
            *role = r;
            return true;
        }
    }
    return false;
}

/* Milliseconds, longer than the calendar. */
#define CLOCK_MAX (INT64_C(1) << 48)

/* What no clock shows and nobody mistyped that often is damage. */
static bool plausible(const struct saved *s)
{
    return s->wrong >= 0 && s->wrong < INT32_MAX && s->at_ms > -CLOCK_MAX &&
           s->at_ms < CLOCK_MAX && s->up_ms > -CLOCK_MAX &&
           s->up_ms < CLOCK_MAX;
}

static bool take(const struct saved *s, struct one *o)
{
    uint8_t hash[32], salt[crypto_pwhash_SALTBYTES];
    o->entry.number = s->number;
    o->at_ms = s->at_ms;
    o->up_ms = s->up_ms;
    o->wrong = s->wrong;
    return keep(o->entry.name, sizeof(o->entry.name), s->name) &&
           keep(o->entry.language, sizeof(o->entry.language), s->language) &&
           keep(o->hash, sizeof(o->hash), s->hash) &&
           keep(o->salt, sizeof(o->salt), s->salt) &&
           keep(o->boot, sizeof(o->boot), s->boot) &&
           role_of(s->role, &o->entry.role) && entry_valid(&o->entry) &&
           hex_bytes(s->hash, hash, sizeof(hash)) &&
           hex_bytes(s->salt, salt, sizeof(salt)) && plausible(s);
}

static int supervisors(const struct operators *ops)
{
    int n = 0;
    for (int i = 0; i < ops->n; i++)
        n += ops->all[i].entry.role == ROLE_SUPERVISOR;
    return n;
}

static bool take_all(const struct saved_file *file, struct operators *ops)
{
    for (int i = 0; i < (int)file->n; i++) {
        if (!take(&file->all[i], &ops->all[i]) ||
            (i > 0 && file->all[i].number <= file->all[i - 1].number))
            return false;
        ops->n = i + 1;
    }
    return file->version == 1 && (ops->n == 0 || supervisors(ops) > 0);
}

struct operators *operators_anew(const char *dir)
{
    struct operators *ops = x_alloc(sizeof(*ops));
    sign_init();
    ops->dir = x_strdup(dir);
    return ops;
}

enum err operators_open(const char *dir, struct operators **out)
{
    BUF(bytes, MAX_TEXT);
    BUF(arena, MAX_TEXT);
    enum err e = env_file_read(dir, file_name, &bytes);
    if (e && e != ERR_NOT_FOUND)
        return e == ERR_LIMIT ? ERR_CORRUPT : e;
    struct operators *ops = operators_anew(dir);
    struct saved_file *file = x_alloc(sizeof(*file));
    bool good =
        e == ERR_NOT_FOUND || (shape_decode(&file_shape, buf_slice(&bytes),
                                            &arena, file, NULL) == ERR_OK &&
                               take_all(file, ops));
    free(file);
    if (good)
        *out = ops;
    else
        operators_close(ops);
    return good ? ERR_OK : ERR_CORRUPT;
}

void operators_close(struct operators *ops)
{
    if (!ops)
        return;
    free(ops->dir);
    sodium_memzero(ops, sizeof(*ops));
    free(ops);
}

/* ---- looking ---- */

int operators_count(const struct operators *ops)
{
    return ops->n;
}

const struct operator_entry *operators_at(const struct operators *ops, int i)
{
    ASSERT(i >= 0 && i < ops->n);
    return &ops->all[i].entry;
}

/* Where `number` is, or would be. */
static int place_of(const struct operators *ops, int64_t number)
{
    int i = 0;
    while (i < ops->n && ops->all[i].entry.number < number)
        i++;
    return i;
}

static bool is_at(const struct operators *ops, int i, int64_t number)
{
    return i < ops->n && ops->all[i].entry.number == number;
}

const struct operator_entry *operators_find(const struct operators *ops,
                                            int64_t number)
{
    static const struct operator_entry nobody = { .role = ROLE_SUPERVISOR };
    int i = place_of(ops, number);
    if (ops->n == 0 && number == 0)
        return &nobody;
    return is_at(ops, i, number) ? &ops->all[i].entry : NULL;
}

/* ---- waiting ---- */

static int64_t wait_after(int64_t wrong)
{
    int64_t ms = WAIT_MS;
    if (wrong < FREE_TRIES)
        return 0;
    for (int64_t i = FREE_TRIES; i < wrong && ms < WAIT_MAX_MS; i++)
        ms *= 2;
    return ms < WAIT_MAX_MS ? ms : WAIT_MAX_MS;
}

static bool this_boot(const struct one *o)
{
    char boot[7];
    env_get()->boot_id(env_get()->ctx, boot);
    return strcmp(boot, o->boot) == 0;
}

/* A clock that was set back over a restart has let no time pass. */
static int64_t passed_ms(const struct one *o)
{
    int64_t passed =
        this_boot(o) ? env_mono_ms() - o->up_ms : env_wall_ms() - o->at_ms;
    return passed > 0 ? passed : 0;
}

static int64_t wait_still(const struct one *o)
{
    int64_t wait = wait_after(o->wrong), passed = passed_ms(o);
    return passed < wait ? wait - passed : 0;
}

/* Counts on from here as if the last try had been `ago` ms ago, all of it in
 * this boot. */
static void stamp(struct one *o, int64_t ago)
{
    env_get()->boot_id(env_get()->ctx, o->boot);
    o->at_ms = env_wall_ms() - ago;
    o->up_ms = env_mono_ms() - ago;
}

int64_t operators_wait_ms(const struct operators *ops, int64_t number)
{
    int i = place_of(ops, number);
    return is_at(ops, i, number) ? wait_still(&ops->all[i]) : 0;
}

/* ---- PINs ---- */

bool pin_valid(const char *pin)
{
    size_t len = strlen(pin);
    return len >= PIN_MIN && len <= PIN_MAX && strspn(pin, "0123456789") == len;
}

static enum err pin_hash(const char *pin, const char *salt,
                         char hash[HASH_ROOM])
{
    uint8_t bytes[32], grain[crypto_pwhash_SALTBYTES];
    bool hex = hex_bytes(str_of(salt), grain, sizeof(grain));
    ASSERT(hex); /* as it was made or taken */
    if (crypto_pwhash(bytes, sizeof(bytes), pin, strlen(pin), grain,
                      crypto_pwhash_OPSLIMIT_INTERACTIVE,
                      crypto_pwhash_MEMLIMIT_INTERACTIVE,
                      crypto_pwhash_ALG_ARGON2ID13) != 0)
        return ERR_BUSY;
    sodium_bin2hex(hash, HASH_ROOM, bytes, sizeof(bytes));
    sodium_memzero(bytes, sizeof(bytes));
    return ERR_OK;
}

static enum err pin_set(struct one *o, const char *pin)
{
    uint8_t grain[crypto_pwhash_SALTBYTES];
    env_random(grain, sizeof(grain));
    sodium_bin2hex(o->salt, sizeof(o->salt), grain, sizeof(grain));
    o->wrong = o->at_ms = o->up_ms = 0;
    o->boot[0] = '\0';
    return pin_hash(pin, o->salt, o->hash);
}

/* ---- changing ---- */

static enum err note_change(struct till *till, const struct one *o,
                            const char *what, int64_t by)
{
    union body body = { .operator_change = { o->entry.number,
                                             str_of(role_words[o->entry.role]),
                                             str_of(what) } };
    int64_t seq;
    return till_append(
        till, &(struct intent){ .kind = EV_OPERATOR, .body = &body, .op = by },
        &seq);
}

/* The event, then the file, then what is in memory. */
static enum err become(struct operators *ops, const struct operators *next)
{
    enum err e = save(next);
    if (!e)
        *ops = *next;
    return e;
}

/* Everybody but the last goes from `i` on a place up. */
static void make_room(struct operators *ops, int i)
{
    memmove(&ops->all[i + 1], &ops->all[i],
            (size_t)(ops->n - i) * sizeof(ops->all[0]));
    memset(&ops->all[i], 0, sizeof(ops->all[i]));
    ops->n++;
}

static enum err put(struct operators *next, struct till *till,
                    const struct operator_entry *entry, const char *pin,
                    int64_t by)
{
    int i = place_of(next, entry->number);
    bool new = !is_at(next, i, entry->number);
    if (new && !pin)
        return ERR_INVALID;
    if (new && next->n == OPERATORS_MAX)
        return ERR_LIMIT;
    if (new)
        make_room(next, i);
    next->all[i].entry = *entry;
    if (supervisors(next) == 0)
        return ERR_INVALID;
    enum err e = pin ? pin_set(&next->all[i], pin) : ERR_OK;
    if (!e)
        e = note_change(till, &next->all[i],
                        new   ? "added"
                        : pin ? "new pin"
                              : "changed",
                        by);
    return e;
}

enum err operators_put(struct operators *ops, struct till *till,
                       const struct operator_entry *entry, const char *pin,
                       int64_t by)
{
    if (!entry_valid(entry) || (pin && !pin_valid(pin)))
        return ERR_INVALID;
    struct operators *next = x_alloc(sizeof(*next));
    *next = *ops;
    enum err e = put(next, till, entry, pin, by);
    if (!e)
        e = become(ops, next);
    sodium_memzero(next, sizeof(*next));
    free(next);
    return e;
}

enum err operators_remove(struct operators *ops, struct till *till,
                          int64_t number, int64_t by)
{
    int i = place_of(ops, number);
    if (!is_at(ops, i, number))
        return ERR_NOT_FOUND;
    struct operators *next = x_alloc(sizeof(*next));
    *next = *ops;
    next->n--;
    memmove(&next->all[i], &next->all[i + 1],
            (size_t)(next->n - i) * sizeof(next->all[0]));
    enum err e = next->n > 0 && supervisors(next) == 0 ? ERR_INVALID : ERR_OK;
    if (!e)
        e = note_change(till, &ops->all[i], "removed", by);
    if (!e)
        e = become(ops, next);
    sodium_memzero(next, sizeof(*next));
    free(next);
    return e;
}

/* ---- checking ---- */

/* Whether the file takes it is the disk's affair: see the promise above. */
static void remember(const struct operators *ops)
{
    (void)!save(ops);
}

/* From the first look after a restart on this boot's clock counts. */
static enum err locked_out(struct operators *ops, struct one *o, int64_t still)
{
    if (!this_boot(o)) {
        stamp(o, wait_after(o->wrong) - still);
        remember(ops);
    }
    return ERR_BUSY;
}

static enum err look(struct operators *ops, struct till *till, struct one *o,
                     const char *pin)
{
    struct one before = *o;
    char hash[HASH_ROOM];
    o->wrong++;
    stamp(o, 0);
    remember(ops);
    enum err e = pin_hash(pin, o->salt, hash);
    if (e) {
        *o = before;
        remember(ops);
        return e;
    }
    if (sodium_memcmp(hash, o->hash, sizeof(hash)) != 0) {
        /* The try counts also where its event finds no room. */
        (void)!trail_access(till, o->entry.number, access_wrong_pin,
                            o->entry.number);
        return ERR_PIN_WRONG;
    }
    o->wrong = o->at_ms = o->up_ms = 0;
    o->boot[0] = '\0';
    remember(ops);
    return ERR_OK;
}

enum err operators_check(struct operators *ops, struct till *till,
                         int64_t number, const char *pin, int64_t *wait_ms)
{
    int i = place_of(ops, number);
    if (ops->n == 0 && number == 0)
        return ERR_OK;
    if (!is_at(ops, i, number))
        return ERR_NOT_FOUND;
    struct one *o = &ops->all[i];
    int64_t still = wait_still(o);
    enum err e =
        still > 0 ? locked_out(ops, o, still) : look(ops, till, o, pin);
    if (e && wait_ms)
        *wait_ms = still > 0 ? still : wait_still(o);
    return e;
}
