/*
 * text.h - human text: normal form, searching, sorting, width, and what is
 * let in and out.
 *
 * Text inside the programs is UTF-8 in NFC. Every edge (keyboard, CSV,
 * command line, wire) normalises or checks; every sink escapes for itself.
 * Vietnamese needs care that libraries do not take: đ/Đ has no decomposition
 * and is folded by hand; tones sort after letters.
 */
#ifndef FAIR_TEXT_H
#define FAIR_TEXT_H

#include "fair/buf.h"

/* True when the bytes are valid UTF-8 (no surrogates, no overlong forms). */
bool utf8_valid(struct str s);
/* Next code point at *pos (advanced); -1 at the end. A byte that is not UTF-8
 * counts as U+FFFD, so every function below takes any bytes. */
int32_t utf8_next(struct str s, size_t *pos);
void utf8_put(struct buf *out, int32_t code); /* no surrogate, <= U+10FFFF */

/* True when valid UTF-8 is already in NFC; fast for Vietnamese. */
bool text_is_nfc(struct str s);
/* Appends s in NFC, with the look-alikes U+00D0/U+00F0 as Đ/đ. ERR_INVALID
 * when s is not UTF-8; ERR_LIMIT when it does not fit, is longer than MAX_TEXT
 * or has more than 30 combining marks in a row. */
enum err text_nfc(struct buf *out, struct str s) MUST_USE;

/* What a human text may contain: valid UTF-8, NFC, no control, format, bidi,
 * surrogate, private-use, line/paragraph separator, non-character or
 * unassigned one, a base first and at most two combining marks on each, not
 * empty, no leading or trailing blank; else ERR_INVALID. `columns` is
 * MAX_NAME_COLUMNS or MAX_NOTE_COLUMNS; ERR_LIMIT when s is wider, or longer
 * than any text of that width can be. */
enum err text_check(struct str s, int columns) MUST_USE;
/* text_nfc, blanks trimmed and inner runs made one, then text_check: for
 * what people type or import. */
enum err text_clean(struct buf *out, struct str s, int columns) MUST_USE;

/* Search key: NFD, marks dropped, đ -> d, lower case, blanks collapsed:
 * "Chả mực Hạ Long" -> "cha muc ha long". */
void text_fold(struct buf *out, struct str s);
/* Sort key in Vietnamese order (letters a ă â b c d đ e ê … primary, tones
 * ngang huyền hỏi ngã sắc nặng secondary, case tertiary, the text itself
 * last, so that only equal texts are equal); compare with str_cmp. */
void text_sort_key(struct buf *out, struct str s);
int text_cmp(struct str a, struct str b);

/* Terminal columns of valid UTF-8; control characters count 0. */
int text_width(struct str s);
/* The longest prefix of whole graphemes not wider than `columns`. */
struct str text_clip(struct str s, int columns);
/* Appends s clipped and padded with blanks to exactly `columns`. */
void text_pad(struct buf *out, struct str s, int columns);
void text_pad_left(struct buf *out, struct str s, int columns);

/* Makes any bytes harmless for a terminal or log: invalid bytes, controls
 * (also \t \n \r \b), bidi and zero-width characters, in short all that
 * text_check refuses, become visible \xNN or U+NNNN; the rest is kept. */
void text_emit_terminal(struct buf *out, struct str s);
/* One RFC 4180 field of text, quoted where needed; a field a spreadsheet
 * would read as a formula (leading = + - @ also full-width, tab, CR, LF) gets
 * a leading apostrophe; bytes that are not UTF-8 and control characters
 * become U+FFFD. */
void text_emit_csv(struct buf *out, struct str s);
/* The inside of a JSON string for people's tools: controls and everything
 * invisible as \uNNNN. */
void text_emit_json(struct buf *out, struct str s);
/* The inside of an HTML element or of a quoted attribute value: & < > " '
 * escaped; what text_check refuses (controls, also \t \n \r, bidi and
 * zero-width characters, bytes that are not UTF-8…) becomes U+FFFD. */
void text_emit_html(struct buf *out, struct str s);
/* The text of a workbook's cell, not yet XML: what text_check refuses becomes
 * U+FFFD, and an underscore that would begin an escape of the format (_x0041_)
 * is one itself (_x005F_), so that it shows as it stands. At most 32,767
 * UTF-16 units, which is all a cell takes. */
void text_emit_sheet(struct buf *out, struct str s);

/* Identifiers. Fair [A-Z0-9][A-Z0-9-]{0,15}; booth and gate [A-Z0-9]{1,6};
 * sku [A-Za-z0-9._-]{1,32}; basket [A-Za-z0-9._-]{1,40}; reference of a
 * transfer [A-Z0-9]{1,25}; short code [A-Za-z0-9]{1,8}. */
bool id_fair(struct str s);
bool id_booth(struct str s);
bool id_sku(struct str s);
bool id_basket(struct str s);
bool id_reference(struct str s);
bool id_code(struct str s);
/* 8, 12, 13 or 14 digits with a right GS1 check digit. */
bool id_gtin(struct str s);

/* RFC 4648 base32 without padding, lower case a-z2-7. */
void base32_put(struct buf *out, const void *bytes, size_t len);
bool base32_bytes(struct str s, void *out, size_t len) MUST_USE;

#endif
