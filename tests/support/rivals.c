/*
 * rivals.c - see rivals.h.
 */
#include "tests/support/rivals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Same events as `like` up to number `same`, then its own. */
static void write_book(struct book *b, const struct book *like, int same,
                       const char *name)
{
    book_init(b, 7, 200);
    if (like == NULL)
        book_enrol(b);
    for (int seq = 1; like != NULL && seq <= same; seq++)
        book_bytes(b, book_line(like, seq));
    while (b->n < EVENTS) {
        BUF(text, 40);
        buf_printf(&text, "%s %d", name, b->n);
        book_note(b, buf_slice(&text));
    }
}

struct rivals *rivals_open(int same1, int same2)
{
    struct rivals *w = x_alloc(sizeof(*w));
    write_book(&w->books[0], NULL, 0, "first");
    write_book(&w->books[1], &w->books[0], same1, "second");
    write_book(&w->books[2], &w->books[1], same2, "third");
    pushing_keys(&w->books[0], &w->keys);
    device_id(w->books[0].device.public_key, w->id);
    w->device = str_of(w->id);
    place_make(w->dir);
    assert_int_equal(store_open(w->dir, STORE_WRITE, NULL, &w->store), ERR_OK);
    return w;
}

void rivals_close(struct rivals *w)
{
    store_close(w->store);
    place_remove(w->dir);
    for (int i = 0; i < BOOKS; i++)
        book_done(&w->books[i]);
    free(w);
}

int rivals_set_up(void **state)
{
    *state = rivals_open(10, 13);
    return 0;
}

int rivals_tear_down(void **state)
{
    rivals_close(*state);
    return 0;
}

/* The last signed answer; its strings lie in the bytes. */
static struct ack answer;
static struct buf answer_bytes;

static void read_answer(struct rivals *w, const struct push *push, enum err e)
{
    struct str rest;
    BUF(ack, MAX_REPLY);
    assert_int_equal(ingest_ack(w->store, &w->keys,
                                &(struct ingested){ push, e, NOW_MS }, &ack),
                     ERR_OK);
    buf_done(&answer_bytes);
    answer_bytes = ack;
    ack = (struct buf){ 0 };
    assert_int_equal(ack_decode(buf_slice(&answer_bytes),
                                w->keys.signing.public_key, push->header.nonce,
                                &answer, &rest),
                     ERR_OK);
    assert_int_equal(rest.len, 0);
}

enum err rivals_send(struct rivals *w, int book, int from, int to)
{
    struct push push;
    BUF(bytes, 2 * MAX_BATCH);
    pushing_put(&w->books[book], (struct pushing){ from, to, NULL, &w->keys },
                &bytes);
    assert_int_equal(push_decode(buf_slice(&bytes), NULL, &push, NULL), ERR_OK);
    assert_int_equal(store_group_begin(w->store), ERR_OK);
    enum err e = ingest_push(w->store, &w->keys, &push, NOW_MS, NULL);
    if (ingest_answers(e))
        assert_int_equal(store_group_commit(w->store), ERR_OK);
    else
        store_group_rollback(w->store);
    if (ingest_answers(e))
        read_answer(w, &push, e);
    return e;
}

enum err rivals_ask(struct rivals *w, int book, int to)
{
    return rivals_send(w, book, to + 1, to);
}

void rivals_expect_answer(const char *state, int count, int wanted)
{
    assert_true(str_is(answer.state, state));
    assert_int_equal(answer.count, count);
    assert_int_equal(answer.wanted, wanted);
}

enum device_state rivals_state(struct rivals *w)
{
    struct device d;
    assert_int_equal(store_device(w->store, w->device, &d), ERR_OK);
    return d.state;
}

static enum err put_segment(void *ctx, const struct segment *seg)
{
    buf_str(ctx, seg->bytes);
    return ERR_OK;
}

/* Events 1…n of the book are what is acknowledged, byte for byte. */
void rivals_expect_held(struct rivals *w, int book, int n)
{
    struct device d;
    uint8_t head[HASH_BYTES];
    BUF(held, MAX_BATCH);
    BUF(wanted, MAX_BATCH);
    for (int seq = 1; seq <= n; seq++) {
        buf_str(&wanted, book_line(&w->books[book], seq));
        buf_putc(&wanted, '\n');
    }
    assert_int_equal(store_segments(w->store, w->device, 1, put_segment, &held),
                     ERR_OK);
    assert_string_equal(buf_text(&held), buf_text(&wanted));
    assert_int_equal(store_device(w->store, w->device, &d), ERR_OK);
    assert_int_equal(d.count, n);
    book_head(&w->books[book], n, head);
    assert_memory_equal(d.head, head, HASH_BYTES);
}

static enum err put_branch(void *ctx, const struct branch *b)
{
    buf_printf(ctx, "%d-%d ", (int)b->seg.first, (int)b->seg.last);
    return ERR_OK;
}

void rivals_expect_branches(struct rivals *w, const char *wanted)
{
    BUF(text, MAX_TEXT);
    assert_int_equal(store_branch_each(w->store, w->device, put_branch, &text),
                     ERR_OK);
    assert_string_equal(buf_text(&text), wanted);
}

const struct ack *rivals_answer(void)
{
    return &answer;
}

int rivals_forget_answer(void **state)
{
    (void)state;
    buf_done(&answer_bytes);
    return 0;
}
