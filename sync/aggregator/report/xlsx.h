/*
 * xlsx.h - what we use of libxlsxwriter, loaded with the first workbook: it
 * brings an encryption library along.
 */
#ifndef AGGREGATOR_XLSX_H
#define AGGREGATOR_XLSX_H

#include <xlsxwriter.h>

#include "fair/err.h"

#define XLSX_FUNCTIONS(X)          \
    X(chart_add_series)            \
    X(chart_axis_set_name)         \
    X(chart_axis_set_num_format)   \
    X(chart_legend_set_position)   \
    X(chart_series_set_categories) \
    X(chart_series_set_fill)       \
    X(chart_series_set_line)       \
    X(chart_series_set_name)       \
    X(chart_series_set_values)     \
    X(chart_title_set_name)        \
    X(chartsheet_set_chart)        \
    X(format_set_align)            \
    X(format_set_bold)             \
    X(format_set_bottom)           \
    X(format_set_num_format)       \
    X(format_set_text_wrap)        \
    X(format_set_top)              \
    X(workbook_add_chart)          \
    X(workbook_add_chartsheet)     \
    X(workbook_add_format)         \
    X(workbook_add_worksheet)      \
    X(workbook_close)              \
    X(workbook_new_opt)            \
    X(workbook_set_properties)     \
    X(worksheet_fit_to_pages)      \
    X(worksheet_freeze_panes)      \
    X(worksheet_repeat_rows)       \
    X(worksheet_set_column)        \
    X(worksheet_set_landscape)     \
    X(worksheet_set_paper)         \
    X(worksheet_write_boolean)     \
    X(worksheet_write_number)      \
    X(worksheet_write_string)

/* Each function under its own name. */
struct xlsx {
#define X(name) __typeof__(name) *name;
    XLSX_FUNCTIONS(X)
#undef X
};
extern struct xlsx xlsx;

/* Before any of them is called; false: libxlsxwriter is not installed. */
bool xlsx_load(void) MUST_USE;

#endif
