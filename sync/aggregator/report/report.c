/*
 * report.c - from a question to a printed report.
 *
 * Promise: one report sees one moment of the store, and its text, CSV and JSON
 * say the same. What the figures are is in report_*.c.
 */
#include "report.h"

#include <stdlib.h>
#include <string.h>

#include "fair/date.h"
#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/money.h"
#include "fair/text.h"

#include "report_parts.h"
#include "sync/aggregator/store/office.h"

static const struct kind {
    const char *name;
    report_maker *make;
    bool own_fairs; /* looks its fairs up itself */
} kinds[] = {
    { "days", report_days, false },
    { "compare", report_compare, true },
    { "hours", report_hours, false },
    { "booths", report_booths, false },
    { "products", report_products, false },
    { "visitors", report_visitors, false },
    { "supervision", report_supervision, false },
    { "devices", report_devices, false },
};

/* ---- making -------------------------------------------------------------- */

static enum err why_not(struct report *r, enum err e, const char *text,
                        const char *word)
{
    buf_printf(r->why, "%s: %s", text, word);
    return e;
}

static enum err make_of_fair(struct report *r, const struct kind *kind,
                             enum origin only, struct buf *out)
{
    const char *fair = r->query->fair;
    enum err e = ground_load(r->store, str_of(fair), only, &r->ground);

    if (e == ERR_NOT_FOUND)
        return why_not(r, e, _("no fair of this code has a calendar"), fair);
    if (e != ERR_OK)
        return e;
    rows_init(&r->rows);
    e = kind->make(r, out);
    rows_done(&r->rows);
    ground_done(&r->ground);
    return e;
}

static enum err make_reading(struct report *r, const struct kind *kind,
                             enum origin only, struct buf *out)
{
    enum err e = store_read_begin(r->store);

    if (e != ERR_OK)
        return e;
    e = kind->own_fairs ? kind->make(r, out) : make_of_fair(r, kind, only, out);
    store_read_end(r->store);
    return e;
}

enum err report_make(struct store *s, const struct report_query *q,
                     struct buf *out, struct buf *why)
{
    struct report r = {
        .store = s, .query = q, .now_ms = env_wall_ms(), .why = why
    };
    enum origin only = q->origin ? origin_of(str_of(q->origin)) : ORIGINS;
    size_t i = 0;

    while (i < ARRAY_LEN(kinds) && strcmp(kinds[i].name, q->kind) != 0)
        i++;
    if (i == ARRAY_LEN(kinds))
        return why_not(&r, ERR_NOT_FOUND, _("no such report"), q->kind);
    if (only == ORIGIN_UNKNOWN)
        return why_not(&r, ERR_USAGE, _("no such origin"), q->origin);
    if (q->format == FORMAT_XLSX)
        return why_not(&r, ERR_USAGE,
                       _("reports are not written in this format, use csv"),
                       "xlsx");
    return make_reading(&r, &kinds[i], only, out);
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

    buf_printf(out, "%s – %s (%s)\n", _(page->title), r->ground.fair.name,
               r->ground.fair.code);
    buf_puts(out, _("as of"));
    buf_putc(out, ' ');
    moment_render(out, r->now_ms);
    if (r->ground.only != ORIGINS)
        buf_printf(out, ", %s: %s", _("origin"),
                   _(origin_names[r->ground.only].text));
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
    if (r->query->format == FORMAT_JSON)
        print_json(r, page, out);
    else if (r->query->format == FORMAT_CSV)
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

static enum err run(struct cli *cli)
{
    struct report_query q = { .kind = cli->command->words + strlen("report "),
                              .fair = cli_option(cli, "fair"),
                              .with = cli_option(cli, "with"),
                              .source = cli_option(cli, "source"),
                              .origin = cli_option(cli, "origin"),
                              .format = cli->format };
    struct store *s = NULL;
    BUF(why, MAX_TEXT);
    enum err e = office_read(cli, &s);

    if (e != ERR_OK)
        return e;
    e = report_make(s, &q, &cli->out, &why);
    if (e != ERR_OK)
        e = cli_fail(cli, e, "%s",
                     why.len > 0 ? buf_text(&why) : store_errmsg(s));
    store_close(s);
    return e;
}

#define OPTION_FAIR                          \
    {                                        \
        "fair", "CODE", N_("the fair"), true \
    }
#define OPTION_OUT                                                \
    {                                                             \
        "out", "FILE", N_("write the report to this file"), false \
    }

static const struct cli_option options[] = {
    OPTION_FAIR,
    { "origin", "in-province|other-province|foreign|service",
      N_("only booths of this origin"), false },
    OPTION_OUT,
    { NULL, NULL, NULL, false },
};

static const struct cli_option compare_options[] = {
    OPTION_FAIR,
    { "with", "CODE", N_("the other fair; else the one it names itself"),
      false },
    { "source", "measured|published", N_("which figures of both fairs"),
      false },
    OPTION_OUT,
    { NULL, NULL, NULL, false },
};

#define REPORT(kind, options, help)                                     \
    {                                                                   \
        "report " kind, "", 0, 0, options, CLI_FORMATS_TABLE, help, run \
    }

const struct cli_command report_commands[REPORT_COMMANDS] = {
    REPORT("days", options, N_("revenue and visits of each fair-day")),
    REPORT("compare", compare_options, N_("one fair against another")),
    REPORT("hours", options, N_("revenue and visits by the hour")),
    REPORT("booths", options, N_("booths by revenue")),
    REPORT("products", options, N_("products by revenue")),
    REPORT("visitors", options, N_("visits by hour and gate")),
    REPORT("supervision", options,
           N_("what was sold off the list or without certificate")),
    REPORT("devices", options, N_("devices and when they were heard last")),
};
