/*
 * entry.c - reading the entry line.
 *
 * Promise: every line means exactly one thing, or says what is wrong with it.
 * Digits and signs of the numeric pad suffice for everything but words. It
 * never guesses: 1.5 is no amount, and 1.500 before a '*' is one and a half,
 * as scales print it.
 */
#include "pos/model/entry.h"

#include <string.h>

#include "fair/i18n.h"
#include "fair/money.h"

enum { GROUP_DIGITS = 3, THOUSAND = 1000, WHOLE_HUNDREDTHS = 10000 };

static struct str after(struct str s, size_t n)
{
    return (struct str){ s.data + n, s.len - n };
}

static struct str trimmed(struct str s)
{
    while (s.len > 0 && s.data[0] == ' ')
        s = after(s, 1);
    while (s.len > 0 && s.data[s.len - 1] == ' ')
        s.len--;
    return s;
}

static bool starts(struct str s, char c)
{
    return s.len > 0 && s.data[0] == c;
}

static bool is_separator(char c)
{
    return c == '.' || c == ',';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t count_digits(struct str s)
{
    size_t n = 0;
    while (n < s.len && is_digit(s.data[n]))
        n++;
    return n;
}

/* ---- amounts ---- */

/* "1.500.000": one to three digits, then groups of three behind the same
 * sign. Appends the digits alone. */
static bool ungroup(struct str s, struct buf *out)
{
    size_t n = count_digits(s);
    if (n < 1 || n > GROUP_DIGITS || n == s.len)
        return false;
    char sign = s.data[n];
    buf_put(out, s.data, n);
    for (s = after(s, n); s.len > 0; s = after(s, 1 + GROUP_DIGITS)) {
        if (s.data[0] != sign || !is_separator(sign) ||
            count_digits(after(s, 1)) != GROUP_DIGITS)
            return false;
        buf_put(out, s.data + 1, GROUP_DIGITS);
    }
    return true;
}

enum err entry_amount(struct str text, bool thousands, int64_t *vnd)
{
    BUF(digits, ENTRY_MAX);
    struct str s = trimmed(text);
    bool exact = !thousands || starts(s, '!');
    int64_t amount;
    if (starts(s, '!'))
        s = after(s, 1);
    if (s.len > 0 && s.data[s.len - 1] == '.') {
        exact = true;
        s.len--;
    }
    if (ungroup(s, &digits)) {
        exact = true;
        s = buf_slice(&digits);
    }
    if (money_parse(s, &amount) != ERR_OK)
        return ERR_INVALID;
    *vnd = exact || amount >= THOUSAND ? amount : amount * THOUSAND;
    return ERR_OK;
}

/* ---- quantities and percentages ---- */

/* A decimal number as people type it, with a point or a comma. */
static bool decimal(struct str s, int64_t *milli)
{
    BUF(text, ENTRY_MAX);
    buf_str(&text, s);
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == ',')
            text.data[i] = '.';
    }
    return buf_ok(&text) && qty_parse(buf_slice(&text), milli) == ERR_OK;
}

/* Up to 100, with at most two decimals: 5.000 is an amount. */
static bool percent(struct str s, int64_t *hundredths)
{
    enum { MILLI_A_HUNDREDTH = 10 };
    int64_t milli;
    if ((s.len > GROUP_DIGITS &&
         is_separator(s.data[s.len - 1 - GROUP_DIGITS])) ||
        !decimal(s, &milli) || milli / MILLI_A_HUNDREDTH > WHOLE_HUNDREDTHS)
        return false;
    *hundredths = milli / MILLI_A_HUNDREDTH;
    return true;
}

/* ---- lines ---- */

static void wrong(struct entry *out, const char *why)
{
    out->kind = ENTRY_WRONG;
    out->why = why;
}

static bool some_amount(struct str s, bool thousands, struct entry *out)
{
    return entry_amount(s, thousands, &out->vnd) == ERR_OK && out->vnd > 0;
}

static void parse_discount(struct str s, bool thousands, struct entry *out)
{
    out->kind = ENTRY_DISCOUNT;
    if (starts(s, '%')) {
        out->kind = ENTRY_DISCOUNT_ALL;
        s = after(s, 1);
    }
    s = trimmed(s);
    if (!percent(s, &out->percent_hundredths) &&
        entry_amount(s, thousands, &out->vnd) != ERR_OK)
        wrong(out, N_("after % comes a percentage up to 100, or an amount"));
}

/* What a number and a '*' stand before. Without a number it is all a word:
 * scanned texts contain anything. */
static struct str parse_count(struct str line, struct entry *out)
{
    size_t n = 0;
    while (n < line.len &&
           (is_digit(line.data[n]) || is_separator(line.data[n])))
        n++;
    struct str rest = trimmed(after(line, n));
    if (!starts(rest, '*'))
        return line;
    out->counted = true;
    if (!decimal((struct str){ line.data, n }, &out->milli))
        wrong(out, N_("this is no quantity"));
    return trimmed(after(rest, 1));
}

static void parse_item(struct str line, bool thousands, struct entry *out)
{
    out->kind = ENTRY_ITEM;
    struct str word = parse_count(line, out);
    if (out->kind == ENTRY_WRONG)
        return;
    if (word.len == 0) {
        wrong(out, N_("after a quantity and * comes an item"));
    } else if (starts(word, '/')) {
        out->kind = ENTRY_UNLISTED;
        if (!some_amount(after(word, 1), thousands, out))
            wrong(out, N_("after / comes the price of an item off the list"));
    } else {
        out->word = word;
    }
}

static void parse_quantity(struct str s, struct entry *out)
{
    out->kind = ENTRY_QUANTITY;
    out->counted = true;
    if (!decimal(trimmed(s), &out->milli))
        wrong(out, N_("this is no quantity"));
}

void entry_parse(struct str line, bool thousands, struct entry *out)
{
    struct str s = trimmed(line);
    *out = (struct entry){ .kind = ENTRY_EMPTY, .milli = THOUSAND };
    if (s.len == 0)
        return;
    if (str_is(s, "+"))
        out->kind = ENTRY_MORE;
    else if (str_is(s, "-"))
        out->kind = ENTRY_LESS;
    else if (starts(s, '%'))
        parse_discount(after(s, 1), thousands, out);
    else if (starts(s, '*'))
        parse_quantity(after(s, 1), out);
    else
        parse_item(s, thousands, out);
}
