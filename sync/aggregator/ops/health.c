/*
 * health.c - the checks, a row each.
 *
 * The database's file is never opened but by SQLite: closing any descriptor of
 * it would drop the locks this process holds on it.
 */
#include "health.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fair/date.h"
#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/json.h"
#include "fair/library.h"
#include "fair/money.h"
#include "fair/text.h"

#include "sync/aggregator/ingest/keys.h"
#include "sync/aggregator/ingest/keys_tls.h"
#include "sync/aggregator/store/account.h"
#include "sync/aggregator/store/office.h"

enum {
    DISK_WARNING_MB = 1000,
    DISK_BAD_MB = 200,
    FILES_WANTED = 16384,
    CERTIFICATE_DAYS = 60, /* warned so long before its last one */
    LEVEL_COLUMNS = 9
};

struct look {
    const struct health_place *place;
    struct health_item *item;
    struct store *store; /* NULL until the database was found in order */
};

static void find(struct look *l, enum health_state state, const char *remedy)
{
    l->item->state = state;
    l->item->remedy = state == HEALTH_OK ? "" : remedy;
}

/* "DIR/NAME" */
static void path_of(const struct look *l, const char *name, struct buf *out)
{
    buf_printf(out, "%s/%s", l->place->dir, name);
}

/* Nobody but its owner may read it. */
static bool is_private(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && (st.st_mode & 077) == 0;
}

/* ---- the checks ---------------------------------------------------------- */

static void look_directory(struct look *l)
{
    const char *dir = l->place->dir;

    buf_puts(&l->item->found, dir);
    if (access(dir, R_OK | W_OK | X_OK) != 0)
        find(l, HEALTH_BAD, N_("let this user write in it, or run `init`"));
    else if (!is_private(dir))
        find(l, HEALTH_WARNING,
             N_("others can look into it: chmod 700 the directory"));
}

static bool keys_are_private(const struct look *l)
{
    static const char *const names[] = { "signing.key", "tls.key" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        BUF(path, MAX_TEXT);
        path_of(l, "keys/", &path);
        buf_puts(&path, names[i]);
        if (!is_private(buf_text(&path)))
            return false;
    }
    return true;
}

/* The certificate is trusted by its key, so its dates stop no device; browsers
 * do look at them. */
static void look_dates(struct look *l, const struct keys *keys)
{
    int64_t ends_ms = tls_certificate_ends(buf_slice(&keys->tls_crt));
    int64_t left_ms = ends_ms - env_wall_ms();

    buf_puts(&l->item->found, _("sound; the certificate ends on "));
    day_render_people(&l->item->found, day_of_ms(ends_ms));
    if (left_ms < (int64_t)CERTIFICATE_DAYS * 86400000)
        find(l, HEALTH_WARNING,
             N_("browsers will warn: make new keys for the next fair"));
}

static void look_keys(struct look *l)
{
    struct keys keys;
    enum err e = keys_load(l->place->dir, &keys);

    if (e != ERR_OK) {
        buf_puts(&l->item->found, _(err_text(e)));
        find(l, HEALTH_BAD,
             N_("run `init`, or `init --keys` with the keys exported"));
        return;
    }
    look_dates(l, &keys);
    if (!keys_are_private(l))
        find(l, HEALTH_BAD, N_("others can read them: chmod 600 keys/*"));
    keys_done(&keys);
}

static bool password_is_open(const struct health_place *place)
{
    struct stat st;

    return place->conf_file && engine_has_password(place->where) &&
           stat(place->conf_file, &st) == 0 && (st.st_mode & 007) != 0;
}

/* A database elsewhere: what it may be is its administrator's. */
static void found_there(struct look *l, enum err e, struct buf *why)
{
    struct buf *found = &l->item->found;
    const char *where = l->place->where;

    engine_place(where, found);
    buf_puts(found, ": ");
    if (e == ERR_NOT_FOUND || e == ERR_NOT_SET_UP)
        buf_puts(found, _("nothing entered yet"));
    else if (e == ERR_OK && (e = store_writable(l->store, why)) == ERR_OK)
        buf_puts(found, _("opens"));
    else {
        struct office_face face = office_face(where, e, buf_text(why));
        buf_puts(found, _(face.text));
        if (why->len > 0)
            buf_printf(found, ": %s", buf_text(why));
        find(l, HEALTH_BAD, face.remedy);
    }
    if (l->item->state == HEALTH_OK && password_is_open(l->place))
        find(l, HEALTH_WARNING,
             N_("others can read the password in the configuration: chmod o= "
                "that file, or write the password into ~/.pgpass"));
}

static void look_database(struct look *l)
{
    const char *where = l->place->where;
    BUF(why, MAX_TEXT);
    BUF(path, MAX_TEXT);
    enum err e = l->place->store ? store_revive(l->place->store) : ERR_OK;

    if (e == ERR_OK)
        e = store_open(where, STORE_READ, &why, &l->store);
    else
        buf_puts(&why, store_errmsg(l->place->store));

    buf_printf(&path, "%s/%s", where, STORE_FILE);
    if (engine_is_address(where)) {
        found_there(l, e, &why);
    } else if (e == ERR_NOT_FOUND || e == ERR_NOT_SET_UP) {
        buf_puts(&l->item->found, _("nothing entered yet"));
    } else if (e != ERR_OK) {
        buf_puts(&l->item->found, _(err_text(e)));
        find(l, HEALTH_BAD, err_remedy(e));
    } else if (access(buf_text(&path), W_OK) != 0) {
        buf_puts(&l->item->found, _("cannot be written"));
        find(l, HEALTH_BAD, err_remedy(ERR_READ_ONLY));
    } else {
        buf_puts(&l->item->found, _("opens, can be written"));
    }
}

static void look_disk(struct look *l)
{
    const struct env *env = env_get();
    int64_t left = env->disk_free(env->ctx, l->place->dir);

    if (left < 0) {
        buf_puts(&l->item->found, _("not known"));
        return;
    }
    money_render(&l->item->found, left / 1000000);
    buf_puts(&l->item->found, _(" MB free"));
    if (left < (int64_t)DISK_BAD_MB * 1000000)
        find(l, HEALTH_BAD, err_remedy(ERR_FULL));
    else if (left < (int64_t)DISK_WARNING_MB * 1000000)
        find(l, HEALTH_WARNING, N_("free some space before the fair"));
}

static void look_files(struct look *l)
{
    struct rlimit limit = { .rlim_max = 0 };
    bool known = getrlimit(RLIMIT_NOFILE, &limit) == 0;
    bool enough = known && limit.rlim_max >= FILES_WANTED;
    int64_t most =
        limit.rlim_max > INT32_MAX ? INT32_MAX : (int64_t)limit.rlim_max;

    money_render(&l->item->found, most);
    buf_puts(&l->item->found, _(" files and connections at once"));
    if (!enough)
        find(l, HEALTH_WARNING,
             N_("many slow clients could shut others out: set "
                "LimitNOFILE=16384 or more"));
}

static enum err take_account(void *ctx, const struct account *a)
{
    int64_t *n = ctx;

    *n += a->role > ROLE_PRESS && !a->locked;
    return ERR_OK;
}

static void look_accounts(struct look *l)
{
    int64_t n = 0;

    if (!l->store || account_each(l->store, take_account, &n) != ERR_OK)
        n = 0;
    money_render(&l->item->found, n);
    buf_puts(&l->item->found, _(" may sign in"));
    if (n == 0)
        find(l, HEALTH_WARNING,
             N_("nobody can look: account add NAME --role administrator"));
}

static void look_charts(struct look *l)
{
    const char *path = l->place->chart_js;

    buf_puts(&l->item->found, path);
    if (access(path, R_OK) != 0)
        find(l, HEALTH_WARNING,
             N_("pages show tables without charts: install libjs-chart.js"));
}

static void look_libraries(struct look *l)
{
    const struct library_use *use = l->place->libraries;
    struct buf *found = &l->item->found;

    for (; use && use->name; use++) {
        const char *version = use->version();

        buf_printf(found, "%s%s %s", found->len > 0 ? ", " : "", use->name,
                   version ? version : _("is not installed"));
        if (!version)
            find(l, HEALTH_BAD, N_("install it"));
        else if (l->item->state == HEALTH_OK && library_is_old(use))
            find(l, HEALTH_WARNING,
                 N_("one is too old: update the system's packages"));
    }
}

static void look_lock(struct look *l)
{
    struct lock_request want = { .dir = l->place->dir,
                                 .name = OFFICE_LOCK,
                                 .who = "fair-aggregator doctor" };
    struct lock *lock = NULL;
    BUF(holder, MAX_TEXT);

    if (l->place->serving) {
        buf_puts(&l->item->found, _("this one"));
        return;
    }
    enum err e = lock_take(&want, &holder, &lock);
    lock_close(lock);
    buf_puts(&l->item->found,
             e == ERR_LOCKED ? buf_text(&holder) : _("nobody"));
}

static const struct check {
    const char *name, *title;
    void (*look)(struct look *l);
} checks[] = {
    { "directory", N_("Directory"), look_directory },
    { "keys", N_("Keys"), look_keys },
    { "database", N_("Database"), look_database },
    { "disk", N_("Disk"), look_disk },
    { "files", N_("Limits"), look_files },
    { "accounts", N_("Accounts"), look_accounts },
    { "charts", N_("Charts"), look_charts },
    { "libraries", N_("Libraries"), look_libraries },
    { "serving", N_("Serving"), look_lock },
};

/* The worst first, else in the order looked at. */
static void sort(struct health *h)
{
    for (int i = 1; i < h->n; i++) {
        struct health_item item = h->items[i];
        int at = i;

        for (; at > 0 && h->items[at - 1].state < item.state; at--)
            h->items[at] = h->items[at - 1];
        h->items[at] = item;
    }
}

void health_look(const struct health_place *place, struct health *out)
{
    struct look l = { .place = place };

    *out = (struct health){ 0 };
    for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
        if (checks[i].look == look_libraries && !place->libraries)
            continue;
        l.item = &out->items[out->n++];
        *l.item = (struct health_item){ .name = checks[i].name,
                                        .title = checks[i].title,
                                        .remedy = "" };
        buf_init(&l.item->found, MAX_TEXT);
        checks[i].look(&l);
        /* The directory comes first: without it there is nothing else. */
        if (i == 0 && l.item->state == HEALTH_BAD)
            break;
    }
    store_close(l.store);
    sort(out);
}

void health_done(struct health *h)
{
    for (int i = 0; i < h->n; i++)
        buf_done(&h->items[i].found);
}

enum health_state health_worst(const struct health *h)
{
    enum health_state worst = HEALTH_OK;

    for (int i = 0; i < h->n; i++) {
        if (h->items[i].state > worst)
            worst = h->items[i].state;
    }
    return worst;
}

/* ---- saying it ----------------------------------------------------------- */

static const char *const level_words[] = {
    [HEALTH_OK] = "good", [HEALTH_WARNING] = "warn", [HEALTH_BAD] = "bad"
};

void health_json(const struct health *h, struct buf *out)
{
    struct json j;

    json_begin(&j, out);
    json_object(&j, NULL);
    json_bool(&j, "ok", health_worst(h) != HEALTH_BAD);
    json_array(&j, "findings");
    for (int i = 0; i < h->n; i++) {
        const struct health_item *item = &h->items[i];

        json_object(&j, NULL);
        json_text(&j, "id", item->name);
        json_text(&j, "level", level_words[item->state]);
        json_str(&j, "text", buf_slice(&item->found));
        json_text(&j, "remedy", _(item->remedy));
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
    json_finish(&j);
}

static void put_text(const struct health *h, struct buf *out)
{
    static const char *const levels[] = { [HEALTH_OK] = N_("good"),
                                          [HEALTH_WARNING] = N_("warning"),
                                          [HEALTH_BAD] = N_("BAD") };

    for (int i = 0; i < h->n; i++) {
        const struct health_item *item = &h->items[i];

        text_pad(out, str_of(_(levels[item->state])), LEVEL_COLUMNS);
        buf_printf(out, "%s: %s\n", _(item->title), buf_text(&item->found));
        if (item->remedy[0] == '\0')
            continue;
        text_pad(out, STR(""), LEVEL_COLUMNS);
        buf_printf(out, "→ %s\n", _(item->remedy));
    }
}

enum err health_doctor(struct cli *cli)
{
    struct health_place place = { .dir = cli->data,
                                  .libraries = cli->program->libraries,
                                  .chart_js =
                                      conf_text(cli->conf, "chart_js") };
    struct health h;
    enum err e = office_where(cli, &place.where);
    int line = 0;

    if (e != ERR_OK)
        return e;
    if (!cli_option(cli, "store"))
        place.conf_file = conf_file(cli->conf, "store", &line);
    health_look(&place, &h);
    bool ok = health_worst(&h) != HEALTH_BAD;
    if (cli->format == FORMAT_JSON)
        health_json(&h, &cli->out);
    else
        put_text(&h, &cli->out);
    health_done(&h);
    if (ok)
        return ERR_OK;
    cli->out_on_failure = true;
    cli->text = N_("this aggregator is not fit to serve");
    cli->remedy = N_("do what is said above, then look again");
    return ERR_INVALID;
}
