/*
 * pay.h - what the pay screen lends to the action that finishes from anywhere.
 */
#ifndef POS_PAY_H
#define POS_PAY_H

#include "pos/screens/app.h"

/* What is still due in exact cash, and finish. The pay screen is on top. */
void pay_exact(struct app *app);

#endif
