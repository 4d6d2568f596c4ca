/*
 * check.h - proving what the aggregator holds, making its sums anew, and
 * putting a backup in its place: what stands behind the commands `verify`,
 * `rebuild` and `restore` (`backup` is store_backup).
 *
 * None of these prints or asks; whoever calls `check_restore` has made sure
 * that nobody serves the directory.
 */
#ifndef AGGREGATOR_CHECK_H
#define AGGREGATOR_CHECK_H

#include "store.h"

/* What was found of one device: the walk of verify.h over its segments, held
 * against the head and number of events that were acknowledged, its admission
 * (ERR_ADMISSION at number 1), and the chain of every branch set aside. */
struct device_check {
    const struct device *device;
    bool ok;
    int64_t first_bad; /* number of the first wrong event, or 0 */
    enum err error;
    bool as_sent; /* not ok, but all of it is what was acknowledged: the device
                     has signed it so, and no backup says anything else */
};

struct check {
    int64_t devices, events; /* looked at */
    int64_t put_up_with; /* revoked, and what is wrong was taken in so */
    bool devices_ok;     /* all others */
    bool as_sent;        /* those that are not were taken in so */
    bool rollups_ok; /* the stored rows are the fold of the events they stand
                        for, and with the events beyond them and the held ones
                        they close the books: they add up to the running totals
                        in each sound device's last event */
    bool file_ok;    /* SQLite finds its own pages in order */
    bool ok;         /* all of it */
};

/* Looks at one moment of the store, group closed. `take` is called for every
 * device, in report order; it may be NULL. Fails only when the database cannot
 * be read at all. */
enum err check_verify(struct store *s, const uint8_t aggregator[KEY_BYTES],
                      enum err (*take)(void *ctx, const struct device_check *d),
                      void *ctx, struct check *out) MUST_USE;

/* Is the device's stored admission by this aggregator, and does it say of whom
 * the device is? ERR_ADMISSION. */
enum err check_admission(struct store *s, const struct device *d,
                         const uint8_t aggregator[KEY_BYTES]) MUST_USE;

/* Do the device's stored bytes lead to the head that was acknowledged? Less
 * than check_verify asks, and a tenth of its work. ERR_CORRUPT. */
enum err check_chain(struct store *s, const struct device *d) MUST_USE;

/* The same of every device, at one moment: `take` (or NULL) is called for each
 * that is damaged, in report order, and *damaged says how many those are. */
enum err check_chains(struct store *s,
                      enum err (*take)(void *ctx, const struct device *d),
                      void *ctx, int64_t *damaged) MUST_USE;

/* Drops all roll-ups and folds everything anew, in steps; reports are exact
 * all the while. But the sums of a device that check_chain finds damaged stay
 * as they are, since what cannot be read cannot be added up; `take` as above.
 * Not inside a group. */
struct rebuilt {
    int64_t events;  /* added up anew */
    int64_t damaged; /* devices */
};
enum err check_rebuild(struct store *s,
                       enum err (*take)(void *ctx, const struct device *d),
                       void *ctx, struct rebuilt *out) MUST_USE;

/* Makes the backup `file` the database of `dir`. First it is copied in there
 * and looked at: ours (application, admissions by `aggregator`), pages in
 * order, every device's bytes lead to its head; ERR_CORRUPT or ERR_ADMISSION
 * (ERR_FULL, before anything is copied, when it has more bytes than are free)
 * and nothing is changed otherwise, `why` says what. Then one rename; what was
 * there stays beside it as aggregator.db.before-restore (an older one of that
 * name goes). Roll-ups are folded anew. With `to` the copy is poured into that
 * store instead, which holds nothing (ERR_EXISTS). */
struct restoring {
    const char *dir, *file;
    const uint8_t *aggregator; /* its public key */
    struct store *to;          /* or NULL */
};
enum err check_restore(const struct restoring *r, struct buf *why) MUST_USE;

#endif
