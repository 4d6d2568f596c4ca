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

static enum err take_lock(struct cli *cli, struct lock **out)
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

enum err office_open(struct cli *cli, struct office *out)
{
    const struct office_host *host = cli->program->ctx;
    struct office o = { 0 };
    BUF(why, MAX_TEXT);

    if (host != NULL) {
        out->store = host->store;
        return ERR_OK;
    }
    if (!is_set_up(cli->data))
        return cli_fail(cli, ERR_NOT_SET_UP, "%s", cli->data);
    enum err e = take_lock(cli, &o.lock);
    if (e != ERR_OK)
        return e;
    e = store_open(cli->data, STORE_WRITE, &why, &o.store);
    if (e != ERR_OK) {
        lock_close(o.lock);
        return cli_fail(cli, e, "%s", buf_text(&why));
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

enum err office_read(struct cli *cli, struct store **out)
{
    BUF(why, MAX_TEXT);
    enum err e = store_open(cli->data, STORE_READ, &why, out);

    if (e == ERR_NOT_FOUND)
        e = ERR_NOT_SET_UP;
    return e == ERR_OK ? e : cli_fail(cli, e, "%s", buf_text(&why));
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
    enum err e = env_file_read(".", buf_text(&path), out);
    return e == ERR_OK ? e : cli_fail(cli, e, "%s", buf_text(&path));
}

enum err office_read_file(struct cli *cli, struct buf *out)
{
    return office_read_path(cli, cli->args[0], out);
}
