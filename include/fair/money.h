/*
 * money.h - đồng, quantities and growth, in integers only.
 *
 * VND (ISO 4217 704) has no minor unit in use: an amount is a whole number of
 * đồng in int64. A quantity is a whole number of thousandths (milli). Every
 * operation that could overflow is checked; nothing here is a float.
 * Percentages and per-day averages exist only as integer hundredths.
 */
#ifndef FAIR_MONEY_H
#define FAIR_MONEY_H

#include "fair/buf.h"

#define MONEY_MAX INT64_C(9999999999999) /* an amount typed or imported */
#define MILLI_MAX INT64_C(999999999)     /* 999,999.999 units */

/* Checked sum and product; ERR_LIMIT on overflow. */
enum err money_add(int64_t a, int64_t b, int64_t *out) MUST_USE;
enum err money_mul(int64_t a, int64_t b, int64_t *out) MUST_USE;

/* price (đồng a unit, >= 0) x quantity (milli, > 0), rounded half up to one
 * đồng a line: 0.0005 x 1,000 = 1; 1.237 x 45,000 = 55,665. */
enum err money_line(int64_t price_vnd, int64_t milli, int64_t *out) MUST_USE;

/* part/whole of amount, rounded half up; 0 <= part <= whole, whole > 0,
 * amount >= 0. Used so that refunds of parts add up to the line exactly. */
int64_t money_part(int64_t amount_vnd, int64_t part, int64_t whole);

/* Shares `discount` (0…sum of amounts) over n amounts in proportion, by
 * largest remainder, earlier lines first among equals: the shares add up to
 * the discount and none exceeds its amount. n is at most MAX_LINES. */
void money_share(int64_t discount_vnd, const int64_t *amounts, int n,
                 int64_t *shares);

/* AMOUNT of the command line: 1–13 decimal digits, nothing else. */
enum err money_parse(struct str s, int64_t *vnd) MUST_USE;
/* QTY: digits, optionally '.' and 1–3 digits; above 0, at most MILLI_MAX. */
enum err qty_parse(struct str s, int64_t *milli) MUST_USE;

/* How this thread writes numbers for people, below, from now on: 1.234,5 (as
 * every thread begins) or 1,234.5. Returns how it did before. */
enum number_style { NUMBERS_VIETNAMESE, NUMBERS_ENGLISH };
enum number_style number_style_use(enum number_style style);

/* "1.234.567.000", "-150.000". */
void money_render(struct buf *out, int64_t vnd);
/* Quantity without needless zeros, decimal comma: "3", "0,385". */
void qty_render(struct buf *out, int64_t milli);
/* Hundredths with thousands points and a decimal comma: 123456 ->
 * "1.234,56". */
void hundredths_render(struct buf *out, int64_t hundredths);
/* The same as a JSON number: 123456 -> "1234.56". */
void hundredths_json(struct buf *out, int64_t hundredths);
/* "+8,25 %", "−3,10 %" (U+2212), "0,00 %". */
void growth_render(struct buf *out, int64_t hundredths);

/* total/days in hundredths, half away from zero; days > 0. What does not fit
 * becomes the nearest int64. */
int64_t per_day_hundredths(int64_t total, int64_t days);
/* total/days as a whole number, half away from zero; days > 0. */
int64_t per_day(int64_t total, int64_t days);

/* Growth (a/da)/(b/db) - 1 in hundredths of a per cent, half away from zero
 * from the exact fraction. ERR_NOT_FOUND when b is 0 or less (it does not
 * exist), ERR_LIMIT when it does not fit. da, db > 0. */
enum err growth(int64_t a, int64_t da, int64_t b, int64_t db,
                int64_t *hundredths) MUST_USE;

/* đồng as millions in hundredths (1,234,567,890 -> 123457), half away. */
int64_t millions_hundredths(int64_t vnd);

#endif
