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
    enum err e = printer_queue(&app->set.printer, app->dir, job);
    if (e)
        app_fail(app, e, _("the slip could not be queued"));
    else
        companion_nudge(&app->printing);
}

static void queue_sheet(struct app *app, enum err e, const struct sheet *sheet)
{
    if (e)
        app_fail(app, e, _("the slip cannot be made"));
    else
        queue(app, &sheet->job);
}

void app_print(struct app *app, int64_t seq, bool copy)
{
    struct sheet sheet;
    if (!app_prints(app))
        return;
    sheet_init(&sheet);
    enum err e =
        receipt_job(&app->till, seq, app->set.printer.columns, copy, &sheet);
    queue_sheet(app, e, &sheet);
    sheet_done(&sheet);
}

void app_print_payslip(struct app *app, const struct payslip *pay)
{
    struct sheet sheet;
    if (!app_prints(app)) {
        app_say(app, STYLE_WARN, "%s", _("no printer is set up"));
        return;
    }
    sheet_init(&sheet);
    enum err e =
        payslip_render(&app->till, pay, app->set.printer.columns, &sheet);
    queue_sheet(app, e, &sheet);
    sheet_done(&sheet);
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
