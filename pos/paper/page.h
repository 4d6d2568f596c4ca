/*
 * page.h - a roll of paper being filled for one printer, line by line: what
 * slips and the test page are made of. For this folder only.
 */
#ifndef POS_PAGE_H
#define POS_PAGE_H

#include "pos/paper/escpos.h"
#include "pos/paper/printer.h"

struct page {
    const struct printer *p;
    struct escpos esc;
    struct raster *raster; /* NULL: text as bytes */
    bool plain;            /* no font, so without accents */
};

/* Initialises the printer. Every page_begin needs a page_done; paper that has
 * had several of them is one piece until it is torn off. */
void page_begin(struct page *page, const struct printer *p, struct buf *out);
void page_tear(struct page *page);
void page_done(struct page *page);

/* A line as it is; or broken into lines and centred. */
void page_line(struct page *page, struct str text);
void page_center(struct page *page, struct str text);
/* Always in dots, on every printer; a text file has the payload instead. */
enum err page_qr(struct page *page, struct str payload) MUST_USE;

#endif
