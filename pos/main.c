/*
 * main.c - fair-pos, the till at a booth.
 */
#include "pos/commands/commands.h"

int main(int argc, char **argv)
{
    return cli_main(pos_program(), argc, argv);
}
