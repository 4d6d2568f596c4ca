/*
 * status.h - is everything well? What the top row says in words: what is not
 * sent yet, when there was contact last, clock, disk, lists, practice.
 */
#ifndef POS_STATUS_H
#define POS_STATUS_H

#include "pos/term/grid.h"
#include "pos/till/till.h"

struct status {
    int64_t unsent;          /* events without acknowledgement */
    int64_t last_contact_ms; /* device's clock; 0: never */
    int64_t offset_ms;       /* aggregator's clock - ours; 0 unknown */
    int64_t disk_free;       /* bytes; -1 unknown */
    int64_t list_version;
    char state[16]; /* fair-sync's: new, active, fork, revoked… */
    int slips_waiting;
    bool practice;
};

/* Looks again; costs no more than a few reads, so once a second is fine. */
void status_look(struct till *till, struct status *out);

/* One short line: the worst first ("NOT ENOUGH DISK"), else "all sent 10:42"
 * or "14 not sent · contact 10:42"; brief without the contact, for a narrow
 * screen. *style says how bad it is. */
void status_line(const struct status *status, int64_t now_ms, bool brief,
                 struct buf *out, enum style *style);
/* Clock, disk and list version, to stand behind it on a wide screen. */
void status_more(const struct status *status, struct buf *out);

#endif
