/*
 * apart.h - a session in a process of its own, which ends with it.
 *
 * libcurl and TLS take memory that nothing gives back: some ten megabytes,
 * for a tenth of a second now and then. So a watcher that waits is small, and
 * whatever goes wrong with them ends a session and no more.
 */
#ifndef AGENT_APART_H
#define AGENT_APART_H

#include "sync/agent/session.h"

/* As session_run(), and what it finds is in `s`. When `end` can be read the
 * session is broken off (https_break). ERR_IO: there was no process to be had,
 * or it died. */
enum err session_apart(struct session *s, int end) MUST_USE;

#endif
