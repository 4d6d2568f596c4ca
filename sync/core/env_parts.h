/*
 * env_parts.h - descriptors that close themselves, and directories, for the
 * files of the core that touch the disk.
 */
#ifndef ENV_PARTS_H
#define ENV_PARTS_H

#include "fair/buf.h"

/* For FD: closes it unless it is negative. */
void fd_done(const int *fd);
#define FD(name, opened) \
    __attribute__((cleanup(fd_done))) const int name = (opened)

/* A directory, to open names in or to sync; -1 with errno. */
int dir_open(const char *dir);
/* Some file systems cannot sync a directory and say EINVAL; there is nothing
 * better to be had there. */
bool dir_sync(int fd) MUST_USE;
/* All of them; false with errno. */
bool fd_write(int fd, struct str bytes) MUST_USE;

#endif
