/*
 * vietqr.c - fields of a transfer code: two digits of number, two of length,
 * the value; CRC-16 (polynomial 1021, begun with FFFF) over everything before
 * its own four digits.
 *
 *   00 "01"   01 "11" static, "12" with an amount
 *   38 account: 00 "A000000727", 01 {00 bank, 01 account}, 02 service
 *   52 category?   53 "704"   54 amount?   58 "VN"
 *   59 name?   60 city?   61 postal code?   62 additional data?   63 CRC
 *
 * One table for each level says what may stand there, in this order; what is
 * in no table is refused. Payments to merchants (QRPUSH) are not read.
 */
#include "pos/model/vietqr.h"

#include <string.h>

#include <utf8proc.h>

#include "fair/text.h"

enum {
    HEAD = 4, /* digits before a value */
    LONGEST = 99,
    PAYLOAD_MAX = 512,
    CRC_DIGITS = 4,
    AMOUNT_DIGITS = 13,
    PURPOSE_MAX = 25
};

#define NAPAS      STR("A000000727")
#define VND        STR("704")
#define COUNTRY    STR("VN")
#define TO_BANK    STR("QRIBFTTA")
#define TO_CARD    STR("QRIBFTTC")
#define VERSION    STR("01")
#define STATIC     STR("11")
#define DYNAMIC    STR("12")
#define AMOUNT_MAX INT64_C(9999999999999)

/* ---- forms of values ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool all(struct str s, bool (*is)(char))
{
    for (size_t i = 0; i < s.len; i++) {
        if (!is(s.data[i]))
            return false;
    }
    return true;
}

static bool digits(struct str s)
{
    return all(s, is_digit);
}

static bool alnum(struct str s)
{
    return all(s, is_alnum);
}

static bool is_printable(char c)
{
    return c >= ' ' && c <= '~';
}

static bool printable(struct str s)
{
    return all(s, is_printable);
}

/* Whole đồng without leading zeros, above 0. */
static bool amount(struct str s)
{
    return digits(s) && s.data[0] != '0';
}

/* ---- what may stand where ---- */

struct slot {
    int id;
    bool needed;
    size_t min, max; /* length */
    bool (*form)(struct str s);
};

/* The largest table; values of every level have room for its slots. */
enum top {
    TOP_VERSION,
    TOP_METHOD,
    TOP_ACCOUNT,
    TOP_CATEGORY,
    TOP_CURRENCY,
    TOP_AMOUNT,
    TOP_COUNTRY,
    TOP_NAME,
    TOP_CITY,
    TOP_POSTAL,
    TOP_MORE,
    TOP_CRC,
    SLOTS
};
// clang-format off
static const struct slot top[] = {
    [TOP_VERSION]  = {  0, true,  2,  2, digits },
    [TOP_METHOD]   = {  1, true,  2,  2, digits },
    [TOP_ACCOUNT]  = { 38, true,  1, 99, printable },
    [TOP_CATEGORY] = { 52, false, 4,  4, digits },
    [TOP_CURRENCY] = { 53, true,  3,  3, digits },
    [TOP_AMOUNT]   = { 54, false, 1, 13, amount },
    [TOP_COUNTRY]  = { 58, true,  2,  2, alnum },
    [TOP_NAME]     = { 59, false, 1, 25, printable },
    [TOP_CITY]     = { 60, false, 1, 15, printable },
    [TOP_POSTAL]   = { 61, false, 1, 10, printable },
    [TOP_MORE]     = { 62, false, 1, 99, printable },
    [TOP_CRC]      = { 63, true,  4,  4, alnum },
};

enum account { ACC_NETWORK, ACC_WHOM, ACC_SERVICE };
static const struct slot account[] = {
    [ACC_NETWORK] = { 0, true, 10, 10, alnum },
    [ACC_WHOM]    = { 1, true,  1, 99, alnum },
    [ACC_SERVICE] = { 2, true,  1, 10, alnum },
};

enum whom { WHOM_BANK, WHOM_ACCOUNT };
static const struct slot whom[] = {
    [WHOM_BANK]    = { 0, true, 6,  6, digits },
    [WHOM_ACCOUNT] = { 1, true, 1, 19, alnum },
};

/* bill, mobile, store, loyalty, reference, customer, terminal, purpose */
enum more { MORE_BILL = 0, MORE_PURPOSE = 7 };
static const struct slot more[] = {
    { 1, false, 1, 25, printable }, { 2, false, 1, 25, printable },
    { 3, false, 1, 25, printable }, { 4, false, 1, 25, printable },
    { 5, false, 1, 25, printable }, { 6, false, 1, 25, printable },
    { 7, false, 1, 25, printable }, { 8, false, 1, 25, printable },
};
// clang-format on

struct level {
    const struct slot *slots;
    int n;
};
static const struct level top_level = { top, ARRAY_LEN(top) },
                          account_level = { account, ARRAY_LEN(account) },
                          whom_level = { whom, ARRAY_LEN(whom) },
                          more_level = { more, ARRAY_LEN(more) };

/* ---- reading ---- */

static bool two_digits(const char *at, int *n)
{
    if (!is_digit(at[0]) || !is_digit(at[1]))
        return false;
    *n = (at[0] - '0') * 10 + (at[1] - '0');
    return true;
}

/* Takes the next field off `rest`. */
static bool field_next(struct str *rest, int *id, struct str *value)
{
    int len;
    if (rest->len < HEAD || !two_digits(rest->data, id) ||
        !two_digits(rest->data + 2, &len) || rest->len - HEAD < (size_t)len)
        return false;
    *value = (struct str){ rest->data + HEAD, (size_t)len };
    rest->data += HEAD + (size_t)len;
    rest->len -= HEAD + (size_t)len;
    return true;
}

static bool fits(const struct slot *slot, struct str value)
{
    return value.len >= slot->min && value.len <= slot->max &&
           slot->form(value);
}

/* Every field of `text` into the value of its slot; the rest stays empty. */
static bool level_read(const struct level *level, struct str text,
                       struct str values[SLOTS])
{
    int id = -1;
    struct str value = { NULL, 0 };
    bool held = false;
    for (int i = 0; i < level->n; i++) {
        const struct slot *slot = &level->slots[i];
        values[i] = (struct str){ NULL, 0 };
        if (!held && text.len > 0) {
            if (!field_next(&text, &id, &value))
                return false;
            held = true;
        }
        if (held && id == slot->id && fits(slot, value)) {
            values[i] = value;
            held = false;
        } else if (slot->needed) {
            return false;
        }
    }
    return !held && text.len == 0;
}

static void crc_put(struct buf *out, struct str text)
{
    uint32_t crc = 0xFFFF;
    for (size_t i = 0; i < text.len; i++) {
        crc ^= (uint32_t)(unsigned char)text.data[i] << 8;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc << 1 ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xFFFF;
    }
    buf_printf(out, "%04X", (unsigned)crc);
}

static bool crc_right(struct str payload, struct str crc)
{
    BUF(want, CRC_DIGITS);
    crc_put(&want, (struct str){ payload.data, payload.len - CRC_DIGITS });
    return str_eq(buf_slice(&want), crc);
}

static bool read_account(struct str text, struct vietqr *qr)
{
    struct str values[SLOTS], to[SLOTS];
    if (!level_read(&account_level, text, values) ||
        !level_read(&whom_level, values[ACC_WHOM], to))
        return false;
    qr->card = str_eq(values[ACC_SERVICE], TO_CARD);
    qr->bin = to[WHOM_BANK];
    qr->account = to[WHOM_ACCOUNT];
    return str_eq(values[ACC_NETWORK], NAPAS) &&
           (qr->card || str_eq(values[ACC_SERVICE], TO_BANK));
}

static bool read_more(struct str text, struct vietqr *qr)
{
    struct str values[SLOTS];
    if (text.len == 0)
        return true;
    if (!level_read(&more_level, text, values))
        return false;
    qr->bill = values[MORE_BILL];
    qr->purpose = values[MORE_PURPOSE];
    return true;
}

static int64_t amount_of(struct str s)
{
    int64_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n = n * 10 + (s.data[i] - '0');
    return n;
}

enum err vietqr_parse(struct str payload, struct vietqr *out)
{
    struct vietqr qr = { .amount_vnd = 0 };
    struct str values[SLOTS];
    if (!level_read(&top_level, payload, values) ||
        !crc_right(payload, values[TOP_CRC]) ||
        !read_account(values[TOP_ACCOUNT], &qr) ||
        !read_more(values[TOP_MORE], &qr))
        return ERR_INVALID;
    qr.amount_vnd = amount_of(values[TOP_AMOUNT]);
    if (!str_eq(values[TOP_VERSION], VERSION) ||
        !str_eq(values[TOP_METHOD], qr.amount_vnd > 0 ? DYNAMIC : STATIC) ||
        !str_eq(values[TOP_CURRENCY], VND) ||
        !str_eq(values[TOP_COUNTRY], COUNTRY))
        return ERR_INVALID;
    *out = qr;
    return ERR_OK;
}

/* ---- writing ---- */

static void field_put(struct buf *out, int id, struct str value)
{
    ASSERT(value.len <= LONGEST);
    if (value.len == 0)
        return;
    buf_printf(out, "%02d%02d", id, (int)value.len);
    buf_str(out, value);
}

/* A letter without its accents, or a digit; false for anything else. */
static bool letter_put(struct buf *out, int32_t code)
{
    BUF(letter, HEAD);
    BUF(folded, MAX_TEXT);
    utf8_put(&letter, code);
    text_fold(&folded, buf_slice(&letter));
    if (folded.len == 0 || !alnum(buf_slice(&folded)))
        return false;
    if (utf8proc_tolower(code) != code)
        folded.data[0] = (char)(folded.data[0] - 'a' + 'A');
    buf_str(out, buf_slice(&folded));
    return true;
}

/* Banks treat other characters each in their own way: accents are taken off,
 * and what is neither letter nor digit only parts words. */
static enum err purpose_fold(struct buf *out, struct str purpose)
{
    BUF(nfc, MAX_TEXT);
    if (text_nfc(&nfc, purpose) != ERR_OK)
        return ERR_INVALID;
    size_t pos = 0;
    int32_t code;
    while ((code = utf8_next(buf_slice(&nfc), &pos)) >= 0) {
        bool parted = out->len == 0 || out->data[out->len - 1] == ' ';
        if (!letter_put(out, code) && !parted)
            buf_putc(out, ' ');
    }
    return ERR_OK;
}

static struct str purpose_cut(struct str s)
{
    if (s.len > PURPOSE_MAX)
        s.len = PURPOSE_MAX;
    while (s.len > 0 && s.data[s.len - 1] == ' ')
        s.len--;
    return s;
}

static void put_account(struct buf *out, const struct vietqr *qr)
{
    BUF(to, LONGEST);
    BUF(text, LONGEST);
    field_put(&to, whom[WHOM_BANK].id, qr->bin);
    field_put(&to, whom[WHOM_ACCOUNT].id, qr->account);
    field_put(&text, account[ACC_NETWORK].id, NAPAS);
    field_put(&text, account[ACC_WHOM].id, buf_slice(&to));
    field_put(&text, account[ACC_SERVICE].id, qr->card ? TO_CARD : TO_BANK);
    field_put(out, top[TOP_ACCOUNT].id, buf_slice(&text));
}

static bool may_be_made(const struct vietqr *qr)
{
    return fits(&whom[WHOM_BANK], qr->bin) &&
           fits(&whom[WHOM_ACCOUNT], qr->account) && qr->amount_vnd >= 0 &&
           qr->amount_vnd <= AMOUNT_MAX &&
           (qr->bill.len == 0 || fits(&more[MORE_BILL], qr->bill));
}

enum err vietqr_make(const struct vietqr *qr, struct buf *out)
{
    BUF(purpose, MAX_TEXT);
    BUF(additional, LONGEST);
    BUF(sum, AMOUNT_DIGITS);
    BUF(all_of_it, PAYLOAD_MAX);
    if (!may_be_made(qr) || purpose_fold(&purpose, qr->purpose) != ERR_OK)
        return ERR_INVALID;
    if (qr->amount_vnd > 0)
        buf_int(&sum, qr->amount_vnd);
    field_put(&additional, more[MORE_BILL].id, qr->bill);
    field_put(&additional, more[MORE_PURPOSE].id,
              purpose_cut(buf_slice(&purpose)));
    field_put(&all_of_it, top[TOP_VERSION].id, VERSION);
    field_put(&all_of_it, top[TOP_METHOD].id, sum.len > 0 ? DYNAMIC : STATIC);
    put_account(&all_of_it, qr);
    field_put(&all_of_it, top[TOP_CURRENCY].id, VND);
    field_put(&all_of_it, top[TOP_AMOUNT].id, buf_slice(&sum));
    field_put(&all_of_it, top[TOP_COUNTRY].id, COUNTRY);
    field_put(&all_of_it, top[TOP_MORE].id, buf_slice(&additional));
    buf_printf(&all_of_it, "%02d%02d", top[TOP_CRC].id, CRC_DIGITS);
    crc_put(&all_of_it, buf_slice(&all_of_it));
    buf_str(out, buf_slice(&all_of_it));
    return ERR_OK;
}
