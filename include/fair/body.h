/*
 * body.h - what each kind of event says, as plain records.
 *
 * The shapes (body_shape) are the one description: the till encodes by them,
 * everybody decodes by them, PROTOCOL.md 4 lists the same members. Amounts
 * are facts as charged; nothing is ever recomputed from prices.
 */
#ifndef FAIR_BODY_H
#define FAIR_BODY_H

#include "fair/event.h"

enum { VISITS_MAX = 1000000 }; /* what one `visits` may say, either sign */

/* A line of a sale, void or refund: the tuple
 * [sku, name, milli, unit, price, amount, {"discount","seller","stamp",
 * "unlisted"}?] */
struct line {
    struct str sku, name, unit;
    int64_t milli;      /* > 0 */
    int64_t price_vnd;  /* a unit, >= 0 */
    int64_t amount_vnd; /* charged: price x quantity - discount, >= 0 */
    struct {
        int64_t discount_vnd; /* line's own plus its share of the order's */
        struct str seller;    /* the producer whose goods these are */
        struct str stamp;     /* traceability stamp as scanned */
        int64_t unlisted;     /* 1: not on the list */
    } more;
};

/* A payment: the tuple [method, amount, reference?]; method is one of cash,
 * transfer, card, voucher. */
struct tender {
    struct str method;
    int64_t amount_vnd; /* > 0 */
    struct str reference;
};

/* sum of amounts = total; sum of tenders - change = total. */
struct body_sale {
    struct str basket; /* caller's id; empty: the reference is the basket */
    int64_t change_vnd;
    int64_t discount_vnd; /* order discount, already inside the lines */
    int64_t n_lines;
    struct line lines[MAX_LINES];
    int64_t n_tenders;
    struct tender tenders[MAX_TENDERS];
    struct str reference; /* 5 characters; with the booth it is the payment
                             reference, unique on this device */
    int64_t total_vnd;
};

/* Takes a sale back as if it had not been: everything needed to undo it, so
 * that folding needs no look-up. day and at_ms are the sale's; tenders are
 * net of change. sum of amounts = sum of tenders = total. */
struct body_void {
    int64_t at_ms, day;
    int64_t n_lines;
    struct line lines[MAX_LINES];
    int64_t of; /* seq of the sale */
    int64_t n_tenders;
    struct tender tenders[MAX_TENDERS];
    struct str reason;
    int64_t total_vnd;
};

/* Gives money back for goods. Exactly one of foreign (another till's receipt
 * number) and of (seq here). lines copy sku, name, price from the sale and
 * carry what is given back. sum of amounts = sum of tenders = total. */
struct body_refund {
    struct str basket; /* caller's id when a refund must not double */
    struct str foreign;
    int64_t n_lines;
    struct line lines[MAX_LINES];
    int64_t of;
    int64_t n_tenders;
    struct tender tenders[MAX_TENDERS];
    struct str reason;
    int64_t total_vnd;
};

// clang-format off
struct body_enrolled { struct str admission, signature; };
struct body_shift_opened { int64_t float_vnd; };
struct body_shift_closed {
    int64_t counted_vnd, expected_vnd;
    int64_t opened; /* seq of the shift_opened event */
    struct str reason;
};
struct body_day_turned { int64_t from; };
struct body_visits { int64_t estimated; struct str gate; int64_t n; };
struct body_cash { int64_t amount_vnd; struct str reason; }; /* + in, - out */
struct body_stock { int64_t milli; struct str sku, why; };
struct body_override { int64_t by; struct str what; };
struct body_drawer { struct str reason; };
struct body_cart { int64_t lines; int64_t total_vnd; };
struct body_line_removed { struct line line; };
struct body_reprint { int64_t of; };
struct body_operator { int64_t number; struct str role, what; };
#define ACCESS_WRONG_PIN "wrong pin" /* `what` of those that are counted */
struct body_access { int64_t number; struct str what; };
struct body_list { struct str hash; int64_t version; };
struct body_clock { int64_t offset_ms; };
struct body_call { struct str text, what; };
struct body_seal { struct str signature; }; /* over hash(seq-1), 128 hex */
struct body_note { struct str text, what; };
// clang-format on

union body {
    struct body_sale sale;
    struct body_void voided;
    struct body_refund refund;
    struct body_enrolled enrolled;
    struct body_shift_opened shift_opened;
    struct body_shift_closed shift_closed;
    struct body_day_turned day_turned;
    struct body_visits visits;
    struct body_cash cash;
    struct body_stock stock;
    struct body_override override;
    struct body_drawer drawer;
    struct body_cart cart;
    struct body_line_removed line_removed;
    struct body_reprint reprint;
    struct body_operator operator_change;
    struct body_access access;
    struct body_list list;
    struct body_clock clock;
    struct body_call call;
    struct body_seal seal;
    struct body_note note;
};

/* The shape of a kind's body; NULL for EV_UNKNOWN. */
const struct shape *body_shape(enum event_kind kind);

/* Decodes the body of an event that event_decode passed and checks ranges and
 * arithmetic: ERR_FORM for members, types and ranges (quantity or tender not
 * above 0, negative amount, unknown method, both or none of foreign/of…);
 * ERR_SUMS where totals do not add up. EV_UNKNOWN gives ERR_OK and leaves
 * `out` alone; after a failure `out` is undefined. Only the first n of a list
 * are set. `arena` as for shape_decode: clear it before each event. */
enum err body_decode(const struct event *e, struct buf *arena,
                     union body *out) MUST_USE;

/* Moves running totals over one event: ERR_SUMS when one would overflow or
 * fall below 0. Unknown kinds change nothing. */
enum err sums_apply(struct sums *sums, enum event_kind kind,
                    const union body *body) MUST_USE;
bool sums_equal(const struct sums *a, const struct sums *b);

#endif
