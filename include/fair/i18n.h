/*
 * i18n.h - the language of texts. Vietnamese is complete and the default;
 * English is the source. Only texts change with it, never csv, json, codes or
 * exit codes.
 */
#ifndef FAIR_I18N_H
#define FAIR_I18N_H

/* Translates now; marks a text for translation later, in a table. */
#define _(text)  i18n_text(text) // NOLINT(bugprone-reserved-identifier)
#define N_(text) (text)

/* The text in the language set; "" stays "". Borrowed for good. */
const char *i18n_text(const char *text) __attribute__((format_arg(1)));

/* "vi" or "en". Sets a UTF-8 locale whatever the environment says, and finds
 * the catalogue beside the program (build tree) or under ../share/locale
 * (installed). May be called again; not while other threads run. */
void i18n_init(const char *language);

/* From now on this thread reads texts in `language`, whatever the process
 * chose; NULL: as the process does. After i18n_init(). */
void i18n_use(const char *language);

/* The language texts are in: "vi", or "en", also where a catalogue is
 * missing. */
const char *i18n_language(void);

#endif
