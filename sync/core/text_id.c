/*
 * text_id.c - identifiers: short words of few characters that need no
 * escaping anywhere, and bytes written as such a word.
 */
#include "fair/text.h"

#include <string.h>

#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGIT "0123456789"

static const char base32[] = LOWER "234567";
enum { BASE32_BITS = 5, BASE32_MASK = 31, BYTE_BITS = 8, BYTE_MASK = 255 };

/* 1 to max characters, each one of `set`. */
static bool is_word(struct str s, size_t max, const char *set)
{
    if (s.len == 0 || s.len > max)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '\0' || !strchr(set, s.data[i]))
            return false;
    }
    return true;
}

bool id_fair(struct str s)
{
    return is_word(s, 16, UPPER DIGIT "-") && s.data[0] != '-';
}

bool id_booth(struct str s)
{
    return is_word(s, 6, UPPER DIGIT);
}

bool id_sku(struct str s)
{
    return is_word(s, 32, UPPER LOWER DIGIT "._-");
}

bool id_basket(struct str s)
{
    return is_word(s, 40, UPPER LOWER DIGIT "._-");
}

bool id_reference(struct str s)
{
    return is_word(s, 25, UPPER DIGIT);
}

bool id_code(struct str s)
{
    return is_word(s, 8, UPPER LOWER DIGIT);
}

bool id_gtin(struct str s)
{
    if (!is_word(s, 14, DIGIT) ||
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

static unsigned base32_value(char c)
{
    return (unsigned)(strchr(base32, c) - base32);
}

bool base32_bytes(struct str s, void *out, size_t len)
{
    if (len == 0)
        return s.len == 0;
    if (s.len != (len * BYTE_BITS + BASE32_BITS - 1) / BASE32_BITS ||
        !is_word(s, s.len, base32))
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
