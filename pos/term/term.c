/*
 * term.c - the terminal by ncurses, for output only.
 *
 * Promises: what is on the screen is the grid drawn last, whatever its size;
 * only cells that changed reach ncurses, which sends only what the terminal
 * has not. Bytes are read and decoded here and in keys.c: ncurses neither
 * waits for input nor looks at it.
 *
 * Time in which nobody waits here (the till writes to the disk, or draws)
 * does not count between two bytes: see keys_pause(). What came in that time
 * is said to have come at its beginning, before anything new was seen; what
 * comes behind a frame is later than all that came before it.
 */
#define _GNU_SOURCE
#define NCURSES_NOMACROS
#include "pos/term/term.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/text.h"
#include "pos/term/tty.h"

#define MOUSE_ON  "\x1b[?1000h\x1b[?1006h"
#define MOUSE_OFF "\x1b[?1006l\x1b[?1000l"

enum { MODES_MAX = 256, CTRL_C = 3 };

struct term {
    SCREEN *screen;
    struct keys *keys;
    struct termios working;
    struct buf modes_on; /* mouse, paste, number pad */
    enum theme theme;
    enum glyphs glyphs;
    attr_t attributes[STYLE_COUNT];
    short pairs[STYLE_COUNT];
    bool unseen[STYLE_COUNT]; /* a blank looks as in any other such style */
    struct grid shown, next;
    bool colours, own_colours, utf8;
    bool colours_tried, resized, gone;
    int64_t left_ms;  /* when the last term_wait, or frame, ended */
    int64_t drawn_ms; /* what comes behind the last frame is later than this */
    int64_t came_ms;  /* time given to the newest byte */
    int frame_fd;     /* -1: nobody counts frames */
    int64_t frames, presses;
};

/* ---- how it looks ---- */

static attr_t attributes_of(const struct look *look)
{
    static const struct {
        int ours;
        attr_t theirs;
    } names[] = { { LOOK_BOLD, A_BOLD },
                  { LOOK_REVERSE, A_REVERSE },
                  { LOOK_UNDERLINE, A_UNDERLINE },
                  { LOOK_DIM, A_DIM } };
    attr_t found = 0;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (look->attributes & names[i].ours)
            found |= names[i].theirs;
    }
    return found;
}

static void set_looks(struct term *t)
{
    enum theme theme = t->colours ? t->theme : THEME_MONO;
    for (int i = 0; i < STYLE_COUNT; i++) {
        const struct look *look = theme_look(theme, (enum style)i);
        int fg = look->fg < 0 && !t->own_colours ? COLOR_WHITE : look->fg;
        int bg = look->bg < 0 && !t->own_colours ? COLOR_BLACK : look->bg;
        bool own = look->fg < 0 && look->bg < 0;
        t->attributes[i] = attributes_of(look);
        t->unseen[i] = look->bg < 0 &&
                       !(look->attributes & (LOOK_REVERSE | LOOK_UNDERLINE));
        t->pairs[i] = (short)(t->colours && !own ? i + 1 : 0);
        if (t->pairs[i] > 0)
            init_pair(t->pairs[i], (short)fg, (short)bg);
    }
}

/* Nothing about colours is sent before something has one: a theme, or a QR
 * code, which has its own in every theme. */
static void want_colours(struct term *t)
{
    if (t->colours_tried)
        return;
    t->colours_tried = true;
    t->colours = has_colors() && start_color() == OK;
    t->own_colours = t->colours && use_default_colors() == OK;
    set_looks(t);
}

/* Every cell is to be painted, whatever it shows. */
static void distrust(struct term *t)
{
    int count = t->shown.rows * t->shown.cols;
    for (int i = 0; i < count; i++)
        t->shown.cells[i].text[0] = '\xff';
    clearok(curscr, TRUE);
}

/* Takes the terminal's size; a terminal that has none keeps what it had. */
static void fit(struct term *t)
{
    struct winsize size = { 0 };
    int rows = LINES, cols = COLS;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 &&
        size.ws_col > 0) {
        rows = size.ws_row;
        cols = size.ws_col;
    }
    grid_reset(&t->shown, rows, cols);
    resize_term(t->shown.rows, t->shown.cols);
    distrust(t);
}

/* ---- opening ---- */

static bool has_utf8(void)
{
    static const char *const names[] = { "", "C.UTF-8", "en_US.UTF-8" };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0)
            return true;
        setlocale(LC_CTYPE, names[i]);
    }
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* What the terminal calls this; "" when it has none. */
static const char *sequence(const char *name)
{
    const char *bytes = tigetstr(name);
    return bytes && bytes != (const char *)-1 ? bytes : "";
}

/* The first type that is known and can place the cursor. */
static const char *begin(struct term *t)
{
    const char *const types[] = { getenv("TERM"), "xterm-256color", "linux",
                                  "vt100" };
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (!types[i] || !*types[i])
            continue;
        t->screen = newterm(types[i], stdout, stdin);
        if (t->screen)
            return types[i];
    }
    return NULL;
}

static void set_modes(struct term *t, const char *type, bool mouse)
{
    BUF(leave, MODES_MAX);
    bool console = strncmp(type, "linux", strlen("linux")) == 0;
    buf_init(&t->modes_on, MODES_MAX);
    if (mouse && *sequence("kmous"))
        buf_puts(&t->modes_on, MOUSE_ON);
    buf_puts(&t->modes_on, sequence("BE"));
    /* The pad of a Linux console gives digits without NumLock only so. */
    buf_puts(&t->modes_on, console ? "\x1b=" : sequence("smkx"));
    buf_puts(&leave, sequence("sgr0"));
    buf_puts(&leave, t->colours ? sequence("op") : "");
    if (mouse && *sequence("kmous"))
        buf_puts(&leave, MOUSE_OFF);
    buf_puts(&leave, sequence("BD"));
    buf_puts(&leave, console ? "\x1b>" : sequence("rmkx"));
    buf_puts(&leave, sequence("cnorm"));
    buf_puts(&leave, sequence("rmcup"));
    ASSERT(buf_ok(&leave) && buf_ok(&t->modes_on));
    tty_leave_with(buf_text(&leave));
    tty_write(buf_text(&t->modes_on));
    if (console)
        keys_console_pad(t->keys);
}

/* Only a pipe counts: a number that happens to be a file of ours must not
 * have anything written to it. */
static int frame_descriptor(void)
{
    const char *text = getenv("FAIR_FRAME_FD");
    struct stat what;
    char *end;
    if (!text || !*text)
        return -1;
    long fd = strtol(text, &end, 10);
    if (*end || fd <= STDERR_FILENO || fd > INT16_MAX ||
        fstat((int)fd, &what) != 0 || !S_ISFIFO(what.st_mode))
        return -1;
    fcntl((int)fd, F_SETFD, FD_CLOEXEC);
    return (int)fd;
}

static void set_up(struct term *t, const struct term_options *options,
                   const char *type)
{
    raw();
    noecho();
    nonl();
    typeahead(-1); /* a frame is sent whole, whatever is typed meanwhile */
    tcgetattr(STDIN_FILENO, &t->working);
    t->keys = keys_open(&options->keys);
    t->left_ms = env_mono_ms();
    t->frame_fd = frame_descriptor();
    grid_init(&t->shown, 1, 1);
    grid_init(&t->next, 1, 1);
    fit(t);
    term_restyle(t, options->theme, options->glyphs);
    set_modes(t, type, options->mouse);
}

enum err term_open(const struct term_options *options, struct buf *why,
                   struct term **out)
{
    const char *wanted = getenv("TERM");
    if (!isatty(STDIN_FILENO) || !tty_open()) {
        buf_puts(why, _("standard input and output are no terminal"));
        return ERR_IO;
    }
    struct term *t = x_alloc(sizeof(*t));
    t->utf8 = has_utf8();
    const char *type = begin(t);
    if (!type || !*sequence("cup")) {
        buf_printf(why, _("a terminal of type \"%s\" cannot show screens"),
                   wanted ? wanted : "");
        if (t->screen)
            endwin();
        if (t->screen)
            delscreen(t->screen);
        free(t);
        tty_close();
        return ERR_IO;
    }
    if (!wanted || strcmp(type, wanted) != 0)
        buf_printf(why, _("terminal type \"%s\" is not known, %s is taken"),
                   wanted ? wanted : "", type);
    set_up(t, options, type);
    *out = t;
    return ERR_OK;
}

void term_close(struct term *t)
{
    if (!t)
        return;
    endwin();
    tty_close();
    delscreen(t->screen);
    keys_close(t->keys);
    grid_done(&t->shown);
    grid_done(&t->next);
    buf_done(&t->modes_on);
    free(t);
}

/* ---- drawing ---- */

void term_size(const struct term *t, int *rows, int *cols)
{
    *rows = t->shown.rows;
    *cols = t->shown.cols;
}

static bool is_unseen_blank(const struct term *t, const struct cell *cell)
{
    return t->unseen[cell->style] && strcmp(cell->text, " ") == 0;
}

/* Blanks between two pieces of the same style become of it, where changing it
 * twice would take more bytes than they do. */
static void join_gaps(const struct term *t, struct cell *row, int cols)
{
    enum { GAP_MAX = 8 };
    for (int col = 1, from = 0; col < cols; col++) {
        if (is_unseen_blank(t, row + col))
            continue;
        uint8_t style = row[col].style;
        if (col - from <= GAP_MAX && row[from].style == style &&
            t->unseen[style]) {
            for (int gap = from + 1; gap < col; gap++)
                row[gap].style = style;
        }
        from = col;
    }
}

/* The grid as far as it fits, as the font can show it. */
static void take(struct term *t, const struct grid *grid)
{
    struct grid *next = &t->next;
    grid_reset(next, t->shown.rows, t->shown.cols);
    int rows = grid->rows < next->rows ? grid->rows : next->rows;
    int cols = grid->cols < next->cols ? grid->cols : next->cols;
    for (int row = 0; row < rows; row++) {
        memcpy(next->cells + (ptrdiff_t)row * next->cols,
               grid->cells + (ptrdiff_t)row * grid->cols,
               (size_t)cols * sizeof(*next->cells));
    }
    next->cursor_row = grid->cursor_row;
    next->cursor_col = grid->cursor_col;
    glyphs_fit(next, t->utf8 ? t->glyphs : GLYPHS_ASCII);
    for (int row = 0; row < next->rows; row++)
        join_gaps(t, next->cells + (ptrdiff_t)row * next->cols, next->cols);
}

/* What ncurses shows for a cell. A character the C library knows another width
 * of would shift the row. */
static void dress(struct term *t, const struct cell *cell, int width,
                  cchar_t *out)
{
    if (cell->style == STYLE_QR)
        want_colours(t);
    wchar_t text[CCHARW_MAX + 1] = { (unsigned char)cell->text[0] };
    if (cell->text[0] & 0x80 || cell->text[1]) {
        struct str s = str_of(cell->text);
        size_t pos = 0;
        for (int i = 0; i < CCHARW_MAX && pos < s.len; i++)
            text[i] = (wchar_t)utf8_next(s, &pos);
        if (!t->utf8 || wcwidth(text[0]) != width)
            memcpy(text, L"?", sizeof(L"?"));
    }
    setcchar(out, text, t->attributes[cell->style], t->pairs[cell->style],
             NULL);
}

static bool is_same(const struct cell *a, const struct cell *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

/* Hands over runs of changed cells; the right half of a wide character is
 * part of the left one. */
static void paint_row(struct term *t, int row)
{
    int cols = t->next.cols;
    struct cell *was = t->shown.cells + (ptrdiff_t)row * cols;
    const struct cell *is = t->next.cells + (ptrdiff_t)row * cols;
    cchar_t run[GRID_COLS_MAX];
    for (int col = 0, end; col < cols; col = end + 1) {
        int n = 0, from = col;
        for (end = col; end < cols && !is_same(was + end, is + end); end++) {
            bool wide = end + 1 < cols && is[end + 1].text[0] == '\0';
            from = n == 0 ? end : from;
            if (is[end].text[0] != '\0')
                dress(t, is + end, wide ? 2 : 1, run + n++);
            was[end] = is[end];
        }
        if (n > 0)
            mvadd_wchnstr(row, from, run, n);
    }
}

static void place_cursor(const struct term *t)
{
    const struct grid *g = &t->next;
    bool seen = g->cursor_row >= 0 && g->cursor_row < g->rows &&
                g->cursor_col >= 0 && g->cursor_col < g->cols;
    curs_set(seen ? 1 : 0);
    if (seen)
        move(g->cursor_row, g->cursor_col);
}

/* Also in the terminal's own stream: behind it everything has arrived. An
 * unknown OSC sequence is nothing to a terminal. */
static void count_frame(struct term *t)
{
    enum { LINE_MAX_BYTES = 64 };
    BUF(line, LINE_MAX_BYTES);
    BUF(mark, LINE_MAX_BYTES);
    t->frames++;
    if (t->frame_fd < 0)
        return;
    buf_printf(&line, "%lld %lld\n", (long long)t->frames,
               (long long)t->presses);
    buf_printf(&mark, "\x1b]7777;%lld;%lld\x07", (long long)t->frames,
               (long long)t->presses);
    tty_write(buf_text(&mark));
    if (write(t->frame_fd, line.data, line.len) < 0)
        t->frame_fd = -1;
}

static bool is_readable(int fd)
{
    struct pollfd p = { .fd = fd, .events = POLLIN };
    return poll(&p, 1, 0) > 0;
}

static void read_bytes(struct term *t, int64_t came_ms)
{
    unsigned char bytes[4096];
    ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));
    if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
        t->gone = true;
    t->came_ms = came_ms > t->drawn_ms ? came_ms : t->drawn_ms + 1;
    for (ssize_t i = 0; i < n; i++)
        keys_feed(t->keys, bytes[i], t->came_ms);
}

/* The frame is out: whoever typed until now has not seen it. */
static void end_frame(struct term *t)
{
    if (is_readable(STDIN_FILENO))
        read_bytes(t, t->left_ms);
    int64_t now_ms = env_mono_ms();
    keys_pause(t->keys, now_ms - t->left_ms);
    t->left_ms = now_ms;
    t->drawn_ms = t->came_ms > now_ms ? t->came_ms : now_ms;
}

void term_draw(struct term *t, const struct grid *grid)
{
    take(t, grid);
    size_t row_bytes = (size_t)t->next.cols * sizeof(struct cell);
    for (int row = 0; row < t->next.rows; row++) {
        ptrdiff_t at = (ptrdiff_t)row * t->next.cols;
        if (memcmp(t->shown.cells + at, t->next.cells + at, row_bytes) != 0)
            paint_row(t, row);
    }
    place_cursor(t);
    wnoutrefresh(stdscr);
    doupdate();
    end_frame(t);
    count_frame(t);
}

void term_bell(struct term *t)
{
    (void)t;
    beep();
}

void term_restyle(struct term *t, enum theme theme, enum glyphs glyphs)
{
    t->theme = theme;
    t->glyphs = glyphs;
    if (theme != THEME_MONO)
        want_colours(t);
    set_looks(t);
    distrust(t);
}

/* ---- waiting ---- */

static void take_signals(struct term *t)
{
    int signals = tty_signals();
    if (signals & TTY_CONTINUED) {
        tcsetattr(STDIN_FILENO, TCSANOW, &t->working);
        tty_write(buf_text(&t->modes_on));
    }
    if (signals & (TTY_RESIZED | TTY_CONTINUED)) {
        fit(t);
        t->resized = true;
    }
    if (signals & TTY_ENDED)
        t->gone = true;
}

/* What is known without waiting, if anything. */
static bool next_event(struct term *t, struct press *out,
                       enum term_event *event)
{
    *event = TERM_KEY;
    if (t->resized) {
        t->resized = false;
        *out = (struct press){ .kind = K_RESIZE, .at_ms = env_mono_ms() };
        return true;
    }
    if (keys_next(t->keys, env_mono_ms(), out)) {
        t->presses++;
        return true;
    }
    *event = TERM_GONE;
    return t->gone;
}

/* Waits for bytes or a signal, no longer than until held keys are certain.
 * A late awakening is not the sender's: it counts as a pause. */
static void wait_once(struct term *t, int64_t until_ms)
{
    struct pollfd fds[] = { { .fd = STDIN_FILENO, .events = POLLIN },
                            { .fd = tty_fd(), .events = POLLIN } };
    int64_t from_ms = env_mono_ms();
    int64_t left_ms = until_ms > from_ms ? until_ms - from_ms : 0;
    int held_ms = keys_wait_ms(t->keys, from_ms);
    if (held_ms >= 0 && held_ms < left_ms)
        left_ms = held_ms;
    if (poll(fds, ARRAY_LEN(fds), (int)left_ms) <= 0)
        return;
    int64_t now_ms = env_mono_ms();
    int64_t certain_ms = from_ms + held_ms;
    if (held_ms > 0 && now_ms >= certain_ms && fds[0].revents)
        keys_pause(t->keys, now_ms - certain_ms + 1);
    if (fds[0].revents)
        read_bytes(t, now_ms);
    if (fds[1].revents)
        take_signals(t);
}

static enum term_event wait_for(struct term *t, int64_t until_ms,
                                struct press *out)
{
    enum term_event event;
    while (!next_event(t, out, &event)) {
        if (env_mono_ms() >= until_ms)
            return TERM_TIMEOUT;
        wait_once(t, until_ms);
    }
    return event;
}

enum term_event term_wait(struct term *t, int timeout_ms, struct press *out)
{
    ASSERT(timeout_ms >= 0);
    int64_t now_ms = env_mono_ms();
    if (is_readable(STDIN_FILENO))
        read_bytes(t, t->left_ms);
    keys_pause(t->keys, now_ms - t->left_ms);
    if (is_readable(tty_fd()))
        take_signals(t);
    enum term_event event = wait_for(t, now_ms + timeout_ms, out);
    t->left_ms = env_mono_ms();
    return event;
}
