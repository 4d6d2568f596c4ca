/*
 * table.h - a report as rows and columns, printed as text, CSV or JSON from
 * one description, so that all three show the same integers. Text is for a
 * screen of 80 columns: it may leave columns out, cuts long names and says
 * words in the reader's language.
 */
#ifndef AGGREGATOR_TABLE_H
#define AGGREGATOR_TABLE_H

#include "fair/cli.h"
#include "fair/json.h"

enum column_type {
    COL_TEXT,
    COL_NAME,  /* text, cut with … where the row would be too wide */
    COL_INT,   /* counts: thousands points in text */
    COL_MONEY, /* đồng */
    COL_MILLI, /* quantity */
    COL_DAY,   /* YYYYMMDD; 0 is null */
    COL_HOUR,  /* 0…23 */
    COL_TIME,  /* ms; 0 is null; to the minute in text */
    COL_BOOL,
    COL_HUNDREDTHS, /* two decimals */
    COL_GROWTH      /* hundredths of a per cent, printed with sign and % */
};

struct column {
    const char *name;  /* JSON member and CSV header */
    const char *title; /* English message id; NULL: not shown in text */
    enum column_type type;
};

struct cell {
    bool null;
    int64_t n;
    struct str s;
    const char *people; /* English message id shown for s; or NULL */
};

/* A code word and what people read for it, an English message id. */
struct word_name {
    const char *word, *text;
};

/* Rows are copied in, strings too. */
struct table;
struct table *table_open(const struct column *columns, int n);
void table_close(struct table *t);
void table_row(struct table *t, const struct cell *cells);
/* A last row for text alone: its first cell says "Total", null ones nothing. */
void table_total(struct table *t, const struct cell *cells);

/* Text: aligned columns, titles on up to two lines, Vietnamese numbers, safe
 * for a terminal. CSV: BOM, header, CRLF, numbers plain, text against
 * formulas. JSON: an array under `name` of the open object. */
void table_text(const struct table *t, struct buf *out);
void table_csv(const struct table *t, struct buf *out);
void table_json(const struct table *t, struct json *j, const char *name);

#endif
