/*
 * report_verdict.h - what lists say of goods that were sold (private to
 * report_supervision.c).
 */
#ifndef AGGREGATOR_REPORT_VERDICT_H
#define AGGREGATOR_REPORT_VERDICT_H

#include "report_parts.h"

/* Findings about products; others follow in the report. */
enum {
    UNKNOWN_PRODUCT,
    NOT_ON_LIST,
    CERTIFICATE_EXPIRED,
    CERTIFICATE_EXPIRING,
    PRODUCT_FINDINGS
};

/* Goods at a booth on a day from lists of one number; texts are those of
 * report.rows. */
struct sold {
    uint32_t sku, booth, list_text;
    int day;
    int64_t list, lines, amount_vnd;
};

struct verdict {
    bool found[PRODUCT_FINDINGS];
    bool silent; /* the lists are not known */
    int64_t expires;
};

struct judge {
    struct report *r;
    int last_day;    /* of the fair */
    int32_t loading; /* the version that is being read */
};

/* Rows of report.rows from this table on are the judge's. */
enum { VERDICT_TABLES = 16 };

/* By the newest lists from before the end of the day, or by those that the
 * till had. */
enum err verdict_by(struct judge *j, const struct sold *sold, bool of_day,
                    struct verdict *out) MUST_USE;

#endif
