/*
 * judge.h - may this be sold today, and what should whoever sells it know:
 * stars, certificate, the last day it is valid.
 *
 * A pure function of the list and the day. What is wrong sells and is noted,
 * so that no queue waits; it is refused only where the organiser chose so.
 */
#ifndef POS_JUDGE_H
#define POS_JUDGE_H

#include "fair/lists.h"

enum verdict {
    JUDGE_SELL,
    JUDGE_NOTE,  /* sells; the screen and the organiser say why not gladly */
    JUDGE_REFUSE /* the organiser lets it be sold nowhere */
};

struct judgement {
    enum verdict verdict;
    bool on_list;
    enum certificate state; /* CERT_NONE also when it is not on the list */
    int stars;              /* 3…5; 0 none */
    struct str certificate; /* its number, the product's; may be empty */
    int expires_day;        /* last valid day; 0 unknown */
    int days_left; /* until then: 0 it is the last, below 0 it is over; 0
                      when the day is unknown */
};

/* A product as its booth's list of today has it. `product` NULL: not on the
 * list. `fair` NULL: there is no list, nothing is refused. `last_day` is the
 * fair's. */
struct judgement judge_product(const struct list_fair *fair,
                               const struct product *product, int day,
                               int last_day);
/* What is sold for an amount, without a product. */
struct judgement judge_unlisted(const struct list_fair *fair);

/* ERR_OK, or why it is refused: ERR_EXPIRED, ERR_NOT_ALLOWED. */
enum err judge_err(const struct judgement *j);

/* "x" refused, "!" noted, "" good: the meaning where there is no colour. */
const char *judge_sign(const struct judgement *j);

/* Appends all there is to know, in the language in use: "! 4 stars,
 * certificate QN-2, valid until 16/01/2020: ends during the fair". Nothing
 * for goods on the list without stars. */
void judge_say(const struct judgement *j, struct buf *out);

#endif
