/*
 * cash.c - money put into the drawer or taken out of it, and the drawer opened
 * without a sale: nothing of that without a reason.
 */
#include "fair/i18n.h"
#include "fair/money.h"
#include "fair/text.h"
#include "pos/screens/acts.h"
#include "pos/screens/draw.h"
#include "pos/screens/screens.h"
#include "pos/till/trail.h"

enum { REASONS = 3 };

static const char *const reasons_in[REASONS] = {
    N_("more change"),
    N_("from the owner"),
    N_("correction"),
};
static const char *const reasons_out[REASONS] = {
    N_("to the owner"),
    N_("paid for goods"),
    N_("correction"),
};
static const char *const reasons_drawer[REASONS] = {
    N_("change notes"),
    N_("correct a mistake"),
    N_("look at the cash"),
};

/* ---- reasons ---- */

/* The reason a digit on an empty line stands for; NULL. */
static const char *reason_key(struct app *app, const char *const *reasons,
                              const struct press *key)
{
    int i = key->code - '1';
    if (key->kind != K_TEXT || i < 0 || i >= REASONS ||
        edit_text(app_entry(app)).len > 0 || app_too_early(app))
        return NULL;
    return _(reasons[i]);
}

/* A reason that was typed; says what is wrong with it. */
static bool reason_typed(struct app *app, struct str text, struct buf *out)
{
    if (!app_too_early(app) &&
        text_clean(out, text, MAX_NAME_COLUMNS) == ERR_OK)
        return true;
    app_keep_entry(app);
    if (!app_too_early(app))
        app_say(app, STYLE_ERROR, "%s",
                _("type a reason, or the number of one"));
    return false;
}

static void draw_reasons(struct grid *grid, struct area area, int row,
                         const char *const *reasons)
{
    for (int i = 0; i < REASONS && row + i < area.row + area.rows; i++) {
        char digit[] = { (char)('1' + i), '\0' };
        grid_puts(grid, row + i, 2, STYLE_KEY, digit);
        grid_puts(grid, row + i, 4, STYLE_TEXT, _(reasons[i]));
    }
}

/* ---- in and out ---- */

struct moving {
    bool out;
    int64_t vnd; /* 0: not said yet */
};

static const char *const *moving_reasons(const struct moving *m)
{
    return m->out ? reasons_out : reasons_in;
}

static void move_now(struct app *app, struct moving *m, struct str reason)
{
    int64_t seq;
    BUF(amount, 64);
    BUF(text, MAX_TEXT);
    enum err e = trail_cash(&app->till, m->out ? -m->vnd : m->vnd, reason,
                            app->me.number, &seq);
    if (e) {
        app_fail(app, e,
                 e == ERR_LIMIT && m->out ? _("so much is not in the drawer")
                                          : NULL);
        return;
    }
    money_render(&amount, m->vnd);
    buf_printf(&text, m->out ? _("taken out: %s đ") : _("put in: %s đ"),
               buf_text(&amount));
    app_pop(app);
    app_open_drawer(app);
    app_status(app);
    if (app->message.text.len == 0)
        app_say(app, STYLE_GOOD, "%s", buf_text(&text));
}

static void moving_submit(struct app *app, void *state, struct str text)
{
    struct moving *m = state;
    int64_t vnd;
    BUF(reason, MAX_TEXT);
    if (m->vnd > 0) {
        if (reason_typed(app, text, &reason))
            move_now(app, m, buf_slice(&reason));
    } else if (entry_amount(text, app->set.thousands, &vnd) || vnd == 0) {
        app_keep_entry(app);
        app_say(app, STYLE_ERROR, "%s", _("type an amount"));
    } else {
        m->vnd = vnd;
        app_fresh(app);
    }
}

static bool moving_key(struct app *app, void *state, const struct press *key)
{
    struct moving *m = state;
    const char *reason =
        m->vnd > 0 ? reason_key(app, moving_reasons(m), key) : NULL;
    if (reason)
        move_now(app, m, str_of(reason));
    return reason != NULL;
}

static bool moving_back(struct app *app, void *state)
{
    struct moving *m = state;
    bool said = m->vnd > 0;
    (void)app;
    m->vnd = 0;
    return said;
}

static void moving_draw(const struct app *app, const void *state,
                        struct grid *grid, struct area area)
{
    const struct moving *m = state;
    const struct frame *f = &app->frames[app->depth - 1];
    int64_t vnd = m->vnd;
    int row = area.row, end = area.cols < 45 ? area.cols - 1 : 44;
    BUF(amount, 64);
    if (vnd == 0 &&
        entry_amount(edit_text(&f->entry), app->set.thousands, &vnd))
        vnd = 0;
    money_render(&amount, vnd);
    grid_puts(grid, row++, 1, STYLE_HEADING,
              m->out ? _("Cash out") : _("Cash in"));
    if (!draw_big(grid, row, end, STYLE_TOTAL, buf_text(&amount)))
        grid_right(grid, row, end, STYLE_TOTAL, buf_slice(&amount));
    row += BIG_ROWS;
    if (m->vnd == 0)
        return;
    grid_puts(grid, row++, 1, STYLE_TEXT,
              m->out ? _("What for?") : _("Where from?"));
    draw_reasons(grid, area, row, moving_reasons(m));
}

static const char *moving_prompt(const struct app *app, const void *state)
{
    const struct moving *m = state;
    (void)app;
    return m->vnd > 0 ? N_("Number or words") : N_("Amount");
}

const struct screen cash_screen = {
    .id = "cash",
    .title = N_("Cash in and out"),
    .context = IN_DIALOG,
    .prompt = N_("Amount"),
    .prompt_of = moving_prompt,
    .size = sizeof(struct moving),
    .draw = moving_draw,
    .key = moving_key,
    .submit = moving_submit,
    .back = moving_back,
};

void act_cash_in(struct app *app, int arg)
{
    (void)arg;
    app_push(app, &cash_screen);
}

void act_cash_out(struct app *app, int arg)
{
    (void)arg;
    app_push(app, &cash_screen);
    struct moving *m = app_state(app, &cash_screen);
    m->out = true;
}

/* ---- the drawer alone ---- */

/* The event first: what is not recorded does not open. */
static void drawer_now(struct app *app, struct str reason)
{
    enum err e = trail_drawer(&app->till, reason, app->me.number);
    if (e) {
        app_fail(app, e, NULL);
        return;
    }
    app_pop(app);
    app_open_drawer(app);
    app_status(app);
    if (app->message.text.len == 0)
        app_say(app, STYLE_GOOD, "%s", _("drawer opened; this is recorded"));
}

static void drawer_submit(struct app *app, void *state, struct str text)
{
    BUF(reason, MAX_TEXT);
    (void)state;
    if (reason_typed(app, text, &reason))
        drawer_now(app, buf_slice(&reason));
}

static bool drawer_key(struct app *app, void *state, const struct press *key)
{
    const char *reason = reason_key(app, reasons_drawer, key);
    (void)state;
    if (reason)
        drawer_now(app, str_of(reason));
    return reason != NULL;
}

static void drawer_draw(const struct app *app, const void *state,
                        struct grid *grid, struct area area)
{
    (void)app;
    (void)state;
    grid_puts(grid, area.row, 1, STYLE_HEADING, _("Why is the drawer opened?"));
    draw_reasons(grid, area, area.row + 2, reasons_drawer);
}

const struct screen drawer_screen = {
    .id = "drawer",
    .title = N_("Drawer"),
    .context = IN_DIALOG,
    .prompt = N_("Number or words"),
    .draw = drawer_draw,
    .key = drawer_key,
    .submit = drawer_submit,
};
