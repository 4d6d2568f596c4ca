/*
 * keys_parts.h - what the keys*.c files share: bytes become presses
 * (keys_decode.c), presses become bursts (keys.c).
 */
#ifndef POS_KEYS_PARTS_H
#define POS_KEYS_PARTS_H

#include "pos/term/keys.h"

enum { SCAN_SEPARATOR = 0x1D /* GS, between the fields of GS1 codes */ };

/* A press that nobody has been given yet. */
struct waiting {
    struct press press;
    char *text; /* of a K_PASTE, to be freed */
    size_t text_len;
    char byte;        /* CR, LF, TAB or GS where one of these made it, else 0 */
    int64_t heard_ms; /* press.at_ms, but for the time nobody listened */
};

/* First come, first served. */
struct queue {
    struct waiting *items;
    size_t head, count, cap;
};
void queue_put(struct queue *q, const struct waiting *item);
void queue_drop(struct queue *q, size_t n); /* the first n; texts freed */
const struct waiting *queue_at(const struct queue *q, size_t i);

/* What bytes may be the beginning of something longer. */
enum decoding { PLAIN, LETTER, ESCAPED, CSI, SS3, CLICK, PASTE };

struct decoder {
    enum decoding state;
    bool console; /* its number pad */
    bool alt;     /* ESC stands before the letter */
    char bytes[32];
    size_t len;        /* of bytes; the rest of longer ones is forgotten */
    int64_t came_ms;   /* when the last byte came… */
    int64_t heard_ms;  /* …and that but for the time nobody listened */
    struct buf pasted; /* as it came */
    struct queue *to;
};
void decoder_init(struct decoder *d, struct queue *to);
void decoder_done(struct decoder *d);
void decoder_byte(struct decoder *d, unsigned char byte, int64_t now_ms);
/* Gives up waiting for the rest of what is not complete, when it is time. */
void decoder_expire(struct decoder *d, int64_t now_ms);
/* How long until it would; -1: nothing is incomplete. */
int decoder_wait_ms(const struct decoder *d, int64_t now_ms);

#endif
