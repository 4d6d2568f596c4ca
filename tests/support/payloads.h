/*
 * payloads.h - texts that are attacks on whoever shows them, and what tells
 * whether something that was shown holds a live one.
 */
#ifndef FAIR_TEST_PAYLOADS_H
#define FAIR_TEST_PAYLOADS_H

#include "fair/buf.h"

enum { PAYLOADS = 500 };

/* Attack i of PAYLOADS, always the same, appended: of SQL, markup, formulas,
 * printers, terminals, writing direction, marks, bytes that are no text, paths,
 * formats, journals, lengths; as they are and inside names. */
void payload_put(struct buf *out, int i);

/* What it may stand in: no sink of ours has more. Each fails the test, which
 * `what` names, when there is more than visible characters and line ends. */
void inert_text(struct str s, const char *what);
/* The same for programs, but that marks may pile up. */
void inert_codes(struct str s, const char *what);
/* ... and no field that a spreadsheet would work out. */
void inert_csv(struct str s, const char *what);
/* ... and no element or attribute that markup_learn() has not seen in a page
 * or sheet without any attack. */
void inert_markup(struct str s, const char *what);
void markup_learn(struct str s);

#endif
