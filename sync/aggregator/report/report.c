/*
 * report.c - from a question to a report.
 *
 * Promise: one report sees one moment of the store. What the figures are is in
 * the file of each kind, how they are printed in report_print.c.
 */
#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fair/date.h"
#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/money.h"

#include "report_parts.h"
#include "sync/aggregator/store/allowance.h"
#include "sync/aggregator/store/office.h"

// clang-format off
const struct report_kind report_kinds[] = {
    { "days", N_("Days"), N_("revenue and visits of each fair-day"),
      TAKES_ORIGIN | TAKES_BOOTH, true, report_days },
    { "compare", N_("Fair against fair"), N_("one fair against another"),
      TAKES_WITH | TAKES_SOURCE, true, report_compare },
    { "hours", N_("Hours"), N_("revenue and visits by the hour"),
      TAKES_ORIGIN | TAKES_BOOTH, false, report_hours },
    { "booths", N_("Booths"), N_("booths by revenue"),
      TAKES_ORIGIN | TAKES_BOOTH | TAKES_LIMIT, false, report_booths },
    { "products", N_("Products"), N_("products by revenue"),
      TAKES_ORIGIN | TAKES_BOOTH | TAKES_LIMIT, false, report_products },
    { "visitors", N_("Visits"), N_("visits by hour and gate"),
      TAKES_ORIGIN | TAKES_BOOTH, false, report_visitors },
    { "supervision", N_("Supervision"),
      N_("what was sold off the list or without certificate"),
      TAKES_ORIGIN | TAKES_BOOTH | TAKES_LIMIT, false, report_supervision },
    { "devices", N_("Devices"), N_("devices and when they were heard last"),
      TAKES_ORIGIN | TAKES_BOOTH, false, report_devices },
    { "composition", N_("Who is at the fair"),
      N_("areas, stands and products by origin"),
      TAKES_ORIGIN | TAKES_BOOTH, false, report_composition },
    { "glance", N_("At a glance"),
      N_("the day against the other fair's and the day before"),
      TAKES_WITH | TAKES_BOOTH | TAKES_DAY, false, report_glance },
    { "league", N_("League"),
      N_("goods by booth, origin, place, producer, group, stars or product"),
      TAKES_BY | TAKES_WITH | TAKES_ORIGIN | TAKES_BOOTH | TAKES_LIMIT, false,
      report_league },
    { "exhibitors", N_("Exhibitors"),
      N_("growth of the same exhibitors, of new ones and of those gone"),
      TAKES_WITH, false, report_exhibitors },
    { "latest", N_("Last sales"), N_("the last sales, refunds and voids"),
      TAKES_BOOTH | TAKES_LIMIT, false, report_latest },
    { "bulletin", N_("Evening bulletin"),
      N_("the evening bulletin, in Vietnamese"),
      TAKES_DAY | TAKES_WITH, false, report_bulletin },
    { "pace", N_("Day by day"),
      N_("each fair-day against the other fair's of the same number"),
      TAKES_WITH | TAKES_BOOTH, false, report_pace },
    { "course", N_("Course of the fair"),
      N_("net revenue added up hour by hour, against the other fair's"),
      TAKES_WITH | TAKES_BOOTH, false, report_course },
    { "completeness", N_("Completeness"),
      N_("what was measured, and an estimate of what is missing"),
      TAKES_ORIGIN | TAKES_BOOTH, false, report_completeness },
    { "spend", N_("Spend per visit"),
      N_("đồng per visit and sales per visit by hour and gate"), 0, false,
      report_spend },
    { "exceptions", N_("Exceptions"),
      N_("voids, refunds, discounts… by booth and operator"),
      TAKES_ORIGIN | TAKES_BOOTH | TAKES_DAY, false, report_exceptions },
    { "stamps", N_("Traceability stamps"),
      N_("how many lines of sales carried a scanned stamp"),
      TAKES_ORIGIN | TAKES_BOOTH, false, report_stamps },
    { "explain", N_("Explain this number"),
      N_("what a number is made of, down to the event and its hash"),
      TAKES_ORIGIN | TAKES_BOOTH | TAKES_DAY | TAKES_DEVICE | TAKES_LIMIT,
      false, report_explain },
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

static enum err make_on(struct report *r, report_maker *make, struct buf *out)
{
    const char *booth = r->query->booth;

    if (booth && !ground_booth(&r->ground, booth))
        return why_not(r, ERR_NOT_FOUND, _("no booth of this code"), booth);
    rows_init(&r->rows);
    enum err e = make(r, out);
    rows_done(&r->rows);
    return e;
}

enum err report_no_fair(struct report *r, enum err e)
{
    return e == ERR_NOT_FOUND
               ? why_not(r, e, _("no fair of this code has a calendar"),
                         r->query->fair)
               : e;
}

enum err report_on_ground(struct report *r, report_maker *make, struct buf *out)
{
    struct str fair = str_of(r->query->fair);
    enum err e = ground_load(r->store, fair, r->only, &r->ground);

    if (e != ERR_OK)
        return report_no_fair(r, e);
    e = make_on(r, make, out);
    ground_done(&r->ground);
    return e;
}

static enum err make_reading(struct report *r, struct buf *out)
{
    enum err e = store_read_begin(r->store);

    if (e != ERR_OK)
        return e;
    e = r->kind->own_fairs ? r->kind->make(r, out)
                           : report_on_ground(r, r->kind->make, out);
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
static enum err check(struct report *r)
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
    if (r->only.origin == ORIGIN_UNKNOWN)
        return why_not(r, ERR_USAGE, _("no such origin"), q->origin);
    return ERR_OK;
}

/* Text has the fair's own way of writing numbers in every language; what is
 * for a reader's page follows the reader. */
static enum number_style style_of(enum report_format format)
{
    bool english = strcmp(i18n_language(), "en") == 0;

    return english && (format == REPORT_HTML || format == REPORT_XLSX)
               ? NUMBERS_ENGLISH
               : NUMBERS_VIETNAMESE;
}

enum err report_make(struct store *s, const struct report_query *q,
                     struct buf *out, struct buf *why)
{
    enum err printed = ERR_OK;
    size_t taken = allowance_taken();
    struct report r = { .store = s,
                        .query = q,
                        .now_ms = env_wall_ms(),
                        .printed = &printed,
                        .why = why };

    r.only.origin = q->origin ? origin_of(str_of(q->origin)) : ORIGINS;
    r.only.booth = q->booth;
    r.kind = report_kind_of(str_of(q->kind));
    enum err e = check(&r);

    if (e != ERR_OK)
        return e;
    enum number_style before = number_style_use(style_of(q->format));
    e = make_reading(&r, out);
    number_style_use(before);
    if (e == ERR_OK)
        e = allowance_check();
    if (e == ERR_OK && !buf_ok(out))
        e = ERR_LIMIT;
    if (e == ERR_LIMIT && why->len == 0)
        buf_puts(why, _("This is too much for one answer: ask for one booth "
                        "or for fewer rows."));
    allowance_release(taken);
    return e == ERR_OK ? printed : e;
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
      { "by", "booth|origin|place|producer|group|stars|product",
        N_("what to group by"), false } },
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
