/*
 * action.h - everything a key can do, in one table: keys, footer, help,
 * palette and the README's key list all come from it.
 */
#ifndef POS_ACTION_H
#define POS_ACTION_H

#include "pos/screens/app.h"

enum { ACTION_KEYS = 2 };

struct action {
    const char *id;                /* "pay-exact"; for tests and `--plain` */
    const char *keys[ACTION_KEYS]; /* as press_parse reads them; NULL: none */
    int contexts;                  /* enum context, or-ed */
    int rank;          /* in the footer: 0 always there, 1 … ; -1 never */
    const char *label; /* a word or two for the footer, message id */
    const char *help;  /* what will happen, message id */
    bool (*can)(const struct app *app); /* NULL: always */
    void (*run)(struct app *app, int arg);
    int arg;
};

extern const struct action actions[];
extern const int n_actions;

/* The action this key has on the top screen now; NULL. */
const struct action *action_of(const struct app *app, const struct press *key);
const struct action *action_find(const char *id);
bool action_can(const struct app *app, const struct action *a);

/* The footer: which hints fit into `cols` columns, best rank first, in the
 * table's order; rank 0 always. Returns how many. */
enum { HINTS_MAX = 16 };
struct hint {
    const struct action *action;
    int col, cols;
};
int action_hints(const struct app *app, int cols, struct hint out[HINTS_MAX]);

/* What can be typed into the entry line of the sell screen. */
struct grammar {
    const char *example, *help;
};
extern const struct grammar sell_grammar[];
extern const int n_sell_grammar;

/* The table as Markdown rows "| keys | label | help |", in English. */
void actions_markdown(struct buf *out);

#endif
