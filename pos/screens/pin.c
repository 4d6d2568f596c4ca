/*
 * pin.c - number and PIN.
 */
#include "pos/screens/pin.h"

#include <sodium.h>
#include <string.h>

#include "fair/i18n.h"
#include "fair/money.h"

void pin_name(const struct operator_entry *who, struct buf *out)
{
    buf_printf(out, "%02lld %s", (long long)who->number, who->name);
}

/* ---- taking ---- */

static bool take_number(struct app *app, struct pin_entry *p, struct str text)
{
    const struct operator_entry *who = NULL;
    int64_t number;
    if (money_parse(text, &number) == ERR_OK)
        who = operators_find(app->operators, number);
    if (!who)
        app_say(app, STYLE_ERROR, "%s", _("no operator has this number"));
    else if (who->role < p->least)
        app_say(app, STYLE_ERROR, _("%s is no supervisor"), who->name);
    else
        p->number = number;
    return who && who->role >= p->least;
}

/* How long is to be waited is drawn, and counts down. */
static bool take_pin(struct app *app, const struct pin_entry *p,
                     struct str text)
{
    char pin[PIN_MAX + 1] = "";
    int64_t wait_ms = 0;
    if (text.len > 0 && text.len <= PIN_MAX)
        memcpy(pin, text.data, text.len);
    enum err e =
        operators_check(app->operators, &app->till, p->number, pin, &wait_ms);
    sodium_memzero(pin, sizeof(pin));
    if (e == ERR_BUSY && wait_ms > 0)
        app_say(app, STYLE_ERROR, "%s",
                _("too many wrong PINs: wait, then try again"));
    else if (e == ERR_PIN_WRONG)
        app_say(app, STYLE_ERROR, "%s", _("the PIN is not right"));
    else if (e)
        app_fail(app, e, NULL);
    return !e;
}

bool pin_take(struct app *app, struct pin_entry *p, struct str text)
{
    const char *star = text.len > 0 ? memchr(text.data, '*', text.len) : NULL;
    if (text.len == 0)
        return false;
    if (star) {
        size_t len = (size_t)(star - text.data);
        struct str pin = { star + 1, text.len - len - 1 };
        return take_number(app, p, (struct str){ text.data, len }) &&
               take_pin(app, p, pin);
    }
    if (p->number > 0 && text.len >= PIN_MIN)
        return take_pin(app, p, text);
    (void)!take_number(app, p, text);
    return false;
}

/* ---- showing ---- */

size_t pin_seen(const struct pin_entry *p, struct str typed)
{
    const char *star =
        typed.len > 0 ? memchr(typed.data, '*', typed.len) : NULL;
    if (star)
        return (size_t)(star - typed.data) + 1;
    return p->number > 0 ? 0 : typed.len;
}

const char *pin_prompt(const struct pin_entry *p)
{
    return p->number > 0 ? N_("PIN") : N_("Number, or number*PIN");
}

bool pin_waits(const struct app *app, const struct pin_entry *p)
{
    return operators_wait_ms(app->operators, p->number) > 0;
}

int pin_draw(const struct app *app, const struct pin_entry *p,
             struct grid *grid, int row)
{
    const struct operator_entry *who =
        p->number > 0 ? operators_find(app->operators, p->number) : NULL;
    int64_t wait_ms = operators_wait_ms(app->operators, p->number);
    BUF(text, MAX_TEXT);
    if (!who)
        return 0;
    pin_name(who, &text);
    grid_puts(grid, row, 1, STYLE_TOTAL, buf_text(&text));
    if (wait_ms <= 0)
        return 1;
    buf_clear(&text);
    buf_printf(&text, _("! wait %lld s"), (long long)(wait_ms + 999) / 1000);
    grid_puts(grid, row + 1, 1, STYLE_WARN, buf_text(&text));
    return 2;
}

void pin_people(const struct app *app, const struct pin_entry *p,
                struct grid *grid, int row, int end)
{
    enum { CELL = 26 };
    int per_row = (grid->cols - 2) / CELL, at = 0;
    for (int i = 0; i < operators_count(app->operators); i++) {
        const struct operator_entry *who = operators_at(app->operators, i);
        BUF(name, MAX_TEXT);
        if (who->role < p->least || row + at / per_row >= end)
            continue;
        pin_name(who, &name);
        grid_field(grid, row + at / per_row, 1 + at % per_row * CELL, CELL - 2,
                   STYLE_DIM, buf_slice(&name));
        at++;
    }
}
