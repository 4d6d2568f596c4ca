/*
 * people.c - who works here now: the screen is shut until a number and its PIN
 * are given. The cart stays as it is, whoever comes.
 */
#include <string.h>

#include "fair/i18n.h"
#include "pos/screens/draw.h"
#include "pos/screens/pin.h"
#include "pos/screens/screens.h"
#include "pos/till/trail.h"

struct sign_in {
    struct pin_entry pin;
};

/* Whoever locked the screen is asked for the PIN at once. */
static void sign_in_open(struct app *app, void *state)
{
    struct sign_in *s = state;
    if (operators_find(app->operators, app->me.number))
        s->pin.number = app->me.number;
}

static void speak(struct app *app, const struct operator_entry *who)
{
    app->set.language = strcmp(who->language, "vi") == 0 ? "vi"
                        : strcmp(who->language, "en") == 0
                            ? "en"
                            : app->set.till_language;
    i18n_init(app->set.language);
}

/* What one had opened may have been allowed to that one alone. */
static void close_theirs(struct app *app)
{
    while (!((int)app_top(app)->context & (IN_SELL | IN_PAY | IN_GATE)))
        app_pop(app);
}

static void let_in(struct app *app, int64_t number)
{
    bool taken_over = app->me.number > 0 && app->me.number != number;
    const struct operator_entry *who = operators_find(app->operators, number);
    const char *what = app->me.number == number ? "unlocked" : "signed in";
    BUF(name, MAX_TEXT);
    ASSERT(who);
    /* A disk that does not take it keeps nobody from the till. */
    (void)!trail_access(&app->till, number, what, number);
    app->me = *who;
    app->signed_in = true;
    speak(app, who);
    app_pop(app);
    if (taken_over)
        close_theirs(app);
    app_status(app);
    pin_name(who, &name);
    app_say(app, STYLE_GOOD, "%s", buf_text(&name));
}

static void sign_in_submit(struct app *app, void *state, struct str text)
{
    struct sign_in *s = state;
    if (pin_take(app, &s->pin, text))
        let_in(app, s->pin.number);
}

/* Back to the number, never to the till. */
static bool sign_in_back(struct app *app, void *state)
{
    struct sign_in *s = state;
    (void)app;
    s->pin.number = 0;
    return true;
}

static bool sign_in_tick(struct app *app, void *state)
{
    const struct sign_in *s = state;
    return pin_waits(app, &s->pin);
}

static size_t sign_in_seen(const struct app *app, const void *state,
                           struct str typed)
{
    const struct sign_in *s = state;
    (void)app;
    return pin_seen(&s->pin, typed);
}

/* ---- drawing ---- */

static void sign_in_draw(const struct app *app, const void *state,
                         struct grid *grid, struct area area)
{
    const struct sign_in *s = state;
    int row = area.row + area.rows / 5;
    grid_puts(grid, row++, 1, STYLE_HEADING,
              s->pin.number > 0 ? _("Your PIN, please") : _("Who is there?"));
    row += pin_draw(app, &s->pin, grid, row);
    if (app->cart->n_lines > 0)
        grid_puts(grid, row++, 1, STYLE_TEXT, _("The cart is kept."));
    row++;
    pin_people(app, &s->pin, grid, row, area.row + area.rows);
}

static const char *sign_in_prompt(const struct app *app, const void *state)
{
    const struct sign_in *s = state;
    (void)app;
    return pin_prompt(&s->pin);
}

const struct screen sign_in_screen = {
    .id = "sign-in",
    .title = N_("Sign in"),
    .context = IN_SIGN_IN,
    .prompt = N_("Number, or number*PIN"),
    .prompt_of = sign_in_prompt,
    .seen = sign_in_seen,
    .size = sizeof(struct sign_in),
    .open = sign_in_open,
    .draw = sign_in_draw,
    .submit = sign_in_submit,
    .back = sign_in_back,
    .tick = sign_in_tick,
};
