/* A chart as SVG, standing by itself within HTML: no script, no font but the page's. */
#ifndef MUSTER_CLIENT_REPORT_SVG_H
#define MUSTER_CLIENT_REPORT_SVG_H

#include "report/document.h"
#include "report/xml.h"

/* Colours of the series: apart in lightness too, for print without colour and for those who see few. */
extern const char *const series_colours[SERIES_MAX];

void svg_chart(struct xml *x, const struct document *d, const struct block *block);

#endif
