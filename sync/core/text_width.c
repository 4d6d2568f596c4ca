/*
 * text_width.c - how much room text takes on a terminal.
 *
 * Width is the sum over code points, as terminals count; cuts fall between
 * graphemes (a letter with its marks), as people see them.
 */
#include "fair/text.h"

#include <utf8proc.h>

/* Latin letters with and without marks, of which nearly all texts are made,
 * need not be looked up. */
static bool is_latin(int32_t code)
{
    return (code >= 0x20 && code < 0x7F) || (code >= 0xC0 && code < 0x250) ||
           (code >= 0x1E00 && code < 0x1F00);
}

static int width_of(int32_t code)
{
    return is_latin(code) ? 1 : utf8proc_charwidth(code);
}

int text_width(struct str s)
{
    size_t pos = 0;
    int32_t code;
    int width = 0;
    while ((code = utf8_next(s, &pos)) >= 0)
        width += width_of(code);
    return width;
}

/* Does a grapheme begin with `code`? */
static bool is_break(int32_t last, int32_t code, int32_t *state)
{
    if (last >= 0 && !(is_latin(last) && is_latin(code)))
        return utf8proc_grapheme_break_stateful(last, code, state);
    *state = 0;
    return true;
}

/* The prefix of s that text_clip() gives, and its width. */
static size_t fit(struct str s, int columns, int *width)
{
    size_t pos = 0, start = 0, kept = 0;
    int32_t last = -1, code, state = 0;
    int sum = 0;
    *width = 0;
    while ((code = utf8_next(s, &pos)) >= 0) {
        if (is_break(last, code, &state)) {
            kept = start;
            *width = sum;
        }
        sum += width_of(code);
        if (sum > columns)
            return kept;
        start = pos;
        last = code;
    }
    *width = sum;
    return s.len;
}

struct str text_clip(struct str s, int columns)
{
    int width;
    return (struct str){ s.data, fit(s, columns, &width) };
}

static void put_blanks(struct buf *out, int count)
{
    for (int i = 0; i < count; i++)
        buf_putc(out, ' ');
}

void text_pad(struct buf *out, struct str s, int columns)
{
    int width;
    buf_put(out, s.data, fit(s, columns, &width));
    put_blanks(out, columns - width);
}

void text_pad_left(struct buf *out, struct str s, int columns)
{
    int width;
    size_t len = fit(s, columns, &width);
    put_blanks(out, columns - width);
    buf_put(out, s.data, len);
}
