/*
 * conf.h - configuration files that administrators know: `key = value` lines
 * with comments (INI without surprises).
 *
 * The commented default file under config/ is compiled in and is the built-in
 * default; then /etc/phien-cho/PROGRAM.conf, then DATA/PROGRAM.conf are laid
 * over it. An unknown or doubled key, a value out of range or a line longer
 * than 190 bytes is an error with file and line.
 */
#ifndef FAIR_CONF_H
#define FAIR_CONF_H

#include "fair/buf.h"

enum conf_type { CONF_INT, CONF_TEXT, CONF_CHOICE };

struct conf_key {
    const char *name;
    enum conf_type type;
    int64_t min, max;    /* CONF_INT */
    const char *choices; /* CONF_CHOICE: "vi|en" */
};

struct conf;

/* Where a program's configuration comes from. */
struct conf_source {
    const char *program;         /* its name: PROGRAM.conf */
    const char *data_dir;        /* or NULL */
    struct str defaults;         /* the embedded file, with every key */
    const struct conf_key *keys; /* ends with a NULL name; borrowed */
};

/* ERR_CONFIG with "FILE:LINE: what" in `why`. */
enum err conf_load(const struct conf_source *from, struct buf *why,
                   struct conf **out) MUST_USE;
void conf_free(struct conf *conf);
/* `name` must be a key, of that type (conf_text: text or choice). */
int64_t conf_int(const struct conf *conf, const char *name);
const char *conf_text(const struct conf *conf, const char *name);
/* The file that says it last, and there the line; borrowed. */
const char *conf_file(const struct conf *conf, const char *name, int *line);

#endif
