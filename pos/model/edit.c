/*
 * edit.c - editing one line of text.
 *
 * Invariants: `text` is the NFC of `typed`; the insertion point never stands
 * between a letter and its marks. Keys are handled strictly in order; nothing
 * here draws, waits or guesses what was meant.
 */
#include "pos/model/edit.h"

#include <limits.h>
#include <string.h>

#include "fair/text.h"

void edit_init(struct line_edit *e)
{
    buf_init(&e->typed, ENTRY_MAX);
    buf_init(&e->text, ENTRY_MAX);
    e->at = 0;
}

static void wipe(struct buf *b)
{
    if (b->cap > 0)
        memset(b->data, 0, b->cap);
    buf_clear(b);
}

void edit_done(struct line_edit *e)
{
    edit_clear(e);
    buf_done(&e->typed);
    buf_done(&e->text);
}

void edit_clear(struct line_edit *e)
{
    wipe(&e->typed);
    wipe(&e->text);
    e->at = 0;
}

/* ---- what may be typed ---- */

static bool is_scalar(int32_t code)
{
    return code >= 0 && code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF);
}

/* Between two letters a name may have everything that can be printed: blanks
 * and marks too. */
static bool is_printable(int32_t code)
{
    enum { COLUMNS = 8, ROOM = 64 };
    BUF(raw, ROOM);
    BUF(nfc, ROOM);
    if (!is_scalar(code))
        return false;
    buf_putc(&raw, 'a');
    utf8_put(&raw, code);
    buf_putc(&raw, 'a');
    return text_nfc(&nfc, buf_slice(&raw)) == ERR_OK &&
           text_check(buf_slice(&nfc), COLUMNS) == ERR_OK;
}

static bool is_mark(struct str code)
{
    return text_width(code) == 0;
}

/* ---- changing ---- */

/* `typed` with the bytes from `from` up to `to` replaced; nothing changes
 * when that does not fit. */
static bool replace(struct line_edit *e, size_t from, size_t to, struct str by)
{
    BUF(typed, ENTRY_MAX);
    BUF(text, ENTRY_MAX);
    struct str rest = { buf_text(&e->typed) + to, e->typed.len - to };
    buf_put(&typed, buf_text(&e->typed), from);
    buf_str(&typed, by);
    buf_str(&typed, rest);
    if (!buf_ok(&typed) || text_nfc(&text, buf_slice(&typed)) != ERR_OK)
        return false;
    wipe(&e->typed);
    wipe(&e->text);
    buf_str(&e->typed, buf_slice(&typed));
    buf_str(&e->text, buf_slice(&text));
    wipe(&typed);
    wipe(&text);
    e->at = from + by.len;
    return true;
}

bool edit_insert(struct line_edit *e, int32_t code)
{
    enum { LONGEST = 4 };
    BUF(bytes, LONGEST);
    if (e->typed.len >= ENTRY_MAX || !is_printable(code))
        return false;
    utf8_put(&bytes, code);
    if (e->at == 0 && is_mark(buf_slice(&bytes)))
        return false;
    return replace(e, e->at, e->at, buf_slice(&bytes));
}

void edit_insert_text(struct line_edit *e, struct str text)
{
    size_t pos = 0;
    int32_t code;
    while ((code = utf8_next(text, &pos)) >= 0)
        edit_insert(e, code);
}

/* ---- moving ---- */

static size_t code_before(const struct line_edit *e, size_t at)
{
    do
        at--;
    while (((unsigned char)e->typed.data[at] & 0xC0) == 0x80);
    return at;
}

static size_t code_after(const struct line_edit *e, size_t at)
{
    utf8_next(buf_slice(&e->typed), &at);
    return at;
}

static bool mark_at(const struct line_edit *e, size_t at)
{
    return is_mark((struct str){ e->typed.data + at, code_after(e, at) - at });
}

static size_t letter_before(const struct line_edit *e, size_t at)
{
    do
        at = code_before(e, at);
    while (at > 0 && mark_at(e, at));
    return at;
}

static size_t letter_after(const struct line_edit *e, size_t at)
{
    do
        at = code_after(e, at);
    while (at < e->typed.len && mark_at(e, at));
    return at;
}

void edit_move(struct line_edit *e, int by)
{
    for (; by < 0 && e->at > 0; by++)
        e->at = letter_before(e, e->at);
    for (; by > 0 && e->at < e->typed.len; by--)
        e->at = letter_after(e, e->at);
}

void edit_backspace(struct line_edit *e)
{
    if (e->at > 0)
        replace(e, code_before(e, e->at), e->at, STR(""));
}

void edit_delete(struct line_edit *e)
{
    if (e->at < e->typed.len)
        replace(e, e->at, letter_after(e, e->at), STR(""));
}

/* ---- showing ---- */

struct str edit_text(const struct line_edit *e)
{
    return buf_slice(&e->text);
}

int edit_column(const struct line_edit *e)
{
    BUF(text, ENTRY_MAX);
    struct str before = { buf_text(&e->typed), e->at };
    /* Composed, for that is what stands on the screen. */
    return text_nfc(&text, before) == ERR_OK ? text_width(buf_slice(&text))
                                             : text_width(before);
}
