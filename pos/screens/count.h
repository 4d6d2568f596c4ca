/*
 * count.h - cash counted note by note or as one amount: the rows of a form
 * that opening and closing a shift share.
 */
#ifndef POS_COUNT_H
#define POS_COUNT_H

#include "pos/model/notes.h"
#include "pos/screens/app.h"

enum count_row {
    COUNT_SUM,  /* typed here, it replaces all the rest */
    COUNT_NOTE, /* the first of NOTES_KINDS */
    COUNT_OTHER = COUNT_NOTE + NOTES_KINDS, /* coins, torn notes: an amount */
    COUNT_ROWS
};

struct cash_count {
    int row;           /* the one typing goes to; COUNT_ROWS: none */
    bool given;        /* something was counted, if only a 0 */
    int64_t typed_vnd; /* as one amount; 0 while the others make it up */
    int64_t notes[NOTES_KINDS], other_vnd;
};

/* At most MONEY_MAX. */
int64_t count_sum(const struct cash_count *c);

/* Takes what was typed for the row and goes on to the next one, from the last
 * to the sum; a sum is to be seen before anything else is done with it. Empty:
 * only goes on. False, and said, when it is no count. */
bool count_take(struct app *app, struct cash_count *c, struct str text);
/* Up and Down; false when there is no further row that way. */
bool count_key(struct cash_count *c, const struct press *key);
/* Label of the entry line, a message id; `sum` that of the sum's row. */
const char *count_prompt(const struct cash_count *c, const char *sum);

/* The sum, large where there is room, and as many rows as fit, the selected
 * one in sight, in the columns before area.cols. What is being typed is
 * counted already, so that it is seen before it is taken. Returns the rows
 * used. */
int count_draw(const struct app *app, const struct cash_count *c,
               const char *label, struct grid *grid, struct area area);

#endif
