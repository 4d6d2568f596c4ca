/*
 * json.c - JSON for people's tools, written member by member.
 *
 * Promise: as long as every object and array that was begun is ended, the
 * result is one valid document, whatever the strings hold. It does not check
 * that member names differ, and it reads nothing.
 */
#include "fair/json.h"

#include "fair/date.h"
#include "fair/money.h"
#include "fair/text.h"

static void put_string(struct buf *out, struct str s)
{
    buf_putc(out, '"');
    text_emit_json(out, s);
    buf_putc(out, '"');
}

/* What stands before a value: the comma and the name. */
static void lead(struct json *j, const char *name)
{
    if (j->comma)
        buf_putc(j->out, ',');
    j->comma = true;
    if (name) {
        put_string(j->out, str_of(name));
        buf_putc(j->out, ':');
    }
}

static void open_with(struct json *j, const char *name, char c)
{
    lead(j, name);
    buf_putc(j->out, c);
    j->depth++;
    j->comma = false;
}

static void close_with(struct json *j, char c)
{
    ASSERT(j->depth > 0);
    buf_putc(j->out, c);
    j->depth--;
    j->comma = true;
}

void json_begin(struct json *j, struct buf *out)
{
    *j = (struct json){ .out = out };
}

void json_object(struct json *j, const char *name)
{
    open_with(j, name, '{');
}

void json_array(struct json *j, const char *name)
{
    open_with(j, name, '[');
}

void json_end_object(struct json *j)
{
    close_with(j, '}');
}

void json_end_array(struct json *j)
{
    close_with(j, ']');
}

void json_int(struct json *j, const char *name, int64_t n)
{
    lead(j, name);
    buf_int(j->out, n);
}

void json_str(struct json *j, const char *name, struct str s)
{
    lead(j, name);
    put_string(j->out, s);
}

void json_text(struct json *j, const char *name, const char *s)
{
    if (s)
        json_str(j, name, str_of(s));
    else
        json_null(j, name);
}

void json_bool(struct json *j, const char *name, bool b)
{
    lead(j, name);
    buf_puts(j->out, b ? "true" : "false");
}

void json_null(struct json *j, const char *name)
{
    lead(j, name);
    buf_puts(j->out, "null");
}

void json_hundredths(struct json *j, const char *name, int64_t hundredths)
{
    lead(j, name);
    hundredths_json(j->out, hundredths);
}

void json_day(struct json *j, const char *name, int day)
{
    if (day == 0) {
        json_null(j, name);
        return;
    }
    lead(j, name);
    buf_putc(j->out, '"');
    day_render(j->out, day);
    buf_putc(j->out, '"');
}

void json_time(struct json *j, const char *name, int64_t ms)
{
    if (ms == 0) {
        json_null(j, name);
        return;
    }
    lead(j, name);
    buf_putc(j->out, '"');
    time_render(j->out, ms);
    buf_putc(j->out, '"');
}

void json_members(struct json *j, struct str printed)
{
    if (printed.len == 0)
        return;
    lead(j, NULL);
    buf_str(j->out, printed);
}

void json_hex(struct json *j, const char *name, const void *bytes, size_t n)
{
    lead(j, name);
    buf_putc(j->out, '"');
    buf_hex(j->out, bytes, n);
    buf_putc(j->out, '"');
}

void json_finish(struct json *j)
{
    ASSERT(j->depth == 0);
    buf_putc(j->out, '\n');
}
