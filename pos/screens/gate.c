/*
 * gate.c - counting visitors: a screen for whoever stands at a gate with
 * nothing else to do, and one key for a till in between.
 *
 * Every count is an event at once: a gate's machine may lose its power at any
 * moment, too.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/i18n.h"
#include "fair/money.h"
#include "pos/screens/acts.h"
#include "pos/screens/draw.h"
#include "pos/screens/screens.h"
#include "pos/till/visits.h"

struct gate {
    int at;         /* index of the fair's gates */
    bool counted;   /* here: total is known */
    int64_t total;  /* counted by this till so far */
    int64_t last;   /* newest count */
    bool estimated; /* what is typed next is an estimate */
};

/* ---- recording ---- */

static bool count(struct app *app, int64_t n, struct str gate, bool estimated,
                  struct visited *out)
{
    struct visits visits = {
        .n = n, .gate = gate, .estimated = estimated, .op = app->me.number
    };
    enum err e = till_ready(&app->till);
    if (!e)
        e = visits_commit(&app->till, &visits, out);
    if (e)
        app_fail(app, e, NULL);
    else
        app_status(app);
    return !e;
}

/* "25", "+25" or "-3"; false when it is no number of visitors. */
static bool read_count(struct str text, int64_t *n)
{
    bool less = text.len > 0 && text.data[0] == '-';
    if (text.len > 0 && (less || text.data[0] == '+')) {
        text.data++;
        text.len--;
    }
    if (text.len == 0) {
        *n = less ? -1 : 1;
        return true;
    }
    if (money_parse(text, n) != ERR_OK || *n > VISITS_ENTRY_MAX)
        return false;
    *n = less ? -*n : *n;
    return *n != 0;
}

static void say_count(struct app *app, int64_t n, const struct visited *v)
{
    BUF(total, 64);
    money_render(&total, v->total);
    app_say(app, STYLE_GOOD, _("visitors: %+lld, together %s"), (long long)n,
            buf_text(&total));
}

/* ---- a key of the sell screen ---- */

void act_visit(struct app *app, int arg)
{
    struct visited v;
    int64_t n;
    (void)arg;
    if (!read_count(edit_text(app_entry(app)), &n)) {
        app_say(app, STYLE_ERROR, "%s",
                _("a number of visitors, or nothing for one"));
        return;
    }
    if (!count(app, n, STR(""), false, &v))
        return;
    edit_clear(app_entry(app));
    say_count(app, n, &v);
}

static void visits_answer(struct app *app, struct str text)
{
    struct visited v;
    int64_t n;
    bool estimated = text.len > 0 && text.data[0] == '~';
    struct str number = { text.data + estimated, text.len - estimated };
    if (text.len == 0)
        return;
    if (!read_count(number, &n))
        app_say(app, STYLE_ERROR, "%s", _("this is no number of visitors"));
    else if (count(app, n, str_of(app->gate ? app->gate : ""), estimated, &v))
        say_count(app, n, &v);
}

void act_visits(struct app *app, int arg)
{
    (void)arg;
    ask_text(app, N_("Count visitors: -5 corrects, ~300 is an estimate"),
             N_("Visitors"), "", visits_answer);
}

/* ---- the gate's own screen ---- */

static const struct list_fair *fair_of(const struct app *app)
{
    return app->till.lists ? lists_fair(app->till.lists) : NULL;
}

static int n_gates(const struct app *app)
{
    return fair_of(app) ? (int)fair_of(app)->n_gates : 0;
}

/* The gate this machine was started for, else the one chosen by '/'. */
static struct str gate_name(const struct app *app, const struct gate *g)
{
    if (app->gate && app->gate[0])
        return str_of(app->gate);
    int n = n_gates(app);
    return n > 0 ? fair_of(app)->gates[g->at % n].code : STR("");
}

static void gate_count(struct app *app, struct gate *g, int64_t n)
{
    struct visited v;
    BUF(name, 64);
    buf_str(&name, gate_name(app, g));
    if (!count(app, n, buf_slice(&name), g->estimated, &v))
        return;
    g->total = v.total;
    g->counted = true;
    g->last = n;
    g->estimated = false;
    app->message.bell = n < 0;
}

static void gate_submit(struct app *app, void *state, struct str text)
{
    int64_t n;
    if (read_count(text, &n)) {
        gate_count(app, state, n);
        return;
    }
    app_keep_entry(app);
    app_say(app, STYLE_ERROR, "%s", _("this is no number of visitors"));
}

/* '+', '-' and the blank count at once, unless a number was begun. */
static bool gate_key(struct app *app, void *state, const struct press *key)
{
    struct gate *g = state;
    int gates = n_gates(app);
    if (key->kind != K_TEXT || edit_text(app_entry(app)).len > 0)
        return false;
    if (key->code == '+' || key->code == ' ')
        gate_count(app, g, 1);
    else if (key->code == '-')
        gate_count(app, g, -1);
    else if (key->code == '~')
        g->estimated = !g->estimated;
    else if (key->code == '/' && gates > 0)
        g->at = (g->at + 1) % gates;
    else
        return false;
    return true;
}

static void draw_total(const struct app *app, const struct gate *g,
                       struct grid *grid, int row)
{
    BUF(text, 64);
    int64_t total =
        g->counted ? g->total : ledger_state(app->till.ledger)->sums.visits;
    money_render(&text, total);
    grid_puts(grid, row, 1, STYLE_HEADING, _("Counted here so far"));
    if (!draw_big(grid, row, grid->cols - 1, STYLE_TOTAL, buf_text(&text)))
        grid_right(grid, row, grid->cols - 1, STYLE_TOTAL, buf_slice(&text));
}

static void gate_draw(const struct app *app, const void *state,
                      struct grid *grid, struct area area)
{
    const struct gate *g = state;
    static const char *const keys[] = {
        N_("Enter, + or blank: one visitor more; -: one less"),
        N_("25 Enter: 25 more; ~ before it: an estimate"),
        N_("/: next gate"),
    };
    BUF(last, 64);
    BUF(gate, MAX_TEXT);
    int row = area.row, end = area.row + area.rows;
    buf_puts(&gate, _("Gate"));
    buf_putc(&gate, ' ');
    buf_str(&gate, gate_name(app, g));
    grid_puts(grid, row, 1, STYLE_HEADING, buf_text(&gate));
    draw_total(app, g, grid, row + 1);
    row += 1 + BIG_ROWS;
    if (g->last != 0) {
        buf_printf(&last, _("last: %+lld"), (long long)g->last);
        grid_puts(grid, row, 1, STYLE_GOOD, buf_text(&last));
    }
    if (g->estimated)
        grid_right(grid, row, grid->cols - 1, STYLE_WARN,
                   str_of(_("ESTIMATE")));
    row++;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        row += grid_wrap(grid, row, 1, area.cols - 2, end - row, STYLE_DIM,
                         str_of(_(keys[i])));
}

const struct screen gate_screen = {
    .id = "gate",
    .title = N_("Gate screen"),
    .context = IN_GATE,
    .prompt = N_("Visitors"),
    .size = sizeof(struct gate),
    .draw = gate_draw,
    .key = gate_key,
    .submit = gate_submit,
};

void act_gate(struct app *app, int arg)
{
    (void)arg;
    app_push(app, &gate_screen);
}
