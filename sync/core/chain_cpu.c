/*
 * chain_cpu.c - SHA-256 by the processor's own instructions.
 *
 * For x86-64 processors with the SHA extensions; elsewhere it says that it
 * cannot. Nothing is secret here and nothing is kept. Whether its results are
 * right is not decided here either: chain_hash_use() asks libsodium.
 */
#include "fair/chain.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

enum { BLOCK = 64, LENGTH_AT = 56 };

#define WITH_SHA __attribute__((target("sha,sse4.1")))

/* Fractions of the square and cube roots of the first primes. */
static const uint32_t start[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372,
                                   0xa54ff53a, 0x510e527f, 0x9b05688c,
                                   0x1f83d9ab, 0x5be0cd19 };
static const uint32_t rounds[BLOCK] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* The eight words as the instructions want them: a, b, e, f and c, d, g, h,
 * the first in the highest place. */
struct words {
    __m128i abef, cdgh;
};

WITH_SHA static __m128i load(const void *from)
{
    return _mm_loadu_si128(from);
}

/* Four words of the message, whose bytes come in the other order. */
WITH_SHA static __m128i load_swapped(const uint8_t *from)
{
    const __m128i order =
        _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
    return _mm_shuffle_epi8(load(from), order);
}

/* Four rounds at a time; m holds the last sixteen words of the schedule. */
WITH_SHA static void take_block(struct words *w, const uint8_t *block)
{
    struct words now = *w;
    __m128i m[4];
    for (int i = 0; i < 4; i++)
        m[i] = load_swapped(block + 16 * (size_t)i);
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) {
        __m128i x = _mm_add_epi32(m[i % 4], load(&rounds[4 * i]));
        now.cdgh = _mm_sha256rnds2_epu32(now.cdgh, now.abef, x);
        x = _mm_shuffle_epi32(x, 0x0E);
        now.abef = _mm_sha256rnds2_epu32(now.abef, now.cdgh, x);
        __m128i next = _mm_sha256msg1_epu32(m[i % 4], m[(i + 1) % 4]);
        next = _mm_add_epi32(
            next, _mm_alignr_epi8(m[(i + 3) % 4], m[(i + 2) % 4], 4));
        m[i % 4] = _mm_sha256msg2_epu32(next, m[(i + 3) % 4]);
    }
    w->abef = _mm_add_epi32(w->abef, now.abef);
    w->cdgh = _mm_add_epi32(w->cdgh, now.cdgh);
}

/* What does not fill a block, the end mark, and the length in bits. */
WITH_SHA static void take_rest(struct words *w, const uint8_t *rest, size_t len)
{
    uint8_t last[2 * BLOCK] = { 0 };
    size_t left = len % BLOCK, size = left < LENGTH_AT ? BLOCK : 2 * BLOCK;
    if (left > 0)
        memcpy(last, rest, left);
    last[left] = 0x80;
    for (size_t i = 0; i < 8; i++)
        last[size - 1 - i] = (uint8_t)((uint64_t)len * 8 >> 8 * i);
    for (size_t at = 0; at < size; at += BLOCK)
        take_block(w, last + at);
}

WITH_SHA static void hash(const uint8_t *bytes, size_t len,
                          uint8_t out[HASH_BYTES])
{
    struct words w;
    __m128i low = _mm_shuffle_epi32(load(start), 0xB1);      /* c d a b */
    __m128i high = _mm_shuffle_epi32(load(&start[4]), 0x1B); /* e f g h */
    w.abef = _mm_alignr_epi8(low, high, 8);
    w.cdgh = _mm_blend_epi16(high, low, 0xF0);
    for (size_t at = 0; at < len / BLOCK * BLOCK; at += BLOCK)
        take_block(&w, bytes + at);
    take_rest(&w, bytes + len / BLOCK * BLOCK, len);
    low = _mm_shuffle_epi32(w.abef, 0x1B);
    high = _mm_shuffle_epi32(w.cdgh, 0xB1);
    __m128i abcd = _mm_blend_epi16(low, high, 0xF0);
    __m128i efgh = _mm_alignr_epi8(high, low, 8);
    uint8_t words[HASH_BYTES];
    _mm_storeu_si128((void *)words, abcd);
    _mm_storeu_si128((void *)(words + 16), efgh);
    _mm_storeu_si128((void *)out, load_swapped(words));
    _mm_storeu_si128((void *)(out + 16), load_swapped(words + 16));
}

static bool look(void)
{
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSE4_1))
        return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

/* Asked once: a virtual machine answers slowly. */
static bool able(void)
{
    enum { UNKNOWN, NO, YES };
    static _Atomic int known = UNKNOWN;
    if (known == UNKNOWN)
        known = look() ? YES : NO;
    return known == YES;
}

bool chain_cpu_sha256(const void *bytes, size_t len, uint8_t out[HASH_BYTES])
{
    static const uint8_t nothing[1];
    if (!able())
        return false;
    hash(len > 0 ? bytes : nothing, len, out);
    return true;
}

#else

bool chain_cpu_sha256(const void *bytes, size_t len, uint8_t out[HASH_BYTES])
{
    (void)bytes, (void)len, (void)out;
    return false;
}

#endif
