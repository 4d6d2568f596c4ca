/*
 * companion.c - a program beside the screen, on a leash of one socket.
 *
 * Its standard input is one end of a pair of sockets, which it reads like a
 * pipe: a byte wakes it, the end of file says that the till is gone, however
 * that ended. A socket, because a byte for a program that has just died must
 * not raise SIGPIPE in the screen. It has nothing else of ours: no other
 * descriptor, no terminal, no signal that we ignore.
 */
#define _GNU_SOURCE /* close_range */
#include "pos/till/companion.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fair/env.h"

enum {
    PATH_ROOM = 4096,
    LOG_MAX = 1024 * 1024, /* bytes; a longer log begins anew at a start */
    WAIT_FIRST_MS = 1000,
    WAIT_LONGEST_MS = 60000,
    FIRST_OTHER = STDERR_FILENO + 1
};

/* ---- in the child, before it is another program ---- */

static void keep_away(int first)
{
    if (close_range((unsigned)first, ~0U, 0) == 0)
        return;
    for (int fd = first; fd < (int)sysconf(_SC_OPEN_MAX); fd++)
        close(fd);
}

static void forget_signals(void)
{
    sigset_t none;
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL); /* some are not for us to set */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static NORETURN void become(const char *path, const char *const *argv,
                            const int ends[2])
{
    /* Both were opened above the three that they replace. */
    bool good = dup2(ends[0], STDIN_FILENO) >= 0 &&
                dup2(ends[1], STDOUT_FILENO) >= 0 &&
                dup2(ends[1], STDERR_FILENO) >= 0;
    keep_away(FIRST_OTHER);
    forget_signals();
    setsid();
    if (good)
        execv(path, (char *const *)(uintptr_t)argv);
    _exit(127);
}

/* ---- starting ---- */

/* Beside this program; false when the system does not tell where that is. */
static bool path_of(const char *name, struct buf *out)
{
    char self[PATH_ROOM];
    ssize_t len = readlink("/proc/self/exe", self, sizeof(self));
    while (len > 0 && self[len - 1] != '/')
        len--;
    if (len <= 0)
        return false;
    buf_put(out, self, (size_t)len);
    buf_puts(out, name);
    return buf_ok(out);
}

/* Above the three standard ones, whatever this process has closed of them. */
static int raised(int fd)
{
    int high = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, FIRST_OTHER);
    if (fd >= 0)
        close(fd);
    return high;
}

static int log_open(const char *path)
{
    struct stat st;
    int flags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC;
    int fd = open(path, flags | O_NONBLOCK, 0600);
    if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > LOG_MAX)
        (void)!ftruncate(fd, 0);
    return raised(fd >= 0 ? fd : open("/dev/null", O_WRONLY | O_CLOEXEC));
}

static bool pair_open(int pair[2])
{
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
        return false;
    pair[0] = raised(pair[0]);
    pair[1] = raised(pair[1]);
    return pair[0] >= 0 && pair[1] >= 0;
}

static void close_all(const int *fds, int n)
{
    for (int i = 0; i < n; i++) {
        if (fds[i] >= 0)
            close(fds[i]);
    }
}

void companion_start(struct companion *c, const char *const *argv,
                     const char *log_path)
{
    BUF(path, PATH_ROOM);
    int fds[3] = { -1, -1, -1 }; /* its input, its log, our end */
    int pair[2] = { -1, -1 };
    ASSERT(c->pid == 0);
    c->started_ms = env_mono_ms();
    if (c->wait_ms == 0)
        c->wait_ms = WAIT_FIRST_MS;
    bool good = path_of(argv[0], &path) && pair_open(pair);
    fds[0] = pair[0];
    fds[1] = log_open(log_path);
    fds[2] = pair[1];
    pid_t pid = good && fds[1] >= 0 ? fork() : -1;
    if (pid == 0)
        become(buf_text(&path), argv, fds);
    close_all(fds, pid > 0 ? 2 : 3);
    c->pid = pid > 0 ? pid : 0;
    c->input = pid > 0 ? fds[2] : -1;
}

/* ---- living with it ---- */

static void part(struct companion *c)
{
    close(c->input);
    c->pid = 0;
    c->input = -1;
}

/* One that lived for a while comes again at once. */
static void reap(struct companion *c, int64_t lived_ms)
{
    part(c);
    if (lived_ms > WAIT_LONGEST_MS)
        c->wait_ms = 0;
}

static int64_t longer(int64_t wait_ms)
{
    int64_t twice = wait_ms > 0 ? 2 * wait_ms : WAIT_FIRST_MS;
    return twice < WAIT_LONGEST_MS ? twice : WAIT_LONGEST_MS;
}

/* No two starts are nearer to one another than the wait. */
void companion_tend(struct companion *c, const char *const *argv,
                    const char *log_path)
{
    int64_t since = env_mono_ms() - c->started_ms;
    if (c->pid != 0 && waitpid(c->pid, NULL, WNOHANG) == 0)
        return;
    if (c->pid != 0)
        reap(c, since);
    if (since < c->wait_ms)
        return;
    c->wait_ms = longer(c->wait_ms);
    companion_start(c, argv, log_path);
}

void companion_nudge(const struct companion *c)
{
    if (c->pid != 0)
        (void)!send(c->input, "n", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void companion_stop(struct companion *c)
{
    if (c->pid == 0)
        return;
    pid_t pid = c->pid;
    part(c);
    (void)waitpid(pid, NULL, WNOHANG); /* else who comes after us does */
}
