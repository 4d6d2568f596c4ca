/*
 * opening.c - from a directory to a working screen and back: till, operators,
 * carts, companions.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "pos/screens/app.h"
#include "pos/screens/guide.h"
#include "pos/screens/screens.h"
#include "pos/till/practice.h"
#include "pos/till/trail.h"

static const char *const agent_argv[] = { "fair-sync", "--data",      NULL,
                                          "watch",     "--with-till", NULL };
static const char *const print_argv[] = { "fair-pos", "--data", NULL, "print",
                                          NULL };

/* ---- companions ---- */

enum { ARGV_DIR = 2, ARGV_ROOM = 8 };

/* The table's words with the directory in their place. */
static void argv_of(const struct app *app, const char *const *words,
                    const char *out[ARGV_ROOM])
{
    int i = 0;
    for (; words[i] || i == ARGV_DIR; i++)
        out[i] = i == ARGV_DIR ? app->dir : words[i];
    out[i] = NULL;
}

static void tend(struct app *app, struct companion *c, const char *const *words,
                 const char *log)
{
    const char *argv[ARGV_ROOM];
    BUF(path, MAX_TEXT);
    argv_of(app, words, argv);
    buf_printf(&path, "%s/%s.log", app->dir, log);
    if (c->started_ms == 0)
        companion_start(c, argv, buf_text(&path));
    else
        companion_tend(c, argv, buf_text(&path));
}

/* A practice till has nothing to send. */
void app_tend(struct app *app)
{
    if (!app->companions)
        return;
    if (!app->till.practice)
        tend(app, &app->agent, agent_argv, "sync");
    if (strcmp(app->set.printer.device, "none") != 0)
        tend(app, &app->printing, print_argv, "print");
}

void app_status(struct app *app)
{
    struct printer_state printer = { 0 };
    BUF(why, MAX_TEXT);
    printer_look(&app->set.printer, app->dir, &printer, &why);
    app->status.slips_waiting = printer.waiting;
    status_look(&app->till, &app->status);
}

/* ---- opening ---- */

static enum err open_till(const struct app_options *o, struct buf *why,
                          struct app *app)
{
    return o->practice
               ? practice_open(o->dir, "fair-pos", why, &app->till)
               : till_open(o->dir, LEDGER_WRITE, "fair-pos", why, &app->till);
}

/* Alone, number 0 works as supervisor without a PIN. */
static void sign_in_nobody(struct app *app)
{
    app->me = (struct operator_entry){ .number = 0, .role = ROLE_SUPERVISOR };
    app->signed_in = true;
}

static void first_screens(struct app *app, const struct app_options *o)
{
    app_push(app, o->gate ? &gate_screen : &sell_screen);
    if (!app->till.shift.open && !o->gate)
        app_push(app, &open_screen);
    if (operators_count(app->operators) > 0)
        app_push(app, &sign_in_screen);
    else
        sign_in_nobody(app);
}

static enum err fill(struct app *app, const struct app_options *o,
                     struct buf *why)
{
    bool kept = false;
    enum err e = settings_read(o->conf, why, &app->set);
    if (e)
        return e;
    if (o->no_color)
        app->set.theme = THEME_MONO;
    e = open_till(o, why, app);
    if (!e)
        e = operators_open(o->dir, &app->operators);
    if (!e)
        e = carts_open(&app->till, app->cart, &kept);
    if (e)
        return e;
    if (kept)
        app_say(app, STYLE_WARN, "%s",
                _("an open cart of a newer version is kept for it: ring it "
                  "up again"));
    app->selected = app->cart->n_lines - 1;
    return ERR_OK;
}

enum err app_open(const struct app_options *options, struct buf *why,
                  struct app *out)
{
    *out = (struct app){ .dir = options->dir,
                         .gate = options->gate,
                         .companions = options->companions,
                         .cart = x_alloc(sizeof(struct cart)) };
    buf_init(&out->message.text, MAX_TEXT);
    enum err e = fill(out, options, why);
    if (e) {
        app_close(out);
        return e;
    }
    out->key_ms = env_mono_ms();
    app_status(out);
    app_tend(out);
    first_screens(out, options);
    if (out->till.practice && !options->gate)
        guide_start(out);
    return ERR_OK;
}

void app_close(struct app *app)
{
    app_cart_again(app);
    while (app->depth > 1)
        app_pop(app);
    if (app->depth == 1)
        app_drop(app);
    companion_stop(&app->agent);
    companion_stop(&app->printing);
    search_close(app->search);
    operators_close(app->operators);
    till_close(&app->till);
    free(app->cart);
    buf_done(&app->message.text);
    memset(app, 0, sizeof(*app));
}

void app_lock(struct app *app)
{
    if (operators_count(app->operators) == 0 || !app->signed_in)
        return;
    (void)!trail_access(&app->till, app->me.number, "locked", app->me.number);
    app->signed_in = false;
    app_push(app, &sign_in_screen);
}
