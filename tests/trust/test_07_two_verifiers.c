/*
 * test_07_two_verifiers.c - promise 7: anyone can check a ledger from the
 * published format and the public keys alone.
 *
 * tests/verify/verify.py was written from PROTOCOL.md and shares no line with
 * our verifier. Random ledgers, every third damaged in some way, are judged by
 * ours; the other must give the same verdict, byte for byte: how many events
 * are sound, where the first wrong one is, what is wrong with it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/golden.h"
#include "tests/support/promise.h"
#include "tests/support/scratch.h"

enum {
    LEDGERS = 240,
    EVENTS_LEAST = 4,
    EVENTS_MOST = 40,
    SOUND_OF = 3 /* one in so many is damaged */
};

static uint64_t dice;
static char dir[SCRATCH_ROOM];
static int64_t events, damaged, refused;

static int roll(int below)
{
    dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)((dice >> 33) % (uint64_t)below);
}

static int any(const struct book *b)
{
    return 1 + roll(b->n);
}

/* ---- damage -------------------------------------------------------------- */

static void flip(struct book *b)
{
    struct buf *bytes = &b->events[any(b) - 1].bytes;
    bytes->data[roll((int)bytes->len)] ^= (char)(1 << roll(8));
}

static void flip_and_hide(struct book *b)
{
    int seq = any(b);
    struct buf *bytes = &b->events[seq - 1].bytes;
    bytes->data[roll((int)bytes->len)] ^= (char)(1 << roll(8));
    book_rechain(b, seq);
}

static void flip_hash(struct book *b)
{
    b->events[any(b) - 1].hash[roll(HASH_BYTES)] ^= (uint8_t)(1 << roll(8));
}

/* A total that does not follow from the event. */
static void miscount(struct book *b)
{
    int seq = any(b);
    struct buf *bytes = &b->events[seq - 1].bytes;
    const char *text = buf_text(bytes), *at = strstr(text, "\"sum\":[");
    assert_non_null(at);
    char *digit = bytes->data + (at - text) + 7;
    *digit = *digit == '9' ? '8' : (char)(*digit + 1);
    book_rechain(b, seq);
}

static void drop(struct book *b)
{
    book_drop(b, any(b));
}

static void drop_and_hide(struct book *b)
{
    int seq = any(b);
    book_drop(b, seq);
    if (seq <= b->n)
        book_rechain(b, seq);
}

static void copy(struct book *b)
{
    int seq = any(b);
    book_copy(b, seq, any(b));
}

static void swap(struct book *b)
{
    int seq = any(b);
    book_swap(b, seq, any(b));
}

static void cut(struct book *b)
{
    struct buf *bytes = &b->events[any(b) - 1].bytes;
    bytes->len = (size_t)roll((int)bytes->len);
}

static void more(struct book *b)
{
    static const char *const junk[] = { "",         "{}",        "[]",
                                        "\xFF\xFE", "{\"v\":1}", "null" };
    book_bytes(b, str_of(junk[roll(ARRAY_LEN(junk))]));
}

static void foreign_seal(struct book *b)
{
    book_seal(b, &b->aggregator);
}

static void (*const damages[])(struct book *b) = {
    flip, flip_and_hide, flip_hash, miscount, drop,         drop_and_hide,
    copy, swap,          cut,       more,     foreign_seal,
};

/* ---- a case -------------------------------------------------------------- */

/* Somebody saw the ledger when it was this long, in one case of four. */
static void witness(struct golden_file *f)
{
    f->witness = -1;
    if (roll(4) > 0)
        return;
    f->witness = roll(f->book.n + 1);
    book_head(&f->book, (int)f->witness, f->witness_head);
}

static void write_case(uint64_t seed)
{
    struct golden_file f = { .witness = -1 };
    BUF(text, MAX_CSV);
    BUF(said, MAX_TEXT);
    char name[48];
    dice = seed;
    int n = EVENTS_LEAST + roll(EVENTS_MOST - EVENTS_LEAST);
    book_random(&f.book, (uint32_t)roll(1 << 30), n);
    memcpy(f.key, f.book.device.public_key, KEY_BYTES);
    witness(&f);
    if (roll(SOUND_OF) == 0) {
        damages[roll(ARRAY_LEN(damages))](&f.book);
        damaged++;
    }
    golden_judge(&f, &said);
    refused += strstr(buf_text(&said), "\"ok\":false") != NULL;
    events += f.book.n;

    buf_puts(&text, "# random\n# key: ");
    buf_hex(&text, f.key, KEY_BYTES);
    if (f.witness >= 0) {
        buf_printf(&text, "\n# witness: %lld ", (long long)f.witness);
        buf_hex(&text, f.witness_head, HASH_BYTES);
    }
    buf_printf(&text, "\n# expect: %s\n", buf_text(&said));
    golden_render_events(&f.book, &text);
    snprintf(name, sizeof(name), "%llu.ledger", (unsigned long long)seed);
    scratch_write(dir, name, buf_slice(&text));
    golden_file_done(&f);
}

/* The other verifier's verdicts: it names each that differs. */
static void judged_by_the_other(void)
{
    int status;
    pid_t pid = fork();
    assert_int_not_equal(pid, -1);
    if (pid == 0) {
        execl("tests/verify/run", "run", dir, (char *)NULL);
        _exit(127);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void a_verifier_from_the_page_alone_says_the_same(void **state)
{
    (void)state;
    int64_t ledgers = promise_share(LEDGERS);
    scratch_make(dir);
    promise_seeds_kept("two_verifiers", write_case);
    for (int64_t i = 0; i < ledgers; i++)
        write_case(promise_seed() * 1000000 + (uint64_t)i);
    judged_by_the_other();
    scratch_remove(dir);
    assert_true(ledgers < 10 || refused > 0);
    promise(7, "ledgers", ledgers);
    promise(7, "events", events);
    promise(7, "damaged-ledgers", damaged);
    promise(7, "verdicts-that-differ", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_verifier_from_the_page_alone_says_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
