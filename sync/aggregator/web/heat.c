/*
 * heat.c - the hours of a fair as a table of hour by day, each cell shaded by
 * its net revenue and holding it.
 *
 * It is the report `hours` turned on its side: its figures are read from that
 * report's own JSON, so the two cannot differ.
 */
#include "sections.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/money.h"

#include "cache.h"

enum { SHADES = 10, HEAT_HOURS = 24 };

struct heat_day {
    int day, number; /* YYYYMMDD; of the fair-day, 0 outside the calendar */
    struct figure net[HEAT_HOURS];
};

struct heat {
    struct heat_day *days; /* ascending */
    int n_days;
    bool busy[HEAT_HOURS]; /* has it anything on any day? */
    int order[HEAT_HOURS], n_hours;
    int64_t most;
};

/* ---- reading ------------------------------------------------------------- */

static int64_t number(const json_t *row, const char *name)
{
    return (int64_t)json_integer_value(json_object_get(row, name));
}

/* The day of a row, or NULL. Rows come by day. */
static struct heat_day *day_of(struct heat *h, const json_t *row)
{
    const char *date = json_string_value(json_object_get(row, "date"));
    size_t n = (size_t)h->n_days;
    int day = 0;

    if (day_parse(str_of(date), &day) != ERR_OK)
        return NULL;
    if (n == 0 || h->days[n - 1].day != day) {
        h->days = x_realloc(h->days, ++n * sizeof(*h->days));
        h->days[n - 1] =
            (struct heat_day){ .day = day,
                               .number = (int)number(row, "fair_day") };
        h->n_days++;
    }
    return &h->days[n - 1];
}

static void take_row(struct heat *h, const json_t *row)
{
    struct heat_day *day = day_of(h, row);
    int hour = (int)number(row, "hour");

    if (!day || hour < 0 || hour >= HEAT_HOURS)
        return;
    int64_t net = number(row, "net_vnd");
    day->net[hour] = (struct figure){ true, net };
    h->busy[hour] = true;
    h->most = net > h->most ? net : h->most;
}

/* From the first hour with anything to the last one; those before the cut-off
 * come behind the evening, as in the rows. */
static void order_hours(struct heat *h, int cut_off_hour)
{
    int first = -1, last = -1;

    for (int i = 0; i < HEAT_HOURS; i++) {
        if (!h->busy[(cut_off_hour + i) % HEAT_HOURS])
            continue;
        first = first < 0 ? i : first;
        last = i;
    }
    for (int i = first; first >= 0 && i <= last; i++)
        h->order[h->n_hours++] = (cut_off_hour + i) % HEAT_HOURS;
}

static enum err heat_load(struct visit *v, const struct report_query *q,
                          struct heat *h, struct buf *why)
{
    struct report_query rows = *q;
    struct fair fair = { 0 };
    BUF(bytes, PARSED_MAX);

    rows.format = REPORT_JSON;
    rows.links = NULL;
    enum err e = cache_report(v->web->cache, v->store, &rows, &bytes, why);
    if (e == ERR_OK)
        e = fair_get(v->store, str_of(q->fair), &fair);
    if (e != ERR_OK)
        return e;
    json_t *json = json_loadb(bytes.data, bytes.len, 0, NULL);
    const json_t *hours = json_object_get(json, "hours");
    for (size_t i = 0; i < json_array_size(hours); i++)
        take_row(h, json_array_get(hours, i));
    json_decref(json);
    order_hours(h, fair.cut_off_min / 60);
    return ERR_OK;
}

/* ---- writing ------------------------------------------------------------- */

static void put_days(struct buf *out, const struct heat *h)
{
    html_put(out, "<thead><tr><th scope=\"col\">%s</th>", _("Hour"));
    for (int i = 0; i < h->n_days; i++) {
        BUF(date, 32);

        day_render_people(&date, h->days[i].day);
        html_put(out, "<th scope=\"col\" class=\"n\">");
        if (h->days[i].number > 0)
            html_put(out, "%s %d<br>", _("Day"), (int64_t)h->days[i].number);
        buf_cut(&date, strlen("dd/mm"));
        html_put(out, "<small>%s</small></th>", buf_text(&date));
    }
    html_put(out, "</tr></thead>\n<tbody>\n");
}

/* 0 for nothing, else 1…9 by its part of the most. */
static int shade_of(const struct heat *h, int64_t net)
{
    if (net <= 0)
        return 0;
    return 1 + (int)(net / (h->most / (SHADES - 1) + 1));
}

static void put_cell(struct buf *out, const struct heat *h, struct figure net)
{
    BUF(millions, MAX_TEXT);

    if (!net.known) {
        html_put(out, "<td class=\"n\">–</td>");
        return;
    }
    hundredths_render(&millions, millions_hundredths(net.n));
    html_put(out, "<td class=\"n heat-%d\"><data value=\"%d\">%s</data></td>",
             (int64_t)shade_of(h, net.n), net.n, buf_text(&millions));
}

static void put_hours(struct buf *out, const struct heat *h)
{
    for (int i = 0; i < h->n_hours; i++) {
        int hour = h->order[i];

        html_put(out, "<tr><th scope=\"row\">%dh</th>", (int64_t)hour);
        for (int d = 0; d < h->n_days; d++)
            put_cell(out, h, h->days[d].net[hour]);
        html_put(out, "</tr>\n");
    }
    html_put(out, "</tbody></table></div>\n");
}

static void put_heat(struct buf *out, const struct heat *h)
{
    html_put(out,
             "<div class=\"scroll\" role=\"region\" tabindex=\"0\""
             " aria-label=\"%s\"><table class=\"heat\">\n<caption>%s</caption>",
             _("Net revenue by hour and day"),
             _("Net revenue by hour and day, million đ"));
    put_days(out, h);
    put_hours(out, h);
}

enum err heat_put(struct visit *v, const struct report_query *q,
                  struct buf *out, struct buf *why)
{
    struct heat h = { 0 };
    enum err e = heat_load(v, q, &h, why);

    if (e == ERR_OK && h.n_hours > 0)
        put_heat(out, &h);
    else if (e == ERR_OK)
        html_put(out, "<p class=\"none\">%s</p>\n", _("Nothing sold yet."));
    free(h.days);
    return e;
}
