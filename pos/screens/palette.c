/*
 * palette.c - everything that can be done now, by name: type a part of it,
 * Enter does it.
 */
#include <string.h>

#include "fair/i18n.h"
#include "fair/text.h"
#include "pos/screens/action.h"
#include "pos/screens/acts.h"
#include "pos/screens/draw.h"
#include "pos/screens/screens.h"

enum { PALETTE_MAX = 128 };

struct palette {
    const struct action *found[PALETTE_MAX];
    struct picker picker; /* n: how many were found */
    int contexts;         /* of the screen below */
};

static bool contains(struct str text, struct str part)
{
    for (size_t i = 0; i + part.len <= text.len; i++) {
        if (memcmp(text.data + i, part.data, part.len) == 0)
            return true;
    }
    return part.len == 0;
}

static bool begins(struct str text, struct str part)
{
    return text.len >= part.len &&
           contains((struct str){ text.data, part.len }, part);
}

/* How well a name answers, the best is 0: it begins so, has it somewhere, or
 * only the explanation has it. In the language in use and in English, with or
 * without accents. */
enum { RANKS = 3 };
static int rank_of(const struct action *a, struct str wanted)
{
    BUF(name, MAX_TEXT);
    BUF(english, MAX_TEXT);
    BUF(help, MAX_TEXT);
    text_fold(&name, str_of(_(a->label)));
    text_fold(&english, str_of(a->label));
    text_fold(&help, str_of(_(a->help)));
    if (begins(buf_slice(&name), wanted) || begins(buf_slice(&english), wanted))
        return 0;
    if (contains(buf_slice(&name), wanted) ||
        contains(buf_slice(&english), wanted))
        return 1;
    return contains(buf_slice(&help), wanted) ? 2 : RANKS;
}

/* The table's row is offered when the screen below would take it now. */
static bool offered(struct app *app, const struct palette *p,
                    const struct action *a)
{
    return (a->contexts & p->contexts) && a->label[0] && a->run != act_menu &&
           a->run != act_enter && a->run != act_back && a->run != act_hot_key &&
           (!a->can || a->can(app));
}

static void palette_changed(struct app *app, void *state)
{
    struct palette *p = state;
    BUF(wanted, MAX_TEXT);
    text_fold(&wanted, edit_text(app_entry(app)));
    p->picker = (struct picker){ 0 };
    for (int rank = 0; rank < RANKS; rank++) {
        for (int i = 0; i < n_actions; i++) {
            if (offered(app, p, &actions[i]) &&
                rank_of(&actions[i], buf_slice(&wanted)) == rank)
                p->found[p->picker.n++] = &actions[i];
        }
    }
}

static int page(const struct app *app)
{
    return app->rows > 6 ? app->rows - 6 : 1;
}

static bool palette_key(struct app *app, void *state, const struct press *key)
{
    struct palette *p = state;
    return picker_key(&p->picker, key, page(app));
}

/* The palette is gone before the action runs on the screen below. */
static void palette_submit(struct app *app, void *state, struct str text)
{
    struct palette *p = state;
    (void)text;
    if (p->picker.n == 0) {
        app_keep_entry(app);
        return;
    }
    const struct action *a = p->found[p->picker.selected];
    app_pop(app);
    a->run(app, a->arg);
}

static void draw_action(const struct app *app, const void *state, int i,
                        const struct spot *at)
{
    const struct palette *p = state;
    const struct action *a = p->found[i];
    int keys = 10,
        label = at->grid->cols >= 80 ? 24 : at->grid->cols - 2 - keys;
    (void)app;
    grid_field(at->grid, at->row, 2, label, at->style, str_of(_(a->label)));
    if (a->keys[0])
        grid_field(at->grid, at->row, 2 + label, keys, at->style,
                   str_of(a->keys[0]));
    if (at->grid->cols >= 80)
        grid_field(at->grid, at->row, 2 + label + keys,
                   at->grid->cols - label - keys - 3, at->style,
                   str_of(_(a->help)));
}

static void palette_draw(const struct app *app, const void *state,
                         struct grid *grid, struct area area)
{
    const struct palette *p = state;
    struct area list = { area.row + 1, area.rows - 1, area.cols };
    grid_puts(grid, area.row, 1, STYLE_HEADING, _("What would you like?"));
    if (p->picker.n == 0)
        grid_puts(grid, list.row, 1, STYLE_WARN, _("nothing is called so"));
    draw_list(app, &(struct rows){ &p->picker, p, draw_action }, grid, list);
}

const struct screen palette_screen = {
    .id = "palette",
    .title = N_("Menu"),
    .context = IN_DIALOG,
    .prompt = N_("Name"),
    .size = sizeof(struct palette),
    .draw = palette_draw,
    .key = palette_key,
    .changed = palette_changed,
    .submit = palette_submit,
};

void act_menu(struct app *app, int arg)
{
    int contexts = (int)app_top(app)->context;
    (void)arg;
    app_push(app, &palette_screen);
    struct palette *p = app_state(app, &palette_screen);
    p->contexts = contexts;
    palette_changed(app, p);
}
