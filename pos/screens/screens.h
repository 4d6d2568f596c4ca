/*
 * screens.h - every screen, by name.
 */
#ifndef POS_SCREENS_H
#define POS_SCREENS_H

#include "pos/screens/app.h"

extern const struct screen sell_screen;     /* sell.c */
extern const struct screen pay_screen;      /* pay.c: cash, QR, card, voucher */
extern const struct screen search_screen;   /* search.c: all products */
extern const struct screen parked_screen;   /* parked.c */
extern const struct screen receipt_screen;  /* receipt.c: find by number */
extern const struct screen refund_screen;   /* refund.c: what to give back */
extern const struct screen foreign_screen;  /* foreign.c: another till's */
extern const struct screen open_screen;     /* shift_open.c */
extern const struct screen close_screen;    /* shift_close.c */
extern const struct screen cash_screen;     /* cash.c: in and out */
extern const struct screen drawer_screen;   /* cash.c: why it is opened */
extern const struct screen sign_in_screen;  /* people.c */
extern const struct screen allow_screen;    /* allow.c: override */
extern const struct screen people_screen;   /* people_list.c: operators */
extern const struct screen gate_screen;     /* gate.c */
extern const struct screen palette_screen;  /* palette.c */
extern const struct screen text_screen;     /* text.c: X, Z, status, slips */
extern const struct screen question_screen; /* question.c: one answer */

/* text.c: shows text in lines under a title (a message id). `print` true: F8
 * prints it. */
void show_text(struct app *app, const char *title, struct str text, bool print);
/* The same of what was printed before: printing it again is a `reprint` of
 * event `of`. */
void show_slip(struct app *app, const char *title, struct str text, int64_t of);

/* How wide to lay out for reading what is `paper` columns wide. */
int text_columns(const struct app *app, int paper);
/* F8 prints this instead of what is shown. */
void text_on_paper(struct app *app, struct str paper);

/* refund.c: what of sale `seq` is to be given back. */
void refund_show(struct app *app, int64_t seq);

/* parked.c: the screen, filled. */
void parked_show(struct app *app);

/* question.c: asks for a line; `then` gets it with the question already gone.
 * An empty answer is given on, too. `initial` may be "". */
void ask_text(struct app *app, const char *title, const char *prompt,
              const char *initial,
              void (*then)(struct app *app, struct str answer));
/* What to know before answering the question asked last; translated. */
void ask_note(struct app *app, const char *text);
/* Yes or no: Enter is yes, Esc no. `question` is translated already. */
void ask_yes(struct app *app, const char *title, const char *question,
             void (*then)(struct app *app));

#endif
