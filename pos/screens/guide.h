/*
 * guide.h - the first sale, step by step, in a practice till. The screen
 * works as always; two rows above the message say what comes next, and a step
 * is over only when it was really done.
 */
#ifndef POS_GUIDE_H
#define POS_GUIDE_H

#include "pos/screens/app.h"

/* Begins anew. */
void guide_start(struct app *app);
/* After every key: is the step done? */
void guide_follow(struct app *app);
/* What to do now, translated; NULL while nobody is guided. */
const char *guide_text(const struct app *app);

#endif
