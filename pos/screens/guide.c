/*
 * guide.c - the steps of the guided sale, each with what shows it done.
 */
#include "pos/screens/guide.h"

#include "fair/i18n.h"
#include "pos/screens/acts.h"
#include "pos/screens/screens.h"

static bool shift_is_open(const struct app *app)
{
    return app->till.shift.open && app_top(app) == &sell_screen;
}

static bool one_line(const struct app *app)
{
    return app->cart->n_lines >= 1;
}

static bool two_of_it(const struct app *app)
{
    return app->selected >= 0 && app->selected < app->cart->n_lines &&
           app->cart->lines[app->selected].milli == 2000;
}

static bool paying(const struct app *app)
{
    return app_top(app) == &pay_screen;
}

static bool sold(const struct app *app)
{
    return app->last.seq > app->guide_from;
}

static bool sold_again(const struct app *app)
{
    return app->guide_second != 0 && app->last.seq > app->guide_second;
}

static bool undone(const struct app *app)
{
    return app->last.seq == 0;
}

static const struct step {
    bool (*done)(const struct app *app);
    const char *text;
} steps[] = {
    { shift_is_open, N_("1/7 A day begins with a shift: type the cash in the "
                        "drawer and press Enter until you see the products.") },
    { one_line, N_("2/7 Type 1 and Enter, or a part of a name: the product is "
                   "in the cart.") },
    { two_of_it, N_("3/7 Now two of it: type *2 and Enter.") },
    { paying, N_("4/7 Enter on the empty line: the total.") },
    { sold, N_("5/7 The customer pays: type what you get (200 means 200.000), "
               "or a key like F3, then Enter.") },
    { sold_again, N_("6/7 Most sales are quick: type a code and press F9 - "
                     "exact cash, done.") },
    { undone, N_("7/7 A mistake? Ctrl-Z takes the last sale back. Try it.") },
};

void guide_start(struct app *app)
{
    app->guide = 1;
    app->guide_from = ledger_state(app->till.ledger)->count;
    app->guide_second = 0;
    guide_follow(app);
}

void guide_follow(struct app *app)
{
    while (app->guide > 0 && steps[app->guide - 1].done(app)) {
        if (steps[app->guide - 1].done == sold)
            app->guide_second = app->last.seq;
        if (app->guide++ < (int)ARRAY_LEN(steps))
            continue;
        app->guide = 0;
        app_say(app, STYLE_GOOD, "%s",
                _("That was all: you can sell. F1 shows every key."));
    }
}

const char *guide_text(const struct app *app)
{
    return app->guide > 0 ? _(steps[app->guide - 1].text) : NULL;
}

bool can_guide(const struct app *app)
{
    return app->till.practice;
}

void act_guide(struct app *app, int arg)
{
    (void)arg;
    guide_start(app);
}
