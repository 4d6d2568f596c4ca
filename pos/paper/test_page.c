/*
 * test_page.c - what a printer can do, tried out on paper.
 *
 * Every way of saying Vietnamese is announced by the very lines that choose it
 * in the configuration, in ASCII, which every printer can do; whoever reads
 * the sample below without a mistake copies the lines above it.
 */
#include "pos/paper/page.h"

static const struct {
    enum profile profile;
    int table, capitals; /* -1: none */
} ways[] = {
    { PROFILE_RASTER, -1, -1 }, { PROFILE_TCVN3, 30, 31 }, /* Epson, Citizen */
    { PROFILE_TCVN3, 49, 50 },                             /* Bixolon */
    { PROFILE_TCVN3, 27, 27 },                             /* Xprinter */
    { PROFILE_CP1258, 52, -1 },                            /* Epson */
    { PROFILE_CP1258, 41, -1 },                            /* Bixolon */
    { PROFILE_CP1258, 32, -1 },                            /* Citizen */
    { PROFILE_CP1258, 27, -1 }, /* POS-5890, POS-8360 */
    { PROFILE_CP1258, 94, -1 }, /* POS-58 */
    { PROFILE_VISCII, -1, -1 }, { PROFILE_ASCII, -1, -1 },
};

static const char *const samples[] = {
    "Chả mực Hạ Long – ổi, dứa, mít",
    "ăắằẳẵặâấầẩẫậđeẻẹêếềểễệíỉịọôốồổ",
    "ỗộơớờởỡợủũụưứừửữựỳỷỹỵ ĂÂĐÊÔƠƯ",
    "ĐẶC SẢN: ẤẦẨẪẬ ẮẲ ẾỀỂ Ố ỜỞ ỨỬỮ",
};

/* What every printer can do; of a text file that is text. */
static struct printer safest(const struct printer *p)
{
    struct printer safe = *p;
    if (p->profile != PROFILE_TEXT)
        safe.profile = PROFILE_ASCII;
    return safe;
}

static void put_number(struct page *page, const char *key, int n)
{
    BUF(line, MAX_TEXT);
    buf_printf(&line, "%s = %d", key, n);
    if (n >= 0)
        page_line(page, buf_slice(&line));
}

/* The lines of the configuration that choose it. */
static void put_way(const struct printer *p, struct buf *out)
{
    struct printer safe = safest(p);
    struct page page;
    BUF(line, MAX_TEXT);
    page_begin(&page, &safe, out);
    buf_printf(&line, "printer_profile = %s", profile_words[p->profile]);
    page_line(&page, STR(""));
    page_line(&page, buf_slice(&line));
    put_number(&page, "printer_table", p->table);
    put_number(&page, "printer_table_capitals", p->table_capitals);
    page_done(&page);
}

static void put_samples(const struct printer *p, struct buf *out)
{
    struct page page;
    page_begin(&page, p, out);
    if (page.plain)
        page_line(&page, STR("(printer_font cannot be read)"));
    for (size_t i = 0; !page.plain && i < ARRAY_LEN(samples); i++)
        page_line(&page, str_of(samples[i]));
    page_done(&page);
}

/* A figure at every tenth column; it has to fill one line. */
static void put_ruler(struct page *page)
{
    BUF(line, MAX_TEXT);
    for (int i = 1; i <= page->p->columns; i++)
        buf_putc(&line, ".0123456789"[i % 10 ? 0 : i / 10 + 1]);
    page_line(page, buf_slice(&line));
}

static void put_head(const struct printer *p, struct buf *out)
{
    struct printer safe = safest(p);
    struct page page;
    page_begin(&page, &safe, out);
    page_center(&page, STR("fair-pos printer test"));
    put_ruler(&page);
    page_done(&page);
}

static enum err put_foot(const struct printer *p, struct buf *out)
{
    struct printer safe = safest(p);
    struct page page;
    page_begin(&page, &safe, out);
    enum err e = page_qr(&page, STR("fair-pos printer test"));
    page_tear(&page);
    page_done(&page);
    return e;
}

static void put_ways(const struct printer *p, struct buf *out)
{
    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        struct printer way = *p;
        way.profile = ways[i].profile;
        way.table = ways[i].table;
        way.table_capitals = ways[i].capitals;
        put_way(&way, out);
        put_samples(&way, out);
    }
}

enum err printer_test_page(const struct printer *p, struct buf *out)
{
    BUF(bytes, MAX_JOB);
    put_head(p, &bytes);
    if (p->profile == PROFILE_TEXT)
        put_samples(p, &bytes);
    else
        put_ways(p, &bytes);
    enum err e = put_foot(p, &bytes);
    if (e)
        return e;
    buf_str(out, buf_slice(&bytes));
    return buf_ok(&bytes) && buf_ok(out) ? ERR_OK : ERR_LIMIT;
}
