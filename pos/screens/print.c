/*
 * print.c - slips into the spool, the drawer open; the screen never waits for
 * paper, and no failure here touches what was recorded.
 */
#include <string.h>

#include "fair/i18n.h"
#include "pos/paper/receipt.h"
#include "pos/screens/app.h"

bool app_prints(const struct app *app)
{
    return strcmp(app->set.printer.device, "none") != 0;
}

static void queue(struct app *app, const struct job *job)
{
    enum err e = printer_queue(&app->set.printer, app->till.dir, job);
    if (e)
        app_fail(app, e, _("the slip could not be queued"));
    else
        companion_nudge(&app->printing);
}

void app_print(struct app *app, int64_t seq, bool copy, bool drawer)
{
    BUF(text, MAX_OUTPUT);
    if (!app_prints(app))
        return;
    enum err e =
        receipt_render(&app->till, seq, app->set.printer.columns, copy, &text);
    if (e)
        app_fail(app, e, _("the slip cannot be shown"));
    else
        queue(app, &(struct job){ .text = buf_slice(&text), .drawer = drawer });
}

void app_print_text(struct app *app, struct str text)
{
    if (!app_prints(app))
        app_say(app, STYLE_WARN, "%s", _("no printer is set up"));
    else
        queue(app, &(struct job){ .text = text });
}

void app_open_drawer(struct app *app)
{
    if (app_prints(app))
        queue(app, &(struct job){ .text = STR(""), .drawer = true });
}
