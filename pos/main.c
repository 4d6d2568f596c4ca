/*
 * main.c - fair-pos, the till at a booth.
 */
#include <malloc.h>

#include "pos/commands/commands.h"

int main(int argc, char **argv)
{
    /* Lists and what finds products in them are few large pieces: each goes
     * back to the system whole, and grows without being copied. */
    enum { LARGE_PIECE = 128 * 1024 };
    mallopt(M_MMAP_THRESHOLD, LARGE_PIECE);
    return cli_main(pos_program(), argc, argv);
}
