/* .xlsx, .xls, .ods: through LibreOffice, where it is installed. There is no well-kept library in C that reads .xlsx in Debian 12. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "import_run.h"
#include "say.h"

extern char **environ;

enum { CONVERT_MS = 120000, FOLDERS_OPEN = 16 };

bool office_is_spreadsheet(const char *name)
{
    static const char *const ends[] = {".xlsx", ".xlsm", ".xls", ".ods", ".et"};
    size_t len = strlen(name);

    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        if (len > strlen(ends[i]) && strcasecmp(name + len - strlen(ends[i]), ends[i]) == 0)
            return true;
    return false;
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *walk)
{
    (void)about;
    (void)type;
    (void)walk;
    return remove(path);
}

struct folder {
    char name[32]; /* "": none */
};

static void remove_folder(struct folder *folder)
{
    if (*folder->name)
        nftw(folder->name, remove_one, FOLDERS_OPEN, FTW_DEPTH | FTW_PHYS);
}

/* Its own profile, so that an office that is open does not take the call over; nothing of it goes to our output. */
static int begin(pid_t *pid_out, const char *folder, const char *name)
{
    char profile[96];
    char *arguments[] = {(char *)"soffice", profile, (char *)"--headless", (char *)"--convert-to",
                         /* comma, quotation mark, UTF-8, from row 1, texts as they are shown (dates as dates), the first sheet */
                         (char *)"csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false", (char *)"--outdir",
                         (char *)folder, (char *)name, NULL};
    posix_spawn_file_actions_t actions;
    int failed;

    snprintf(profile, sizeof profile, "-env:UserInstallation=file://%s/profile", folder);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    failed = posix_spawnp(pid_out, "soffice", &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

static bool end_well(pid_t pid)
{
    struct pollfd ended = {.fd = pidfd_open(pid, 0), .events = POLLIN};
    int status = 0;

    if (ended.fd < 0 || poll(&ended, 1, CONVERT_MS) != 1)
        kill(pid, SIGKILL);
    if (ended.fd >= 0)
        close(ended.fd);
    return waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* The one file that it made. */
static int open_made(const char *folder, const char *name)
{
    const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name, *dot = strrchr(base, '.');
    _cleanup_free_ char *made = NULL;

    if (asprintf(&made, "%s/%.*s.csv", folder, (int)(dot - base), base) < 0)
        abort();
    return open(made, O_RDONLY | O_CLOEXEC);
}

enum exit_status office_convert(int *fd_out, const char *name)
{
    CLEANUP(remove_folder) struct folder folder = {"/tmp/muster-import-XXXXXX"};
    pid_t pid;
    int failed;

    if (access(name, R_OK) != 0 || !mkdtemp(folder.name)) {
        *folder.name = '\0';
        say("%s: %s", name, strerror(errno));
        return EXIT_USAGE;
    }
    failed = begin(&pid, folder.name, name);
    if (failed == ENOENT) {
        say(_("%s: LibreOffice, which would read it, is not installed here: in the spreadsheet choose File, Save as, \"CSV UTF-8\", and import that"), name);
        return EXIT_USAGE;
    }
    *fd_out = failed || !end_well(pid) ? -1 : open_made(folder.name, name);
    if (*fd_out < 0) {
        say(_("%s: LibreOffice could not read it: save it as CSV, and import that"), name);
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}
