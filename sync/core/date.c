/*
 * date.c - the calendar, by counting days since 1970-01-01.
 *
 * Promises an answer for every int64 moment: a clock that shows a year before
 * 1970 or after 9999 is taken as the first or last moment of the calendar,
 * since a device's clock is data that we judge but never refuse.
 * Asks no C library for time zones: local time is UTC+7 and nothing else.
 */
#include "fair/date.h"

#define SLOT_MS (SLOT_MINUTES * INT64_C(60000))

enum {
    DAY_FIRST = 19700101,
    DAY_LAST = 99991231,
    DAYS_LAST = 2932896, /* 9999-12-31, in days since 1970-01-01 */
    MINUTE_MS = 60000,
    DAY_MINUTES = 1440,
    LENGTH_DATE = 10, /* 2020-01-14 */
    LENGTH_CLOCK = 5  /* 09:30 */
};

static bool leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days of the year before the month; month 1…13. */
static int days_before_month(int year, int month)
{
    static const short before[] = { 0,   31,  59,  90,  120, 151, 181,
                                    212, 243, 273, 304, 334, 365 };
    return before[month - 1] + (month > 2 && leap(year));
}

/* Days of all years before this one, counted from the year 1. */
static int days_before_year(int year)
{
    int past = year - 1;
    return past * 365 + past / 4 - past / 100 + past / 400;
}

bool day_valid(int day)
{
    if (day < DAY_FIRST || day > DAY_LAST)
        return false;
    int year = day / 10000, month = day / 100 % 100, date = day % 100;
    if (month < 1 || month > 12 || date < 1)
        return false;
    return date <=
           days_before_month(year, month + 1) - days_before_month(year, month);
}

/* Days since 1970-01-01. */
static int count_of(int day)
{
    ASSERT(day_valid(day));
    int year = day / 10000;
    return days_before_year(year) - days_before_year(1970) +
           days_before_month(year, day / 100 % 100) + day % 100 - 1;
}

/* The day with this count; beyond the calendar its first or last day. */
static int day_at(int64_t count)
{
    if (count < 0)
        return DAY_FIRST;
    if (count > DAYS_LAST)
        return DAY_LAST;
    int rest = (int)count + days_before_year(1970);
    /* 400 years have 146097 days: a year off at most. */
    int year = (int)((int64_t)rest * 400 / 146097) + 1;
    while (days_before_year(year) > rest)
        year--;
    while (days_before_year(year + 1) <= rest)
        year++;
    rest -= days_before_year(year);
    int month = 1;
    while (days_before_month(year, month + 1) <= rest)
        month++;
    rest -= days_before_month(year, month);
    return year * 10000 + month * 100 + rest + 1;
}

int day_add(int day, int days)
{
    return day_at((int64_t)count_of(day) + days);
}

int day_diff(int later, int earlier)
{
    return count_of(later) - count_of(earlier);
}

int64_t day_start_ms(int day)
{
    return count_of(day) * DAY_MS - UTC_OFFSET_MS;
}

/* Milliseconds since local 1970-01-01T00:00, within the calendar. */
static int64_t local_ms(int64_t ms)
{
    if (ms < -UTC_OFFSET_MS)
        return 0;
    if (ms >= (DAYS_LAST + 1) * DAY_MS - UTC_OFFSET_MS)
        return (DAYS_LAST + 1) * DAY_MS - 1;
    return ms + UTC_OFFSET_MS;
}

int day_of_ms(int64_t ms)
{
    return day_at(local_ms(ms) / DAY_MS);
}

int fair_day_of_ms(int64_t ms, int cut_off_min)
{
    ASSERT(cut_off_min >= 0 && cut_off_min < DAY_MINUTES);
    int64_t local = local_ms(ms) - (int64_t)cut_off_min * MINUTE_MS;
    return day_at(local / DAY_MS);
}

int slot_of(int64_t ms, int day)
{
    int64_t start = day_start_ms(day);
    int64_t since = local_ms(ms) % DAY_MS;
    if (ms >= start && ms < start + 2 * DAY_MS)
        since = ms - start;
    return (int)(since / SLOT_MS);
}

/* `pattern` gives the shape: a digit where it has '0', else itself. Digits of
 * each run go to one number of `out`. */
static bool numbers_parse(struct str s, const char *pattern, int *out)
{
    struct str shape = str_of(pattern);
    if (s.len != shape.len)
        return false;
    int n = 0;
    out[0] = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (shape.data[i] == '0') {
            if (s.data[i] < '0' || s.data[i] > '9')
                return false;
            out[n] = out[n] * 10 + (s.data[i] - '0');
        } else {
            if (s.data[i] != shape.data[i])
                return false;
            out[++n] = 0;
        }
    }
    return true;
}

enum err day_parse(struct str s, int *day)
{
    int n[3];
    if (!numbers_parse(s, "0000-00-00", n))
        return ERR_INVALID;
    int parsed = n[0] * 10000 + n[1] * 100 + n[2];
    if (!day_valid(parsed))
        return ERR_INVALID;
    *day = parsed;
    return ERR_OK;
}

/* "HH:MM" or "HH:MM:SS" -> milliseconds of the day. */
static enum err clock_parse(struct str s, int64_t *ms)
{
    int n[3] = { 0, 0, 0 };
    const char *pattern = s.len == LENGTH_CLOCK ? "00:00" : "00:00:00";
    if (!numbers_parse(s, pattern, n))
        return ERR_INVALID;
    if (n[0] > 23 || n[1] > 59 || n[2] > 59)
        return ERR_INVALID;
    *ms = ((n[0] * 60 + n[1]) * 60 + n[2]) * INT64_C(1000);
    return ERR_OK;
}

enum err time_parse(struct str s, int64_t *ms)
{
    int day;
    int64_t clock;
    if (s.len <= LENGTH_DATE || s.data[LENGTH_DATE] != 'T')
        return ERR_INVALID;
    struct str date = { s.data, LENGTH_DATE };
    struct str rest = { s.data + LENGTH_DATE + 1, s.len - LENGTH_DATE - 1 };
    if (day_parse(date, &day) != ERR_OK || clock_parse(rest, &clock) != ERR_OK)
        return ERR_INVALID;
    *ms = day_start_ms(day) + clock;
    return ERR_OK;
}

enum err hhmm_parse(struct str s, int *minutes)
{
    int64_t ms;
    if (s.len != LENGTH_CLOCK || clock_parse(s, &ms) != ERR_OK)
        return ERR_INVALID;
    *minutes = (int)(ms / MINUTE_MS);
    return ERR_OK;
}

static void put_two(struct buf *out, int n)
{
    const char two[] = { (char)('0' + n / 10), (char)('0' + n % 10) };
    buf_put(out, two, sizeof(two));
}

void day_render(struct buf *out, int day)
{
    ASSERT(day >= 0 && day <= 99999999);
    put_two(out, day / 1000000);
    put_two(out, day / 10000 % 100);
    buf_putc(out, '-');
    put_two(out, day / 100 % 100);
    buf_putc(out, '-');
    put_two(out, day % 100);
}

void day_render_people(struct buf *out, int day)
{
    buf_printf(out, "%02d/%02d/%04d", day % 100, day / 100 % 100, day / 10000);
}

void time_render(struct buf *out, int64_t ms)
{
    int seconds = (int)(local_ms(ms) % DAY_MS / 1000);
    day_render(out, day_of_ms(ms));
    buf_putc(out, 'T');
    hhmm_render(out, seconds / 60);
    buf_putc(out, ':');
    put_two(out, seconds % 60);
    buf_puts(out, "+07:00");
}

void clock_render(struct buf *out, int64_t ms)
{
    hhmm_render(out, (int)(local_ms(ms) % DAY_MS / MINUTE_MS));
}

void hhmm_render(struct buf *out, int minutes)
{
    ASSERT(minutes >= 0 && minutes < DAY_MINUTES);
    put_two(out, minutes / 60);
    buf_putc(out, ':');
    put_two(out, minutes % 60);
}
