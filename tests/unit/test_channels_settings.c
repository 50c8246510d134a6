/* Channels in the configuration: what each kind needs, each mistake with its line, secrets and who can read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/buf.h"
#include "leaks.h"
#include "settings/settings.h"

static char folder[] = "/tmp/muster-channels-XXXXXX";

static int setup(void **state)
{
    (void)state;
    setenv("MUSTER_DATADIR", SOURCE_DIR "/config", 1);
    setenv("STATE_DIRECTORY", "/srv/state", 1);
    setenv("RUNTIME_DIRECTORY", "/srv/run", 1);
    return mkdtemp(folder) ? 0 : -1;
}

static void put_file(const char *name, const char *text, mode_t mode)
{
    char path[128];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fchmod(fileno(f), mode), 0);
    assert_int_equal(fclose(f), 0);
}

static int teardown(void **state)
{
    static const char *const names[] = {"password", "url", "open", "empty", "lines", "plain-http"};
    char path[128];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    return rmdir(folder);
}

/* The channels' text in a file m.conf of the test's folder. */
static int load(struct settings **out, const char *channels, struct err *err)
{
    char name[64];
    struct buf text = {0};
    int r;

    snprintf(name, sizeof name, "%s/m.conf", folder);
    buf_addf(&text, "tracking_since = \"2022-01-01\";\nchannels = ( %s );", channels);
    r = settings_load_text(out, text.data, text.len, name, err);
    buf_deinit(&text);
    return r;
}

static void refused(const char *channels, const char *sentence)
{
    struct settings *s = NULL;
    struct err err = {0};
    size_t prefix = strlen(folder) + strlen("/m.conf:");

    assert_int_equal(load(&s, channels, &err), 1);
    assert_null(s);
    assert_true(strlen(err.en) > prefix && err.zh[0] != '\0');
    assert_string_equal(err.en + prefix, sentence);
}

static void every_kind(void **state)
{
    _cleanup_settings_ struct settings *s = NULL;
    const struct settings_channel *c;
    struct err err = {0};

    (void)state;
    put_file("password", "geheim 密\n", 0600);
    put_file("url", "https://qyapi.example.org/send?key=T-1\r\n", 0400);
    if (load(&s,
             "{ name = \"mail\"; kind = \"smtp\"; host = \"mail.example.org\"; from = \"a.b+c@example.org\"; from_name = \"台账\";"
             "  user = \"u\"; password_file = \"password\"; timeout = 7; },\n"
             "{ name = \"local\"; kind = \"smtp\"; host = \"localhost\"; security = \"none\"; from = \"m@x.org\"; names = false; },"
             "{ name = \"group\"; kind = \"wecom\"; url_file = \"url\"; },"
             "{ name = \"ding\"; kind = \"dingtalk\"; url_file = \"url\"; secret_file = \"password\"; names = true; },"
             "{ name = \"hook\"; kind = \"webhook\"; url = \"http://127.0.0.1:8080/x\"; },"
             "{ name = \"sms_1\"; kind = \"command\"; command = [ \"/bin/true\", \"-x\", \"\" ]; }",
             &err) != 0)
        fail_msg("%s", err.en);
    assert_int_equal(s->channel_count, 6);
    c = settings_channel_find(s, "mail");
    assert_int_equal(c->security, CHANNEL_STARTTLS);
    assert_int_equal(c->port, 587);
    assert_string_equal(c->password, "geheim 密");
    assert_int_equal(c->timeout_s, 7);
    assert_true(c->names && settings_channel_is_personal(c));
    c = settings_channel_find(s, "local");
    assert_int_equal(c->port, 25);
    assert_false(c->names);
    c = settings_channel_find(s, "group");
    assert_string_equal(c->url, "https://qyapi.example.org/send?key=T-1");
    assert_true(!c->names && !settings_channel_is_personal(c) && !c->secret);
    assert_true(settings_channel_find(s, "ding")->names);
    assert_int_equal(settings_channel_find(s, "hook")->line, s->channels[0].line + 1);
    c = settings_channel_find(s, "sms_1");
    assert_string_equal(c->argv[1], "-x");
    assert_string_equal(c->argv[2], "");
    assert_null(c->argv[3]);
    assert_null(settings_channel_find(s, "feed"));
}

#define SMTP "name = \"m\"; kind = \"smtp\"; host = \"h.org\"; from = \"a@h.org\"; "
#define ROBOT "name = \"r\"; kind = \"wecom\"; "

static void mistakes(void **state)
{
    (void)state;
    refused("{ name = \"m\"; }", "2: a channel needs a name and a kind");
    refused("{ name = \"M\"; kind = \"smtp\"; }", "2: a channel's name has letters a-z, digits, - and _ only");
    refused("{ name = \"feed\"; kind = \"smtp\"; }", "2: \"feed\" is built in: choose another name");
    refused("{ name = \"m\"; kind = \"mail\"; }", "2: unknown kind \"mail\": use one of smtp, webhook, wecom, dingtalk, feishu, command");
    refused("{ " SMTP "},\n{ " SMTP "}", "3: \"m\" is named twice");
    refused("{ name = \"m\"; kind = \"smtp\"; from = \"a@h.org\"; }", "2: a channel of this kind needs host");
    refused("{ name = \"m\"; kind = \"smtp\"; host = \"h.org\"; }", "2: a channel of this kind needs from");
    refused("{ " SMTP "pasword_file = \"x\"; }", "2: unknown key \"pasword_file\" (did you mean \"password_file\"?)");
    refused("{ " SMTP "security = \"none\"; }",
            "2: mail holds names and must not go over a network unencrypted: security = \"none\" is for a server on this machine "
            "(localhost)");
    refused("{ " SMTP "port = 65536; }", "2: port is 65536: it should be 1 to 65535");
    refused("{ " SMTP "timeout = 0; }", "2: timeout is 0: it should be 1 to 600");
    refused("{ " SMTP "user = \"u\"; }", "2: user and password_file belong together");
    refused("{ " SMTP "ca_file = \"nowhere.pem\"; }", "2: ca_file \"nowhere.pem\" cannot be read");
    refused("{ name = \"m\"; kind = \"smtp\"; host = \"h\"; from = \"A <a@h.org>\"; }", "2: \"A <a@h.org>\" is no mail address (name@host)");
    refused("{ name = \"m\"; kind = \"smtp\"; host = \"h:25\"; from = \"a@h.org\"; }", "2: \"h:25\" is no name of a host");
    refused("{ " ROBOT "}", "2: a robot needs url_file: its address is its key");
    refused("{ " ROBOT "url = \"https://h.org/\"; }", "2: a robot needs url_file: its address is its key");
    refused("{ name = \"w\"; kind = \"webhook\"; }", "2: a webhook needs url, or url_file where the address is a secret");
    refused("{ name = \"w\"; kind = \"webhook\"; url = \"http://office.org/\"; }",
            "2: the address must begin with https:// (http:// is for this machine alone)");
    refused("{ name = \"w\"; kind = \"webhook\"; url = \"file:///etc/passwd\"; }",
            "2: this is no address of the web (https://...)");
    refused("{ name = \"w\"; kind = \"webhook\"; url = \"ftp://h.org/\"; }",
            "2: the address must begin with https:// (http:// is for this machine alone)");
    refused("{ name = \"w\"; kind = \"webhook\"; url = \"https://\"; }", "2: this is no address of the web (https://...)");
    refused("{ name = \"c\"; kind = \"command\"; }",
            "2: a channel of this kind needs command: [ \"/path/of/program\", \"argument\" ]");
    refused("{ name = \"c\"; kind = \"command\"; command = [ \"true\" ]; }", "2: \"true\" is no program by its absolute path");
    refused("{ name = \"c\"; kind = \"command\"; command = [ \"/nonexistent\" ]; }",
            "2: \"/nonexistent\" is no program by its absolute path");
}

static void told(char out[256], const char *name, const char *what)
{
    snprintf(out, 256, "2: %s/%s:1: %s", folder, name, what);
}

static void secrets_are_their_owners(void **state)
{
    char sentence[256];

    (void)state;
    put_file("open", "https://h.org/\n", 0640);
    put_file("empty", "\n", 0600);
    put_file("lines", "a\nb\n", 0600);
    put_file("plain-http", "http://h.org/token\n", 0600);
    told(sentence, "open", "this secret can be read by others (mode 0640): chmod 600, and better make a new one");
    refused("{ " ROBOT "url_file = \"open\"; }", sentence);
    told(sentence, "empty", "is empty");
    refused("{ " ROBOT "url_file = \"empty\"; }", sentence);
    told(sentence, "lines", "must hold one line of text (UTF-8) and nothing else");
    refused("{ " ROBOT "url_file = \"lines\"; }", sentence);
    told(sentence, "none", "No such file or directory");
    refused("{ " ROBOT "url_file = \"none\"; }", sentence);
    refused("{ " ROBOT "url_file = \"plain-http\"; }",
            "2: the address must begin with https:// (http:// is for this machine alone)"); /* and not the token */
}

static void addresses(void **state)
{
    static const struct settings_channel mail = {.kind = CHANNEL_SMTP}, hook = {.kind = CHANNEL_WEBHOOK},
                                         command = {.kind = CHANNEL_COMMAND};
    static const char *const good[] = {"a@b", "li.na_1+x@mail.example.org", "1@2.3"};
    static const char *const bad[] = {"",        "a",        "@b",     "a@",      "a@b@c",  "a b@c",     "a@b c",   "a@b\nBcc: c@d",
                                      ".a@b",    "a..b@c",   "a@b.",   "a@-b",    "<a@b>",  "a@b>,<c@d", "a@b,c@d", "李@b",
                                      "\"a\"@b", "a@[::1]", "a@b;c@d"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(good); i++)
        assert_true(settings_channel_takes(&mail, good[i]));
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        if (settings_channel_takes(&mail, bad[i]))
            fail_msg("\"%s\" is taken for an address", bad[i]);
    assert_true(settings_channel_takes(&hook, "") && settings_channel_takes(&hook, "李娜"));
    assert_false(settings_channel_takes(&hook, "a\nb"));
    assert_true(settings_channel_takes(&command, "+86 138"));
    assert_false(settings_channel_takes(&command, ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind),
        cmocka_unit_test(mistakes),
        cmocka_unit_test(secrets_are_their_owners),
        cmocka_unit_test(addresses),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
