/*
 * qr.c - from text to modules, from modules to half blocks.
 *
 * libqrencode mixes digits, capitals and bytes so that the code stays small;
 * that decides whether a transfer code fits on a screen of 24 rows.
 */
#include "pos/paper/qr.h"

#include <errno.h>
#include <string.h>

#include <qrencode.h>

enum { TEXT_MAX = 4096, /* more than any code holds */ DARK = 1 };

enum err qr_make(struct str text, struct qr *out)
{
    BUF(copy, TEXT_MAX);
    buf_str(&copy, text);
    if (text.len == 0 || memchr(text.data, '\0', text.len))
        return ERR_INVALID;
    if (!buf_ok(&copy))
        return ERR_LIMIT;
    QRcode *code =
        QRcode_encodeString(buf_text(&copy), 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (!code) {
        ASSERT(errno == ERANGE);
        return ERR_LIMIT;
    }
    ASSERT(code->width > 0 && code->width <= QR_MAX);
    out->size = code->width;
    for (int i = 0; i < code->width * code->width; i++)
        out->dark[i] = code->data[i] & DARK;
    QRcode_free(code);
    return ERR_OK;
}

void qr_extent(const struct qr *qr, int quiet, int *rows, int *cols)
{
    *cols = qr->size + 2 * quiet;
    *rows = (*cols + 1) / 2;
}

/* Outside of the code everything is light. */
static bool is_dark(const struct qr *qr, int y, int x)
{
    return y >= 0 && y < qr->size && x >= 0 && x < qr->size &&
           qr->dark[y * qr->size + x];
}

void qr_row(const struct qr *qr, int quiet, int i, struct buf *out)
{
    static const char *const blocks[2][2] = { { "█", "▀" }, { "▄", " " } };
    int y = 2 * i - quiet;
    for (int x = -quiet; x < qr->size + quiet; x++)
        buf_puts(out, blocks[is_dark(qr, y, x)][is_dark(qr, y + 1, x)]);
}
