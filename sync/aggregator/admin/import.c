/*
 * import.c - what all imports have in common: the file, the transaction, the
 * counting, the fields.
 */
#include "import.h"

#include <string.h>

#include "fair/date.h"
#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/json.h"
#include "fair/money.h"
#include "fair/text.h"
#include "sync/aggregator/store/listing.h"
#include "sync/aggregator/store/office.h"

enum { SHOWN_COLUMNS = 24 };

/* ---- fields -------------------------------------------------------------- */

/* "column "value": what it has to be", as much of the value as helps. */
static void wrong(struct buf *why, const char *column, struct str value,
                  const char *what)
{
    BUF(shown, MAX_TEXT);

    text_emit_terminal(&shown, text_clip(value, SHOWN_COLUMNS));
    if (why->len > 0)
        buf_puts(why, "; ");
    buf_printf(why, "%s \"%s\": %s", column, buf_text(&shown), what);
}

static struct str clean(struct import *im, struct str field, int columns)
{
    size_t start = im->text.len;

    if (text_clean(&im->text, field, columns) != ERR_OK)
        return (struct str){ NULL, 0 };
    return (struct str){ buf_text(&im->text) + start, im->text.len - start };
}

static struct str field_text(struct import *im, struct str field,
                             const char *column, int columns, struct buf *why)
{
    if (field.len == 0)
        return STR("");
    struct str s = clean(im, field, columns);
    if (s.data == NULL) {
        wrong(why, column, field,
              _("not a text that can be shown, or too long"));
        return STR("");
    }
    return s;
}

struct str field_name(struct import *im, struct str field, const char *column,
                      struct buf *why)
{
    return field_text(im, field, column, MAX_NAME_COLUMNS, why);
}

struct str field_note(struct import *im, struct str field, const char *column,
                      struct buf *why)
{
    return field_text(im, field, column, MAX_NOTE_COLUMNS, why);
}

int64_t field_int(struct str field, const char *column, struct range range,
                  struct buf *why)
{
    int64_t n = range.none;

    if (field.len == 0)
        return range.none;
    if (money_parse(field, &n) != ERR_OK || n < range.min || n > range.max) {
        wrong(why, column, field,
              _("not a whole number in range, digits only"));
        return range.none;
    }
    return n;
}

int64_t field_day(struct str field, const char *column, struct buf *why)
{
    int day = 0;

    if (field.len > 0 && day_parse(field, &day) != ERR_OK)
        wrong(why, column, field, _("not a date YYYY-MM-DD"));
    return day;
}

/* What the codes of a column have to look like. */
static const char *code_form(const char *column)
{
    static const struct {
        const char *column, *text;
    } forms[] = {
        { "booth", N_("must be 1 to 6 of A-Z and 0-9") },
        { "origin", N_("must be in-province, other-province, foreign or "
                       "service") },
        { "sku", N_("must be 1 to 32 of A-Z a-z 0-9 . _ -") },
        { "code", N_("must be 1 to 8 of A-Z a-z 0-9") },
        { "barcode", N_("must be 8, 12, 13 or 14 digits, the last one right "
                        "(in Excel: format the column as text)") },
        { "fair", N_("must be 1 to 16 of A-Z 0-9 -") },
    };
    size_t i = 0;

    while (strcmp(forms[i].column, column) != 0)
        ASSERT(++i < ARRAY_LEN(forms));
    return _(forms[i].text);
}

struct str field_id(struct str field, bool ok, const char *column,
                    struct buf *why)
{
    if (!ok)
        wrong(why, column, field, code_form(column));
    return ok ? field : STR("");
}

void import_count(struct import *im, struct str key, struct str values,
                  struct buf *why)
{
    const char *old = strmap_get(im->before, key);

    if (!strmap_put(im->seen, key, STR(""))) {
        buf_puts(why, _("the key stands in the file twice"));
        return;
    }
    if (old == NULL)
        im->added++;
    else if (str_is(values, old))
        im->unchanged++;
    else
        im->changed++;
}

/* ---- the file ------------------------------------------------------------ */

struct reading {
    struct import *im;
    const struct import_kind *kind;
};

static enum err take_row(void *ctx, const struct csv_row *row, struct buf *why)
{
    struct reading *r = ctx;

    buf_clear(&r->im->text);
    r->im->position++;
    return r->kind->row(r->im, row, why);
}

static enum err read_rows(struct import *im, const struct import_kind *kind,
                          struct str text)
{
    struct reading r = { im, kind };
    BUF(errors, MAX_TEXT);
    enum err e = kind->begin != NULL ? kind->begin(im) : ERR_OK;

    if (e == ERR_OK)
        e = csv_read(text, kind->columns, take_row, &r, &errors);
    if (e == ERR_INVALID)
        return cli_fail(im->cli, e, "%s", buf_text(&errors));
    if (e == ERR_OK && kind->end != NULL)
        e = kind->end(im);
    return e;
}

static bool is_news(const struct import *im)
{
    return im->added + im->changed + im->removed > 0;
}

/* All or nothing: the group commits only when every row was good. */
static enum err import_all(struct import *im, const struct import_kind *kind,
                           struct str text)
{
    bool dry = cli_has(im->cli, "dry-run");
    enum err e = store_group_begin(im->store);

    if (e != ERR_OK)
        return e;
    e = reference_lock(im->store);
    if (e == ERR_OK)
        e = read_rows(im, kind, text);
    if (e == ERR_OK && kind->bump && is_news(im))
        e = listing_bump(im->store, im->fair, env_wall_ms());
    if (e != ERR_OK || dry || !is_news(im)) {
        store_group_rollback(im->store);
        return e;
    }
    return store_group_commit(im->store);
}

static void say(const struct import *im)
{
    struct cli *cli = im->cli;
    bool dry = cli_has(cli, "dry-run");
    struct json j;

    if (cli->format == FORMAT_JSON) {
        json_begin(&j, &cli->out);
        json_object(&j, NULL);
        json_int(&j, "added", im->added);
        json_int(&j, "changed", im->changed);
        json_int(&j, "unchanged", im->unchanged);
        json_int(&j, "removed", im->removed);
        json_bool(&j, "dry_run", dry);
        json_end_object(&j);
        json_finish(&j);
        return;
    }
    buf_printf(&cli->out, _("added %lld, changed %lld, unchanged %lld"),
               (long long)im->added, (long long)im->changed,
               (long long)im->unchanged);
    if (im->removed > 0)
        buf_printf(&cli->out, _(", removed %lld"), (long long)im->removed);
    if (dry)
        buf_puts(&cli->out, _(" (checked only, nothing was written)"));
    buf_putc(&cli->out, '\n');
}

static enum err check_fair(struct import *im)
{
    const char *code = cli_option(im->cli, "fair");
    struct fair f;

    if (code == NULL)
        return ERR_OK;
    im->fair = str_of(code);
    enum err e = fair_get(im->store, im->fair, &f);
    return e == ERR_NOT_FOUND
               ? cli_fail(im->cli, e, _("there is no fair %s"), code)
               : e;
}

enum err import_run(struct cli *cli, const struct import_kind *kind)
{
    struct import im = { .cli = cli, .fair = STR("") };
    OFFICE(office);
    BUF(text, MAX_CSV);
    enum err e = office_read_file(cli, &text);

    if (e == ERR_OK)
        e = office_open(cli, &office);
    if (e != ERR_OK)
        return e;
    im.store = office.store;
    im.before = strmap_open();
    im.seen = strmap_open();
    im.extra = strmap_open();
    buf_init(&im.text, MAX_TEXT);
    /* All of it at once: slices of a row's texts must not move. */
    ASSERT(buf_room(&im.text, MAX_TEXT - 1) != NULL);
    e = check_fair(&im);
    if (e == ERR_OK)
        e = import_all(&im, kind, buf_slice(&text));
    if (e == ERR_OK)
        say(&im);
    else if (cli->detail.len == 0)
        e = cli_fail(cli, e, "%s", store_errmsg(office.store));
    strmap_close(im.before);
    strmap_close(im.seen);
    strmap_close(im.extra);
    buf_done(&im.text);
    return e;
}
