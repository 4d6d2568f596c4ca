/*
 * cli_print.c - the only place of the core that writes to stdout and stderr.
 *
 * Promises: nothing from data or arguments steers a terminal; a result is
 * written whole or its loss is reported; JSON on stdout is one document.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/json.h"
#include "fair/out_file.h"
#include "fair/text.h"
#include "sync/core/cli_parts.h"

void cli_streams_guard(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) >= 0)
            continue;
        int flags = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;
        int got = open("/dev/null", flags);
        ASSERT(got == fd);
    }
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* what may not grow is full */
}

static enum err fd_put(int fd, struct str s)
{
    while (s.len > 0) {
        ssize_t n = write(fd, s.data, s.len);
        if (n >= 0) {
            s.data += n;
            s.len -= (size_t)n;
        } else if (errno == EAGAIN) {
            /* Somebody made our stdout non-blocking. */
            poll(&(struct pollfd){ .fd = fd, .events = POLLOUT }, 1, -1);
        } else if (errno != EINTR) {
            return err_from_errno(errno);
        }
    }
    return ERR_OK;
}

/* Makes text harmless, but keeps its lines. `indent` stands before all but
 * the first. */
static void put_lines(struct buf *out, struct str s, const char *indent)
{
    while (s.len > 0) {
        const char *end = memchr(s.data, '\n', s.len);
        size_t len = end ? (size_t)(end - s.data) : s.len;
        text_emit_terminal(out, (struct str){ s.data, len });
        s.data += len;
        s.len -= len;
        if (!end)
            return;
        buf_putc(out, '\n');
        s.data++;
        s.len--;
        if (s.len > 0)
            buf_puts(out, indent);
    }
}

/* ---- results ---- */

/* What is in cli->out as it may be shown; `text` is room for it. */
static struct str printable(const struct cli *cli, struct buf *text)
{
    if (cli->format != FORMAT_TEXT)
        return buf_slice(&cli->out);
    put_lines(text, buf_slice(&cli->out), "");
    return buf_slice(text);
}

enum err cli_deliver(struct cli *cli)
{
    BUF(text, MAX_OUTPUT);
    struct str result = printable(cli, &text);
    if (!buf_ok(&cli->out) || !buf_ok(&text))
        return cli_fail(cli, ERR_LIMIT, "%s", _("the result is too long"));
    if (result.len == 0)
        return ERR_OK;
    const char *path = cli_option(cli, "out");
    enum err e =
        path ? out_file_put(path, result) : fd_put(STDOUT_FILENO, result);
    if (e != ERR_OK)
        return cli_fail(cli, e, "%s", path ? path : _("standard output"));
    return ERR_OK;
}

void cli_flush(struct cli *cli)
{
    BUF(text, MAX_OUTPUT);
    (void)fd_put(STDOUT_FILENO, printable(cli, &text));
    buf_clear(&cli->out);
}

/* ---- refusals ---- */

static const char *text_of(const struct cli *cli, enum err e)
{
    return _(cli->text ? cli->text : err_text(e));
}

static const char *remedy_of(const struct cli *cli, enum err e)
{
    const char *unsure = e == ERR_UNSURE ? cli->program->unsure : NULL;
    if (cli->remedy)
        return _(cli->remedy);
    return _(unsure ? unsure : err_remedy(e));
}

static void refuse_people(const struct cli *cli, enum err e)
{
    BUF(out, MAX_OUTPUT);
    struct str detail = buf_slice(&cli->detail);
    bool listed = detail.len > 0 && memchr(detail.data, '\n', detail.len);
    buf_printf(&out, "%s: %s", cli->program->name, text_of(cli, e));
    if (detail.len > 0)
        buf_puts(&out, listed ? ":\n  " : ": ");
    put_lines(&out, detail, "  ");
    if (out.data[out.len - 1] != '\n')
        buf_putc(&out, '\n');
    if (remedy_of(cli, e)[0])
        buf_printf(&out, "  %s\n", remedy_of(cli, e));
    if (e == ERR_USAGE)
        cli_usage(cli, &out);
    (void)fd_put(STDERR_FILENO, buf_slice(&out));
}

static void refuse_scripts(const struct cli *cli, enum err e)
{
    BUF(out, MAX_OUTPUT);
    BUF(message, MAX_OUTPUT);
    struct json j;
    buf_puts(&message, text_of(cli, e));
    if (cli->detail.len > 0)
        buf_printf(&message, ": %s", buf_text(&cli->detail));
    json_begin(&j, &out);
    json_object(&j, NULL);
    json_text(&j, "error", cli->code ? cli->code : err_code(e));
    json_str(&j, "message", buf_slice(&message));
    json_text(&j, "remedy", remedy_of(cli, e));
    json_end_object(&j);
    json_finish(&j);
    (void)fd_put(STDOUT_FILENO, buf_slice(&out));
}

void cli_refuse(const struct cli *cli, enum err e)
{
    refuse_people(cli, e);
    if (cli->format == FORMAT_JSON && !cli->out_on_failure)
        refuse_scripts(cli, e);
}

void cli_note(const struct cli *cli, const char *fmt, ...)
{
    BUF(note, MAX_TEXT);
    BUF(out, MAX_OUTPUT);
    va_list args;
    va_start(args, fmt);
    buf_vprintf(&note, fmt, args);
    va_end(args);
    buf_printf(&out, "%s: ", cli->program->name);
    text_emit_terminal(&out, buf_slice(&note));
    buf_putc(&out, '\n');
    (void)fd_put(STDERR_FILENO, buf_slice(&out));
}
