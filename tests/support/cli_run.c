/*
 * cli_run.c - see cli_run.h. Output goes through files, not pipes: nothing to
 * wait for but the process.
 */
#include "tests/support/cli_run.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void read_back(FILE *file, struct buf *out)
{
    char chunk[4096];
    size_t n;
    rewind(file);
    while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0)
        buf_put(out, chunk, n);
    fclose(file);
}

static NORETURN void child(const struct cli_program *program, int out, int err,
                           char **argv)
{
    int argc = 0;
    while (argv[argc])
        argc++;
    dup2(err, STDERR_FILENO);
    if (out == CLI_RUN_CLOSED)
        close(STDOUT_FILENO);
    else
        dup2(out, STDOUT_FILENO);
    _exit(cli_main(program, argc, argv));
}

struct cli_result cli_run(const struct cli_program *program, int to,
                          const char *const *words)
{
    char *argv[CLI_RUN_WORDS + 2] = { x_strdup(program->name) };
    int argc = 1;
    for (; words[argc - 1]; argc++) {
        assert_true(argc <= CLI_RUN_WORDS);
        argv[argc] = x_strdup(words[argc - 1]);
    }
    FILE *out = tmpfile(), *err = tmpfile();
    assert_non_null(out);
    assert_non_null(err);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        child(program, to == CLI_RUN_CAUGHT ? fileno(out) : to, fileno(err),
              argv);
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    for (int i = 0; i < argc; i++)
        free(argv[i]);
    struct cli_result r = { .code =
                                WIFEXITED(status) ? WEXITSTATUS(status) : -1 };
    buf_init(&r.out, MAX_TEXT);
    buf_init(&r.err, MAX_TEXT);
    read_back(out, &r.out);
    read_back(err, &r.err);
    return r;
}

void cli_result_done(struct cli_result *r)
{
    buf_done(&r->out);
    buf_done(&r->err);
}

void text_has(const struct buf *text, const char *what)
{
    if (!strstr(buf_text(text), what))
        fail_msg("\"%s\" is not in \"%s\"", what, buf_text(text));
}
