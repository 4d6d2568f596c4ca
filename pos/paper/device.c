/*
 * device.c - files, devices and commands that take bytes.
 *
 * A device that was unplugged is another one when it comes back: each job
 * opens it anew, and a job that did not go through whole begins again.
 */
#define _GNU_SOURCE /* pipe2 */
#include "pos/paper/device.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "fair/env.h"
#include "fair/i18n.h"

enum { PATH_ROOM = 4096, BLANKS = 512, SHELL_MISSING = 127 };

/* ---- waiting ---- */

static void hear(struct waker *w)
{
    char bytes[64];
    ssize_t n = read(w->fd, bytes, sizeof(bytes));
    if (n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN)))
        return;
    w->ended = true;
    w->fd = -1;
}

bool waker_wait(struct waker *w, int fd, short events, int timeout_ms)
{
    struct pollfd fds[] = { { .fd = fd, .events = events },
                            { .fd = w->fd, .events = POLLIN } };
    if (poll(fds, ARRAY_LEN(fds), timeout_ms) <= 0)
        return false;
    if (fds[1].revents != 0)
        hear(w);
    return fds[0].revents != 0;
}

/* Waits for a device as long as somebody is there to plug it in; false when
 * nobody is and it did not move. */
static bool wait_patiently(struct waker *w, int fd, short events)
{
    for (;;) {
        bool last = w->ended;
        if (waker_wait(w, fd, events, last ? w->stall_ms : -1))
            return true;
        if (last)
            return false;
    }
}

static enum err refuse(struct buf *why, const char *what)
{
    buf_clear(why);
    buf_puts(why, what);
    return ERR_BUSY;
}

static enum err refuse_errno(struct buf *why)
{
    return refuse(why, strerror(errno));
}

static enum err put_all(int fd, struct str bytes, struct waker *w,
                        struct buf *why)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.data, bytes.len);
        if (n > 0) {
            bytes.data += n;
            bytes.len -= (size_t)n;
        } else if (n < 0 && errno != EAGAIN && errno != EINTR) {
            return refuse_errno(why);
        } else if (!wait_patiently(w, fd, POLLOUT)) {
            return refuse(why, _("it takes nothing"));
        }
    }
    return ERR_OK;
}

/* ---- device files ---- */

/* A serial line must not turn line ends into two bytes. */
static void make_raw(int fd)
{
    struct termios t;
    if (tcgetattr(fd, &t) < 0)
        return;
    t.c_oflag &= ~(tcflag_t)OPOST;
    tcsetattr(fd, TCSANOW, &t);
}

/* -1 with `why` and errno. A plain file there would be overwritten from its
 * start. */
static int open_device(const char *path, struct buf *why)
{
    struct stat st;
    int fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        int number = errno;
        (void)refuse_errno(why);
        errno = number;
        return -1;
    }
    if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode))
        return fd;
    close(fd);
    (void)refuse(why, _("it is a plain file: say file:PATH"));
    errno = EINVAL;
    return -1;
}

static enum err send_device(const struct delivery *d, struct waker *w,
                            struct buf *why)
{
    static const char blanks[BLANKS];
    int fd = open_device(d->device, why);
    if (fd < 0)
        return ERR_BUSY;
    make_raw(fd);
    enum err e = ERR_OK;
    for (size_t left = d->settle; !e && left > 0;) {
        size_t n = left < BLANKS ? left : BLANKS;
        e = put_all(fd, (struct str){ blanks, n }, w, why);
        left -= n;
    }
    if (!e)
        e = put_all(fd, d->bytes, w, why);
    if (close(fd) < 0 && !e)
        e = refuse_errno(why);
    return e;
}

/* ---- files that grow ---- */

static const char *rest_of(const char *device, const char *kind)
{
    size_t len = strlen(kind);
    return strncmp(device, kind, len) == 0 && device[len] ? device + len : NULL;
}

/* What did not go in whole is taken back out. */
static enum err send_file(const struct delivery *d, struct waker *w,
                          struct buf *why)
{
    int flags = O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_CLOEXEC;
    int fd = open(rest_of(d->device, "file:"), flags, 0666);
    if (fd < 0)
        return refuse_errno(why);
    struct stat st;
    bool plain = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    enum err e = put_all(fd, d->bytes, w, why);
    if (!e && plain && fsync(fd) < 0)
        e = refuse_errno(why);
    if (e && plain && ftruncate(fd, st.st_size) < 0)
        e = refuse_errno(why);
    if (close(fd) < 0 && !e)
        e = refuse_errno(why);
    return e;
}

/* ---- commands ---- */

static NORETURN void run_command(const char *command, int input)
{
    struct sigaction usual = { .sa_handler = SIG_DFL };
    sigaction(SIGPIPE, &usual, NULL);
    setpgid(0, 0);
    dup2(input, STDIN_FILENO);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(SHELL_MISSING);
}

/* Its exit code says whether it took the job; one that hangs is ended. */
static enum err reap(pid_t pid, struct waker *w, struct buf *why)
{
    int status = 0, fd = pidfd_open(pid, 0);
    bool ended = fd < 0 || wait_patiently(w, fd, POLLIN);
    if (!ended)
        kill(-pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (fd >= 0)
        close(fd);
    if (!ended)
        return refuse(why, _("it takes nothing"));
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return ERR_OK;
    buf_clear(why);
    buf_printf(why, "%s %d", _("the command ended with"),
               WIFEXITED(status) ? WEXITSTATUS(status)
                                 : 128 + WTERMSIG(status));
    return ERR_BUSY;
}

static enum err send_command(const struct delivery *d, struct waker *w,
                             struct buf *why)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return refuse_errno(why);
    pid_t pid = fork();
    if (pid == 0)
        run_command(rest_of(d->device, "command:"), ends[0]);
    close(ends[0]);
    if (pid < 0) {
        close(ends[1]);
        return refuse_errno(why);
    }
    enum err e = ERR_OK;
    if (fcntl(ends[1], F_SETFL, O_NONBLOCK) < 0)
        e = refuse_errno(why);
    if (!e)
        e = put_all(ends[1], d->bytes, w, why);
    close(ends[1]);
    enum err exit = reap(pid, w, why);
    return e ? e : exit;
}

/* ---- all of them ---- */

bool device_form(const char *device)
{
    return strcmp(device, "none") == 0 || device[0] == '/' ||
           rest_of(device, "file:") || rest_of(device, "command:");
}

enum err device_send(const struct delivery *d, struct waker *w, struct buf *why)
{
    if (rest_of(d->device, "file:"))
        return send_file(d, w, why);
    if (rest_of(d->device, "command:"))
        return send_command(d, w, why);
    return send_device(d, w, why);
}

static bool file_reachable(const char *path, struct buf *why)
{
    BUF(folder, PATH_ROOM);
    if (access(path, W_OK) == 0)
        return true;
    buf_puts(&folder, path);
    if (errno == ENOENT && buf_ok(&folder) &&
        access(dirname(folder.data), W_OK) == 0)
        return true;
    (void)refuse_errno(why);
    return false;
}

bool device_reachable(const char *device, struct buf *why)
{
    const char *path = rest_of(device, "file:");
    if (path)
        return file_reachable(path, why);
    if (rest_of(device, "command:"))
        return true;
    int fd = open_device(device, why);
    if (fd >= 0)
        close(fd);
    return fd >= 0 || errno == EBUSY;
}
