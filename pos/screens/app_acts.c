/*
 * app_acts.c - actions about the screen itself, not about what it sells.
 */
#include <string.h>

#include "fair/i18n.h"
#include "pos/screens/acts.h"
#include "pos/screens/screens.h"

void act_enter(struct app *app, int arg)
{
    (void)arg;
    app_submit(app);
}

void act_back(struct app *app, int arg)
{
    (void)arg;
    app_back(app);
}

void act_lock(struct app *app, int arg)
{
    (void)arg;
    if (operators_count(app->operators) == 0)
        app_say(app, STYLE_WARN, "%s",
                _("there is no operator with a PIN yet: Menu, Operators"));
    else
        app_lock(app);
}

void act_switch(struct app *app, int arg)
{
    act_lock(app, arg);
}

static void quit(struct app *app)
{
    app->leave = true;
}

void act_quit(struct app *app, int arg)
{
    (void)arg;
    if (app->status.unsent == 0 || app->till.practice)
        quit(app);
    else
        ask_yes(app, N_("Quit"),
                _("Not everything is sent yet. It goes on sending while the "
                  "machine is on. Quit?"),
                quit);
}

void act_language(struct app *app, int arg)
{
    (void)arg;
    app->set.language = strcmp(app->set.language, "vi") == 0 ? "en" : "vi";
    i18n_init(app->set.language);
}

void act_theme(struct app *app, int arg)
{
    (void)arg;
    app->set.theme = (enum theme)((app->set.theme + 1) % (THEME_MONO + 1));
    app->restyle = true;
}

void act_glyphs(struct app *app, int arg)
{
    (void)arg;
    app->set.glyphs = (enum glyphs)((app->set.glyphs + 1) % (GLYPHS_ASCII + 1));
    app->restyle = true;
}
