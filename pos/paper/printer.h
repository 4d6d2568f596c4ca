/*
 * printer.h - getting slips onto paper without ever keeping a sale waiting.
 *
 * printer_queue (spool.h) writes one job file into DIR/spool, whole or not at
 * all, and returns; a companion process (`fair-pos print`) sends jobs in
 * order to the device and removes each when the device took all of it. An
 * unplugged printer keeps them; nothing is printed twice but what a crash
 * interrupted.
 * Devices: "none"; "file:PATH" (appends); a device file such as
 * /dev/usb/lp0; "command:CMD" (e.g. "command:lp -o raw"), once for each job.
 */
#ifndef POS_PRINTER_H
#define POS_PRINTER_H

#include "fair/conf.h"
#include "pos/till/setup.h"

enum profile {
    PROFILE_RASTER, /* Vietnamese as pictures: right on every printer */
    PROFILE_TCVN3,
    PROFILE_CP1258,
    PROFILE_VISCII,
    PROFILE_ASCII, /* unaccented */
    PROFILE_TEXT   /* UTF-8 as it is, for file printers and tests */
};

/* As the configuration names them. */
extern const char *const profile_words[];

struct printer {
    const char *device;
    enum profile profile;
    int columns; /* 32 (58 mm, 384 dots) or 48 (80 mm, 576 dots) */
    int table, table_capitals; /* code page numbers of ESC t; -1: default */
    const char *font;          /* of raster: a TrueType file */
    int drawer_pin;            /* 0 or 1; -1: no drawer */
    bool cut;
};

/* From the configuration's printer… keys; strings are the conf's. ERR_CONFIG
 * when the device is none of the four. */
enum err printer_conf(const struct conf *conf, struct printer *out) MUST_USE;

enum { JOB_LARGE = 4, MAX_JOB = 1 << 20 /* one job's bytes */ };

/* A slip as the till knows it: text lines in UTF-8 (slip.h), no wider than
 * the paper, with a QR code and its caption after them when `qr` is not empty,
 * and the drawer opened first. */
struct job {
    struct str text;
    int large[JOB_LARGE]; /* lines in double size where they have room, else
                             in double height; from 0 */
    int n_large;
    struct str qr; /* payload, or empty */
    struct str qr_caption;
    bool drawer;
};

/* A job and the memory of its texts: job.text is what stands in `text`. */
struct sheet {
    struct job job;
    struct buf text, qr, caption;
};
void sheet_init(struct sheet *sheet);
void sheet_done(struct sheet *sheet);
/* The line that begins where `text` ends now is a large one (the first
 * JOB_LARGE are). */
void sheet_large(struct sheet *sheet);
/* Takes over what the buffers hold. */
void sheet_finish(struct sheet *sheet);

/* Renders for the printer's profile (raster falls back to ascii with ERR_OK
 * when the font cannot be read; *plain says so; may be NULL). Whatever the
 * texts hold, they reach the printer as visible characters. Without texts only
 * the drawer opens, and no paper moves. ERR_LIMIT. */
enum err job_render(const struct printer *p, const struct job *job,
                    struct buf *out, bool *plain) MUST_USE;

/* Writes the rendered job into the spool of data directory `dir` (a practice
 * till's, too, prints from the one its companion looks after). With device
 * none it does nothing. ERR_LIMIT when thousands wait already. */
enum err printer_queue(const struct printer *p, const char *dir,
                       const struct job *job) MUST_USE;
/* Jobs waiting, and whether the device can be opened now. `why` is room for
 * out->why. Never waits. */
void printer_look(const struct printer *p, const char *dir,
                  struct printer_state *out, struct buf *why);
/* The companion's loop: prints what is there, waits for more on `wake_fd`
 * (a byte, or its end: then returns once the spool is empty or the device
 * does not take anything: ERR_BUSY). wake_fd -1: prints what is there. At once
 * ERR_OK with device none; ERR_LOCKED when another process prints from this
 * spool. `why`, if not NULL, receives what the device said last, or who
 * prints. */
enum err printer_serve(const struct printer *p, const char *dir, int wake_fd,
                       struct buf *why) MUST_USE;

/* The test page: every profile's alphabet under the lines that choose it in
 * the configuration, ruler, QR, so that a person sees which profile this
 * printer can do. */
enum err printer_test_page(const struct printer *p, struct buf *out) MUST_USE;
/* The same into the spool. */
enum err printer_queue_test(const struct printer *p, const char *dir) MUST_USE;

#endif
