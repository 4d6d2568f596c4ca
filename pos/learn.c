/*
 * learn.c - lists and notices, from sync.db into the till and its ledger.
 *
 * A notice is written once: its number stays in a draft of the ledger. A kill
 * between the two writes it twice, which harms nobody.
 */
#include "pos/learn.h"

#include <string.h>

#include "fair/text.h"

#define NOTICES "state.notices"

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

/* What the ledger keeps of a list: the hash of its manifest's line 1, which
 * names every page. */
static enum err manifest_hash(struct till *till, uint8_t hash[HASH_BYTES])
{
    BUF(manifest, MAX_MANIFEST);
    enum err e = inbox_manifest(till->inbox, &manifest);
    if (e)
        return e;
    const char *end = memchr(manifest.data, '\n', manifest.len);
    size_t len = end ? (size_t)(end - manifest.data) : manifest.len;
    hash_tagged("", (struct str){ manifest.data, len }, hash);
    return ERR_OK;
}

static enum err learn_lists(struct till *till)
{
    BUF(document, MAX_LIST);
    uint8_t hash[HASH_BYTES];
    int64_t version;
    if (inbox_list(till->inbox, &version, &document) != ERR_OK ||
        manifest_hash(till, hash) != ERR_OK ||
        lists_parse(&document, version, &till->lists) != ERR_OK)
        return ERR_OK;
    bool known = ledger_state(till->ledger)->list == version;
    return known || till->mode == LEDGER_READ ? ERR_OK
                                              : adopt(till, version, hash);
}

/* ---- notices ---- */

static enum err notices_written(void *ctx, const char *id, struct str bytes)
{
    int64_t *last = ctx;
    if (strcmp(id, NOTICES) != 0)
        return ERR_OK;
    *last = 0;
    for (size_t i = 0; i < bytes.len; i++)
        *last = *last * 10 + (bytes.data[i] - '0');
    return ERR_NOT_FOUND;
}

/* What the note says must be fit for the ledger; that there was one counts
 * more than its words. */
static enum err notice_take(void *ctx, int64_t id, struct str what,
                            struct str text)
{
    struct till *till = ctx;
    BUF(clean, MAX_TEXT);
    BUF(number, 32);
    union body body;
    int64_t seq;
    memset(&body.note, 0, sizeof(body.note));
    if (text_clean(&clean, text, MAX_NOTE_COLUMNS) == ERR_OK)
        body.note.text = buf_slice(&clean);
    body.note.what = what;
    enum err e = till_append(
        till, &(struct intent){ .kind = EV_NOTE, .body = &body }, &seq);
    buf_int(&number, id);
    return e ? e : ledger_draft_save(till->ledger, NOTICES, buf_slice(&number));
}

static enum err learn_notices(struct till *till)
{
    int64_t last = 0;
    enum err e = ledger_draft_each(till->ledger, notices_written, &last);
    if (e && e != ERR_NOT_FOUND)
        return e;
    return inbox_notices_after(till->inbox, last, notice_take, till);
}

enum err till_learn(struct till *till)
{
    if (!till->inbox)
        return ERR_OK;
    enum err e = learn_lists(till);
    if (e || till->mode == LEDGER_READ)
        return e;
    return learn_notices(till);
}
