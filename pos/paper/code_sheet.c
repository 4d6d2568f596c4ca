/*
 * code_sheet.c - from the lists to a sheet of paper. It shows what the till
 * sells from now; whether a product may be sold today is the till's to say
 * when it is rung up.
 */
#include "pos/paper/code_sheet.h"

#include <stdlib.h>

#include "fair/i18n.h"
#include "fair/money.h"
#include "pos/paper/slip.h"

enum { GAP = 2, KEY_COLUMNS = 5 };

/* As the keys are named everywhere: 1…10 by their digit, then the two keys
 * right of it. */
static const char *const hot_keys[MAX_HOTKEY] = {
    "Alt-1", "Alt-2", "Alt-3", "Alt-4", "Alt-5", "Alt-6",
    "Alt-7", "Alt-8", "Alt-9", "Alt-0", "Alt--", "Alt-=",
};

static int by_code(const void *a, const void *b)
{
    struct str x = (*(const struct product *const *)a)->code;
    struct str y = (*(const struct product *const *)b)->code;
    if (x.len != y.len)
        return x.len < y.len ? -1 : 1;
    return str_cmp(x, y);
}

const struct product **code_sheet_order(const struct lists *lists)
{
    int n = lists_count(lists);
    const struct product **all = x_alloc(((size_t)n + 1) * sizeof(*all));
    for (int i = 0; i < n; i++)
        all[i] = lists_at(lists, i);
    qsort(all, (size_t)n, sizeof(*all), by_code);
    return all;
}

/* A name that is too long goes on under itself: the pair leaves room at the
 * left, and `head`, which is ASCII, takes it in the first line. */
static void put_product(const struct slip *slip, struct str head, int indent,
                        const struct product *p)
{
    BUF(name, MAX_TEXT);
    BUF(price, 64);
    BUF(lines, MAX_TEXT);
    struct slip pair = { &lines, slip->columns };
    buf_str(&name, p->name);
    buf_puts(&name, ", ");
    buf_str(&name, p->unit);
    money_render(&price, p->price_vnd);
    slip_pair(&pair, indent, buf_slice(&name), buf_slice(&price));
    ASSERT(head.len < (size_t)indent && (size_t)indent <= lines.len);
    buf_str(slip->out, head);
    buf_put(slip->out, lines.data + head.len, lines.len - head.len);
}

static void put_code(struct buf *out, struct str code, int width)
{
    buf_printf(out, "%*s", width - (int)code.len, "");
    buf_str(out, code);
}

static void put_hot_keys(struct slip *slip, const struct lists *lists,
                         int width)
{
    bool any = false;
    for (int key = 1; key <= MAX_HOTKEY; key++) {
        const struct product *p = NULL;
        for (int i = 0; i < lists_count(lists) && !p; i++) {
            if (lists_at(lists, i)->hotkey == key)
                p = lists_at(lists, i);
        }
        if (!p)
            continue;
        BUF(head, MAX_TEXT);
        buf_printf(&head, "%s ", hot_keys[key - 1]);
        put_code(&head, p->code, width);
        put_product(slip, buf_slice(&head), KEY_COLUMNS + 1 + width + GAP, p);
        any = true;
    }
    if (any)
        slip_rule(slip, '-');
}

static void put_head(struct slip *slip, const struct lists *lists)
{
    const struct list_fair *fair = lists_fair(lists);
    BUF(booth, MAX_TEXT);
    buf_str(&booth, fair->booth);
    buf_puts(&booth, " · ");
    buf_str(&booth, fair->booth_name);
    slip_center(slip, fair->name);
    slip_center(slip, buf_slice(&booth));
    slip_rule(slip, '=');
    slip_center(slip, str_of(_("CODES AND HOT KEYS")));
    slip_count(slip, _("List"), lists_version(lists));
    slip_count(slip, _("Products"), lists_count(lists));
    slip_rule(slip, '-');
}

void code_sheet_render(const struct till *till, int columns, struct buf *out)
{
    struct slip slip = { out, columns };
    ASSERT(till->lists);
    int n = lists_count(till->lists), width = 0;
    const struct product **all = code_sheet_order(till->lists);
    if (n > 0) /* the longest code is the last one */
        width = (int)all[n - 1]->code.len;
    put_head(&slip, till->lists);
    put_hot_keys(&slip, till->lists, width);
    for (int i = 0; i < n; i++) {
        BUF(head, MAX_TEXT);
        put_code(&head, all[i]->code, width);
        put_product(&slip, buf_slice(&head), width + GAP, all[i]);
    }
    free(all);
}
