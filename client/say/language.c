#include "say/language.h"

#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"

#define DOMAIN "muster"
#define CATALOGUE "/zh_CN/LC_MESSAGES/" DOMAIN ".mo"

static bool chinese;

/* The catalogues beside the program, where it was built or installed: BIN/../share/locale. */
static bool beside_program(struct buf *out)
{
    char program[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", program, sizeof program);
    _cleanup_buf_ struct buf file = {0};

    while (len > 0 && len < (ssize_t)sizeof program && program[len - 1] != '/')
        len--;
    if (len <= 0 || len == (ssize_t)sizeof program)
        return false;
    buf_addf(out, "%.*s../share/locale", (int)len, program);
    buf_addf(&file, "%s" CATALOGUE, buf_str(out));
    return access(buf_str(&file), R_OK) == 0;
}

/* Where the catalogues are: as told (gettext's own variable), beside the program, or where they were to be installed. */
static void find_catalogues(void)
{
    const char *told = getenv("TEXTDOMAINDIR");
    _cleanup_buf_ struct buf beside = {0};

    if (told && told[0] == '/')
        bindtextdomain(DOMAIN, told);
    else
        bindtextdomain(DOMAIN, beside_program(&beside) ? buf_str(&beside) : MUSTER_LOCALEDIR);
    bind_textdomain_codeset(DOMAIN, "UTF-8");
    textdomain(DOMAIN);
}

void say_set_language(const char *language)
{
    chinese = strncmp(language, "zh", 2) == 0;
    find_catalogues();
    /* gettext translates in any locale but "C", and then into what LANGUAGE says. C.UTF-8 is always there. Setting
     * the locale also makes it forget what it found for another language. */
    setenv("LANGUAGE", chinese ? "zh_CN" : "en", 1);
    setlocale(LC_MESSAGES, "C.UTF-8");
}

const char *say_language(void)
{
    return chinese ? "zh" : "en";
}

static bool is_plain(const char *locale)
{
    return strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0;
}

/* The first of LANGUAGE's list ("zh_CN:en") that we speak; NULL if there is none. */
static const char *first_spoken(const char *list)
{
    for (; list && *list; list += strcspn(list, ":"), list += *list == ':') {
        if (strncmp(list, "zh", 2) == 0)
            return "zh";
        if (strncmp(list, "en", 2) == 0)
            return "en";
    }
    return NULL;
}

const char *say_language_of_environment(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *locale = NULL, *listed;

    for (size_t i = 0; i < ARRAY_LEN(variables) && !(locale && *locale); i++)
        locale = getenv(variables[i]);
    if (locale && is_plain(locale))
        return "en";
    listed = first_spoken(getenv("LANGUAGE"));
    if (listed)
        return listed;
    return locale && strncmp(locale, "zh", 2) == 0 ? "zh" : "en";
}

const char *said(const char *text)
{
    /* The translation of "" is the head of the catalogue. */
    const char *translated = *text ? gettext(text) : text;
    const char *after = strchr(text, '\004');

    /* Without a translation the context is not to be seen. */
    return translated == text && after ? after + 1 : translated;
}
