/*
 * money.c - exact arithmetic on đồng, thousandths and hundredths.
 *
 * Products are taken in 128 bits, so nothing wraps on the way; a result that
 * does not fit in int64 is ERR_LIMIT or, where the contract excludes it, an
 * assertion. Every quotient is rounded once, from the exact fraction.
 * It does not know currencies, cash rounding, languages or unit names.
 */
#include "fair/money.h"

#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 wide;

enum { MONEY_DIGITS = 13, QTY_DECIMALS = 3, MILLI = 1000 };

static bool fits(wide n)
{
    return n >= INT64_MIN && n <= INT64_MAX;
}

/* num/den, half away from zero; den > 0. Doubling happens on the remainder,
 * which is below den: callers keep den below 2^126. */
static wide div_round(wide num, wide den)
{
    wide q = num / den;
    wide rest = num % den;
    if (rest < 0)
        return -rest * 2 >= den ? q - 1 : q;
    return rest * 2 >= den ? q + 1 : q;
}

enum err money_add(int64_t a, int64_t b, int64_t *out)
{
    wide sum = (wide)a + b;
    if (!fits(sum))
        return ERR_LIMIT;
    *out = (int64_t)sum;
    return ERR_OK;
}

enum err money_mul(int64_t a, int64_t b, int64_t *out)
{
    wide product = (wide)a * b;
    if (!fits(product))
        return ERR_LIMIT;
    *out = (int64_t)product;
    return ERR_OK;
}

enum err money_line(int64_t price_vnd, int64_t milli, int64_t *out)
{
    ASSERT(price_vnd >= 0 && milli > 0);
    wide amount = div_round((wide)price_vnd * milli, MILLI);
    if (!fits(amount))
        return ERR_LIMIT;
    *out = (int64_t)amount;
    return ERR_OK;
}

int64_t money_part(int64_t amount_vnd, int64_t part, int64_t whole)
{
    ASSERT(amount_vnd >= 0 && part >= 0 && part <= whole && whole > 0);
    return (int64_t)div_round((wide)amount_vnd * part, whole);
}

void money_share(int64_t discount_vnd, const int64_t *amounts, int n,
                 int64_t *shares)
{
    wide sum = 0;
    wide rest[MAX_LINES] = { 0 };
    ASSERT(n >= 0 && n <= MAX_LINES);
    for (int i = 0; i < n; i++) {
        ASSERT(amounts[i] >= 0);
        sum += amounts[i];
    }
    ASSERT(discount_vnd >= 0 && discount_vnd <= sum);
    int64_t left = discount_vnd;
    for (int i = 0; i < n; i++) {
        wide product = (wide)discount_vnd * amounts[i];
        shares[i] = sum > 0 ? (int64_t)(product / sum) : 0;
        rest[i] = sum > 0 ? product % sum : 0;
        left -= shares[i];
    }
    /* The rests add up to left x sum, each below sum: more than `left` lines
     * have one, and a line with a rest has room for one đồng more. */
    for (; left > 0; left--) {
        int best = 0;
        for (int i = 1; i < n; i++) {
            if (rest[i] > rest[best])
                best = i;
        }
        ASSERT(rest[best] > 0);
        shares[best]++;
        rest[best] = 0;
    }
}

/* All of s as decimal digits; s short enough for int64. */
static bool digits_parse(struct str s, int64_t *out)
{
    int64_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] < '0' || s.data[i] > '9')
            return false;
        n = n * 10 + (s.data[i] - '0');
    }
    *out = n;
    return true;
}

enum err money_parse(struct str s, int64_t *vnd)
{
    if (s.len < 1 || s.len > MONEY_DIGITS || !digits_parse(s, vnd))
        return ERR_INVALID;
    return ERR_OK;
}

enum err qty_parse(struct str s, int64_t *milli)
{
    const char *dot = s.len > 0 ? memchr(s.data, '.', s.len) : NULL;
    struct str units = { s.data, dot ? (size_t)(dot - s.data) : s.len };
    struct str parts = { NULL, 0 };
    if (dot)
        parts = (struct str){ dot + 1, s.len - units.len - 1 };
    int64_t n, fraction;
    if (units.len < 1 || units.len > MONEY_DIGITS || !digits_parse(units, &n))
        return ERR_INVALID;
    if ((dot && parts.len < 1) || parts.len > QTY_DECIMALS ||
        !digits_parse(parts, &fraction))
        return ERR_INVALID;
    for (size_t i = parts.len; i < QTY_DECIMALS; i++)
        fraction *= 10;
    n = n * MILLI + fraction;
    if (n < 1 || n > MILLI_MAX)
        return ERR_INVALID;
    *milli = n;
    return ERR_OK;
}

static _Thread_local enum number_style style_used;

enum number_style number_style_use(enum number_style style)
{
    enum number_style before = style_used;
    style_used = style;
    return before;
}

static char decimal_point(void)
{
    return style_used == NUMBERS_ENGLISH ? '.' : ',';
}

/* Appends |n| in decimal, with a mark before every third digit. */
static void put_grouped(struct buf *out, int64_t n)
{
    char text[32];
    size_t at = sizeof(text);
    int count = 0;
    uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    do {
        if (count > 0 && count % 3 == 0)
            text[--at] = style_used == NUMBERS_ENGLISH ? ',' : '.';
        text[--at] = (char)('0' + left % 10);
        left /= 10;
        count++;
    } while (left > 0);
    buf_put(out, text + at, sizeof(text) - at);
}

/* The last two digits of n, after `point`. */
static void put_cents(struct buf *out, char point, int64_t n)
{
    int cents = abs((int)(n % 100));
    buf_printf(out, "%c%02d", point, cents);
}

void money_render(struct buf *out, int64_t vnd)
{
    if (vnd < 0)
        buf_putc(out, '-');
    put_grouped(out, vnd);
}

void qty_render(struct buf *out, int64_t milli)
{
    if (milli < 0)
        buf_putc(out, '-');
    put_grouped(out, milli / MILLI);
    int rest = abs((int)(milli % MILLI));
    int digits = QTY_DECIMALS;
    if (rest == 0)
        return;
    for (; rest % 10 == 0; rest /= 10)
        digits--;
    buf_printf(out, "%c%0*d", decimal_point(), digits, rest);
}

void hundredths_render(struct buf *out, int64_t hundredths)
{
    if (hundredths < 0)
        buf_putc(out, '-');
    put_grouped(out, hundredths / 100);
    put_cents(out, decimal_point(), hundredths);
}

void hundredths_json(struct buf *out, int64_t hundredths)
{
    if (hundredths < 0 && hundredths > -100)
        buf_putc(out, '-'); /* -0.42: the whole part has no sign */
    buf_int(out, hundredths / 100);
    put_cents(out, '.', hundredths);
}

void growth_render(struct buf *out, int64_t hundredths)
{
    if (hundredths != 0)
        buf_puts(out, hundredths > 0 ? "+" : "\u2212");
    put_grouped(out, hundredths / 100);
    put_cents(out, decimal_point(), hundredths);
    buf_puts(out, " %");
}

int64_t per_day_hundredths(int64_t total, int64_t days)
{
    ASSERT(days > 0);
    wide hundredths = div_round((wide)total * 100, days);
    if (!fits(hundredths))
        return total < 0 ? INT64_MIN : INT64_MAX;
    return (int64_t)hundredths;
}

int64_t per_day(int64_t total, int64_t days)
{
    ASSERT(days > 0);
    return (int64_t)div_round(total, days);
}

/* (a/da)/(b/db) - 1 = (a x db - b x da)/(b x da). */
enum err growth(int64_t a, int64_t da, int64_t b, int64_t db,
                int64_t *hundredths)
{
    ASSERT(da > 0 && db > 0);
    if (b <= 0)
        return ERR_NOT_FOUND;
    wide base = (wide)b * da;
    wide more;
    if (__builtin_sub_overflow((wide)a * db, base, &more) ||
        __builtin_mul_overflow(more, (wide)10000, &more))
        return ERR_LIMIT;
    wide result = div_round(more, base);
    if (!fits(result))
        return ERR_LIMIT;
    *hundredths = (int64_t)result;
    return ERR_OK;
}

int64_t millions_hundredths(int64_t vnd)
{
    return (int64_t)div_round(vnd, 10000);
}
