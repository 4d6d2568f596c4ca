/*
 * people_list.c - who may work here: operators added, changed, taken out.
 *
 * Promise: only a supervisor gets here; while there is nobody yet, the first
 * one added is a supervisor, and works here from then on.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "fair/i18n.h"
#include "fair/money.h"
#include "fair/text.h"
#include "pos/screens/acts.h"
#include "pos/screens/draw.h"
#include "pos/screens/pin.h"
#include "pos/screens/screens.h"

static const char *const role_names[] = { N_("cashier"), N_("supervisor") };

static const struct {
    const char *code, *name;
} languages[] = {
    { "", N_("the till's") },
    { "vi", "Tiếng Việt" },
    { "en", "English" },
};

static const char *language_name(const char *code)
{
    size_t i = 0;
    while (i + 1 < ARRAY_LEN(languages) && strcmp(languages[i].code, code) != 0)
        i++;
    return _(languages[i].name);
}

/* ---- one person ---- */

enum person_row {
    PERSON_NAME,
    PERSON_ROLE,
    PERSON_LANGUAGE,
    PERSON_PIN,
    PERSON_AGAIN, /* only while a PIN was typed */
    PERSON_SAVE,
    PERSON_REMOVE, /* only of one who is there already */
    PERSON_ROWS
};

struct person {
    struct operator_entry entry;
    int64_t by; /* who adds or changes */
    bool added; /* not there before */
    int row;
    char pin[PIN_MAX + 1]; /* "": as before */
    bool again;            /* the PIN was typed a second time */
};

static const struct screen person_screen;

static bool row_there(const struct person *p, int row)
{
    if (row == PERSON_AGAIN)
        return p->pin[0] != '\0' && !p->again;
    return row != PERSON_REMOVE || !p->added;
}

static bool person_step(struct person *p, int by)
{
    int to = p->row + by;
    while (to > 0 && to < PERSON_ROWS && !row_there(p, to))
        to += by;
    if (to >= 0 && to < PERSON_ROWS && row_there(p, to))
        p->row = to;
    return true;
}

static void person_close(struct app *app, void *state)
{
    struct person *p = state;
    (void)app;
    sodium_memzero(p->pin, sizeof(p->pin));
}

/* ---- taking what was typed ---- */

static const char *take_name(struct person *p, struct str text)
{
    BUF(name, MAX_TEXT);
    if (text_clean(&name, text, MAX_NAME_COLUMNS) ||
        name.len >= sizeof(p->entry.name))
        return N_("a name is one line of text");
    memcpy(p->entry.name, name.data, name.len);
    p->entry.name[name.len] = '\0';
    return NULL;
}

static const char *take_pin(struct person *p, struct str text)
{
    char pin[PIN_MAX + 1] = "";
    if (text.len <= PIN_MAX)
        memcpy(pin, text.data, text.len);
    bool good = pin_valid(pin);
    if (good)
        memcpy(p->pin, pin, sizeof(pin));
    p->again = false;
    sodium_memzero(pin, sizeof(pin));
    return good ? NULL : N_("a PIN is 6 to 12 digits");
}

static const char *take_again(struct person *p, struct str text)
{
    p->again = str_is(text, p->pin);
    if (p->again)
        return NULL;
    sodium_memzero(p->pin, sizeof(p->pin));
    p->row = PERSON_PIN;
    return N_("these were two PINs: type it anew");
}

static const char *take_number(struct person *p, struct str text)
{
    int n = text.len == 1 ? text.data[0] - '1' : -1;
    if (p->row == PERSON_ROLE && n >= 0 && n < (int)ARRAY_LEN(role_names))
        p->entry.role = (enum role)n;
    else if (p->row == PERSON_LANGUAGE && n >= 0 &&
             n < (int)ARRAY_LEN(languages))
        snprintf(p->entry.language, sizeof(p->entry.language), "%s",
                 languages[n].code);
    else
        return N_("type one of the numbers shown");
    return NULL;
}

/* NULL, or what is wrong with it. */
static const char *person_take(struct person *p, struct str text)
{
    switch (p->row) {
    case PERSON_NAME: return take_name(p, text);
    case PERSON_ROLE:
    case PERSON_LANGUAGE: return take_number(p, text);
    case PERSON_PIN: return take_pin(p, text);
    case PERSON_AGAIN: return take_again(p, text);
    default: return N_("nothing can be typed here");
    }
}

/* ---- saving ---- */

/* What is changed about whoever works now holds at once. */
static void follow(struct app *app, const struct operator_entry *entry)
{
    if (app->me.number == entry->number || app->me.number == 0)
        app->me = *entry;
}

static const char *missing(const struct app *app, const struct person *p)
{
    if (p->entry.name[0] == '\0')
        return N_("the name is missing");
    if (p->added && p->pin[0] == '\0')
        return N_("the PIN is missing");
    if (p->pin[0] != '\0' && !p->again)
        return N_("the PIN is to be typed twice");
    if (operators_count(app->operators) == 0 &&
        p->entry.role != ROLE_SUPERVISOR)
        return N_("the first one must be a supervisor");
    return NULL;
}

static void person_save(struct app *app, struct person *p)
{
    const char *why = missing(app, p);
    if (why) {
        app_say(app, STYLE_ERROR, "%s", _(why));
        return;
    }
    enum err e = operators_put(app->operators, &app->till, &p->entry,
                               p->pin[0] ? p->pin : NULL, p->by);
    if (e) {
        app_fail(app, e,
                 e == ERR_INVALID && p->entry.role != ROLE_SUPERVISOR
                     ? _("one supervisor has to remain")
                     : NULL);
        return;
    }
    follow(app, &p->entry);
    app_say(app, STYLE_GOOD, _("kept: %s"), p->entry.name);
    app_pop(app);
}

/* With the last one gone the till works without a PIN again. */
static void person_remove(struct app *app)
{
    struct person *p = app_state(app, &person_screen);
    ASSERT(p);
    enum err e =
        operators_remove(app->operators, &app->till, p->entry.number, p->by);
    if (e) {
        app_fail(app, e,
                 e == ERR_INVALID ? _("one supervisor has to remain") : NULL);
        return;
    }
    if (operators_count(app->operators) == 0)
        app->me = *operators_find(app->operators, 0);
    app_say(app, STYLE_WARN, _("taken out: %s"), p->entry.name);
    app_pop(app);
}

static void ask_remove(struct app *app, const struct person *p)
{
    BUF(question, MAX_TEXT);
    if (p->entry.number == app->me.number &&
        operators_count(app->operators) > 1) {
        app_say(app, STYLE_ERROR, "%s",
                _("another supervisor has to take you out"));
        return;
    }
    buf_printf(&question, _("Take %s out?"), p->entry.name);
    ask_yes(app, N_("Operators"), buf_text(&question), person_remove);
}

static void person_submit(struct app *app, void *state, struct str text)
{
    struct person *p = state;
    if (text.len == 0 && p->row == PERSON_SAVE) {
        person_save(app, p);
    } else if (text.len == 0 && p->row == PERSON_REMOVE) {
        ask_remove(app, p);
    } else if (text.len == 0) {
        (void)person_step(p, 1);
    } else {
        const char *why = person_take(p, text);
        if (why)
            app_say(app, STYLE_ERROR, "%s", _(why));
        else
            (void)person_step(p, 1);
    }
}

static bool person_key(struct app *app, void *state, const struct press *key)
{
    struct person *p = state;
    (void)app;
    if (key->kind == K_UP)
        return person_step(p, -1);
    return key->kind == K_DOWN && person_step(p, 1);
}

static size_t person_seen(const struct app *app, const void *state,
                          struct str typed)
{
    const struct person *p = state;
    (void)app;
    return p->row == PERSON_PIN || p->row == PERSON_AGAIN ? 0 : typed.len;
}

/* ---- drawing one ---- */

static const struct {
    const char *label, *prompt;
} rows[PERSON_ROWS] = {
    [PERSON_NAME] = { N_("Name"), N_("Name") },
    [PERSON_ROLE] = { N_("Role"), N_("1 cashier, 2 supervisor") },
    [PERSON_LANGUAGE] = { N_("Language"),
                          N_("1 the till's, 2 Tiếng Việt, 3 English") },
    [PERSON_PIN] = { N_("PIN"), N_("PIN, 6 to 12 digits") },
    [PERSON_AGAIN] = { N_("PIN again"), N_("The same PIN again") },
    [PERSON_SAVE] = { N_("Keep"), N_("Enter keeps all this") },
    [PERSON_REMOVE] = { N_("Take out"), N_("Enter takes this one out") },
};

static const char *value_of(const struct person *p, int row)
{
    switch (row) {
    case PERSON_NAME: return p->entry.name;
    case PERSON_ROLE: return _(role_names[p->entry.role]);
    case PERSON_LANGUAGE: return language_name(p->entry.language);
    case PERSON_PIN:
        if (p->pin[0])
            return p->again ? _("a new one") : _("typed once");
        return p->added ? _("none yet") : _("as before");
    default: return "";
    }
}

static void person_draw(const struct app *app, const void *state,
                        struct grid *grid, struct area area)
{
    const struct person *p = state;
    int row = area.row;
    BUF(title, MAX_TEXT);
    buf_printf(&title,
               p->added ? _("New operator %02lld") : _("Operator %02lld"),
               (long long)p->entry.number);
    grid_puts(grid, row++, 1, STYLE_HEADING, buf_text(&title));
    for (int i = 0; i < PERSON_ROWS && row < area.row + area.rows; i++) {
        enum style style = i == p->row ? STYLE_SELECTED : STYLE_TEXT;
        if (!row_there(p, i))
            continue;
        grid_fill(grid, row, 0, area.cols, style, " ");
        if (i == p->row)
            grid_puts(grid, row, 0, style, ">");
        grid_puts(grid, row, 2, style, _(rows[i].label));
        grid_puts(grid, row++, 16, style, value_of(p, i));
    }
    if (operators_count(app->operators) == 0)
        grid_wrap(grid, row + 1, 1, area.cols - 2,
                  area.row + area.rows - row - 1, STYLE_DIM,
                  str_of(_("The first one must be a supervisor.")));
}

static const char *person_prompt(const struct app *app, const void *state)
{
    const struct person *p = state;
    (void)app;
    return rows[p->row].prompt;
}

static const struct screen person_screen = {
    .id = "person",
    .title = N_("Operator"),
    .context = IN_DIALOG,
    .prompt = N_("Name"),
    .prompt_of = person_prompt,
    .seen = person_seen,
    .size = sizeof(struct person),
    .close = person_close,
    .draw = person_draw,
    .key = person_key,
    .submit = person_submit,
};

/* ---- all of them ---- */

struct people {
    struct picker picker;
    int64_t by; /* the supervisor */
};

static void person_show(struct app *app, int64_t number, int64_t by)
{
    const struct operator_entry *who =
        operators_count(app->operators) > 0
            ? operators_find(app->operators, number)
            : NULL;
    app_push(app, &person_screen);
    struct person *p = app_state(app, &person_screen);
    p->by = by;
    p->added = !who;
    p->entry =
        who ? *who
            : (struct operator_entry){
                  .number = number,
                  .role = operators_count(app->operators) == 0 ? ROLE_SUPERVISOR
                                                               : ROLE_CASHIER,
              };
}

static void people_submit(struct app *app, void *state, struct str text)
{
    struct people *p = state;
    int64_t number = 0;
    int n = operators_count(app->operators);
    if (text.len == 0 && p->picker.selected < n)
        number = operators_at(app->operators, p->picker.selected)->number;
    if (text.len > 0 && money_parse(text, &number))
        number = 0;
    if (number >= 1 && number <= OPERATOR_MAX) {
        person_show(app, number, p->by);
        return;
    }
    app_keep_entry(app);
    app_say(app, STYLE_ERROR, "%s", _("a number is 1 to 999"));
}

static bool people_key(struct app *app, void *state, const struct press *key)
{
    struct people *p = state;
    p->picker.n = operators_count(app->operators);
    return picker_key(&p->picker, key, app->rows > 6 ? app->rows - 6 : 1);
}

static void draw_one(const struct app *app, const void *state, int i,
                     const struct spot *at)
{
    const struct operator_entry *who = operators_at(app->operators, i);
    int name = at->grid->cols >= 60 ? 30 : at->grid->cols - 16;
    BUF(text, MAX_TEXT);
    (void)state;
    pin_name(who, &text);
    grid_field(at->grid, at->row, 2, name, at->style, buf_slice(&text));
    grid_puts(at->grid, at->row, 3 + name, at->style, _(role_names[who->role]));
    if (at->grid->cols >= 60)
        grid_puts(at->grid, at->row, 18 + name, at->style,
                  language_name(who->language));
}

static void people_draw(const struct app *app, const void *state,
                        struct grid *grid, struct area area)
{
    const struct people *p = state;
    struct picker picker = p->picker;
    struct area list = { area.row + 1, area.rows - 2, area.cols };
    picker.n = operators_count(app->operators);
    grid_puts(grid, area.row, 1, STYLE_HEADING, _("Operators"));
    if (picker.n > 0)
        draw_list(app, &(struct rows){ &picker, p, draw_one }, grid, list);
    else
        grid_wrap(grid, list.row, 1, area.cols - 2, list.rows, STYLE_TEXT,
                  str_of(_("There is none yet: the till works without a PIN. "
                           "The first one must be a supervisor.")));
    grid_puts(grid, area.row + area.rows - 1, 1, STYLE_DIM,
              _("A new number adds; Enter changes"));
}

const struct screen people_screen = {
    .id = "people",
    .title = N_("Operators"),
    .context = IN_DIALOG,
    .prompt = N_("No."),
    .size = sizeof(struct people),
    .draw = people_draw,
    .key = people_key,
    .submit = people_submit,
};

static void people_allowed(struct app *app, int64_t by)
{
    app_push(app, &people_screen);
    struct people *p = app_state(app, &people_screen);
    p->by = by;
}

void act_people(struct app *app, int arg)
{
    (void)arg;
    app_allow(app, N_("change operators"), people_allowed);
}
