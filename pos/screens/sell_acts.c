/*
 * sell_acts.c - what the keys of the sell screen do to the cart, and the one
 * place of the screen from which a sale is recorded.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/i18n.h"
#include "fair/money.h"
#include "fair/text.h"
#include "pos/model/judge.h"
#include "pos/screens/acts.h"
#include "pos/screens/back.h"
#include "pos/screens/pay.h"
#include "pos/screens/screens.h"
#include "pos/screens/sell.h"
#include "pos/till/refund.h"
#include "pos/till/trail.h"

/* ---- the cart ---- */

void sell_new_cart(struct app *app)
{
    cart_init(app->cart);
    app->selected = -1;
    enum err e = till_ready(&app->till);
    if (!e)
        e = sale_begin(&app->till, app->cart);
    if (e)
        app_fail(app, e, NULL);
}

/* A cart is begun when it is first needed: that reads the whole ledger once.
 * One that could not be when the disk failed is begun now. */
static enum err begun(struct app *app)
{
    enum err e = till_ready(&app->till);
    return e || app->cart->reference[0] ? e : sale_begin(&app->till, app->cart);
}

static enum err save_cart(struct app *app)
{
    enum err e = begun(app);
    if (!e)
        e = carts_save(&app->till, app->cart);
    app->cart_unsaved = e != ERR_OK;
    return e;
}

void app_cart_again(struct app *app)
{
    if (app->cart_unsaved)
        (void)!save_cart(app); /* it was said already */
}

void app_cart_begin(struct app *app)
{
    (void)!begun(app); /* who needs it says why not */
}

void app_cart_changed(struct app *app)
{
    if (app->selected >= app->cart->n_lines)
        app->selected = app->cart->n_lines - 1;
    enum err e = save_cart(app);
    if (e)
        app_fail(app, e, _("the cart could not be put on the disk"));
}

static struct judgement judge(const struct app *app, const struct product *p)
{
    const struct till *till = &app->till;
    int day = till->shift.open ? till->shift.day : till_day_now(till);
    return judge_product(till->lists ? lists_fair(till->lists) : NULL, p, day,
                         till_last_day(till));
}

/* What must be read first, for a narrow window ends early. */
static const char *fact_of(const struct judgement *j)
{
    if (!j->on_list)
        return _("NOT ON THE LIST");
    return j->state == CERT_EXPIRED ? _("EXPIRED") : _("EXPIRES SOON");
}

/* Says what is special about what was rung up; nothing where nothing is. */
static void say_judgement(struct app *app, const struct judgement *j,
                          struct str name)
{
    BUF(text, MAX_TEXT);
    BUF(known, MAX_TEXT);
    bool well = j->verdict == JUDGE_SELL;
    judge_say(j, &known);
    if (known.len == 0)
        return;
    if (!well)
        buf_printf(&text, "%s: ", fact_of(j));
    buf_str(&text, name);
    if (j->on_list) {
        /* The message line has a sign of its own. */
        size_t sign = strlen(judge_sign(j));
        buf_puts(&text, sign > 0 ? ":" : ": ");
        buf_puts(&text, buf_text(&known) + sign);
    }
    app_say(app, well ? STYLE_GOOD : STYLE_WARN, "%s", buf_text(&text));
}

static bool refused(struct app *app, const struct judgement *j, struct str name)
{
    enum err e = judge_err(j);
    if (j->verdict != JUDGE_REFUSE)
        return false;
    app_say(app, STYLE_ERROR, "%s: %.*s: %s – %s", fact_of(j), (int)name.len,
            name.data, _(err_text(e)), _(err_remedy(e)));
    return true;
}

static bool add_line(struct app *app, const struct product *p, int64_t milli,
                     struct str stamp)
{
    int line;
    struct judgement j = judge(app, p);
    if (refused(app, &j, p->name))
        return false;
    enum err e = cart_add_at(app->cart, p, milli, &line);
    if (!e && stamp.len > 0)
        e = cart_set_stamp(app->cart, line, stamp, &line);
    if (e) {
        app_fail(app, e, NULL);
        return false;
    }
    app->selected = line;
    app->last_shown = false;
    say_judgement(app, &j, p->name);
    app_cart_changed(app);
    return true;
}

bool sell_add(struct app *app, const struct product *p, int64_t milli)
{
    return add_line(app, p, milli, STR(""));
}

const struct product *sell_hot_product(const struct app *app, int key)
{
    return app->till.lists ? lists_hotkey(app->till.lists, key) : NULL;
}

void act_hot_key(struct app *app, int arg)
{
    const struct product *p = sell_hot_product(app, arg);
    if (p)
        (void)!sell_add(app, p, 1000);
    else
        app_say(app, STYLE_ERROR, "%s", _("no product has this hot key"));
}

/* ---- scans ---- */

/* A label that says the price: the weight that costs just that, else one
 * piece at that price. */
static bool add_priced(struct app *app, const struct product *p, int64_t vnd)
{
    struct product piece = *p;
    int64_t milli =
        p->price_vnd > 0 ? (vnd * 1000 + p->price_vnd / 2) / p->price_vnd : 0;
    int64_t amount;
    if (milli > 0 && milli <= MILLI_MAX &&
        money_line(p->price_vnd, milli, &amount) == ERR_OK && amount == vnd)
        return sell_add(app, p, milli);
    piece.price_vnd = vnd;
    return sell_add(app, &piece, 1000);
}

/* A stamp that names no product belongs to the line it is scanned after. */
static bool add_stamp(struct app *app, struct str stamp)
{
    if (!can_line(app))
        return false;
    enum err e =
        cart_set_stamp(app->cart, app->selected, stamp, &app->selected);
    if (e) {
        app_fail(app, e, NULL);
    } else {
        app_say(app, STYLE_GOOD, "%s", _("stamp kept with this line"));
        app_cart_changed(app);
    }
    return true;
}

bool sell_scan(struct app *app, struct str text)
{
    struct scan scan;
    scan_parse(text, &app->set.masks, &scan);
    const struct product *p =
        app->till.lists ? scan_find(app->till.lists, &scan) : NULL;
    if (!p)
        return scan.kind == SCAN_STAMP && scan.gtin[0] == '\0' &&
               add_stamp(app, str_of(scan.stamp));
    if (scan.kind == SCAN_WEIGHED)
        (void)!sell_add(app, p, scan.milli);
    else if (scan.kind == SCAN_PRICED)
        (void)!add_priced(app, p, scan.vnd);
    else
        (void)!add_line(app, p, 1000,
                        str_of(scan.kind == SCAN_STAMP ? scan.stamp : ""));
    return true;
}

bool sell_misread(struct app *app, struct str text)
{
    struct scan scan;
    scan_parse(text, &app->set.masks, &scan);
    if (scan.kind != SCAN_BAD_CHECK)
        return false;
    app_say(app, STYLE_ERROR, "%s", _("wrong check digit: scan it again"));
    return true;
}

/* ---- lines out, items off the list, discounts ---- */

bool can_cart(const struct app *app)
{
    const struct line_edit *e = &app->frames[app->depth - 1].entry;
    return app->cart->n_lines > 0 || e->text.len > 0;
}

bool can_cancel(const struct app *app)
{
    return app->cart->n_lines > 0;
}

bool can_line(const struct app *app)
{
    return app->selected >= 0 && app->selected < app->cart->n_lines;
}

/* Within what the operator may give alone? */
static bool within_limit(const struct app *app, const struct cart *cart)
{
    return app->me.role == ROLE_SUPERVISOR ||
           cart_discount_within(cart,
                                (int64_t)app->set.discount_limit_pct * 100);
}

/* With fewer goods an order discount weighs more: above the limit it has to be
 * given anew. */
static void fewer(struct app *app, bool was_within)
{
    if (!was_within || within_limit(app, app->cart))
        return;
    app->cart->order_discount_vnd = 0;
    app_say(app, STYLE_WARN, "%s",
            _("the discount of the whole cart is gone: give it again"));
}

void sell_remove(struct app *app)
{
    bool was_within = within_limit(app, app->cart);
    enum err e = till_ready(&app->till);
    if (!e)
        e = trail_line_removed(&app->till, app->cart, app->selected,
                               app->me.number);
    if (e) {
        app_fail(app, e, NULL);
        return;
    }
    app_say(app, STYLE_WARN, _("removed: %s"),
            app->cart->lines[app->selected].name);
    cart_remove(app->cart, app->selected);
    fewer(app, was_within);
    app_cart_changed(app);
}

void sell_quantity(struct app *app, int64_t milli)
{
    bool was_within = within_limit(app, app->cart);
    enum err e;
    if (milli <= 0) {
        sell_remove(app);
        return;
    }
    e = milli <= MILLI_MAX ? cart_set_quantity(app->cart, app->selected, milli)
                           : ERR_LIMIT;
    if (e) {
        app_keep_entry(app);
        app_fail(app, e, NULL);
        return;
    }
    fewer(app, was_within);
    app_cart_changed(app);
}

void act_remove(struct app *app, int arg)
{
    (void)arg;
    sell_remove(app);
}

static void unlisted_named(struct app *app, struct str name)
{
    struct sell *s = app_state(app, &sell_screen);
    ASSERT(s);
    enum err e = cart_add_unlisted(app->cart, name, STR(""), s->unlisted_vnd,
                                   s->unlisted_milli);
    if (e) {
        app_fail(app, e, NULL);
        return;
    }
    struct judgement j =
        judge_unlisted(app->till.lists ? lists_fair(app->till.lists) : NULL);
    app->selected = app->cart->n_lines - 1;
    app->last_shown = false;
    say_judgement(app, &j, name);
    app_cart_changed(app);
}

void sell_unlisted(struct app *app, int64_t vnd, int64_t milli)
{
    struct sell *s = app_state(app, &sell_screen);
    struct judgement j =
        judge_unlisted(app->till.lists ? lists_fair(app->till.lists) : NULL);
    BUF(title, MAX_TEXT);
    ASSERT(s);
    if (refused(app, &j, str_of(_("an item off the list"))))
        return;
    s->unlisted_vnd = vnd;
    s->unlisted_milli = milli;
    ask_text(app, N_("Item off the list: what is it?"), N_("Name"),
             _("Other goods"), unlisted_named);
}

static enum err put_discount(struct cart *cart, int64_t vnd, int line)
{
    return line < 0 ? cart_discount_order(cart, vnd)
                    : cart_discount_line(cart, line, vnd);
}

static void discount_allowed(struct app *app, int64_t by)
{
    struct sell *s = app_state(app, &sell_screen);
    (void)by;
    ASSERT(s);
    enum err e = put_discount(app->cart, s->discount_vnd, s->discount_line);
    if (e)
        app_fail(app, e, NULL);
    else
        app_cart_changed(app);
}

/* What a percentage of line i (-1: of all) is taken of. */
static int64_t discountable(const struct cart *cart, int i)
{
    int64_t vnd = 0;
    enum err e = i < 0 ? cart_total(cart, &vnd)
                       : money_line(cart->lines[i].price_vnd,
                                    cart->lines[i].milli, &vnd);
    return e ? 0 : vnd + (i < 0 ? cart->order_discount_vnd : 0);
}

void sell_discount(struct app *app, const struct entry *typed, int i)
{
    struct sell *s = app_state(app, &sell_screen);
    struct cart *would = x_alloc(sizeof(*would));
    int64_t vnd = typed->vnd;
    ASSERT(s);
    *would = *app->cart;
    if (typed->percent_hundredths > 0)
        vnd = cart_percent(discountable(would, i), typed->percent_hundredths);
    enum err e = put_discount(would, vnd, i);
    bool free_to = !e && (vnd == 0 || within_limit(app, would));
    free(would);
    s->discount_vnd = vnd;
    s->discount_line = i;
    if (e) {
        app_keep_entry(app);
        app_say(app, STYLE_ERROR, "%s",
                _("a discount is at most what it is taken off"));
    } else if (free_to) {
        discount_allowed(app, app->me.number);
    } else {
        app_allow(app, N_("discount above the limit"), discount_allowed);
    }
}

static void cancel_cart(struct app *app)
{
    enum err e = till_ready(&app->till);
    if (!e)
        e = trail_cart_cancelled(&app->till, app->cart, cart_draft,
                                 app->me.number);
    if (e) {
        app_fail(app, e, NULL);
        return;
    }
    sell_new_cart(app);
    app_say(app, STYLE_WARN, "%s", _("cart thrown away; this is recorded"));
}

void act_cancel(struct app *app, int arg)
{
    (void)arg;
    ask_yes(app, N_("Cancel cart"), _("Throw the whole cart away?"),
            cancel_cart);
}

void act_park(struct app *app, int arg)
{
    int place;
    (void)arg;
    if (app->cart->n_lines == 0) {
        parked_show(app);
        return;
    }
    enum err e = begun(app);
    if (!e)
        e = carts_park(&app->till, app->cart, edit_text(app_entry(app)),
                       app->me.number, &place);
    if (e) {
        app_fail(app, e, NULL);
        return;
    }
    edit_clear(app_entry(app));
    app->selected = -1;
    app->last_shown = false;
    app_say(app, STYLE_GOOD, _("parked as number %d; F3 takes it back"), place);
}

/* ---- paying ---- */

static void say_notes(struct app *app, const struct sold *sold)
{
    BUF(text, MAX_TEXT);
    for (const struct sale_note_name *n = sale_note_names; n->word; n++) {
        if (!(sold->notes & (int)n->note))
            continue;
        if (text.len > 0)
            buf_puts(&text, "; ");
        buf_puts(&text, _(n->text));
    }
    if (text.len > 0)
        app_say(app, STYLE_WARN, "%s", buf_text(&text));
}

static bool took_cash(const struct payment *payments, int n)
{
    for (int i = 0; i < n; i++) {
        if (strcmp(payments[i].method, "cash") == 0)
            return true;
    }
    return false;
}

bool sell_finish(struct app *app, const struct payment *payments, int n)
{
    struct sale sale = { .cart = app->cart,
                         .payments = payments,
                         .n_payments = n,
                         .op = app->me.number };
    struct sold sold;
    enum err e = begun(app);
    if (!e)
        e = sale_commit(&app->till, &sale, &sold);
    if (e) {
        app_fail(app, e, NULL);
        return false;
    }
    app->last = sold;
    app->last_shown = true;
    sell_new_cart(app);
    say_notes(app, &sold);
    if (app->set.print_every_sale)
        app_print(app, sold.seq, false);
    else if (took_cash(payments, n))
        app_open_drawer(app);
    app_status(app);
    return true;
}

void sell_total(struct app *app)
{
    if (!app->till.shift.open)
        app_push(app, &open_screen);
    else if (app->cart->n_lines == 0)
        app_say(app, STYLE_WARN, "%s", _("type or scan an item first"));
    else
        app_push(app, &pay_screen);
}

/* What is typed is taken first: code and F9 sell it. */
void act_exact(struct app *app, int arg)
{
    (void)arg;
    if (app_top(app) == &pay_screen) {
        pay_exact(app);
        return;
    }
    if (edit_text(app_entry(app)).len > 0)
        app_submit(app);
    if (app_top(app) != &sell_screen || app->cart->n_lines == 0 ||
        edit_text(app_entry(app)).len > 0)
        return;
    if (!app->till.shift.open)
        app_push(app, &open_screen);
    else
        (void)!sell_finish(app, &(struct payment){ "cash", -1, STR("") }, 1);
}

/* ---- the sale before ---- */

bool can_undo(const struct app *app)
{
    return app->last.seq > app->till.shift.opened && app->till.shift.open;
}

static void undo(struct app *app)
{
    struct refunded out;
    enum err e = till_ready(&app->till);
    if (!e)
        e = void_commit(&app->till, app->last.seq, STR("undone"),
                        app->me.number, &out);
    if (e) {
        app_fail(app, e, NULL);
        return;
    }
    BUF(back, MAX_TEXT);
    back_words(&out, &back);
    app_print(app, out.seq, false);
    app->last = (struct sold){ 0 };
    app->last_shown = false;
    app_status(app);
    app_say(app, STYLE_GOOD, _("sale undone: give back %s"), buf_text(&back));
}

void act_undo(struct app *app, int arg)
{
    BUF(number, MAX_TEXT);
    BUF(ways, MAX_TEXT);
    BUF(question, MAX_TEXT);
    struct refunded back;
    (void)arg;
    if (!back_of_void(app, app->last.seq, &back))
        return;
    till_receipt_number(&app->till, app->last.seq, &number);
    buf_printf(&question, _("Void receipt %s: "), buf_text(&number));
    money_render(&question, app->last.total_vnd);
    buf_puts(&question, " đ?\n");
    back_words(&back, &ways);
    buf_printf(&question, _("To give back: %s"), buf_text(&ways));
    ask_yes(app, N_("Undo sale"), buf_text(&question), undo);
}

void act_drawer(struct app *app, int arg)
{
    (void)arg;
    app_push(app, &drawer_screen);
}
