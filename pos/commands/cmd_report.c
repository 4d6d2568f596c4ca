/*
 * cmd_report.c - `report x` and `report z`: the open shift, and any closed
 * one again. Reading is no reprint: nothing is recorded.
 */
#include "fair/i18n.h"
#include "fair/json.h"
#include "fair/money.h"
#include "pos/commands/cmd.h"
#include "pos/commands/commands.h"
#include "pos/paper/shift_slip.h"

static void put_methods(struct json *j, const struct shift_report *report)
{
    json_object(j, "by_method");
    for (int i = 0; i < report->n_methods; i++) {
        /* Cash is asked for even where none was taken. */
        if (i == 0 || report->by_method[i].used)
            json_int(j, report->by_method[i].method, report->by_method[i].vnd);
    }
    json_end_object(j);
}

/* How the expected cash comes about. */
static void put_cash(struct json *j, const struct shift_report *report)
{
    json_object(j, "cash");
    json_int(j, "float_vnd", report->shift.float_vnd);
    json_int(j, "taken_vnd", report->cash_taken_vnd);
    json_int(j, "change_vnd", report->change_vnd);
    json_int(j, "given_back_vnd", report->cash_back_vnd);
    json_int(j, "put_in_vnd", report->trail.cash_in_vnd);
    json_int(j, "taken_out_vnd", report->trail.cash_out_vnd);
    json_int(j, "expected_vnd", report->cash_expected_vnd);
    json_end_object(j);
}

static void put_trail(struct json *j, const struct trail_counts *trail)
{
    json_object(j, "trail");
    json_int(j, "lines_removed", trail->line_removed);
    json_int(j, "carts_cancelled", trail->carts_cancelled);
    json_int(j, "drawer_openings", trail->drawer);
    json_int(j, "reprints", trail->reprints);
    json_int(j, "wrong_pins", trail->wrong_pins);
    json_int(j, "overrides", trail->overrides);
    json_end_object(j);
}

static void put_json(const struct shift_report *report, struct buf *out)
{
    struct json j;
    json_begin(&j, out);
    json_object(&j, NULL);
    json_int(&j, "shift", report->shift.number);
    json_day(&j, "day", report->shift.day);
    json_int(&j, "sales", report->sales);
    json_int(&j, "gross_vnd", report->gross_vnd);
    json_int(&j, "refunds_vnd", report->refunds_vnd);
    json_int(&j, "voids_vnd", report->voids_vnd);
    json_int(&j, "net_vnd", report->net_vnd);
    put_methods(&j, report);
    json_int(&j, "cash_expected_vnd", report->cash_expected_vnd);
    json_int(&j, "first_seq", report->first_seq);
    json_int(&j, "last_seq", report->last_seq);
    json_hex(&j, "head", report->head, HASH_BYTES);
    json_int(&j, "float_vnd", report->shift.float_vnd);
    json_int(&j, "late_sales", report->late_sales);
    json_int(&j, "late_vnd", report->late_vnd);
    put_cash(&j, report);
    put_trail(&j, &report->trail);
    if (report->unread > 0)
        json_int(&j, "unread", report->unread);
    if (!report->shift.open) {
        json_int(&j, "counted_vnd", report->counted_vnd);
        json_int(&j, "difference_vnd", report->difference_vnd);
        json_text(&j, "reason", report->reason[0] ? report->reason : NULL);
    }
    json_end_object(&j);
    json_finish(&j);
}

/* The shift of --shift, closed; else the last. */
static enum err report_z(struct till *till, int64_t number,
                         struct shift_report *out)
{
    struct shift_report report = { 0 };
    if (number == 0)
        return shift_report(till, true, out);
    enum err e = shift_report_of(till, number, &report);
    if (!e && report.shift.open)
        e = ERR_NO_SHIFT;
    if (!e)
        *out = report;
    return e;
}

static enum err refused(struct cli *cli, int64_t number, enum err e)
{
    cli->remedy = N_("see the open one: fair-pos report x");
    cli->text = N_("no shift has been closed yet");
    if (number == 0)
        return e;
    cli->text = N_("no shift of this number has been closed");
    return cli_fail(cli, e, "%s", cli_option(cli, "shift"));
}

static enum err run(struct cli *cli, bool z, int64_t number)
{
    int columns = SLIP_WIDE;
    struct till till;
    struct shift_report report = { 0 };
    enum err e = pos_columns(cli, &columns);
    if (!e)
        e = pos_open(cli, LEDGER_READ, &till);
    if (e)
        return e;
    e = z ? report_z(&till, number, &report)
          : shift_report(&till, false, &report);
    if (e == ERR_NO_SHIFT && z)
        e = refused(cli, number, e);
    if (!e && cli->format == FORMAT_JSON)
        put_json(&report, &cli->out);
    else if (!e)
        shift_report_render(&till, &report, columns, &cli->out);
    till_close(&till);
    return e;
}

enum err pos_report_x(struct cli *cli)
{
    return run(cli, false, 0);
}

enum err pos_report_z(struct cli *cli)
{
    const char *value = cli_option(cli, "shift");
    int64_t number = 0;
    if (value && (money_parse(str_of(value), &number) != ERR_OK || number < 1))
        return cli_fail_option(cli, ERR_USAGE, "shift");
    return run(cli, true, number);
}
