/*
 * push.c - what becomes of one push: the decision at the heart of exactly
 * once.
 *
 * The device's durable (count, head) is the only cursor. A batch either
 * follows the head (appended), lies behind it and says the same (a replay,
 * nothing to do), leaves a gap (nothing stored, the wanted number named), or
 * contradicts what is stored (a fork: set aside, uncounted, flagged). Nothing
 * is ever overwritten, and no well-formed event is refused for what it says.
 * Whether a batch is well-formed was decided before (push_decode).
 */
#include <stdlib.h>
#include <string.h>

#include "fair/admission.h"
#include "fair/event.h"

#include "ingest.h"
#include "sync/aggregator/store/branching.h"

/* ---- devices we have not seen (or have forgotten) ------------------------ */

/* The admission inside event 1, as stored: both parts are slices of `line`. */
static enum err enrolled_of(struct str line, struct buf *arena,
                            struct body_enrolled *parts)
{
    struct event event;

    if (event_decode(line, &event) != ERR_OK || event.kind != EV_ENROLLED)
        return ERR_ADMISSION;
    if (shape_decode(body_shape(EV_ENROLLED), event.body, arena, parts, NULL) !=
        ERR_OK)
        return ERR_ADMISSION;
    return ERR_OK;
}

/* What it says, when we have signed it for this key. */
static enum err admission_of(const struct body_enrolled *parts,
                             const struct push *push, const struct keys *keys,
                             struct buf *arena, struct admission *a)
{
    uint8_t aggregator[KEY_BYTES];

    if (admission_check(parts->admission, parts->signature, push->key, arena,
                        a) != ERR_OK)
        return ERR_ADMISSION;
    if (!hex_bytes(a->aggregator, aggregator, KEY_BYTES) ||
        memcmp(aggregator, keys->signing.public_key, KEY_BYTES) != 0)
        return ERR_ADMISSION;
    return ERR_OK;
}

static bool str_fits(char *out, size_t size, struct str s)
{
    if (s.len >= size)
        return false;
    memcpy(out, s.data, s.len);
    out[s.len] = '\0';
    return true;
}

/* A returning device brings its admission with it: our own signature is all
 * the memory we need. */
static enum err admit_from_ledger(struct store *s, const struct keys *keys,
                                  const struct push *push, struct device *d)
{
    struct str events = push->events, line;
    struct body_enrolled parts;
    struct admission *a = x_alloc(sizeof(*a));
    BUF(arena, MAX_BATCH);
    enum err e = ERR_ADMISSION;

    if (push->header.from == 1 && lines_next(&events, &line) &&
        buf_room(&arena, 2 * line.len + 1) != NULL)
        e = enrolled_of(line, &arena, &parts);
    if (e == ERR_OK)
        e = admission_of(&parts, push, keys, &arena, a);
    if (e == ERR_OK) {
        *d = (struct device){ .number = a->number, .state = DEVICE_ACTIVE };
        memcpy(d->public_key, push->key, KEY_BYTES);
        chain_start(push->key, d->head);
        if (!str_fits(d->device, sizeof(d->device), push->header.device) ||
            !str_fits(d->fair, sizeof(d->fair), a->fair) ||
            !str_fits(d->booth, sizeof(d->booth), a->booth) ||
            !str_fits(d->label, sizeof(d->label), a->label))
            e = ERR_ADMISSION;
    }
    if (e == ERR_OK) {
        struct admitted admitted = { parts.admission, parts.signature, STR(""),
                                     NULL };
        e = store_admit(s, d, &admitted);
        if (e == ERR_EXISTS) /* it came to another server just now */
            e = ERR_AGAIN;
    }
    free(a);
    return e;
}

/* ---- comparing a batch with the head ------------------------------------- */

/* hash(seq) as the batch tells it, from-1 <= seq <= to; *rest are the lines
 * behind it. */
static void batch_hash_at(const struct push *push, int64_t seq,
                          uint8_t out[HASH_BYTES], struct str *rest)
{
    struct str events = push->events, line;
    uint8_t hash[HASH_BYTES];

    memcpy(hash, push->previous, HASH_BYTES);
    for (int64_t at = push->header.from; at <= seq; at++) {
        bool any = lines_next(&events, &line);

        ASSERT(any);
        chain_next(hash, line, hash);
    }
    memcpy(out, hash, HASH_BYTES);
    *rest = events;
}

static enum err same_at(struct store *s, const struct push *push, int64_t seq,
                        bool *same)
{
    uint8_t ours[HASH_BYTES], theirs[HASH_BYTES];
    struct str rest;
    enum err e = store_hash_at(s, push->header.device, seq, ours);

    if (e == ERR_OK) {
        batch_hash_at(push, seq, theirs, &rest);
        *same = memcmp(ours, theirs, HASH_BYTES) == 0;
    }
    return e;
}

/* The first number at which the batch and what is stored part: a hash that
 * differs stays different, so halving finds it. */
static enum err parting(struct store *s, const struct push *push, int64_t count,
                        int64_t *first)
{
    int64_t low = push->header.from;
    int64_t high = push->header.to < count ? push->header.to : count;

    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        bool same = false;
        enum err e = same_at(s, push, middle, &same);

        if (e != ERR_OK)
            return e;
        if (same)
            low = middle + 1;
        else
            high = middle;
    }
    *first = low;
    return ERR_OK;
}

/* Says ERR_FORK. A device is one for people, too, unless all is kept that has
 * parted and they have decided about it; whoever was revoked stays so. */
static enum err flag(struct store *s, const struct device *d,
                     const struct push *push, bool kept)
{
    bool decided = false;
    enum err e = ERR_OK;

    if (d->state == DEVICE_ACTIVE && kept)
        e = branch_all_decided(s, push->header.device, &decided);
    if (e == ERR_OK && d->state == DEVICE_ACTIVE && !decided)
        e = store_set_state(s, push->header.device, DEVICE_FORK);
    return e == ERR_OK ? ERR_FORK : e;
}

/* The branch acknowledged first stays. */
static enum err set_aside(struct store *s, const struct device *d,
                          const struct push *push, int64_t first,
                          int64_t now_ms)
{
    enum err e = branch_keep(s, push, first, now_ms);

    return e == ERR_OK ? flag(s, d, push, true) : e;
}

/* ---- the three ways of a batch ------------------------------------------- */

static enum err append_news(struct store *s, const struct device *d,
                            const struct push *push,
                            const struct heartbeat *heard)
{
    const struct push_header *h = &push->header;
    uint8_t hash[HASH_BYTES];
    struct segment seg = { .first = d->count + 1,
                           .last = h->to,
                           .head = push->head };
    int64_t first = 0;

    batch_hash_at(push, d->count, hash, &seg.bytes);
    if (memcmp(hash, d->head, HASH_BYTES) == 0)
        return store_append(s, h->device, &seg, heard);
    enum err e = parting(s, push, d->count, &first);
    return e == ERR_OK ? set_aside(s, d, push, first, heard->seen_ms) : e;
}

static enum err compare_replay(struct store *s, const struct device *d,
                               const struct push *push, int64_t now_ms)
{
    bool same = false;
    int64_t first = 0;
    enum err e = same_at(s, push, push->header.to, &same);

    if (e != ERR_OK || same)
        return e;
    e = parting(s, push, d->count, &first);
    return e == ERR_OK ? set_aside(s, d, push, first, now_ms) : e;
}

static enum err take_events(struct store *s, const struct device *d,
                            const struct push *push,
                            const struct heartbeat *heard)
{
    const struct push_header *h = &push->header;
    bool follows = false;
    enum err e = branch_follows(s, push, &follows);

    if (e != ERR_OK)
        return e;
    if (follows)
        return set_aside(s, d, push, h->from, heard->seen_ms);
    if (h->from > d->count + 1)
        return ERR_GAP;
    if (h->to <= d->count)
        return compare_replay(s, d, push, heard->seen_ms);
    return append_news(s, d, push, heard);
}

/* A question names one of the device's own numbers and its head there: where
 * we hold that number, both must agree, and in no branch may it be. */
static enum err answer_question(struct store *s, const struct device *d,
                                const struct push *push)
{
    bool same = true, aside = false;
    enum err e = ERR_OK;

    if (push->header.to <= d->count)
        e = same_at(s, push, push->header.to, &same);
    if (e == ERR_OK && (!same || push->header.to > d->count))
        e = branch_follows(s, push, &aside);
    if (e != ERR_OK || (same && !aside))
        return e;
    return flag(s, d, push, aside);
}

static struct heartbeat heard_in(const struct push *push, int64_t now_ms)
{
    const struct push_header *h = &push->header;

    return (struct heartbeat){ .seen_ms = now_ms,
                               .unsent = h->unsent,
                               .offset_ms = now_ms - h->clock_ms,
                               .disk_mb = h->disk_mb,
                               .list = h->list,
                               .program = h->program };
}

/* What was appended took it along. */
static enum err hear(struct store *s, const struct device *d,
                     const struct push *push, enum err outcome,
                     struct heartbeat *heard)
{
    bool fine = outcome == ERR_OK && push->n > 0;

    if (fine && push->header.to > d->count)
        return ERR_OK;
    heard->resent = fine;
    return store_heartbeat(s, push->header.device, heard);
}

bool ingest_answers(enum err outcome)
{
    return outcome == ERR_OK || outcome == ERR_GAP || outcome == ERR_FORK ||
           outcome == ERR_REVOKED || outcome == ERR_ADMISSION;
}

enum err ingest_push(struct store *s, const struct keys *keys,
                     const struct push *push, int64_t now_ms, int64_t *added)
{
    struct heartbeat heard = heard_in(push, now_ms);
    struct device d;

    if (!str_is(push->header.aggregator, keys->id))
        return ERR_ADMISSION;
    enum err e = store_device_locked(s, push->header.device, &d);
    if (e == ERR_NOT_FOUND)
        e = admit_from_ledger(s, keys, push, &d);
    if (e != ERR_OK)
        return e;
    if (added != NULL)
        *added = push->header.to - d.count;
    enum err outcome = push->n == 0 ? answer_question(s, &d, push)
                                    : take_events(s, &d, push, &heard);
    if (!ingest_answers(outcome))
        return outcome;
    e = hear(s, &d, push, outcome, &heard);
    if (e != ERR_OK)
        return e;
    return outcome == ERR_OK && d.state == DEVICE_REVOKED ? ERR_REVOKED
                                                          : outcome;
}
