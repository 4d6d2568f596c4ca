/*
 * markup.h - is a page whole? A small reader of the markup that our pages use:
 * every tag closed where it was opened, every value in double quotes, no style
 * or script inline.
 */
#ifndef FAIR_TEST_MARKUP_H
#define FAIR_TEST_MARKUP_H

#include "fair/buf.h"

/* Fails the test and says where; `what` names the page. */
void markup_is_whole(const char *page, const char *what);
/* Does a page say this number: as it is, or as people of either language
 * group its digits? */
bool markup_says(const char *page, int64_t n);

#endif
