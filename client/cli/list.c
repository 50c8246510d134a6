/* `muster list WHAT`: the registers. */
#include <string.h>

#include "base/text.h"
#include "cells.h"
#include "page.h"
#include "reading.h"
#include "say.h"

/* Ids of rules as they are: one may be a word that means something else. */
static void rules_text(struct buf *out, const json_t *row)
{
    cell_plain(out, json_object_get(row, "rules"));
}

static const struct column branches[] = {
    {"branch", N_("BRANCH"), 0, 0, NULL}, {"name", N_("NAME"), COLUMN_CUT, 0, NULL},
    {"form", N_("FORM"), 0, 0, NULL}, {"sector", N_("SECTOR"), 0, 0, NULL},
    {"area", N_("AREA"), 0, 0, NULL}, {"units", N_("UNITS"), COLUMN_CUT_FIRST | COLUMN_SPARE, 0, NULL},
    {"committee", N_("COMMITTEE"), COLUMN_SPARE_FIRST, 0, NULL}, {"groups", N_("GROUPS"), COLUMN_RIGHT | COLUMN_SPARE_FIRST, 0, NULL},
    {"members", N_("MEMBERS"), COLUMN_RIGHT, 0, NULL}, {"full_members", N_("FULL"), COLUMN_RIGHT, 0, NULL},
    {"stars", N_("STARS"), COLUMN_RIGHT, 0, NULL}, {"term_ends", N_("TERM ENDS"), 0, 0, NULL},
    {"founded", N_("FOUNDED"), COLUMN_SPARE_FIRST, 0, NULL}, {"dissolved", N_("DISSOLVED"), COLUMN_SPARE, 0, NULL},
};
static const struct column members[] = {
    {"member", N_("MEMBER"), 0, 0, NULL}, {"name", NC_("list", "NAME"), COLUMN_CUT, 0, NULL},
    {"branch", N_("BRANCH"), 0, 0, NULL}, {"unit", N_("UNIT"), 0, 0, NULL},
    {"stage", N_("STAGE"), 0, 0, NULL}, {"role", NC_("list", "ROLE"), 0, 0, NULL},
    {"presence", N_("PRESENCE"), 0, 0, NULL}, {"since", N_("SINCE"), 0, 0, NULL},
    {"left", N_("LEFT"), 0, 0, NULL},
};
static const struct column units[] = {
    {"unit", N_("UNIT"), 0, 0, NULL}, {"name", N_("NAME"), COLUMN_CUT, 0, NULL},
    {"sector", N_("SECTOR"), 0, 0, NULL}, {"area", N_("AREA"), 0, 0, NULL},
    {"staff", NC_("list", "STAFF"), COLUMN_RIGHT, 0, NULL}, {"eligible", N_("ELIGIBLE"), COLUMN_SPARE, 0, NULL},
    {"above_scale", N_("ABOVE SCALE"), COLUMN_SPARE_FIRST, 0, NULL}, {"full_members", N_("FULL MEMBERS"), COLUMN_RIGHT, 0, NULL},
    {"covered", N_("COVERED"), 0, 0, NULL}, {"own_branch", N_("OWN BRANCH"), 0, 0, NULL},
    {"registered", N_("REGISTERED"), COLUMN_SPARE_FIRST, 0, NULL}, {"closed", N_("CLOSED"), COLUMN_SPARE, 0, NULL},
};
static const struct column transfers[] = {
    {"transfer", N_("TRANSFER"), 0, 0, NULL}, {"number", N_("NUMBER"), COLUMN_CUT | COLUMN_SPARE_FIRST, 0, NULL},
    {"member", N_("MEMBER"), 0, 0, NULL}, {"from", N_("FROM"), 0, 0, NULL},
    {"from_name", N_("FROM NAME"), COLUMN_CUT, 0, NULL}, {"to", N_("TO"), 0, 0, NULL},
    {"to_name", N_("TO NAME"), COLUMN_CUT, 0, NULL}, {"state", N_("STATE"), 0, 0, NULL},
    {"issued", N_("ISSUED"), COLUMN_SPARE, 0, NULL}, {"valid_until", N_("VALID UNTIL"), 0, 0, NULL},
    {"received", N_("RECEIVED"), 0, 0, NULL}, {"ended", N_("ENDED"), COLUMN_SPARE, 0, NULL},
};
static const struct column alliances[] = {
    {"alliance", N_("ALLIANCE"), 0, 0, NULL}, {"name", N_("NAME"), COLUMN_CUT, 0, NULL},
    {"branches", N_("BRANCHES"), COLUMN_CUT, 0, NULL}, {"units", N_("UNITS"), COLUMN_CUT, 0, NULL},
    {"formed", N_("FORMED"), 0, 0, NULL},
};
static const struct column offices[] = {
    {"body", N_("BODY"), 0, 0, NULL}, {"office", N_("OFFICE"), 0, 0, NULL},
    {"person", N_("PERSON"), 0, 0, NULL}, {"since", N_("SINCE"), 0, 0, NULL},
    {"left", NC_("list", "LEFT"), 0, 0, NULL},
};
static const struct column exemptions[] = {
    {"exemption", N_("EXEMPTION"), 0, 0, NULL}, {"subject", N_("SUBJECT"), 0, 0, NULL},
    {"rules", N_("RULES"), COLUMN_CUT, 0, rules_text}, {"from", NC_("list", "FROM"), 0, 0, NULL},
    {"until", N_("UNTIL"), 0, 0, NULL}, {"ended", NC_("list", "ENDED"), 0, 0, NULL},
    {"reason", N_("REASON"), COLUMN_CUT, 0, NULL},
};

static const struct {
    const char *what;
    const struct column *columns;
    size_t count;
} registers[] = {
    {"branches", branches, ARRAY_LEN(branches)},    {"members", members, ARRAY_LEN(members)},
    {"units", units, ARRAY_LEN(units)},             {"transfers", transfers, ARRAY_LEN(transfers)},
    {"alliances", alliances, ARRAY_LEN(alliances)}, {"offices", offices, ARRAY_LEN(offices)},
    {"exemptions", exemptions, ARRAY_LEN(exemptions)},
};

static enum exit_status no_such_register(const char *what)
{
    const char *names[ARRAY_LEN(registers)];
    const char *near;

    for (size_t i = 0; i < ARRAY_LEN(registers); i++)
        names[i] = registers[i].what;
    near = text_nearest(what, names, ARRAY_LEN(names));
    if (near)
        say(_("no register \"%s\" (did you mean \"%s\"?)"), what, near);
    else
        say(_("no register \"%s\": branches, members, units, transfers, alliances, offices or exemptions"), what);
    return EXIT_USAGE;
}

int list_run(struct cli *cli, const struct arguments *args)
{
    const char *what = args->words[0];
    _cleanup_json_ json_t *body = NULL;
    _cleanup_pages_ struct pages pages = {.limit = page_limit(cli)};
    _cleanup_rows_ struct rows *rows = NULL;
    enum exit_status status;
    size_t which = 0;

    while (which < ARRAY_LEN(registers) && strcmp(registers[which].what, what) != 0)
        which++;
    if (which == ARRAY_LEN(registers))
        return no_such_register(what);
    status = cli_body(cli, args, &body);
    if (status != EXIT_DONE)
        return status;
    json_object_set_new(body, "what", json_string(what));
    rows = rows_new(cli, registers[which].columns, registers[which].count);
    return page_print(cli, "list", body, &pages, rows, _("none"));
}
