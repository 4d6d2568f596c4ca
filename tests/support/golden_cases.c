/*
 * golden_cases.c - what is in the golden corpus.
 *
 * Most cases are one edit of the same ledger, `base`: twelve events of a
 * first morning. An edit is made before everything after it is chained and
 * sealed, as a program with a fault of its own would write it.
 */
#include <string.h>

#include "fair/chain.h"
#include "tests/support/golden.h"
#include "tests/support/golden_base.h"

struct golden {
    const char *name, *what;
    enum err error;
    int first_bad;
    /* Makes the ledger; NULL: base with `from` replaced by `to` in `seq`. */
    void (*make)(struct golden_case *c);
    int seq;
    const char *from, *to;
};

static void make_base(struct golden_case *c)
{
    open_base(&c->book);
    close_base(&c->book);
}

/* ---- sound ledgers --------------------------------------------------------
 */

static void make_enrolled(struct golden_case *c)
{
    book_init(&c->book, DEVICE, AGGREGATOR);
    book_enrol(&c->book);
}

static void make_successor(struct golden_case *c)
{
    struct book *b = &c->book;
    char old[DEVICE_LEN + 1];
    book_init(b, DEVICE, AGGREGATOR);
    struct keypair before;
    uint8_t seed[KEY_BYTES] = { 9 };
    key_from_seed(seed, &before);
    device_id(before.public_key, old);
    b->admission.successor_of = str_of(old);
    b->admission.number = 1023;
    b->admission.label = STR("Z9A");
    b->admission.closed[0] = 20200116;
    b->admission.closed[1] = 20200118;
    b->admission.n_closed = 2;
    book_enrol(b);
    b->admission.successor_of = STR("");
    book_note(b, STR("thay máy"));
}

static void make_every_kind(struct golden_case *c)
{
    book_random(&c->book, 183, 36);
}

/* A note that fills its line to `len` bytes. */
static void add_long_note(struct book *b, size_t len)
{
    BUF(text, MAX_EVENT);
    book_note(b, STR("x"));
    size_t short_by = len - book_line(b, b->n).len + 1;
    book_drop(b, b->n);
    b->next.at_ms -= 60000;
    b->next.up_ms -= 60000;
    while (text.len < short_by)
        buf_putc(&text, 'x');
    book_note(b, buf_slice(&text));
    ASSERT(book_line(b, b->n).len == len);
}

static void make_longest(struct golden_case *c)
{
    make_base(c);
    add_long_note(&c->book, MAX_EVENT);
}

static void make_too_long(struct golden_case *c)
{
    make_base(c);
    add_long_note(&c->book, MAX_EVENT + 1);
}

/* As many lines and payments as there may be. */
static void add_full_sale(struct book *b, int more_lines, int more_tenders)
{
    BUF(line, 2 * MAX_EVENT);
    buf_printf(&line,
               "{\"v\":1,\"seq\":%d,\"kind\":\"sale\",\"at\":1578964800000,"
               "\"boot\":\"boota2\",\"up\":9,\"day\":20200114,\"shift\":1,"
               "\"op\":0,\"list\":3,\"sum\":[%d,118465,225000,40,3],"
               "\"body\":{\"lines\":[",
               b->n + 1, 693250 + MAX_LINES + more_lines);
    for (int i = 0; i < MAX_LINES + more_lines; i++)
        buf_printf(&line, "%s[\"S%d\",\"Kẹo\",1000,\"gói\",1,1]",
                   i > 0 ? "," : "", i);
    buf_puts(&line, "],\"paid\":[");
    for (int i = 1; i < MAX_TENDERS + more_tenders; i++)
        buf_puts(&line, "[\"voucher\",1],");
    buf_printf(&line, "[\"card\",%d]],\"ref\":\"FULL1\",\"total\":%d}}",
               MAX_LINES + more_lines - MAX_TENDERS - more_tenders + 1,
               MAX_LINES + more_lines);
    book_bytes(b, buf_slice(&line));
}

static void make_most_lines(struct golden_case *c)
{
    make_base(c);
    add_full_sale(&c->book, 0, 0);
}

static void make_a_line_too_many(struct golden_case *c)
{
    make_base(c);
    add_full_sale(&c->book, 1, 0);
}

static void make_a_payment_too_many(struct golden_case *c)
{
    make_base(c);
    add_full_sale(&c->book, 0, 1);
}

static void make_late_night(struct golden_case *c)
{
    struct book *b = &c->book;
    union body turned = { .day_turned = { 20200114 } };
    open_base(b);
    book_open_shift(b);
    b->next.at_ms = INT64_C(1579042800000); /* 06:00 of the 15th */
    b->next.day = 20200115;
    book_add(b, EV_DAY_TURNED, &turned);
    b->next.late_ms = b->next.at_ms - 36000000;
    b->next.day = 20200114;
    book_sell(b, 80000);
    b->next.day = 20200115;
    book_sell(b, 0);
    b->next.day = 0;
    book_sell(b, 90000);
}

static void make_corrected_visits(struct golden_case *c)
{
    make_base(c);
    book_visit(&c->book, -15);
    book_visit(&c->book, -25);
    book_visit(&c->book, 0);
}

static void make_largest(struct golden_case *c)
{
    book_init(&c->book, DEVICE, AGGREGATOR);
    book_enrol(&c->book);
    book_sell(&c->book, INT64_MAX);
}

static void make_two_seals(struct golden_case *c)
{
    make_base(c);
    book_seal(&c->book, &c->book.device);
    book_seal(&c->book, &c->book.device);
}

static void see(struct golden_case *c, int count)
{
    c->witness = count;
    book_head(&c->book, count, c->witness_head);
}

static void make_witnessed(struct golden_case *c)
{
    make_base(c);
    see(c, 12);
}

static void make_witnessed_before(struct golden_case *c)
{
    make_base(c);
    see(c, 7);
}

/* ---- what a disk or a hand can do without the key -------------------------
 */

static void make_flipped(struct golden_case *c)
{
    make_base(c);
    book_edit(&c->book, 5, "225000", "225001");
}

static void make_flipped_hash(struct golden_case *c)
{
    make_base(c);
    c->book.events[5].hash[31] ^= 1;
}

static void make_removed(struct golden_case *c)
{
    make_base(c);
    book_drop(&c->book, 5);
}

static void make_no_first(struct golden_case *c)
{
    make_base(c);
    book_drop(&c->book, 1);
}

static void make_inserted(struct golden_case *c)
{
    make_base(c);
    book_copy(&c->book, 5, 6);
}

static void make_swapped(struct golden_case *c)
{
    make_base(c);
    book_swap(&c->book, 5, 6);
}

static void make_emptied(struct golden_case *c)
{
    make_base(c);
    buf_clear(&c->book.events[6].bytes);
}

static void make_cut(struct golden_case *c)
{
    make_base(c);
    see(c, 12);
    book_drop(&c->book, 12);
    book_drop(&c->book, 11);
    book_drop(&c->book, 10);
}

static void make_nothing_left(struct golden_case *c)
{
    make_base(c);
    see(c, 12);
    while (c->book.n > 0)
        book_drop(&c->book, c->book.n);
}

/* Changed and chained again: only a seal or a witness can tell. */
static void make_rechained(struct golden_case *c)
{
    make_base(c);
    book_edit(&c->book, 9, "ghi", "xoa");
    book_rechain(&c->book, 9);
}

static void make_resealed_by_stranger(struct golden_case *c)
{
    uint8_t seed[KEY_BYTES] = { STRANGER };
    struct keypair stranger;
    open_base(&c->book);
    book_edit(&c->book, 9, "ghi", "xoa");
    book_rechain(&c->book, 9);
    key_from_seed(seed, &stranger);
    book_seal(&c->book, &stranger);
}

/* The owner of the key writes history anew; the aggregator has seen it. */
static void make_rewritten(struct golden_case *c)
{
    make_base(c);
    see(c, 10);
    book_done(&c->book);
    open_base(&c->book);
    book_edit(&c->book, 9, "ghi", "xoa");
    book_rechain(&c->book, 9);
    close_base(&c->book);
}

/* All after the first sale is written off, by somebody with the key. */
static void make_rewritten_shorter(struct golden_case *c)
{
    make_base(c);
    see(c, 12);
    book_done(&c->book);
    begin_base(&c->book);
}

/* ---- identities ------------------------------------------------------------
 */

/* Event 1 admits another device of the same fair. */
static void make_foreign_admission(struct golden_case *c)
{
    struct book other;
    BUF(line, MAX_EVENT);
    book_init(&other, STRANGER, AGGREGATOR);
    book_enrol(&other);
    buf_str(&line, book_line(&other, 1));
    book_done(&other);
    book_init(&c->book, DEVICE, AGGREGATOR);
    book_bytes(&c->book, buf_slice(&line));
    book_note(&c->book, STR("x"));
}

/* The whole ledger is another device's. */
static void make_foreign_ledger(struct golden_case *c)
{
    struct keypair device;
    uint8_t seed[KEY_BYTES];
    make_base(c);
    memset(seed, STRANGER, sizeof(seed));
    key_from_seed(seed, &device);
    c->book.device = device;
}

/* Event 6 comes from another device's ledger, with its hash. */
static void make_foreign_event(struct golden_case *c)
{
    struct book other;
    book_init(&other, STRANGER, AGGREGATOR);
    book_enrol(&other);
    for (int i = 2; i <= 6; i++)
        book_visit(&other, 1);
    make_base(c);
    buf_clear(&c->book.events[5].bytes);
    buf_str(&c->book.events[5].bytes, book_line(&other, 6));
    book_head(&other, 6, c->book.events[5].hash);
    book_done(&other);
}

/* The aggregator named in the admission is not the one that signed. */
static void make_forged_admission(struct golden_case *c)
{
    struct book *b = &c->book;
    uint8_t seed[KEY_BYTES] = { STRANGER };
    book_init(b, DEVICE, AGGREGATOR);
    key_from_seed(seed, &b->aggregator);
    book_enrol(b);
}

static void admit(struct golden_case *c, int64_t number, struct str fair)
{
    book_init(&c->book, DEVICE, AGGREGATOR);
    c->book.admission.number = number;
    c->book.admission.fair = fair;
    book_enrol(&c->book);
}

static void make_number_too_high(struct golden_case *c)
{
    admit(c, 1024, STR("XUAN-2020"));
}

static void make_fair_lower_case(struct golden_case *c)
{
    admit(c, 1, STR("xuan-2020"));
}

static void make_closed_outside(struct golden_case *c)
{
    book_init(&c->book, DEVICE, AGGREGATOR);
    c->book.admission.closed[0] = 20200120; /* the day after the last */
    c->book.admission.n_closed = 1;
    book_enrol(&c->book);
}

static void make_enrolled_twice(struct golden_case *c)
{
    make_base(c);
    book_enrol(&c->book);
}

static void make_not_enrolled(struct golden_case *c)
{
    book_init(&c->book, DEVICE, AGGREGATOR);
    book_note(&c->book, STR("x"));
}

/* ---- arithmetic
 * -------------------------------------------------------------- */

static void make_visits_below_zero(struct golden_case *c)
{
    make_base(c);
    book_visit(&c->book, -40);
    book_edit(&c->book, 13, "\"n\":-40", "\"n\":-41");
    book_rechain(&c->book, 13);
}

static void make_overflow(struct golden_case *c)
{
    make_largest(c);
    book_copy(&c->book, 2, 3);
    book_edit(&c->book, 3, "\"seq\":2", "\"seq\":3");
    book_edit(&c->book, 3, ",1]", ",2]");
    book_rechain(&c->book, 3);
}

/* ---- the corpus
 * ---------------------------------------------------------------- */

#define SOUND(name, what, make)                    \
    {                                              \
        name, what, ERR_OK, 0, make, 0, NULL, NULL \
    }
#define MADE(name, what, error, bad, make)                \
    {                                                     \
        name, what, ERR_##error, bad, make, 0, NULL, NULL \
    }
#define EDIT(name, what, error, seq, from, to)                              \
    {                                                                       \
        name, what, ERR_##error, ERR_##error ? seq : 0, NULL, seq, from, to \
    }

// clang-format off
#define TWENTY_NAMES(X) \
    X("a") X("b") X("c") X("d") X("e") X("f") X("g") X("h") X("i") X("j") \
    X("k") X("l") X("m") X("n") X("o") X("p") X("q") X("r") X("s") X("t")
#define MEMBER(name) "\"" name "\":0,"

static const struct golden cases[] = {
    SOUND("base", "a first morning: sales, visits, a refund, a void, a seal", make_base),
    SOUND("enrolled", "a till that never sold", make_enrolled),
    SOUND("successor", "a successor device; days without fair", make_successor),
    SOUND("every-kind", "every kind of event with random bodies", make_every_kind),
    SOUND("longest", "an event of exactly 16384 bytes", make_longest),
    SOUND("most-lines", "a sale of 200 lines and 8 payments", make_most_lines),
    SOUND("late-night", "a day turned, a late entry, a sale of nothing, a sale outside the calendar", make_late_night),
    SOUND("corrected-visits", "visits corrected down to none", make_corrected_visits),
    SOUND("largest", "the largest amount there is", make_largest),
    SOUND("two-seals", "a seal over a seal", make_two_seals),
    SOUND("witnessed", "the witness saw the last event", make_witnessed),
    SOUND("witnessed-before", "the witness saw an earlier event", make_witnessed_before),
    EDIT("unknown-kind", "a later program's kind", OK, 9, "\"kind\":\"note\"", "\"kind\":\"weather\""),
    EDIT("unknown-envelope-member", "a later program's member before, between and after the known ones", OK, 9, "\"kind\"", "\"mood\":[1,{\"a\":2}],\"kind\""),
    EDIT("unknown-first-member", "a later program's member before all known ones", OK, 9, "{\"v\"", "{\"a\":\"\",\"v\""),
    EDIT("unknown-body-members", "a later program's members in a body", OK, 4, "\"discount\":10000", "\"c\":{},\"discount\":10000,\"e\":[],\"f\":{\"x\":1,\"y\":2}"),
    EDIT("unknown-line-member", "a later program's member of a line", OK, 4, "\"seller\"", "\"origin\":\"QN\",\"seller\""),
    EDIT("unknown-tuple-value", "later programs' values at the ends of tuples", OK, 4, "\"FT20014ABC\"]", "\"FT20014ABC\",7,\"x\"]"),
    EDIT("unknown-escaped-name", "a member name with escapes, in its place", OK, 4, "\"basket\":\"cart-0001\"", "\"\\\"\":0,\"b\\\\\":1,\"basket\":\"cart-0001\""),
    EDIT("deepest", "six containers inside one another", OK, 4, "\"unlisted\":1}", "\"unlisted\":1,\"z\":[1]}"),
    EDIT("most-members", "an envelope of 32 members", OK, 9, "\"op\"", TWENTY_NAMES(MEMBER) "\"op\""),
    EDIT("escapes", "quotes and backslashes in a text", OK, 9, "ghi", "\\\"g\\\\hi\\\\\\\""),
    EDIT("other-scripts", "texts of other scripts, in NFC", OK, 9, "ghi", "中文 ไทย 한국 x\xCC\x82 \xD9\x84\xD8\xA7 \xF0\x9F\xA6\x91"),
    EDIT("no-break-space", "U+00A0, the first character that is no control", OK, 9, "ghi", "\xC2\xA0"),
    EDIT("empty-text", "a required text of a line may be empty where it names no thing", OK, 4, "\"kg\"", "\"\""),
    EDIT("foreign-refund", "a refund of another till's receipt", OK, 7, "{\"lines\":[[\"TH-01\",\"Trà hoa vàng Ba Chẽ\",1000,\"hộp\",120000,118465,{\"seller\":\"HTX Ba Chẽ\"}]],\"of\":4", "{\"foreign\":\"B2-1-77\",\"lines\":[[\"TH-01\",\"Trà hoa vàng Ba Chẽ\",1000,\"hộp\",120000,118465]]"),

    MADE("flipped", "one digit changed", CHAIN, 5, make_flipped),
    MADE("flipped-hash", "one bit of a stored hash changed", CHAIN, 6, make_flipped_hash),
    MADE("removed", "an event removed", SEQUENCE, 5, make_removed),
    MADE("no-first", "the first event removed", SEQUENCE, 1, make_no_first),
    MADE("inserted", "an event doubled", SEQUENCE, 6, make_inserted),
    MADE("swapped", "two events swapped", SEQUENCE, 5, make_swapped),
    MADE("emptied", "an event without bytes", CANONICAL, 7, make_emptied),
    MADE("cut", "three acknowledged events missing at the end", TRUNCATED, 10, make_cut),
    MADE("nothing-left", "all acknowledged events missing", TRUNCATED, 1, make_nothing_left),
    MADE("rechained", "an event changed and chained again without the key: the seal", SEAL, 11, make_rechained),
    MADE("resealed-by-stranger", "a seal with another key", SEAL, 11, make_resealed_by_stranger),
    MADE("rewritten", "changed, chained and sealed by the owner of the key: the witness", REWRITTEN, 10, make_rewritten),
    MADE("rewritten-shorter", "written anew and shorter", TRUNCATED, 5, make_rewritten_shorter),
    MADE("foreign-admission", "event 1 admits another device", ADMISSION, 1, make_foreign_admission),
    MADE("foreign-ledger", "the ledger of another device", CHAIN, 1, make_foreign_ledger),
    MADE("foreign-event", "an event of another device's ledger", CHAIN, 6, make_foreign_event),
    MADE("forged-admission", "an admission not signed by the aggregator it names", ADMISSION, 1, make_forged_admission),
    MADE("number-too-high", "a signed admission with device number 1024", ADMISSION, 1, make_number_too_high),
    MADE("fair-lower-case", "a signed admission with a fair code in small letters", ADMISSION, 1, make_fair_lower_case),
    MADE("closed-outside", "a signed admission with a closed day after the last", ADMISSION, 1, make_closed_outside),
    MADE("enrolled-twice", "a second admission", ADMISSION, 13, make_enrolled_twice),
    MADE("not-enrolled", "a ledger that begins without admission", ADMISSION, 1, make_not_enrolled),
    MADE("too-long", "an event of 16385 bytes", CANONICAL, 13, make_too_long),
    MADE("a-line-too-many", "201 lines", FORM, 13, make_a_line_too_many),
    MADE("a-payment-too-many", "9 payments", FORM, 13, make_a_payment_too_many),
    MADE("visits-below-zero", "more visits taken back than there were", SUMS, 13, make_visits_below_zero),
    MADE("overflow", "a running total beyond 2^63-1", SUMS, 3, make_overflow),

    EDIT("nfd", "a text in decomposed form", CANONICAL, 4, "Chả", "Cha\xCC\x89"),
    EDIT("blank", "a blank between members", CANONICAL, 4, ",\"total\"", ", \"total\""),
    EDIT("blank-before", "a blank before the event", CANONICAL, 4, "{\"v\"", " {\"v\""),
    EDIT("line-end", "a line end after the event", CANONICAL, 4, "468250}}", "468250}}\n"),
    EDIT("two-objects", "a second object after the event", CANONICAL, 4, "468250}}", "468250}}{}"),
    EDIT("doubled-member", "a member of a body twice", CANONICAL, 4, "\"total\"", "\"total\":1,\"total\""),
    EDIT("doubled-envelope-member", "a member of the envelope twice", CANONICAL, 4, "\"op\":0", "\"op\":0,\"op\":0"),
    EDIT("doubled-unknown-member", "an unknown member of the envelope twice", CANONICAL, 4, "\"op\":0", "\"x\":0,\"op\":0,\"x\":0"),
    EDIT("body-order", "members of a body out of order", CANONICAL, 4, "\"basket\":\"cart-0001\",\"discount\":10000", "\"discount\":10000,\"basket\":\"cart-0001\""),
    EDIT("unknown-order", "an unknown member out of its place", CANONICAL, 4, "\"ref\"", "\"aaa\":1,\"ref\""),
    EDIT("prefix-order", "a name before the name it begins with", CANONICAL, 4, "\"ref\"", "\"paid1\":1,\"paid\":1,\"ref\""),
    EDIT("escaped-order", "names in the order of their escaped form only", CANONICAL, 4, "\"basket\":\"cart-0001\"", "\"Z\":0,\"\\\"\":0,\"basket\":\"cart-0001\""),
    EDIT("inner-order", "members inside an unknown member out of order", CANONICAL, 4, "\"ref\"", "\"r\":[{\"b\":1,\"a\":1}],\"ref\""),
    EDIT("envelope-order", "members of the envelope out of order", FORM, 4, "\"shift\":1,\"op\":0", "\"op\":0,\"shift\":1"),
    EDIT("too-many-members", "an envelope of 33 members", CANONICAL, 9, "\"op\"", TWENTY_NAMES(MEMBER) "\"u\":0,\"op\""),
    EDIT("too-deep", "seven containers inside one another", CANONICAL, 4, "\"unlisted\":1}", "\"unlisted\":1,\"z\":[[1]]}"),
    EDIT("leading-zero", "a number with a leading zero", CANONICAL, 4, "385", "0385"),
    EDIT("minus-zero", "minus zero", CANONICAL, 4, "\"op\":0", "\"op\":-0"),
    EDIT("plus", "a number with a plus sign", CANONICAL, 4, "385", "+385"),
    EDIT("fraction", "a fraction", CANONICAL, 4, "385", "385.0"),
    EDIT("exponent", "an exponent", CANONICAL, 4, "385", "385e0"),
    EDIT("beyond-int64", "2^63", CANONICAL, 4, "385", "9223372036854775808"),
    EDIT("beyond-uint64", "2^64 + 385", CANONICAL, 4, "385", "18446744073709552001"),
    EDIT("below-int64", "-2^63 - 1", CANONICAL, 4, "385", "-9223372036854775809"),
    EDIT("true", "a truth value", CANONICAL, 4, "\"unlisted\":1", "\"unlisted\":true"),
    EDIT("null", "null", CANONICAL, 4, "\"unlisted\":1", "\"unlisted\":null"),
    EDIT("comma-at-end", "a comma before the bracket", CANONICAL, 4, "68250]", "68250,]"),
    EDIT("unicode-escape", "\\u0067 for g", CANONICAL, 9, "ghi", "\\u0067hi"),
    EDIT("line-escape", "\\n", CANONICAL, 9, "ghi", "ghi\\n"),
    EDIT("slash-escape", "an escaped slash", CANONICAL, 9, "ghi", "\\/"),
    EDIT("tab", "a tab in a text", CANONICAL, 9, "ghi", "g\thi"),
    EDIT("delete", "U+007F in a text", CANONICAL, 9, "ghi", "\x7F"),
    EDIT("c1-control", "U+0085 in a text", CANONICAL, 9, "ghi", "\xC2\x85"),
    EDIT("latin-1", "a text in Latin-1", CANONICAL, 9, "ghi", "\xE9"),
    EDIT("overlong", "an overlong form", CANONICAL, 9, "ghi", "\xC1\xA1"),
    EDIT("surrogate", "half a surrogate pair in UTF-8", CANONICAL, 9, "ghi", "\xED\xA0\x80"),
    EDIT("beyond-unicode", "U+110000", CANONICAL, 9, "ghi", "\xF4\x90\x80\x80"),
    EDIT("kelvin", "U+212A, which NFC makes a K", CANONICAL, 9, "ghi", "\xE2\x84\xAA"),
    EDIT("marks-order", "two marks in the wrong order", CANONICAL, 9, "ghi", "q\xCC\x81\xCC\xA3"),

    EDIT("version", "format version 2", FORM, 4, "\"v\":1", "\"v\":2"),
    EDIT("no-boot", "a member of the envelope missing", FORM, 4, "\"boot\":\"boota2\",", ""),
    EDIT("boot-length", "a boot name of five characters", FORM, 4, "boota2", "boota"),
    EDIT("boot-letters", "a boot name with a letter beyond base32", FORM, 4, "boota2", "boota1"),
    EDIT("boot-escaped", "a boot name with an escape", FORM, 4, "boota2", "boot\\\\"),
    EDIT("kind-letters", "a kind with a capital letter", FORM, 9, "\"kind\":\"note\"", "\"kind\":\"Note\""),
    EDIT("kind-empty", "an empty kind", FORM, 9, "\"kind\":\"note\"", "\"kind\":\"\""),
    EDIT("kind-long", "a kind of 33 letters", FORM, 9, "\"kind\":\"note\"", "\"kind\":\"abcdefghijklmnopqrstuvwxyzabcdefg\""),
    EDIT("no-date", "30 February", FORM, 4, "\"day\":20200114", "\"day\":20200230"),
    EDIT("negative-operator", "a negative operator number", FORM, 4, "\"op\":0", "\"op\":-1"),
    EDIT("late-zero", "an optional member present though 0", FORM, 4, ",\"body\"", ",\"late\":0,\"body\""),
    EDIT("short-sum", "four running totals", FORM, 4, "\"sum\":[468250,0,0,0,1]", "\"sum\":[468250,0,0,0]"),
    EDIT("body-array", "a body that is an array", FORM, 9, "\"body\":{\"text\":\"ghi chú \\\"thử\\\"\",\"what\":\"test\"}", "\"body\":[]"),
    EDIT("sequence-ahead", "a number that does not follow", SEQUENCE, 4, "\"seq\":4", "\"seq\":5"),

    EDIT("no-total", "a member of a body missing", FORM, 4, ",\"total\":468250", ""),
    EDIT("text-for-number", "a text where a number belongs", FORM, 4, "\"total\":468250", "\"total\":\"468250\""),
    EDIT("number-for-text", "a number where a text belongs", FORM, 4, "\"ref\":\"K7Q2M\"", "\"ref\":7"),
    EDIT("no-lines", "a sale without lines", FORM, 6, "\"kind\":\"visits\"", "\"kind\":\"sale\""),
    EDIT("short-line", "a line of five values", FORM, 5, "225000,225000]", "225000]"),
    EDIT("empty-more", "a line's last object present though empty", FORM, 5, "225000,225000]", "225000,225000,{}]"),
    EDIT("zero-change", "no change, but said", FORM, 4, "\"discount\":10000", "\"change\":0,\"discount\":10000"),
    EDIT("empty-basket", "no basket, but said", FORM, 4, "\"basket\":\"cart-0001\"", "\"basket\":\"\""),
    EDIT("unknown-method", "a method of payment that does not exist", FORM, 4, "\"cash\"", "\"gold\""),
    EDIT("zero-quantity", "a quantity of 0", FORM, 4, "385", "0"),
    EDIT("negative-amount", "a negative amount", FORM, 4, "166320", "-166320"),
    EDIT("zero-payment", "a payment of 0", FORM, 4, "[\"cash\",68250]", "[\"cash\",0]"),
    EDIT("empty-sku", "a line without sku", FORM, 4, "\"CM-KG\"", "\"\""),
    EDIT("unlisted-two", "a mark that is neither 0 nor 1", FORM, 4, "\"unlisted\":1", "\"unlisted\":2"),
    EDIT("both-originals", "a refund of a sale here and of a foreign receipt", FORM, 7, "{\"lines\"", "{\"foreign\":\"B2-1-77\",\"lines\""),
    EDIT("no-original", "a refund of nothing", FORM, 7, "\"of\":4,", ""),
    EDIT("short-hash", "a list's hash of 63 digits", FORM, 2, "9f86", "9f8"),
    EDIT("capital-hash", "a hash in capital letters", FORM, 2, "9f86", "9F86"),
    EDIT("form-before-sums", "a wrong total, and later a wrong quantity: form comes first", FORM, 4, "166320,{\"discount\":6930}],[\"TH-01\",\"Trà hoa vàng Ba Chẽ\",2000", "166321,{\"discount\":6930}],[\"TH-01\",\"Trà hoa vàng Ba Chẽ\",0"),

    EDIT("wrong-line", "a line's amount changed in a valid chain", SUMS, 4, "166320", "166321"),
    EDIT("wrong-total", "a total changed in a valid chain", SUMS, 4, "\"total\":468250", "\"total\":468251"),
    EDIT("wrong-payment", "payments do not make up the total", SUMS, 4, "68250]", "68251]"),
    EDIT("wrong-change", "change and payment do not make up the total", SUMS, 5, "\"change\":275000", "\"change\":275001"),
    EDIT("payments-overflow", "payments beyond 2^63-1, taken back as change", SUMS, 5, "\"change\":275000,\"lines\":[[\"CM-500\",\"Chả mực 500 g\",1000,\"hộp\",225000,225000]],\"paid\":[[\"cash\",500000]]", "\"change\":9223372036854775807,\"lines\":[[\"CM-500\",\"Chả mực 500 g\",1000,\"hộp\",225000,225000]],\"paid\":[[\"cash\",9223372036854775807],[\"card\",225000]]"),
    EDIT("wrong-gross", "running sales wrong in a valid chain", SUMS, 5, "\"sum\":[693250,", "\"sum\":[693251,"),
    EDIT("wrong-refunds", "running refunds wrong in a valid chain", SUMS, 7, ",118465,0,40,2]", ",118464,0,40,2]"),
    EDIT("wrong-voids", "running voids wrong in a valid chain", SUMS, 8, ",225000,40,2]", ",0,40,2]"),
    EDIT("wrong-visits", "running visits wrong in a valid chain", SUMS, 6, ",40,2]", ",41,2]"),
    EDIT("wrong-count", "number of sales wrong in a valid chain", SUMS, 9, ",40,2]", ",40,3]"),
    EDIT("unknown-kind-sums", "an unknown kind that moves a total", SUMS, 9, "\"kind\":\"note\",\"at\":1578964080000,\"boot\":\"boota2\",\"up\":485000,\"day\":20200114,\"shift\":1,\"op\":0,\"list\":3,\"sum\":[693250,", "\"kind\":\"tip\",\"at\":1578964080000,\"boot\":\"boota2\",\"up\":485000,\"day\":20200114,\"shift\":1,\"op\":0,\"list\":3,\"sum\":[693251,"),
};
// clang-format on

const struct golden *golden_at(int i)
{
    return i >= 0 && (size_t)i < ARRAY_LEN(cases) ? &cases[i] : NULL;
}

const char *golden_name(const struct golden *g)
{
    return g->name;
}

void golden_make(const struct golden *g, struct golden_case *out)
{
    memset(out, 0, sizeof(*out));
    out->witness = -1;
    if (g->make) {
        g->make(out);
        return;
    }
    open_base(&out->book);
    book_edit(&out->book, g->seq, g->from, g->to);
    book_rechain(&out->book, g->seq);
    close_base(&out->book);
}

void golden_done(struct golden_case *c)
{
    book_done(&c->book);
}

void golden_render(const struct golden *g, const struct golden_case *c,
                   struct buf *out)
{
    const struct book *b = &c->book;
    struct verdict v = { .error = g->error, .first_bad = g->first_bad };
    v.events = g->error == ERR_OK          ? b->n
               : g->error == ERR_REWRITTEN ? g->first_bad
                                           : g->first_bad - 1;
    book_head(b, (int)v.events, v.head);
    memcpy(v.key, b->device.public_key, KEY_BYTES);
    buf_printf(out, "# %s\n# key: ", g->what);
    buf_hex(out, v.key, KEY_BYTES);
    if (c->witness >= 0) {
        buf_printf(out, "\n# witness: %lld ", (long long)c->witness);
        buf_hex(out, c->witness_head, HASH_BYTES);
    }
    buf_puts(out, "\n# expect: ");
    golden_verdict(&v, out);
    buf_putc(out, '\n');
    golden_render_events(b, out);
}
