/*
 * question.c - one line asked for, or yes and no.
 */
#include <stdlib.h>

#include "fair/i18n.h"
#include "fair/text.h"
#include "pos/screens/draw.h"
#include "pos/screens/screens.h"

enum { ROOMY = 8 }; /* rows, from which on some stay empty */

struct question {
    const char *title, *prompt; /* message ids */
    char *text;                 /* below the title, its own; or NULL */
    void (*answer)(struct app *app, struct str text);
    void (*yes)(struct app *app);
    bool offered; /* what stands there was not typed: typing replaces it */
};

static void question_close(struct app *app, void *state)
{
    struct question *q = state;
    (void)app;
    free(q->text);
}

static bool question_key(struct app *app, void *state, const struct press *key)
{
    struct question *q = state;
    if (q->offered &&
        (key->kind == K_TEXT || key->kind == K_SCAN || key->kind == K_PASTE))
        edit_clear(app_entry(app));
    q->offered = false;
    return false;
}

/* The question is gone before the answer is acted on: what follows may ask
 * again. */
static void question_submit(struct app *app, void *state, struct str text)
{
    struct question q = *(struct question *)state;
    BUF(clean, MAX_TEXT);
    if (app_too_early(app)) {
        app_keep_entry(app);
        return;
    }
    if (text.len > 0 && text_clean(&clean, text, MAX_NAME_COLUMNS)) {
        app_keep_entry(app);
        app_fail(app, ERR_INVALID, NULL);
        return;
    }
    app_pop(app);
    if (q.yes)
        q.yes(app);
    else
        q.answer(app, buf_slice(&clean));
}

static void question_draw(const struct app *app, const void *state,
                          struct grid *grid, struct area area)
{
    const struct question *q = state;
    bool tight = area.rows < ROOMY;
    int row = area.row + (tight ? 0 : area.rows / 4);
    int end = area.row + area.rows;
    (void)app;
    grid_puts(grid, row, 1, STYLE_HEADING, _(q->title));
    if (!q->text)
        return;
    row += tight ? 1 : 2;
    row += grid_wrap(grid, row, 1, area.cols - 2,
                     tight ? end - row : area.rows - 4, STYLE_TEXT,
                     str_of(q->text));
    if (q->yes && row + 1 < end) /* the prompt says it, too */
        grid_puts(grid, row + 1, 1, STYLE_DIM, _("Enter: yes   Esc: no"));
}

static const char *question_prompt(const struct app *app, const void *state)
{
    const struct question *q = state;
    (void)app;
    return q->yes ? N_("Enter: yes") : q->prompt;
}

const struct screen question_screen = {
    .id = "question",
    .title = N_("Question"),
    .context = IN_DIALOG,
    .prompt = N_("Answer"),
    .prompt_of = question_prompt,
    .size = sizeof(struct question),
    .close = question_close,
    .draw = question_draw,
    .key = question_key,
    .submit = question_submit,
};

void ask_text(struct app *app, const char *title, const char *prompt,
              const char *initial,
              void (*then)(struct app *app, struct str answer))
{
    app_push(app, &question_screen);
    struct question *q = app_state(app, &question_screen);
    q->title = title;
    q->prompt = prompt;
    q->answer = then;
    q->offered = true;
    edit_insert_text(app_entry(app), str_of(initial));
}

void ask_note(struct app *app, const char *text)
{
    struct question *q = app_state(app, &question_screen);
    ASSERT(q && !q->text);
    q->text = x_strdup(text);
}

void ask_yes(struct app *app, const char *title, const char *question,
             void (*then)(struct app *app))
{
    app_push(app, &question_screen);
    struct question *q = app_state(app, &question_screen);
    q->title = title;
    q->text = x_strdup(question);
    q->yes = then;
}
