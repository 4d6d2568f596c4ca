/*
 * cmd_keys.c - `keys`: every key of the screen, as the README shows them.
 */
#include "pos/commands/commands.h"
#include "pos/screens/action.h"

enum err pos_keys(struct cli *cli)
{
    actions_markdown(&cli->out);
    return ERR_OK;
}
