/*
 * commands.h - fair-pos on the command line: one descriptor a command,
 * one small file a family. Scripts rely on words, options and JSON members.
 */
#ifndef POS_COMMANDS_H
#define POS_COMMANDS_H

#include "fair/cli.h"

const struct cli_program *pos_program(void);

enum err cmd_shift_open(struct cli *cli);
enum err cmd_shift_close(struct cli *cli);
enum err cmd_sell(struct cli *cli);
enum err cmd_refund(struct cli *cli);
enum err cmd_void(struct cli *cli);
enum err cmd_visitors(struct cli *cli);
enum err cmd_report_x(struct cli *cli);
enum err cmd_report_z(struct cli *cli);
enum err cmd_receipt(struct cli *cli);
enum err cmd_verify(struct cli *cli);

#endif
