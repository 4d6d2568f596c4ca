/*
 * html.c - escaping, once.
 *
 * What a browser could take for markup, what would reorder the text around it
 * and what is no text at all never leaves this file as itself. It knows
 * nothing of pages.
 */
#include "html.h"

#include "fair/text.h"

enum { REPLACEMENT = 0xFFFD };

/* Controls (but the line feed, which markup may hold anywhere), and what
 * changes the direction of the text around it or hides in it. */
static bool is_unfit(int32_t c)
{
    return (c < 0x20 && c != '\n') || (c >= 0x7f && c < 0xa0) || c == 0x61c ||
           c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069) || (c >= 0xe0000 && c <= 0xe007f);
}

static const char *entity_of(int32_t c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

void html_text(struct buf *out, struct str text)
{
    size_t pos = 0;

    for (int32_t c; (c = utf8_next(text, &pos)) >= 0;) {
        const char *entity = entity_of(c);

        if (entity)
            buf_puts(out, entity);
        else
            utf8_put(out, is_unfit(c) ? REPLACEMENT : c);
    }
}

void html_puts(struct buf *out, const char *text)
{
    html_text(out, str_of(text));
}

void html_name(struct buf *out, struct str name)
{
    buf_puts(out, "<bdi>");
    html_text(out, name);
    buf_puts(out, "</bdi>");
}

void html_put(struct buf *out, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    for (const char *at = format; *at != '\0'; at++) {
        if (*at != '%') {
            buf_putc(out, *at);
            continue;
        }
        at++;
        if (*at == 's')
            html_puts(out, va_arg(args, const char *));
        else if (*at == 'd')
            buf_int(out, va_arg(args, int64_t));
        else if (*at == 'm')
            buf_puts(out, va_arg(args, const char *));
        else {
            ASSERT(*at == '%');
            buf_putc(out, '%');
        }
    }
    va_end(args);
}
