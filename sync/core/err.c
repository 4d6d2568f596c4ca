/*
 * err.c - the faces of an error, looked up in the one table of err.h.
 *
 * Keeps no state but the hook that restores the screen before we die. It does
 * not translate and, except for the last line of a dying program, never
 * prints.
 */
#include "fair/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
    const char *code, *text, *remedy;
    int http, exit;
};

static const struct row rows[] = {
#define X(name, code, http, exit, text, remedy) \
    [ERR_##name] = { code, text, remedy, http, exit },
    ERRORS(X)
#undef X
};

_Static_assert(ARRAY_LEN(rows) == ERR_COUNT, "one row per error");

static void (*die_hook)(void);

static const struct row *row_of(enum err e)
{
    ASSERT((unsigned)e < ERR_COUNT);
    return &rows[e];
}

const char *err_code(enum err e)
{
    return row_of(e)->code;
}

const char *err_text(enum err e)
{
    return row_of(e)->text;
}

const char *err_remedy(enum err e)
{
    return row_of(e)->remedy;
}

int err_http(enum err e)
{
    return row_of(e)->http;
}

int err_exit(enum err e)
{
    return row_of(e)->exit;
}

enum err err_from_code(const char *code)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (strcmp(rows[i].code, code) == 0)
            return (enum err)i;
    }
    return ERR_REFUSED;
}

void err_on_die(void (*hook)(void))
{
    die_hook = hook;
}

void err_die(const char *file, int line, const char *what)
{
    /* Forgotten before it runs: a hook that fails itself must not loop. */
    void (*hook)(void) = die_hook;
    die_hook = NULL;
    if (hook)
        hook();
    fprintf(stderr, "%s:%d: this cannot happen: %s\n", file, line, what);
    abort();
}
