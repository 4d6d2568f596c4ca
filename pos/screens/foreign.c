/*
 * foreign.c - giving money back for a receipt of another till: what this till
 * cannot know is typed in, a supervisor answers for it, and the aggregator
 * compares once both tills have sent.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/i18n.h"
#include "fair/text.h"
#include "pos/screens/acts.h"
#include "pos/screens/back.h"
#include "pos/screens/draw.h"
#include "pos/screens/screens.h"
#include "pos/till/refund.h"

enum row { ROW_NUMBER, ROW_ITEMS, ROW_PAID, ROW_REASON, ROWS };

struct foreign {
    int64_t by; /* the supervisor */
    struct picker picker;
    struct line_edit fields[ROWS];
    /* This giving back, which counts once however often it is tried. */
    char basket[REFERENCE_LEN + 1];
};

static const char *const labels[ROWS] = {
    [ROW_NUMBER] = N_("Receipt number"),
    [ROW_ITEMS] = N_("Items, as in 3*12 7"),
    [ROW_PAID] = N_("Paid for them (empty: list price)"),
    [ROW_REASON] = N_("Reason"),
};

static void foreign_close(struct app *app, void *state)
{
    struct foreign *f = state;
    (void)app;
    for (int i = 0; i < ROWS; i++)
        edit_done(&f->fields[i]);
}

/* Words of the items row: QTY*CODE or CODE. ERR_ITEM for what is none. */
static enum err read_items(struct str text, struct refund_item *items, int *n)
{
    *n = 0;
    for (size_t at = 0; at < text.len;) {
        size_t end = at;
        struct entry typed;
        while (end < text.len && text.data[end] != ' ')
            end++;
        entry_parse((struct str){ text.data + at, end - at }, false, &typed);
        if (end > at && (typed.kind != ENTRY_ITEM || *n == MAX_LINES))
            return ERR_ITEM;
        if (end > at)
            items[(*n)++] = (struct refund_item){ typed.word, typed.milli };
        at = end + 1;
    }
    return *n > 0 ? ERR_OK : ERR_ITEM;
}

static enum err read_form(const struct app *app, struct foreign *f,
                          struct buf *number, struct refund *refund)
{
    struct str paid = edit_text(&f->fields[ROW_PAID]);
    struct str typed = edit_text(&f->fields[ROW_NUMBER]);
    for (size_t i = 0; i < typed.len; i++) {
        char c = typed.data[i];
        buf_putc(number, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
    }
    refund->foreign = buf_slice(number);
    refund->reason = edit_text(&f->fields[ROW_REASON]);
    refund->by = f->by;
    refund->op = app->me.number;
    if (paid.len == 0)
        return ERR_OK;
    enum err e = entry_amount(paid, app->set.thousands, &refund->paid_vnd);
    /* 0 would mean the list's prices. */
    return !e && refund->paid_vnd == 0 ? ERR_INVALID : e;
}

static void commit(struct app *app, struct foreign *f)
{
    struct refund_item *items = x_alloc(MAX_LINES * sizeof(*items));
    struct refund refund = { .items = items };
    struct refunded out;
    BUF(number, MAX_TEXT);
    enum err e = read_form(app, f, &number, &refund);
    if (!e)
        e = read_items(edit_text(&f->fields[ROW_ITEMS]), items,
                       &refund.n_items);
    if (!e)
        e = till_ready(&app->till);
    if (!e && f->basket[0] == '\0')
        e = sale_reference(&app->till, f->basket);
    refund.basket = str_of(f->basket);
    if (!e)
        e = refund_commit(&app->till, &refund, &out);
    free(items);
    if (e) {
        app_fail(app, e, NULL);
        return;
    }
    BUF(back, MAX_TEXT);
    back_words(&out, &back);
    app_pop(app);
    app->last_shown = false;
    app_say(app, STYLE_GOOD, _("give back %s"), buf_text(&back));
    app_print(app, out.seq, false);
    app_status(app);
}

/* Enter takes the field and goes to the next; the last one finishes. */
static void foreign_submit(struct app *app, void *state, struct str text)
{
    struct foreign *f = state;
    int i = f->picker.selected;
    if (text.len > 0) {
        edit_clear(&f->fields[i]);
        edit_insert_text(&f->fields[i], text);
    }
    if (i + 1 < ROWS)
        f->picker.selected++;
    else if (!app_too_early(app))
        commit(app, f);
}

static bool foreign_key(struct app *app, void *state, const struct press *key)
{
    struct foreign *f = state;
    (void)app;
    return picker_key(&f->picker, key, ROWS);
}

static void draw_field(const struct app *app, const void *state, int i,
                       const struct spot *at)
{
    const struct foreign *f = state;
    int label = at->grid->cols >= 80 ? 36 : 18;
    (void)app;
    grid_field(at->grid, at->row, 2, label - 1, at->style,
               str_of(_(labels[i])));
    grid_field(at->grid, at->row, 2 + label, at->grid->cols - label - 3,
               at->style, edit_text(&f->fields[i]));
}

static void foreign_draw(const struct app *app, const void *state,
                         struct grid *grid, struct area area)
{
    const struct foreign *f = state;
    struct area list = { area.row + 2, ROWS, area.cols };
    grid_puts(grid, area.row, 1, STYLE_HEADING, _("Receipt of another till"));
    draw_list(app, &(struct rows){ &f->picker, f, draw_field }, grid, list);
    grid_wrap(grid, list.row + ROWS + 1, 1, area.cols - 2, 2, STYLE_DIM,
              str_of(_("Enter takes each line; behind the last the money "
                       "goes back in cash.")));
}

static const char *foreign_prompt(const struct app *app, const void *state)
{
    const struct foreign *f = state;
    (void)app;
    return labels[f->picker.selected];
}

const struct screen foreign_screen = {
    .id = "foreign",
    .title = N_("Receipt of another till"),
    .context = IN_DIALOG,
    .prompt = N_("Receipt number"),
    .prompt_of = foreign_prompt,
    .size = sizeof(struct foreign),
    .close = foreign_close,
    .draw = foreign_draw,
    .key = foreign_key,
    .submit = foreign_submit,
};

static void foreign_allowed(struct app *app, int64_t by)
{
    app_push(app, &foreign_screen);
    struct foreign *f = app_state(app, &foreign_screen);
    f->by = by;
    f->picker.n = ROWS;
    for (int i = 0; i < ROWS; i++)
        edit_init(&f->fields[i]);
}

void act_foreign(struct app *app, int arg)
{
    (void)arg;
    app_supervise(app, N_("refund of another till's receipt"), foreign_allowed);
}
