/*
 * report.c - from a question to a printed report.
 *
 * Promise: one report sees one moment of the store, and its text, CSV and JSON
 * say the same. What the figures are is in report_*.c.
 */
#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fair/date.h"
#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/money.h"
#include "fair/text.h"

#include "report_parts.h"
#include "sync/aggregator/store/office.h"

// clang-format off
const struct report_kind report_kinds[] = {
    { "days", N_("Days"), N_("revenue and visits of each fair-day"),
      TAKES_ORIGIN | TAKES_BOOTH, false, report_days },
    { "compare", N_("Fair against fair"), N_("one fair against another"),
      TAKES_WITH | TAKES_SOURCE, true, report_compare },
    { "hours", N_("Hours"), N_("revenue and visits by the hour"),
      TAKES_ORIGIN | TAKES_BOOTH, false, report_hours },
    { "booths", N_("Booths"), N_("booths by revenue"),
      TAKES_ORIGIN | TAKES_BOOTH, false, report_booths },
    { "products", N_("Products"), N_("products by revenue"),
      TAKES_ORIGIN | TAKES_BOOTH, false, report_products },
    { "visitors", N_("Visits"), N_("visits by hour and gate"),
      TAKES_ORIGIN | TAKES_BOOTH, false, report_visitors },
    { "supervision", N_("Supervision"),
      N_("what was sold off the list or without certificate"),
      TAKES_ORIGIN | TAKES_BOOTH, false, report_supervision },
    { "devices", N_("Devices"), N_("devices and when they were heard last"),
      TAKES_ORIGIN | TAKES_BOOTH, false, report_devices },
    { "composition", N_("Who is at the fair"),
      N_("areas, stands and products by origin"),
      TAKES_ORIGIN | TAKES_BOOTH, false, report_composition },
    { NULL, NULL, NULL, 0, false, NULL },
};
// clang-format on

const struct report_kind *report_kind_of(struct str name)
{
    const struct report_kind *k = report_kinds;

    while (k->name && !str_is(name, k->name))
        k++;
    return k->name ? k : NULL;
}

/* ---- making -------------------------------------------------------------- */

static enum err why_not(struct report *r, enum err e, const char *text,
                        const char *word)
{
    buf_printf(r->why, "%s: %s", text, word);
    return e;
}

static bool known_booth(const struct fairground *g, const char *code)
{
    for (int i = 0; i < g->n_booths; i++) {
        if (strcmp(g->booths[i].code, code) == 0)
            return true;
    }
    return false;
}

static enum err make_on(struct report *r, struct buf *out)
{
    const char *booth = r->query->booth;

    if (booth && !known_booth(&r->ground, booth))
        return why_not(r, ERR_NOT_FOUND, _("no booth of this code"), booth);
    rows_init(&r->rows);
    enum err e = r->kind->make(r, out);
    rows_done(&r->rows);
    return e;
}

static enum err make_of_fair(struct report *r, struct scope only,
                             struct buf *out)
{
    const char *fair = r->query->fair;
    enum err e = ground_load(r->store, str_of(fair), only, &r->ground);

    if (e == ERR_NOT_FOUND)
        return why_not(r, e, _("no fair of this code has a calendar"), fair);
    if (e != ERR_OK)
        return e;
    e = make_on(r, out);
    ground_done(&r->ground);
    return e;
}

static enum err make_reading(struct report *r, struct scope only,
                             struct buf *out)
{
    enum err e = store_read_begin(r->store);

    if (e != ERR_OK)
        return e;
    e = r->kind->own_fairs ? r->kind->make(r, out) : make_of_fair(r, only, out);
    store_read_end(r->store);
    return e;
}

/* What was asked for and is not of this kind, or NULL. */
static const char *not_taken(const struct report_query *q, unsigned takes)
{
    const struct {
        unsigned bit;
        bool given;
        const char *name;
    } members[] = {
        { TAKES_WITH, q->with != NULL, "with" },
        { TAKES_SOURCE, q->source != NULL, "source" },
        { TAKES_ORIGIN, q->origin != NULL, "origin" },
        { TAKES_DAY, q->day != 0, "day" },
        { TAKES_BY, q->by != NULL, "by" },
        { TAKES_DEVICE, q->device != NULL || q->seq != 0, "device" },
        { TAKES_LIMIT, q->limit != 0, "limit" },
    };

    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        if (members[i].given && !(takes & members[i].bit))
            return members[i].name;
    }
    return NULL;
}

/* A booth is asked for to show nothing else: a kind that does not know about
 * it would. */
static enum err check(struct report *r, enum origin only)
{
    const struct report_query *q = r->query;
    const struct report_kind *kind = r->kind;
    const char *member = kind ? not_taken(q, kind->takes) : NULL;

    if (!kind)
        return why_not(r, ERR_NOT_FOUND, _("no such report"), q->kind);
    if (member)
        return why_not(r, ERR_USAGE, _("this report does not take"), member);
    if (q->booth && !(kind->takes & TAKES_BOOTH))
        return why_not(r, ERR_NOT_MAY, _("not for one booth alone"), q->kind);
    if (only == ORIGIN_UNKNOWN)
        return why_not(r, ERR_USAGE, _("no such origin"), q->origin);
    return ERR_OK;
}

enum err report_make(struct store *s, const struct report_query *q,
                     struct buf *out, struct buf *why)
{
    struct report r = {
        .store = s, .query = q, .now_ms = env_wall_ms(), .why = why
    };
    enum origin origin = q->origin ? origin_of(str_of(q->origin)) : ORIGINS;

    r.kind = report_kind_of(str_of(q->kind));
    enum err e = check(&r, origin);

    if (e != ERR_OK)
        return e;
    if (q->format == REPORT_XLSX)
        return why_not(&r, ERR_USAGE,
                       _("reports are not written in this format, use csv"),
                       "xlsx");
    return make_reading(&r, (struct scope){ origin, q->booth }, out);
}

/* ---- printing ------------------------------------------------------------ */

void moment_render(struct buf *out, int64_t ms)
{
    day_render_people(out, day_of_ms(ms));
    buf_putc(out, ' ');
    clock_render(out, ms);
}

void hold_json(const struct hold *h, struct json *j, const char *name)
{
    json_object(j, name);
    json_int(j, "events", h->events);
    json_int(j, "amount_vnd", h->amount_vnd);
    json_end_object(j);
}

static void print_json(const struct report *r, const struct page *page,
                       struct buf *out)
{
    struct json j;

    json_begin(&j, out);
    json_object(&j, NULL);
    json_text(&j, "fair", r->ground.fair.code);
    json_time(&j, "as_of", r->now_ms);
    table_json(page->table, &j, page->array);
    if (page->json)
        page->json(r, &j);
    hold_json(&r->hold, &j, "hold");
    json_end_object(&j);
    json_finish(&j);
}

/* What is left out is said, but only when there is something. */
static void hold_text(const struct hold *h, struct buf *out)
{
    BUF(amount, MAX_TEXT);

    if (h->events == 0)
        return;
    money_render(&amount, h->amount_vnd);
    buf_printf(out, _("On hold and left out: %lld events, %s đồng"),
               (long long)h->events, buf_text(&amount));
    buf_putc(out, '\n');
}

static void print_text(const struct report *r, const struct page *page,
                       struct buf *out)
{
    BUF(below, MAX_TEXT);

    buf_printf(out, "%s – %s (%s)\n", _(r->kind->title), r->ground.fair.name,
               r->ground.fair.code);
    buf_puts(out, _("as of"));
    buf_putc(out, ' ');
    moment_render(out, r->now_ms);
    if (r->ground.only.origin != ORIGINS)
        buf_printf(out, ", %s: %s", _("origin"),
                   _(origin_names[r->ground.only.origin].text));
    buf_puts(out, "\n\n");
    table_text(page->table, out);
    if (page->text)
        page->text(r, &below);
    hold_text(&r->hold, &below);
    if (below.len > 0)
        buf_putc(out, '\n');
    buf_str(out, buf_slice(&below));
}

void report_print(const struct report *r, const struct page *page,
                  struct buf *out)
{
    if (r->query->format == REPORT_JSON)
        print_json(r, page, out);
    else if (r->query->format == REPORT_CSV)
        table_csv(page->table, out);
    else
        print_text(r, page, out);
}

/* ---- shared by the reports ----------------------------------------------- */

enum err report_hold(void *ctx, const struct roll_hold *h)
{
    struct report *r = ctx;

    if (!ground_post(&r->ground, h->device))
        return ERR_OK;
    sum_add(&r->hold.events, h->events);
    sum_add(&r->hold.amount_vnd, h->amount_vnd);
    return ERR_OK;
}

struct str report_text(const struct report *r, uint32_t number)
{
    if (number >= r->rows.n_texts)
        return STR("");
    const struct row_text *t = &r->rows.texts[number];
    return (struct str){ r->rows.bytes.data + t->at, t->len };
}

struct summed *report_summed(const struct report *r,
                             int (*compare)(const void *, const void *))
{
    size_t n = r->rows.n;
    struct summed *all = x_alloc((n + 1) * sizeof(*all));

    for (size_t i = 0; i < n; i++) {
        const struct row *row = &r->rows.rows[i];

        all[i] = (struct summed){ row->key, row->v, report_text(r, row->key.a),
                                  report_text(r, row->key.b) };
    }
    qsort(all, n, sizeof(*all), compare);
    return all;
}

const struct cell cell_null = { .null = true };

struct cell cell_int(int64_t n)
{
    return (struct cell){ .n = n };
}

struct cell cell_str(struct str s)
{
    return (struct cell){ .s = s };
}

struct cell cell_word(const char *s)
{
    return s ? cell_str(str_of(s)) : cell_null;
}

struct cell cell_named(const struct word_name *name)
{
    struct cell c = cell_word(name->word);

    c.people = name->text;
    return c;
}

/* ---- commands ------------------------------------------------------------ */

static enum report_format format_of(enum cli_format format)
{
    static const enum report_format formats[] = {
        [FORMAT_TEXT] = REPORT_TEXT,
        [FORMAT_JSON] = REPORT_JSON,
        [FORMAT_CSV] = REPORT_CSV,
        [FORMAT_XLSX] = REPORT_XLSX,
    };

    return formats[format];
}

/* Options that are not texts. */
static enum err numbers_of(struct cli *cli, struct report_query *q)
{
    const char *day = cli_option(cli, "day"), *seq = cli_option(cli, "seq"),
               *limit = cli_option(cli, "limit");
    int64_t n = 0;

    if (day && day_parse(str_of(day), &q->day) != ERR_OK)
        return cli_fail_option(cli, ERR_USAGE, "day");
    if (seq && (money_parse(str_of(seq), &q->seq) != ERR_OK || q->seq < 1))
        return cli_fail_option(cli, ERR_USAGE, "seq");
    if (limit &&
        (money_parse(str_of(limit), &n) != ERR_OK || n < 1 || n > INT32_MAX))
        return cli_fail_option(cli, ERR_USAGE, "limit");
    q->limit = (int)n;
    return ERR_OK;
}

static enum err run(struct cli *cli)
{
    struct report_query q = { .kind = cli->command->words + strlen("report "),
                              .fair = cli_option(cli, "fair"),
                              .with = cli_option(cli, "with"),
                              .source = cli_option(cli, "source"),
                              .origin = cli_option(cli, "origin"),
                              .booth = cli_option(cli, "booth"),
                              .by = cli_option(cli, "by"),
                              .device = cli_option(cli, "device"),
                              .format = format_of(cli->format) };
    struct store *s = NULL;
    BUF(why, MAX_TEXT);
    enum err e = numbers_of(cli, &q);

    if (e == ERR_OK)
        e = office_read(cli, &s);
    if (e != ERR_OK)
        return e;
    e = report_make(s, &q, &cli->out, &why);
    if (e != ERR_OK)
        e = cli_fail(cli, e, "%s",
                     why.len > 0 ? buf_text(&why) : store_errmsg(s));
    store_close(s);
    return e;
}

/* By bit of report_takes; an event's number comes with the device. */
static const struct {
    unsigned takes;
    struct cli_option option;
} options[] = {
    { 0, { "fair", "CODE", N_("the fair"), true } },
    { TAKES_WITH,
      { "with", "CODE", N_("the other fair; else the one it names itself"),
        false } },
    { TAKES_SOURCE,
      { "source", "measured|published", N_("which figures of both fairs"),
        false } },
    { TAKES_ORIGIN,
      { "origin", "in-province|other-province|foreign|service",
        N_("only booths of this origin"), false } },
    { TAKES_BOOTH, { "booth", "BOOTH", N_("only this booth"), false } },
    { TAKES_DAY, { "day", "DATE", N_("only this fair-day"), false } },
    { TAKES_BY,
      { "by", "origin|place|producer|group|stars", N_("what to group by"),
        false } },
    { TAKES_DEVICE, { "device", "DEVICE", N_("only this device"), false } },
    { TAKES_DEVICE,
      { "seq", "N", N_("the event with this number, or from it on"), false } },
    { TAKES_LIMIT, { "limit", "N", N_("rows at most"), false } },
    { 0, { "out", "FILE", N_("write the report to this file"), false } },
};

/* What the command table points into: filled once, before any thread. */
static struct {
    char words[24];
    struct cli_option options[ARRAY_LEN(options) + 1];
} commands[REPORT_KINDS_MAX];

int report_commands(struct cli_command out[REPORT_KINDS_MAX])
{
    int n = 0;

    for (; report_kinds[n].name; n++) {
        const struct report_kind *kind = &report_kinds[n];
        int used = 0;

        ASSERT(n < REPORT_KINDS_MAX);
        for (size_t i = 0; i < ARRAY_LEN(options); i++) {
            if ((options[i].takes & ~kind->takes) == 0)
                commands[n].options[used++] = options[i].option;
        }
        snprintf(commands[n].words, sizeof(commands[n].words), "report %s",
                 kind->name);
        out[n] = (struct cli_command){ .words = commands[n].words,
                                       .args = "",
                                       .options = commands[n].options,
                                       .flags = CLI_FORMATS_TABLE,
                                       .help = kind->help,
                                       .run = run };
    }
    return n;
}
