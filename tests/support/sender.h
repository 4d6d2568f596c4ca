/*
 * sender.h - a till with something to send: enrolled, knowing its server,
 * which is a fake, and a session to visit it.
 */
#ifndef FAIR_TEST_SENDER_H
#define FAIR_TEST_SENDER_H

#include "fair/inbox.h"
#include "sync/agent/session.h"
#include "tests/support/fake_aggregator.h"
#include "tests/support/scratch.h"

#define SENDER_SERVER "https://fair.test:1"

/* Makes the directory; one at a time, as the fake. */
void sender_init(char dir[SCRATCH_ROOM], struct fake *f, struct session *s);
void sender_done(const char *dir, struct fake *f, struct session *s);

/* The till's sync.db, or the test fails. */
struct inbox *sender_inbox(const char *dir, enum inbox_mode mode);

#endif
