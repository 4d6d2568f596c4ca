/*
 * plain.c - the app with lines in and lines out. It is drawn as always, into
 * a grid nobody sees; what differs from the picture before is printed.
 */
#include "pos/screens/plain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <sodium.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/text.h"
#include "pos/screens/action.h"

enum { PLAIN_ROWS = 40, PLAIN_COLS = 100, PICTURE_MAX = 1 << 16 };

/* ---- saying ---- */

static bool was_there(struct str before, struct str line)
{
    while (before.len > 0) {
        const char *end = memchr(before.data, '\n', before.len);
        size_t len = end ? (size_t)(end - before.data) : before.len;
        if (str_eq((struct str){ before.data, len }, line))
            return true;
        len += end != NULL;
        before.data += len;
        before.len -= len;
    }
    return false;
}

/* Runs of blanks made one: columns are for eyes. */
static void print_line(struct str line)
{
    bool blank = true;
    for (size_t i = 0; i < line.len; i++) {
        bool is = line.data[i] == ' ';
        if (!is || !blank)
            putchar(line.data[i]);
        blank = is;
    }
    putchar('\n');
}

/* Lines of `now` that did not stand in `before`, but for footer and entry. */
static void print_news(struct str before, struct str now)
{
    while (now.len > 0) {
        const char *end = memchr(now.data, '\n', now.len);
        size_t len = end ? (size_t)(end - now.data) : now.len;
        struct str line = { now.data, len };
        if (len > 0 && !was_there(before, line))
            print_line(line);
        len += end != NULL;
        now.data += len;
        now.len -= len;
    }
}

static void say(struct app *app, struct buf *before)
{
    struct grid grid;
    BUF(now, PICTURE_MAX);
    grid_init(&grid, PLAIN_ROWS, PLAIN_COLS);
    grid.letters_only = true;
    app_draw(app, &grid);
    for (int row = PLAIN_ROWS - 2; row < PLAIN_ROWS; row++)
        grid_fill(&grid, row, 0, PLAIN_COLS, STYLE_TEXT, " ");
    grid_picture(&grid, &now);
    print_news(buf_slice(before), buf_slice(&now));
    fflush(stdout);
    buf_clear(before);
    buf_str(before, buf_slice(&now));
    grid_done(&grid);
}

static void say_prompt(const struct app *app)
{
    const struct frame *f = &app->frames[app->depth - 1];
    const char *prompt = f->screen->prompt_of
                             ? f->screen->prompt_of(app, f->state)
                             : f->screen->prompt;
    printf("%s> ", prompt ? _(prompt) : "");
    fflush(stdout);
}

static void list_actions(const struct app *app)
{
    for (int i = 0; i < n_actions; i++) {
        if (action_can(app, &actions[i]))
            printf(":%s  %s\n", actions[i].id, _(actions[i].help));
    }
}

/* ---- taking ---- */

/* Each line is read behind what was said to the one before. */
static int64_t later(const struct app *app)
{
    int64_t now_ms = env_mono_ms();
    return (now_ms > app->key_ms ? now_ms : app->key_ms) + 1;
}

static void press_key(struct app *app, struct press key)
{
    key.at_ms = later(app);
    app_key(app, &key);
}

/* A line stands for itself: what is still in the entry line, an answer proposed
 * or one refused, gives way to it; an empty one takes it. */
static void type(struct app *app, struct str text)
{
    if (text.len > 0)
        edit_clear(app_entry(app));
    size_t at = 0;
    for (int32_t c; (c = utf8_next(text, &at)) >= 0;)
        press_key(app, (struct press){ .kind = K_TEXT, .code = c });
    press_key(app, (struct press){ .kind = K_ENTER });
}

static void command(struct app *app, const char *word)
{
    const struct action *a = action_find(word);
    struct press key;
    if (word[0] == '\0') {
        list_actions(app);
    } else if (a && action_can(app, a)) {
        app->key_ms = later(app);
        a->run(app, a->arg);
    } else if (press_parse(word, &key)) {
        press_key(app, key);
    } else {
        app_say(app, STYLE_ERROR, "%s", _("that cannot be done here"));
    }
}

/* A PIN is not to be seen: a terminal is told not to repeat it, and to let no
 * key end us before it may again. */
static bool is_secret(const struct app *app)
{
    const struct frame *f = &app->frames[app->depth - 1];
    return f->screen->seen && f->screen->seen(app, f->state, STR("0")) == 0;
}

static ssize_t read_line(const struct app *app, char **line, size_t *room)
{
    struct termios before, dark;
    bool hide = is_secret(app) && tcgetattr(STDIN_FILENO, &before) == 0;
    if (hide) {
        dark = before;
        dark.c_lflag &= (tcflag_t) ~(ECHO | ISIG);
        dark.c_lflag |= ECHONL;
        tcsetattr(STDIN_FILENO, TCSANOW, &dark);
    }
    ssize_t len = getline(line, room, stdin);
    if (hide)
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
    return len;
}

/* What has waited for the answer. */
static void rest(struct app *app)
{
    till_tell(&app->till);
    if (app->till.ledger)
        ledger_idle(app->till.ledger);
}

enum err plain_run(struct app *app)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t len;
    BUF(before, PICTURE_MAX);
    say(app, &before);
    say_prompt(app);
    while (!app->leave && (len = read_line(app, &line, &room)) >= 0) {
        while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
            line[--len] = '\0';
        if (line[0] == ':')
            command(app, line + 1);
        else
            type(app, (struct str){ line, (size_t)len });
        sodium_memzero(line, room);
        (void)!app_tick(app);
        say(app, &before);
        if (!app->leave)
            say_prompt(app);
        rest(app);
    }
    free(line);
    return ERR_OK;
}
