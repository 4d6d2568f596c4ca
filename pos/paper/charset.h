/*
 * charset.h - Vietnamese in the one-byte alphabets that receipt printers know.
 *
 * Every alphabet is ASCII below 0x80. What one has no letter for is said
 * plainer, a mark less at a time (ệ, ê, e), then as ASCII would write it
 * (– as -, … as ...), and what nothing can show becomes '?'. No byte below
 * 0x20 and no 0x7F ever comes out, whatever goes in.
 */
#ifndef POS_CHARSET_H
#define POS_CHARSET_H

#include "fair/buf.h"

enum charset {
    CHARSET_ASCII,
    CHARSET_TCVN3,  /* TCVN 5712 VN3: capitals with tones in a second table */
    CHARSET_CP1258, /* a letter, then its tone as a byte of its own */
    CHARSET_VISCII  /* without its six capitals at control positions */
};

struct coded {
    uint8_t len; /* 0: a mark that this alphabet cannot put anywhere */
    bool second; /* from the second table, that of TCVN-3's capitals */
    char bytes[3];
};

/* One code point of NFC text; any value will do. */
void charset_encode(enum charset set, int32_t code, struct coded *out);

/* The same letter with a mark less (ệ -> ê -> e, Đ -> D); 0 when there is
 * none. */
int32_t charset_plainer(int32_t code);

#endif
