/*
 * demo.c - the published fair of Spring 2020, replayed.
 *
 * The simulator is told what the fair came to; whether the programs arrive
 * there, from twenty thousand sales on a hundred devices, is read from their
 * answers only and compared with it.
 */
#include <stdio.h>
#include <unistd.h>

#include "fair/date.h"
#include "fair/env.h"
#include "fair/money.h"
#include "tests/sim/answer.h"
#include "tests/sim/outcome.h"
#include "tests/sim/scene.h"
#include "tests/sim/sim.h"

enum { NEED_MB = 400, ROOM = 512, SALES_LEAST = 20000, REFUNDS_LEAST = 100 };

/* What was published, and what follows from it. */
#define NET_VND INT64_C(6056500000)
enum { VISITS = 72300 };
static const struct expected {
    const char *with, *path;
    int64_t hundredths;
} expected[] = {
    { "XUAN2019", "revenue_vnd.in_province.growth_per_day_pct", 906 },
    { "XUAN2019", "visits.growth_per_day_pct", 1157 },
    { "XUAN2019-7D", "revenue_vnd.in_province.growth_total_pct", -652 },
    { "XUAN2019-7D", "visits.growth_total_pct", -437 },
    { "XUAN2019-7D", "revenue_vnd.in_province.growth_per_day_pct", 906 },
    { "XUAN2019-7D", "visits.growth_per_day_pct", 1157 },
};

struct demo {
    const struct options *options;
    struct fair fair;
    struct tally before; /* the phase at hand */
    int64_t began_ms, phase_ms;
    bool terminal;
    bool wrong;
};

static struct wish wish_of(const struct options *options)
{
    return (struct wish){ .seed = options->wish.seed,
                          .first_day = 20200114,
                          .days = 6,
                          .sales = 21500,
                          .target_vnd = NET_VND,
                          .refunds = 130,
                          .voids = 60,
                          .gates = 4,
                          .visits = VISITS,
                          .syncs = 6,
                          .faults_pct = 2,
                          .offline = true,
                          .binaries = true };
}

/* ---- progress ------------------------------------------------------------ */

static void put_seconds(struct buf *out, int64_t ms)
{
    hundredths_render(out, ms / 10);
    buf_puts(out, " s");
}

static void phase_name(const struct demo *d, int phase, struct buf *out)
{
    static const char *const names[] = { [-PHASE_ENROL] = "enrolling",
                                         [-PHASE_SETTLE] = "last calls",
                                         [-PHASE_VERIFY] = "verifying" };
    if (phase < 0)
        buf_puts(out, names[-phase]);
    else
        day_render_people(out, plan_day(&d->fair.plan, phase));
}

static void phase_line(const struct demo *d, int phase, struct buf *out)
{
    struct tally t = tally_less(&d->fair.sum, &d->before);
    buf_puts(out, "  ");
    phase_name(d, phase, out);
    if (phase >= 0)
        buf_printf(out, ": %lld sales, %lld refunds, %lld voids",
                   (long long)t.sales, (long long)t.refunds,
                   (long long)t.voids);
    if (phase == PHASE_VERIFY)
        buf_printf(out, ": %lld ledgers sound", (long long)t.sound);
    else
        buf_printf(out, "%s %lld calls, %lld without answer",
                   phase < 0 ? ":" : ",", (long long)t.syncs,
                   (long long)t.unreached);
    buf_puts(out, ", ");
    put_seconds(out, env_mono_ms() - d->phase_ms);
}

static void progress(void *ctx, int phase, const struct tally *sum)
{
    const struct demo *d = ctx;
    BUF(line, MAX_TEXT);
    (void)sum;
    if (!d->terminal)
        return;
    phase_line(d, phase, &line);
    printf("\r%s\033[K", buf_text(&line));
    fflush(stdout);
}

static enum err phase(struct demo *d, int phase)
{
    BUF(line, MAX_TEXT);
    d->before = d->fair.sum;
    d->phase_ms = env_mono_ms();
    enum err e = fair_phase(&d->fair, phase);
    if (e)
        return e;
    phase_line(d, phase, &line);
    printf("%s%s%s\n", d->terminal ? "\r" : "", buf_text(&line),
           d->terminal ? "\033[K" : "");
    fflush(stdout);
    return ERR_OK;
}

static enum err course(struct demo *d)
{
    enum err e = phase(d, PHASE_ENROL);
    for (int day = 0; !e && day < d->fair.plan.wish.days; day++)
        e = phase(d, day);
    if (!e)
        e = phase(d, PHASE_SETTLE);
    return e ? e : phase(d, PHASE_VERIFY);
}

/* ---- what it came to ----------------------------------------------------- */

static void expect(struct demo *d, const char *what, int64_t found,
                   int64_t wanted)
{
    if (found == wanted)
        return;
    printf("WRONG: %s is %lld, not %lld\n", what, (long long)found,
           (long long)wanted);
    d->wrong = true;
}

static enum err show(const struct demo *d, const char *const *words)
{
    BUF(text, MAX_OUTPUT);
    enum err e = host_ask(&d->fair.host, words, &text);
    printf("\n%s", buf_text(&text));
    return e;
}

static enum err compare(const struct demo *d, const char *with, struct buf *out)
{
    return host_ask(&d->fair.host,
                    WORDS("report", "compare", "--fair", FAIR_CODE, "--with",
                          with, "--format", "json"),
                    out);
}

/* "12.050", or with decimals where there are any. */
static void put_count(struct buf *out, int64_t hundredths)
{
    if (hundredths % 100 == 0)
        money_render(out, hundredths / 100);
    else
        hundredths_render(out, hundredths);
}

static void per_day_line(struct str answer)
{
    struct str revenue = answer_at(answer, "revenue_vnd.in_province");
    struct str visits = answer_at(answer, "visits");
    BUF(line, MAX_TEXT);
    buf_puts(&line, "Spring 2020: ");
    hundredths_render(&line,
                      millions_hundredths(answer_int(revenue, "this_per_day")));
    buf_puts(&line, " million đ a day, ");
    growth_render(&line, answer_hundredths(revenue, "growth_per_day_pct"));
    buf_puts(&line, " on Spring 2019; ");
    put_count(&line, answer_hundredths(visits, "this_per_day"));
    buf_puts(&line, " visits a day, ");
    growth_render(&line, answer_hundredths(visits, "growth_per_day_pct"));
    printf("\n%s\n", buf_text(&line));
}

static void other_base_line(struct str answer)
{
    struct str revenue = answer_at(answer, "revenue_vnd.in_province");
    struct str visits = answer_at(answer, "visits");
    BUF(line, MAX_TEXT);
    buf_printf(&line, "had Spring 2019 lasted %lld days: revenue ",
               (long long)answer_int(answer, "days.that"));
    growth_render(&line, answer_hundredths(revenue, "growth_total_pct"));
    buf_puts(&line, ", visits ");
    growth_render(&line, answer_hundredths(visits, "growth_total_pct"));
    buf_puts(&line, " in total; per day ");
    growth_render(&line, answer_hundredths(revenue, "growth_per_day_pct"));
    buf_puts(&line, " and ");
    growth_render(&line, answer_hundredths(visits, "growth_per_day_pct"));
    printf("%s\n", buf_text(&line));
}

static enum err comparisons(struct demo *d)
{
    BUF(six, MAX_TEXT);
    BUF(seven, MAX_TEXT);
    enum err e = compare(d, "XUAN2019", &six);
    if (!e)
        e = compare(d, "XUAN2019-7D", &seven);
    if (e)
        return e;
    per_day_line(buf_slice(&six));
    other_base_line(buf_slice(&seven));
    for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
        const struct expected *x = &expected[i];
        bool of_six =
            str_eq(str_of(x->with), answer_at(buf_slice(&six), "with"));
        expect(d, x->path,
               answer_hundredths(buf_slice(of_six ? &six : &seven), x->path),
               x->hundredths);
    }
    return ERR_OK;
}

static void stored_lines(const struct demo *d, const struct outcome *o)
{
    const struct tally *t = &d->fair.sum;
    printf("\n%lld events of %lld devices stored; %lld batches arrived again "
           "and counted once\n",
           (long long)o->events, (long long)o->devices, (long long)o->resent);
    printf("%lld calls, %lld of them in vain: no network, or the answer lost "
           "(%lld)\n",
           (long long)t->syncs, (long long)t->unreached, (long long)t->lost);
    printf("verify: %lld of %lld ledgers sound, aggregator %s\n",
           (long long)t->sound, (long long)t->devices,
           o->sound ? "sound" : "DAMAGED");
}

static enum err stored(struct demo *d)
{
    const struct tally *t = &d->fair.sum;
    struct outcome o;
    enum err e = outcome_ask(&d->fair.host, &o);
    if (!e) {
        stored_lines(d, &o);
        expect(d, "net revenue", o.net_vnd, NET_VND);
        expect(d, "net revenue by the ledgers", fair_net(&d->fair), NET_VND);
        expect(d, "the number of visits", o.visits, VISITS);
        expect(d, "agreement of ledgers and aggregator",
               outcome_agrees(&o, &d->fair), true);
        expect(d, "enough sales", o.sales >= SALES_LEAST, true);
        expect(d, "enough refunds", t->refunds >= REFUNDS_LEAST, true);
    }
    outcome_done(&o);
    return e;
}

static enum err tell(struct demo *d)
{
    enum err e = show(d, WORDS("report", "days", "--fair", FAIR_CODE));
    if (!e)
        e = show(d, WORDS("report", "compare", "--fair", FAIR_CODE, "--with",
                          "XUAN2019"));
    if (!e)
        e = comparisons(d);
    return e ? e : stored(d);
}

/* ---- from beginning to end ----------------------------------------------- */

static void opening(const struct demo *d, bool memory)
{
    const struct plan *p = &d->fair.plan;
    printf("A fair of %d days with %d booths, a device each, is replayed: "
           "%d sales,\n%lld refunds, %lld voids; %lld booths lose the network "
           "for hours, one for a day.\n",
           p->wish.days, d->fair.stock.n, p->n_baskets, (long long)p->refunds,
           (long long)p->voids, (long long)p->offline_booths);
    printf("Files lie in %s, %s;\nevery sale is a commit of its own.\n",
           d->fair.setup.dir,
           memory ? "a memory file system" : "on disk, for memory has no room");
    fflush(stdout);
}

static enum err in_place(struct demo *d, const char *dir, bool memory)
{
    char stock[ROOM], figures[ROOM], tills[ROOM];
    const char *source = d->options->source;
    snprintf(stock, sizeof(stock), "%s/config/sample", source);
    snprintf(figures, sizeof(figures), "%s/tests/data/figures-2019.csv",
             source);
    snprintf(tills, sizeof(tills), "%s/tills", dir);
    const struct fair_setup setup = { .wish = wish_of(d->options),
                                      .build = d->options->build,
                                      .dir = dir,
                                      .stock_dir = stock,
                                      .figures = figures,
                                      .name =
                                          "Hội chợ OCOP Quảng Ninh - Xuân 2020",
                                      .jobs = d->options->jobs,
                                      .progress = progress,
                                      .ctx = d };
    enum err e = env_dir_make(tills);
    if (e)
        return e;
    e = fair_begin(&d->fair, &setup);
    if (!e) {
        opening(d, memory);
        e = course(d);
    }
    if (!e)
        e = tell(d);
    if (e)
        scene_report(e, buf_text(&d->fair.why));
    fair_end(&d->fair);
    return e;
}

int sim_demo(const struct options *options)
{
    char dir[64];
    bool memory;
    struct demo d = { .options = options,
                      .began_ms = env_mono_ms(),
                      .terminal = isatty(STDOUT_FILENO) == 1 };
    enum err e = scene_make(NEED_MB, dir, &memory);
    if (e) {
        scene_report(e, "no place for a fair");
        return 1;
    }
    e = in_place(&d, dir, memory);
    scene_remove(dir);
    BUF(seconds, 64);
    put_seconds(&seconds, env_mono_ms() - d.began_ms);
    if (!e && !d.wrong)
        printf("Done in %s; %s is removed.\n", buf_text(&seconds), dir);
    return e ? scene_code() : d.wrong;
}
