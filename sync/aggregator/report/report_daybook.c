/*
 * report_daybook.c - day tables remembered beside the store they were read
 * from.
 *
 * Promise: a book that is lent is what adding everything up would give now,
 * because it was made under the fair's turn (store_turn), read at the same
 * moment as now's. Where there is no turn, for there are events that are not
 * folded yet, it is added up anew each time.
 */
#include "report_daybook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAYBOOKS = 128 };

struct place {
    char code[17];
    int64_t turn; /* 0: to be made anew */
    struct daybook *book;
};

struct daybooks {
    struct place places[DAYBOOKS];
    int n;
    int next; /* the one that gives way */
};

static void daybook_close(struct daybook *book)
{
    if (!book)
        return;
    tally_done(&book->tally);
    ground_done(&book->ground);
    buf_done(&book->json);
    free(book);
}

static void daybooks_close(void *what)
{
    struct daybooks *all = what;

    for (int i = 0; i < all->n; i++)
        daybook_close(all->places[i].book);
    free(all);
}

static struct daybooks *daybooks_of(struct store *s)
{
    struct store_memo *memo = store_memo(s);

    if (!memo->what)
        *memo = (struct store_memo){ x_alloc(sizeof(struct daybooks)),
                                     daybooks_close };
    return memo->what;
}

/* The fair's place, or NULL. */
static struct place *place_of(struct daybooks *all, const char *code)
{
    for (int i = 0; i < all->n; i++) {
        if (strcmp(all->places[i].code, code) == 0)
            return &all->places[i];
    }
    return NULL;
}

static struct place *place_take(struct daybooks *all)
{
    if (all->n < DAYBOOKS)
        return &all->places[all->n++];
    all->next = (all->next + 1) % DAYBOOKS;
    return &all->places[all->next];
}

/* What is left is small, however large the fair is. */
static void slim(struct daybook *book)
{
    struct fair fair = book->ground.fair;

    for (int i = 0; i < book->tally.n_days; i++) {
        free(book->tally.days[i].booths);
        book->tally.days[i].booths = NULL;
    }
    ground_done(&book->ground);
    book->ground.fair = fair;
    book->ground.only.origin = ORIGINS;
}

static enum err daybook_make(struct store *s, const char *fair,
                             struct daybook *book)
{
    const struct scope all = { ORIGINS, NULL };
    enum err e = ground_load(s, str_of(fair), all, &book->ground);

    book->tally.ground = &book->ground;
    buf_init(&book->json, MAX_OUTPUT);
    if (e == ERR_OK)
        e = tally_load(&book->tally, s);
    if (e == ERR_OK)
        slim(book);
    return e;
}

/* Takes the place of the fair's last one. */
static enum err remember(struct store *s, const char *fair, int64_t turn,
                         struct place **place)
{
    struct daybook *book = x_alloc(sizeof(*book));
    enum err e = daybook_make(s, fair, book);

    if (e != ERR_OK) {
        daybook_close(book);
        return e;
    }
    if (!*place)
        *place = place_take(daybooks_of(s));
    daybook_close((*place)->book);
    **place = (struct place){ .turn = turn, .book = book };
    snprintf((*place)->code, sizeof((*place)->code), "%s", fair);
    return ERR_OK;
}

enum err daybook_get(struct store *s, const char *fair, struct daybook **out)
{
    struct place *place = place_of(daybooks_of(s), fair);
    int64_t turn = 0;
    enum err e = store_turn(s, str_of(fair), &turn);

    if (e == ERR_OK && (!place || turn == 0 || turn != place->turn))
        e = remember(s, fair, turn, &place);
    if (e == ERR_OK)
        *out = place->book;
    return e;
}
