/*
 * words.c - amounts in Vietnamese words, as the North says them: linh, nghìn,
 * tư, tỷ.
 *
 * A number is read in parts of nine digits, each followed by "tỷ" as often as
 * there are parts behind it, and a part in groups of three. What is nothing is
 * left out, but inside a number hundreds and tens are always said. Other
 * readings (lẻ, ngàn, tỉ) are not made.
 */
#include "pos/model/words.h"

enum { GROUP = 1000, GROUPS = 3, PARTS = 3 };

static const char *const digits[] = { "không", "một", "hai", "ba",  "bốn",
                                      "năm",   "sáu", "bảy", "tám", "chín" };
static const int64_t parts[PARTS] = { INT64_C(1000000000000000000), 1000000000,
                                      1 };
static const struct {
    int64_t size;
    const char *name;
} groups[GROUPS] = { { 1000000, "triệu" }, { 1000, "nghìn" }, { 1, "" } };

/* Words are said one after the other; the first has none before it. */
struct speech {
    struct buf *out;
    bool begun;
};

static void say(struct speech *s, const char *word)
{
    if (s->begun)
        buf_putc(s->out, ' ');
    buf_puts(s->out, word);
    s->begun = true;
}

/* The unit behind tens changes its sound. */
static const char *unit_word(int tens, int unit)
{
    if (unit == 1 && tens >= 2)
        return "mốt";
    if (unit == 4 && tens >= 2)
        return "tư";
    return unit == 5 && tens >= 1 ? "lăm" : digits[unit];
}

/* 1…999; `inner`: something larger was said before. */
static void say_group(struct speech *s, int n, bool inner)
{
    int hundreds = n / 100, tens = n / 10 % 10, unit = n % 10;
    if (hundreds > 0 || inner) {
        say(s, digits[hundreds]);
        say(s, "trăm");
    }
    if (tens >= 2) {
        say(s, digits[tens]);
        say(s, "mươi");
    } else if (tens == 1) {
        say(s, "mười");
    } else if (unit > 0 && (hundreds > 0 || inner)) {
        say(s, "linh");
    }
    if (unit > 0)
        say(s, unit_word(tens, unit));
}

/* 1…999,999,999. Nobody may hear 1.000.500 as one and a half million: empty
 * thousands before hundreds are said. */
static void say_part(struct speech *s, int64_t part)
{
    for (int i = 0; i < GROUPS; i++) {
        int n = (int)(part / groups[i].size % GROUP);
        bool last = i == GROUPS - 1;
        bool heard_wrongly = s->begun && last && n >= 100 &&
                             part / groups[i - 1].size % GROUP == 0;
        if (heard_wrongly) {
            say(s, digits[0]);
            say(s, groups[i - 1].name);
        }
        if (n == 0)
            continue;
        say_group(s, n, s->begun);
        if (!last)
            say(s, groups[i].name);
    }
}

void words_vnd(struct buf *out, int64_t vnd)
{
    ASSERT(vnd >= 0);
    struct speech s = { out, false };
    for (int i = 0; i < PARTS; i++) {
        int64_t part = vnd / parts[i] % parts[PARTS - 2];
        if (part > 0)
            say_part(&s, part);
        if (s.begun && i < PARTS - 1)
            say(&s, "tỷ");
    }
    if (vnd == 0)
        say(&s, digits[0]);
    say(&s, "đồng");
}

/* Every amount begins with a letter of ASCII. */
void words_vnd_capital(struct buf *out, int64_t vnd)
{
    size_t at = out->len;
    words_vnd(out, vnd);
    if (out->len > at)
        out->data[at] = (char)(out->data[at] - 'a' + 'A');
}
