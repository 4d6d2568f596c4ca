/*
 * keyboard.c - see keyboard.h.
 */
#include "keyboard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { WAIT_MAX_MS = 1001 /* for the rest of a sequence or paste */ };

struct keyboard keyboard_open(void)
{
    struct keys_options options = { KEYBOARD_SCAN_MIN, KEYBOARD_GAP_MS };
    struct keyboard d = { .keys = keys_open(&options), .now_ms = 1000 };
    buf_init(&d.got, MAX_OUTPUT);
    return d;
}

void keyboard_close(struct keyboard *d)
{
    keys_close(d->keys);
    buf_done(&d->got);
}

void press_note(const struct press *press, struct buf *out)
{
    if (out->len > 0)
        buf_putc(out, ' ');
    press_name(press, out);
    if (press->kind == K_SCAN || press->kind == K_PASTE) {
        buf_putc(out, '(');
        buf_str(out, press->text);
        buf_putc(out, ')');
    } else if (press->kind == K_MOUSE) {
        buf_printf(out, "(%d,%d)", press->row, press->col);
    }
}

static void collect(struct keyboard *d)
{
    struct press press;
    while (keys_next(d->keys, d->now_ms, &press))
        press_note(&press, &d->got);
}

void keyboard_come_bytes(struct keyboard *d, struct str bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        keys_feed(d->keys, (unsigned char)bytes.data[i], d->now_ms);
    collect(d);
}

void keyboard_come(struct keyboard *d, const char *bytes)
{
    keyboard_come_bytes(d, str_of(bytes));
}

void keyboard_type(struct keyboard *d, const char *bytes, int ms)
{
    for (; *bytes; bytes++) {
        keys_feed(d->keys, (unsigned char)*bytes, d->now_ms);
        collect(d);
        keyboard_pass(d, ms);
    }
}

void keyboard_pass(struct keyboard *d, int ms)
{
    d->now_ms += ms;
    collect(d);
}

void keyboard_rest(struct keyboard *d)
{
    int wait_ms;
    while ((wait_ms = keys_wait_ms(d->keys, d->now_ms)) >= 0) {
        assert_true(wait_ms <= WAIT_MAX_MS);
        keyboard_pass(d, wait_ms);
    }
}

void keyboard_gave(struct keyboard *d, const char *names)
{
    assert_string_equal(buf_text(&d->got), names);
    buf_clear(&d->got);
}

void keyboard_gives(const char *bytes, const char *names)
{
    KEYBOARD(d);
    keyboard_come(&d, bytes);
    keyboard_rest(&d);
    keyboard_gave(&d, names);
}
