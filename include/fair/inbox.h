/*
 * inbox.h - sync.db: what fair-sync keeps for the till and for itself.
 *
 * Written by fair-sync only; fair-pos reads. Holds the server's address and
 * pin, the newest acknowledgement, contact and clock offset, lists in all
 * versions (pages by hash, one row names the current version: the swap is one
 * statement) and notices for the operator.
 */
#ifndef FAIR_INBOX_H
#define FAIR_INBOX_H

#include "fair/lists.h"
#include "fair/sign.h"

struct inbox;

enum inbox_mode { INBOX_READ, INBOX_WRITE };

/* ERR_NOT_SET_UP when there is no sync.db to read (or no directory). The
 * writer makes sync.db at its first start and holds lock.sync (waits 10 s,
 * ERR_LOCKED: why = the holder); a reader waits for nobody. Else as
 * db_open, but damage is ERR_INBOX here and in all that follows. */
enum err inbox_open(const char *dir, enum inbox_mode mode, const char *who,
                    struct buf *why, struct inbox **out) MUST_USE;
void inbox_close(struct inbox *in);
const char *inbox_errmsg(const struct inbox *in);

struct inbox_state {
    struct str server; /* https://host:port; borrowed until next call */
    struct str pin;    /* sha256//BASE64[;sha256//BASE64] */
    struct str state;  /* new, active, fork, revoked, pin, refused */
    int64_t acked;     /* events acknowledged; 0 none */
    uint8_t acked_head[HASH_BYTES];
    struct str ack;          /* the newest signed acknowledgement, both lines */
    int64_t last_contact_ms; /* by the device's clock; 0 never */
    int64_t offset_ms;       /* aggregator's clock - ours, at last contact */
    bool offset_known;       /* there was one */
    int64_t list;            /* current list version; 0 none */
    int64_t list_wanted;     /* newest version the aggregator named */
};
enum err inbox_state(struct inbox *in, struct inbox_state *out) MUST_USE;

/* Writer's statements; each is durable when it returns. */
enum err inbox_set_server(struct inbox *in, struct str server,
                          struct str pin) MUST_USE;
enum err inbox_set_state(struct inbox *in, const char *state) MUST_USE;
enum err inbox_set_ack(struct inbox *in, int64_t count,
                       const uint8_t head[HASH_BYTES], struct str ack,
                       int64_t list_wanted) MUST_USE;
enum err inbox_set_contact(struct inbox *in, int64_t at_ms,
                           int64_t offset_ms) MUST_USE;

/* Lists. A page is known by the SHA-256 of its bytes; one whose bytes are
 * others is not held. */
bool inbox_has_page(struct inbox *in, const uint8_t hash[HASH_BYTES]);
enum err inbox_put_page(struct inbox *in, const uint8_t hash[HASH_BYTES],
                        struct str bytes) MUST_USE;
/* Makes a version current; all its pages must be held (ERR_LISTS, nothing
 * changed). `signed_lines` is the manifest `m` was decoded from, kept as it
 * is, in the place of one held under this version: whether that was ours is
 * the caller's to know (inbox_list). */
enum err inbox_adopt(struct inbox *in, const struct manifest *m,
                     struct str signed_lines) MUST_USE;
/* A version, and what a ledger keeps of it: the hash of its manifest's line 1,
 * which names every page. */
struct inbox_list {
    int64_t version;
    uint8_t hash[HASH_BYTES];
};
/* The current lists, when they are those of `ours`: the manifest is signed by
 * its aggregator for its fair and booth, and all pages are there with the
 * bytes of their names. Appends them, in order; `document` NULL: only looks.
 * ERR_NOT_FOUND when there are none, ERR_LISTS when they are another booth's
 * or damaged, ERR_LIMIT when `document` is too small (it is unchanged after
 * every failure). */
enum err inbox_list(struct inbox *in, const struct admission *ours,
                    struct inbox_list *out, struct buf *document) MUST_USE;
/* The same without a look at the pages' bytes, which may be others: for a
 * reader that knows by a tag of its own whether they are those it has read
 * before. */
enum err inbox_list_unchecked(struct inbox *in, const struct admission *ours,
                              struct inbox_list *out,
                              struct buf *document) MUST_USE;

/* Notices: things the till must write into its ledger or show (`restored`,
 * `fork`, `revoked`, …). Numbered; the same one twice in a row is kept
 * once. */
enum err inbox_notice(struct inbox *in, const char *what,
                      struct str text) MUST_USE;
enum err inbox_notices_after(struct inbox *in, int64_t id,
                             enum err (*take)(void *ctx, int64_t id,
                                              struct str what, struct str text),
                             void *ctx) MUST_USE;

#endif
