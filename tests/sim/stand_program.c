/*
 * stand_program.c - acts by running fair-pos and fair-sync.
 */
#include <stdio.h>
#include <string.h>

#include "fair/date.h"
#include "fair/money.h"
#include "tests/sim/answer.h"
#include "tests/sim/stand.h"

enum { NUMBER = 24, TIME_CHARS = 19 }; /* 2020-01-14T09:30:05 */

/* Runs a command; its answer has to be a document, also when it refuses. */
static enum err run(struct stand *s, const struct program *program,
                    const char *const *words, struct buf *answer)
{
    int code;
    buf_clear(answer);
    enum err e = child_run(program, words, answer, &code);
    if (e || code == 0)
        return e;
    buf_str(&s->why, buf_slice(answer));
    return ERR_REFUSED;
}

static void time_of(const struct act *a, struct buf *out)
{
    BUF(text, 64);
    time_render(&text, a->ms);
    buf_put(out, text.data, TIME_CHARS);
}

static const char *number(int64_t n, char room[NUMBER])
{
    snprintf(room, NUMBER, "%lld", (long long)n);
    return room;
}

/* ---- the shift ----------------------------------------------------------- */

static enum err open_day(struct stand *s, const struct act *a)
{
    BUF(day, 32);
    BUF(answer, MAX_TEXT);
    day_render(&day, plan_day(s->plan, a->day));
    return run(s, &s->pos,
               WORDS("shift", "open", "--float", "500000", "--day",
                     buf_text(&day), "--format", "json"),
               &answer);
}

static enum err close_day(struct stand *s, const struct act *a)
{
    char cash[NUMBER];
    BUF(answer, MAX_TEXT);
    (void)a;
    enum err e =
        run(s, &s->pos, WORDS("report", "x", "--format", "json"), &answer);
    if (e)
        return e;
    number(answer_int(buf_slice(&answer), "cash_expected_vnd"), cash);
    return run(s, &s->pos,
               WORDS("shift", "close", "--counted", cash, "--format", "json"),
               &answer);
}

/* ---- selling ------------------------------------------------------------- */

/* "1.5*10": thousandths with a decimal point. */
static void put_item(const struct stand *s, const struct basket *b, int line,
                     struct buf *out)
{
    int64_t milli = b->lines[line].milli;
    buf_printf(out, "%lld.%03d*%s", (long long)(milli / 1000),
               (int)(milli % 1000),
               stand_stall(s)->wares[b->lines[line].ware].code);
}

static enum err sell_command(struct stand *s, const struct act *a,
                             struct buf *answer)
{
    const struct basket *b = &s->plan->baskets[a->what];
    const char *words[CHILD_WORDS + 1] = { "sell" };
    char items[BASKET_LINES][64];
    int n = 1;
    BUF(id, 64);
    BUF(at, 64);
    stand_basket(a->what, &id);
    time_of(a, &at);
    for (int i = 0; i < b->n_lines; i++) {
        BUF(item, sizeof(items[i]) - 1);
        put_item(s, b, i, &item);
        memcpy(items[i], buf_text(&item), item.len + 1);
        words[n++] = items[i];
    }
    const char *const rest[] = { "--exact", "--basket",    buf_text(&id),
                                 "--at",    buf_text(&at), "--format",
                                 "json",    NULL };
    memcpy(words + n, rest, sizeof(rest));
    return run(s, &s->pos, words, answer);
}

static enum err sell(struct stand *s, const struct act *a)
{
    BUF(answer, MAX_TEXT);
    enum err e = sell_command(s, a, &answer);
    if (e)
        return e;
    s->tally.sales++;
    int64_t total = answer_int(buf_slice(&answer), "total_vnd");
    return total == s->plan->baskets[a->what].total_vnd ? ERR_OK : ERR_SUMS;
}

/* The same basket again records nothing and tells its receipt. */
static enum err void_sale(struct stand *s, const struct act *a)
{
    char receipt[64];
    BUF(answer, MAX_TEXT);
    enum err e = sell_command(s, a, &answer);
    if (e)
        return e;
    if (!answer_true(buf_slice(&answer), "repeated"))
        return ERR_EXISTS;
    struct str r = answer_at(buf_slice(&answer), "receipt");
    snprintf(receipt, sizeof(receipt), "%.*s", (int)r.len, r.data);
    e = run(s, &s->pos, WORDS("void", receipt, "--format", "json"), &answer);
    s->tally.voids += !e;
    return e;
}

static enum err count_visitors(struct stand *s, const struct act *a)
{
    char n[NUMBER], gate[24];
    BUF(at, 64);
    BUF(answer, MAX_TEXT);
    time_of(a, &at);
    snprintf(gate, sizeof(gate), "--gate=G%d", a->what + 1);
    enum err e =
        run(s, &s->pos,
            WORDS("visitors", number(a->n, n), "--at", buf_text(&at),
                  "--format", "json", a->what == NO_GATE ? NULL : gate),
            &answer);
    s->tally.visits += e ? 0 : a->n;
    return e;
}

/* ---- fair-sync ----------------------------------------------------------- */

static enum err call(struct stand *s, const struct act *a)
{
    int code;
    BUF(answer, MAX_TEXT);
    (void)a;
    enum err e =
        child_run(&s->sync, WORDS("once", "--format", "json"), &answer, &code);
    s->tally.syncs++;
    s->tally.unreached += !e && code != 0;
    return e;
}

static enum err enrol(struct stand *s, const char *word)
{
    BUF(answer, MAX_TEXT);
    s->tally.syncs++;
    return run(s, &s->sync, WORDS("enrol", word, "--format", "json"), &answer);
}

static enum err verify(struct stand *s)
{
    BUF(answer, MAX_TEXT);
    enum err e = run(s, &s->pos, WORDS("verify", "--format", "json"), &answer);
    s->tally.sound += !e && answer_true(buf_slice(&answer), "ok");
    return e;
}

const struct hands program_hands = {
    .enrol = enrol,
    .deeds = { [DEED_OPEN] = open_day,
               [DEED_SALE] = sell,
               [DEED_VOID] = void_sale,
               [DEED_VISITS] = count_visitors,
               [DEED_CLOSE] = close_day,
               [DEED_SYNC] = call },
    .verify = verify,
};
