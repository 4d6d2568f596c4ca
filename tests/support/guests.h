/*
 * guests.h - people at the house's front door: accounts, forms, cookies, and
 * what the server tells its journal about them.
 */
#ifndef FAIR_TEST_GUESTS_H
#define FAIR_TEST_GUESTS_H

#include "tests/support/house.h"

/* For cmocka, instead of HOUSE: whose journal is listened to. */
int guests_set_up(void **state);
int guests_tear_down(void **state);
#define GUESTS(test) \
    cmocka_unit_test_setup_teardown(test, guests_set_up, guests_tear_down)
/* Whether it has said these words. */
bool guests_heard(const char *words);

/* Of the account "lan"; nobody knows any other's. */
#define GUEST_PASSWORD "mat khau cua lan"
#define GUEST_ENCODED  "mat+khau+cua%20lan" /* in a form */
const char *guests_secret(void);

void guests_add(struct house *h, const char *name, enum role role,
                const char *fair);
struct account guests_account(struct house *h, const char *name);
/* What wrong passwords have brought upon it is over. */
void guests_end_wait(struct house *h, const char *name);

/* On a connection of their own. `more`: header lines; `form`: encoded. */
#define FORM_OF_OURS "Origin: https://localhost\r\n"
void guests_get(struct house *h, const char *path, const char *more,
                struct https_reply *out);
void guests_post(struct house *h, const char *path, const char *more,
                 const char *form, struct https_reply *out);
/* With a guest's cookie and token, as a page of ours would. */
void guests_post_as(struct house *h, const struct house_guest *g,
                    const char *path, const char *form,
                    struct https_reply *out);
void guests_sign_in(struct house *h, const char *name, const char *password,
                    struct https_reply *out);
/* Whether somebody with that cookie is let in. */
bool guests_is_in(struct house *h, const struct house_guest *g);

/* All fail the test when it is not so. */
void reply_expect(const struct https_reply *r, int status);
void reply_leads_to(const struct https_reply *r, const char *path);
bool reply_says(const struct https_reply *r, const char *words); /* but this */
/* The cookie that an answer sets becomes the guest's. */
void reply_take_token(const struct https_reply *r, struct house_guest *g);

#endif
