/*
 * search.c - every product of this booth, narrowed while typing; what is
 * special about the selected one stands below.
 */
#include "pos/model/search.h"

#include "fair/i18n.h"
#include "pos/model/judge.h"
#include "pos/screens/acts.h"
#include "pos/screens/draw.h"
#include "pos/screens/screens.h"
#include "pos/screens/sell.h"

enum { FOUND_MAX = 50 };

struct searching {
    const struct product *found[FOUND_MAX];
    int n_found;
    bool typed; /* else all products are shown, in list order */
    struct picker picker;
};

static void search_changed(struct app *app, void *state)
{
    struct searching *s = state;
    struct str typed = edit_text(app_entry(app));
    int all = app->till.lists ? lists_count(app->till.lists) : 0;
    s->typed = typed.len > 0;
    s->n_found = s->typed && app->till.lists
                     ? search_find(app_search(app), typed, s->found, FOUND_MAX)
                     : 0;
    s->picker = (struct picker){ .n = s->typed ? s->n_found : all };
}

static const struct product *at(const struct app *app,
                                const struct searching *s, int i)
{
    return s->typed ? s->found[i] : lists_at(app->till.lists, i);
}

static bool search_key(struct app *app, void *state, const struct press *key)
{
    struct searching *s = state;
    return picker_key(&s->picker, key, app->rows > 8 ? app->rows - 8 : 1);
}

static void search_submit(struct app *app, void *state, struct str text)
{
    struct searching *s = state;
    (void)text;
    if (s->picker.n == 0) {
        app_keep_entry(app);
        app_fail(app, ERR_ITEM, NULL);
        return;
    }
    const struct product *p = at(app, s, s->picker.selected);
    app_pop(app);
    (void)!sell_add(app, p, 1000);
}

static void draw_product(const struct app *app, const void *state, int i,
                         const struct spot *to)
{
    const struct product *p = at(app, state, i);
    grid_field(to->grid, to->row, 2, 8, to->style, p->code);
    grid_field(to->grid, to->row, 11, to->grid->cols - 11 - 15, to->style,
               p->name);
    draw_money(to->grid, to->row, to->grid->cols - 1, to->style, p->price_vnd);
}

/* Two rows: producer and place, then stars and certificate. */
static void draw_details(const struct app *app, const struct product *p,
                         struct grid *grid, int row)
{
    const struct till *till = &app->till;
    int day = till->shift.open ? till->shift.day : till_day_now(till);
    struct judgement j =
        judge_product(lists_fair(till->lists), p, day, till_last_day(till));
    BUF(who, MAX_TEXT);
    BUF(known, MAX_TEXT);
    const struct str parts[] = { p->unit, p->seller, p->place };
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        if (parts[i].len == 0)
            continue;
        buf_puts(&who, who.len > 0 ? " · " : "");
        buf_str(&who, parts[i]);
    }
    judge_say(&j, &known);
    grid_field(grid, row, 1, grid->cols - 2, STYLE_DIM, buf_slice(&who));
    grid_field(grid, row + 1, 1, grid->cols - 2,
               j.verdict == JUDGE_SELL ? STYLE_DIM : STYLE_WARN,
               buf_slice(&known));
}

static void search_draw(const struct app *app, const void *state,
                        struct grid *grid, struct area area)
{
    const struct searching *s = state;
    struct area list = { area.row, area.rows - 2, area.cols };
    if (s->picker.n == 0) {
        grid_puts(grid, area.row, 1, STYLE_WARN,
                  app->till.lists ? _("nothing is called so")
                                  : _("no price list yet"));
        return;
    }
    draw_list(app, &(struct rows){ &s->picker, s, draw_product }, grid, list);
    draw_details(app, at(app, s, s->picker.selected), grid,
                 area.row + area.rows - 2);
}

const struct screen search_screen = {
    .id = "search",
    .title = N_("Search"),
    .context = IN_DIALOG,
    .prompt = N_("Name"),
    .size = sizeof(struct searching),
    .draw = search_draw,
    .key = search_key,
    .changed = search_changed,
    .submit = search_submit,
};

/* What is typed already is searched for. */
void act_search(struct app *app, int arg)
{
    BUF(typed, MAX_TEXT);
    (void)arg;
    buf_str(&typed, edit_text(app_entry(app)));
    edit_clear(app_entry(app));
    app_push(app, &search_screen);
    edit_insert_text(app_entry(app), buf_slice(&typed));
    search_changed(app, app_state(app, &search_screen));
}
