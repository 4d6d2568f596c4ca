/*
 * printer.c - the spool and the device put together, and the loop between.
 *
 * A printer that was left in the middle of a job takes what comes next for the
 * rest of a picture: before the first job of a process and after every failure
 * it is sent as many blank bytes as a picture can lack; it ignores those it
 * does not lack.
 */
#include "pos/paper/printer.h"

#include <signal.h>
#include <string.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "pos/paper/device.h"
#include "pos/paper/raster.h"
#include "pos/paper/spool.h"

enum {
    PATH_ROOM = 4096,
    RESCAN_MS = 5000, /* for jobs that nobody woke us for */
    RETRY_MS = 250,   /* doubling up to … */
    RETRY_MAX_MS = 8000,
    SETTLE = STRIP_ROWS * STRIP_DOTS / 8
};

/* ---- configuration ---- */

static bool says_yes(const struct conf *conf, const char *name)
{
    return strcmp(conf_text(conf, name), "yes") == 0;
}

const char *const profile_words[] = {
    [PROFILE_RASTER] = "raster", [PROFILE_TCVN3] = "tcvn3",
    [PROFILE_CP1258] = "cp1258", [PROFILE_VISCII] = "viscii",
    [PROFILE_ASCII] = "ascii",   [PROFILE_TEXT] = "text"
};

enum err printer_conf(const struct conf *conf, struct printer *out)
{
    struct printer p = {
        .device = conf_text(conf, "printer"),
        .columns = strcmp(conf_text(conf, "printer_columns"), "32") ? 48 : 32,
        .table = (int)conf_int(conf, "printer_table"),
        .table_capitals = (int)conf_int(conf, "printer_table_capitals"),
        .font = conf_text(conf, "printer_font"),
        .drawer_pin = (int)conf_int(conf, "drawer_pin"),
        .cut = says_yes(conf, "printer_cut"),
    };
    if (!device_form(p.device))
        return ERR_CONFIG;
    while (strcmp(conf_text(conf, "printer_profile"),
                  profile_words[p.profile]) != 0)
        p.profile++;
    *out = p;
    return ERR_OK;
}

static bool is_none(const struct printer *p)
{
    return strcmp(p->device, "none") == 0;
}

/* ---- into the spool, and what waits there ---- */

enum err printer_queue(const struct printer *p, const char *dir,
                       const struct job *job)
{
    BUF(bytes, MAX_JOB);
    bool moves = job->text.len > 0 || job->qr.len > 0 ||
                 (job->drawer && p->drawer_pin >= 0);
    if (is_none(p) || !moves)
        return ERR_OK;
    enum err e = job_render(p, job, &bytes, NULL);
    return e ? e : spool_put(dir, buf_slice(&bytes));
}

enum err printer_queue_test(const struct printer *p, const char *dir)
{
    BUF(bytes, MAX_JOB);
    if (is_none(p))
        return ERR_OK;
    enum err e = printer_test_page(p, &bytes);
    return e ? e : spool_put(dir, buf_slice(&bytes));
}

void printer_look(const struct printer *p, const char *dir,
                  struct printer_state *out, struct buf *why)
{
    char first[SPOOL_NAME];
    buf_clear(why);
    *out = (struct printer_state){ .configured = !is_none(p),
                                   .waiting = spool_look(dir, first) };
    if (out->configured)
        out->reachable = device_reachable(p->device, why);
    out->why = buf_slice(why);
}

/* ---- out of it ---- */

struct serving {
    const struct printer *p;
    const char *dir;
    struct waker waker;
    bool unsettled;
    struct buf *why;
};

static enum err print_one(struct serving *s, const char *name)
{
    BUF(bytes, MAX_JOB);
    bool blanks = s->unsettled && s->p->profile != PROFILE_TEXT;
    struct delivery d = { .device = s->p->device,
                          .settle = blanks ? SETTLE : 0 };
    enum err e = spool_read(s->dir, name, &bytes);
    if (e)
        return e == ERR_NOT_FOUND ? ERR_OK : e; /* somebody removed it */
    d.bytes = buf_slice(&bytes);
    s->unsettled = true;
    e = device_send(&d, &s->waker, s->why);
    if (e)
        return e;
    s->unsettled = false;
    buf_clear(s->why);
    return spool_drop(s->dir, name);
}

static enum err print_all(struct serving *s)
{
    char first[SPOOL_NAME];
    enum err e = ERR_OK;
    while (!e && spool_look(s->dir, first) > 0)
        e = print_one(s, first);
    return e;
}

/* What was queued before the end is seen by the look that begins after it. */
static enum err serve(struct serving *s)
{
    int retry_ms = RETRY_MS;
    for (;;) {
        bool last = s->waker.ended;
        enum err e = print_all(s);
        if (last || (e && s->waker.ended))
            return e;
        if (s->waker.ended)
            continue;
        waker_wait(&s->waker, -1, 0, e ? retry_ms : RESCAN_MS);
        if (!e)
            retry_ms = RETRY_MS;
        else if (retry_ms < RETRY_MAX_MS)
            retry_ms *= 2;
    }
}

enum err printer_serve(const struct printer *p, const char *dir, int wake_fd,
                       struct buf *why)
{
    BUF(path, PATH_ROOM);
    BUF(said, MAX_WHY);
    struct serving s = { .p = p,
                         .dir = dir,
                         .waker = { wake_fd, wake_fd < 0, STALL_MS },
                         .unsettled = true,
                         .why = why ? why : &said };
    struct lock *lock;
    if (is_none(p))
        return ERR_OK;
    spool_path(dir, &path);
    struct lock_request want = { buf_text(&path), "lock", "fair-pos print", 0 };
    buf_clear(s.why);
    enum err e = env_dir_make(buf_text(&path));
    if (!e)
        e = lock_take(&want, s.why, &lock);
    if (e)
        return e;
    void (*before)(int) = signal(SIGPIPE, SIG_IGN);
    e = serve(&s);
    signal(SIGPIPE, before);
    lock_close(lock);
    return e;
}
