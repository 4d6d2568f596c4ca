/*
 * town.c - a serving aggregator on loopback with its devices.
 */
#include "tests/bench/town.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fair/env.h"
#include "fair/wire.h"

static void must(enum err e)
{
    if (e != ERR_OK)
        err_die(err_code(e), 0, err_text(e));
}

static void keys_give(const char *dir)
{
    struct keypair key;
    const char *keys = scratch_path(dir, "keys");
    crowd_aggregator(&key);
    must(env_dir_make(keys));
    must(key_store(keys, "signing.key", &key));
}

static void run(const struct town *t, const char *const *words)
{
    int code = 0;
    BUF(out, MAX_TEXT);
    must(child_run(&t->program, words, &out, &code));
    if (code != 0)
        err_die(words[0], code, buf_text(&out));
}

static void fair_make(const struct town *t, const char *code)
{
    run(t, WORDS("fair", "add", code, "--name", "Hội chợ OCOP", "--first-day",
                 "2020-01-14", "--days", "6"));
    run(t, WORDS("import", "booths", scratch_path(t->dir, "booths.csv"),
                 "--fair", code));
}

static void set_up(const struct town *t)
{
    run(t, WORDS("init"));
    must(env_file_create(t->dir, "booths.csv",
                         STR("booth,name,origin,stands,place\n"
                             "A1,Huyện Ba Chẽ,in-province,1,Ba Chẽ\n")));
    fair_make(t, "F1");
    fair_make(t, "F2");
}

static void serve(struct town *t)
{
    BUF(line, MAX_TEXT);
    must(child_start(&t->serving, WORDS("serve", "--listen", "127.0.0.1:0"),
                     &t->server));
    must(child_line(&t->server, &line));
    const char *colon = strrchr(buf_text(&line), ':');
    ASSERT(colon);
    t->port = (int)strtol(colon + 1, NULL, 10);
}

void town_open(struct town *t, const char *program, const char *serving)
{
    memset(t, 0, sizeof(*t));
    scratch_make(t->dir);
    snprintf(t->program.path, sizeof(t->program.path), "%s", program);
    snprintf(t->program.data, sizeof(t->program.data), "%s/data", t->dir);
    t->serving = t->program;
    if (serving)
        snprintf(t->serving.path, sizeof(t->serving.path), "%s", serving);
    must(env_dir_make(t->program.data));
    keys_give(t->program.data);
    set_up(t);
    serve(t);
    t->traders = x_alloc(TOWN_MANY * sizeof(*t->traders));
}

void town_close(struct town *t)
{
    child_end(&t->server, SIGTERM);
    for (int i = 0; i < t->n; i++)
        trader_close(&t->traders[i]);
    free(t->traders);
    scratch_remove(t->dir);
}

void town_grow(struct town *t, int n)
{
    town_grow_at(t, n, "F1");
}

void town_grow_at(struct town *t, int n, const char *fair)
{
    ASSERT(n <= TOWN_MANY);
    struct flood *f = flood_open(t->port, 1);
    for (; t->n < n; t->n++) {
        BUF(request, MAX_BATCH + MAX_HEADER);
        BUF(first, MAX_BATCH);
        trader_open(&t->traders[t->n], fair, NULL, t->n + 1, &first);
        flood_request(buf_slice(&first), &request);
        flood_run(f, &request, 1, NULL);
    }
    flood_close(f);
}

int64_t town_cpu_ns(const struct town *t)
{
    char path[64];
    int64_t ns = 0;
    snprintf(path, sizeof(path), "/proc/%d/task", (int)t->server.pid);
    DIR *tasks = opendir(path);
    ASSERT(tasks);
    for (const struct dirent *d; (d = readdir(tasks)) != NULL;) {
        BUF(text, MAX_TEXT);
        if (d->d_name[0] == '.')
            continue;
        scratch_read(scratch_path(path, d->d_name), "schedstat", &text);
        ns += strtoll(buf_text(&text), NULL, 10);
    }
    closedir(tasks);
    return ns;
}

/* ---- pushes -------------------------------------------------------------- */

int64_t load_events(const struct load *load)
{
    return (int64_t)load->connections * load->batch * load->each;
}

struct buf *pushes_make(struct town *t, const struct load *load)
{
    size_t n = (size_t)load->connections * (size_t)load->each;
    struct buf *all = x_alloc(n * sizeof(*all));
    for (int i = 0; i < (int)n; i++) {
        BUF(push, MAX_BATCH);
        trader_push(&t->traders[i / load->each], load->batch, &push);
        buf_init(&all[i], MAX_BATCH + MAX_HEADER);
        flood_request(buf_slice(&push), &all[i]);
    }
    return all;
}

struct buf *pushes_aside(struct town *t, const struct load *load)
{
    size_t size = (size_t)load->connections * sizeof(*t->traders);
    struct trader *kept = x_alloc(size);
    memcpy(kept, t->traders, size);
    struct buf *pushes = pushes_make(t, load);
    memcpy(t->traders, kept, size);
    free(kept);
    return pushes;
}

void pushes_free(struct buf *pushes, const struct load *load)
{
    for (int i = 0; i < load->connections * load->each; i++)
        buf_done(&pushes[i]);
    free(pushes);
}

int64_t load_run(int port, const struct load *load, const struct buf *pushes,
                 int64_t *waits)
{
    struct flood *f = flood_open(port, load->connections);
    int64_t ns = flood_run(f, pushes, load->each, waits);
    flood_close(f);
    return ns;
}
