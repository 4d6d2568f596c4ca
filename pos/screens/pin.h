/*
 * pin.h - a person says who they are: a number, then a PIN, or both at once
 * as "1*123456". What signing in and allowing share.
 *
 * No number has as many digits as the shortest PIN, so a number may be typed
 * where a PIN is asked for: then that operator's PIN is asked for.
 */
#ifndef POS_PIN_H
#define POS_PIN_H

#include "pos/screens/app.h"

struct pin_entry {
    int64_t number;  /* whose PIN is asked for; 0: the number is */
    enum role least; /* others need not try */
};

/* Takes what was typed; true when the PIN was right (`number` says whose).
 * Else it was said what is wrong, or the PIN is asked for now. */
bool pin_take(struct app *app, struct pin_entry *p, struct str text);

/* For struct screen: how much may be seen, and the entry line's label. */
size_t pin_seen(const struct pin_entry *p, struct str typed);
const char *pin_prompt(const struct pin_entry *p);
/* Draws whose PIN is asked for and how long is to be waited; the rows used. */
int pin_draw(const struct app *app, const struct pin_entry *p,
             struct grid *grid, int row);
/* Draws who may give a PIN here, into the rows from row to before `end`. */
void pin_people(const struct app *app, const struct pin_entry *p,
                struct grid *grid, int row, int end);
/* True while a waiting time is counting down. */
bool pin_waits(const struct app *app, const struct pin_entry *p);

/* "01 Lan". */
void pin_name(const struct operator_entry *who, struct buf *out);

#endif
