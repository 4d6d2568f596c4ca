/*
 * judge.c - the organiser's rules and a product's certificate, as a verdict
 * and as words.
 */
#include "pos/model/judge.h"

#include "fair/date.h"
#include "fair/i18n.h"

/* ---- the verdict ---- */

static enum verdict noted_or(const struct list_fair *fair, int64_t rule)
{
    return fair && (fair->refuse & rule) ? JUDGE_REFUSE : JUDGE_NOTE;
}

struct judgement judge_unlisted(const struct list_fair *fair)
{
    return (struct judgement){ .verdict = noted_or(fair, REFUSE_UNLISTED) };
}

struct judgement judge_product(const struct list_fair *fair,
                               const struct product *product, int day,
                               int last_day)
{
    if (!product)
        return judge_unlisted(fair);
    struct judgement j = {
        .on_list = true,
        .state = product_certificate(product, day, last_day),
        .stars = (int)product->stars,
        .certificate = product->certificate,
        .expires_day = (int)product->expires_day,
    };
    if (j.expires_day != 0)
        j.days_left = day_diff(j.expires_day, day);
    if (j.state == CERT_EXPIRED)
        j.verdict = noted_or(fair, REFUSE_EXPIRED);
    else if (j.state == CERT_EXPIRING)
        j.verdict = JUDGE_NOTE;
    return j;
}

enum err judge_err(const struct judgement *j)
{
    if (j->verdict != JUDGE_REFUSE)
        return ERR_OK;
    return j->on_list ? ERR_EXPIRED : ERR_NOT_ALLOWED;
}

/* ---- words ---- */

const char *judge_sign(const struct judgement *j)
{
    static const char *const signs[] = {
        [JUDGE_SELL] = "",
        [JUDGE_NOTE] = "!",
        [JUDGE_REFUSE] = "x",
    };
    return signs[j->verdict];
}

static void say_expiry(const struct judgement *j, struct buf *out)
{
    if (j->state == CERT_NONE) {
        buf_puts(out, _(", not valid yet"));
        return;
    }
    buf_puts(out, j->state == CERT_EXPIRED ? _(", expired: valid until ")
                                           : _(", valid until "));
    day_render_people(out, j->expires_day);
    if (j->state == CERT_EXPIRING)
        buf_puts(out, _(": ends during the fair"));
}

static void say_stars(const struct judgement *j, struct buf *out)
{
    buf_printf(out, _("%d stars"), j->stars);
    if (j->certificate.len > 0)
        buf_printf(out, _(", certificate %.*s"), (int)j->certificate.len,
                   j->certificate.data);
    if (j->expires_day != 0)
        say_expiry(j, out);
}

void judge_say(const struct judgement *j, struct buf *out)
{
    if (*judge_sign(j) != '\0') {
        buf_puts(out, judge_sign(j));
        buf_putc(out, ' ');
    }
    if (!j->on_list)
        buf_puts(out, _("not on the list"));
    else if (j->stars > 0)
        say_stars(j, out);
    if (j->verdict == JUDGE_REFUSE)
        buf_puts(out, _("; the organiser does not let it be sold"));
}
