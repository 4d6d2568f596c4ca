/*
 * report_compare_print.c - a comparison as JSON and as text for people.
 */
#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/text.h"

#include "report_compare.h"

static const struct {
    const char *name;  /* JSON member; in CSV behind `revenue_vnd.` */
    const char *title; /* English message id */
} names[FIGURES] = {
    [FIGURE_VISITS] = { "visits", N_("Visits") },
    [FIGURE_ALL] = { "all", N_("Net revenue") },
    [FIGURE_IN_PROVINCE] = { "in_province", N_("  in-province") },
    [FIGURE_OTHER_PROVINCE] = { "other_province", N_("  other provinces") },
    [FIGURE_FOREIGN] = { "foreign", N_("  foreign") },
};

static const char *const members[CMPS] = {
    [CMP_THIS] = "this",
    [CMP_THAT] = "that",
    [CMP_THIS_PER_DAY] = "this_per_day",
    [CMP_THAT_PER_DAY] = "that_per_day",
    [CMP_GROWTH_TOTAL] = "growth_total_pct",
    [CMP_GROWTH_PER_DAY] = "growth_per_day_pct",
};

bool compare_is_hundredths(enum figure_name name, enum cmp cmp)
{
    bool per_day = cmp == CMP_THIS_PER_DAY || cmp == CMP_THAT_PER_DAY;

    return cmp >= CMP_GROWTH_TOTAL || (per_day && name == FIGURE_VISITS);
}

static const char *source_word(const struct side *s)
{
    return s->measured ? "measured" : "published";
}

/* ---- JSON ---------------------------------------------------------------- */

static void row_json(const struct comparison *c, enum figure_name name,
                     struct json *j)
{
    json_object(j, names[name].name);
    for (int i = 0; i < CMPS; i++) {
        struct figure f = c->row[name][i];

        if (!f.known)
            json_null(j, members[i]);
        else if (compare_is_hundredths(name, (enum cmp)i))
            json_hundredths(j, members[i], f.n);
        else
            json_int(j, members[i], f.n);
    }
    json_end_object(j);
}

static void coverage_json(const struct comparison *c, const struct side *s,
                          struct json *j, const char *name)
{
    if (!s->measured) {
        json_null(j, name);
        return;
    }
    struct coverage coverage = tally_coverage(side_tally(s), c->now_ms);

    json_object(j, name);
    json_int(j, "booths_reporting", coverage.reporting);
    json_int(j, "booths_expected", coverage.expected);
    json_end_object(j);
}

/* What more is known about the base of each side. */
static void base_json(const struct comparison *c, struct json *j)
{
    const struct side *const sides[] = { &c->this, &c->that };

    json_object(j, "name");
    for (int i = 0; i < 2; i++)
        json_text(j, members[i], side_name(sides[i]));
    json_end_object(j);
    json_object(j, "coverage");
    for (int i = 0; i < 2; i++)
        coverage_json(c, sides[i], j, members[i]);
    json_end_object(j);
    json_object(j, "hold");
    for (int i = 0; i < 2; i++) {
        if (sides[i]->measured)
            hold_json(&side_tally(sides[i])->hold, j, members[i]);
        else
            json_null(j, members[i]);
    }
    json_end_object(j);
}

static void figure_json(struct json *j, const char *name, struct figure f)
{
    if (f.known)
        json_int(j, name, f.n);
    else
        json_null(j, name);
}

/* While a fair runs: what growth is computed from, beside each `that`. */
static void compared_json(const struct comparison *c, struct json *j)
{
    json_time(j, "until", c->until_ms);
    if (!c->cut) {
        json_null(j, "compared");
        return;
    }
    json_object(j, "compared");
    figure_json(j, names[FIGURE_VISITS].name, c->compared[FIGURE_VISITS]);
    json_object(j, "revenue_vnd");
    for (int i = FIGURE_ALL; i < FIGURES; i++)
        figure_json(j, names[i].name, c->compared[i]);
    json_end_object(j);
    json_end_object(j);
}

void compare_json(const struct comparison *c, struct buf *out)
{
    struct json j;

    json_begin(&j, out);
    json_object(&j, NULL);
    json_text(&j, "fair", c->this.code);
    json_text(&j, "with", c->that.code);
    json_time(&j, "as_of", c->now_ms);
    json_bool(&j, "running", c->this.running);
    json_object(&j, "source");
    json_text(&j, "this", source_word(&c->this));
    json_text(&j, "that", source_word(&c->that));
    json_end_object(&j);
    json_object(&j, "days");
    json_int(&j, "this", c->this.days);
    json_int(&j, "that", c->that.days);
    json_end_object(&j);
    row_json(c, FIGURE_VISITS, &j);
    json_object(&j, "revenue_vnd");
    for (int i = FIGURE_ALL; i < FIGURES; i++)
        row_json(c, (enum figure_name)i, &j);
    json_end_object(&j);
    base_json(c, &j);
    compared_json(c, &j);
    json_end_object(&j);
    json_finish(&j);
}

/* ---- text ---------------------------------------------------------------- */

enum { WIDTH_LABEL = 18, WIDTH_FIGURE = 25, WIDTH_GROWTH = 12 };

static void pad_to(struct buf *out, int width, int wanted)
{
    for (; width < wanted; width++)
        buf_putc(out, ' ');
}

static void put_label(struct buf *out, const char *label)
{
    buf_puts(out, label);
    pad_to(out, text_width(str_of(label)), WIDTH_LABEL);
}

/* Against the right edge; what is too long is not cut. */
static void put_right(struct buf *out, const struct buf *what, int width)
{
    struct str s = what->len > 0 ? buf_slice(what) : STR("–");

    buf_putc(out, ' ');
    pad_to(out, text_width(s) + 1, width);
    buf_str(out, s);
}

/* Visits as a number, with decimals only where there are any; money in
 * millions of đồng. */
static void people(enum figure_name name, bool per_day, struct figure f,
                   struct buf *out)
{
    if (!f.known)
        return;
    if (name != FIGURE_VISITS) {
        hundredths_render(out, millions_hundredths(f.n));
        buf_putc(out, ' ');
        buf_puts(out, per_day ? _("million đồng/day") : _("million đồng"));
    } else if (per_day && f.n % 100 != 0) {
        hundredths_render(out, f.n);
    } else {
        money_render(out, per_day ? f.n / 100 : f.n);
    }
}

/* One line: totals, or averages below them. */
static void line_text(const struct comparison *c, enum figure_name name,
                      bool per_day, struct buf *out)
{
    const struct figure *row = c->row[name];
    int first = per_day ? CMP_THIS_PER_DAY : CMP_THIS;
    struct figure g = row[per_day ? CMP_GROWTH_PER_DAY : CMP_GROWTH_TOTAL];

    put_label(out, per_day ? _("    per day") : _(names[name].title));
    for (int i = first; i <= first + 1; i++) {
        BUF(text, MAX_TEXT);

        people(name, per_day, row[i], &text);
        put_right(out, &text, WIDTH_FIGURE);
    }
    BUF(percent, MAX_TEXT);
    if (g.known)
        growth_render(&percent, g.n);
    put_right(out, &percent, WIDTH_GROWTH);
    buf_putc(out, '\n');
}

static void hold_text(const struct hold *h, struct buf *out)
{
    if (h->events == 0)
        return;
    buf_puts(out, ", ");
    buf_printf(out, _("%lld events on hold"), (long long)h->events);
}

void compare_side(const struct comparison *c, const struct side *s,
                  const char *between, struct buf *out)
{
    text_emit_terminal(out, str_of(side_name(s)));
    buf_printf(out, " (%s)%s", s->code, between);
    buf_printf(out, _("%lld fair-days"), (long long)s->days);
    buf_puts(out, ", ");
    if (!s->measured) {
        buf_puts(out, _("published figures"));
    } else {
        const struct tally *t = side_tally(s);
        struct coverage coverage = tally_coverage(t, c->now_ms);

        buf_puts(out, _("measured figures"));
        buf_puts(out, ", ");
        buf_printf(out, _("%lld of %lld booth-days reported"),
                   (long long)coverage.reporting, (long long)coverage.expected);
        hold_text(&t->hold, out);
    }
    buf_putc(out, '\n');
}

void compare_running(const struct comparison *c, struct buf *out)
{
    if (!c->this.running)
        return;
    if (!c->cut && c->this.part)
        buf_puts(out, _("The fair is running: an unfinished day stands against "
                        "no whole one."));
    else if (c->cut)
        buf_printf(out,
                   _("The fair is running: the other one is counted up to its "
                     "fair-day %lld at the same time."),
                   (long long)c->that.days);
    else if (c->that.measured && !c->that.running)
        buf_puts(out, _("The fair is running: the other one was shorter and is "
                        "counted whole."));
    else
        buf_puts(out, _("The fair is running: only figures per day can be "
                        "compared."));
    buf_putc(out, '\n');
    if (c->until_ms == 0)
        return;
    buf_puts(out, _("Growth is between what both had at "));
    clock_render(out, c->until_ms);
    buf_putc(out, '\n');
}

static void headings_text(const struct comparison *c, struct buf *out)
{
    BUF(code, MAX_TEXT);
    BUF(growth_title, MAX_TEXT);

    put_label(out, "");
    buf_puts(&code, c->this.code);
    put_right(out, &code, WIDTH_FIGURE);
    buf_clear(&code);
    buf_puts(&code, c->that.code);
    put_right(out, &code, WIDTH_FIGURE);
    buf_puts(&growth_title, _("growth"));
    put_right(out, &growth_title, WIDTH_GROWTH);
    buf_putc(out, '\n');
}

void compare_text(const struct comparison *c, struct buf *out)
{
    buf_puts(out, _("Comparison of fairs"));
    buf_printf(out, ", %s ", _("as of"));
    moment_render(out, c->now_ms);
    buf_puts(out, "\n\n");
    buf_printf(out, "%s: ", _("This"));
    compare_side(c, &c->this, "\n    ", out);
    buf_printf(out, "%s: ", _("Base"));
    compare_side(c, &c->that, "\n    ", out);
    buf_putc(out, '\n');
    headings_text(c, out);
    for (int i = 0; i < FIGURES; i++) {
        if (!c->row[i][CMP_THIS].known && !c->row[i][CMP_THAT].known)
            continue;
        line_text(c, (enum figure_name)i, false, out);
        line_text(c, (enum figure_name)i, true, out);
    }
    buf_puts(out, c->this.running ? "\n" : "");
    compare_running(c, out);
    buf_putc(out, '\n');
    buf_puts(out, _("per day = total / fair-days; growth = this / base − 1"));
    buf_putc(out, '\n');
}
