/*
 * main.c - fair-pos, the till at a booth.
 */
#include <malloc.h>

#include "fair/chain.h"
#include "pos/commands/commands.h"

int main(int argc, char **argv)
{
    /* Lists and what finds products in them are few large pieces: each goes
     * back to the system whole, and grows without being copied. */
    enum { LARGE_PIECE = 128 * 1024 };
    mallopt(M_MMAP_THRESHOLD, LARGE_PIECE);
    (void)!chain_hash_use(chain_cpu_sha256); /* without it we are slower */
    return cli_main(pos_program(), argc, argv);
}
