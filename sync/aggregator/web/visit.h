/*
 * visit.h - a person's request to the aggregator, apart from any transport:
 * what came, who asks, and the answer.
 *
 * A visit is carried out by a thread of a desk (desk.h) with a store to read;
 * what changes something is handed to the writer as a job and answered from
 * there. The transport owns it and sends what stands in `answer`.
 */
#ifndef AGGREGATOR_VISIT_H
#define AGGREGATOR_VISIT_H

#include "sync/aggregator/account/account_rules.h"
#include "sync/aggregator/account/secrets.h"
#include "sync/aggregator/ingest/ingest.h"
#include "sync/aggregator/report/report.h"

#include "desk.h"

enum {
    /* Bytes: of an answer; of whatever is made for it meanwhile (allowance.h).
     * Two threads of pages work at once: web.h. */
    ANSWER_MAX = 24 * 1024 * 1024,
    VISIT_ROOM = 96 * 1024 * 1024,
    PARSED_MAX = 2 * 1024 * 1024 /* JSON of ours that a page reads again */
};
enum { QUERY_MAX = 512, FORM_MAX = 4 * 1024, HEADER_TEXT = 1024 };

/* What came; texts are borrowed from the transport, "" when absent. */
struct ask {
    const struct route *route;
    struct str query; /* behind the `?`: KEY=VALUE&… of A-Z a-z 0-9 . _ - */
    struct str body;  /* of a POST, at most FORM_MAX */
    struct str host, origin, fetch_site, cookie, languages, last_event_id,
        encodings, none_match, peer; /* peer: the address as text */
    bool local;                      /* from this machine */
};

struct answer {
    int status;
    const char *type; /* "text/html; charset=utf-8" */
    struct buf body;
    struct str lent;   /* instead, when not empty: outlives every visit */
    bool gzip;         /* the body is */
    bool keep;         /* may be kept for good: the address has its version */
    struct buf cookie; /* Set-Cookie, "" none; a second one in cookie_more */
    struct buf cookie_more;
    struct buf location; /* of 303 */
    struct buf file;     /* name to save it under */
    struct buf etag;
    int retry_after_s;
};

/* What all visits share. All of it outlives them. */
struct web {
    const char *dir;   /* of keys and configuration */
    const char *where; /* the database: store_open */
    struct ingest *ingest;
    struct desk *pages; /* pages, exports */
    struct desk *door;  /* passwords: few at once, each takes 64 MiB */
    struct live *live;
    struct cache *cache;
    struct assets *assets;
    const char *url;      /* "https://ADDRESS:PORT" */
    const char *language; /* usual */
    int silent_min;       /* glance.h */
    bool metrics_all;     /* /metrics not for this machine alone */
    const char *chart_js; /* where the script lies */
};

struct visit {
    struct desk_job job; /* first: a desk gives it back to us */
    const struct web *web;
    struct ask ask;
    struct answer answer;
    struct login who;
    char token[TOKEN_TEXT + 1]; /* of the session; "" none */
    const char *language;       /* "vi" or "en" */
    struct store *store;        /* while a desk carries it out */
    /* Called on any thread when `answer` stands. */
    void (*finished)(struct visit *v);
    struct job write; /* of the writer, for pages that change something */
    void *own;        /* the page's own between the two */
};

void visit_init(struct visit *v, const struct web *web);
void visit_done(struct visit *v);

/* A page: true when `answer` stands; false when it will be finished later. */
typedef bool page_fn(struct visit *v);

/* Begins: finds the desk of the route. ERR_OK: `finished` will be called.
 * Otherwise the answer (503, 429) stands already. On the desk's thread it sets
 * the language, finds out who asks and whether they may (401 leads to
 * /sign-in for pages, 403 otherwise), then calls the route's page. */
enum err visit_begin(struct visit *v) MUST_USE;

/* Value of a key of the query; "" when absent. The transport has checked that
 * the route knows the key. */
struct str visit_param(const struct visit *v, const char *key);
/* A field of the posted form, decoded, appended; false: not there or no clean
 * UTF-8. */
bool visit_field(const struct visit *v, const char *name,
                 struct buf *out) MUST_USE;
/* A POST of a page of ours: Origin or Sec-Fetch-Site says so, and, when
 * somebody is signed in, the form carries the session's `csrf`. Answers 403
 * itself when not. */
bool visit_is_ours(struct visit *v) MUST_USE;

/* The question behind a page or export, with whatever the route knows: fair,
 * day, … from the query, the booth and fair of whoever asks above all. Its kind
 * is NULL. ERR_NOT_MAY: another's figures. The texts live in `strings`, one for
 * each question. Without `fair` the running one, else the last one begun, else
 * the next, of those the login may see: ERR_NOT_FOUND when there is none.
 * Nobody signed in: ERR_NOT_MAY. */
enum err visit_query(struct visit *v, struct buf *strings,
                     struct report_query *out) MUST_USE;

/* Answers. */
void visit_refuse(struct visit *v, enum err e); /* a page, or JSON for exports
                                                   and the API */
/* For the transport, where no visit begins: the page that says no to `ask`, in
 * the language it wants; its route may be NULL. */
void visit_no_page(const struct web *web, const struct ask *ask, enum err e,
                   struct buf *out);
void visit_see_other(struct visit *v, const char *path);
/* There is no room for the answer that stands: 503 instead. Any thread. */
void visit_withdraw(struct visit *v);
void visit_finish(struct visit *v); /* the answer stands, from a later thread */

#endif
