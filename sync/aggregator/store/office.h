/*
 * office.h - where an administration command works: in the store of its own
 * process, or in that of the serving process which carries it out.
 *
 * One writer per file: while `serve` runs, writing commands reach it through
 * the control socket and run on its writer thread; otherwise they take
 * lock.aggregator and open the database themselves. A command need not know.
 */
#ifndef AGGREGATOR_OFFICE_H
#define AGGREGATOR_OFFICE_H

#include "fair/cli.h"
#include "fair/env.h"

#include "store.h"

#define OFFICE_LOCK "lock.aggregator"

/* What a serving process puts into cli_program.ctx. */
struct office_host {
    struct store *store;
    const char *cwd; /* of the caller; relative file names start there */
    const char *url; /* where devices reach this server */
};

struct office {
    struct store *store;
    struct lock *lock; /* NULL in a serving process */
};

/* ERR_NOT_SET_UP (no `init` yet), ERR_LOCKED, and store_open's; the detail is
 * in the command. */
enum err office_open(struct cli *cli, struct office *out) MUST_USE;
void office_close(struct office *o);
#define OFFICE(name) \
    __attribute__((cleanup(office_close))) struct office name = { 0 }

/* A store to read, whoever serves; the caller closes it. */
enum err office_read(struct cli *cli, struct store **out) MUST_USE;

/* Appends the file name `path` as the caller meant it. */
void office_path(const struct cli *cli, const char *path, struct buf *out);
/* Appends the file that the caller means by `path`; the detail of a failure is
 * in the command. A serving process reads plain files only: it must not wait
 * for somebody who writes into a pipe. */
enum err office_read_path(struct cli *cli, const char *path,
                          struct buf *out) MUST_USE;
/* The one that the command's first argument names. */
enum err office_read_file(struct cli *cli, struct buf *out) MUST_USE;

#endif
