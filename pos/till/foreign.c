/*
 * foreign.c - the lines of a refund whose sale is not in this ledger.
 *
 * Promise: never more than the goods cost by the list in use.
 */
#include "pos/till/foreign.h"

#include <string.h>

#include "fair/money.h"
#include "fair/text.h"

/* ---- the number ---- */

static bool starts(struct str s, struct str with)
{
    return s.len >= with.len && memcmp(s.data, with.data, with.len) == 0;
}

/* Cuts `s` before its first hyphen and returns that; `s` becomes the rest. */
static struct str cut(struct str *s)
{
    const char *hyphen = s->len > 0 ? memchr(s->data, '-', s->len) : NULL;
    struct str left = *s;
    if (hyphen)
        left.len = (size_t)(hyphen - s->data);
    size_t used = left.len + (hyphen ? 1 : 0);
    *s = (struct str){ s->data + used, s->len - used };
    return left;
}

static bool is_seq(struct str s)
{
    if (s.len < 1 || s.len > 18 || s.data[0] == '0')
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] < '0' || s.data[i] > '9')
            return false;
    }
    return true;
}

enum err foreign_number(const struct till *till, struct str word,
                        char out[RECEIPT_ROOM])
{
    enum { LABEL_MAX = 3 };
    BUF(ours, MAX_TEXT);
    char capitals[RECEIPT_ROOM] = "";
    if (word.len >= sizeof(capitals))
        return ERR_INVALID;
    for (size_t i = 0; i < word.len; i++) {
        char c = word.data[i];
        capitals[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    struct str whole = { capitals, word.len }, rest = whole;
    struct str booth = cut(&rest), label = cut(&rest);
    if (!id_booth(booth) || !id_booth(label) || label.len > LABEL_MAX ||
        !is_seq(rest))
        return ERR_INVALID;
    till_receipt_number(till, 0, &ours);
    ours.len--; /* without the 0 */
    if (starts(whole, buf_slice(&ours)))
        return ERR_RECEIPT;
    memcpy(out, capitals, sizeof(capitals));
    return ERR_OK;
}

/* ---- the lines ---- */

static enum err line_add(const struct till *till,
                         const struct refund_item *item,
                         struct body_refund *out)
{
    const struct product *p =
        till->lists ? lists_find(till->lists, item->word) : NULL;
    struct line *l = &out->lines[out->n_lines];
    int64_t amount;
    if (!p)
        return ERR_ITEM;
    enum err e = money_line(p->price_vnd, item->milli, &amount);
    if (!e)
        e = money_add(out->total_vnd, amount, &out->total_vnd);
    if (e || out->total_vnd > MONEY_MAX)
        return ERR_LIMIT;
    *l = (struct line){ .sku = p->sku,
                        .name = p->name,
                        .unit = p->unit,
                        .milli = item->milli,
                        .price_vnd = p->price_vnd,
                        .amount_vnd = amount,
                        .more = { .seller = p->seller } };
    out->n_lines++;
    return ERR_OK;
}

/* What was paid was less than the list's prices: a discount, shared as a
 * sale's is. */
static void paid_less(struct body_refund *out, int64_t paid_vnd)
{
    int64_t each[MAX_LINES], share[MAX_LINES];
    for (int64_t i = 0; i < out->n_lines; i++)
        each[i] = out->lines[i].amount_vnd;
    money_share(out->total_vnd - paid_vnd, each, (int)out->n_lines, share);
    for (int64_t i = 0; i < out->n_lines; i++) {
        out->lines[i].amount_vnd -= share[i];
        out->lines[i].more.discount_vnd = share[i];
    }
    out->total_vnd = paid_vnd;
}

enum err foreign_lines(const struct till *till, const struct refund *refund,
                       struct body_refund *out)
{
    enum err e = refund->n_items > MAX_LINES ? ERR_LIMIT : ERR_OK;
    if (refund->n_items == 0)
        e = ERR_ITEM; /* nobody here knows what all of it was */
    for (int i = 0; !e && i < refund->n_items; i++)
        e = line_add(till, &refund->items[i], out);
    if (e || refund->paid_vnd == 0)
        return e;
    if (refund->paid_vnd < 0 || refund->paid_vnd > out->total_vnd)
        return ERR_LIMIT;
    paid_less(out, refund->paid_vnd);
    return ERR_OK;
}
