/*
 * admin_setup.c - `init`, `keys export`, `fair add`, `fair gates`,
 * `fair rules`.
 */
#include <string.h>

#include "admin.h"
#include "fair/admission.h"
#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/json.h"
#include "fair/money.h"
#include "fair/text.h"
#include "sync/aggregator/ingest/keys.h"
#include "sync/aggregator/store/account.h"
#include "sync/aggregator/store/listing.h"
#include "sync/aggregator/store/office.h"

enum { FAIR_DAYS_MAX = 366 };

/* What every one of these commands answers: the thing and what became of it.
 * `added` is what people read for a thing that is new. */
static void say(struct cli *cli, const char *member, const char *value,
                enum change change, const char *added)
{
    static const char *const words[] = { N_("unchanged"), N_("added"),
                                         N_("changed") };
    struct json j;

    if (cli->format != FORMAT_JSON) {
        buf_printf(&cli->out, "%s: %s\n", value,
                   _(change == CHANGE_ADDED ? added : words[change]));
        return;
    }
    json_begin(&j, &cli->out);
    json_object(&j, NULL);
    json_text(&j, member, value);
    json_text(&j, "change", words[change]);
    json_end_object(&j);
    json_finish(&j);
}

/* ---- init, keys ---------------------------------------------------------- */

static enum err make_keys(struct cli *cli, enum change *change)
{
    const char *file = cli_option(cli, "keys");
    struct keys keys;
    enum err e = keys_load(cli->data, &keys);

    *change = e == ERR_OK ? CHANGE_NONE : CHANGE_ADDED;
    if (e == ERR_OK)
        keys_done(&keys);
    if (e != ERR_OK && e != ERR_NOT_SET_UP)
        return e;
    if (file == NULL)
        return keys_make(cli->data);
    e = keys_import(cli->data, file);
    if (e == ERR_EXISTS)
        return cli_fail(cli, e, _("%s has other keys already"), cli->data);
    return e == ERR_OK ? e : cli_fail(cli, e, "%s", file);
}

/* Where all is there already nobody needs the writer's lock. */
static enum err make_database(struct cli *cli, enum change *change)
{
    struct store *store = NULL;

    if (*change == CHANGE_NONE && office_read(cli, &store) == ERR_OK) {
        store_close(store);
        return ERR_OK;
    }
    OFFICE(office);
    *change = CHANGE_ADDED;
    return office_open(cli, &office);
}

enum err admin_init(struct cli *cli)
{
    enum change change = CHANGE_NONE;
    enum err e = make_keys(cli, &change);

    if (e != ERR_OK)
        return cli->detail.len > 0 ? e : cli_fail(cli, e, "%s", cli->data);
    e = make_database(cli, &change);
    if (e == ERR_OK)
        say(cli, "data", cli->data, change, N_("set up"));
    if (e == ERR_OK && change != CHANGE_NONE && cli->format != FORMAT_JSON)
        buf_printf(&cli->out, _("next: %s account add NAME --role %s\n"),
                   cli->program->name, role_word(ROLE_ADMINISTRATOR));
    return e;
}

enum err admin_keys_export(struct cli *cli)
{
    enum err e = keys_export(cli->data, cli->args[0]);

    if (e != ERR_OK)
        return cli_fail(cli, e, "%s",
                        e == ERR_NOT_SET_UP ? cli->data : cli->args[0]);
    say(cli, "file", cli->args[0], CHANGE_ADDED, N_("written"));
    return e;
}

/* ---- fairs --------------------------------------------------------------- */

static enum err bad_option(struct cli *cli, const char *name)
{
    return cli_fail_option(cli, ERR_INVALID, name);
}

static enum err take_minutes(struct cli *cli, const char *name, int *minutes)
{
    const char *value = cli_option(cli, name);

    if (value == NULL || hhmm_parse(str_of(value), minutes) == ERR_OK)
        return ERR_OK;
    return bad_option(cli, name);
}

/* "DATE,DATE": each inside the fair, none twice, ascending in `f`. */
static bool take_closed_day(struct fair *f, int day)
{
    int i = f->n_closed;
    int offset = day_diff(day, f->first_day);

    if (offset < 0 || offset >= f->days || f->n_closed >= MAX_CLOSED_DAYS)
        return false;
    for (; i > 0 && f->closed[i - 1] >= day; i--) {
        if (f->closed[i - 1] == day)
            return false;
        f->closed[i] = f->closed[i - 1];
    }
    f->closed[i] = day;
    f->n_closed++;
    return true;
}

static enum err take_closed(struct cli *cli, struct fair *f)
{
    const char *at = cli_option(cli, "closed");

    while (at != NULL && *at != '\0') {
        size_t n = strcspn(at, ",");
        int day = 0;

        if (day_parse((struct str){ at, n }, &day) != ERR_OK ||
            !take_closed_day(f, day))
            return bad_option(cli, "closed");
        at += n + (at[n] == ',');
    }
    return f->n_closed < f->days ? ERR_OK : bad_option(cli, "closed");
}

static enum err take_name(struct cli *cli, struct fair *f)
{
    BUF(name, sizeof(f->name) - 1);

    if (text_clean(&name, str_of(cli_option(cli, "name")), MAX_NAME_COLUMNS) !=
        ERR_OK)
        return bad_option(cli, "name");
    memcpy(f->name, buf_text(&name), name.len + 1);
    return ERR_OK;
}

static enum err take_code(struct cli *cli, const char *code, char out[17])
{
    if (!id_fair(str_of(code)) || strcmp(code, PRACTICE_FAIR) == 0)
        return cli_fail(cli, ERR_INVALID, _("%s is no code of a fair"), code);
    memcpy(out, code, strlen(code) + 1);
    return ERR_OK;
}

static enum err take_span(struct cli *cli, struct fair *f)
{
    int64_t days = 0;

    if (day_parse(str_of(cli_option(cli, "first-day")), &f->first_day) !=
        ERR_OK)
        return bad_option(cli, "first-day");
    if (money_parse(str_of(cli_option(cli, "days")), &days) != ERR_OK ||
        days < 1 || days > FAIR_DAYS_MAX)
        return bad_option(cli, "days");
    f->days = (int)days;
    return take_closed(cli, f);
}

/* "expired,unlisted", or "none". */
static enum err take_refuse(struct cli *cli, int *refuse)
{
    static const struct {
        const char *word;
        int bit;
    } rules[] = { { "expired", REFUSE_EXPIRED },
                  { "unlisted", REFUSE_UNLISTED } };
    const char *at = cli_option(cli, "refuse");
    int bits = 0;

    if (strcmp(at, "none") == 0)
        at = "";
    else if (*at == '\0')
        return bad_option(cli, "refuse");
    while (*at != '\0') {
        size_t n = strcspn(at, ","), i = 0;

        while (i < ARRAY_LEN(rules) &&
               !str_is((struct str){ at, n }, rules[i].word))
            i++;
        if (i == ARRAY_LEN(rules))
            return bad_option(cli, "refuse");
        bits |= rules[i].bit;
        at += n + (at[n] == ',');
    }
    *refuse = bits;
    return ERR_OK;
}

static enum err fair_of(struct cli *cli, struct fair *f)
{
    const char *with = cli_option(cli, "compare-with");
    enum err e = take_code(cli, cli->args[0], f->code);

    if (e == ERR_OK)
        e = take_name(cli, f);
    if (e == ERR_OK)
        e = take_span(cli, f);
    if (e == ERR_OK)
        e = take_minutes(cli, "opens", &f->opens_min);
    if (e == ERR_OK)
        e = take_minutes(cli, "closes", &f->closes_min);
    if (e == ERR_OK)
        e = take_minutes(cli, "cut-off", &f->cut_off_min);
    if (e == ERR_OK && with != NULL)
        e = take_code(cli, with, f->compare_with);
    if (e == ERR_OK && cli_has(cli, "refuse"))
        e = take_refuse(cli, &f->refuse);
    return e;
}

/* One group around a change that devices should know; what is looked at in it
 * does not change meanwhile. */
static enum err begin(struct store *s)
{
    enum err e = store_group_begin(s);

    if (e != ERR_OK)
        return e;
    e = reference_lock(s);
    if (e != ERR_OK)
        store_group_rollback(s);
    return e;
}

static enum err commit(struct cli *cli, struct store *s, struct str fair,
                       enum err e, enum change change)
{
    if (e == ERR_OK && change != CHANGE_NONE)
        e = listing_bump(s, fair, env_wall_ms());
    if (e == ERR_OK)
        e = store_group_commit(s);
    else
        store_group_rollback(s);
    if (e != ERR_OK && cli->detail.len == 0)
        return cli_fail(cli, e, "%s", store_errmsg(s));
    return e;
}

/* Like the gates, what is refused stays as it was until it is named anew. */
static enum err keep_rules(struct cli *cli, struct store *s, struct fair *f)
{
    struct fair old;

    if (cli_has(cli, "refuse"))
        return ERR_OK;
    enum err e = fair_get(s, str_of(f->code), &old);
    if (e == ERR_OK)
        f->refuse = old.refuse;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err admin_fair_add(struct cli *cli)
{
    struct fair f = { .opens_min = 8 * 60,
                      .closes_min = 22 * 60,
                      .cut_off_min = 4 * 60 };
    enum change change = CHANGE_NONE;
    OFFICE(office);
    enum err e = fair_of(cli, &f);

    if (e == ERR_OK)
        e = office_open(cli, &office);
    if (e == ERR_OK)
        e = begin(office.store);
    if (e != ERR_OK)
        return e;
    e = keep_rules(cli, office.store, &f);
    if (e == ERR_OK)
        e = fair_put(office.store, &f, &change);
    e = commit(cli, office.store, str_of(f.code), e, change);
    if (e == ERR_OK)
        say(cli, "fair", f.code, change, N_("added"));
    return e;
}

static enum err known_fair(struct cli *cli, struct store *s, struct fair *f)
{
    enum err e = fair_get(s, str_of(cli->args[0]), f);

    return e == ERR_NOT_FOUND
               ? cli_fail(cli, e, _("there is no fair %s"), cli->args[0])
               : e;
}

enum err admin_fair_rules(struct cli *cli)
{
    enum change change = CHANGE_NONE;
    struct fair f;
    int refuse = 0;
    OFFICE(office);
    enum err e = take_refuse(cli, &refuse);

    if (e == ERR_OK)
        e = office_open(cli, &office);
    if (e == ERR_OK)
        e = begin(office.store);
    if (e != ERR_OK)
        return e;
    e = known_fair(cli, office.store, &f);
    if (e == ERR_OK) {
        f.refuse = refuse;
        e = fair_put(office.store, &f, &change);
    }
    e = commit(cli, office.store, str_of(cli->args[0]), e, change);
    if (e == ERR_OK)
        say(cli, "fair", cli->args[0], change, N_("changed"));
    return e;
}

static enum err take_gates(struct cli *cli, struct str *gates, int n)
{
    for (int i = 0; i < n; i++) {
        gates[i] = str_of(cli->args[i + 1]);
        if (!id_booth(gates[i]))
            return cli_fail(cli, ERR_INVALID, _("%s is no code of a gate"),
                            cli->args[i + 1]);
        for (int k = 0; k < i; k++) {
            if (str_eq(gates[i], gates[k]))
                return cli_fail(cli, ERR_INVALID, _("gate %s is named twice"),
                                cli->args[i + 1]);
        }
    }
    return ERR_OK;
}

enum err admin_fair_gates(struct cli *cli)
{
    struct str gates[MAX_GATES];
    const char *code = cli->args[0];
    enum change change = CHANGE_NONE;
    int n = cli->n_args - 1;
    struct fair f;
    OFFICE(office);
    enum err e = take_gates(cli, gates, n);

    if (e == ERR_OK)
        e = office_open(cli, &office);
    if (e == ERR_OK)
        e = begin(office.store);
    if (e != ERR_OK)
        return e;
    e = known_fair(cli, office.store, &f);
    if (e == ERR_OK)
        e = gates_put(office.store, str_of(code), gates, n, &change);
    e = commit(cli, office.store, str_of(code), e, change);
    if (e == ERR_OK)
        say(cli, "fair", code, change, N_("gates added"));
    return e;
}
