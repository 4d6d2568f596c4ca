/*
 * admin_copy.c - `backup`, `restore`, `migrate`: the whole database, there and
 * back.
 */
#include <string.h>
#include <unistd.h>

#include "admin.h"
#include "fair/env.h"
#include "fair/hashing.h"
#include "fair/i18n.h"
#include "fair/json.h"
#include "sync/aggregator/ingest/keys.h"
#include "sync/aggregator/store/check.h"
#include "sync/aggregator/store/copy.h"
#include "sync/aggregator/store/office.h"

static void say_file(struct cli *cli, const char *path, const char *text)
{
    struct json j;

    if (cli->format != FORMAT_JSON) {
        buf_printf(&cli->out, "%s: %s\n", path, text);
        return;
    }
    json_begin(&j, &cli->out);
    json_object(&j, NULL);
    json_text(&j, "file", path);
    json_end_object(&j);
    json_finish(&j);
}

enum err admin_backup(struct cli *cli)
{
    struct copied copied;
    OFFICE(office);
    BUF(path, MAX_TEXT);
    enum err e = office_open(cli, &office);

    if (e != ERR_OK)
        return e;
    office_path(cli, cli->args[0], &path);
    e = store_shared(office.store)
            ? copy_to_file(office.store, buf_text(&path), &copied)
            : store_backup(office.store, buf_text(&path));
    if (e != ERR_OK)
        return cli_fail(cli, e, "%s", buf_text(&path));
    say_file(cli, cli->args[0], _("written"));
    return e;
}

/* ---- restore ------------------------------------------------------------- */

/* Into the directory's file, or into the database that is in its place. */
static enum err restore(struct cli *cli, const struct keys *keys,
                        const char **where, struct buf *why)
{
    struct restoring r = { .dir = cli->data,
                           .file = cli->args[0],
                           .aggregator = keys->signing.public_key };
    enum err e = office_where(cli, where);

    if (e == ERR_OK && engine_is_address(*where))
        e = office_open_at(cli, *where, &r.to);
    if (e != ERR_OK)
        return e;
    e = check_restore(&r, why);
    store_close(r.to);
    return e;
}

/* Whoever is told needs no more than its place. */
static enum err not_empty(struct cli *cli, const char *where)
{
    BUF(place, MAX_TEXT);

    engine_place(where, &place);
    cli->text = N_("the database is not empty");
    cli->remedy = N_("nothing was changed; name an empty database");
    return cli_fail(cli, ERR_EXISTS, "%s", buf_text(&place));
}

static enum err refuse_restore(struct cli *cli, enum err e, const char *where,
                               const char *why)
{
    if (cli->detail.len > 0)
        return e;
    if (e == ERR_CORRUPT) {
        cli->text = N_("this is no sound backup");
        cli->remedy = N_("nothing was changed; take another backup");
    }
    if (e == ERR_EXISTS)
        return not_empty(cli, where);
    return cli_fail(cli, e, "%s", why[0] != '\0' ? why : cli->args[0]);
}

/* Never while somebody serves here: the file is replaced. */
enum err admin_restore(struct cli *cli)
{
    struct lock_request want = { .dir = cli->data,
                                 .name = OFFICE_LOCK,
                                 .who = "fair-aggregator restore" };
    struct lock *lock = NULL;
    const char *where = NULL;
    struct keys keys;
    BUF(why, MAX_TEXT);
    enum err e = keys_load(cli->data, &keys);

    if (e != ERR_OK)
        return cli_fail(cli, e, "%s", cli->data);
    (void)hashing_begin(); /* without it we are slower */
    e = lock_take(&want, &why, &lock);
    if (e == ERR_OK)
        e = restore(cli, &keys, &where, &why);
    lock_close(lock);
    keys_done(&keys);
    if (e != ERR_OK)
        return refuse_restore(cli, e, where, buf_text(&why));
    say_file(cli, cli->args[0],
             _("restored. Tills send again what is missing;\nfairs, lists, "
               "decisions and revoked devices entered since are gone:\nenter "
               "them again"));
    return e;
}

/* ---- migrate ------------------------------------------------------------- */

#define TO_FILE "sqlite"

struct migration {
    struct cli *cli;
    const char *from; /* places as store_open takes them */
    const char *to;   /* NULL: the directory's file */
    struct buf file;  /* its path */
    struct copied copied;
};

static enum err open_source(struct migration *m, struct store **out)
{
    /* A file of an earlier program is brought up to date as by any command
     * that writes; the lock is ours. */
    bool address = engine_is_address(m->from);
    BUF(why, MAX_TEXT);

    if (!address && access(buf_text(&m->file), F_OK) != 0)
        return cli_fail(m->cli, ERR_NOT_SET_UP, "%s", buf_text(&m->file));
    enum err e =
        store_open(m->from, address ? STORE_READ : STORE_WRITE, &why, out);
    return e == ERR_OK ? e : office_failed(m->cli, m->from, e, buf_text(&why));
}

static enum err into_address(struct migration *m, struct store *from)
{
    struct store *to = NULL;
    enum err e = office_open_at(m->cli, m->to, &to);

    if (e != ERR_OK)
        return e;
    e = copy_store(from, to, &m->copied);
    if (e == ERR_EXISTS) {
        e = not_empty(m->cli, m->to);
    } else if (e != ERR_OK) {
        BUF(place, MAX_TEXT);
        engine_place(m->to, &place);
        e = cli_fail(m->cli, e, "%s: %s", buf_text(&place), store_errmsg(to));
    }
    store_close(to);
    return e;
}

static enum err into_file(struct migration *m, struct store *from)
{
    enum err e = copy_to_file(from, buf_text(&m->file), &m->copied);

    if (e == ERR_EXISTS)
        m->cli->remedy = N_("move it away first");
    return e == ERR_OK ? e : cli_fail(m->cli, e, "%s", buf_text(&m->file));
}

static enum err name_damaged(void *ctx, const struct device *d)
{
    struct buf *names = ctx;

    buf_printf(names, "%s%s", names->len ? ", " : "", d->device);
    return ERR_OK;
}

/* The sums that stand here for what is damaged cannot be made anew there: a
 * copy would have smaller totals. */
static enum err refuse_damage(struct migration *m, struct store *from)
{
    int64_t damaged = 0;
    BUF(names, MAX_TEXT);

    (void)hashing_begin(); /* without it we are slower */
    enum err e = check_chains(from, name_damaged, &names, &damaged);
    if (e != ERR_OK)
        return cli_fail(m->cli, e, "%s", store_errmsg(from));
    if (damaged == 0)
        return ERR_OK;
    m->cli->text = N_("the stored events of these devices are damaged");
    m->cli->remedy = N_("nothing was copied; import their files of `fair-sync "
                        "export` first, or restore a backup");
    return cli_fail(m->cli, ERR_CORRUPT, "%s", buf_text(&names));
}

static enum err migrate(struct migration *m)
{
    struct store *from = NULL;
    enum err e = open_source(m, &from);

    if (e == ERR_OK)
        e = refuse_damage(m, from);
    if (e == ERR_OK)
        e = m->to ? into_address(m, from) : into_file(m, from);
    store_close(from);
    return e;
}

static void say_migrated_json(const struct migration *m, const char *from,
                              const char *to)
{
    struct json j;

    json_begin(&j, &m->cli->out);
    json_object(&j, NULL);
    json_text(&j, "from", from);
    json_text(&j, "to", to);
    json_int(&j, "devices", m->copied.devices);
    json_int(&j, "events", m->copied.events);
    json_int(&j, "rows", m->copied.rows);
    json_end_object(&j);
    json_finish(&j);
}

/* A command without --store must not go on with what is old now. */
static void say_next_address(const struct migration *m, const char *to)
{
    struct buf *out = &m->cli->out;

    buf_printf(out, _("next: this line into %s/fair-aggregator.conf:\n"),
               m->cli->data);
    buf_printf(out, "  store = %s\n", to);
    if (strcmp(m->to, to) != 0)
        buf_puts(out, _("next: its password into ~/.pgpass, parameters (?…) "
                        "behind it\n"));
    if (!engine_is_address(m->from))
        buf_printf(out, _("next: move %s away: it is old from now on\n"),
                   buf_text(&m->file));
}

static void say_next_file(const struct migration *m)
{
    struct buf *out = &m->cli->out;
    struct keys keys;
    enum err e = keys_load(m->cli->data, &keys);

    buf_puts(out, _("next: leave `store` empty in the configuration\n"));
    if (e == ERR_OK)
        keys_done(&keys);
    else
        buf_printf(out,
                   _("next: the keys: `keys export FILE` where they are, then "
                     "`--data %s init --keys FILE`\n"),
                   m->cli->data);
}

static void say_migrated(const struct migration *m)
{
    struct cli *cli = m->cli;
    BUF(from, MAX_TEXT);
    BUF(to, MAX_TEXT);

    engine_place(engine_is_address(m->from) ? m->from : buf_text(&m->file),
                 &from);
    engine_place(m->to ? m->to : buf_text(&m->file), &to);
    if (cli->format == FORMAT_JSON) {
        say_migrated_json(m, buf_text(&from), buf_text(&to));
        return;
    }
    buf_printf(&cli->out, _("%s: %lld devices, %lld events (%lld rows)\n"),
               buf_text(&to), (long long)m->copied.devices,
               (long long)m->copied.events, (long long)m->copied.rows);
    buf_printf(&cli->out, _("as %s was when it was read\n"), buf_text(&from));
    if (m->to)
        say_next_address(m, buf_text(&to));
    else
        say_next_file(m);
}

/* Whoever serves this directory holds its lock; what servers elsewhere store
 * in a shared database after the moment it is read stays behind. */
enum err admin_migrate(struct cli *cli)
{
    const char *target = cli->args[0];
    bool file = strcmp(target, TO_FILE) == 0;
    struct migration m = { .cli = cli, .to = file ? NULL : target };
    struct lock *lock = NULL;
    enum err e = office_where(cli, &m.from);

    if (e == ERR_OK && !file && !engine_is_address(target))
        e = cli_fail(cli, ERR_INVALID, "%s",
                     _("the target is `sqlite` or postgresql://HOST/DATABASE"));
    if (e == ERR_OK)
        e = office_lock(cli, &lock);
    if (e != ERR_OK)
        return e;
    buf_init(&m.file, MAX_TEXT);
    buf_printf(&m.file, "%s/" STORE_FILE, cli->data);
    e = migrate(&m);
    lock_close(lock);
    if (e == ERR_OK)
        say_migrated(&m);
    buf_done(&m.file);
    return e;
}
