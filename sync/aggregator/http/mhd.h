/*
 * mhd.h - what we use of libmicrohttpd, loaded when the server starts: it and
 * the GnuTLS below it are half of what starting any other command would cost.
 */
#ifndef AGGREGATOR_MHD_H
#define AGGREGATOR_MHD_H

#include <microhttpd.h>

#define MHD_FUNCTIONS(X)           \
    X(add_response_header)         \
    X(create_response_from_buffer) \
    X(destroy_response)            \
    X(get_connection_info)         \
    X(get_connection_values)       \
    X(lookup_connection_value)     \
    X(queue_response)              \
    X(quiesce_daemon)              \
    X(resume_connection)           \
    X(start_daemon)                \
    X(stop_daemon)                 \
    X(suspend_connection)

/* Each function under its name without MHD_. */
struct mhd {
#define X(name) __typeof__(MHD_##name) *name;
    MHD_FUNCTIONS(X)
#undef X
};
extern struct mhd mhd;

/* Before any of them is called. Dies when libmicrohttpd is not installed. */
void mhd_load(void);

/* Of libmicrohttpd; NULL: it is not installed. */
const char *mhd_version(void);

#endif
