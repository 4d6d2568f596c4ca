/*
 * actions.c - the one table of keys. A row is code: no key stands in footer,
 * help or README without a function here.
 */
#include <string.h>

#include "fair/i18n.h"
#include "fair/text.h"
#include "pos/screens/action.h"
#include "pos/screens/acts.h"

#define HOT(n, key)                                                       \
    {                                                                     \
        "hot-" #n, { key, NULL }, IN_SELL, -1, N_("Hot key"),             \
            N_("add the product with this hot key"), NULL, act_hot_key, n \
    }
#define NOTE(n, key)                                                         \
    {                                                                        \
        "note-" #n, { key, NULL }, IN_PAY, -1, N_("Note"),                   \
            N_("the customer gave this suggested amount"), NULL, act_note, n \
    }

// clang-format off
const struct action actions[] = {
    { "help", { "F1", NULL }, IN_ALL, 0, N_("Help"),
      N_("what every key does here"), NULL, act_help, 0 },
    { "total", { "Enter", NULL }, IN_SELL, 1, N_("Pay"),
      N_("take what is typed; on an empty line: total and pay"), NULL,
      act_enter, 0 },
    { "finish", { "Enter", NULL }, IN_PAY, 1, N_("Finish"),
      N_("take the amount and finish; on an empty line: exact"), NULL,
      act_enter, 0 },
    { "give-back", { "F9", NULL }, IN_RECEIPT, 1, N_("Give back"),
      N_("refund what is marked; asks why"), can_give_back, act_give_back, 0 },
    { "void", { "F7", NULL }, IN_RECEIPT, 2, N_("Void"),
      N_("take the whole sale back; only in the same shift"), can_void,
      act_void, 0 },
    { "copy", { "F8", NULL }, IN_RECEIPT, 3, N_("Print copy"),
      N_("print this slip again; this is recorded"), NULL, act_copy, 0 },
    { "mark-all", { "F2", "*" }, IN_RECEIPT, 4, N_("All"),
      N_("mark everything that remains, or nothing"), NULL, act_mark_all, 0 },
    { "back-by", { "/", "Tab" }, IN_RECEIPT, 5, N_("Cash/Transfer"),
      N_("how the money goes back"), NULL, act_back_by, 0 },
    { "mark", { "Enter", NULL }, IN_RECEIPT, 2, N_("Mark"),
      N_("mark the selected line; with a number typed: so many of it"), NULL,
      act_enter, 0 },
    { "ok", { "Enter", NULL }, IN_DIALOG | IN_SIGN_IN | IN_GATE, 1, N_("OK"),
      N_("take what is typed or selected"), NULL, act_enter, 0 },
    { "exact", { "F9", NULL }, IN_SELL | IN_PAY, 1, N_("Exact cash"),
      N_("exactly the total in cash, and finish, from anywhere"), can_exact,
      act_exact, 0 },
    { "menu", { "F10", "Ctrl-P" }, IN_SELL | IN_GATE, 2, N_("Menu"),
      N_("everything there is, by name"), NULL, act_menu, 0 },
    { "search", { "F2", NULL }, IN_SELL, 4, N_("Search"),
      N_("all products; type to find"), NULL, act_search, 0 },
    { "park", { "F3", NULL }, IN_SELL, 5, N_("Park"),
      N_("put the cart aside; on an empty cart: take one back"), NULL,
      act_park, 0 },
    { "refund", { "F4", NULL }, IN_SELL, 6, N_("Slips"),
      N_("find a receipt: refund, void, print again"), NULL, act_refund, 0 },
    { "visit", { "F6", NULL }, IN_SELL, 7, N_("Visitor"),
      N_("one visitor more; with a number typed before: so many"), NULL,
      act_visit, 0 },
    { "remove", { "F7", "Delete" }, IN_SELL, 5, N_("Remove"),
      N_("take the selected line out of the cart"), can_line, act_remove, 0 },
    { "reprint", { "F8", NULL }, IN_SELL, 8, N_("Slip again"),
      N_("print the last slip again, as a copy"), can_reprint, act_reprint,
      0 },
    { "print", { "F8", NULL }, IN_TEXT, 2, N_("Print"),
      N_("print what is shown"), can_print_text, act_print_text, 0 },
    { "drawer", { "F11", NULL }, IN_SELL, 10, N_("Drawer"),
      N_("open the cash drawer without a sale; the reason is recorded"), NULL,
      act_drawer, 0 },
    { "lock", { "F12", "Ctrl-L" }, IN_SELL | IN_GATE, 9, N_("Lock"),
      N_("lock the screen; the cart stays"), NULL, act_lock, 0 },
    { "undo", { "Ctrl-Z", NULL }, IN_SELL, 9, N_("Undo sale"),
      N_("void the last sale, if it was in this shift"), can_undo, act_undo,
      0 },
    { "cancel", { "Ctrl-X", NULL }, IN_SELL, 11, N_("Cancel cart"),
      N_("throw the whole cart away; this is recorded"), can_cancel, act_cancel,
      0 },
    NOTE(1, "F2"), NOTE(2, "F3"), NOTE(3, "F4"), NOTE(4, "F5"),
    NOTE(5, "F6"), NOTE(6, "F7"),
    { "method", { "/", "Tab" }, IN_PAY, 2, N_("Method"),
      N_("next way to pay: cash, bank QR, card, voucher"), can_pay_method,
      act_method, 0 },
    { "split", { "+", NULL }, IN_PAY, 3, N_("Part"),
      N_("take the amount typed as a part; the rest stays due"), can_split,
      act_split, 0 },
    { "payslip", { "F8", NULL }, IN_PAY, 4, N_("Code on paper"),
      N_("print the transfer's code for the customer to scan"), can_payslip,
      act_payslip, 0 },
    { "back", { "Esc", NULL }, IN_ALL, 6, N_("Back"),
      N_("clear what is typed; on an empty line: back"), NULL, act_back, 0 },
    HOT(1, "Alt-1"), HOT(2, "Alt-2"),
    HOT(3, "Alt-3"), HOT(4, "Alt-4"),
    HOT(5, "Alt-5"), HOT(6, "Alt-6"),
    HOT(7, "Alt-7"), HOT(8, "Alt-8"),
    HOT(9, "Alt-9"), HOT(10, "Alt-0"),
    HOT(11, "Alt--"), HOT(12, "Alt-="),
    { "shift-open", { NULL, NULL }, IN_SELL, -1, N_("Open shift"),
      N_("count the float and begin to sell"), can_shift_closed, act_shift,
      0 },
    { "shift-close", { NULL, NULL }, IN_SELL, -1, N_("Close shift"),
      N_("count the drawer and end the shift"), can_shift_open, act_shift,
      0 },
    { "report-x", { NULL, NULL }, IN_SELL, -1, N_("X report"),
      N_("the open shift so far"), can_shift_open, act_x, 0 },
    { "report-z", { NULL, NULL }, IN_SELL, -1, N_("Z report"),
      N_("the last closed shift"), NULL, act_z, 0 },
    { "cash-in", { NULL, NULL }, IN_SELL, -1, N_("Cash in"),
      N_("put money into the drawer, with the reason"), can_shift_open,
      act_cash_in, 0 },
    { "cash-out", { NULL, NULL }, IN_SELL, -1, N_("Cash out"),
      N_("take money out of the drawer, with the reason"), can_shift_open,
      act_cash_out, 0 },
    { "foreign", { NULL, NULL }, IN_SELL, -1, N_("Other till's receipt"),
      N_("refund a receipt of another till, with a supervisor"),
      can_shift_open, act_foreign, 0 },
    { "visits", { NULL, NULL }, IN_SELL | IN_GATE, -1, N_("Visitors…"),
      N_("count many visitors at once, or correct"), NULL, act_visits, 0 },
    { "gate", { NULL, NULL }, IN_SELL, -1, N_("Gate screen"),
      N_("only count visitors"), NULL, act_gate, 0 },
    { "switch", { NULL, NULL }, IN_SELL | IN_GATE, -1, N_("Switch operator"),
      N_("somebody else goes on; the cart stays"), NULL, act_switch, 0 },
    { "people", { NULL, NULL }, IN_SELL, -1, N_("Operators"),
      N_("add and change operators and their PINs"), NULL, act_people, 0 },
    { "codes", { NULL, NULL }, IN_SELL, -1, N_("Code sheet"),
      N_("codes and hot keys of this booth, to print"), NULL, act_codes, 0 },
    { "status", { NULL, NULL }, IN_SELL | IN_GATE, -1, N_("Status"),
      N_("what is sent, clock, disk, lists, printer"), NULL, act_status, 0 },
    { "doctor", { NULL, NULL }, IN_SELL | IN_GATE, -1, N_("Check the till"),
      N_("is everything ready for a day?"), NULL, act_doctor, 0 },
    { "guide", { NULL, NULL }, IN_SELL, -1, N_("Guided sale"),
      N_("the first sale, step by step"), can_guide, act_guide, 0 },
    { "language", { NULL, NULL }, IN_SELL | IN_GATE, -1,
      N_("Tiếng Việt / English"), N_("the other language"), NULL,
      act_language, 0 },
    { "theme", { NULL, NULL }, IN_SELL | IN_GATE, -1, N_("Colours"),
      N_("next colours: default, light, high contrast, mono"), NULL,
      act_theme, 0 },
    { "glyphs", { NULL, NULL }, IN_SELL | IN_GATE, -1, N_("Letters"),
      N_("next set of characters: full, console, unaccented"), NULL,
      act_glyphs, 0 },
    { "quit", { "Ctrl-Q", NULL }, IN_SELL | IN_GATE | IN_SIGN_IN, -1,
      N_("Quit"), N_("end the program; cart and shift stay open"), NULL,
      act_quit, 0 },
};
const int n_actions = ARRAY_LEN(actions);

const struct grammar sell_grammar[] = {
    { "12", N_("item 12: code, sku or barcode") },
    { "3*12", N_("three of item 12; also 0,5*12") },
    { "*5", N_("the selected line becomes 5") },
    { "+", N_("one more of the selected line") },
    { "-", N_("one less of it") },
    { "mat ong", N_("search; accents are not needed") },
    { "/85", N_("an item off the list for 85.000 đ; also 2*/85") },
    { "%10", N_("10 % off the selected line; %5000: 5.000 đ off it") },
    { "%%10", N_("the same off the whole cart") },
    { "%0", N_("take that discount off again; %%0: the whole cart's") },
};
const int n_sell_grammar = ARRAY_LEN(sell_grammar);
// clang-format on

/* ---- finding ---- */

bool action_can(const struct app *app, const struct action *a)
{
    return (a->contexts & (int)app_top(app)->context) != 0 &&
           (!a->can || a->can(app));
}

static bool same_key(const struct press *a, const struct press *b)
{
    return a->kind == b->kind && a->code == b->code;
}

/* The table's names as presses, read once: every key is compared with all. */
static const struct press *presses(int i)
{
    static struct press parsed[ARRAY_LEN(actions)][ACTION_KEYS];
    static bool read;
    for (int j = 0; !read && j < n_actions; j++) {
        for (int k = 0; k < ACTION_KEYS && actions[j].keys[k]; k++)
            ASSERT(press_parse(actions[j].keys[k], &parsed[j][k]));
    }
    read = true;
    return parsed[i];
}

const struct action *action_of(const struct app *app, const struct press *key)
{
    for (int i = 0; i < n_actions; i++) {
        const struct press *own = presses(i);
        for (int k = 0; k < ACTION_KEYS && actions[i].keys[k]; k++) {
            if (same_key(&own[k], key) && action_can(app, &actions[i]))
                return &actions[i];
        }
    }
    return NULL;
}

const struct action *action_find(const char *id)
{
    for (int i = 0; i < n_actions; i++) {
        if (strcmp(actions[i].id, id) == 0)
            return &actions[i];
    }
    return NULL;
}

/* ---- footer ---- */

enum { RANK_MAX = 12 };

static int hint_cols(const struct action *a)
{
    return text_width(str_of(a->keys[0])) + 1 + text_width(str_of(_(a->label)));
}

/* What could be hinted, in the table's order; none has a place yet. */
static int hints_possible(const struct app *app, struct hint *out)
{
    int n = 0;
    for (int i = 0; i < n_actions; i++) {
        const struct action *a = &actions[i];
        if (a->rank >= 0 && a->keys[0] && action_can(app, a))
            out[n++] = (struct hint){ a, 0, hint_cols(a) };
    }
    return n;
}

/* The best ranks that fit, F1 first of all; then in the table's order. */
int action_hints(const struct app *app, int cols, struct hint out[HINTS_MAX])
{
    struct hint possible[ARRAY_LEN(actions)];
    int n_possible = hints_possible(app, possible);
    int n = 0, used = 1, at = 1;
    for (int rank = 0; rank <= RANK_MAX; rank++) {
        for (int i = 0; i < n_possible && n < HINTS_MAX; i++) {
            struct hint *h = &possible[i];
            if (h->action->rank != rank ||
                (rank > 0 && used + h->cols > cols - 1))
                continue;
            h->col = used;
            used += h->cols + 2;
            n++;
        }
    }
    n = 0;
    for (int i = 0; i < n_possible; i++) {
        if (possible[i].col == 0)
            continue;
        out[n] = possible[i];
        out[n++].col = at;
        at += possible[i].cols + 2;
    }
    return n;
}

/* ---- README ---- */

/* How many rows from this one on are the same but for their key and number. */
static int run_length(int i)
{
    int n = 1;
    while (i + n < n_actions && actions[i].arg > 0 &&
           actions[i + n].run == actions[i].run)
        n++;
    return n;
}

static void put_keys(struct buf *out, const struct action *a, int n)
{
    if (n > 1) {
        buf_printf(out, "`%s` … `%s`", a->keys[0], a[n - 1].keys[0]);
        return;
    }
    for (int k = 0; k < ACTION_KEYS && a->keys[k]; k++)
        buf_printf(out, "%s`%s`", k ? " " : "", a->keys[k]);
}

static const struct {
    int contexts;
    const char *name;
} places[] = {
    { IN_SELL, "sell" },       { IN_PAY, "pay" },
    { IN_RECEIPT, "receipt" }, { IN_GATE, "gate" },
    { IN_DIALOG, "dialogs" },  { IN_TEXT, "texts" },
    { IN_SIGN_IN, "sign in" },
};

static void put_places(struct buf *out, const struct action *a)
{
    const char *between = "";
    if (a->contexts == IN_ALL) {
        buf_puts(out, "everywhere");
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        if (!(a->contexts & places[i].contexts))
            continue;
        buf_printf(out, "%s%s", between, places[i].name);
        between = ", ";
    }
}

void actions_markdown(struct buf *out)
{
    for (int i = 0, n; i < n_actions; i += n) {
        n = run_length(i);
        if (!actions[i].keys[0]) /* the menu shows it by name */
            continue;
        buf_puts(out, "| ");
        put_keys(out, &actions[i], n);
        buf_puts(out, " | ");
        put_places(out, &actions[i]);
        buf_printf(out, " | **%s**: %s |\n", actions[i].label, actions[i].help);
    }
    for (int i = 0; i < n_sell_grammar; i++)
        buf_printf(out, "| `%s` | sell | %s |\n", sell_grammar[i].example,
                   sell_grammar[i].help);
}
