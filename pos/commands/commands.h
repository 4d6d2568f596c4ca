/*
 * commands.h - fair-pos on the command line: one descriptor a command,
 * one small file a family. Scripts rely on words, options and JSON members.
 */
#ifndef POS_COMMANDS_H
#define POS_COMMANDS_H

#include "fair/cli.h"

const struct cli_program *pos_program(void);

enum err pos_screen(struct cli *cli);
enum err pos_shift_open(struct cli *cli);
enum err pos_shift_close(struct cli *cli);
enum err pos_sell(struct cli *cli);
enum err pos_refund(struct cli *cli);
enum err pos_void(struct cli *cli);
enum err pos_visitors(struct cli *cli);
enum err pos_report_x(struct cli *cli);
enum err pos_report_z(struct cli *cli);
enum err pos_receipt(struct cli *cli);
enum err pos_codes(struct cli *cli);
enum err pos_keys(struct cli *cli);
enum err pos_print(struct cli *cli);
enum err pos_printer_test(struct cli *cli);
enum err pos_printer_status(struct cli *cli);
enum err pos_verify(struct cli *cli);
enum err pos_doctor(struct cli *cli);
enum err pos_cash_in(struct cli *cli);
enum err pos_cash_out(struct cli *cli);
enum err pos_operator_add(struct cli *cli);
enum err pos_operator_list(struct cli *cli);
enum err pos_operator_remove(struct cli *cli);
enum err pos_operator_reset(struct cli *cli);

#endif
