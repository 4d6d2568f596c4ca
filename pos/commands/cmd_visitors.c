/*
 * cmd_visitors.c - `visitors`.
 */
#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/json.h"
#include "fair/money.h"
#include "pos/commands/cmd.h"
#include "pos/commands/commands.h"
#include "pos/till/visits.h"

/* "-12", "12", "0". */
static enum err count_parse(struct str s, int64_t *n)
{
    bool minus = s.len > 0 && s.data[0] == '-';
    int64_t value;
    if (minus)
        s = (struct str){ s.data + 1, s.len - 1 };
    enum err e = money_parse(s, &value);
    if (!e)
        *n = minus ? -value : value;
    return e;
}

static enum err read_visits(struct cli *cli, struct visits *v)
{
    if (count_parse(str_of(cli->args[0]), &v->n) != ERR_OK)
        return cli_fail(cli, ERR_USAGE, "%s: %s", cli->args[0],
                        _(cli_form("N")));
    v->gate = str_of(cli_option(cli, "gate"));
    v->estimated = cli_has(cli, "estimated");
    enum err e = pos_operator(cli, &v->op);
    return e ? e : pos_time(cli, "at", &v->late_ms);
}

static void put_json(const struct visits *v, const struct visited *done,
                     struct buf *out)
{
    struct json j;
    json_begin(&j, out);
    json_object(&j, NULL);
    json_int(&j, "seq", done->seq);
    json_day(&j, "day", done->day);
    json_int(&j, "visits", v->n);
    json_text(&j, "gate", v->gate.len > 0 ? v->gate.data : NULL);
    json_text(&j, "quality", v->estimated ? "estimated" : "counted");
    json_int(&j, "total", done->total);
    json_end_object(&j);
    json_finish(&j);
}

static void put_text(const struct visits *v, const struct visited *done,
                     struct buf *out)
{
    struct slip slip = { out, SLIP_WIDE };
    BUF(day, 32);
    day_render_people(&day, done->day);
    slip_pair(&slip, 0, str_of(_("Fair-day")), buf_slice(&day));
    slip_count(&slip, _("Visitors"), v->n);
    slip_count(&slip, _("Counted by this till so far"), done->total);
}

/* What exactly was refused. */
static enum err refused(struct cli *cli, const struct visits *v, enum err e)
{
    if (e == ERR_INVALID)
        return cli_fail(cli, e, "%s",
                        _("a count is from -100000 to 100000, and all "
                          "together are never below 0"));
    if (e == ERR_NOT_FOUND)
        return cli_fail(cli, e, _("the fair has no gate %s"), v->gate.data);
    return e;
}

enum err pos_visitors(struct cli *cli)
{
    struct visits v = { 0 };
    struct till till;
    struct visited done;
    enum err e = read_visits(cli, &v);
    if (!e)
        e = pos_open(cli, LEDGER_WRITE, &till);
    if (e)
        return e;
    e = visits_commit(&till, &v, &done);
    if (e)
        e = refused(cli, &v, e);
    else if (cli->format == FORMAT_JSON)
        put_json(&v, &done, &cli->out);
    else
        put_text(&v, &done, &cli->out);
    till_close(&till);
    return e;
}
