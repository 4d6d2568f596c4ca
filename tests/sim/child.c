/*
 * child.c - see child.h.
 */
#include "tests/sim/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void become(const struct program *program, const char *const *words,
                   int out)
{
    const char *argv[CHILD_WORDS + 4] = { program->path, "--data",
                                          program->data };
    int n = 3, null = open("/dev/null", O_RDONLY);
    for (int i = 0; words[i]; i++) {
        if (n > CHILD_WORDS)
            _exit(127);
        argv[n++] = words[i];
    }
    dup2(null, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    execv(program->path, (char *const *)(uintptr_t)argv);
    _exit(127);
}

enum err child_start(const struct program *program, const char *const *words,
                     struct child *out)
{
    int ends[2];
    if (pipe(ends) < 0)
        return ERR_IO;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    pid_t pid = fork();
    if (pid == 0)
        become(program, words, ends[1]);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return ERR_IO;
    }
    *out = (struct child){ pid, ends[0] };
    return ERR_OK;
}

enum err child_line(struct child *child, struct buf *line)
{
    char c;
    for (;;) {
        ssize_t n = read(child->out, &c, 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return ERR_IO;
        if (c == '\n')
            return ERR_OK;
        buf_putc(line, c);
    }
}

static int wait_for(pid_t pid)
{
    int status;
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR)
            return -1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int child_end(struct child *child, int number)
{
    if (child->pid == 0)
        return 0;
    kill(child->pid, number);
    int code = wait_for(child->pid);
    close(child->out);
    *child = (struct child){ 0 };
    return code;
}

enum err child_run(const struct program *program, const char *const *words,
                   struct buf *out, int *code)
{
    char bytes[4096];
    struct child child;
    enum err e = child_start(program, words, &child);
    if (e)
        return e;
    ssize_t n;
    do {
        n = read(child.out, bytes, sizeof(bytes));
        if (n > 0)
            buf_put(out, bytes, (size_t)n);
    } while (n > 0 || (n < 0 && errno == EINTR));
    close(child.out);
    *code = wait_for(child.pid);
    return buf_ok(out) ? ERR_OK : ERR_LIMIT;
}
