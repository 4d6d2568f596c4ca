/*
 * control.h - how administration commands reach a serving aggregator:
 * DIR/control.sock, opened through the directory's descriptor (a path of any
 * length), same user only (SO_PEERCRED). One request: the command's argument
 * vector, each string with its length; one reply: error code, output, detail.
 * Relative file names are made absolute by the client.
 */
#ifndef AGGREGATOR_CONTROL_H
#define AGGREGATOR_CONTROL_H

#include "fair/cli.h"

/* Client: *served false when nobody serves this directory. */
enum err control_forward(struct cli *cli, bool *served) MUST_USE;

/* Server side, called by serve: listens and runs each command by `carry_out`
 * on its own thread of control. */
struct control;
struct ingest;
enum err control_open(const char *dir, struct ingest *ingest,
                      const struct cli_program *program, struct buf *why,
                      struct control **out) MUST_USE;
void control_close(struct control *c);

#endif
