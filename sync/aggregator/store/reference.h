/*
 * reference.h - what organisers enter: fairs, gates, booths, catalogue, booth
 * lists, published figures. Re-import: same key updates,
 * absent ones stay; a catalogue or a booth list is a whole new version.
 */
#ifndef AGGREGATOR_REFERENCE_H
#define AGGREGATOR_REFERENCE_H

#include "fair/lists.h"

#include "store.h"

struct fair {
    char code[17];
    char name[512];
    int first_day;
    int days; /* calendar dates from first_day */
    int n_closed;
    int closed[MAX_CLOSED_DAYS];
    int opens_min, closes_min, cut_off_min;
    char compare_with[17]; /* or "" */
    int refuse; /* REFUSE_… of lists.h: what its tills do not sell */
};

/* Open days of the fair (dates minus closed ones). */
int fair_open_days(const struct fair *f);
/* Number of the fair-day (1…), 0 when `day` is not one. */
int fair_day_number(const struct fair *f, int day);
/* The date of the n-th fair-day (1…). */
int fair_day_date(const struct fair *f, int number);

/* Whoever changes what organisers have entered does so alone until the group
 * ends; functions below that change something call it themselves. What was read
 * before may be old. */
enum err reference_lock(struct store *s) MUST_USE;

enum change { CHANGE_NONE, CHANGE_ADDED, CHANGE_CHANGED };

enum err fair_get(struct store *s, struct str code, struct fair *out) MUST_USE;
/* Lets nobody else enrol in this fair until the group ends; fine when there is
 * none. */
enum err fair_lock(struct store *s, struct str code) MUST_USE;
enum err fair_put(struct store *s, const struct fair *f,
                  enum change *change) MUST_USE;
enum err fair_each(struct store *s,
                   enum err (*take)(void *ctx, const struct fair *f),
                   void *ctx) MUST_USE;
enum err gates_put(struct store *s, struct str fair, const struct str *gates,
                   int n, enum change *change) MUST_USE;
/* At most MAX_GATES codes appended to `out`, each NUL-terminated. */
enum err gates_get(struct store *s, struct str fair, char out[][7],
                   int *n) MUST_USE;

struct booth {
    struct str code, name, origin, place;
    int64_t stands;
};
enum err booth_put(struct store *s, struct str fair, const struct booth *b,
                   enum change *change) MUST_USE;
enum err booth_get(struct store *s, struct str fair, struct str code,
                   struct booth *out, struct buf *strings) MUST_USE;
enum err booth_each(struct store *s, struct str fair,
                    enum err (*take)(void *ctx, const struct booth *b),
                    void *ctx) MUST_USE;

struct catalogue_product {
    struct product p; /* code, hotkey unused */
    struct str producer_kind;
};
/* Newest version, in file order. */
enum err product_each(struct store *s,
                      enum err (*take)(void *ctx,
                                       const struct catalogue_product *p),
                      void *ctx) MUST_USE;
enum err product_each_of(struct store *s, int64_t version,
                         enum err (*take)(void *ctx,
                                          const struct catalogue_product *p),
                         void *ctx) MUST_USE;

enum err catalogue_last(struct store *s, int64_t *version) MUST_USE;
/* A new version; its products follow by product_add, positions from 1. */
enum err catalogue_add(struct store *s, int64_t now_ms,
                       int64_t *version) MUST_USE;
enum err product_add(struct store *s, int64_t version, int64_t position,
                     const struct catalogue_product *p) MUST_USE;

/* What a booth may sell; versions as with the catalogue, a fair each. */
struct booth_item {
    int64_t position;
    struct str booth, code, sku;
    int64_t price_vnd; /* -1: the catalogue's */
    int64_t hotkey;    /* 0 none */
};
enum err booth_list_last(struct store *s, struct str fair,
                         int64_t *version) MUST_USE;
enum err booth_list_add(struct store *s, struct str fair, int64_t now_ms,
                        int64_t *version) MUST_USE;
enum err booth_item_add(struct store *s, struct str fair, int64_t version,
                        const struct booth_item *item) MUST_USE;
/* Newest version, in file order. */
enum err booth_item_each(struct store *s, struct str fair,
                         enum err (*take)(void *ctx,
                                          const struct booth_item *item),
                         void *ctx) MUST_USE;
enum err booth_item_each_of(struct store *s, struct str fair, int64_t version,
                            enum err (*take)(void *ctx,
                                             const struct booth_item *item),
                            void *ctx) MUST_USE;

struct figures {
    struct str fair, name, note;
    int64_t days;
    int first_day;  /* 0 unknown */
    int64_t visits; /* -1 unknown, like both below */
    int64_t revenue_in_province_vnd, revenue_all_vnd;
};
enum err figures_get(struct store *s, struct str fair, struct figures *out,
                     struct buf *strings) MUST_USE;
enum err figures_each(struct store *s, /* by first day */
                      enum err (*take)(void *ctx, const struct figures *f),
                      void *ctx) MUST_USE;
enum err figures_put(struct store *s, const struct figures *f,
                     enum change *change) MUST_USE;

#endif
