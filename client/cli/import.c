/* `muster import`: a spreadsheet saved as CSV, row by row (docs/import.md). */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "families.h"
#include "import_run.h"
#include "say.h"

/* --map and --set, as the recogniser takes them. */
struct told {
    struct head_options head;
    const char **maps, **sets;
    struct arena arena;
};

static void told_deinit(struct told *t)
{
    free(t->maps);
    free(t->sets);
    arena_deinit(&t->arena);
}
#define _cleanup_told_ CLEANUP(told_deinit)

static enum exit_status add_map_file(struct told *t, size_t *cap, const char *name)
{
    _cleanup_file_ FILE *file = fopen(name, "re");
    struct head_map_file maps;
    struct err err = {0};

    if (!file) {
        say(_("--map %s: no HEADING=COLUMN, and no file to read: %s"), name, strerror(errno));
        return EXIT_USAGE;
    }
    if (head_read_map(&maps, &t->arena, file, &err) < 0) {
        say("%s: %s", name, err_text(&err, say_language()));
        return EXIT_USAGE;
    }
    if (maps.as && !t->head.as)
        t->head.as = maps.as;
    for (size_t i = 0; i < maps.count; i++) {
        ARRAY_GROW(t->maps, t->head.map_count, *cap);
        t->maps[t->head.map_count++] = maps.maps[i];
    }
    free(maps.maps);
    return EXIT_DONE;
}

static enum exit_status read_told(struct told *t, const struct arguments *args)
{
    size_t maps = 0, sets = 0;
    enum exit_status status = EXIT_DONE;

    t->head.as = arguments_value(args, "as");
    for (size_t i = 0; i < args->given_count && status == EXIT_DONE; i++) {
        const char *name = args->given[i].spec->name, *value = args->given[i].value;

        if (strcmp(name, "map") == 0 && !strchr(value, '=')) {
            status = add_map_file(t, &maps, value);
        } else if (strcmp(name, "map") == 0) {
            ARRAY_GROW(t->maps, t->head.map_count, maps);
            t->maps[t->head.map_count++] = value;
        } else if (strcmp(name, "set") == 0) {
            ARRAY_GROW(t->sets, t->head.set_count, sets);
            t->sets[t->head.set_count++] = value;
        }
    }
    t->head.maps = t->maps;
    t->head.sets = t->sets;
    return status;
}

static enum exit_status save_map(const struct import_run *run, const char *name)
{
    _cleanup_file_ FILE *file = name ? fopen(name, "we") : NULL;
    _cleanup_buf_ struct buf text = {0};

    if (!name)
        return EXIT_DONE;
    head_write_map(&text, importer_head(run->importer));
    if (!file || fwrite(text.data, 1, text.len, file) != text.len || fflush(file) != 0) {
        say("%s: %s", name, strerror(errno));
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}

static enum exit_status open_sheet(struct import_run *run, int fd, const struct told *told)
{
    struct import_asking asking = import_asking_of(run);
    struct err err = {0};
    int failed = importer_open(&run->importer, fd, &told->head, &asking, &err);

    if (!failed)
        return EXIT_DONE;
    if (err.code != ERR_NONE) {
        struct muster_error error = {"invalid_value", err_text(&err, say_language()), "", err.hint, ""};
        _cleanup_buf_ struct buf place = {0};

        buf_addf(&place, "%s: %s%s", run->name, err.field[0] == '-' ? err.field : "", err.field[0] == '-' ? ": " : "");
        say_error(buf_str(&place), &error);
        return EXIT_USAGE;
    }
    return run->status;
}

static enum exit_status run_sheet(struct import_run *run)
{
    enum exit_status status;

    run->ring = mem_zero(PENDING_MOST * sizeof *run->ring);
    if (run->cli->output == OUTPUT_CSV)
        run->rows = import_rows_new(run->cli);
    if (!run->dry)
        run->refused = refused_new(run->name, importer_head(run->importer));
    run->progress = progress_begin(run->quiet, say_language());
    status = import_find_known(run);
    if (status == EXIT_DONE)
        status = import_send_all(run);
    progress_end(&run->progress);
    if (run->rows)
        rows_end(run->rows);
    if (run->refused && !refused_finish(run->refused)) {
        say(_("the refused rows cannot be written beside %s: %s"), run->name, strerror(errno));
        status = status == EXIT_DONE ? EXIT_REFUSED : status;
    }
    if (run->dry && status == EXIT_DONE)
        import_tell_alerts(run);
    import_tell_end(run);
    if (status == EXIT_DONE)
        status = run->status;
    return status == EXIT_DONE && run->counts.refused ? EXIT_REFUSED : status;
}

static void run_deinit(struct import_run *run)
{
    for (; run->ring && run->head < run->end; run->head++) {
        struct pending *p = &run->ring[run->head % PENDING_MOST];

        for (size_t i = 0; i < ROW_EVENTS; i++)
            free(p->events[i].message);
        row_free(p->row);
    }
    free(run->ring);
    rows_free(run->rows);
    refused_free(run->refused);
    muster_stream_free(run->stream);
    importer_free(run->importer);
    buf_deinit(&run->judging);
    known_rows_free(run->known);
    json_decref(run->alerts);
}
#define _cleanup_run_ CLEANUP(run_deinit)

static int import_run(struct cli *cli, const struct arguments *args)
{
    _cleanup_fd_ int file = -1;
    _cleanup_told_ struct told told = {0};
    _cleanup_run_ struct import_run run = {.cli = cli, .name = args->words[0], .quiet = arguments_has(args, "quiet"),
                                           .dry = arguments_has(args, "dry-run"), .yes = arguments_has(args, "yes")};
    enum exit_status status = read_told(&told, args);

    if (status == EXIT_DONE)
        status = office_is_spreadsheet(run.name) ? office_convert(&file, run.name) : cli_open_file(&file, run.name);
    if (status == EXIT_DONE)
        status = cli_open(cli);
    if (status == EXIT_DONE)
        status = open_sheet(&run, file, &told);
    if (status == EXIT_DONE)
        status = save_map(&run, arguments_value(args, "save-map"));
    if (status != EXIT_DONE)
        return status;
    if (!run.quiet)
        import_tell_head(&run);
    if (!run.dry && muster_stream_open(&run.stream, cli->session, 0, import_take_verdict, &run) != MUSTER_OK)
        return cli_say_failure(cli);
    return run_sheet(&run);
}

static const struct option_spec options[] = {
    {"as", OPTION_TEXT, "KIND", NULL, N_("what it is: units, branches, members, meetings, trainings or transfers, where the headings do not tell")},
    {"map", OPTION_TEXT, "HEADING=COLUMN|FILE", NULL, N_("what a column is (\"-\": not to be read); or a file of --save-map; may be repeated")},
    {"set", OPTION_TEXT, "COLUMN=VALUE", NULL, N_("for all rows, where the sheet has no such column (--set branch=B-017); may be repeated")},
    {"save-map", OPTION_TEXT, "FILE", NULL, N_("keep what was recognised, for --map")},
    {"dry-run", OPTION_FLAG, NULL, NULL, N_("record nothing: the verdict of every row, and the alerts that would close")},
    {"yes", OPTION_FLAG, NULL, NULL, N_("ask nothing; what would have to be asked is refused")},
    {"quiet", OPTION_FLAG, NULL, NULL, N_("only rows that were refused, or should be looked at")},
};

static const struct verb verbs[] = {
    {.name = "import", .words = "FILE", .min_words = 1, .max_words = 1, .options = options, .option_count = ARRAY_LEN(options),
     .run = import_run, .en = N_("a spreadsheet saved as CSV (or .xlsx); again adds nothing"),
     .example = "muster import meetings.csv --dry-run\nmuster import meetings.csv\nmuster import 台账.csv --as meetings --set branch=B-017 --map 活动形式=kinds"},
};

const struct family family_import = {N_("Spreadsheets"), verbs, ARRAY_LEN(verbs)};
