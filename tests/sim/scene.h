/*
 * scene.h - a folder for a fair that is thrown away afterwards, and leaving
 * nothing behind when interrupted.
 */
#ifndef SIM_SCENE_H
#define SIM_SCENE_H

#include "fair/buf.h"

/* Makes a folder in memory (/dev/shm) when `need_mb` are free there, else in
 * $TMPDIR or /tmp; *memory says which. ERR_FULL and others of the disk. */
enum err scene_make(int64_t need_mb, char path[64], bool *memory) MUST_USE;
/* Removes a folder and everything in it. */
void scene_remove(const char *path);

/* From now on SIGINT, SIGTERM and SIGHUP set crew_stop. */
void scene_signals(void);

/* Says on stderr why there is no fair, and what may help; the exit code for
 * it: 1, or 130 when it was interrupted. */
void scene_report(enum err e, const char *why);
int scene_code(void);

#endif
