/*
 * grid.c - cells, and texts laid into them.
 *
 * Invariants: a cell holds one character with its marks, in NFC and harmless,
 * or is the right half ("") of the two-column character before it; a half
 * never stands alone. Nearly all text is plain (see below) and laid without
 * being copied: a whole screen is drawn anew at every key.
 */
#include "pos/term/grid.h"

#include <stdlib.h>
#include <string.h>

#include "fair/text.h"

/* Bytes of text that give at least one column. */
enum { ADVANCE_MAX = 12 };

/* One column each, harmless, in NFC whatever stands beside them. In order. */
static const struct {
    int32_t first, last;
} plain_codes[] = {
    { 0x0020, 0x007E }, /* ASCII */
    { 0x00B7, 0x00B7 }, /* · */
    { 0x00C0, 0x02AF }, /* Latin, without marks of its own: đ, ơ */
    { 0x1E00, 0x1EFF }, /* Latin with two marks: ệ, ử */
    { 0x2010, 0x2027 }, /* dashes, quotes, dots */
    { 0x20AB, 0x20AB }, /* ₫ */
    { 0x2190, 0x2193 }, /* arrows */
    { 0x2212, 0x2212 }, /* − */
    { 0x2500, 0x25A0 }, /* boxes and blocks */
    { 0x2605, 0x2606 }, /* stars */
    { 0x2713, 0x2718 }, /* ticks and crosses */
};

/* Text that may be shown as it is. */
struct shown {
    struct str s;
    bool plain; /* of plain codes only */
};

/* Some bytes of a text that go into one place. */
struct piece {
    const char *text;
    size_t len;
    int width; /* 1 or 2 columns */
};

/* The cells of one row from `col` up to `end`. */
struct span {
    struct cell *row;
    int cols; /* of the row */
    int col, end;
    uint8_t style;
};

/* Where a text is wrapped. */
struct area {
    int row, col, rows, columns;
    enum style style;
};

static const struct cell blank = { " ", STYLE_TEXT };

static bool is_ascii(char c)
{
    return (unsigned char)(c - ' ') <= '~' - ' ';
}

static bool is_plain(int32_t code)
{
    for (size_t i = 0; i < ARRAY_LEN(plain_codes); i++) {
        if (code <= plain_codes[i].last)
            return code >= plain_codes[i].first;
    }
    return false;
}

static bool is_more(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* How many bytes a plain code at the beginning has; 0: there is none. All have
 * three at most. */
static size_t plain_bytes(const char *text, size_t len)
{
    const unsigned char *b = (const unsigned char *)text;
    if (len > 0 && is_ascii(*text))
        return 1;
    if (len > 1 && b[0] >= 0xC2 && b[0] < 0xE0 && is_more(text[1]))
        return is_plain((b[0] & 0x1F) << 6 | (b[1] & 0x3F)) ? 2 : 0;
    if (len > 2 && b[0] > 0xE0 && b[0] < 0xF0 && is_more(text[1]) &&
        is_more(text[2]) &&
        is_plain((b[0] & 0xF) << 12 | (b[1] & 0x3F) << 6 | (b[2] & 0x3F)))
        return 3;
    return 0;
}

static bool is_all_plain(struct str s)
{
    size_t pos = 0, n = 1;
    for (; pos < s.len && n > 0; pos += n)
        n = plain_bytes(s.data + pos, s.len - pos);
    return n > 0;
}

/* The text as it may be shown, as far as `columns` can show it; in `room`
 * unless it is plain already. */
static struct shown harmless(struct str s, int columns, struct buf *room)
{
    size_t most = ((size_t)columns + 1) * ADVANCE_MAX;
    if (s.len > most)
        s.len = most;
    if (is_all_plain(s))
        return (struct shown){ s, true };
    BUF(emitted, MAX_TEXT);
    text_emit_terminal(&emitted, s);
    if (text_nfc(room, buf_slice(&emitted)))
        buf_str(room, buf_slice(&emitted));
    return (struct shown){ buf_slice(room), false };
}

/* A character that is not plain, and marks, as long as they have no column of
 * their own. */
static void gather(struct str s, size_t *pos, struct piece *out)
{
    size_t start = *pos;
    utf8_next(s, pos);
    out->len = *pos - start;
    out->width = text_width((struct str){ out->text, out->len });
    for (size_t next = *pos; next < s.len; *pos = next) {
        utf8_next(s, &next);
        if (text_width((struct str){ s.data + *pos, next - *pos }) > 0)
            break;
        if (next - start < CELL_BYTES)
            out->len = next - start;
    }
}

/* Plain text says by its lead bytes how long its characters are. */
static size_t lead_bytes(char c)
{
    unsigned char lead = (unsigned char)c;
    return lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : 3;
}

/* The next character and its marks; false at the end. */
static bool next_piece(const struct shown *text, size_t *pos, struct piece *out)
{
    struct str s = text->s;
    if (*pos >= s.len)
        return false;
    *out = (struct piece){ s.data + *pos, lead_bytes(s.data[*pos]), 1 };
    if (text->plain)
        *pos += out->len;
    else
        gather(s, pos, out);
    return true;
}

static int width_of(const struct shown *text)
{
    size_t pos = 0;
    struct piece piece;
    int width = 0;
    while (next_piece(text, &pos, &piece))
        width += piece.width;
    return width;
}

static struct span span_of(const struct grid *grid, int row, int col, int end,
                           enum style style)
{
    ASSERT(row >= 0 && row < grid->rows);
    return (struct span){ .row = grid->cells + (ptrdiff_t)row * grid->cols,
                          .cols = grid->cols,
                          .col = col,
                          .end = end < grid->cols ? end : grid->cols,
                          .style = (uint8_t)style };
}

static struct cell cell_of(const char *text, size_t len, uint8_t style)
{
    struct cell cell = { .style = style };
    for (size_t i = 0; i < len; i++)
        cell.text[i] = text[i];
    return cell;
}

/* A two-column character of which this cell is the right half, and one half
 * of which is lost, leaves blanks. */
static void part(const struct span *to, int col, int lost)
{
    if (col > 0 && col < to->cols && to->row[col].text[0] == '\0')
        memcpy(to->row[lost].text, blank.text, sizeof(blank.text));
}

static void put_piece(struct span *to, const struct piece *piece)
{
    struct cell *cell = to->row + to->col;
    *cell = cell_of(piece->text, piece->len, to->style);
    if (piece->width == 2)
        cell[1] = cell_of("", 0, to->style);
    to->col += piece->width;
}

static bool lay_plain(struct span *to, struct str s)
{
    size_t pos = 0;
    for (; pos < s.len && to->col < 0; to->col++)
        pos += lead_bytes(s.data[pos]);
    for (; pos < s.len && to->col < to->end; to->col++) {
        const char *from = s.data + pos;
        size_t len = lead_bytes(*from);
        struct cell *cell = to->row + to->col;
        /* A length the compiler knows makes this a few moves. */
        if (len == 1)
            *cell = cell_of(from, 1, to->style);
        else if (len == 2)
            *cell = cell_of(from, 2, to->style);
        else
            *cell = cell_of(from, 3, to->style);
        pos += len;
    }
    return pos >= s.len;
}

static bool lay_pieces(struct span *to, const struct shown *text)
{
    size_t pos = 0;
    struct piece piece;
    while (next_piece(text, &pos, &piece)) {
        if (to->col + piece.width > to->end)
            return false;
        if (to->col < 0)
            to->col += piece.width;
        else if (piece.width > 0)
            put_piece(to, &piece);
    }
    return true;
}

/* Lays text from to->col on, which moves; what lies before the row is passed
 * over. True when all of it fitted. */
static bool lay(struct span *to, const struct shown *text)
{
    int first = to->col > 0 ? to->col : 0;
    if (text->s.len > 0 && first < to->end)
        part(to, first, first - 1);
    bool whole = text->plain ? lay_plain(to, text->s) : lay_pieces(to, text);
    part(to, to->col, to->col);
    return whole;
}

static bool is_row(const struct grid *grid, int row)
{
    return row >= 0 && row < grid->rows;
}

static int at_most(int n, int most)
{
    return n < most ? n : most;
}

static int within(int n, int most)
{
    return n < 1 ? 1 : at_most(n, most);
}

void grid_init(struct grid *grid, int rows, int cols)
{
    *grid = (struct grid){ 0 };
    grid_reset(grid, rows, cols);
}

void grid_done(struct grid *grid)
{
    free(grid->cells);
    *grid = (struct grid){ 0 };
}

void grid_reset(struct grid *grid, int rows, int cols)
{
    rows = within(rows, GRID_ROWS_MAX);
    cols = within(cols, GRID_COLS_MAX);
    size_t count = (size_t)rows * (size_t)cols;
    if (rows * cols != grid->rows * grid->cols)
        grid->cells = x_realloc(grid->cells, count * sizeof(*grid->cells));
    grid->rows = rows;
    grid->cols = cols;
    grid->cursor_row = grid->cursor_col = -1;
    for (int col = 0; col < cols; col++)
        grid->cells[col] = blank;
    for (int row = 1; row < rows; row++)
        memcpy(grid->cells + (ptrdiff_t)row * cols, grid->cells,
               (size_t)cols * sizeof(blank));
}

const struct cell *grid_at(const struct grid *grid, int row, int col)
{
    ASSERT(is_row(grid, row) && col >= 0 && col < grid->cols);
    return grid->cells + (ptrdiff_t)row * grid->cols + col;
}

int grid_put(struct grid *grid, int row, int col, enum style style,
             struct str text)
{
    if (!is_row(grid, row) || col >= grid->cols)
        return 0;
    BUF(room, MAX_TEXT);
    struct span to = span_of(grid, row, col, grid->cols, style);
    struct shown shown = harmless(text, grid->cols - col, &room);
    lay(&to, &shown);
    return to.col - col;
}

int grid_puts(struct grid *grid, int row, int col, enum style style,
              const char *text)
{
    return grid_put(grid, row, col, style, str_of(text));
}

/* Says in the last free cell that there is more. */
static void lay_more(struct span *to)
{
    static const struct piece more = { "…", sizeof("…") - 1, 1 };
    if (to->end <= 0)
        return;
    to->col = at_most(to->col, to->end - 1);
    part(to, to->col, to->col - 1);
    put_piece(to, &more);
    part(to, to->col, to->col);
}

// NOLINTNEXTLINE(readability-function-size): a place, a size, a text
void grid_field(struct grid *grid, int row, int col, int columns,
                enum style style, struct str text)
{
    if (!is_row(grid, row) || columns <= 0 || col >= grid->cols)
        return;
    BUF(room, MAX_TEXT);
    struct span to = span_of(grid, row, col, col + columns, style);
    struct shown shown = harmless(text, columns, &room);
    if (!lay(&to, &shown))
        lay_more(&to);
    grid_fill(grid, row, to.col, to.end - to.col, style, " ");
}

void grid_right(struct grid *grid, int row, int end, enum style style,
                struct str text)
{
    if (!is_row(grid, row))
        return;
    BUF(room, MAX_TEXT);
    struct shown shown = harmless(text, GRID_COLS_MAX, &room);
    struct span to = span_of(grid, row, end - width_of(&shown), end, style);
    lay(&to, &shown);
}

void grid_center(struct grid *grid, int row, enum style style, struct str text)
{
    if (!is_row(grid, row))
        return;
    BUF(room, MAX_TEXT);
    struct shown shown = harmless(text, grid->cols, &room);
    int left = grid->cols - width_of(&shown);
    struct span to =
        span_of(grid, row, left > 0 ? left / 2 : 0, grid->cols, style);
    lay(&to, &shown);
}

// NOLINTNEXTLINE(readability-function-size): a place, a size, a text
void grid_fill(struct grid *grid, int row, int col, int columns,
               enum style style, const char *glyph)
{
    if (!is_row(grid, row))
        return;
    struct span to = span_of(grid, row, col < 0 ? 0 : col,
                             at_most(col + columns, grid->cols), style);
    size_t len = strlen(glyph);
    ASSERT(len > 0 && len < CELL_BYTES);
    struct cell cell = cell_of(glyph, len, to.style);
    if (to.col < to.end)
        part(&to, to.col, to.col - 1);
    while (to.col < to.end)
        to.row[to.col++] = cell;
    part(&to, to.col, to.col);
}

/* How many bytes of harmless text go on one line, and in *rest where the next
 * line begins: behind a blank if there is one, else where it is full. */
static size_t line_length(const struct shown *text, int columns, size_t *rest)
{
    size_t pos = 0, from = 0, kept = 0;
    struct piece piece;
    int width = 0;
    for (; next_piece(text, &pos, &piece); from = pos) {
        bool space = piece.len == 1 && *piece.text == ' ';
        if (space) {
            kept = from;
            *rest = pos;
        }
        width += piece.width;
        if (width <= columns || space)
            continue;
        if (kept == 0)
            kept = *rest = from > 0 ? from : pos;
        return kept;
    }
    *rest = text->s.len;
    return text->s.len;
}

/* One paragraph on the rows of the area, `row` on; how many it took. `more`
 * tells whether another one follows. */
static int wrap_line(struct grid *grid, struct area area, struct str s,
                     bool more)
{
    BUF(room, MAX_TEXT);
    int taken = 0;
    struct shown left = harmless(s, area.rows * area.columns, &room);
    do {
        struct span to = span_of(grid, area.row + taken, area.col,
                                 area.col + area.columns, area.style);
        size_t rest;
        size_t len = line_length(&left, area.columns, &rest);
        lay(&to, &(struct shown){ { left.s.data, len }, left.plain });
        left.s = (struct str){ left.s.data + rest, left.s.len - rest };
        taken++;
        if (taken == area.rows && (left.s.len > 0 || more))
            lay_more(&to);
    } while (left.s.len > 0 && taken < area.rows);
    return taken;
}

// NOLINTNEXTLINE(readability-function-size): a place, a size, a text
int grid_wrap(struct grid *grid, int row, int col, int columns, int rows,
              enum style style, struct str text)
{
    struct area area = { row, col, at_most(rows, grid->rows - row),
                         at_most(columns, grid->cols - col), style };
    if (row < 0 || col < 0 || area.rows <= 0 || area.columns <= 0)
        return 0;
    while (text.len > 0 && area.rows > 0) {
        const char *newline = memchr(text.data, '\n', text.len);
        size_t len = newline ? (size_t)(newline - text.data) : text.len;
        struct str line = { text.data, len };
        len += newline ? 1 : 0;
        text = (struct str){ text.data + len, text.len - len };
        int taken = wrap_line(grid, area, line, text.len > 0);
        area.row += taken;
        area.rows -= taken;
    }
    return area.row - row;
}

void grid_picture(const struct grid *grid, struct buf *out)
{
    for (int row = 0; row < grid->rows; row++) {
        int end = grid->cols;
        while (end > 0 && strcmp(grid_at(grid, row, end - 1)->text, " ") == 0)
            end--;
        for (int col = 0; col < end; col++)
            buf_puts(out, grid_at(grid, row, col)->text);
        buf_putc(out, '\n');
    }
}

void grid_styles(const struct grid *grid, struct buf *out)
{
    static const char letters[] = {
        [STYLE_TEXT] = '.',  [STYLE_DIM] = 'd',     [STYLE_BAR] = 'b',
        [STYLE_KEY] = 'k',   [STYLE_HEADING] = 'h', [STYLE_SELECTED] = 's',
        [STYLE_ENTRY] = 'e', [STYLE_TOTAL] = 't',   [STYLE_GOOD] = 'g',
        [STYLE_WARN] = 'w',  [STYLE_ERROR] = '!',   [STYLE_QR] = 'q',
    };
    _Static_assert(ARRAY_LEN(letters) == STYLE_COUNT, "a letter each");
    for (int row = 0; row < grid->rows; row++) {
        int end = grid->cols;
        while (end > 0 && grid_at(grid, row, end - 1)->style == STYLE_TEXT)
            end--;
        for (int col = 0; col < end; col++)
            buf_putc(out, letters[grid_at(grid, row, col)->style]);
        buf_putc(out, '\n');
    }
}
