/*
 * report_bulletin_text.c - the bulletin in words, in the order and the units
 * that published reports of fairs use: visits, revenue, booths and products.
 *
 * It is a document in Vietnamese, not a screen: its words are its form and are
 * never translated. Words that nobody measured ("nearly", "more than") are not
 * in it; "ước đạt" stands only where booths have not reported, with how many.
 */
#include "report_bulletin.h"

#include "fair/date.h"
#include "fair/money.h"
#include "fair/text.h"

/* ---- numbers ------------------------------------------------------------- */

/* Hundredths without needless zeros: 123450 -> "1.234,5". */
static void put_hundredths(struct buf *out, int64_t n)
{
    size_t zeros = n % 10 == 0;

    if (n % 100 == 0)
        zeros = 3; /* with the comma */
    hundredths_render(out, n);
    buf_cut(out, out->len - zeros);
}

static void put_millions(struct buf *out, int64_t vnd)
{
    put_hundredths(out, millions_hundredths(vnd));
}

static void put_visits(struct buf *out, int64_t visits)
{
    money_render(out, visits);
}

/* A thing that is told: how its totals and averages are written. */
struct style {
    void (*total)(struct buf *out, int64_t n);
    const char *unit;
};
static const struct style visits_style = { put_visits, "lượt người" };
static const struct style money_style = { put_millions, "triệu đồng" };

static void put_daily(struct buf *out, const struct style *style, int64_t total,
                      int64_t days)
{
    if (style == &visits_style)
        put_hundredths(out, per_day_hundredths(total, days));
    else
        style->total(out, per_day(total, days));
}

static void put_name(struct buf *out, const char *name)
{
    text_emit_terminal(out, str_of(name));
}

/* ---- comparison ---------------------------------------------------------- */

/* ", tăng 8,25 % so với bình quân của …" */
static void put_rise(const struct bulletin *b, const struct told *t,
                     struct buf *out)
{
    struct figure g = t->growth_per_day;

    if (!g.known)
        return;
    if (g.n == 0) {
        buf_puts(out, ", bằng");
    } else {
        buf_puts(out, g.n > 0 ? ", tăng " : ", giảm ");
        hundredths_render(out, g.n > 0 ? g.n : -g.n);
        buf_puts(out, " % so với");
    }
    buf_puts(out, " bình quân của ");
    put_name(out, b->versus.other.name);
}

static void put_growth(struct figure g, struct buf *out)
{
    if (g.known)
        growth_render(out, g.n);
    else
        buf_puts(out, "–");
}

/* Both ways, with what they are made of. */
static void put_against(const struct bulletin *b, const struct told *t,
                        const struct style *style, struct buf *out)
{
    if (!t->that.known || b->versus.this_days == 0)
        return;
    buf_puts(out, "- So sánh: bình quân ngày ");
    put_growth(t->growth_per_day, out);
    buf_puts(out, " (");
    put_daily(out, style, t->part.n, b->versus.this_days);
    buf_puts(out, " so với ");
    put_daily(out, style, t->that.n, b->that_days);
    buf_printf(out, " %s/ngày); tổng số ", style->unit);
    put_growth(t->growth, out);
    buf_puts(out, " (");
    style->total(out, t->part.n);
    buf_puts(out, " so với ");
    style->total(out, t->that.n);
    buf_printf(out, " %s; %lld ngày so với %lld ngày).\n", style->unit,
               (long long)b->versus.this_days, (long long)b->that_days);
}

/* Why there is no growth; nothing when no other fair is named. */
static void put_not_compared(const struct bulletin *b, struct buf *out)
{
    const char *reason = NULL;

    if (b->compared || !b->versus.other.code[0])
        return;
    if (b->versus.why == GLANCE_PUBLISHED_ONLY)
        reason = "kỳ gốc chỉ có số liệu công bố, ngày hội chợ này chưa kết "
                 "thúc";
    else if (b->versus.why == GLANCE_NO_SUCH_DAY)
        reason = "kỳ gốc không có ngày hội chợ tương ứng";
    else
        return;
    buf_puts(out, "- Chưa so sánh với ");
    put_name(out, b->versus.other.name);
    buf_printf(out, ": %s.\n", reason);
}

/* ---- sections ------------------------------------------------------------ */

static void put_moment(struct buf *out, int64_t ms)
{
    clock_render(out, ms);
    buf_puts(out, " ngày ");
    day_render_people(out, day_of_ms(ms));
}

static void put_head(const struct bulletin *b, struct buf *out)
{
    const struct stage *s = &b->versus.stage;

    buf_puts(out, "BẢN TIN HỘI CHỢ\n");
    put_name(out, b->r->ground.fair.name);
    buf_putc(out, '\n');
    if (s->number == 0) {
        buf_puts(out, "Hội chợ chưa khai mạc.\n");
        return;
    }
    buf_printf(out, "Ngày hội chợ thứ %lld/%lld, ", (long long)s->number,
               (long long)b->fair_days);
    day_render_people(out, s->day);
    buf_puts(out, "\nSố liệu lũy kế đến ");
    if (s->running) {
        put_moment(out, b->r->now_ms);
        buf_puts(out, s->open ? ", ngày hội chợ đang diễn ra"
                              : ", sau giờ đóng cửa");
    } else {
        buf_puts(out, "hết ngày ");
        day_render_people(out, s->day);
        buf_puts(out, ", tổng hợp lúc ");
        put_moment(out, b->r->now_ms);
    }
    buf_puts(out, ".\n");
    if (b->compared && s->running && !b->published) {
        buf_puts(out, "So sánh đến ");
        clock_render(out, day_start_ms(s->day) +
                              (s->cut + 1) * SLOT_MINUTES * INT64_C(60000));
        buf_puts(out, " của cùng ngày hội chợ ở cả hai kỳ.\n");
    }
}

static void put_visits_section(const struct bulletin *b, struct buf *out)
{
    const struct told *t = &b->visits;

    buf_puts(out, "\nLượt khách\n- Hội chợ đã thu hút ");
    put_visits(out, t->total.n);
    buf_puts(out, " lượt người, bình quân ");
    put_daily(out, &visits_style, t->total.n, b->versus.this_days);
    buf_puts(out, " lượt người/ngày");
    put_rise(b, t, out);
    buf_puts(out, ".\n");
    put_against(b, t, &visits_style, out);
}

/* "ước đạt" and what it rests on, or "đạt". */
static const char *reached(struct coverage c)
{
    return c.reporting < c.expected ? "ước đạt " : "đạt ";
}

static void put_coverage(const char *of, struct coverage c, struct buf *out)
{
    if (c.reporting >= c.expected)
        return;
    buf_printf(out, "- Tỷ lệ phủ %s: ", of);
    hundredths_render(out, per_day_hundredths(c.reporting * 100, c.expected));
    buf_printf(out, " %% (%lld/%lld lượt khu gian hàng đã báo số liệu).\n",
               (long long)c.reporting, (long long)c.expected);
}

static void put_part(const char *what, int64_t net_vnd, const char **between,
                     struct buf *out)
{
    if (net_vnd == 0)
        return;
    buf_printf(out, "%s%s ", *between, what);
    put_millions(out, net_vnd);
    *between = "; ";
}

static const char *const origin_words[ORIGINS] = {
    [ORIGIN_IN_PROVINCE] = "trong tỉnh",
    [ORIGIN_OTHER_PROVINCE] = "các tỉnh/thành phố bạn",
    [ORIGIN_FOREIGN] = "khối ASEAN và nước ngoài",
    [ORIGIN_SERVICE] = "dịch vụ",
    [ORIGIN_UNKNOWN] = "chưa rõ nơi đến",
};

static void put_whole(const struct bulletin *b, struct buf *out)
{
    const char *between = ", trong đó: ";

    buf_printf(out, "- Toàn hội chợ %s", reached(b->all));
    put_millions(out, b->net.total.n);
    buf_puts(out, " triệu đồng, bình quân ");
    put_daily(out, &money_style, b->net.total.n, b->versus.this_days);
    buf_puts(out, " triệu đồng/ngày");
    for (int i = 0; i < ORIGINS; i++)
        put_part(origin_words[i], b->shown.net_vnd[i], &between, out);
    buf_puts(out, ".\n");
    put_against(b, &b->net, &money_style, out);
    put_coverage("toàn hội chợ", b->all, out);
}

static void put_revenue_section(const struct bulletin *b, struct buf *out)
{
    const struct told *t = &b->in_province;
    const char *word = reached(b->inside);

    buf_printf(out, "\nDoanh thu\n- Doanh thu các gian hàng trong tỉnh %s",
               word);
    put_millions(out, t->total.n);
    buf_printf(out, " triệu đồng, doanh thu bình quân %s", word);
    put_daily(out, &money_style, t->total.n, b->versus.this_days);
    buf_puts(out, " triệu đồng/ngày");
    put_rise(b, t, out);
    buf_puts(out, ".\n");
    put_against(b, t, &money_style, out);
    put_coverage("trong tỉnh", b->inside, out);
    put_whole(b, out);
}

static void put_origin(const struct composed *c, const char *word,
                       struct buf *out)
{
    buf_printf(out, "- %lld khu gian hàng %s (%lld gian hàng)",
               (long long)c->areas.n, word, (long long)c->stands.n);
    if (c->on_show.known)
        buf_printf(out, " với %lld sản phẩm trưng bày",
                   (long long)c->on_show.n);
    if (c->sold > 0 || c->net_vnd != 0) {
        buf_printf(out, ", %lld sản phẩm đã bán, doanh thu ",
                   (long long)c->sold);
        put_millions(out, c->net_vnd);
        buf_puts(out, " triệu đồng");
    }
    buf_puts(out, ".\n");
}

static void put_composition_section(const struct bulletin *b, struct buf *out)
{
    const struct composition *c = &b->composition;

    buf_printf(out,
               "\nGian hàng và sản phẩm\n"
               "- Hội chợ có %lld gian hàng, bố trí thành %lld khu gian "
               "hàng.\n",
               (long long)c->all.stands.n, (long long)c->all.areas.n);
    for (int i = 0; i < ORIGIN_UNKNOWN; i++) {
        if (c->of[i].areas.n > 0)
            put_origin(&c->of[i], origin_words[i], out);
    }
}

static void put_ranked(int number, struct str name, int64_t net_vnd,
                       struct buf *out)
{
    buf_printf(out, "%d. ", number);
    text_emit_terminal(out, name);
    buf_puts(out, ": ");
    put_millions(out, net_vnd);
    buf_puts(out, " triệu đồng\n");
}

static void put_best_section(const struct bulletin *b, struct buf *out)
{
    const struct league *l = &b->products;

    if (b->n_booths > 0)
        buf_puts(out, "\nKhu gian hàng có doanh thu cao nhất\n");
    for (int i = 0; i < b->n_booths; i++)
        put_ranked(i + 1, b->booths[i].name, b->booths[i].net_vnd, out);
    for (int i = 0; i < l->n && i < BEST && l->list[i].net_vnd > 0; i++) {
        const struct league_row *row = &l->list[i];

        if (i == 0)
            buf_puts(out, "\nSản phẩm có doanh thu cao nhất\n");
        put_ranked(i + 1, row->name.len > 0 ? row->name : row->key,
                   row->net_vnd, out);
    }
}

static void put_hold(const struct hold *h, struct buf *out)
{
    if (h->events == 0)
        return;
    buf_printf(out, "\nTạm giữ, chưa tính vào số liệu: %lld bản ghi, ",
               (long long)h->events);
    put_millions(out, h->amount_vnd);
    buf_puts(out, " triệu đồng.\n");
}

void bulletin_text(const struct bulletin *b, struct buf *out)
{
    put_head(b, out);
    if (b->versus.stage.number > 0) {
        put_visits_section(b, out);
        put_revenue_section(b, out);
        put_not_compared(b, out);
    }
    put_composition_section(b, out);
    if (b->versus.stage.number > 0)
        put_best_section(b, out);
    put_hold(&b->shown.hold, out);
}
