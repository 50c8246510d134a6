/* What reading a sheet asks: the registers from the daemon, and the user about what cannot be taken back. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "import_run.h"
#include "page.h"
#include "say.h"

struct filling {
    struct directory *directory;
    enum directory_kind kind;
};

static const char *text_of(const json_t *row, const char *key)
{
    return json_string_value(json_object_get(row, key));
}

static void take_entry(void *context, const json_t *row)
{
    static const char *const keys[] = {[DIRECTORY_BRANCH] = "branch", [DIRECTORY_UNIT] = "unit", [DIRECTORY_MEMBER] = "member"};
    struct filling *filling = context;
    struct entry entry = {.ref = text_of(row, keys[filling->kind]), .name = text_of(row, "name"),
                          .members = json_integer_value(json_object_get(row, "members"))};

    if (filling->kind == DIRECTORY_MEMBER)
        entry.branch = text_of(row, "branch") ? text_of(row, "branch") : "";
    if (entry.ref)
        directory_add(filling->directory, filling->kind, &entry);
}

static int registers(void *context, struct directory *directory, enum directory_kind kind)
{
    static const char *const lists[] = {[DIRECTORY_BRANCH] = "branches", [DIRECTORY_UNIT] = "units", [DIRECTORY_MEMBER] = "members"};
    struct import_run *run = context;
    struct filling filling = {directory, kind};
    _cleanup_pages_ struct pages pages = {.limit = LIMIT_NONE};
    _cleanup_json_ json_t *body = json_pack("{s:s, s:b}", "what", lists[kind], "all", 1);

    run->status = page_rows(run->cli, "list", body, &pages, take_entry, &filling);
    return run->status == EXIT_DONE ? 0 : -1;
}

static int belonged(void *context, bool *out, const char *member, const char *branch, day_t day)
{
    struct import_run *run = context;
    char text[DAY_TEXT_SIZE];
    _cleanup_json_ json_t *body = json_pack("{s:s, s:s, s:s, s:i}", "what", "member", "ref", member, "as_of", day_format(text, day), "limit", 1);
    _cleanup_json_ json_t *reply = NULL;
    const char *then;

    *out = false;
    run->status = cli_ask(run->cli, "show", body, &reply);
    if (run->status != EXIT_DONE)
        return -1;
    then = text_of(json_object_get(reply, "row"), "branch");
    *out = then && strcmp(then, branch) == 0;
    return 0;
}

/* Only a person can say so; where nobody is there to be asked, it is not taken for granted. */
static int outside(void *context, bool *out, int64_t row, const char *place, const char *branch)
{
    struct import_run *run = context;

    *out = false;
    if (run->yes || run->dry || !isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
        return 0;
    progress_hide(&run->progress);
    say(_("%s:%lld: there is no branch \"%s\" (there is \"%s\"). Is it a place outside this ledger? [y/N]"),
        run->name, (long long)row, place, branch);
    *out = yes_is_answered();
    return 0;
}

struct import_asking import_asking_of(struct import_run *run)
{
    return (struct import_asking){
        .context = run, .zh = strcmp(say_language(), "zh") == 0, .registers = registers, .belonged = belonged, .outside = outside};
}
