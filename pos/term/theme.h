/*
 * theme.h - how each style looks: eight colours and attributes only, so that
 * it holds on every terminal. No meaning hangs on colour alone: what a style
 * says stands in words or signs too.
 */
#ifndef POS_THEME_H
#define POS_THEME_H

#include "pos/term/grid.h"

enum theme { THEME_DEFAULT, THEME_LIGHT, THEME_CONTRAST, THEME_MONO };

enum { LOOK_BOLD = 1, LOOK_REVERSE = 2, LOOK_UNDERLINE = 4, LOOK_DIM = 8 };

/* A terminal without colours shows THEME_MONO's attributes. */
struct look {
    int fg, bg; /* 0…7, or -1: the terminal's own */
    int attributes;
};

/* NO_COLOR (set and not empty), `--no-color` and TERM=dumb give THEME_MONO:
 * theme_choose("default|light|high-contrast|mono", no_color). */
enum theme theme_choose(const char *word, bool no_color);
const struct look *theme_look(enum theme theme, enum style style);

#endif
