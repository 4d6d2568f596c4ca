/*
 * payloads.c - see payloads.h.
 */
#include "tests/support/payloads.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fair/text.h"

/* ---- attacks ------------------------------------------------------------- */

#define T(text)                  \
    {                            \
        (text), sizeof(text) - 1 \
    }
static const struct str attacks[] = {
    T("'; DROP TABLE booth; --"),
    T("' OR '1'='1"),
    T("\"; DELETE FROM event; --"),
    T("x'); ATTACH '/tmp/x' AS y; --"),
    T("\\'; SELECT 1; /*"),
    T("$1 ?1 :name @name"),
    T("1; PRAGMA journal_mode=OFF"),
    T("$$; COPY t TO PROGRAM 'id'; $$"),
    T("<script>alert(1)</script>"),
    T("\"><svg onload=alert(1)>"),
    T("' onmouseover='alert(1)"),
    T("\" autofocus onfocus=\"alert(1)"),
    T("</title><img src=x onerror=alert(1)>"),
    T("</td></tr></table><iframe src=//x>"),
    T("<!--<script>-->"),
    T("]]><![CDATA[<x>"),
    T("&lt;script&gt;&#60;b&#x3e;&amp;quot;"),
    T("javascript:alert(1)"),
    T("<a href=\"data:text/html,x\">"),
    T("<style>*{display:none}</style>"),
    T("`${alert(1)}`{{7*7}}<%=7%>"),
    T("\xEF\xBC\x9Cscript\xEF\xBC\x9E"),
    T("=1+1"),
    T("+1+1"),
    T("-1+1"),
    T("@SUM(1)"),
    T("=cmd|' /C calc'!A0"),
    T("=HYPERLINK(\"http://x\",\"y\")"),
    T("\xEF\xBC\x9D"
      "1+1"),
    T("\xEF\xBC\x8B"
      "1"),
    T("\xEF\xBC\x8D"
      "1"),
    T("\xEF\xBC\xA0"
      "A1"),
    T("\t=1+1"),
    T("\r=1+1"),
    T("\n=1+1"),
    T("\",=1+1,\""),
    T("\";=1+1;\""),
    T("_x003D_1_x0041_"),
    T("\x1B@\x1Bp\x00\x32\xFA"),
    T("\x1DV\x00"),
    T("\x1D(k\x03\x00\x31\x51\x30"),
    T("\x1C."),
    T("\x10\x14\x01\x00\x05"),
    T("\x1B=\x01\x1B!\x38"),
    T("\x1B[2J\x1B[H"),
    T("\x1B[31m"),
    T("\x1B]0;x\x07"),
    T("\x1B]52;c;eA==\x1B\\"),
    T("\x1BP1$r0m\x1B\\"),
    T("\x1B[6n"),
    T("\xC2\x9B"
      "2J"),
    T("\xC2\x9D"
      "0;x\xC2\x9C"),
    T("\x9B"
      "2J"),
    T("\b\b\b\b0"),
    T("\r500.000"),
    T("a\nTOTAL 0"),
    T("\x0E\x0F\x11\x13\x7F"),
    T("\xE2\x80\xAE"
      "000.05"),
    T("\xE2\x80\xAA\xE2\x80\xAB\xE2\x80\xAC\xE2\x80\xAD"),
    T("\xE2\x81\xA6\xE2\x81\xA7\xE2\x81\xA8\xE2\x81\xA9"),
    T("\xE2\x80\x8B\xE2\x80\x8C\xE2\x80\x8D\xEF\xBB\xBF"),
    T("a\xC2\xAD\xE2\x80\x8E\xE2\x80\x8F"),
    T("\xF3\xA0\x81\x81\xF3\xA0\x81\x82\xF3\xA0\x81\xBF"),
    T("\xE2\x80\xA8\xE2\x80\xA9"),
    T("\xEE\x80\x80\xEF\xBF\xBE\xEF\xBF\xBF"),
    T("e\xCC\x81\xCC\x80\xCC\x83\xCC\xA3\xCC\x82\xCC\x86\xCC\x9B"),
    T("\xCC\x81\xCC\xA3"),
    T("\xD8\xB9\xD8\xB1\xD8\xA8\xD9\x8A"),
    T("a\x00b"),
    T("\xFF\xFE\xC3("),
    T("\xC0\xAF\xE0\x80\xAF"),
    T("\xED\xA0\x80\xED\xB0\x80"),
    T("\xF4\x90\x80\x80"),
    T("../../etc/passwd"),
    T("/dev/tcp/x/1"),
    T("..\\..\\x:y"),
    T("%s%n%x%p%999999d"),
    T("$(id)`id`;id|id&&id"),
    T("-rf --help"),
    T("x\n<3>event=sign-in account=an"),
    T("x\" account=\"an"),
    T("a=b c=d \\\" e"),
    T("{\"a\":1},\"b\\u0000"),
    T("Set-Cookie: a=b\r\n\r\nHTTP/1.1 200"),
    T("a&b=c%00%0d%0a"),
};

static const struct {
    const char *before, *after;
} around[] = {
    { "", "" },
    { "Ch\xE1\xBA\xA3 m\xE1\xBB\xB1"
      "c ",
      "" },
    { "", " H\xE1\xBA\xA1 Long" },
    { "A", "Z" },
    { "  ", "  " },
};

void payload_put(struct buf *out, int i)
{
    int n = (int)ARRAY_LEN(attacks), way = i / n;
    struct str s = attacks[i % n];
    if (way < (int)ARRAY_LEN(around)) {
        buf_puts(out, around[way].before);
        buf_str(out, s);
        buf_puts(out, around[way].after);
        return;
    }
    /* The rest are long: as much as anybody could send as a name. */
    while (out->len < 10000)
        buf_str(out, s);
}

/* ---- what may be shown --------------------------------------------------- */

static void fails(const char *what, struct str at)
{
    BUF(shown, MAX_TEXT);
    text_emit_terminal(&shown, text_clip(at, 100));
    fail_msg("%s: %s", what, buf_text(&shown));
}

void inert_text(struct str s, const char *what)
{
    BUF(safe, 2 * MAX_OUTPUT);
    while (s.len > 0) {
        const char *end = memchr(s.data, '\n', s.len);
        size_t len = end ? (size_t)(end - s.data) : s.len;
        struct str line = { s.data, len };
        buf_clear(&safe);
        text_emit_terminal(&safe, line);
        if (!str_eq(buf_slice(&safe), line))
            fails(what, line);
        s.data += len + (end != NULL);
        s.len -= len + (end != NULL);
    }
}

void inert_codes(struct str s, const char *what)
{
    size_t at = 0, from = 0;
    int32_t code;
    for (; (code = utf8_next(s, &at)) >= 0; from = at) {
        BUF(one, 16);
        BUF(safe, 64);
        if (code == '\n' || (code >= 0x20 && code < 0x7f))
            continue;
        buf_putc(&one, 'a'); /* for a mark to stand on */
        buf_put(&one, s.data + from, at - from);
        text_emit_terminal(&safe, buf_slice(&one));
        if (!str_eq(buf_slice(&safe), buf_slice(&one)))
            fails(what, (struct str){ s.data + from, at - from });
    }
}

static bool is_number(struct str s)
{
    size_t i = s.len > 0 && s.data[0] == '-';
    if (i == s.len)
        return false;
    while (i < s.len && s.data[i] >= '0' && s.data[i] <= '9')
        i++;
    return i == s.len;
}

static bool is_formula(struct str field)
{
    static const int32_t signs[] = { '=',  '+',    '-',    '@',    '\t',  '\r',
                                     '\n', 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20 };
    size_t at = 0;
    int32_t code = utf8_next(field, &at);
    for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
        if (code == signs[i] && !is_number(field))
            return true;
    }
    return false;
}

/* Takes the next field, without its quotes, as a spreadsheet reads it. */
static void take_field(struct str *s, struct buf *field)
{
    bool quoted = s->len > 0 && s->data[0] == '"';
    size_t i = quoted;
    for (; i < s->len; i++) {
        char c = s->data[i];
        if (quoted && c == '"') {
            i++;
            if (i == s->len || s->data[i] != '"')
                break;
        } else if (!quoted && (c == ',' || c == '\r' || c == '\n')) {
            break;
        }
        buf_putc(field, c);
    }
    while (i < s->len && strchr(",\r\n", s->data[i]) && s->data[i]) {
        bool comma = s->data[i++] == ',';
        if (comma)
            break;
    }
    *s = (struct str){ s->data + i, s->len - i };
}

void inert_csv(struct str s, const char *what)
{
    BUF(field, MAX_OUTPUT);
    BUF(plain, MAX_OUTPUT);
    assert_true(s.len > 3 && memcmp(s.data, "\xEF\xBB\xBF", 3) == 0);
    s = (struct str){ s.data + 3, s.len - 3 };
    while (s.len > 0) {
        buf_clear(&field);
        buf_clear(&plain);
        take_field(&s, &field);
        if (is_formula(buf_slice(&field)))
            fails(what, buf_slice(&field));
        /* Line ends and tabs are part of a field, where it is quoted. */
        for (size_t i = 0; i < field.len; i++) {
            if (!strchr("\r\n\t", field.data[i]))
                buf_putc(&plain, field.data[i]);
        }
        for (size_t i = 0; i < plain.len; i++) {
            if ((unsigned char)plain.data[i] < 0x20 || plain.data[i] == 0x7f)
                fails(what, buf_slice(&plain));
        }
        if (!utf8_valid(buf_slice(&field)))
            fails(what, buf_slice(&field));
    }
}

/* ---- elements and attributes --------------------------------------------- */

enum { WORDS_MAX = 512, WORD_ROOM = 48 };
static char words[WORDS_MAX][WORD_ROOM];
static int n_words;

/* "<td" or " class=" as one word; known already, or learnt. */
static bool word_is_known(char kind, struct str name, bool learn)
{
    char word[WORD_ROOM] = { kind };
    if (name.len >= WORD_ROOM - 1)
        return false;
    memcpy(word + 1, name.data, name.len);
    for (int i = 0; i < n_words; i++) {
        if (strcmp(words[i], word) == 0)
            return true;
    }
    if (learn) {
        assert_true(n_words < WORDS_MAX);
        memcpy(words[n_words++], word, WORD_ROOM);
    }
    return learn;
}

static size_t span(struct str s, const char *ends)
{
    size_t n = 0;
    while (n < s.len && !strchr(ends, s.data[n]))
        n++;
    return n;
}

static struct str from(struct str s, size_t n)
{
    n = n < s.len ? n : s.len;
    return (struct str){ s.data + n, s.len - n };
}

/* One tag, `s` behind its `<`; the first thing in it that is not known. */
static struct str odd_in_tag(struct str *s, bool learn)
{
    size_t n = span(*s, " \n>");
    struct str name = { s->data, n }, odd = { NULL, 0 };
    if (!word_is_known('<', name, learn))
        odd = name;
    *s = from(*s, n);
    while (s->len > 0 && s->data[0] != '>') {
        n = span(*s, " =\n>\"");
        struct str attribute = { s->data, n };
        if (n > 0 && !word_is_known(' ', attribute, learn))
            odd = attribute;
        *s = from(*s, n);
        if (s->len > 1 && s->data[0] == '=' && s->data[1] == '"')
            *s = from(*s, 3 + span(from(*s, 2), "\""));
        else if (s->len > 0 && s->data[0] != '>')
            *s = from(*s, 1);
    }
    return odd;
}

static void walk(struct str s, bool learn, const char *what)
{
    while (s.len > 0) {
        s = from(s, span(s, "<"));
        if (s.len == 0)
            return;
        s = from(s, 1);
        struct str at = s, odd = odd_in_tag(&s, learn);
        if (odd.data)
            fails(what, at);
    }
}

void markup_learn(struct str s)
{
    walk(s, true, "");
}

void inert_markup(struct str s, const char *what)
{
    inert_codes(s, what);
    walk(s, false, what);
}
