/*
 * html.c - markup of ours with text of others in it.
 *
 * What is escaped and what never leaves as itself is said by text_emit_html().
 * It knows nothing of pages.
 */
#include "html.h"

#include <string.h>

#include "fair/text.h"

void html_text(struct buf *out, struct str text)
{
    while (text.len > 0) {
        const char *end = memchr(text.data, '\n', text.len);
        size_t len = end ? (size_t)(end - text.data) : text.len;

        text_emit_html(out, (struct str){ text.data, len });
        buf_puts(out, end ? "\n" : "");
        len += end != NULL;
        text = (struct str){ text.data + len, text.len - len };
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
