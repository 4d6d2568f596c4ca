/*
 * text_id.c - identifiers: short words of few characters that need no
 * escaping anywhere, and bytes written as such a word.
 */
#include "fair/text.h"

#include <string.h>

static const char base32[] = "abcdefghijklmnopqrstuvwxyz234567";
enum { BASE32_BITS = 5, BASE32_MASK = 31, BYTE_BITS = 8, BYTE_MASK = 255 };

enum { IS_UPPER = 1, IS_LOWER = 2, IS_DIGIT = 4, IS_DASH = 8, IS_DOT = 16 };

/* Lists of many thousand products are checked at every opening. */
static unsigned kind_of(char c)
{
    if (c >= '0' && c <= '9')
        return IS_DIGIT;
    if (c >= 'A' && c <= 'Z')
        return IS_UPPER;
    if (c >= 'a' && c <= 'z')
        return IS_LOWER;
    if (c == '-')
        return IS_DASH;
    return c == '.' || c == '_' ? IS_DOT : 0;
}

/* 1 to max characters, each of one of these kinds. */
static bool is_word(struct str s, size_t max, unsigned kinds)
{
    if (s.len == 0 || s.len > max)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (!(kind_of(s.data[i]) & kinds))
            return false;
    }
    return true;
}

bool id_fair(struct str s)
{
    return is_word(s, 16, IS_UPPER | IS_DIGIT | IS_DASH) && s.data[0] != '-';
}

bool id_booth(struct str s)
{
    return is_word(s, 6, IS_UPPER | IS_DIGIT);
}

bool id_sku(struct str s)
{
    return is_word(s, 32, IS_UPPER | IS_LOWER | IS_DIGIT | IS_DASH | IS_DOT);
}

bool id_basket(struct str s)
{
    return is_word(s, 40, IS_UPPER | IS_LOWER | IS_DIGIT | IS_DASH | IS_DOT);
}

bool id_reference(struct str s)
{
    return is_word(s, 25, IS_UPPER | IS_DIGIT);
}

bool id_code(struct str s)
{
    return is_word(s, 8, IS_UPPER | IS_LOWER | IS_DIGIT);
}

bool id_gtin(struct str s)
{
    if (!is_word(s, 14, IS_DIGIT) ||
        (s.len != 8 && s.len != 12 && s.len != 13 && s.len != 14))
        return false;
    /* From the right: the check digit once, then threefold and once in
     * turn; the sum is a multiple of ten. */
    int sum = 0;
    for (size_t i = 0; i < s.len; i++) {
        int digit = s.data[s.len - 1 - i] - '0';
        sum += i % 2 == 0 ? digit : 3 * digit;
    }
    return sum % 10 == 0;
}

void base32_put(struct buf *out, const void *bytes, size_t len)
{
    const unsigned char *from = bytes;
    unsigned held = 0, bits = 0;
    for (size_t i = 0; i < len; i++) {
        held = (held & BASE32_MASK) << BYTE_BITS | from[i];
        for (bits += BYTE_BITS; bits >= BASE32_BITS;) {
            bits -= BASE32_BITS;
            buf_putc(out, base32[held >> bits & BASE32_MASK]);
        }
    }
    if (bits > 0)
        buf_putc(out, base32[held << (BASE32_BITS - bits) & BASE32_MASK]);
}

static bool is_base32(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '\0' || !strchr(base32, s.data[i]))
            return false;
    }
    return true;
}

static unsigned base32_value(char c)
{
    return (unsigned)(strchr(base32, c) - base32);
}

bool base32_bytes(struct str s, void *out, size_t len)
{
    if (len == 0)
        return s.len == 0;
    if (s.len != (len * BYTE_BITS + BASE32_BITS - 1) / BASE32_BITS ||
        !is_base32(s))
        return false;
    /* Bits that carry nothing are zero: one word for one run of bytes. */
    size_t spare = s.len * BASE32_BITS - len * BYTE_BITS;
    if (base32_value(s.data[s.len - 1]) & ((1U << spare) - 1))
        return false;
    unsigned char *to = out;
    unsigned held = 0, bits = 0;
    for (size_t i = 0; i < s.len; i++) {
        held = (held & BYTE_MASK) << BASE32_BITS | base32_value(s.data[i]);
        bits += BASE32_BITS;
        if (bits >= BYTE_BITS) {
            bits -= BYTE_BITS;
            *to++ = (unsigned char)(held >> bits & BYTE_MASK);
        }
    }
    return true;
}
