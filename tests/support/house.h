/*
 * house.h - the aggregator's front door in this process: its server's parts
 * on a free port of 127.0.0.1, a till it has admitted, and a clock of ours, so
 * that nobody waits for a deadline.
 */
#ifndef FAIR_TEST_HOUSE_H
#define FAIR_TEST_HOUSE_H

#include "sync/aggregator/http/http.h"
#include "sync/aggregator/web/web.h"
#include "tests/support/https.h"
#include "tests/support/place.h"
#include "tests/support/pushing.h"

enum { HOUSE_QUEUE = 24 }; /* jobs that may wait, unless said otherwise */

struct house {
    char dir[SCRATCH_ROOM];   /* of the keys */
    char where[SCRATCH_ROOM]; /* the store's place */
    struct keys keys;
    struct ingest *ingest;
    struct service service;
    struct web web;
    char url[64];
    struct http *http;
    const char *venue; /* its own networks; NULL: 127.0.0.0/8 */
    int queue;         /* 0: HOUSE_QUEUE */
    int port;
    struct book book; /* a till that has been admitted */
};

/* For cmocka: *state is the house, serving. */
int house_set_up(void **state);
int house_tear_down(void **state);
#define HOUSE(test) \
    cmocka_unit_test_setup_teardown(test, house_set_up, house_tear_down)

void house_serve(struct house *h);
void house_stop(struct house *h);
/* Moves the clock that deadlines are measured by. */
void house_clock_forward(int64_t ms);
/* From now on it moves by that alone, however slow the machine is; until the
 * process ends. */
void house_clock_stop(void);

/* Runs `what` on the writer's thread, in a group, and waits for its end. */
enum err house_do(struct house *h, enum err (*what)(void *ctx, struct store *s),
                  void *ctx);
/* The till's fair has a calendar of `days` from `first_day` on, and its booth
 * A1 in the booth list. */
void house_fair(struct house *h, int first_day, int days);
/* An account "NAME" of that role and somebody signed in with it. `fair` and
 * `booth` may be "". */
struct house_guest {
    const char *name;
    enum role role;
    const char *fair, *booth;
    char token[TOKEN_TEXT + 1]; /* filled */
    char cookie[160];           /* filled: a header line, with its end */
};
void house_sign_in(struct house *h, struct house_guest *g);

/* Descriptors that this process has open. */
int house_descriptors(void);
/* A figure of /metrics, without "fair_aggregator_". */
int house_figure(struct house *h, const char *name);
/* Live pages that wait for news. */
int house_viewers(struct house *h);

/* A new connection. */
struct https *house_call(struct house *h);
/* Appends the till's push of events from…to. */
void house_push(struct house *h, int from, int to, struct buf *out);
/* The reply is our signed acknowledgement of that state and count. */
void house_expect_ack(struct house *h, const struct https_reply *r,
                      const char *state, int64_t count);

#endif
