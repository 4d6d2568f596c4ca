/*
 * status.c - what fair-sync and the machine say about the till's well-being.
 */
#include "pos/screens/status.h"

#include <stdio.h>

#include "fair/date.h"
#include "fair/env.h"
#include "fair/i18n.h"
#include "pos/till/setup.h"

static void inbox_look(struct till *till, struct status *s)
{
    struct inbox_state state;
    int64_t count = till->ledger ? ledger_state(till->ledger)->count : 0;
    s->unsent = count;
    if (!till->inbox || inbox_state(till->inbox, &state) != ERR_OK)
        return;
    s->unsent = count > state.acked ? count - state.acked : 0;
    s->last_contact_ms = state.last_contact_ms;
    s->offset_ms = state.offset_known ? state.offset_ms : 0;
    snprintf(s->state, sizeof(s->state), "%.*s", (int)state.state.len,
             state.state.data);
}

void status_look(struct till *till, struct status *out)
{
    const struct env *env = env_get();
    struct status s = { .practice = till->practice,
                        .slips_waiting = out->slips_waiting,
                        .disk_free = env->disk_free(env->ctx, till->dir) };
    inbox_look(till, &s);
    if (till->lists)
        s.list_version = lists_version(till->lists);
    *out = s;
}

/* ---- in words, the worst first ---- */

struct words {
    bool (*is)(const struct status *s, int64_t now_ms);
    enum style style;
    const char *text; /* message id */
};

static bool is_fork(const struct status *s, int64_t now_ms)
{
    (void)now_ms;
    return str_is(str_of(s->state), "fork");
}

static bool is_revoked(const struct status *s, int64_t now_ms)
{
    (void)now_ms;
    return str_is(str_of(s->state), "revoked");
}

static bool is_disk_out(const struct status *s, int64_t now_ms)
{
    (void)now_ms;
    return s->disk_free >= 0 && s->disk_free < SETUP_DISK_OUT;
}

static bool is_disk_low(const struct status *s, int64_t now_ms)
{
    (void)now_ms;
    return s->disk_free >= 0 && s->disk_free < SETUP_DISK_LOW;
}

static bool is_clock_off(const struct status *s, int64_t now_ms)
{
    (void)now_ms;
    return s->offset_ms > SETUP_CLOCK_OFF_MS ||
           s->offset_ms < -SETUP_CLOCK_OFF_MS;
}

static bool is_printer_stuck(const struct status *s, int64_t now_ms)
{
    (void)now_ms;
    return s->slips_waiting > 1;
}

static bool is_without_lists(const struct status *s, int64_t now_ms)
{
    (void)now_ms;
    return s->list_version == 0;
}

static const struct words troubles[] = {
    { is_fork, STYLE_ERROR,
      N_("TWO MACHINES USE THIS TILL: call the organiser") },
    { is_revoked, STYLE_ERROR, N_("REVOKED: call the organiser") },
    { is_disk_out, STYLE_ERROR, N_("DISK FULL: close the shift") },
    { is_disk_low, STYLE_ERROR, N_("DISK NEARLY FULL") },
    { is_without_lists, STYLE_WARN, N_("no price list yet") },
    { is_clock_off, STYLE_WARN, N_("CLOCK IS WRONG") },
    { is_printer_stuck, STYLE_WARN, N_("PRINTER DOES NOT PRINT") },
};

static void put_contact(const struct status *s, struct buf *out)
{
    if (s->last_contact_ms == 0) {
        buf_puts(out, _("no contact yet"));
        return;
    }
    BUF(clock, 32);
    clock_render(&clock, s->last_contact_ms);
    buf_printf(out, _("contact %s"), buf_text(&clock));
}

/* A practice ledger sends nothing, so that there is nothing to wait for. */
void status_line(const struct status *s, int64_t now_ms, bool brief,
                 struct buf *out, enum style *style)
{
    *style = STYLE_BAR;
    if (s->practice) {
        *style = STYLE_WARN;
        buf_puts(out, brief ? _("PRACTICE") : _("PRACTICE: nothing counts"));
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(troubles); i++) {
        if (troubles[i].is(s, now_ms)) {
            *style = troubles[i].style;
            buf_puts(out, _(troubles[i].text));
            return;
        }
    }
    if (s->unsent == 0)
        buf_puts(out, _("all sent"));
    else
        buf_printf(out, _("%lld not sent"), (long long)s->unsent);
    if (s->unsent > 0 && now_ms - s->last_contact_ms > SETUP_SILENT_MS)
        *style = STYLE_WARN;
    if (brief)
        return;
    buf_puts(out, " · ");
    put_contact(s, out);
}

/* What is well is said, too, where there is room for it. */
void status_more(const struct status *s, struct buf *out)
{
    if (s->last_contact_ms != 0)
        buf_printf(out, _(" · clock %+lld s"),
                   (long long)(-s->offset_ms / 1000));
    if (s->disk_free >= 0)
        buf_printf(out, _(" · disk %lld GB free"),
                   (long long)(s->disk_free / 1000000000));
    buf_printf(out, _(" · list %lld"), (long long)s->list_version);
}
