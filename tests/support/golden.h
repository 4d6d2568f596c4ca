/*
 * golden.h - the frozen corpus of ledgers in tests/data/golden, as the code
 * that made it.
 *
 * The files are frozen for good: later programs must judge them as these do,
 * and must still make the same bytes. New cases may be added.
 * A file holds `# name value` lines, then one line an event:
 *   number TAB hash TAB bytes          or, where bytes are no text,
 *   number TAB hash TAB TAB bytes in hex
 */
#ifndef FAIR_TEST_GOLDEN_H
#define FAIR_TEST_GOLDEN_H

#include "tests/support/book.h"

struct golden;

struct golden_case {
    struct book book;
    int64_t witness; /* events witnessed, or -1 */
    uint8_t witness_head[HASH_BYTES];
};

/* The i-th case's name and file; NULL beyond the last. */
const struct golden *golden_at(int i);
const char *golden_name(const struct golden *g);
void golden_make(const struct golden *g, struct golden_case *out);
void golden_done(struct golden_case *c);

/* The file of the case: what it shows, what must be said of it, its events. */
void golden_render(const struct golden *g, const struct golden_case *c,
                   struct buf *out);
void golden_render_events(const struct book *b, struct buf *out);

/* A case read back from a file: what a verifier is given and must say. */
struct golden_file {
    struct book book; /* events only */
    uint8_t key[KEY_BYTES];
    int64_t witness;
    uint8_t witness_head[HASH_BYTES];
    struct str expect; /* the verdict's JSON, in `text` */
    struct buf text;
};
/* Dies on a file that is not in this form. */
void golden_read(struct str text, struct golden_file *out);
void golden_file_done(struct golden_file *f);

/* A verdict as the JSON of PROTOCOL.md 5. */
struct verdict {
    uint8_t key[KEY_BYTES];
    uint8_t head[HASH_BYTES];
    int64_t events, first_bad;
    enum err error;
};
void golden_verdict(const struct verdict *v, struct buf *out);

/* What our verifier says of it. */
void golden_judge(const struct golden_file *f, struct buf *out);

#endif
