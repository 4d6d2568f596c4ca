/*
 * slow_disk.c - the system's VFS with slow syncs, and the aggregator over it.
 *
 * The installed programs cannot be given another VFS; this one links the same
 * objects and installs an environment of its own.
 */
#include "tests/bench/slow_disk.h"

#include <sqlite3.h>
#include <time.h>

#include "fair/cli.h"
#include "fair/env.h"
#include "sync/aggregator/admin/serve.h"
#include "tests/bench/bench.h"

enum { SYNC_NS = 5000000 };

static sqlite3_vfs slow_vfs;

/* The system's calls for one sort of files, and the same with our sync. */
static struct calls {
    const sqlite3_io_methods *system;
    sqlite3_io_methods slow;
} calls[4];
static int (*system_sync)(sqlite3_file *f, int flags);

static int slow_sync(sqlite3_file *f, int flags)
{
    int64_t until = bench_ns() + SYNC_NS;
    int rc = system_sync(f, flags);
    int64_t left = until - bench_ns();
    struct timespec rest = { .tv_nsec = (long)left };
    if (left > 0)
        nanosleep(&rest, NULL);
    return rc;
}

static const sqlite3_io_methods *slowed(const sqlite3_io_methods *system)
{
    struct calls *c = calls;
    while (c->system && c->system != system)
        ASSERT(++c < calls + ARRAY_LEN(calls));
    ASSERT(!system_sync || system->xSync == system_sync);
    system_sync = system->xSync;
    c->system = system;
    c->slow = *system;
    c->slow.xSync = slow_sync;
    return &c->slow;
}

static int slow_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f,
                     int flags, int *out)
{
    sqlite3_vfs *below = vfs->pAppData;
    int rc = below->xOpen(below, name, f, flags, out);
    if (rc == SQLITE_OK)
        f->pMethods = slowed(f->pMethods);
    return rc;
}

static void slow_register(bool as_default)
{
    if (!slow_vfs.zName) {
        sqlite3_vfs *below = sqlite3_vfs_find(NULL);
        slow_vfs = *below;
        slow_vfs.pNext = NULL;
        slow_vfs.zName = "slow";
        slow_vfs.pAppData = below;
        slow_vfs.xOpen = slow_open;
    }
    sqlite3_vfs_register(&slow_vfs, as_default);
}

void slow_disk_use(bool slow)
{
    slow_register(slow);
    if (!slow)
        sqlite3_vfs_register(slow_vfs.pAppData, 1);
}

/* ---- the aggregator ------------------------------------------------------ */

extern const char embedded_config_fair_aggregator_conf[];
extern const char embedded_config_fair_aggregator_conf_end[];

static const struct cli_option options[] = {
    { "listen", "ADDRESS:PORT", "port 0 takes a free one", false },
    { NULL, NULL, NULL, false }
};
static const struct cli_command commands[] = {
    { "serve", "", 0, 0, options, CLI_RAW, "receive", serve_run },
    { NULL, NULL, 0, 0, NULL, 0, NULL, NULL }
};
static const struct conf_key conf_keys[] = {
    { "language", CONF_CHOICE, 0, 0, "vi|en" },
    { "store", CONF_TEXT, 0, 0, NULL },
    { "writers", CONF_INT, 1, 64, NULL },
    { "listen", CONF_TEXT, 0, 0, NULL },
    { "threads", CONF_INT, 1, 64, NULL },
    { "queue", CONF_INT, 1, 65536, NULL },
    { "chart_js", CONF_TEXT, 0, 0, NULL },
    { "silent_after", CONF_INT, 1, 1440, NULL },
    { "metrics", CONF_CHOICE, 0, 0, "local|all" },
    { NULL, CONF_INT, 0, 0, NULL }
};

int slow_disk_serve(int argc, char **argv)
{
    const char *conf = embedded_config_fair_aggregator_conf;
    const struct cli_program program = {
        .name = "fair-aggregator",
        .version = FAIR_VERSION,
        .about = "on a slow disk",
        .conf_defaults = { conf,
                           (size_t)(embedded_config_fair_aggregator_conf_end -
                                    conf) },
        .conf_keys = conf_keys,
        .commands = commands,
    };
    struct env env = env_system();
    slow_register(false);
    env.vfs = slow_vfs.zName;
    env_use(&env);
    return cli_main(&program, argc, argv);
}
