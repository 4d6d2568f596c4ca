/*
 * scan.h - what was scanned: a product's code, a weighed or priced label, or a
 * traceability stamp. Form only; nothing is looked up in the network.
 *
 * Order: a scale's label that a mask claims -> GTIN (8, 12, 13, 14 digits,
 * right check digit) -> URL (a GS1 Digital Link when its path holds
 * /01/GTIN) -> GS1 element string -> other. An AIM identifier in front
 * ("]E0", "]C1") is taken off.
 *
 * A mask is 13 characters: digits match themselves, I item, W grams, P đồng,
 * C check digit, e.g. "21IIIIIWWWWWC". It begins with 2, 02 or 04, the
 * prefixes that no product of the world has, has one run of I, one of W or P,
 * and ends in C.
 */
#ifndef POS_SCAN_H
#define POS_SCAN_H

#include "fair/lists.h"

enum { SCAN_MASKS = 8, SCAN_MASK_LEN = 13, SCAN_STAMP_MAX = MAX_NAME_COLUMNS };

enum scan_kind {
    SCAN_OTHER,    /* text that may be a booth code or sku */
    SCAN_GTIN,     /* gtin: 14 digits */
    SCAN_WEIGHED,  /* item and milli (kg), above 0 */
    SCAN_PRICED,   /* item and vnd for all of it, above 0 */
    SCAN_STAMP,    /* gtin when the stamp tells it, else empty; stamp is the
                      text to keep with the line */
    SCAN_BAD_CHECK /* digits of a GTIN's length whose check digit is wrong */
};

struct scan {
    enum scan_kind kind;
    struct str word; /* what was scanned, without an AIM identifier */
    char gtin[15];   /* "" when unknown */
    struct str item; /* digits */
    int64_t milli, vnd;
    /* Of a URL host and path as they were printed, without query; of an
     * element string "(01)08931234567897(10)L1", however it was scanned. What
     * is no visible ASCII is percent-encoded. What is longer than
     * SCAN_STAMP_MAX keeps its first 30 and last 47 characters and "..."
     * between them, because vendors are told by the beginning and pieces by
     * the end. So it always passes text_check. */
    char stamp[SCAN_STAMP_MAX + 1];
    struct str lot, serial; /* AI 10 and 21, when given in visible ASCII */
    struct str expires;     /* AI 17, YYMMDD */
};

/* A mask list of the configuration, at most SCAN_MASKS of them:
 * "21IIIIIWWWWWC 22IIIIIPPPPPC"; blanks between. ERR_INVALID names nothing:
 * the caller shows the line. */
struct scan_masks {
    int n;
    char mask[SCAN_MASKS][SCAN_MASK_LEN + 1];
};
enum err scan_masks_parse(struct str text, struct scan_masks *out) MUST_USE;

/* Never fails: what is nothing else is SCAN_OTHER. Takes any bytes; FNC1 of an
 * element string is GS (0x1D), or its parts have parentheses. Strings point
 * into `text` (a Digital Link's percent escapes are kept as they are). */
void scan_parse(struct str text, const struct scan_masks *masks,
                struct scan *out);

/* The product that was scanned, or NULL:
 * - of a label its item as booth code, sku or barcode, first with its leading
 *   zeros, then without; never the label's 13 digits;
 * - else the whole word as booth code, sku or barcode (also a stamp's, where
 *   the list has it for one), then the GTIN. */
const struct product *scan_find(const struct lists *lists,
                                const struct scan *scan);

#endif
