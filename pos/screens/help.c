/*
 * help.c - what every key does on the screen below, from the table itself.
 */
#include "fair/i18n.h"
#include "fair/text.h"
#include "pos/screens/action.h"
#include "pos/screens/acts.h"
#include "pos/screens/screens.h"

enum { KEY_COLS = 14 };

static void put_row(struct buf *out, struct str keys, const char *help)
{
    text_pad(out, keys, KEY_COLS);
    buf_putc(out, ' ');
    buf_puts(out, help);
    buf_putc(out, '\n');
}

static void put_action(struct buf *out, const struct action *a)
{
    BUF(keys, MAX_TEXT);
    if (!a->keys[0])
        return;
    for (int k = 0; k < ACTION_KEYS && a->keys[k]; k++)
        buf_printf(&keys, "%s%s", k ? " " : "", a->keys[k]);
    put_row(out, buf_slice(&keys), _(a->help));
}

/* Twelve hot keys and six notes are said once. */
static bool is_repeated(const struct action *a)
{
    return a->arg > 1;
}

void act_help(struct app *app, int arg)
{
    enum context context = app_top(app)->context;
    BUF(text, MAX_OUTPUT);
    (void)arg;
    if (app_top(app) == &text_screen)
        return;
    if (context == IN_SELL) {
        for (int i = 0; i < n_sell_grammar; i++)
            put_row(&text, str_of(sell_grammar[i].example),
                    _(sell_grammar[i].help));
        buf_putc(&text, '\n');
    }
    for (int i = 0; i < n_actions; i++) {
        if ((actions[i].contexts & (int)context) && !is_repeated(&actions[i]))
            put_action(&text, &actions[i]);
    }
    show_text(app, app_top(app)->title, buf_slice(&text), true);
}
