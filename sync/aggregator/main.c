/*
 * main.c - fair-aggregator: every command, described once.
 */
#include "fair/db.h"
#include "fair/i18n.h"
#include "fair/library.h"
#include "fair/sign.h"

#include "sync/aggregator/admin/admin.h"
#include "sync/aggregator/admin/control.h"
#include "sync/aggregator/admin/import.h"
#include "sync/aggregator/admin/serve.h"
#include "sync/aggregator/http/mhd.h"
#include "sync/aggregator/ingest/gnutls.h"
#include "sync/aggregator/ops/health.h"
#include "sync/aggregator/report/report.h"

extern const char embedded_config_fair_aggregator_conf[];
extern const char embedded_config_fair_aggregator_conf_end[];

#define OPTION_END              \
    {                           \
        NULL, NULL, NULL, false \
    }
#define OPTION_FAIR                          \
    {                                        \
        "fair", "CODE", N_("the fair"), true \
    }
#define OPTION_REASON                                         \
    {                                                         \
        "reason", "TEXT", N_("why, for later readers"), false \
    }

static const struct cli_option init_options[] = {
    { "keys", "FILE", N_("take the keys of another aggregator"), false },
    OPTION_END
};
static const struct cli_option fair_options[] = {
    { "name", "NAME", N_("name of the fair"), true },
    { "first-day", "DATE", N_("its first day"), true },
    { "days", "N", N_("number of days"), true },
    { "closed", "DATE,…", N_("days in between without fair"), false },
    { "opens", "HH:MM", N_("opening hour"), false },
    { "closes", "HH:MM", N_("closing hour"), false },
    { "cut-off", "HH:MM", N_("a fair-day ends here, default 04:00"), false },
    { "compare-with", "CODE", N_("the fair it is compared with"), false },
    { "refuse", "WHAT", N_("expired, unlisted, both with a comma, or none"),
      false },
    OPTION_END
};
static const struct cli_option rules_options[] = {
    { "refuse", "WHAT", N_("expired, unlisted, both with a comma, or none"),
      true },
    OPTION_END
};
static const struct cli_option enrol_options[] = {
    OPTION_FAIR,
    { "booth", "BOOTH", N_("the booth the till will stand at"), true },
    { "url", "URL", N_("where tills reach this server"), false },
    { "device-name", "NAME", N_("a name for the device"), false },
    OPTION_END
};
static const struct cli_option serve_options[] = {
    { "listen", "ADDRESS:PORT", N_("port 0 takes a free one"), false },
    OPTION_END
};
static const struct cli_option lists_options[] = { OPTION_FAIR, OPTION_END };
static const struct cli_option revoke_options[] = {
    { "unknown", NULL, N_("also a device that has not come yet"), false },
    OPTION_REASON,
    OPTION_END
};
static const struct cli_option decide_options[] = {
    { "day", "DATE", N_("for `day`: the day they count for"), false },
    OPTION_REASON,
    OPTION_END
};

static const struct cli_option compact_options[] = {
    { "fair", "CODE", N_("only this fair"), false },
    { "all", NULL, N_("also fairs that are not over"), false },
    OPTION_END
};

#define OPTION_PASSWORD                                                      \
    {                                                                        \
        "password-file", "FILE", N_("its password; without it one is made"), \
            false                                                            \
    }
static const struct cli_option account_options[] = {
    { "role", "administrator|organiser|staff|booth|press",
      N_("what it may see"), true },
    { "fair", "CODE", N_("the fair it may see"), false },
    { "booth", "BOOTH", N_("for role booth: the booth it may see"), false },
    { "valid", "DAYS", N_("how long it may be used"), false },
    OPTION_PASSWORD,
    { "url", "URL", N_("for role press: where people reach this server"),
      false },
    OPTION_END
};
static const struct cli_option lock_options[] = {
    { "release", NULL, N_("let it in again"), false }, OPTION_END
};
static const struct cli_option password_options[] = { OPTION_PASSWORD,
                                                      OPTION_END };

static const struct cli_command admin_commands[] = {
    { "init", "", 0, 0, init_options, 0, N_("set up this directory"),
      admin_init },
    { "keys export", "FILE", 1, 1, NULL, 0,
      N_("write the secret keys into a file; keep it safe"),
      admin_keys_export },
    { "fair add", "CODE", 1, 1, fair_options, CLI_WRITES,
      N_("enter a fair and its calendar"), admin_fair_add },
    { "fair gates", "CODE GATE…", 2, MAX_GATES + 1, NULL, CLI_WRITES,
      N_("name the gates whose counts are the fair's visits"),
      admin_fair_gates },
    { "fair rules", "CODE", 1, 1, rules_options, CLI_WRITES,
      N_("say what tills refuse to sell instead of noting it"),
      admin_fair_rules },
    { "export lists", "FILE", 1, 1, lists_options, 0,
      N_("write lists and acknowledgements into a file for tills"),
      admin_export_lists },
    { "enrol", "", 0, 0, enrol_options, CLI_WRITES,
      N_("make a one-time string that lets a till in"), admin_enrol },
    { "revoke", "DEVICE", 1, 1, revoke_options, CLI_WRITES,
      N_("count nothing a device sends from now on"), admin_revoke },
    { "decide", "DEVICE WHAT FIRST [LAST]", 3, 4, decide_options, CLI_WRITES,
      N_("hold, release, count-branch, drop-branch or day for events"),
      admin_decide },
    { "account add", "NAME", 1, 1, account_options, CLI_WRITES,
      N_("let somebody look at figures"), admin_account_add },
    { "account list", "", 0, 0, NULL, 0,
      N_("name who may look, and when they came last"), admin_account_list },
    { "account lock", "NAME", 1, 1, lock_options, CLI_WRITES,
      N_("keep somebody out, from now on"), admin_account_lock },
    { "account password", "NAME", 1, 1, password_options, CLI_WRITES,
      N_("set another password; whoever is signed in is not any more"),
      admin_account_password },
    { "serve", "", 0, 0, serve_options, CLI_RAW,
      N_("receive what tills send, until SIGTERM"), serve_run },
    { "doctor", "", 0, 0, NULL, 0, N_("say whether this directory can serve"),
      health_doctor },
    { "verify", "", 0, 0, NULL, 0, N_("check every chain, signature and sum"),
      admin_verify },
    { "rebuild", "", 0, 0, NULL, CLI_WRITES,
      N_("make all sums anew from the events"), admin_rebuild },
    { "compact", "", 0, 0, compact_options, CLI_WRITES | CLI_STEPS,
      N_("keep the events of fairs that are over in less space"),
      admin_compact },
    { "backup", "FILE", 1, 1, NULL, CLI_WRITES,
      N_("copy the database, also while serving"), admin_backup },
    { "restore", "FILE", 1, 1, NULL, 0,
      N_("put a backup in place of the database; --store: of an empty one"),
      admin_restore },
    { "migrate", "sqlite|ADDRESS", 1, 1, NULL, 0,
      N_("copy the database into another one, which is empty; both ways"),
      admin_migrate },
};

static const struct cli_option program_options[] = {
    { "store", "ADDRESS",
      N_("postgresql://… instead of a file in the directory"), false },
    OPTION_END
};

static const struct conf_key conf_keys[] = {
    { "language", CONF_CHOICE, 0, 0, "vi|en" },
    { "store", CONF_TEXT, 0, 0, NULL },
    { "writers", CONF_INT, 1, 64, NULL },
    { "listen", CONF_TEXT, 0, 0, NULL },
    { "venue", CONF_TEXT, 0, 0, NULL },
    { "threads", CONF_INT, 1, 64, NULL },
    { "queue", CONF_INT, 1, 65536, NULL },
    { "chart_js", CONF_TEXT, 0, 0, NULL },
    { "silent_after", CONF_INT, 1, 1440, NULL },
    { "metrics", CONF_CHOICE, 0, 0, "local|all" },
    { NULL, CONF_INT, 0, 0, NULL }
};

/* Before these GnuTLS leaked RSA keys by timing, and libmicrohttpd wrote
 * beyond what it had received. */
static const struct library_use libraries[] = {
    { "SQLite", db_version, "3.37.0" },
    { "libsodium", sign_version, "1.0.18" },
    { "libmicrohttpd", mhd_version, "0.9.71" },
    { "GnuTLS", gnutls_version, "3.7.9" },
    { NULL, NULL, NULL }
};

enum {
    COMMANDS =
        (int)ARRAY_LEN(admin_commands) + IMPORT_COMMANDS + REPORT_KINDS_MAX
};

static void append(struct cli_command *all, int *n,
                   const struct cli_command *some, int count)
{
    for (int i = 0; i < count; i++)
        all[(*n)++] = some[i];
}

int main(int argc, char **argv)
{
    struct cli_command all[COMMANDS + 1] = { 0 };
    int n = 0;
    const struct cli_program program = {
        .name = "fair-aggregator",
        .version = FAIR_VERSION,
        .about = N_("receives what the tills of a fair sold and reports it"),
        .conf_defaults = { embedded_config_fair_aggregator_conf,
                           (size_t)(embedded_config_fair_aggregator_conf_end -
                                    embedded_config_fair_aggregator_conf) },
        .conf_keys = conf_keys,
        .options = program_options,
        .commands = all,
        .forward = control_forward,
        .libraries = libraries,
        .unsure = N_("run it again: nothing counts twice")
    };

    append(all, &n, admin_commands, (int)ARRAY_LEN(admin_commands));
    append(all, &n, import_commands, IMPORT_COMMANDS);
    n += report_commands(&all[n]);
    return cli_main(&program, argc, argv);
}
