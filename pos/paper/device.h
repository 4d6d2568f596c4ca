/*
 * device.h - handing a job's bytes to what prints them, without ever being
 * stuck: everything is non-blocking, and who waits can be woken.
 */
#ifndef POS_DEVICE_H
#define POS_DEVICE_H

#include "fair/buf.h"

enum { STALL_MS = 5000, MAX_WHY = 512 };

/* Who may interrupt a wait: bytes on `fd` do, its end sets `ended`. Once
 * ended, a device that takes nothing for stall_ms has refused. */
struct waker {
    int fd; /* -1: nobody, or ended */
    bool ended;
    int stall_ms;
};
/* Until `fd` (-1: none) can do `events`, something came from the waker, or
 * timeout_ms (-1: never) are over. True when fd is ready. */
bool waker_wait(struct waker *w, int fd, short events, int timeout_ms);

/* Is it one of "none", "file:PATH", a path, "command:CMD"? */
bool device_form(const char *device);

/* Hands over all bytes; `settle` blank ones first where the device may stand
 * in the middle of a raster that somebody left unfinished. ERR_BUSY when it
 * does not take them (unplugged, out of paper, failing); then nothing is known
 * of what was printed, and `why` says what the system said. */
struct delivery {
    const char *device;
    struct str bytes;
    size_t settle;
};
enum err device_send(const struct delivery *d, struct waker *w,
                     struct buf *why) MUST_USE;

/* Can it be opened now? Opens nothing that could wait or be made by that. */
bool device_reachable(const char *device, struct buf *why);

#endif
