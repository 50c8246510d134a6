/* Writes the manual pages of the command from the tables that drive it, so that they cannot drift: one page
 * for each family of verbs, and the lists in muster(1). A tool of the build; it is not installed.
 *
 *     muster_pages FOLDER TEMPLATE
 *
 * FOLDER receives the pages, as source of scdoc(1), and `aliases`: a line "NAME PAGE" for each word by which a
 * page can be asked for as well ("muster-branch muster-registers": so `man muster branch` finds it).
 * TEMPLATE is muster(1), in which a line @verbs@ and a line @options@ stand for the lists.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cli.h"
#include "families.h"

enum { NAME_MAX_BYTES = 64 };

static _Noreturn void fail(const char *what)
{
    perror(what);
    exit(EXIT_FAILURE);
}

static FILE *create(const char *folder, const char *name)
{
    _cleanup_buf_ struct buf path = {0};
    FILE *file;

    buf_addf(&path, "%s/%s", folder, name);
    file = fopen(buf_str(&path), "we");
    if (!file)
        fail(buf_str(&path));
    return file;
}

static void finish(FILE *file)
{
    if (ferror(file) || fclose(file) != 0)
        fail("write");
}

/* Text in which nothing has a meaning for scdoc. */
static void put(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("\\*_`#~+<>|[]-.", *text))
            fputc('\\', out);
        fputc(*text, out);
    }
}

/* "muster-registers", from the heading "Registers"; what stands in brackets behind it is a remark. */
static void page_name(char out[NAME_MAX_BYTES], const struct family *family)
{
    const char *heading = said(family->en);
    size_t len = strcspn(heading, "(");
    size_t n = (size_t)snprintf(out, NAME_MAX_BYTES, "muster-");

    while (len > 0 && heading[len - 1] == ' ')
        len--;
    for (size_t i = 0; i < len && n < NAME_MAX_BYTES - 1; i++)
        out[n++] = isalnum((unsigned char)heading[i]) ? (char)tolower((unsigned char)heading[i]) : '-';
    out[n] = '\0';
}

static void put_usage(FILE *out, const struct verb *verb)
{
    fputs("*muster ", out);
    put(out, verb->name);
    fputs("*", out);
    if (*verb->words) {
        fputc(' ', out);
        put(out, verb->words);
    }
}

static void put_option(FILE *out, const struct option_spec *spec)
{
    if (!spec->en)
        return;
    fputs("*\\-\\-", out);
    put(out, spec->name);
    fputs("*", out);
    if (spec->kind == OPTION_YES_NO)
        put(out, "[=yes|no]");
    else if (spec->value) {
        fputc(' ', out);
        put(out, spec->value);
    }
    fputs("\n\t", out);
    put(out, said(spec->en));
    fputs("\n\n", out);
}

static bool is_common(const struct option_set *common, const struct option_spec *spec)
{
    for (size_t i = 0; i < common->count; i++)
        if (strcmp(common->specs[i].name, spec->name) == 0)
            return true;
    return false;
}

static void put_options(FILE *out, const struct verb *verb)
{
    struct option_set all = {0}, common = {0};

    options_common(&common);
    options_for_verb(&all, verb);
    for (size_t i = 0; i < all.count; i++)
        if (!is_common(&common, &all.specs[i]))
            put_option(out, &all.specs[i]);
    free(all.specs);
    free(common.specs);
}

static void put_verb(FILE *out, const struct verb *verb)
{
    fputs("## muster ", out);
    put(out, verb->name);
    fputs("\n\n", out);
    put_usage(out, verb);
    fputs(" [options]\n\n", out);
    put(out, said(verb->en));
    fputs(".\n\n", out);
    put_options(out, verb);
    fputs("```\n", out);
    for (const char *c = verb->example; *c; c++) {
        if (*c == '\\')
            fputc('\\', out);
        fputc(*c, out);
    }
    fputs("\n```\n\n", out);
}

static void put_family(FILE *out, const struct family *family, const char *name)
{
    static const char common[] =
        "# OPTIONS OF ALL VERBS\n\n*\\-\\-server*, *\\-\\-timeout*, *\\-\\-ledger*, *\\-\\-lang*, *\\-\\-json*, *\\-\\-csv*, "
        "*\\-\\-bom* and *\\-\\-help*: see *muster*(1), and there also how dates are typed, and the exit "
        "status.\n\n# SEE ALSO\n\n*muster*(1), *musterd*(8), *muster.conf*(5)\n";

    fprintf(out, "%s(1) \"muster " MUSTER_VERSION "\" \"muster\"\n\n# NAME\n\n%s - ", name, name);
    put(out, said(family->en));
    fputs("\n\n# SYNOPSIS\n\n", out);
    for (size_t i = 0; i < family->count; i++)
        if (!(family->verbs[i].flags & VERB_HIDDEN)) {
            put_usage(out, &family->verbs[i]);
            fputs("\n\n", out);
        }
    fputs("# DESCRIPTION\n\n", out);
    for (size_t i = 0; i < family->count; i++)
        if (!(family->verbs[i].flags & VERB_HIDDEN))
            put_verb(out, &family->verbs[i]);
    fputs(common, out);
}

/* The first words of a family's verbs, each once. */
static void put_aliases(FILE *out, const struct family *family, const char *page)
{
    for (size_t i = 0; i < family->count; i++) {
        const char *name = family->verbs[i].name;
        size_t len = strcspn(name, " ");
        bool before = strlen(page) == len + 7 && memcmp(page + 7, name, len) == 0;

        for (size_t k = 0; k < i && !before; k++)
            before = strncmp(family->verbs[k].name, name, len) == 0 && strcspn(family->verbs[k].name, " ") == len;
        if (!before)
            fprintf(out, "muster-%.*s %s\n", (int)len, name, page);
    }
}

static void put_list(FILE *out)
{
    char page[NAME_MAX_BYTES];

    for (const struct family *const *family = families; *family; family++) {
        page_name(page, *family);
        fputs("## ", out);
        put(out, said((*family)->en));
        fputs("\n\n", out);
        for (size_t i = 0; i < (*family)->count; i++) {
            const struct verb *verb = &(*family)->verbs[i];

            if (verb->flags & VERB_HIDDEN)
                continue;
            put_usage(out, verb);
            fputs("\n\t", out);
            put(out, said(verb->en));
            fputs("\n\n", out);
        }
        fprintf(out, "All of it: *%s*(1)\n\n", page);
    }
}

static void put_common(FILE *out)
{
    struct option_set common = {0};

    options_common(&common);
    for (size_t i = 0; i < common.count; i++)
        put_option(out, &common.specs[i]);
    free(common.specs);
}

static void put_template(FILE *out, const char *path)
{
    FILE *in = fopen(path, "re");
    _cleanup_free_ char *line = NULL;
    size_t room = 0;

    if (!in)
        fail(path);
    while (getline(&line, &room, in) > 0) {
        if (strcmp(line, "@verbs@\n") == 0)
            put_list(out);
        else if (strcmp(line, "@options@\n") == 0)
            put_common(out);
        else
            fputs(line, out);
    }
    fclose(in);
}

int main(int argc, char **argv)
{
    FILE *aliases, *page;

    if (argc != 3) {
        fputs("usage: muster_pages FOLDER TEMPLATE\n", stderr);
        return EXIT_USAGE;
    }
    aliases = create(argv[1], "aliases");
    for (const struct family *const *family = families; *family; family++) {
        _cleanup_buf_ struct buf file = {0};
        char name[NAME_MAX_BYTES];

        page_name(name, *family);
        buf_addf(&file, "%s.1.scd", name);
        page = create(argv[1], buf_str(&file));
        put_family(page, *family, name);
        finish(page);
        put_aliases(aliases, *family, name);
    }
    finish(aliases);
    page = create(argv[1], "muster.1.scd");
    put_template(page, argv[2]);
    finish(page);
    return EXIT_SUCCESS;
}
