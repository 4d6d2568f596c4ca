/*
 * keys_name.c - what people call a key, both ways from one table.
 */
#include <string.h>

#include "fair/text.h"
#include "pos/term/keys.h"

/* The first name of a kind is the one we say. */
static const struct {
    const char *name;
    enum key_kind kind;
    int32_t code;
} names[] = {
    { "Enter", K_ENTER, 0 },
    { "Esc", K_ESC, 0 },
    { "Tab", K_TAB, 0 },
    { "Shift-Tab", K_BACKTAB, 0 },
    { "Backspace", K_BACKSPACE, 0 },
    { "Delete", K_DELETE, 0 },
    { "Insert", K_INSERT, 0 },
    { "Up", K_UP, 0 },
    { "Down", K_DOWN, 0 },
    { "Left", K_LEFT, 0 },
    { "Right", K_RIGHT, 0 },
    { "Home", K_HOME, 0 },
    { "End", K_END, 0 },
    { "PageUp", K_PAGE_UP, 0 },
    { "PageDown", K_PAGE_DOWN, 0 },
    { "Space", K_TEXT, ' ' },
    { "Mouse", K_MOUSE, 0 },
    { "Scan", K_SCAN, 0 },
    { "Paste", K_PASTE, 0 },
    { "Resize", K_RESIZE, 0 },
    { "Del", K_DELETE, 0 },
    { "Ins", K_INSERT, 0 },
    { "PgUp", K_PAGE_UP, 0 },
    { "PgDn", K_PAGE_DOWN, 0 },
};

enum { F_FIRST = 1, F_LAST = 12 };

void press_name(const struct press *press, struct buf *out)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (names[i].kind == press->kind &&
            (press->kind != K_TEXT || names[i].code == press->code)) {
            buf_puts(out, names[i].name);
            return;
        }
    }
    if (press->kind == K_F) {
        buf_putc(out, 'F');
        buf_int(out, press->code);
        return;
    }
    if (press->kind == K_CTRL)
        buf_puts(out, "Ctrl-");
    if (press->kind == K_ALT)
        buf_puts(out, "Alt-");
    if (press->kind != K_NONE)
        utf8_put(out, press->code);
}

/* The one code point that s is. */
static bool one_letter(struct str s, int32_t *code)
{
    size_t pos = 0;
    int32_t c = utf8_next(s, &pos);
    if (c <= ' ' || pos != s.len || !utf8_valid(s))
        return false;
    *code = c;
    return true;
}

static bool begins(const char *name, const char *with, struct str *rest)
{
    size_t len = strlen(with);
    if (strncmp(name, with, len) != 0)
        return false;
    *rest = str_of(name + len);
    return true;
}

/* "F1" to "F12". */
static bool function_key(const char *name, int32_t *code)
{
    for (int32_t f = F_FIRST; f <= F_LAST; f++) {
        BUF(own, sizeof("F12"));
        press_name(&(struct press){ .kind = K_F, .code = f }, &own);
        if (strcmp(name, buf_text(&own)) == 0) {
            *code = f;
            return true;
        }
    }
    return false;
}

bool press_parse(const char *name, struct press *out)
{
    struct press press = { .kind = K_NONE };
    struct str rest;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (strcmp(names[i].name, name) == 0) {
            press.kind = names[i].kind;
            press.code = names[i].code;
        }
    }
    if (press.kind == K_NONE && one_letter(str_of(name), &press.code))
        press.kind = K_TEXT;
    if (press.kind == K_NONE && function_key(name, &press.code))
        press.kind = K_F;
    if (begins(name, "Alt-", &rest) && one_letter(rest, &press.code))
        press.kind = K_ALT;
    if (begins(name, "Ctrl-", &rest) && one_letter(rest, &press.code) &&
        press.code >= 'A' && press.code <= 'Z')
        press.kind = K_CTRL;
    if (press.kind == K_NONE)
        return false;
    *out = press;
    return true;
}
