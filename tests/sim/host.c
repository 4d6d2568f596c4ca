/*
 * host.c - see host.h.
 */
#include "tests/sim/host.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "fair/date.h"
#include "tests/sim/answer.h"

enum { ROOM = 4200 };

void host_init(struct host *host, const char *build, const char *dir)
{
    *host = (struct host){ .fair = FAIR_CODE, .listen = "127.0.0.1:0" };
    snprintf(host->program.path, sizeof(host->program.path),
             "%s/fair-aggregator", build);
    snprintf(host->program.data, sizeof(host->program.data), "%s", dir);
}

enum err host_ask(const struct host *host, const char *const *words,
                  struct buf *out)
{
    int code;
    enum err e = child_run(&host->program, words, out, &code);
    return e ? e : code == 0 ? ERR_OK : ERR_REFUSED;
}

/* ---- setting up ---------------------------------------------------------- */

static enum err order(const struct host *host, const char *const *words)
{
    BUF(unread, MAX_OUTPUT);
    return host_ask(host, words, &unread);
}

static enum err add_fair(const struct host *host, const struct setup *setup)
{
    const struct plan *plan = setup->plan;
    char opens[8], closes[8], days[8];
    BUF(first, 32);
    day_render(&first, plan->wish.first_day);
    snprintf(opens, sizeof(opens), "%02d:00", OPENS_HOUR);
    snprintf(closes, sizeof(closes), "%02d:00", CLOSES_HOUR);
    snprintf(days, sizeof(days), "%d", plan->wish.days);
    return order(host, WORDS("fair", "add", host->fair, "--name", setup->name,
                             "--first-day", buf_text(&first), "--days", days,
                             "--opens", opens, "--closes", closes));
}

static enum err add_gates(const struct host *host, int gates)
{
    static const char *const names[GATES_MAX] = { "G1", "G2", "G3", "G4", "G5",
                                                  "G6", "G7", "G8", "G9" };
    const char *words[GATES_MAX + 4] = { "fair", "gates", host->fair };
    for (int i = 0; i < gates; i++)
        words[3 + i] = names[i];
    return gates > 0 ? order(host, words) : ERR_OK;
}

static enum err import(const struct host *host, const char *what,
                       const char *dir)
{
    char path[ROOM];
    bool of_fair = strcmp(what, "catalogue") != 0;
    snprintf(path, sizeof(path), "%s/%s.csv", dir, what);
    return order(host, WORDS("import", what, path, of_fair ? "--fair" : NULL,
                             host->fair));
}

enum err host_setup(struct host *host, const struct setup *setup)
{
    static const char *const files[] = { "booths", "catalogue", "list" };
    enum err e = order(host, WORDS("init"));
    if (!e)
        e = add_fair(host, setup);
    if (!e)
        e = add_gates(host, setup->plan->wish.gates);
    for (size_t i = 0; !e && i < ARRAY_LEN(files); i++)
        e = import(host, files[i], setup->stock_dir);
    if (!e && setup->figures)
        e = order(host, WORDS("import", "figures", setup->figures));
    return e;
}

/* ---- serving ------------------------------------------------------------- */

enum err host_serve(struct host *host)
{
    static const char said[] = "listening on https://";
    BUF(line, ROOM);
    enum err e =
        child_start(&host->program, WORDS("serve", "--listen", host->listen),
                    &host->serving);
    if (!e)
        e = child_line(&host->serving, &line);
    if (!e && strncmp(buf_text(&line), said, sizeof(said) - 1) != 0)
        e = ERR_FORM;
    if (e) {
        child_end(&host->serving, SIGTERM);
        return e;
    }
    snprintf(host->listen, sizeof(host->listen), "%s",
             buf_text(&line) + sizeof(said) - 1);
    return ERR_OK;
}

enum err host_stop(struct host *host)
{
    return child_end(&host->serving, SIGTERM) == 0 ? ERR_OK : ERR_IO;
}

enum err host_enrol(const struct host *host, const char *booth,
                    struct buf *word)
{
    BUF(answer, MAX_TEXT);
    enum err e = host_ask(host,
                          WORDS("enrol", "--fair", host->fair, "--booth", booth,
                                "--format", "json"),
                          &answer);
    if (!e)
        buf_str(word, answer_at(buf_slice(&answer), "enrolment"));
    return e;
}
