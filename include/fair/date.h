/*
 * date.h - the fair's calendar: local time is UTC+7 the whole year.
 *
 * A day is an int YYYYMMDD (0: none), proleptic Gregorian, 1970…9999. A time
 * is milliseconds since 1970 UTC. A fair-day runs from the cut-off (default
 * 04:00) of its date to the cut-off of the next date. What lies beyond the
 * calendar (a device's clock may show anything) counts as its first or last
 * moment.
 */
#ifndef FAIR_DATE_H
#define FAIR_DATE_H

#include "fair/buf.h"

#define UTC_OFFSET_MS INT64_C(25200000) /* UTC+7, no daylight saving */
#define DAY_MS INT64_C(86400000)
enum { SLOT_MINUTES = 10, SLOTS_PER_DAY = 144, SLOTS_MAX = 288 };

bool day_valid(int day);
/* Both need valid days. The difference is in days and may be negative. */
int day_add(int day, int days);
int day_diff(int later, int earlier);

/* The date of a moment, local; and the fair-day, cut-off in minutes. */
int day_of_ms(int64_t ms);
int fair_day_of_ms(int64_t ms, int cut_off_min);

/* The moment a local date begins. */
int64_t day_start_ms(int day);

/* 10-minute slot of a moment within a fair-day: counted from local midnight
 * of `day`, so the hours after midnight before the cut-off are 144 and more.
 * A moment that lies in no part of the day's 48 hours (late entry with a
 * wrong clock) falls on its local time of day. 0…SLOTS_MAX-1. */
int slot_of(int64_t ms, int day);

/* "2020-01-14" <-> 20200114. */
enum err day_parse(struct str s, int *day) MUST_USE;
void day_render(struct buf *out, int day);        /* 2020-01-14 */
void day_render_people(struct buf *out, int day); /* 14/01/2020 */

/* TIME: "2020-01-14T09:30" or "…:SS", local -> ms. */
enum err time_parse(struct str s, int64_t *ms) MUST_USE;
/* "2020-01-14T09:30:05+07:00". */
void time_render(struct buf *out, int64_t ms);
/* "09:30" local. */
void clock_render(struct buf *out, int64_t ms);
/* "HH:MM" <-> minutes 0…1439. */
enum err hhmm_parse(struct str s, int *minutes) MUST_USE;
void hhmm_render(struct buf *out, int minutes);

#endif
