/*
 * alone.c - see alone.h.
 */
#include "tests/support/alone.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fair/env.h"
#include "tests/support/crowd.h"

static void must(enum err e, const char *what)
{
    if (e != ERR_OK)
        err_die(what, 0, err_text(e));
}

static void run(const struct alone *a, const char *const *words)
{
    int code = 0;
    BUF(out, MAX_TEXT);
    must(child_run(&a->program, words, &out, &code), words[0]);
    if (code != 0)
        err_die(words[0], code, buf_text(&out));
}

static void set_up(const struct alone *a)
{
    struct keypair key;
    char booths[SCRATCH_ROOM + 16];
    const char *keys = scratch_path(a->program.data, "keys");
    crowd_aggregator(&key);
    must(env_dir_make(keys), keys);
    must(key_store(keys, "signing.key", &key), keys);
    scratch_write(a->dir, "booths.csv",
                  STR("booth,name,origin\nA1,Ba Chẽ,in-province\n"));
    snprintf(booths, sizeof(booths), "%s/booths.csv", a->dir);
    run(a, WORDS("init"));
    run(a, WORDS("fair", "add", ALONE_FAIR, "--name", "Xuân", "--first-day",
                 "2020-01-14", "--days", "6"));
    run(a, WORDS("import", "booths", booths, "--fair", ALONE_FAIR));
}

void alone_open(struct alone *a)
{
    BUF(line, MAX_TEXT);
    *a = (struct alone){ .port = 0 };
    scratch_make(a->dir);
    snprintf(a->program.path, sizeof(a->program.path), "%s/fair-aggregator",
             getenv("FAIR_BUILD"));
    snprintf(a->program.data, sizeof(a->program.data), "%s/data", a->dir);
    must(env_dir_make(a->program.data), a->program.data);
    set_up(a);
    must(child_start(&a->program, WORDS("serve", "--listen", "127.0.0.1:0"),
                     &a->server),
         "serve");
    must(child_line(&a->server, &line), "serve");
    const char *colon = strrchr(buf_text(&line), ':');
    ASSERT(colon);
    a->port = (int)strtol(colon + 1, NULL, 10);
}

void alone_close(struct alone *a)
{
    child_end(&a->server, SIGTERM);
    scratch_remove(a->dir);
}
