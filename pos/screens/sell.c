/*
 * sell.c - the screen a cashier lives in: cart, matches of what is typed,
 * total; and the change of the sale before, until the next one begins.
 */
#include "pos/screens/sell.h"

#include <stdlib.h>
#include <string.h>

#include "fair/i18n.h"
#include "fair/money.h"
#include "fair/text.h"
#include "pos/model/notes.h"
#include "pos/screens/draw.h"
#include "pos/screens/screens.h"

/* ---- what is typed ---- */

static void sell_changed(struct app *app, void *state)
{
    struct sell *s = state;
    struct entry typed;
    s->n_matches = 0;
    s->match = 0;
    entry_parse(edit_text(app_entry(app)), app->set.thousands, &typed);
    if (typed.kind != ENTRY_ITEM || !app->till.lists ||
        lists_find(app->till.lists, typed.word))
        return;
    s->n_matches =
        search_find(app_search(app), typed.word, s->matches, MATCHES_MAX);
}

static bool enough(struct app *app)
{
    if (app->selected >= 0 && app->selected < app->cart->n_lines)
        return true;
    app_say(app, STYLE_ERROR, "%s", _("the cart is empty"));
    return false;
}

static void submit_item(struct app *app, struct sell *s,
                        const struct entry *typed)
{
    const struct product *p =
        app->till.lists ? lists_find(app->till.lists, typed->word) : NULL;
    if (!p && s->n_matches > 0)
        p = s->matches[s->match];
    if (!p && !typed->counted && sell_scan(app, typed->word))
        return;
    if (!p || !sell_add(app, p, typed->milli)) {
        app_keep_entry(app);
        if (!p)
            app_fail(app, app->till.lists ? ERR_ITEM : ERR_LISTS, NULL);
    }
}

static void submit_quantity(struct app *app, int64_t milli)
{
    if (enough(app))
        sell_quantity(app, milli);
}

static void submit_step(struct app *app, int64_t by)
{
    if (enough(app))
        sell_quantity(app, app->cart->lines[app->selected].milli + by);
}

static void sell_submit(struct app *app, void *state, struct str text)
{
    struct sell *s = state;
    struct entry typed;
    entry_parse(text, app->set.thousands, &typed);
    switch (typed.kind) {
    case ENTRY_EMPTY: sell_total(app); break;
    case ENTRY_ITEM: submit_item(app, s, &typed); break;
    case ENTRY_QUANTITY: submit_quantity(app, typed.milli); break;
    case ENTRY_MORE: submit_step(app, 1000); break;
    case ENTRY_LESS: submit_step(app, -1000); break;
    case ENTRY_UNLISTED: sell_unlisted(app, typed.vnd, typed.milli); break;
    case ENTRY_DISCOUNT:
        if (enough(app))
            sell_discount(app, &typed, app->selected);
        break;
    case ENTRY_DISCOUNT_ALL:
        if (enough(app))
            sell_discount(app, &typed, -1);
        break;
    case ENTRY_WRONG:
        app_keep_entry(app);
        app_say(app, STYLE_ERROR, "%s", _(typed.why));
        break;
    }
}

/* ---- keys ---- */

static bool step(int *at, int by, int n)
{
    int to = *at + by;
    if (n > 0)
        *at = to < 0 ? 0 : to >= n ? n - 1 : to;
    return true;
}

static bool sell_key(struct app *app, void *state, const struct press *key)
{
    struct sell *s = state;
    int *at = s->n_matches > 0 ? &s->match : &app->selected;
    int n = s->n_matches > 0 ? s->n_matches : app->cart->n_lines;
    switch ((int)key->kind) {
    case K_UP: return step(at, -1, n);
    case K_DOWN: return step(at, 1, n);
    case K_PAGE_UP: return step(at, -8, n);
    case K_PAGE_DOWN: return step(at, 8, n);
    case K_SCAN:
        return sell_scan(app, key->text) || sell_misread(app, key->text);
    default: return false;
    }
}

/* ---- drawing ---- */

/* Where the columns of a cart line end; a narrow screen has no price. */
enum { QUANTITY_COLS = 14 };
struct columns {
    int name, quantity, price, amount;
};

static struct columns columns_of(int cols)
{
    struct columns c = { .amount = cols - 1 };
    if (cols >= 60) {
        c.price = c.amount - 14;
        c.quantity = c.price - 12;
        c.name = c.quantity - QUANTITY_COLS - 1;
    } else {
        c.quantity = c.amount - 12;
        c.name = c.quantity - 8;
    }
    return c;
}

static void draw_head(struct grid *grid, int row)
{
    struct columns c = columns_of(grid->cols);
    grid_puts(grid, row, 1, STYLE_DIM, _("Item"));
    grid_right(grid, row, c.quantity, STYLE_DIM, str_of(_("Quantity")));
    if (c.price)
        grid_right(grid, row, c.price, STYLE_DIM, str_of(_("Price")));
    grid_right(grid, row, c.amount, STYLE_DIM, str_of(_("Amount")));
}

/* A mark in words or signs for what is special about a line, its name and its
 * discount, in so many columns: the name gives way. */
static void put_marks(const struct cart_line *l, int columns, struct buf *out)
{
    BUF(off, 64);
    if (l->unlisted)
        buf_puts(out, "! ");
    if (l->stamp[0])
        buf_puts(out, "# ");
    if (l->discount_vnd > 0) {
        buf_puts(&off, " −");
        money_render(&off, l->discount_vnd);
    }
    struct str name = str_of(l->name);
    int room =
        columns - text_width(buf_slice(out)) - text_width(buf_slice(&off));
    bool cut = text_width(name) > room;
    buf_str(out, room > 1 ? text_clip(name, room - cut) : STR(""));
    buf_puts(out, cut ? "…" : "");
    buf_str(out, buf_slice(&off));
}

/* As much of the unit as the column has left beside the number. */
static void put_unit(struct str unit, struct buf *count)
{
    int room = QUANTITY_COLS - text_width(buf_slice(count)) - 1;
    bool cut = text_width(unit) > room;
    if (unit.len == 0 || room < 2)
        return;
    buf_putc(count, ' ');
    buf_str(count, text_clip(unit, room - cut));
    buf_puts(count, cut ? "…" : "");
}

/* Ends before `end`; where the column left of it ends at the latest, with a
 * blank between. */
static int put_column(const struct spot *at, int end, struct str text)
{
    grid_right(at->grid, at->row, end, at->style, text);
    return end - text_width(text) - 1;
}

static int earlier(int a, int b)
{
    return a < b ? a : b;
}

/* From the right, so that a long number pushes what is left of it. */
static void draw_line(const struct app *app, int i, const struct spot *at)
{
    const struct cart_line *l = &app->cart->lines[i];
    struct columns c = columns_of(at->grid->cols);
    int64_t vnd = 0;
    int left = c.amount;
    BUF(name, MAX_TEXT);
    BUF(count, MAX_TEXT);
    BUF(price, 64);
    BUF(amount, 64);
    grid_fill(at->grid, at->row, 0, at->grid->cols, at->style, " ");
    if (i == app->selected)
        grid_puts(at->grid, at->row, 0, at->style, ">");
    if (cart_line_amount(app->cart, i, &vnd) == ERR_OK) {
        money_render(&amount, vnd);
        left = put_column(at, c.amount, buf_slice(&amount));
    }
    qty_render(&count, l->milli);
    if (c.price) {
        put_unit(str_of(l->unit), &count);
        money_render(&price, l->price_vnd);
        left = put_column(at, earlier(c.price, left), buf_slice(&price));
    }
    left = put_column(at, earlier(c.quantity, left), buf_slice(&count));
    int columns = earlier(c.name, left) - 1;
    put_marks(l, columns, &name);
    grid_field(at->grid, at->row, 1, columns, at->style, buf_slice(&name));
}

static void draw_cart(const struct app *app, struct grid *grid,
                      struct area area)
{
    struct picker p = { app->cart->n_lines, app->selected, 0 };
    if (p.selected < 0)
        p.selected = p.n - 1;
    p.top = p.n - area.rows; /* the newest lines are in sight */
    int first = picker_top(&p, area.rows);
    for (int i = 0; i < area.rows && first + i < p.n; i++) {
        bool on = first + i == app->selected;
        draw_line(app, first + i,
                  &(struct spot){ grid, area.row + i,
                                  on ? STYLE_SELECTED : STYLE_TEXT });
    }
    if (first > 0)
        grid_puts(grid, area.row, 0, STYLE_DIM, "↑");
}

static void draw_matches(const struct sell *s, struct grid *grid,
                         struct area area)
{
    int first = s->match >= area.rows ? s->match - area.rows + 1 : 0;
    for (int i = 0; i < area.rows && first + i < s->n_matches; i++) {
        const struct product *p = s->matches[first + i];
        bool on = first + i == s->match;
        enum style style = on ? STYLE_SELECTED : STYLE_TEXT;
        int row = area.row + i;
        grid_fill(grid, row, 0, grid->cols, style, " ");
        grid_puts(grid, row, 0, style, on ? ">" : " ");
        grid_field(grid, row, 1, 6, style, p->code);
        grid_field(grid, row, 8, grid->cols - 8 - 14, style, p->name);
        draw_money(grid, row, grid->cols - 1, style, p->price_vnd);
    }
}

static int count_hot_keys(const struct app *app)
{
    int n = 0;
    for (int key = 1; key <= MAX_HOTKEY; key++)
        n += sell_hot_product(app, key) != NULL;
    return n;
}

/* Nothing in the cart: the hot keys, so that nobody has to know them; whole
 * names and prices where a row for each is there. */
static void draw_hot_keys(const struct app *app, struct grid *grid,
                          struct area area)
{
    if (!app->till.lists) {
        grid_wrap(grid, area.row, 1, area.cols - 2, area.rows, STYLE_WARN,
                  str_of(_("There is no price list yet: it comes by itself "
                           "once the network is there. Items off the list "
                           "can be sold: /85 for 85.000 đ.")));
        return;
    }
    grid_wrap(grid, area.row, 1, area.cols - 2, 2, STYLE_DIM,
              str_of(_("Type a code or a part of a name, or scan. Enter on "
                       "the empty line: total.")));
    area = (struct area){ area.row + 3, area.rows - 3, area.cols };
    bool priced = count_hot_keys(app) <= area.rows && area.cols >= 60;
    int per_row = area.cols >= 80 && !priced ? 2 : 1;
    int cell = area.cols / per_row;
    for (int key = 1, at = 0; key <= MAX_HOTKEY; key++) {
        const struct product *p = sell_hot_product(app, key);
        if (!p || at / per_row >= area.rows)
            continue;
        int row = area.row + at / per_row, col = 1 + at % per_row * cell;
        BUF(name, 16);
        buf_printf(&name, "Alt-%c", "1234567890-="[key - 1]);
        grid_puts(grid, row, col, STYLE_KEY, buf_text(&name));
        grid_field(grid, row, col + 6, cell - (priced ? 22 : 8), STYLE_DIM,
                   p->name);
        if (priced)
            draw_money(grid, row, area.cols - 1, STYLE_DIM, p->price_vnd);
        at++;
    }
}

/* The sale before: what to give back, in letters one reads from a distance. */
static void draw_last(const struct app *app, struct grid *grid,
                      struct area area)
{
    const struct sold *last = &app->last;
    int end = area.cols - 1, row = area.row;
    BUF(number, MAX_TEXT);
    BUF(notes, MAX_TEXT);
    BUF(change, 64);
    till_receipt_number(&app->till, last->seq, &number);
    grid_puts(grid, row, 1, STYLE_GOOD, _("✓ Recorded"));
    grid_right(grid, row, end, STYLE_DIM, buf_slice(&number));
    draw_pair(grid, row + 1, end,
              (struct pair){ _("Total"), STYLE_TEXT, last->total_vnd });
    draw_pair(grid, row + 2, end,
              (struct pair){ _("Received"), STYLE_TEXT, last->tendered_vnd });
    grid_puts(grid, row + 3, 1, STYLE_HEADING, _("CHANGE"));
    money_render(&change, last->change_vnd);
    if (area.rows < 3 + BIG_ROWS + 2 ||
        draw_big(grid, row + 3, end, STYLE_TOTAL, buf_text(&change)) == 0)
        grid_right(grid, row + 3, end, STYLE_TOTAL, buf_slice(&change));
    notes_render(&notes, last->change_vnd);
    row += area.rows < 3 + BIG_ROWS + 2 ? 4 : 3 + BIG_ROWS;
    if (last->change_vnd > 0)
        grid_wrap(grid, row, 1, area.cols - 2, 2, STYLE_HEADING,
                  buf_slice(&notes));
}

static int draw_total(const struct app *app, struct grid *grid,
                      struct area area)
{
    int64_t total = 0;
    BUF(text, 64);
    if (cart_total(app->cart, &total))
        return 0;
    bool big = area.rows >= 12;
    int rows = big ? BIG_ROWS : 1, row = area.row + area.rows - rows;
    money_render(&text, total);
    grid_puts(grid, row, 1, STYLE_HEADING, _("TOTAL"));
    if (big && app->cart->order_discount_vnd > 0) {
        BUF(off, 64);
        buf_puts(&off, "−");
        money_render(&off, app->cart->order_discount_vnd);
        grid_puts(grid, row + 1, 1, STYLE_DIM, _("Discount"));
        grid_puts(grid, row + 2, 1, STYLE_DIM, buf_text(&off));
    }
    if (!big ||
        !draw_big(grid, row, area.cols - 1, STYLE_TOTAL, buf_text(&text)))
        grid_right(grid, row, area.cols - 1, STYLE_TOTAL, buf_slice(&text));
    return rows;
}

static void sell_draw(const struct app *app, const void *state,
                      struct grid *grid, struct area area)
{
    const struct sell *s = state;
    if (app->cart->n_lines == 0 && s->n_matches == 0) {
        if (app->last_shown)
            draw_last(app, grid, area);
        else
            draw_hot_keys(app, grid, area);
        return;
    }
    int below = draw_total(app, grid, area) + (area.rows >= 12);
    if (s->n_matches > 0) {
        int rows = s->n_matches < area.rows / 2 ? s->n_matches : area.rows / 2;
        struct area band = { area.row + area.rows - below - rows, rows,
                             area.cols };
        draw_matches(s, grid, band);
        below += rows;
    }
    if (app->cart->n_lines == 0)
        return;
    draw_head(grid, area.row);
    struct area lines = { area.row + 1, area.rows - 1 - below, area.cols };
    draw_cart(app, grid, lines);
}

const struct screen sell_screen = {
    .id = "sell",
    .title = N_("Sell"),
    .context = IN_SELL,
    .prompt = N_("Item"),
    .size = sizeof(struct sell),
    .draw = sell_draw,
    .key = sell_key,
    .changed = sell_changed,
    .submit = sell_submit,
};
