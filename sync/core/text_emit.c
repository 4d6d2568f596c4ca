/*
 * text_emit.c - one writer for each place that text leaves to.
 *
 * Promise: whatever bytes come in, what goes out is valid UTF-8 and cannot
 * steer the reader: no cursor movement, no hidden or reordered letters on a
 * terminal, no new field and no formula in a CSV file, no end of a JSON
 * string, no markup in a page, no escape in a workbook. Text is stored as it
 * was entered; only sinks change it.
 */
#include "fair/text.h"

#include "sync/core/text_rules.h"

enum { CODE_DEL = 0x7F, CODE_C1_LAST = 0x9F };

static bool is_line_or_tab(int32_t code)
{
    return code == '\t' || code == '\r' || code == '\n';
}

static bool is_control(int32_t code)
{
    return code < ' ' || (code >= CODE_DEL && code <= CODE_C1_LAST);
}

void text_emit_terminal(struct buf *out, struct str s)
{
    size_t pos = 0, start = 0;
    int32_t code;
    bool broken;
    /* The first mark has nothing of ours to stand on: it would change what
     * the caller wrote before. */
    int marks = MARKS_MAX;
    for (; (code = text_next(s, &pos, &broken)) >= 0; start = pos) {
        enum text_class kind = text_class(code);
        marks = kind == TEXT_MARK ? marks + 1 : 0;
        if (broken || code == CODE_DEL || code < ' ')
            buf_printf(out, "\\x%02x", (unsigned char)s.data[start]);
        else if (kind == TEXT_HARMFUL || marks > MARKS_MAX)
            buf_printf(out, "U+%04X", (unsigned)code);
        else
            utf8_put(out, code);
    }
}

/* Would a spreadsheet take a cell that begins so for a formula, or skip the
 * first character and then do so? */
static bool begins_formula(struct str s)
{
    static const int32_t starters[] = { '=',    '+',    '-',   '@',
                                        '\t',   '\r',   '\n',  0xFF1D,
                                        0xFF0B, 0xFF0D, 0xFF20 };
    size_t pos = 0;
    int32_t code = utf8_next(s, &pos);
    for (size_t i = 0; i < ARRAY_LEN(starters); i++) {
        if (code == starters[i])
            return true;
    }
    return false;
}

/* The semicolon because spreadsheets in Vietnamese separate by it. */
static bool needs_quotes(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (is_line_or_tab(s.data[i]) || s.data[i] == '"' || s.data[i] == ',' ||
            s.data[i] == ';')
            return true;
    }
    return s.len > 0 && (s.data[0] == ' ' || s.data[s.len - 1] == ' ');
}

void text_emit_csv(struct buf *out, struct str s)
{
    bool quoted = needs_quotes(s);
    size_t pos = 0;
    int32_t code;
    if (quoted)
        buf_putc(out, '"');
    if (begins_formula(s))
        buf_putc(out, '\'');
    while ((code = utf8_next(s, &pos)) >= 0) {
        if (is_control(code) && !is_line_or_tab(code))
            code = CODE_REPLACEMENT;
        if (code == '"')
            buf_putc(out, '"');
        utf8_put(out, code);
    }
    if (quoted)
        buf_putc(out, '"');
}

/* \uNNNN, above U+FFFF as a pair of surrogates. */
static void put_json_escape(struct buf *out, int32_t code)
{
    enum { PLANE_1 = 0x10000, HIGH = 0xD800, LOW = 0xDC00, BITS = 10 };
    if (code < PLANE_1) {
        buf_printf(out, "\\u%04x", (unsigned)code);
        return;
    }
    unsigned rest = (unsigned)code - PLANE_1;
    buf_printf(out, "\\u%04x\\u%04x", HIGH + (rest >> BITS),
               LOW + (rest & ((1U << BITS) - 1)));
}

/* How many bytes of s from `pos` on stand for themselves. */
static size_t plain_run(struct str s, size_t pos)
{
    size_t n = 0;
    for (; pos + n < s.len; n++) {
        unsigned char c = (unsigned char)s.data[pos + n];
        if (c < ' ' || c > '~' || c == '"' || c == '\\')
            break;
    }
    return n;
}

void text_emit_json(struct buf *out, struct str s)
{
    size_t pos = plain_run(s, 0);
    int32_t code;
    buf_put(out, s.data, pos);
    while ((code = utf8_next(s, &pos)) >= 0) {
        if (code == '"' || code == '\\')
            buf_putc(out, '\\');
        if (text_class(code) == TEXT_HARMFUL)
            put_json_escape(out, code);
        else
            utf8_put(out, code);
    }
}

static const char *html_escape(int32_t code)
{
    switch (code) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

void text_emit_html(struct buf *out, struct str s)
{
    size_t pos = 0;
    int32_t code;
    while ((code = utf8_next(s, &pos)) >= 0) {
        const char *escape = html_escape(code);
        if (escape)
            buf_puts(out, escape);
        else if (text_class(code) == TEXT_HARMFUL)
            utf8_put(out, CODE_REPLACEMENT);
        else
            utf8_put(out, code);
    }
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') ||
           (c >= 'a' && c <= 'f');
}

/* Does "_xHHHH_" stand here, of either case? */
static bool begins_sheet_escape(struct str s)
{
    enum { LEN = 7, HEX = 4 };
    if (s.len < LEN || s.data[0] != '_' || (s.data[1] | 0x20) != 'x' ||
        s.data[LEN - 1] != '_')
        return false;
    for (int i = 0; i < HEX; i++) {
        if (!is_hex(s.data[2 + i]))
            return false;
    }
    return true;
}

void text_emit_sheet(struct buf *out, struct str s)
{
    enum { UNITS = 32767, ESCAPE_UNITS = 6, PLANE_1 = 0x10000 };
    size_t pos = 0, start = 0;
    int32_t code;
    int left = UNITS;
    for (; (code = utf8_next(s, &pos)) >= 0; start = pos) {
        struct str here = { s.data + start, s.len - start };
        bool escape = begins_sheet_escape(here);
        left -= 1 + (code >= PLANE_1) + (escape ? ESCAPE_UNITS : 0);
        if (left < 0)
            return;
        if (escape)
            buf_puts(out, "_x005F");
        utf8_put(out,
                 text_class(code) == TEXT_HARMFUL ? CODE_REPLACEMENT : code);
    }
}
