/*
 * journal.c - one line an event, written at once and whole.
 */
#include "journal.h"

#include <string.h>
#include <unistd.h>

#include "fair/text.h"

enum { VALUE_MOST = 1024 }; /* bytes: the end of its line has room, always */

static struct {
    void (*take)(void *ctx, struct str line);
    void *ctx;
} sink;

void journal_to(void (*take)(void *ctx, struct str line), void *ctx)
{
    sink.take = take;
    sink.ctx = ctx;
}

/* A value that would end early, or look like the next field, is quoted. */
static bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (strchr(" =\"\\", s.data[i]))
            return false;
    }
    return s.len > 0;
}

static void put_quoted(struct buf *out, struct str s)
{
    buf_putc(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '"' || s.data[i] == '\\')
            buf_putc(out, '\\');
        buf_putc(out, s.data[i]);
    }
    buf_putc(out, '"');
}

static void put_text(struct buf *out, const char *text)
{
    struct str s = str_of(text);
    bool cut = s.len > VALUE_MOST;
    BUF(clean, MAX_TEXT);

    s.len = cut ? VALUE_MOST : s.len;
    text_emit_terminal(&clean, s);
    buf_puts(&clean, cut ? "…" : "");
    if (is_plain(buf_slice(&clean)))
        buf_str(out, buf_slice(&clean));
    else
        put_quoted(out, buf_slice(&clean));
}

/* One write a line, so that lines of several threads do not mix. That nobody
 * reads them any more stops nothing. */
static void write_out(struct str line)
{
    if (sink.take) {
        sink.take(sink.ctx, line);
        return;
    }
    ssize_t n = write(STDERR_FILENO, line.data, line.len);
    (void)n;
}

void journal(enum severity severity, const char *event,
             const struct journal_field *fields)
{
    BUF(line, MAX_TEXT);

    buf_printf(&line, "<%d>event=%s", (int)severity, event);
    for (; fields->name; fields++) {
        buf_putc(&line, ' ');
        buf_puts(&line, fields->name);
        buf_putc(&line, '=');
        if (fields->text)
            put_text(&line, fields->text);
        else
            buf_int(&line, fields->n);
    }
    buf_putc(&line, '\n');
    write_out(buf_slice(&line));
}
