/*
 * cmd_printer.c - `print`: what waits in the spool goes to the printer, until
 * the input ends; `printer test` and `printer status`. None of them needs a
 * till that is enrolled.
 */
#include <string.h>
#include <unistd.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/json.h"
#include "fair/out_file.h"
#include "pos/commands/cmd.h"
#include "pos/commands/commands.h"
#include "pos/paper/printer.h"

/* The configured printer; `needed`: none is a failure. */
static enum err printer_of(struct cli *cli, bool needed, struct printer *out)
{
    const char *device = conf_text(cli->conf, "printer");
    if (printer_conf(cli->conf, out))
        return cli_fail(cli, ERR_CONFIG, "printer = %s", device);
    if (!needed || strcmp(device, "none") != 0)
        return ERR_OK;
    cli->text = N_("no printer is configured");
    cli->remedy = N_("set `printer` in fair-pos.conf");
    return cli_fail(cli, ERR_CONFIG, "printer = %s", device);
}

/* What is waiting goes out now, or until the input ends. */
static enum err serve(struct cli *cli, const struct printer *p, int wake_fd)
{
    BUF(why, MAX_TEXT);
    enum err e = printer_serve(p, cli->data, wake_fd, &why);
    if (e == ERR_BUSY) {
        cli->text = N_("the printer does not take anything");
        cli->remedy = N_("see that it is connected, on and has paper; slips "
                         "wait until then");
    }
    return e ? cli_fail(cli, e, "%s: %s", p->device, buf_text(&why)) : ERR_OK;
}

static void put_state(struct cli *cli, const struct printer *p)
{
    struct printer_state state;
    struct json j;
    BUF(why, MAX_TEXT);
    printer_look(p, cli->data, &state, &why);
    if (cli->format != FORMAT_JSON) {
        buf_printf(&cli->out, "%s: %s\n", _("Printer"), p->device);
        if (state.configured && !state.reachable)
            buf_printf(&cli->out, "%s: %s\n", _("Not reachable"),
                       buf_text(&why));
        buf_printf(&cli->out, "%s: %d\n", _("Slips waiting"), state.waiting);
        return;
    }
    json_begin(&j, &cli->out);
    json_object(&j, NULL);
    json_text(&j, "device", p->device);
    json_text(&j, "profile", profile_words[p->profile]);
    json_int(&j, "columns", p->columns);
    json_bool(&j, "configured", state.configured);
    json_bool(&j, "reachable", state.reachable);
    json_int(&j, "waiting", state.waiting);
    if (why.len > 0)
        json_str(&j, "why", buf_slice(&why));
    json_end_object(&j);
    json_finish(&j);
}

enum err pos_print(struct cli *cli)
{
    struct printer p;
    enum err e = printer_of(cli, true, &p);
    if (!e)
        e = serve(cli, &p, STDIN_FILENO);
    if (!e)
        put_state(cli, &p);
    return e;
}

/* The bytes as the printer gets them; not through cli->out, which is for
 * people. */
static enum err test_to_file(struct cli *cli, const struct printer *p,
                             const char *path)
{
    BUF(bytes, MAX_JOB);
    enum err e = printer_test_page(p, &bytes);
    if (!e)
        e = out_file_put(path, buf_slice(&bytes));
    return e ? cli_fail(cli, e, "%s", path) : ERR_OK;
}

/* Another process that prints from this spool prints this page, too. */
enum err pos_printer_test(struct cli *cli)
{
    const char *path = cli_option(cli, "out");
    struct printer p;
    enum err e = printer_of(cli, !path, &p);
    if (!e && path)
        return test_to_file(cli, &p, path);
    if (!e)
        e = printer_queue_test(&p, cli->data);
    if (!e)
        e = serve(cli, &p, -1);
    if (e == ERR_LOCKED)
        e = ERR_OK;
    if (!e)
        put_state(cli, &p);
    return e;
}

enum err pos_printer_status(struct cli *cli)
{
    struct printer p;
    enum err e = printer_of(cli, false, &p);
    if (!e)
        put_state(cli, &p);
    return e;
}
