/*
 * enrolling.h - letting a device in: a one-time code becomes an admission.
 */
#ifndef AGGREGATOR_ENROLLING_H
#define AGGREGATOR_ENROLLING_H

#include "keys.h"
#include "sync/aggregator/store/listing.h"

#include "fair/wire.h"

/* Carries out a request whose form and proof were checked, inside a group;
 * appends the reply's three lines. The same key again gets the same answer.
 * ERR_CODE, ERR_CODE_USED, ERR_CODE_EXPIRED, ERR_PIN (made for another
 * server), ERR_LIMIT (1,023 devices in the fair). */
enum err enrol_device(struct store *s, const struct keys *keys,
                      const struct enrol_request *r, int64_t now_ms,
                      struct buf *reply) MUST_USE;

/* Outcomes that say no but keep what they changed (a wrong try counted). */
bool enrol_refusal(enum err e);

/* A new code for a booth, and its enrolment string appended to `out`; valid
 * 48 hours. `host` and `port` are what devices will call. ERR_NOT_FOUND when
 * the booth is unknown. */
struct enrol_offer {
    struct str fair, booth, device_name;
    struct str host;
    int port;
};
enum err enrol_offer(struct store *s, const struct keys *keys,
                     const struct enrol_offer *offer, int64_t now_ms,
                     struct buf *out) MUST_USE;

#endif
