/*
 * office.c - finding the store a command works in.
 */
#include "office.h"

#include <string.h>
#include <sys/stat.h>

#include "fair/i18n.h"

enum { LOCK_WAIT_MS = 10000 };

static bool is_set_up(const char *dir)
{
    BUF(path, MAX_TEXT);
    BUF(bytes, MAX_TEXT);

    buf_puts(&path, dir);
    buf_puts(&path, "/keys");
    return env_file_read(buf_text(&path), "signing.key", &bytes) == ERR_OK;
}

enum err office_lock(struct cli *cli, struct lock **out)
{
    BUF(who, MAX_TEXT);
    BUF(holder, MAX_TEXT);

    buf_printf(&who, "%s %s", cli->program->name, cli->command->words);
    struct lock_request want = { .dir = cli->data,
                                 .name = OFFICE_LOCK,
                                 .who = buf_text(&who),
                                 .wait_ms = LOCK_WAIT_MS };
    enum err e = lock_take(&want, &holder, out);
    if (e != ERR_OK)
        return cli_fail(cli, e, "%s", buf_text(&holder));
    return ERR_OK;
}

/* ---- the place ----------------------------------------------------------- */

static enum err no_address(struct cli *cli)
{
    int line = 0;
    const char *file = conf_file(cli->conf, "store", &line);

    cli->remedy = N_("write an address; the directory of a file is named by "
                     "--data");
    if (cli_option(cli, "store"))
        return cli_fail(cli, ERR_INVALID, "%s",
                        _("--store: no postgresql://HOST/DATABASE"));
    return cli_fail(cli, ERR_INVALID,
                    _("%s:%d: store: no postgresql://HOST/DATABASE"), file,
                    line);
}

enum err office_where(struct cli *cli, const char **where)
{
    const char *given = cli_option(cli, "store");

    if (!given)
        given = conf_text(cli->conf, "store");
    if (*given && !engine_is_address(given))
        return no_address(cli);
    *where = *given ? given : cli->data;
    return ERR_OK;
}

/* The id of the keys in DIR; ERR_NOT_FOUND: there are none. */
static enum err keys_id(const char *dir, char id[DEVICE_LEN + 1])
{
    struct keypair key;
    BUF(path, MAX_TEXT);

    sign_init();
    buf_printf(&path, "%s/keys", dir);
    enum err e = key_load(buf_text(&path), "signing.key", &key);
    if (e == ERR_OK) {
        aggregator_id(key.public_key, id);
        key_done(&key);
    }
    return e;
}

enum err office_claim(const char *dir, struct store *s)
{
    char id[DEVICE_LEN + 1];

    if (!store_shared(s))
        return ERR_OK;
    enum err e = keys_id(dir, id);
    return e == ERR_OK ? store_claim(s, id) : e;
}

/* Reports can be read without any keys, but not with wrong ones. */
static enum err belongs(const char *dir, struct store *s)
{
    char id[DEVICE_LEN + 1];

    if (!store_shared(s))
        return ERR_OK;
    enum err e = keys_id(dir, id);
    return e == ERR_OK ? store_belongs(s, id) : ERR_OK;
}

struct office_face office_face(const char *where, enum err e, const char *why)
{
    static const struct {
        enum err e;
        const char *sign; /* in `why`; the server's are English or missed */
        struct office_face face;
    } faces[] = {
        { ERR_EXISTS,
          "",
          { N_("the database belongs to aggregators with other keys"),
            N_("use another database, or their keys: `keys export` there, "
               "`init --keys` in an empty directory here") } },
        { ERR_NOT_SET_UP,
          "",
          { N_("the database has no store yet"),
            N_("run `init` or `migrate` with this --store") } },
        { ERR_LIBRARY,
          "",
          { N_("this program cannot reach such a database"),
            N_("install libpq5") } },
        { ERR_CONFIG,
          "",
          { N_("this is no address of a database"),
            N_("correct it as said above") } },
        { ERR_DATABASE,
          "",
          { N_("the database cannot be reached"),
            N_("check that it runs, and the address of --store or of `store` "
               "in the configuration") } },
        { ERR_READ_ONLY,
          "",
          { N_("the database can only be read"),
            N_("name the primary server, or set default_transaction_read_only "
               "to off for this role and database") } },
        { ERR_REFUSED,
          "(SQLSTATE 42501)",
          { N_("this role may not make or use the tables"),
            N_("let it own the database, or grant it CREATE on its schema") } },
        { ERR_REFUSED,
          "too many",
          { N_("the database has no connection left"),
            N_("end other programs, or raise max_connections or the role's "
               "CONNECTION LIMIT") } },
        { ERR_REFUSED,
          "connection slots",
          { N_("the database has no connection left"),
            N_("end other programs, or raise max_connections or the role's "
               "CONNECTION LIMIT") } },
        { ERR_REFUSED,
          "UTF-8",
          { N_("the database cannot hold every name"),
            N_("make another as said above, and name that one") } },
        { ERR_REFUSED,
          "set it to on",
          { N_("the database would not keep what is acknowledged"),
            N_("change the setting that is named above") } },
        { ERR_REFUSED,
          "",
          { N_("the database does not let this program in"),
            N_("check user, password and database of the address; passwords "
               "belong into ~/.pgpass") } },
    };

    for (size_t i = 0; engine_is_address(where) && i < ARRAY_LEN(faces); i++) {
        if (faces[i].e == e && strstr(why, faces[i].sign))
            return faces[i].face;
    }
    return (struct office_face){ err_text(e), err_remedy(e) };
}

enum err office_failed(struct cli *cli, const char *where, enum err e,
                       const char *why)
{
    struct office_face face = office_face(where, e, why);
    BUF(place, MAX_TEXT);

    engine_place(where, &place);
    cli->text = face.text;
    cli->remedy = face.remedy;
    return cli_fail(cli, e, "%s", *why ? why : buf_text(&place));
}

/* ---- opening it ---------------------------------------------------------- */

enum err office_open_at(struct cli *cli, const char *where, struct store **out)
{
    struct store *s = NULL;
    BUF(why, MAX_TEXT);
    enum err e = store_open(where, STORE_WRITE, &why, &s);

    if (e == ERR_OK)
        e = office_claim(cli->data, s);
    if (e != ERR_OK) {
        store_close(s);
        return office_failed(cli, where, e, buf_text(&why));
    }
    *out = s;
    return ERR_OK;
}

/* In the serving process: its store is the one that the caller means. */
static enum err open_hosted(struct cli *cli, const struct office_host *host,
                            const char *where, struct office *out)
{
    if (strcmp(where, host->where) != 0)
        return cli_fail(cli, ERR_INVALID, "%s",
                        _("`serve` works in another database: give the same "
                          "--store, or stop it"));
    out->store = host->store;
    out->host = host;
    return ERR_OK;
}

enum err office_open(struct cli *cli, struct office *out)
{
    const struct office_host *host = cli->program->ctx;
    const char *where = "";
    struct office o = { 0 };
    enum err e = office_where(cli, &where);

    if (e != ERR_OK)
        return e;
    if (host != NULL)
        return open_hosted(cli, host, where, out);
    if (!is_set_up(cli->data))
        return cli_fail(cli, ERR_NOT_SET_UP, "%s", cli->data);
    e = office_lock(cli, &o.lock);
    if (e != ERR_OK)
        return e;
    e = office_open_at(cli, where, &o.store);
    if (e != ERR_OK) {
        lock_close(o.lock);
        return e;
    }
    *out = o;
    return ERR_OK;
}

void office_close(struct office *o)
{
    if (o->lock != NULL)
        store_close(o->store);
    lock_close(o->lock);
    *o = (struct office){ 0 };
}

enum err office_do(struct office *o,
                   enum err (*work)(struct store *s, void *ctx), void *ctx)
{
    return o->host != NULL ? o->host->turn(o->host->turn_ctx, work, ctx)
                           : work(o->store, ctx);
}

enum err office_read(struct cli *cli, struct store **out)
{
    const char *where = "";
    struct store *s = NULL;
    BUF(why, MAX_TEXT);
    enum err e = office_where(cli, &where);

    if (e != ERR_OK)
        return e;
    e = store_open(where, STORE_READ, &why, &s);
    if (e == ERR_OK)
        e = belongs(cli->data, s);
    if (e != ERR_OK) {
        store_close(s);
        return office_failed(cli, where,
                             e == ERR_NOT_FOUND ? ERR_NOT_SET_UP : e,
                             buf_text(&why));
    }
    *out = s;
    return ERR_OK;
}

void office_path(const struct cli *cli, const char *path, struct buf *out)
{
    const struct office_host *host = cli->program->ctx;

    if (host != NULL && path[0] != '/') {
        buf_puts(out, host->cwd);
        buf_putc(out, '/');
    }
    buf_puts(out, path);
}

static bool is_plain(const char *path)
{
    struct stat st;

    return stat(path, &st) != 0 || S_ISREG(st.st_mode);
}

enum err office_read_path(struct cli *cli, const char *name, struct buf *out)
{
    BUF(path, MAX_TEXT);

    office_path(cli, name, &path);
    if (cli->program->ctx != NULL && !is_plain(buf_text(&path)))
        return cli_fail(
            cli, ERR_INVALID,
            _("%s is no plain file: copy it into one first, or stop "
              "`serve`"),
            buf_text(&path));
    enum err e = env_path_read(buf_text(&path), out);
    return e == ERR_OK ? e : cli_fail(cli, e, "%s", buf_text(&path));
}

enum err office_read_file(struct cli *cli, struct buf *out)
{
    return office_read_path(cli, cli->args[0], out);
}
