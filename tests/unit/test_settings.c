/* The daemon's configuration: defaults, each mistake with file and line, what a reload may change,
 * and that config/muster.conf and docs/configuration.md know every key. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/buf.h"
#include "leaks.h"
#include "settings/settings.h"

#define SAMPLE SOURCE_DIR "/config/muster.conf"
#define HEAD "tracking_since = \"2022-01-01\";\n"

static char folder[] = "/tmp/muster-settings-XXXXXX";

static int setup(void **state)
{
    (void)state;
    setenv("MUSTER_DATADIR", SOURCE_DIR "/config", 1);
    setenv("STATE_DIRECTORY", "/srv/state:/srv/other", 1);
    setenv("RUNTIME_DIRECTORY", "/srv/run", 1);
    return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    return rmdir(folder);
}

static struct settings *load_text(const char *text, const char *name)
{
    struct settings *s = NULL;
    struct err err = {0};

    if (settings_load_text(&s, text, strlen(text), name, &err) != 0)
        fail_msg("%s", err.en);
    return s;
}

static void refused(const char *text, const char *sentence)
{
    struct settings *s = NULL;
    struct err err = {0};

    assert_int_equal(settings_load_text(&s, text, strlen(text), "m.conf", &err), 1);
    assert_null(s);
    assert_int_equal(err.code, ERR_INVALID_VALUE);
    assert_string_equal(err.en, sentence);
    assert_true(err.zh[0] != '\0' && strncmp(err.zh, "m.conf", 6) == 0);
}

static void same_defaults(const struct settings *s)
{
    assert_string_equal(s->database, "/srv/state/ledger.db");
    assert_int_equal(s->listen_count, 1);
    assert_string_equal(s->listen[0], "ipc:///srv/run/musterd.sock");
    assert_int_equal(s->feed_count, 1);
    assert_string_equal(s->feed[0], "ipc:///srv/run/feed.sock");
    assert_string_equal(s->rules, SOURCE_DIR "/config/rules/two-new.cfg");
    assert_string_equal(s->notice_templates, SOURCE_DIR "/config/templates/notices");
    assert_string_equal(s->timezone, "Asia/Shanghai");
    assert_int_equal(s->transfer_valid_days, 90);
    assert_int_equal(s->settle_s, 60);
    assert_int_equal(s->log_level, LOG_LEVEL_INFO);
    assert_int_equal(s->kind_count, 0);
    assert_int_equal(s->channel_count, 0);
    assert_int_equal(s->history_ms, 60000);
    assert_int_equal(s->history_rows, 1000000);
    assert_int_equal(s->max_waiting_reads, 1024);
    assert_int_equal(s->max_waiting_history, 32);
    assert_int_equal(s->max_waiting_bytes, 64 * 1024 * 1024);
    assert_int_equal(s->pack->rule_count, 23);
}

static void without_a_file(void **state)
{
    _cleanup_settings_ struct settings *s = NULL;
    struct err err = {0};

    (void)state;
    assert_int_equal(settings_load(&s, NULL, &err), 0);
    assert_null(s->file);
    assert_int_equal(s->tracking_since, DAY_NONE);
    same_defaults(s);
}

static void the_sample_says_the_defaults(void **state)
{
    _cleanup_settings_ struct settings *s = NULL;
    struct err err = {0};

    (void)state;
    assert_int_equal(settings_load(&s, SAMPLE, &err), 0);
    assert_string_equal(s->file, SAMPLE);
    assert_int_equal(s->tracking_since, day_from_civil(2022, 1, 1));
    same_defaults(s);
}

/* ---- places ----------------------------------------------------------------------------------- */

static void places_of_an_ordinary_user(void **state)
{
    _cleanup_settings_ struct settings *s = NULL, *t = NULL;
    struct err err = {0};
    bool root = getuid() == 0;

    (void)state;
    unsetenv("STATE_DIRECTORY");
    unsetenv("RUNTIME_DIRECTORY");
    setenv("XDG_STATE_HOME", "/home/x/state", 1);
    setenv("XDG_RUNTIME_DIR", "/run/user/7", 1);
    assert_int_equal(settings_load(&s, NULL, &err), 0);
    assert_string_equal(s->database,
                        root ? "/var/lib/muster/ledger.db" : "/home/x/state/muster/ledger.db");
    assert_string_equal(s->listen[0], root ? "ipc:///run/muster/musterd.sock"
                                           : "ipc:///run/user/7/muster/musterd.sock");
    setenv("XDG_STATE_HOME", "relative", 1);
    setenv("HOME", "/home/x", 1);
    unsetenv("XDG_RUNTIME_DIR");
    assert_int_equal(settings_load(&t, NULL, &err), root ? 0 : 1);
    if (!root)
        assert_non_null(strstr(err.en, "XDG_RUNTIME_DIR is not set"));
    settings_free(TAKE(t));
    t = load_text(HEAD "listen = \"tcp://127.0.0.1:7001\"; feed = [ ];", "m.conf");
    assert_string_equal(t->database, root ? "/var/lib/muster/ledger.db"
                                          : "/home/x/.local/state/muster/ledger.db");
    assert_int_equal(t->feed_count, 0);
    setenv("STATE_DIRECTORY", "/srv/state:/srv/other", 1);
    setenv("RUNTIME_DIRECTORY", "/srv/run", 1);
}

static void relative_names_start_from_the_file(void **state)
{
    _cleanup_settings_ struct settings *s =
        load_text(HEAD "database = \"data/l.db\"; rules = \"rules/two-new.cfg\";",
                  SOURCE_DIR "/config/other.conf");
    _cleanup_settings_ struct settings *here = load_text(HEAD "database = \"l.db\";", "m.conf");

    (void)state;
    assert_string_equal(s->database, SOURCE_DIR "/config/data/l.db");
    assert_string_equal(s->rules, SOURCE_DIR "/config/rules/two-new.cfg");
    assert_string_equal(here->database, "l.db");
}

/* ---- values ----------------------------------------------------------------------------------- */

static void every_key_set(void **state)
{
    _cleanup_settings_ struct settings *s = load_text(
        "database = \"/d/l.db\"; timezone = \"Europe/Berlin\"; tracking_since = \"1999-12-31\";\n"
        "listen = [ \"ipc:///a/b\", \"tcp://127.0.0.1:*\", \"tcp://[::1]:80\", \"tcp://localhost:1\" ];\n"
        "feed = ( \"ipc:///a/f\" ); server_key = \"k/s.key\"; key_requests_per_second = 0; kinds = [ \"walk\", \"登山\" ];\n"
        "transfer_valid_days = 366; settle = 0; log_level = \"debug\"; history_ms = 100;\n"
        "history_rows = 1000; max_waiting_reads = 1; max_waiting_history = 2;\n"
        "max_waiting_bytes = 8388608; max_connections = 8; max_request_bytes = 65536;\n"
        "users = ( { name = \"zhang\"; role = \"recorder\"; branches = [ \"B-1\",\n\"B-2\" ]; areas = [ \"4503\" ]; },"
        "{ name = \"li\"; role = \"admin\"; } );", "m.conf");

    (void)state;
    assert_string_equal(s->database, "/d/l.db");
    assert_string_equal(s->timezone, "Europe/Berlin");
    assert_int_equal(s->tracking_since, day_from_civil(1999, 12, 31));
    assert_int_equal(s->listen_count, 4);
    assert_string_equal(s->listen[3], "tcp://localhost:1");
    assert_string_equal(s->feed[0], "ipc:///a/f");
    assert_string_equal(s->server_key, "k/s.key");
    assert_int_equal(s->key_requests_per_second, 0);
    assert_int_equal(s->max_connections, 8);
    assert_int_equal(s->max_request_bytes, 65536);
    assert_int_equal(s->user_count, 2);
    assert_string_equal(s->users[0].name, "zhang");
    assert_int_equal(s->users[0].role, KEY_ROLE_RECORDER);
    assert_string_equal(s->users[0].branches[1].text, "B-2");
    assert_int_equal(s->users[0].branches[1].line, s->users[0].branches[0].line + 1);
    assert_string_equal(s->users[0].areas[0].text, "4503");
    assert_int_equal(s->users[1].role, KEY_ROLE_ADMIN);
    assert_int_equal(s->kind_count, 2);
    assert_string_equal(s->kinds[1], "登山");
    assert_int_equal(s->transfer_valid_days, 366);
    assert_int_equal(s->settle_s, 0);
    assert_int_equal(s->log_level, LOG_LEVEL_DEBUG);
    assert_int_equal(s->history_ms, 100);
    assert_int_equal(s->history_rows, 1000);
    assert_int_equal(s->max_waiting_reads, 1);
    assert_int_equal(s->max_waiting_history, 2);
    assert_int_equal(s->max_waiting_bytes, 8388608);
    assert_null(getenv("TZ")); /* looked at, not set */
}

static void mistakes_of_files_and_words(void **state)
{
    (void)state;
    refused("", "m.conf:1: tracking_since is not set: the date from which the rules apply");
    refused(HEAD "\ndatabse = \"x\";", "m.conf:3: unknown key \"databse\" (did you mean \"database\"?)");
    refused(HEAD "settle = 1;\nsettle = 2;", "m.conf:3: this key is set a second time here");
    refused(HEAD "settle 1;", "m.conf:2: syntax error (perhaps a \";\", \",\" or bracket is missing or "
                              "one too many, here or just before)");
    refused("@include \"/tmp\"\n", "m.conf:1: @include is not supported: write everything in one file");
    refused(HEAD "database = \"\";", "m.conf:2: database must not be empty");
    refused(HEAD "database = \"/tmp/\";", "m.conf:2: database \"/tmp/\" is no regular file");
    refused(HEAD "database = \"/tmp\";", "m.conf:2: database \"/tmp\" is no regular file");
    refused(HEAD "database = 5;",
            "m.conf:2: database should be a text in quotation marks, not a whole number");
    refused(HEAD "rules = \"/nonexistent.cfg\";",
            "m.conf:2: rules \"/nonexistent.cfg\": there is no such file");
    refused(HEAD "notice_templates = \"/nonexistent\";",
            "m.conf:2: notice_templates \"/nonexistent\": there is no such folder");
    refused(HEAD "timezone = \"Asia/Shangai\";",
            "m.conf:2: there is no time zone \"Asia/Shangai\" on this machine (is tzdata installed?)");
    refused("tracking_since = \"2022-02-30\";",
            "m.conf:1: tracking_since \"2022-02-30\" is no date, such as \"2022-01-01\"");
    refused("tracking_since = \"1899-12-31\";",
            "m.conf:1: tracking_since is before 1900-01-01: no event can be that old");
    refused(HEAD "log_level = \"inof\";", "m.conf:2: unknown log_level \"inof\" (did you mean \"info\"?)");
    refused(HEAD "kinds = [ \"talk\" ];", "m.conf:2: \"talk\" is a kind already, and always there");
    refused(HEAD "kinds = [ \"any\" ];", "m.conf:2: \"any\" is a kind already, and always there");
    refused(HEAD "kinds = [ \"a\", \"a\" ];", "m.conf:2: \"a\" is named twice");
    refused(HEAD "kinds = [ \"a b\" ];", "m.conf:2: \"a b\" cannot be a meeting kind: 1 to 64 bytes of "
                                         "letters, digits, -, _ and .");
    refused(HEAD "kinds = \"a\";", "m.conf:2: kinds should be a list, not a text in quotation marks");
}

static void mistakes_of_endpoints(void **state)
{
    (void)state;
    refused(HEAD "listen = [ ];", "m.conf:2: listen must not be empty");
    refused(HEAD "listen = \"udp://127.0.0.1:1\";",
            "m.conf:2: \"udp://127.0.0.1:1\" is neither ipc:///path nor tcp://ADDRESS:port");
    refused(HEAD "listen = \"ipc://run\";",
            "m.conf:2: \"ipc://run\" must name a file by its absolute path: ipc:///run/...");
    refused(HEAD "feed = \"ipc:///run/\";",
            "m.conf:2: \"ipc:///run/\" must name a file by its absolute path: ipc:///run/...");
    refused(HEAD "listen = \"ipc:///012345678901234567890123456789012345678901234567890123456789"
                 "012345678901234567890123456789012345678901234567\";",
            "m.conf:2: \"ipc:///0123456789012345678901234567890123456789012345678901234567890...\" is too "
            "long: at most 107 bytes of path");
    refused(HEAD "listen = \"tcp://127.0.0.1\";", "m.conf:2: \"tcp://127.0.0.1\" has no port (1 to 65535)");
    refused(HEAD "listen = \"tcp://127.0.0.1:65536\";",
            "m.conf:2: \"tcp://127.0.0.1:65536\" has no port (1 to 65535)");
    refused(HEAD "listen = [ \"ipc:///a\",\n\"tcp://example.org:7000\", \"ipc:///b\" ];",
            "m.conf:3: \"tcp://example.org:7000\" names no address of this machine: 127.0.0.1, [::1], 192.168.1.2, "
            "* for all");
    refused(HEAD "feed = \"tcp://127.0.0.1:7000\";",
            "m.conf:2: \"tcp://127.0.0.1:7000\": the feed is published on ipc:///path only: it knows no keys and no scopes");
    refused(HEAD "listen = [ \"ipc:///a\", \"ipc:///a\" ];", "m.conf:2: \"ipc:///a\" is named twice");
    refused(HEAD "listen = \"ipc:///a\"; feed = \"ipc:///a\";",
            "m.conf: listen and feed name the same endpoint ipc:///a");
    refused(HEAD "feed = [ \"ipc:///1\", \"ipc:///2\", \"ipc:///3\", \"ipc:///4\", \"ipc:///5\", "
                 "\"ipc:///6\", \"ipc:///7\", \"ipc:///8\", \"ipc:///9\" ];",
            "m.conf:2: feed has 9 items: at most 8 are allowed");
}

static void mistakes_of_users(void **state)
{
    (void)state;
    refused(HEAD "users = \"zhang\";", "m.conf:2: users should be a list, not a text in quotation marks");
    refused(HEAD "users = ( { name = \"a\"; } );", "m.conf:2: a user needs a name and a role");
    refused(HEAD "users = ( { name = \"a\"; role = \"admin\"; areas = [ \"4\" ]; } );",
            "m.conf:2: an admin has no branches or areas: it may do everything everywhere");
    refused(HEAD "users = ( { name = \"a\"; role = \"reader\"; } );",
            "m.conf:2: a user needs a scope: branches, or areas ([\"*\"]: the whole district)");
    refused(HEAD "users = ( { name = \"a\"; role = \"reader\"; areas = [ \"*\", \"4\" ]; } );",
            "m.conf:2: areas: \"*\" (all of them) stands alone");
    refused(HEAD "users = ( { name = \"a\"; role = \"admin\"; },\n{ name = \"a\"; role = \"admin\"; } );",
            "m.conf:3: \"a\" is named twice");
}

static void mistakes_of_numbers(void **state)
{
    static const struct {
        const char *key;
        long long below, above, min, max;
    } bounds[] = {
        {"transfer_valid_days", 0, 367, 1, 366},
        {"settle", -1, 3601, 0, 3600},
        {"notice_gather", -1, 3601, 0, 3600},
        {"notice_tries", 0, 101, 1, 100},
        {"notice_keep", -1, 36501, 0, 36500},
        {"history_ms", 99, 600001, 100, 600000},
        {"history_rows", 999, 100000001, 1000, 100000000},
        {"max_waiting_reads", 0, 65537, 1, 65536},
        {"max_waiting_history", 0, 1025, 1, 1024},
        {"max_waiting_bytes", 8388607, 1073741825, 8388608, 1073741824},
    };
    char text[200], sentence[200];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bounds); i++)
        for (int above = 0; above < 2; above++) {
            long long v = above ? bounds[i].above : bounds[i].below;

            snprintf(text, sizeof text, HEAD "%s = %lld;", bounds[i].key, v);
            snprintf(sentence, sizeof sentence, "m.conf:2: %s is %lld: it should be %lld to %lld",
                     bounds[i].key, v, bounds[i].min, bounds[i].max);
            refused(text, sentence);
        }
    refused(HEAD "settle = 1.5;", "m.conf:2: settle should be a whole number, not a number with decimals");
    refused(HEAD "settle = 4294967297;", "m.conf:2: this number is too large");
}

static void a_mistake_in_the_rule_pack(void **state)
{
    struct settings *s = NULL;
    struct err err = {0};
    static const char *const text =
        HEAD "kinds = [ \"walk\" ]; rules = \"" SOURCE_DIR "/tests/data/packs/per-unknown.cfg\";";

    (void)state;
    assert_int_equal(settings_load_text(&s, text, strlen(text), "m.conf", &err), 1);
    assert_string_equal(err.en, SOURCE_DIR "/tests/data/packs/per-unknown.cfg:5: unknown per \"week\": "
                                           "use one of month, quarter, year");
}

/* ---- reload ----------------------------------------------------------------------------------- */

static const char *changed_key(const char *next_text)
{
    static struct err err;
    _cleanup_settings_ struct settings *now = load_text(HEAD, "m.conf");
    _cleanup_settings_ struct settings *next = load_text(next_text, "m.conf");

    err_clear(&err);
    return settings_reloadable(now, next, &err) == 0 ? NULL : err.field;
}

static void what_a_reload_may_change(void **state)
{
    const struct settings_key *keys;
    size_t fixed = 0;

    (void)state;
    assert_null(changed_key(HEAD));
    assert_null(changed_key("tracking_since = \"2023-01-01\"; kinds = [ \"walk\" ]; settle = 1;"
                            "transfer_valid_days = 9; log_level = \"error\"; history_ms = 1000;"));
    assert_string_equal(changed_key(HEAD "database = \"/x\";"), "database");
    assert_string_equal(changed_key(HEAD "timezone = \"UTC\";"), "timezone");
    assert_string_equal(changed_key(HEAD "listen = [ \"ipc:///x\" ];"), "listen");
    assert_string_equal(changed_key(HEAD "feed = [ ];"), "feed");
    for (size_t i = 0, n = settings_keys(&keys); i < n; i++)
        fixed += !keys[i].reloads;
    assert_string_equal(changed_key(HEAD "server_key = \"/x\";"), "server_key");
    assert_string_equal(changed_key(HEAD "max_connections = 9;"), "max_connections");
    assert_string_equal(changed_key(HEAD "max_request_bytes = 70000;"), "max_request_bytes");
    assert_int_equal(fixed, 7);
}

static void a_reload_tries_in_a_child(void **state)
{
    _cleanup_settings_ struct settings *s = NULL;
    struct err err = {0};
    char path[64];
    FILE *f;

    (void)state;
    assert_int_equal(settings_load_checked(&s, SAMPLE, &err), 0);
    same_defaults(s);
    snprintf(path, sizeof path, "%s/m.conf", folder);
    settings_free(TAKE(s));
    f = fopen(path, "w");
    assert_non_null(f);
    fputs(HEAD "settle = ;\n", f);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(settings_load_checked(&s, path, &err), 1);
    assert_null(s);
    assert_non_null(strstr(err.en, "m.conf:2: syntax error"));
    assert_non_null(strstr(err.zh, "m.conf:2: 语法错误"));
    assert_int_equal(remove(path), 0);
    err_clear(&err);
    assert_int_equal(settings_load_checked(&s, path, &err), 1);
    assert_non_null(strstr(err.en, "cannot be read"));
}

/* ---- every key is explained --------------------------------------------------------------------- */

static char *file_text(const char *path)
{
    _cleanup_file_ FILE *f = fopen(path, "re");
    struct buf text = {0};
    char piece[4096];
    size_t n;

    assert_non_null(f);
    buf_add_char(&text, '\n');
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        buf_add(&text, piece, n);
    buf_str(&text);
    return text.data;
}

static bool is_key(const struct settings_key *keys, size_t n, const char *name, size_t len)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(keys[i].name) == len && strncmp(keys[i].name, name, len) == 0)
            return true;
    return false;
}

static void the_sample_has_every_key_and_no_other(void **state)
{
    _cleanup_free_ char *sample = file_text(SAMPLE);
    const struct settings_key *keys;
    size_t n = settings_keys(&keys), seen = 0;

    (void)state;
    for (char *line = strtok(sample, "\n"); line; line = strtok(NULL, "\n")) {
        const char *name = line + (strncmp(line, "# ", 2) == 0 ? 2 : 0);
        size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz_");

        if (len == 0 || strncmp(name + len, " = ", 3) != 0)
            continue;
        if (!is_key(keys, n, name, len))
            fail_msg("the sample has the unknown key %.*s", (int)len, name);
        seen++;
    }
    assert_int_equal(seen, n);
}

static void the_document_has_every_key(void **state)
{
    _cleanup_free_ char *document = file_text(SOURCE_DIR "/docs/configuration.md");
    const struct settings_key *keys;
    char row[80];

    (void)state;
    for (size_t i = 0, n = settings_keys(&keys); i < n; i++) {
        snprintf(row, sizeof row, "\n| `%s` |", keys[i].name);
        if (!strstr(document, row))
            fail_msg("docs/configuration.md has no row for %s", keys[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_file),
        cmocka_unit_test(the_sample_says_the_defaults),
        cmocka_unit_test(places_of_an_ordinary_user),
        cmocka_unit_test(relative_names_start_from_the_file),
        cmocka_unit_test(every_key_set),
        cmocka_unit_test(mistakes_of_files_and_words),
        cmocka_unit_test(mistakes_of_endpoints),
        cmocka_unit_test(mistakes_of_users),
        cmocka_unit_test(mistakes_of_numbers),
        cmocka_unit_test(a_mistake_in_the_rule_pack),
        cmocka_unit_test(what_a_reload_may_change),
        cmocka_unit_test(a_reload_tries_in_a_child),
        cmocka_unit_test(the_sample_has_every_key_and_no_other),
        cmocka_unit_test(the_document_has_every_key),
    };

    unsetenv("TZ");
    return cmocka_run_group_tests(tests, setup, teardown);
}
