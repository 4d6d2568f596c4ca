/*
 * info.c - things to look at: how the till is, whether it is ready, its codes.
 */
#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/money.h"
#include "fair/text.h"
#include "pos/paper/code_sheet.h"
#include "pos/screens/acts.h"
#include "pos/screens/screens.h"
#include "pos/till/setup.h"

/* ---- status ---- */

enum { LABEL_COLS = 22 };

static void put(struct buf *out, const char *label, struct str value)
{
    text_pad(out, str_of(label), LABEL_COLS);
    buf_str(out, value);
    buf_putc(out, '\n');
}

static void put_number(struct buf *out, const char *label, int64_t n)
{
    BUF(value, 64);
    money_render(&value, n);
    put(out, label, buf_slice(&value));
}

static void put_contact(struct buf *out, const struct status *s)
{
    BUF(value, 64);
    if (s->last_contact_ms == 0) {
        buf_puts(&value, _("never"));
    } else {
        day_render_people(&value, day_of_ms(s->last_contact_ms));
        buf_putc(&value, ' ');
        clock_render(&value, s->last_contact_ms);
    }
    put(out, _("Last contact"), buf_slice(&value));
}

static void put_clock(struct buf *out, const struct status *s)
{
    BUF(value, 64);
    if (s->last_contact_ms == 0)
        buf_puts(&value, _("not compared yet"));
    else
        buf_printf(&value, _("%+lld s against the aggregator's"),
                   (long long)(-s->offset_ms / 1000));
    put(out, _("Clock"), buf_slice(&value));
}

static const char *state_name(struct str state)
{
    static const struct {
        const char *word, *text;
    } names[] = {
        { "new", N_("new") },          { "active", N_("active") },
        { "fork", N_("forked") },      { "revoked", N_("revoked") },
        { "pin", N_("wrong server") }, { "refused", N_("refused") },
    };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (str_is(state, names[i].word))
            return _(names[i].text);
    }
    return "–";
}

void act_status(struct app *app, int arg)
{
    const struct ledger_state *l = ledger_state(app->till.ledger);
    const struct status *s = &app->status;
    BUF(text, MAX_TEXT);
    BUF(version, 32);
    (void)arg;
    app_status(app);
    put(&text, _("Device"), str_of(l->device));
    put_number(&text, _("Events"), l->count);
    put_number(&text, _("Not sent yet"), s->unsent);
    put_contact(&text, s);
    put_clock(&text, s);
    put_number(&text, _("Disk free, MB"), s->disk_free / (1024 * 1024));
    buf_int(&version, s->list_version);
    put(&text, _("List version"), buf_slice(&version));
    put_number(&text, _("Products"),
               app->till.lists ? lists_count(app->till.lists) : 0);
    put(&text, _("Printer"), str_of(app->set.printer.device));
    put_number(&text, _("Slips waiting"), s->slips_waiting);
    put(&text, _("Sent by fair-sync"), str_of(state_name(str_of(s->state))));
    show_text(app, N_("Status"), buf_slice(&text), true);
}

/* ---- ready for a day? ---- */

void act_doctor(struct app *app, int arg)
{
    static const char *const signs[] = { "✓", "!", "✗" };
    struct finding findings[FINDINGS_MAX];
    struct printer_state printer;
    BUF(why, MAX_TEXT);
    BUF(text, MAX_TEXT);
    (void)arg;
    printer_look(&app->set.printer, app->dir, &printer, &why);
    int n = setup_check(&app->till, &printer, findings);
    for (int i = 0; i < n; i++) {
        const struct finding *f = &findings[i];
        buf_printf(&text, "%s %s\n", signs[f->level], f->text);
        if (f->remedy[0])
            buf_printf(&text, "  %s\n", _(f->remedy));
    }
    show_text(app, N_("Check the till"), buf_slice(&text), true);
}

/* ---- codes ---- */

void act_codes(struct app *app, int arg)
{
    BUF(paper, MAX_OUTPUT);
    BUF(text, MAX_OUTPUT);
    int columns = app->set.printer.columns;
    (void)arg;
    if (!app->till.lists) {
        app_fail(app, ERR_LISTS, NULL);
        return;
    }
    code_sheet_render(&app->till, columns, &paper);
    code_sheet_render(&app->till, text_columns(app, columns), &text);
    show_text(app, N_("Code sheet"), buf_slice(&text), true);
    text_on_paper(app, buf_slice(&paper));
}
