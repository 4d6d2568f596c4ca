/*
 * health.h - whether this aggregator is fit to serve: one list of checks, read
 * by /readyz, by `doctor` and by nobody else.
 */
#ifndef AGGREGATOR_HEALTH_H
#define AGGREGATOR_HEALTH_H

#include "fair/buf.h"
#include "fair/cli.h"

enum health_state { HEALTH_OK, HEALTH_WARNING, HEALTH_BAD };

struct health_item {
    const char *name;  /* "database", a word for scripts */
    const char *title; /* English message id */
    enum health_state state;
    struct buf found;   /* what was found, translated */
    const char *remedy; /* English message id; "" when there is nothing to do */
};

enum { HEALTH_MAX = 16 };
struct health {
    struct health_item items[HEALTH_MAX];
    int n;
};
/* What a check may look at. */
struct health_place {
    const char *dir;
    const char *where;     /* the database: store_open */
    const char *conf_file; /* that names `where`; NULL: none */
    const char *chart_js;
    struct store *store; /* one open there, or NULL: who serves knows sooner
                            that the database is lost */
    const struct library_use *libraries; /* what it runs with, or NULL */
    bool serving; /* asked by a server about itself: it holds the lock */
};
/* Looks at all of it and changes nothing: the directory (0700, writable), the
 * keys (there, 0600, sound, the certificate's last day), the database (opens,
 * this version's, may be written), the disk (warning below 1 GB free, bad
 * below 200 MB), descriptors (at least 16,384 may be had), somebody who may
 * sign in, Chart.js, and whether anybody serves. Without a directory that is
 * set up the rest is not looked at. The worst come first. */
void health_look(const struct health_place *place, struct health *out);
void health_done(struct health *h);
enum health_state health_worst(const struct health *h);
/* {"ok","findings":[{"id","level","text","remedy"}]}; levels good, warn, bad.
 * Appended. */
void health_json(const struct health *h, struct buf *out);

/* `fair-aggregator doctor`: a line for each, exit 1 when one is bad. */
enum err health_doctor(struct cli *cli);

#endif
