/*
 * text_sort.c - the Vietnamese order as a key of bytes.
 *
 * A key is four levels, each ended by LEVEL_END, which is less than any byte
 * inside the first three: the letters; their tones; their cases; the text
 * itself, so that only equal texts have equal keys.
 *
 *   "Cà" -> LETTER+4 LETTER+0 1 | 2 3 1 | 3 2 1 | "Cà"
 *
 * No weight on the first level is the beginning of another, so bytes compare
 * as letters do. Input may be composed or not. It does not know digraphs
 * (ch, ngh…), which have not been letters of the alphabet since 1979.
 */
#include "fair/text.h"

#include <utf8proc.h>

#include "sync/core/text_rules.h"

enum {
    LEVEL_END = 1,
    WEIGHT_NONE = 2, /* no tone; lower case */
    WEIGHT_UPPER = 3,
    WEIGHT_FOREIGN = 8, /* a mark that is no Vietnamese tone */
    /* Letters stand after all other ASCII, and before the bytes that begin
     * any other UTF-8. */
    LETTER = 0x80
};

static const int32_t alphabet[] = {
    'a', 0x103, 0xE2, 'b', 'c', 'd',   0x111, 'e', 0xEA, 'f',   'g',
    'h', 'i',   'j',  'k', 'l', 'm',   'n',   'o', 0xF4, 0x1A1, 'p',
    'q', 'r',   's',  't', 'u', 0x1B0, 'v',   'w', 'x',  'y',   'z',
};
_Static_assert(LETTER + ARRAY_LEN(alphabet) < 0xC2,
               "letters end before the first lead byte of UTF-8");

/* Letters that take a mark to become another letter. */
static const struct {
    int32_t base, mark, letter;
} shapes[] = {
    { 'a', 0x306, 0x103 }, { 'a', 0x302, 0xE2 },  { 'e', 0x302, 0xEA },
    { 'o', 0x302, 0xF4 },  { 'o', 0x31B, 0x1A1 }, { 'u', 0x31B, 0x1B0 },
};

/* Huyền, hỏi, ngã, sắc, nặng: their order is their weight. */
static const int32_t tones[] = { 0x300, 0x309, 0x303, 0x301, 0x323 };
_Static_assert(WEIGHT_NONE + ARRAY_LEN(tones) < WEIGHT_FOREIGN,
               "each tone has a weight of its own");

/* One letter while its marks are being collected. */
struct letter {
    int32_t code; /* 0: none yet */
    char tone, letter_case;
};

struct levels {
    struct buf *first, *tones, *cases;
};

static void put_letter(struct levels *to, const struct letter *l)
{
    if (l->code == 0)
        return;
    size_t rank = 0;
    while (rank < ARRAY_LEN(alphabet) && alphabet[rank] != l->code)
        rank++;
    if (rank < ARRAY_LEN(alphabet))
        buf_putc(to->first, (char)(LETTER + rank));
    else
        utf8_put(to->first, l->code);
    buf_putc(to->tones, l->tone);
    buf_putc(to->cases, l->letter_case);
}

static void add_mark(struct letter *l, int32_t mark)
{
    for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
        if (shapes[i].base == l->code && shapes[i].mark == mark) {
            l->code = shapes[i].letter;
            return;
        }
    }
    size_t tone = 0;
    while (tone < ARRAY_LEN(tones) && tones[tone] != mark)
        tone++;
    l->tone = (char)(tone < ARRAY_LEN(tones) ? WEIGHT_NONE + 1 + tone
                                             : WEIGHT_FOREIGN);
}

static void add_code(struct levels *to, struct letter *l, int32_t code)
{
    /* A mark without a letter counts as a sign of its own. */
    if (text_class(code) == TEXT_MARK && l->code != 0) {
        add_mark(l, code);
        return;
    }
    put_letter(to, l);
    int32_t lower = utf8proc_tolower(code);
    *l = (struct letter){
        .code = lower,
        .tone = WEIGHT_NONE,
        .letter_case = lower == code ? WEIGHT_NONE : WEIGHT_UPPER,
    };
}

void text_sort_key(struct buf *out, struct str s)
{
    enum { PARTS_MAX = 16 }; /* no code point has more than 4 */
    /* Neither can be longer than the first level: out refuses before. */
    BUF(tone_level, out->max);
    BUF(case_level, out->max);
    struct levels to = { out, &tone_level, &case_level };
    struct letter letter = { 0 };
    size_t pos = 0;
    int32_t code;
    while ((code = utf8_next(s, &pos)) >= 0) {
        int32_t parts[PARTS_MAX];
        int boundary = 0;
        utf8proc_ssize_t n = utf8proc_decompose_char(
            code, parts, PARTS_MAX, UTF8PROC_DECOMPOSE, &boundary);
        ASSERT(n > 0 && n <= PARTS_MAX);
        for (utf8proc_ssize_t i = 0; i < n; i++)
            add_code(&to, &letter, parts[i]);
    }
    put_letter(&to, &letter);
    buf_putc(out, LEVEL_END);
    buf_str(out, buf_slice(&tone_level));
    buf_putc(out, LEVEL_END);
    buf_str(out, buf_slice(&case_level));
    buf_putc(out, LEVEL_END);
    buf_str(out, s);
}

int text_cmp(struct str a, struct str b)
{
    /* A Hangul syllable grows most: 3 bytes to 9 + 3 + 3 + 3. */
    enum { GROWTH = 6, ENDS = 3 };
    BUF(key_a, GROWTH * a.len + ENDS);
    BUF(key_b, GROWTH * b.len + ENDS);
    text_sort_key(&key_a, a);
    text_sort_key(&key_b, b);
    ASSERT(buf_ok(&key_a) && buf_ok(&key_b));
    return str_cmp(buf_slice(&key_a), buf_slice(&key_b));
}
