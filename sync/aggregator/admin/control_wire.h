/*
 * control_wire.h - bytes and socket of control.h, shared by both sides.
 */
#ifndef AGGREGATOR_CONTROL_WIRE_H
#define AGGREGATOR_CONTROL_WIRE_H

#include "fair/buf.h"

enum { CONTROL_REQUEST_MAX = 256 * 1024 };

void wire_put_number(struct buf *out, uint32_t n); /* little endian */
void wire_put_string(struct buf *out, struct str s);
bool wire_take_number(struct str *bytes, uint32_t *n);
bool wire_take_string(struct str *bytes, struct str *out);

/* Until the other side has said all; false on failure or too much. */
bool wire_read_all(int fd, struct buf *out);
bool wire_write_all(int fd, struct str bytes);

/* Listens at DIR/control.sock (a left-over of a killed server is replaced;
 * the caller holds the lock). ERR_IO. */
enum err wire_listen(const char *dir, struct buf *why, int *fd) MUST_USE;
/* Takes the name away and lets nobody else in: from here on accept() gives
 * those who had come before, then fails. The caller closes `fd`. */
void wire_unlisten(const char *dir, int fd);
/* ERR_NOT_FOUND when nobody listens there. */
enum err wire_connect(const char *dir, int *fd) MUST_USE;

#endif
