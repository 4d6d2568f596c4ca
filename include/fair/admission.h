/*
 * admission.h - the aggregator's signed word that a device belongs to a booth
 * of a fair.
 *
 * The admission is a canonical object; its signature is over
 * DOMAIN_ADMISSION || bytes by the aggregator's key that it names. Event 1
 * carries both, so a ledger proves by itself who it is.
 */
#ifndef FAIR_ADMISSION_H
#define FAIR_ADMISSION_H

#include "fair/codec.h"
#include "fair/sign.h"

enum { MAX_CLOSED_DAYS = 64 };

/* The fair (tập sự) of ledgers to practise on: no aggregator has it, and no
 * agent sends what belongs to it. */
#define PRACTICE_FAIR "TAP-SU"

struct admission {
    struct str aggregator; /* 64 hex: the aggregator's public key */
    int64_t at_ms;         /* when it was given */
    struct str booth, booth_name;
    int64_t n_closed;
    int64_t closed[MAX_CLOSED_DAYS]; /* days inside the span without fair */
    int64_t cut_off_min;
    int64_t days; /* number of calendar dates, closed ones too */
    struct str fair;
    int64_t first_day;
    struct str key;          /* 64 hex: the device's public key */
    struct str label;        /* on slips: BOOTH-LABEL-SEQ, [A-Z0-9]{1,3} */
    struct str name;         /* of the fair */
    int64_t number;          /* device number in the fair, 1…1023 */
    struct str successor_of; /* device id, or empty */
};

extern const struct shape admission_shape;

/* Checks form and signature. ERR_ADMISSION when anything is wrong, also when
 * `device_key` (may be NULL) is not the key it names. */
enum err admission_check(struct str bytes, struct str signature_hex,
                         const uint8_t *device_key, struct buf *arena,
                         struct admission *out) MUST_USE;

/* When a fair is: `closed` are days within its span, ascending; borrowed. */
struct calendar {
    int64_t first_day, days;
    const int64_t *closed;
    int64_t n_closed;
};
struct calendar admission_calendar(const struct admission *a);
/* Is `day` one of the fair's open days, and which fair-day (1…)? 0 if not. */
int calendar_fair_day(const struct calendar *c, int day);

/* The till's file `admission`: line 1 the object, line 2 the signature in
 * hex. */
enum err admission_load(const char *dir, struct buf *text, struct str *bytes,
                        struct str *signature_hex) MUST_USE;

#endif
