/*
 * loop.h - the screen on a terminal, until the operator quits or the terminal
 * goes away.
 */
#ifndef POS_LOOP_H
#define POS_LOOP_H

#include "pos/screens/app.h"

/* ERR_IO when there is no terminal (`why` says so). What was open when the
 * terminal went away is on disk. */
enum err loop_run(struct app *app, struct buf *why) MUST_USE;

#endif
