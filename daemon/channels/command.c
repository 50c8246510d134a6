/* A command: a program of the administrator's gets the message as JSON on its standard input. No shell, an environment
 * of three names, no files of ours; after its time it is killed with all that it started. Its exit status counts (as in
 * sysexits.h): 0 sent; 65, 67, 68 (the data, the user, the host: wrong for ever) never; any other: try again. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/text.h"
#include "channels/channel_state.h"

enum { SAID_MAX_BYTES = 200 };

struct child {
    pid_t pid;
    int pid_fd; /* readable once it has ended */
    int in;     /* its standard input */
    int said;   /* its standard error */
    struct buf words;
};

/* ---- starting --------------------------------------------------------------------------------- */

static int make_pipes(int in[2], int said[2])
{
    if (pipe2(in, O_CLOEXEC) != 0)
        return -1;
    if (pipe2(said, O_CLOEXEC) == 0)
        return 0;
    close(in[0]);
    close(in[1]);
    return -1;
}

/* A group of its own, no signal blocked or ignored, as every program expects to find it. */
static void set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;

    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(attributes);
    posix_spawnattr_setpgroup(attributes, 0);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &all);
    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

static int spawn(pid_t *out, const struct settings_channel *s, int in, int said)
{
    char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", lang[] = "LANG=C.UTF-8";
    char channel[64];
    char *environment[] = {path, lang, channel, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    int failed;

    snprintf(channel, sizeof channel, "MUSTER_CHANNEL=%s", s->name);
    set_attributes(&attributes);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in, 0);
    posix_spawn_file_actions_adddup2(&files, said, 2);
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addchdir_np(&files, "/");
    failed = posix_spawn(out, s->argv[0], &files, &attributes, s->argv, environment);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return failed;
}

/* 0, or errno. */
static int start(struct child *child, const struct settings_channel *s)
{
    int in[2], said[2], failed;

    if (make_pipes(in, said) != 0)
        return errno;
    failed = spawn(&child->pid, s, in[0], said[1]);
    close(in[0]);
    close(said[1]);
    child->in = in[1];
    child->said = said[0];
    if (failed)
        child->pid = -1;
    child->pid_fd = failed ? -1 : pidfd_open(child->pid, 0);
    if (!failed && child->pid_fd < 0)
        failed = errno;
    (void)fcntl(child->in, F_SETFL, O_NONBLOCK);
    (void)fcntl(child->said, F_SETFL, O_NONBLOCK);
    return failed;
}

/* ---- feeding and waiting ---------------------------------------------------------------------- */

static void close_once(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* A program need not read all of it. (SIGPIPE is ignored in the daemon.) */
static void feed(struct child *child, const char **at, size_t *left)
{
    ssize_t n = write(child->in, *at, *left);

    if (n > 0) {
        *at += n;
        *left -= (size_t)n;
    }
    if (*left == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        close_once(&child->in);
}

static void listen_to(struct child *child)
{
    char piece[512];
    ssize_t n = read(child->said, piece, sizeof piece);

    if (n > 0 && child->words.len < SAID_MAX_BYTES)
        buf_add(&child->words, piece, (size_t)n);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        close_once(&child->said);
}

/* Until it has ended: true; or its time is over, or the channel stops. */
static bool attend(struct child *child, struct channel *c, const char *text)
{
    int64_t end_ms = clock_monotonic_ms() + c->settings->timeout_s * 1000;
    size_t left = strlen(text);

    while (!atomic_load(&c->stopping)) {
        int64_t wait_ms = end_ms - clock_monotonic_ms();
        struct pollfd fds[] = {{.fd = child->pid_fd, .events = POLLIN},
                               {.fd = child->in, .events = POLLOUT},
                               {.fd = child->said, .events = POLLIN},
                               {.fd = c->stop_fd, .events = POLLIN}};

        if (wait_ms <= 0)
            return false;
        if (poll(fds, ARRAY_LEN(fds), (int)wait_ms) < 0 && errno != EINTR)
            return false;
        if (fds[1].revents)
            feed(child, &text, &left);
        if (fds[2].revents)
            listen_to(child);
        if (fds[0].revents)
            return true;
    }
    return false;
}

/* Its whole group: also what it left running. As long as it is not waited for, its number is nobody else's. */
static int end(struct child *child)
{
    int status = 0;

    kill(-child->pid, SIGKILL);
    kill(child->pid, SIGKILL); /* if it has left its group */
    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

static void judge(struct sent_result *out, const struct child *child, int status)
{
    int exited = WEXITSTATUS(status);
    bool never = exited == EX_DATAERR || exited == EX_NOUSER || exited == EX_NOHOST;
    char code[32];

    if (!WIFEXITED(status)) {
        snprintf(code, sizeof code, "signal %d", WTERMSIG(status));
        result_say(out, SENT_LATER, code, "the program was ended by signal %d", WTERMSIG(status));
        return;
    }
    if (exited == 0) {
        *out = (struct sent_result){.sent = SENT_OK};
        return;
    }
    snprintf(code, sizeof code, "exit %d", exited);
    result_say(out, never ? SENT_NEVER : SENT_LATER, code, "the program ended with %d: %.*s", exited,
               (int)(child->words.len < SAID_MAX_BYTES ? child->words.len : SAID_MAX_BYTES),
               child->words.len > 0 ? child->words.data : "");
}

void command_send(struct sent_result *out, struct channel *c, const struct message *m, int64_t now_us)
{
    struct child child = {.pid = -1, .pid_fd = -1, .in = -1, .said = -1};
    json_t *o = form_json(m, channel_discretion(c->settings));
    _cleanup_buf_ struct buf text = {0};
    _cleanup_free_ char *body = NULL;
    int failed;

    (void)now_us;
    form_text(&text, c->forms, m, channel_discretion(c->settings));
    json_object_set_new(o, "text", json_string(buf_str(&text)));
    body = json_dumps(o, JSON_COMPACT);
    json_decref(o);
    failed = start(&child, c->settings);
    if (failed) {
        if (child.pid > 0)
            end(&child);
        result_say(out, SENT_LATER, "no start", "the program cannot be started: %s", strerror(failed));
    } else {
        bool ended = attend(&child, c, body);
        int status;

        listen_to(&child);
        status = end(&child);
        if (ended)
            judge(out, &child, status);
        else
            result_say(out, SENT_LATER, "timeout", "the program did not end within its time");
    }
    close_once(&child.in);
    close_once(&child.said);
    close_once(&child.pid_fd);
    buf_deinit(&child.words);
}
