/*
 * notify.h - what a service manager is told: the datagrams of sd_notify(3).
 *
 * Where nobody asks for them (NOTIFY_SOCKET is not set) nothing is sent, and
 * that somebody does not listen stops nothing.
 */
#ifndef AGGREGATOR_NOTIFY_H
#define AGGREGATOR_NOTIFY_H

/* "READY=1", "STOPPING=1" */
void notify_manager(const char *state);

#endif
