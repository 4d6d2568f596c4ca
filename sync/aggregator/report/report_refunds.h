/*
 * report_refunds.h - receipts for which more was given back or taken back than
 * there was.
 */
#ifndef AGGREGATOR_REPORT_REFUNDS_H
#define AGGREGATOR_REPORT_REFUNDS_H

#include "report_parts.h"

enum remark {
    OVER_REFUND,      /* more given back than was paid and not voided */
    REFUND_UNMATCHED, /* the same, and the sale is not here; it may come later,
                         or never */
    VOID_UNMATCHED    /* of a number that is no sale of this device, or of a
                         sale voided before, or of more than it was */
};

struct receipt_remark {
    enum remark what;
    const struct post *post; /* the device that sold, NULL: none in this fair */
    struct str receipt;      /* BOOTH-LABEL-SEQ, or what the refund says */
    int64_t times;           /* how many refunds or voids name it */
    int64_t excess_vnd;      /* beyond what there was; a void's may be 0 */
};

typedef void take_remark(void *ctx, const struct receipt_remark *r);

/* In order of device and receipt; of one receipt its voids first. */
enum err receipt_remarks(struct store *s, const struct fairground *ground,
                         take_remark *take, void *ctx) MUST_USE;

#endif
