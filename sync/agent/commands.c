/*
 * commands.c - every command of fair-sync, described once, and what each
 * prints.
 */
#include "sync/agent/commands.h"

#include <unistd.h>

#include "fair/db.h"
#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/json.h"
#include "fair/library.h"
#include "fair/money.h"
#include "fair/text.h"
#include "sync/agent/backoff.h"
#include "sync/agent/enrol.h"
#include "sync/agent/http.h"
#include "sync/agent/status.h"
#include "sync/agent/usb.h"
#include "sync/agent/watch.h"

extern const char embedded_config_fair_sync_conf[];
extern const char embedded_config_fair_sync_conf_end[];

enum { TIMEOUT_MAX_S = 86400 };

/* ---- what commands have in common ---------------------------------------- */

static void begin(struct session *s, const struct cli *cli, const char *who)
{
    session_init(s, cli->data, who, conf_int(cli->conf, "timeout_s") * 1000);
}

/* Takes over the outcome and its detail. */
static enum err finish(struct session *s, struct cli *cli, enum err e)
{
    https_done();
    if (e)
        cli_fail(cli, e, "%s", buf_text(&s->why));
    session_done(s);
    return e;
}

/* Prints where the till stands, whatever the command was. */
static enum err show(struct session *s, struct cli *cli, enum err e)
{
    struct status status;
    if (!e)
        e = status_read(s->dir, &s->why, &status);
    if (e)
        return finish(s, cli, e);
    if (cli->format == FORMAT_JSON)
        status_json(&status, &cli->out);
    else
        status_text(&status, &cli->out);
    status_done(&status);
    return finish(s, cli, ERR_OK);
}

/* ---- enrol --------------------------------------------------------------- */

static bool device_name_ok(const char *word)
{
    uint8_t bytes[DEVICE_LEN * 5 / 8];
    return base32_bytes(str_of(word), bytes, sizeof(bytes));
}

static enum err run_enrol(struct cli *cli)
{
    struct session s;
    const char *old = cli_option(cli, "successor-of");
    struct enrol_wish wish = { str_of(cli->args[0]), str_of(old) };
    if (old && !device_name_ok(old))
        return cli_fail(cli, ERR_USAGE, "--successor-of %s", old);
    begin(&s, cli, "fair-sync enrol");
    enum err e = agent_enrol(&s, &wish);
    if (e == ERR_UNREACHABLE && !agent_is_enrolled(cli->data))
        cli->remedy = N_("this till is not enrolled yet: does the aggregator "
                         "serve at this address? If it is the wrong one, ask "
                         "for a string made with `--url`");
    return show(&s, cli, e);
}

/* ---- once ---------------------------------------------------------------- */

static enum err read_timeout(struct cli *cli, int64_t *seconds)
{
    const char *value = cli_option(cli, "timeout");
    int64_t n;
    if (!value)
        return ERR_OK;
    if (money_parse(str_of(value), &n) || n < 1 || n > TIMEOUT_MAX_S)
        return cli_fail(cli, ERR_USAGE, "--timeout %s", value);
    *seconds = n;
    return ERR_OK;
}

/* A server that asks to wait, or that answered and then fell silent. Where
 * nobody answers at all, waiting is for `watch`. */
static bool passing(const struct session *s, enum err e)
{
    return e == ERR_BUSY || (e == ERR_UNREACHABLE && s->answers > 0);
}

static enum err session_try(struct session *s, int64_t end_ms)
{
    struct backoff backoff = { 0 };
    for (;;) {
        enum err e = session_run(s);
        if (!passing(s, e))
            return e;
        int64_t wait = backoff_fail(&backoff, s->retry_after_ms);
        if (env_mono_ms() + wait >= end_ms)
            return e;
        https_done();
        env_wait_ms(wait);
    }
}

static enum err run_once(struct cli *cli)
{
    struct session s;
    int64_t seconds = conf_int(cli->conf, "timeout_s");
    enum err e = read_timeout(cli, &seconds);
    if (e)
        return e;
    begin(&s, cli, "fair-sync once");
    int64_t end_ms = env_mono_ms() + seconds * 1000;
    if (cli_has(cli, "timeout"))
        s.deadline_ms = end_ms;
    e = session_try(&s, end_ms);
    if (e == ERR_BUSY)
        cli->code = err_code(ERR_UNREACHABLE);
    return show(&s, cli, e);
}

/* ---- watch --------------------------------------------------------------- */

static void tell_change(void *ctx, const struct session *s, enum err outcome,
                        int64_t wait_ms)
{
    cli_note(ctx,
             "outcome=%s state=%s events=%lld acknowledged=%lld list=%lld "
             "wait_ms=%lld",
             err_code(outcome), s->state, (long long)s->events,
             (long long)s->acknowledged, (long long)s->list,
             (long long)wait_ms);
}

static enum err run_watch(struct cli *cli)
{
    struct session s;
    const struct watch_wish wish = {
        .interval_ms = conf_int(cli->conf, "interval_s") * 1000,
        .changed = tell_change,
        .ctx = cli,
        .apart = true,
        .with_till = cli_has(cli, "with-till"),
        .till = STDIN_FILENO,
    };
    begin(&s, cli, "fair-sync watch");
    return finish(&s, cli, watch_run(&s, &wish));
}

/* ---- status, export, import ---------------------------------------------- */

static enum err run_status(struct cli *cli)
{
    struct session s;
    begin(&s, cli, "fair-sync status");
    return show(&s, cli, ERR_OK);
}

/* A damaged ledger has no status; what was saved of it is said instead. */
static enum err show_saved(struct session *s, struct cli *cli)
{
    struct json j;
    if (cli->format != FORMAT_JSON) {
        buf_printf(&cli->out,
                   _("%lld records written; from number %lld on the ledger is "
                     "DAMAGED\n"),
                   (long long)s->events, (long long)s->first_bad);
        return finish(s, cli, ERR_OK);
    }
    json_begin(&j, &cli->out);
    json_object(&j, NULL);
    json_int(&j, "events", s->events);
    json_int(&j, "first_bad", s->first_bad);
    json_end_object(&j);
    json_finish(&j);
    return finish(s, cli, ERR_OK);
}

static enum err run_export(struct cli *cli)
{
    struct session s;
    begin(&s, cli, "fair-sync export");
    enum err e = usb_export(&s, cli->args[0]);
    if (!e)
        cli_note(cli, _("%s: on the aggregator: fair-aggregator import ledger"),
                 cli->args[0]);
    return !e && s.first_bad > 0 ? show_saved(&s, cli) : show(&s, cli, e);
}

static enum err run_import(struct cli *cli)
{
    struct session s;
    begin(&s, cli, "fair-sync import");
    return show(&s, cli, usb_import(&s, cli->args[0]));
}

/* ---- the table ----------------------------------------------------------- */

#define OPTION_END              \
    {                           \
        NULL, NULL, NULL, false \
    }

static const struct cli_option enrol_options[] = {
    { "successor-of", "DEVICE", N_("the device this one replaces"), false },
    OPTION_END
};
static const struct cli_option once_options[] = {
    { "timeout", "S", N_("seconds all of it may take"), false }, OPTION_END
};

static const struct cli_option watch_options[] = {
    { "with-till", NULL, N_("end when standard input ends and all is sent"),
      false },
    OPTION_END
};

static const struct cli_command commands[] = {
    { "enrol", "STRING", 1, 1, enrol_options, CLI_WRITES | CLI_HIDES,
      N_("make this directory the till of a booth"), run_enrol },
    { "once", "", 0, 0, once_options, CLI_WRITES,
      N_("send everything and fetch the lists, then end"), run_once },
    { "watch", "", 0, 0, watch_options, CLI_WRITES | CLI_RAW,
      N_("stay and send whatever is sold"), run_watch },
    { "status", "", 0, 0, NULL, 0, N_("what is sent and what is not"),
      run_status },
    { "export", "FILE", 1, 1, NULL, 0,
      N_("write all records to a file, to be carried by hand"), run_export },
    { "import", "FILE", 1, 1, NULL, CLI_WRITES,
      N_("take lists and acknowledgements from a file"), run_import },
    { NULL, NULL, 0, 0, NULL, 0, NULL, NULL }
};

static const struct conf_key conf_keys[] = {
    { "language", CONF_CHOICE, 0, 0, "vi|en" },
    { "interval_s", CONF_INT, 1, 3600, NULL },
    { "timeout_s", CONF_INT, 1, 600, NULL },
    { NULL, CONF_INT, 0, 0, NULL },
};

/* CURLOPT_PROTOCOLS_STR came with 7.85. */
static const struct library_use libraries[] = {
    { "SQLite", db_version, "3.37.0" },
    { "libsodium", sign_version, "1.0.18" },
    { "libcurl", https_version, "7.85.0" },
    { NULL, NULL, NULL }
};

const struct cli_program *agent_program(void)
{
    static struct cli_program program = {
        .name = "fair-sync",
        .version = AGENT_VERSION,
        .about = N_("brings a till's records to the aggregator"),
        .conf_keys = conf_keys,
        .commands = commands,
        .libraries = libraries,
    };
    /* Where the embedded file ends is known to the linker only. */
    program.conf_defaults =
        (struct str){ embedded_config_fair_sync_conf,
                      (size_t)(embedded_config_fair_sync_conf_end -
                               embedded_config_fair_sync_conf) };
    return &program;
}
