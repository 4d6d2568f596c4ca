/*
 * html.h - the only way text gets into a page.
 *
 * Markup is written as constants of ours; everything else goes through
 * html_text, and other people's names into a <bdi>.
 */
#ifndef AGGREGATOR_HTML_H
#define AGGREGATOR_HTML_H

#include "fair/buf.h"

/* As text_emit_html does, but line feeds stay: fit for text, also in a <pre>,
 * and for quoted attribute values. */
void html_text(struct buf *out, struct str text);
void html_puts(struct buf *out, const char *text);
/* <bdi>…</bdi>, for names. */
void html_name(struct buf *out, struct str name);
/* The markup `format`, in which every %s is escaped as above, %d is an int64_t
 * in decimal and %m a string of markup taken as it is. Nothing else follows a
 * %, but %%. */
void html_put(struct buf *out, const char *format, ...);

#endif
