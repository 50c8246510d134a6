/* The rows refused, as a sheet of their own: the header, the rows as they were, and the reason in a column behind. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "import_run.h"
#include "say.h"

struct refused_file {
    const struct head *head;
    char *name, *making; /* its place, and where it is written until it is whole */
    FILE *out;           /* NULL: no row yet */
};

/* meetings.csv -> meetings.refused.csv; what is refused of that again goes to meetings.refused.refused.csv: never over what is read. */
static char *name_beside(const char *sheet)
{
    const char *slash = strrchr(sheet, '/'), *dot = strrchr(sheet, '.');
    int stem = dot && dot > (slash ? slash + 1 : sheet) ? (int)(dot - sheet) : (int)strlen(sheet);
    char *name;

    if (asprintf(&name, "%.*s.refused.csv", stem, sheet) < 0)
        abort();
    return name;
}

struct refused_file *refused_new(const char *sheet, const struct head *head)
{
    struct refused_file *f = mem_zero(sizeof *f);

    f->head = head;
    f->name = name_beside(sheet);
    if (asprintf(&f->making, "%s.new", f->name) < 0)
        abort();
    return f;
}

static void write_cell(FILE *out, const char *cell, char end)
{
    csv_fwrite(out, cell, strlen(cell));
    putc(end, out);
}

/* With a byte-order mark: the spreadsheets of offices open nothing else rightly. It holds names: its owner's alone. */
static bool begin(struct refused_file *f)
{
    int fd = open(f->making, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

    f->out = fd < 0 ? NULL : fdopen(fd, "w");
    if (!f->out)
        return false;
    fputs("\xEF\xBB\xBF", f->out);
    for (size_t i = 0; i < f->head->count; i++)
        write_cell(f->out, f->head->headings[i], ',');
    write_cell(f->out, _("why_refused"), '\r');
    putc('\n', f->out);
    return true;
}

bool refused_add(struct refused_file *f, const struct row *row, const char *reason)
{
    if (!f->out && !begin(f))
        return false;
    for (size_t i = 0; i < f->head->count || i < row->cell_count; i++)
        write_cell(f->out, i < row->cell_count ? row->cells[i] : "", ',');
    write_cell(f->out, reason, '\r');
    putc('\n', f->out);
    return !ferror(f->out);
}

bool refused_finish(struct refused_file *f)
{
    bool fine;

    if (!f->out)
        return true;
    fine = fflush(f->out) == 0 && fsync(fileno(f->out)) == 0 && rename(f->making, f->name) == 0;
    if (!fine)
        unlink(f->making);
    return fine;
}

const char *refused_name(const struct refused_file *f)
{
    return f->out ? f->name : NULL;
}

void refused_free(struct refused_file *f)
{
    if (!f)
        return;
    if (f->out)
        fclose(f->out);
    free(f->name);
    free(f->making);
    free(f);
}
