/*
 * setup.c - one function a finding, all in one table.
 *
 * Each looks at one thing and says what is so, good or not: a person who is
 * asked "is everything well?" wants to see what was looked at.
 */
#include "pos/till/setup.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fair/date.h"
#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/money.h"
#include "fair/text.h"
#include "pos/till/nudge.h"
#include "pos/till/operators.h"

enum {
    MEBIBYTE = 1024 * 1024,             /* bytes */
    CLOCK_BACK_MS = 60 * 1000,          /* clocks that are kept right do this */
    OLD_MS = 2 * 24 * 60 * 60 * 1000,   /* what was heard two days ago */
    HOURS_FROM_MS = 2 * 60 * 60 * 1000, /* shorter spans are said in minutes */
    DAYS_FROM_MS = 2 * 24 * 60 * 60 * 1000 /* and these in hours */
};

const char *const finding_words[] = { "good", "warn", "bad" };

struct look {
    const char *dir;
    struct till *till; /* NULL: it did not open */
    const struct setup_closed *closed;
    const struct printer_state *printer;
    struct inbox_state contact; /* zero: there is no inbox */
    char state[16];
    int64_t now_ms; /* by the device's clock */
};

/* ---- words ---- */

static PRINTF_LIKE(4, 5) void say(struct finding *f, enum finding_level level,
                                  const char *remedy, const char *fmt, ...)
{
    va_list args;
    BUF(text, MAX_TEXT);
    va_start(args, fmt);
    buf_vprintf(&text, fmt, args);
    va_end(args);
    struct str whole = buf_slice(&text);
    size_t room = sizeof(f->text) - 1;
    while (whole.len > room || (whole.len < text.len && whole.len > 0 &&
                                (text.data[whole.len] & 0xC0) == 0x80))
        whole.len--; /* never within a character */
    memcpy(f->text, buf_text(&text), whole.len);
    f->text[whole.len] = '\0';
    f->level = level;
    f->remedy = remedy;
}

static const char *moment(int64_t ms, struct buf *room)
{
    day_render_people(room, day_of_ms(ms));
    buf_putc(room, ' ');
    clock_render(room, ms);
    return buf_text(room);
}

static const char *span(int64_t ms, struct buf *room)
{
    if (ms < HOURS_FROM_MS)
        buf_printf(room, _("%lld min"), (long long)((ms + 59999) / 60000));
    else if (ms < DAYS_FROM_MS)
        buf_printf(room, _("%lld h"), (long long)(ms / 3600000));
    else
        buf_printf(room, _("%lld days"), (long long)(ms / DAY_MS));
    return buf_text(room);
}

static const char *const fetch =
    N_("connect the network and run `fair-sync once`");

/* ---- files ---- */

/* May others read what is the owner's alone? */
static bool is_open(const char *dir, const char *name)
{
    struct stat st;
    BUF(path, MAX_TEXT);
    buf_printf(&path, "%s/%s", dir, name);
    return stat(buf_text(&path), &st) == 0 && (st.st_mode & 077) != 0;
}

static bool is_missing(const char *dir, const char *name)
{
    struct stat st;
    BUF(path, MAX_TEXT);
    buf_printf(&path, "%s/%s", dir, name);
    return stat(buf_text(&path), &st) < 0;
}

/* ---- clock and calendar ---- */

static const char *const set_clock =
    N_("set the date and time of this machine, then run `fair-sync once`");

/* The aggregator's clock was compared with the one that runs now. */
static bool compared(const struct look *l)
{
    int64_t ago = l->now_ms - l->contact.last_contact_ms;
    return l->contact.offset_known && ago >= 0 && ago <= OLD_MS;
}

/* No fair is behind what was signed before it, and no record behind the last
 * one, unless the aggregator has the same time. */
static bool is_before_the_past(const struct look *l, struct finding *f)
{
    const struct ledger_state *s = ledger_state(l->till->ledger);
    BUF(now, 64);
    BUF(then, 64);
    if (l->now_ms < s->admission.at_ms - DAY_MS) {
        say(f, FINDING_BAD, set_clock,
            _("the clock shows %s, but this till was enrolled on %s"),
            moment(l->now_ms, &now), moment(s->admission.at_ms, &then));
        return true;
    }
    if (s->count == 0 || compared(l) ||
        l->now_ms >= s->clocks.at_ms - CLOCK_BACK_MS)
        return false;
    say(f, FINDING_BAD, set_clock,
        _("the clock shows %s, but the last record is of %s"),
        moment(l->now_ms, &now), moment(s->clocks.at_ms, &then));
    return true;
}

static bool is_off(const struct look *l, struct finding *f)
{
    int64_t offset = l->till->offset_ms;
    int64_t size = offset < 0 ? -offset : offset;
    BUF(by, 64);
    if (size <= SETUP_CLOCK_OFF_MS)
        return false;
    say(f, size > DAY_MS ? FINDING_BAD : FINDING_WARN, set_clock,
        offset > 0 ? _("the clock is %s slow") : _("the clock is %s fast"),
        span(size, &by));
    return true;
}

static bool look_clock(const struct look *l, struct finding *f)
{
    BUF(when, 64);
    if (is_off(l, f) || is_before_the_past(l, f))
        return true;
    if (l->till->practice || compared(l))
        say(f, FINDING_GOOD, "", _("the clock is right: %s"),
            moment(l->now_ms, &when));
    else if (!l->contact.offset_known)
        say(f, FINDING_WARN, fetch,
            _("the clock shows %s and was never compared"),
            moment(l->now_ms, &when));
    else
        say(f, FINDING_WARN, fetch, _("the clock was compared last on %s"),
            moment(l->contact.last_contact_ms, &when));
    return true;
}

static bool look_calendar(const struct look *l, struct finding *f)
{
    int day = till_day_now(l->till);
    int number = till_fair_day(l->till, day);
    BUF(date, 32);
    day_render_people(&date, day);
    if (number > 0)
        say(f, FINDING_GOOD, "", _("%s is day %d of the fair"), buf_text(&date),
            number);
    else
        say(f, FINDING_WARN,
            N_("check the date; what is sold today is shown apart"),
            _("%s is no day of the fair"), buf_text(&date));
    return true;
}

/* ---- lists ---- */

static bool no_lists(const struct look *l, struct finding *f)
{
    bool damaged = !l->till->inbox && !is_missing(l->dir, "sync.db");
    if (l->till->lists)
        return false;
    if (damaged)
        say(f, FINDING_BAD, err_remedy(ERR_INBOX), "%s",
            _(err_text(ERR_INBOX)));
    else
        say(f, FINDING_BAD, fetch, "%s",
            l->contact.list > 0
                ? _("the price list is damaged or another booth's")
                : _("there is no price list yet"));
    return true;
}

static bool look_lists(const struct look *l, struct finding *f)
{
    BUF(what, 128);
    BUF(when, 64);
    if (no_lists(l, f))
        return true;
    int64_t version = lists_version(l->till->lists);
    int64_t asked = l->contact.last_contact_ms;
    buf_printf(&what, _("price list %lld with %d products"), (long long)version,
               lists_count(l->till->lists));
    bool fresh = asked > 0 && l->now_ms - asked <= OLD_MS;
    if (l->till->practice || (fresh && l->contact.list_wanted <= version))
        say(f, FINDING_GOOD, "", "%s", buf_text(&what));
    else if (l->contact.list_wanted > version)
        say(f, FINDING_WARN, fetch, _("%s; there is a newer one"),
            buf_text(&what));
    else if (asked == 0)
        say(f, FINDING_WARN, fetch, _("%s; never asked for a newer one"),
            buf_text(&what));
    else
        say(f, FINDING_WARN, fetch, _("%s; asked for a newer one last on %s"),
            buf_text(&what), moment(asked, &when));
    return true;
}

/* ---- disk, key, ledger ---- */

static bool look_disk(const struct look *l, struct finding *f)
{
    static const char *const free_some =
        N_("free some space on this disk; what is sold is never thrown away");
    const struct env *env = env_get();
    int64_t left = env->disk_free(env->ctx, l->dir);
    long long mib = (long long)(left / MEBIBYTE);
    if (!is_missing(l->dir, ".") && access(l->dir, W_OK) < 0)
        say(f, FINDING_BAD, err_remedy(ERR_READ_ONLY), "%s",
            _(err_text(ERR_READ_ONLY)));
    else if (left < 0)
        say(f, FINDING_GOOD, "", "%s", _("how much disk is free is not known"));
    else if (left < SETUP_DISK_OUT)
        say(f, FINDING_BAD, free_some,
            _("the disk is full: a shift can be closed, nothing sold"));
    else
        say(f, left < SETUP_DISK_LOW ? FINDING_WARN : FINDING_GOOD,
            left < SETUP_DISK_LOW ? free_some : "",
            _("%lld MiB of disk are free"), mib);
    return true;
}

static bool look_key(const struct look *l, struct finding *f)
{
    static const char *const files[] = {
        ".", "device.key", "admission", "ledger.db", "sync.db", "operators"
    };
    static const char *const enrol =
        N_("run `fair-sync enrol` with an enrolment string of the organiser");
    if (is_missing(l->dir, "."))
        say(f, FINDING_BAD, enrol, _("there is no directory %s"), l->dir);
    else if (is_missing(l->dir, "device.key") ||
             is_missing(l->dir, "admission"))
        say(f, FINDING_BAD, enrol, _("%s is not enrolled"), l->dir);
    else
        say(f, FINDING_GOOD, "", "%s", _("the key is this till's alone"));
    for (size_t i = 0; i < ARRAY_LEN(files) && f->level == FINDING_GOOD; i++) {
        if (is_open(l->dir, files[i]))
            say(f, FINDING_WARN,
                N_("take the rights of others away: chmod -R go= DIR"),
                _("other users of this machine may read %s/%s"), l->dir,
                files[i]);
    }
    return true;
}

/* Opening has seen that the newest records hold together, appending that each
 * follows. That a directory is no till at all, "key" has said. */
static bool look_ledger(const struct look *l, struct finding *f)
{
    BUF(number, 32);
    if (l->till) {
        money_render(&number, ledger_state(l->till->ledger)->count);
        say(f, FINDING_GOOD, "", _("%s records, the newest are sound"),
            buf_text(&number));
        return true;
    }
    const struct setup_closed *c = l->closed;
    if (c->error == ERR_NOT_SET_UP)
        return false;
    say(f, FINDING_BAD, err_remedy(c->error), "%s%s%.*s", _(err_text(c->error)),
        c->why.len > 0 ? ": " : "", (int)c->why.len,
        c->why.data ? c->why.data : "");
    return true;
}

/* ---- who helps ---- */

/* Where the aggregator has spoken, its word is said first. */
static bool is_stopped(const struct look *l, struct finding *f)
{
    static const struct {
        const char *state;
        enum err error;
    } stops[] = { { "fork", ERR_FORK },
                  { "revoked", ERR_REVOKED },
                  { "pin", ERR_PIN },
                  { "refused", ERR_REFUSED } };
    for (size_t i = 0; i < ARRAY_LEN(stops); i++) {
        if (strcmp(l->state, stops[i].state) != 0)
            continue;
        say(f, FINDING_BAD, err_remedy(stops[i].error), "%s",
            _(err_text(stops[i].error)));
        return true;
    }
    return false;
}

static bool look_agent(const struct look *l, struct finding *f)
{
    int64_t unsent = ledger_state(l->till->ledger)->count - l->contact.acked;
    bool runs = nudge_heard(l->dir);
    bool silent = l->now_ms - l->contact.last_contact_ms > SETUP_SILENT_MS;
    BUF(number, 32);
    money_render(&number, unsent > 0 ? unsent : 0);
    if (is_stopped(l, f))
        return true;
    if (unsent <= 0)
        say(f, FINDING_GOOD, "", "%s", _("everything is sent"));
    else if (silent)
        say(f, FINDING_WARN,
            runs ? N_("check the network, or use `fair-sync export`")
                 : N_("run `fair-sync once`, or use `fair-sync export`"),
            _("%s records are not sent, nothing was heard for an hour"),
            buf_text(&number));
    else
        say(f, runs ? FINDING_GOOD : FINDING_WARN,
            runs ? "" : N_("open the till's screen, or run `fair-sync watch`"),
            runs ? _("%s records are on their way")
                 : _("%s records are not sent, fair-sync does not run"),
            buf_text(&number));
    return true;
}

static bool look_operators(const struct look *l, struct finding *f)
{
    struct operators *ops = NULL;
    enum err e = operators_open(l->dir, &ops);
    int n = e ? 0 : operators_count(ops);
    operators_close(ops);
    if (e)
        say(f, FINDING_BAD, N_("give new PINs with `fair-pos operator reset`"),
            "%s", _("the file of the operators cannot be read"));
    else if (n == 0)
        say(f, FINDING_WARN,
            N_("add them with `fair-pos operator add`, a supervisor first"),
            "%s", _("there are no operators: anybody may do anything"));
    else
        say(f, FINDING_GOOD, "", _("operators: %d"), n);
    return true;
}

static bool look_printer(const struct look *l, struct finding *f)
{
    const struct printer_state *p = l->printer;
    static const char *const plug =
        N_("check its power, cable and paper; slips wait, sales go on");
    if (!p->configured)
        say(f, FINDING_GOOD, "", "%s", _("there is no printer"));
    else if (!p->reachable)
        say(f, FINDING_WARN, plug, _("the printer cannot be reached: %.*s"),
            (int)p->why.len, p->why.data ? p->why.data : "");
    else if (p->waiting > 1)
        say(f, FINDING_WARN, plug, _("%d slips wait for the printer"),
            p->waiting);
    else
        say(f, FINDING_GOOD, "", "%s", _("the printer is ready"));
    return true;
}

/* ---- all of them ---- */

static const struct {
    const char *id;
    bool (*look)(const struct look *l, struct finding *f);
    bool closed;   /* also of a till that did not open */
    bool practice; /* also of one to practise on */
} looks[] = {
    { "key", look_key, true, true },
    { "ledger", look_ledger, true, true },
    { "clock", look_clock, false, true },
    { "calendar", look_calendar, false, false },
    { "lists", look_lists, false, true },
    { "disk", look_disk, true, true },
    { "agent", look_agent, false, false },
    { "operators", look_operators, false, false },
    { "printer", look_printer, true, true },
};
_Static_assert(ARRAY_LEN(looks) <= FINDINGS_MAX, "room for every finding");

static int look_at_all(const struct look *l, struct finding *found)
{
    int n = 0;
    for (size_t i = 0; i < ARRAY_LEN(looks); i++) {
        bool fits =
            l->till ? !l->till->practice || looks[i].practice : looks[i].closed;
        found[n] = (struct finding){ .id = looks[i].id, .remedy = "" };
        if (fits && looks[i].look(l, &found[n]))
            n++;
    }
    return n;
}

/* Worst first; of one level in the table's order. */
static int judge(const struct look *l, struct finding out[FINDINGS_MAX])
{
    struct finding found[FINDINGS_MAX];
    int n = look_at_all(l, found), at = 0;
    for (int level = FINDING_BAD; level >= FINDING_GOOD; level--) {
        for (int i = 0; i < n; i++) {
            if ((int)found[i].level == level)
                out[at++] = found[i];
        }
    }
    return n;
}

int setup_check(struct till *till, const struct printer_state *printer,
                struct finding out[FINDINGS_MAX])
{
    enum err e = till_ready(till);
    if (e)
        return setup_check_closed(
            &(struct setup_closed){ till->dir, e, { NULL, 0 } }, printer, out);
    struct look l = { .dir = till->dir,
                      .till = till,
                      .printer = printer,
                      .now_ms = env_wall_ms() };
    struct inbox_state contact;
    if (till->inbox && inbox_state(till->inbox, &contact) == ERR_OK) {
        l.contact = contact;
        snprintf(l.state, sizeof(l.state), "%.*s", (int)contact.state.len,
                 contact.state.data);
    }
    return judge(&l, out);
}

int setup_check_closed(const struct setup_closed *closed,
                       const struct printer_state *printer,
                       struct finding out[FINDINGS_MAX])
{
    struct look l = { .dir = closed->dir,
                      .closed = closed,
                      .printer = printer,
                      .now_ms = env_wall_ms() };
    return judge(&l, out);
}
