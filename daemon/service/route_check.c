#include "service/route_check.h"

#include <fnmatch.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "pack/conf.h"
#include "store/nearest.h"
#include "store/notices.h"

enum { REFS_AT_ONCE = 1000 };

static int say_unknown(const struct settings *s, struct store *store, const struct settings_text *text, struct err *err)
{
    struct conf_node at = {.file = s->file, .line = text->line, .key = "branches"};
    int looks = NEAREST_LOOKS, r;
    char near[ERR_HINT_MAX];

    if (strpbrk(text->text, "*?"))
        return conf_fault(err, &at, "no branch is of the pattern \"%s\"", "没有符合“%s”的支部", text->text);
    r = nearest_ref(near, store, SUBJECT_BRANCH, text->text, &looks, err);
    if (r < 0)
        return -1;
    if (r == 0)
        return conf_fault(err, &at, "there is no branch \"%s\"", "没有支部“%s”", text->text);
    return conf_fault(err, &at, "there is no branch \"%s\" (did you mean \"%s\"?)", "没有支部“%s”（是否为“%s”？）", text->text, near);
}

/* 1: a branch is of the pattern; 0: none; -1. */
static int find_pattern(struct store *store, const char *pattern, struct err *err)
{
    _cleanup_buf_ struct buf after = {0};
    size_t seen = REFS_AT_ONCE;

    buf_str(&after);
    while (seen == REFS_AT_ONCE) {
        sqlite3_stmt *s = store_stmt(store, SQL_SUBJECTS_OF_KIND);
        _cleanup_free_ char *from = mem_strdup(buf_str(&after));
        int r;

        seen = 0;
        sqlite3_bind_int(s, 1, SUBJECT_BRANCH);
        sqlite3_bind_text(s, 2, from, -1, SQLITE_STATIC);
        sqlite3_bind_int(s, 3, REFS_AT_ONCE);
        while ((r = store_step(store, s, err)) == 1) {
            const char *ref = (const char *)sqlite3_column_text(s, 1);
            bool found = fnmatch(pattern, ref, 0) == 0;

            seen++;
            buf_clear(&after);
            buf_add_str(&after, ref);
            if (found) {
                sqlite3_reset(s);
                return 1;
            }
        }
        if (r < 0)
            return -1;
    }
    return 0;
}

static int check_text(const struct settings *s, struct store *store, const struct settings_text *text, struct err *err)
{
    int64_t key;
    int r = strpbrk(text->text, "*?") ? find_pattern(store, text->text, err)
                                      : store_subject_find(&key, store, SUBJECT_BRANCH, text->text, err);

    if (r != 0)
        return r < 0 ? -1 : 0;
    return say_unknown(s, store, text, err);
}

static int check_area(const struct settings *s, struct store *store, const struct settings_text *text, struct err *err)
{
    struct conf_node at = {.file = s->file, .line = text->line, .key = "areas"};
    int r = strcmp(text->text, "*") == 0 ? 1 : store_realm_area_begins(store, text->text, err);

    if (r != 0)
        return r < 0 ? -1 : 0;
    return conf_fault(err, &at, "no branch or unit is in the area \"%s\": enter one first, or correct the code",
                      "区划“%s”内没有支部或单位：请先登记，或更正区划代码", text->text);
}

static int check_route(const struct settings *s, struct store *store, const struct route *route, struct err *err)
{
    int r = 0;

    for (size_t i = 0; i < route->branch_count && r == 0; i++)
        r = check_text(s, store, &route->branches[i], err);
    for (size_t i = 0; i < route->area_count && r == 0; i++)
        r = check_area(s, store, &route->areas[i], err);
    return r;
}

int route_check(const struct settings *s, struct store *store, struct err *err)
{
    const struct telling *t = &s->telling;
    int r = find_pattern(store, "*", err);

    if (r != 1) /* a new ledger, configured before its branches are entered */
        return r;
    r = 0;
    for (size_t i = 0; i < t->route_count && r == 0; i++)
        r = check_route(s, store, &t->routes[i], err);
    return r;
}

int route_check_database(const struct settings *s, struct err *err)
{
    _cleanup_store_ struct store *store = NULL;
    struct err ignored = {0};

    if (access(s->database, R_OK) != 0 || store_open(&store, s->database, STORE_READ, &ignored) != 0)
        return 0;
    return route_check(s, store, err);
}
