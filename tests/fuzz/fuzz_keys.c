/*
 * fuzz_keys.c - any bytes at any pace into the decoder of keys.
 *
 * The input is pairs: a byte and how long after the one before it came. Rules
 * checked: nothing crashes; what is held back becomes certain when the wait
 * that keys_wait_ms() names is over; after a second of silence nothing is
 * held; without ESC every printable ASCII character comes out once, in order,
 * in keys, scans or pastes.
 */
#include <string.h>

#include "fair/text.h"
#include "pos/term/keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WAIT_MAX_MS = 1001, PACE = 2, SIZE_MAX_BYTES = 1 << 16 };

static bool is_shown(int32_t code)
{
    return code >= ' ' && code <= '~';
}

static void take_down(const struct press *press, struct buf *got)
{
    if (press->kind == K_TEXT && is_shown(press->code))
        buf_putc(got, (char)press->code);
    for (size_t i = 0; i < press->text.len; i++) {
        if (is_shown(press->text.data[i]))
            buf_putc(got, press->text.data[i]);
    }
}

static void collect(struct keys *keys, int64_t now_ms, struct buf *got)
{
    struct press press;
    int64_t last_ms = INT64_MIN;
    while (keys_next(keys, now_ms, &press)) {
        ASSERT(press.kind > K_NONE && press.kind < K_RESIZE);
        ASSERT(press.at_ms >= last_ms && press.at_ms <= now_ms);
        ASSERT(press.kind != K_TEXT || press.code >= ' ');
        ASSERT(utf8_valid(press.text));
        last_ms = press.at_ms;
        BUF(name, MAX_TEXT);
        press_name(&press, &name);
        ASSERT(name.len > 0 && buf_ok(&name));
        take_down(&press, got);
    }
}

/* A name that is read is the name of what was read. */
static void try_name(const uint8_t *data, size_t size)
{
    struct press press, again;
    BUF(text, MAX_TEXT);
    BUF(name, MAX_TEXT);
    buf_put(&text, data, size < 32 ? size : 32);
    if (!press_parse(buf_text(&text), &press))
        return;
    press_name(&press, &name);
    ASSERT(press_parse(buf_text(&name), &again));
    ASSERT(again.kind == press.kind && again.code == press.code);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > SIZE_MAX_BYTES)
        return 0;
    try_name(data, size);
    const struct keys_options options = { .scan_min = 3 + (int)size % 4,
                                          .scan_gap_ms = 35 };
    struct keys *keys = keys_open(&options);
    if (size % 5 == 0)
        keys_console_pad(keys);
    int64_t now_ms = 0;
    bool escapes = false;
    BUF(sent, MAX_OUTPUT);
    BUF(got, MAX_OUTPUT);
    for (size_t i = 0; i + 1 < size; i += PACE) {
        now_ms += data[i + 1];
        keys_feed(keys, data[i], now_ms);
        escapes = escapes || data[i] == 0x1b;
        if (is_shown(data[i]))
            buf_putc(&sent, (char)data[i]);
        if (data[i + 1] % 3 == 0)
            collect(keys, now_ms, &got);
    }
    int wait_ms;
    int64_t silent_ms = now_ms;
    while ((wait_ms = keys_wait_ms(keys, now_ms)) >= 0) {
        ASSERT(wait_ms <= WAIT_MAX_MS);
        now_ms += wait_ms;
        collect(keys, now_ms, &got);
        ASSERT(now_ms - silent_ms <= 2 * WAIT_MAX_MS);
    }
    if (!escapes)
        ASSERT(str_eq(buf_slice(&sent), buf_slice(&got)));
    keys_close(keys);
    return 0;
}
