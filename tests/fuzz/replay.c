/*
 * replay.c - gives a fuzzer the files that are named, and nothing else: how
 * the corpora are counted for coverage, by any compiler.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fair/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
    static uint8_t bytes[MAX_OUTPUT];
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");
        if (!file)
            err_die("replay", i, argv[i]);
        size_t n = fread(bytes, 1, sizeof(bytes), file);
        fclose(file);
        LLVMFuzzerTestOneInput(bytes, n);
    }
    return argc > 1 ? 0 : 1;
}
