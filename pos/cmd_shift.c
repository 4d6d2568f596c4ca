/*
 * cmd_shift.c - `shift open` and `shift close`.
 */
#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/json.h"
#include "pos/cmd.h"
#include "pos/commands.h"
#include "pos/shift.h"
#include "pos/shift_slip.h"

static void put_opened(struct cli *cli, const struct shift *shift)
{
    struct json j;
    BUF(day, 32);
    struct slip slip = { &cli->out, SLIP_WIDE };
    if (cli->format == FORMAT_JSON) {
        json_begin(&j, &cli->out);
        json_object(&j, NULL);
        json_int(&j, "shift", shift->number);
        json_day(&j, "day", shift->day);
        json_int(&j, "float_vnd", shift->float_vnd);
        json_end_object(&j);
        json_finish(&j);
        return;
    }
    day_render_people(&day, shift->day);
    slip_count(&slip, _("Shift opened"), shift->number);
    slip_pair(&slip, 0, str_of(_("Fair-day")), buf_slice(&day));
    slip_money(&slip, _("Float"), shift->float_vnd);
}

enum err pos_shift_open(struct cli *cli)
{
    int64_t float_vnd = 0, op = 0, seq;
    int day = 0;
    struct till till;
    enum err e = pos_amount(cli, "float", &float_vnd);
    if (!e)
        e = pos_day(cli, "day", &day);
    if (!e)
        e = pos_operator(cli, &op);
    if (!e)
        e = pos_open(cli, LEDGER_WRITE, &till);
    if (e)
        return e;
    e = shift_open(&till, float_vnd, day, op, &seq);
    if (!e)
        put_opened(cli, &till.shift);
    till_close(&till);
    return e;
}

static void put_closed(struct cli *cli, const struct till *till,
                       const struct shift_report *report, int columns)
{
    struct json j;
    if (cli->format != FORMAT_JSON) {
        shift_report_render(till, report, columns, &cli->out);
        return;
    }
    json_begin(&j, &cli->out);
    json_object(&j, NULL);
    json_int(&j, "shift", report->shift.number);
    json_day(&j, "day", report->shift.day);
    json_int(&j, "expected_vnd", report->cash_expected_vnd);
    json_int(&j, "counted_vnd", report->counted_vnd);
    json_int(&j, "difference_vnd", report->difference_vnd);
    json_end_object(&j);
    json_finish(&j);
}

enum err pos_shift_close(struct cli *cli)
{
    int64_t counted_vnd = 0, op = 0;
    int columns = SLIP_WIDE;
    struct till till;
    struct shift_report report;
    enum err e = pos_amount(cli, "counted", &counted_vnd);
    if (!e)
        e = pos_operator(cli, &op);
    if (!e)
        e = pos_columns(cli, &columns);
    if (!e)
        e = pos_open(cli, LEDGER_WRITE, &till);
    if (e)
        return e;
    e = shift_close(&till, counted_vnd, op, &report);
    if (!e)
        put_closed(cli, &till, &report, columns);
    till_close(&till);
    return e;
}
