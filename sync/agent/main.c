/*
 * main.c - fair-sync, which brings a till's records to the aggregator.
 */
#include "sync/agent/commands.h"
#include "sync/agent/http.h"

int main(int argc, char **argv)
{
    https_install();
    return cli_main(agent_program(), argc, argv);
}
