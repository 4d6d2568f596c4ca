/*
 * commands.h - fair-sync on the command line. Scripts rely on words, options
 * and JSON members.
 */
#ifndef AGENT_COMMANDS_H
#define AGENT_COMMANDS_H

#include "fair/cli.h"

const struct cli_program *agent_program(void);

#endif
