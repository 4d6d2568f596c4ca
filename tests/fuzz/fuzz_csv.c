/*
 * fuzz_csv.c - any bytes as a CSV file.
 *
 * Rules checked: nothing crashes; a row that is given out has valid UTF-8
 * without NUL, required fields that are not empty, and a line number that
 * grows; the list of faults is text for a terminal; and what was accepted
 * reads back the same when it is written again with text_emit_csv().
 */
#include <stdlib.h>
#include <string.h>

#include "fair/csv.h"
#include "fair/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { COLUMNS = 3, MAX_COPY = 1024 * 1024 };

static const struct csv_column columns[] = {
    { "a", true }, { "b", false }, { "c", false }, { NULL, false }
};

struct seen {
    int line;
    struct buf copy; /* header and rows written again, every field quoted */
};

static void quote(struct buf *out, struct str s)
{
    buf_putc(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '"')
            buf_putc(out, '"');
        buf_putc(out, s.data[i]);
    }
    buf_putc(out, '"');
}

static enum err take(void *ctx, const struct csv_row *row, struct buf *why)
{
    struct seen *seen = ctx;
    (void)why;
    ASSERT(row->line > seen->line);
    ASSERT(row->fields[0].len > 0);
    seen->line = row->line;
    for (int i = 0; i < COLUMNS; i++) {
        struct str s = row->fields[i];
        ASSERT(utf8_valid(s));
        ASSERT(s.len == 0 || !memchr(s.data, '\0', s.len));
        buf_puts(&seen->copy, i > 0 ? "," : "");
        quote(&seen->copy, s);
    }
    buf_puts(&seen->copy, "\r\n");
    return ERR_OK;
}

static enum err read_once(struct str text, struct buf *copy)
{
    struct seen seen = { 0 };
    BUF(errors, MAX_COPY);
    BUF(safe, MAX_COPY);
    buf_init(&seen.copy, copy->max);
    buf_puts(&seen.copy, "a,b,c\r\n");
    enum err e = csv_read(text, columns, take, &seen, &errors);
    ASSERT(e == ERR_OK || e == ERR_INVALID);
    ASSERT((e == ERR_OK) == (errors.len == 0));
    for (struct str rest = buf_slice(&errors); rest.len > 0;) {
        const char *end = memchr(rest.data, '\n', rest.len);
        ASSERT(end);
        struct str line = { rest.data, (size_t)(end - rest.data) };
        buf_clear(&safe);
        text_emit_terminal(&safe, line);
        ASSERT(str_eq(buf_slice(&safe), line));
        rest.data += line.len + 1;
        rest.len -= line.len + 1;
    }
    buf_str(copy, buf_slice(&seen.copy));
    buf_done(&seen.copy);
    return e;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = { (const char *)data, size };
    BUF(once, MAX_COPY);
    BUF(twice, MAX_COPY);
    enum err e = read_once(text, &once);
    if (e != ERR_OK || !buf_ok(&once))
        return 0;
    e = read_once(buf_slice(&once), &twice);
    ASSERT(e == ERR_OK);
    ASSERT(str_eq(buf_slice(&once), buf_slice(&twice)));
    return 0;
}
