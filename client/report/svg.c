#include "report/svg.h"

#include <stdio.h>
#include <string.h>

/* In units of the drawing, which is scaled to the page: on a telephone of 360 px letters of 13 are still 8 px. */
enum {
    WIDTH = 560, LETTER = 13, SMALL = 12,
    TOP = 34, LEFT = 44, RIGHT = 8, BOTTOM = 24, HEIGHT = 240, /* upright */
    BAR = 24, LABEL = 96, SUM = 48,                            /* lying */
    TICKS = 5,
};

const char *const series_colours[SERIES_MAX] = {"#2b6cb0", "#f0b429", "#8b1a1a"};

struct drawing {
    struct xml *x;
    const struct document *d;
    const struct block *block;
    size_t series;
    double most; /* of a stack, rounded up to a tick */
    double step;
};

static double number(const json_t *row, const char *key)
{
    return json_number_value(json_object_get(row, key));
}

static double sum(const struct drawing *g, const json_t *row)
{
    double total = 0;

    for (size_t i = 0; i < g->series; i++)
        total += number(row, g->block->chart->series[i]);
    return total;
}

/* Steps of 1, 2 or 5 times a power of ten, so that at most TICKS of them hold everything. */
static void measure(struct drawing *g)
{
    static const double steps[] = {1, 2, 5};
    double most = 1, power = 1;
    size_t i, k = 0;
    json_t *row;

    while (g->series < SERIES_MAX && g->block->chart->series[g->series])
        g->series++;
    json_array_foreach(g->block->list->rows, i, row)
        if (sum(g, row) > most)
            most = sum(g, row);
    while (steps[k] * power * TICKS < most) {
        k = (k + 1) % ARRAY_LEN(steps);
        if (k == 0)
            power *= 10;
    }
    g->step = steps[k] * power;
    g->most = g->step;
    while (g->most < most)
        g->most += g->step;
}

static void put(const struct drawing *g, double x, double y, const char *anchor, int size, const char *text)
{
    xml_open(g->x, "text", "text-anchor", anchor, NULL);
    xml_attribute(g->x, "x", "%.1f", x);
    xml_attribute(g->x, "y", "%.1f", y);
    xml_attribute(g->x, "font-size", "%d", size);
    xml_text(g->x, text);
    xml_close(g->x);
}

static void put_number(const struct drawing *g, double x, double y, const char *anchor, double value)
{
    char text[32];

    snprintf(text, sizeof text, "%.10g", value);
    put(g, x, y, anchor, SMALL, text);
}

static void box(const struct drawing *g, double x, double y, double width, double height, const char *colour)
{
    xml_open(g->x, "rect", "fill", colour, NULL);
    xml_attribute(g->x, "x", "%.1f", x);
    xml_attribute(g->x, "y", "%.1f", y);
    xml_attribute(g->x, "width", "%.1f", width);
    xml_attribute(g->x, "height", "%.1f", height);
    xml_close(g->x);
}

static void rule(const struct drawing *g, double x1, double y1, double x2, double y2)
{
    xml_open(g->x, "line", "stroke", "#cbd2d9", NULL);
    xml_attribute(g->x, "x1", "%.1f", x1);
    xml_attribute(g->x, "y1", "%.1f", y1);
    xml_attribute(g->x, "x2", "%.1f", x2);
    xml_attribute(g->x, "y2", "%.1f", y2);
    xml_close(g->x);
}

static const char *label(const struct drawing *g, const json_t *row)
{
    const char *text = json_string_value(json_object_get(row, g->block->chart->category));
    size_t skipped = (size_t)g->block->chart->skipped;

    if (!text || !*text)
        return _("(none)");
    return strlen(text) > skipped ? text + skipped : text;
}

/* The unit on the left, the series on the right; one series needs no key. */
static void head(const struct drawing *g)
{
    const struct chart *chart = g->block->chart;
    const struct list *list = g->block->list;
    double x = WIDTH - RIGHT;

    put(g, 0, LETTER, "start", SMALL, said(chart->unit));
    for (size_t i = g->series; g->series > 1 && i-- > 0;) {
        const struct list_column *column = list_column_find(list->columns, list->column_count, chart->series[i]);
        const char *name = said(column->en);

        x -= 60;
        box(g, x, 3, SMALL, SMALL, series_colours[i]);
        put(g, x + SMALL + 4, LETTER, "start", SMALL, name);
        x -= 14;
    }
}

static void upright(const struct drawing *g)
{
    size_t n = json_array_size(g->block->list->rows), i;
    double floor = HEIGHT - BOTTOM, room = floor - TOP, slot = (double)(WIDTH - LEFT - RIGHT) / (double)n;
    json_t *row;

    for (double tick = 0; tick <= g->most + g->step / 2; tick += g->step) {
        double y = floor - room * tick / g->most;

        rule(g, LEFT, y, WIDTH - RIGHT, y);
        put_number(g, LEFT - 6, y + 4, "end", tick);
    }
    json_array_foreach(g->block->list->rows, i, row) {
        double x = LEFT + slot * ((double)i + 0.15), y = floor;

        for (size_t k = 0; k < g->series; k++) {
            double height = room * number(row, g->block->chart->series[k]) / g->most;

            y -= height;
            box(g, x, y, slot * 0.7, height, series_colours[k]);
        }
        put_number(g, x + slot * 0.35, y - 4, "middle", sum(g, row));
        put(g, x + slot * 0.35, HEIGHT - 7, "middle", SMALL, label(g, row));
    }
}

static void lying(const struct drawing *g)
{
    double room = WIDTH - LABEL - SUM;
    size_t i;
    json_t *row;

    json_array_foreach(g->block->list->rows, i, row) {
        double x = LABEL, y = TOP + BAR * (double)i;

        put(g, LABEL - 6, y + BAR * 0.62, "end", SMALL, label(g, row));
        for (size_t k = 0; k < g->series; k++) {
            double width = room * number(row, g->block->chart->series[k]) / g->most;

            box(g, x, y + BAR * 0.12, width, BAR * 0.76, series_colours[k]);
            x += width;
        }
        put_number(g, x + 5, y + BAR * 0.62, "start", sum(g, row));
    }
}

void svg_chart(struct xml *x, const struct document *d, const struct block *block)
{
    struct drawing g = {.x = x, .d = d, .block = block};
    const char *title = said(block->chart->en);
    size_t n = json_array_size(block->list->rows);

    measure(&g);
    xml_open(x, "svg", "xmlns", "http://www.w3.org/2000/svg", "role", "img", NULL);
    xml_attribute(x, "viewBox", "0 0 %d %d", WIDTH, block->chart->lying ? TOP + BAR * (int)n + 4 : HEIGHT);
    xml_line(x, "title", title);
    head(&g);
    if (block->chart->lying)
        lying(&g);
    else
        upright(&g);
    xml_close(x);
}
