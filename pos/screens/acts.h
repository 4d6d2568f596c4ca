/*
 * acts.h - what the actions of the table do, by the file they stand in. `arg`
 * is the table's.
 */
#ifndef POS_ACTS_H
#define POS_ACTS_H

#include "pos/screens/app.h"

typedef void act(struct app *app, int arg);
typedef bool can(const struct app *app);

/* app_acts.c */
act act_enter, act_back, act_lock, act_quit, act_language, act_theme,
    act_glyphs;
/* sell.c, sell_acts.c */
act act_hot_key, act_search, act_park, act_remove, act_cancel, act_undo,
    act_drawer;
can can_cart, can_cancel, can_undo, can_line;
/* pay.c */
act act_exact, act_note, act_method, act_split, act_payslip;
can can_exact, can_pay_method, can_split, can_payslip;
/* receipt.c, refund.c, foreign.c */
act act_refund, act_reprint, act_foreign, act_give_back, act_void, act_copy,
    act_mark_all, act_back_by;
can can_reprint, can_give_back, can_void;
/* shift screens, cash.c */
act act_shift, act_x, act_z, act_cash_in, act_cash_out;
can can_shift_open, can_shift_closed;
/* people.c */
act act_people, act_switch;
/* gate.c */
act act_visit, act_visits, act_gate;
/* help.c, palette.c, guide.c, text.c, info.c */
act act_help, act_menu, act_guide, act_codes, act_print_text, act_doctor,
    act_status;
can can_print_text, can_guide;

#endif
