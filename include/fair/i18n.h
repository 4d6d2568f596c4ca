/*
 * i18n.h - the language of texts. Vietnamese is complete and the default;
 * English is the source. Only texts change with it, never csv, json, codes or
 * exit codes.
 */
#ifndef FAIR_I18N_H
#define FAIR_I18N_H

#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) (text)

/* "vi" or "en". Sets a UTF-8 locale whatever the environment says, and finds
 * the catalogue beside the program (build tree) or in LOCALEDIR. */
void i18n_init(const char *language);

#endif
