/*
 * cmd_verify.c - `verify`: every record of the till from the first to the
 * last, and against what the aggregator acknowledged.
 */
#include "fair/chain.h"
#include "fair/hashing.h"
#include "fair/i18n.h"
#include "fair/json.h"
#include "pos/commands/cmd.h"
#include "pos/commands/commands.h"
#include "pos/till/check.h"

static void put_json(const struct ledger_state *state, const struct verifier *v,
                     struct buf *out)
{
    struct json j;
    json_begin(&j, out);
    json_object(&j, NULL);
    json_text(&j, "device", state->device);
    json_int(&j, "events", v->events);
    json_hex(&j, "head", v->head, HASH_BYTES);
    json_bool(&j, "ok", v->error == ERR_OK);
    if (v->error == ERR_OK)
        json_null(&j, "first_bad");
    else
        json_int(&j, "first_bad", v->first_bad);
    json_text(&j, "error", v->error == ERR_OK ? NULL : err_code(v->error));
    json_end_object(&j);
    json_finish(&j);
}

static void put_text(const struct ledger_state *state, const struct verifier *v,
                     struct buf *out)
{
    struct slip slip = { out, SLIP_WIDE };
    char code[10];
    chain_short(v->head, code);
    slip_pair(&slip, 0, str_of(_("Device")), str_of(state->device));
    slip_count(&slip, _("Sound entries"), v->events);
    slip_pair(&slip, 0, str_of(_("Ledger code")), str_of(code));
    if (v->error == ERR_OK) {
        slip_text(&slip, str_of(_("Everything is sound.")));
        return;
    }
    slip_count(&slip, _("First damaged entry"), v->first_bad);
    slip_text(&slip, str_of(_(err_text(v->error))));
}

enum err pos_verify(struct cli *cli)
{
    struct ledger *ledger;
    struct verifier v;
    sign_init();
    (void)hashing_begin(); /* without it we are slower */
    buf_clear(&cli->detail);
    enum err e = ledger_open(cli->data, LEDGER_CHECK, "fair-pos verify",
                             &cli->detail, &ledger);
    if (e)
        return e;
    e = check_ledger(ledger, cli->data, cli->program->name, &v);
    if (cli->format == FORMAT_JSON)
        put_json(ledger_state(ledger), &v, &cli->out);
    else
        put_text(ledger_state(ledger), &v, &cli->out);
    cli->out_on_failure = true;
    e = e ? e : v.error;
    verifier_done(&v);
    ledger_close(ledger);
    return e;
}
