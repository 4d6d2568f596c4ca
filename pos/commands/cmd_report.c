/*
 * cmd_report.c - `report x` and `report z`.
 */
#include "fair/i18n.h"
#include "fair/json.h"
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
    if (report->unread > 0)
        json_int(&j, "unread", report->unread);
    if (!report->shift.open) {
        json_int(&j, "counted_vnd", report->counted_vnd);
        json_int(&j, "difference_vnd", report->difference_vnd);
    }
    json_end_object(&j);
    json_finish(&j);
}

static enum err run(struct cli *cli, bool z)
{
    int columns = SLIP_WIDE;
    struct till till;
    struct shift_report report;
    enum err e = pos_columns(cli, &columns);
    if (!e)
        e = pos_open(cli, LEDGER_READ, &till);
    if (e)
        return e;
    e = shift_report(&till, z, &report);
    if (e == ERR_NO_SHIFT && z) {
        cli->text = N_("no shift has been closed yet");
        cli->remedy = N_("see the open one: fair-pos report x");
    }
    if (!e && cli->format == FORMAT_JSON)
        put_json(&report, &cli->out);
    else if (!e)
        shift_report_render(&till, &report, columns, &cli->out);
    till_close(&till);
    return e;
}

enum err pos_report_x(struct cli *cli)
{
    return run(cli, false);
}

enum err pos_report_z(struct cli *cli)
{
    return run(cli, true);
}
