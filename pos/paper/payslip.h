/*
 * payslip.h - what a customer is asked to transfer: account, amount and
 * reference in words and as a VietQR code, on paper before anything is paid.
 * Nothing is recorded yet, and the slip says that it proves no payment.
 */
#ifndef POS_PAYSLIP_H
#define POS_PAYSLIP_H

#include "pos/paper/printer.h"
#include "pos/till/till.h"

struct payslip {
    struct str bin, account, holder; /* of the booth's bank; holder may be
                                        empty */
    struct str reference;            /* the cart's 5 characters */
    int64_t vnd;                     /* > 0 */
};

/* Appends the payload of the code: a transfer of exactly this amount, with the
 * payment reference (booth and 5 characters) as its purpose. ERR_INVALID. */
enum err payslip_payload(const struct till *till, const struct payslip *pay,
                         struct buf *out) MUST_USE;

/* The slip, `columns` wide, in the language in use. `out` is initialised and
 * empty. */
enum err payslip_render(const struct till *till, const struct payslip *pay,
                        int columns, struct sheet *out) MUST_USE;

#endif
