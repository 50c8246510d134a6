#include "import/sheet.h"

#include <string.h>

#include "base/text.h"
#include "import/plain.h"
#include "import/sheet_parts.h"

const struct sheet_spec *sheet_spec(enum sheet_kind kind)
{
    return &sheet_specs[kind];
}

bool sheet_find(enum sheet_kind *out, const char *name)
{
    for (int i = 0; i < SHEET_COUNT; i++) {
        *out = (enum sheet_kind)i;
        if (strcmp(sheet_specs[i].name, name) == 0)
            return true;
    }
    return false;
}

const char *sheet_nearest(const char *name)
{
    const char *names[SHEET_COUNT];

    for (int i = 0; i < SHEET_COUNT; i++)
        names[i] = sheet_specs[i].name;
    return text_nearest(name, names, SHEET_COUNT);
}

const struct column_spec *sheet_column(enum sheet_kind kind, enum column_id id)
{
    const struct sheet_spec *sheet = &sheet_specs[kind];

    for (size_t i = 0; i < sheet->column_count; i++)
        if (sheet->columns[i].id == id)
            return &sheet->columns[i];
    return NULL;
}

const struct column_spec *sheet_column_named(enum sheet_kind kind, const char *name)
{
    const struct sheet_spec *sheet = &sheet_specs[kind];

    for (size_t i = 0; i < sheet->column_count; i++)
        if (strcmp(sheet->columns[i].name, name) == 0)
            return &sheet->columns[i];
    return NULL;
}

const char *sheet_column_nearest(enum sheet_kind kind, const char *name)
{
    const struct sheet_spec *sheet = &sheet_specs[kind];
    const char *names[COL_COUNT];

    for (size_t i = 0; i < sheet->column_count; i++)
        names[i] = sheet->columns[i].name;
    return text_nearest(name, names, sheet->column_count);
}

/* "任期(年)" -> "任期"; brackets are ASCII by now. An open one takes the rest with it. */
static void drop_brackets(char *text)
{
    char *to = text;
    int depth = 0;

    for (const char *from = text; *from; from++) {
        if (*from == '(' || *from == '[')
            depth++;
        if (depth == 0)
            *to++ = *from;
        if (depth > 0 && (*from == ')' || *from == ']'))
            depth--;
    }
    *to = '\0';
}

static void drop_fillers(char *text)
{
    char *to = text;

    for (const char *from = text; *from; from++) {
        if (strchr(" \t\r\n_-:.*", *from))
            continue;
        *to++ = *from >= 'A' && *from <= 'Z' ? (char)(*from - 'A' + 'a') : *from;
    }
    *to = '\0';
}

char *sheet_plain_heading(struct arena *arena, const char *heading)
{
    char *plain = plain_text(arena, heading);

    drop_brackets(plain);
    drop_fillers(plain);
    return plain;
}

static bool is_among(const char *headings, const char *word)
{
    size_t len = strlen(word);

    for (const char *at = headings; *at;) {
        size_t n = strcspn(at, "|");

        if (n == len && memcmp(at, word, n) == 0)
            return true;
        at += at[n] ? n + 1 : n;
    }
    return false;
}

const struct column_spec *sheet_recognise(enum sheet_kind kind, const char *heading, struct arena *arena)
{
    const struct sheet_spec *sheet = &sheet_specs[kind];
    const char *plain = sheet_plain_heading(arena, heading);

    if (!*plain)
        return NULL;
    for (size_t i = 0; i < sheet->column_count; i++)
        if (is_among(sheet->columns[i].headings, plain))
            return &sheet->columns[i];
    return NULL;
}
