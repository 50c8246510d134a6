/* The tables, for sheet.c alone. */
#ifndef MUSTER_IMPORT_SHEET_PARTS_H
#define MUSTER_IMPORT_SHEET_PARTS_H

#include "import/sheet.h"

extern const struct sheet_spec sheet_specs[SHEET_COUNT];

#endif
