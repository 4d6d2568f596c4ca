/*
 * pages.h - every page, and the frame they share.
 *
 * The first answer holds the figures; the script only draws charts from the
 * tables, keeps the glance fresh and remembers the theme. No inline style or
 * script: the policy in http_guest.c forbids both.
 */
#ifndef AGGREGATOR_PAGES_H
#define AGGREGATOR_PAGES_H

#include "html.h"
#include "visit.h"

/* The tabs (page_tab: those that are a list of reports, by the address), and
 * what is reached from them. */
page_fn page_overview, page_tab, page_bulletin, page_daily, page_final,
    page_definitions, page_press, page_sign_in, page_accounts, page_share,
    page_password;
/* What has no page of its own. */
page_fn page_do_sign_in, page_do_sign_out, page_do_share, page_do_password,
    page_do_account, page_export, page_live, page_health, page_ready,
    page_metrics, page_version, page_asset_style, page_asset_script,
    page_asset_charts, page_asset_icon, page_openapi;

/* The markup that a page and /live share: the glance with its trust line, the
 * last sales. */
enum err part_glance(struct visit *v, const struct report_query *q,
                     struct buf *out, struct buf *why) MUST_USE;
enum err part_latest(struct visit *v, const struct report_query *q,
                     struct buf *out, struct buf *why) MUST_USE;
/* A report as a section of a page: heading, table, its exports. */
enum err part_report(struct visit *v, const struct report_query *q,
                     struct buf *out, struct buf *why) MUST_USE;

/* Head with title and navigation; foot with language, exports' note, sign-out.
 * `q` may be NULL where no fair is known. */
struct frame {
    const char *title; /* translated */
    const char *tab;   /* its path, "/days"; NULL none */
    const struct report_query *q;
    bool print; /* an A4 page */
};
void frame_begin(struct visit *v, const struct frame *f);
void frame_end(struct visit *v, const struct frame *f);

/* Money for a headline: millions with two decimals, "1.250,50 triệu đ",
 * whole đồng in a <data> around it. */
void put_millions(struct buf *out, int64_t vnd);

#endif
