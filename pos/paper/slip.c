/*
 * slip.c - centring, wrapping and right-aligning in terminal columns.
 */
#include "pos/paper/slip.h"

#include <string.h>

#include "fair/money.h"
#include "fair/text.h"

static void blanks(struct buf *out, int n)
{
    for (; n > 0; n--)
        buf_putc(out, ' ');
}

/* Takes the next line of at most `columns` off `rest`. */
static struct str wrap(struct str *rest, int columns)
{
    struct str line = text_clip(*rest, columns);
    size_t end = line.len;
    if (line.len < rest->len && rest->data[line.len] != ' ') {
        while (end > 0 && line.data[end - 1] != ' ')
            end--;
        if (end > 0)
            line.len = end;
    }
    /* A character wider than the paper still has to go somewhere. */
    if (line.len == 0)
        line.len = rest->len;
    rest->data += line.len;
    rest->len -= line.len;
    while (rest->len > 0 && rest->data[0] == ' ') {
        rest->data++;
        rest->len--;
    }
    while (line.len > 0 && line.data[line.len - 1] == ' ')
        line.len--;
    return line;
}

void slip_center(struct slip *slip, struct str text)
{
    BUF(clean, MAX_TEXT);
    text_emit_terminal(&clean, text);
    struct str rest = buf_slice(&clean);
    while (rest.len > 0) {
        struct str line = wrap(&rest, slip->columns);
        blanks(slip->out, (slip->columns - text_width(line)) / 2);
        buf_str(slip->out, line);
        buf_putc(slip->out, '\n');
    }
}

/* All lines of `text` but the last, which is returned. */
static struct str all_but_last(struct slip *slip, int indent, struct str text)
{
    struct str rest = text;
    struct str line = wrap(&rest, slip->columns - indent);
    while (rest.len > 0) {
        blanks(slip->out, indent);
        buf_str(slip->out, line);
        buf_putc(slip->out, '\n');
        line = wrap(&rest, slip->columns - indent);
    }
    return line;
}

void slip_pair(struct slip *slip, int indent, struct str left, struct str right)
{
    BUF(clean, MAX_TEXT);
    BUF(clean_right, MAX_TEXT);
    text_emit_terminal(&clean, left);
    text_emit_terminal(&clean_right, right);
    right = text_clip(buf_slice(&clean_right), slip->columns);
    struct str line = all_but_last(slip, indent, buf_slice(&clean));
    int used = indent + text_width(line), wanted = text_width(right);
    blanks(slip->out, indent);
    buf_str(slip->out, line);
    if (right.len > 0 && used + 1 + wanted > slip->columns) {
        buf_putc(slip->out, '\n');
        used = 0;
    }
    if (right.len > 0)
        blanks(slip->out, slip->columns - used - wanted);
    buf_str(slip->out, right);
    buf_putc(slip->out, '\n');
}

void slip_text(struct slip *slip, struct str text)
{
    slip_pair(slip, 0, text, STR(""));
}

void slip_money(struct slip *slip, const char *label, int64_t vnd)
{
    BUF(amount, 64);
    money_render(&amount, vnd);
    slip_pair(slip, 0, str_of(label), buf_slice(&amount));
}

void slip_count(struct slip *slip, const char *label, int64_t n)
{
    BUF(number, 32);
    buf_int(&number, n);
    slip_pair(slip, 0, str_of(label), buf_slice(&number));
}

void slip_rule(struct slip *slip, char c)
{
    for (int i = 0; i < slip->columns; i++)
        buf_putc(slip->out, c);
    buf_putc(slip->out, '\n');
}
