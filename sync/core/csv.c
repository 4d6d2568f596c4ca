/*
 * csv.c - reading CSV, strictly.
 *
 * Strict because a file that was read "somehow" sells at wrong prices: a
 * quote in the wrong place, a field too many, bytes that are not UTF-8 or a
 * column we do not know reject the file. All faults are reported, not only the
 * first, as far as a row can still be told from the next. Lines without any
 * character are passed over. It does not trim, normalise or judge values.
 */
#include "fair/csv.h"

#include <stdlib.h>
#include <string.h>

#include "fair/i18n.h"
#include "fair/text.h"

enum { MAX_LISTED = 100, MAX_WHY = 4096, MAX_SHOWN_COLUMNS = 40, ABSENT = -1 };

/* A field inside reader.text, by place because the text may move. */
struct span {
    size_t start, len;
};

struct reader {
    struct str rest; /* not yet read */
    int line;        /* number of its first line */
    struct str raw;  /* the row just read, as in the file */
    int first;       /* number of that row's first line */
    struct buf text; /* the row's fields, unquoted, one after the other */
    struct span *fields;
    size_t n, room;
    const struct csv_column *columns;
    size_t n_columns;
    int *place; /* of each column in a row, or ABSENT */
    size_t n_header;
    struct str *values; /* what `take` sees */
    struct buf *errors;
    int64_t faults;
};

/* ---- faults ---- */

__attribute__((format(printf, 3, 4))) static void fault(struct reader *r,
                                                        int line,
                                                        const char *fmt, ...)
{
    BUF(what, MAX_WHY);
    va_list args;
    if (r->faults++ >= MAX_LISTED)
        return;
    va_start(args, fmt);
    buf_vprintf(&what, fmt, args);
    va_end(args);
    buf_printf(r->errors, _("line %d: "), line);
    text_emit_terminal(r->errors, buf_slice(&what));
    buf_putc(r->errors, '\n');
}

/* ---- one row ---- */

static int peek(const struct reader *r)
{
    return r->rest.len > 0 ? (unsigned char)r->rest.data[0] : -1;
}

static int next(struct reader *r)
{
    int c = peek(r);
    if (c >= 0) {
        r->rest.data++;
        r->rest.len--;
        r->line += c == '\n';
    }
    return c;
}

static void field_add(struct reader *r, size_t start)
{
    if (r->n == r->room) {
        r->room = r->room ? 2 * r->room : 16;
        r->fields = x_realloc(r->fields, r->room * sizeof(*r->fields));
    }
    r->fields[r->n++] = (struct span){ start, r->text.len - start };
}

/* After a field's opening quote, up to and over the closing one. */
static const char *quoted_read(struct reader *r)
{
    for (;;) {
        int c = next(r);
        if (c < 0)
            return N_("a quote is opened and not closed");
        if (c == '"' && peek(r) != '"')
            return NULL;
        if (c == '"')
            next(r);
        buf_putc(&r->text, (char)c);
    }
}

static bool at_line_end(const struct reader *r)
{
    int c = peek(r);
    return c < 0 || c == '\n' ||
           (c == '\r' && r->rest.len > 1 && r->rest.data[1] == '\n');
}

static const char *plain_read(struct reader *r)
{
    while (!at_line_end(r) && peek(r) != ',') {
        int c = next(r);
        if (c == '"')
            return N_("a quote stands inside a field without quotes");
        if (c == '\r')
            return N_("a carriage return stands alone");
        buf_putc(&r->text, (char)c);
    }
    return NULL;
}

static const char *field_read(struct reader *r)
{
    size_t start = r->text.len;
    const char *wrong;
    if (peek(r) == '"') {
        next(r);
        wrong = quoted_read(r);
    } else {
        wrong = plain_read(r);
    }
    if (wrong)
        return wrong;
    if (!at_line_end(r) && peek(r) != ',')
        return N_("text follows a closing quote");
    field_add(r, start);
    return NULL;
}

static void line_end_skip(struct reader *r)
{
    while (!at_line_end(r))
        next(r);
    if (peek(r) == '\r')
        next(r);
    next(r);
}

/* Reads the next row into `fields`; false when it is broken, which is then
 * reported. The next row begins after the line where it broke. */
static bool row_read(struct reader *r)
{
    const char *begin = r->rest.data;
    r->first = r->line;
    r->n = 0;
    buf_clear(&r->text);
    const char *wrong = field_read(r);
    while (!wrong && peek(r) == ',') {
        next(r);
        wrong = field_read(r);
    }
    r->raw = (struct str){ begin, (size_t)(r->rest.data - begin) };
    if (wrong)
        fault(r, r->first, "%s", _(wrong));
    line_end_skip(r);
    return !wrong;
}

static struct str field(const struct reader *r, size_t i)
{
    return (struct str){ buf_text(&r->text) + r->fields[i].start,
                         r->fields[i].len };
}

/* Passes over lines without a character; false at the end of the text. */
static bool more_rows(struct reader *r)
{
    while (r->rest.len > 0 && at_line_end(r))
        line_end_skip(r);
    return r->rest.len > 0;
}

/* Bytes that are no text, each with the line they are in. */
static bool bytes_check(struct reader *r)
{
    int64_t before = r->faults;
    struct str rest = r->raw;
    for (int line = r->first; rest.len > 0; line++) {
        const char *end = memchr(rest.data, '\n', rest.len);
        size_t len = end ? (size_t)(end - rest.data) : rest.len;
        if (memchr(rest.data, '\0', len))
            fault(r, line, "%s",
                  _("a NUL byte; in Excel save as \"CSV UTF-8\""));
        else if (!utf8_valid((struct str){ rest.data, len }))
            fault(r, line, "%s",
                  _("not UTF-8; in Excel save as \"CSV UTF-8\""));
        size_t taken = len + (end ? 1 : 0);
        rest.data += taken;
        rest.len -= taken;
    }
    return r->faults == before;
}

/* ---- the header ---- */

static void column_place(struct reader *r, int at)
{
    struct str name = field(r, (size_t)at);
    struct str shown = text_clip(name, MAX_SHOWN_COLUMNS);
    size_t i = 0;
    while (i < r->n_columns && !str_is(name, r->columns[i].name))
        i++;
    if (i == r->n_columns)
        fault(r, r->first, _("unknown column \"%.*s\""), (int)shown.len,
              shown.data);
    else if (r->place[i] != ABSENT)
        fault(r, r->first, _("column \"%s\" stands there twice"),
              r->columns[i].name);
    else
        r->place[i] = at;
}

/* Spreadsheets in Vietnamese save with semicolons and still say "CSV". */
static bool has_semicolons(const struct reader *r)
{
    struct str name = field(r, 0);
    return r->n == 1 && memchr(name.data, ';', name.len);
}

static void header_read(struct reader *r)
{
    if (!more_rows(r)) {
        fault(r, 1, "%s", _("the line with the column names is missing"));
        return;
    }
    if (!row_read(r) || !bytes_check(r))
        return;
    if (has_semicolons(r)) {
        fault(r, r->first, "%s",
              _("the columns are separated by semicolons; use commas "
                "(Windows: set the list separator)"));
        return;
    }
    r->n_header = r->n;
    for (size_t at = 0; at < r->n; at++)
        column_place(r, (int)at);
    for (size_t i = 0; i < r->n_columns; i++) {
        if (r->columns[i].required && r->place[i] == ABSENT)
            fault(r, r->first, _("column \"%s\" is missing"),
                  r->columns[i].name);
    }
}

/* ---- the rows ---- */

/* Fills `values`; false when the row cannot be given to anybody. */
static bool row_check(struct reader *r)
{
    if (r->n != r->n_header) {
        fault(r, r->first, _("%zu fields, but %zu columns"), r->n, r->n_header);
        return false;
    }
    if (!bytes_check(r))
        return false;
    bool whole = true;
    for (size_t i = 0; i < r->n_columns; i++) {
        int at = r->place[i];
        r->values[i] = at == ABSENT ? STR("") : field(r, (size_t)at);
        if (r->columns[i].required && r->values[i].len == 0) {
            fault(r, r->first, _("%s is empty"), r->columns[i].name);
            whole = false;
        }
    }
    return whole;
}

static enum err rows_read(struct reader *r,
                          enum err (*take)(void *ctx, const struct csv_row *row,
                                           struct buf *why),
                          void *ctx)
{
    while (more_rows(r)) {
        if (!row_read(r) || !row_check(r))
            continue;
        BUF(why, MAX_WHY);
        struct csv_row row = { .line = r->first, .fields = r->values };
        enum err e = take(ctx, &row, &why);
        if (e == ERR_INVALID)
            fault(r, row.line, "%s", buf_text(&why));
        else if (e != ERR_OK)
            return e;
    }
    return ERR_OK;
}

static void reader_done(struct reader *r)
{
    buf_done(&r->text);
    free(r->fields);
    free(r->place);
    free(r->values);
}

enum err csv_read(struct str text, const struct csv_column *columns,
                  enum err (*take)(void *ctx, const struct csv_row *row,
                                   struct buf *why),
                  void *ctx, struct buf *errors)
{
    static const char bom[] = "\xEF\xBB\xBF";
    ASSERT(columns[0].name);
    if (text.len > MAX_CSV)
        return ERR_LIMIT;
    __attribute__((cleanup(reader_done))) struct reader r = {
        .rest = text, .line = 1, .columns = columns, .errors = errors
    };
    buf_init(&r.text, MAX_CSV);
    while (columns[r.n_columns].name)
        r.n_columns++;
    r.place = x_alloc(r.n_columns * sizeof(*r.place));
    r.values = x_alloc(r.n_columns * sizeof(*r.values));
    for (size_t i = 0; i < r.n_columns; i++)
        r.place[i] = ABSENT;
    if (text.len >= 3 && memcmp(text.data, bom, 3) == 0) {
        r.rest.data += 3;
        r.rest.len -= 3;
    }
    header_read(&r);
    enum err e = r.faults > 0 ? ERR_OK : rows_read(&r, take, ctx);
    if (r.faults > MAX_LISTED)
        buf_printf(errors, _("and %lld more\n"),
                   (long long)(r.faults - MAX_LISTED));
    return e == ERR_OK && r.faults > 0 ? ERR_INVALID : e;
}
