/*
 * cmd_screen.c - fair-pos without a command: the till's screen.
 */
#include <stdlib.h>
#include <unistd.h>

#include "fair/hashing.h"
#include "fair/i18n.h"
#include "pos/commands/cmd.h"
#include "pos/commands/commands.h"
#include "pos/screens/app.h"
#include "pos/screens/loop.h"
#include "pos/screens/plain.h"

static bool no_colour(const struct cli *cli)
{
    const char *wish = getenv("NO_COLOR");
    return cli_has(cli, "no-color") || (wish && wish[0]);
}

enum err pos_screen(struct cli *cli)
{
    struct app_options options = {
        .dir = cli->data,
        .conf = cli->conf,
        .practice = cli_has(cli, "practice"),
        .no_color = no_colour(cli),
        .companions = true,
        .gate = cli_option(cli, "gate"),
    };
    struct app app;
    bool plain = cli_has(cli, "plain");
    if (!plain && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)))
        return cli_fail(cli, ERR_USAGE, "%s",
                        _("the screen needs a terminal; without one give a "
                          "command, or --plain"));
    buf_clear(&cli->detail);
    struct operators *operators;
    enum err e = pos_operators(cli, &operators);
    if (e)
        return e;
    operators_close(operators);
    (void)hashing_begin(); /* without it we are slower */
    e = app_open(&options, &cli->detail, &app);
    if (e)
        return e;
    e = plain ? plain_run(&app) : loop_run(&app, &cli->detail);
    app_close(&app);
    return e;
}
