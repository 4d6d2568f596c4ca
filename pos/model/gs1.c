/*
 * gs1.c - a table of identifiers, and two ways to find where a value ends.
 */
#include "pos/model/gs1.h"

#include <string.h>

enum { MAX_VALUE = 90, AI_MIN = 2, AI_MAX = 4 };

/* What an identifier looks like, by its first two digits. A fixed length is
 * one of digits; other values end at FNC1 or with the text. */
// clang-format off
static const struct rule {
    int first, last;
    size_t ai_len, fixed;
} rules[] = {
    {  0,  0, 2, 18 }, {  1,  3, 2, 14 }, {  4,  4, 2, 16 },
    { 10, 10, 2,  0 }, { 11, 19, 2,  6 }, { 20, 20, 2,  2 },
    { 21, 22, 2,  0 }, { 23, 25, 3,  0 }, { 30, 30, 2,  0 },
    { 31, 36, 4,  6 }, { 37, 37, 2,  0 }, { 39, 39, 4,  0 },
    { 40, 40, 3,  0 }, { 41, 41, 3, 13 }, { 42, 42, 3,  0 },
    { 43, 43, 4,  0 }, { 70, 70, 4,  0 }, { 71, 71, 3,  0 },
    { 72, 72, 4,  0 }, { 80, 82, 4,  0 }, { 90, 99, 2,  0 },
};
// clang-format on

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool digits(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (!is_digit(s.data[i]))
            return false;
    }
    return true;
}

/* Of GS1's characters for values; no blank, no control. */
static bool is_value(char c)
{
    static const char marks[] = "!\"%&'()*+,-./:;<=>?_";
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c && strchr(marks, c));
}

static bool value_ok(const struct rule *rule, struct str value)
{
    if (rule->fixed > 0)
        return value.len == rule->fixed && digits(value);
    for (size_t i = 0; i < value.len; i++) {
        if (!is_value(value.data[i]))
            return false;
    }
    return value.len > 0 && value.len <= MAX_VALUE;
}

static struct str skip(struct str s, size_t n)
{
    return (struct str){ s.data + n, s.len - n };
}

/* The rule of the identifier `s` begins with; NULL. */
static const struct rule *rule_of(struct str s)
{
    if (s.len < AI_MIN || !digits((struct str){ s.data, AI_MIN }))
        return NULL;
    int first = (s.data[0] - '0') * 10 + (s.data[1] - '0');
    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        const struct rule *r = &rules[i];
        if (first >= r->first && first <= r->last)
            return s.len >= r->ai_len &&
                           digits((struct str){ s.data, r->ai_len })
                       ? r
                       : NULL;
    }
    return NULL;
}

static bool plain_next(struct str *rest, struct gs1_element *e)
{
    const struct rule *rule = rule_of(*rest);
    if (!rule)
        return false;
    e->ai = (struct str){ rest->data, rule->ai_len };
    *rest = skip(*rest, rule->ai_len);
    size_t most = rule->fixed > 0 ? rule->fixed : rest->len;
    e->value = (struct str){ rest->data, 0 };
    while (e->value.len < most && e->value.len < rest->len &&
           rest->data[e->value.len] != GS1_FNC1)
        e->value.len++;
    *rest = skip(*rest, e->value.len);
    if (rest->len > 0 && rest->data[0] == GS1_FNC1)
        *rest = skip(*rest, 1);
    return value_ok(rule, e->value);
}

/* "(01)" and the like at the beginning: its length, or 0. */
static size_t bracket(struct str s)
{
    size_t n = 1;
    if (s.len == 0 || s.data[0] != '(')
        return 0;
    while (n < s.len && n <= AI_MAX && is_digit(s.data[n]))
        n++;
    return n > AI_MIN && n < s.len && s.data[n] == ')' ? n + 1 : 0;
}

static bool printed_next(struct str *rest, struct gs1_element *e)
{
    size_t head = bracket(*rest);
    if (head == 0)
        return false;
    e->ai = (struct str){ rest->data + 1, head - 2 };
    *rest = skip(*rest, head);
    e->value = (struct str){ rest->data, 0 };
    while (rest->len > 0 && bracket(*rest) == 0) {
        e->value.len++;
        *rest = skip(*rest, 1);
    }
    const struct rule *rule = rule_of(e->ai);
    return rule && rule->ai_len == e->ai.len && value_ok(rule, e->value);
}

struct gs1_reader gs1_begin(struct str text)
{
    return (struct gs1_reader){ text, bracket(text) > 0 };
}

bool gs1_next(struct gs1_reader *reader, struct gs1_element *out)
{
    return reader->printed ? printed_next(&reader->rest, out)
                           : plain_next(&reader->rest, out);
}
