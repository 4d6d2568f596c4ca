/*
 * admin_account.c - `account add`, `account list`, `account lock`,
 * `account password`.
 *
 * A password is read from a file or made here and shown once; it never stands
 * on a command line, where others could read it.
 */
#include <string.h>

#include "address.h"
#include "admin.h"
#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/json.h"
#include "fair/money.h"
#include "fair/text.h"
#include "sync/aggregator/account/deeds.h"
#include "sync/aggregator/store/office.h"
#include "sync/aggregator/store/reference.h"

enum { FILE_MAX = 1024 }; /* a file with one password in it */

/* ---- running a deed ------------------------------------------------------ */

/* What a deed needs and what it leaves to say. */
struct doing {
    struct cli *cli;
    struct store *store;
    enum err (*run)(struct doing *d); /* may be called again */
    struct deed deed;
    struct account account; /* to add, or the name alone */
    char secret[SECRET_ROOM];
    char key[TOKEN_TEXT + 1];
    bool changed;
};

static enum err run_deed(struct store *s, void *ctx)
{
    struct doing *d = ctx;

    d->store = s;
    return d->run(d);
}

static enum err in_a_group(struct cli *cli, struct doing *d,
                           enum err (*run)(struct doing *d))
{
    OFFICE(office);
    enum err e = office_open(cli, &office);

    if (e != ERR_OK)
        return e;
    d->cli = cli;
    d->run = run;
    d->deed = (struct deed){ env_wall_ms(), str_of(cli->command->words) };
    e = store_do(office.store, run_deed, d);
    return e == ERR_OK || cli->detail.len > 0
               ? e
               : cli_fail(cli, e, "%s", store_errmsg(office.store));
}

static enum err unknown(const struct doing *d, enum err e)
{
    return e == ERR_NOT_FOUND ? cli_fail(d->cli, e, _("there is no account %s"),
                                         d->cli->args[0])
                              : e;
}

/* ---- passwords ----------------------------------------------------------- */

/* The one line of --password-file, or one made here. */
static enum err take_password(struct cli *cli, struct buf *out, bool *made)
{
    const char *file = cli_option(cli, "password-file");

    *made = file == NULL;
    if (file == NULL) {
        password_make(out);
        return ERR_OK;
    }
    enum err e = office_read_path(cli, file, out);
    if (e != ERR_OK)
        return e;
    if (out->len > 0 && out->data[out->len - 1] == '\n')
        buf_cut(out, out->len - 1);
    if (out->len > 0 && out->data[out->len - 1] == '\r')
        buf_cut(out, out->len - 1);
    if (password_check(buf_slice(out)) == ERR_OK)
        return ERR_OK;
    return cli_fail(cli, ERR_INVALID,
                    _("%s holds no password: one line of %d to %d bytes"), file,
                    PASSWORD_MIN, PASSWORD_MAX);
}

/* What became of an account, and what is shown only now. */
static void say(struct cli *cli, const char *change, const char *what,
                const struct buf *secret)
{
    struct json j;

    if (cli->format != FORMAT_JSON) {
        buf_printf(&cli->out, _("account %s: %s\n"), cli->args[0], _(change));
        if (secret != NULL)
            buf_printf(&cli->out, "%s: %s\n", _(what), buf_text(secret));
        return;
    }
    json_begin(&j, &cli->out);
    json_object(&j, NULL);
    json_text(&j, "account", cli->args[0]);
    json_text(&j, "change", change);
    if (secret != NULL)
        json_str(&j, what, buf_slice(secret));
    json_end_object(&j);
    json_finish(&j);
}

/* ---- add ----------------------------------------------------------------- */

static enum err bad_option(struct cli *cli, const char *name)
{
    return cli_fail_option(cli, ERR_INVALID, name);
}

static enum err take_code(struct cli *cli, const char *option,
                          bool (*good)(struct str s), char *out)
{
    const char *code = cli_option(cli, option);

    if (code == NULL)
        return ERR_OK;
    if (!good(str_of(code)))
        return bad_option(cli, option);
    memcpy(out, code, strlen(code) + 1);
    return ERR_OK;
}

static enum err take_valid(struct cli *cli, struct account *a)
{
    const char *valid = cli_option(cli, "valid");
    int64_t days = a->role == ROLE_PRESS ? PRESS_DAYS : 0;

    if (valid != NULL && (money_parse(str_of(valid), &days) != ERR_OK ||
                          days < 1 || days > VALID_DAYS_MAX))
        return bad_option(cli, "valid");
    a->made_ms = env_wall_ms();
    a->expires_ms = days > 0 ? a->made_ms + days * DAY_MS : 0;
    return ERR_OK;
}

static enum err take_account(struct cli *cli, struct account *a)
{
    const char *name = cli->args[0];
    enum err e = ERR_OK;

    a->role = role_of(str_of(cli_option(cli, "role")));
    if (a->role == ROLES || a->role == ROLE_NONE)
        return bad_option(cli, "role");
    if (!account_name_good(str_of(name)))
        return cli_fail(cli, ERR_INVALID, _("%s is no name of an account"),
                        name);
    memcpy(a->name, name, strlen(name) + 1);
    e = take_code(cli, "fair", id_fair, a->fair);
    if (e == ERR_OK)
        e = take_code(cli, "booth", id_booth, a->booth);
    if (e == ERR_OK)
        e = take_valid(cli, a);
    if (e == ERR_OK && account_check(a) != ERR_OK)
        e = cli_fail(cli, ERR_INVALID,
                     _("--fair or --booth is missing, or does not belong to "
                       "the role %s"),
                     cli_option(cli, "role"));
    if (e == ERR_OK && a->role == ROLE_PRESS && cli_has(cli, "password-file"))
        e = bad_option(cli, "password-file");
    if (e == ERR_OK && a->role != ROLE_PRESS && cli_has(cli, "url"))
        e = bad_option(cli, "url");
    return e;
}

/* An account that looks at what does not exist was mistyped. */
static enum err known(const struct doing *d)
{
    const struct account *a = &d->account;
    struct fair f;
    struct booth b;
    BUF(strings, MAX_TEXT);
    enum err e = ERR_OK;

    if (a->fair[0] != '\0')
        e = fair_get(d->store, str_of(a->fair), &f);
    if (e == ERR_NOT_FOUND)
        return cli_fail(d->cli, e, _("there is no fair %s"), a->fair);
    if (e == ERR_OK && a->booth[0] != '\0')
        e = booth_get(d->store, str_of(a->fair), str_of(a->booth), &b,
                      &strings);
    if (e == ERR_NOT_FOUND)
        return cli_fail(d->cli, e, _("fair %s has no booth %s"), a->fair,
                        a->booth);
    return e;
}

static enum err add(struct doing *d)
{
    enum err e = known(d);

    if (e == ERR_OK)
        e = d->account.role == ROLE_PRESS
                ? deed_share(d->store, &d->deed, &d->account, d->key)
                : deed_add(d->store, &d->deed, &d->account);
    return e == ERR_EXISTS
               ? cli_fail(d->cli, e, _("there is an account %s already"),
                          d->account.name)
               : e;
}

/* What was made is told now or never: should nobody get to see it, running the
 * command again says only that the account is there. */
static void say_password(struct cli *cli, const char *change,
                         const struct buf *made)
{
    say(cli, change, N_("password"), made);
    if (made)
        cli->remedy =
            N_("if the account is there now, its password was not shown: "
               "make another with `account password NAME`");
}

static enum err add_press(struct cli *cli, struct doing *d)
{
    struct address address;
    BUF(link, MAX_TEXT);
    enum err e = address_of(cli, &address);

    if (e == ERR_OK)
        e = in_a_group(cli, d, add);
    if (e != ERR_OK)
        return e;
    address_put(&address, &link);
    buf_printf(&link, "/press?key=%s", d->key);
    say(cli, N_("added"), N_("link"), &link);
    cli->remedy =
        N_("if the account is there now, its link was not shown: `account "
           "lock NAME`, and add another one");
    return e;
}

enum err admin_account_add(struct cli *cli)
{
    struct doing d = { .changed = false };
    bool made = false;
    SECRET(password, FILE_MAX);
    enum err e = take_account(cli, &d.account);

    if (e == ERR_OK && d.account.role == ROLE_PRESS)
        return add_press(cli, &d);
    if (e == ERR_OK)
        e = take_password(cli, &password, &made);
    if (e == ERR_OK)
        e = password_hash(buf_slice(&password), d.account.secret);
    if (e == ERR_OK)
        e = in_a_group(cli, &d, add);
    if (e == ERR_OK)
        say_password(cli, N_("added"), made ? &password : NULL);
    return e;
}

/* ---- lock, password ------------------------------------------------------ */

static enum err lock(struct doing *d)
{
    return unknown(
        d, deed_lock(d->store, &d->deed, str_of(d->cli->args[0]), &d->changed));
}

static enum err release(struct doing *d)
{
    return unknown(d, deed_release(d->store, &d->deed, str_of(d->cli->args[0]),
                                   &d->changed));
}

enum err admin_account_lock(struct cli *cli)
{
    bool releases = cli_has(cli, "release");
    struct doing d = { .changed = false };
    enum err e = in_a_group(cli, &d, releases ? release : lock);

    if (e == ERR_OK)
        say(cli,
            !d.changed ? N_("unchanged")
            : releases ? N_("released")
                       : N_("locked"),
            NULL, NULL);
    return e;
}

static enum err set_password(struct doing *d)
{
    enum err e =
        deed_password(d->store, &d->deed, str_of(d->cli->args[0]), d->secret);

    return e == ERR_NOT_FOUND
               ? cli_fail(d->cli, e, _("no account %s has a password"),
                          d->cli->args[0])
               : e;
}

enum err admin_account_password(struct cli *cli)
{
    struct doing d = { .changed = false };
    bool made = false;
    SECRET(password, FILE_MAX);
    enum err e = take_password(cli, &password, &made);

    if (e == ERR_OK)
        e = password_hash(buf_slice(&password), d.secret);
    if (e == ERR_OK)
        e = in_a_group(cli, &d, set_password);
    if (e == ERR_OK)
        say_password(cli, N_("changed"), made ? &password : NULL);
    return e;
}

/* ---- list ---------------------------------------------------------------- */

struct listing {
    struct cli *cli;
    struct store *store;
    struct json j;
    int64_t now_ms;
};

static void put_json(struct listing *l, const struct account *a,
                     int64_t sign_in_ms)
{
    struct json *j = &l->j;
    bool waits = account_open(a, l->now_ms) == ERR_BUSY;

    json_object(j, NULL);
    json_text(j, "name", a->name);
    json_text(j, "role", role_word(a->role));
    json_text(j, "fair", a->fair[0] ? a->fair : NULL);
    json_text(j, "booth", a->booth[0] ? a->booth : NULL);
    json_bool(j, "locked", a->locked);
    json_time(j, "waits_until", waits ? a->locked_until_ms : 0);
    json_time(j, "expires", a->expires_ms);
    json_time(j, "made", a->made_ms);
    json_time(j, "last_sign_in", sign_in_ms);
    json_end_object(j);
}

enum { COLUMNS = 7 };

static void put_line(struct buf *out, const struct str cells[COLUMNS])
{
    static const int widths[COLUMNS] = { 18, 15, 18, 8, 14, 18, 0 };

    for (int i = 0; i < COLUMNS - 1; i++)
        text_pad(out, cells[i], widths[i]);
    buf_str(out, cells[COLUMNS - 1]);
    buf_putc(out, '\n');
}

static void put_head(struct buf *out)
{
    const struct str cells[COLUMNS] = {
        str_of(_("name")),        str_of(_("role")),  str_of(_("fair")),
        str_of(_("booth")),       str_of(_("state")), str_of(_("until")),
        str_of(_("last sign-in"))
    };

    put_line(out, cells);
}

/* "2020-01-14T09:30", empty for 0. */
static struct str minute_of(int64_t ms, struct buf *room)
{
    enum { MINUTES = 16 };

    if (ms != 0)
        time_render(room, ms);
    return text_clip(buf_slice(room), MINUTES);
}

static void put_row(struct listing *l, const struct account *a,
                    int64_t sign_in_ms)
{
    BUF(until, MAX_TEXT);
    BUF(last, MAX_TEXT);
    const struct str cells[COLUMNS] = { str_of(a->name),
                                        str_of(role_word(a->role)),
                                        str_of(a->fair),
                                        str_of(a->booth),
                                        str_of(_(account_state(a, l->now_ms))),
                                        minute_of(a->expires_ms, &until),
                                        minute_of(sign_in_ms, &last) };

    put_line(&l->cli->out, cells);
}

static enum err list_one(void *ctx, const struct account *a)
{
    struct listing *l = ctx;
    int64_t sign_in_ms = 0;
    enum err e = access_last(l->store, str_of(a->name), "sign-in", &sign_in_ms);

    if (e != ERR_OK)
        return e;
    if (l->cli->format == FORMAT_JSON)
        put_json(l, a, sign_in_ms);
    else
        put_row(l, a, sign_in_ms);
    return ERR_OK;
}

static enum err list_all(struct listing *l)
{
    enum err e = store_read_begin(l->store);

    if (e != ERR_OK)
        return e;
    e = account_each(l->store, list_one, l);
    store_read_end(l->store);
    return e;
}

enum err admin_account_list(struct cli *cli)
{
    struct listing l = { .cli = cli, .now_ms = env_wall_ms() };
    bool json = cli->format == FORMAT_JSON;
    enum err e = office_read(cli, &l.store);

    if (e != ERR_OK)
        return e;
    json_begin(&l.j, &cli->out);
    if (json) {
        json_object(&l.j, NULL);
        json_array(&l.j, "accounts");
    } else {
        put_head(&cli->out);
    }
    e = list_all(&l);
    if (e != ERR_OK)
        e = cli_fail(cli, e, "%s", store_errmsg(l.store));
    store_close(l.store);
    if (e == ERR_OK && json) {
        json_end_array(&l.j);
        json_end_object(&l.j);
        json_finish(&l.j);
    }
    return e;
}
