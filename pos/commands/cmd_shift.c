/*
 * cmd_shift.c - `shift open` and `shift close`.
 */
#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/json.h"
#include "pos/commands/cmd.h"
#include "pos/commands/commands.h"
#include "pos/paper/shift_slip.h"
#include "pos/till/check.h"
#include "pos/till/shift.h"

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

/* A closed shift with the state its ledger is in. */
struct closed {
    struct shift_report report;
    struct verifier ledger;
};

static void put_closed_json(const struct closed *closed, struct buf *out)
{
    struct json j;
    const struct shift_report *report = &closed->report;
    bool sound = closed->ledger.error == ERR_OK;
    json_begin(&j, out);
    json_object(&j, NULL);
    json_int(&j, "shift", report->shift.number);
    json_day(&j, "day", report->shift.day);
    json_int(&j, "expected_vnd", report->cash_expected_vnd);
    json_int(&j, "counted_vnd", report->counted_vnd);
    json_int(&j, "difference_vnd", report->difference_vnd);
    if (report->reason[0])
        json_text(&j, "reason", report->reason);
    json_bool(&j, "ledger_ok", sound);
    if (!sound)
        json_int(&j, "first_bad", closed->ledger.first_bad);
    json_end_object(&j);
    json_finish(&j);
}

/* Damage is said where nobody overlooks it: on the slip and beside it. */
static void put_closed_text(struct cli *cli, const struct till *till,
                            const struct closed *closed, int columns)
{
    struct slip slip = { &cli->out, columns };
    enum err damage = closed->ledger.error;
    shift_report_render(till, &closed->report, columns, &cli->out);
    if (damage == ERR_OK) {
        slip_count(&slip, _("Ledger checked, entries"), closed->ledger.events);
        return;
    }
    slip_count(&slip, _("LEDGER DAMAGED AT ENTRY"), closed->ledger.first_bad);
    cli_note(cli, "%s: %s", _(err_text(damage)), _(err_remedy(damage)));
}

struct closing { /* what the command line says */
    int64_t counted_vnd, op;
    struct buf reason;
    int columns;
};

static enum err read_closing(struct cli *cli, struct closing *c)
{
    enum err e = pos_amount(cli, "counted", &c->counted_vnd);
    if (!e)
        e = pos_operator(cli, &c->op);
    if (!e)
        e = pos_reason(cli, &c->reason);
    return e ? e : pos_columns(cli, &c->columns);
}

/* The end of a day is when damage must come to light: the shift is closed
 * whatever the check finds. */
static enum err close_and_check(struct till *till, const struct closing *c,
                                struct closed *out)
{
    enum err e = shift_close(till, c->counted_vnd, buf_slice(&c->reason), c->op,
                             &out->report);
    if (e)
        return e;
    if (till_ready(till) != ERR_OK) /* the disk died over the seal */
        return ERR_UNSURE;
    e = check_ledger(till->ledger, till->dir, till->who, &out->ledger);
    ASSERT(e == ERR_OK || out->ledger.error != ERR_OK);
    return ERR_OK;
}

static enum err close_shift(struct cli *cli, const struct closing *c)
{
    struct till till;
    struct closed closed;
    enum err e = pos_open(cli, LEDGER_WRITE, &till);
    if (e)
        return e;
    e = close_and_check(&till, c, &closed);
    if (!e) {
        if (cli->format == FORMAT_JSON)
            put_closed_json(&closed, &cli->out);
        else
            put_closed_text(cli, &till, &closed, c->columns);
        verifier_done(&closed.ledger);
    }
    till_close(&till);
    return e;
}

enum err pos_shift_close(struct cli *cli)
{
    struct closing closing = { .columns = SLIP_WIDE };
    buf_init(&closing.reason, MAX_TEXT);
    enum err e = read_closing(cli, &closing);
    if (!e)
        e = close_shift(cli, &closing);
    buf_done(&closing.reason);
    return e;
}
