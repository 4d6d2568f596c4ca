/*
 * report_refunds.h - receipts for which more was given back than was paid.
 */
#ifndef AGGREGATOR_REPORT_REFUNDS_H
#define AGGREGATOR_REPORT_REFUNDS_H

#include "report_parts.h"

struct over_refund {
    const struct post *post; /* the device that sold, NULL: none in this fair */
    struct str receipt;      /* BOOTH-LABEL-SEQ, or what the refund says */
    bool found;         /* the sale is here; it may also come later, or never */
    int64_t refunds;    /* how many name it */
    int64_t excess_vnd; /* given back beyond what was paid and not voided */
};

/* In order of device and receipt. */
enum err over_refunds(struct store *s, const struct fairground *ground,
                      void (*take)(void *ctx, const struct over_refund *o),
                      void *ctx) MUST_USE;

#endif
