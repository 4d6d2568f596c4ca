/*
 * job.c - a slip as a printer wants it: bytes of its alphabet, dots, or plain
 * text.
 *
 * A line is laid out already; only large ones are laid out anew, in half the
 * columns, when their words have room there.
 */
#include <string.h>

#include "fair/text.h"
#include "pos/paper/escpos.h"
#include "pos/paper/page.h"
#include "pos/paper/qr.h"
#include "pos/paper/slip.h"

enum { QUIET = 4, MODULE_DOTS = 6 /* 0.75 mm */ };

static enum charset charset_of(enum profile profile)
{
    static const enum charset sets[] = {
        [PROFILE_RASTER] = CHARSET_ASCII,  [PROFILE_TCVN3] = CHARSET_TCVN3,
        [PROFILE_CP1258] = CHARSET_CP1258, [PROFILE_VISCII] = CHARSET_VISCII,
        [PROFILE_ASCII] = CHARSET_ASCII,   [PROFILE_TEXT] = CHARSET_ASCII
    };
    return sets[profile];
}

void page_begin(struct page *page, const struct printer *p, struct buf *out)
{
    static const int epson[][2] = { [CHARSET_ASCII] = { -1, -1 },
                                    [CHARSET_TCVN3] = { 30, 31 },
                                    [CHARSET_CP1258] = { 52, -1 },
                                    [CHARSET_VISCII] = { -1, -1 } };
    enum charset set = charset_of(p->profile);
    *page = (struct page){ .p = p, .esc = { .out = out, .set = set } };
    page->esc.tables[0] = p->table >= 0 ? p->table : epson[set][0];
    page->esc.tables[1] =
        p->table_capitals >= 0 ? p->table_capitals : epson[set][1];
    if (p->profile == PROFILE_RASTER &&
        raster_open(p->font, &page->raster) != ERR_OK)
        page->plain = true;
    if (p->profile != PROFILE_TEXT)
        escpos_begin(&page->esc);
}

void page_tear(struct page *page)
{
    if (page->p->profile != PROFILE_TEXT)
        escpos_end(&page->esc, page->p->cut);
}

void page_done(struct page *page)
{
    raster_close(page->raster);
}

/* ---- lines ---- */

static void put_scaled(struct page *page, struct str line, int wide, int tall)
{
    struct escpos *e = &page->esc;
    if (page->p->profile == PROFILE_TEXT) {
        buf_str(e->out, line);
        buf_putc(e->out, '\n');
    } else if (page->raster) {
        struct strip strip;
        raster_text(page->raster, line, wide, tall, &strip);
        escpos_strip(e, &strip);
    } else if (wide * tall == 1) {
        escpos_line(e, line);
    } else {
        escpos_size(e, wide, tall);
        escpos_line(e, line);
        escpos_size(e, 1, 1);
    }
}

void page_line(struct page *page, struct str text)
{
    BUF(line, MAX_TEXT);
    text_emit_terminal(&line, text);
    put_scaled(page, buf_slice(&line), 1, 1);
}

static struct str trim(struct str s)
{
    while (s.len > 0 && s.data[s.len - 1] == ' ')
        s.len--;
    while (s.len > 0 && s.data[0] == ' ')
        s = (struct str){ s.data + 1, s.len - 1 };
    return s;
}

/* Where two parts of a line are held apart by blanks; its end when it has
 * one only. */
static size_t gap(struct str s)
{
    for (size_t i = 0; i + 1 < s.len; i++) {
        if (s.data[i] == ' ' && s.data[i + 1] == ' ')
            return i;
    }
    return s.len;
}

/* The same words in `columns`; false when they have no room there. */
static bool lay_out(struct str line, int columns, struct buf *out)
{
    struct str whole = trim(line);
    size_t at = gap(whole);
    struct str left = { whole.data, at };
    struct str right = trim((struct str){ whole.data + at, whole.len - at });
    int room = columns - text_width(left) - text_width(right);
    if (room < (right.len > 0))
        return false;
    bool centred = right.len == 0 && line.len > 0 && line.data[0] == ' ';
    for (int i = centred ? room / 2 : 0; i > 0; i--)
        buf_putc(out, ' ');
    buf_str(out, left);
    for (int i = right.len > 0 ? room : 0; i > 0; i--)
        buf_putc(out, ' ');
    buf_str(out, right);
    return true;
}

static void put_large(struct page *page, struct str text)
{
    BUF(line, MAX_TEXT);
    BUF(half, MAX_TEXT);
    text_emit_terminal(&line, text);
    if (page->p->profile != PROFILE_TEXT &&
        lay_out(buf_slice(&line), page->p->columns / 2, &half))
        put_scaled(page, buf_slice(&half), 2, 2);
    else
        put_scaled(page, buf_slice(&line), 1, 2);
}

static bool is_large(const struct job *job, int number)
{
    for (int i = 0; i < job->n_large; i++) {
        if (job->large[i] == number)
            return true;
    }
    return false;
}

static struct str line_next(struct str *rest)
{
    const char *end = memchr(rest->data, '\n', rest->len);
    size_t len = end ? (size_t)(end - rest->data) : rest->len;
    struct str line = { rest->data, len };
    rest->data += len + (end != NULL);
    rest->len -= len + (end != NULL);
    return line;
}

static void put_text(struct page *page, const struct job *job)
{
    struct str rest = job->text;
    for (int i = 0; rest.len > 0; i++) {
        struct str line = line_next(&rest);
        if (is_large(job, i))
            put_large(page, line);
        else
            page_line(page, line);
    }
}

void page_center(struct page *page, struct str text)
{
    BUF(lines, MAX_TEXT);
    struct slip slip = { &lines, page->p->columns };
    slip_center(&slip, text);
    struct str rest = buf_slice(&lines);
    while (rest.len > 0)
        page_line(page, line_next(&rest));
}

/* ---- QR codes, in dots on every printer ---- */

/* As many rows of modules as a strip has room for, from `first` on. */
static int put_modules(struct page *page, const struct qr *qr, int first,
                       int dots)
{
    int end = first + STRIP_ROWS / dots, size = qr->size;
    int width = page->p->columns * CELL_DOTS;
    int left = (width - size * dots) / 2;
    struct strip strip = { 0 };
    if (end > size + QUIET)
        end = size + QUIET;
    strip.rows = (end - first) * dots;
    for (int y = first < 0 ? 0 : first; y < end && y < size; y++) {
        for (int x = 0; x < size; x++) {
            if (qr->dark[y * size + x])
                strip_fill(&strip, left + x * dots, (y - first) * dots, dots,
                           dots);
        }
    }
    escpos_strip(&page->esc, &strip);
    return end;
}

enum err page_qr(struct page *page, struct str payload)
{
    struct qr qr;
    if (page->p->profile == PROFILE_TEXT) {
        page_center(page, payload);
        return ERR_OK;
    }
    enum err e = qr_make(payload, &qr);
    if (e)
        return e;
    int dots = page->p->columns * CELL_DOTS / (qr.size + 2 * QUIET);
    if (dots > MODULE_DOTS)
        dots = MODULE_DOTS;
    if (dots < 1)
        return ERR_LIMIT;
    for (int row = -QUIET; row < qr.size + QUIET;)
        row = put_modules(page, &qr, row, dots);
    return ERR_OK;
}

/* ---- a job ---- */

static enum err put_job(struct page *page, const struct job *job)
{
    const struct printer *p = page->p;
    enum err e = ERR_OK;
    if (job->drawer && p->drawer_pin >= 0 && p->profile != PROFILE_TEXT)
        escpos_drawer(&page->esc, p->drawer_pin);
    if (job->text.len == 0 && job->qr.len == 0)
        return ERR_OK;
    put_text(page, job);
    if (job->qr.len > 0) {
        e = page_qr(page, job->qr);
        page_center(page, job->qr_caption);
    }
    page_tear(page);
    return e;
}

enum err job_render(const struct printer *p, const struct job *job,
                    struct buf *out, bool *plain)
{
    struct page page;
    BUF(bytes, MAX_JOB);
    page_begin(&page, p, &bytes);
    enum err e = put_job(&page, job);
    page_done(&page);
    if (!e && !buf_ok(&bytes))
        e = ERR_LIMIT;
    if (e)
        return e;
    if (plain)
        *plain = page.plain;
    buf_str(out, buf_slice(&bytes));
    return buf_ok(out) ? ERR_OK : ERR_LIMIT;
}

/* ---- jobs in the making ---- */

void sheet_init(struct sheet *sheet)
{
    *sheet = (struct sheet){ 0 };
    buf_init(&sheet->text, MAX_OUTPUT);
    buf_init(&sheet->qr, MAX_TEXT);
    buf_init(&sheet->caption, MAX_TEXT);
}

void sheet_done(struct sheet *sheet)
{
    buf_done(&sheet->text);
    buf_done(&sheet->qr);
    buf_done(&sheet->caption);
}

void sheet_large(struct sheet *sheet)
{
    struct job *job = &sheet->job;
    int line = 0;
    for (size_t i = 0; i < sheet->text.len; i++)
        line += sheet->text.data[i] == '\n';
    if (job->n_large < JOB_LARGE)
        job->large[job->n_large++] = line;
}

void sheet_finish(struct sheet *sheet)
{
    sheet->job.text = buf_slice(&sheet->text);
    sheet->job.qr = buf_slice(&sheet->qr);
    sheet->job.qr_caption = buf_slice(&sheet->caption);
}
