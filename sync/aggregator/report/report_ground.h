/*
 * report_ground.h - one fair as reports see it: who is in it, and its days
 * added up (private to report*.c).
 */
#ifndef AGGREGATOR_REPORT_GROUND_H
#define AGGREGATOR_REPORT_GROUND_H

#include "sync/aggregator/store/reference.h"
#include "table.h"

enum origin {
    ORIGIN_IN_PROVINCE,
    ORIGIN_OTHER_PROVINCE,
    ORIGIN_FOREIGN,
    ORIGIN_SERVICE,
    ORIGIN_UNKNOWN, /* the booth is in no booth list */
    ORIGINS
};

/* By enum origin: "in-province"…; both NULL for ORIGIN_UNKNOWN. */
extern const struct word_name origin_names[];
/* ORIGIN_UNKNOWN for any other word. */
enum origin origin_of(struct str word);

/* ---- a fair and who is in it --------------------------------------------- */

struct ground_booth { /* a booth as reports see it */
    char code[7];
    char *name; /* NULL when the booth is in no booth list */
    enum origin origin;
    int64_t stands;
    char *place; /* "" unknown; NULL with the name */
};

struct post { /* a device and where it stands */
    struct device d;
    int booth; /* index into booths */
};

/* Devices of other origins or at other booths are left out. */
struct scope {
    enum origin origin; /* ORIGINS: all */
    const char *booth;  /* NULL: all; borrowed */
};

struct fairground {
    struct fair fair;
    char gates[MAX_GATES][7];
    int n_gates;
    struct scope only;
    struct ground_booth *booths; /* by code */
    int n_booths;
    struct post *devices; /* by device id */
    int n_devices;
};

/* ERR_NOT_FOUND when the fair has no calendar. */
enum err ground_load(struct store *s, struct str fair, struct scope only,
                     struct fairground *out) MUST_USE;
void ground_done(struct fairground *g);
/* The device, or NULL when it is left out. */
const struct post *ground_post(const struct fairground *g, struct str device);
/* Is the booth one of those that are asked for? */
bool ground_wants(const struct fairground *g, const struct ground_booth *booth);
/* The booth of this code, or NULL. */
const struct ground_booth *ground_booth(const struct fairground *g,
                                        const char *code);
/* Should the booth report on every fair-day? Those of the booth list that sell
 * goods of their own should, or those of the origin asked for. */
bool ground_expects(const struct fairground *g, const struct ground_booth *b);
/* Does a visit that names this gate count as the fair's? Before the fair lists
 * gates all do. */
bool ground_gate(const struct fairground *g, struct str gate);

/* ---- a fair's days added up ---------------------------------------------- */

struct hold {
    int64_t events, amount_vnd;
};

/* Adds a row of a device that is not left out. */
void hold_add(const struct fairground *g, const struct roll_hold *r,
              struct hold *sum);

struct tally_sums {
    int64_t revenue_vnd, refunds_vnd, voids_vnd, sales, visits;
    int64_t reporting, expected; /* booths; in totals booth-days */
};

struct tally_booth {
    bool heard; /* has it recorded anything? */
    int64_t net_vnd;
};

struct tally_day {
    int day;
    int number;                  /* of the fair-day, 0 outside the calendar */
    struct tally_sums sums, cut; /* cut: up to the slot tally.cut, no booths */
    struct tally_booth *booths;  /* as in the ground */
};

struct until { /* the last slot that counts; day 0: no end */
    int day, slot;
};

struct tally {
    const struct fairground *ground;
    struct until until;
    bool cuts; /* every day is added up to a slot, too: */
    int cut;
    struct tally_day *days; /* by date; every open day up to the end is there */
    int n_days;
    int at;              /* the day found last */
    struct rows *places; /* of days in `days`, while they are added up */
    struct tally_sums total;
    int64_t net_vnd[ORIGINS];
    struct hold hold;
};

/* Net revenue: sales less refunds. Every report takes it from here. */
int64_t tally_net(const struct tally_sums *s);

/* ground, until, cuts and cut are set by the caller, the rest is 0. */
enum err tally_load(struct tally *t, struct store *s) MUST_USE;
void tally_done(struct tally *t);

/* NULL when nothing is known of the date. */
const struct tally_day *tally_day_of(const struct tally *t, int day);
/* The open fair-day of this number, which is one of the calendar and not behind
 * tally.until. */
const struct tally_day *tally_day_numbered(const struct tally *t, int number);
/* All days up to `day`, but of that one only what is up to the cut. */
struct tally_sums tally_up_to(const struct tally *t, int day);

/* The slot a fair-day that is still running is compared up to, in both fairs:
 * the last one that is over by the clock; -1: none is. A slot in progress would
 * stand against a whole one and show a fall that is none. */
int slot_over(int64_t now_ms, int day);

/* Booth-days of open days begun by then: none can report on a day to come. */
struct coverage {
    int64_t reporting, expected;
};
struct coverage tally_coverage(const struct tally *t, int64_t now_ms);

#endif
