/*
 * fuzz_event.c - any bytes as an event, a body, an admission, a ledger.
 *
 * Rules checked: nothing crashes or reads outside; the decoder and the check
 * of canonical form agree; a body decodes alike with and without its line;
 * what decodes has one encoding; a verifier takes only what decodes.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static union body *body_of(void)
{
    static union body *body;
    if (!body)
        body = x_alloc(sizeof(*body));
    return body;
}

static void try_canonical(struct str s, enum err bad)
{
    bool good = s.len <= MAX_EVENT && canonical(s, SHAPE_FIXED);
    ASSERT(good == (bad != ERR_CANONICAL));
    /* A sorted object is one in any order, unless it has too many members. */
    struct str rest = s;
    size_t colons = 0;
    for (; rest.len > 0; rest.data++, rest.len--)
        colons += *rest.data == ':';
    if (colons <= CODEC_MEMBERS && canonical(s, SHAPE_SORTED))
        ASSERT(canonical(s, SHAPE_FIXED));
}

/* Encoding what was decoded, twice, gives the same bytes; the second time
 * nothing unknown is left that could have gone. */
static void try_again(const struct shape *shape, const void *record)
{
    BUF(once, 2 * MAX_EVENT);
    BUF(twice, 2 * MAX_EVENT);
    BUF(arena, 2 * MAX_EVENT);
    int unknown = -1;
    shape_encode(shape, record, &once);
    void *back = x_alloc(shape->size);
    ASSERT(shape_decode(shape, buf_slice(&once), &arena, back, &unknown) ==
           ERR_OK);
    ASSERT(unknown == 0);
    shape_encode(shape, back, &twice);
    ASSERT(str_eq(buf_slice(&once), buf_slice(&twice)));
    free(back);
}

static void try_body(const struct event *e)
{
    BUF(arena, MAX_EVENT);
    const struct shape *shape = body_shape(e->kind);
    if (!shape)
        return;
    enum err inner =
        shape_decode_inner(shape, e->body, &arena, body_of(), NULL);
    if (!inner)
        try_again(shape, body_of());
    buf_clear(&arena);
    ASSERT(shape_decode(shape, e->body, &arena, body_of(), NULL) == inner);
    buf_clear(&arena);
    enum err whole = body_decode(e, &arena, body_of());
    ASSERT(!inner || whole == inner);
    if (!whole) {
        struct sums sums = e->sums;
        (void)!sums_apply(&sums, e->kind, body_of());
    }
}

static void try_event(struct str s)
{
    struct event e, back;
    BUF(again, 2 * MAX_EVENT);
    enum err bad = event_decode(s, &e);
    try_canonical(s, bad);
    if (bad)
        return;
    event_encode(&e, &again);
    ASSERT(event_decode(buf_slice(&again), &back) == ERR_OK);
    ASSERT(back.seq == e.seq && back.kind == e.kind &&
           str_eq(back.body, e.body) && sums_equal(&back.sums, &e.sums));
    try_body(&e);
}

/* Lines as a ledger: whatever is first, the walk ends at the first fault. */
static void try_ledger(struct str s)
{
    static const uint8_t key[KEY_BYTES] = { 1 };
    struct verifier v;
    verifier_init(&v, key, NULL);
    while (s.len > 0) {
        const char *end = memchr(s.data, '\n', s.len);
        size_t len = end ? (size_t)(end - s.data) : s.len;
        (void)!verifier_feed(&v, (struct str){ s.data, len }, NULL);
        s.data += len + (end != NULL);
        s.len -= len + (end != NULL);
    }
    ASSERT(v.error ? v.first_bad == v.events + 1 : v.first_bad == 0);
    verifier_done(&v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = { (const char *)data, size };
    struct admission a;
    char zeros[2 * SIGNATURE_BYTES + 1] = { 0 };
    BUF(arena, 2 * MAX_EVENT);
    memset(zeros, '0', sizeof(zeros) - 1);
    sign_init();
    try_event(s);
    try_ledger(s);
    if (size <= MAX_EVENT &&
        !shape_decode(&admission_shape, s, &arena, &a, NULL))
        try_again(&admission_shape, &a);
    buf_clear(&arena);
    ASSERT(admission_check(s, str_of(zeros), NULL, &arena, &a) ==
           ERR_ADMISSION);
    /* Any bytes, unchecked: safety only. */
    buf_clear(&arena);
    if (size <= MAX_EVENT)
        (void)!shape_decode_inner(body_shape(EV_SALE), s, &arena, body_of(),
                                  NULL);
    return 0;
}
