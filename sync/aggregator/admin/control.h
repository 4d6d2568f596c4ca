/*
 * control.h - how writing commands reach a serving aggregator:
 * DIR/control.sock, reached through the directory's descriptor (a path of any
 * length), same user only (SO_PEERCRED).
 *
 * A request is the caller's working directory and its argument vector, a
 * reply the error's number, the result and the detail, whether the result is
 * for a failure too (0, 1), and the command's own text and remedy of it; each
 * number has 4 bytes, little endian, each string its length and its bytes. One
 * command a connection.
 */
#ifndef AGGREGATOR_CONTROL_H
#define AGGREGATOR_CONTROL_H

#include "fair/cli.h"

#include "sync/aggregator/ingest/ingest.h"

#define CONTROL_SOCKET "control.sock"

/* Client side, cli_program.forward: *handled false when nobody serves this
 * directory. */
enum err control_forward(struct cli *cli, bool *handled) MUST_USE;

/* Server side: takes commands on a thread of its own and has each carried out
 * by the writer. `dir` and `program` must outlive it. */
struct control;
struct control_options { /* all must outlive it */
    const char *dir;
    const char *where; /* the database: see office.h */
    struct ingest *ingest;
    const struct cli_program *program;
    const char *url; /* where devices reach this server */
};
enum err control_open(const struct control_options *options, struct buf *why,
                      struct control **out) MUST_USE;
/* Takes no more; the command under way is finished, and those that wait behind
 * it are told ERR_BUSY: nothing of them was carried out. */
void control_close(struct control *c);

#endif
