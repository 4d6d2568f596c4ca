/*
 * learn.c - lists, notices and the aggregator's clock, from sync.db into the
 * till and its ledger.
 *
 * The pages of a list are looked at once: a tag of theirs that only this device
 * can make stays in a draft of the ledger, and tells the next opening that they
 * are the same. Checking them costs more than all else an opening does.
 *
 * A notice is written once: its number stays in a draft of the ledger, as does
 * what was last written about the clock. A kill between the two writes it
 * twice, which harms nobody: neither counts anything.
 */
#include "pos/till/learn.h"

#include <stdlib.h>
#include <string.h>

#include "fair/money.h"
#include "fair/text.h"

#define NOTICES "state.notices"
#define SEEN    "state.lists"
#define CLOCK   "state.clock"

/* Milliseconds, longer than the calendar: what is more is no clock's. */
#define OFFSET_MAX (INT64_C(1) << 48)
/* A clock that is off by so much more or less than the ledger knows is written
 * down: less is what a slow network makes of it. */
enum { DRIFT_MS = 60000 };

/* ---- lists ---- */

static enum err adopt(struct till *till, int64_t version,
                      const uint8_t hash[HASH_BYTES])
{
    BUF(hex, 2 * HASH_BYTES);
    union body body;
    int64_t seq;
    memset(&body.list, 0, sizeof(body.list));
    buf_hex(&hex, hash, HASH_BYTES);
    body.list.hash = buf_slice(&hex);
    body.list.version = version;
    return till_append(till, &(struct intent){ .kind = EV_LIST, .body = &body },
                       &seq);
}

enum err learn_lists_of(struct inbox *in, const struct admission *ours,
                        uint8_t hash[HASH_BYTES], struct lists **out)
{
    struct inbox_list list;
    BUF(document, MAX_LIST);
    enum err e = inbox_list(in, ours, &list, &document);
    if (!e)
        e = lists_parse(&document, list.version, out);
    if (!e)
        memcpy(hash, list.hash, HASH_BYTES);
    return e;
}

/* A new version has to wait when there is no room to record it: nothing is
 * sold from lists that the ledger does not know. */
enum err learn_sell_from(struct till *till, struct lists *lists,
                         const uint8_t hash[HASH_BYTES])
{
    int64_t version = lists_version(lists);
    lists_close(till->lists);
    till->lists = lists;
    bool known = ledger_state(till->ledger)->list == version;
    if (known || till->mode == LEDGER_READ)
        return ERR_OK;
    enum err e = adopt(till, version, hash);
    if (e == ERR_FULL) {
        lists_close(till->lists);
        till->lists = NULL;
    }
    return e == ERR_FULL ? ERR_OK : e;
}

/* ---- lists that were looked at before ---- */

/* These pages under this manifest, which stands for no others: in hex. */
static void seen_tag(const struct till *till, const uint8_t hash[HASH_BYTES],
                     struct str document, struct buf *out)
{
    uint8_t tag[HASH_BYTES];
    BUF(domain, MAX_TEXT);
    buf_puts(&domain, DOMAIN_SEEN);
    buf_hex(&domain, hash, HASH_BYTES);
    tag_make(&ledger_state(till->ledger)->key, buf_text(&domain), document,
             tag);
    buf_hex(out, tag, sizeof(tag));
}

static enum err seen_take(void *ctx, const char *id, struct str bytes)
{
    const struct buf *tag = ctx;
    return strcmp(id, SEEN) == 0 && str_eq(bytes, buf_slice(tag))
               ? ERR_NOT_FOUND
               : ERR_OK;
}

/* ERR_NOT_FOUND when these are others than those that were looked at, or the
 * till has no key to tell. */
static enum err lists_again(struct till *till, uint8_t hash[HASH_BYTES],
                            struct lists **out)
{
    struct inbox_list list;
    BUF(document, MAX_LIST);
    BUF(tag, 2 * HASH_BYTES);
    const struct admission *ours = &ledger_state(till->ledger)->admission;
    if (till->mode == LEDGER_READ)
        return ERR_NOT_FOUND;
    enum err e = inbox_list_unchecked(till->inbox, ours, &list, &document);
    if (e)
        return e;
    seen_tag(till, list.hash, buf_slice(&document), &tag);
    if (ledger_draft_each(till->ledger, seen_take, &tag) != ERR_NOT_FOUND)
        return ERR_NOT_FOUND;
    e = lists_parse_again(&document, list.version, out);
    if (!e)
        memcpy(hash, list.hash, HASH_BYTES);
    return e;
}

/* A tag that cannot be kept costs the next opening time, no more. */
static enum err lists_anew(struct till *till, uint8_t hash[HASH_BYTES],
                           struct lists **out)
{
    BUF(tag, 2 * HASH_BYTES);
    const struct admission *ours = &ledger_state(till->ledger)->admission;
    enum err e = learn_lists_of(till->inbox, ours, hash, out);
    if (e || till->mode == LEDGER_READ)
        return e;
    seen_tag(till, hash, lists_document(*out), &tag);
    (void)!ledger_draft_save(till->ledger, SEEN, buf_slice(&tag));
    return ERR_OK;
}

/* Whatever is wrong with the lists: without them a shift can still be
 * closed. */
static enum err learn_lists(struct till *till)
{
    uint8_t hash[HASH_BYTES];
    struct lists *lists;
    enum err e = lists_again(till, hash, &lists);
    if (e == ERR_NOT_FOUND)
        e = lists_anew(till, hash, &lists);
    return e ? ERR_OK : learn_sell_from(till, lists, hash);
}

/* ---- notices ---- */

static enum err notices_written(void *ctx, const char *id, struct str bytes)
{
    if (strcmp(id, NOTICES) != 0 || money_parse(bytes, ctx) != ERR_OK)
        return ERR_OK;
    return ERR_NOT_FOUND;
}

struct notices {
    struct till *till;
    enum err failed; /* why the till could not write one */
};

static enum err note(struct till *till, struct str what, struct str text)
{
    union body body = { .note = { .text = text, .what = what } };
    int64_t seq;
    return till_append(till, &(struct intent){ .kind = EV_NOTE, .body = &body },
                       &seq);
}

/* What the note says must be fit for the ledger; that there was one counts
 * more than its words. */
static enum err notice_take(void *ctx, int64_t id, struct str what,
                            struct str text)
{
    struct notices *n = ctx;
    BUF(clean, MAX_TEXT);
    BUF(number, 32);
    if (text_check(what, MAX_NAME_COLUMNS) != ERR_OK)
        what = STR("notice");
    if (text_clean(&clean, text, MAX_NOTE_COLUMNS) != ERR_OK)
        buf_clear(&clean);
    buf_int(&number, id);
    enum err e = note(n->till, what, buf_slice(&clean));
    if (!e)
        e = ledger_draft_save(n->till->ledger, NOTICES, buf_slice(&number));
    n->failed = e;
    return e;
}

/* Notices that cannot be read, and those there is no room for, wait. */
static enum err learn_notices(struct till *till)
{
    struct notices n = { till, ERR_OK };
    int64_t last = 0;
    enum err e = ledger_draft_each(till->ledger, notices_written, &last);
    if (e && e != ERR_NOT_FOUND)
        return e;
    (void)!inbox_notices_after(till->inbox, last, notice_take, &n);
    return n.failed == ERR_FULL ? ERR_OK : n.failed;
}

/* ---- the aggregator's clock ---- */

static void learn_clock(struct till *till)
{
    struct inbox_state state;
    if (inbox_state(till->inbox, &state) == ERR_OK && state.offset_known &&
        state.offset_ms > -OFFSET_MAX && state.offset_ms < OFFSET_MAX)
        till->offset_ms = state.offset_ms;
}

static enum err clock_written(void *ctx, const char *id, struct str bytes)
{
    int64_t *offset_ms = ctx;
    BUF(number, 32);
    if (strcmp(id, CLOCK) != 0)
        return ERR_OK;
    buf_str(&number, bytes);
    *offset_ms = strtoll(buf_text(&number), NULL, 10);
    return ERR_NOT_FOUND;
}

/* How far the clock is off stands in the ledger, when it is worth a word. */
static enum err record_clock(struct till *till)
{
    int64_t known = 0, seq;
    BUF(number, 32);
    union body body = { .clock = { till->offset_ms } };
    enum err e = ledger_draft_each(till->ledger, clock_written, &known);
    if (e && e != ERR_NOT_FOUND)
        return e;
    if (llabs(till->offset_ms - known) < DRIFT_MS)
        return ERR_OK;
    e = till_append(till, &(struct intent){ .kind = EV_CLOCK, .body = &body },
                    &seq);
    buf_int(&number, till->offset_ms);
    if (!e)
        e = ledger_draft_save(till->ledger, CLOCK, buf_slice(&number));
    return e == ERR_FULL ? ERR_OK : e;
}

enum err learn_news(struct till *till)
{
    if (!till->inbox)
        return ERR_OK;
    learn_clock(till);
    if (till->mode == LEDGER_READ)
        return ERR_OK;
    enum err e = record_clock(till);
    return e ? e : learn_notices(till);
}

enum err till_learn(struct till *till)
{
    enum err e = till->inbox ? learn_lists(till) : ERR_OK;
    return e ? e : learn_news(till);
}
