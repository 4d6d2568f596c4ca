/*
 * serve.h - the command `serve`.
 */
#ifndef AGGREGATOR_SERVE_H
#define AGGREGATOR_SERVE_H

#include "fair/cli.h"

/* Serves until SIGTERM or SIGINT. Prints "listening on https://ADDRESS:PORT"
 * when ready. ERR_LOCKED, ERR_NOT_SET_UP, ERR_INVALID (address), ERR_BUSY
 * (address in use), and store_open's. */
enum err serve_run(struct cli *cli);

#endif
