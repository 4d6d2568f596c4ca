/*
 * charset.c - the three Vietnamese alphabets as tables of letter and tone.
 *
 * A letter is taken apart (its canonical decomposition) into one of twelve
 * vowels and one of six tones; a table then has its byte. The rest is ASCII.
 */
#include "pos/paper/charset.h"

#include <string.h>
#include <utf8proc.h>

enum { VOWELS = 12, TONES = 6, PARTS = 4 };
enum { CIRCUMFLEX = 0x302, BREVE = 0x306, HORN = 0x31B };
enum { D_BAR = 0x111, D_BAR_CAPITAL = 0x110, CAPITAL = 0x20 };

/* Tones in the order of every table below: ngang huyền hỏi ngã sắc nặng. */
static const int32_t tones[TONES] = { 0, 0x300, 0x309, 0x303, 0x301, 0x323 };

static const struct {
    char base;
    int32_t mark;
    int32_t code;
} vowels[VOWELS] = {
    { 'a', 0, 'a' }, { 'a', BREVE, 0x103 },     { 'a', CIRCUMFLEX, 0xE2 },
    { 'e', 0, 'e' }, { 'e', CIRCUMFLEX, 0xEA }, { 'i', 0, 'i' },
    { 'o', 0, 'o' }, { 'o', CIRCUMFLEX, 0xF4 }, { 'o', HORN, 0x1A1 },
    { 'u', 0, 'u' }, { 'u', HORN, 0x1B0 },      { 'y', 0, 'y' },
};

// clang-format off
/* Small letters; capitals with a tone have the same places in the second
 * table. */
static const uint8_t tcvn[VOWELS][TONES] = {
    { 'a',  0xB5, 0xB6, 0xB7, 0xB8, 0xB9 },
    { 0xA8, 0xBB, 0xBC, 0xBD, 0xBE, 0xC6 },
    { 0xA9, 0xC7, 0xC8, 0xC9, 0xCA, 0xCB },
    { 'e',  0xCC, 0xCE, 0xCF, 0xD0, 0xD1 },
    { 0xAA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6 },
    { 'i',  0xD7, 0xD8, 0xDC, 0xDD, 0xDE },
    { 'o',  0xDF, 0xE1, 0xE2, 0xE3, 0xE4 },
    { 0xAB, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9 },
    { 0xAC, 0xEA, 0xEB, 0xEC, 0xED, 0xEE },
    { 'u',  0xEF, 0xF1, 0xF2, 0xF3, 0xF4 },
    { 0xAD, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9 },
    { 'y',  0xFA, 0xFB, 0xFC, 0xFD, 0xFE },
};
/* Capitals without a tone are in the first table. */
static const uint8_t tcvn_capitals[VOWELS] = {
    'A', 0xA1, 0xA2, 'E', 0xA3, 'I', 'O', 0xA4, 0xA5, 'U', 0xA6, 'Y',
};

/* Small letters; a capital is 0x20 below. Where a tone's byte is 0 the vowel
 * is followed by that of the tone. */
static const uint8_t cp1258[VOWELS][TONES] = {
    { 'a',  0xE0, 0, 0, 0xE1, 0 },
    { 0xE3, 0,    0, 0, 0,    0 },
    { 0xE2, 0,    0, 0, 0,    0 },
    { 'e',  0xE8, 0, 0, 0xE9, 0 },
    { 0xEA, 0,    0, 0, 0,    0 },
    { 'i',  0,    0, 0, 0xED, 0 },
    { 'o',  0,    0, 0, 0xF3, 0 },
    { 0xF4, 0,    0, 0, 0,    0 },
    { 0xF5, 0,    0, 0, 0,    0 },
    { 'u',  0xF9, 0, 0, 0xFA, 0 },
    { 0xFD, 0,    0, 0, 0,    0 },
    { 'y',  0,    0, 0, 0,    0 },
};
static const uint8_t cp1258_tones[TONES] = {
    0, 0xCC, 0xD2, 0xDE, 0xEC, 0xF2,
};

/* Capitals, then small letters. */
static const uint8_t viscii[2][VOWELS][TONES] = { {
    { 'A',  0xC0, 0xC4, 0xC3, 0xC1, 0x80 },
    { 0xC5, 0x82, 0x02, 0x05, 0x81, 0x83 },
    { 0xC2, 0x85, 0x86, 0x06, 0x84, 0x87 },
    { 'E',  0xC8, 0xCB, 0x88, 0xC9, 0x89 },
    { 0xCA, 0x8B, 0x8C, 0x8D, 0x8A, 0x8E },
    { 'I',  0xCC, 0x9B, 0xCE, 0xCD, 0x98 },
    { 'O',  0xD2, 0x99, 0xA0, 0xD3, 0x9A },
    { 0xD4, 0x90, 0x91, 0x92, 0x8F, 0x93 },
    { 0xB4, 0x96, 0x97, 0xB3, 0x95, 0x94 },
    { 'U',  0xD9, 0x9C, 0x9D, 0xDA, 0x9E },
    { 0xBF, 0xBB, 0xBC, 0xFF, 0xBA, 0xB9 },
    { 'Y',  0x9F, 0x14, 0x19, 0xDD, 0x1E },
}, {
    { 'a',  0xE0, 0xE4, 0xE3, 0xE1, 0xD5 },
    { 0xE5, 0xA2, 0xC6, 0xC7, 0xA1, 0xA3 },
    { 0xE2, 0xA5, 0xA6, 0xE7, 0xA4, 0xA7 },
    { 'e',  0xE8, 0xEB, 0xA8, 0xE9, 0xA9 },
    { 0xEA, 0xAB, 0xAC, 0xAD, 0xAA, 0xAE },
    { 'i',  0xEC, 0xEF, 0xEE, 0xED, 0xB8 },
    { 'o',  0xF2, 0xF6, 0xF5, 0xF3, 0xF7 },
    { 0xF4, 0xB0, 0xB1, 0xB2, 0xAF, 0xB5 },
    { 0xBD, 0xB6, 0xB7, 0xDE, 0xBE, 0xFE },
    { 'u',  0xF9, 0xFC, 0xFB, 0xFA, 0xF8 },
    { 0xDF, 0xD7, 0xD8, 0xE6, 0xD1, 0xF1 },
    { 'y',  0xCF, 0xD6, 0xDB, 0xFD, 0xDC },
} };

/* Đ, then đ. */
static const uint8_t d_bars[][2] = {
    [CHARSET_TCVN3] = { 0xA7, 0xAE },
    [CHARSET_CP1258] = { 0xD0, 0xF0 },
    [CHARSET_VISCII] = { 0xD0, 0xF0 },
};

/* What is no letter, as ASCII writes it. */
static const struct {
    int32_t first, last;
    const char *text;
} plain[] = {
    { 0xA0, 0xA0, " " },      { 0xB7, 0xB7, "-" },     { 0xD7, 0xD7, "x" },
    { 0xF7, 0xF7, "/" },      { 0x2002, 0x200A, " " }, { 0x2010, 0x2015, "-" },
    { 0x2018, 0x201B, "'" },  { 0x201C, 0x201F, "\"" }, { 0x2022, 0x2022, "*" },
    { 0x2026, 0x2026, "..." }, { 0x202F, 0x202F, " " }, { 0x20AB, 0x20AB, "d" },
    { 0x2212, 0x2212, "-" },  { 0x2605, 0x2605, "*" },
};
// clang-format on

/* ---- a letter and its parts ---- */

struct letter {
    int vowel, tone; /* of the tables */
    bool small;
};

/* The parts of a code point, at most PARTS, the base first. */
static int take_apart(int32_t code, utf8proc_int32_t parts[PARTS])
{
    int class = UTF8PROC_BOUNDCLASS_START;
    utf8proc_ssize_t n = utf8proc_decompose_char(
        code, parts, PARTS, UTF8PROC_DECOMPOSE | UTF8PROC_STABLE, &class);
    return n >= 1 && n <= PARTS ? (int)n : 0;
}

static int tone_of(int32_t mark)
{
    for (int t = 1; t < TONES; t++) {
        if (tones[t] == mark)
            return t;
    }
    return 0;
}

static int vowel_of(int32_t base, int32_t mark)
{
    for (int v = 0; v < VOWELS; v++) {
        if (vowels[v].base == base && vowels[v].mark == mark)
            return v;
    }
    return -1;
}

static bool letter_of(int32_t code, struct letter *out)
{
    utf8proc_int32_t parts[PARTS];
    int32_t mark = 0;
    int tone = 0, n = take_apart(code, parts);
    if (n == 0 || parts[0] > 0x7F)
        return false;
    for (int i = 1; i < n; i++) {
        int t = tone_of(parts[i]);
        if ((t ? tone : mark) != 0)
            return false;
        if (t)
            tone = t;
        else
            mark = parts[i];
    }
    *out = (struct letter){ vowel_of(parts[0] | CAPITAL, mark), tone,
                            (parts[0] & CAPITAL) != 0 };
    return out->vowel >= 0;
}

int32_t charset_plainer(int32_t code)
{
    utf8proc_int32_t parts[PARTS];
    struct letter l;
    if (code == D_BAR || code == D_BAR_CAPITAL)
        return code == D_BAR ? 'd' : 'D';
    if (letter_of(code, &l) && l.tone > 0 && vowels[l.vowel].mark > 0) {
        int32_t vowel = vowels[l.vowel].code;
        return l.small ? vowel : utf8proc_toupper(vowel);
    }
    return take_apart(code, parts) > 0 && parts[0] != code ? parts[0] : 0;
}

/* ---- bytes ---- */

static void put(struct coded *out, uint8_t byte)
{
    out->bytes[out->len++] = (char)byte;
}

static void put_tcvn(const struct letter *l, struct coded *out)
{
    bool toned = l->tone > 0;
    out->second = toned && !l->small;
    put(out,
        toned || l->small ? tcvn[l->vowel][l->tone] : tcvn_capitals[l->vowel]);
}

static void put_cp1258(const struct letter *l, struct coded *out)
{
    uint8_t whole = cp1258[l->vowel][l->tone];
    uint8_t byte = whole ? whole : cp1258[l->vowel][0];
    put(out, l->small ? byte : (uint8_t)(byte - CAPITAL));
    if (!whole)
        put(out, cp1258_tones[l->tone]);
}

static void put_viscii(const struct letter *l, struct coded *out)
{
    uint8_t byte = viscii[l->small][l->vowel][l->tone];
    if (byte >= ' ')
        put(out, byte);
}

static void put_letter(enum charset set, const struct letter *l,
                       struct coded *out)
{
    switch (set) {
    case CHARSET_TCVN3: put_tcvn(l, out); break;
    case CHARSET_CP1258: put_cp1258(l, out); break;
    case CHARSET_VISCII: put_viscii(l, out); break;
    case CHARSET_ASCII: break;
    }
}

static void put_plain(int32_t code, struct coded *out)
{
    for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
        if (plain[i].first > code || code > plain[i].last)
            continue;
        for (const char *c = plain[i].text; *c; c++)
            put(out, (uint8_t)*c);
    }
}

static bool is_mark(int32_t code)
{
    return utf8proc_category(code) == UTF8PROC_CATEGORY_MN;
}

void charset_encode(enum charset set, int32_t code, struct coded *out)
{
    *out = (struct coded){ 0 };
    if (is_mark(code))
        return;
    for (int32_t at = code; at != 0; at = charset_plainer(at)) {
        struct letter l;
        if (at >= ' ' && at < 0x7F)
            put(out, (uint8_t)at);
        else if (set != CHARSET_ASCII && (at == D_BAR || at == D_BAR_CAPITAL))
            put(out, d_bars[set][at == D_BAR]);
        else if (letter_of(at, &l))
            put_letter(set, &l, out);
        if (out->len > 0)
            return;
    }
    put_plain(code, out);
    if (out->len == 0)
        put(out, '?');
}
