/*
 * plain.h - the same till line by line, for screen readers, braille and slow
 * links: nothing is ever drawn over.
 *
 * A line typed is what would stand in the entry line, with Enter. A line that
 * begins with ':' is an action by its id (":exact", ":help") or a key by its
 * name (":F9", ":Esc", ":Down"); ":" alone lists what can be done now. After
 * each line what is new on the screen is said, in the order it stands there.
 */
#ifndef POS_PLAIN_H
#define POS_PLAIN_H

#include "pos/screens/app.h"

/* Reads lines from standard input until its end or ":quit". */
enum err plain_run(struct app *app) MUST_USE;

#endif
