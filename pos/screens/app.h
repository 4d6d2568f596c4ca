/*
 * app.h - the till's screen as a machine: keys in, cells out.
 *
 * Knows no terminal: app_key() takes what the operator did, app_draw() draws
 * what there is to see, app_tick() is the passing of time. The loop (loop.h),
 * the line mode (plain.h) and the tests drive the same machine.
 *
 * Screens lie on a stack; the top one has the keys. The bottom one sells (or
 * counts visits) and never goes away. Every screen has one entry line, which
 * is always in focus. Nothing about money lives here only: the cart is on disk
 * at every change, everything else is in the ledger.
 */
#ifndef POS_APP_H
#define POS_APP_H

#include "pos/model/entry.h"
#include "pos/model/search.h"
#include "pos/paper/payslip.h"
#include "pos/screens/settings.h"
#include "pos/screens/status.h"
#include "pos/term/grid.h"
#include "pos/term/keys.h"
#include "pos/till/carts.h"
#include "pos/till/companion.h"
#include "pos/till/operators.h"
#include "pos/till/sale.h"

struct app;

/* Where an action is offered; a screen has one of these. */
enum context {
    IN_SELL = 1,
    IN_PAY = 2,
    IN_DIALOG = 4, /* a question, a form, a list to choose from */
    IN_SIGN_IN = 8,
    IN_GATE = 16,
    IN_TEXT = 32,    /* something to read */
    IN_RECEIPT = 64, /* a receipt found: what is to become of it? */
    IN_ALL = 127
};

/* The part of the grid a screen draws into: all but the top row, the message,
 * the entry line and the footer. */
struct area {
    int row, rows, cols;
};

struct screen {
    const char *id;    /* "sell"; never translated */
    const char *title; /* English message id */
    enum context context;
    const char *prompt; /* label of the entry line, message id; NULL: none */
    /* Another label while it is so; message id. May be NULL. */
    const char *(*prompt_of)(const struct app *app, const void *state);
    /* How many bytes of what is typed may be seen; the rest shows as '*'. NULL:
     * all of it. */
    size_t (*seen)(const struct app *app, const void *state, struct str typed);
    size_t size; /* of its state, zeroed when it is pushed */
    /* All but draw may be NULL. */
    void (*open)(struct app *app, void *state); /* when it is pushed */
    void (*close)(struct app *app, void *state);
    void (*draw)(const struct app *app, const void *state, struct grid *grid,
                 struct area area);
    /* A key that no action took; true when it was taken. Else the entry line
     * gets it. */
    bool (*key)(struct app *app, void *state, const struct press *key);
    void (*changed)(struct app *app, void *state); /* the entry line was */
    /* Enter; `text` is the entry line, which is cleared afterwards unless the
     * screen says otherwise (app_keep_entry). */
    void (*submit)(struct app *app, void *state, struct str text);
    /* Esc on an empty entry line; true when it was taken, else it is popped. */
    bool (*back)(struct app *app, void *state);
    /* Once a second while it is on top; true when it is to be drawn again. */
    bool (*tick)(struct app *app, void *state);
};

struct frame {
    const struct screen *screen;
    void *state;
    struct line_edit entry;
    int64_t since_ms; /* monotonic: first drawn; 0 not yet */
};

enum { SCREENS_MAX = 12 };

/* What was done last, or why not; shown until the next thing is done. */
struct message {
    enum style style; /* STYLE_GOOD, STYLE_WARN, STYLE_ERROR */
    struct buf text;
    bool bell;
};

struct app {
    struct till till; /* open to write */
    const char *dir;  /* the till's, also of a practice one */
    struct settings set;
    struct operators *operators;
    struct operator_entry me; /* who works now */
    bool signed_in;
    struct cart *cart;     /* open; begun when it is needed, or in a tick */
    int selected;          /* line of the cart keys act on; -1 none */
    struct sold last;      /* newest sale of this screen; seq 0: none */
    bool last_shown;       /* its change is shown until the next item */
    struct search *search; /* made when first asked for: app_search() */
    int64_t list_tried, list_tried_ms; /* newest lists read, and when */
    struct status status;
    struct message message;
    struct frame frames[SCREENS_MAX];
    int depth;
    struct companion agent, printing;
    bool companions; /* run fair-sync and the printing beside */
    int guide;       /* step of the guided sale; 0: none (guide.h) */
    int64_t guide_from, guide_second; /* seqs its sales come after */
    const char *gate; /* visits are counted at; NULL: this till sells */
    int64_t key_ms;   /* monotonic: when the last key came */
    int rows, cols;   /* of the last drawing; clicks are judged by them */
    bool keep_entry, leave;
    bool cart_unsaved; /* the disk has not taken it as it is now */
    bool restyle;      /* theme or glyphs were changed: the loop applies them */
};

struct app_options {
    const char *dir;
    const struct conf *conf;
    bool practice, no_color, companions;
    const char *gate; /* count visits at this gate; "" any; NULL: sell */
};

/* Opens the till and what was left open: cart, parked carts, shift. On failure
 * `why` has the detail and nothing is left to close. */
enum err app_open(const struct app_options *options, struct buf *why,
                  struct app *out) MUST_USE;
/* Stops the companions. The cart is on disk already. */
void app_close(struct app *app);

void app_key(struct app *app, const struct press *key);
/* Once a second while nothing is typed: status, new lists, idle work of the
 * ledger, what the next key may need, the lock. True when there is something
 * new to show. */
bool app_tick(struct app *app);
void app_draw(struct app *app, struct grid *grid);

/* ---- for screens ---- */

/* Finds products of the lists as they are now; NULL while there are none. Its
 * index, and that of the lists, is made by the first tick, behind the first
 * frame, or by the first key that needs it before. */
struct search *app_search(struct app *app);

/* What Enter and Esc do: the actions of these keys. */
void app_submit(struct app *app);
void app_back(struct app *app);

void app_push(struct app *app, const struct screen *screen);
void app_pop(struct app *app);
void app_drop(struct app *app); /* the same of the last one, at the end */
/* Back to the bottom screen. */
void app_home(struct app *app);
/* State of the top screen, and of the one below it; NULL when it is another
 * screen's. */
void *app_state(const struct app *app, const struct screen *screen);
const struct screen *app_top(const struct app *app);
struct line_edit *app_entry(struct app *app);
void app_keep_entry(struct app *app);

/* Looks at the status now; looks after the companions; shuts the screen until
 * the operator's PIN is given (only where there are operators). */
void app_status(struct app *app);
void app_tend(struct app *app);
void app_lock(struct app *app);

/* The message line: printf-like, translated by the caller. */
void app_say(struct app *app, enum style style, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* "reason: remedy" of an error, with a detail before it when not NULL. */
void app_fail(struct app *app, enum err e, const char *detail);

/* True when the key did not come after the top screen was seen: what spends
 * money ignores it, so that a bouncing Enter never pays. */
bool app_too_early(const struct app *app);
/* The top screen shows something else now, which was not seen yet. */
void app_fresh(struct app *app);

/* Appends are done: saves the cart and looks at the status again. */
void app_cart_changed(struct app *app);
/* Tries again when the disk did not take the cart. */
void app_cart_again(struct app *app);
/* Begins the cart if it is not: what the first key of a sale would wait for. */
void app_cart_begin(struct app *app);

/* Runs `then` at once when the operator is a supervisor, else after one has
 * given number and PIN; exactly once, with an `override` event.
 * `what` is the action's English words, for event and screen. */
void app_allow(struct app *app, const char *what,
               void (*then)(struct app *app, int64_t by));
/* The same for an intent that appends the `override` event itself, together
 * with what was allowed. */
void app_supervise(struct app *app, const char *what,
                   void (*then)(struct app *app, int64_t by));

/* Is there a printer? */
bool app_prints(const struct app *app);
/* Prints the slip of event `seq` (a copy says so); the drawer opens when cash
 * moved. Never waits; says so when it cannot. */
void app_print(struct app *app, int64_t seq, bool copy);
/* What is to be transferred, for the customer to scan. */
void app_print_payslip(struct app *app, const struct payslip *pay);
/* Prints any text (X, Z, code sheet). */
void app_print_text(struct app *app, struct str text);
/* Opens the drawer without a slip. */
void app_open_drawer(struct app *app);

#endif
