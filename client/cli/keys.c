/* `muster key`: keys made, allowed, revoked, listed; what each role may do; what a client needs. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/keyfile.h"
#include "base/text.h"
#include "families.h"
#include "page.h"
#include "record.h"
#include "say.h"
#include "wire/roles.h"

static int say_err(const struct err *err, enum exit_status status)
{
    say("%s", err_text(err, say_language()));
    return status;
}

/* ~/.config/muster/NAME.key */
static char *own_file(const char *name)
{
    _cleanup_free_ char *folder = where_config_folder();
    char *path = NULL;

    if (folder && asprintf(&path, "%s/%s.key", folder, name) < 0)
        abort();
    return path;
}

static void make_folders(const char *path)
{
    _cleanup_free_ char *folder = strdup(path);

    for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(folder, 0700);
        *slash = '/';
    }
}

static void say_next(const char *name, const char *path, const char *public)
{
    printf("public: %s\n", public);
    printf(_("private: %s - for this machine and you alone\n"), path);
    printf(_("an admin allows it:  muster key allow %s --public '%s' --role recorder --branches BRANCH\n"),
           name, public);
}

static int new_run(struct cli *cli, const struct arguments *args)
{
    const char *name = args->word_count > 0 ? args->words[0] : "muster", *out = arguments_value(args, "out");
    _cleanup_free_ char *path = out ? strdup(out) : own_file(name);
    struct keypair pair;
    struct err err = {0};
    int failed;

    (void)cli;
    if (text_ref_check(name, strlen(name)) != REF_OK) {
        say(_("\"%s\" cannot be the name of a key: letters, digits, - _ . only"),
            name);
        return EXIT_USAGE;
    }
    if (!path) {
        say(_("there is no home directory: name the file, --out FILE"));
        return EXIT_USAGE;
    }
    if (!out)
        make_folders(path);
    if (muster_key_make(pair.public, pair.secret) != MUSTER_OK) {
        say(_("libzmq cannot make a key pair: it has no CURVE"));
        return EXIT_REFUSED;
    }
    failed = keyfile_write(path, &pair, name, &err);
    memset(pair.secret, 0, sizeof pair.secret);
    if (failed)
        return say_err(&err, EXIT_REFUSED);
    say_next(name, path, pair.public);
    return EXIT_DONE;
}

static int show_run(struct cli *cli, const struct arguments *args)
{
    struct keypair pair;
    struct err err = {0};
    const char *path = args->word_count > 0 ? args->words[0] : NULL;

    if (!path) {
        enum exit_status status = cli_read_config(cli);

        if (status != EXIT_DONE)
            return status;
        path = cli->config.key_file;
    }
    if (!path) {
        say(_("no key file is configured: muster key show FILE"));
        return EXIT_USAGE;
    }
    if (keyfile_read(&pair, path, &err) != 0)
        return say_err(&err, EXIT_REFUSED);
    printf("%s\n", pair.public);
    return EXIT_DONE;
}

static const struct column key_columns[] = {
    {"key", N_("KEY"), 0, 0, NULL},
    {"role", N_("ROLE"), 0, 0, NULL},
    {"branches", N_("BRANCHES"), COLUMN_CUT, 0, NULL},
    {"areas", N_("AREAS"), COLUMN_CUT, 0, NULL},
    {"public", N_("PUBLIC"), 0, 0, NULL},
    {"allowed", N_("ALLOWED"), COLUMN_CUT, 0, NULL},
    {"allowed_by", N_("BY"), 0, 0, NULL},
    {"revoked", N_("REVOKED"), COLUMN_CUT, 0, NULL},
    {"revoked_by", N_("BY"), 0, 0, NULL},
};

static int list_keys_run(struct cli *cli, const struct arguments *args)
{
    _cleanup_json_ json_t *body = NULL;
    _cleanup_pages_ struct pages pages = {.limit = page_limit(cli)};
    _cleanup_rows_ struct rows *rows = NULL;
    enum exit_status status = cli_body(cli, args, &body);

    if (status != EXIT_DONE)
        return status;
    json_object_set_new(body, "what", json_string("keys"));
    rows = rows_new(cli, key_columns, ARRAY_LEN(key_columns));
    return page_print(cli, "list", body, &pages, rows, _("no key is allowed: nobody comes in over tcp"));
}

static const struct column role_columns[] = {
    {"kind", N_("KIND"), 0, 0, NULL}, {"name", N_("NAME"), 0, 0, NULL},
    {"recorder", N_("RECORDER"), 0, 0, NULL}, {"reader", N_("READER"), 0, 0, NULL},
    {"staff", N_("STAFF"), 0, 0, NULL}, {"admin", N_("ADMIN"), 0, 0, NULL},
    {"remark", N_("REMARK"), COLUMN_CUT, 0, NULL},
};

static int roles_run(struct cli *cli, const struct arguments *args)
{
    _cleanup_rows_ struct rows *rows = rows_new(cli, role_columns, ARRAY_LEN(role_columns));
    struct right_row right;

    (void)args;
    for (size_t i = 0; roles_row(&right, i); i++) {
        _cleanup_json_ json_t *row = json_pack("{s:s, s:s}", "kind", right.kind, "name", right.name);

        for (int role = 0; role < KEY_ROLE_COUNT; role++)
            json_object_set_new(row, key_role_name((enum key_role)role), json_string(right_name(right.rights[role])));
        if (*right.en)
            json_object_set_new(row, "remark", json_string(say_either(right.en, right.zh)));
        rows_add(rows, row);
    }
    rows_end(rows);
    return EXIT_DONE;
}

/* What stands in the muster.conf of a client on another machine. */
static int client_run(struct cli *cli, const struct arguments *args)
{
    enum exit_status status = cli_open(cli);
    const json_t *tcp = json_object_get(cli->status, "tcp");
    const char *key = json_string_value(json_object_get(cli->status, "server_key"));
    const json_t *endpoint = json_array_get(tcp, 0);

    (void)args;
    if (status != EXIT_DONE)
        return status;
    if (!key) {
        say(_("musterd does not tell its key"));
        return EXIT_REFUSED;
    }
    if (!endpoint)
        say(_("musterd listens on ipc only: add tcp://ADDRESS:PORT to its listen to let keys in"));
    printf("# ~/.config/muster/muster.conf\n");
    printf("server = \"%s\";\n", endpoint ? json_string_value(endpoint) : "tcp://HOST:PORT");
    printf("server_key = \"%s\";\n", key);
    printf("key_file = \"muster.key\";  # muster key new\n");
    printf("ledger = \"%s\";\n", muster_ledger(cli->session));
    return EXIT_DONE;
}

static const struct option_spec new_options[] = {
    {"out", OPTION_TEXT, "FILE", NULL, N_("the file to write (else ~/.config/muster/NAME.key)")},
};
static const struct option_spec list_options[] = {
    {"revoked", OPTION_FLAG, NULL, "all", N_("the revoked ones too")},
};

static const struct verb verbs[] = {
    {.name = "key new", .words = "[NAME]", .max_words = 1, .options = new_options, .option_count = ARRAY_LEN(new_options),
     .run = new_run, .en = N_("a key pair for this machine"), .example = "muster key new zhang"},
    {.name = "key show", .words = "[FILE]", .max_words = 1, .run = show_run, .en = N_("the public part of a key file"), .example = "muster key show ~/.config/muster/zhang.key"},
    {.name = "key allow", .words = "NAME", .max_words = 1, .run = record_run, .type = EV_KEY_ALLOWED,
     .word_fields = {F_KEY}, .en = N_("a key may be used from now on (admins)"),
     .example = "muster key allow zhang --public 'rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7' --role recorder --branches B-017\n"
                "muster key allow office --public '...' --role staff --areas 450312"},
    {.name = "key revoke", .words = "NAME", .max_words = 1, .run = record_run, .type = EV_KEY_REVOKED,
     .word_fields = {F_KEY}, .en = N_("a key may not be used any more (admins)"),
     .example = "muster key revoke zhang --reason \"laptop lost\""},
    {.name = "key list", .words = "", .flags = VERB_LISTS, .options = list_options, .option_count = ARRAY_LEN(list_options),
     .run = list_keys_run, .en = N_("the keys that are allowed (admins)"),
     .example = "muster key list --revoked"},
    {.name = "key roles", .words = "", .run = roles_run, .en = N_("what each role may do"),
     .example = "muster key roles"},
    {.name = "key", .words = "", .run = client_run, .en = N_("what to copy to a client on another machine"), .example = "muster key"},
};

const struct family family_keys = {N_("Keys"), verbs, ARRAY_LEN(verbs)};
