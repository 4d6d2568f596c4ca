/*
 * test_env.c - the seam can be replaced; files appear whole or not at all;
 * locks name their holder and end with its process.
 */
#include "fair/env.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- a directory per test ---- */

#define DIR_TEMPLATE "/tmp/fair-env-XXXXXX"

static char dir[sizeof(DIR_TEMPLATE)];

static int dir_new(void **state)
{
    (void)state;
    memcpy(dir, DIR_TEMPLATE, sizeof(DIR_TEMPLATE));
    return mkdtemp(dir) ? 0 : -1;
}

/* Counts the entries; removes those below when asked to. */
static int entries(const char *path, bool wipe)
{
    int n = 0;
    DIR *d = opendir(path);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        n++;
        BUF(name, 1024);
        buf_printf(&name, "%s/%s", path, e->d_name);
        if (wipe && unlink(buf_text(&name)) < 0) {
            entries(buf_text(&name), true);
            rmdir(buf_text(&name));
        }
    }
    closedir(d);
    return n;
}

static int dir_gone(void **state)
{
    (void)state;
    struct env system = env_system();
    env_use(&system);
    entries(dir, true);
    return rmdir(dir);
}

static int mode_of(const char *name)
{
    struct stat st;
    BUF(path, 1024);
    buf_printf(&path, "%s/%s", dir, name);
    assert_int_equal(lstat(buf_text(&path), &st), 0);
    return (int)(st.st_mode & 07777);
}

static void content_is(const char *name, const char *text)
{
    BUF(b, MAX_TEXT);
    assert_int_equal(env_file_read(dir, name, &b), ERR_OK);
    assert_string_equal(buf_text(&b), text);
}

/* ---- the environment ---- */

struct fake {
    int64_t now_ms, waited_ms;
    int waits, draws;
    void (*on_wait)(void);
};

static int64_t fake_ms(void *ctx)
{
    struct fake *f = ctx;
    return f->now_ms;
}

static void fake_wait(void *ctx, int64_t ms)
{
    struct fake *f = ctx;
    f->now_ms += ms;
    f->waited_ms += ms;
    f->waits++;
    if (f->on_wait)
        f->on_wait();
}

/* First the greatest number, then 5 for ever. */
static void fake_random(void *ctx, void *out, size_t len)
{
    struct fake *f = ctx;
    uint32_t n = f->draws++ == 0 ? UINT32_MAX : 5;
    assert_int_equal(len, sizeof(n));
    memcpy(out, &n, len);
}

static void fake_use(struct fake *f)
{
    struct env env = env_system();
    env.ctx = f;
    env.wall_ms = env.mono_ms = fake_ms;
    env.random = fake_random;
    env.wait_ms = fake_wait;
    env_use(&env);
}

static void an_installed_environment_answers_everything(void **state)
{
    (void)state;
    struct fake f = { .now_ms = 1000 };
    fake_use(&f);
    env_wait_ms(500);
    assert_int_equal(env_wall_ms(), 1500);
    assert_int_equal(env_mono_ms(), 1500);
    uint32_t n;
    env_random(&n, sizeof(n));
    assert_int_equal(n, UINT32_MAX);
    assert_int_equal(f.draws, 1);
}

static void a_draw_that_would_favour_small_numbers_is_repeated(void **state)
{
    (void)state;
    struct fake f = { 0 };
    fake_use(&f);
    assert_int_equal(env_random_below(3), 2); /* 2^32-1 is one too many */
    assert_int_equal(f.draws, 2);
    f.draws = 0;
    assert_int_equal(env_random_below(16), 15); /* 16 divides 2^32 */
    assert_int_equal(f.draws, 1);
}

static void random_numbers_stay_below_and_reach_every_value(void **state)
{
    (void)state;
    int seen[10] = { 0 };
    for (int i = 0; i < 1000; i++) {
        uint32_t n = env_random_below(10);
        assert_in_range(n, 0, 9);
        seen[n]++;
    }
    for (int i = 0; i < 10; i++)
        assert_true(seen[i] > 0);
    assert_int_equal(env_random_below(1), 0);
}

static void the_system_has_no_network_of_its_own(void **state)
{
    (void)state;
    assert_null(env_system().post);
    assert_null(env_system().vfs);
}

static void a_boot_is_named_by_six_base32_characters(void **state)
{
    (void)state;
    const struct env *env = env_get();
    char one[7], two[7];
    env->boot_id(env->ctx, one);
    env->boot_id(env->ctx, two);
    assert_int_equal(strlen(one), 6);
    assert_int_equal(strspn(one, "abcdefghijklmnopqrstuvwxyz234567"), 6);
    assert_string_equal(one, two);
}

static void clocks_count_milliseconds(void **state)
{
    (void)state;
    int64_t before = env_mono_ms();
    env_wait_ms(3);
    assert_in_range(env_mono_ms() - before, 2, 60000);
    assert_true(env_wall_ms() > INT64_C(1577836800000)); /* 2020 */
    env_wait_ms(0);
    env_wait_ms(-5);
}

static void free_space_is_known_or_minus_one(void **state)
{
    (void)state;
    const struct env *env = env_get();
    assert_true(env->disk_free(env->ctx, dir) >= 0);
    assert_int_equal(env->disk_free(env->ctx, "/no/such/place"), -1);
}

static void a_failed_call_says_what_a_person_can_do(void **state)
{
    static const struct {
        int number;
        enum err e;
    } cases[] = {
        { ENOSPC, ERR_FULL },
        { EDQUOT, ERR_FULL },
        { EROFS, ERR_READ_ONLY },
        { EACCES, ERR_READ_ONLY },
        { EPERM, ERR_READ_ONLY },
        { ENOENT, ERR_NOT_FOUND },
        { ENOTDIR, ERR_NOT_FOUND },
        { EEXIST, ERR_EXISTS },
        { EMFILE, ERR_BUSY },
        { EIO, ERR_IO },
        { EFBIG, ERR_FULL },
        { ENODEV, ERR_IO },
        { 0, ERR_IO },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(err_from_errno(cases[i].number), cases[i].e);
}

/* ---- files ---- */

static void a_created_file_is_whole_private_and_alone(void **state)
{
    (void)state;
    assert_int_equal(env_file_create(dir, "device.key", STR("secret")), ERR_OK);
    content_is("device.key", "secret");
    assert_int_equal(mode_of("device.key"), 0600);
    assert_int_equal(entries(dir, false), 1);
}

static void a_file_may_be_empty_or_long(void **state)
{
    (void)state;
    static char text[20001];
    memset(text, 'x', sizeof(text) - 1);
    assert_int_equal(env_file_create(dir, "empty", STR("")), ERR_OK);
    assert_int_equal(env_file_create(dir, "long", str_of(text)), ERR_OK);
    content_is("empty", "");
    content_is("long", text);
}

static void an_existing_file_is_never_replaced(void **state)
{
    (void)state;
    assert_int_equal(env_file_create(dir, "key", STR("first")), ERR_OK);
    assert_int_equal(env_file_create(dir, "key", STR("second")), ERR_EXISTS);
    content_is("key", "first");
    assert_int_equal(entries(dir, false), 1);
}

/* Nobody waits for the other end, and no directory is taken for a file. */
static void what_is_no_plain_file_is_not_read(void **state)
{
    BUF(path, 1024);
    BUF(out, MAX_TEXT);
    (void)state;
    buf_printf(&path, "%s/pipe", dir);
    assert_int_equal(mkfifo(buf_text(&path), 0600), 0);
    assert_int_equal(env_file_read(dir, "pipe", &out), ERR_IO);
    assert_int_equal(env_file_read(dir, ".", &out), ERR_IO);
    assert_int_equal(out.len, 0);
}

static void what_somebody_names_may_be_a_pipe(void **state)
{
    int ends[2];
    BUF(path, 64);
    BUF(out, MAX_TEXT);
    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "word", 4), 4);
    close(ends[1]);
    buf_printf(&path, "/proc/self/fd/%d", ends[0]);
    assert_int_equal(env_path_read(buf_text(&path), &out), ERR_OK);
    assert_string_equal(buf_text(&out), "word");
    close(ends[0]);
    assert_int_equal(env_path_read("/no/such/file", &out), ERR_NOT_FOUND);
}

static void a_link_that_leads_nowhere_takes_the_name_too(void **state)
{
    (void)state;
    BUF(path, 1024);
    buf_printf(&path, "%s/key", dir);
    assert_int_equal(symlink("nowhere", buf_text(&path)), 0);
    assert_int_equal(env_file_create(dir, "key", STR("x")), ERR_EXISTS);
}

static void what_a_crash_left_behind_does_not_stand_in_the_way(void **state)
{
    (void)state;
    BUF(name, 1024);
    buf_printf(&name, ".key.%ld.new", (long)getpid());
    assert_int_equal(env_file_create(dir, buf_text(&name), STR("half")),
                     ERR_OK);
    assert_int_equal(env_file_create(dir, "key", STR("whole")), ERR_OK);
    content_is("key", "whole");
    assert_int_equal(entries(dir, false), 1);
}

static void a_write_that_fails_leaves_nothing_behind(void **state)
{
    (void)state;
    struct rlimit old, small = { 3, 3 };
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small.rlim_max = old.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum err e = env_file_create(dir, "key", STR("secret"));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(e, ERR_FULL);
    assert_int_equal(entries(dir, false), 0);
}

static void a_file_that_is_put_replaces_another_whole(void **state)
{
    (void)state;
    assert_int_equal(env_file_put(dir, "state", STR("a long beginning")),
                     ERR_OK);
    content_is("state", "a long beginning");
    assert_int_equal(mode_of("state"), 0600);
    assert_int_equal(env_file_put(dir, "state", STR("end")), ERR_OK);
    content_is("state", "end");
    assert_int_equal(mode_of("state"), 0600);
    assert_int_equal(entries(dir, false), 1);
    assert_int_equal(env_file_put("/no/such", "f", STR("x")), ERR_NOT_FOUND);
}

static void a_put_that_fails_leaves_what_was_there(void **state)
{
    (void)state;
    struct rlimit old, small = { 3, 3 };
    assert_int_equal(env_file_put(dir, "state", STR("old")), ERR_OK);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small.rlim_max = old.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum err e = env_file_put(dir, "state", STR("newer"));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(e, ERR_FULL);
    content_is("state", "old");
    assert_int_equal(entries(dir, false), 1);
}

static void a_file_needs_its_directory(void **state)
{
    (void)state;
    BUF(b, 10);
    assert_int_equal(env_file_create("/no/such", "f", STR("x")), ERR_NOT_FOUND);
    assert_int_equal(env_file_read("/no/such", "f", &b), ERR_NOT_FOUND);
    assert_int_equal(env_file_read(dir, "f", &b), ERR_NOT_FOUND);
}

static void what_is_named_by_its_path_is_read_whole(void **state)
{
    (void)state;
    assert_int_equal(env_file_create(dir, "f", STR("x")), ERR_OK);
    BUF(path, 1024);
    buf_printf(&path, "%s/f", dir);
    BUF(b, 10);
    assert_int_equal(env_path_read(buf_text(&path), &b), ERR_OK);
    assert_string_equal(buf_text(&b), "x");
}

static void reading_appends_all_or_leaves_the_buffer_alone(void **state)
{
    (void)state;
    assert_int_equal(env_file_create(dir, "f", STR("12345")), ERR_OK);
    BUF(path, 1024);
    buf_printf(&path, "%s/d", dir);
    assert_int_equal(env_dir_make(buf_text(&path)), ERR_OK);
    BUF(fits, 7);
    buf_puts(&fits, "a:");
    assert_int_equal(env_file_read(dir, "f", &fits), ERR_OK);
    assert_string_equal(buf_text(&fits), "a:12345");
    BUF(small, 4);
    assert_int_equal(env_file_read(dir, "f", &small), ERR_LIMIT);
    assert_string_equal(buf_text(&small), "");
    assert_int_equal(env_file_read(dir, "d", &fits), ERR_IO);
    assert_string_equal(buf_text(&fits), "a:12345");
}

static void directories_are_made_with_their_parents(void **state)
{
    static const char *paths[] = { "/a/b/c", "/a/b/c", "/a//x/", "/a" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        BUF(path, 1024);
        buf_printf(&path, "%s%s", dir, paths[i]);
        assert_int_equal(env_dir_make(buf_text(&path)), ERR_OK);
    }
    assert_int_equal(mode_of("a"), 0700);
    assert_int_equal(mode_of("a/b/c"), 0700);
    assert_int_equal(mode_of("a/x"), 0700);
    assert_int_equal(env_dir_make(""), ERR_INVALID);
}

static void a_file_in_the_way_is_no_directory(void **state)
{
    (void)state;
    assert_int_equal(env_file_create(dir, "f", STR("")), ERR_OK);
    BUF(path, 1024);
    buf_printf(&path, "%s/f", dir);
    assert_int_equal(env_dir_make(buf_text(&path)), ERR_EXISTS);
    buf_puts(&path, "/g");
    assert_int_equal(env_dir_make(buf_text(&path)), ERR_EXISTS);
}

/* ---- locks ---- */

/* The lock of this name in our directory. */
static enum err take(const char *name, const char *who, int64_t wait_ms,
                     struct buf *holder, struct lock **out)
{
    const struct lock_request want = {
        .dir = dir, .name = name, .who = who, .wait_ms = wait_ms
    };
    return lock_take(&want, holder, out);
}

static struct {
    pid_t pid;
    int end; /* closing it lets the child go */
} child;

/* Starts a process that holds the lock; returns when it does. */
static void child_start(const char *who)
{
    int ready[2], go[2];
    char c;
    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(go), 0);
    child.pid = fork();
    assert_true(child.pid >= 0);
    if (child.pid == 0) {
        struct lock *lock;
        close(go[1]);
        if (take("lock", who, 0, NULL, &lock) != ERR_OK ||
            write(ready[1], "x", 1) != 1)
            _exit(1);
        _exit(read(go[0], &c, 1) == 0 ? 0 : 1);
    }
    close(ready[1]);
    close(go[0]);
    assert_int_equal(read(ready[0], &c, 1), 1);
    close(ready[0]);
    child.end = go[1];
}

static void child_end(void)
{
    int status;
    if (child.pid == 0)
        return;
    close(child.end);
    assert_int_equal(waitpid(child.pid, &status, 0), child.pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    child.pid = 0;
}

static void a_held_lock_is_refused_and_names_its_holder(void **state)
{
    (void)state;
    struct lock *lock = NULL;
    child_start("fair-pos sell");
    BUF(holder, 200);
    BUF(expected, 200);
    buf_printf(&expected, "fair-pos sell, process %ld", (long)child.pid);
    assert_int_equal(take("lock", "me", 0, &holder, &lock), ERR_LOCKED);
    assert_string_equal(buf_text(&holder), buf_text(&expected));
    assert_null(lock);
    assert_int_equal(take("lock", "me", 0, NULL, &lock), ERR_LOCKED);
    assert_int_equal(take("other", "me", 0, NULL, &lock), ERR_OK);
    lock_close(lock);
    child_end();
}

static void waiting_ends_when_the_holder_ends(void **state)
{
    (void)state;
    struct lock *lock;
    struct fake f = { .on_wait = child_end };
    child_start("fair-pos");
    fake_use(&f);
    assert_int_equal(take("lock", "me", 10000, NULL, &lock), ERR_OK);
    assert_int_equal(f.waits, 1);
    lock_close(lock);
}

static void waiting_lasts_exactly_as_long_as_allowed(void **state)
{
    (void)state;
    struct lock *mine, *lock = NULL;
    struct fake f = { .now_ms = 77 };
    fake_use(&f);
    assert_int_equal(take("lock", "me", 0, NULL, &mine), ERR_OK);
    assert_int_equal(take("lock", "me", 1010, NULL, &lock), ERR_LOCKED);
    assert_int_equal(f.waited_ms, 1010);
    lock_close(mine);
}

static void a_killed_holder_holds_nothing(void **state)
{
    (void)state;
    struct lock *lock;
    int status;
    child_start("fair-pos");
    assert_int_equal(kill(child.pid, SIGKILL), 0);
    assert_int_equal(waitpid(child.pid, &status, 0), child.pid);
    close(child.end);
    assert_int_equal(take("lock", "me", 0, NULL, &lock), ERR_OK);
    lock_close(lock);
}

static void a_closed_lock_is_free_and_renamed_by_the_next(void **state)
{
    (void)state;
    struct lock *lock;
    BUF(expected, 200);
    buf_printf(&expected, "b, process %ld", (long)getpid());
    assert_int_equal(take("lock", "a longer name", 0, NULL, &lock), ERR_OK);
    lock_close(lock);
    assert_int_equal(take("lock", "b", 0, NULL, &lock), ERR_OK);
    content_is("lock", buf_text(&expected));
    assert_int_equal(mode_of("lock"), 0600);
    lock_close(lock);
    lock_close(NULL);
}

static void a_holder_cannot_write_control_characters_to_us(void **state)
{
    static const struct {
        const char *text, *shown;
    } cases[] = {
        { "", "another program" },
        { "\x1b[2J", "another program" },
        { "bad\nname", "bad" },
        { "del\x7f", "del" },
        { "fair-sync, process 7", "fair-sync, process 7" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct lock *lock;
        BUF(path, 1024);
        buf_printf(&path, "%s/lock%zu", dir, i);
        int fd = open(buf_text(&path), O_RDWR | O_CREAT, 0600);
        size_t len = strlen(cases[i].text);
        assert_int_equal(write(fd, cases[i].text, len), len);
        assert_int_equal(flock(fd, LOCK_EX), 0);
        BUF(holder, 200);
        assert_int_equal(
            take(strrchr(buf_text(&path), '/') + 1, "me", 0, &holder, &lock),
            ERR_LOCKED);
        assert_string_equal(buf_text(&holder), cases[i].shown);
        close(fd);
    }
}

static void a_lock_is_never_written_through_a_link(void **state)
{
    (void)state;
    struct lock *lock = NULL;
    BUF(path, 1024);
    buf_printf(&path, "%s/lock", dir);
    assert_int_equal(env_file_create(dir, "precious", STR("text")), ERR_OK);
    assert_int_equal(symlink("precious", buf_text(&path)), 0);
    assert_int_not_equal(take("lock", "me", 0, NULL, &lock), ERR_OK);
    assert_null(lock);
    content_is("precious", "text");
}

static void a_lock_needs_its_directory(void **state)
{
    (void)state;
    struct lock *lock = NULL;
    const struct lock_request want = { "/no/such", "lock", "me", 0 };
    assert_int_equal(lock_take(&want, NULL, &lock), ERR_NOT_FOUND);
    assert_null(lock);
}

#define IN_DIR(test) cmocka_unit_test_setup_teardown(test, dir_new, dir_gone)

/* ---- secrets in memory ---- */

static void who_keeps_secrets_leaves_no_core_and_lets_nobody_look(void **state)
{
    int status = 0;
    (void)state;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct rlimit core = { 1, 1 };
        setenv("SSLKEYLOGFILE", "/tmp/secrets-of-connections", 1);
        env_keep_secrets();
        bool none = getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur == 0 &&
                    core.rlim_max == 0 && !getenv("SSLKEYLOGFILE");
#ifndef __SANITIZE_ADDRESS__
        none = none && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
#endif
        _exit(none ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIR(an_installed_environment_answers_everything),
        IN_DIR(a_draw_that_would_favour_small_numbers_is_repeated),
        IN_DIR(random_numbers_stay_below_and_reach_every_value),
        IN_DIR(the_system_has_no_network_of_its_own),
        IN_DIR(a_boot_is_named_by_six_base32_characters),
        IN_DIR(clocks_count_milliseconds),
        IN_DIR(free_space_is_known_or_minus_one),
        IN_DIR(a_failed_call_says_what_a_person_can_do),
        IN_DIR(a_created_file_is_whole_private_and_alone),
        IN_DIR(a_file_may_be_empty_or_long),
        IN_DIR(an_existing_file_is_never_replaced),
        IN_DIR(what_is_no_plain_file_is_not_read),
        IN_DIR(what_somebody_names_may_be_a_pipe),
        IN_DIR(a_link_that_leads_nowhere_takes_the_name_too),
        IN_DIR(what_a_crash_left_behind_does_not_stand_in_the_way),
        IN_DIR(a_write_that_fails_leaves_nothing_behind),
        IN_DIR(a_file_that_is_put_replaces_another_whole),
        IN_DIR(a_put_that_fails_leaves_what_was_there),
        IN_DIR(a_file_needs_its_directory),
        IN_DIR(what_is_named_by_its_path_is_read_whole),
        IN_DIR(reading_appends_all_or_leaves_the_buffer_alone),
        IN_DIR(directories_are_made_with_their_parents),
        IN_DIR(a_file_in_the_way_is_no_directory),
        IN_DIR(a_held_lock_is_refused_and_names_its_holder),
        IN_DIR(waiting_ends_when_the_holder_ends),
        IN_DIR(waiting_lasts_exactly_as_long_as_allowed),
        IN_DIR(a_killed_holder_holds_nothing),
        IN_DIR(a_closed_lock_is_free_and_renamed_by_the_next),
        IN_DIR(a_holder_cannot_write_control_characters_to_us),
        IN_DIR(a_lock_is_never_written_through_a_link),
        IN_DIR(a_lock_needs_its_directory),
        IN_DIR(who_keeps_secrets_leaves_no_core_and_lets_nobody_look),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
