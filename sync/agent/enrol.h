/*
 * enrol.h - making a directory a till of a booth, with the organiser's string
 * (sync/PROTOCOL.md 7).
 *
 * Order of what is written: device.key, phone.key, admission, the server in
 * sync.db, the lists. Killed anywhere, the same string again goes on from
 * there: the same key gets the same answer. One directory is one device of
 * one booth at one fair, for good.
 */
#ifndef AGENT_ENROL_H
#define AGENT_ENROL_H

#include "sync/agent/session.h"

struct enrol_wish {
    struct str word;         /* the enrolment string */
    struct str successor_of; /* device it replaces, or empty */
};

/* Enrols session->dir and fetches the lists; where all that is done already,
 * nothing changes and no network is needed. A new string for the same fair
 * and booth only changes the server's address and pin. ERR_INVALID (the
 * string; session->why says what), ERR_EXISTS (the directory is another
 * booth's), ERR_CODE, ERR_CODE_USED, ERR_CODE_EXPIRED, ERR_ADMISSION (an
 * answer that does not hold); else as session_run(). */
enum err agent_enrol(struct session *s, const struct enrol_wish *wish) MUST_USE;
/* Is there an admission, so that it sells whoever is reached? */
bool agent_is_enrolled(const char *dir);

#endif
