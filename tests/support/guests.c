/*
 * guests.c - see guests.h.
 */
#include "tests/support/guests.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "sync/aggregator/account/deeds.h"
#include "sync/aggregator/ops/journal.h"

/* ---- what the server says to its journal --------------------------------- */

static struct {
    pthread_mutex_t mutex;
    struct buf lines;
} heard = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static void hear(void *ctx, struct str line)
{
    (void)ctx;
    pthread_mutex_lock(&heard.mutex);
    buf_str(&heard.lines, line);
    pthread_mutex_unlock(&heard.mutex);
}

bool guests_heard(const char *words)
{
    pthread_mutex_lock(&heard.mutex);
    bool found = strstr(buf_text(&heard.lines), words) != NULL;
    pthread_mutex_unlock(&heard.mutex);
    return found;
}

int guests_set_up(void **state)
{
    buf_init(&heard.lines, MAX_OUTPUT);
    journal_to(hear, NULL);
    return house_set_up(state);
}

int guests_tear_down(void **state)
{
    int rc = house_tear_down(state);
    journal_to(NULL, NULL);
    buf_done(&heard.lines);
    return rc;
}

/* ---- who is there -------------------------------------------------------- */

static char secret[SECRET_ROOM]; /* of GUEST_PASSWORD; made once */

const char *guests_secret(void)
{
    if (secret[0] == '\0')
        assert_int_equal(password_hash(STR(GUEST_PASSWORD), secret), ERR_OK);
    return secret;
}

static enum err put_account(void *ctx, struct store *s)
{
    return account_add(s, ctx);
}

void guests_add(struct house *h, const char *name, enum role role,
                const char *fair)
{
    bool known = strcmp(name, "lan") == 0;
    struct account a = { .role = role, .made_ms = 1 };
    snprintf(a.name, sizeof(a.name), "%s", name);
    snprintf(a.fair, sizeof(a.fair), "%s", fair);
    snprintf(a.secret, sizeof(a.secret), "%s%s", guests_secret(),
             known ? "" : name);
    assert_int_equal(house_do(h, put_account, &a), ERR_OK);
}

struct reading {
    const char *name;
    struct account account;
};

static enum err read_account(void *ctx, struct store *s)
{
    struct reading *r = ctx;
    return account_get(s, str_of(r->name), &r->account);
}

struct account guests_account(struct house *h, const char *name)
{
    struct reading r = { .name = name };
    assert_int_equal(house_do(h, read_account, &r), ERR_OK);
    return r.account;
}

static enum err end_wait(void *ctx, struct store *s)
{
    struct reading *r = ctx;
    enum err e = account_get(s, str_of(r->name), &r->account);
    r->account.locked_until_ms = 1;
    return e == ERR_OK ? account_put(s, &r->account) : e;
}

void guests_end_wait(struct house *h, const char *name)
{
    struct reading r = { .name = name };
    assert_int_equal(house_do(h, end_wait, &r), ERR_OK);
}

/* ---- asking -------------------------------------------------------------- */

void guests_get(struct house *h, const char *path, const char *cookie,
                struct https_reply *out)
{
    struct https *c = house_call(h);
    https_get(c, path, cookie, out);
    https_close(c);
}

void guests_post(struct house *h, const char *path, const char *more,
                 const char *form, struct https_reply *out)
{
    struct https *c = house_call(h);
    BUF(head, MAX_TEXT);
    BUF(lines, MAX_TEXT);
    buf_printf(&lines,
               "Content-Type: application/x-www-form-urlencoded\r\n"
               "Content-Length: %zu\r\n%s",
               strlen(form), more);
    https_ask_head("POST", path, buf_text(&lines), &head);
    buf_puts(&head, form);
    assert_true(https_send(c, buf_slice(&head)));
    https_read(c, out);
    https_close(c);
}

void guests_post_as(struct house *h, const struct house_guest *g,
                    const char *path, const char *form, struct https_reply *out)
{
    char csrf[TOKEN_TEXT + 1];
    BUF(more, MAX_TEXT);
    BUF(whole, MAX_TEXT);
    csrf_token(str_of(g->token), csrf);
    buf_printf(&more, "%s" FORM_OF_OURS, g->cookie);
    buf_printf(&whole, "csrf=%s&%s", csrf, form);
    guests_post(h, path, buf_text(&more), buf_text(&whole), out);
}

void guests_sign_in(struct house *h, const char *name, const char *password,
                    struct https_reply *out)
{
    BUF(form, MAX_TEXT);
    buf_printf(&form, "name=%s&password=%s", name, password);
    guests_post(h, "/sign-in", FORM_OF_OURS, buf_text(&form), out);
}

void reply_expect(const struct https_reply *r, int status)
{
    if (r->status != status)
        fail_msg("%d instead of %d: %s\n%s", r->status, status,
                 buf_text(&r->head), buf_text(&r->body));
}

void reply_leads_to(const struct https_reply *r, const char *path)
{
    BUF(line, MAX_TEXT);
    buf_printf(&line, "Location: %s", path);
    reply_expect(r, 303);
    if (!https_says(r, buf_text(&line)))
        fail_msg("not to %s: %s", path, buf_text(&r->head));
}

bool reply_says(const struct https_reply *r, const char *words)
{
    return strstr(buf_text(&r->body), words) != NULL;
}

void reply_take_token(const struct https_reply *r, struct house_guest *g)
{
    const char *at = strstr(buf_text(&r->head), "__Host-fair=");
    assert_non_null(at);
    at += strlen("__Host-fair=");
    assert_int_equal(strspn(at, "0123456789abcdef"), TOKEN_TEXT);
    memcpy(g->token, at, TOKEN_TEXT);
    g->token[TOKEN_TEXT] = '\0';
    snprintf(g->cookie, sizeof(g->cookie), "Cookie: __Host-fair=%s\r\n",
             g->token);
}

bool guests_is_in(struct house *h, const struct house_guest *g)
{
    HTTPS_REPLY(r);
    guests_get(h, "/password", g->cookie, &r);
    if (r.status != 200)
        reply_leads_to(&r, "/sign-in");
    return r.status == 200;
}
