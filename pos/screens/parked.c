/*
 * parked.c - carts put aside; one is taken back by its number or by Enter.
 */
#include "pos/till/carts.h"

#include "fair/date.h"
#include "fair/i18n.h"
#include "pos/screens/acts.h"
#include "pos/screens/draw.h"
#include "pos/screens/screens.h"

struct parking {
    struct parked carts[PLACES_MAX];
    struct picker picker;
};

static void parked_submit(struct app *app, void *state, struct str text)
{
    struct parking *p = state;
    int i = p->picker.selected;
    if (text.len == 1) {
        for (i = 0; i < p->picker.n && p->carts[i].place != text.data[0] - '0';
             i++)
            ;
    }
    if (i >= p->picker.n) {
        app_fail(app, ERR_NOT_FOUND, NULL);
        return;
    }
    int place = p->carts[i].place;
    app_pop(app);
    enum err e = till_ready(&app->till);
    if (!e)
        e = carts_recall(&app->till, place, app->cart);
    if (e) {
        app_fail(app, e, NULL);
        return;
    }
    app->selected = app->cart->n_lines - 1;
    app->last_shown = false;
    app_say(app, STYLE_GOOD, _("cart %d is back"), place);
}

static bool parked_key(struct app *app, void *state, const struct press *key)
{
    struct parking *p = state;
    (void)app;
    return picker_key(&p->picker, key, PARKED_MAX);
}

static void draw_cart(const struct app *app, const void *state, int i,
                      const struct spot *at)
{
    const struct parking *p = state;
    const struct parked *c = &p->carts[i];
    BUF(text, MAX_TEXT);
    (void)app;
    buf_printf(&text, "%d  ", c->place);
    if (c->n_lines == 0) {
        buf_puts(&text, _("kept for a newer version"));
        grid_put(at->grid, at->row, 2, at->style, buf_slice(&text));
        return;
    }
    if (c->at_ms > 0)
        clock_render(&text, c->at_ms);
    buf_printf(&text, "  %s", c->label[0] ? c->label : c->first);
    if (c->n_lines > 1)
        buf_printf(&text, " +%d", c->n_lines - 1);
    grid_field(at->grid, at->row, 2, at->grid->cols - 2 - 15, at->style,
               buf_slice(&text));
    draw_money(at->grid, at->row, at->grid->cols - 1, at->style, c->total_vnd);
}

static void parked_draw(const struct app *app, const void *state,
                        struct grid *grid, struct area area)
{
    const struct parking *p = state;
    struct area list = { area.row + 1, area.rows - 1, area.cols };
    grid_puts(grid, area.row, 1, STYLE_HEADING, _("Parked carts"));
    if (p->picker.n == 0)
        grid_puts(grid, list.row, 1, STYLE_DIM, _("none is parked"));
    draw_list(app, &(struct rows){ &p->picker, p, draw_cart }, grid, list);
}

const struct screen parked_screen = {
    .id = "parked",
    .title = N_("Parked carts"),
    .context = IN_DIALOG,
    .prompt = N_("No."),
    .size = sizeof(struct parking),
    .draw = parked_draw,
    .key = parked_key,
    .submit = parked_submit,
};

void parked_show(struct app *app)
{
    app_push(app, &parked_screen);
    struct parking *p = app_state(app, &parked_screen);
    enum err e = till_ready(&app->till);
    if (!e)
        e = carts_parked(&app->till, p->carts, &p->picker.n);
    if (e) {
        app_pop(app);
        app_fail(app, e, NULL);
    }
}
