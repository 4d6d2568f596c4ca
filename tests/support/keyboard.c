/*
 * desk.c - see desk.h.
 */
#include "desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { WAIT_MAX_MS = 1001 /* for the rest of a sequence or paste */ };

struct desk desk_open(void)
{
    struct keys_options options = { DESK_SCAN_MIN, DESK_GAP_MS };
    struct desk d = { .keys = keys_open(&options), .now_ms = 1000 };
    buf_init(&d.got, MAX_OUTPUT);
    return d;
}

void desk_close(struct desk *d)
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

static void collect(struct desk *d)
{
    struct press press;
    while (keys_next(d->keys, d->now_ms, &press))
        press_note(&press, &d->got);
}

void desk_come_bytes(struct desk *d, struct str bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        keys_feed(d->keys, (unsigned char)bytes.data[i], d->now_ms);
    collect(d);
}

void desk_come(struct desk *d, const char *bytes)
{
    desk_come_bytes(d, str_of(bytes));
}

void desk_type(struct desk *d, const char *bytes, int ms)
{
    for (; *bytes; bytes++) {
        keys_feed(d->keys, (unsigned char)*bytes, d->now_ms);
        collect(d);
        desk_pass(d, ms);
    }
}

void desk_pass(struct desk *d, int ms)
{
    d->now_ms += ms;
    collect(d);
}

void desk_rest(struct desk *d)
{
    int wait_ms;
    while ((wait_ms = keys_wait_ms(d->keys, d->now_ms)) >= 0) {
        assert_true(wait_ms <= WAIT_MAX_MS);
        desk_pass(d, wait_ms);
    }
}

void desk_gave(struct desk *d, const char *names)
{
    assert_string_equal(buf_text(&d->got), names);
    buf_clear(&d->got);
}

void desk_gives(const char *bytes, const char *names)
{
    DESK(d);
    desk_come(&d, bytes);
    desk_rest(&d);
    desk_gave(&d, names);
}
