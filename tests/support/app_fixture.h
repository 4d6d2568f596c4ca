/*
 * app_fixture.h - the till's screen without a terminal: keys in, pictures out,
 * on the till of till_fixture.h and with its clock.
 *
 * Every key comes 200 ms after the one before and after the screen was drawn,
 * as from a person; so nothing is held to be bouncing. Nothing is printed and
 * no companion runs unless a test configures so.
 */
#ifndef FAIR_TEST_APP_FIXTURE_H
#define FAIR_TEST_APP_FIXTURE_H

#include "fair/conf.h"
#include "pos/screens/app.h"
#include "tests/support/till_fixture.h"

struct app_fixture {
    struct till_fixture
        till; /* its own `till` stays closed: app.till is open */
    struct conf *conf;
    struct app app;
    struct grid grid;   /* as drawn last; 24 rows of 80 columns, or as it
                           was grid_reset */
    struct buf options; /* lines of fair-pos.conf */
    const char *language;
    bool open;
};

/* A new till, opened; its first shift is not. "vi" or "en". */
void app_fixture_init(struct app_fixture *f, const char *language);
void app_fixture_done(struct app_fixture *f);

/* Ends the program and starts it again on the same directory. */
void app_fixture_close(struct app_fixture *f);
void app_fixture_open(struct app_fixture *f);
/* A line of fair-pos.conf ("blind_count = no"); the program starts anew. */
void app_fixture_conf(struct app_fixture *f, const char *line);
/* Opens the first shift (fixture's till) beneath the screens, and goes home. */
void app_fixture_shift(struct app_fixture *f, int64_t float_vnd);

/* Words by blanks: what press_parse names is that key; "scan:CODE" and
 * "paste:TEXT" are one burst, "tick:N" lets N seconds go by; any other word is
 * typed letter by letter. "3*12 Enter 7 Enter F9" */
void app_fixture_keys(struct app_fixture *f, const char *words);
/* The same with all of it coming at once: nothing is drawn in between. */
void app_fixture_burst(struct app_fixture *f, const char *words);
/* Time goes by a second at a time, with a tick and a drawing after each. */
void app_fixture_tick(struct app_fixture *f, int seconds);

/* What is seen now: on the usual screen, and on one of another size. */
const char *app_fixture_seen(struct app_fixture *f);
void app_fixture_picture(struct app_fixture *f, int rows, int cols,
                         struct buf *out);
/* Fails the test, showing the picture, when `text` is not to be seen (or is).
 */
void app_fixture_sees(struct app_fixture *f, const char *text);
void app_fixture_misses(struct app_fixture *f, const char *text);

/* Compares with tests/data/screens/NAME.LANGUAGE.ROWSxCOLS.txt at 24x80,
 * 12x40 and 43x132 in the fixture's language; the first also holds the styles
 * of the cells. With UPDATE=1 in the environment the files are written. */
void app_fixture_golden(struct app_fixture *f, const char *name);
/* Tells the story on a till of its own in both languages, each compared. */
void app_fixture_golden_story(const char *name,
                              void (*story)(struct app_fixture *f));

/* The newest event of a kind with its body; fails the test without one. The
 * record is the caller's. And how many of a kind there are. */
struct record *app_fixture_event(struct app_fixture *f, enum event_kind kind);
int app_fixture_count(struct app_fixture *f, enum event_kind kind);

#endif
