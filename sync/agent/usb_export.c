/*
 * usb_export.c - a till's events as a file of pushes.
 *
 * Written batch by batch beside the name and renamed when it is durable, so
 * that a stick that is pulled out has the old file or the new one.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "fair/env.h"
#include "sync/agent/usb.h"
#include "sync/agent/visit.h"

enum { PATH_ROOM = 4096 };

static enum err write_all(int fd, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.data, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_from_errno(errno);
        bytes.data += n;
        bytes.len -= (size_t)n;
    }
    return ERR_OK;
}

static enum err write_pushes(struct visit *v, int fd)
{
    struct batch batch = { 0 };
    enum err e = visit_hash(v, 0, batch.last.hash);
    while (!e && batch.last.seq < v->end.seq) {
        const struct point before = batch.last;
        int64_t left = v->end.seq - before.seq;
        e = visit_batch(v, &before,
                        left < MAX_BATCH_EVENTS ? (int)left : MAX_BATCH_EVENTS,
                        &batch);
        if (e)
            return e;
        visit_request(v, &batch, STR(""), STR(NONCE_NONE));
        e = write_all(fd, buf_slice(&v->request));
    }
    return e;
}

/* Makes `temp` durable under the name `path`. */
static enum err settle(int fd, const char *temp, const char *path)
{
    if (fsync(fd) < 0 || rename(temp, path) < 0)
        return err_from_errno(errno);
    return ERR_OK;
}

static enum err write_file(struct visit *v, const char *path)
{
    BUF(temp, PATH_ROOM);
    buf_printf(&temp, "%s.%ld.new", path, (long)getpid());
    if (!buf_ok(&temp))
        return visit_fail(v, ERR_INVALID, path);
    int fd =
        open(buf_text(&temp), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return visit_fail(v, err_from_errno(errno), path);
    enum err e = write_pushes(v, fd);
    if (!e)
        e = settle(fd, buf_text(&temp), path);
    if (close(fd) < 0 && !e)
        e = err_from_errno(errno);
    if (e)
        unlink(buf_text(&temp));
    return e ? visit_fail(v, e, path) : ERR_OK;
}

enum err usb_export(struct session *s, const char *path)
{
    struct visit v;
    enum err e = visit_open(&v, s, INBOX_READ);
    s->first_bad = 0;
    if (e == ERR_CORRUPT && v.inbox && !v.ledger) {
        e = visit_open_sound(&v);
        s->first_bad = e ? 0 : v.end.seq + 1;
    }
    if (!e) {
        e = write_file(&v, path);
        visit_report(&v);
    }
    visit_close(&v);
    return e;
}
