/*
 * usb.h - the wire by hand: the same bytes in files (sync/PROTOCOL.md 9).
 *
 * Of the session only directory and holder's name are used; afterwards it
 * tells what was found and done, as after a visit.
 */
#ifndef AGENT_USB_H
#define AGENT_USB_H

#include "sync/agent/session.h"

/* Writes every event of the till as pushes into `path`, whole or not at all;
 * an existing file is replaced, but none of a program's own (out_file.h). Of
 * a damaged ledger it writes what is sound from the first event on, and
 * s->first_bad is the number behind it, else 0. Only reads the till.
 * ERR_NOT_SET_UP, ERR_PRACTICE, ERR_IO, ERR_FULL, ERR_READ_ONLY, and what
 * ledger_open() and out_file_open() say. */
enum err usb_export(struct session *s, const char *path) MUST_USE;

/* Takes from a lists file what is this till's: the newest list with its pages
 * and the newest acknowledgement. What is older than what is held is passed
 * over. All is checked before anything is kept. ERR_NOT_FOUND, ERR_INVALID (a
 * damaged file, or an empty one), ERR_SIGNATURE (another aggregator's),
 * ERR_LISTS (a page is missing; nothing is adopted), ERR_FORK (the
 * acknowledgement contradicts our ledger), ERR_NOT_SET_UP, ERR_LOCKED, ERR_IO.
 */
enum err usb_import(struct session *s, const char *path) MUST_USE;

#endif
