/*
 * pty.c - see pty.h.
 *
 * A frame's end is told in the terminal's own stream (an OSC sequence, see
 * count_frame in term.c), because a pipe overtakes a pty: when the mark is
 * read, all that was drawn before it has been read too.
 */
#define _GNU_SOURCE
#include "pty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <vterm.h>

#include <cmocka.h>

#include "fair/env.h"
#include "fair/text.h"
#include "pos/term/keys.h"

enum { DEADLINE_MS = 20000, STEP_MS = 1000, MARK_MAX = 64 };
static const char mark_begins[] = "\x1b]7777;";

struct pty {
    int master; /* -1: hung up, or the program has gone… */
    int frames; /* …as this, the reading end of its FAIR_FRAME_FD */
    pid_t pid;  /* 0: it was waited for */
    int code;
    VTerm *vt;
    VTermScreen *screen;
    struct pty_state state;
    struct termios modes; /* of the line, when last seen */
    char mark[MARK_MAX];  /* as much of a mark as has come */
    size_t mark_len;
    long long frame, waited_frame, seen, expected;
    bool uncounted; /* it was not told to tell of frames */
    bool loose;     /* keys of an unknown number were sent */
    int pressed, bells;
    size_t bytes;
    size_t undone; /* pieces of a frame whose end has not come; no bells */
    struct buf *tap;
};

/* ---- the terminal ---- */

static void show(struct pty *p, const char *bytes, size_t n)
{
    if (n == 0)
        return;
    vterm_input_write(p->vt, bytes, n);
    p->bytes += n;
    p->undone += n > 1 || bytes[0] != '\a';
    if (p->tap)
        buf_put(p->tap, bytes, n);
}

static int on_property(VTermProp property, VTermValue *value, void *user)
{
    struct pty *p = user;
    if (property == VTERM_PROP_CURSORVISIBLE)
        p->state.cursor = value->boolean;
    else if (property == VTERM_PROP_ALTSCREEN)
        p->state.other_screen = value->boolean;
    else if (property == VTERM_PROP_MOUSE)
        p->state.mouse = value->number != 0;
    return 1;
}

static int on_bell(void *user)
{
    struct pty *p = user;
    p->bells++;
    return 1;
}

static int on_cursor(VTermPos at, VTermPos before, int visible, void *user)
{
    (void)before;
    (void)visible;
    struct pty *p = user;
    p->state.row = at.row;
    p->state.col = at.col;
    return 1;
}

static const VTermScreenCallbacks callbacks = { .settermprop = on_property,
                                                .movecursor = on_cursor,
                                                .bell = on_bell };

static void end_of_mark(struct pty *p)
{
    char *rest;
    p->mark[p->mark_len] = '\0';
    p->frame = strtoll(p->mark + sizeof(mark_begins) - 1, &rest, 10);
    p->seen = strtoll(rest + 1, NULL, 10);
    p->mark_len = 0;
    p->undone = 0;
}

/* One byte of output: of a mark, or for the terminal. */
static void take_byte(struct pty *p, char byte)
{
    size_t head = sizeof(mark_begins) - 1;
    bool goes_on = p->mark_len < head ? byte == mark_begins[p->mark_len]
                                      : p->mark_len < MARK_MAX - 1;
    if (p->mark_len >= head && byte == '\a') {
        end_of_mark(p);
    } else if (goes_on) {
        p->mark[p->mark_len++] = byte;
    } else {
        show(p, p->mark, p->mark_len);
        p->mark_len = byte == mark_begins[0];
        p->mark[0] = byte;
        if (p->mark_len == 0)
            show(p, &byte, 1);
    }
}

static void shut(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* Has everything been read that will ever come? */
static bool is_over(const struct pty *p)
{
    return p->master < 0 && p->frames < 0;
}

/* Reads what comes next, if it comes within `ms`. */
static void pump(struct pty *p, int ms)
{
    char bytes[4096];
    struct pollfd fds[] = { { .fd = p->master, .events = POLLIN },
                            { .fd = p->frames, .events = POLLIN } };
    if (poll(fds, ARRAY_LEN(fds), ms) <= 0)
        return;
    if (fds[0].revents) {
        ssize_t n = read(p->master, bytes, sizeof(bytes));
        for (ssize_t i = 0; i < n; i++)
            take_byte(p, bytes[i]);
        if (n == 0 || (n < 0 && errno != EINTR)) {
            tcgetattr(p->master, &p->modes);
            shut(&p->master);
        }
    }
    if (fds[1].revents && read(p->frames, bytes, sizeof(bytes)) <= 0)
        shut(&p->frames);
}

static void complain(struct pty *p, const char *what, const char *which)
{
    BUF(picture, MAX_OUTPUT);
    pty_screen(p, &picture);
    fprintf(stderr, "%s\n", buf_text(&picture)); /* cmocka cuts it */
    fail_msg("%s \"%s\"; %lld of %lld keys drawn, %zu pieces since; the screen "
             "is above",
             what, which, (long long)p->seen, (long long)p->expected,
             p->undone);
}

typedef bool condition(struct pty *p, const char *text);

/* On its own screen a program of ours sends nothing but frames and bells. */
static bool is_within_frame(const struct pty *p)
{
    return p->state.other_screen && p->undone > 0 && !p->uncounted &&
           p->master >= 0;
}

static void wait_for(struct pty *p, condition *holds, const char *text,
                     const char *what)
{
    int64_t until_ms = env_mono_ms() + DEADLINE_MS;
    while (is_within_frame(p) || !holds(p, text)) {
        if (env_mono_ms() >= until_ms)
            complain(p, what, text);
        if (is_over(p))
            complain(p, "the program ended without", text);
        pump(p, STEP_MS);
    }
}

/* ---- starting and ending ---- */

/* cmocka catches faults in order to go on with its next test: not in a child.
 */
static void fault_as_usual(void)
{
    static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
    for (size_t i = 0; i < ARRAY_LEN(faults); i++)
        signal(faults[i], SIG_DFL);
}

/* The test's own clean-up, and its search for leaks, is not the child's. */
static void leave(int status, void *unused)
{
    (void)unused;
    fflush(NULL);
    _exit(status);
}

static void set_environment(const char *const *env, int frame_fd)
{
    BUF(number, MAX_TEXT);
    buf_int(&number, frame_fd);
    setenv("FAIR_FRAME_FD", buf_text(&number), 1);
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("NO_COLOR");
    unsetenv("LINES");
    unsetenv("COLUMNS");
    for (; env && env[0]; env += 2) {
        if (*env[1])
            setenv(env[0], env[1], 1);
        else
            unsetenv(env[0]);
    }
}

struct pty *pty_fork(int (*child)(void *ctx), void *ctx, const int size[2],
                     const char *const *env)
{
    struct pty *p = x_alloc(sizeof(*p));
    struct winsize ws = { .ws_row = (unsigned short)size[0],
                          .ws_col = (unsigned short)size[1] };
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    fflush(NULL);
    p->pid = forkpty(&p->master, NULL, NULL, &ws);
    assert_true(p->pid >= 0);
    if (p->pid == 0) {
        close(ends[0]);
        fault_as_usual();
        set_environment(env, ends[1]);
        on_exit(leave, NULL);
        exit(child(ctx));
    }
    close(ends[1]);
    /* What is started later must not keep this line from being cut. */
    fcntl(p->master, F_SETFD, FD_CLOEXEC);
    p->frames = ends[0];
    for (size_t i = 0; env && env[i]; i += 2)
        p->uncounted = p->uncounted || strcmp(env[i], "FAIR_FRAME_FD") == 0;
    p->vt = vterm_new(size[0], size[1]);
    vterm_set_utf8(p->vt, 1);
    p->screen = vterm_obtain_screen(p->vt);
    vterm_screen_set_callbacks(p->screen, &callbacks, p);
    vterm_screen_enable_altscreen(p->screen, 1);
    vterm_screen_reset(p->screen, 1);
    return p;
}

static int execute(void *ctx)
{
    char *const *argv = ctx;
    if (argv[0])
        execv(argv[0], argv);
    return 127;
}

struct pty *pty_start(const char *const *argv, int rows, int cols,
                      const char *const *env)
{
    char *words[32] = { 0 };
    for (size_t i = 0; argv[i]; i++) {
        assert_true(i + 1 < ARRAY_LEN(words));
        words[i] = x_strdup(argv[i]);
    }
    struct pty *p = pty_fork(execute, words, (int[]){ rows, cols }, env);
    for (size_t i = 0; words[i]; i++)
        free(words[i]);
    return p;
}

int pty_wait_exit(struct pty *p)
{
    int status;
    int64_t until_ms = env_mono_ms() + DEADLINE_MS;
    while (p->pid > 0 && waitpid(p->pid, &status, WNOHANG) == 0) {
        if (env_mono_ms() >= until_ms) {
            kill(p->pid, SIGKILL);
            complain(p, "did not end", "");
        }
        pump(p, STEP_MS / 50);
    }
    if (p->pid > 0)
        p->code =
            WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    p->pid = 0;
    /* What it said last; others may go on holding the terminal. */
    for (size_t before = p->bytes + 1; p->bytes != before;) {
        before = p->bytes;
        pump(p, STEP_MS / 50);
    }
    return p->code;
}

void pty_stop(struct pty *p)
{
    if (!p)
        return;
    pty_hangup(p);
    pty_wait_exit(p);
    shut(&p->frames);
    vterm_free(p->vt);
    free(p);
}

void pty_signal(struct pty *p, int number)
{
    assert_int_equal(kill(p->pid, number), 0);
}

void pty_wait_stopped(struct pty *p)
{
    int64_t until_ms = env_mono_ms() + DEADLINE_MS;
    siginfo_t info = { .si_pid = 0 };
    while (info.si_pid == 0 && env_mono_ms() < until_ms) {
        assert_int_equal(waitid(P_PID, (id_t)p->pid, &info, WSTOPPED | WNOHANG),
                         0);
        poll(NULL, 0, 1);
    }
    assert_int_equal(info.si_pid, p->pid);
}

pid_t pty_pid(struct pty *p)
{
    return p->pid;
}

void pty_hangup(struct pty *p)
{
    shut(&p->master);
}

void pty_resize(struct pty *p, int rows, int cols)
{
    struct winsize ws = { .ws_row = (unsigned short)rows,
                          .ws_col = (unsigned short)cols };
    vterm_set_size(p->vt, rows, cols);
    assert_int_equal(ioctl(p->master, TIOCSWINSZ, &ws), 0);
}

/* ---- keys ---- */

static bool is_drawn(struct pty *p, const char *text)
{
    (void)text;
    return p->seen >= p->expected || p->master < 0;
}

void pty_send(struct pty *p, struct str bytes, int presses)
{
    for (size_t at = 0; at < bytes.len && p->master >= 0;) {
        ssize_t n = write(p->master, bytes.data + at, bytes.len - at);
        assert_true(n > 0 || errno == EINTR || errno == EIO);
        if (n < 0 && errno == EIO)
            return;
        at += n > 0 ? (size_t)n : 0;
    }
    if (p->loose)
        p->expected = p->seen;
    p->loose = presses < 0;
    if (presses < 0)
        return;
    p->pressed += presses;
    p->expected += presses;
    BUF(what, MAX_OUTPUT);
    text_emit_terminal(&what, bytes);
    wait_for(p, is_drawn, buf_text(&what), "this was not drawn:");
}

/* What xterm sends for it. */
static void press_bytes(const struct press *press, struct buf *out)
{
    static const char *const sent[] = {
        [K_ENTER] = "\r",
        [K_ESC] = "\x1b",
        [K_TAB] = "\t",
        [K_BACKTAB] = "\x1b[Z",
        [K_BACKSPACE] = "\x7f",
        [K_DELETE] = "\x1b[3~",
        [K_INSERT] = "\x1b[2~",
        [K_UP] = "\x1bOA",
        [K_DOWN] = "\x1bOB",
        [K_LEFT] = "\x1bOD",
        [K_RIGHT] = "\x1bOC",
        [K_HOME] = "\x1bOH",
        [K_END] = "\x1bOF",
        [K_PAGE_UP] = "\x1b[5~",
        [K_PAGE_DOWN] = "\x1b[6~",
        [K_F] = NULL,
    };
    static const char *const f[] = {
        "\x1bOP",   "\x1bOQ",   "\x1bOR",   "\x1bOS",   "\x1b[15~", "\x1b[17~",
        "\x1b[18~", "\x1b[19~", "\x1b[20~", "\x1b[21~", "\x1b[23~", "\x1b[24~",
    };
    if (press->kind == K_F) {
        buf_puts(out, f[press->code - 1]);
    } else if (press->kind == K_CTRL) {
        buf_putc(out, (char)(press->code - '@'));
    } else if (press->kind == K_TEXT || press->kind == K_ALT) {
        buf_puts(out, press->kind == K_ALT ? "\x1b" : "");
        utf8_put(out, press->code);
    } else {
        assert_true(press->kind < ARRAY_LEN(sent) && sent[press->kind]);
        buf_puts(out, sent[press->kind]);
    }
}

void pty_key(struct pty *p, const char *name)
{
    struct press press;
    BUF(bytes, MAX_TEXT);
    if (!press_parse(name, &press))
        fail_msg("no key is called \"%s\"", name);
    press_bytes(&press, &bytes);
    pty_send(p, buf_slice(&bytes), 1);
}

void pty_type(struct pty *p, const char *text)
{
    size_t pos = 0;
    int letters = 0;
    while (utf8_next(str_of(text), &pos) >= 0)
        letters++;
    pty_send(p, str_of(text), letters);
}

void pty_scan(struct pty *p, const char *code)
{
    BUF(bytes, MAX_TEXT);
    buf_printf(&bytes, "%s\r", code);
    pty_send(p, buf_slice(&bytes), 1);
}

void pty_paste(struct pty *p, const char *text)
{
    BUF(bytes, MAX_OUTPUT);
    buf_printf(&bytes, "\x1b[200~%s\x1b[201~", text);
    pty_send(p, buf_slice(&bytes), 1);
}

void pty_click(struct pty *p, int row, int col)
{
    BUF(bytes, MAX_TEXT);
    buf_printf(&bytes, "\x1b[<0;%d;%dM\x1b[<0;%d;%dm", col + 1, row + 1,
               col + 1, row + 1);
    pty_send(p, buf_slice(&bytes), 1);
}

int pty_keys(struct pty *p)
{
    int pressed = p->pressed;
    p->pressed = 0;
    return pressed;
}

long long pty_seen(struct pty *p)
{
    return p->seen;
}

/* ---- the screen ---- */

void pty_screen(struct pty *p, struct buf *out)
{
    int rows, cols;
    vterm_get_size(p->vt, &rows, &cols);
    for (int row = 0; row < rows; row++) {
        BUF(line, MAX_TEXT);
        VTermScreenCell cell = { .width = 1 };
        for (int col = 0; col < cols; col += cell.width) {
            VTermPos at = { row, col };
            vterm_screen_get_cell(p->screen, at, &cell);
            if (!cell.chars[0])
                buf_putc(&line, ' ');
            for (size_t i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i];
                 i++)
                utf8_put(&line, (int32_t)cell.chars[i]);
        }
        while (line.len > 0 && line.data[line.len - 1] == ' ')
            line.len--;
        buf_str(out, buf_slice(&line));
        buf_putc(out, '\n');
    }
}

static bool has_text(struct pty *p, const char *text)
{
    BUF(picture, MAX_OUTPUT);
    pty_screen(p, &picture);
    return strstr(buf_text(&picture), text) != NULL;
}

static bool has_no_text(struct pty *p, const char *text)
{
    return !has_text(p, text);
}

static bool has_new_frame(struct pty *p, const char *text)
{
    (void)text;
    return p->frame > p->waited_frame;
}

void pty_wait_text(struct pty *p, const char *text)
{
    wait_for(p, has_text, text, "this did not come:");
}

void pty_wait_no_text(struct pty *p, const char *text)
{
    wait_for(p, has_no_text, text, "this did not go:");
}

void pty_wait_frame(struct pty *p)
{
    wait_for(p, has_new_frame, "", "no frame came");
    p->waited_frame = p->frame;
}

bool pty_has(struct pty *p, const char *text)
{
    return has_text(p, text);
}

size_t pty_bytes(struct pty *p)
{
    return p->bytes;
}

void pty_tap(struct pty *p, struct buf *out)
{
    p->tap = out;
}

int pty_bells(struct pty *p)
{
    return p->bells;
}

static int colour(const VTermColor *c, bool ground)
{
    bool own =
        ground ? VTERM_COLOR_IS_DEFAULT_BG(c) : VTERM_COLOR_IS_DEFAULT_FG(c);
    return own || !VTERM_COLOR_IS_INDEXED(c) ? -1 : c->indexed.idx;
}

struct pty_look pty_look(struct pty *p, int row, int col)
{
    VTermScreenCell cell;
    VTermPos at = { row, col };
    vterm_screen_get_cell(p->screen, at, &cell);
    return (struct pty_look){ .fg = colour(&cell.fg, false),
                              .bg = colour(&cell.bg, true),
                              .bold = cell.attrs.bold,
                              .reverse = cell.attrs.reverse,
                              .underline = cell.attrs.underline != 0 };
}

struct pty_state pty_state(struct pty *p)
{
    struct pty_state state = p->state;
    if (p->master >= 0)
        tcgetattr(p->master, &p->modes);
    state.cooked = (p->modes.c_lflag & (ICANON | ECHO | ISIG)) != 0;
    return state;
}
