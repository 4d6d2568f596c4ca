/*
 * test_companion.c - programs beside the screen. The companion is this test
 * itself: with a word behind its name it plays the part the word says.
 */
#include "pos/till/companion.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"
#include "tests/support/scratch.h"

enum { MEGABYTE = 1024 * 1024 };

static const char *self; /* our name in our folder */
static char dir[SCRATCH_ROOM], log_path[SCRATCH_ROOM];
static struct companion companion;
static int64_t now_ms;
static struct env before;

/* ---- the parts it plays ---- */

static int part_echo(void)
{
    char byte;
    while (read(STDIN_FILENO, &byte, 1) == 1)
        puts("woken"), fflush(stdout);
    fputs("the till is gone\n", stderr);
    return 0;
}

static int part_end(void)
{
    puts("started");
    return 1;
}

/* Everything of the till's that it could lay its hands on. */
static int part_look(void)
{
    struct sigaction old;
    DIR *fds = opendir("/proc/self/fd");
    int n = 0;
    for (struct dirent *d = readdir(fds); d; d = readdir(fds))
        n += d->d_name[0] != '.';
    printf("fds=%d session=%d tty=%d", n - 1, getsid(0) == getpid(),
           open("/dev/tty", O_RDWR) >= 0);
    sigaction(SIGPIPE, NULL, &old);
    printf(" sigpipe=%d\n", old.sa_handler == SIG_DFL);
    closedir(fds);
    return 0;
}

static const struct {
    const char *word;
    int (*play)(void);
} parts[] = { { "echo", part_echo },
              { "end", part_end },
              { "look", part_look } };

static int play(const char *word)
{
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        if (strcmp(parts[i].word, word) == 0)
            return parts[i].play();
    }
    return 2;
}

/* ---- what the tests have in common ---- */

static int64_t mono(void *ctx)
{
    (void)ctx;
    return now_ms;
}

static int set_up(void **state)
{
    struct env env = *env_get();
    (void)state;
    before = env;
    env.mono_ms = mono;
    env_use(&env);
    now_ms = 5000;
    companion = (struct companion){ 0 };
    scratch_make(dir);
    snprintf(log_path, sizeof(log_path), "%s", scratch_path(dir, "c.log"));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    companion_stop(&companion);
    env_use(&before);
    scratch_remove(dir);
    return 0;
}

static void argv_of(const char *word, const char *argv[3])
{
    argv[0] = self;
    argv[1] = word;
    argv[2] = NULL;
}

static void start(const char *word)
{
    const char *argv[3];
    argv_of(word, argv);
    companion_start(&companion, argv, log_path);
}

static void tend(const char *word)
{
    const char *argv[3];
    argv_of(word, argv);
    companion_tend(&companion, argv, log_path);
}

/* Until it has ended; it stays to be reaped. */
static void wait_for_end(int pid)
{
    siginfo_t info;
    assert_true(pid > 0);
    assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
}

/* ---- the tests ---- */

static void it_is_woken_by_a_byte_and_ends_when_the_till_is_gone(void **state)
{
    (void)state;
    BUF(text, MAX_TEXT);
    start("echo");
    int pid = companion.pid;
    companion_nudge(&companion);
    companion_nudge(&companion);
    close(companion.input); /* as when the screen is killed */
    wait_for_end(pid);
    scratch_read(dir, "c.log", &text);
    assert_string_equal(buf_text(&text), "woken\nwoken\nthe till is gone\n");
    companion.input = dup(STDIN_FILENO);
}

static void it_has_nothing_of_the_tills(void **state)
{
    int others[] = { open("/dev/null", O_RDONLY), dup(STDOUT_FILENO) };
    (void)state;
    BUF(text, MAX_TEXT);
    signal(SIGPIPE, SIG_IGN);
    start("look");
    wait_for_end(companion.pid);
    scratch_read(dir, "c.log", &text);
    assert_string_equal(buf_text(&text), "fds=3 session=1 tty=0 sigpipe=1\n");
    signal(SIGPIPE, SIG_DFL);
    close(others[0]);
    close(others[1]);
}

static void one_that_is_there_is_left_alone(void **state)
{
    (void)state;
    start("echo");
    int pid = companion.pid;
    now_ms += 3600000;
    tend("echo");
    assert_int_equal(companion.pid, pid);
}

static void one_that_ends_comes_again_after_twice_the_wait(void **state)
{
    static const int64_t waits[] = { 1000,  2000,  4000,  8000,
                                     16000, 32000, 60000, 60000 };
    (void)state;
    start("end");
    for (size_t i = 0; i < ARRAY_LEN(waits); i++) {
        wait_for_end(companion.pid);
        now_ms += waits[i] - 1;
        tend("end");
        assert_int_equal(companion.pid, 0);
        now_ms++;
        tend("end");
        assert_true(companion.pid > 0);
    }
}

static void one_that_lived_long_comes_again_at_once(void **state)
{
    (void)state;
    start("end");
    companion.wait_ms = 60000;
    wait_for_end(companion.pid);
    now_ms += 60001;
    tend("end");
    assert_true(companion.pid > 0);
    assert_int_equal(companion.wait_ms, 1000);
}

static void nobody_to_start_leaves_the_till_working(void **state)
{
    static const char *const argv[] = { "no-such-program", NULL };
    (void)state;
    companion_start(&companion, argv, log_path);
    companion_nudge(&companion);
    if (companion.pid != 0)
        wait_for_end(companion.pid);
    companion_nudge(&companion); /* and nobody raises SIGPIPE */
    companion_tend(&companion, argv, log_path);
    assert_int_equal(companion.pid, 0);
    companion_nudge(&companion);
    assert_true(companion.wait_ms > 0);
}

static void a_companion_never_started_can_be_stopped(void **state)
{
    (void)state;
    companion_stop(&companion);
    companion_nudge(&companion);
    assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0);
}

static void the_log_grows_up_to_a_megabyte(void **state)
{
    char *full = x_alloc(MEGABYTE + 1);
    struct stat st;
    (void)state;
    memset(full, 'x', MEGABYTE + 1);
    scratch_write(dir, "c.log", (struct str){ full, MEGABYTE });
    start("end");
    wait_for_end(companion.pid);
    assert_int_equal(stat(log_path, &st), 0);
    assert_int_equal(st.st_size, MEGABYTE + 8);
    now_ms += 1000;
    tend("end");
    wait_for_end(companion.pid);
    assert_int_equal(stat(log_path, &st), 0);
    assert_int_equal(st.st_size, 8);
    free(full);
}

static void without_a_log_it_works_as_well(void **state)
{
    static const char *argv[3];
    int status;
    (void)state;
    argv_of("end", argv);
    companion_start(&companion, argv, dir);
    assert_int_equal(waitpid(companion.pid, &status, 0), companion.pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}

static void a_full_pipe_never_keeps_the_till_waiting(void **state)
{
    (void)state;
    start("echo");
    assert_int_equal(kill(companion.pid, SIGSTOP), 0);
    for (int i = 0; i < 100000; i++)
        companion_nudge(&companion);
    assert_int_equal(kill(companion.pid, SIGKILL), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_woken_by_a_byte_and_ends_when_the_till_is_gone),
        TEST(it_has_nothing_of_the_tills),
        TEST(one_that_is_there_is_left_alone),
        TEST(one_that_ends_comes_again_after_twice_the_wait),
        TEST(one_that_lived_long_comes_again_at_once),
        TEST(nobody_to_start_leaves_the_till_working),
        TEST(a_companion_never_started_can_be_stopped),
        TEST(the_log_grows_up_to_a_megabyte),
        TEST(without_a_log_it_works_as_well),
        TEST(a_full_pipe_never_keeps_the_till_waiting),
    };
    if (argc > 1)
        return play(argv[1]);
    self = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
