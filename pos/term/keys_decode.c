/*
 * keys_decode.c - what terminals send for keys, as far as it is not timing.
 *
 * Every byte either completes something, belongs to something incomplete, or
 * ends that and is looked at anew; so nothing sticks. What is incomplete is
 * given up after a while. Unknown sequences are passed over whole.
 *
 * The tables hold what xterm, VTE, foot, rxvt, PuTTY, tmux and the Linux
 * console send, in normal and application mode: they do not contradict each
 * other but for the number pad of the Linux console.
 */
#include "pos/term/keys_parts.h"

#include "fair/text.h"

enum {
    ESC_MS = 150, /* ESC and what follows it in a split sequence */
    ALT_MS = 50,  /* ESC and the letter: people are slower than Alt */
    REST_MS = 1000,
    PASTE_MAX = 16 * 1024,
    ESC = 0x1B,
    DEL = 0x7F,
    C1_LAST = 0x9F,
    CODE_REPLACEMENT = 0xFFFD
};

struct meaning {
    int from; /* final byte or number */
    enum key_kind kind;
    int32_t code;
};

/* ESC [ … or ESC O, and this. */
static const struct meaning finals[] = {
    { 'A', K_UP, 0 },     { 'B', K_DOWN, 0 },   { 'C', K_RIGHT, 0 },
    { 'D', K_LEFT, 0 },   { 'a', K_UP, 0 },     { 'b', K_DOWN, 0 },
    { 'c', K_RIGHT, 0 },  { 'd', K_LEFT, 0 },   { 'H', K_HOME, 0 },
    { 'F', K_END, 0 },    { 'P', K_F, 1 },      { 'Q', K_F, 2 },
    { 'R', K_F, 3 },      { 'S', K_F, 4 },      { 'Z', K_BACKTAB, 0 },
    { 'E', K_TEXT, '5' }, { 'G', K_TEXT, '5' }, /* pad, NumLock off */
};

/* ESC O and this: the number pad in application mode, NumLock or not. */
static const struct meaning pad[] = {
    { 'M', K_ENTER, 0 },  { 'I', K_TAB, 0 },    { ' ', K_TEXT, ' ' },
    { 'X', K_TEXT, '=' }, { 'j', K_TEXT, '*' }, { 'k', K_TEXT, '+' },
    { 'l', K_TEXT, ',' }, { 'm', K_TEXT, '-' }, { 'n', K_TEXT, '.' },
    { 'o', K_TEXT, '/' }, { 'p', K_TEXT, '0' }, { 'q', K_TEXT, '1' },
    { 'r', K_TEXT, '2' }, { 's', K_TEXT, '3' }, { 't', K_TEXT, '4' },
    { 'u', K_TEXT, '5' }, { 'v', K_TEXT, '6' }, { 'w', K_TEXT, '7' },
    { 'x', K_TEXT, '8' }, { 'y', K_TEXT, '9' },
};

/* The Linux console differs in these. */
static const struct meaning console_pad[] = {
    { 'Q', K_TEXT, '/' },
    { 'R', K_TEXT, '*' },
    { 'S', K_TEXT, '-' },
    { 'l', K_TEXT, '+' },
};

/* ESC [ number ~ */
static const struct meaning numbers[] = {
    { 1, K_HOME, 0 }, { 2, K_INSERT, 0 },  { 3, K_DELETE, 0 },
    { 4, K_END, 0 },  { 5, K_PAGE_UP, 0 }, { 6, K_PAGE_DOWN, 0 },
    { 7, K_HOME, 0 }, { 8, K_END, 0 },     { 11, K_F, 1 },
    { 12, K_F, 2 },   { 13, K_F, 3 },      { 14, K_F, 4 },
    { 15, K_F, 5 },   { 17, K_F, 6 },      { 18, K_F, 7 },
    { 19, K_F, 8 },   { 20, K_F, 9 },      { 21, K_F, 10 },
    { 23, K_F, 11 },  { 24, K_F, 12 },
};

static const struct meaning *find(const struct meaning *table, size_t n,
                                  int from)
{
    for (size_t i = 0; i < n; i++) {
        if (table[i].from == from)
            return table + i;
    }
    return NULL;
}

static void put(struct decoder *d, struct waiting *item)
{
    item->press.at_ms = d->came_ms;
    item->heard_ms = d->heard_ms;
    queue_put(d->to, item);
}

static void hear(struct decoder *d, int64_t now_ms)
{
    d->came_ms = d->heard_ms = now_ms;
}

static void give(struct decoder *d, enum key_kind kind, int32_t code)
{
    struct waiting item = { .press = { .kind = kind, .code = code } };
    put(d, &item);
}

static void give_meaning(struct decoder *d, const struct meaning *m)
{
    if (m)
        give(d, m->kind, m->code);
}

static void give_letter(struct decoder *d, int32_t code)
{
    if (code < ' ' || (code >= DEL && code <= C1_LAST))
        code = CODE_REPLACEMENT;
    give(d, d->alt ? K_ALT : K_TEXT, code);
    d->alt = false;
}

/* ---- single bytes and UTF-8 ---- */

static void control(struct decoder *d, unsigned char byte)
{
    static const enum key_kind kinds[' '] = {
        ['\r'] = K_ENTER, ['\n'] = K_ENTER, ['\t'] = K_TAB, ['\b'] = K_BACKSPACE
    };
    struct waiting item = { 0 };
    if (kinds[byte] != K_NONE) {
        item.press.kind = kinds[byte];
        item.byte = byte == '\b' ? '\0' : (char)byte;
    } else if (byte == SCAN_SEPARATOR) {
        item.byte = SCAN_SEPARATOR;
    } else if (byte >= 1 && byte <= 'Z' - '@') {
        item.press.kind = K_CTRL;
        item.press.code = byte + '@';
    } else {
        return;
    }
    put(d, &item);
}

/* How many bytes a letter has that begins with this one; 0: none does. */
static size_t letter_bytes(unsigned char lead)
{
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 3;
    return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

/* The bytes of a letter that is none, each for itself. */
static void spoil_letter(struct decoder *d)
{
    for (size_t i = 0; i < d->len; i++)
        give_letter(d, CODE_REPLACEMENT);
    d->state = PLAIN;
}

static void plain(struct decoder *d, unsigned char byte)
{
    d->state = PLAIN;
    if (byte == ESC) {
        d->state = ESCAPED;
    } else if (byte == DEL) {
        give(d, K_BACKSPACE, 0);
    } else if (byte < ' ') {
        control(d, byte);
    } else if (byte < DEL) {
        give_letter(d, byte);
    } else if (letter_bytes(byte) > 0) {
        d->state = LETTER;
        d->bytes[0] = (char)byte;
        d->len = 1;
    } else {
        give_letter(d, CODE_REPLACEMENT);
    }
}

static void letter(struct decoder *d, unsigned char byte)
{
    if ((byte & 0xC0) != 0x80) {
        spoil_letter(d);
        plain(d, byte);
        return;
    }
    d->bytes[d->len++] = (char)byte;
    if (d->len < letter_bytes((unsigned char)d->bytes[0]))
        return;
    struct str whole = { d->bytes, d->len };
    size_t pos = 0;
    if (!utf8_valid(whole)) {
        spoil_letter(d);
        return;
    }
    d->state = PLAIN;
    give_letter(d, utf8_next(whole, &pos));
}

/* ---- what begins with ESC ---- */

static void escaped(struct decoder *d, unsigned char byte, int64_t now_ms)
{
    bool at_once = now_ms - d->heard_ms <= ALT_MS;
    if (byte == '[' || byte == 'O') {
        d->state = byte == '[' ? CSI : SS3;
        d->len = 0;
        return;
    }
    d->alt = at_once && byte >= ' ' && byte != DEL;
    if (!d->alt)
        give(d, K_ESC, 0);
    hear(d, now_ms);
    plain(d, byte);
}

/* The number at *at, which moves behind the ';' after it. */
static int number(const struct decoder *d, size_t *at)
{
    enum { ENOUGH = 10000 };
    int n = 0;
    for (; *at < d->len && d->bytes[*at] != ';'; (*at)++) {
        char c = d->bytes[*at];
        if (c >= '0' && c <= '9' && n < ENOUGH)
            n = n * 10 + (c - '0');
    }
    (*at)++;
    return n;
}

/* ESC [ < button ; column ; row M: only pressing the left one is ours. */
static void click(struct decoder *d)
{
    enum { MODIFIERS = 4 + 8 + 16 };
    size_t at = 1;
    int button = number(d, &at), col = number(d, &at), row = number(d, &at);
    struct waiting item = {
        .press = { .kind = K_MOUSE, .row = row - 1, .col = col - 1 }
    };
    if ((button & ~MODIFIERS) == 0 && row > 0 && col > 0)
        put(d, &item);
}

static void csi_done(struct decoder *d, char final)
{
    enum { PASTE_BEGINS = 200 };
    size_t at = 0;
    char first = d->len > 0 ? d->bytes[0] : final;
    d->state = PLAIN;
    if (first == '<' && final == 'M') {
        click(d);
    } else if (first == '[' && final >= 'A' && final <= 'E') {
        give(d, K_F, final - 'A' + 1); /* the Linux console */
    } else if (first > '9' && first <= '?') {
        return; /* an answer of the terminal, or a release */
    } else if (first == 'M') {
        d->state = CLICK;
    } else if (final != '~') {
        give_meaning(d, find(finals, ARRAY_LEN(finals), final));
    } else {
        int n = number(d, &at);
        if (n == PASTE_BEGINS) {
            d->state = PASTE;
            d->len = 0;
            buf_clear(&d->pasted);
        }
        give_meaning(d, find(numbers, ARRAY_LEN(numbers), n));
    }
}

static void csi(struct decoder *d, unsigned char byte)
{
    bool second = d->len == 0 && byte == '[';
    if (byte < ' ' || byte >= DEL) {
        plain(d, byte);
    } else if (byte >= '@' && !second) {
        csi_done(d, (char)byte);
    } else if (d->len < sizeof(d->bytes)) {
        d->bytes[d->len++] = (char)byte;
    }
}

static void ss3(struct decoder *d, unsigned char byte)
{
    const struct meaning *m = NULL;
    if (byte >= '0' && byte <= ';') {
        d->len = 1; /* a modifier */
        return;
    }
    if (byte < ' ' || byte >= DEL) {
        plain(d, byte);
        return;
    }
    d->state = PLAIN;
    if (d->console)
        m = find(console_pad, ARRAY_LEN(console_pad), byte);
    if (!m)
        m = find(pad, ARRAY_LEN(pad), byte);
    give_meaning(d, m ? m : find(finals, ARRAY_LEN(finals), byte));
}

/* ---- paste ---- */

static void paste_done(struct decoder *d)
{
    BUF(clean, MAX_TEXT);
    struct str s = buf_slice(&d->pasted);
    size_t pos = 0;
    int32_t code;
    while ((code = utf8_next(s, &pos)) >= 0) {
        bool bad = code < ' ' || (code >= DEL && code <= C1_LAST);
        utf8_put(&clean, bad ? ' ' : code);
    }
    struct waiting item = { .press = { .kind = K_PASTE },
                            .text_len = clean.len };
    item.text = buf_take(&clean);
    put(d, &item);
    d->state = PLAIN;
}

/* The end is told from text by the ESC it begins with; d->len bytes of it have
 * come. What does not fit is left out. */
static void paste(struct decoder *d, unsigned char byte)
{
    static const char end[] = "\x1b[201~";
    if ((char)byte != end[d->len]) {
        buf_put(&d->pasted, end, d->len);
        d->len = 0;
    }
    if ((char)byte != end[d->len])
        buf_putc(&d->pasted, (char)byte);
    else if (++d->len == sizeof(end) - 1)
        paste_done(d);
}

/* ---- the decoder ---- */

void decoder_init(struct decoder *d, struct queue *to)
{
    *d = (struct decoder){ .to = to };
    buf_init(&d->pasted, PASTE_MAX);
}

void decoder_done(struct decoder *d)
{
    buf_done(&d->pasted);
}

/* ESC [ M button column row, a byte each, from 32 on: very old terminals. */
static void old_click(struct decoder *d, unsigned char byte)
{
    enum { COLUMN = 1, ROW, FROM = ' ' + 1 };
    d->bytes[d->len++] = (char)byte;
    if (d->len <= ROW)
        return;
    d->state = PLAIN;
    struct waiting item = {
        .press = { .kind = K_MOUSE,
                   .row = (unsigned char)d->bytes[ROW] - FROM,
                   .col = (unsigned char)d->bytes[COLUMN] - FROM }
    };
    if (d->bytes[0] == ' ' && item.press.row >= 0 && item.press.col >= 0)
        put(d, &item);
}

void decoder_byte(struct decoder *d, unsigned char byte, int64_t now_ms)
{
    decoder_expire(d, now_ms);
    if (d->state != ESCAPED)
        hear(d, now_ms);
    switch (d->state) {
    case PLAIN: plain(d, byte); break;
    case LETTER: letter(d, byte); break;
    case ESCAPED: escaped(d, byte, now_ms); break;
    case CSI: csi(d, byte); break;
    case SS3: ss3(d, byte); break;
    case CLICK: old_click(d, byte); break;
    case PASTE: paste(d, byte); break;
    }
    hear(d, now_ms);
}

/* When to give up, from the last byte on. */
static int64_t patience_ms(const struct decoder *d)
{
    bool begun = d->state == ESCAPED ||
                 ((d->state == CSI || d->state == SS3) && d->len == 0);
    return begun ? ESC_MS : REST_MS;
}

void decoder_expire(struct decoder *d, int64_t now_ms)
{
    if (d->state == PLAIN || now_ms - d->heard_ms <= patience_ms(d))
        return;
    enum decoding state = d->state;
    d->state = PLAIN;
    if (state == ESCAPED) {
        give(d, K_ESC, 0);
    } else if (state == LETTER) {
        spoil_letter(d);
    } else if (state == PASTE) {
        paste_done(d);
    } else if (d->len == 0 && state != CLICK) {
        give(d, K_ALT, state == CSI ? '[' : 'O');
    }
}

int decoder_wait_ms(const struct decoder *d, int64_t now_ms)
{
    if (d->state == PLAIN)
        return -1;
    int64_t left = d->heard_ms + patience_ms(d) + 1 - now_ms;
    return left > 0 ? (int)left : 0;
}
