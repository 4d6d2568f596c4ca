#include "tests/support/sender.h"

#include "tests/support/till.h"

enum { DEVICE = 1, AGGREGATOR = 2 };

struct inbox *sender_inbox(const char *dir, enum inbox_mode mode)
{
    struct inbox *in = NULL;
    enum err e = inbox_open(dir, mode, "test", NULL, &in);
    ASSERT(e == ERR_OK);
    return in;
}

void sender_init(char dir[SCRATCH_ROOM], struct fake *f, struct session *s)
{
    scratch_make(dir);
    fake_init(f, AGGREGATOR);
    till_enrol(dir, DEVICE, AGGREGATOR);
    session_init(s, dir, "test", 1000);
    struct inbox *in = sender_inbox(dir, INBOX_WRITE);
    enum err e = inbox_set_server(in, STR(SENDER_SERVER), STR("sha256//x"));
    ASSERT(e == ERR_OK);
    inbox_close(in);
}

void sender_done(const char *dir, struct fake *f, struct session *s)
{
    session_done(s);
    fake_done(f);
    scratch_remove(dir);
}
