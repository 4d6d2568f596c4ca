/*
 * table.h - a report as rows and columns, printed as text, CSV, JSON, HTML or
 * XLSX from one description, so that all of them show the same integers. Text
 * is for a screen of 80 columns: it may leave columns out, cuts long names and
 * says words in the reader's language.
 */
#ifndef AGGREGATOR_TABLE_H
#define AGGREGATOR_TABLE_H

#include "fair/cli.h"
#include "fair/json.h"

enum column_type {
    COL_TEXT,
    COL_NAME,  /* text, cut with … where the row would be too wide */
    COL_INT,   /* counts: thousands points in text */
    COL_CODE,  /* a whole number that is a name: without points */
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
    bool hundredths; /* n is so, in a column of whole numbers */
    bool alert;      /* somebody should look: marked in pages */
    int64_t n;
    struct str s;
    const char *people; /* English message id shown for s; or NULL */
};

/* A code word and what people read for it, an English message id. */
struct word_name {
    const char *word, *text;
};

/* Rows are copied in, strings too, as far as the thread's allowance goes
 * (allowance.h). */
struct table;
struct table *table_open(const struct column *columns, int n);
void table_close(struct table *t);
void table_row(struct table *t, const struct cell *cells);
/* From now on only the first `most` rows are kept, the others counted. */
void table_most(struct table *t, int most);
int table_left_out(const struct table *t);
/* A last row for people, in text, HTML and XLSX: its first cell says "Total",
 * null ones nothing. */
void table_total(struct table *t, const struct cell *cells);

/* Text shows the first n columns alone: 80 characters are soon full. */
void table_narrow(struct table *t, int n);

/* Text: aligned columns, titles on up to two lines, Vietnamese numbers, safe
 * for a terminal. CSV: BOM, header, CRLF, numbers plain, text against
 * formulas. JSON: an array under `name` of the open object. */
void table_text(const struct table *t, struct buf *out);
void table_csv(const struct table *t, struct buf *out);
void table_json(const struct table *t, struct json *j, const char *name);

/* The picture that goes with a table: drawn by the page's script from the HTML
 * table itself, and native in XLSX. */
enum chart_kind { CHART_NONE, CHART_BARS, CHART_LINES };
enum { CHART_SERIES = 3 };
struct chart {
    enum chart_kind kind;
    int x;                       /* column of the categories */
    int n, series[CHART_SERIES]; /* number columns; the last ones are those of
                                    the fair compared with */
    int ghosts;                  /* ... so many of them */
};

/* Cells of a column of this name lead to `path` with their own value behind
 * it ("/explain?booth="), as in CSV, but dates as YYYY-MM-DD; null ones
 * nowhere. Ends with a NULL column. */
struct table_link {
    const char *column, *path;
};

/* What stands around a table in a page. */
struct table_page {
    const char *caption;            /* translated, not escaped */
    const struct chart *chart;      /* or NULL */
    const struct table_link *links; /* or NULL: none */
    /* In which order the columns stand in pages, each of them once; NULL: as in
     * files. Where there is a total the first one stays in front. */
    const int *order;
    /* What every link carries on, "&fair=XUAN2020&day=…"; a member that the
     * link names itself is left out. "" nothing. */
    const char *carry;
};
/* <div class="scroll"> (a region named like the caption, reached by Tab)
 * around a <table> with caption, head, body, and foot when there is a total.
 * Columns without title are left out, here too. By type:
 *   number  <td class="n"><data value="125050">1.250,50</data> (hundredths
 *           whole; people's digits by number_style_use)
 *   growth  the same, with an arrow that is not read out and a word in
 *           class="visually-hidden" that is not seen
 *   day, time  <time datetime="2020-01-14">14/01/2020</time>
 *   text    <bdi>text</bdi>; a word of ours <data value="WORD">name</data>
 *   null    "–", in the total nothing
 *   alert   <td class="alarm">
 * The first column's cells are <th scope="row">. A chart is
 * <table data-chart="bars|lines" data-x="0" data-series="1 2"
 * data-ghosts="1">, columns counted among those shown. */
void table_html(const struct table *t, const struct table_page *page,
                struct buf *out);

/* A workbook of one sheet: the lines of `about` on top, names of columns,
 * rows, the chart on a sheet of its own. Texts are texts, never formulas;
 * numbers beyond 2^53 are texts; days are dates, times date-times of the
 * fair's clock. Made row by row (constant memory). ERR_IO, ERR_FULL: the
 * folder for temporary files ($TMPDIR or /tmp). ERR_LIBRARY. */
struct sheet {
    const char *name;  /* of the sheet, translated; cut to 31 characters */
    const char *about; /* lines, translated */
    const struct chart *chart;
    struct buf *why; /* gets which folder, and what is wrong there; or NULL */
};
enum err table_xlsx(const struct table *t, const struct sheet *sheet,
                    struct buf *out) MUST_USE;

#endif
