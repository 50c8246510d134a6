/* People and routes: every mistake that --check-config promises to find, with its place; and the calendar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "settings/settings.h"

#define HEAD                                                                                                           \
    "tracking_since = \"2022-01-01\"; database = \"/srv/l.db\"; listen = \"ipc:///srv/s\"; feed = [ ]; "              \
    "rules = \"" SOURCE_DIR "/config/rules/two-new.cfg\";\n"
#define PEOPLE                                                                                                         \
    "people = ( { name = \"zhang\"; channels = ( { by = \"log\"; } ); above = \"li\"; after = \"7d\"; },\n"           \
    "{ name = \"li\"; channels = ( { by = \"log\"; }, { by = \"feed\"; } ); language = \"en\"; } );\n"                \
    "administrator = \"li\";\n"

static void refused(const char *text, const char *sentence)
{
    struct settings *s = NULL;
    struct err err = {0};

    assert_int_equal(settings_load_text(&s, text, strlen(text), "m.conf", &err), 1);
    assert_null(s);
    assert_string_equal(err.en, sentence);
    assert_true(strncmp(err.zh, "m.conf:", 7) == 0 && strcmp(err.zh, err.en) != 0);
}

static struct settings *load(const char *text)
{
    struct settings *s = NULL;
    struct err err = {0};

    if (settings_load_text(&s, text, strlen(text), "m.conf", &err) != 0)
        fail_msg("%s", err.en);
    return s;
}

static void what_is_read(void **state)
{
    _cleanup_settings_ struct settings *s = load(
        HEAD PEOPLE "routes = ( { to = [ \"zhang\", \"li\" ]; when = \"monday 08:30\"; repeat = \"2w\"; areas = [ \"4503\" ]; "
                    "branches = [ \"B-0?7\" ]; }, { to = [ \"li\" ]; } );");
    const struct telling *t = &s->telling;
    const struct route *route = &t->routes[0];

    (void)state;
    assert_int_equal(t->person_count, 2);
    assert_string_equal(t->people[0].lang, "zh");
    assert_string_equal(t->people[1].lang, "en");
    assert_int_equal(t->people[0].above, 1);
    assert_int_equal(t->people[0].after_days, 7);
    assert_int_equal(t->administrator, 1);
    assert_string_equal(route->name, "1");
    assert_int_equal(route->when.tell, TELL_WEEKLY);
    assert_int_equal(route->when.at_s, 8 * 3600 + 1800);
    assert_int_equal(route->repeat_days, 14);
    assert_true(route_takes(&s->telling, route, "theme-day", LEVEL_NOTICE));
    assert_true(route_reaches(route, "B-001", "450312"));
    assert_true(route_reaches(route, "B-017", "9"));
    assert_false(route_reaches(route, "B-018", "9"));
    assert_false(route_reaches(route, NULL, NULL));
}

/* Whatever else the route takes. */
static void what_is_untold(void **state)
{
    _cleanup_settings_ struct settings *s = load(HEAD PEOPLE "untold = [ \"theme-day\" ]; routes = ( { to = [ \"li\" ]; } );");

    (void)state;
    assert_false(route_takes(&s->telling, &s->telling.routes[0], "theme-day", LEVEL_RED));
    assert_true(route_takes(&s->telling, &s->telling.routes[0], "lecture", LEVEL_RED));
    refused(HEAD PEOPLE "untold = [ \"theme-day\" ];\nroutes = ( { to = [ \"li\" ]; }, { rules = [ \"theme-day\" ]; to = [ \"li\" ]; } );",
            "m.conf:6: route \"2\" tells of the rule \"theme-day\", which is untold");
}

static void mistakes_of_people(void **state)
{
    (void)state;
    refused(HEAD "people = ( { name = \"a\"; } );", "m.conf:2: \"a\" has no channels: how is this person reached?");
    refused(HEAD "people = ( { name = \"a\"; channels = ( { by = \"mial\"; } ); } );",
            "m.conf:2: unknown channel \"mial\": use one of feed, log");
    refused(HEAD "people = ( { name = \"a\"; channels = ( { by = \"log\"; to = \"x\"; } ); } );",
            "m.conf:2: channel \"log\" does not reach anybody at \"x\"");
    refused(HEAD "people = ( { name = \"a\"; channels = ( { by = \"log\"; }, { by = \"log\"; } ); } );",
            "m.conf:2: \"log\" is named twice");
    refused(HEAD "people = ( { name = \"a\"; channels = ( { by = \"log\"; } ); when = \"daily 8:00\"; } );",
            "m.conf:2: \"daily 8:00\" is no moment: \"now\", \"daily 08:00\" or \"monday 08:00\"");
    refused(HEAD "people = ( { name = \"a\"; channels = ( { by = \"log\"; } ); quiet = \"22-7\"; } );",
            "m.conf:2: quiet \"22-7\" is no span of hours, such as \"22:00-07:00\"");
    refused(HEAD "people = ( { name = \"a\"; channels = ( { by = \"log\"; } ); quiet = \"07:00-07:00\"; } );",
            "m.conf:2: quiet \"07:00-07:00\" is no span of hours, such as \"22:00-07:00\"");
    refused(HEAD "people = ( { name = \"a\"; channels = ( { by = \"log\"; } );\nabove = \"chief\"; after = \"7d\"; } );",
            "m.conf:3: unknown person \"chief\": use one of a");
    refused(HEAD "people = ( { name = \"a\"; channels = ( { by = \"log\"; } ); above = \"a\"; } );",
            "m.conf:2: when does it go up to \"a\"? Give after (\"7d\"), level (\"red\"), or both");
    refused(HEAD "people = ( { name = \"a\"; channels = ( { by = \"log\"; } ); after = \"7d\"; } );",
            "m.conf:2: after says when it goes up, but nobody is above");
    refused(HEAD "people = ( 1 );", "m.conf:2: people should be a group in { }, not a whole number");
}

static void a_ladder_with_no_end(void **state)
{
    (void)state;
    refused(HEAD "people = ( { name = \"a\"; channels = ( { by = \"log\"; } ); above = \"b\"; after = \"1d\"; },\n"
                 "{ name = \"b\"; channels = ( { by = \"log\"; } ); above = \"c\"; level = \"red\"; },\n"
                 "{ name = \"c\"; channels = ( { by = \"log\"; } ); above = \"b\"; after = \"1w\"; } );",
            "m.conf:2: a ladder with no end: from \"a\" upwards it comes round again");
    refused(HEAD "people = ( { name = \"a\"; channels = ( { by = \"log\"; } ); above = \"a\"; after = \"1d\"; } );",
            "m.conf:2: a ladder with no end: from \"a\" upwards it comes round again");
}

static void mistakes_of_routes(void **state)
{
    (void)state;
    refused(HEAD PEOPLE "routes = ( { name = \"x\"; } );", "m.conf:5: a route needs to: whom does it tell?");
    refused(HEAD PEOPLE "routes = ( { to = [ \"zang\" ]; } );",
            "m.conf:5: unknown person \"zang\" (did you mean \"zhang\"?)");
    refused(HEAD PEOPLE "routes = ( { to = [ \"li\" ]; rules = [ \"theme-days\" ]; } );",
            "m.conf:5: unknown rule \"theme-days\" (did you mean \"theme-day\"?)");
    refused(HEAD PEOPLE "routes = ( { to = [ \"li\" ]; branches = [ \"B 1\" ]; } );",
            "m.conf:5: \"B 1\" is no pattern of a branch: a ref, in which * stands for anything and ? for one character");
    refused(HEAD PEOPLE "routes = ( { to = [ \"li\" ]; }, { name = \"1\"; to = [ \"li\" ]; } );",
            "m.conf:5: there is a route \"1\" already");
}

static void routes_against_the_rules(void **state)
{
    (void)state;
    refused(HEAD PEOPLE "routes = ( { to = [ \"li\" ]; },\n"
                        "{ name = \"never\"; level = \"red\"; rules = [ \"committee-missing\" ]; to = [ \"li\" ]; } );",
            "m.conf:6: route \"never\" can never match: no rule of it reaches the level red");
    refused(HEAD PEOPLE "routes = ( { to = [ \"li\" ]; }, { name = \"never\"; branches = [ \"B-1\" ]; "
                        "rules = [ \"unit-uncovered\" ]; to = [ \"li\" ]; } );",
            "m.conf:5: route \"never\" can never match: no rule of it reaches the level notice, or only rules about units "
            "do, and a unit's alert belongs to no branch");
    refused(HEAD PEOPLE "routes = ( { to = [ \"li\" ]; level = \"red\"; } );",
            "m.conf:5: no route covers the rule \"mobile-should-transfer\": nobody would be told of its alerts (if that is "
            "meant: untold = [ \"mobile-should-transfer\" ])");
    refused(HEAD "people = ( { name = \"li\"; channels = ( { by = \"log\"; } ); } );\nroutes = ( { to = [ \"li\" ]; } );",
            "m.conf:3: there are routes, but no administrator: who is told when a message cannot be delivered?");
    settings_free(load(HEAD PEOPLE "routes = ( { to = [ \"li\" ]; level = \"yellow\"; } ); untold = [ \"branch-too-large\", "
                                   "\"joint-too-wide\", \"unit-no-coverage\" ];"));
    refused(HEAD PEOPLE "untold = [ \"branch-too-lage\" ];",
            "m.conf:5: unknown rule \"branch-too-lage\" (did you mean \"branch-too-large\"?)");
}

static void days_off(void **state)
{
    _cleanup_settings_ struct settings *s = load(
        HEAD "weekend = [ \"saturday\", \"sunday\" ]; days_off = [ \"2023-01-21..2023-01-27\", \"2023-05-01\" ]; "
             "workdays = [ \"2023-01-28\" ];");
    const struct calendar *c = &s->telling.calendar;

    (void)state;
    assert_true(calendar_works(c, day_from_civil(2023, 1, 20)));   /* Friday */
    assert_false(calendar_works(c, day_from_civil(2023, 1, 21)));
    assert_false(calendar_works(c, day_from_civil(2023, 1, 27)));
    assert_true(calendar_works(c, day_from_civil(2023, 1, 28)));   /* a Saturday that is worked */
    assert_false(calendar_works(c, day_from_civil(2023, 1, 29)));  /* Sunday */
    assert_false(calendar_works(c, day_from_civil(2023, 5, 1)));
    refused(HEAD "days_off = [ \"2023-01-27..2023-01-21\" ];",
            "m.conf:2: \"2023-01-27..2023-01-21\" is neither a date (\"2023-01-02\") nor a span of at most 60 days "
            "(\"2023-01-21..2023-01-27\")");
    refused(HEAD "weekend = [ \"saturdy\" ];", "m.conf:2: unknown day of the week \"saturdy\" (did you mean \"saturday\"?)");
    refused(HEAD "weekend = [ \"monday\", \"tuesday\", \"wednesday\", \"thursday\", \"friday\", \"saturday\", \"sunday\" ];",
            "m.conf:2: weekend names every day: nobody would ever be told");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read), cmocka_unit_test(what_is_untold),        cmocka_unit_test(mistakes_of_people),
        cmocka_unit_test(a_ladder_with_no_end), cmocka_unit_test(mistakes_of_routes),
        cmocka_unit_test(routes_against_the_rules), cmocka_unit_test(days_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
