/*
 * scan.h - what was scanned: a product's code, a weighed or priced label, or a
 * traceability stamp. Form only; nothing is looked up and nothing resolved.
 *
 * Order (FIELD.md 6): GTIN (8, 12, 13, 14 digits, right check digit) unless a
 * mask claims it -> GS1 Digital Link -> GS1 element string -> URL -> other.
 * A mask is 13 characters: digits match themselves, I item, W grams, P đồng,
 * C check digit, e.g. "21IIIIIWWWWWC".
 */
#ifndef POS_SCAN_H
#define POS_SCAN_H

#include "fair/buf.h"

enum { SCAN_MASKS = 8 };

enum scan_kind {
    SCAN_OTHER,    /* text that may be a booth code or sku */
    SCAN_GTIN,     /* gtin: 14 digits */
    SCAN_WEIGHED,  /* item and milli (kg) */
    SCAN_PRICED,   /* item and vnd for all of it */
    SCAN_STAMP,    /* gtin when the stamp tells it, else empty; stamp is the
                      text to keep with the line */
    SCAN_BAD_CHECK /* digits of a GTIN's length whose check digit is wrong */
};

struct scan {
    enum scan_kind kind;
    char gtin[15]; /* "" when unknown */
    struct str item;
    int64_t milli, vnd;
    struct str stamp;
    struct str lot, serial; /* AI 10 and 21, when given */
    struct str expires;     /* AI 17, YYMMDD */
};

/* A mask list of the configuration: "21IIIIIWWWWWC 22IIIIIPPPPPC";
 * ERR_INVALID names nothing: the caller shows the line. */
struct scan_masks {
    int n;
    char mask[SCAN_MASKS][14];
};
enum err scan_masks_parse(struct str text, struct scan_masks *out) MUST_USE;

/* Never fails: what is nothing else is SCAN_OTHER. Strings point into `text`
 * (a Digital Link's percent escapes are kept as they are). */
void scan_parse(struct str text, const struct scan_masks *masks,
                struct scan *out);

#endif
