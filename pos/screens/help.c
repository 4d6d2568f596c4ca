/*
 * help.c - what every key does on the screen below, from the table itself.
 */
#include "fair/i18n.h"
#include "fair/text.h"
#include "pos/screens/action.h"
#include "pos/screens/acts.h"
#include "pos/screens/bars.h"
#include "pos/screens/draw.h"
#include "pos/screens/screens.h"

enum { KEY_COLS = 14, KEY_COLS_NARROW = 10, COLS_NARROW = 60 };

/* Keys at the left, the explanation beside them in as many rows as it takes. */
static void put_row(struct buf *out, int cols, struct str keys,
                    const char *help)
{
    int key_cols = cols < COLS_NARROW ? KEY_COLS_NARROW : KEY_COLS;
    struct str rest = str_of(help);
    do {
        struct str now = draw_words(rest, cols - key_cols - 3);
        text_pad(out, keys, key_cols);
        buf_putc(out, ' ');
        buf_str(out, now);
        buf_putc(out, '\n');
        keys = STR("");
        rest.data += now.len;
        rest.len -= now.len;
        while (rest.len > 0 && rest.data[0] == ' ') {
            rest.data++;
            rest.len--;
        }
    } while (rest.len > 0);
}

static void put_action(struct buf *out, int cols, const struct action *a)
{
    BUF(keys, MAX_TEXT);
    if (!a->keys[0])
        return;
    for (int k = 0; k < ACTION_KEYS && a->keys[k]; k++)
        buf_printf(&keys, "%s%s", k ? " " : "", a->keys[k]);
    put_row(out, cols, buf_slice(&keys), _(a->help));
}

/* Twelve hot keys and six notes are said once. */
static bool is_repeated(const struct action *a)
{
    return a->arg > 1;
}

/* Keys that move rather than do: the same wherever there are rows. */
static const struct {
    int contexts;
    const char *keys, *help;
} movements[] = {
    { IN_SELL | IN_DIALOG | IN_RECEIPT, "Up Down",
      N_("choose a row; PageUp and PageDown by the page") },
    { IN_TEXT, "Up Down Space", N_("read on, read back") },
    { IN_GATE, "+ -", N_("one visitor more, one less") },
    { IN_GATE, "~ /", N_("the next count is an estimate; the next gate") },
};

void act_help(struct app *app, int arg)
{
    enum context context = app_top(app)->context;
    /* A window too small for it may grow before it is read. */
    int cols = app->cols < BARS_COLS_MIN ? BARS_COLS_MIN : app->cols;
    BUF(text, MAX_OUTPUT);
    (void)arg;
    if (app_top(app) == &text_screen)
        return;
    if (context == IN_SELL) {
        for (int i = 0; i < n_sell_grammar; i++)
            put_row(&text, cols, str_of(sell_grammar[i].example),
                    _(sell_grammar[i].help));
        buf_putc(&text, '\n');
    }
    for (int i = 0; i < n_actions; i++) {
        if ((actions[i].contexts & (int)context) && !is_repeated(&actions[i]))
            put_action(&text, cols, &actions[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(movements); i++) {
        if (movements[i].contexts & (int)context)
            put_row(&text, cols, str_of(movements[i].keys),
                    _(movements[i].help));
    }
    show_text(app, app_top(app)->title, buf_slice(&text), true);
}
