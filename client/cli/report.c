/* `muster report`: the annual summary as a document, from a template whose figures and lists the daemon's answers fill. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asker.h"
#include "base/text.h"
#include "data.h"
#include "families.h"
#include "report/document.h"
#include "report_frozen.h"
#include "say.h"

enum format { FORMAT_MD, FORMAT_HTML, FORMAT_DOCX, FORMAT_XLSX, FORMATS };
static const char *const formats[FORMATS] = {"md", "html", "docx", "xlsx"};

/* --format, or what the name of the file ends with. */
static bool read_format(enum format *out, const struct arguments *args)
{
    const char *told = arguments_value(args, "format"), *file = arguments_value(args, "output");
    const char *dot = file ? strrchr(file, '.') : NULL, *near;

    *out = FORMAT_MD;
    for (int i = 0; i < FORMATS; i++)
        if ((told && strcmp(told, formats[i]) == 0) || (!told && dot && strcmp(dot + 1, formats[i]) == 0)) {
            *out = (enum format)i;
            return true;
        }
    if (!told)
        return true;
    near = text_nearest(told, formats, FORMATS);
    if (near)
        say(_("--format is md, html, docx or xlsx, not \"%s\" (did you mean \"%s\"?)"), told, near);
    else
        say(_("--format is md, html, docx or xlsx, not \"%s\""), told);
    return false;
}

static char *default_template(void)
{
    return data_file(strcmp(say_language(), "zh") == 0 ? "templates/report/summary.zh.md" : "templates/report/summary.en.md");
}

static enum exit_status write_text(const char *file, const struct buf *text)
{
    _cleanup_file_ FILE *out = file ? fopen(file, "w") : NULL;
    FILE *to = file ? out : stdout;

    if (!to || fwrite(text->data, 1, text->len, to) != text->len || fflush(to) != 0) {
        say("%s: %s", file ? file : "stdout", strerror(errno));
        return EXIT_REFUSED;
    }
    return EXIT_DONE;
}

static enum exit_status write_form(enum format format, const struct arguments *args, const struct document *document,
                                   const struct asker *asker)
{
    const char *file = arguments_value(args, "output"), *style = arguments_value(args, "style");
    _cleanup_free_ char *docx = style ? strdup(style) : data_file("templates/report/report.docx");
    _cleanup_buf_ struct buf text = {0};
    struct err err = {0};
    int r;

    switch (format) {
    case FORMAT_DOCX:
        return write_docx(file, document, docx, &err) ? say_mistake(&err) : EXIT_DONE;
    case FORMAT_XLSX:
        r = write_xlsx(file, document, &err);
        return r < 0 ? asker->status : r > 0 ? say_mistake(&err) : EXIT_DONE;
    case FORMAT_HTML:
        write_html(&text, document);
        break;
    case FORMAT_MD:
    case FORMATS:
        write_md(&text, document);
        break;
    }
    return write_text(file, &text);
}

static void tell_written(const char *file)
{
    _cleanup_buf_ struct buf safe = {0};

    say_safe(&safe, file);
    printf(_("%s is written\n"), buf_str(&safe));
}

static enum exit_status write_report(struct cli *cli, const struct arguments *args, enum format format, const json_t *body)
{
    const char *told = arguments_value(args, "template");
    _cleanup_free_ char *file = told ? strdup(told) : default_template();
    _cleanup_template_ struct template template = {0};
    _cleanup_material_ struct material *material = NULL;
    _cleanup_document_ struct document document = {0};
    struct asker asker = {.cli = cli};
    struct err err = {0};
    enum exit_status status;
    int r;

    if (template_read(&template, file, &err))
        return say_mistake(&err);
    status = asker_material(&material, &asker, body);
    if (status != EXIT_DONE)
        return status;
    r = document_fill(&document, material, &template, &err);
    if (r != 0)
        return r > 0 ? say_mistake(&err) : asker.status;
    status = write_form(format, args, &document, &asker);
    if (status == EXIT_DONE && arguments_has(args, "output") && !cli->quiet)
        tell_written(arguments_value(args, "output"));
    return status;
}

/* --freeze, --diff and --frozen write no document. EXIT_USAGE where more than one is asked for. */
static enum exit_status check_choice(const struct arguments *args)
{
    static const char *const choices[] = {"freeze", "diff", "frozen"};
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(choices); i++)
        n += arguments_has(args, choices[i]);
    if (n <= 1)
        return EXIT_DONE;
    say(_("--freeze, --diff and --frozen: give one"));
    return EXIT_USAGE;
}

/* As known on a time gone by it was not published then: what is frozen is what is known now. */
static enum exit_status freeze(struct cli *cli, const struct arguments *args, const json_t *body)
{
    if (arguments_has(args, "known-on")) {
        say(_("--freeze keeps what is known now: no --known-on"));
        return EXIT_USAGE;
    }
    return report_freeze(cli, body, arguments_value(args, "freeze"));
}

static int report_run(struct cli *cli, const struct arguments *args)
{
    _cleanup_json_ json_t *body = NULL;
    enum exit_status status = check_choice(args);
    enum format format;

    if (status != EXIT_DONE)
        return status;

    if (!read_format(&format, args))
        return EXIT_USAGE;
    if ((format == FORMAT_DOCX || format == FORMAT_XLSX) && !arguments_has(args, "output")) {
        say(_("--format %s needs --output FILE"), formats[format]);
        return EXIT_USAGE;
    }
    status = cli_body(cli, args, &body);
    if (status != EXIT_DONE)
        return status;
    if (arguments_has(args, "freeze"))
        return freeze(cli, args, body);
    if (arguments_has(args, "diff"))
        return report_diff(cli, arguments_value(args, "diff"));
    return arguments_has(args, "frozen") ? report_list(cli) : write_report(cli, args, format, body);
}

static const struct option_spec report_options[] = {
    {"year", OPTION_NUMBER, "Y", "year", N_("the year (this one, or that of --as-of)")},
    {"format", OPTION_TEXT, "FORMAT", NULL, N_("md, html, docx or xlsx")},
    {"output", OPTION_TEXT, "FILE", NULL, N_("where to write it (else: to the screen)")},
    {"template", OPTION_TEXT, "FILE", NULL, N_("another template than the default one")},
    {"style", OPTION_TEXT, "FILE", NULL, N_("a .docx with other styles (a paragraph in it says {{body}})")},
    {"area", OPTION_TEXT, "AREA", "area", N_("of that area (a prefix)")},
    {"branch", OPTION_TEXT, "BRANCH", "branch", N_("of that branch")},
    {"denominator", OPTION_TEXT, "WHICH", "denominator", N_("of coverage: operating (all), eligible or above_scale")},
    {"freeze", OPTION_TEXT, "NAME", NULL, N_("record the figures as what was published under that name")},
    {"diff", OPTION_TEXT, "NAME", NULL, N_("which figures have changed since, and because of which entries")},
    {"frozen", OPTION_FLAG, NULL, NULL, N_("what was published")},
};

static const struct verb verbs[] = {
    {.name = "report", .words = "", .flags = VERB_AS_OF | VERB_KNOWN_ON | VERB_QUIET, .options = report_options,
     .option_count = ARRAY_LEN(report_options), .run = report_run, .en = N_("the annual summary as a document"), .example = "muster report --year 2022\nmuster report --year 2022 --format docx --output summary.docx\n"
                "muster report --year 2022 --freeze summary-2022\nmuster report --diff summary-2022"},
};

const struct family family_report = {N_("Annual report"), verbs, ARRAY_LEN(verbs)};
