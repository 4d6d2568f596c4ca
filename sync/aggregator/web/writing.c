/*
 * writing.c - from a page to the writer and back to an answer.
 */
#include "writing.h"

#include <sodium.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "fair/i18n.h"

#include "html.h"

static struct visit *visit_of(struct job *job)
{
    char *at = (char *)job;

    return (struct visit *)(void *)(at - offsetof(struct visit, write));
}

void writing_drop(struct writing *writing)
{
    sodium_memzero(writing, writing->size);
    free(writing);
}

static void forget(struct visit *v)
{
    writing_drop(v->own);
    v->own = NULL;
}

static enum err run(struct job *job, struct store *s)
{
    struct visit *v = visit_of(job);
    const struct writing *writing = v->own;

    return writing->run(v, s);
}

static void done(struct job *job, struct store *s, enum err e)
{
    struct visit *v = visit_of(job);
    const struct writing *writing = v->own;

    i18n_use(v->language);
    v->store = s;
    writing->answer(v, e);
    forget(v);
    visit_finish(v);
}

bool writing_queue(struct visit *v, struct writing *writing)
{
    v->own = writing;
    v->write = (struct job){ run, true, done, NULL, false };
    if (ingest_queue(v->web->ingest, &v->write) == ERR_OK)
        return false;
    forget(v);
    visit_refuse(v, ERR_BUSY);
    return true;
}

void peer_of(const struct visit *v, char out[PEER_ROOM])
{
    struct str peer = v->ask.peer;
    size_t len = peer.len < PEER_ROOM ? peer.len : PEER_ROOM - 1;

    if (len > 0)
        memcpy(out, peer.data, len);
    out[len] = '\0';
}

void csrf_put(const struct visit *v, struct buf *out)
{
    char csrf[TOKEN_TEXT + 1];

    csrf_token(str_of(v->token), csrf);
    html_put(out, "<input type=\"hidden\" name=\"csrf\" value=\"%s\">\n", csrf);
}
