/*
 * kept.h - what slips looked like when somebody last looked at them:
 * tests/data/slips, texts (.txt) and rasters as Braille patterns (.dots), to
 * be read in any terminal. With UPDATE=1 in the environment the files are
 * written anew instead; look at what git shows then.
 */
#ifndef FAIR_TEST_KEPT_H
#define FAIR_TEST_KEPT_H

#include "tests/support/press.h"

void kept_text(const char *name, struct str text);
/* Another version of the font library may set a dot in fifty elsewhere. */
void kept_picture(const char *name, const struct press *p);

#endif
