/* What became of each row, for people and for programs. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/uuid.h"
#include "import/plain.h"
#include "import_run.h"
#include "say.h"
#include "words.h"

static const struct column columns[] = {
    {"row", N_("ROW"), COLUMN_RIGHT, 0, NULL},
    {"status", N_("STATUS"), 0, 0, NULL},
    {"seq", N_("SEQ"), COLUMN_RIGHT, 0, NULL},
    {"id", N_("ID"), 0, 0, NULL},
    {"code", N_("CODE"), 0, 0, NULL},
    {"field", N_("FIELD"), 0, 0, NULL},
    {"message", N_("MESSAGE"), 0, 0, NULL},
    {"flagged", N_("FLAGS"), 0, 0, NULL},
};

static const char *const status_names[] = {
    [VERDICT_NONE] = "skipped", [VERDICT_RECORDED] = "recorded", [VERDICT_DUPLICATE] = "duplicate", [VERDICT_CORRECTED] = "corrected",
    [VERDICT_REFUSED] = "refused", [VERDICT_TO_CORRECT] = "corrected",
};

struct rows *import_rows_new(const struct cli *cli)
{
    return rows_new(cli, columns, ARRAY_LEN(columns));
}

/* Of a row's events the worst, or else the one that did something. */
static enum verdict_state row_state(const struct pending *p)
{
    enum verdict_state worst = VERDICT_DUPLICATE;

    if (p->row->outcome == ROW_REFUSED)
        return VERDICT_REFUSED;
    if (p->row->outcome == ROW_SKIPPED)
        return VERDICT_NONE;
    for (size_t i = 0; i < p->row->event_count; i++) {
        enum verdict_state state = p->events[i].state;

        if (state == VERDICT_REFUSED)
            return state;
        if (state == VERDICT_CORRECTED || (state == VERDICT_RECORDED && worst == VERDICT_DUPLICATE))
            worst = state;
    }
    return worst;
}

/* What the row was refused for: code, field and sentence. NULL: nothing. */
struct reason {
    const char *code, *field, *message, *hint;
};

/* The daemon names a field; people know the column. */
static const char *shown_field(const struct import_run *run, const char *field)
{
    const struct head *head = importer_head(run->importer);
    const struct column_spec *column = sheet_column_named(head->kind, field);

    return column && head->place[column->id] >= 0 ? head->headings[head->place[column->id]] : field;
}

static struct reason row_reason(const struct import_run *run, const struct pending *p)
{
    const struct err *err = &p->row->err;

    if (p->row->outcome == ROW_REFUSED)
        return (struct reason){err_code_name(err->code), err->field, err_text(err, say_language()), err->hint};
    if (p->row->outcome == ROW_SKIPPED)
        return (struct reason){"", "", err_text(err, say_language()), ""};
    for (size_t i = 0; i < p->row->event_count; i++)
        if (p->events[i].state == VERDICT_REFUSED)
            return (struct reason){p->events[i].code, shown_field(run, p->events[i].field), p->events[i].message, p->events[i].hint};
    return (struct reason){0};
}

static json_t *error_json(const struct reason *reason)
{
    json_t *error = json_pack("{s:s, s:s}", "code", reason->code, "message", reason->message);

    if (*reason->field)
        json_object_set_new(error, "field", json_string(reason->field));
    if (*reason->hint)
        json_object_set_new(error, "hint", json_string(reason->hint));
    return error;
}

static json_t *events_json(const struct pending *p)
{
    json_t *events = json_array();

    for (size_t i = 0; i < p->row->event_count; i++) {
        const struct event_verdict *v = &p->events[i];
        json_t *event = json_pack("{s:s, s:s, s:s}", "id", v->id, "type", catalogue_type(p->row->events[i].type)->name, "status",
                                  status_names[v->state]);

        if (v->seq)
            json_object_set_new(event, "seq", json_integer(v->seq));
        json_array_append_new(events, event);
    }
    return events;
}

static json_t *row_json(const struct pending *p, enum verdict_state state, const struct reason *reason)
{
    json_t *row = json_pack("{s:I, s:s, s:o}", "row", (json_int_t)p->row->number, "status", status_names[state], "events", events_json(p));
    json_t *flags = json_array();

    if (reason->message && state == VERDICT_REFUSED)
        json_object_set_new(row, "error", error_json(reason));
    if (reason->message && state == VERDICT_NONE)
        json_object_set_new(row, "why", json_string(reason->message));
    for (size_t i = 0; i < p->row->flag_count; i++)
        json_array_append_new(flags, json_pack("{s:s, s:s}", "flag", p->row->flags[i].name, "message", p->row->flags[i].text));
    if (json_array_size(flags))
        json_object_set(row, "flags", flags);
    json_decref(flags);
    return row;
}

static void tell_csv(const struct import_run *run, const struct pending *p, const struct reason *reason, json_t *row)
{
    _cleanup_buf_ struct buf flags = {0};

    if (p->row->event_count) {
        json_object_set_new(row, "id", json_string(p->events[0].id));
        json_object_set_new(row, "seq", p->events[0].seq ? json_integer(p->events[0].seq) : json_null());
    }
    if (reason->message) {
        json_object_set_new(row, "code", json_string(reason->code));
        json_object_set_new(row, "field", json_string(reason->field));
        json_object_set_new(row, "message", json_string(reason->message));
    }
    for (size_t i = 0; i < p->row->flag_count; i++)
        buf_addf(&flags, "%s%s", i ? " " : "", p->row->flags[i].name);
    json_object_set_new(row, "flagged", json_string(buf_str(&flags)));
    rows_add(run->rows, row);
}

static void tell_text(const struct import_run *run, const struct pending *p, enum verdict_state state, const struct reason *reason)
{
    _cleanup_buf_ struct buf place = {0}, line = {0};

    buf_addf(&place, "%s:%lld: ", run->name, (long long)p->row->number);
    if (!run->quiet) {
        buf_addf(&line, "%lld\t%s\t", (long long)p->row->number, word_shown(status_names[state]));
        if (p->row->event_count && p->events[0].seq)
            buf_addf(&line, "%lld", (long long)p->events[0].seq);
        buf_addf(&line, "\t%s", p->row->event_count ? p->events[0].id : "-");
        if (state == VERDICT_NONE && reason->message)
            buf_addf(&line, "\t%s", reason->message);
        puts(buf_str(&line));
    }
    if (state == VERDICT_REFUSED) {
        _cleanup_buf_ struct buf message = {0};
        struct muster_error error = {reason->code, "", "", reason->hint, ""};

        if (*reason->field)
            buf_addf(&message, "%s: ", reason->field);
        buf_add_str(&message, reason->message);
        error.message = buf_str(&message);
        say_error(buf_str(&place), &error);
    }
    for (size_t i = 0; i < p->row->flag_count; i++)
        say("%s%s%s", buf_str(&place), _("look at it: "), p->row->flags[i].text);
}

static void count(struct import_counts *c, const struct pending *p, enum verdict_state state)
{
    switch (state) {
    case VERDICT_NONE:
        c->skipped++;
        break;
    case VERDICT_RECORDED:
        c->recorded++;
        break;
    case VERDICT_DUPLICATE:
        c->duplicate++;
        break;
    case VERDICT_CORRECTED:
    case VERDICT_TO_CORRECT:
        c->corrected++;
        break;
    case VERDICT_REFUSED:
        c->refused++;
        break;
    }
    c->flagged += p->row->flag_count > 0;
}

static void keep_refused(struct import_run *run, const struct pending *p, const struct reason *reason)
{
    _cleanup_buf_ struct buf why = {0};

    if (*reason->field)
        buf_addf(&why, "%s: ", reason->field);
    buf_add_str(&why, reason->message);
    if (*reason->hint)
        buf_addf(&why, _(" (did you mean \"%s\"?)"), reason->hint);
    if (run->refused && !refused_add(run->refused, p->row, buf_str(&why))) {
        say(_("the refused rows cannot be written beside %s: %m"), run->name);
        refused_free(run->refused);
        run->refused = NULL;
        run->status = EXIT_REFUSED;
    }
}

static void tell(struct import_run *run, struct pending *p)
{
    enum verdict_state state = row_state(p);
    struct reason reason = row_reason(run, p);
    bool silent = run->quiet && state != VERDICT_REFUSED && p->row->flag_count == 0;

    count(&run->counts, p, state);
    if (state == VERDICT_REFUSED)
        keep_refused(run, p, &reason);
    if (silent)
        return;
    progress_hide(&run->progress);
    if (run->cli->output == OUTPUT_TABLE) {
        tell_text(run, p, state, &reason);
    } else {
        json_t *row = row_json(p, state, &reason);

        if (run->cli->output == OUTPUT_JSON)
            rows_print_json(row);
        else
            tell_csv(run, p, &reason, row);
        json_decref(row);
    }
}

static bool is_done(const struct pending *p)
{
    for (size_t i = 0; i < p->row->event_count; i++)
        if (p->events[i].state == VERDICT_NONE || p->events[i].state == VERDICT_TO_CORRECT)
            return false;
    return true;
}

void import_tell_done(struct import_run *run)
{
    for (; run->head < run->end; run->head++) {
        struct pending *p = &run->ring[run->head % PENDING_MOST];

        if (!is_done(p))
            break;
        tell(run, p);
        for (size_t i = 0; i < ROW_EVENTS; i++)
            free(p->events[i].message);
        row_free(p->row);
        *p = (struct pending){0};
    }
}

void import_tell_head(const struct import_run *run)
{
    const struct head *head = importer_head(run->importer);
    _cleanup_buf_ struct buf used = {0}, unused = {0};
    const char *delimiter = head->delimiter == '\t' ? _("tab") : head->delimiter == ';' ? _("semicolon") : _("comma");
    bool private = false;

    for (size_t i = 0; i < head->count; i++) {
        const struct column_spec *column = head->columns[i];

        if (plain_is_blank(head->headings[i]))
            continue;
        if (column && column->id == COL_PRIVATE)
            private = true;
        if (column && column->id != COL_PRIVATE && column->id != COL_IGNORED)
            buf_addf(&used, "%s%s=%s", used.len ? ", " : "", head->headings[i], column->name);
        else
            buf_addf(&unused, "%s%s", unused.len ? ", " : "", head->headings[i]);
    }
    say(_("%s: %s, %s, a sheet of %s, header in row %lld: %s"), run->name,
        importer_encoding(run->importer), delimiter, sheet_spec(head->kind)->name, (long long)head->row, buf_str(&used));
    if (unused.len)
        say(_("%s: not read: %s (--map HEADING=COLUMN to use one)"), run->name, buf_str(&unused));
    if (private)
        say(_("%s: numbers of identity cards, telephones and addresses have no place in the ledger, and are not read"), run->name);
}

void import_tell_end(const struct import_run *run)
{
    const struct import_counts *c = &run->counts;

    say(run->dry ? _("nothing was recorded; it would be: %" PRIu64 " recorded, %" PRIu64 " corrected, %" PRIu64 " already there, %" PRIu64
                      " refused, %" PRIu64 " skipped; %" PRIu64 " to look at")
                 : _("%" PRIu64 " recorded, %" PRIu64 " corrected, %" PRIu64 " already there, %" PRIu64 " refused, %" PRIu64 " skipped; %" PRIu64
                      " to look at"),
        c->recorded, c->corrected, c->duplicate, c->refused, c->skipped, c->flagged);
    if (run->refused && refused_name(run->refused))
        say(_("%s: the refused rows, with the reason; mend them there, and import that file"),
            refused_name(run->refused));
}
