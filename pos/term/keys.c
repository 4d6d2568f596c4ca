/*
 * keys.c - scanners told from people by the time between characters.
 *
 * Presses wait in one queue in the order they came. At its head either stands
 * a key, which is given; or a run of characters, each within a gap of the one
 * before, which is a code, or typed, or not known yet. A run found to be typed
 * is given key by key and never looked at again.
 */
#include "pos/term/keys.h"

#include <stdlib.h>

#include "fair/text.h"
#include "pos/term/keys_parts.h"

enum { SCAN_MAX = 512 /* longer runs are no codes */ };

struct keys {
    struct keys_options options;
    struct queue queue;
    struct decoder decoder;
    size_t typed;         /* so many at the head are keys for certain */
    bool running;         /* a run too long goes on after them… */
    bool ended;           /* CR was given, and LF may belong to it… */
    int64_t continued_ms; /* …when it comes within a gap of this */
    struct buf code;      /* text of a K_SCAN */
    char *paste;
};

enum verdict { KEY, CODE, OPEN };

/* ---- the queue ---- */

void queue_put(struct queue *q, const struct waiting *item)
{
    enum { FIRST = 64 };
    if (q->head + q->count == q->cap) {
        q->cap = q->cap ? q->cap * 2 : FIRST;
        q->items = x_realloc(q->items, q->cap * sizeof(*q->items));
    }
    q->items[q->head + q->count++] = *item;
}

void queue_drop(struct queue *q, size_t n)
{
    ASSERT(n <= q->count);
    for (size_t i = 0; i < n; i++)
        free(q->items[q->head + i].text);
    q->count -= n;
    q->head = q->count == 0 ? 0 : q->head + n;
}

const struct waiting *queue_at(const struct queue *q, size_t i)
{
    ASSERT(i < q->count);
    return q->items + q->head + i;
}

/* ---- runs ---- */

static bool is_character(const struct waiting *item)
{
    return item->press.kind == K_TEXT || item->byte == SCAN_SEPARATOR;
}

static bool is_end(const struct waiting *item)
{
    return item->byte == '\r' || item->byte == '\n' || item->byte == '\t';
}

static bool is_near(const struct keys *keys, int64_t before_ms, int64_t ms)
{
    return ms - before_ms <= keys->options.scan_gap_ms;
}

/* A key that is held down repeats, but not as fast as a scanner types. */
static bool is_held_down(const struct keys *keys, size_t n)
{
    const struct queue *q = &keys->queue;
    const struct waiting *first = queue_at(q, 0);
    int64_t took_ms = queue_at(q, n - 1)->heard_ms - first->heard_ms;
    if (n < (size_t)keys->options.scan_min ||
        took_ms * 2 < (int64_t)(n - 1) * keys->options.scan_gap_ms)
        return false;
    for (size_t i = 1; i < n; i++) {
        if (queue_at(q, i)->press.code != first->press.code)
            return false;
    }
    return true;
}

/* What stands at the head, and how many characters the run there has. */
static enum verdict judge(const struct keys *keys, int64_t now_ms, size_t *run)
{
    const struct queue *q = &keys->queue;
    size_t n = 0;
    int64_t last_ms = queue_at(q, 0)->heard_ms;
    for (; n < q->count; n++) {
        const struct waiting *item = queue_at(q, n);
        if (!is_character(item) || !is_near(keys, last_ms, item->heard_ms))
            break;
        last_ms = item->heard_ms;
    }
    *run = n;
    if (n == 0)
        return KEY;
    if (n < q->count) {
        const struct waiting *end = queue_at(q, n);
        bool code = is_end(end) && is_near(keys, last_ms, end->heard_ms) &&
                    n >= (size_t)keys->options.scan_min && n <= SCAN_MAX;
        return code ? CODE : KEY;
    }
    bool open = is_near(keys, last_ms, now_ms) && n < SCAN_MAX &&
                !is_held_down(keys, n);
    return open ? OPEN : KEY;
}

/* What is certain only because of what went before: the rest of a run that
 * was too long, and LF after CR. */
static void settle_head(struct keys *keys)
{
    const struct waiting *head = queue_at(&keys->queue, 0);
    bool near = is_near(keys, keys->continued_ms, head->heard_ms);
    if (keys->ended && near && head->byte == '\n')
        queue_drop(&keys->queue, 1);
    else if (keys->running && near && is_character(head))
        keys->typed = 1;
    else
        keys->running = false;
}

static void give_key(struct keys *keys, struct press *out)
{
    struct waiting *item = keys->queue.items + keys->queue.head;
    *out = item->press;
    out->text = (struct str){ item->text, item->text_len };
    keys->paste = item->text;
    item->text = NULL;
    keys->ended = item->byte == '\r';
    if (keys->ended || is_character(item))
        keys->continued_ms = item->heard_ms;
    queue_drop(&keys->queue, 1);
    if (keys->typed > 0)
        keys->typed--;
}

static void give_code(struct keys *keys, size_t n, struct press *out)
{
    const struct queue *q = &keys->queue;
    for (size_t i = 0; i < n; i++) {
        const struct waiting *item = queue_at(q, i);
        utf8_put(&keys->code, item->byte ? item->byte : item->press.code);
    }
    const struct waiting *end = queue_at(q, n);
    *out = (struct press){ .kind = K_SCAN,
                           .text = buf_slice(&keys->code),
                           .at_ms = end->press.at_ms };
    keys->ended = end->byte == '\r';
    keys->continued_ms = end->heard_ms;
    queue_drop(&keys->queue, n + 1);
}

/* ---- the whole ---- */

struct keys *keys_open(const struct keys_options *options)
{
    ASSERT(options->scan_min > 0 && options->scan_gap_ms > 0);
    struct keys *keys = x_alloc(sizeof(*keys));
    keys->options = *options;
    decoder_init(&keys->decoder, &keys->queue);
    buf_init(&keys->code, MAX_TEXT);
    return keys;
}

void keys_console_pad(struct keys *keys)
{
    keys->decoder.console = true;
}

static void forget_given(struct keys *keys)
{
    buf_clear(&keys->code);
    free(keys->paste);
    keys->paste = NULL;
}

void keys_close(struct keys *keys)
{
    if (!keys)
        return;
    forget_given(keys);
    keys_flush(keys);
    decoder_done(&keys->decoder);
    buf_done(&keys->code);
    free(keys->queue.items);
    free(keys);
}

void keys_feed(struct keys *keys, unsigned char byte, int64_t now_ms)
{
    forget_given(keys);
    decoder_byte(&keys->decoder, byte, now_ms);
}

/* What is at the head now; a run found to be typed stays so. */
static enum verdict settle(struct keys *keys, int64_t now_ms, size_t *run)
{
    if (keys->queue.count > 0 && keys->typed == 0)
        settle_head(keys);
    if (keys->queue.count == 0)
        return OPEN;
    if (keys->typed > 0)
        return KEY;
    enum verdict found = judge(keys, now_ms, run);
    if (found == KEY) {
        keys->running = *run > 0;
        keys->typed = *run > 0 ? *run : 1;
    }
    return found;
}

bool keys_next(struct keys *keys, int64_t now_ms, struct press *out)
{
    struct press next = { .kind = K_NONE };
    size_t run;
    forget_given(keys);
    decoder_expire(&keys->decoder, now_ms);
    while (next.kind == K_NONE) {
        enum verdict found = settle(keys, now_ms, &run);
        if (found == OPEN)
            return false;
        if (found == CODE)
            give_code(keys, run, &next);
        else
            give_key(keys, &next);
    }
    *out = next;
    return true;
}

int keys_wait_ms(const struct keys *keys, int64_t now_ms)
{
    int rest = decoder_wait_ms(&keys->decoder, now_ms);
    size_t run;
    if (keys->queue.count == 0)
        return rest;
    if (keys->typed > 0 || judge(keys, now_ms, &run) != OPEN)
        return 0;
    int64_t last_ms = queue_at(&keys->queue, run - 1)->heard_ms;
    int64_t left = last_ms + keys->options.scan_gap_ms + 1 - now_ms;
    return rest >= 0 && rest < left ? rest : (int)left;
}

void keys_pause(struct keys *keys, int64_t ms)
{
    struct queue *q = &keys->queue;
    for (size_t i = 0; i < q->count; i++)
        q->items[q->head + i].heard_ms += ms;
    keys->decoder.heard_ms += ms;
    keys->continued_ms += ms;
}

void keys_flush(struct keys *keys)
{
    queue_drop(&keys->queue, keys->queue.count);
    keys->typed = 0;
    keys->running = keys->ended = false;
    keys->decoder.state = PLAIN;
    keys->decoder.alt = false;
}
