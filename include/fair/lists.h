/*
 * lists.h - what a booth may sell: the document the aggregator makes, the
 * device carries and the till reads.
 *
 * A list document is canonical lines, each ending in '\n': line 1 the fair as
 * this booth sees it, then one line a product, in order of their codes as the
 * organiser gave them. It is cut at line ends into pages of at most MAX_PAGE
 * bytes; the signed manifest names the pages by SHA-256 (PROTOCOL.md 8).
 */
#ifndef FAIR_LISTS_H
#define FAIR_LISTS_H

#include "fair/admission.h"
#include "fair/codec.h"

enum {
    MAX_GATES = 64,
    MAX_PRODUCTS = 100000,
    MAX_PAGES = 700, /* of one list; as many as MAX_MANIFEST has room for */
    MAX_HOTKEY = 12
};

struct gate_name {
    struct str code;
};

/* What the organiser lets nobody sell at all, or-ed; everything else sells and
 * is noted. Bits of later programs are passed over. */
enum { REFUSE_EXPIRED = 1, REFUSE_UNLISTED = 2 };

struct list_fair { /* line 1 */
    struct str booth, booth_name;
    int64_t n_closed;
    int64_t closed[MAX_CLOSED_DAYS];
    int64_t closes_min, cut_off_min, days;
    struct str fair;
    int64_t first_day;
    int64_t n_gates;
    struct gate_name gates[MAX_GATES];
    struct str name;
    int64_t opens_min;
    struct str origin;  /* in-province, other-province, foreign, service */
    int64_t refuse;     /* REFUSE_…; 0: nothing */
    int64_t restricted; /* 1: a booth list exists, others are not allowed */
};

struct product { /* the other lines; empty or 0 where unknown */
    struct str barcode;
    struct str certificate;
    int64_t certified_day;
    struct str code; /* the booth's short code */
    int64_t expires_day;
    struct str group;
    int64_t hotkey; /* 1…12 */
    struct str name, place;
    int64_t price_vnd;
    struct str seller; /* producer */
    struct str sku;
    int64_t stars; /* 3…5 */
    struct str unit;
};

extern const struct shape list_fair_shape, product_shape;

/* Append one line of a document, with its '\n'. Texts are NFC and checked
 * (text_check), codes as in text.h. */
void lists_fair_encode(const struct list_fair *fair, struct buf *out);
void lists_product_encode(const struct product *product, struct buf *out);

/* Cuts the next page off the document: as many whole lines as fit into
 * MAX_PAGE. False at the end; bytes are left over then only when the next
 * line is no whole line or longer than a page. */
bool list_page_next(struct str *document, struct str *page);

struct page_name {
    struct str hash; /* 64 hex */
};

struct manifest {
    int64_t at_ms;
    struct str booth, fair;
    int64_t n_pages; /* 1…MAX_PAGES */
    struct page_name *pages;
    int64_t version; /* from 1 */
};

/* Parsed lists, indexed. Strings live as long as the handle. */
struct lists;

/* Takes over the document's bytes when it succeeds. Codes of products are
 * unique; of equal skus or barcodes the first is found. ERR_FORM,
 * ERR_CANONICAL, ERR_LIMIT (more than MAX_PRODUCTS). */
enum err lists_parse(struct buf *document, int64_t version,
                     struct lists **out) MUST_USE;
/* The same for the bytes of a document that was parsed before: strings are not
 * checked again, nor codes compared, and until lists_index() every look-up
 * goes through the whole list. Safe for any bytes. */
enum err lists_parse_again(struct buf *document, int64_t version,
                           struct lists **out) MUST_USE;
/* Makes what look-ups are fast by, unless it is there. */
void lists_index(struct lists *lists);
void lists_close(struct lists *lists);
int64_t lists_version(const struct lists *lists);
struct str lists_document(const struct lists *lists); /* its bytes */
const struct list_fair *lists_fair(const struct lists *lists);
int lists_count(const struct lists *lists);
const struct product *lists_at(const struct lists *lists, int i);

/* Looked up as booth code, then sku, then barcode, each exactly; NULL. A
 * barcode of 8, 12 or 13 digits equals its 14-digit form. */
const struct product *lists_find(const struct lists *lists, struct str word);
/* Looked up as sku only; NULL. */
const struct product *lists_find_sku(const struct lists *lists, struct str sku);

/* The first product with this hot key (1…MAX_HOTKEY); NULL. */
const struct product *lists_hotkey(const struct lists *lists, int key);

/* Is the certificate valid on `day`? expires_day is its last valid day: 36
 * months from 2017-01-15 are valid on 2020-01-15 and no more on 2020-01-16.
 * NONE: no stars, no expiry known, or certified only on a later day.
 * EXPIRING: valid on `day`, but not until `last_day`. */
enum certificate { CERT_NONE, CERT_VALID, CERT_EXPIRING, CERT_EXPIRED };
enum certificate product_certificate(const struct product *p, int day,
                                     int last_day);

#endif
