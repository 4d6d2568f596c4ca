/*
 * office.h - where an administration command works: in the store of its own
 * process, or in that of the serving process which carries it out.
 *
 * One program per data directory: while `serve` runs there, writing commands
 * reach it through the control socket and run on a writer thread of its own;
 * otherwise they take lock.aggregator and open the database themselves. A
 * command need not know. The database is the directory's file, or any that
 * --store or the configuration names; aggregators that share one have a
 * directory each, with the same keys.
 */
#ifndef AGGREGATOR_OFFICE_H
#define AGGREGATOR_OFFICE_H

#include "fair/cli.h"
#include "fair/env.h"

#include "store.h"

#define OFFICE_LOCK "lock.aggregator"

/* What a serving process puts into cli_program.ctx. */
struct office_host {
    struct store *store;        /* NULL for a command of CLI_STEPS, which */
    enum err (*turn)(void *ctx, /* has each step run in the store by this */
                     enum err (*work)(struct store *s, void *ctx),
                     void *work_ctx);
    void *turn_ctx;
    const char *where; /* that it is opened at */
    const char *cwd;   /* of the caller; relative file names start there */
    const char *url;   /* where devices reach this server */
};

struct office {
    struct store *store;
    struct lock *lock;              /* NULL in a serving process */
    const struct office_host *host; /* NULL outside of one */
};

/* The place of the database: --store, else the configuration's `store`, else
 * the data directory. ERR_INVALID: no address, and whose fault it is. */
enum err office_where(struct cli *cli, const char **where) MUST_USE;
/* Claims a shared database for the keys of DIR; ERR_EXISTS: it has others. */
enum err office_claim(const char *dir, struct store *s) MUST_USE;
/* What `e` of opening or claiming the store `where` is called and what is to be
 * done, English message ids: an address has sentences of its own, which `why`
 * of store_open decides about. */
struct office_face {
    const char *text, *remedy;
};
struct office_face office_face(const char *where, enum err e, const char *why);
/* Puts these into the command, and `why` or the place: returns `e`. */
enum err office_failed(struct cli *cli, const char *where, enum err e,
                       const char *why);

/* ERR_NOT_SET_UP (no `init` yet), ERR_LOCKED, and store_open's; the detail is
 * in the command. */
enum err office_open(struct cli *cli, struct office *out) MUST_USE;
void office_close(struct office *o);
#define OFFICE(name) \
    __attribute__((cleanup(office_close))) struct office name = { 0 }

/* For commands of CLI_STEPS: runs `work` in the office's store, outside of any
 * group. In a serving process devices are served between two of these;
 * ERR_BUSY when it is to end. */
enum err office_do(struct office *o,
                   enum err (*work)(struct store *s, void *ctx),
                   void *ctx) MUST_USE;

/* The parts of it, for commands that have to do with two places: the
 * directory's lock (ERR_LOCKED); any database, claimed for the directory's
 * keys. */
enum err office_lock(struct cli *cli, struct lock **out) MUST_USE;
enum err office_open_at(struct cli *cli, const char *where,
                        struct store **out) MUST_USE;

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
