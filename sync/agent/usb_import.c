/*
 * usb_import.c - a lists file, read twice: once to check it and to find what
 * is ours, once to take its pages.
 *
 * A file goes through a window of one record, however long it is.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "sync/agent/usb.h"
#include "sync/agent/visit.h"

enum { WINDOW = 128 * 1024 }; /* longer than any record we know */

struct import {
    struct visit visit;
    int fd;
    struct buf window;
    bool any;                      /* record has come */
    struct buf manifest;           /* the newest of ours: both lines */
    int64_t version;               /* of it; 0 none */
    struct buf ack;                /* the newest of ours: both lines */
    int64_t count;                 /* of it; -1 none */
    const struct manifest *wanted; /* whose pages are taken */
};

/* ---- records ------------------------------------------------------------- */

static enum err fill(struct import *im)
{
    while (im->window.len < WINDOW) {
        char *room = buf_room(&im->window, WINDOW - im->window.len);
        ssize_t n = read(im->fd, room, WINDOW - im->window.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ERR_IO;
        if (n == 0)
            return ERR_OK;
        buf_grew(&im->window, (size_t)n);
    }
    return ERR_OK;
}

static void drop(struct buf *b, size_t n)
{
    memmove(b->data, b->data + n, b->len - n);
    b->len -= n;
}

/* Calls `take` for every record of the file. */
static enum err each(struct import *im,
                     enum err (*take)(struct import *im,
                                      const struct file_record *r))
{
    enum err e = lseek(im->fd, 0, SEEK_SET) < 0 ? ERR_IO : ERR_OK;
    buf_clear(&im->window);
    while (!e) {
        struct file_record record;
        e = fill(im);
        struct str rest = buf_slice(&im->window);
        if (!e)
            e = file_record_next(&rest, &record);
        if (!e)
            e = take(im, &record);
        if (!e)
            drop(&im->window, im->window.len - rest.len);
    }
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* ---- the first reading --------------------------------------------------- */

static void replace(struct buf *b, struct str bytes)
{
    buf_clear(b);
    buf_str(b, bytes);
}

static enum err look_at_manifest(struct import *im, struct str bytes)
{
    const struct admission *a = &im->visit.state->admission;
    struct manifest m;
    struct str rest;
    enum err e = manifest_decode(bytes, im->visit.aggregator, &m, &rest);
    if (e)
        return e;
    if (str_eq(m.fair, a->fair) && str_eq(m.booth, a->booth) &&
        m.version > im->version) {
        im->version = m.version;
        replace(&im->manifest, bytes);
    }
    free(m.pages);
    return rest.len > 0 ? ERR_FORM : ERR_OK;
}

static enum err look_at_ack(struct import *im, struct str bytes)
{
    struct ack ack;
    struct str rest;
    enum err e =
        ack_decode(bytes, im->visit.aggregator, STR(NONCE_NONE), &ack, &rest);
    if (e)
        return e;
    if (str_is(ack.device, im->visit.state->device) && ack.count > im->count) {
        im->count = ack.count;
        replace(&im->ack, bytes);
    }
    return rest.len > 0 ? ERR_FORM : ERR_OK;
}

static enum err look(struct import *im, const struct file_record *r)
{
    im->any = true;
    if (str_is(r->kind, "manifest"))
        return look_at_manifest(im, r->bytes);
    return str_is(r->kind, "ack") ? look_at_ack(im, r->bytes) : ERR_OK;
}

/* ---- the second ---------------------------------------------------------- */

static bool names(const struct manifest *m, struct str hex)
{
    for (int64_t i = 0; i < m->n_pages; i++) {
        if (str_eq(m->pages[i].hash, hex))
            return true;
    }
    return false;
}

static enum err take_page(struct import *im, const struct file_record *r)
{
    uint8_t hash[HASH_BYTES];
    BUF(hex, 2 * HASH_BYTES);
    if (!str_is(r->kind, "page"))
        return ERR_OK;
    hash_tagged("", r->bytes, hash);
    buf_hex(&hex, hash, HASH_BYTES);
    if (!names(im->wanted, buf_slice(&hex)) ||
        inbox_has_page(im->visit.inbox, hash))
        return ERR_OK;
    return inbox_put_page(im->visit.inbox, hash, r->bytes);
}

static enum err take_list(struct import *im)
{
    struct manifest m;
    struct str rest;
    struct str lines = buf_slice(&im->manifest);
    if (im->version <= im->visit.list)
        return ERR_OK;
    enum err e = manifest_decode(lines, im->visit.aggregator, &m, &rest);
    if (e)
        return e;
    im->wanted = &m;
    e = each(im, take_page);
    im->wanted = NULL;
    if (!e)
        e = inbox_adopt(im->visit.inbox, &m, lines);
    free(m.pages);
    if (e)
        return visit_inbox(&im->visit, e);
    im->visit.list = im->version;
    return ERR_OK;
}

/* An old file takes nothing back. */
static enum err take_ack(struct import *im)
{
    struct answer a = { .lines = buf_slice(&im->ack) };
    if (im->count <= im->visit.acked.seq)
        return ERR_OK;
    enum err e = ack_decode(a.lines, im->visit.aggregator, STR(NONCE_NONE),
                            &a.ack, &a.rest);
    if (!e && !hex_bytes(a.ack.head, a.head, HASH_BYTES))
        e = ERR_FORM;
    return e ? e : visit_judge(&im->visit, &a);
}

static enum err look_through(struct import *im)
{
    enum err e = each(im, look);
    if (e == ERR_SIGNATURE)
        return visit_fail(&im->visit, e,
                          _("the file is not of our aggregator"));
    if (e == ERR_FORM || e == ERR_CANONICAL)
        return visit_fail(&im->visit, ERR_INVALID, _("the file is damaged"));
    if (e)
        return visit_fail(&im->visit, e, _("the file cannot be read"));
    if (!im->any)
        return visit_fail(&im->visit, ERR_INVALID, _("the file is empty"));
    return ERR_OK;
}

static enum err take(struct import *im)
{
    enum err e = look_through(im);
    if (!e)
        e = take_list(im);
    if (!e)
        e = take_ack(im);
    return e == ERR_FORK ? visit_conclude(&im->visit, e) : e;
}

static enum err import_file(struct import *im, const char *path)
{
    im->count = -1;
    im->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (im->fd < 0)
        return visit_fail(&im->visit, err_from_errno(errno), path);
    buf_init(&im->window, WINDOW);
    buf_init(&im->manifest, MANIFEST_ROOM);
    buf_init(&im->ack, MAX_REPLY);
    enum err e = take(im);
    close(im->fd);
    buf_done(&im->window);
    buf_done(&im->manifest);
    buf_done(&im->ack);
    return e;
}

enum err usb_import(struct session *s, const char *path)
{
    struct import im = { 0 };
    enum err e = visit_open(&im.visit, s, INBOX_WRITE);
    if (!e) {
        e = import_file(&im, path);
        visit_report(&im.visit);
    }
    visit_close(&im.visit);
    return e;
}
