/*
 * commands.c - every command of fair-pos, described once. Parsing, help and
 * the README's list come from this table.
 */
#include "pos/commands/commands.h"

#include "fair/db.h"
#include "fair/i18n.h"
#include "fair/library.h"
#include "fair/sign.h"
#include "pos/commands/cmd.h"

extern const char embedded_config_fair_pos_conf[];
extern const char embedded_config_fair_pos_conf_end[];

static const struct cli_option shift_open_options[] = {
    { "float", "AMOUNT", N_("cash in the drawer at the beginning"), true },
    { "day", "DATE", N_("fair-day, if not the clock's"), false },
    OPTION_OPERATOR,
    OPTION_END
};
static const struct cli_option shift_close_options[] = {
    { "counted", "AMOUNT", N_("cash counted in the drawer"), true },
    OPTION_REASON,
    OPTION_OPERATOR,
    OPTION_COLUMNS,
    OPTION_END
};
static const struct cli_option sell_options[] = {
    { "cash", "AMOUNT", N_("cash taken"), false },
    { "transfer", "REF", N_("by bank transfer; the bank's reference"), false },
    { "exact", NULL, N_("exactly the total in cash"), false },
    OPTION_BASKET,
    OPTION_AT,
    OPTION_OPERATOR,
    OPTION_COLUMNS,
    OPTION_END
};
static const struct cli_option refund_options[] = {
    { "transfer", "REF", N_("by bank transfer; the bank's reference"), false },
    OPTION_REASON,
    { "foreign", NULL, N_("the receipt is another till's"), false },
    { "supervisor", "N", N_("who allows a foreign refund"), false },
    { "paid", "AMOUNT", N_("what was paid, if less than the list's prices"),
      false },
    OPTION_BASKET,
    OPTION_OPERATOR,
    OPTION_COLUMNS,
    OPTION_END
};
static const struct cli_option void_options[] = { OPTION_REASON,
                                                  OPTION_OPERATOR,
                                                  OPTION_COLUMNS, OPTION_END };
static const struct cli_option cash_options[] = {
    { "reason", "TEXT", N_("why, in one line"), true },
    OPTION_OPERATOR,
    OPTION_END
};
static const struct cli_option operator_add_options[] = {
    { "name", "TEXT", N_("as slips and screens show it"), true },
    { "role", "cashier|supervisor", N_("what they may do; a cashier if not"),
      false },
    { "speaks", "vi|en", N_("language of their screen"), false },
    OPTION_END
};
static const struct cli_option visitors_options[] = {
    { "gate", "GATE", N_("where they were counted"), false },
    { "estimated", NULL, N_("an estimate, not a count"), false },
    OPTION_AT,
    OPTION_OPERATOR,
    OPTION_END
};
static const struct cli_option slip_options[] = { OPTION_COLUMNS, OPTION_END };
static const struct cli_option report_z_options[] = {
    { "shift", "N", N_("an earlier shift, by its number"), false },
    OPTION_COLUMNS,
    OPTION_END
};

static const struct cli_option screen_options[] = {
    { "practice", NULL, N_("practise: a ledger of its own, never sent"),
      false },
    { "gate", "GATE", N_("only count visitors, at this gate"), false },
    { "plain", NULL, N_("line by line, for screen readers"), false },
    { "no-color", NULL, N_("without colours"), false },
    OPTION_END
};

static const struct cli_option printer_test_options[] = {
    { "out", "FILE", N_("write its bytes there instead"), false }, OPTION_END
};

static const struct cli_command commands[] = {
    { "", "", 0, 0, screen_options, CLI_WRITES | CLI_RAW,
      N_("the till's screen"), pos_screen },
    { "shift open", "", 0, 0, shift_open_options, CLI_WRITES,
      N_("begin a shift"), pos_shift_open },
    { "shift close", "", 0, 0, shift_close_options, CLI_WRITES,
      N_("end the shift and compare the cash"), pos_shift_close },
    { "sell", "ITEM…", 1, -1, sell_options, CLI_WRITES,
      N_("record a sale; an ITEM is CODE or QTY*CODE"), pos_sell },
    { "refund", "RECEIPT [ITEM…]", 1, -1, refund_options, CLI_WRITES,
      N_("give money back for all or some items"), pos_refund },
    { "void", "RECEIPT", 1, 1, void_options, CLI_WRITES,
      N_("take back a sale of this shift"), pos_void },
    { "cash in", "AMOUNT", 1, 1, cash_options, CLI_WRITES,
      N_("put cash into the drawer"), pos_cash_in },
    { "cash out", "AMOUNT", 1, 1, cash_options, CLI_WRITES,
      N_("take cash out of the drawer"), pos_cash_out },
    { "visitors", "N", 1, 1, visitors_options, CLI_WRITES,
      N_("count visitors; a negative N corrects"), pos_visitors },
    { "report x", "", 0, 0, slip_options, 0, N_("the open shift so far"),
      pos_report_x },
    { "report z", "", 0, 0, report_z_options, 0, N_("the last closed shift"),
      pos_report_z },
    { "receipt", "RECEIPT", 1, 1, slip_options, 0,
      N_("show a receipt again, as a copy"), pos_receipt },
    { "codes", "", 0, 0, slip_options, 0,
      N_("codes and hot keys of this booth, to print"), pos_codes },
    { "print", "", 0, 0, NULL, 0, N_("print what waits, until the input ends"),
      pos_print },
    { "printer test", "", 0, 0, printer_test_options, 0,
      N_("print every way of writing Vietnamese, to choose one"),
      pos_printer_test },
    { "printer status", "", 0, 0, NULL, 0,
      N_("is the printer there, and what waits for it"), pos_printer_status },
    { "operator add", "NUMBER", 1, 1, operator_add_options, CLI_WRITES,
      N_("let somebody use the screen; the PIN is read from a line"),
      pos_operator_add },
    { "operator list", "", 0, 0, NULL, 0, N_("who may use the screen"),
      pos_operator_list },
    { "operator remove", "NUMBER", 1, 1, NULL, CLI_WRITES,
      N_("let somebody no longer use the screen"), pos_operator_remove },
    { "operator reset", "NUMBER", 1, 1, NULL, CLI_WRITES,
      N_("give a new PIN, also to somebody locked out"), pos_operator_reset },
    { "keys", "", 0, 0, NULL, CLI_NO_DATA, N_("every key of the screen"),
      pos_keys },
    { "doctor", "", 0, 0, NULL, 0, N_("say whether the till is ready"),
      pos_doctor },
    { "verify", "", 0, 0, NULL, 0, N_("check every record of this till"),
      pos_verify },
    { NULL, NULL, 0, 0, NULL, 0, NULL, NULL }
};

static const struct conf_key conf_keys[] = {
    { "language", CONF_CHOICE, 0, 0, "vi|en" },
    { "theme", CONF_CHOICE, 0, 0, "default|light|high-contrast|mono" },
    { "glyphs", CONF_CHOICE, 0, 0, "auto|full|console|ascii" },
    { "thousands", CONF_CHOICE, 0, 0, "yes|no" },
    { "lock_after_s", CONF_INT, 0, 86400, NULL },
    { "discount_limit_pct", CONF_INT, 0, 100, NULL },
    { "blind_count", CONF_CHOICE, 0, 0, "yes|no" },
    { "scan_min", CONF_INT, 3, 32, NULL },
    { "scan_gap_ms", CONF_INT, 5, 200, NULL },
    { "scale_labels", CONF_TEXT, 0, 0, NULL },
    { "printer", CONF_TEXT, 0, 0, NULL },
    { "printer_columns", CONF_CHOICE, 0, 0, "32|48" },
    { "printer_profile", CONF_CHOICE, 0, 0,
      "raster|tcvn3|cp1258|viscii|ascii|text" },
    { "printer_table", CONF_INT, -1, 255, NULL },
    { "printer_table_capitals", CONF_INT, -1, 255, NULL },
    { "printer_font", CONF_TEXT, 0, 0, NULL },
    { "printer_cut", CONF_CHOICE, 0, 0, "yes|no" },
    { "drawer_pin", CONF_INT, -1, 1, NULL },
    { "print_every_sale", CONF_CHOICE, 0, 0, "yes|no" },
    { "bank_bin", CONF_TEXT, 0, 0, NULL },
    { "bank_account", CONF_TEXT, 0, 0, NULL },
    { "bank_holder", CONF_TEXT, 0, 0, NULL },
    { NULL, CONF_INT, 0, 0, NULL },
};

/* STRICT tables came with 3.37. */
static const struct library_use libraries[] = {
    { "SQLite", db_version, "3.37.0" },
    { "libsodium", sign_version, "1.0.18" },
    { NULL, NULL, NULL }
};

const struct cli_program *pos_program(void)
{
    static struct cli_program program = {
        .name = "fair-pos",
        .version = FAIR_VERSION,
        .libraries = libraries,
        .about = N_("the till at a booth"),
        .conf_keys = conf_keys,
        .commands = commands,
    };
    /* Where the embedded file ends is known to the linker only. */
    program.conf_defaults =
        (struct str){ embedded_config_fair_pos_conf,
                      (size_t)(embedded_config_fair_pos_conf_end -
                               embedded_config_fair_pos_conf) };
    return &program;
}
