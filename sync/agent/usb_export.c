/*
 * usb_export.c - a till's events as a file of pushes.
 *
 * Written batch by batch, so that a stick that is pulled out has the old file
 * or the new one (out_file.h).
 */
#include "fair/out_file.h"
#include "sync/agent/usb.h"
#include "sync/agent/visit.h"

static enum err write_pushes(struct visit *v, struct out_file *f)
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
        e = out_file_write(f, buf_slice(&v->request));
    }
    return e;
}

static enum err write_file(struct visit *v, const char *path)
{
    struct out_file *f = NULL;
    enum err e = out_file_open(path, &f);
    if (!e)
        e = write_pushes(v, f);
    if (!e)
        e = out_file_settle(f);
    out_file_close(f);
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
