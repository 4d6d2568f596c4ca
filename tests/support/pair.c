/*
 * pair.c - see pair.h.
 */
#include "tests/support/pair.h"

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

void pair_run(const struct pair *p, int i, const char *const *words,
              struct buf *out)
{
    int code = -1;
    must(child_run(&p->programs[i], words, out, &code), words[0]);
    if (code != 0)
        err_die(words[0], code, buf_text(out));
}

#define RUN(p, i, ...)                             \
    do {                                           \
        BUF(said, MAX_TEXT);                       \
        pair_run(p, i, WORDS(__VA_ARGS__), &said); \
    } while (0)

static void give_data(struct pair *p, int i, const char *path)
{
    struct program *program = &p->programs[i];
    BUF(conf, MAX_TEXT);
    snprintf(program->path, sizeof(program->path), "%s", path);
    snprintf(program->data, sizeof(program->data), "%s/data%d", p->dir, i);
    snprintf(p->listen[i], sizeof(p->listen[i]), "127.0.0.1:0");
    must(env_dir_make(program->data), program->data);
    buf_printf(&conf, "store = %s\n", p->where);
    scratch_write(program->data, "fair-aggregator.conf", buf_slice(&conf));
}

/* The second one takes the first one's keys. */
static void set_up(struct pair *p)
{
    struct keypair key;
    char file[SCRATCH_ROOM + 16], booths[SCRATCH_ROOM + 16];
    const char *keys = scratch_path(p->programs[0].data, "keys");
    crowd_aggregator(&key);
    must(env_dir_make(keys), keys);
    must(key_store(keys, "signing.key", &key), keys);
    snprintf(file, sizeof(file), "%s/keys.txt", p->dir);
    snprintf(booths, sizeof(booths), "%s/booths.csv", p->dir);
    scratch_write(p->dir, "booths.csv",
                  STR("booth,name,origin\nA1,Ba Chẽ,in-province\n"));
    RUN(p, 0, "init");
    RUN(p, 0, "keys", "export", file);
    RUN(p, 1, "init", "--keys", file);
    RUN(p, 0, "fair", "add", PAIR_FAIR, "--name", "Xuân", "--first-day",
        "2020-01-14", "--days", "6");
    RUN(p, 1, "import", "booths", booths, "--fair", PAIR_FAIR);
}

void pair_open(struct pair *p, const char *path)
{
    *p = (struct pair){ .ports = { 0 } };
    scratch_make(p->dir);
    place_make(p->where);
    for (int i = 0; i < PAIR; i++)
        give_data(p, i, path);
    set_up(p);
}

void pair_close(struct pair *p)
{
    for (int i = 0; i < PAIR; i++)
        child_end(&p->servers[i], SIGKILL);
    place_remove(p->where);
    scratch_remove(p->dir);
}

void pair_serve(struct pair *p, int i)
{
    BUF(line, MAX_TEXT);
    must(child_start(&p->programs[i], WORDS("serve", "--listen", p->listen[i]),
                     &p->servers[i]),
         "serve");
    must(child_line(&p->servers[i], &line), "serve");
    const char *colon = strrchr(buf_text(&line), ':');
    ASSERT(colon);
    p->ports[i] = (int)strtol(colon + 1, NULL, 10);
    snprintf(p->listen[i], sizeof(p->listen[i]), "127.0.0.1:%d", p->ports[i]);
}
