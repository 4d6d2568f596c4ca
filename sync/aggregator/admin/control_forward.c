/*
 * control_forward.c - the asking side: a writing command goes to whoever
 * serves its directory.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "fair/i18n.h"

#include "control.h"
#include "control_wire.h"

static bool put_request(const struct cli *cli, struct buf *out)
{
    char cwd[4096];

    if (getcwd(cwd, sizeof(cwd)) == NULL)
        return false;
    wire_put_string(out, str_of(cwd));
    for (int i = 0; i < cli->argc; i++) {
        wire_put_string(out, str_of(cli->argv[i]));
        if (i == 0 && !cli_has(cli, "language")) {
            wire_put_string(out, STR("--language"));
            wire_put_string(out, str_of(i18n_language()));
        }
    }
    return buf_ok(out);
}

static enum err take_reply(struct cli *cli, struct str reply)
{
    struct str out, detail, text, remedy, note;
    uint32_t e = 0, shown = 0;

    if (!wire_take_number(&reply, &e) || e >= ERR_COUNT ||
        !wire_take_string(&reply, &out) || !wire_take_string(&reply, &detail))
        return ERR_UNSURE;
    buf_str(&cli->out, out);
    buf_str(&cli->detail, detail);
    /* A server of an earlier program says no more. */
    if (wire_take_number(&reply, &shown) && wire_take_string(&reply, &text) &&
        wire_take_string(&reply, &remedy))
        cli_take_face(cli, text, remedy);
    if (wire_take_string(&reply, &note))
        buf_str(&cli->note, note);
    cli->out_on_failure = shown != 0;
    return (enum err)e;
}

enum err control_forward(struct cli *cli, bool *handled)
{
    BUF(request, CONTROL_REQUEST_MAX);
    BUF(reply, MAX_OUTPUT);
    int fd = -1;

    if (wire_connect(cli->data, &fd) != ERR_OK)
        return ERR_OK;
    *handled = true;
    enum err e = ERR_LIMIT;
    if (put_request(cli, &request)) {
        e = ERR_UNSURE; /* once sent, only the answer tells */
        if (wire_write_all(fd, buf_slice(&request)) &&
            shutdown(fd, SHUT_WR) == 0 && wire_read_all(fd, &reply))
            e = take_reply(cli, buf_slice(&reply));
    }
    close(fd);
    return e;
}
