/*
 * fuzz_service.c - any order of any pushes and enrolments into a store.
 *
 * Signatures and hashes would keep the fuzzer out, so the input is a script:
 * it writes two ledgers of one identity, event by event, with bodies of its
 * own bytes, and sends pieces of them; or it asks to be let in. Rules checked:
 * nothing crashes; what is acknowledged never gets less; the same push again
 * stores nothing; reports read the same before folding as after it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fair/admission.h"
#include "fair/body.h"
#include "fair/env.h"
#include "sync/aggregator/ingest/enrolling.h"
#include "sync/aggregator/ingest/ingest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { EVENTS = 64, LEDGERS = 2 };

struct ledger {
    int n;
    struct buf lines[EVENTS];
    uint8_t hashes[EVENTS + 1][HASH_BYTES];
};

struct script { /* what is left of the input */
    const uint8_t *at;
    size_t left;
};

static struct store *store;
static struct keys keys;
static struct keypair device;
static char device_name[DEVICE_LEN + 1];
static struct ledger ledgers[LEDGERS];

static unsigned next(struct script *s)
{
    if (s->left == 0)
        return 0;
    s->left--;
    return *s->at++;
}

static struct str take(struct script *s)
{
    size_t n = next(s);
    n += 256 * (size_t)(next(s) % 4);
    n = n < s->left ? n : s->left;
    struct str out = { (const char *)s->at, n };
    s->at += n;
    s->left -= n;
    return out;
}

/* ---- made once ----------------------------------------------------------- */

static void set_up(void)
{
    static char dir[] = "/tmp/fuzz_service.XXXXXX";
    uint8_t seed[KEY_BYTES];
    enum change change;
    struct fair f = {
        .code = "XUAN", .name = "Xuân", .first_day = 20200114, .days = 6
    };
    struct booth b = { STR("A1"), STR("Hạ Long"), STR("in-province"), STR(""),
                       1 };
    ASSERT(mkdtemp(dir) != NULL);
    sign_init();
    memset(seed, 1, sizeof(seed));
    key_from_seed(seed, &device);
    memset(seed, 2, sizeof(seed));
    key_from_seed(seed, &keys.signing);
    aggregator_id(keys.signing.public_key, keys.id);
    device_id(device.public_key, device_name);
    enum err e = store_open(dir, STORE_WRITE, NULL, &store);
    if (e == ERR_OK)
        e = fair_put(store, &f, &change);
    if (e == ERR_OK)
        e = booth_put(store, STR("XUAN"), &b, &change);
    ASSERT(e == ERR_OK);
    for (int i = 0; i < LEDGERS; i++) {
        for (int seq = 0; seq < EVENTS; seq++)
            buf_init(&ledgers[i].lines[seq], 2 * MAX_EVENT);
    }
}

/* ---- ledgers ------------------------------------------------------------- */

static void add_line(struct ledger *l, struct str line)
{
    struct event event;
    if (l->n == EVENTS || event_decode(line, &event) != ERR_OK)
        return;
    struct buf *to = &l->lines[l->n];
    buf_clear(to);
    buf_str(to, line);
    chain_next(l->hashes[l->n], line, l->hashes[l->n + 1]);
    l->n++;
}

static void add_event(struct ledger *l, const char *kind, struct str body)
{
    BUF(line, 2 * MAX_EVENT);
    buf_printf(&line,
               "{\"v\":1,\"seq\":%d,\"kind\":\"%s\",\"at\":1578963600000,"
               "\"boot\":\"boota2\",\"up\":5000,\"day\":20200114,\"shift\":1,"
               "\"op\":0,\"list\":0,\"sum\":[0,0,0,0,0],\"body\":",
               l->n + 1, kind);
    buf_str(&line, body);
    buf_putc(&line, '}');
    add_line(l, buf_slice(&line));
}

static void enrol_ledger(struct ledger *l)
{
    uint8_t signature[SIGNATURE_BYTES];
    BUF(key, 2 * KEY_BYTES);
    BUF(aggregator, 2 * KEY_BYTES);
    BUF(bytes, MAX_EVENT);
    BUF(hex, 2 * SIGNATURE_BYTES);
    BUF(body, MAX_EVENT);
    buf_hex(&key, device.public_key, KEY_BYTES);
    buf_hex(&aggregator, keys.signing.public_key, KEY_BYTES);
    struct admission a = { .aggregator = buf_slice(&aggregator),
                           .booth = STR("A1"),
                           .booth_name = STR("Hạ Long"),
                           .days = 6,
                           .fair = STR("XUAN"),
                           .first_day = 20200114,
                           .key = buf_slice(&key),
                           .label = STR("1"),
                           .name = STR("Xuân"),
                           .number = 1 };
    shape_encode(&admission_shape, &a, &bytes);
    sign_make(&keys.signing, DOMAIN_ADMISSION, buf_slice(&bytes), signature);
    buf_hex(&hex, signature, sizeof(signature));
    struct body_enrolled enrolled = { buf_slice(&bytes), buf_slice(&hex) };
    shape_encode(body_shape(EV_ENROLLED), &enrolled, &body);
    l->n = 0;
    chain_start(device.public_key, l->hashes[0]);
    add_event(l, "enrolled", buf_slice(&body));
    ASSERT(l->n == 1);
}

/* ---- steps --------------------------------------------------------------- */

static void put_push(const struct ledger *l, int from, int to, struct buf *out)
{
    BUF(key, 2 * KEY_BYTES);
    BUF(previous, 2 * HASH_BYTES);
    BUF(head, 2 * HASH_BYTES);
    BUF(lines, EVENTS * MAX_EVENT);
    buf_hex(&key, device.public_key, KEY_BYTES);
    buf_hex(&previous, l->hashes[from - 1], HASH_BYTES);
    buf_hex(&head, l->hashes[to], HASH_BYTES);
    for (int seq = from; seq <= to; seq++) {
        buf_str(&lines, buf_slice(&l->lines[seq - 1]));
        buf_putc(&lines, '\n');
    }
    struct push_header h = { .aggregator = str_of(keys.id),
                             .device = str_of(device_name),
                             .from = from,
                             .head = buf_slice(&head),
                             .key = buf_slice(&key),
                             .nonce = STR(NONCE_NONE),
                             .previous = buf_slice(&previous),
                             .program = STR("fuzz"),
                             .push = STR("1"),
                             .to = to };
    push_encode(&h, &device, buf_slice(&lines), out);
}

static int64_t held(void)
{
    struct device d;
    return store_device(store, str_of(device_name), &d) == ERR_OK ? d.count : 0;
}

static enum err count_branch(void *ctx, const struct branch *b)
{
    *(int64_t *)ctx += b->seg.last - b->seg.first + 1;
    return ERR_OK;
}

static int64_t aside(void)
{
    int64_t n = 0;
    enum err e =
        store_branch_each(store, str_of(device_name), count_branch, &n);
    ASSERT(e == ERR_OK);
    return n;
}

static void send(const struct ledger *l, struct script *s)
{
    struct push push;
    int from = 1 + (int)next(s) % l->n;
    int to = from - 1 + (int)next(s) % (l->n - from + 2);
    BUF(bytes, 2 * EVENTS * MAX_EVENT);
    BUF(ack, MAX_REPLY);
    put_push(l, from, to, &bytes);
    if (push_decode(buf_slice(&bytes), NULL, &push, NULL) != ERR_OK)
        return; /* too long: a fork of 64 great events */
    int64_t before = held();
    enum err first = ingest_push(store, &keys, &push, 1, NULL);
    int64_t count = held(), branches = aside();
    ASSERT(ingest_answers(first) && count >= before);
    enum err e =
        ingest_ack(store, &keys, &(struct ingested){ &push, first, 1 }, &ack);
    ASSERT(e == ERR_OK);
    e = ingest_push(store, &keys, &push, 1, NULL);
    ASSERT(e == first && held() == count && aside() == branches);
}

static void ask(struct script *s)
{
    struct enrol_request r;
    BUF(line, MAX_HEADER);
    BUF(arena, MAX_TEXT);
    BUF(reply, MAX_REPLY);
    buf_str(&line, take(s));
    if (enrol_request_decode(buf_slice(&line), &arena, &r) == ERR_OK) {
        enum err e = enrol_device(store, &keys, &r, 1, &reply);
        ASSERT(e != ERR_OK); /* there is no code */
    }
}

/* Sums over all rows: however they are cut, they add up to the same. */
struct sums_read {
    uint64_t days, sales, lines, tenders, visits, sold, acts, holds, notes;
};

static enum err add_day(void *ctx, const struct roll_day *r)
{
    struct sums_read *t = ctx;
    t->days += (uint64_t)(r->sales + r->revenue_vnd + r->refunds_vnd +
                          r->voids_vnd + r->visits);
    return ERR_OK;
}

static enum err add_sale(void *ctx, const struct roll_sale *r)
{
    struct sums_read *t = ctx;
    t->sales += (uint64_t)(r->sales + r->revenue_vnd + r->refunds +
                           r->refunds_vnd + r->voids + r->voids_vnd);
    return ERR_OK;
}

static enum err add_line_row(void *ctx, const struct roll_line *r)
{
    ((struct sums_read *)ctx)->lines +=
        (uint64_t)(r->milli + r->amount_vnd + r->sales);
    return ERR_OK;
}

static enum err add_tender(void *ctx, const struct roll_tender *r)
{
    ((struct sums_read *)ctx)->tenders += (uint64_t)r->amount_vnd;
    return ERR_OK;
}

static enum err add_visit(void *ctx, const struct roll_visit *r)
{
    ((struct sums_read *)ctx)->visits += (uint64_t)(r->visits + r->estimated);
    return ERR_OK;
}

static enum err add_sold(void *ctx, const struct roll_sold *r)
{
    ((struct sums_read *)ctx)->sold +=
        (uint64_t)(r->milli + r->amount_vnd + r->lines + r->stamped);
    return ERR_OK;
}

static enum err add_act(void *ctx, const struct roll_act *r)
{
    ((struct sums_read *)ctx)->acts += (uint64_t)(r->events + r->amount_vnd);
    return ERR_OK;
}

static enum err add_hold(void *ctx, const struct roll_hold *r)
{
    ((struct sums_read *)ctx)->holds += (uint64_t)(r->events + r->amount_vnd);
    return ERR_OK;
}

static enum err add_note(void *ctx, const struct roll_note *r)
{
    ((struct sums_read *)ctx)->notes += (uint64_t)r->events;
    return ERR_OK;
}

static struct sums_read read_sums(void)
{
    struct sums_read sums = { 0 };
    struct roll_taker taker = { .ctx = &sums,
                                .day = add_day,
                                .sale = add_sale,
                                .line = add_line_row,
                                .tender = add_tender,
                                .visit = add_visit,
                                .sold = add_sold,
                                .act = add_act,
                                .hold = add_hold,
                                .note = add_note };
    enum err e = store_rolls(store, STR("XUAN"), &taker);
    ASSERT(e == ERR_OK);
    return sums;
}

static void fold_all(void)
{
    int64_t folded = 1;
    struct sums_read before = read_sums();
    while (folded > 0) {
        enum err e = store_fold_step(store, 7, &folded);
        ASSERT(e == ERR_OK);
        struct sums_read now = read_sums();
        ASSERT(memcmp(&before, &now, sizeof(now)) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const kinds[] = { "sale", "void", "refund", "visits",
                                         "note", "seal", "later" };
    struct script s = { data, size };
    if (store == NULL)
        set_up();
    for (int i = 0; i < LEDGERS; i++)
        enrol_ledger(&ledgers[i]);
    enum err e = store_group_begin(store);
    ASSERT(e == ERR_OK);
    while (s.left > 0) {
        unsigned op = next(&s);
        struct ledger *l = &ledgers[op & 1];
        if (op < 128)
            add_event(l, kinds[(op >> 1) % ARRAY_LEN(kinds)], take(&s));
        else if (op < 240)
            send(l, &s);
        else
            ask(&s);
    }
    fold_all();
    store_group_rollback(store);
    return 0;
}
