/*
 * serve.c - the command `serve`: the parts of a serving aggregator, started in
 * order and stopped in reverse.
 *
 * SIGTERM and SIGINT: accept nothing more, finish the queue, answer whoever
 * waits, close. Nothing acknowledged depends on this being orderly.
 */
#include "serve.h"

#include <signal.h>
#include <string.h>

#include "control.h"
#include "fair/conf.h"
#include "fair/hashing.h"
#include "fair/i18n.h"
#include "notify.h"
#include "sync/aggregator/http/http.h"
#include "sync/aggregator/ops/journal.h"
#include "sync/aggregator/store/office.h"
#include "sync/aggregator/web/web.h"

struct serving {
    struct cli *cli;
    const char *where; /* the database */
    struct lock *lock;
    struct keys keys;
    struct ingest *ingest;
    struct service service;
    struct web web;
    struct http *http;
    struct buf url;
    struct control *control;
};

/* ---- the parts ----------------------------------------------------------- */

static enum err start_lock(struct serving *s, struct buf *why)
{
    struct lock_request want = { .dir = s->cli->data,
                                 .name = OFFICE_LOCK,
                                 .who = "fair-aggregator serve",
                                 .wait_ms = 10000 };

    return lock_take(&want, why, &s->lock);
}

static void stop_lock(struct serving *s)
{
    lock_close(s->lock);
}

static enum err start_keys(struct serving *s, struct buf *why)
{
    enum err e = keys_load(s->cli->data, &s->keys);

    if (e != ERR_OK)
        buf_puts(why, s->cli->data);
    return e;
}

static void stop_keys(struct serving *s)
{
    keys_done(&s->keys);
}

/* Claims the database before anything writes into it. */
static enum err claim(struct serving *s, struct buf *why)
{
    struct store *store = NULL;

    if (!engine_is_address(s->where))
        return ERR_OK;
    enum err e = store_open(s->where, STORE_WRITE, why, &store);
    if (e == ERR_OK)
        e = office_claim(s->cli->data, store);
    store_close(store);
    return e;
}

/* One line when the database is lost and one when it is back. */
static void tell_loss(const struct store_loss *loss)
{
    BUF(place, MAX_TEXT);

    engine_place(loss->where, &place);
    if (loss->why)
        journal(JOURNAL_ERROR, "database-lost",
                JOURNAL_FIELDS({ "place", buf_text(&place), 0 },
                               { "reason", loss->why, 0 }));
    else
        journal(JOURNAL_INFO, "database-back",
                JOURNAL_FIELDS({ "place", buf_text(&place), 0 },
                               { "away_ms", NULL, loss->after_ms }));
}

static enum err start_ingest(struct serving *s, struct buf *why)
{
    const struct conf *conf = s->cli->conf;
    const struct ingest_options options = {
        .where = s->where,
        .queue = (int)conf_int(conf, "queue"),
        .writers = (int)conf_int(conf, "writers")
    };
    enum err e = claim(s, why);

    store_on_loss(tell_loss);
    if (e == ERR_OK)
        e = ingest_open(&options, why, &s->ingest);
    if (e == ERR_OK)
        service_init(&s->service, s->ingest, &s->keys);
    return e;
}

static void stop_ingest(struct serving *s)
{
    ingest_stop(s->ingest);
    service_done(&s->service);
    ingest_close(s->ingest);
}

static enum err start_web(struct serving *s, struct buf *why)
{
    const struct conf *conf = s->cli->conf;

    s->web = (struct web){ .dir = s->cli->data,
                           .where = s->where,
                           .ingest = s->ingest,
                           .language = conf_text(conf, "language"),
                           .silent_min = (int)conf_int(conf, "silent_after"),
                           .metrics_all =
                               strcmp(conf_text(conf, "metrics"), "all") == 0,
                           .chart_js = conf_text(conf, "chart_js") };
    return web_open(&s->web, why);
}

static void stop_web(struct serving *s)
{
    web_close(&s->web);
}

/* Nobody waits any more when web and ingest have stopped: whoever has a
 * request here holds one of their jobs. */
static void close_http(struct serving *s)
{
    http_quiesce(s->http);
    web_stop(&s->web);
    ingest_stop(s->ingest);
    http_close(s->http);
}

static enum err start_http(struct serving *s, struct buf *why)
{
    const char *listen = cli_option(s->cli, "listen");
    struct http_options options = {
        .address = listen != NULL ? listen : conf_text(s->cli->conf, "listen"),
        .venue = conf_text(s->cli->conf, "venue"),
        .threads = (int)conf_int(s->cli->conf, "threads"),
        .service = &s->service,
        .web = &s->web
    };
    enum err e = http_open(&options, why, &s->http);

    if (e == ERR_BUSY) {
        s->cli->text = N_("another program listens at this address");
        s->cli->remedy = N_("end it, or give another address by --listen");
    } else if (e == ERR_LIMIT) {
        s->cli->text = N_("too few files may be open at once");
        s->cli->remedy = N_("set LimitNOFILE=16384 or more, then start it");
    }
    if (e != ERR_OK)
        return e;
    /* Pages name it: it stands before the first of them. */
    http_url(s->http, &s->url);
    s->web.url = buf_text(&s->url);
    e = http_serve(s->http, why);
    if (e != ERR_OK)
        close_http(s);
    return e;
}

static void stop_http(struct serving *s)
{
    journal(JOURNAL_INFO, "stopping",
            JOURNAL_FIELDS({ "url", buf_text(&s->url), 0 }));
    close_http(s);
}

static enum err start_control(struct serving *s, struct buf *why)
{
    struct control_options options = { s->cli->data, s->where, s->ingest,
                                       s->cli->program, buf_text(&s->url) };

    return control_open(&options, why, &s->control);
}

static void stop_control(struct serving *s)
{
    control_close(s->control);
}

static const struct part {
    enum err (*start)(struct serving *s, struct buf *why);
    void (*stop)(struct serving *s);
    bool opens; /* the store: what fails is told as its fault */
} parts[] = {
    { start_lock, stop_lock, false },    { start_keys, stop_keys, false },
    { start_ingest, stop_ingest, true }, { start_web, stop_web, true },
    { start_http, stop_http, false },    { start_control, stop_control, false }
};

/* ---- the command --------------------------------------------------------- */

static enum err announce(struct serving *s)
{
    struct cli *cli = s->cli;

    buf_puts(&cli->out, "listening on ");
    buf_str(&cli->out, buf_slice(&s->url));
    buf_putc(&cli->out, '\n');
    cli_flush(cli);
    journal(JOURNAL_INFO, "serving",
            JOURNAL_FIELDS({ "url", buf_text(&s->url), 0 },
                           { "version", FAIR_VERSION, 0 }));
    notify_manager("READY=1");
    return ERR_OK;
}

static void failed(struct serving *s, const struct part *part, enum err e,
                   const struct buf *why)
{
    if (part->opens)
        office_failed(s->cli, s->where, e, buf_text(why));
    else
        cli_fail(s->cli, e, "%s", buf_text(why));
}

static void wait_for_signal(const sigset_t *ends)
{
    int number = 0;

    while (sigwait(ends, &number) != 0)
        continue;
}

enum err serve_run(struct cli *cli)
{
    struct serving s = { .cli = cli };
    size_t started = 0;
    sigset_t ends;
    BUF(why, MAX_TEXT);
    enum err e = office_where(cli, &s.where);

    if (e != ERR_OK)
        return e;
    (void)hashing_begin(); /* without it we are slower */
    buf_init(&s.url, MAX_TEXT);
    /* Blocked before any thread exists, so that every thread inherits it. */
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    signal(SIGPIPE, SIG_IGN);
    while (started < ARRAY_LEN(parts) && e == ERR_OK) {
        e = parts[started].start(&s, &why);
        if (e != ERR_OK)
            failed(&s, &parts[started], e, &why);
        started += e == ERR_OK;
    }
    if (e == ERR_OK)
        e = announce(&s);
    if (e == ERR_OK)
        wait_for_signal(&ends);
    notify_manager("STOPPING=1");
    while (started > 0)
        parts[--started].stop(&s);
    journal(JOURNAL_INFO, "stopped",
            JOURNAL_FIELDS({ "outcome", err_code(e), 0 }));
    buf_done(&s.url);
    return e;
}
