/* The workbook while it is being written: shared by write_xlsx.c and xlsx_board.c. */
#ifndef MUSTER_CLIENT_REPORT_XLSX_H
#define MUSTER_CLIENT_REPORT_XLSX_H

#include <xlsxwriter.h>

#include "report/document.h"

enum duty_mark { MARK_MET, MARK_LATE, MARK_MISSED, MARK_EXCUSED, MARK_OPEN, MARKS };

struct book {
    const struct document *d;
    lxw_workbook *workbook;
    lxw_format *head, *text, *bold, *title, *date, *number, *percent;
    lxw_format *marks[MARKS];
};

/* Text as it is, never a formula. */
void sheet_text(lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, const char *text, lxw_format *format);
lxw_worksheet *book_sheet(struct book *b, const char *name);

/* Branches by duty and period, one cell a mark. 0, or -1 when asking failed. */
int sheet_board(struct book *b) MUST_CHECK;

#endif
