/*
 * tty.c - whatever happens, the operator gets a usable terminal back.
 *
 * What runs in a handler only calls what is safe there: it writes bytes that
 * were made before, sets modes that were read before, and tells the loop by a
 * pipe. A fatal signal then goes on to whoever handled it before us.
 */
#define _GNU_SOURCE
#include "pos/term/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static void tell(int number);
static void end(int number);
static void nothing(int number);

static struct {
    int number;
    void (*handler)(int);
    struct sigaction before;
} caught[] = {
    { .number = SIGWINCH, .handler = tell },
    { .number = SIGCONT, .handler = tell },
    { .number = SIGTERM, .handler = tell },
    { .number = SIGHUP, .handler = tell },
    { .number = SIGINT, .handler = nothing },
    { .number = SIGTSTP, .handler = nothing },
    { .number = SIGSEGV, .handler = end },
    { .number = SIGBUS, .handler = end },
    { .number = SIGFPE, .handler = end },
    { .number = SIGILL, .handler = end },
    { .number = SIGABRT, .handler = end },
    { .number = SIGQUIT, .handler = end },
};

static struct {
    bool open, will_leave;
    struct termios modes;
    char leave[256];   /* what to send at the end */
    int told, telling; /* the two ends of the pipe */
} tty;

void tty_write(const char *bytes)
{
    for (size_t left = strlen(bytes); left > 0;) {
        ssize_t n = write(STDOUT_FILENO, bytes, left);
        if (n < 0 && errno != EINTR)
            return;
        bytes += n > 0 ? n : 0;
        left -= n > 0 ? (size_t)n : 0;
    }
}

static void put_back(void)
{
    if (!tty.open)
        return;
    tty.open = false;
    tty_write(tty.leave);
    tcsetattr(STDIN_FILENO, TCSANOW, &tty.modes);
}

static void tell(int number)
{
    int kept = errno;
    char byte = (char)number;
    /* A full pipe has told enough. */
    ssize_t n = write(tty.telling, &byte, 1);
    (void)n;
    errno = kept;
}

static void nothing(int number)
{
    (void)number;
}

static void end(int number)
{
    put_back();
    for (size_t i = 0; i < ARRAY_LEN(caught); i++) {
        if (caught[i].number == number)
            sigaction(number, &caught[i].before, NULL);
    }
    raise(number);
}

static void catch_signals(void)
{
    for (size_t i = 0; i < ARRAY_LEN(caught); i++) {
        struct sigaction act = { .sa_flags = SA_RESTART };
        sigemptyset(&act.sa_mask);
        act.sa_handler = caught[i].handler;
        sigaction(caught[i].number, &act, &caught[i].before);
    }
}

bool tty_open(void)
{
    ASSERT(!tty.open);
    int ends[2];
    if (!isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &tty.modes) != 0 ||
        pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0)
        return false;
    tty.told = ends[0];
    tty.telling = ends[1];
    tty.leave[0] = '\0';
    tty.open = true;
    catch_signals();
    if (!tty.will_leave)
        tty.will_leave = atexit(put_back) == 0;
    err_on_die(put_back);
    return true;
}

void tty_leave_with(const char *bytes)
{
    size_t len = strlen(bytes);
    ASSERT(len < sizeof(tty.leave));
    memcpy(tty.leave, bytes, len + 1);
}

void tty_close(void)
{
    put_back();
    err_on_die(NULL);
    for (size_t i = 0; i < ARRAY_LEN(caught); i++)
        sigaction(caught[i].number, &caught[i].before, NULL);
    close(tty.told);
    close(tty.telling);
}

int tty_fd(void)
{
    return tty.told;
}

int tty_signals(void)
{
    char bytes[64];
    int found = 0;
    ssize_t n;
    while ((n = read(tty.told, bytes, sizeof(bytes))) > 0) {
        for (ssize_t i = 0; i < n; i++) {
            if (bytes[i] == SIGWINCH)
                found |= TTY_RESIZED;
            else if (bytes[i] == SIGCONT)
                found |= TTY_CONTINUED;
            else
                found |= TTY_ENDED;
        }
    }
    return found;
}
