/*
 * test_spool.c - slips on their way to a printer that is unplugged, slow,
 * stuck or torn away, and a companion that is killed.
 *
 * A FIFO is the device: without a reader it is unplugged, one that is not read
 * is out of paper.
 */
#define _GNU_SOURCE /* F_SETPIPE_SZ */
#include "pos/paper/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fair/env.h"
#include "pos/paper/device.h"
#include "pos/paper/printer.h"
#include "tests/support/scratch.h"

enum { SMALL_PIPE = 4096, BLANKS = 48 * 72, LONG_JOB = 1000 };

static char dir[SCRATCH_ROOM], fifo[SCRATCH_ROOM * 2];
static struct printer printer;
static struct buf paper; /* what the device has got, without blank bytes */
static int wake = -1;    /* our end of the companion's standard input */

static int set_up(void **state)
{
    (void)state;
    scratch_make(dir);
    snprintf(fifo, sizeof(fifo), "%s/lp0", dir);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    printer = (struct printer){ .device = fifo,
                                .profile = PROFILE_ASCII,
                                .columns = 32,
                                .table = -1,
                                .table_capitals = -1,
                                .font = "",
                                .drawer_pin = -1 };
    buf_init(&paper, MAX_OUTPUT);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    if (wake >= 0)
        close(wake);
    wake = -1;
    buf_done(&paper);
    scratch_remove(dir);
    return 0;
}

/* ---- the till's side ---- */

/* Slip n: a head, `lines` lines, an end. */
static void queue(int n, int lines)
{
    BUF(text, MAX_TEXT);
    buf_printf(&text, "<%d>\n", n);
    for (int i = 0; i < lines; i++)
        buf_printf(&text, "%d line %d of this slip\n", n, i);
    buf_printf(&text, "</%d>\n", n);
    struct job job = { .text = buf_slice(&text) };
    assert_int_equal(printer_queue(&printer, dir, &job), ERR_OK);
}

static int waiting(void)
{
    char first[SPOOL_NAME];
    return spool_look(dir, first);
}

/* ---- the companion ---- */

static pid_t companion(void)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        /* Not the paper's end of the device, above all. */
        for (int fd = STDERR_FILENO + 1; fd < 64; fd++) {
            if (fd != ends[0])
                close(fd);
        }
        _exit((int)printer_serve(&printer, dir, ends[0], NULL));
    }
    close(ends[0]);
    wake = ends[1];
    return pid;
}

/* What it answered once its standard input ended; -1 when it was killed. */
static int end_of(pid_t pid)
{
    int status;
    close(wake);
    wake = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* With nobody to wake it: prints what is there. */
static enum err print_now(struct buf *why)
{
    return printer_serve(&printer, dir, -1, why);
}

/* ---- the device ---- */

static int plug_in(void)
{
    int fd = open(fifo, O_RDONLY | O_NONBLOCK);
    assert_true(fd >= 0);
    return fd;
}

/* Takes up to `most` bytes; what it got. 0 at an end. */
static ssize_t take(int fd, size_t most)
{
    char bytes[4096];
    ssize_t n = read(fd, bytes, most < sizeof(bytes) ? most : sizeof(bytes));
    for (ssize_t i = 0; i < n; i++) {
        if (bytes[i])
            buf_putc(&paper, bytes[i]);
    }
    return n;
}

/* Prints until `text` is on the paper. */
static void take_until(int fd, const char *text)
{
    while (!strstr(buf_text(&paper), text)) {
        poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, 100);
        (void)take(fd, 4096);
    }
}

static int count(const char *text)
{
    int n = 0;
    for (const char *at = buf_text(&paper); (at = strstr(at, text)); at++)
        n++;
    return n;
}

/* Slips a…b are there, whole and in their order. */
static void printed(int a, int b)
{
    const char *at = buf_text(&paper);
    for (int n = a; n <= b; n++) {
        char head[16], end[16];
        snprintf(head, sizeof(head), "<%d>", n);
        snprintf(end, sizeof(end), "</%d>", n);
        at = strstr(at, head);
        assert_non_null(at);
        at = strstr(at, end);
        assert_non_null(at);
    }
}

/* ---- a sale never waits ---- */

static void m20_an_unplugged_printer_keeps_no_sale_waiting(void **state)
{
    int64_t best = INT64_MAX;
    (void)state;
    printer.profile = PROFILE_RASTER;
    printer.font = "/usr/share/fonts/truetype/noto/NotoMono-Regular.ttf";
    for (int i = 1; i <= 10; i++) {
        int64_t from = env_mono_ms();
        queue(i, 20);
        int64_t took = env_mono_ms() - from;
        best = took < best ? took : best;
    }
    assert_true(best < 100);
    assert_int_equal(waiting(), 10);
}

static void m20_slips_wait_until_the_printer_is_plugged_in(void **state)
{
    (void)state;
    queue(1, 3);
    pid_t pid = companion();
    queue(2, 3);
    int fd = plug_in();
    assert_int_equal(write(wake, "n", 1), 1);
    take_until(fd, "</2>");
    queue(3, 3);
    assert_int_equal(write(wake, "n", 1), 1);
    take_until(fd, "</3>");
    assert_int_equal(end_of(pid), ERR_OK);
    printed(1, 3);
    assert_int_equal(count("<1>"), 1);
    assert_int_equal(count("<2>"), 1);
    assert_int_equal(count("<3>"), 1);
    assert_int_equal(waiting(), 0);
    close(fd);
}

static void without_a_printer_nothing_is_spooled(void **state)
{
    struct printer_state now;
    BUF(why, MAX_WHY);
    (void)state;
    printer.device = "none";
    queue(1, 1);
    assert_int_equal(waiting(), 0);
    printer_look(&printer, dir, &now, &why);
    assert_false(now.configured);
    assert_int_equal(print_now(NULL), ERR_OK);
}

static void jobs_are_files_of_the_till_alone(void **state)
{
    struct stat st;
    char first[SPOOL_NAME];
    (void)state;
    queue(1, 1);
    queue(2, 1);
    assert_int_equal(spool_look(dir, first), 2);
    assert_string_equal(first, "000001.job");
    assert_int_equal(stat(scratch_path(dir, "spool"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(stat(scratch_path(dir, "spool/000002.job"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    scratch_write(dir, "spool/notes.txt", STR("x"));
    scratch_write(dir, "spool/1.job", STR("x"));
    scratch_write(dir, "spool/000000.job", STR("x"));
    scratch_write(dir, "spool/.000003.job.77.new", STR("x"));
    assert_int_equal(waiting(), 2);
    /* The number of a job that waits is never given away. */
    assert_int_equal(spool_drop(dir, "000001.job"), ERR_OK);
    queue(3, 1);
    assert_int_equal(spool_look(dir, first), 2);
    assert_string_equal(first, "000002.job");
    assert_true(scratch_has(dir, "spool/000003.job"));
}

static void a_spool_has_an_end(void **state)
{
    char name[32];
    struct job job = { .text = STR("x\n") };
    (void)state;
    queue(1, 1);
    scratch_write(dir, "spool/999999.job", STR("x"));
    assert_int_equal(printer_queue(&printer, dir, &job), ERR_LIMIT);
    assert_int_equal(spool_drop(dir, "999999.job"), ERR_OK);
    for (int i = 2; i <= SPOOL_MAX; i++) {
        snprintf(name, sizeof(name), "spool/%06d.job", i);
        scratch_write(dir, name, STR("x"));
    }
    assert_int_equal(printer_queue(&printer, dir, &job), ERR_LIMIT);
    assert_int_equal(waiting(), SPOOL_MAX);
}

/* ---- bad devices ---- */

static void a_slow_printer_gets_every_byte(void **state)
{
    (void)state;
    int fd = plug_in();
    assert_int_equal(fcntl(fd, F_SETPIPE_SZ, SMALL_PIPE), SMALL_PIPE);
    queue(1, LONG_JOB);
    queue(2, LONG_JOB);
    pid_t pid = companion();
    while (!strstr(buf_text(&paper), "</2>")) {
        poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, 100);
        (void)take(fd, 37);
    }
    assert_int_equal(end_of(pid), ERR_OK);
    printed(1, 2);
    assert_int_equal(count("line"), 2 * LONG_JOB);
    close(fd);
}

static void a_printer_torn_away_prints_the_slip_again(void **state)
{
    (void)state;
    int fd = plug_in();
    assert_int_equal(fcntl(fd, F_SETPIPE_SZ, SMALL_PIPE), SMALL_PIPE);
    queue(1, LONG_JOB);
    pid_t pid = companion();
    take_until(fd, "<1>");
    close(fd);
    assert_int_equal(waiting(), 1);
    buf_clear(&paper);
    /* What comes back is another device of the same name. */
    assert_int_equal(unlink(fifo), 0);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    fd = plug_in();
    assert_int_equal(write(wake, "n", 1), 1);
    take_until(fd, "</1>");
    assert_int_equal(end_of(pid), ERR_OK);
    printed(1, 1);
    assert_int_equal(count("line"), LONG_JOB);
    assert_int_equal(waiting(), 0);
    close(fd);
}

/* What was left of a picture is filled before anything else is said. */
static void blank_bytes_settle_a_printer_in_the_middle_of_a_picture(void **s)
{
    char bytes[BLANKS + 64];
    size_t len = 0;
    (void)s;
    int fd = plug_in();
    queue(1, 1);
    assert_int_equal(print_now(NULL), ERR_OK);
    while (len < sizeof(bytes)) {
        ssize_t n = read(fd, bytes + len, sizeof(bytes) - len);
        if (n <= 0)
            break;
        len += (size_t)n;
    }
    assert_true(len > BLANKS);
    for (int i = 0; i < BLANKS; i++)
        assert_int_equal(bytes[i], 0);
    assert_memory_equal(bytes + BLANKS, "\x1B@", 2);
    close(fd);
}

static void who_ends_waits_for_no_unplugged_printer(void **state)
{
    BUF(why, MAX_WHY);
    (void)state;
    queue(1, 1);
    assert_int_equal(print_now(&why), ERR_BUSY);
    assert_string_equal(buf_text(&why), strerror(ENXIO));
    assert_int_equal(waiting(), 1);
    unlink(fifo);
    assert_int_equal(print_now(&why), ERR_BUSY);
    assert_string_equal(buf_text(&why), strerror(ENOENT));
    assert_int_equal(waiting(), 1);
}

static void who_ends_waits_for_no_stuck_printer(void **state)
{
    static char much[1 << 18];
    struct waker w = { -1, true, 20 };
    struct delivery d = { fifo, { much, sizeof(much) }, 0 };
    BUF(why, MAX_WHY);
    (void)state;
    int fd = plug_in();
    memset(much, 'x', sizeof(much));
    assert_int_equal(device_send(&d, &w, &why), ERR_BUSY);
    assert_string_equal(buf_text(&why), "it takes nothing");
    d.device = "command:sleep 1000";
    assert_int_equal(device_send(&d, &w, &why), ERR_BUSY);
    close(fd);
}

static void a_plain_file_is_never_overwritten_as_a_device(void **state)
{
    char path[SCRATCH_ROOM * 2];
    BUF(why, MAX_WHY);
    BUF(kept, MAX_TEXT);
    (void)state;
    scratch_write(dir, "accounts", STR("precious"));
    snprintf(path, sizeof(path), "%s/accounts", dir);
    printer.device = path;
    queue(1, 1);
    assert_int_equal(print_now(&why), ERR_BUSY);
    scratch_read(dir, "accounts", &kept);
    assert_string_equal(buf_text(&kept), "precious");
    assert_string_equal(buf_text(&why), "it is a plain file: say file:PATH");
}

/* ---- files and commands ---- */

static void file_printers_add_at_the_end_whole_or_not_at_all(void **state)
{
    char device[SCRATCH_ROOM * 2 + 8];
    BUF(why, MAX_WHY);
    (void)state;
    snprintf(device, sizeof(device), "file:%s/slips.txt", dir);
    printer.device = device;
    printer.profile = PROFILE_TEXT;
    queue(1, 1);
    queue(2, 0);
    assert_int_equal(print_now(NULL), ERR_OK);
    scratch_read(dir, "slips.txt", &paper);
    assert_string_equal(buf_text(&paper),
                        "<1>\n1 line 0 of this slip\n</1>\n<2>\n</2>\n");
    printer.device = "file:/dev/full";
    queue(3, 1);
    assert_int_equal(print_now(&why), ERR_BUSY);
    assert_string_equal(buf_text(&why), strerror(ENOSPC));
    assert_int_equal(waiting(), 1);
}

static void a_file_that_cannot_grow_keeps_no_half_slip(void **state)
{
    struct rlimit before, little = { 6000, RLIM_INFINITY };
    char device[SCRATCH_ROOM * 2 + 8];
    (void)state;
    snprintf(device, sizeof(device), "file:%s/slips.txt", dir);
    printer.device = device;
    printer.profile = PROFILE_TEXT;
    scratch_write(dir, "slips.txt", STR("earlier\n"));
    queue(1, LONG_JOB);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    little.rlim_max = before.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    assert_int_equal(print_now(NULL), ERR_BUSY);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    scratch_read(dir, "slips.txt", &paper);
    assert_string_equal(buf_text(&paper), "earlier\n");
    assert_int_equal(print_now(NULL), ERR_OK);
    scratch_read(dir, "slips.txt", &paper);
    printed(1, 1);
}

static void commands_get_one_slip_each_and_answer_by_exit_code(void **state)
{
    char device[SCRATCH_ROOM * 2 + 40];
    BUF(why, MAX_WHY);
    (void)state;
    printer.profile = PROFILE_TEXT;
    snprintf(device, sizeof(device), "command:cat >>%s/out; echo . >>%s/out",
             dir, dir);
    printer.device = device;
    queue(1, 0);
    queue(2, 0);
    assert_int_equal(print_now(NULL), ERR_OK);
    scratch_read(dir, "out", &paper);
    assert_string_equal(buf_text(&paper), "<1>\n</1>\n.\n<2>\n</2>\n.\n");
    queue(3, 0);
    printer.device = "command:cat >/dev/null; exit 4";
    assert_int_equal(print_now(&why), ERR_BUSY);
    assert_string_equal(buf_text(&why), "the command ended with 4");
    printer.device = "command:/no/such/thing 2>/dev/null";
    assert_int_equal(print_now(&why), ERR_BUSY);
    assert_string_equal(buf_text(&why), "the command ended with 127");
    assert_int_equal(waiting(), 1);
}

/* ---- one companion at a time, killed at any moment ---- */

static void two_companions_never_print_the_same_slip(void **state)
{
    BUF(why, MAX_WHY);
    (void)state;
    int fd = plug_in();
    queue(1, 1);
    pid_t pid = companion();
    take_until(fd, "</1>");
    queue(2, 1);
    assert_int_equal(print_now(&why), ERR_LOCKED);
    assert_non_null(strstr(buf_text(&why), "fair-pos print"));
    assert_int_equal(write(wake, "n", 1), 1);
    take_until(fd, "</2>");
    assert_int_equal(end_of(pid), ERR_OK);
    assert_int_equal(count("<2>"), 1);
    close(fd);
}

/* Slips are printed while the companion is killed again and again, each time
 * some bytes further. */
static void m20_kill_loses_no_slip_and_doubles_only_what_it_interrupted(
    void **s)
{
    enum { SLIPS = 12, KILLS = 25 };
    (void)s;
    int fd = plug_in(), hold = open(fifo, O_WRONLY), kills = 0;
    assert_true(hold >= 0);
    assert_int_equal(fcntl(fd, F_SETPIPE_SZ, SMALL_PIPE), SMALL_PIPE);
    for (int i = 1; i <= SLIPS; i++)
        queue(i, 150);
    for (; kills < KILLS && waiting() > 0; kills++) {
        size_t most = 100 + (size_t)kills * 911, before = paper.len;
        pid_t pid = companion();
        while (paper.len - before < most && waiting() > 0) {
            poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, 100);
            (void)take(fd, 512);
        }
        kill(pid, SIGKILL);
        assert_int_equal(end_of(pid), -1);
        while (take(fd, 4096) > 0)
            continue;
        buf_puts(&paper, "\n");
    }
    assert_int_equal(print_now(NULL), ERR_OK);
    while (take(fd, 4096) > 0)
        continue;
    assert_int_equal(waiting(), 0);
    assert_true(kills > 3);
    printed(1, SLIPS);
    for (int i = 1, doubled = 0; i <= SLIPS; i++) {
        char end[16];
        snprintf(end, sizeof(end), "</%d>", i);
        doubled += count(end) - 1;
        assert_in_range(count(end), 1, 1 + kills);
        assert_true(doubled <= kills);
    }
    close(fd);
    close(hold);
}

/* ---- what the till is told ---- */

static void the_till_is_told_whether_the_printer_is_there(void **state)
{
    struct printer_state now;
    char path[SCRATCH_ROOM * 2 + 8];
    BUF(why, MAX_WHY);
    (void)state;
    queue(1, 1);
    printer_look(&printer, dir, &now, &why);
    assert_true(now.configured);
    assert_false(now.reachable);
    assert_int_equal(now.waiting, 1);
    assert_true(str_is(now.why, strerror(ENXIO)));
    int fd = plug_in();
    printer_look(&printer, dir, &now, &why);
    assert_true(now.reachable);
    assert_int_equal(now.why.len, 0);
    close(fd);
    snprintf(path, sizeof(path), "file:%s/new", dir);
    printer.device = path;
    printer_look(&printer, dir, &now, &why);
    assert_true(now.reachable);
    assert_false(scratch_has(dir, "new"));
    snprintf(path, sizeof(path), "file:%s/no/new", dir);
    printer_look(&printer, dir, &now, &why);
    assert_false(now.reachable);
    printer.device = "command:anything";
    printer_look(&printer, dir, &now, &why);
    assert_true(now.reachable);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(m20_an_unplugged_printer_keeps_no_sale_waiting),
        TEST(m20_slips_wait_until_the_printer_is_plugged_in),
        TEST(without_a_printer_nothing_is_spooled),
        TEST(jobs_are_files_of_the_till_alone),
        TEST(a_spool_has_an_end),
        TEST(a_slow_printer_gets_every_byte),
        TEST(a_printer_torn_away_prints_the_slip_again),
        TEST(blank_bytes_settle_a_printer_in_the_middle_of_a_picture),
        TEST(who_ends_waits_for_no_unplugged_printer),
        TEST(who_ends_waits_for_no_stuck_printer),
        TEST(a_plain_file_is_never_overwritten_as_a_device),
        TEST(file_printers_add_at_the_end_whole_or_not_at_all),
        TEST(a_file_that_cannot_grow_keeps_no_half_slip),
        TEST(commands_get_one_slip_each_and_answer_by_exit_code),
        TEST(two_companions_never_print_the_same_slip),
        TEST(m20_kill_loses_no_slip_and_doubles_only_what_it_interrupted),
        TEST(the_till_is_told_whether_the_printer_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
