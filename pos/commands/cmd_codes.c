/*
 * cmd_codes.c - `codes`: what this booth sells, by code, to print. Changes
 * nothing.
 */
#include <stdlib.h>

#include "fair/i18n.h"
#include "fair/json.h"
#include "pos/commands/cmd.h"
#include "pos/commands/commands.h"
#include "pos/paper/code_sheet.h"

static void put_product(struct json *j, const struct product *p)
{
    json_object(j, NULL);
    json_str(j, "code", p->code);
    json_str(j, "sku", p->sku);
    json_str(j, "name", p->name);
    json_str(j, "unit", p->unit);
    json_int(j, "price_vnd", p->price_vnd);
    if (p->hotkey > 0)
        json_int(j, "hotkey", p->hotkey);
    else
        json_null(j, "hotkey");
    json_end_object(j);
}

static void put_json(const struct lists *lists, struct buf *out)
{
    struct json j;
    const struct product **all = code_sheet_order(lists);
    json_begin(&j, out);
    json_object(&j, NULL);
    json_str(&j, "fair", lists_fair(lists)->fair);
    json_str(&j, "booth", lists_fair(lists)->booth);
    json_int(&j, "list", lists_version(lists));
    json_array(&j, "products");
    for (int i = 0; i < lists_count(lists); i++)
        put_product(&j, all[i]);
    json_end_array(&j);
    json_end_object(&j);
    json_finish(&j);
    free(all);
}

enum err pos_codes(struct cli *cli)
{
    int columns = SLIP_WIDE;
    struct till till;
    enum err e = pos_columns(cli, &columns);
    if (!e)
        e = pos_open(cli, LEDGER_READ, &till);
    if (e)
        return e;
    if (!till.lists)
        e = pos_no_lists(cli, &till);
    else if (cli->format == FORMAT_JSON)
        put_json(till.lists, &cli->out);
    else
        code_sheet_render(&till, columns, &cli->out);
    till_close(&till);
    return e;
}
