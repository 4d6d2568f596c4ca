/*
 * check.c - the whole ledger against its chain and its newest
 * acknowledgement. Changes nothing and says nothing.
 */
#include "pos/till/check.h"

#include "fair/inbox.h"
#include "fair/wire.h"

struct witness {
    int64_t count; /* < 0: there is none */
    uint8_t head[HASH_BYTES];
};

/* Only what our aggregator signed for this device witnesses anything: a
 * sync.db may have been another till's. */
static void witness_take(const struct ledger_state *ours, struct str lines,
                         struct witness *w)
{
    uint8_t key[KEY_BYTES];
    struct ack ack;
    struct str rest;
    if (hex_bytes(ours->admission.aggregator, key, sizeof(key)) &&
        ack_decode(lines, key, STR(""), &ack, &rest) == ERR_OK &&
        str_is(ack.device, ours->device) &&
        hex_bytes(ack.head, w->head, sizeof(w->head)))
        w->count = ack.count;
}

static void witness_read(struct ledger *ledger, const char *dir,
                         const char *who, struct witness *w)
{
    BUF(why, MAX_TEXT);
    struct inbox *inbox;
    struct inbox_state state;
    if (inbox_open(dir, INBOX_READ, who, &why, &inbox))
        return;
    if (inbox_state(inbox, &state) == ERR_OK)
        witness_take(ledger_state(ledger), state.ack, w);
    inbox_close(inbox);
}

enum err check_ledger(struct ledger *ledger, const char *dir, const char *who,
                      struct verifier *v)
{
    struct witness w = { .count = -1 };
    witness_read(ledger, dir, who, &w);
    return ledger_verify(ledger, w.count, w.head, v);
}
